"""What page 23.3 asks: numbers drawn at random, the answer from `nnlib`, typical mistakes, and the working."""

from collections.abc import Callable, Mapping

import numpy as np

from nnlib.activations import ACTIVATIONS, sigmoid
from nnlib.layers import Activation, Dense
from nnlib.losses import LOSSES
from pages.shared.numbers import number
from pages.shared.practice import Question


def hidden_error(rng: np.random.Generator) -> Question:
    """The error δ of a hidden sigmoid neuron, sent back by two output neurons."""
    z = float(rng.integers(-20, 21)) / 10
    w, delta = rng.integers(-20, 21, 2) / 10, rng.integers(-9, 10, 2) / 10
    neuron = Activation("sigmoid")
    h = neuron.forward(np.array([[z]])).item()
    answer = neuron.backward(np.array([[w @ delta]])).item()
    came_back = float(w @ delta)
    return Question(
        f"A hidden sigmoid neuron has the output h = {number(h)}. It feeds two output neurons with the weights "
        f"w₁ = {number(w[0])} and w₂ = {number(w[1])}. Their errors are δ₁ = {number(delta[0])} and "
        f"δ₂ = {number(delta[1])}. **What is the hidden neuron's own δ = ∂L/∂z?**",
        answer,
        f"The errors come back through the weights: w₁δ₁ + w₂δ₂ = {number(came_back)}. "
        f"The sigmoid's slope is h (1 − h) = {number(h * (1 - h))}. Multiply the two.",
        (
            (came_back, "You left out the slope σ′(z): what comes back is still to be multiplied by h (1 − h)."),
            (h * came_back, "You multiplied by h, but the slope of the sigmoid is h (1 − h)."),
            (
                h * (1 - h) * float(delta.sum()),
                "You left out the weights: each error comes back through the weight of its own connection.",
            ),
            (
                h * (1 - h) * float(w[0] * delta[0]),
                "You followed only the first output neuron back. Both send an error, and the two are added.",
            ),
            (-answer, "Your sign is the wrong way round. Nothing changes its sign here: δ is ∂L/∂z itself."),
        ),
    )


def output_error(rng: np.random.Generator) -> Question:
    """The error δ of a sigmoid output neuron, for cross-entropy or for squared error."""
    z, y = float(rng.integers(-25, 26)) / 10, int(rng.integers(0, 2))
    is_squared = bool(rng.integers(0, 2))
    h = float(sigmoid(np.array(z)))
    slope = h * (1 - h)
    loss = LOSSES["sigmoid squared error" if is_squared else "sigmoid cross-entropy"]
    answer = loss.output_error(np.array([[h]]), np.array([[float(y)]])).item()
    if is_squared:
        name = "squared error ½ (h − y)²"
        worked = f"∂L/∂h is h − y = {number(h - y)}, and the sigmoid multiplies it by h (1 − h) = {number(slope)}."
        other = (h - y, "You left out the slope σ′(z) = h (1 − h). Without it this is the δ of cross-entropy.")
        sign = (-answer, "Your sign is the wrong way round: the derivative of ½ (h − y)² is h − y, not y − h.")
    else:
        name = "cross-entropy −y log h − (1 − y) log(1 − h)"
        worked = (
            "∂L/∂h is (h − y) / (h (1 − h)), and the sigmoid's slope h (1 − h) cancels its denominator. What "
            "remains is δ = h − y."
        )
        other = (
            (h - y) * slope,
            "You multiplied by the slope h (1 − h). In cross-entropy it cancels: what you found is the δ of "
            "squared error.",
        )
        sign = (-answer, "Your sign is the wrong way round: δ is h − y, so an output that is too low has δ < 0.")
    return Question(
        f"A sigmoid output neuron gives h = {number(h)} for a picture whose label is y = {y}. The loss is {name}. "
        "**What is its error δ = ∂L/∂z?**",
        answer,
        worked,
        (other, sign, ((h - y) / slope, "You divided by h (1 − h). That is ∂L/∂h of cross-entropy, not ∂L/∂z.")),
    )


