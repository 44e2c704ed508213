"""The answer to exercise 23.3: result, derivation, a plain program, and where the printed solution errs."""

import streamlit as st

from nnlib.chapter23.algorithms import train
from pages.ex23_3.controls import controls
from pages.ex23_3.one_picture import look_back
from pages.shared.page import read_prose, write
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


def show_answer() -> None:
    """The tab, from top to bottom."""
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
