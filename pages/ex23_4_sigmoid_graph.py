"""Exercise 23.4: the sigmoid as a computation graph, forward and backward."""

import streamlit as st

from pages import ex23_4
from pages.ex23_4.controls import choose
from pages.ex23_4.experiments import EXPERIMENTS
from pages.ex23_4.graph import PLACEMENT, show_misprint
from pages.ex23_4.question import sigmoid_gradient
from pages.ex23_4.vanishing import show_vanishing
from pages.shared.chapter import EXERCISES
from pages.shared.graph.checks import check_section
from pages.shared.graph.player import graph_player
from pages.shared.page import erratum, heading, in_python, read_prose, section, try_this, write
from pages.shared.predict_first import predict_first

heading(
    EXERCISES["23.4"].heading,
    "How does a loss tell the net input z which way to move? Step through the graph and see every number.",
)
write(read_prose(ex23_4.__file__, "introduction"))

# The page stands in this order; the first container is filled last, and again whenever a slider moves.
hand = st.container()

section("Step by step", read_prose(ex23_4.__file__, "step_by_step"))
try_this(EXPERIMENTS)
predict_first(sigmoid_gradient, "ex23_4")
erratum(
    "The printed solution has dL/df twice: dL/dz = dL/df · dL/df · f(1 − f). It belongs there once. "
    "At your z and y:"
)
printed_beside_true, snippet = st.empty(), st.empty()


@st.fragment
def by_hand() -> None:
    """Everything the controls change, drawn again without the rest of the page."""
    controls, picture = st.columns([1, 2], gap="medium")
    with controls:
        chosen = choose()
    graph = chosen.graph()
    with picture:
        graph_player(graph, PLACEMENT, key="ex23_4_graph", title="The graph of f = σ(z), L = l(f, y)")
    check_section(graph, [graph.node(label) for label in ("z", "f", "y")], key="ex23_4_gradients")
    show_vanishing(chosen.z, chosen.y)
    with printed_beside_true.container():
        show_misprint(chosen.z, chosen.y, chosen.loss)
    with snippet.container():
        in_python(chosen.code())


with hand:
    by_hand()
