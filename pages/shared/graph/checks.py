"""The gradients of a computation graph beside numerical ones: all of them, or one as printed and as it is."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from nnlib.graph import Graph, Node
from pages.shared.gradient_table import gradient_table, marks
from pages.shared.numbers import difference, number
from pages.shared.page import section


def check_section(graph: Graph, nodes: Sequence[Node], key: str) -> None:
    """The section that checks the gradients of some nodes of a graph whose backward pass has been made."""
    section(
        "Every gradient, checked",
        "**Analytic** is what the backward pass says. "
        "**Numerical** moves one value a little and measures how L changes. Both must agree.",
    )
    names = [graph.derivative_name(node) for node in nodes]
    gradient_table(names, graph.check_gradients(nodes), key=key, label="gradient")


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
