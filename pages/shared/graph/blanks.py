"""The backward graph to be drawn by the reader: a formula chosen for every edge, marked at once."""

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from nnlib.graph import Edge, Graph
from pages.shared.controls import Controls
from pages.shared.frame import show_answer_button
from pages.shared.graph.model import senders
from pages.shared.graph.placement import Placement
from pages.shared.graph.printed import book_drawing, show_drawing
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.page import write

TAB = "Draw it yourself"  # of `draw_it_yourself`
KNOWN = "known"
NOT_YET = "choose"
SIDE_BY_SIDE = 3


def draw_it_yourself(
    graph: Graph,
    placement: Placement,
    controls: Controls,
    loss: str,
    edges: Sequence[Sequence[str]],
    others: Mapping[str, str],
) -> None:
    """An empty backward graph, and for each of its edges a list of formulas to choose from.

    Parameters
    ----------
    graph, placement : any, with its backward pass made
    loss : a sentence that says which loss L is
    edges : in the order of the backward pass, names of edges that carry the same formula in each class
    others : formulas offered that stand on no edge, each with a sentence that says what it is instead
    """
    by_name = {edge.name: edge for edge in graph.edges}
    first_ones = [by_name[names[0]] for names in edges]
    true = [_of_any_class(edge.message_formula, names) for edge, names in zip(first_ones, edges, strict=True)]
    offered = [NOT_YET, *sorted({*true, *others})]
    write(
        f"Here is the backward graph without its messages. {loss} **Choose the formula that each lettered edge "
        "carries**: upstream × local, simplified. What is right is drawn in at once. Begin at L. "
        "Meanwhile the player above shows numbers alone."
    )
    picture, right = st.container(), 0
    words: dict[str, str] = {}
    letters = "abcdefghijkl"[: len(edges)]
    for first in range(0, len(edges), SIDE_BY_SIDE):
        for column, k in zip(st.columns(SIDE_BY_SIDE), range(first, len(edges)), strict=False):
            way = _of_any_class(first_ones[k].way_back, edges[k])
            with column:
                chosen = controls.menu(f"edge_{letters[k]}", f"{letters[k]}. {way}", offered)
                if chosen == NOT_YET:
                    verdict = "\u2003"
                elif chosen == true[k]:
                    verdict = RIGHT
                else:
                    named = _mistake(graph, first_ones[k], edges[k], chosen) or others.get(chosen)
                    verdict = f"{WRONG} {named or f'That is what edge {letters[true.index(chosen)]} carries.'}"
                st.markdown(verdict)
            right += chosen == true[k]
            if chosen != true[k]:
                words |= dict.fromkeys(edges[k], letters[k])
    with picture:
        show_drawing(
            book_drawing(graph, placement, backward=True, words=words),
            placement,
            f"The backward graph; {right} of {len(edges)} formulas are drawn in.",
            key=controls.key("empty_graph"),
        )
        done = ""
        if right == len(edges):
            st.session_state[controls.key(KNOWN)] = True
            done = f"{RIGHT} The whole backward graph is yours, and *The answer* is open to you."
        write(f"**{right} of {len(edges)}** formulas are drawn in. {done}")


def is_known(controls: Controls) -> bool:
    """Whether the reader has drawn the backward graph, or asked for it: what gives it away waits until then."""
    return controls.key(KNOWN) in st.session_state


def offer_to_draw(controls: Controls) -> None:
    """Two buttons in place of the backward graph: one leads to `draw_it_yourself`, the other shows it."""
    with st.container(horizontal=True):
        tab = {f"{controls.page}_tab": TAB}
        controls.button("draw", TAB, st.session_state.update, tab, icon=":material/draw:", type="primary")
        show_answer_button(controls, {controls.key(KNOWN): True})


def _of_any_class(text: str, names: Sequence[str]) -> str:
    """The text of class 1 as that of class k, where the edge stands in the row of each class."""
    return text.replace("₁", "ₖ") if len(names) > 1 else text


def _mistake(graph: Graph, edge: Edge, names: Sequence[str], chosen: str) -> str:
    """What a wrong formula is on this edge, if it is one of the two factors or has the wrong sign; else empty."""
    upstream = _of_any_class(graph.derivative_name(edge.target), names)
    if chosen == _of_any_class(edge.formula, names):
        return f"That is the local derivative alone. Multiply it by the upstream gradient {upstream}."
    arriving = senders(graph, edge.target)
    if len(arriving) == 1 and chosen == _of_any_class(arriving[0].message_formula, names):
        return f"That is the upstream gradient {upstream}. Multiply it by the local derivative."
    if chosen == _negated(_of_any_class(edge.message_formula, names)):
        return "The sign is the wrong way round."
    return ""


def _negated(formula: str) -> str:
    """Such as "y − f" of "f − y", and "yₖ" of "−yₖ"."""
    if formula.startswith("−"):
        return formula[1:]
    swapped = re.sub(r"^(\(?)(\w+) − (\w+)", r"\1\3 − \2", formula)
    return swapped if swapped != formula else f"−{formula}"
