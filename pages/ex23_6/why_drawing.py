"""Why two sums must vanish: all z shifted or stretched at a press, and the z̄ that stand still."""

import streamlit as st

from nnlib.chapter23.batch_norm import Forward
from pages.ex23_6.controls import STARTS_OVER, controls
from pages.shared.page import read_prose
from pages.shared.svg.component import component

EPSILON_COUNTS = 0.005  # of ε beside σ²: where it is more, what it leaves can be seen in the pictures

_draw = component(
    __file__,
    """<div class="why"><div class="told"><p></p>
    <button type="button" aria-pressed="false">Shift all z</button>
    <button type="button" aria-pressed="false">Stretch all z</button></div><div class="axes"></div></div>""",
)


def epsilon_counts(passed: Forward) -> bool:
    """Whether stretching all z moves z̄ as far as can be seen."""
    return passed.epsilon > EPSILON_COUNTS * passed.variance


def why_drawing(passed: Forward) -> None:
    """Draw z and z̄ of the batch on two axes, and say what follows for its dz."""
    why = read_prose(__file__, "why_epsilon" if epsilon_counts(passed) else "why")
    batch = {"z": passed.z.tolist(), "u": passed.u, "variance": passed.variance, "epsilon": passed.epsilon}
    starts = {"starts_over": st.session_state.get(STARTS_OVER, 0)}
    _draw(key=controls.key("why_picture"), data=batch | starts | {"why": why})
