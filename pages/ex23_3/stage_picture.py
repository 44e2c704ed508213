"""The picture of page 23.3's stage: test digits with the network's answers, neurons' weights, all runs' curves."""

import base64
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import streamlit as st

from pages.shared.gradient_table import RIGHT, WRONG
from pages.shared.numbers import difference, number, percent, with_article
from pages.shared.svg.component import component

Measure = Literal["accuracy", "error", "loss", "recall", "gradients", "burst"]
AXIS_TITLES = {
    "accuracy": "accuracy (share read correctly)",
    "error": "error (share read wrongly, log scale)",
    "loss": "loss per picture (how wrong its ten outputs are)",
    "burst": "loss of each batch (log scale; the last step was taken back)",
    "recall": "recall in % (share of a digit's own pictures read correctly)",
    "gradients": "gradient ∂L/∂w, root mean square over a layer (log scale)",
}
BARS: dict[Measure, str] = {"recall": "digit", "gradients": "layer"}  # drawn as a bar for each of these
HARDLY = 0.05  # recall below which a digit is as good as never read
HALF = 0.5  # and below which it stands out
PARTS = {"test": "test", "train": "training", "validation": "validation"}  # of a run's pictures
KEY = {  # what the legend says of each, where the number of its pictures is known
    "test": "test: {:,} unseen pictures",
    "train": "training: {:,} pictures trained on",
    "validation": "validation: {:,} pictures held out",
}
COLORS = 8  # .run0 … .run7 in svg.css
WEIGHT_PLACES = 16
ALMOST_ONE = 0.9999
GUESSING = 0.1  # accuracy of who guesses one of ten digits
MOST_TICKS = 6
BEGINNING = 0.1  # epochs, in which accuracy rises so steeply that what follows would be flat beside it
LOWEST_ACCURACIES = (0.0, 0.8, 0.9, 0.95, 0.99)  # at which the axis begins: few, so that it seldom changes
WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]

