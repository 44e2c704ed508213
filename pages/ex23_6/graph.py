"""Three samples as a computation graph, with controls of their own."""

import streamlit as st

from nnlib.chapter23.batch_norm import MISTAKES
from nnlib.chapter23.batch_norm_graph import batch_norm_graph
from nnlib.notation import subscript
from pages.ex23_6.controls import BETA, DIVISORS, EPSILON, EPSILONS, GAMMA, REACH, controls
from pages.shared.gradient_table import gradient_table
from pages.shared.graph.placement import Placement
from pages.shared.graph.player import graph_player

SAMPLES = {  # label and start of each slider
    "z1": ("z₁", 1.0),
    "z2": ("z₂", -0.5),
    "z3": ("z₃", 2.0),
    "g1": ("g₁", 0.5),
    "g2": ("g₂", -1.0),
    "g3": ("g₃", 1.0),
}
ROWS = (92.0, 272.0, 452.0)  # of the three samples
SHARED = 625.0  # of what all samples share


@st.fragment
def graph_section() -> None:
    """The controls, the graph they make, and a check of every gradient in it."""
    values = [
        controls.slider(f"graph_{name}", label, -REACH, REACH, start, 0.1, place=place)
        for place, (name, (label, start)) in zip(st.columns(6), SAMPLES.items(), strict=True)
    ]
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    gamma = controls.slider("graph_gamma", "γ", -REACH, REACH, GAMMA, 0.1, place=left)
    divisor = controls.choice("graph_divisor", "σ² of the graph divides by", list(DIVISORS), place=middle)
    controls.button("graph_copy", "Use the first three samples above", copy_samples, place=right)
    mistake = controls.radio("graph_mistake", "Plant a mistake in the graph", MISTAKES, horizontal=True)
    ddof = DIVISORS[divisor]
    graph = batch_norm_graph(values[:3], values[3:], gamma, BETA, EPSILONS[EPSILON], ddof, mistake)
    graph.backward()
    title = "Batch normalisation of three samples"
    graph_player(graph, graph_placement(ddof), key=controls.key("graph"), title=title)
    checks = st.expander(
        "Every gradient of this graph, checked", key=controls.key("graph_checks"), on_change="rerun"
    )
    if checks.open:
        with checks:
            nodes = [node for node in graph.nodes if node.needs_gradient]
            gradient_table(
                [graph.derivative_name(node) for node in nodes],
                graph.check_gradients(nodes),
                key=controls.key("graph_gradients"),
                label="gradient",
            )


def copy_samples() -> None:
    """Give the graph the first samples of the batch above, which may be only two, with its γ and its divisor."""
    for name in ("gamma", "divisor", *SAMPLES):
        if controls.key(name) in st.session_state:
            st.session_state[controls.key(f"graph_{name}")] = st.session_state[controls.key(name)]


def graph_placement(ddof: int) -> Placement:
    """Three samples in three rows from z to L; below them, in a loop, what makes u, σ² and 1/s.

    Where three edges meet below, they lean so that each has room for its numbers on one side.
    """
    lower, lowest = SHARED + 100, SHARED + 200
    positions: dict[str, tuple[float, float]] = {
        "Σz": (86, SHARED),
        "u": (240, SHARED),
        "Σ(z − u)²": (445, SHARED),
        "σ²": (445, lower),
        "σ² + ε": (445, lowest),
        "ε": (355, lowest),
        "s": (535, lowest),
        "1/s": (535, SHARED),
        "γ": (668, SHARED),
        "β": (758, SHARED),
        "L": (936, ROWS[1]),
        # with divisor n, one constant serves both u and σ²
        **({"1/3": (240, lower), "1/2": (355, lower)} if ddof else {"1/3": (240, lower)}),
    }
    captions = {name: name for name in ("Σz", "u", "Σ(z − u)²", "σ²", "σ² + ε", "s", "1/s", "L")}
    shifts: dict[str, tuple[float, float]] = {
        "Σz": (0, 34),
        "u": (26, 5),
        "Σ(z − u)²": (-52, 4),
        "σ²": (30, 5),
        "σ² + ε": (0, 34),
        "s": (0, 34),
        "1/s": (-30, 4),
        "L": (0, 34),
    }
    shares: dict[str, float] = {}
    left = []
    for j, row in zip((subscript(k) for k in (1, 2, 3)), ROWS, strict=True):
        fall = SHARED - row
        positions |= {
            f"z{j}": (62, row),
            f"z{j} − u": (190, row),
            f"(z{j} − u)²": (408, row + 84),
            f"z̄{j}": (578, row),
            f"γz̄{j}": (668, row),
            f"z̃{j}": (758, row),
            f"g{j}": (848, row - 66),
            f"g{j}z̃{j}": (848, row),
        }
        captions |= {name: name for name in (f"z{j} − u", f"z̄{j}", f"z̃{j}")}
        shifts |= {f"z{j} − u": (-26, -20), f"z̃{j}": (16, -20)}
        shares |= {
            f"z{j} → Σz": 84 / fall,
            f"u → z{j} − u": 1 - 88 / fall,
            f"(z{j} − u)² → Σ(z − u)²": 46 / (fall - 84),
            f"z{j} − u → z̄{j}": 0.72,
            f"1/s → z̄{j}": 1 - 84 / fall,
            f"γ → γz̄{j}": 1 - 88 / fall,
            f"β → z̃{j}": 1 - 88 / fall,
        }
        left += [f"z{j} → Σz", f"u → z{j} − u", f"(z{j} − u)² → Σ(z − u)²", f"g{j} → g{j}z̃{j}"]
    return Placement(positions, 1016, lowest + 45, captions, shifts, shares, left, minimum=800)
