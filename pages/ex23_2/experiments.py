"""What page 23.2 asks its reader to try."""

import numpy as np

from pages.ex23_2.label_table import LARGEST_Z, OPENS, TRUE_Y, Y_TEXT, controls
from pages.shared.page import Experiment
from pages.shared.typed_table import write_table

TRUE = TRUE_Y[: OPENS[0], : OPENS[1]]
SURE = LARGEST_Z * (2 * TRUE - 1)  # every dial all the way to the truth
WRONG_ONCE = np.where(np.arange(TRUE.size).reshape(TRUE.shape) == 0, -SURE, SURE)


def _experiment(label: str, Z: np.ndarray, look_for: str, seen: str) -> Experiment:
    """The dials at Z, and the first of them chosen."""
    settings = controls.keyed({"z_text": write_table(Z), "y_text": Y_TEXT})
    return Experiment(label, settings, look_for, seen, controls.keyed({"sample": 1, "label": 1}))


EXPERIMENTS = [
    _experiment(
        "Sure, and wrong once",
        WRONG_ONCE,
        "Every dial is all the way at the truth, but for one: you are sure that Love on Mars is a comedy. Why "
        "is its ∂L/∂p so large, and its ∂L/∂z not?",
        "That one cell makes nearly the whole loss. Its ∂L/∂p is 7,342, as p (1 − p) divides it, and that is only "
        "0.0000454. But p (1 − p) is also the slope of the sigmoid: z hardly moves p there. In the product of the "
        "two it cancels, and ∂L/∂z ≈ 0.3333 is left, the gap p − y divided by N = 3.",
    ),
    _experiment(
        "Sure, and right",
        SURE,
        "Now every dial is at the truth, and hardly anything is left to do. Which of the two gradients of the "
        "chosen cell says so?",
        "∂L/∂z is nearly 0, because the gap p − y is. But ∂L/∂p is still 0.3333, which is 1/N and as small as it "
        "can get: it does not know that p cannot go below 0.",
    ),
    _experiment(
        "Undecided",
        np.zeros_like(TRUE),
        "All dials stand at p = 0.5. Why does every cell cost the same, whether its truth is 0 or 1?",
        "At p = 0.5 also 1 − p = 0.5, so each cell costs log 2 ≈ 0.6931, whatever y is. L = 12 log 2 / 3 ≈ 2.773. "
        "None is a yes or a no, and yet every dial gets a clear arrow, half a dial long.",
    ),
]
