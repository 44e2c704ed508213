"""The graph of page 23.5: where it stands, and what the printed edge makes of it."""

import streamlit as st

from nnlib.chapter23.graphs import softmax_graph
from nnlib.graph import Graph
from pages.ex23_5.controls import CLASSES, Chosen
from pages.shared.graph.checks import misprint_table
from pages.shared.graph.model import differentiated
from pages.shared.graph.placement import Placement
from pages.shared.numbers import number


def _place() -> Placement:
    """Inputs at the left, loss at the right, one row a class; "+" and "/" below, where all rows meet."""
    positions: dict[str, tuple[float, float]] = {"S": (250, 525), "1/S": (350, 525)}
    captions = {"S": "S", "1/S": "1/S"}
    shifts: dict[str, tuple[float, float]] = {"S": (0, 34), "1/S": (0, 34)}
    shares: dict[str, float] = {}
    for k, row in zip(CLASSES, (95, 245, 395), strict=True):
        positions |= {
            f"x{k}": (20, row),
            f"exp x{k}": (142, row),
            f"p{k}": (455, row),
            f"log p{k}": (560, row),
            f"y{k}": (665, row - 74),
            f"y{k} log p{k}": (665, row),
        }
        captions |= {f"p{k}": f"p{k}", f"exp x{k}": f"exp x{k}"}
        # slanted edges carry their numbers in the gap below their own row
        shares |= {
            f"exp x{k} → p{k}": 0.58,
            f"exp x{k} → S": 75 / (525 - row),
            f"1/S → p{k}": 1 - 85 / (525 - row),
        }
    positions |= {"Σ y log p": (772, 245), "−1": (876, 171), "L": (876, 245)}
    captions |= {"L": "L", "Σ y log p": "Σ y log p"}
    shifts |= {"L": (0, 34), "Σ y log p": (12, 34)}
    left = [name for k in CLASSES for name in (f"exp x{k} → S", f"y{k} → y{k} log p{k}")]
    return Placement(positions, 953, 566, captions, shifts, shares, left, minimum=800)


PLACEMENT = _place()


def show_misprint(chosen: Chosen, true: Graph) -> None:
    """What the printed edge sends, and what it makes of ∂L/∂x₂."""
    printed = differentiated(softmax_graph(chosen.x, chosen.y, "as printed"))
    if misprint_table(
        {
            "edge exp x₂ → p₂": ["printed: −y₃/exp x₃", "true: −y₂/exp x₂"],
            "message": [number(graph.edge("exp x₂", "p₂").message or 0.0) for graph in (printed, true)],
        },
        printed,
        true,
        "x₂",
    ):
        st.markdown(
            "Here the misprint does no harm: both fractions are equal. Choose class 2 or class 3 to see it."
        )
