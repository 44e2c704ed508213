"""Home's picture of exercise 23.2."""

import numpy as np

from nnlib.losses import binary_cross_entropy_elements
from pages.shared.preview import Mark, curve, dot, legend, place_x, place_y, show_preview


def draw() -> None:
    """The loss of one output over p, for a label that applies and for one that does not; the pointer sets p."""
    p, chosen = np.linspace(0.01, 0.99, 60), np.linspace(0.1, 0.9, 25)
    top = -np.log(p[0])
    curves: list[Mark] = []
    dots: list[Mark] = []
    words: list[Mark] = []
    for y, truth, broken in ((1.0, "yes", False), (0.0, "no", True)):
        drawn, met = (
            (
                place_x(at, 0, 1),
                place_y(binary_cross_entropy_elements(at[None], np.full((1, at.size), y))[0], 0, top),
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
        curves + words + dots,
        "Two curves of the loss over p: one falls as p grows (the label applies), one rises (it does not). Under "
        "the pointer p grows.",
        "ex23_2",
    )
