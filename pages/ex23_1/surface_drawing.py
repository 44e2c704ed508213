"""Draw a number over a square as shades of one colour, with straight lines and marked points upon it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pages.shared.drawing import drawing

SIDE = 320.0  # of the square, in pixels of the drawing
LEFT, TOP, RIGHT, BOTTOM = 52.0, 12.0, 84.0, 48.0

_CSS = """
.start { text-anchor: start; }
.end { text-anchor: end; }
.shade { fill: var(--st-blue-color); }
.frame { fill: none; stroke: var(--st-text-color); stroke-width: 1px; }
.unit { fill: none; stroke: var(--st-text-color); stroke-width: 1px; stroke-dasharray: 2 4; opacity: 0.6; }
.line { stroke: var(--st-text-color); stroke-width: 2px; }
.line.broken { stroke-dasharray: 8 5; }
.side { fill: var(--st-text-color); }
.point { stroke: var(--st-text-color); stroke-width: 2.5px; fill: var(--st-background-color); }
.point.one { fill: var(--st-text-color); }
.mark { font-weight: 700; font-size: 15px; }
.mark.wrong { fill: var(--st-red-color); }
"""

_JS = """
export default function ({ parentElement, data }) {
  const { left, top, side, width, height, low, high } = data;
  const x = (value) => left + (value - low) / (high - low) * side;
  const y = (value) => top + (high - value) / (high - low) * side;

  const svg = sheet(data, "img", 0, 1.25 * width);
  // Shades are a mask over one rectangle in the theme's colour, so that they follow a change of theme.
  const id = `shade-${data.key}`;
  const defs = make("defs", {}, svg);
  const square = { x: left, y: top, width: side, height: side };
  make("image", { ...square, href: picture(data.values, data.points), preserveAspectRatio: "none" },
    make("mask", { id, "mask-type": "alpha", maskUnits: "userSpaceOnUse", ...square }, defs));
  make("rect", { ...square }, make("clipPath", { id: `clip-${id}` }, defs));
  const fade = make("linearGradient", { id: `fade-${id}`, x1: 0, y1: 1, x2: 0, y2: 0 }, defs);
  make("stop", { offset: 0, "stop-color": "var(--st-blue-color)", "stop-opacity": 0 }, fade);
  make("stop", { offset: 1, "stop-color": "var(--st-blue-color)", "stop-opacity": 1 }, fade);

  make("rect", { class: "shade", ...square, mask: `url(#${id})` }, svg);
  make("rect", { class: "unit", x: x(0), y: y(1), width: x(1) - x(0), height: y(0) - y(1) }, svg);
  make("rect", { class: "frame", ...square }, svg);
  for (const tick of [0, 0.5, 1]) {
    make("text", { x: x(tick), y: top + side + 17 }, svg, String(tick));
    make("text", { class: "end", x: left - 7, y: y(tick) + 4.5 }, svg, String(tick));
  }
  make("text", { x: left + side / 2, y: height - 8 }, svg, data.x_title);
  make("text", { x: 13, y: top + side / 2, transform: `rotate(-90 13 ${top + side / 2})` }, svg, data.y_title);

  const bar = { x: left + side + 18, y: top + 24, width: 16, height: side - 48 };
  make("rect", { ...bar, fill: `url(#fade-${id})` }, svg);
  make("rect", { class: "frame", ...bar }, svg);
  make("text", { x: bar.x + 8, y: bar.y - 9 }, svg, data.value_title);
  [[1, bar.y], [0.5, bar.y + bar.height / 2], [0, bar.y + bar.height]].forEach(([value, at]) =>
    make("text", { class: "start", x: bar.x + 23, y: at + 4.5 }, svg, String(value)));

  const lines = make("g", { "clip-path": `url(#clip-${id})` }, svg);
  data.lines.forEach((line) => {
    const [[x1, y1], [x2, y2]] = line.ends;
    make("line", { class: `line ${line.broken ? "broken" : ""}`, x1: x(x1), y1: y(y1), x2: x(x2), y2: y(y2) },
      lines);
    // a small arrow on the side where the neuron is on, and its name beside it
    const [cx, cy] = [x(line.label[0]), y(line.label[1])];
    const [dx, dy] = [line.normal[0], -line.normal[1]];
    make("path", { class: "side", d: `M ${cx + 13 * dx} ${cy + 13 * dy} L ${cx - 6 * dy} ${cy + 6 * dx} ` +
      `L ${cx + 6 * dy} ${cy - 6 * dx} Z` }, lines);
    make("text", { x: cx + 28 * dx, y: cy + 22 * dy + 4.5 }, lines, line.name);
  });
  for (const point of data.points_marked) {
    const [px, py] = [x(point.x), y(point.y)];
    make("circle", { class: `point ${point.one ? "one" : ""}`, cx: px, cy: py, r: 8 }, svg);
    make("text", { class: `mark ${point.right ? "" : "wrong"}`, x: px, y: py - 13 }, svg, point.mark);
    make("text", { x: px, y: py + 24 }, svg, point.text);
  }
  show(parentElement, svg);

  function picture(encoded, points) {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = points;
    const context = canvas.getContext("2d");
    const image = context.createImageData(points, points);
    bytes.forEach((value, k) => { image.data.set([255, 255, 255, value], 4 * k); });
    context.putImageData(image, 0, 0);
    return canvas.toDataURL();
  }
}
"""

_draw = drawing("surface_drawing", _CSS, _JS, has_parts=False)


@dataclass(frozen=True)
class Line:
    """The line a·x + b·y + c = 0, with an arrow to the side where the sum is positive."""

    name: str
    a: float
    b: float
    c: float
    broken: bool = False


@dataclass(frozen=True)
class Corner:
    """A marked point: filled where its target is 1, and with a mark and a text beside it."""

    x: float
    y: float
    is_one: bool
    right: bool
    mark: str
    text: str


def draw_surface(
    values: np.ndarray,
    low: float,
    high: float,
    lines: Sequence[Line],
    corners: Sequence[Corner],
    key: str,
    title: str,
    description: str,
    titles: tuple[str, str, str] = ("x₁", "x₂", "y"),
) -> None:
    """Draw `values`, from 0 to 1, over the square [low, high]²: the higher, the more colour.

    Parameters
    ----------
    values : (n, n), row = vertical axis and column = horizontal axis, both ascending
    lines : those that do not cross the square, or are no line (a = b = 0), are left out
    corners : marked points
    key : unique name on the page
    title, description : the drawing's accessible name, and what a reader who cannot see it should know
    titles : of the horizontal axis, the vertical axis and the values
    """
    picture = np.rint(255 * np.clip(values[::-1], 0.0, 1.0)).astype(np.uint8)  # pictures begin at the top
    _draw(
        key=key,
        data={
            "key": key,
            "left": LEFT,
            "top": TOP,
            "side": SIDE,
            "width": LEFT + SIDE + RIGHT,
            "height": TOP + SIDE + BOTTOM,
            "low": low,
            "high": high,
            "values": base64.b64encode(picture.tobytes()).decode(),
            "points": len(picture),
            "x_title": titles[0],
            "y_title": titles[1],
            "value_title": titles[2],
            "title": title,
            "description": f"{title}. {description}",
            "lines": [data for line in lines if (data := _line_data(line, low, high, corners)) is not None],
            "points_marked": [
                {"x": c.x, "y": c.y, "one": c.is_one, "right": c.right, "mark": c.mark, "text": c.text}
                for c in corners
            ],
        },
    )


def _line_data(line: Line, low: float, high: float, corners: Sequence[Corner]) -> dict[str, object] | None:
    """Where the line enters and leaves the square, and where its name stands; None where it does not cross."""
    a, b, c = line.a, line.b, line.c
    ends = []
    for side in (low, high):
        if b:
            ends.append((side, -(a * side + c) / b))
        if a:
            ends.append((-(b * side + c) / a, side))
    inside = sorted({end for end in ends if all(low - 1e-9 <= u <= high + 1e-9 for u in end)})
    if len(inside) < 2:
        return None
    first, last = np.array(inside[0]), np.array(inside[-1])
    size = float(np.hypot(a, b))
    normal = np.array([a, b]) / size
    # The name stands where it is farthest from the corners, whose outputs are written under them; at 0.3 of the
    # way unless another place is better by far, so that it does not jump while a slider moves.
    written = np.array([[corner.x, corner.y - 0.05 * (high - low)] for corner in corners])
    places = [first + t * (last - first) for t in (0.3, 0.5, 0.7, 0.15, 0.85)]
    rooms = [min(np.hypot(*(place + 0.08 * (high - low) * normal - written).T), default=1.0) for place in places]
    label = next((p for p, room in zip(places, rooms, strict=True) if room > 0.22 * (high - low)), None)
    if label is None:
        label = places[int(np.argmax(rooms))]
    return {
        "name": line.name,
        "broken": line.broken,
        "ends": [list(first), list(last)],
        "label": list(label),
        "normal": list(normal),
    }
