"""What page 23.7 asks: numbers drawn at random, the answer, typical mistakes, and the working."""

from collections.abc import Callable, Mapping

import numpy as np

from nnlib.chapter23.dropout import enumerated_moments
from nnlib.chapter23.dropout_twins import NEEDED
from pages.shared.numbers import number
from pages.shared.practice import Question


def _draw_p(rng: np.random.Generator) -> float:
    return float(rng.integers(2, 9)) / 10


def weight_after_a_step(rng: np.random.Generator) -> Question:
    """The weight w′ of the inverted network after one step of the plain one's w."""
    p, eta = _draw_p(rng), float(rng.choice([0.5, 1.0, 2.0]))
    w = float(rng.choice([-1, 1]) * rng.integers(4, 20)) / 10
    gradient = float(rng.choice([-1, 1]) * rng.integers(3, 16)) / 10
    after = w - eta * gradient
    return Question(
        f"A plain and an inverted network are one and the same run with p = {number(p)}. Behind the dropped layer "
        f"the plain one has the weight w = {number(w)}. In the next step of gradient descent, at the rate η = "
        f"{number(eta)}, its gradient is ∂L/∂w = {number(gradient)}. **What is w′ after this step?**",
        p * after,
        f"w becomes w − η ∂L/∂w = {number(after)}, and w′ is p times w after every step.",
        (
            (after, "That is w itself after the step. The inverted network has p times that."),
            (after / p, "You divided by p. The inverted layer passes on 1/p times as much: its weights are less."),
            (p * w, "That is w′ before the step."),
            (
                p * w - eta * gradient / p,
                "You moved w′ at the rate η, by its own gradient, which is 1/p times as large. It needs p² η.",
            ),
            (p * w - eta * gradient, "You moved w′ as far as w. It has to move p times as far."),
            (p * w - p * p * eta * gradient, "The rate is p² η, but the gradient of w′ is 1/p times that of w."),
        ),
    )


def gradient_of_the_twin(rng: np.random.Generator) -> Question:
    """The gradient of a weight of the inverted network, from what its neuron passes on."""
    p, h = _draw_p(rng), float(rng.integers(3, 10)) / 10
    delta = float(rng.choice([-1, 1]) * rng.integers(4, 16)) / 10
    return Question(
        f"A hidden neuron puts out h = {number(h)}, and its mask keeps it; p = {number(p)}. It feeds a net input "
        f"z with ∂L/∂z = {number(delta)} through the weight w′ of the **inverted** network. **What is ∂L/∂w′?**",
        h / p * delta,
        f"w′ multiplies h̃ = h / p, which is {number(h / p)}, so its gradient is h̃ · ∂L/∂z.",
        (
            (h * delta, "That is ∂L/∂w of plain dropout. Here the neuron passes on h / p."),
            (p * h * delta, "You multiplied by p. Inverted dropout divides by it while it trains."),
            (h / p / p * delta, "You divided by p twice. That is done to the variance, not to the gradient."),
            (-h / p * delta, "The sign is turned round: this is the gradient, not the step against it."),
            (
                delta,
                "That is ∂L/∂z, and the gradient of the bias. For the weight, multiply by what it multiplies.",
            ),
        ),
    )


def what_the_rule_needs(rng: np.random.Generator) -> Question:
    """The rate that Adam needs for W′, or gradient descent, or the λ of L2."""
    p, rule = _draw_p(rng), str(rng.choice(["gradient descent", "Adam", "L2 decay"]))
    value, powers = float(rng.choice([0.5, 1.0, 2.0, 3.0])), NEEDED[rule]
    is_decay = rule == "L2 decay"
    letter, power = ("λ", powers.decay) if is_decay else ("η", powers.rate)
    asked = (
        f"gradient descent with L2 decay, λ = {number(value)}. **Which λ must W′ have**"
        if is_decay
        else f"{rule} at the rate η = {number(value)}. **At which rate must W′ learn**"
    )
    why = {
        "gradient descent": "W′ is p times W and has to move p times as far, with a gradient that is 1/p times as "
        "large: p² η.",
        "Adam": "Adam divides the gradient by its own size, so the 1/p in it is lost. W′ has to move p times as "
        "far: p η.",
        "L2 decay": "∇W′ is 1/p times ∇W. For λ′ W′ = λ′ p W to be 1/p times λ W, λ′ has to be λ/p².",
    }
    smaller = "W′ is smaller than W, and has to move in smaller steps."
    ways = {
        2: f"That is p² {letter}." + (" Adam has already lost the factor 1/p." if rule == "Adam" else ""),
        1: f"That is p {letter}." + ("" if is_decay else " The gradient of W′ is 1/p times as large, too."),
        0: f"That is {letter} itself: with it, the two runs part.",
        -1: f"That is {letter}/p. " + ("One factor is not enough." if is_decay else smaller),
        -2: f"That is {letter}/p². {smaller}",
    }
    return Question(
        f"The plain network learns by {asked}, with W′ = p W at the start and p = {number(p)}, so that both "
        "networks are one run?",
        p**power * value,
        why[rule],
        tuple((p**other * value, sentence) for other, sentence in ways.items() if other != power),
    )


def dropout_variance(rng: np.random.Generator) -> Question:
    """The variance that a random mask gives one output."""
    h, p = float(rng.integers(1, 9)) / 2, _draw_p(rng)
    form = str(rng.choice(["plain", "inverted"]))
    answer = enumerated_moments(np.array([h]), p, form).variance.item()
    what, rule = ("d · h", "p (1 − p) h²") if form == "plain" else ("d · h / p", "(1 − p)/p · h²")
    scale = 1.0 if form == "plain" else 1 / p
    return Question(
        f"A neuron's output is h = {number(h)}. It is kept with probability p = {number(p)}: the mask d is 1, "
        f"else 0. **What is the variance of {what}?**",
        answer,
        f"d is 1 with probability p, so its mean is p and its variance p (1 − p) = {number(p * (1 - p))}. "
        f"A factor is squared in a variance: the variance of {what} is {rule}.",
        (
            (
                p * (1 - p),
                "That is the variance of d alone. The factor that multiplies d is squared, and multiplies.",
            ),
            (p * (1 - p) * h * scale, "A factor is squared in a variance: you multiplied by it only once."),
            (p * h * h * scale * scale, "That is the mean of the square. Take away the square of the mean."),
            (float(np.sqrt(answer)), "That is the standard deviation. The variance is its square."),
            (p * h * scale, "That is the mean."),
            (
                answer * p * p if form == "inverted" else answer / p / p,
                f"That is the variance of {'plain' if form == 'inverted' else 'inverted'} dropout.",
            ),
        ),
    )


QUESTIONS: Mapping[str, Callable[[np.random.Generator], Question]] = {
    "One step of the twin": weight_after_a_step,
    "The gradient of the twin": gradient_of_the_twin,
    "What the rule needs": what_the_rule_needs,
    "The variance of a dropped output": dropout_variance,
}
