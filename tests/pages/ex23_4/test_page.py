"""Page 23.4 as a reader meets it: numbers, planted mistakes, stepping, predict first, its Python snippet."""

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.graph import player
from pages.shared.numbers import number
from tests.pages.graph_helpers import drawing, edges, gradients, open_page


@pytest.fixture
def page() -> AppTest:
    return open_page("pages/ex23_4_sigmoid_graph.py")


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
@pytest.mark.parametrize(("z", "y"), [(0.0, 1.0), (10.0, 0.0), (-10.0, 1.0), (2.5, 0.25)])
def test_gradients_are_those_of_the_chain_rule(page: AppTest, loss: str, z: float, y: float) -> None:
    page.slider(key="ex23_4_z").set_value(z)
    page.slider(key="ex23_4_y").set_value(y)
    page.radio(key="ex23_4_loss").set_value(loss)
    page.run()
    f = 1 / (1 + math.exp(-z))
    expected = f - y if loss == "cross-entropy" else (f - y) * f * (1 - f)
    assert not page.exception
    assert gradients(page)["dL/dz"] == [number(expected), "✓"]
    assert edges(page)["z → f"]["backward"][-1] == number(expected)
    assert edges(page)["z → f"]["forward"] == number(z)


@pytest.mark.parametrize(
    ("mistake", "red"),
    [
        ("none", []),
        ("forget σ′", ["dL/dz"]),
        ("use the misprint", ["dL/dz"]),
        ("flip the sign of dL/df", ["dL/dz", "dL/df"]),
    ],
)
def test_a_planted_mistake_turns_its_rows_red(page: AppTest, mistake: str, red: list[str]) -> None:
    page.slider(key="ex23_4_z").set_value(2.0)
    page.slider(key="ex23_4_y").set_value(0.0)
    page.radio(key="ex23_4_mistake").set_value(mistake).run()
    assert [name for name, (_, verdict) in gradients(page).items() if verdict == "✗"] == red


def test_the_erratum_stands_in_numbers(page: AppTest) -> None:
    assert any("dL/df · dL/df" in warning.value for warning in page.warning)
    table = next(t.value for t in page.table if "printed: dL/df · dL/df · f(1 − f)" in t.value.index)
    assert list(table["dL/dz"]) == ["1.000", "−0.5000"]
    assert list(table["agrees"]) == ["✗", "✓"]


def test_stepping_shows_messages_one_by_one(page: AppTest) -> None:
    page.slider(key="ex23_4_graph_backward_step").set_value(0).run()
    assert all(edge["backward"] == [] for edge in drawing(page)["edges"])
    page.button(key="ex23_4_graph_next").click().run()
    assert edges(page)["L →"]["backward"] == ["1"]
    page.button(key="ex23_4_graph_next").click().run()
    shown = [edge["name"] for edge in drawing(page)["edges"] if edge["backward"]]
    assert shown == ["f → L", "L →"]
    page.button(key="ex23_4_graph_previous").click().run()
    assert page.slider(key="ex23_4_graph_backward_step").value == 1


def test_the_forward_pass_shows_no_gradient(page: AppTest) -> None:
    page.segmented_control(key="ex23_4_graph_pass").set_value("forward").run()
    assert all(edge["backward"] == [] for edge in drawing(page)["edges"])
    assert edges(page)["L →"]["forward"] == number(math.log(2))
    page.slider(key="ex23_4_graph_forward_step").set_value(1).run()
    assert edges(page)["L →"]["forward"] == ""
    assert edges(page)["f → L"]["forward"] == "0.5000"


def test_predict_first_hides_until_revealed(page: AppTest) -> None:
    page.toggle(key="ex23_4_graph_predict").set_value(True).run()
    assert edges(page)["z → f"]["backward"] == ["dL/df · f(1 − f)", "?"]
    assert "−0.5000" not in drawing(page)["description"]
    page.button(key="ex23_4_graph_reveal").click().run()
    assert edges(page)["z → f"]["backward"] == ["dL/df · f(1 − f)", "−0.5000"]
    assert edges(page)["f → L"]["backward"][-1] == "?"


@pytest.fixture
def tick(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Play's timer goes off once, and tells the step. AppTest has no timers: every run draws its part anew."""
    now = [0.0]

    def draw_anew(
        key: str, moving: bool, move_on: Callable[[], None], draw: Callable[[], None], pause: float
    ) -> None:
        if moving:
            move_on()
        draw()

    def go_off() -> int:
        now[0] += player.SECONDS_A_STEP
        page.run()
        return shown_step(page)

    monkeypatch.setattr(player, "live", draw_anew)
    monkeypatch.setattr(player, "monotonic", lambda: now[0])
    return go_off


def shown_step(page: AppTest) -> int:
    """The step the sentence above the drawing speaks of."""
    said = [found for text in page.markdown if (found := re.match(r"\*\*Step (\d) of 4\.", text.value))]
    assert len(said) == 1
    assert int(said[0][1]) == page.slider(key="ex23_4_graph_backward_step").value
    return int(said[0][1])


@pytest.mark.parametrize(("start", "steps"), [(4, [0, 1, 2, 3, 4]), (1, [1, 2, 3, 4])])
def test_play_shows_every_step_and_stops_at_the_last(
    page: AppTest, tick: Callable[[], int], start: int, steps: list[int]
) -> None:
    page.slider(key="ex23_4_graph_backward_step").set_value(start).run()
    page.button(key="ex23_4_graph_play").click().run()
    seen = [shown_step(page)]
    while page.button(key="ex23_4_graph_play").label == "Pause":
        seen.append(tick())
    assert seen == steps
    assert tick() == 4


def test_no_press_of_a_button_skips_a_step(page: AppTest, tick: Callable[[], int]) -> None:
    page.button(key="ex23_4_graph_play").click().run()
    assert tick() == 1
    page.toggle(key="ex23_4_graph_predict").set_value(True).run()
    page.button(key="ex23_4_graph_reveal").click().run()
    assert shown_step(page) == 1
    assert tick() == 2
    page.button(key="ex23_4_graph_play").click().run()  # Pause
    assert tick() == 2
    page.button(key="ex23_4_graph_play").click().run()
    assert shown_step(page) == 2
    assert tick() == 3


@pytest.mark.parametrize("label", ["Wrong and flat", "Wrong, with cross-entropy", "Forget the slope"])
def test_an_experiment_makes_its_settings(page: AppTest, label: str) -> None:
    page.button(key=f"try_{label}").click().run()
    expected = {
        "Wrong and flat": (-8.0, "squared error", "none"),
        "Wrong, with cross-entropy": (-8.0, "cross-entropy", "none"),
        "Forget the slope": (2.0, "squared error", "forget σ′"),
    }[label]
    assert not page.exception
    assert page.slider(key="ex23_4_z").value == expected[0]
    assert page.radio(key="ex23_4_loss").value == expected[1]
    assert page.radio(key="ex23_4_mistake").value == expected[2]


@pytest.mark.parametrize("mistake", ["none", "forget σ′"])
def test_the_snippet_reproduces_the_screen(page: AppTest, mistake: str) -> None:
    page.slider(key="ex23_4_z").set_value(-1.3)
    page.slider(key="ex23_4_y").set_value(0.35)
    page.radio(key="ex23_4_mistake").set_value(mistake).run()
    names: dict[str, Any] = {"print": lambda *values: None}
    exec(page.code[-1].value, names)
    assert [number(g) for g in names["gradients"]] == [row[0] for row in gradients(page).values()]
    assert number(names["L"]) == edges(page)["L →"]["forward"]
