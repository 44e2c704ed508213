"""The misprint in the printed solution of exercise 23.1: one wrong name in the picture's truth table."""

import pandas as pd
import streamlit as st

from nnlib.chapter23.gates import CORNERS, truth_table
from pages.ex23_1.pictures import ROWS
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.page import erratum


def show_misprint() -> None:
    """What is printed, and which rows of the table it leaves possible."""
    erratum(
        "The truth table in the book's picture is headed x₁, x₁, y. The second column is x₂. "
        "Read as printed, both inputs would be the same, and two of its four rows could not exist:"
    )
    st.table(
        pd.DataFrame(
            {
                "row": ROWS,
                "printed: x₁ =": [f"{x1:g} and {x2:g}" for x1, x2 in CORNERS],
                "possible as printed": [RIGHT if x1 == x2 else WRONG for x1, x2 in CORNERS],
                "XNOR of x₁, x₂": [f"{y:g}" for y in truth_table("XNOR").ravel()],
            }
        ).set_index("row")
    )
