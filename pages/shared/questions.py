"""The question each page asks first: numbers drawn at random, the answer from `nnlib`, the working in words."""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.chapter23.dropout import enumerated_moments
from nnlib.chapter23.gates import gate_network
from nnlib.chapter23.graphs import sigmoid_graph, softmax_graph, subscript
from nnlib.layers import Activation, BatchNorm
from nnlib.losses import binary_cross_entropy_gradient
from pages.shared.numbers import number
from pages.shared.predict_first import Question


def neuron_output(rng: np.random.Generator) -> Question:
    """23.1: the output of one sigmoid neuron at a corner of the square."""
    w1, w2, b = (int(v) for v in rng.integers(-3, 4, 3))
    x1, x2 = (int(v) for v in rng.integers(0, 2, 2))
    z = w1 * x1 + w2 * x2 + b
    y = gate_network([w1, w2, b]).predict_proba(np.array([[x1, x2]], float)).item()
    return Question(
        f"A neuron has the weights w₁ = {number(w1)} and w₂ = {number(w2)} and the bias b = {number(b)}. "
        f"The input is x₁ = {x1}, x₂ = {x2}. **What is its output y = σ(z)?**",
        y,
        f"z = w₁x₁ + w₂x₂ + b = {number(w1)} · {x1} + ({number(w2)}) · {x2} + ({number(b)}) = {number(z)}. "
        f"Then y = 1 / (1 + e^−z) at z = {number(z)}.",
    )


def label_gradient(rng: np.random.Generator) -> Question:
    """23.2: ∂L/∂p of one element."""
    n, y = int(rng.integers(1, 5)), int(rng.integers(0, 2))
    p = float(rng.integers(1, 10)) / 10
    P, Y = np.full((n, 1), 0.5), np.zeros((n, 1))
    P[0], Y[0] = p, y
    answer = binary_cross_entropy_gradient(P, Y)[0].item()
    return Question(
        f"One output has the probability p = {number(p)}, and its label is y = {y}. There are N = {n} samples. "
        "**What is ∂L/∂p for this output?**",
        answer,
        f"∂L/∂p = (p − y) / (N p (1 − p)) = ({number(p)} − {y}) / ({n} · {number(p)} · {number(1 - p)}).",
    )


def hidden_error(rng: np.random.Generator) -> Question:
    """23.3: the error δ of a hidden sigmoid neuron, sent back by two output neurons."""
    z = float(rng.integers(-20, 21)) / 10
    w, delta = rng.integers(-20, 21, 2) / 10, rng.integers(-9, 10, 2) / 10
    neuron = Activation("sigmoid")
    h = neuron.forward(np.array([[z]])).item()
    answer = neuron.backward(np.array([[w @ delta]])).item()
    return Question(
        f"A hidden sigmoid neuron has the output h = {number(h)}. It feeds two output neurons with the weights "
        f"w₁ = {number(w[0])} and w₂ = {number(w[1])}. Their errors are δ₁ = {number(delta[0])} and "
        f"δ₂ = {number(delta[1])}. **What is the hidden neuron's own δ = ∂L/∂z?**",
        answer,
        f"The errors come back through the weights: w₁δ₁ + w₂δ₂ = {number(float(w @ delta))}. "
        f"The sigmoid's slope is h (1 − h) = {number(h * (1 - h))}. Multiply the two.",
    )


def sigmoid_gradient(rng: np.random.Generator) -> Question:
    """23.4: dL/dz through the sigmoid, for either loss."""
    z, y = float(rng.integers(-30, 31)) / 10, int(rng.integers(0, 2))
    loss = str(rng.choice(["cross-entropy", "squared error"]))
    graph = sigmoid_graph(z, y, loss)
    graph.backward()
    f, upstream = float(sigmoid(np.array(z))), graph.node("f").gradient or 0.0
    formula = "(f − y) / (f (1 − f))" if loss == "cross-entropy" else "f − y"
    return Question(
        f"The net input is z = {number(z)}, which gives f = σ(z) = {number(f)}. The label is y = {y}. The loss is "
        f"{'cross-entropy' if loss == 'cross-entropy' else 'squared error, ½ (f − y)²'}. **What is dL/dz?**",
        graph.node("z").gradient or 0.0,
        f"dL/df = {formula} = {number(upstream)}. The local derivative is f (1 − f) = {number(f * (1 - f))}. "
        "The chain rule multiplies the two.",
    )


def softmax_gradient(rng: np.random.Generator) -> Question:
    """23.5: ∂L/∂x of one class, from labels that may be soft."""
    x = rng.integers(-20, 21, 3) / 10
    y = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.5, 0.5, 0.0), (0.2, 0.2, 0.6)][int(rng.integers(5))]
    k = int(rng.integers(3))
    graph = softmax_graph(x.tolist(), y)
    graph.backward()
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


def normalised_input(rng: np.random.Generator) -> Question:
    """23.6: z̄ of the first sample of a small batch."""
    n = int(rng.integers(3, 5))
    z = rng.choice(np.arange(-6, 7), n, replace=False).astype(float)
    layer = BatchNorm(np.ones(1), np.zeros(1), epsilon=0.0)
    answer = layer.forward(z[:, None])[0].item()
    u, variance = layer.u.item(), layer.batch_variance.item()
    return Question(
        f"A batch of n = {n} samples gives one neuron the net inputs z = ({', '.join(number(v) for v in z)}). "
        "Take ε = 0 and the book's divisor n − 1. **What is z̄₁, the first one normalised?**",
        answer,
        f"The mean is u = {number(u)}. The squared distances from it sum to {number((n - 1) * variance)}, so "
        f"σ² = {number(variance)}. Then z̄₁ = ({number(z[0])} − ({number(u)})) / √{number(variance)}.",
    )


def dropout_variance(rng: np.random.Generator) -> Question:
    """23.7: the variance that a random mask gives one output."""
    h, p = float(rng.integers(1, 9)) / 2, float(rng.integers(2, 10)) / 10
    form = str(rng.choice(["plain", "inverted"]))
    answer = enumerated_moments(np.array([h]), p, form).variance.item()
    what, rule = ("d · h", "p (1 − p) h²") if form == "plain" else ("d · h / p", "(1 − p) / p · h²")
    return Question(
        f"A neuron's output is h = {number(h)}. It is kept with probability p = {number(p)}: the mask d is 1, "
        "else 0. "
        f"**What is the variance of {what}?**",
        answer,
        f"d is 1 with probability p, so its mean is p and its variance p (1 − p) = {number(p * (1 - p))}. "
        f"A factor counts twice in a variance: the variance of {what} is {rule}.",
    )
