"""Home's picture of exercise 23.2."""

import numpy as np

from nnlib.losses import binary_cross_entropy_elements
from pages.shared.preview import Mark, curve, dot, legend, place_x, place_y, show_preview, tick


def draw() -> None:
    """The loss of one output over p, for a label that applies and for one that does not; the pointer sets p."""
    p, chosen = np.linspace(0.01, 0.99, 60), np.linspace(0.1, 0.9, 25)
    low, top = -0.8, -np.log(p[0])  # below 0 there is room for the names of the axis
    ends, ground = place_x(np.array([0.0, 1.0]), 0, 1), place_y(0, low, top)
    curves: list[Mark] = [curve("axis", ends, (ground, ground))]
    dots: list[Mark] = []
    words: list[Mark] = []
    axis = [tick(text, place_x(at, 0, 1), ground + 16) for text, at in (("0", 0.02), ("p", 0.5), ("1", 0.98))]
    for y, truth, broken in ((1.0, "yes", False), (0.0, "no", True)):
        drawn, met = (
            (
                place_x(at, 0, 1),
                place_y(binary_cross_entropy_elements(at[None], np.full((1, at.size), y))[0], low, top),
            )
            for at in (p, chosen)
        )
        curves.append(curve("forward", *drawn, broken=broken))
        dots.append(dot("forward", *met))
        costs = [
            f"{truth} costs {loss:.2f}"
            for loss in binary_cross_entropy_elements(chosen[None], np.full((1, 25), y))[0]
        ]
        words += legend("forward", costs, 46, 22 + 20 * broken, "broken" if broken else "line")
    show_preview(
        curves + axis + words + dots,
        "Two curves of the loss over p: one falls as p grows (the label applies), one rises (it does not). Under "
        "the pointer p grows.",
        "ex23_2",
    )
