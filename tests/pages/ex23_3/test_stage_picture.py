"""What Python computes of the stage's picture: axes, clipping, words, and the message to the browser."""

import base64
import math
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from pages.ex23_3 import stage_picture
from pages.ex23_3.stage_picture import (
    COLORS,
    Curve,
    Digit,
    Measure,
    curves_in_words,
    curves_message,
    digits_message,
    epoch_axis,
    value_axis,
    weight_bytes,
    weights_message,
)

INK = np.full((28, 28), 255, np.uint8)
SVG_CSS = Path(stage_picture.__file__).parents[1] / "shared" / "svg" / "svg.css"


def curve(run: int = 0, *, test: list[float], train: list[float] | None = None, on_screen: bool = True) -> Curve:
    return Curve(
        run=run,
        name=f"run {run}",
        place=run,
        on_screen=on_screen,
        compared=True,
        result="97.81 %",
        epochs=list(range(1, len(test) + 1)),
        test=test,
        train=test if train is None else train,
    )


def line(*values: float) -> list[tuple[float, float]]:
    return list(enumerate(values, start=1))


# The axes


@pytest.mark.parametrize(
    ("ends", "low", "texts"),
    [
        ((0.9781, 0.992), 0.95, ["95 %", "96 %", "97 %", "98 %", "99 %", "100 %"]),
        ((0.9394, 0.94), 0.9, ["90 %", "92 %", "94 %", "96 %", "98 %", "100 %"]),
        ((0.1049, 0.9), 0.0, ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]),
        ((0.8, 0.85), 0.0, ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]),
        ((0.81, 0.85), 0.8, ["80 %", "85 %", "90 %", "95 %", "100 %"]),
        ((1.0, 1.0), 0.99, ["99 %", "99.2 %", "99.4 %", "99.6 %", "99.8 %", "100 %"]),
        ((0.0, 0.0), 0.0, ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]),
    ],
)
def test_accuracy_goes_from_a_round_number_below_the_lowest_end(
    ends: tuple[float, float], low: float, texts: list[str]
) -> None:
    axis = value_axis("accuracy", [[(0.0, 0.1), (1.0, end)] for end in ends])
    assert (axis.low, axis.high) == (low, 1.0)
    assert list(axis.ticks.values()) == texts


def test_the_first_tenth_of_an_epoch_is_outside_the_panel_and_all_later_within() -> None:
    axis = value_axis("accuracy", [[(0.0, 0.1), (0.05, 0.3), (0.1, 0.96), (1.0, 0.91), (2.0, 0.97), (3.0, 0.98)]])
    assert axis.low == pytest.approx(0.9)
    assert axis.clip(0.1) == 0.1  # its line leaves the panel where it should
    often = [(0.001 * k, 0.1) for k in range(40)]
    assert value_axis("accuracy", [[*often, (1.0, 0.92), (2.0, 0.94)]]).low == pytest.approx(0.9)


def test_while_a_run_climbs_the_axis_of_accuracy_changes_once() -> None:
    run = [
        (0.001, 0.1),
        (0.02, 0.6),
        (0.05, 0.75),
        (0.09, 0.88),
        (0.12, 0.9),
        (0.5, 0.94),
        (1.0, 0.96),
        (9.0, 0.98),
    ]
    lows = [value_axis("accuracy", [run[:k]]).low for k in range(1, len(run) + 1)]
    assert lows == [0.0] * 4 + [0.8] * 4


@pytest.mark.parametrize("measure", ["accuracy", "error", "loss"])
@pytest.mark.parametrize(
    "values", [[], [0.0], [1.0], [0.3, math.nan], [math.nan], [math.inf], [0.5, math.inf], [1e-5, 1e-5], [5e-4]]
)
def test_no_measurement_leaves_a_panel_without_an_axis(measure: Measure, values: list[float]) -> None:
    points = curve(test=values).points("test")
    axis = value_axis(measure, [points])
    assert -math.inf < axis.low < axis.high < math.inf
    assert len(axis.ticks) >= 2
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks)
    assert len(set(axis.ticks.values())) == len(axis.ticks)
    assert all(math.isfinite(axis.clip(value)) for _, value in points)
    if measure == "error":
        assert axis.is_log
        assert axis.low > 0


@pytest.mark.parametrize("end", [0.0002, 0.0219, 0.05, 0.2, 0.9])
def test_the_end_of_an_error_curve_lies_within_the_log_axis(end: float) -> None:
    axis = value_axis("error", [[(0.0, 0.9), (1.0, end)]])
    assert axis.low < end <= axis.high
    assert axis.clip(0.0) == axis.low  # no errors left: on the lower edge


