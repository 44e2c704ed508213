"""The controls of page 23.1: nine weights and biases, moved in the picture, and what the network shall do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from nnlib.chapter23.gates import GATES, gate_network, solution
from nnlib.network import Network
from pages.shared.controls import Controls

LOSSES = {"cross-entropy": "sigmoid cross-entropy", "squared error": "sigmoid squared error"}
# In the order of `Network.parameters`, with where each begins: h₁ and h₂ repeat the inputs, y says ½ to all
PARAMETERS = {
    "w1_11": ("w₁₁⁽¹⁾", 6.0),
    "w1_12": ("w₁₂⁽¹⁾", 0.0),
    "w1_21": ("w₂₁⁽¹⁾", 0.0),
    "w1_22": ("w₂₂⁽¹⁾", 6.0),
    "b1_1": ("b₁⁽¹⁾", -3.0),
    "b1_2": ("b₂⁽¹⁾", -3.0),
    "w2_1": ("w₁⁽²⁾", 0.0),
    "w2_2": ("w₂⁽²⁾", 0.0),
    "b2": ("b⁽²⁾", 0.0),
}
SYMBOLS = [symbol for symbol, _ in PARAMETERS.values()]
START = [start for _, start in PARAMETERS.values()]
LARGEST = 40.0  # of a weight or bias
INPUTS = ["00", "01", "10", "11"]  # one for each of CORNERS
GOALS = {"h1": "AND", "h2": "NOR"}  # of the hidden neurons, whichever gate y is to compute
ALONE, BY_HAND, LEARNS = MODES = ["One neuron", "A network", "Let it learn"]

controls = Controls("ex23_1")
MODE, TARGET = controls.key("mode"), controls.key("target")
AT_ONCE = controls.key("at_once")  # in the session where an experiment wants a run to begin by itself
KNOWN = controls.key("known")  # in the session once XNOR is solved, or the answer asked for
STEPS = ["One neuron", "h₁", "h₂", "y"]  # on the way through the exercise
REACHED = controls.key("reached")  # in the session once the one neuron has got as far as any can
ASKED = controls.key("asked")  # in the session once the reader has asked for a network before choosing its neurons
BUILT = controls.key("built")  # in the session once there is a network on the stage
CARRIED = controls.key("carried")  # in the session: which hidden neuron began as the reader's one neuron
GIVEN = controls.key("given")  # in the session while the numbers are the page's, or those a little changed


@dataclass(frozen=True)
class Weights:
    """What the picture draws: nine parameters, what multiplies them, and the corner whose sums are shown.

    `origin` says where the parameters come from.
    """

    values: tuple[float, ...]
    sharpness: float
    corner: int
    origin: str = "of the network"

    def network(self, loss: str = "sigmoid cross-entropy") -> Network:
        """The network, with the loss that judges it."""
        return gate_network(self.values, self.sharpness, loss)


@dataclass(frozen=True)
class Learning:
    """How a network learns by itself: the arguments of `gate_trainer`."""

    gate: str
    seed: int
    learning_rate: float
    steps: int
    loss: str


def choose_learning() -> tuple[Learning, int]:
    """The gate, and all that matters when it is learned; and the steps between two pictures."""
    gate = controls.pills(
        "target",
        "The gate that y is to compute",
        list(GATES),
        "XNOR",
        help="NAND is NOT AND, NOR is NOT OR, XOR is 1 where the inputs differ.",
    )
    loss = controls.choice("loss", "Loss L", list(LOSSES))
    seed, rate = st.columns(2)
    steps, pace = st.columns(2)
    chosen = Learning(
        gate,
        controls.number("seed", "Seed of the first weights", 0, 9999, 0, place=seed),
        float(controls.steps("rate", "Learning rate η", [0.1, 0.3, 1, 3, 10, 30], 1, place=rate)),
        controls.steps("steps", "Steps", [500, 1000, 2000, 5000, 10000], 2000, place=steps),
        LOSSES[loss],
    )
    return chosen, controls.steps("pace", "Steps a picture", [1, 5, 20, 100, 500], 20, place=pace)


def weights() -> Weights:
    """What the reader has set in the picture.

    The picture has the sliders. These fields, which stage.css hides, keep its numbers in the address.
    """
    with st.container(key=controls.key("in_address")):
        values = [
            controls.number(name, symbol, -LARGEST, LARGEST, start, 0.0001)
            for name, (symbol, start) in PARAMETERS.items()
        ]
        sharpness = controls.number("sharpness", "Sharpness", 0.0, 2.0, 1.0, 0.0001)
        corner = INPUTS.index(controls.choice("input", "Input", INPUTS, "11"))
    return Weights(tuple(values), sharpness, corner)


def take(values: Iterable[float], sharpness: float = 1.0, corner: int | None = None) -> None:
    """Set the nine parameters, the sharpness, and the chosen corner if there is one."""
    st.session_state.update(settings(values, sharpness))
    if corner is not None:
        st.session_state[controls.key("input")] = INPUTS[corner]


def settings(values: Iterable[float], sharpness: float = 1.0) -> dict[str, Any]:
    """Nine parameters and the sharpness as the controls hold them: to four decimals, within their ends."""
    rounded = np.clip(np.round(list(values), 4), -LARGEST, LARGEST).tolist()
    return controls.keyed(dict(zip(PARAMETERS, rounded, strict=True)) | {"sharpness": float(sharpness)})


def hand_set(gate: str) -> dict[str, Any]:
    """Settings for an experiment: a gate, and nine parameters that compute it at the sharpness 1."""
    made = settings(solution(gate)) | controls.keyed({"target": gate, "mode": BY_HAND})
    del made[controls.key("sharpness")]  # which is for the reader to move
    return made
