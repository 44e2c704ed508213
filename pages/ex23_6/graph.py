"""Three samples as a computation graph, with controls of their own."""

import streamlit as st

from nnlib.chapter23.batch_norm import MISTAKES
from nnlib.chapter23.batch_norm_graph import batch_norm_graph
from nnlib.notation import subscript
from pages.ex23_6.controls import BETA, DIVISORS, EPSILON, EPSILONS, GAMMA, REACH, controls
from pages.shared.gradient_table import gradient_table
from pages.shared.graph.placement import CARD_HEIGHT, CARD_WIDTH, Placement, Point, Spot
from pages.shared.graph.player import graph_player

SAMPLES = {  # label and start of each slider
    "z1": ("z₁", 1.0),
    "z2": ("z₂", -0.5),
    "z3": ("z₃", 2.0),
    "g1": ("g₁", 0.5),
    "g2": ("g₂", -1.0),
    "g3": ("g₃", 1.0),
}
ROWS = (70.0, 230.0, 390.0)  # of the three samples
SHARED = 560.0  # of what all samples share


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

    What all samples share is reached by lines that run beside the cards, each sample's on a track of its own.
    """
    lower, lowest = SHARED + 90, SHARED + 175
    positions: dict[str, Point] = {
        "Σz": (79, SHARED),
        "u": (197, SHARED),
        "Σ(z − u)²": (342, SHARED),
        "σ²": (342, lower),
        "σ² + ε": (342, lowest),
        "ε": (232, lowest),
        "s": (450, lowest),
        "1/s": (422, SHARED),
        "γ": (600, SHARED),
        "β": (688, SHARED),
        "L": (836, ROWS[1]),
        # with divisor n, one constant serves both u and σ²
        **({"1/3": (120, lower), "1/2": (232, lower)} if ddof else {"1/3": (232, lower)}),
    }
    routes: dict[str, list[Point]] = {}
    spots: dict[str, Spot] = {}
    port, top, half = 24.0, SHARED - CARD_HEIGHT / 2, CARD_WIDTH / 2
    for k, row in enumerate(ROWS):
        j, outer, inner = subscript(k + 1), 8.0 * (1 - k), 8.0 * (k - 1)  # the first row's track is outermost
        columns = {"z": 36.0, "z − u": 152.0, "z̄": 470.0, "γz̄": 556.0, "z̃": 644.0, "gz̃": 736.0}
        names = {"z": f"z{j}", "z − u": f"z{j} − u", "z̄": f"z̄{j}", "γz̄": f"γz̄{j}", "z̃": f"z̃{j}", "gz̃": f"g{j}z̃{j}"}
        positions |= {name: (columns[column], row) for column, name in names.items()}
        positions |= {f"g{j}": (columns["gz̃"], row - 53), f"(z{j} − u)²": (300, row + 84)}
        square = row + 84 + port
        routes |= {
            f"z{j} → Σz": [(36 + half, row + port), (79 + outer, row + port), (79 + outer, top)],
            f"u → z{j} − u": [(197 + outer, top), (197 + outer, row + port), (152 + half, row + port)],
            f"(z{j} − u)² → Σ(z − u)²": [(300 + half, square), (346 + outer, square), (346 + outer, top)],
            f"1/s → z̄{j}": [(422 + inner, top), (422 + inner, row + port), (470 - half, row + port)],
            f"γ → γz̄{j}": [(600 + outer, top), (600 + outer, row + port), (556 + half, row + port)],
            f"β → z̃{j}": [(688 + outer, top), (688 + outer, row + port), (644 + half, row + port)],
        }
        spots |= {
            f"z{j} → Σz": Spot(93, row + 48, "start"),
            f"z{j} → z{j} − u": Spot(92, row - 52, "start"),
            f"u → z{j} − u": Spot(211, row + 80, "start"),
            f"z{j} − u → (z{j} − u)²": Spot(244, row + 27, "start"),
            f"z{j} − u → z̄{j}": Spot(385, row - 14),
            f"1/s → z̄{j}": Spot(436, row + 48, "start"),
            f"γ → γz̄{j}": Spot(614, row + 48, "start"),
            f"β → z̃{j}": Spot(702, row + 48, "start"),
        }
    return Placement(positions, 880, lowest + 40, routes, spots, minimum=800)
