"""What page 23.6 asks: numbers drawn at random, the answer from `nnlib`, typical mistakes, and the working."""

from collections.abc import Callable, Mapping

import numpy as np

from nnlib.chapter23.batch_norm import backward, forward
from nnlib.notation import subscript
from pages.shared.numbers import equals, number, read_number
from pages.shared.practice import Question


def _listed(values: np.ndarray) -> str:
    return f"({', '.join(number(value) for value in values)})"


def _as_printed(value: float) -> float:
    """`value` as the reader of a question sees it, so that what is worked out from it is the answer."""
    return read_number(number(value))


def _batch(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.choice(np.arange(-6, 7), n, replace=False).astype(float)


def normalised_input(rng: np.random.Generator) -> Question:
    """Z̄ of the first sample of a small batch."""
    n = int(rng.integers(3, 5))
    z = _batch(rng, n)
    passed = forward(z, epsilon=0.0)
    u, variance, away = passed.u, passed.variance, z[0] - passed.u
    return Question(
        f"A batch of n = {n} samples gives one neuron the net inputs z = {_listed(z)}. "
        "Take ε = 0 and the book's divisor n − 1. **What is z̄₁, the first one normalised?**",
        float(passed.z_bar[0]),
        f"The mean is u {equals(u)}. The squared distances from it sum to {number((n - 1) * variance)}, so "
        f"σ² {equals(variance)}. Then z̄₁ = (z₁ − u)/√σ², with z₁ = {number(z[0])}.",
        (
            (away / np.sqrt((n - 1) / n * variance), "You divided the sum of squares by n, not by n − 1."),
            (away / variance, "You divided by σ². Take its root first."),
            (z[0] / np.sqrt(variance), "You forgot to subtract the mean u."),
            (away, "That is z₁ − u. It is still to be divided by √σ²."),
        ),
    )


def what_is_left(rng: np.random.Generator) -> Question:
    """Dz of one sample from its g, its z̄, and what β and γ got."""
    n = int(rng.integers(3, 6))
    passed = forward(_batch(rng, n), gamma=float(rng.integers(2, 7)) / 2, epsilon=0.0)
    g = rng.integers(-30, 31, n) / 10
    sums, j = backward(passed, g), int(rng.integers(n))
    name = subscript(j + 1)
    factor, z_bar = _as_printed(passed.gamma / passed.scale), _as_printed(passed.z_bar[j])
    dbeta, dgamma = (_as_printed(round(value, 9)) for value in (sums.dbeta, sums.dgamma))
    own, mean, slope = g[j], dbeta / n, z_bar * dgamma / (n - 1)  # before the factor γ/s
    return Question(
        f"In a batch of n = {n}, sample {j + 1} has z̄{name} = {number(z_bar)}, with the book's divisor n − 1, and "
        f"receives g{name} = {number(own)}. Over the batch dβ = Σ g = {number(dbeta)} and dγ = Σ g z̄ = "
        f"{number(dgamma)}; also γ/s = {number(factor)}. **What is dz{name}?**",
        factor * (own - mean - slope),
        f"dz{name} = γ/s · (g{name} − dβ/n − z̄{name} dγ/(n − 1)) = {number(factor)} · ({number(own)} − "
        f"({number(dbeta)})/{n} − ({number(z_bar)}) · ({number(dgamma)})/{n - 1}).",
        (
            (
                factor * (own - mean - slope * (n - 1) / n),
                "You divided dγ by n, as the printed solution does. Here σ² divides by n − 1.",
            ),
            (factor * own, "That is its own path alone. u and σ² take their part away."),
            (factor * (own - mean), "You left out the path through σ², z̄ dγ/(n − 1)."),
            (factor * (own - slope), "You left out the path through u, dβ/n."),
            (own - mean - slope, "That is what is left of g. It is still to be multiplied by γ/s."),
        ),
    )


def gradient_wiped_out(rng: np.random.Generator) -> Question:
    """The last dz of a batch from all others: together they are 0."""
    n = int(rng.integers(3, 6))
    passed = forward(_batch(rng, n), gamma=2.0, epsilon=0.0)
    dz = backward(passed, rng.integers(-30, 31, n) / 10).dz.round(2)
    others, name = dz[:-1], subscript(n)
    total = float(others.sum())
    return Question(
        f"Of a batch of n = {n} samples, these gradients have come out of batch normalisation: dz = "
        f"{_listed(others)}. The last one, dz{name}, has been wiped out. **What was it?**",
        -total,
        f"The dz of a batch sum to 0, because adding one number to all z changes no z̄. The others sum to "
        f"{number(total)}.",
        (
            (total, "Your sign is the wrong way round: together with the others it must give 0."),
            (total / (n - 1), "That is the mean of the others. Their sum is what has to be cancelled."),
            (-total / (n - 1), "That would cancel their mean. Their sum is what has to be cancelled."),
            (0.0, "The sum of all dz is 0, not each of them."),
        ),
    )


def variance_of_prediction(rng: np.random.Generator) -> Question:
    """The variance PyTorch keeps for prediction, from that it normalises a batch with."""
    n, variance = int(rng.integers(3, 9)), float(rng.integers(10, 60)) / 10
    return Question(
        f"PyTorch normalises a batch of n = {n} with the variance σ² = {number(variance)}, which divides by n. "
        "For prediction it keeps the variance of the same batch that divides by n − 1. **Which number is that?**",
        variance * n / (n - 1),
        f"The sum of squares is n σ² = {number(n * variance)}; divided by n − 1 = {n - 1} it is larger by the "
        f"factor {n}/{n - 1}.",
        (
            (variance, "That is the variance in training. The one that is kept has another divisor."),
            (variance * (n - 1) / n, "You made it smaller. Dividing the same sum by n − 1 makes it larger."),
            (variance * n, "That is the sum of squares. It is still to be divided by n − 1."),
            (variance / (n - 1), "You divided σ² by n − 1. Multiply it by n first: σ² is already divided by n."),
        ),
    )


QUESTIONS: Mapping[str, Callable[[np.random.Generator], Question]] = {
    "Normalise": normalised_input,
    "What is left for z?": what_is_left,
    "The gradient that was wiped out": gradient_wiped_out,
    "Two divisors": variance_of_prediction,
}
