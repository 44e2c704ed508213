"""The gradients of page 23.1's network, each beside a numerical one, right or with a mistake planted."""

import numpy as np
import streamlit as st

from nnlib.chapter23.gates import CORNERS, MISTAKES, check_gradients
from nnlib.network import Network
from pages.ex23_1.controls import LOSSES, PARAMETERS, controls
from pages.shared.gradient_table import gradient_table
from pages.shared.numbers import number
from pages.shared.page import read_prose

MISTAKE_TEXTS = {
    "forgotten σ′": "The error is sent back to the hidden neurons without their slope σ′(z). "
    "Only their weights and biases are wrong.",
    "wrong sign": "The backward pass starts with target − y. Every gradient points the wrong way.",
    "missing 1/n": "The four rows are summed but not averaged. Every gradient is four times too large.",
}


def choose_loss_and_mistake() -> tuple[str, str]:
    """One of `LOSSES`, and one of `MISTAKES`; what the words mean stands below."""
    loss = controls.radio("loss", "Loss L", list(LOSSES))
    mistake = controls.radio("mistake", "Plant a mistake", MISTAKES)
    st.markdown(read_prose(__file__, "gradients"))
    if mistake != "none":
        st.markdown(MISTAKE_TEXTS[mistake])
    return loss, mistake


def show_gradients(network: Network, targets: np.ndarray, gate: str, sharpness: float, mistake: str) -> None:
    """Every derivative of the loss beside its numerical one, at the reader's weights times the sharpness."""
    checked = check_gradients(network, CORNERS, targets, mistake)
    st.markdown(f"L = {number(network.mean_loss(CORNERS, targets))} at your weights, target {gate}.")
    gradient_table(
        [f"∂L/∂{symbol}" for _, symbol, _ in PARAMETERS], checked, key=controls.key("gradients"), label="gradient"
    )
    if sharpness != 1:
        st.markdown(
            f"Each derivative is by a weight or bias as used: its slider times the sharpness {sharpness:g}. "
            f"If you move the slider itself, L changes {sharpness:g} times as fast."
        )
    is_changed = ~np.isclose(checked.analytic, network.gradient(CORNERS, targets), rtol=1e-6, atol=0)
    if np.any(is_changed & ~checked.differs):
        st.info(
            "The mistake changes more rows than are crossed. Their gradients are so near 0 that rounding hides "
            "what is right: they are too small to judge. Lower “Sharpness” to 0.1 and look again.",
            icon=":material/search:",
        )
