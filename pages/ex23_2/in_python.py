"""The lines of Python that reproduce what page 23.2 shows."""

import streamlit as st

from pages.ex23_2.label_table import LabelTable, controls
from pages.shared.python_code import code_to_take


def show_code(table: LabelTable) -> None:
    """The tab: the reader's table, its loss and both derivatives."""
    code_to_take(
        f"""import numpy as np

from nnlib.chapter23.multilabel import multilabel_loss

{table_lines(table)}

result = multilabel_loss(Z, Y)
print(result.loss)  # L
print(result.P, result.assigned, result.elements, sep="\\n")  # p, whether p > 0.5, the loss of each cell
print(result.dP, result.dZ, sep="\\n")  # ∂L/∂p and ∂L/∂z
""",
        "multilabel_loss",
    )


def table_lines(table: LabelTable) -> str:
    """The reader's Z and Y."""
    return f"Z = np.array({table.Z.tolist()})\nY = np.array({table.Y.tolist()})"


def same_in_python(code: str, name: str) -> None:
    """The lines behind a part of a tab, drawn only when they are asked for."""
    place = st.expander("The same in Python", key=controls.key(f"{name}_code"), on_change="rerun")
    if place.open:
        with place:
            code_to_take(code, name)
