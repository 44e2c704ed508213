"""Draw quantities side by side, each in a panel with its curves, points on them and a band, in the reader's theme.

A Vega chart would do the same, but takes the browser far longer to follow a slider.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages.shared.drawing import INK, MAKE
from pages.shared.numbers import MINUS

WIDTH, HEIGHT = 300.0, 230.0
LEFT, TOP, RIGHT, BOTTOM = 58.0, 10.0, 10.0, 44.0

_CSS = """
.panels { display: flex; flex-wrap: wrap; gap: 8px 16px; font-family: var(--st-font); }
svg { flex: 1 1 240px; min-width: 0; height: auto; }
text { fill: var(--st-text-color); font-size: 13px; text-anchor: middle; }
text.end { text-anchor: end; }
.grid { stroke: var(--st-border-color); stroke-width: 1px; opacity: 0.5; }
.curve { fill: none; stroke: var(--ink); stroke-width: 2px; }
.curve.broken { stroke-dasharray: 5 3; }
.dot { fill: var(--ink); }
.band { fill: var(--st-text-color); opacity: 0.2; }
.point { fill: var(--ink); stroke: var(--st-background-color); stroke-width: 1px; fill-opacity: 0.9; }
.point.chosen { stroke: var(--st-text-color); stroke-width: 2px; }
"""

_JS = """
export default function ({ parentElement, data }) {
  const { width, height, left, top, right, bottom } = data;
  // Where a value stands between the ends of its axis, from 0 to 1.
  const share = ({ low, high, log }, value) => log
    ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const outlines = {
    circle: (u, v, r) => `M ${u - r} ${v} a ${r} ${r} 0 1 0 ${2 * r} 0 a ${r} ${r} 0 1 0 ${-2 * r} 0 Z`,
    square: (u, v, r) => `M ${u - r} ${v - r} h ${2 * r} v ${2 * r} h ${-2 * r} Z`,
    triangle: (u, v, r) => `M ${u} ${v - 1.2 * r} L ${u + 1.1 * r} ${v + r} L ${u - 1.1 * r} ${v + r} Z`,
  };
  const svgs = data.panels.map((panel) => {
    const x = (value) => left + share(panel.x, value) * (width - left - right);
    const y = (value) => height - bottom - share(panel.y, value) * (height - top - bottom);
    const line = (xs, ys) => xs.map((value, k) => `${x(value).toFixed(1)},${y(ys[k]).toFixed(1)}`);
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, class: panel.meaning, role: "img",
      "aria-label": panel.about });
    for (const [value, text] of panel.x.ticks) {
      make("line", { class: "grid", x1: x(value), x2: x(value), y1: top, y2: height - bottom }, svg);
      make("text", { x: x(value), y: height - bottom + 16 }, svg, text);
    }
    for (const [value, text] of panel.y.ticks) {
      make("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }, svg);
      make("text", { class: "end", x: left - 6, y: y(value) + 4 }, svg, text);
    }
    make("text", { x: (left + width - right) / 2, y: height - 6 }, svg, panel.x.title);
    const middle = (top + height - bottom) / 2;
    make("text", { x: 12, y: middle, transform: `rotate(-90 12 ${middle})` }, svg, panel.y.title);
    if (panel.band) {
      const { x: xs, low, high } = panel.band;
      make("polygon", { class: "band", points: [...line(xs, low), ...line(xs, high).reverse()].join(" ") }, svg);
    }
    for (const curve of panel.curves) {
      const points = line(curve.x, curve.y);
      const looks = `curve ${curve.meaning} ${curve.broken ? "broken" : ""}`;
      make("polyline", { class: looks, points: points.join(" ") }, svg);
      if (!curve.dotted) continue;
      for (const [cx, cy] of points.map((point) => point.split(","))) {
        make("circle", { class: `dot ${curve.meaning}`, cx, cy, r: 2 }, svg);
      }
    }
    for (const point of panel.points) {
      const d = outlines[point.shape](x(point.x), y(point.y), point.chosen ? 7.5 : 4);
      make("title", {}, make("path", { class: `point ${point.chosen ? "chosen" : ""}`, d }, svg), point.text);
    }
    return svg;
  });
  parentElement.querySelector(".panels").replaceChildren(...svgs);
}
"""

_draw = st.components.v2.component(
    "curve_drawing", html='<div class="panels"></div>', css=INK + _CSS, js=MAKE + _JS
)


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
    """A line through (x, y), in the panel's colour or that of a meaning of its own."""

    x: list[float]
    y: list[float]
    meaning: str = ""
    broken: bool = False
    dotted: bool = False


@dataclass(frozen=True)
class Band:
    """The area between `low` and `high` over x."""

    x: list[float]
    low: list[float]
    high: list[float]


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
    curves, points, band : within the ends of the axes
    """

    x: Axis
    y: Axis
    meaning: str
    about: str
    curves: Sequence[Curve]
    points: Sequence[Point] = ()
    band: Band | None = None


def draw_curves(panels: Sequence[Panel], key: str) -> None:
    """Draw the panels side by side, or one below the other where the screen is narrow.

    Parameters
    ----------
    panels : from left to right
    key : unique name on the page
    """
    frame = {"width": WIDTH, "height": HEIGHT, "left": LEFT, "top": TOP, "right": RIGHT, "bottom": BOTTOM}
    shown = [asdict(panel) | {"x": _named(panel.x), "y": _named(panel.y)} for panel in panels]
    _draw(key=key, data=frame | {"panels": shown})


def round_ticks(low: float, high: float) -> list[float]:
    """Two to six round values from `low` to `high`."""
    power = 10.0 ** math.floor(math.log10(high - low))
    step = next(power * m for m in (0.2, 0.5, 1.0, 2.0) if (high - low) / (power * m) < 6)
    return [float(f"{k * step:.12g}") for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _named(axis: Axis) -> dict[str, object]:
    """The axis for the browser, each tick with its text of three digits at most."""
    texts = [f"{float(f'{tick:.3g}'):,g}".replace("-", MINUS) for tick in axis.ticks]
    return asdict(axis) | {"ticks": [[float(tick), text] for tick, text in zip(axis.ticks, texts, strict=True)]}