_draw = component(__file__, Path(__file__).with_suffix(".html").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Digit:
    """A picture and what the network makes of it.

    Attributes
    ----------
    pixels : (side, side) uint8, 255 the ink
    label : the digit it is; None for the reader's own drawing
    answer : the class with the largest output; None where there is no network yet
    output : that output, from 0 to 1; None like `answer`
    """

    pixels: np.ndarray
    label: int | None
    answer: int | None = None
    output: float | None = None

    @property
    def output_written(self) -> str:
        """The output as a number: sigmoids are no shares of one whole. It is never quite 1."""
        return "" if self.output is None else number(min(self.output, ALMOST_ONE))

    def about(self, name: str) -> str:
        """In words, for a reader who cannot see the picture or points at it."""
        is_a = "" if self.label is None else f" {with_article(self.label)},"
        if self.answer is None:
            return f"{name}:{is_a} not read yet"
        share = "" if self.output is None else f", output {self.output_written}"
        verdict = "" if self.label is None else ", right" if self.answer == self.label else ", wrong"
        return f"{name}:{is_a} read as {self.answer}{verdict}{share}"

    def message(self, name: str) -> dict[str, Any]:
        """What the browser draws."""
        mark = "" if None in (self.answer, self.label) else RIGHT if self.answer == self.label else WRONG
        return {
            "pixels": _base64(self.pixels),
            "side": len(self.pixels),
            "answer": "?" if self.answer is None else str(self.answer),
            "mark": mark,
            "wrong": mark == WRONG,
            "output": 0 if self.output is None else round(100 * self.output, 1),
            "about": self.about(name),
        }


@dataclass(frozen=True)
class Curve:
    """The measurements of a run, as far as it has come.

    Attributes
    ----------
    run : its number, handed back when the reader clicks it
    name : what sets it apart from the others
    place : of its colour in the palette, from 0; from 8 on the colours come again, with a square at the end
    on_screen : whether it is the run that the stage shows
    compared : whether its curves are drawn although another run is on screen
    left_out : why they cannot be; empty where they can
    was_before : whether it was on screen before the one that is
    is_paused : whether it can be gone on with, for which there is a button in the list
    result : what stands behind its name in the list, such as "97.81 %"
    epochs : of each measurement; for "burst", the steps taken instead
    test, train, validation : values of what is drawn, accuracy and error as shares from 0 to 1; NaN where there is
        none, and `validation` may be empty
    bars : in place of all these, a value for each digit or layer at the last measurement
    notes : what is written beside some of the bars, by their index
    """

    run: int
    name: str
    place: int
    on_screen: bool
    compared: bool
    result: str
    epochs: Sequence[float] = ()
    test: Sequence[float] = ()
    train: Sequence[float] = ()
    validation: Sequence[float] = ()
    bars: Sequence[float] = ()
    notes: Mapping[int, str] = field(default_factory=dict)
    left_out: str = ""
    was_before: bool = False
    is_paused: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether its curves are in the panel, and not only its line in the list."""
        return self.on_screen or (self.compared and not self.left_out)

    @property
    def color(self) -> str:
        """Its class in svg.css."""
        return f"run{self.place % COLORS}"

    def points(self, part: str) -> list[tuple[float, float]]:
        """(epoch, value) of a part of `PARTS` wherever there is a value; it may be infinite."""
        values = getattr(self, part)
        if not len(values):
            return []
        return [(float(x), float(y)) for x, y in zip(self.epochs, values, strict=True) if not math.isnan(y)]


@dataclass(frozen=True)
class Axis:
    """From where to where an axis goes, and the round values written on it."""

    title: str
    low: float
    high: float
    ticks: dict[float, str]
    is_log: bool = False

    def message(self) -> dict[str, Any]:
        """What the browser draws."""
        ticks = [[value, text] for value, text in self.ticks.items()]
        return {"title": self.title, "low": self.low, "high": self.high, "ticks": ticks, "log": self.is_log}

    def clip(self, value: float) -> float:
        """The value, or, far outside, a point still far enough for its line to leave the panel where it should."""
        if self.is_log:
            return min(max(value, self.low), self.high * 1e3)  # an error of 0 lies on the lower edge
        reach = 100 * (self.high - self.low)
        return min(max(value, self.low - reach), self.high + reach)


@dataclass(frozen=True)
class Progress:
    """Where the run on screen stands, in a place whose height never changes.

    Attributes
    ----------
    words : in a line, **…** in bold and *…* in italics
    share : of its training that is done; None where it has been broken off, and no bar shows it
    note : why it ended, or what is to be done now, beside the steps of the exercise. What stands in […] leads to
        the step that the reader is at
    """

    words: str
    share: float | None
    note: str = ""


@dataclass(frozen=True)
class Way:
    """The steps of the exercise, as `way_through` writes them, and the one that the reader is at."""

    badges: str = ""
    at: int = 1


def draw_stage_picture(
    progress: Progress,
    digits: Sequence[Digit],
    own: Digit | None,
    weights: Sequence[np.ndarray],
    curves: Sequence[Curve],
    *,
    measure: Measure,
    last_epoch: float,
    key: str,
    on_show: Callable[[int], None],
    on_compare: Callable[[int], None],
    on_go_on: Callable[[int], None],
    on_digit: Callable[[int], None] | None = None,
    way: Way | None = None,
    on_step: Callable[[int], None] | None = None,
    begun: int = 0,
    counts: Mapping[str, int] = MappingProxyType({}),
    note: str = "",
    is_masked: bool = False,
    question: str = "",
) -> None:
    """Draw the stage; while a run is trained, the same call again moves it on without a flicker.

    Parameters
    ----------
    progress : of the run on screen
    digits : test pictures
    own : the reader's own drawing, or None where there is none
    weights : (side, side) weights into neurons of the first layer; none before there is a network
    curves : all runs, the oldest first
    measure : what the values of `curves` are
    last_epoch : where the run on screen will end, so that the axis is there from the start
    key : unique name on the page
    on_show : called with the number of the run whose name was clicked, before the script runs again
    on_compare : the same for the box that says whether a run's curves are drawn
    on_go_on : the same for the button that goes on with a run that is paused
    on_digit : called with the index of the digit that was clicked, `len(digits)` for the reader's own; without it
        the digits cannot be clicked
    way : through the exercise
    on_step : called with the number of the step that was clicked, but for the first, which is the stage itself
    begun : counts the experiments; with each, the page scrolls as far as it takes to see buttons and question
    counts : how many pictures each of `PARTS` has, for the legend
    note : what the legend says besides
    question : of the experiment, which on a narrow screen stands above the curves; written as `Progress.words`
    is_masked : whether bars are sorted by size and keep back whose they are
    """

    def hand_on(name: str, callback: Callable[[int], None] | None) -> Callable[[], None]:
        def handed_on() -> None:
            picked = getattr(st.session_state[key], name)
            if picked is not None and callback is not None:
                callback(int(picked[0]))

        return handed_on

    _draw(
        key=key,
        data={
            "progress": progress_message(progress, way or Way()),
            "digits": digits_message(digits, own, clickable=on_digit is not None),
            "weights": weights_message(weights, is_random=not curves),
            "curves": curves_message(curves, measure, last_epoch, counts, note, is_masked),
            "begun": begun,
            "question": question,
        },
        on_show_change=hand_on("show", on_show),
        on_compare_change=hand_on("compare", on_compare),
        on_go_on_change=hand_on("go_on", on_go_on),
        on_digit_change=hand_on("digit", on_digit),
        on_step_change=hand_on("step", on_step),
    )


def run_look(place: int) -> tuple[str, bool]:
    """A run's colour in the light theme, as svg.css has it, and whether its mark is a square."""
    return _run_colors()[place % COLORS], place // COLORS % 2 == 1


@cache
def _run_colors() -> list[str]:
    css = Path(__file__).parents[1].joinpath("shared", "svg", "svg.css").read_text(encoding="utf-8")
    return re.findall(r"\.run\d \{ --ink: light-dark\((#\w+),", css)


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, np.uint8).tobytes()).decode()


