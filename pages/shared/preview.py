"""Home's small pictures: every room draws its own, from the settings its page begins with.

They are plain SVG. With charts, home would wait for Altair in Python and for Vega in the browser.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from pages.shared.svg.component import drawing

WIDTH, HEIGHT, EDGE = 200, 140, 8

_draw = drawing(__file__, has_parts=False)

# An SVG element: its tag, its class, its attributes, its text, and `to`: what these become under the pointer, one
# value after another from the card's left edge to its right one.
Mark = dict[str, Any]


def show_preview(marks: Iterable[Mark], text: str, key: str) -> None:
    """Draw the marks; `text` says what they show to a reader who cannot see them."""
    # a tuple: Streamlit loads pandas to see whether a list is a table
    data = {"width": WIDTH, "height": HEIGHT, "description": text, "title": "", "marks": tuple(marks)}
    data["order"] = int(key[-1]) - 1  # in which the pictures draw themselves
    _draw(key=f"preview_{key}", data=data)


def place_x(x: np.ndarray | float, low: float, high: float) -> Any:
    """Where x stands between the picture's left edge, `low`, and its right, `high`."""
    return np.round(EDGE + (np.asarray(x) - low) / (high - low) * (WIDTH - 2 * EDGE), 1).tolist()


def place_y(y: np.ndarray | float, low: float, high: float) -> Any:
    """Where y stands between the picture's lower edge, `low`, and its upper, `high`."""
    return np.round(HEIGHT - EDGE - (np.asarray(y) - low) / (high - low) * (HEIGHT - 2 * EDGE), 1).tolist()


def dot(meaning: str, u: Sequence[float], v: Sequence[float]) -> Mark:
    """A dot at the first of the points, which goes through the others under the pointer."""
    return {
        "tag": "circle",
        "class": f"area {meaning}",
        "r": 5,
        "cx": u[0],
        "cy": v[0],
        "to": {"cx": list(u[1:]), "cy": list(v[1:])},
    }


def curve(meaning: str, u: Iterable[float], v: Iterable[float], broken: bool = False) -> Mark:
    """A line through points of the picture; `meaning` is its colour: "forward", "gradient" or "neutral"."""
    points = " ".join(f"{left},{top}" for left, top in zip(u, v, strict=True))
    return {"tag": "polyline", "class": f"curve {meaning} {'broken' if broken else ''}", "points": points}


def tick(text: str, x: float, y: float, anchor: str = "") -> Mark:
    """A small word, such as at an axis, with its middle at x, or its end where `anchor` is "end"."""
    return {"tag": "text", "class": f"tick {anchor}", "text": text, "x": x, "y": y}


def legend(meaning: str, texts: str | Sequence[str], x: float, y: float, shape: str = "line") -> list[Mark]:
    """What a colour means, in a few words, which may change under the pointer.

    Parameters
    ----------
    meaning : the colour, as of a `curve`
    texts : the words, or one after the other from the card's left edge to its right one
    x, y : where its swatch begins, and where the words stand
    shape : of the swatch: "line", "broken", or "area"
    """
    first, *others = [texts] if isinstance(texts, str) else texts
    word: Mark = {"tag": "text", "class": "word", "text": first, "x": x + (18 if shape == "area" else 26), "y": y}
    if others:
        word["to"] = {"text": others}
    if shape == "area":
        place = {"x": x, "y": y - 11, "width": 12, "height": 12}
        return [{"tag": "rect", "class": f"area {meaning}", **place}, word]
    return [curve(meaning, (x, x + 20), (y - 5, y - 5), broken=shape == "broken"), word]
