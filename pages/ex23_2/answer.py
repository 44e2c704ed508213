"""The answer to exercise 23.2: a first try, loss and derivative in a box, the derivation, a program."""

import streamlit as st

from nnlib.chapter23.algorithms import multilabel_gradients
from pages.ex23_2.in_python import table_lines
from pages.ex23_2.label_table import FORMULA, KNOWN, LabelTable, controls, may_see_formula
from pages.shared.frame import show_answer_button
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.page import read_prose, section, write
from pages.shared.python_code import answer_code

QUESTION = (
    "**Try it first.** A cell costs −log p where y = 1, and −log(1 − p) where y = 0. Which one formula says both?"
)
TRIES = {
    "−y log p": f"{WRONG} Where y = 0 this is 0, whatever p is. To say yes to a genre that does not fit would "
    "cost nothing.",
    "−log |y − p|": f"{WRONG} That is the wrong way round: where y = 1 it is −log(1 − p), which grows as p nears "
    "the truth.",
    FORMULA: f"{RIGHT} One of the factors y and 1 − y is 1, and the other is 0. So just "
    "one of the two terms is left.",
}

SHOW = 'print(L, dL_dp, dL_dz, sep="\\n")'


def show_answer(table: LabelTable) -> None:
    """The tab, from top to bottom; the program runs on the table of the stage."""
    tried = controls.radio("first_try", QUESTION, list(TRIES), index=None, horizontal=True)
    if tried is not None:
        write(TRIES[tried])
    if not may_see_formula():
        write("Choose again." if tried else "The answer, and how it is derived, appear when you have chosen.")
        show_answer_button(controls, {KNOWN: True})
        return
    with st.container(border=True):
        write(read_prose(__file__, "result"))
    write(read_prose(__file__, "derivation"))
    section("As a program", "The same formulas line by line, here for the dials and the truth above.")
    answer_code(
        multilabel_gradients, use=f"{table_lines(table)}\nL, dL_dp, dL_dz = multilabel_gradients(Z, Y)\n{SHOW}"
    )