def progress_message(progress: Progress, way: Way) -> dict[str, Any]:
    """What the browser draws of the steps of the exercise, and of where the run on screen stands."""
    return {
        "way": way.badges,
        "at": way.at,
        "words": progress.words,
        "note": progress.note,
        "done": round(100 * (progress.share or 0), 1),
        "stopped": progress.share is None,
    }


def digits_message(digits: Sequence[Digit], own: Digit | None, clickable: bool) -> dict[str, Any]:
    """What the browser draws of the digits; the last tile is the reader's own."""
    tiles: list[dict[str, Any]] = [digit.message(f"Test digit {k}") for k, digit in enumerate(digits, start=1)]
    if own is None:
        about = "Your own digit: click to draw it"
        tiles.append({"pixels": "", "side": 0, "answer": "yours", "mark": "", "output": 0, "about": about})
    else:
        read = own.message("Your own digit")
        tiles.append({**read, "answer": f"{read['answer']}, yours", "own": True})
    many = WORDS[len(digits)] if len(digits) < len(WORDS) else str(len(digits))
    title = f"{many.capitalize()} test digits and yours."
    return {"title": title, "tiles": tiles, "clickable": clickable}


def weights_message(weights: Sequence[np.ndarray], is_random: bool = False) -> dict[str, Any]:
    """What the browser draws of the neurons' weights; `is_random` as long as nothing has been trained."""
    count = len(weights) or WEIGHT_PLACES
    neurons, look = ("neuron", "looks") if count == 1 else ("neurons", "look")
    which = f"the first-layer {neurons}" if count == 1 else f"{count} first-layer {neurons}"
    return {
        "title": f"{which[0].upper()}{which[1:]}: random so far" if is_random else f"What {which} {look} for",
        "about": f"Weights of {count} neurons of the first layer, as pictures"
        if len(weights)
        else "Weights of the first layer: there is no network yet",
        "count": count,
        "side": len(weights[0]) if len(weights) else 0,
        "pictures": [_base64(weight_bytes(picture)) for picture in weights],
    }