def test_the_loss_of_a_run_that_bursts_leaves_the_panel_at_its_top() -> None:
    burst = curve(test=[], train=[2.3, 4e7, math.inf])
    message = curves_message([replace(burst, epochs=[1, 2, 3])], "burst", 10.0)
    assert message["along"] == "step"
    assert (message["x"]["low"], message["x"]["high"]) == (1.0, 3.0)
    assert (message["y"]["low"], message["y"]["high"]) == (0.1, 1e8)
    *inside, (_, last) = message["runs"][0]["lines"]["train"]
    assert all(0.1 < loss < 1e8 for _, loss in inside)
    assert 1e8 < last < math.inf


@pytest.mark.parametrize("end", [0.03, 0.1, 2.3, 700.0])
def test_loss_starts_at_0_and_ends_above_the_last_half(end: float) -> None:
    axis = value_axis("loss", [[(0.0, 1e6), (1.0, end)]])
    assert axis.low == 0
    assert end < axis.high <= 3 * end
    assert axis.high < axis.clip(math.inf) < math.inf


@pytest.mark.parametrize(
    ("last", "ticks"),
    [
        (10, [0, 2, 4, 6, 8, 10]),
        (1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (3, [0, 0.5, 1]),
    ],
)
def test_epochs_go_from_0_to_the_last(last: float, ticks: list[float]) -> None:
    axis = epoch_axis(last)
    assert (axis.low, axis.high) == (0, last or 1)
    assert list(axis.ticks)[: len(ticks)] == ticks


# What is drawn


def test_the_axis_is_that_of_the_run_on_screen() -> None:
    runs = [curve(0, test=[0.9] * 3), curve(1, test=[0.9] * 20, on_screen=False)]
    assert curves_message(runs, "accuracy", 10)["x"]["high"] == 10
    runs[0] = replace(curve(0, test=[0.9] * 3), on_screen=False)
    runs[1] = curve(1, test=[0.9] * 20)
    assert curves_message(runs, "accuracy", 10)["x"]["high"] == 20


def test_a_run_that_is_not_compared_is_listed_but_not_drawn() -> None:
    hidden = replace(curve(1, test=[0.1], on_screen=False), compared=False)
    drawn = replace(curve(0, test=[0.97]), compared=False)
    message = curves_message([drawn, hidden], "accuracy", 10)
    assert [run["name"] for run in message["runs"]] == ["run 0", "run 1"]
    assert message["runs"][0]["lines"]["test"] == [[1, 0.97]]
    assert message["runs"][1]["lines"] == {}
    assert message["y"]["low"] > 0.9  # nor does it stretch the axis


def test_places_without_a_value_are_left_out_and_infinite_ones_kept() -> None:
    run = curve(test=[0.5, math.nan, math.inf], train=[math.nan] * 3)
    lines = curves_message([run], "loss", 3)["runs"][0]["lines"]
    assert [epoch for epoch, _ in lines["test"]] == [1, 3]
    assert lines["train"] == lines["validation"] == []


def test_colours_come_again_with_another_mark() -> None:
    runs = [curve(place, test=[0.9], on_screen=place == 0) for place in range(2 * COLORS)]
    looks = [(run["color"], run["square"]) for run in curves_message(runs, "accuracy", 10)["runs"]]
    assert len(set(looks)) == len(looks)
    assert looks[0][0] == looks[COLORS][0] == "run0"


def test_the_panel_is_told_in_words() -> None:
    runs = [curve(0, test=[0.5, 0.9], on_screen=False), curve(1, test=[0.9781], train=[0.992])]
    assert curves_in_words(runs, "accuracy") == (
        "Accuracy over epochs. run 1 (the run on screen) after epoch 1: test 97.81 %, training 99.20 %; "
        "run 0 (compared) after epoch 2: test 90.00 %, training 90.00 %."
    )
    assert curves_in_words([], "error") == "Error over epochs: nothing has been measured yet."


def test_recall_and_gradients_are_bars_of_the_last_measurement() -> None:
    recall = [0.97] * 8 + [0.0, 0.0123]
    older, newer = (replace(curve(k, test=[], on_screen=False), bars=[0.9] * 10) for k in (1, 2))
    message = curves_message([replace(curve(test=[]), bars=recall), older, newer], "recall", 10)
    assert [text for _, text in message["x"]["ticks"]] == list("0123456789")
    bars = message["runs"][0]["bars"]
    assert [(bar["text"], bar["low"]) for bar in bars[7:]] == [("97", False), ("0", True), ("1.2", True)]
    assert message["about"].startswith("Recall in %: digit 0: 97, ")
    assert message["about"].endswith("digit 8: 0, digit 9: 1.2.")
    bars = {run["run"]: len(run["bars"]) for run in message["runs"]}
    assert bars == {0: 10, 1: 0, 2: 10}  # one other run is enough beside it
    message = curves_message([replace(curve(test=[]), bars=[2e-6, 0.0, math.nan, 3e-2])], "gradients", 10)
    assert (message["y"]["low"], message["y"]["high"], message["y"]["log"]) == (1e-7, 0.1, True)
    assert [bar and bar["value"] for bar in message["runs"][0]["bars"]] == [2e-6, 1e-7, None, 0.03]
    deeper = replace(older, bars=[0.1] * 6)
    message = curves_message([replace(curve(test=[]), bars=[0.1] * 3), deeper], "gradients", 10)
    assert [len(run["bars"]) for run in message["runs"]] == [3, 0]  # its third layer is no last one
    assert curves_message([], "gradients", 10)["about"].endswith("nothing has been measured yet.")


def test_a_digit_is_told_in_words_and_marked() -> None:
    digits = [Digit(INK, 7, 7, 0.98), Digit(INK, 4, 9, 0.4), Digit(INK, 8)]
    *tiles, own = digits_message(digits, Digit(INK, None, 3, 0.8), clickable=True)["tiles"]
    assert [(tile["answer"], tile["mark"]) for tile in tiles] == [("7", "✓"), ("9", "✖"), ("?", "")]
    assert [tile["about"] for tile in tiles] == [
        "Test digit 1: a 7, read as 7, right, output 0.98",
        "Test digit 2: a 4, read as 9, wrong, output 0.4",
        "Test digit 3: an 8, not read yet",
    ]
    assert own["about"] == "Your own digit: read as 3, output 0.8"
    assert (own["answer"], own["mark"]) == ("3, yours", "")


def test_without_a_drawing_the_last_tile_is_empty() -> None:
    *_, own = digits_message([Digit(INK, 7)], None, clickable=False)["tiles"]
    assert own["answer"] == "yours"
    assert own["pixels"] == ""


def test_weights_are_scaled_around_0() -> None:
    weights = np.array([[0.5, 0.0], [-0.25, -0.5]])
    np.testing.assert_array_equal(weight_bytes(weights), [[255, 128], [64, 1]])
    np.testing.assert_array_equal(weight_bytes(np.zeros((2, 2))), np.full((2, 2), 128))
    np.testing.assert_array_equal(weight_bytes(np.array([[np.nan, np.inf], [1.0, -2.0]])), [[128, 128], [192, 1]])


def test_weights_travel_as_a_byte_each() -> None:
    message = weights_message([np.eye(8), -np.eye(8)])
    assert message["side"] == 8
    assert len(base64.b64decode(message["pictures"][0])) == 64
    assert message["title"] == "What 2 first-layer neurons look for"
    assert weights_message([])["count"] == 16


# The palette


def luminance(color: str) -> float:
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize(("theme", "background"), [(0, "#FFFFFF"), (1, "#171614")])
def test_each_run_s_colour_stands_out_in_both_themes(theme: int, background: str) -> None:
    rule = r"\.run(\d)[^{]* \{ --ink: light-dark\((#\w{6}), (#\w{6})\); \}"
    pairs = re.findall(rule, SVG_CSS.read_text("utf-8"))
    assert [int(number) for number, *_ in pairs] == list(range(COLORS))
    palette = [pair[1 + theme] for pair in pairs]
    for color in palette:
        darker, lighter = sorted([luminance(color), luminance(background)])
        assert (lighter + 0.05) / (darker + 0.05) >= 3
    assert all(one != other for one, other in combinations(palette, 2))


# The legend


def test_the_legend_says_how_many_pictures_no_network_trains_on() -> None:
    key = curves_message([curve(test=[0.9])], "accuracy", 10.0, {"test": 14_000, "train": 2000}, "Means.")["key"]
    assert key == [
        ["test", "test: 14,000 unseen pictures"],
        ["train", "training: 2,000 pictures trained on"],
        ["", "Means."],
    ]
    held_out = replace(curve(test=[0.9]), validation=[0.9])
    assert curves_message([held_out], "accuracy", 10.0)["key"][-1] == ["validation", "validation"]


def test_the_legend_of_bars_names_the_run_beside_in_its_colour_and_what_is_missed() -> None:
    shown, other = curve(test=[]), curve(1, test=[], on_screen=False)
    runs = [replace(shown, bars=[0.9, 0.1]), replace(other, bars=[0.8, 0.2])]
    assert curves_message(runs, "recall", 10.0)["key"] == [
        ["low", "less than half are read"],
        ["upright run1", "run 1"],
    ]
    assert curves_message(runs, "gradients", 10.0)["key"] == [["upright run1", "run 1"]]


# The list


def test_the_list_begins_with_the_run_on_screen_and_ends_with_those_not_drawn() -> None:
    runs = [curve(k, test=[0.9], on_screen=k == 1) for k in range(5)]
    runs[3] = replace(runs[3], compared=False)
    runs[4] = replace(runs[4], left_out="other loss")
    message = curves_message(runs, "accuracy", 10.0)
    assert [run["run"] for run in message["runs"]] == [1, 2, 0, 4, 3]
