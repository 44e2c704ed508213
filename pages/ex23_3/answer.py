"""The answer to exercise 23.3: result, derivation, a plain program, and where the printed solution errs."""

import streamlit as st

from nnlib.chapter23.algorithms import train
from pages.ex23_3.controls import controls
from pages.ex23_3.one_picture import look_back
from pages.shared.frame import show_answer_button
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.page import read_prose, write
from pages.shared.practice import note_solved, solved
from pages.shared.python_code import answer_code

USE = """
from nnlib import load_mnist

data = load_mnist()  # 56,000 training and 14,000 test pictures
X, Y = data.X_train / 255, data.Y_train
W, b = train(X, Y, sizes=(784, 100, 50, 10), eta=0.1, epochs=1, seed=0)
right = [
    forward(x, W, b)[3].argmax() == y.argmax()
    for x, y in zip(data.X_test / 255, data.Y_test)
]
print(sum(right) / len(right))
"""


QUESTION = (
    "**Try it first.** Back-propagation knows the error δ = ∂L/∂z of a layer t, and asks for the one of the layer "
    "below, whose outputs are h\u00a0=\u00a0σ(z). What is δ⁽ᵗ⁻¹⁾?"
)
DELTA = "h⁽ᵗ⁻¹⁾ ⊙ (1 − h⁽ᵗ⁻¹⁾) ⊙ W⁽ᵗ⁾δ⁽ᵗ⁾"
TRIES = {  # all of about one length
    "h⁽ᵗ⁻¹⁾ ⊙ (1 − h⁽ᵗ⁻¹⁾) ⊙ δ⁽ᵗ⁾": f"{WRONG} δ⁽ᵗ⁾ has a number for each neuron of layer t, and h⁽ᵗ⁻¹⁾ one for "
    "each of layer t − 1: the weights between them have to carry the error down.",
    DELTA: f"{RIGHT} **Solved.** The weights carry the error down to every h, and h\u00a0(1\u00a0−\u00a0h) is the "
    "slope of σ there.",
    "h⁽ᵗ⁾ ⊙ (1 − h⁽ᵗ⁾) ⊙ W⁽ᵗ⁾δ⁽ᵗ⁾": f"{WRONG} That is the slope of layer t, which δ⁽ᵗ⁾ already contains. The "
    "error has come down to layer t − 1, and the slope of that layer is the factor.",
}
FIRST_TRY = "first_try"
TRIED, KNOWN = controls.key("tries_of_delta"), controls.key("known")


def _note_if_found() -> None:
    """The exercise is solved once its formula is chosen; before the stage is drawn, which says so."""
    if st.session_state[controls.key(FIRST_TRY)] == DELTA:
        note_solved("23.3")


def _is_known(tried: str | None) -> bool:
    """Whether the reader has found the formula, chosen both wrong ones, or asked for the answer; for good."""
    tries: set[str] = st.session_state.setdefault(TRIED, set())
    if tried is not None:
        tries.add(tried)
    return KNOWN in st.session_state or DELTA in tries or len(tries) > 1


def show_answer() -> None:
    """The tab, from top to bottom: first the line of the algorithm that carries the error back is the reader's."""
    if "23.3" in solved() and st.session_state.get(controls.key(FIRST_TRY)) is None:
        st.session_state[controls.key(FIRST_TRY)] = DELTA  # what is answered is not asked again
    tried = controls.radio(FIRST_TRY, QUESTION, list(TRIES), index=None, horizontal=True, on_change=_note_if_found)
    if tried is not None:
        write(TRIES[tried])
    if not _is_known(tried):
        write(
            "Choose again."
            if tried
            else "The algorithm, its derivation and a program appear when you have chosen."
        )
        show_answer_button(controls, {KNOWN: True})
        return
    with st.container(border=True):
        write(read_prose(__file__, "result"))
        controls.button(
            "look_back", "Follow one picture back through the network", look_back, icon=":material/route:"
        )
    write(read_prose(__file__, "derivation"))
    write("## Where the printed solution goes another way")
    _fold("Its output error is that of squared error, not of cross-entropy", "two_losses")
    _fold("It moves all biases of a layer by one sum, Σδ. Each should move by its own δ", "summed_bias")
    write(
        "## As a program",
        "This is the algorithm in plain NumPy, a formula a line. One epoch takes about a minute; afterwards about "
        "95 % of the test pictures are read correctly. To run it, save it beside `app.py`.",
    )
    answer_code(train, use=USE)
    write(read_prose(__file__, "missing_digit"))
    _fold("Which digit it is, until when, and why", "missing_digit_found", ":material/search:")


def _fold(title: str, prose: str, icon: str = ":material/error:") -> None:
    with st.expander(title, icon=icon):
        write(read_prose(__file__, prose))