def weight_bytes(weights: np.ndarray) -> np.ndarray:
    """One neuron's weights as uint8: 128 is 0, 255 its largest, in absolute value, and 1 the negative of that.

    Where a run has diverged, weights that are no numbers count as 0.
    """
    finite = np.where(np.isfinite(weights), weights, 0)
    largest = np.abs(finite).max() or 1.0
    return np.rint(128 + 127 * (finite / largest)).astype(np.uint8)


def curves_message(
    curves: Sequence[Curve],
    measure: Measure,
    last_epoch: float,
    counts: Mapping[str, int] = MappingProxyType({}),
    note: str = "",
    is_masked: bool = False,
) -> dict[str, Any]:
    """What the browser draws of the runs: axes, lines, and the list that is their legend."""
    if measure in BARS:
        curves = _sorted_alone(curves) if is_masked else _with_one_beside(curves)
    drawn = [curve for curve in curves if curve.is_drawn]
    if measure in BARS:
        x, y, about = *bar_axes(measure, drawn), bars_in_words(drawn, measure)
        if is_masked:
            x, about = replace(x, ticks=dict.fromkeys(x.ticks, "?")), re.sub(r"digit \d", "digit ?", about)
    elif measure == "burst":
        x, y, about = *burst_axes(drawn), curves_in_words(curves, measure)
    else:
        lines = [curve.points(part) for curve in drawn for part in PARTS]
        own = [curve.points(part) for curve in drawn if curve.on_screen for part in PARTS]
        x, y, about = (
            epoch_axis(max([last_epoch, *(line[-1][0] for line in own if line)])),
            value_axis(measure, lines),
            curves_in_words(curves, measure),
        )
    return {
        "about": about,
        "x": x.message(),
        "y": y.message(),
        "guess": GUESSING if measure == "accuracy" else 0,
        "guess_about": f"guessing: {_share_text(GUESSING)}",
        "unit": "" if measure in ("loss", "burst") else "%",
        "measure": measure,
        "along": "step" if measure == "burst" else "epoch",
        "parts": {"train": "each batch"} if measure == "burst" else PARTS,
        "each": BARS.get(measure, ""),
        "key": legend(drawn, measure, counts) + ([["", note]] if note else []),
        "runs": [
            {
                "run": curve.run,
                "name": curve.name,
                "color": curve.color,
                "square": curve.place // COLORS % 2 == 1,
                "on_screen": curve.on_screen,
                "compared": curve.compared,
                "left_out": curve.left_out,
                "paused": curve.is_paused,
                "result": curve.result,
                "end": value_text(measure, curve.points("test")[-1][1]) if curve.points("test") else "",
                "lines": {
                    part: [[_short(epoch), _short(y.clip(value))] for epoch, value in curve.points(part)]
                    for part in PARTS
                }
                if curve.is_drawn and measure not in BARS
                else {},
                "notes": {str(k): note for k, note in curve.notes.items()},
                "bars": [_bar(y, measure, value) for value in curve.bars] if curve.is_drawn else [],
            }
            for curve in in_order(curves)
        ],
    }


def in_order(curves: Sequence[Curve]) -> list[Curve]:
    """As the list has them: first the run on screen, then those drawn beside it, then the rest; newest first."""
    return sorted(curves, key=lambda curve: (not curve.on_screen, not curve.is_drawn, -curve.run))


def legend(drawn: Sequence[Curve], measure: Measure, counts: Mapping[str, int]) -> list[list[str]]:
    """What the lines or bars stand for: the class of a sample of each, in stage_picture.css, and its words."""
    if measure == "burst":
        return [["train", "each batch"]]
    if measure in BARS:
        beside = [
            [f"upright {curve.color}", curve.name] for curve in drawn if not curve.on_screen and len(curve.bars)
        ]
        return [["low", "less than half are read"]] * (measure == "recall") + beside
    parts = [part for part in PARTS if part != "validation" or any(len(curve.validation) for curve in drawn)]
    return [[part, KEY[part].format(counts[part]) if part in counts else PARTS[part]] for part in parts]


