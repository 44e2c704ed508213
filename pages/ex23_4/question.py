"""What page 23.4 asks first: numbers drawn at random, the answer from `nnlib`, the working in words."""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.chapter23.graphs import sigmoid_graph
from pages.shared.graph.model import differentiated
from pages.shared.numbers import number
from pages.shared.predict_first import Question


def sigmoid_gradient(rng: np.random.Generator) -> Question:
    """DL/dz through the sigmoid, for either loss."""
    z, y = float(rng.integers(-30, 31)) / 10, int(rng.integers(0, 2))
    loss = str(rng.choice(["cross-entropy", "squared error"]))
    graph = differentiated(sigmoid_graph(z, y, loss))
    f, upstream = float(sigmoid(np.array(z))), graph.node("f").gradient or 0.0
    formula = "(f − y) / (f (1 − f))" if loss == "cross-entropy" else "f − y"
    return Question(
        f"The net input is z = {number(z)}, which gives f = σ(z) = {number(f)}. The label is y = {y}. The loss is "
        f"{'cross-entropy' if loss == 'cross-entropy' else 'squared error, ½ (f − y)²'}. **What is dL/dz?**",
        graph.node("z").gradient or 0.0,
        f"dL/df = {formula} = {number(upstream)}. The local derivative is f (1 − f) = {number(f * (1 - f))}. "
        "The chain rule multiplies the two.",
    )
