"""Home's picture of exercise 23.6."""

import numpy as np

from nnlib.chapter23.batch_norm import forward
from pages.ex23_6.controls import BETA, GAMMA, START_Z
from pages.shared.numbers import number
from pages.shared.preview import Mark, curve, place_x, place_y, show_preview


def draw() -> None:
    """The batch page 23.6 begins with: z, z̄ and z̃ one below the other, each sample joined from row to row."""
    passed = forward(START_Z[:5], GAMMA, BETA)
    rows = {"z": passed.z, "z̄": passed.z_bar, "z̃": passed.z_tilde}
    values = np.array(list(rows.values()))
    u, v = place_x(values, values.min() - 0.1, values.max() + 0.1), place_y(np.array([2.0, 1.0, 0.0]), -0.1, 2.1)
    joined: list[Mark] = [curve("forward", sample, v) for sample in zip(*u, strict=True)]
    dots: list[Mark] = [
        {"tag": "circle", "class": "area forward", "cx": place, "cy": height, "r": 4.5}
        for row, height in zip(u, v, strict=True)
        for place in row
    ]
    text = "; ".join(f"{name}: {', '.join(number(value) for value in row)}" for name, row in rows.items())
    show_preview(joined + dots, f"Five samples before and after batch normalisation. {text}.", "ex23_6")
