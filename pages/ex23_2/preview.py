"""Home's picture of exercise 23.2."""

import numpy as np

from nnlib.losses import binary_cross_entropy_elements
from pages.shared.preview import curve, place_x, place_y, show_preview


def draw() -> None:
    """The loss of one output over p, for a label that applies and for one that does not."""
    p = np.linspace(0.01, 0.99, 60)
    losses = [binary_cross_entropy_elements(p[None], np.full((1, p.size), y))[0] for y in (1.0, 0.0)]
    top = max(loss.max() for loss in losses)
    show_preview(
        [
            curve("forward", place_x(p, 0, 1), place_y(loss, 0, top), broken=broken)
            for loss, broken in zip(losses, (False, True), strict=True)
        ],
        "Two curves of the loss over p: one falls as p grows (the label applies), one rises (it does not).",
        "ex23_2",
    )
