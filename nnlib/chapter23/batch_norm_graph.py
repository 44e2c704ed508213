"""Batch normalisation as a computation graph, node by node as in book figure 23.25, with L = Σ g_j z̃_j."""

from collections.abc import Sequence
from functools import partial
from operator import mul

from nnlib.chapter23.batch_norm import MISTAKES, forward
from nnlib.graph import Graph, add, constant, multiply, power, reciprocal, sqrt, subtract, variable
from nnlib.notation import subscript
from nnlib.validation import check_choice


def batch_norm_graph(
    z: Sequence[float],
    upstream: Sequence[float],
    gamma: float = 1.0,
    beta: float = 0.0,
    epsilon: float = 1e-5,
    ddof: int = 1,
    mistake: str = "none",
) -> Graph:
    """The forward pass z → u, σ² → z̄ → z̃ → L of one neuron over a batch, before its backward pass.

    L = Σ g_j z̃_j with given g makes ∂L/∂z̃_j = g_j: the graph stands for any loss with those derivatives.
    In the labels s = √(σ² + ε), and each sample has its number, such as "z₁ − u".

    Parameters
    ----------
    z, upstream : net inputs and g, one of each a sample
    gamma, beta, epsilon, ddof : as in `nnlib.chapter23.batch_norm.forward`; √ needs σ² + ε > 0
    mistake : one of `nnlib.chapter23.batch_norm.MISTAKES`, put into the backward pass

    Raises
    ------
    ValueError, TypeError
        As `nnlib.chapter23.batch_norm.forward` does, or if z and upstream differ in length.
    """
    check_choice("mistake", mistake, MISTAKES)
    passed = forward(z, gamma, beta, epsilon, ddof)
    n = len(passed.z)
    if len(upstream) != n:
        raise ValueError(f"upstream must hold one number a sample, {n}, got {len(upstream)}")
    names = [subscript(j + 1) for j in range(n)]
    inputs = [variable(f"z{j}", float(value)) for j, value in zip(names, z, strict=True)]

    # (23.59) and (23.60)
    total = add(*inputs, label="Σz")
    one_nth = constant(f"1/{n}", 1 / n)
    u = multiply(total, one_nth, label="u")
    away = [subtract(node, u, label=f"z{j} − u") for j, node in zip(names, inputs, strict=True)]
    squares = [power(node, 2, label=f"(z{j} − u)²") for j, node in zip(names, away, strict=True)]
    squares_sum = add(*squares, label="Σ(z − u)²")
    share = one_nth if ddof == 0 else constant(f"1/{n - 1}", 1 / (n - 1))
    variance = multiply(squares_sum, share, label="σ²")

    # (23.61)
    shifted = add(variance, constant("ε", epsilon), label="σ² + ε")
    root = sqrt(shifted, label="s")
    inverse = reciprocal(root)
    bars = [multiply(node, inverse, label=f"z̄{j}") for j, node in zip(names, away, strict=True)]

    gamma_node, beta_node = variable("γ", gamma), variable("β", beta)
    scaled = [multiply(gamma_node, node, label=f"γz̄{j}") for j, node in zip(names, bars, strict=True)]
    tildes = [add(node, beta_node, label=f"z̃{j}") for j, node in zip(names, scaled, strict=True)]
    products = [
        multiply(constant(f"g{j}", float(g)), node, label=f"g{j}z̃{j}")
        for j, g, node in zip(names, upstream, tildes, strict=True)
    ]
    graph = Graph(add(*products, label="L"))

    # z̄ bends when z moves by about s, and when squares move by s²
    s = passed.scale
    for node in [*inputs, total, u, *away]:
        node.scale = s
    for node in [*squares, squares_sum, variance]:
        node.scale = s * s
    _name_messages(graph, names, ddof)
    _plant(graph, names, n, mistake)
    return graph


def _name_messages(graph: Graph, names: Sequence[str], ddof: int) -> None:
    """Write each message as the derivation does: dz̄, dσ² and du for ∂L/∂z̄, ∂L/∂σ² and ∂L/∂u."""
    per_square = "dσ²/(n − 1)" if ddof else "dσ²/n"
    graph.edge("Σz", "u").message_formula = "du/n"
    graph.edge("Σ(z − u)²", "σ²").message_formula = per_square
    graph.edge("σ²", "σ² + ε").message_formula = "dσ²"
    graph.edge("σ² + ε", "s").message_formula = "dσ²"
    graph.edge("s", "1/s").message_formula = "−Σdz̄(z − u)/s²"
    for j in names:
        graph.edge(f"g{j}z̃{j}", "L").message_formula = "1"
        graph.edge(f"z̃{j}", f"g{j}z̃{j}").message_formula = f"g{j}"
        graph.edge("β", f"z̃{j}").message_formula = f"g{j}"
        graph.edge(f"γz̄{j}", f"z̃{j}").message_formula = f"g{j}"
        graph.edge("γ", f"γz̄{j}").message_formula = f"g{j}z̄{j}"
        graph.edge(f"z̄{j}", f"γz̄{j}").message_formula = f"γg{j}"
        graph.edge(f"z{j} − u", f"z̄{j}").message_formula = f"dz̄{j}/s"
        graph.edge("1/s", f"z̄{j}").message_formula = f"dz̄{j}(z{j} − u)"
        graph.edge(f"(z{j} − u)²", "Σ(z − u)²").message_formula = per_square
        graph.edge(f"z{j} − u", f"(z{j} − u)²").message_formula = f"{per_square} · 2(z{j} − u)"
        graph.edge(f"z{j}", f"z{j} − u").message_formula = f"∂L/∂(z{j} − u)"
        graph.edge("u", f"z{j} − u").message_formula = f"−∂L/∂(z{j} − u)"
        graph.edge(f"z{j}", "Σz").message_formula = "du/n"


def _plant(graph: Graph, names: Sequence[str], n: int, mistake: str) -> None:
    if mistake == "as printed":
        graph.edge("Σ(z − u)²", "σ²").plant("dσ²/n", lambda upstream: upstream / n)
    elif mistake == "forgotten u and σ²":
        for j in names:
            graph.edge(f"z{j}", "Σz").plant("0", lambda upstream: 0.0)
            graph.edge(f"z{j} − u", f"(z{j} − u)²").plant("0", lambda upstream: 0.0)
    elif mistake == "forgotten factor 2":
        for j in names:
            edge = graph.edge(f"z{j} − u", f"(z{j} − u)²")
            edge.plant(edge.message_formula.replace(" 2(", " ("), partial(mul, edge.local / 2))
    elif mistake == "wrong sign of dσ²":
        edge = graph.edge("σ² + ε", "s")
        edge.plant("−dσ²", lambda upstream: -upstream * edge.local)
