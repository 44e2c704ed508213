"""Page 23.5 as a reader meets it: every edge of the backward pass, errata, mistakes, shift, stepping, snippet."""

import math
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.numbers import number
from tests.pages.graph_helpers import drawing, edges, gradients, open_page


@pytest.fixture
def page() -> AppTest:
    return open_page("pages/ex23_5_softmax_graph.py")


def test_every_edge_of_the_backward_pass(page: AppTest) -> None:
    x, y = (1.0, 2.0, 0.5), (0, 1, 0)
    e = [math.exp(v) for v in x]
    S = sum(e)
    shown = {name: edge["backward"] for name, edge in edges(page).items()}
    expected: dict[str, list[str]] = {
        "L →": ["1"],
        "Σ y log p → L": ["−1"],
        "−1 → L": [],
        "S → 1/S": ["1/S", number(1 / S)],
    }
    for k, v, w, label in zip("₁₂₃", x, e, y, strict=True):
        p = math.exp(v) / S
        expected |= {
            f"y{k} → y{k} log p{k}": [],
            f"y{k} log p{k} → Σ y log p": ["−1"],
            f"log p{k} → y{k} log p{k}": [f"−y{k}", number(-label)],
            f"p{k} → log p{k}": [f"−y{k}/p{k}", number(-label / p)],
            f"exp x{k} → p{k}": [f"−y{k}/exp x{k}", number(-label / w)],
            f"1/S → p{k}": [f"−y{k}·S", number(-label * S)],
            f"exp x{k} → S": ["1/S", number(1 / S)],
            f"x{k} → exp x{k}": [f"p{k} − y{k}", number(p - label)],
        }
    assert shown == expected
    assert "−1.591" in shown["p₂ → log p₂"]


def test_all_gradients_agree_at_the_ends_of_the_sliders(page: AppTest) -> None:
    for values in ((5.0, -5.0, -5.0), (-5.0, 5.0, 5.0), (-5.0, -5.0, -5.0)):
        for i, value in enumerate(values, start=1):
            page.slider(key=f"ex23_5_x{i}").set_value(value)
        page.run()
        assert not page.exception
        assert len(gradients(page)) == 19
        assert {verdict for _, verdict in gradients(page).values()} == {"✓"}


@pytest.mark.parametrize("y", [(0.5, 1.0, 0.5), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)])
def test_labels_that_do_not_sum_to_1_are_said_plainly_and_stay_right(
    page: AppTest, y: tuple[float, float, float]
) -> None:
    page.selectbox(key="ex23_5_label").set_value("soft").run()
    for i, value in enumerate(y, start=1):
        page.slider(key=f"ex23_5_y{i}").set_value(value)
    page.run()
    assert not page.exception
    assert any(f"sum to Σy = {number(sum(y))}, not to 1" in info.value for info in page.info)
    S = sum(math.exp(v) for v in (1.0, 2.0, 0.5))
    assert edges(page)["S → 1/S"]["backward"] == ["(Σy)/S", number(sum(y) / S)]
    assert {verdict for _, verdict in gradients(page).values()} == {"✓"}


def test_soft_labels_that_sum_to_1_keep_the_books_formulas(page: AppTest) -> None:
    page.selectbox(key="ex23_5_label").set_value("soft").run()
    assert edges(page)["S → 1/S"]["backward"][0] == "1/S"
    assert not any("not to 1" in info.value for info in page.info)


@pytest.mark.parametrize(
    ("mistake", "red"),
    [
        ("use the misprint", {"∂L/∂x₂", "∂L/∂(exp x₂)"}),
        ("forget the branch through S", {f"∂L/∂{name}" for k in "₁₂₃" for name in (f"x{k}", f"(exp x{k})")}),
        (
            "lose the minus of −1/S²",
            {"∂L/∂S"} | {f"∂L/∂{name}" for k in "₁₂₃" for name in (f"x{k}", f"(exp x{k})")},
        ),
    ],
)
def test_a_planted_mistake_turns_its_rows_red(page: AppTest, mistake: str, red: set[str]) -> None:
    page.radio(key="ex23_5_mistake").set_value(mistake).run()
    assert {name for name, (_, verdict) in gradients(page).items() if verdict == "✗"} == red


