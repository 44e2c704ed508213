"""The stage of page 23.4, and the tabs that speak of the very graph on it."""

from dataclasses import replace
from functools import partial

import streamlit as st

from pages.ex23_4.controls import CONTROLS, Chosen, Y, Z, choose
from pages.ex23_4.experiments import EXPERIMENTS
from pages.ex23_4.graph import CLOSED
from pages.ex23_4.mission import has_guessed
from pages.ex23_4.vanishing import show_vanishing
from pages.shared.delivery import style_file
from pages.shared.frame import experiments_begun, explain_experiment, is_hiding, keeps_back, stage
from pages.shared.graph.blanks import is_drawing, is_known
from pages.shared.graph.checks import check_gradients_of
from pages.shared.graph.placement import OPENED_SIGMOID
from pages.shared.graph.player import Drawn, graph_player, thumb_of
from pages.shared.graph.pointing import why_not, why_wrong
from pages.shared.graph.program import show_program
from pages.shared.graph.strip import show_formulas
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.svg.ahead import Thumb

GRAPH = CONTROLS.key("graph")
POINTED = CONTROLS.key("pointed_at")  # the edge, and what was set then
LOSSES = {  # short enough to stand between the curve and y
    "cross-entropy": r"\begin{aligned}L = &-y \log f \\ &- (1 - y) \log (1 - f)\end{aligned}",
    "squared error": r"L = \tfrac{1}{2} (f - y)^2",
}


def show_stage() -> Chosen:
    """The controls and the graph they make."""
    style_file(__file__)
    is_hidden = is_hiding("ex23_4", EXPERIMENTS)
    with stage() as (strip, picture):
        with strip:
            chosen = choose(is_hidden)
        with picture:
            show_formulas(r"f = \sigma(z) = 1 / (1 + e^{-z})", LOSSES[chosen.loss])
            if not is_drawing(CONTROLS):
                _show_graph(chosen, is_hidden)
    return chosen


def _show_graph(chosen: Chosen, is_hidden: bool) -> None:
    """The graph with its player."""
    graph_player(
        *_drawn(chosen),
        key=GRAPH,
        quiet=is_hidden,
        on_pick=partial(_point_at, chosen) if is_hidden else None,
        judged=_judged(chosen),
        plain=not is_known(CONTROLS),
        into="f",
        follow=thumbs(chosen),
        begun=experiments_begun("ex23_4"),
        invites=has_guessed(chosen),
        loss=chosen.loss,
    )


def _point_at(chosen: Chosen, name: str) -> None:
    """Take the reader's answer to which message is wrong; the right one ends the search."""
    st.session_state[POINTED] = name, chosen
    if chosen.graph().edge(*name.split(" → ")).mistake is not None:
        explain_experiment("ex23_4")


def _judged(chosen: Chosen) -> str:
    """What is said to the edge that the reader has pointed at, as long as nothing else is set."""
    name, asked = st.session_state.get(POINTED, ("", None))
    if asked != chosen:
        return ""
    edge = chosen.graph().edge(*name.split(" → "))
    if edge.mistake is None:
        return f"{WRONG} {why_not(edge)}"
    return f"{RIGHT} Found: it is {edge.way_back}. {why_wrong(edge, 'upstream twice')}"


def _drawn(chosen: Chosen) -> Drawn:
    """The graph, where it stands, and its title."""
    return chosen.graph(), OPENED_SIGMOID if chosen.opened else CLOSED, "The graph of f = σ(z) and its loss L"


def thumbs(chosen: Chosen) -> list[Thumb]:
    """Those of z and y, which the graph follows."""
    return [
        thumb_of(GRAPH, CONTROLS.key("z"), chosen.z, Z, lambda z: replace(chosen, z=z), _drawn),
        thumb_of(GRAPH, CONTROLS.key("y"), chosen.y, Y, lambda y: replace(chosen, y=y), _drawn),
    ]


def check(chosen: Chosen) -> None:
    """Every gradient of it beside its measured slope."""
    if keeps_back("ex23_4", EXPERIMENTS):
        return
    check_gradients_of(chosen.graph(), key=CONTROLS.key("gradients"))


def go_deeper(chosen: Chosen) -> None:
    """What either loss makes of the slope of σ, by numbers that would tell a hidden mistake."""
    if not keeps_back("ex23_4", EXPERIMENTS):
        show_vanishing(chosen.z, chosen.y)


def show_code(chosen: Chosen) -> None:
    """The lines that make it."""
    if not keeps_back("ex23_4", EXPERIMENTS):
        show_program(chosen.code(), "sigmoid_graph")
