"""The answer to exercise 23.4: both graphs, the derivation, a plain program, and the misprint at its line."""

import streamlit as st

from nnlib.chapter23.algorithms import sigmoid_gradients
from nnlib.chapter23.graphs import SIGMOID_LOSSES, sigmoid_graph
from pages.ex23_4.controls import CONTROLS, Chosen
from pages.ex23_4.graph import CLOSED, DRAWN
from pages.ex23_4.question import LOSSES
from pages.shared.graph.blanks import draw_it_yourself, is_known, offer_to_draw
from pages.shared.graph.checks import misprint_table
from pages.shared.graph.model import differentiated
from pages.shared.graph.printed import show_printed
from pages.shared.page import read_prose, write
from pages.shared.practice import was_solved_before
from pages.shared.python_code import answer_code

FILES = "sigmoid_graph", "the sigmoid with a loss"  # their name, and what they show

USE = """
L, dL_df, dL_dy, dL_dz = sigmoid_gradients(z={z!r}, y={y!r}, loss="{loss}")
print(L, dL_df, dL_dy, dL_dz)
"""

SIGNS = {  # why each is negative or positive where it is
    **dict.fromkeys(
        ("(f − y)/(f(1 − f))", "f − y", "(f − y) · f(1 − f)"),
        "where f is below y, L falls as f grows towards y, so it is negative there",
    ),
    "y − f": "where f is below y, L grows as y moves away from f, so it is positive there",
}
OTHERS: list[dict[str, str]] = [  # of "Draw it yourself": more wrong formulas of its three edges
    {},
    {"log(f/(1 − f))": "That is ∂L/∂y of cross-entropy with the wrong sign."},
    {"(f − y)² · f(1 − f)": "That has ∂L/∂f of squared error twice, as the printed solution does."},
]


def show_empty_graph(chosen: Chosen) -> None:
    """The backward graph to be drawn by the reader, for the loss of the stage."""
    graph = differentiated(sigmoid_graph(chosen.z, chosen.y, chosen.loss))
    (other,) = set(SIGMOID_LOSSES) - {chosen.loss}
    of_other_loss = sigmoid_graph(0.0, 0.5, other)
    edges = ["f → L"], ["y → L"], ["z → f"]
    draw_it_yourself(
        graph,
        DRAWN,
        CONTROLS,
        f"The loss is {LOSSES[chosen.loss]}. The label y is an input, too, so a gradient comes back to it.",
        edges,
        [
            more | {edge.message_formula: f"That is ∂L/∂{edge.source.label} of {other}."}
            for more, edge in zip(
                OTHERS, (of_other_loss.edge(*name.split(" → ")) for (name,) in edges), strict=True
            )
        ],
        arrows=[["z → f"], ["f → L"], ["y → L"]],
        task="Here are the four nodes: f = σ(z), and L is the loss of f for the label y. Draw the forward graph.",
        backward=False,
        signs=SIGNS,
    )


def show_answer(chosen: Chosen) -> None:
    """The tab, from top to bottom, with the z, y and loss that are set above."""
    known = was_solved_before("23.4") or is_known(CONTROLS)
    with st.container(border=True):
        write(read_prose(__file__, "result" if known else "claim"))
        if not known:
            offer_to_draw(CONTROLS)
    write(read_prose(__file__, "terms"))
    if not known:
        return  # both graphs are the reader's to draw
    graph = differentiated(sigmoid_graph(chosen.z, chosen.y, chosen.loss))
    show_printed(graph, CLOSED, "forward", *FILES)
    show_printed(graph, CLOSED, "backward", *FILES)
    write(read_prose(__file__, "derivation"))
    with st.expander("Where the printed solution errs: ∂L/∂f stands twice in ∂L/∂z", icon=":material/error:"):
        write(read_prose(__file__, "misprint"))
        if misprint_table(
            {"rule": ["printed: ∂L/∂f · ∂L/∂f · f(1 − f)", "true: ∂L/∂f · f(1 − f)"]},
            differentiated(sigmoid_graph(chosen.z, chosen.y, chosen.loss, "as printed")),
            graph,
            "z",
        ):
            write("Here both rules agree by chance: ∂L/∂f is 0 or 1, or the product is too small to tell. Move z.")
    write(
        "## As a program",
        "Each line is one of the formulas above. It is called with the z, y and loss that are set above.",
    )
    answer_code(sigmoid_gradients, use=USE.format(z=chosen.z, y=chosen.y, loss=chosen.loss))
