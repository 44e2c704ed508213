"""What page 23.2 asks first: numbers drawn at random, the answer from `nnlib`, the working in words."""

import numpy as np

from nnlib.losses import binary_cross_entropy_gradient
from pages.shared.numbers import number
from pages.shared.predict_first import Question


def label_gradient(rng: np.random.Generator) -> Question:
    """23.2: ∂L/∂p of one element."""
    n, y = int(rng.integers(1, 5)), int(rng.integers(0, 2))
    p = float(rng.integers(1, 10)) / 10
    P, Y = np.full((n, 1), 0.5), np.zeros((n, 1))
    P[0], Y[0] = p, y
    answer = binary_cross_entropy_gradient(P, Y)[0].item()
    return Question(
        f"One output has the probability p = {number(p)}, and its label is y = {y}. There are N = {n} samples. "
        "**What is ∂L/∂p for this output?**",
        answer,
        f"∂L/∂p = (p − y) / (N p (1 − p)) = ({number(p)} − {y}) / ({n} · {number(p)} · {number(1 - p)}).",
    )
