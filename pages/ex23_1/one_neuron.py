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
    output_surface,
    truth_table,
)
from nnlib.network import Network
from pages.ex23_1.check import INPUT_NAMES, ROWS
from pages.ex23_1.controls import controls
from pages.ex23_1.surface_drawing import Corner, Line, draw_surface
from pages.shared.numbers import RIGHT, WRONG, equals, number

LARGEST, STEP = 40.0, 0.5  # of the sliders
LOW, HIGH, POINTS = -0.25, 1.25, 64  # of the picture
SLIDERS = {"n_w1": "w₁: x₁ to y", "n_w2": "w₂: x₂ to y", "n_b": "b: bias of y"}


@st.fragment
def try_one_neuron(gate: str) -> None:
    """Three sliders, the line they draw, and why no line does XNOR."""
    targets = truth_table(gate)
    sliders, picture = st.columns([1, 2], gap="large")
    with sliders:
        neuron = [
            controls.slider(name, label, -LARGEST, LARGEST, float(start), STEP)
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
    with picture:
        loss = equals(network.mean_loss(CORNERS, targets))
        right = is_right(network.predict_proba(CORNERS), targets).ravel()
        mark = RIGHT if right.all() else WRONG
        st.markdown(f"**{mark} {right.sum()} of 4 corners of {gate} are right.** L {loss}.")
        _show_surface(network, targets, gate)
    z = corner_net_inputs(neuron)
    _show_net_inputs(z, right, gate)
    _prove(z, gate)
    _show_scores(_all_scores(gate))


def _show_surface(network: Network, targets: np.ndarray, gate: str) -> None:
    """The output over the square, and the line along which it is ½."""
    outputs = network.predict_proba(CORNERS)
    corners = [
        Corner(x1, x2, bool(t > 0.5), bool(ok), RIGHT if ok else WRONG, f"y {equals(y)}")
        for (x1, x2), y, t, ok in zip(
            CORNERS, outputs.ravel(), targets.ravel(), is_right(outputs, targets).ravel(), strict=True
        )
    ]
    w1, w2, b = network.parameters
    draw_surface(
        output_surface(network, LOW, HIGH, POINTS),
        LOW,
        HIGH,
        [Line("y = ½", float(w1), float(w2), float(b))],
        corners,
        key=controls.key("n_surface"),
        title=f"Output of one neuron over the square, target {gate}",
        description=" ".join(
            f"At ({c.x:g}, {c.y:g}) {c.text}, {'right' if c.right else 'wrong'}." for c in corners
        ),
    )


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
        st.markdown(
            f"That does not hinder {gate}, which never needs one of the two sums above 0 and the other below."
        )
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
