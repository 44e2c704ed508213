"""Draw a number over a square as shades of one colour, with straight lines and marked points upon it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pages.shared.svg.component import drawing

SIDE = 320.0  # of the square, in pixels of the drawing
LEFT, TOP, RIGHT, BOTTOM = 52.0, 12.0, 84.0, 48.0

_draw = drawing(__file__, has_parts=False)


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
