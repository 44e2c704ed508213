"""What page 23.2 asks: numbers drawn at random, the answer from `nnlib`, typical mistakes, and the working."""

from collections.abc import Callable, Mapping

import numpy as np

from nnlib.chapter23.multilabel import multilabel_loss
from nnlib.losses import binary_cross_entropy_elements, binary_cross_entropy_gradient
from pages.shared.numbers import equals, number
from pages.shared.practice import Question


def label_gradient(rng: np.random.Generator) -> Question:
    """∂L/∂p of one cell."""
    n, y = int(rng.integers(2, 6)), int(rng.integers(0, 2))
    p = float(rng.integers(1, 10)) / 10
    P, Y = np.full((n, 1), 0.5), np.zeros((n, 1))
    P[0], Y[0] = p, y
    answer = binary_cross_entropy_gradient(P, Y)[0].item()
    return Question(
        f"One dial stands at p = {number(p)}, and the truth is y = {y}. There are N = {n} films. "
        "**What is ∂L/∂p of this cell?**",
        answer,
        f"∂L/∂p = (p − y) / (N p (1 − p)) = ({number(p)} − {y}) / ({n} · {number(p)} · {number(1 - p)}).",
        (
            (n * answer, "You left out 1/N: the loss is an average over the films."),
            (
                -answer,
                "Your sign is the wrong way round. L falls when p moves towards y: the sign is that of p − y.",
            ),
            ((p - y) / n, "That is ∂L/∂z. The denominator p (1 − p) cancels only with the slope of the sigmoid."),
            ((p - y) / (n * p), "You divided by p alone. The denominator is N p (1 − p)."),
            ((p - y) / (n * (1 - p)), "You divided by 1 − p alone. The denominator is N p (1 − p)."),
        ),
    )


def step_of_z(rng: np.random.Generator) -> Question:
    """Which way a dial turns: one step of gradient descent in z."""
    n, y = int(rng.integers(2, 6)), int(rng.integers(0, 2))
    z, rate = float(rng.choice([-1, 1]) * rng.integers(3, 31)) / 10, float(rng.integers(2, 9))
    Z, Y = np.zeros((n, 1)), np.zeros((n, 1))
    Z[0], Y[0] = z, y
    result = multilabel_loss(Z, Y)
    p, dp, dz = result.P[0, 0], result.dP[0, 0], result.dZ[0, 0]
    return Question(
        f"A cell has z = {number(z)}, so p = σ(z) {equals(p)}. The truth is y = {y}, and there are N = {n} "
        f"films. To make L smaller, z takes one step of gradient descent at the rate η = {number(rate)}. **What "
        "is z afterwards?**",
        z - rate * dz,
        f"∂L/∂z = (p − y) / N ≈ ({number(p)} − {y}) / {n} ≈ {number(dz)}. The step goes against it: "
        f"z − η ∂L/∂z ≈ {number(z)} − {number(rate)} · ({number(dz)}).",
        (
            (z + rate * dz, "You went uphill: L grows in the direction of its gradient, so z goes against it."),
            (z - rate * n * dz, "You left out 1/N in ∂L/∂z."),
            (
                z - rate * dp,
                "You took ∂L/∂p. It says how p should move; for z it is still to be multiplied by p (1 − p).",
            ),
            (z - dz, "You forgot the rate η, by which the gradient is multiplied."),
            (-rate * dz, "That is the step alone. Add it to z."),
            (p - rate * dz, "You moved p. It is z that takes the step, and p follows from it."),
        ),
    )


def loss_of_a_film(rng: np.random.Generator) -> Question:
    """−Σ_k [y log p + (1 − y) log(1 − p)] of one film with three genres, some of which fit and some do not."""
    p = rng.choice(np.arange(1, 10), 3, replace=False) / 10
    y = rng.permutation([1.0, 0.0, float(rng.integers(0, 2))])
    elements = binary_cross_entropy_elements(p[None], y[None])[0]
    answer = float(elements.sum())
    logs = " − ".join(f"log {number(given)}" for given in np.where(y == 1, p, 1 - p))
    shown = [", ".join(map(number, values)) for values in (p, y)]
    return Question(
        f"For the three genres of one film your dials stand at p = ({shown[0]}), and the truth is y = "
        f"({shown[1]}). log is the natural logarithm. **What does this film cost, all its cells together?**",
        answer,
        f"Where y = 1 a cell costs −log p, and where y = 0 it costs −log(1 − p). Together: −{logs}.",
        (
            (float(elements[y == 1].sum()), "You left out the genres that do not fit. Each costs −log(1 − p)."),
            (float(-np.log(p).sum()), "You took −log p in every cell. Where y = 0 it is −log(1 − p)."),
            (float(-np.log(1 - p).sum()), "You took −log(1 − p) in every cell. Where y = 1 it is −log p."),
            (
                answer / 3,
                "You averaged over the genres. The book sums over labels, and averages over samples only.",
            ),
            (-answer, "You lost the minus: the logarithm of a probability is negative, and the loss is positive."),
            (answer / float(np.log(10)), "You took logarithms to the base 10. In the loss they are natural ones."),
        ),
    )


def rate_for_the_same_step(rng: np.random.Generator) -> Question:
    """The learning rate that makes up for an l too many in the denominator."""
    n, labels = int(rng.integers(2, 6)), int(rng.integers(2, 7))
    rate = float(rng.integers(1, 9)) / 10
    return Question(
        f"A network for N = {n} films and $l$ = {labels} genres learns well by the book's loss at the rate η = "
        f"{number(rate)}. Your library divides the loss by $N \\cdot l$, not by N. **Which rate makes the same "
        "steps there?**",
        rate * labels,
        f"Every gradient is $l$ = {labels} times shorter there. So the rate must be $l$ times larger: "
        f"{number(rate)} · {labels}.",
        (
            (rate / labels, "That makes the steps shorter still. The gradient has become $l$ times smaller."),
            (rate * n * labels, "Both losses divide by N already. Only the $l$ is new."),
            (rate * n, "Both losses divide by N. It is $l$ that makes the difference."),
            (
                rate,
                "At the same rate the steps would be $l$ times shorter, because every gradient is divided by $l$.",
            ),
        ),
    )


QUESTIONS: Mapping[str, Callable[[np.random.Generator], Question]] = {
    "The gradient in p": label_gradient,
    "Which way must z move?": step_of_z,
    "What a film costs": loss_of_a_film,
    "One $l$ too many": rate_for_the_same_step,
}
