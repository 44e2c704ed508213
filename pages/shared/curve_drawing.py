"""Draw several quantities over one axis, each with its curves and with points on them, in the reader's theme.

A Vega chart would do the same; three of them take the browser some 30 ms longer for each move of a slider.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import streamlit as st

from pages.shared.drawing import INK
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
.point { fill: var(--ink); stroke: var(--st-background-color); stroke-width: 1px; fill-opacity: 0.9; }
.point.chosen { stroke: var(--st-text-color); stroke-width: 2px; }
"""

_JS = """
export default function ({ parentElement, data }) {
  const NS = "http://www.w3.org/2000/svg";
  const make = (tag, attributes, parent, text) => {
    const element = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    if (parent) parent.appendChild(element);
    return element;
  };
  const { width, height, left, top, right, bottom } = data;
  const x = (value) => left + value * (width - left - right);
  const outlines = {
    circle: (u, v, r) => `M ${u - r} ${v} a ${r} ${r} 0 1 0 ${2 * r} 0 a ${r} ${r} 0 1 0 ${-2 * r} 0 Z`,
    square: (u, v, r) => `M ${u - r} ${v - r} h ${2 * r} v ${2 * r} h ${-2 * r} Z`,
    triangle: (u, v, r) => `M ${u} ${v - 1.2 * r} L ${u + 1.1 * r} ${v + r} L ${u - 1.1 * r} ${v + r} Z`,
  };
  const svgs = data.panels.map((panel) => {
    const scale = (height - top - bottom) / (panel.high - panel.low);
    const y = (value) => height - bottom - (value - panel.low) * scale;
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, class: panel.meaning, role: "img",
      "aria-label": panel.about });
    for (const [value, text] of data.x_ticks) {
      make("line", { class: "grid", x1: x(value), x2: x(value), y1: top, y2: height - bottom }, svg);
      make("text", { x: x(value), y: height - bottom + 16 }, svg, text);
    }
    for (const [value, text] of panel.ticks) {
      make("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }, svg);
      make("text", { class: "end", x: left - 6, y: y(value) + 4 }, svg, text);
    }
    make("text", { x: (left + width - right) / 2, y: height - 6 }, svg, data.x_title);
    const middle = (top + height - bottom) / 2;
    make("text", { x: 12, y: middle, transform: `rotate(-90 12 ${middle})` }, svg, panel.title);
    for (const curve of panel.curves) {
      const points = curve.x.map((value, k) => `${x(value).toFixed(1)},${y(curve.y[k]).toFixed(1)}`).join(" ");
      make("polyline", { class: `curve ${curve.broken ? "broken" : ""}`, points }, svg);
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

_draw = st.components.v2.component("curve_drawing", html='<div class="panels"></div>', css=INK + _CSS, js=_JS)


@dataclass(frozen=True)
class Curve:
    """A line through (x, y), with x from 0 to 1."""

    x: list[float]
    y: list[float]
    broken: bool = False


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
    title : of its axis
    meaning : "forward" or "gradient", which gives the colour
    low, high : ends of its axis
    ticks : values named on it
    curves, points : within the ends
    """

    title: str
    meaning: str
    low: float
    high: float
    ticks: Sequence[float]
    curves: Sequence[Curve]
    points: Sequence[Point]


def draw_curves(panels: Sequence[Panel], x_title: str, about: str, key: str) -> None:
    """Draw the panels side by side, or one below the other where the screen is narrow.

    Parameters
    ----------
    panels : all over the same axis from 0 to 1
    x_title : of that axis
    about : what a reader who cannot see the panels should know, after the title of each
    key : unique name on the page
    """
    _draw(
        key=key,
        data={
            "width": WIDTH,
            "height": HEIGHT,
            "left": LEFT,
            "top": TOP,
            "right": RIGHT,
            "bottom": BOTTOM,
            "x_title": x_title,
            "x_ticks": [[float(tick), _short(tick)] for tick in np.linspace(0, 1, 6)],
            "panels": [
                asdict(panel)
                | {"ticks": [[float(t), _short(t)] for t in panel.ticks], "about": f"{panel.title} {about}"}
                for panel in panels
            ],
        },
    )


def _short(tick: float) -> str:
    """A round value on an axis, in as few digits as it has."""
    return f"{tick:.3g}".replace("-", MINUS)
