"""The graph of page 23.4: where it stands, and what the printed dL/dz makes of it."""

import streamlit as st

from nnlib.chapter23.graphs import sigmoid_graph
from pages.shared.graph.checks import misprint_table
from pages.shared.graph.model import differentiated
from pages.shared.graph.placement import Placement

PLACEMENT = Placement(
    positions={"z": (25, 130), "f": (235, 130), "L": (455, 130), "y": (455, 25)},
    width=575,
    height=185,
    captions={"f": "f = σ(z)", "L": "L = l(f, y)"},
    caption_shifts={"L": (0, 36)},
    minimum=480,
)


def show_misprint(z: float, y: float, loss: str) -> None:
    """dL/dz as printed and as it is."""
    if misprint_table(
        {"rule": ["printed: dL/df · dL/df · f(1 − f)", "true: dL/df · f(1 − f)"]},
        differentiated(sigmoid_graph(z, y, loss, "as printed")),
        differentiated(sigmoid_graph(z, y, loss)),
        "z",
    ):
        st.markdown(
            "Here both rules agree by chance: dL/df is 0 or 1, or the product is too small to tell. Move z."
        )
