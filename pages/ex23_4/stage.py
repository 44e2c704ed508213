"""The stage of page 23.4, and the tabs that speak of the very graph on it."""

from dataclasses import replace
from functools import lru_cache

from nnlib.graph import Graph
from pages.ex23_4.controls import CONTROLS, Chosen, Y, Z, choose
from pages.ex23_4.experiments import EXPERIMENTS
from pages.ex23_4.graph import CLOSED
from pages.shared.frame import HIDDEN, is_hiding, is_open, stage
from pages.shared.graph.checks import check_gradients_of
from pages.shared.graph.placement import OPENED_SIGMOID, Placement
from pages.shared.graph.player import graph_player, player_data
from pages.shared.page import write
from pages.shared.python_code import code_to_take
from pages.shared.svg.ahead import Thumb, in_json, send_ahead

GRAPH = CONTROLS.key("graph")


def show_stage() -> Chosen:
    """The controls and the graph they make."""
    is_hidden = is_hiding("ex23_4", EXPERIMENTS)
    with stage() as (strip, picture):
        with strip:
            chosen = choose(is_hidden)
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
        plain=is_open("ex23_4", "Draw it yourself"),
        follow=_thumbs(chosen),
    )


def _drawn(chosen: Chosen) -> tuple[Graph, Placement, str]:
    """The graph, where it stands, and its title."""
    return chosen.graph(), OPENED_SIGMOID if chosen.opened else CLOSED, "The graph of f = σ(z), L = ℓ(f, y)"


def let_graph_follow(chosen: Chosen) -> None:
    """Have the graph follow the thumbs of z and y."""
    send_ahead(_thumbs(chosen), CONTROLS.key("ahead"))


def _thumbs(chosen: Chosen) -> list[Thumb]:
    return [
        Thumb(CONTROLS.key("z"), chosen.z, Z, lambda z: replace(chosen, z=z), _pictures),
        Thumb(CONTROLS.key("y"), chosen.y, Y, lambda y: replace(chosen, y=y), _pictures),
    ]


@lru_cache(maxsize=500)  # for two choices at every z and y, of about 10 kB each
def _pictures(chosen: Chosen) -> str:
    """The graph, as `send_ahead` takes it."""
    return in_json({GRAPH: player_data(*_drawn(chosen))})


def check(chosen: Chosen) -> None:
    """Every gradient of it beside its measured slope."""
    if is_hiding("ex23_4", EXPERIMENTS):
        write(HIDDEN)
        return
    check_gradients_of(chosen.graph(), key=CONTROLS.key("gradients"))


def show_code(chosen: Chosen) -> None:
    """The lines that make it."""
    if is_hiding("ex23_4", EXPERIMENTS):
        write(HIDDEN)
    else:
        code_to_take(chosen.code(), "sigmoid_graph")
