"""The same samples on number lines one below the other, joined from line to line, with arrows where they are pushed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages.shared.numbers import number

_CSS = """
.lines { width: 100%; font-family: var(--st-font); }
svg { display: block; width: 100%; }
text { fill: var(--st-text-color); font-size: 13px; text-anchor: middle; paint-order: stroke;
       stroke: var(--st-background-color); stroke-width: 3px; stroke-linejoin: round; }
text.name { font-size: 16px; font-style: italic; text-anchor: start; }
text.sample { font-weight: 600; }
text.tick { font-size: 11px; }
.axis { stroke: var(--st-text-color); stroke-width: 1.2px; opacity: 0.6; }
.band { fill: var(--st-blue-color); opacity: 0.16; }
.mark { stroke: var(--st-text-color); stroke-width: 2px; }
.join { stroke: var(--st-blue-color); stroke-width: 1.4px; opacity: 0.55; }
.dot { fill: var(--st-blue-color); stroke: var(--st-background-color); stroke-width: 1px; }
.push { stroke: var(--st-red-color); stroke-width: 2.6px; fill: none; }
.push.printed { stroke-dasharray: 4 3; stroke-width: 1.6px; }
.head { fill: var(--st-red-color); }
.head.printed { fill: var(--st-background-color); stroke: var(--st-red-color); stroke-width: 1.4px; }
"""

_JS = """
export default function ({ parentElement, data }) {
  const NS = "http://www.w3.org/2000/svg";
  const box = parentElement.querySelector(".lines");
  const draw = () => {
    const width = Math.max(280, box.clientWidth), left = 34, right = 16, gap = 92, top = 44;
    const at = (value) => left + (value - data.low) / (data.high - data.low) * (width - left - right);
    const row = (k) => top + gap * k;
    const svg = document.createElementNS(NS, "svg");
    const make = (tag, attributes, text) => {
      const element = document.createElementNS(NS, tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      if (text !== undefined) element.textContent = text;
      svg.appendChild(element);
    };
    const height = row(data.lines.length - 1) + 34;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", data.about);
    data.lines.forEach((line, k) => {
      if (line.band) make("rect", { class: "band", x: at(line.band[0]), y: row(k) - 13,
        width: Math.max(0, at(line.band[1]) - at(line.band[0])), height: 26 });
      if (k) line.values.forEach((value, j) => make("line", { class: "join",
        x1: at(data.lines[k - 1].values[j]), y1: row(k - 1), x2: at(value), y2: row(k) }));
    });
    data.lines.forEach((line, k) => {
      make("line", { class: "axis", x1: left, y1: row(k), x2: width - right, y2: row(k) });
      data.ticks.forEach((tick) => {
        make("line", { class: "axis", x1: at(tick), y1: row(k) - 3, x2: at(tick), y2: row(k) + 3 });
        if (k === data.lines.length - 1) make("text", { class: "tick", x: at(tick), y: row(k) + 19 },
          String(tick).replace("-", "\\u2212"));
      });
      make("text", { class: "name", x: 4, y: row(k) + 5 }, line.name);
      if (line.mark !== null) {
        make("line", { class: "mark", x1: at(line.mark), y1: row(k) - 13, x2: at(line.mark), y2: row(k) + 13 });
        if (line.mark_name) make("text", { x: at(line.mark), y: row(k) + 27 }, line.mark_name);
      }
    });
    data.pushes.forEach((push) => {
      const y = row(0) + (push.printed ? 14 : 8), a = at(push.from), b = at(push.to), kind = push.printed ? " printed" : "";
      if (Math.abs(b - a) < 1) return;
      const sign = Math.sign(b - a), tip = Math.min(7, Math.abs(b - a));
      make("line", { class: `push${kind}`, x1: a, y1: y, x2: b - sign * tip, y2: y });
      make("path", { class: `head${kind}`, d: `M ${b} ${y} L ${b - sign * tip} ${y - 4} L ${b - sign * tip} ${y + 4} Z` });
    });
    data.lines.forEach((line, k) => {
      const order = line.values.map((value, j) => [at(value), j + 1]).sort((a, b) => a[0] - b[0]);
      const groups = [];
      order.forEach(([x, j]) => {
        const last = groups[groups.length - 1];
        if (last && x - last.x < 9 + 4 * last.samples.length) last.samples.push(j);
        else groups.push({ x, samples: [j] });
        make("circle", { class: "dot", cx: x, cy: row(k), r: 5.5 });
      });
      groups.forEach((group) => make("text", { class: "sample", x: group.x, y: row(k) - 10,
        style: group.samples.length > 1 ? "text-anchor: start" : "" }, group.samples.join(" ")));
    });
    box.replaceChildren(svg);
  };
  draw();
  const watcher = new ResizeObserver(draw);
  watcher.observe(box);
  return () => watcher.disconnect();
}
"""

_draw = st.components.v2.component("number_lines", html='<div class="lines"></div>', css=_CSS, js=_JS)


@dataclass(frozen=True)
class NumberLine:
    """One line of the picture.

    Attributes
    ----------
    name : in symbols, such as "z̄"
    values : one a sample, the same samples on every line
    mark, mark_name : a place marked across the line, and what is written under it
    band : (from, to) shaded on the line, or None
    """

    name: str
    values: Sequence[float]
    mark: float | None = None
    mark_name: str = ""
    band: tuple[float, float] | None = None


@dataclass(frozen=True)
class Push:
    """Arrows along the first line, one a sample.

    Attributes
    ----------
    steps : how far each sample is pushed; all arrows of a picture share one scale
    printed : drawn hollow and broken, as what the printed formula says
    """

    steps: Sequence[float] = field(default_factory=list)
    printed: bool = False


ARROW_SHARE = 0.16  # of the width, for the longest arrow


def number_lines(lines: Sequence[NumberLine], pushes: Sequence[Push], key: str, about: str) -> None:
    """Draw the lines to one scale.

    Parameters
    ----------
    lines : from top to bottom
    pushes : arrows on the first line
    key : unique name on the page
    about : what a reader who cannot see the picture should know
    """
    shown = [value for line in lines for value in (*line.values, *(line.band or ()))]
    reach = max(2.0, 1.08 * max(abs(value) for value in shown))
    longest = max((abs(step) for push in pushes for step in push.steps), default=0.0)
    unit = ARROW_SHARE * 2 * reach / longest if longest else 0.0
    step = next(size for size in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, reach) if reach / size <= 4.5)
    data: Mapping[str, object] = {
        "low": -reach,
        "high": reach,
        "ticks": [k * step for k in range(-int(reach / step), int(reach / step) + 1)],
        "about": about,
        "lines": [
            {
                "name": line.name,
                "values": [float(value) for value in line.values],
                "mark": line.mark,
                "mark_name": line.mark_name,
                "band": line.band,
            }
            for line in lines
        ],
        "pushes": [
            {"from": float(start), "to": float(start + unit * step), "printed": push.printed}
            for push in pushes
            for start, step in zip(lines[0].values, push.steps, strict=True)
        ],
    }
    _draw(key=key, data=data)


def spoken(line: NumberLine) -> str:
    """A line's values as words, for a picture's text alternative."""
    return f"{line.name}: {', '.join(number(value) for value in line.values)}"
