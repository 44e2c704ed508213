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
        f"A plain and an inverted network are trained as one run, with p = {number(p)}. A weight w leads out of "
        f"the dropped layer of the plain one, and is {number(w)} now; its twin in the inverted network is w′. In "
        f"the next step of gradient descent, at the rate η = {number(eta)}, the gradient of w is ∂L/∂w = "
        f"{number(gradient)}. **What is w′ after this step?**",
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
        f"In the **inverted** network, with p = {number(p)}, a hidden neuron puts out h = {number(h)}, and its "
        f"mask keeps it. The weight w′ leads from it to a net input z with ∂L/∂z = {number(delta)}. **What is "
        "∂L/∂w′?**",
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


ASKED = {
    "gradient descent": "The plain network learns by gradient descent at the rate η = {value}. **At which rate "
    "must W′ learn**",
    "Adam": "The plain network learns by Adam at the rate η = {value}. **At which rate must W′ learn**",
    "L2 decay": "The plain network learns by gradient descent with L2 decay, λ = {value}. **Which λ must W′ "
    "have**",
}
WHY_NEEDED = {
    "gradient descent": "W′ is p times W and has to move p times as far, with a gradient that is 1/p times as "
    "large: p² η.",
    "Adam": "Adam divides the gradient by its own size, so the 1/p in it is lost. W′ has to move p times as "
    "far: p η.",
    "L2 decay": "∇W′ is 1/p times ∇W. For λ′ W′ = λ′ p W to be 1/p times λ W, λ′ has to be λ/p².",
}
NOT_NEEDED = {  # power of p → what is wrong with it
    "gradient descent": {
        1: "That is p η. The gradient of W′ is 1/p times as large, too.",
        0: "That is η itself: with it, the two runs part.",
        -1: "That is η/p. W′ is smaller than W, and has to move in smaller steps.",
        -2: "That is η/p². W′ is smaller than W, and has to move in smaller steps.",
    },
    "Adam": {
        2: "That is p² η. Adam has already lost the factor 1/p.",
        0: "That is η itself: with it, the two runs part.",
        -1: "That is η/p. W′ is smaller than W, and has to move in smaller steps.",
        -2: "That is η/p². W′ is smaller than W, and has to move in smaller steps.",
    },
    "L2 decay": {
        2: "That is p² λ. W′ is smaller than W, so that it needs a larger λ to shrink by as much as it should.",
        1: "That is p λ. W′ is smaller than W, so that it needs a larger λ to shrink by as much as it should.",
        0: "That is λ itself: with it, the two runs part.",
        -1: "That is λ/p. One factor is not enough: ∇W′ is larger than ∇W, and W′ smaller than W.",
    },
}


def what_the_rule_needs(rng: np.random.Generator) -> Question:
    """The rate that Adam needs for W′, or gradient descent, or the λ of L2."""
    p, rule = _draw_p(rng), str(rng.choice(["gradient descent", "Adam", "L2 decay"]))
    value = float(rng.choice([0.5, 1.0, 2.0, 3.0]))
    needed = NEEDED[rule].decay if rule == "L2 decay" else NEEDED[rule].rate
    return Question(
        f"{ASKED[rule].format(value=number(value))}, with p = {number(p)} and the right W′ at the start, for both "
        "networks to be one run?",
        p**needed * value,
        WHY_NEEDED[rule],
        tuple((p**power * value, sentence) for power, sentence in NOT_NEEDED[rule].items()),
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
