"""Draw quantities side by side, each in a panel with its curves, points on them and a band, in the reader's theme.

A Vega chart would do the same, but takes the browser far longer to follow a slider.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from pages.shared.numbers import number
from pages.shared.svg.ahead import Thumb, followed
from pages.shared.svg.component import component

WIDTH, HEIGHT = 300.0, 230.0
LEFT, TOP, RIGHT, BOTTOM = 72.0, 10.0, 10.0, 44.0
LEGEND = 20.0  # above the panels of curves that have names

_draw = component(__file__, '<div class="panels"></div>')


@dataclass(frozen=True)
class Axis:
    """An axis from `low` to `high`, with the values named on it; logarithmic, if both are positive, with `log`."""

    title: str
    low: float
    high: float
    ticks: Sequence[float]
    log: bool = False


@dataclass(frozen=True)
class Curve:
    """A line through (x, y), in the panel's colour or that of a meaning of its own; its name makes a legend."""

    x: list[float]
    y: list[float]
    meaning: str = ""
    broken: bool = False
    dotted: bool = False
    wide: bool = False
    name: str = ""
    constant: bool = False  # such as a limit: it stands while others grow or glide


@dataclass(frozen=True)
class Band:
    """The area between `low` and `high` over x, in the colour of a meaning."""

    x: list[float]
    low: list[float]
    high: list[float]
    meaning: str = "neutral"


@dataclass(frozen=True)
class Point:
    """A marked point: "circle", "square" or "triangle", large if chosen, with a text for who points at it."""

    x: float
    y: float
    shape: str
    chosen: bool
    text: str


@dataclass(frozen=True)
class Panel:
    """One quantity.

    Attributes
    ----------
    x, y : its axes
    meaning : "forward" or "gradient", which gives the colour
    about : what a reader who cannot see the panel should know
    curves, points, bands : within the ends of the axes
    """

    x: Axis
    y: Axis
    meaning: str
    about: str
    curves: Sequence[Curve]
    points: Sequence[Point] = ()
    bands: Sequence[Band] = ()


Motion = Literal["", "glide", "meet", "grow"]


def draw_curves(
    panels: Sequence[Panel],
    key: str,
    motion: Motion = "",
    follow: Sequence[Thumb] = (),
    height: float = HEIGHT,
    times: int = 0,
) -> None:
    """Draw the panels side by side, or one below the other where the screen is narrow.

    Parameters
    ----------
    panels : from left to right
    key : unique name on the page
    motion : how they come: "glide" from where they stood, "meet" in the same way and shine as they arrive, or
        "grow" from left to right as if they were just being measured. Who wants no motion sees none
    follow : the thumbs for whose other values `send_ahead` has the `curve_data`
    height : of a panel that is `WIDTH` wide
    times : how often they have been set in motion; the browser draws the same again only where this is new
    """
    _draw(key=key, data=curve_data(panels, height) | followed(key, follow) | {"motion": motion, "times": times})


def curve_data(panels: Sequence[Panel], height: float = HEIGHT) -> dict[str, Any]:
    """What the browser draws panels from."""
    legend = LEGEND if any(curve.name for panel in panels for curve in panel.curves) else 0.0
    frame = {"width": WIDTH, "height": height + legend, "left": LEFT, "top": TOP + legend}
    frame |= {"right": RIGHT, "bottom": BOTTOM}
    shown = [asdict(panel) | {"x": _named(panel.x), "y": _named(panel.y)} for panel in panels]
    return frame | {"panels": shown}


def as_seen(values: Iterable[float] | np.ndarray) -> list[float]:
    """Values to four digits, which is more than a screen can show: what is sent ahead is short then."""
    return [float(f"{value:.4g}") for value in values]


def round_ticks(low: float, high: float) -> list[float]:
    """Two to six round values from `low` to `high`."""
    power = 10.0 ** math.floor(math.log10(high - low))
    step = next(power * m for m in (0.2, 0.5, 1.0, 2.0) if (high - low) / (power * m) < 6)
    return [float(f"{k * step:.12g}") for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _named(axis: Axis) -> dict[str, object]:
    """The axis for the browser, each tick with its text of three digits at most."""
    texts = [number(tick, 3) for tick in axis.ticks]
    return asdict(axis) | {"ticks": [[float(tick), text] for tick, text in zip(axis.ticks, texts, strict=True)]}