def weight_after_a_step(rng: np.random.Generator) -> Question:
    """A weight after one step of Algorithm 23.3, from the h it comes from and the δ it leads to."""
    w = float(rng.integers(-15, 16)) / 10
    h_from, h_to = rng.integers(1, 10, 2) / 10
    delta = float(rng.integers(-9, 10)) / 10
    rate = float(rng.choice([0.1, 0.2, 0.5, 2.0]))
    connection = Dense(np.array([[w]]), np.zeros(1))
    connection.forward(np.array([[h_from]]))
    connection.backward(np.array([[delta]]))
    gradient = np.zeros((1, 1))
    connection.add_gradients([gradient, np.zeros(1)], 1.0)
    slope = gradient.item()
    return Question(
        f"A weight w = {number(w)} leads from a neuron with the output h = {number(h_from)} to one with the "
        f"output {number(h_to)} and the error δ = {number(delta)}. The learning rate is η = {number(rate)}. "
        "**What is w after one step?**",
        w - rate * slope,
        f"The gradient is ∂L/∂w = h δ = {number(slope)}, with the h of the neuron the weight comes from and the δ "
        f"of the one it leads to. The step goes downhill: w − η h δ = {number(w)} − "
        f"{number(rate)} · ({number(slope)}).",
        (
            (w + rate * slope, "You went uphill: the step goes against the gradient, w − η ∂L/∂w."),
            (w - slope, "You forgot the learning rate: the gradient is multiplied by η first."),
            (-rate * slope, "That is the step alone. The new weight is the old one plus this step."),
            (w - rate * delta, "You forgot h. That is how a bias moves; a weight's gradient is h δ."),
            (
                w - rate * h_to * delta,
                "You took the output of the neuron the weight leads to. Its gradient needs the h it comes from.",
            ),
        ),
    )


def slope_of_a_neuron(rng: np.random.Generator) -> Question:
    """The slope a′(z) of a sigmoid or tanh neuron, by which the error is multiplied on its way back."""
    z = float(rng.choice([-1, 1]) * rng.integers(2, 19)) / 10
    name = str(rng.choice(["sigmoid", "tanh"]))
    h = ACTIVATIONS[name].function(np.array(z)).item()
    answer = ACTIVATIONS[name].derivative(np.array(h)).item()
    if name == "sigmoid":
        formula = "h (1 − h)"
        mistakes = (
            (1 - h**2, "1 − h² is the slope of tanh. The sigmoid's is h (1 − h)."),
            (1 - h, "You left out a factor: the slope is h times (1 − h)."),
            (z * (1 - z), "You put z where h belongs: the slope is h (1 − h), with the output h."),
            (h, "That is the output h. The slope is how fast h changes with z, which is h (1 − h)."),
        )
    else:
        formula = "1 − h²"
        mistakes = (
            (h * (1 - h), "h (1 − h) is the slope of the sigmoid. That of tanh is 1 − h²."),
            (1 - h, "You forgot the square: the slope of tanh is 1 − h²."),
            (1 - z**2, "You put z where h belongs: the slope is 1 − h², with the output h."),
            (h, "That is the output h. The slope is how fast h changes with z, which is 1 − h²."),
        )
    return Question(
        f"A hidden neuron with the activation {name} has the net input z = {number(z)} and the output "
        f"h = {number(h)}. The error that comes back to it is multiplied by its slope. **How large is a′(z)?**",
        answer,
        f"The slope of {name} can be had from the output alone: a′(z) = {formula}.",
        mistakes,
    )


QUESTIONS: Mapping[str, Callable[[np.random.Generator], Question]] = {
    "The error of an output neuron": output_error,
    "The slope of a neuron": slope_of_a_neuron,
    "The error of a hidden neuron": hidden_error,
    "A weight after one step": weight_after_a_step,
}
