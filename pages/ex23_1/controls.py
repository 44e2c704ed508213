"""The controls of page 23.1 that more than one of its parts knows: the gate, and nine weights and biases."""

from typing import Any

import numpy as np
import streamlit as st

from nnlib.chapter23.gates import GATES, solution
from pages.shared.controls import Controls

LOSSES = {"cross-entropy": "sigmoid cross-entropy", "squared error": "sigmoid squared error"}
# In the order of `Network.parameters`: name, symbol, what it joins
PARAMETERS = [
    ("w1_11", "w¹₁₁", "x₁ to h₁"),
    ("w1_12", "w¹₁₂", "x₁ to h₂"),
    ("w1_21", "w¹₂₁", "x₂ to h₁"),
    ("w1_22", "w¹₂₂", "x₂ to h₂"),
    ("b1_1", "b¹₁", "bias of h₁"),
    ("b1_2", "b¹₂", "bias of h₂"),
    ("w2_1", "w²₁", "h₁ to y"),
    ("w2_2", "w²₂", "h₂ to y"),
    ("b2", "b²", "bias of y"),
]
LARGEST = 40.0  # of every slider for a weight
STEP = 0.5

controls = Controls("ex23_1")


def choose_gate() -> str:
    """The gate that all of the page is about, and a button for weights that compute it."""
    gate = controls.pills(
        "target",
        "Target: the gate to compute",
        list(GATES),
        "XNOR",
        help="A gate turns two inputs, each 0 or 1, into one output. NAND is NOT AND, NOR is NOT OR, "
        "XOR is 1 where the inputs differ.",
    )
    controls.button(
        "solve",
        f"Weights that solve {gate}",
        st.session_state.update,
        on_sliders(solution(gate)),
        icon=":material/lightbulb:",
    )
    return gate


def weight_slider(name: str, label: str, start: float) -> float:
    """One slider for a weight or a bias."""
    return controls.slider(name, label, -LARGEST, LARGEST, float(start), STEP)


def nine_sliders() -> list[float]:
    """All nine, those of h₁ at the left and those of h₂ at the right; at first the book's solution for XNOR."""
    columns = st.columns(2)
    values = []
    for k, ((name, symbol, joins), book) in enumerate(zip(PARAMETERS, solution("XNOR"), strict=True)):
        with columns[k % 2]:
            values.append(weight_slider(name, f"{symbol}: {joins}", book))
    return values


def on_sliders(parameters: np.ndarray) -> dict[str, float]:
    """Nine numbers as slider settings: to the nearest half, within the sliders' ends, and used as they are."""
    rounded = np.clip(np.round(parameters / STEP) * STEP, -LARGEST, LARGEST)
    nine = {name: float(value) for (name, _, _), value in zip(PARAMETERS, rounded, strict=True)}
    return controls.keyed(nine | {"sharpness": 1.0})


def hand_set(gate: str, **others: Any) -> dict[str, Any]:
    """Settings for an experiment: a target, nine parameters that reach it, the rest as at first."""
    rest = {"target": gate, "mistake": "none", "loss": "cross-entropy"} | others
    return on_sliders(solution(gate)) | controls.keyed(rest)
