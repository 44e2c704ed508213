"""The answer to exercise 23.2: loss and derivative in a box, the derivation, a program."""

import streamlit as st

from nnlib.chapter23.algorithms import multilabel_gradients
from pages.ex23_2.in_python import table_lines
from pages.ex23_2.label_table import KNOWN, LabelTable, controls, is_known
from pages.shared.frame import show_answer_button
from pages.shared.page import read_prose, section, write
from pages.shared.practice import was_solved_before
from pages.shared.python_code import answer_code

SHOW = 'print(L, dL_dp, dL_dz, sep="\\n")'


def show_answer(table: LabelTable) -> None:
    """The tab, from top to bottom; the program runs on the table of the stage."""
    if not was_solved_before("23.2") and not is_known():
        write("Put the loss and its derivative together above, and the answer opens here.")
        show_answer_button(controls, {KNOWN: True})
        return
    with st.container(border=True):
        write(read_prose(__file__, "result"))
    write(read_prose(__file__, "derivation"))
    section("As a program", "The same formulas line by line, here for the dials and the truth above.")
    answer_code(
        multilabel_gradients, use=f"{table_lines(table)}\nL, dL_dp, dL_dz = multilabel_gradients(Z, Y)\n{SHOW}"
    )
