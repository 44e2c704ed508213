"""The stage of page 23.5, and the tabs that speak of the very graph on it."""

from dataclasses import replace
from functools import lru_cache

import streamlit as st

from nnlib.graph import Graph
from pages.ex23_5.controls import CONTROLS, LABELS, Chosen, X, Y, choose
from pages.ex23_5.experiments import EXPERIMENTS
from pages.ex23_5.graph import FOLDED, UNFOLDED
from pages.shared.frame import HIDDEN, is_hiding, is_open, stage
from pages.shared.graph.checks import check_gradients_of
from pages.shared.graph.placement import Placement
from pages.shared.graph.player import graph_player, player_data
from pages.shared.numbers import number
from pages.shared.page import write
from pages.shared.python_code import code_to_take
from pages.shared.svg.ahead import Thumb, in_json, send_ahead

GRAPH = CONTROLS.key("graph")


def show_stage() -> Chosen:
    """The controls and the graph they make."""
    is_hidden = is_hiding("ex23_5", EXPERIMENTS)
    with stage() as (strip, picture):
        below = st.container()
        with strip:
            chosen = choose(is_hidden, below)
        with picture:
            _show_graph(chosen, is_hidden)
    return chosen


def _show_graph(chosen: Chosen, is_hidden: bool) -> None:
    """The graph with its player."""
    graph, placement, title = _drawn(chosen)
    graph_player(
        graph,
        placement,
        key=GRAPH,
        title=title,
        quiet=is_hidden,
        plain=is_open("ex23_5", "Draw it yourself"),
        by_layer=True,
        follow=_thumbs(chosen),
    )
    if not chosen.sums_to_one and chosen.y != LABELS["sum to 2"]:  # its experiment tells it
        with st.container(key="verdict"):  # frame.css: pale while the picture is ahead of it
            write(
                f"Your labels sum to Σy = {number(chosen.total)}, not to 1: the graph carries (Σy)/S for 1/S, and "
                "(Σy)·p − y for p − y."
            )


def _drawn(chosen: Chosen) -> tuple[Graph, Placement, str]:
    """The graph, where it stands, and its title."""
    title = "Softmax with cross-entropy, the book's figure 23.31"
    return chosen.graph(), FOLDED if chosen.folded else UNFOLDED, title


def let_graph_follow(chosen: Chosen) -> None:
    """Have the graph follow the thumbs of every x, and of every y that has one."""
    send_ahead(_thumbs(chosen), CONTROLS.key("ahead"))


def _thumbs(chosen: Chosen) -> list[Thumb]:
    def put(value: float, k: int, values: tuple[float, ...]) -> tuple[float, ...]:
        return *values[:k], value, *values[k + 1 :]

    def of_x(k: int) -> Thumb:
        def at(value: float) -> Chosen:
            return replace(chosen, x=put(value, k, chosen.x))

        return Thumb(CONTROLS.key(f"x{k + 1}"), chosen.x[k], X, at, _pictures)

    def of_y(k: int) -> Thumb:
        def at(value: float) -> Chosen:
            return replace(chosen, y=put(value, k, chosen.y))

        return Thumb(CONTROLS.key(f"y{k + 1}"), chosen.y[k], Y, at, _pictures)

    return [*map(of_x, range(3)), *map(of_y, range(3))]


@lru_cache(maxsize=400)  # for a choice at every x and y, of about 40 kB each
def _pictures(chosen: Chosen) -> str:
    """The graph, as `send_ahead` takes it."""
    return in_json({GRAPH: player_data(*_drawn(chosen))})


def check(chosen: Chosen) -> None:
    """Every gradient of it beside its measured slope."""
    if is_hiding("ex23_5", EXPERIMENTS):
        write(HIDDEN)
        return
    check_gradients_of(chosen.graph(), key=CONTROLS.key("gradients"))
    if chosen.mistake == "as printed" and chosen.y[1] == chosen.y[2] == 0:
        write("With this label y₂ = y₃ = 0, so the misprint changes nothing. Choose class 2 or class 3.")


def show_code(chosen: Chosen) -> None:
    """The lines that make it."""
    if is_hiding("ex23_5", EXPERIMENTS):
        write(HIDDEN)
    else:
        code_to_take(chosen.code(), "softmax_graph")
