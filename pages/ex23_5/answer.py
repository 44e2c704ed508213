"""The answer to exercise 23.5: both graphs, the derivation, a plain program, and the misprint at its edge."""

import streamlit as st

from nnlib.chapter23.algorithms import softmax_gradients
from nnlib.chapter23.graphs import softmax_graph
from pages.ex23_5.controls import CLASSES, CONTROLS, Chosen
from pages.ex23_5.graph import PRINTED
from pages.shared.graph.blanks import LED_BACK, draw_it_yourself, is_known, offer_to_draw
from pages.shared.graph.checks import misprint_table
from pages.shared.graph.model import differentiated
from pages.shared.graph.player import at_step
from pages.shared.graph.printed import show_printed
from pages.shared.numbers import number
from pages.shared.page import read_prose, write
from pages.shared.practice import was_solved_before
from pages.shared.python_code import answer_code

USE = """
L, d_x = softmax_gradients(x=np.array({x}), y=np.array({y}))
print(L, d_x)
"""

FILES = "softmax_graph", "softmax with cross-entropy for three classes"  # their name, and what they show

EDGES = [  # those of the drawing whose messages are more than a sign
    *(
        [edge.format(k=k) for k in CLASSES]
        for edge in ("log p{k} → y{k} log p{k}", "p{k} → log p{k}", "exp x{k} → p{k}", "1/S → p{k}")
    ),
    ["S → 1/S"],
    *([edge.format(k=k) for k in CLASSES] for edge in ("exp x{k} → S", "x{k} → exp x{k}")),
]
SIGNS = {
    "−yₖ": "L falls as log pₖ grows, so it is negative",
    "−yₖ/pₖ": "L falls as pₖ grows, so it is negative",
    "−yₖ/exp xₖ": "by this way L falls as exp xₖ grows, so it is negative",
    "−yₖ·S": "L falls as 1/S grows, so it is negative",
    "1/S": "a larger S makes every p smaller and L larger, so it is positive",
    "pₖ − yₖ": "where pₖ is below yₖ, L falls as xₖ grows, so it is negative there",
}
OTHERS: list[dict[str, str]] = [  # more wrong formulas of each
    {},
    {"−pₖ/yₖ": "That is upside down: the local derivative of log pₖ is 1/pₖ."},
    {"exp xₖ": "That is the local derivative of exp xₖ. You need the one of pₖ with respect to exp xₖ."},
    {},
    {"−S": "That is ∂L/∂(1/S), the sum of the three messages −yₖ·S."},
    {"−1/S²": "That is the local derivative of 1/S."},
    {},
]


def show_empty_graph(chosen: Chosen) -> None:
    """The backward graph to be drawn by the reader, for labels that sum to 1."""
    graph = differentiated(softmax_graph(chosen.x, (0.1, 0.7, 0.2)))
    formula = "L = −Σ yₖ log pₖ".replace(" ", "\u00a0")  # on one line
    loss = f"{formula}, with labels that sum to 1; k stands for each of the three classes."
    task = (
        "First four arrows, then seven formulas. The arrows between p and exp x are missing: draw them, from each "
        "p back to exp x. What you draw for one class counts for all three."
    )
    draw_it_yourself(
        graph,
        PRINTED,
        CONTROLS,
        loss,
        EDGES,
        OTHERS,
        EDGES[2:6],
        task,
        signs=SIGNS,
        finale=_lead_to_fold,
        hint="Two ways lead back from each p: straight to exp x, and through 1/S and S.",
    )


def _lead_to_fold() -> None:
    """A button that folds the whole graph into what it comes to."""
    folded = CONTROLS.keyed({"folded": True, "more": True, "tab": "The answer", LED_BACK: True}) | at_step(
        CONTROLS.key("graph")
    )
    words = "See all of it fold into **p − y**"
    CONTROLS.button("fold_all", words, st.session_state.update, folded, type="primary", icon=":material/compress:")


def show_answer(chosen: Chosen) -> None:
    """The tab, from top to bottom, with the x and y of the stage."""
    known = was_solved_before("23.5") or is_known(CONTROLS)
    with st.container(border=True):
        write(read_prose(__file__, "result" if known else "claim"))
        if not known:
            offer_to_draw(CONTROLS)
    true = differentiated(softmax_graph(chosen.x, chosen.y))
    show_printed(true, PRINTED, "forward", *FILES)
    if not known:
        return
    show_printed(true, PRINTED, "backward", *FILES)
    with st.expander("Where the printed solution errs: the exp branch of class 2", icon=":material/error:"):
        write(read_prose(__file__, "misprint"))
        printed = differentiated(softmax_graph(chosen.x, chosen.y, "as printed"))
        if misprint_table(
            {
                "edge p₂ → exp x₂": ["printed: −y₃/exp x₃", "true: −y₂/exp x₂"],
                "message": [number(graph.edge("exp x₂", "p₂").message or 0.0) for graph in (printed, true)],
            },
            printed,
            true,
            "x₂",
        ):
            write(
                "Here the misprint does no harm, because both fractions are equal. Choose other labels to see it."
            )
    write(read_prose(__file__, "derivation"))
    write(
        "## As a program", "Each line is one step of the graph, forward and then backward, with the x and y above."
    )
    answer_code(softmax_gradients, use=USE.format(x=list(chosen.x), y=list(chosen.y)))
