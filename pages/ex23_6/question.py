"""What page 23.6 asks first: numbers drawn at random, the answer from `nnlib`, the working in words."""

import numpy as np

from nnlib.layers import BatchNorm
from pages.shared.numbers import number
from pages.shared.predict_first import Question


def normalised_input(rng: np.random.Generator) -> Question:
    """Z̄ of the first sample of a small batch."""
    n = int(rng.integers(3, 5))
    z = rng.choice(np.arange(-6, 7), n, replace=False).astype(float)
    layer = BatchNorm(np.ones(1), np.zeros(1), epsilon=0.0)
    answer = layer.forward(z[:, None])[0].item()
    u, variance = layer.u.item(), layer.batch_variance.item()
    return Question(
        f"A batch of n = {n} samples gives one neuron the net inputs z = ({', '.join(number(v) for v in z)}). "
        "Take ε = 0 and the book's divisor n − 1. **What is z̄₁, the first one normalised?**",
        answer,
        f"The mean is u = {number(u)}. The squared distances from it sum to {number((n - 1) * variance)}, so "
        f"σ² = {number(variance)}. Then z̄₁ = ({number(z[0])} − ({number(u)})) / √{number(variance)}.",
    )