def _with_one_beside(curves: Sequence[Curve]) -> list[Curve]:
    """The same, but without bars beside those of the run on screen, save for one of the runs compared.

    It is the one that was on screen before, or else the newest.

    It has as many bars: layer 3 of one network may be the last, and of another in the middle.
    """
    count = next((len(curve.bars) for curve in curves if curve.on_screen), 0)
    others = [curve for curve in curves if curve.is_drawn and not curve.on_screen]
    alike = [curve for curve in others if 0 < len(curve.bars) == count]
    beside = max(alike, key=lambda curve: (curve.was_before, curve.run), default=None)
    return [curve if curve.on_screen or curve is beside else replace(curve, bars=()) for curve in curves]


def _sorted_alone(curves: Sequence[Curve]) -> list[Curve]:
    """The same, with no bars but those of the run on screen, from the longest to the shortest."""
    return [replace(curve, bars=sorted(curve.bars, reverse=True) if curve.on_screen else ()) for curve in curves]


def _short(x: float) -> float:
    return float(f"{x:.5g}")


def _bar(y: Axis, measure: Measure, value: float) -> dict[str, Any] | None:
    """Where a bar ends and what is written at its end; None where there is no value."""
    if not math.isfinite(value):
        return None
    return {
        "value": _short(max(value, y.low)),
        "text": _bar_text(measure, value),
        "low": measure == "recall" and value < HALF,
    }


def _bar_text(measure: Measure, value: float) -> str:
    """A recall in per cent, a small one with a decimal; the size of a gradient with two digits."""
    if measure == "gradients" or value == 0:
        return difference(value)
    return f"{100 * value:.{0 if value > HARDLY else 1}f}"


def value_text(measure: Measure, value: float) -> str:
    """A value as it is written beside a curve's end."""
    return number(value) if measure in ("loss", "burst") else percent(value)


def curves_in_words(curves: Sequence[Curve], measure: Measure) -> str:
    """For a reader who cannot see the panel: where each of its runs stands."""
    title, along = ("Loss", "step") if measure == "burst" else (measure.capitalize(), "epoch")
    ends = []
    for curve in sorted(curves, key=lambda curve: not curve.on_screen):
        values = {part: curve.points(part) for part in PARTS if curve.points(part)}
        if curve.is_drawn and values:
            epoch = max(points[-1][0] for points in values.values())
            texts = [f"{PARTS[part]} {value_text(measure, points[-1][1])}" for part, points in values.items()]
            which = "the run on screen" if curve.on_screen else "compared"
            ends.append(f"{curve.name} ({which}) after {along} {epoch:.3g}: {', '.join(texts)}")
    if not ends:
        return f"{title} over {along}s: nothing has been measured yet."
    return f"{title} over {along}s. {'; '.join(ends)}."


def bars_in_words(drawn: Sequence[Curve], measure: Measure) -> str:
    """For a reader who cannot see them: the bars of the run on screen."""
    title, each = AXIS_TITLES[measure].split(" (")[0].capitalize(), BARS[measure]
    bars = next((curve.bars for curve in drawn if curve.on_screen), ())
    if not bars:
        return f"{title} by {each}: nothing has been measured yet."
    first = 0 if each == "digit" else 1
    values = ", ".join(
        f"{each} {k}: {_bar_text(measure, value)}"
        for k, value in enumerate(bars, start=first)
        if math.isfinite(value)
    )
    return f"{title}: {values}."


# Axes


def round_step(span: float) -> float:
    """The smallest of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, … that gives a positive span at most `MOST_TICKS` steps."""
    power = 10.0 ** math.floor(math.log10(span / MOST_TICKS))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power * MOST_TICKS >= span * (1 - 1e-9))


def _ticks(low: float, high: float, step: float, text: Callable[[float], str]) -> dict[float, str]:
    count = math.floor((high - low) / step + 1e-9)
    values = [float(f"{low + k * step:.10g}") for k in range(count + 1)]
    return {value: text(value) for value in values}


def _share_text(share: float) -> str:
    return f"{100 * share:.4g} %"


