"""The answer to exercise 23.1: the weights, how they are found, the misprint at its line, and a plain program."""

import pandas as pd
import streamlit as st

from nnlib.chapter23.algorithms import forward
from nnlib.chapter23.gates import CORNERS, gate_network, solution, truth_table
from pages.ex23_1.check import INPUT_NAMES, ROWS
from pages.ex23_1.controls import KNOWN, controls
from pages.ex23_1.network import draw_network
from pages.shared.frame import show_answer_button
from pages.shared.numbers import decimals
from pages.shared.page import read_prose, write
from pages.shared.practice import was_solved_before
from pages.shared.python_code import answer_code

USE = """
W = {1: np.array([[20, -20], [20, -20]]), 2: np.array([[20], [20]])}
b = {1: np.array([-30, 10]), 2: np.array([-10])}
for x in ([0, 0], [0, 1], [1, 0], [1, 1]):
    h = forward(np.array(x), W, b)
    print(x, h[1].round(8), f"{h[2][0]:.8f}")
"""


def show_answer() -> None:
    """The tab, from top to bottom, once XNOR has been solved, on whatever day, or the reader wants to see it."""
    if not was_solved_before("23.1") and KNOWN not in st.session_state:
        write(
            "**Try it first.** Once y is right at all four corners of XNOR above, the nine numbers of the printed "
            "solution appear here, and how they are found."
        )
        show_answer_button(controls, {KNOWN: True})
        return
    with st.container(border=True):
        write(read_prose(__file__, "result"))
        draw_network()
    write(read_prose(__file__, "derivation"))
    trace = gate_network(solution("XNOR")).trace(CORNERS, truth_table("XNOR"))
    hidden, y = trace.h[1], trace.h[2]
    st.table(
        pd.DataFrame(
            {
                INPUT_NAMES: ROWS,
                "h₁ = AND (8 decimals)": [decimals(h, 8) for h in hidden[:, 0]],
                "h₂ = NOR (8 decimals)": [decimals(h, 8) for h in hidden[:, 1]],
                "y = XNOR (8 decimals)": [decimals(value, 8) for value in y[:, 0]],
            }
        ).set_index(INPUT_NAMES)
    )
    with st.expander(
        "A misprint in the printed solution: two columns of its picture are headed x₁", icon=":material/error:"
    ):
        write(
            "The truth table in the picture of the printed solution is headed x₁, x₁, y. The second column is x₂: "
            "read as printed, both inputs would be the same, and the rows (0, 1) and (1, 0) could not exist. "
            "The weights and the outputs are right."
        )
    write("## As a program", "Each line is one of the formulas above; the last three lines print the table.")
    answer_code(forward, use=USE)
