"""What page 23.4 asks: numbers drawn at random, the answer from `nnlib`, typical mistakes, and the working."""

from collections.abc import Callable, Mapping

import numpy as np

from nnlib.chapter23.graphs import sigmoid_graph
from nnlib.graph import Graph
from pages.shared.graph.model import differentiated
from pages.shared.numbers import number
from pages.shared.practice import Question

LOSSES = {
    "cross-entropy": "cross-entropy, −y log f − (1 − y) log(1 − f)",
    "squared error": "squared error, ½ (f − y)²",
}


def _draw(rng: np.random.Generator, loss: str, opened: bool = False) -> tuple[float, int, Graph]:
    """A net input, a label, and their graph with its backward pass made."""
    z, y = float(rng.choice([-1, 1]) * rng.integers(3, 21)) / 10, int(rng.integers(0, 2))
    return z, y, differentiated(sigmoid_graph(z, y, loss, opened=opened))


def _gradient(graph: Graph, name: str) -> float:
    return graph.node(name).gradient or 0.0


def sigmoid_gradient(rng: np.random.Generator) -> Question:
    """∂L/∂z through the sigmoid, for either loss."""
    loss = str(rng.choice(list(LOSSES)))
    z, y, graph = _draw(rng, loss)
    f, upstream, slope = graph.node("f").value, _gradient(graph, "f"), graph.edge("z", "f").local
    is_squared = loss == "squared error"
    mine = (
        ((upstream, "You left out the slope: ∂L/∂f is still to be multiplied by f (1 − f)."),)
        if is_squared
        else (
            (upstream, "That is ∂L/∂f. It is still to be multiplied by f (1 − f)."),
            ((f - y) * slope, "That is ∂L/∂z of squared error. With cross-entropy the factor f (1 − f) cancels."),
        )
    )
    return Question(
        f"The net input is z = {number(z)}, which gives f = σ(z) = {number(f)}. The label is y = {number(y)}. The "
        f"loss is {LOSSES[loss]}. **What is ∂L/∂z?**",
        _gradient(graph, "z"),
        f"∂L/∂f = {'f − y' if is_squared else '(f − y) / (f (1 − f))'} = {number(upstream)}. The "
        f"local derivative is "
        f"f (1 − f) = {number(slope)}. The chain rule multiplies the two.",
        (
            *mine,
            (
                -_gradient(graph, "z"),
                "Your sign is the wrong way round: both losses have f − y in them, not y − f.",
            ),
            (upstream * upstream * slope, "You multiplied by ∂L/∂f twice, as the printed solution does."),
            (slope, "That is the local derivative f (1 − f) alone. Multiply it by what comes from L, ∂L/∂f."),
        ),
    )


def missing_upstream(rng: np.random.Generator) -> Question:
    """The upstream gradient ∂L/∂f, from the message that came to z."""
    _, _, graph = _draw(rng, str(rng.choice(list(LOSSES))))
    f, slope = graph.node("f").value, graph.edge("z", "f").local
    answer, message = _gradient(graph, "f"), _gradient(graph, "z")
    return Question(
        f"In the backward graph f = {number(f)}, and the message from f to z is {number(message)}. "
        "The message from L to f has been wiped out. **What was it?**",
        answer,
        f"The message to z is ∂L/∂f · f (1 − f), and f (1 − f) = {number(slope)}. So ∂L/∂f = {number(message)} / "
        f"{number(slope)}.",
        (
            (message * slope, "You multiplied by f (1 − f). Going back to ∂L/∂f, you have to divide by it."),
            (message / f, "You divided by f alone. The local derivative is f (1 − f)."),
            (message / (1 - f), "You divided by 1 − f alone. The local derivative is f (1 − f)."),
            (-answer, "Your sign is the wrong way round: f (1 − f) is positive, so both messages have one sign."),
            (message, "That is the message to z. The one to f is larger, because f (1 − f) makes it smaller."),
        ),
    )


def step_of_z(rng: np.random.Generator) -> Question:
    """Which way z must move: one step of gradient descent on z itself."""
    loss = str(rng.choice(list(LOSSES)))
    z, y, graph = _draw(rng, loss)
    rate = float(rng.choice([0.5, 2.0, 3.0]))
    f, gradient, upstream = graph.node("f").value, _gradient(graph, "z"), _gradient(graph, "f")
    return Question(
        f"Here z = {number(z)}, f = σ(z) = {number(f)} and y = {y}, and ∂L/∂f = {number(upstream)}. To make L "
        f"smaller, z itself takes one step of gradient descent at the rate η = {number(rate)}. "
        "**What is z afterwards?**",
        z - rate * gradient,
        f"∂L/∂z = ∂L/∂f · f (1 − f) = {number(gradient)}. The step goes against it: z − η ∂L/∂z = {number(z)} − "
        f"{number(rate)} · ({number(gradient)}).",
        (
            (
                z + rate * gradient,
                "You went uphill: L grows in the direction of the gradient, so z goes against it.",
            ),
            (z - rate * upstream, "You forgot the slope f (1 − f): ∂L/∂f says how f must move, not z."),
            (z - gradient, "You forgot the rate η, by which the gradient is multiplied."),
            (-rate * gradient, "That is the step alone. Add it to z."),
            (f - rate * gradient, "You moved f. It is z that takes the step, and f follows from it."),
        ),
    )


def message_in_opened_sigmoid(rng: np.random.Generator) -> Question:
    """A message inside σ, opened into its four operations: through 1/v with v = 1 + exp(−z)."""
    _, _, graph = _draw(rng, str(rng.choice(list(LOSSES))), opened=True)
    f, upstream = graph.node("f").value, _gradient(graph, "f")
    v = graph.node("1 + exp(−z)").value
    answer = _gradient(graph, "1 + exp(−z)")
    return Question(
        f"Open σ: its last operation is f = 1/v with v = 1 + exp(−z). Here v = {number(v)}, so f = "
        f"{number(f)}, and "
        f"∂L/∂f = {number(upstream)} has arrived at f. **Which message does f send to v?**",
        answer,
        f"The local derivative of 1/v is −1/v² = −f² = {number(-f * f)}. Multiply ∂L/∂f by it.",
        (
            (-answer, "You forgot the minus: 1/v falls when v grows, so its derivative is −1/v²."),
            (upstream * f, "You multiplied by 1/v, its value. Its derivative is −1/v²."),
            (-upstream * f, "The square is missing: the derivative of 1/v is −1/v²."),
            (upstream * f * (1 - f), "f (1 − f) belongs to the whole of σ. Here only the step 1/v is meant."),
            (-f * f, "That is the local derivative alone. Multiply it by ∂L/∂f."),
        ),
    )


QUESTIONS: Mapping[str, Callable[[np.random.Generator], Question]] = {
    "The message to z": sigmoid_gradient,
    "Which way must z move?": step_of_z,
    "The message that was wiped out": missing_upstream,
    "Inside the sigmoid": message_in_opened_sigmoid,
}
