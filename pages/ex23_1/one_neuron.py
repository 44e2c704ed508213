"""One neuron alone on page 23.1: the line it draws, the proof that no line does XNOR, and every setting tried."""

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.gates import (
    CORNERS,
    GATES,
    NEURONS,
    corner_net_inputs,
    gate_network,
    is_right,
    neuron_scores,
    truth_table,
)
from pages.ex23_1.controls import LARGEST, STEP, controls, weight_slider
from pages.ex23_1.pictures import INPUT_NAMES, ROWS, show_surface, verdict
from pages.shared.numbers import RIGHT, WRONG, number

SLIDERS = {"n_w1": "w₁: x₁ to y", "n_w2": "w₂: x₂ to y", "n_b": "b: bias of y"}


@st.fragment
def try_one_neuron(gate: str) -> None:
    """Three sliders, the line they draw, and why no line does XNOR."""
    targets = truth_table(gate)
    left, right = st.columns([1, 2], gap="large")
    with left:
        neuron = [
            weight_slider(name, label, start)
            for (name, label), start in zip(SLIDERS.items(), NEURONS["AND"], strict=True)
        ]
        if gate in NEURONS:
            controls.button(
                "n_solve",
                f"One neuron that solves {gate}",
                st.session_state.update,
                controls.keyed({name: float(v) for name, v in zip(SLIDERS, NEURONS[gate], strict=True)}),
                icon=":material/lightbulb:",
                width="stretch",
            )
    network = gate_network(neuron)
    with right:
        loss = number(network.mean_loss(CORNERS, targets))
        st.markdown(f"**{verdict(network, targets, gate)}.** L = {loss}.")
        show_surface(
            network, targets, "n_surface", ["y = ½"], f"Output of one neuron over the square, target {gate}"
        )
    z = corner_net_inputs(neuron)
    _show_net_inputs(z, is_right(network.predict_proba(CORNERS), targets).ravel(), gate)
    _prove(z, gate)
    _show_scores(_all_scores(gate))


def _show_net_inputs(z: np.ndarray, right: np.ndarray, gate: str) -> None:
    """z at the four inputs, in letters and in numbers, beside its sign that the gate needs."""
    st.table(
        pd.DataFrame(
            {
                INPUT_NAMES: ROWS,
                "z is": ["b", "w₂ + b", "w₁ + b", "w₁ + w₂ + b"],
                "now": [number(value) for value in z],
                f"{gate} needs": ["z > 0" if t else "z < 0" for t in GATES[gate]],
                "verdict": [RIGHT if ok else WRONG for ok in right],
            }
        ).set_index(INPUT_NAMES)
    )


def _prove(z: np.ndarray, gate: str) -> None:
    """Adding rows: two sums that are always equal, and what the gate needs of them."""
    outer, inner = number(z[0] + z[3]), number(z[1] + z[2])
    st.markdown(
        f"Add the first and last rows: {outer}. Add the two middle rows: {inner}. "
        "Both sums are w₁ + w₂ + 2b, so they are always equal."
    )
    if gate in NEURONS:
        st.markdown(f"{gate} does not mind: it never needs one of the two sums above 0 and the other below.")
        return
    signs = "below 0 and the second above" if gate == "XOR" else "above 0 and the second below"
    st.markdown(
        f"But {gate} needs the first sum {signs}. No number is both. "
        "So no weights do it: at most three rows can be right. "
        f"**{gate} is not linearly separable.**"
    )


@st.cache_data(show_spinner=False, max_entries=len(GATES))
def _all_scores(gate: str) -> np.ndarray:
    """Every setting of the three sliders, counted by how many corners it gets right."""
    return neuron_scores(gate, np.arange(-LARGEST, LARGEST + STEP / 2, STEP))


def _show_scores(scores: np.ndarray) -> None:
    all_right = f"{scores[4]:,} of them get" if scores[4] else "None of them gets"
    st.markdown(
        f"This page has tried all {scores.sum():,} settings of these three sliders. {all_right} four rows right."
    )
    st.table(
        pd.DataFrame(
            [[f"{count:,}" for count in scores]],
            index=pd.Index(["settings"], name="rows right"),
            columns=[str(k) for k in range(5)],
        )
    )
