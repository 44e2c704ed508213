"""The gradients of a computation graph beside measured slopes: all of them, or one as printed and as it is."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.graph import Graph
from pages.shared.gradient_table import gradient_table, marks, summarise
from pages.shared.numbers import WRONG, difference, number
from pages.shared.page import write


def check_gradients_of(graph: Graph, key: str) -> None:
    """A verdict on all gradients of a graph in one line, and the table behind it.

    Parameters
    ----------
    graph : with its backward pass made
    key : unique name on the page
    """
    nodes = [node for node in graph.nodes if node.needs_gradient]
    names = [graph.derivative_name(node) for node in nodes]
    check = graph.check_gradients(nodes)
    write(
        f"**{summarise(names, check).removesuffix('.')}**, worst difference "
        f"{difference(np.max(check.difference))}.",
        "Every gradient that the backward pass found is compared here with a measured slope: one value is moved a "
        "little, and how much L moves is divided by it. This uses no derivative formula, so it "
        "can expose a wrong one.",
    )
    planted = [edge for edge in graph.edges if edge.mistake is not None and edge.spoiled]
    for edge in planted:
        carried = number(edge.message or 0.0)
        if edge.message_formula != carried:
            carried = f"{edge.message_formula} = {carried}"
        write(
            f"{WRONG} The mistake is planted on the way back **{edge.way_back}**, which carries "
            f"{carried} instead of {number(edge.right or 0.0)}."
        )
    if planted:
        culprits = "only this edge makes it" if len(planted) == 1 else f"only these {len(planted)} edges make it"
        write(f"All other wrong numbers inherit the error; {culprits}.")
    if check.differs.any():
        gradient_table(names, check, key=key, label="gradient", says=False)
        return
    # drawn only when it is looked at: it takes longer than all the rest that answers a slider
    folded = st.expander(
        "Every gradient beside its measured slope", expanded=len(nodes) < 8, key=f"{key}_shown", on_change="rerun"
    )
    if folded.open:
        with folded:
            gradient_table(names, check, key=key, label="gradient", says=False)


def misprint_table(columns: Mapping[str, Sequence[str]], printed: Graph, true: Graph, node: str) -> bool:
    """The gradient of one node as printed and as it is. True if no harm is seen here.

    Parameters
    ----------
    columns : what stands before it, by heading, each with a text for the printed row and one for the true row
    printed, true : the graph with the misprint planted and without, their backward passes made
    node : label of the node
    """
    checks = [graph.check_gradients([graph.node(node)]) for graph in (printed, true)]
    table = {
        **columns,
        true.derivative_name(true.node(node)): [number(check.analytic[0]) for check in checks],
        "numerical": [number(check.numerical[0]) for check in checks],
        "difference": [difference(check.difference[0]) for check in checks],
        "agrees": [marks(check)[0] for check in checks],
    }
    st.table(pd.DataFrame(table).set_index(next(iter(columns))))
    return not checks[0].differs[0]
