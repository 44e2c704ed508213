"""The answer to exercise 23.3: result, derivation, a plain program, and where the printed solution errs."""

import streamlit as st

from nnlib.chapter23.algorithms import train
from pages.ex23_3.complete_the_step import complete_the_step
from pages.ex23_3.controls import controls
from pages.ex23_3.one_picture import look_back
from pages.shared.frame import show_answer_button
from pages.shared.page import read_prose, write
from pages.shared.practice import solved
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
    "**The exercise itself: write one training step.** Four lines are missing. Choose each, and let a small "
    "network learn with them."
)
KNOWN = controls.key("known")


def show_answer() -> None:
    """The tab, from top to bottom: first the lines of the algorithm that go back are the reader's."""
    is_solved = "23.3" in solved()
    if not is_solved:
        write(QUESTION)
    complete_the_step(is_solved)
    if not is_solved and KNOWN not in st.session_state:
        write("The algorithm, its derivation and a program appear when all four lines are right.")
        show_answer_button(controls, {KNOWN: True})
        return
    with st.container(border=True):
        write(read_prose(__file__, "result"))
        controls.button(
            "look_back", "Follow one picture back through the network", look_back, icon=":material/route:"
        )
    _fold("Why it is right: the derivation, line by line", "derivation", ":material/function:")
    with st.expander("The whole training as a program", icon=":material/code:"):
        write(
            "This is the algorithm in plain NumPy, a formula a line. One epoch takes about a minute; afterwards "
            "about 95 % of the test pictures are read correctly. To run it, save it beside `app.py`."
        )
        answer_code(train, use=USE)
    write("## Where the printed solution goes another way")
    _fold("Its output error is that of squared error, not of cross-entropy", "two_losses")
    _fold("It moves all biases of a layer by one sum, Σδ. Each should move by its own δ", "summed_bias")
    write(read_prose(__file__, "missing_digit"))
    _fold("Which digit it is, until when, and why", "missing_digit_found", ":material/search:")


def _fold(title: str, prose: str, icon: str = ":material/error:") -> None:
    with st.expander(title, icon=icon):
        write(read_prose(__file__, prose))