def epoch_axis(last: float) -> Axis:
    """From 0 to the last epoch."""
    last = last if last > 0 else 1.0
    return Axis("epochs trained", 0.0, last, _ticks(0.0, last, round_step(last), lambda epoch: f"{epoch:g}"))


def bar_axes(measure: Measure, drawn: Sequence[Curve]) -> tuple[Axis, Axis]:
    """A place for each digit or layer; and 0 to 100 %, or whole powers of ten."""
    count = max((len(curve.bars) for curve in drawn), default=0) or (10 if measure == "recall" else 1)
    first = 0 if measure == "recall" else 1
    x = Axis(BARS[measure], 0.0, float(count), {k + 0.5: f"{first + k}" for k in range(count)})
    if measure == "recall":
        return x, Axis(AXIS_TITLES[measure], 0.0, 1.0, _ticks(0.0, 1.0, 0.2, lambda share: f"{100 * share:.0f}"))
    return x, _log_axis(AXIS_TITLES[measure], [value for curve in drawn for value in curve.bars])


def burst_axes(drawn: Sequence[Curve]) -> tuple[Axis, Axis]:
    """The steps of the run that has diverged, and whole powers of ten."""
    points = [point for curve in drawn for point in curve.points("train")]
    steps = [step for step, _ in points] or [0.0, 1.0]
    first, last = math.floor(min(steps)), math.ceil(max(steps))
    apart = max(1, math.ceil((last - first) / MOST_TICKS))
    ticks = {float(step): f"{step:,}" for step in range(first, last + 1, apart)}
    x = Axis("steps taken", float(first), float(max(last, first + 1)), ticks)
    return x, _log_axis(AXIS_TITLES["burst"], [value for _, value in points])


def _log_axis(title: str, values: Iterable[float]) -> Axis:
    """Between whole powers of ten; there is room below the smallest value."""
    powers = [math.log10(value) for value in values if 0 < value < math.inf] or [-1.0]
    low, high = math.floor(min(powers)) - 1, math.ceil(max(powers))
    step = math.ceil((high - low) / MOST_TICKS)
    ticks = {10.0**power: number(10.0**power) for power in range(high, low, -step)}
    return Axis(title, 10.0**low, 10.0**high, ticks, is_log=True)


def value_axis(measure: Measure, lines: Iterable[Sequence[tuple[float, float]]]) -> Axis:
    """As much of the axis as every line needs from a tenth of an epoch on, between round values.

    What lies outside is cut off at the panel's edge: the steepest beginning of a run. Of a run that has not come
    so far, everything is inside: its axis then changes once, not with every measurement.
    """
    later = [[y for x, y in line if x >= BEGINNING or line[-1][0] < BEGINNING] for line in lines if line]
    settled = [value for values in later for value in values if math.isfinite(value)]
    title = AXIS_TITLES[measure]
    if measure == "accuracy":
        lowest = min(settled, default=0.0)
        low = max(value for value in LOWEST_ACCURACIES if value < max(lowest, 0.01))
        step = round_step(1 - low)
        if low > 0:
            title = f"accuracy (share read correctly; the axis begins at {_share_text(low)})"
        return Axis(title, low, 1.0, _ticks(low, 1.0, step, _share_text))
    if measure == "loss":
        highest = max(settled, default=1.0) or 1.0
        step = round_step(highest)
        high = float(f"{step * (math.floor(highest / step + 1e-9) + 1):.10g}")
        return Axis(title, 0.0, high, _ticks(0.0, high, step, lambda loss: f"{loss:.4g}"))
    wrong = [value for value in settled if value > 0]
    rounds = [float(f"{factor}e{power}") for power in range(-7, 0) for factor in (1, 2, 5)] + [1.0]
    low = 10.0 ** math.floor(math.log10(min(wrong, default=0.1)) - 1e-9)  # a power of ten: it seldom changes
    high = min(value for value in rounds if value >= max(wrong, default=1.0))
    between = [value for value in rounds if low <= value <= high]
    shown = between if len(between) <= MOST_TICKS + 2 else [v for v in between if f"{v:.0e}".startswith("1")]
    return Axis(title, low, high, {value: _share_text(value) for value in shown}, is_log=True)
