"""The chapter's computation graphs: the sigmoid with a loss (23.4), and softmax with cross-entropy (23.5)."""

import math
from collections.abc import Sequence

import numpy as np

from nnlib.graph import (
    Graph,
    add,
    constant,
    cross_entropy,
    exp,
    log,
    multiply,
    negate,
    reciprocal,
    sigmoid,
    softmax_cross_entropy,
    squared_error,
    variable,
)
from nnlib.notation import subscript
from nnlib.validation import check_choice

SIGMOID_LOSSES = {"cross-entropy": cross_entropy, "squared error": squared_error}
SIGMOID_MISTAKES = ("none", "forgotten σ′", "as printed", "wrong sign")
SOFTMAX_MISTAKES = ("none", "as printed", "forgotten branch", "wrong sign")


def sigmoid_graph(
    z: float, y: float, loss: str = "cross-entropy", mistake: str = "none", opened: bool = False
) -> Graph:
    """f = σ(z), L = ℓ(f, y): the graph of book section 23.2.4, before its backward pass.

    By the chain rule ∂L/∂z = ∂L/∂f · f(1 − f). For cross-entropy f(1 − f) cancels: ∂L/∂z = f − y.

    Parameters
    ----------
    z, y : net input and label; cross-entropy needs 0 ≤ y ≤ 1 and a σ(z) that does not round to 0 or 1
    loss : "cross-entropy", or "squared error" for ½(f − y)²
    mistake : one of `SIGMOID_MISTAKES`, put into the backward pass: "forgotten σ′", "as printed" (the misprint
        ∂L/∂f · ∂L/∂f · f(1 − f)) or "wrong sign" (of ∂L/∂f)
    opened : σ as its four operations, −z, exp(−z), 1 + exp(−z) and 1/(1 + exp(−z)), instead of one node. The
        first mistake is then made at each of them whose local derivative is not 1, the second at the first one on
        the way back

    Raises
    ------
    ValueError, TypeError
        For a loss or mistake that is not listed, or a bad z or y.
    """
    check_choice("loss", loss, SIGMOID_LOSSES)
    check_choice("mistake", mistake, SIGMOID_MISTAKES)
    start = variable("z", z)
    if opened:
        minus = negate(start)
        f = reciprocal(add(constant("1", 1.0), exp(minus, label="exp(−z)")), label="f")
    else:
        f = sigmoid(start, label="f")
    output = SIGMOID_LOSSES[loss](f, variable("y", y))
    graph = Graph(output)
    cancels = loss == "cross-entropy"  # f(1 − f) stands in the denominator of its ∂L/∂f
    to_z, to_f = graph.edge("z", "−z" if opened else "f"), graph.edge("f", "L")
    if opened:
        squared = "f(y − f)/(1 − f)" if cancels else "(y − f) · f²"  # ∂L/∂f · (−f²)
        graph.edge("1 + exp(−z)", "f").message_formula = squared
        graph.edge("exp(−z)", "1 + exp(−z)").message_formula = squared
        graph.edge("−z", "exp(−z)").message_formula = "y − f" if cancels else "(y − f) · f(1 − f)"
    to_z.message_formula = "f − y" if cancels else "(f − y) · f(1 − f)"
    if cancels and not opened:
        to_z.simplification = f"{to_f.formula} · f(1 − f) = f − y"
    inside = [edge for edge in graph.backward_edges() if edge.target is not output]  # of σ, from f back to z
    if mistake == "forgotten σ′":
        for edge in inside:
            if edge.formula != "1":
                edge.plant(graph.derivative_name(edge.target), lambda upstream: upstream)
    elif mistake == "as printed":
        slope = "(−f²)" if opened else "f(1 − f)"
        first = inside[0]
        first.plant(f"∂L/∂f · ∂L/∂f · {slope}", lambda upstream: upstream * upstream * first.local)
    elif mistake == "wrong sign":
        to_f.plant(f"−({to_f.formula})", lambda upstream: -upstream * to_f.local)
    return graph


