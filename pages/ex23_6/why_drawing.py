"""The page's beginning: all z shifted or stretched at a press, and the z̄ that stand still."""

import streamlit as st

from nnlib.chapter23.batch_norm import Forward
from pages.ex23_6.controls import PRESSED, STARTS_OVER, both_are_pressed, controls
from pages.shared.page import read_prose
from pages.shared.svg.component import component

KEY = controls.key("why_picture")

_draw = component(
    __file__,
    """<div class="why"><div class="pushes"><button type="button" aria-pressed="false">Shift all z</button>
    <button type="button" aria-pressed="false">Stretch all z</button><p role="status"></p></div>
    <p class="about z"></p><div class="axes"></div><p class="about z_bar"></p></div>""",
)


def why_drawing(passed: Forward) -> None:
    """Draw z and z̄ of the batch on two axes; once both buttons have been pressed, say what it means."""
    batch = {"z": passed.z.tolist(), "u": passed.u, "variance": passed.variance, "epsilon": passed.epsilon}
    n, starts = len(batch["z"]), {"starts_over": st.session_state.get(STARTS_OVER, 0)}
    told = {
        "why": read_prose(__file__, "why"),
        "about": {
            "z": f"**z:** the net inputs of one neuron, one for each of the samples 1 to n = {n}. Together they "
            "are a **batch**.",
            "z_bar": "**z̄:** the same after batch norm, with mean 0 and variance 1. (The variance divides by "
            f"n − 1 = {n - 1}, as in the book.)",
        },
    }
    _draw(key=KEY, data=batch | starts | told | {"pressed": both_are_pressed()}, on_pressed_change=_pressed)


def _pressed() -> None:
    """The reader has pressed both."""
    if st.session_state[KEY].pressed:
        st.session_state[PRESSED] = True
