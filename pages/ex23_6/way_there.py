"""What stands above the stage: first why and what batch norm does, then z → z̄ → z̃ → L with what comes back."""

import streamlit as st

import pages.ex23_6 as room
from pages.ex23_6.controls import both_are_pressed, has_begun, is_known
from pages.ex23_6.steps import LINE, MOVE, way
from pages.shared.page import read_prose, write

REACHED = {
    "with_it": "97.8",
    "without": "9.4",
}  # in per cent, by the nets of the tab A net that trains; a test asks them
AT_FIRST = (
    "mean 0, variance\u00a01",
    "scale by γ, shift by β",
)  # what the arrows do, before the formulas are needed
FORMULAS = ("(z − u)/s", "γ z̄ + β")
AHEAD = "z̃ is what the layers above receive, and L is the loss."
LETTERS = (
    "z has the mean u and the variance σ², and s²\u00a0=\u00a0σ²\u00a0+\u00a0ε with a tiny ε; γ and β are learned."
)


def show_way_there() -> None:
    """Words and symbols, as they are needed."""
    if not has_begun():
        write(
            read_prose(room.__file__, "introduction").format(**REACHED), way(LINE if both_are_pressed() else MOVE)
        )
        return
    told = is_known()
    to_bar, to_tilde = FORMULAS if told else AT_FIRST
    stations = "".join(
        f'<span class="{"step" if k % 2 else "box"}">{text}</span>'
        for k, text in enumerate(("z", to_bar, "z̄", to_tilde, "z̃", "layers above", "L"))
    )
    back = "dz" if told else "dz = ?"
    about = LETTERS if told else AHEAD
    st.html(
        f'<div class="way"><div class="way_there">{stations}<span class="back">{back}</span>'
        f'<span class="home"></span><span class="back at_tilde">g</span><span class="home last"></span></div>'
        f"<p>{about}</p></div>"
    )
