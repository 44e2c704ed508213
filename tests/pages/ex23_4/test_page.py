"""Page 23.4 as a reader meets it: numbers, planted mistakes, stepping, predict first, its Python snippet."""

import math
import re
from collections.abc import Callable

import pytest

from pages.shared.graph import player
from pages.shared.numbers import number
from tests.pages.reader import Reader


@pytest.fixture
def reader() -> Reader:
    return Reader("23.4")


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
@pytest.mark.parametrize(("z", "y"), [(0.0, 1.0), (10.0, 0.0), (-10.0, 1.0), (2.5, 0.25)])
def test_gradients_are_those_of_the_chain_rule(reader: Reader, loss: str, z: float, y: float) -> None:
    reader.set(z=z, y=y, loss=loss)
    f = 1 / (1 + math.exp(-z))
    expected = f - y if loss == "cross-entropy" else (f - y) * f * (1 - f)
    assert reader.gradients()["dL/dz"] == [number(expected), "✓"]
    assert reader.edges()["z → f"]["backward"][-1] == number(expected)
    assert reader.edges()["z → f"]["forward"] == number(z)


@pytest.mark.parametrize(
    ("mistake", "red"),
    [
        ("none", []),
        ("forget σ′", ["dL/dz"]),
        ("use the misprint", ["dL/dz"]),
        ("flip the sign of dL/df", ["dL/dz", "dL/df"]),
    ],
)
def test_a_planted_mistake_turns_its_rows_red(reader: Reader, mistake: str, red: list[str]) -> None:
    reader.set(z=2.0, y=0.0, mistake=mistake)
    assert [name for name, (_, verdict) in reader.gradients().items() if verdict == "✖"] == red


def test_the_erratum_stands_in_numbers(reader: Reader) -> None:
    assert "dL/df · dL/df" in reader.words("warning")
    table = reader.table("printed: dL/df · dL/df · f(1 − f)")
    assert list(table["dL/dz"]) == ["1", "−0.5"]
    assert list(table["agrees"]) == ["✖", "✓"]


def test_stepping_shows_messages_one_by_one(reader: Reader) -> None:
    reader.set(graph_backward_step=0)
    assert all(edge["backward"] == [] for edge in reader.picture("edges")["edges"])
    reader.press("graph_next")
    assert reader.edges()["L →"]["backward"] == ["1"]
    reader.press("graph_next")
    shown = [edge["name"] for edge in reader.picture("edges")["edges"] if edge["backward"]]
    assert shown == ["f → L", "L →"]
    reader.press("graph_previous")
    assert reader.value("graph_backward_step") == 1


def test_the_forward_pass_shows_no_gradient(reader: Reader) -> None:
    reader.set(graph_pass="forward")
    assert all(edge["backward"] == [] for edge in reader.picture("edges")["edges"])
    assert reader.edges()["L →"]["forward"] == number(math.log(2))
    reader.set(graph_forward_step=1)
    assert reader.edges()["L →"]["forward"] == ""
    assert reader.edges()["f → L"]["forward"] == "0.5"


def test_predict_first_hides_until_revealed(reader: Reader) -> None:
    reader.set(graph_predict=True)
    assert reader.edges()["z → f"]["backward"] == ["dL/df · f(1 − f)", "?"]
    assert "−0.5" not in reader.picture("edges")["description"]
    reader.press("graph_reveal")
    assert reader.edges()["z → f"]["backward"] == ["dL/df · f(1 − f)", "−0.5"]
    assert reader.edges()["f → L"]["backward"][-1] == "?"


@pytest.fixture
def tick(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
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
        reader.run()
        return shown_step(reader)

    monkeypatch.setattr(player, "live", draw_anew)
    monkeypatch.setattr(player, "monotonic", lambda: now[0])
    return go_off


def shown_step(reader: Reader) -> int:
    """The step the sentence above the drawing speaks of."""
    (said,) = re.findall(r"\*\*Step (\d) of 4\.", reader.words())
    assert int(said) == reader.value("graph_backward_step")
    return int(said)


@pytest.mark.parametrize(("start", "steps"), [(4, [0, 1, 2, 3, 4]), (1, [1, 2, 3, 4])])
def test_play_shows_every_step_and_stops_at_the_last(
    reader: Reader, tick: Callable[[], int], start: int, steps: list[int]
) -> None:
    reader.set(graph_backward_step=start)
    reader.press("graph_play")
    seen = [shown_step(reader)]
    while reader.button("graph_play").label == "Pause":
        seen.append(tick())
    assert seen == steps
    assert tick() == 4


def test_no_press_of_a_button_skips_a_step(reader: Reader, tick: Callable[[], int]) -> None:
    reader.press("graph_play")
    assert tick() == 1
    reader.set(graph_predict=True)
    reader.press("graph_reveal")
    assert shown_step(reader) == 1
    assert tick() == 2
    reader.press("graph_play")  # Pause
    assert tick() == 2
    reader.press("graph_play")
    assert shown_step(reader) == 2
    assert tick() == 3


def test_a_double_click_plays_and_skips_no_step(reader: Reader, tick: Callable[[], int]) -> None:
    reader.press_twice("graph_play")
    assert reader.button("graph_play").label == "Pause"
    assert shown_step(reader) == 0
    assert tick() == 1
    reader.press("graph_play")
    assert reader.button("graph_play").label == "Play"
    assert tick() == 1


@pytest.mark.parametrize("label", ["Wrong and flat", "Wrong, with cross-entropy", "Forget the slope"])
def test_an_experiment_makes_its_settings(reader: Reader, label: str) -> None:
    reader.press(label)
    expected = {
        "Wrong and flat": (-8.0, "squared error", "none"),
        "Wrong, with cross-entropy": (-8.0, "cross-entropy", "none"),
        "Forget the slope": (2.0, "squared error", "forget σ′"),
    }[label]
    assert reader.value("z") == expected[0]
    assert reader.value("loss") == expected[1]
    assert reader.value("mistake") == expected[2]


@pytest.mark.parametrize("mistake", ["none", "forget σ′"])
def test_the_snippet_reproduces_the_screen(reader: Reader, mistake: str) -> None:
    reader.set(z=-1.3, y=0.35, mistake=mistake)
    names = reader.snippet(-1)
    assert [number(g) for g in names["gradients"]] == [row[0] for row in reader.gradients().values()]
    assert number(names["L"]) == reader.edges()["L →"]["forward"]
