"""What page 23.1 asks first: numbers drawn at random, the answer from `nnlib`, the working in words."""

import numpy as np

from nnlib.chapter23.gates import gate_network
from pages.shared.numbers import number
from pages.shared.predict_first import Question


def neuron_output(rng: np.random.Generator) -> Question:
    """The output of one sigmoid neuron at a corner of the square."""
    w1, w2, b = (int(v) for v in rng.integers(-3, 4, 3))
    x1, x2 = (int(v) for v in rng.integers(0, 2, 2))
    z = w1 * x1 + w2 * x2 + b
    y = gate_network([w1, w2, b]).predict_proba(np.array([[x1, x2]], float)).item()
    return Question(
        f"A neuron has the weights w₁ = {number(w1)} and w₂ = {number(w2)} and the bias b = {number(b)}. "
        f"The input is x₁ = {x1}, x₂ = {x2}. **What is its output y = σ(z)?**",
        y,
        f"z = w₁x₁ + w₂x₂ + b = {number(w1)} · {x1} + ({number(w2)}) · {x2} + ({number(b)}) = {number(z)}. "
        f"Then y = 1 / (1 + e^−z) at z = {number(z)}.",
    )
