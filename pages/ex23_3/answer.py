"""The answer to exercise 23.3: result, derivation, a plain program, and where the printed solution errs."""

import streamlit as st

from nnlib.chapter23.algorithms import train
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
accuracy = sum(right) / len(right)
"""


def show_answer() -> None:
    """The tab, from top to bottom."""
    with st.container(border=True):
        write(read_prose(__file__, "result"))
    write(read_prose(__file__, "derivation"))
    _fold("Where the printed solution errs: its δ⁽ˢ⁾ belongs to another loss", "two_losses")
    _fold("Where the printed solution errs: every bias moves by the sum of its layer's δ", "summed_bias")
    write("### As a program", "Each line is one of the formulas above. It takes about a minute an epoch.")
    answer_code(train, use=USE)
    write(read_prose(__file__, "dead_digit"))


def _fold(title: str, prose: str) -> None:
    with st.expander(title, icon=":material/error:"):
        write(read_prose(__file__, prose))
