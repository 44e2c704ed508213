"""What page 23.5 asks: numbers drawn at random, the answer from `nnlib`, typical mistakes, and the working."""

from collections.abc import Callable, Mapping

import numpy as np

from nnlib.chapter23.graphs import softmax_graph
from nnlib.graph import Graph
from nnlib.notation import subscript
from pages.shared.graph.model import differentiated
from pages.shared.numbers import number, read_number
from pages.shared.practice import Question

LABELS = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.5, 0.3, 0.2), (0.2, 0.2, 0.6))


def _draw(rng: np.random.Generator, labels: tuple[tuple[float, ...], ...]) -> tuple[Graph, str, str]:
    """A graph with its backward pass made, the number of one of its classes, and a sentence that gives x and y."""
    x, y = rng.integers(-15, 16, 3) / 10, labels[int(rng.integers(len(labels)))]
    graph = differentiated(softmax_graph(x.tolist(), y))
    exps = ", ".join(number(graph.node(f"exp x{k}").value) for k in "₁₂₃")
    given = f"Three classes have exp x = ({exps}), and the labels are y = ({', '.join(map(number, y))})."
    return graph, subscript(int(rng.integers(3)) + 1), given


def softmax_gradient(rng: np.random.Generator) -> Question:
    """∂L/∂x of one class, from labels that sum to 1."""
    graph, k, given = _draw(rng, LABELS)
    e, p, y, S = (graph.node(name).value for name in (f"exp x{k}", f"p{k}", f"y{k}", "S"))
    return Question(
        f"{given} **What is ∂L/∂x{k}?**",
        graph.node(f"x{k}").gradient or 0.0,
        f"S = {number(S)}, so p{k} = {number(e)} / S = {number(p)}. The labels sum to 1, so the "
        f"gradient is p − y = "
        f"{number(p)} − {number(y)}.",
        (
            (y - p, "Your sign is the wrong way round: the gradient is p − y, negative where p is too small."),
            (e - y, f"You forgot to divide by S: p{k} is exp x{k} / S."),
            (
                graph.node(f"exp x{k}").gradient or 0.0,
                f"That is the gradient of exp x{k}. One more edge leads to x{k}.",
            ),
            ((p - y) * p * (1 - p), "You multiplied by p (1 − p). In cross-entropy the slope of softmax cancels."),
        ),
    )


def branch_message(rng: np.random.Generator) -> Question:
    """What the × that makes p sends back along the exp branch, where the printed solution errs."""
    graph, k, given = _draw(rng, LABELS[3:])
    e, p, y, S = (graph.node(name).value for name in (f"exp x{k}", f"p{k}", f"y{k}", "S"))
    edge = graph.edge(f"exp x{k}", f"p{k}")
    other = "₁" if k == "₃" else "₃"
    return Question(
        f"{given} The node × makes p{k} of exp x{k} and 1/S. **Which message does it send back to exp x{k}?**",
        edge.message or 0.0,
        f"The message that has reached p{k} is −y{k}/p{k} = {number(-y / p)}. The × multiplies it by "
        f"its other operand, "
        f"1/S = {number(1 / S)}, which gives −y{k}/exp x{k}.",
        (
            (y / e, "The minus is missing: it comes from −1, the first factor on the way back."),
            (
                -y / p,
                f"That is the message that reaches p{k}. The × still multiplies it by its other operand, 1/S.",
            ),
            (-y * S, "That is the message along the other branch, to 1/S."),
            (
                -graph.node(f"y{other}").value / graph.node(f"exp x{other}").value,
                f"You took the y and the exp of class {other}, as the printed solution does for class 2.",
            ),
            (
                graph.node(f"exp x{k}").gradient or 0.0,
                f"That is the sum of both messages to exp x{k}, not this one.",
            ),
        ),
    )


def two_branches(rng: np.random.Generator) -> Question:
    """The gradient of an exp, at which two branches meet."""
    graph, k, _ = _draw(rng, LABELS[3:])
    through_s, direct = (graph.edge(f"exp x{k}", name).message or 0.0 for name in ("S", f"p{k}"))
    shown = (read_number(number(value)) for value in (through_s, direct, graph.node(f"exp x{k}").value))
    through_s, direct, e = shown  # as the reader has them
    return Question(
        f"Going backward, two messages reach exp x{k} = {number(e)}: through S comes "
        f"{number(through_s)}, and straight "
        f"from p{k} comes {number(direct)}. **What is ∂L/∂x{k}, one edge further back?**",
        read_number(number(through_s + direct)) * e,
        f"The two messages add up to ∂L/∂(exp x{k}) = {number(through_s + direct)}. The derivative of "
        f"exp is its own "
        f"value, {number(e)}, and the message to x{k} is their product.",
        (
            (through_s * e, "You forgot the branch that comes straight from p: the two messages are added."),
            (direct * e, "You forgot the branch through S: the two messages are added."),
            (through_s + direct, f"That is the gradient of exp x{k}. It is still to be multiplied by exp x{k}."),
            ((through_s - direct) * e, "You subtracted the messages. Where branches meet they are always added."),
        ),
    )


def other_sums(rng: np.random.Generator) -> Question:
    """∂L/∂x where the labels do not sum to 1, so that p − y does not hold."""
    graph, k, given = _draw(rng, ((1.0, 1.0, 0.0), (0.5, 1.0, 0.5), (0.0, 1.0, 1.0), (1.0, 0.5, 1.0)))
    e, p, y, S = (graph.node(name).value for name in (f"exp x{k}", f"p{k}", f"y{k}", "S"))
    total = sum(graph.node(f"y{j}").value for j in "₁₂₃")
    return Question(
        f"{given} These labels do not sum to 1. **What is ∂L/∂x{k} now?**",
        graph.node(f"x{k}").gradient or 0.0,
        f"Through S comes (Σy)/S instead of 1/S, so the gradient is (Σy) p − y = {number(total)} · {number(p)} − "
        f"{number(y)}.",
        (
            (p - y, "p − y needs labels that sum to 1. What do the three messages to 1/S add up to here?"),
            (y - total * p, "Your sign is the wrong way round."),
            (
                total * (p - y),
                "Only the branch through S grows with the sum of the labels; the other one carries what it did.",
            ),
            (e * total - y, f"You forgot to divide by S = {number(S)}."),
        ),
    )


QUESTIONS: Mapping[str, Callable[[np.random.Generator], Question]] = {
    "The gradient of a net input": softmax_gradient,
    "The edge where the printed solution errs": branch_message,
    "Where two branches meet": two_branches,
    "Labels that do not sum to 1": other_sums,
}
