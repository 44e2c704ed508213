"""Page 23.1's network set by hand: nine sliders, and all that follows from them, all over the page."""

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.gates import CORNERS, gate_network, is_right, output_surface, truth_table
from nnlib.network import Network, Trace
from pages.ex23_1.controls import LOSSES, controls, nine_sliders
from pages.ex23_1.gradients import show_gradients
from pages.ex23_1.in_python import by_hand_code
from pages.ex23_1.pictures import HIDDEN_LINES, INPUT_NAMES, INPUTS, ROWS, show_network, show_surface, verdict
from pages.shared.gradient_table import tint_rows
from pages.shared.numbers import RIGHT, WRONG, decimals, number
from pages.shared.svg.component import give_head_start


@st.fragment
def set_by_hand(
    gate: str, loss: str, mistake: str, truth: DeltaGenerator, gradients: DeltaGenerator, code: DeltaGenerator
) -> None:
    """The sliders and their pictures; what else they change is drawn into its place, the rest stays as it is.

    Parameters
    ----------
    gate, loss, mistake : one of `GATES`, of `LOSSES` and of the mistakes to plant in the gradients
    truth, gradients, code : empty places for the truth table, the table of gradients and the lines of Python
    """
    left, right = st.columns([1, 2], gap="large")
    with left:
        sharpness = controls.slider(
            "sharpness", "Sharpness", 0.0, 2.0, 1.0, 0.05, help="Multiplies all nine numbers below at once."
        )
        values = nine_sliders()
    targets = truth_table(gate)
    network = gate_network(values, sharpness, LOSSES[loss])
    trace = network.trace(CORNERS, targets)
    with right:
        _show_pictures(network, trace, targets, gate)
    _show_truth_table(trace, targets, truth)
    with gradients.container():
        show_gradients(network, targets, gate, sharpness, mistake)
    code.code(by_hand_code(values, sharpness, gate, loss, mistake), language="python")


def _show_pictures(network: Network, trace: Trace, targets: np.ndarray, gate: str) -> None:
    """The surface, and the network at one of the four inputs."""
    st.markdown(f"**{verdict(network, targets, gate)}.**")
    show_surface(network, targets, "surface", HIDDEN_LINES, f"Output y over the square, target {gate}")
    st.caption(
        "The deeper the blue, the nearer y is to 1. Along the solid line h₁ = ½, along the broken one h₂ = ½. "
        f"Arrows point to where they are larger. Filled points want 1, open ones 0. "
        f"{RIGHT}: y is on the target's side of ½."
    )
    shown = controls.choice("input", "Input x₁x₂ shown in the network", INPUTS, "11")
    show_network(network, trace, INPUTS.index(shown))
    give_head_start()
    st.caption(
        "On each line stands its weight: thicker is larger, broken is negative. A fuller circle is nearer 1. "
        "Weights and biases are shown as used, times the sharpness."
    )
    with st.expander("The surface in numbers", key=controls.key("surface_table"), on_change="rerun") as numbers:
        if numbers.open:
            grid = np.linspace(0, 1, 5)
            st.table(
                pd.DataFrame(
                    [[number(y) for y in row] for row in output_surface(network, 0, 1, 5)[::-1]],
                    index=pd.Index([f"x₂ = {x:g}" for x in grid[::-1]], name="y at"),
                    columns=[f"x₁ = {x:g}" for x in grid],
                )
            )


def _show_truth_table(trace: Trace, targets: np.ndarray, place: DeltaGenerator) -> None:
    """All that is computed for the four inputs, with a verdict each."""
    right = is_right(trace.h[2], targets).ravel()
    z1, z2 = trace.z[0].T
    h1, h2 = trace.h[1].T
    table = pd.DataFrame(
        {
            INPUT_NAMES: ROWS,
            "z₁": [number(z) for z in z1],
            "z₂": [number(z) for z in z2],
            "h₁": [number(h) for h in h1],
            "h₂": [number(h) for h in h2],
            "z": [number(z) for z in trace.z[1][:, 0]],
            "y (8 decimals)": [decimals(y, 8) for y in trace.h[2][:, 0]],
            "target": [f"{t:g}" for t in targets[:, 0]],
            "verdict": [RIGHT if ok else WRONG for ok in right],
        }
    ).set_index(INPUT_NAMES)
    place.table(table if right.all() else tint_rows(table, ~right))
