"""What page 23.7 asks first: numbers drawn at random, the answer from `nnlib`, the working in words."""

import numpy as np

from nnlib.chapter23.dropout import enumerated_moments
from pages.shared.numbers import number
from pages.shared.predict_first import Question


def dropout_variance(rng: np.random.Generator) -> Question:
    """The variance that a random mask gives one output."""
    h, p = float(rng.integers(1, 9)) / 2, float(rng.integers(2, 10)) / 10
    form = str(rng.choice(["plain", "inverted"]))
    answer = enumerated_moments(np.array([h]), p, form).variance.item()
    what, rule = ("d · h", "p (1 − p) h²") if form == "plain" else ("d · h / p", "(1 − p) / p · h²")
    return Question(
        f"A neuron's output is h = {number(h)}. It is kept with probability p = {number(p)}: the mask d is 1, "
        "else 0. "
        f"**What is the variance of {what}?**",
        answer,
        f"d is 1 with probability p, so its mean is p and its variance p (1 − p) = {number(p * (1 - p))}. "
        f"A factor counts twice in a variance: the variance of {what} is {rule}.",
    )
