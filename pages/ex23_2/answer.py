"""The answer to exercise 23.2: the loss and its derivative in a box, the derivation, and a plain program."""

import streamlit as st

from nnlib.chapter23.algorithms import multilabel_gradients
from pages.ex23_2.in_python import table_lines
from pages.ex23_2.label_table import LabelTable
from pages.shared.page import read_prose, section, write
from pages.shared.python_code import answer_code


def show_answer(table: LabelTable) -> None:
    """The tab, from top to bottom; the program runs on the table of the stage."""
    with st.container(border=True):
        write(read_prose(__file__, "result"))
    write(read_prose(__file__, "derivation"))
    section("As a program", "The same formulas line by line, here for the dials and the truth above.")
    answer_code(multilabel_gradients, use=f"{table_lines(table)}\nL, dL_dp, dL_dz = multilabel_gradients(Z, Y)")
