"""The backward graph to be drawn by the reader: a formula chosen for every edge, marked at once."""

from collections.abc import Sequence

import streamlit as st

from nnlib.graph import Graph
from pages.shared.controls import Controls
from pages.shared.graph.placement import Placement
from pages.shared.graph.printed import book_drawing, show_drawing
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.page import write

NOT_YET = "choose"
SIDE_BY_SIDE = 3


def draw_it_yourself(
    graph: Graph, placement: Placement, controls: Controls, edges: Sequence[Sequence[str]], others: Sequence[str]
) -> None:
    """An empty backward graph, and for each of its edges a list of formulas to choose from.

    Parameters
    ----------
    graph, placement : any, with its backward pass made
    edges : in the order of the backward pass, names of edges that carry the same formula in each class
    others : formulas offered that stand on no edge
    """
    by_name = {edge.name: edge for edge in graph.edges}
    true = [_of_any_class(by_name[names[0]].message_formula, names) for names in edges]
    offered = [NOT_YET, *sorted({*true, *others})]
    write(
        "Here is the backward graph without its messages. **Choose the formula that each lettered edge carries**: "
        "upstream × local, written as short as it gets. What is right is drawn in at once. Begin at L."
    )
    picture, right = st.container(), 0
    words: dict[str, str] = {}
    letters = "abcdefghijkl"[: len(edges)]
    for first in range(0, len(edges), SIDE_BY_SIDE):
        for column, k in zip(st.columns(SIDE_BY_SIDE), range(first, len(edges)), strict=False):
            way = _of_any_class(by_name[edges[k][0]].way_back, edges[k])
            with column:
                chosen = controls.menu(f"edge_{letters[k]}", f"{letters[k]}. {way}", offered)
                verdict = "" if chosen == NOT_YET else RIGHT if chosen == true[k] else f"{WRONG} Not this one."
                st.markdown(verdict or "\u2003")
            right += verdict == RIGHT
            if verdict != RIGHT:
                words |= dict.fromkeys(edges[k], letters[k])
    with picture:
        show_drawing(
            book_drawing(graph, placement, backward=True, words=words),
            placement,
            f"The backward graph; {right} of {len(edges)} formulas are drawn in.",
        )
        done = f"{RIGHT} The whole backward graph is yours." if right == len(edges) else ""
        write(f"**{right} of {len(edges)}** formulas are drawn in. {done}")


def _of_any_class(text: str, names: Sequence[str]) -> str:
    """The text of class 1 as that of class k, where the edge stands in the row of each class."""
    return text.replace("₁", "ₖ") if len(names) > 1 else text
