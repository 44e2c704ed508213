"""Home's picture of exercise 23.4."""

import numpy as np

from nnlib.activations import sigmoid, sigmoid_derivative
from pages.shared.preview import curve, place_x, place_y, show_preview


def draw() -> None:
    """σ and its slope."""
    z = np.linspace(-8, 8, 60)
    h = sigmoid(z)
    show_preview(
        [
            curve(meaning, place_x(z, -8, 8), place_y(values, 0, 1))
            for meaning, values in (("forward", h), ("gradient", sigmoid_derivative(h)))
        ],
        "The sigmoid rising from 0 to 1, and its slope, a bell around z = 0.",
        "ex23_4",
    )
