"""Page 23.5 as a reader meets it: every edge of the backward pass, errata, mistakes, shift, stepping, snippet."""

import math

import pytest

from pages.shared.numbers import number
from tests.pages.reader import Reader


@pytest.fixture
def reader() -> Reader:
    return Reader("23.5")


def test_every_edge_of_the_backward_pass(reader: Reader) -> None:
    x, y = (1.0, 2.0, 0.5), (0, 1, 0)
    e = [math.exp(v) for v in x]
    S = sum(e)
    shown = {name: edge["backward"] for name, edge in reader.edges().items()}
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


def test_all_gradients_agree_at_the_ends_of_the_sliders(reader: Reader) -> None:
    for x1, x2, x3 in ((5.0, -5.0, -5.0), (-5.0, 5.0, 5.0), (-5.0, -5.0, -5.0)):
        reader.set(x1=x1, x2=x2, x3=x3)
        assert len(reader.gradients()) == 19
        assert {verdict for _, verdict in reader.gradients().values()} == {"✓"}


@pytest.mark.parametrize("y", [(0.5, 1.0, 0.5), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)])
def test_labels_that_do_not_sum_to_1_are_said_plainly_and_stay_right(
    reader: Reader, y: tuple[float, float, float]
) -> None:
    reader.set(label="soft")
    y1, y2, y3 = y
    reader.set(y1=y1, y2=y2, y3=y3)
    assert f"sum to Σy = {number(sum(y))}, not to 1" in reader.words("info")
    S = sum(math.exp(v) for v in (1.0, 2.0, 0.5))
    assert reader.edges()["S → 1/S"]["backward"] == ["(Σy)/S", number(sum(y) / S)]
    assert {verdict for _, verdict in reader.gradients().values()} == {"✓"}


def test_soft_labels_that_sum_to_1_keep_the_books_formulas(reader: Reader) -> None:
    reader.set(label="soft")
    assert reader.edges()["S → 1/S"]["backward"][0] == "1/S"
    assert "not to 1" not in reader.words("info")


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
def test_a_planted_mistake_turns_its_rows_red(reader: Reader, mistake: str, red: set[str]) -> None:
    reader.set(mistake=mistake)
    assert {name for name, (_, verdict) in reader.gradients().items() if verdict == "✖"} == red


def test_the_misprint_says_when_it_cannot_be_seen(reader: Reader) -> None:
    reader.set(label="class 1", mistake="use the misprint")
    assert {verdict for _, verdict in reader.gradients().values()} == {"✓"}
    assert "the misprint changes nothing" in reader.words()


def test_the_erratum_stands_in_numbers(reader: Reader) -> None:
    table = reader.table("printed: −y₃/exp x₃")
    assert list(table["message"]) == ["0", number(-math.exp(-2))]
    assert list(table["agrees"]) == ["✖", "✓"]


@pytest.mark.parametrize("c", [-1000, -1, 10, 1000])
def test_a_shift_changes_nothing_and_large_ones_need_the_maximum(reader: Reader, c: int) -> None:
    reader.set(c=c)
    table = reader.table("your x")
    assert table.drop_duplicates().shape[0] == 1
    failed = "cannot be computed" in reader.words("info")
    assert failed == (abs(c) == 1000) == ("x + c, as it stands" not in table.index)


def test_stepping_through_the_whole_pass_reveals_one_edge_at_a_time(reader: Reader) -> None:
    step = reader.control("graph_backward_step")
    assert step.max == 24
    before: set[str] = set()
    for k in (0, 1, 2, 5, 8, 11, 17, 24):
        reader.set(graph_backward_step=k)
        shown = {name for name, edge in reader.edges().items() if edge["backward"]}
        assert len(shown) == k
        assert before <= shown
        before = shown


def test_two_messages_are_added_where_two_branches_meet(reader: Reader) -> None:
    reader.set(graph_backward_step=20)
    assert "Its gradient is the sum of its messages" in reader.picture("edges")["description"]


def test_the_table_hides_what_the_drawing_hides(reader: Reader) -> None:
    reader.set(graph_table=True, graph_predict=True)
    table = reader.table("upstream")
    assert table.loc["p₂ → log p₂", "message"] == "−y₂/p₂ = ?"
    assert table.loc["p₂ → log p₂", "upstream"] == "?"
    reader.set(graph_backward_step=10)
    reader.press("graph_reveal")
    revealed = [name for name, edge in reader.edges().items() if "?" not in edge["backward"] and edge["backward"]]
    assert len(revealed) == 1


@pytest.mark.parametrize("label", ["Sure and wrong", "Labels that sum to 2", "Forget a branch"])
def test_an_experiment_runs_and_shows_what_it_says(reader: Reader, label: str) -> None:
    reader.press(label)
    if label == "Sure and wrong":
        assert reader.gradients()["∂L/∂x₂"][0] == number(
            math.exp(-3) / (math.e**5 + math.exp(-3) + math.exp(0.5)) - 1
        )
    elif label == "Labels that sum to 2":
        assert reader.edges()["S → 1/S"]["backward"][0] == "(Σy)/S"
    else:
        assert [v for _, v in reader.gradients().values()].count("✖") == 6


@pytest.mark.parametrize("mistake", ["none", "lose the minus of −1/S²"])
def test_the_snippet_reproduces_the_screen(reader: Reader, mistake: str) -> None:
    reader.set(x1=-1.7, mistake=mistake)
    names = reader.snippet(-1)
    shown = reader.gradients()
    assert [number(g) for g in names["gradients"]] == [shown[f"∂L/∂x{k}"][0] for k in "₁₂₃"]
    assert number(names["L"]) == reader.edges()["L →"]["forward"]
    table = reader.table("shortcut")
    assert [number(g) for g in names["shortcut"]] == list(table["shortcut"])
