"""Home's picture of exercise 23.5."""

import numpy as np

from nnlib.activations import softmax
from pages.shared.preview import WIDTH, Mark, curve, legend, place_y, show_preview, tick


def draw() -> None:
    """Probabilities of three classes, and the gradient beside each; under the pointer the right one grows."""
    p = np.array([softmax(np.array([1.0, z, 0.5])) for z in np.linspace(0.0, 3.0, 17)])
    gradients = p - np.array([0.0, 1.0, 0.0])
    wide, low, high = 20, -0.85, 0.95

    def bar(meaning: str, left: float, values: np.ndarray) -> Mark:
        """From 0 up or down to each of the values, one after the other."""
        tops = np.array(place_y(np.maximum(values, 0), low, high))
        heights = np.array(place_y(np.minimum(values, 0), low, high)) - tops
        place = {"x": left, "y": tops[0], "width": wide, "height": heights[0]}
        to = {"y": tops[1:].tolist(), "height": heights[1:].tolist()}
        return {"tag": "rect", "class": f"area {meaning}", **place, "to": to}

    ground, right = place_y(0, low, high), WIDTH / 2
    middles = [WIDTH * (2 * k + 1) / 6 for k in range(3)]
    text = ", ".join(f"class {k + 1}: p = {p[0, k]:.2f}, gradient {gradients[0, k]:.2f}" for k in range(3))
    show_preview(
        [bar("forward", middle - wide - 1, p[:, k]) for k, middle in enumerate(middles)]
        + [bar("gradient", middle + 1, gradients[:, k]) for k, middle in enumerate(middles)]
        + [curve("axis", (4, WIDTH - 4), (ground, ground)), tick("right", right - 3, ground + 17, "end")]
        + legend("forward", "p", WIDTH * 0.6, 22, "area")
        + legend("gradient", "gradient", WIDTH * 0.6, 44, "area"),
        f"Bars of p and of the gradient beside each. {text}. Under the pointer class 2's net input grows.".replace(
            "-", "−"
        ),
        "ex23_5",
    )
