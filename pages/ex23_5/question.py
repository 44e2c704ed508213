"""What page 23.5 asks first: numbers drawn at random, the answer from `nnlib`, the working in words."""

import numpy as np

from nnlib.chapter23.graphs import softmax_graph
from nnlib.notation import subscript
from pages.shared.graph.model import differentiated
from pages.shared.numbers import number
from pages.shared.predict_first import Question


def softmax_gradient(rng: np.random.Generator) -> Question:
    """23.5: ∂L/∂x of one class, from labels that may be soft."""
    x = rng.integers(-20, 21, 3) / 10
    y = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.5, 0.5, 0.0), (0.2, 0.2, 0.6)][int(rng.integers(5))]
    k = int(rng.integers(3))
    graph = differentiated(softmax_graph(x.tolist(), y))
    exps = ", ".join(number(np.exp(v)) for v in x)
    name = f"x{subscript(k + 1)}"
    p = graph.node(f"p{subscript(k + 1)}").value
    return Question(
        f"Three classes have exp x = ({exps}). The labels are y = ({', '.join(number(v) for v in y)}). "
        f"**What is ∂L/∂{name}?**",
        graph.node(name).gradient or 0.0,
        f"S = {number(np.exp(x).sum())}, so p{subscript(k + 1)} = {number(np.exp(x[k]))} / S = {number(p)}. "
        f"The labels sum to 1, so the gradient is p − y = {number(p)} − {number(y[k])}.",
    )
