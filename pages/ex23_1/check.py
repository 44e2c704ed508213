"""Page 23.1's network in numbers: the truth table on the stage, and every gradient beside a measured slope."""

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.gates import CORNERS, MISTAKES, check_gradients, is_right, truth_table
from pages.ex23_1.controls import SYMBOLS, Learning, Weights, controls, take
from pages.shared.gradient_table import gradient_table, summarise
from pages.shared.numbers import RIGHT, WRONG, decimals, difference, equals, number
from pages.shared.page import read_prose, write

INPUT_NAMES = "x₁,\u00a0x₂"  # not to be broken over two lines
ROWS = [f"{x1:g},\u00a0{x2:g}" for x1, x2 in CORNERS]
MISTAKE_TEXTS = {
    "forgotten σ′": "The error goes back to the hidden neurons as W⁽²⁾ δ⁽²⁾, without the factor h ⊙ (1 − h). "
    "This spoils all that is computed from δ⁽¹⁾: the gradients of W⁽¹⁾ and b⁽¹⁾.",
    "wrong sign": "The backward pass starts with target − y instead of y − target. This spoils every gradient: "
    "each points the wrong way.",
    "missing 1/n": "The four corners are summed, but not divided by n = 4. This spoils every gradient: each is "
    "four times too large.",
}
AWAKE = (2.0, -1.0, 0.5)  # of y: with them the weights that the page opens with get a gradient each


def check(weights: Weights, learning: Learning) -> None:
    """The tab: the weights on the stage held against the gate, and the gradients of the loss."""
    gate, targets = learning.gate, truth_table(learning.gate)
    trace = weights.network().trace(CORNERS, targets)
    right = is_right(trace.h[2], targets).ravel()
    write(
        f"**{RIGHT if right.all() else WRONG} {right.sum()} of 4 rows of {gate} are right** with the weights "
        f"{weights.origin}. A row is right where y is on the target's side of ½."
    )
    z1, z2 = trace.z[0].T
    h1, h2 = trace.h[1].T
    table = pd.DataFrame(
        {
            INPUT_NAMES: ROWS,
            "z₁⁽¹⁾": [number(z) for z in z1],
            "z₂⁽¹⁾": [number(z) for z in z2],
            "h₁": [_share(h) for h in h1],
            "h₂": [_share(h) for h in h2],
            "z⁽²⁾": [number(z) for z in trace.z[1][:, 0]],
            "y (8 decimals)": [decimals(y, 8) for y in trace.h[2][:, 0]],
            "target": [f"{t:g}" for t in targets[:, 0]],
            "verdict": [RIGHT if ok else WRONG for ok in right],
        }
    ).set_index(INPUT_NAMES)
    st.table(table)
    write("## Every gradient, checked", read_prose(__file__, "gradients"))
    mistake = controls.choice("mistake", "Plant a mistake in the backward pass", MISTAKES)
    _check_gradients(weights, learning, mistake)


def _share(h: float) -> str:
    """An output as the picture's sums write it: four decimals, or eight where four could not tell it from 1.

    What is tiny is scientific, as everywhere.
    """
    if 0 < float(f"{h:.4g}") < 1e-3:
        return number(h)
    for text in (f"{round(h, 4):g}", decimals(h, 8)):
        if 0 < float(text) < 1:
            return text
    return f"≈ {h:.0f}"


def _check_gradients(weights: Weights, learning: Learning, mistake: str) -> None:
    """Every derivative of the loss by what the sliders set, beside its measured slope."""
    network, targets = weights.network(learning.loss), truth_table(learning.gate)
    true, checked = (
        check_gradients(network, CORNERS, targets, name, weights.sharpness) for name in ("none", mistake)
    )
    is_changed = ~np.isclose(checked.analytic, true.analytic, rtol=1e-6, atol=0)
    if not np.any(np.abs(true.analytic) > 1e-15) or (mistake != "none" and not is_changed.any()):
        _tell_nothing_shows(weights, any_left=bool(np.any(true.analytic)))
        return
    names = [f"∂L/∂{symbol}" for symbol in SYMBOLS]
    write(
        f"L {equals(network.mean_loss(CORNERS, targets))} for {learning.gate}. "
        f"**{summarise(names, checked).removesuffix('.')}**, "
        f"worst difference {difference(checked.difference.max())}."
    )
    if mistake != "none":
        write(f"{WRONG} {MISTAKE_TEXTS[mistake]} The measured slope is the true value.")
    with st.expander("Every gradient beside its measured slope", expanded=bool(checked.differs.any())):
        gradient_table(names, checked, key=controls.key("gradients"), label="gradient", says=False)
    if np.any(is_changed & ~checked.differs):
        st.info(
            "The mistake changes more rows than are crossed. Their gradients are so near 0 that rounding hides "
            "what is right: they are too small to judge. Lower the sharpness to 0.1 and look again.",
            icon=":material/search:",
        )


def _tell_nothing_shows(weights: Weights, any_left: bool) -> None:
    """Why no mistake can be seen with these weights, and a button that gives y some with which it can."""
    which = "the gradients of h₁ and h₂ are" if any_left else "every gradient is"
    if weights.sharpness == 0:
        write(f"With the sharpness 0 {which} 0, right or wrong, so no mistake can show. Raise it first.")
    elif any(weights.values[6:8]):
        write(f"With these weights {which} 0 but for rounding, so no mistake can show. Lower the sharpness first.")
    else:
        write(
            f"With these weights {which} 0, right or wrong, because both weights of y are 0. So no mistake can "
            "show here. Set the weights of y first."
        )
        controls.button("awake", "Set some weights of y", take, (*weights.values[:6], *AWAKE))