def softmax_graph(
    x: Sequence[float], y: Sequence[float], mistake: str = "none", subtract_maximum: bool = False
) -> Graph:
    """L = −Σ y_k log p_k with p = softmax(x), node by node as in book figure 23.31.

    Backward, the two branches of exp x_k bring (Σy)/S and −y_k/exp x_k, and

        exp x_k · ((Σy)/S − y_k/exp x_k) = (Σy) p_k − y_k,

    which is p_k − y_k when the labels sum to 1.

    Parameters
    ----------
    x : net inputs, two or more
    y : labels, as many, each 0 or more; one-hot or soft
    mistake : one of `SOFTMAX_MISTAKES`, put into the backward pass: "as printed" (−y₃/exp x₃ on the exp branch
        of class 2), "forgotten branch" (nothing comes back through S) or "wrong sign"
        (+1/S² for the derivative of 1/S)
    subtract_maximum : evaluate at x − max(x), which leaves p as it is and keeps exp from overflowing

    Raises
    ------
    ValueError, TypeError
        For lengths that differ, a negative label, a value that is not finite, fewer than three classes with
        "as printed", or an x so spread out that an exp overflows or a p rounds to 0.
    """
    if len(x) < 2 or len(x) != len(y):
        raise ValueError(f"x and y must have one length, 2 or more, got {len(x)} and {len(y)}")
    check_choice("mistake", mistake, SOFTMAX_MISTAKES)
    if mistake == "as printed" and len(x) < 3:
        raise ValueError(f"mistake 'as printed' needs 3 classes, got {len(x)}")
    names = [subscript(k + 1) for k in range(len(x))]
    shift = max(x) if subtract_maximum else 0.0
    inputs = [variable(f"x{k}", v - shift) for k, v in zip(names, x, strict=True)]
    labels = [constant(f"y{k}", v) for k, v in zip(names, y, strict=True)]
    if any(label.value < 0 for label in labels):
        raise ValueError(f"y must not be negative, got {list(y)!r}")

    exps = [exp(node) for node in inputs]
    S = add(*exps, label="S")
    share = reciprocal(S)
    p = [multiply(e, share, label=f"p{k}") for e, k in zip(exps, names, strict=True)]
    logs = [log(node) for node in p]
    products = [
        multiply(label, node, label=f"y{k} log p{k}") for label, node, k in zip(labels, logs, names, strict=True)
    ]
    total = add(*products, label="Σ y log p")
    graph = Graph(multiply(total, constant("−1", -1.0), label="L"))

    one = math.isclose(math.fsum(y), 1.0, abs_tol=1e-9)
    count = math.fsum(y)
    from_S, into_x = ("1/S", "") if one else ("(Σy)/S", f"{count:g}" if count in range(2, 10) else "(Σy)·")
    graph.edge("S", "1/S").message_formula = from_S
    for k, e, product in zip(names, exps, products, strict=True):
        graph.edge(product.label, total.label).message_formula = "−1"
        graph.edge(f"log p{k}", product.label).message_formula = f"−y{k}"
        graph.edge(f"p{k}", f"log p{k}").message_formula = f"−y{k}/p{k}"
        graph.edge(e.label, f"p{k}").message_formula = f"−y{k}/exp x{k}"
        graph.edge("1/S", f"p{k}").message_formula = f"−y{k}·S"
        graph.edge(e.label, "S").message_formula = from_S
        into = graph.edge(f"x{k}", e.label)
        into.message_formula = f"{into_x}p{k} − y{k}"
        into.simplification = f"exp x{k} · ({from_S} − y{k}/exp x{k}) = {into.message_formula}"

    if mistake == "as printed":
        wrong = -labels[2].value / exps[2].value
        graph.edge("exp x₂", "p₂").plant("−y₃/exp x₃", lambda upstream: wrong)
    elif mistake == "forgotten branch":
        for e in exps:
            graph.edge(e.label, "S").plant("0", lambda upstream: 0.0)
    elif mistake == "wrong sign":
        edge = graph.edge("S", "1/S")
        edge.plant(f"−{from_S}", lambda upstream: -upstream * edge.local)
    return graph


def folded_softmax_graph(x: Sequence[float], y: Sequence[float]) -> Graph:
    """`softmax_graph` folded: softmax with cross-entropy as one node, whose messages are p_k − y_k.

    Parameters
    ----------
    x, y : as for `softmax_graph`

    Raises
    ------
    ValueError, TypeError
        For lengths that differ, or a value that is not finite.
    """
    names = [subscript(k + 1) for k in range(len(x))]
    inputs = [variable(f"x{k}", v) for k, v in zip(names, x, strict=True)]
    labels = [constant(f"y{k}", v) for k, v in zip(names, y, strict=True)]
    return Graph(softmax_cross_entropy(inputs, labels))


def softmax_shortcut(p: Sequence[float], y: Sequence[float]) -> np.ndarray:
    """∂L/∂x of `softmax_graph` in one line, (Σy) p − y, which is p − y for labels that sum to 1.

    Parameters
    ----------
    p, y : probabilities and labels, one a class

    Raises
    ------
    ValueError
        If they are not of one length.
    """
    if len(p) != len(y):
        raise ValueError(f"p and y must have one length, got {len(p)} and {len(y)}")
    labels = np.asarray(y, dtype=np.float64)
    return np.asarray(labels.sum() * np.asarray(p, dtype=np.float64) - labels)
