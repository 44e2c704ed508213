"""Home's picture of exercise 23.4."""

import numpy as np

from nnlib.activations import sigmoid, sigmoid_derivative
from pages.shared.preview import curve, dot, legend, place_x, place_y, show_preview


def draw() -> None:
    """σ and its slope; under the pointer a tangent goes along."""
    z, met, reach = np.linspace(-8, 8, 60), np.linspace(-5, 5, 25), 1.1  # short: it keeps off the legend

    def both(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        h = sigmoid(z)
        return h, sigmoid_derivative(h)

    h, slope = both(met)
    tangents = [
        curve("neutral", place_x(at + ends, -8, 8), place_y(height + rise * ends, 0, 1))
        for at, height, rise in zip(met, h, slope, strict=True)
        for ends in (np.array([-reach, reach]),)
    ]
    show_preview(
        [
            *(
                curve(meaning, place_x(z, -8, 8), place_y(values, 0, 1))
                for meaning, values in zip(("forward", "gradient"), both(z), strict=True)
            ),
            tangents[0] | {"to": {"points": [tangent["points"] for tangent in tangents[1:]]}},
            *legend("forward", "σ(z)", 2, 22),
            *legend("gradient", [f"slope {rise:.2f}" for rise in slope], 2, 44),
            dot("forward", place_x(met, -8, 8), place_y(h, 0, 1)),
            dot("gradient", place_x(met, -8, 8), place_y(slope, 0, 1)),
        ],
        "The sigmoid rising from 0 to 1, and its slope, a bell around z = 0. "
        "Under the pointer a tangent goes along.",
        "ex23_4",
    )