def test_the_misprint_says_when_it_cannot_be_seen(page: AppTest) -> None:
    page.selectbox(key="ex23_5_label").set_value("class 1")
    page.radio(key="ex23_5_mistake").set_value("use the misprint").run()
    assert {verdict for _, verdict in gradients(page).values()} == {"✓"}
    assert any("the misprint changes nothing" in text.value for text in page.markdown)


def test_the_erratum_stands_in_numbers(page: AppTest) -> None:
    table = next(t.value for t in page.table if "printed: −y₃/exp x₃" in t.value.index)
    assert list(table["message"]) == ["0", number(-math.exp(-2))]
    assert list(table["agrees"]) == ["✗", "✓"]


@pytest.mark.parametrize("c", [-1000, -1, 10, 1000])
def test_a_shift_changes_nothing_and_large_ones_need_the_maximum(page: AppTest, c: int) -> None:
    page.select_slider(key="ex23_5_c").set_value(c).run()
    table = next(t.value for t in page.table if "your x" in t.value.index)
    assert table.drop_duplicates().shape[0] == 1
    failed = [info.value for info in page.info if "cannot be computed" in info.value]
    assert bool(failed) == (abs(c) == 1000) == ("x + c, as it stands" not in table.index)


def test_stepping_through_the_whole_pass_reveals_one_edge_at_a_time(page: AppTest) -> None:
    step = page.slider(key="ex23_5_graph_backward_step")
    assert step.max == 24
    before: set[str] = set()
    for k in (0, 1, 2, 5, 8, 11, 17, 24):
        page.slider(key="ex23_5_graph_backward_step").set_value(k).run()
        shown = {name for name, edge in edges(page).items() if edge["backward"]}
        assert len(shown) == k
        assert before <= shown
        before = shown


def test_two_messages_are_added_where_two_branches_meet(page: AppTest) -> None:
    page.slider(key="ex23_5_graph_backward_step").set_value(20).run()
    assert "Its gradient is the sum of its messages" in drawing(page)["description"]


def test_the_table_hides_what_the_drawing_hides(page: AppTest) -> None:
    page.session_state["ex23_5_graph_table"] = True
    page.toggle(key="ex23_5_graph_predict").set_value(True).run()
    table = next(t.value for t in page.table if "upstream" in t.value.columns)
    assert table.loc["p₂ → log p₂", "message"] == "−y₂/p₂ = ?"
    assert table.loc["p₂ → log p₂", "upstream"] == "?"
    page.slider(key="ex23_5_graph_backward_step").set_value(10).run()
    page.button(key="ex23_5_graph_reveal").click().run()
    revealed = [name for name, edge in edges(page).items() if "?" not in edge["backward"] and edge["backward"]]
    assert len(revealed) == 1


@pytest.mark.parametrize("label", ["Sure and wrong", "Labels that sum to 2", "Forget a branch"])
def test_an_experiment_runs_and_shows_what_it_says(page: AppTest, label: str) -> None:
    page.button(key=f"try_{label}").click().run()
    assert not page.exception
    if label == "Sure and wrong":
        assert gradients(page)["∂L/∂x₂"][0] == number(
            math.exp(-3) / (math.e**5 + math.exp(-3) + math.exp(0.5)) - 1
        )
    elif label == "Labels that sum to 2":
        assert edges(page)["S → 1/S"]["backward"][0] == "(Σy)/S"
    else:
        assert [v for _, v in gradients(page).values()].count("✗") == 6


@pytest.mark.parametrize("mistake", ["none", "lose the minus of −1/S²"])
def test_the_snippet_reproduces_the_screen(page: AppTest, mistake: str) -> None:
    page.slider(key="ex23_5_x1").set_value(-1.7)
    page.radio(key="ex23_5_mistake").set_value(mistake).run()
    names: dict[str, Any] = {"print": lambda *values: None}
    exec(page.code[-1].value, names)
    shown = gradients(page)
    assert [number(g) for g in names["gradients"]] == [shown[f"∂L/∂x{k}"][0] for k in "₁₂₃"]
    assert number(names["L"]) == edges(page)["L →"]["forward"]
    table = next(t.value for t in page.table if "shortcut" in t.value.columns)
    assert [number(g) for g in names["shortcut"]] == list(table["shortcut"])
