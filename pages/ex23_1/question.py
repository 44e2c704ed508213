"""What page 23.1 asks: numbers drawn at random, the answer from `nnlib`, typical mistakes, and the working."""

from collections.abc import Callable, Mapping

import numpy as np

from nnlib.activations import sigmoid
from nnlib.chapter23.gates import CORNERS, corner_net_inputs, gate_network
from pages.shared.numbers import equals, number
from pages.shared.practice import Question


def bias_of_gate(rng: np.random.Generator) -> Question:
    """The bias that puts the threshold of AND, OR, NAND or NOR halfway between the two sides."""
    gate = ("AND", "OR", "NAND", "NOR")[int(rng.integers(4))]
    size = int(rng.integers(3, 20))
    w = size if gate in ("AND", "OR") else -size
    share = 1.5 if gate in ("AND", "NAND") else 0.5
    other = 0.5 if share == 1.5 else 1.5
    partner = {"AND": "OR", "OR": "AND", "NAND": "NOR", "NOR": "NAND"}[gate]
    nearest = ("(0, 1)", "(1, 1)") if share == 1.5 else ("(0, 0)", "(0, 1)")
    return Question(
        f"A neuron is to compute {gate} of x₁ and x₂, and both its weights are {number(w)}. So z must be above 0 "
        "at some corners and below 0 at the others. Choose b so that the lowest z above 0 and the highest z below "
        "0 are equally far from 0. **Which bias b does that?**",
        -share * w,
        f"These corners are {nearest[0]}, where z is {'w + b' if share == 1.5 else 'b'}, and {nearest[1]}, where "
        f"z is {'2w + b' if share == 1.5 else 'w + b'}. "
        f"Their sum is 0 at b = {'−3w/2' if share == 1.5 else '−w/2'}.",
        (
            (share * w, "Your sign is the wrong way round: the bias has to work against the weights."),
            (-other * w, f"With this bias the neuron computes {partner}."),
            (float(-w), "With this bias z is exactly 0 at (0, 1) and (1, 0), and the output there is ½."),
        ),
    )


def fourth_corner(rng: np.random.Generator) -> Question:
    """z of one neuron at (1, 1) from the other three corners: why no neuron computes XNOR."""
    z = corner_net_inputs(rng.integers(-12, 13, 3))
    neither, second, first, both = z.tolist()
    return Question(
        f"One neuron has z = {number(neither)} at (0, 0), z = {number(second)} at (0, 1) and z = {number(first)} "
        "at (1, 0). **What is its z at (1, 1)?**",
        both,
        f"z is b at (0, 0), w₂ + b at (0, 1), w₁ + b at (1, 0) and w₁ + w₂ + b at (1, 1). So the first and last "
        f"add up to the same as the two in the middle: {number(second)} + ({number(first)}) − "
        f"({number(neither)}). That is why no neuron has a z that is positive at the "
        "first and last and negative at the other two, as XNOR needs.",
        (
            (first + second, "You counted the bias twice: it is in both numbers that you added."),
            (first + second + neither, "The value at (0, 0) has to be taken away, not added."),
            (first + second - 2 * neither, "You left out the bias: this is w₁ + w₂ alone."),
        ),
    )


def folded_output(rng: np.random.Generator) -> Question:
    """y of a 2-2-1 network at a corner, from h₁ and h₂ that are not quite 0 and 1."""
    parameters = np.concatenate([rng.integers(-2, 3, 6), rng.integers(-5, 6, 3)])
    x1, x2 = (int(v) for v in CORNERS[int(rng.integers(4))])
    trace = gate_network(parameters).trace(np.array([[x1, x2]], float), np.zeros((1, 1)))
    (h1, h2), z, y = trace.h[1][0], trace.z[1].item(), trace.h[2].item()
    w1, w2, b = parameters[6:]
    rounded = sigmoid(np.array(w1 * np.round(h1) + w2 * np.round(h2) + b)).item()
    return Question(
        f"At the corner ({x1}, {x2}) the hidden neurons say h₁ {equals(h1)} and h₂ {equals(h2)}. Neuron y has "
        f"the weights w₁⁽²⁾ = {number(w1)} and w₂⁽²⁾ = {number(w2)} and the bias b⁽²⁾ = {number(b)}. "
        "**What is y?**",
        y,
        f"z = w₁⁽²⁾ h₁ + w₂⁽²⁾ h₂ + b⁽²⁾ ≈ {number(w1)} · {number(h1)} + ({number(w2)}) · {number(h2)} + "
        f"({number(b)}) ≈ {number(z)}, and y = σ(z) ≈ σ({number(z)}).",
        (
            (z, "That is the net input z⁽²⁾. The sigmoid is still to be applied to it."),
            (1 - y, "That is σ(−z): look at the sign in the exponent, which is e^−z."),
            (rounded, "You rounded h₁ and h₂ to 0 and 1. They are not sharp enough for that here."),
        ),
        (0, 1),
        "An output of σ lies between 0 and 1. Is yours a net input z?",
    )


def hidden_error(rng: np.random.Generator) -> Question:
    """δ of a hidden neuron, which back-propagation finds from the error of y."""
    h, y = (int(v) / 100 for v in rng.integers(10, 91, 2))
    w, target = int(rng.choice([-9, -7, -6, -5, -4, 4, 5, 6, 7, 9])), int(rng.integers(2))
    delta = y - target
    return Question(
        f"With cross-entropy, a corner with the target {target} gets y = {number(y)}. There h₁ = {number(h)}, and "
        f"its weight to y is w₁⁽²⁾ = {number(w)}. **What is the error δ₁⁽¹⁾ of neuron h₁, "
        "the derivative of the loss with respect to its net input z₁⁽¹⁾?**",
        h * (1 - h) * w * delta,
        f"δ⁽²⁾ = y − target = {number(delta)}. Back through the weight: {number(w)} · {number(delta)} "
        f"{equals(w * delta)}. Back through the sigmoid: times h₁(1 − h₁) {equals(h * (1 - h))}.",
        (
            (w * delta, "You left out the slope of the sigmoid, h₁(1 − h₁)."),
            (-h * (1 - h) * w * delta, "Your sign is the wrong way round: the error starts as y − target."),
            (y * (1 - y) * w * delta, "You took the slope of y. The error passes through h₁ on its way back."),
            (h * w * delta, "The slope of the sigmoid is h₁(1 − h₁), not h₁."),
        ),
    )


QUESTIONS: Mapping[str, Callable[[np.random.Generator], Question]] = {
    "The bias of a gate": bias_of_gate,
    "The fourth corner": fourth_corner,
    "After the fold": folded_output,
    "The error of a hidden neuron": hidden_error,
}
