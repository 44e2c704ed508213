"""The stage of page 23.5, and the tabs that speak of the very graph on it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from nnlib.chapter23.graphs import softmax_shortcut
from nnlib.graph import Graph
from pages.ex23_5.controls import CLASSES, CONTROLS, LABELS, Chosen, X, Y, choose
from pages.ex23_5.experiments import EXPERIMENTS
from pages.ex23_5.graph import ASKING_END, END, FOLDED, FOLDED_SCENES, ONE_HOT, SCENES, SOFT, SPOILED_END, UNFOLDED
from pages.ex23_5.mission import has_guessed, is_asked_below
from pages.shared.delivery import style_file
from pages.shared.frame import experiments_begun, is_hiding, keeps_back, stage
from pages.shared.graph.blanks import is_drawing, is_known
from pages.shared.graph.checks import check_gradients_of
from pages.shared.graph.player import Drawn, Finale, graph_player, thumb_of
from pages.shared.graph.program import show_program
from pages.shared.graph.strip import show_formulas
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import write
from pages.shared.svg.ahead import Thumb

GRAPH = CONTROLS.key("graph")
SHARES = "Softmax makes p of x, and y is the label. L, the loss, is small where they are alike."


def show_stage() -> Chosen:
    """The controls and the graph they make."""
    style_file(__file__)
    is_hidden = is_hiding("ex23_5", EXPERIMENTS)
    with stage() as (strip, picture):
        below = st.container()
        with strip:
            chosen = choose(is_hidden, below)
        with picture:
            show_formulas(r"S = \sum_k e^{x_k}", r"p_k = e^{x_k} / S", r"L = -\sum_k y_k \log p_k")
            if not is_drawing(CONTROLS):
                _show_graph(chosen, is_hidden)
    return chosen


def _show_graph(chosen: Chosen, is_hidden: bool) -> None:
    """The graph with its player."""
    graph_player(
        *_drawn_now()(chosen),
        key=GRAPH,
        quiet=is_hidden,
        plain=not (chosen.folded or is_known(CONTROLS)),
        on_fold=_fold,
        scenes=_scenes(chosen),
        shares="" if chosen.folded or chosen.mistake != "none" else SHARES,
        into="L",
        follow=thumbs(chosen),
        begun=experiments_begun("ex23_5"),
        invites=has_guessed(chosen) or is_asked_below(chosen),
    )
    if not chosen.sums_to_one and chosen.y != LABELS["sum to 2"]:  # its experiment tells it
        with st.container(key="verdict"):  # frame.css: pale while the picture is ahead of it
            carries = ": the graph carries (Σy)/S for 1/S, and (Σy)·p − y for p − y" if is_known(CONTROLS) else ""
            write(f"Your labels sum to Σy = {number(chosen.total)}, not to 1{carries}.")


def _scenes(chosen: Chosen) -> Sequence[tuple[str, int]]:
    """The story that Play tells of the graph on the stage."""
    if chosen.folded:
        gap = "p − y" if chosen.sums_to_one else "(Σy)·p − y"
        return [(said.format(gap), layer) for said, layer in FOLDED_SCENES]
    labels = ONE_HOT if sorted(chosen.y) == [0, 0, 1] else SOFT if chosen.sums_to_one else ""
    end = SPOILED_END if chosen.mistake != "none" else END if is_known(CONTROLS) else ASKING_END
    return [(said.format(labels).strip(), layer) for said, layer in (*SCENES, end)]


def _drawn_now() -> Callable[[Chosen], Drawn]:
    """What the player draws; it tells p − y once the reader has drawn it or asked for it."""
    return _drawn if is_known(CONTROLS) else _drawn_before


def _drawn(chosen: Chosen) -> Drawn:
    """The graph, where it stands, and its title."""
    graph, placement, title, *_ = _drawn_before(chosen)
    finale = () if chosen.folded or chosen.mistake != "none" else _finale(graph, chosen)
    return graph, placement, title, finale


def _drawn_before(chosen: Chosen) -> Drawn:
    """The same without the finale."""
    return (
        chosen.graph(),
        FOLDED if chosen.folded else UNFOLDED,
        "Softmax and cross-entropy, the book's figure 23.31",
    )


def _finale(graph: Graph, chosen: Chosen) -> Finale:
    """Of each class p, y and the shortcut, beside what has come back along the arrows."""
    p = [graph.node(f"p{k}").value for k in CLASSES]
    rows: list[Sequence[str]] = [
        ("", "pₖ", "yₖ", "pₖ − yₖ" if chosen.sums_to_one else "(Σy)·pₖ − yₖ", "along the arrows")
    ]
    for k, *numbers, short in zip(CLASSES, p, chosen.y, softmax_shortcut(p, chosen.y), strict=True):
        long = graph.node(f"x{k}").gradient or 0.0
        agrees = RIGHT if math.isclose(long, short, abs_tol=1e-14) else WRONG
        rows.append((f"x{k}", *map(number, numbers), number(short), f"{number(long)} {agrees}"))
    return rows


def _fold() -> None:
    st.session_state[CONTROLS.key("folded")] = True


def thumbs(chosen: Chosen) -> list[Thumb]:
    """Those of every x, and of every y that has one: the graph follows them."""

    def thumb(name: str, k: int, values: Sequence[float]) -> Thumb:
        now: tuple[float, ...] = getattr(chosen, name)

        def at(value: float) -> Chosen:
            moved = (*now[:k], value, *now[k + 1 :])
            return replace(chosen, x=moved) if name == "x" else replace(chosen, y=moved)

        return thumb_of(GRAPH, CONTROLS.key(f"{name}{k + 1}"), now[k], values, at, _drawn_now())

    return [thumb(name, k, values) for name, values in (("x", X), ("y", Y)) for k in range(3)]


def check(chosen: Chosen) -> None:
    """Every gradient of it beside its measured slope."""
    if keeps_back("ex23_5", EXPERIMENTS):
        return
    check_gradients_of(chosen.graph(), key=CONTROLS.key("gradients"))
    if chosen.mistake == "as printed" and chosen.y[1] == chosen.y[2] == 0:
        write("With this label y₂ = y₃ = 0, so the misprint changes nothing. Choose class 2 or class 3.")


def show_code(chosen: Chosen) -> None:
    """The lines that make it."""
    if not keeps_back("ex23_5", EXPERIMENTS):
        show_program(chosen.code(), "softmax_graph")
