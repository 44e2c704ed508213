"""Home's picture of exercise 23.7."""

import numpy as np

from nnlib.chapter23.dropout_twins import Powers
from pages.ex23_7.controls import Chosen
from pages.shared.preview import curve, legend, place_x, place_y, show_preview


def draw() -> None:
    """The losses of both runs as the page opens, before the reader has made them one."""
    begun = Chosen("gradient descent", p=0.6, powers=Powers(), rate=0.05, steps=200, seed=1)
    steps = np.arange(0, 201, 4)
    losses = np.array(begun.training.losses)[steps]
    u = place_x(steps, 0, 200)
    plain, inverted = (place_y(loss, losses.min(), losses.max()) for loss in losses.T)
    show_preview(
        [
            *legend("forward", "dropout loss", 60, 22),
            *legend("neutral", ["inverted loss", "the same loss"], 60, 44, "broken"),
            curve("forward", u, plain),
            curve("neutral", u, inverted, broken=True) | {"to": {"points": curve("", u, plain)["points"]}},
        ],
        "The losses of a plain and an inverted network: two runs that part. Under the pointer they become one, as "
        "the page's right settings make them.",
        "ex23_7",
    )
