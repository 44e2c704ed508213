"""Home's picture of exercise 23.6."""

import numpy as np

from nnlib.chapter23.batch_norm import backward, forward
from pages.ex23_6.controls import SAMPLES, START_G, START_Z
from pages.shared.numbers import number
from pages.shared.preview import EDGE, HEIGHT, WIDTH, Mark, curve, dot, legend, place_x, place_y, show_preview


def draw() -> None:
    """The batch page 23.6 begins with: its gradients over z, the line taken away from them, and what is left."""
    z, g = np.array(START_Z[:SAMPLES]), np.array(START_G[:SAMPLES])
    passed = forward(z)
    gradients = backward(passed, g)
    line = gradients.height + gradients.slope * passed.z_bar
    ends = np.array([z.min() - 0.4, z.max() + 0.4])
    ends_of_line = gradients.height + gradients.slope * (ends - passed.u) / passed.scale
    shown = np.concatenate([g, ends_of_line, g - line])
    low, high = shown.min(), shown.max()

    def y(values: np.ndarray) -> list[float]:
        heights: list[float] = place_y(values, low, high)
        return heights

    zero = curve("neutral", place_x(ends, *ends), y(0 * ends))
    marks: list[Mark] = [
        curve("neutral", place_x(ends, *ends), y(ends_of_line)) | {"to": {"points": zero["points"]}}
    ]
    for u, *heights in zip(place_x(z, *ends), y(g), y(line), y(g - line), y(0 * line), strict=True):
        tip, foot, tip_left, foot_left = heights
        left_over = curve("gradient", (u, u), (foot_left, tip_left))
        marks.append(curve("gradient", (u, u), (foot, tip)) | {"to": {"points": left_over["points"]}})
        marks.append(dot("gradient", (u, u), (tip, tip_left)))
    marks += legend("neutral", "taken away", 31, HEIGHT - EDGE)
    word: Mark = {"tag": "text", "class": "word named gradient", "x": WIDTH - EDGE}
    marks.append(word | {"text": "gradient", "y": 20})
    marks.append(word | {"text": "before", "y": 38, "to": {"text": ["after"]}})
    left = ", ".join(number(value) for value in gradients.dz)
    show_preview(
        marks,
        f"Five gradients over z and the straight line that fits them; dz: {left}. Under the pointer the line is "
        "taken away from them.",
        "ex23_6",
    )
