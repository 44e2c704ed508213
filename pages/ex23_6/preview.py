"""Home's picture of exercise 23.6."""

import numpy as np

from nnlib.chapter23.batch_norm import backward, forward
from pages.ex23_6.controls import SAMPLES, START_G, START_Z
from pages.shared.numbers import number
from pages.shared.preview import Mark, curve, place_x, place_y, show_preview


def draw() -> None:
    """The batch page 23.6 begins with: its gradients over z, the line taken away from them, and what is left."""
    z, g = np.array(START_Z[:SAMPLES]), np.array(START_G[:SAMPLES])
    passed = forward(z)
    gradients = backward(passed, g)
    line = gradients.height + gradients.slope * passed.z_bar
    ends = np.array([z.min() - 0.4, z.max() + 0.4])
    ends_of_line = gradients.height + gradients.slope * (ends - passed.u) / passed.scale
    low, high = min(g.min(), ends_of_line.min()), max(g.max(), ends_of_line.max())
    marks: list[Mark] = [curve("neutral", place_x(ends, *ends), place_y(ends_of_line, low, high))]
    for u, tip, foot in zip(place_x(z, *ends), place_y(g, low, high), place_y(line, low, high), strict=True):
        marks.append(curve("gradient", (u, u), (foot, tip)))
        marks.append({"tag": "circle", "class": "area gradient", "cx": u, "cy": tip, "r": 6})
    left = ", ".join(number(value) for value in gradients.dz)
    show_preview(marks, f"Five gradients over z and the straight line that fits them; dz: {left}.", "ex23_6")
