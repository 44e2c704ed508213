"""Exercise 23.5: softmax with cross-entropy for three classes, as book figure 23.31, forward and backward."""

import streamlit as st

from pages import ex23_5
from pages.ex23_5.comparisons import show_shift, show_shortcut
from pages.ex23_5.controls import choose
from pages.ex23_5.experiments import EXPERIMENTS
from pages.ex23_5.graph import PLACEMENT, show_misprint
from pages.ex23_5.question import softmax_gradient
from pages.shared.chapter import EXERCISES
from pages.shared.graph.checks import check_section
from pages.shared.graph.player import graph_player
from pages.shared.numbers import number
from pages.shared.page import erratum, heading, in_python, read_prose, section, try_this, write
from pages.shared.predict_first import predict_first

heading(
    EXERCISES["23.5"].heading,
    "Why is the gradient of softmax with cross-entropy just p − y? Follow it back through every edge.",
)
write(read_prose(ex23_5.__file__, "introduction"))

# The page stands in this order; the first container is filled last, and again whenever a slider moves.
hand = st.container()

section("Step by step", read_prose(ex23_5.__file__, "step_by_step"))
try_this(EXPERIMENTS)
predict_first(softmax_gradient, "ex23_5")
erratum(
    "In the printed answer's picture, the exp branch of class 2 carries −y₃/exp x₃. "
    "It must be −y₂/exp x₂, as in the other two rows. With your settings:"
)
printed_beside_true, snippet = st.empty(), st.empty()


@st.fragment
def by_hand() -> None:
    """Everything the controls change, drawn again without the rest of the page."""
    chosen = choose()
    true, graph = chosen.true_graph(), chosen.graph()
    if not chosen.sums_to_one:
        st.info(
            f"Your labels sum to Σy = {number(chosen.total)}, not to 1. The graph then carries (Σy)/S "
            "where the book has 1/S, and (Σy)·p − y where the book has p − y.",
            icon=":material/info:",
        )
    graph_player(graph, PLACEMENT, key="ex23_5_graph", title="Softmax with cross-entropy, book figure 23.31")
    check_section(graph, [node for node in graph.nodes if node.needs_gradient], key="ex23_5_gradients")
    if chosen.mistake == "as printed" and chosen.y[1] == chosen.y[2] == 0:
        st.markdown("With this label y₂ = y₃ = 0, so the misprint changes nothing. Choose class 2 or class 3.")
    show_shortcut(chosen, graph, true)
    show_shift(chosen, true)
    with printed_beside_true.container():
        show_misprint(chosen, true)
    with snippet.container():
        in_python(chosen.code())


with hand:
    by_hand()
