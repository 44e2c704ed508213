"""The gradient of page 23.5 taken another way: in one subtraction, and with all net inputs shifted."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from nnlib.chapter23.graphs import softmax_graph, softmax_shortcut
from nnlib.graph import Graph
from pages.ex23_5.controls import CLASSES, CONTROLS, Chosen
from pages.ex23_5.experiments import EXPERIMENTS
from pages.shared.frame import is_hiding
from pages.shared.graph.blanks import is_known, offer_to_draw
from pages.shared.graph.model import differentiated
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import section

RESULTS = ("p", "L", "∂L/∂x")  # which no shift changes


def _gradients(graph: Graph) -> list[float]:
    """∂L/∂x₁, ∂L/∂x₂, ∂L/∂x₃ the long way round, along every edge."""
    return [graph.node(f"x{k}").gradient or 0.0 for k in CLASSES]


def go_deeper(chosen: Chosen) -> None:
    """The tab, with the x, y and mistake of the stage."""
    true = chosen.true_graph()
    if not is_known(CONTROLS):
        section("A shortcut", "**All that work comes down to one subtraction. Which?**")
        offer_to_draw(CONTROLS)
    elif not is_hiding("ex23_5", EXPERIMENTS):  # it would tell which gradients the hidden mistake spoils
        show_shortcut(chosen, replace(chosen, folded=False).graph(), true)
    show_shift(chosen, true)


def show_shortcut(chosen: Chosen, graph: Graph, true: Graph) -> None:
    """∂L/∂x along every edge, and in one subtraction."""
    section(
        "The shortcut beside the long way round",
        "Along the arrows two messages meet at each exp x, and their sum is multiplied by exp x. "
        + (
            "The shortcut is a single subtraction, p − y. Both come to the same."
            if chosen.sums_to_one
            else "The shortcut is a single subtraction, which is (Σy)·p − y here, not p − y."
        ),
        *([] if chosen.mistake == "none" else ["**A mistake is planted above**: it spoils the long way."]),
    )
    p = [true.node(f"p{k}").value for k in CLASSES]
    short, long = softmax_shortcut(p, chosen.y), _gradients(graph)
    st.table(
        pd.DataFrame(
            {
                "class": ["1", "2", "3"],
                "p": [number(v) for v in p],
                "y": [number(v) for v in chosen.y],
                "through S": [number(graph.edge(f"exp x{k}", "S").message or 0.0) for k in CLASSES],
                "through ×": [number(graph.edge(f"exp x{k}", f"p{k}").message or 0.0) for k in CLASSES],
                "exp x": [number(true.node(f"exp x{k}").value) for k in CLASSES],
                "long way": [number(v) for v in long],
                "shortcut": [number(v) for v in short],
                "agree": [
                    RIGHT if math.isclose(a, b, abs_tol=1e-14) else WRONG for a, b in zip(long, short, strict=True)
                ],
            }
        ).set_index("class")
    )


def show_shift(chosen: Chosen, true: Graph) -> None:
    """The same graph with every x moved by c, with and without the maximum subtracted."""
    section(
        "Shift all inputs: nothing changes",
        "Add the same number c to all three x. Then every exp x is multiplied by the same factor, and so is their "
        "sum S, so p, L and the gradients of x stay as they are. Programs make use of that: a computer cannot "
        "hold exp x beyond x ≈ 709.8, so they subtract the largest x first.",
    )
    c = float(CONTROLS.steps("c", "Shift c", [-1000, -100, -10, -1, 0, 1, 10, 100, 1000], 10))
    shifted = [v + c for v in chosen.x]
    rows = [_at("x", chosen.x, true)]
    failure = ""
    try:
        rows.append(_at("x + c", shifted, differentiated(softmax_graph(shifted, chosen.y))))
    except ValueError:
        fault, S = ("too large to hold", "∞") if c > 0 else ("rounded to 0", "0")
        rows.append(
            {"evaluated at": "x + c", "its numbers": _listed(shifted, 5), "S": S, **dict.fromkeys(RESULTS, "–")}
        )
        failure = f"At x + c every exp is {fault}, so S is {S}, and p = exp x / S is not a number."
    largest = max(shifted)
    safe = differentiated(softmax_graph(shifted, chosen.y, subtract_maximum=True))
    rows.append(_at("x + c, largest subtracted", [v - largest for v in shifted], safe))
    st.table(pd.DataFrame(rows).set_index("evaluated at"))
    if failure:
        st.info(failure, icon=":material/info:")


def _at(name: str, x: Sequence[float], graph: Graph) -> dict[str, str]:
    """A row of the table: what the graph makes of x."""
    results = ([graph.node(f"p{k}").value for k in CLASSES], [graph.output.value], _gradients(graph))
    return {
        "evaluated at": name,
        "its numbers": _listed(x, 5),
        "S": number(graph.node("S").value),
        **dict(zip(RESULTS, map(_listed, results), strict=True)),
    }


def _listed(values: Sequence[float], digits: int = 4) -> str:
    return ", ".join(number(v, digits) for v in values)
