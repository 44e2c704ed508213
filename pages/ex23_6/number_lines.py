"""The same samples on number lines one below the other, joined from line to line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.shared.drawing import INK, give_head_start
from pages.shared.numbers import number

SMALLEST_REACH = 0.01  # to either side of 0: rounding errors are not to look like values

_CSS = """
.lines { width: 100%; font-family: var(--st-font); }
svg { display: block; width: 100%; }
text { fill: var(--st-text-color); font-size: 13px; text-anchor: middle; paint-order: stroke;
       stroke: var(--st-background-color); stroke-width: 3px; stroke-linejoin: round; }
text.name { font-size: 15px; text-anchor: start; }
text.sample { font-weight: 600; }
text.tick { font-size: 11px; }
.axis { stroke: var(--st-text-color); stroke-width: 1.2px; opacity: 0.6; }
.mark { stroke: var(--st-text-color); stroke-width: 2px; }
.band { fill: var(--ink); opacity: 0.16; }
.join { stroke: var(--ink); stroke-width: 1.4px; opacity: 0.6; }
.dot { fill: var(--ink); stroke: var(--ink); stroke-width: 1.6px; }
.dot.hollow { fill: var(--st-background-color); }
"""

_JS = """
export default function ({ parentElement, data }) {
  const NS = "http://www.w3.org/2000/svg";
  const box = parentElement.querySelector(".lines");
  const left = 74, right = 16, gap = 66, top = 28, between = 24;
  const draw = () => {
    const width = Math.max(280, box.clientWidth);
    const svg = document.createElementNS(NS, "svg");
    const make = (tag, attributes, text) => {
      const element = document.createElementNS(NS, tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      if (text !== undefined) element.textContent = text;
      svg.appendChild(element);
    };
    let y = top;
    data.groups.forEach((group) => {
      const kind = group.meaning;
      const at = (value) => left + (value + group.reach) / (2 * group.reach) * (width - left - right);
      const rows = group.lines.map((_, k) => y + gap * k);
      const last = rows[rows.length - 1];
      group.lines.forEach((line, k) => {
        if (line.band) make("rect", { class: `band ${kind}`, x: at(line.band[0]), y: rows[k] - 13,
          width: at(line.band[1]) - at(line.band[0]), height: 26 });
        if (k) line.values.forEach((value, j) => make("line", { class: `join ${kind}`,
          x1: at(group.lines[k - 1].values[j]), y1: rows[k - 1], x2: at(value), y2: rows[k] }));
      });
      group.lines.forEach((line, k) => {
        make("line", { class: "axis", x1: left, y1: rows[k], x2: width - right, y2: rows[k] });
        group.ticks.forEach((tick) => make("line", { class: "axis",
          x1: at(tick), y1: rows[k] - 3, x2: at(tick), y2: rows[k] + 3 }));
        line.name.split("\\n").forEach((words, i, all) => make("text",
          { class: "name", x: 2, y: rows[k] + 5 + 16 * (i - (all.length - 1) / 2) }, words));
        if (line.mark !== null) make("line", { class: "mark",
          x1: at(line.mark), y1: rows[k] - 13, x2: at(line.mark), y2: rows[k] + 13 });
        const samples = line.values.map((value, j) => [at(value), j + 1]).sort((a, b) => a[0] - b[0]);
        const labels = [];  // samples too near each other to be told apart share one label
        samples.forEach(([x, j]) => {
          make("circle", { class: `dot ${kind} ${line.hollow ? "hollow" : ""}`, cx: x, cy: rows[k], r: 5 });
          const label = labels[labels.length - 1];
          if (label && x - label.until < 11) { label.samples.push(j); label.until = x; }
          else labels.push({ from: x, until: x, samples: [j] });
        });
        labels.forEach((label) => make("text", { class: "sample", x: (label.from + label.until) / 2,
          y: rows[k] - 9 }, label.samples.join(" ")));
        if (line.mark_name) make("text", { x: at(line.mark), y: rows[k] + 27 }, line.mark_name);
      });
      group.ticks.forEach((tick) => make("text", { class: "tick", x: at(tick), y: last + 25 },
        String(tick).replace("-", "\\u2212")));
      y = last + gap + between;
    });
    const height = y - gap - between + 32;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", data.about);
    box.replaceChildren(svg);
  };
  draw();
  const watcher = new ResizeObserver(draw);
  watcher.observe(box);
  return () => watcher.disconnect();
}
"""

_draw = st.components.v2.component("number_lines", html='<div class="lines"></div>', css=INK + _CSS, js=_JS)


@dataclass(frozen=True)
class NumberLine:
    """One line of the picture.

    Attributes
    ----------
    name : written before it, in one line or two
    values : one a sample
    mark, mark_name : a place marked across the line, and what is written under it
    band : (from, to) shaded on the line, or None
    hollow : whether its dots are hollow
    """

    name: str
    values: Sequence[float]
    mark: float | None = None
    mark_name: str = ""
    band: tuple[float, float] | None = None
    hollow: bool = False


@dataclass(frozen=True)
class LineGroup:
    """Lines of one scale, from top to bottom, with each sample joined from line to line.

    Attributes
    ----------
    lines : with the same samples
    meaning : "forward" or "gradient", which gives their colour
    """

    lines: Sequence[NumberLine]
    meaning: str


def number_lines(groups: Sequence[LineGroup], key: str) -> None:
    """Draw the groups one below the other, each to its own scale, symmetrical about 0.

    Parameters
    ----------
    groups : from top to bottom
    key : unique name on the page
    """
    lines = [line for group in groups for line in group.lines]
    about = ". ".join(f"{' '.join(line.name.split())}: {', '.join(map(number, line.values))}" for line in lines)
    data = {"about": f"The samples on number lines. {about}.", "groups": [_group_data(group) for group in groups]}
    _draw(key=key, data=data)
    give_head_start()


def _group_data(group: LineGroup) -> dict[str, object]:
    shown = [value for line in group.lines for value in (*line.values, *(line.band or ()))]
    reach = max(SMALLEST_REACH, 1.08 * max(abs(value) for value in shown))
    # the largest of … 0.1, 0.2, 0.5, 1, 2, 5, … that leaves at least two ticks on either side
    power = 10.0 ** math.floor(math.log10(reach))
    step = max(size for size in (power * m for m in (0.1, 0.2, 0.5, 1, 2, 5)) if reach / size >= 2)
    count = int(reach / step)
    return {
        "meaning": group.meaning,
        "reach": reach,
        "ticks": [float(f"{k * step:.12g}") for k in range(-count, count + 1)],
        "lines": [
            {
                "name": line.name,
                "values": [float(value) for value in line.values],
                "mark": line.mark,
                "mark_name": line.mark_name,
                "band": line.band,
                "hollow": line.hollow,
            }
            for line in group.lines
        ],
    }
