"""The controls of page 23.7: what they begin with."""

import numpy as np

from pages.shared.controls import Controls
from pages.shared.typed_table import write_table

START_H = np.array([0.8, 0.3, -0.5, 1.2, 0.6, -0.9, 0.4, 1.0, -0.2, 0.7, 0.9, -0.6])
H_TEXT = write_table(START_H[None, :4])
MOST_NEURONS = len(START_H)

controls = Controls("ex23_7")


def keep_probability(name: str, low: float = 0.05) -> float:
    """The slider of p; each section has its own."""
    return controls.slider(name, "Keep probability p", low, 1.0, 0.6, 0.05)
