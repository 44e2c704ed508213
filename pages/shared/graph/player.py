"""The computation-graph player: every number of a forward and a backward pass, stepped through in the browser.

Python sends the whole timeline once; player.js plays it, so that no step waits for the page. A page needs a graph
with its backward pass made, and a place for each of its cards:

    graph = differentiated(sigmoid_graph(z=1.0, y=0.0))
    placement = Placement({"z": (50, 50), "f": (325, 50), "y": (325, 160), "L": (600, 50)}, width=650, height=204)
    graph_player(graph, placement, key="ex23_4_graph", title="The graph of f = σ(z), L = ℓ(f, y)")

Lines run straight from card to card. One that would run through another card, such as that of a γ which every
sample uses, goes by `Placement.routes` beside them, and `Placement.spots` says where its number stands. An edge
shows its number when it has such a spot, when its source gets several messages, or when there is room on a level
line. A graph of at most about 20 nodes is placed by `layered_placement(graph)` without all that. On a narrow
screen it stands as `Placement.narrow` says, or scrolls in its box.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import streamlit as st

from nnlib.graph import Edge, Graph, Node
from pages.shared.graph.model import (
    NUDGE,
    PLAIN_NUMBERS,
    all_moments,
    factors,
    gradient_of,
    is_wrong,
    message_of,
    nudged,
    senders,
    value_of,
)
from pages.shared.graph.placement import LINE_HEIGHT, Placement, given_text, path
from pages.shared.numbers import number
from pages.shared.svg.ahead import Thumb, followed, in_json
from pages.shared.svg.component import component

Finale = Sequence[Sequence[str]]
# a graph, where it stands, the drawing's title, and a finale
Drawn = tuple[Graph, Placement, str] | tuple[Graph, Placement, str, Finale]

LAST = -1  # the step after which nothing more is to come
THINNEST, THICKEST = 1.0, 7.0  # of the lines, for the smallest and the largest message of a graph
DECADES = 1.0, 4.0  # of sizes, that the thickness tells apart at least and at most

_draw = component(__file__, Path(__file__).with_suffix(".html").read_text("utf-8"))


def at_step(key: str, step: int = LAST) -> dict[str, object]:
    """Settings, for an experiment, that show the `graph_player` of that key at a step, by default the last."""
    return {f"{key}_step": step}


def graph_player(
    graph: Graph,
    placement: Placement,
    title: str,
    finale: Finale = (),
    *,
    key: str,
    on_pick: Callable[[str], None] | None = None,
    on_fold: Callable[[], None] | None = None,
    quiet: bool = False,
    scenes: Sequence[tuple[str, int]] = (),
    shares: str = "",
    into: str = "",
    plain: bool = False,
    follow: Sequence[Thumb] = (),
    begun: int = 0,
    invites: bool = True,
    judged: str = "",
    loss: str = "",
) -> None:
    """Draw a graph with its player: start, back, play, next, the timeline, speed, and "predict first".

    The step is the browser's own: it stays while sliders move the numbers, and begins at 0, or where the address
    of the page says, as in "?ex23_4_graph_step=3". A graph with other edges than the last one under this key
    begins anew, or is shown whole if the last one was.

    Parameters
    ----------
    graph : any, with its backward pass made
    placement : where its nodes stand, each under its label
    title : the drawing's accessible name
    finale : a table of what has come out at the end of the `scenes`, its headings first
    key : unique name on the page
    on_pick : called with the name of the edge that the reader points at, before the script runs again; makes of
        the player a picture of the whole pass in which no planted mistake is told, unless it is `quiet`
    quiet : no planted mistake is marked yet, because the reader is asked to find it
    judged : what is said, in place of the step's sentence, to the edge that the reader has last pointed at
    scenes : the story, as what is said of several layers and the last one of them. Then a step is a whole scene,
        until the reader chooses to go edge by edge
    shares : what is said, before the first step, of bars of p beside y of each class, which come again beside the
        gradients at the end of the `scenes`; without it there are none
    on_fold : makes of the graph one with fewer nodes, when the reader asks for it at the end of the story
    into : of a graph that folds or opens, label of the node that all others fold into or come from
    plain : numbers alone, because the reader is asked for the formulas of the messages
    follow : the thumbs for whose other values `send_ahead` has the `player_data`
    begun : how many experiments have been begun; another one brings the player into view
    invites : whether Play is what the reader does next, and looks so
    loss : the name of L, said before the first step
    """
    asked = f"{key}_step"
    if asked in st.session_state:
        st.session_state[f"{key}_asked"] = (st.session_state.pop(asked), _asked(key)[1] + 1)
    elif f"{key}_asked" not in st.session_state:  # from now on the browser writes the step into the address
        step = st.query_params.get(asked, "")[:4]
        st.session_state[f"{key}_asked"] = (int(step), 1) if step.isdecimal() else (0, 0)

    def hand_on() -> None:
        picked = st.session_state[key].picked
        if picked is not None and on_pick is not None:
            on_pick(str(picked[0]))

    where, times = _asked(key)
    by = "layer" if scenes else "edge"
    wishes = {"player": key, "asked": where, "times": times, "quiet": quiet, "by": by}
    wishes |= {"pick": on_pick is not None and not quiet, "answers": on_pick is not None, "judged": judged}
    wishes |= {"plain": plain, "begun": begun, "invites": invites, "into": into, "shares": shares, "loss": loss}
    wishes["scenes"] = [{"title": told, "until": layer} for told, layer in scenes]
    data = player_data(graph, placement, title, finale) | wishes | followed(key, follow)
    _draw(key=key, data=data, on_picked_change=hand_on, on_folded_change=on_fold or (lambda: None))


def _asked(key: str) -> tuple[int, int]:
    """The step that was last asked for, and how many times one was."""
    asked: tuple[int, int] = st.session_state.get(f"{key}_asked", (0, 0))
    return asked


def thumb_of(
    key: str,
    slider: str,
    at: float,
    values: Sequence[float],
    chosen: Callable[[float], Any],
    drawn: Callable[[Any], Drawn | None],
) -> Thumb:
    """The thumb of a slider that the `graph_player` of that key follows.

    Parameters
    ----------
    slider, at, values, chosen : as in `Thumb`
    drawn : what the player draws for what is chosen, None where nothing can be drawn; a function of a module,
        which stays the same from run to run
    """
    return Thumb(slider, at, values, chosen, partial(_picture, key, drawn))


@lru_cache(maxsize=1000)  # for some choices at every value of their sliders, of 10 to 50 kB each
def _picture(key: str, drawn: Callable[[Any], Drawn | None], chosen: Any) -> str:
    """The graph, as `send_ahead` takes it."""
    made = drawn(chosen)
    return "null" if made is None else in_json({key: player_data(*made)})


def player_data(graph: Graph, placement: Placement, title: str, finale: Finale = ()) -> dict[str, Any]:
    """All that the browser needs to play the graph.

    Parameters
    ----------
    graph, placement, title, finale : as for `graph_player`
    """
    places = {node: k for k, node in enumerate(graph.nodes)}
    layout = _layout(graph, placement)
    return layout | {
        "title": title,
        "finale": finale,
        "line_height": LINE_HEIGHT,
        "wrong": bool(graph.spoiled),
        "nodes": [
            place | _node(graph, node, placement.signs)
            for place, node in zip(layout["nodes"], graph.nodes, strict=True)
        ],
        "edges": [
            place | _edge(graph, edge) | {"source": places[edge.source], "target": places[edge.target]}
            for place, edge in zip(layout["edges"], graph.edges, strict=True)
        ],
        "narrow": placement.narrow and _layout(graph, placement.narrow),
        "moments": all_moments(graph),
    }


def _layout(graph: Graph, placement: Placement) -> dict[str, Any]:
    """Where everything stands, the nodes and edges in the order of the graph."""
    cards = [placement.card(node) for node in graph.nodes]
    return {
        "width": placement.width,
        "height": placement.height,
        "minimum": placement.minimum or placement.width,
        "maximum": placement.largest * placement.width,
        "frame": placement.frame,
        "curve": placement.curve,
        "bars": placement.bars,
        "nodes": [{"x": x, "y": y, "width": width, "height": height} for x, y, width, height in cards],
        "edges": [_line(graph, edge, placement) for edge in graph.edges],
    }


def _line(graph: Graph, edge: Edge, placement: Placement) -> dict[str, Any]:
    """Where an edge runs, where its numbers stand, and which of them have room there."""
    spot, sends = placement.spot(edge), edge.source.needs_gradient
    numbers = (message_of(edge), number(edge.right or 0.0))
    return {
        "path": path(placement.route(edge)),
        "x": spot.x,
        "y": spot.y,
        "anchor": spot.anchor,
        "shows": sends
        and (
            edge.name in placement.spots
            or len(senders(graph, edge.source)) > 1
            or all(placement.has_room(edge, n) for n in numbers)
        ),
        # where it is not planted the cards tell it
        "shows_right": edge.mistake is not None
        and edge.spoiled
        and not (placement.tight and edge.name in placement.spots),
        "shows_symbols": sends and edge.symbols not in PLAIN_NUMBERS and placement.has_room(edge, edge.symbols),
    }


def _node(graph: Graph, node: Node, signs: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": node.label,
        "value": value_of(node),
        "computed": bool(node.incoming),
        "given": "" if node.needs_gradient else signs.get(node.label, given_text(node)),
        "gradient": gradient_of(graph, node),
        "right": number(node.right or 0.0) if is_wrong(graph, node) else "",
        "derivative": graph.derivative_name(node),
        "waits": len(senders(graph, node)),
        "nudges": {f"{by:+g}": nudged(graph, node, by) for by in (-NUDGE, NUDGE)} if node.needs_gradient else {},
    }


def _edge(graph: Graph, edge: Edge) -> dict[str, Any]:
    message = edge.message or 0.0
    upstream, local = factors(edge)
    return {
        "name": edge.name,
        "back": edge.way_back,
        "sends": edge.source.needs_gradient,
        "planted": edge.mistake is not None and edge.spoiled,
        "spoiled": edge.spoiled,
        "right": number(edge.right or 0.0) if edge.spoiled else "",
        "formula": edge.formula,
        "local": local,
        "upstream": upstream,
        "symbols": edge.message_formula,
        "message": message_of(edge),
        "thickness": _thickness(graph, message),
        "zero": message == 0,
    }


def _thickness(graph: Graph, message: float) -> float:
    """Of the line of a message, by the logarithm of its size among all that the graph sends."""
    sizes = [abs(edge.message) for edge in graph.edges if edge.source.needs_gradient and edge.message]
    if message == 0 or not sizes:
        return THINNEST
    decades = min(max(math.log10(max(sizes) / min(sizes)), DECADES[0]), DECADES[1])
    below = math.log10(max(sizes) / abs(message)) / decades
    return round(max(THICKEST - below * (THICKEST - THINNEST), THINNEST), 2)
