"""What page 23.3 asks first: numbers drawn at random, the answer from `nnlib`, the working in words."""

import numpy as np

from nnlib.layers import Activation
from pages.shared.numbers import number
from pages.shared.predict_first import Question


def hidden_error(rng: np.random.Generator) -> Question:
    """The error δ of a hidden sigmoid neuron, sent back by two output neurons."""
    z = float(rng.integers(-20, 21)) / 10
    w, delta = rng.integers(-20, 21, 2) / 10, rng.integers(-9, 10, 2) / 10
    neuron = Activation("sigmoid")
    h = neuron.forward(np.array([[z]])).item()
    answer = neuron.backward(np.array([[w @ delta]])).item()
    return Question(
        f"A hidden sigmoid neuron has the output h = {number(h)}. It feeds two output neurons with the weights "
        f"w₁ = {number(w[0])} and w₂ = {number(w[1])}. Their errors are δ₁ = {number(delta[0])} and "
        f"δ₂ = {number(delta[1])}. **What is the hidden neuron's own δ = ∂L/∂z?**",
        answer,
        f"The errors come back through the weights: w₁δ₁ + w₂δ₂ = {number(float(w @ delta))}. "
        f"The sigmoid's slope is h (1 − h) = {number(h * (1 - h))}. Multiply the two.",
    )
