"""Home's picture of exercise 23.5."""

import numpy as np

from nnlib.activations import softmax
from pages.shared.preview import WIDTH, Mark, place_y, show_preview


def draw() -> None:
    """Probabilities of three classes, and p − y beside each."""
    p = softmax(np.array([1.0, 2.0, 0.5]))
    y = np.array([0.0, 1.0, 0.0])
    wide, low, high = 24, -0.5, 0.8

    def bar(meaning: str, left: float, value: float) -> Mark:
        """From 0 up or down to a value."""
        top, bottom = place_y(max(value, 0), low, high), place_y(min(value, 0), low, high)
        place = {"x": left, "y": top, "width": wide, "height": bottom - top}
        return {"tag": "rect", "class": f"area {meaning}", **place}

    middles = [WIDTH * (2 * k + 1) / 6 for k in range(3)]
    text = ", ".join(f"class {k + 1}: p = {p[k]:.2f}, p − y = {p[k] - y[k]:.2f}" for k in range(3))
    show_preview(
        [bar("forward", middle - wide - 1, p[k]) for k, middle in enumerate(middles)]
        + [bar("gradient", middle + 1, p[k] - y[k]) for k, middle in enumerate(middles)],
        f"Bars of p and of its gradient p − y. {text}.".replace("-", "−"),
        "ex23_5",
    )
