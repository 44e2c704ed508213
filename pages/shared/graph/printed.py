"""The forward and the backward graph as the book draws them, in symbols, to look at, print or download."""

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from nnlib.graph import Edge, Graph, Node
from pages.shared.graph.placement import Placement, Spot, path, rim, text_width
from pages.shared.page import write
from pages.shared.svg.component import component

HALF = 17.0  # of a card's height
MARGIN = 8.0  # above, and right of the arrow that comes to the output
PADDING = 14.0  # left and right of a card's text together
SMALLEST = 0.93  # of its own size; smaller its text could not be read, and it scrolls
LIFT = 4.0  # of a word over a line, above what marks the line
WRITTEN = {"ℓ": "loss"}  # operations that a card names in full
WHAT_STANDS = {
    "forward": "**Forward.** A card's name is the value that it computes, and the small sign below says how. The "
    "edge that leaves the card carries that value.",
    "backward": "**Backward.** Each edge carries its message, upstream × local, and where several messages meet "
    "they are added.",
}

_draw = component(__file__, '<div class="scroll printed" tabindex="0" role="region"></div><p>↔</p>')


def show_printed(graph: Graph, placement: Placement, direction: str, name: str, about: str) -> None:
    """One of both graphs with its download.

    Parameters
    ----------
    graph : any
    placement : where its nodes stand
    direction : "forward" or "backward"
    name : of the file to be saved, without direction and what follows the dot
    about : what the graph computes, such as "the sigmoid with a loss"
    """
    write(WHAT_STANDS[direction])
    is_backward = direction == "backward"
    alt = f"The {direction} graph of {about}; the player's table lists every edge."
    show_drawing(
        lambda place, down: book_drawing(graph, place, is_backward, down=down),
        placement,
        alt,
        key=f"{name}_{direction}",
    )
    st.download_button(
        f"Download the {direction} graph as SVG",
        lambda: book_drawing(graph, placement, is_backward, style=_style()),
        f"{name}_{direction}.svg",
        "image/svg+xml",
        key=f"{name}_{direction}_svg",
        on_click="ignore",
        icon=":material/download:",
    )


def show_drawing(
    draw: Callable[[Placement, bool], str],
    placement: Placement,
    alt: str,
    key: str,
    on_pick: Callable[[str], None] | None = None,
) -> None:
    """A `book_drawing` in the type and the colours of the page; on a narrow screen as it is placed there.

    Parameters
    ----------
    draw : the drawing of a placement, the arrow to whose output comes from below or not
    on_pick : called before the script runs again with the letter of an edge that the reader points at, or with
        what the reader joins, such as "z → f"
    """

    def hand_on() -> None:
        if on_pick is not None and st.session_state[key].picked is not None:
            on_pick(str(st.session_state[key].picked))

    def drawn(place: Placement, down: bool) -> dict[str, object]:
        return {
            "svg": draw(place, down),
            "narrowest": SMALLEST * place.width,
            "widest": place.largest * place.width,
        }

    narrow = placement.narrow and drawn(placement.narrow, True)
    _draw(key=key, data={"alt": alt, **drawn(placement, False), "narrow": narrow}, on_picked_change=hand_on)


@cache
def _style() -> str:
    """How a drawing looks that stands alone: as on a light page."""
    css = Path(__file__).with_suffix(".css").read_text("utf-8")
    return re.sub(r"var\(--[\w-]+, ([^()]*)\)", r"\1", css)


def book_drawing(
    graph: Graph,
    placement: Placement,
    backward: bool,
    words: Mapping[str, str] | None = None,
    style: str = "",
    picks: Mapping[str, str] | None = None,
    picked: str = "",
    down: bool = False,
    missing: Collection[str] = (),
    joins: bool = False,
) -> str:
    """An SVG file: cards with names and operations, on every edge its value in symbols.

    Backward, every edge carries its message in symbols. `words` by the name of an edge stand there in place of its
    own. Edges of `picks` can be pointed at by their letters; those of the letter `picked` are marked. Those that
    are `missing` are not drawn. With `joins` the cards can be pressed. Backward, the arrow that comes to
    the output may come from below, `down`.
    """
    letters, seen = picks or {}, set[str]()
    lines = {edge: _edge(edge, placement, backward) for edge in graph.edges if edge.name not in missing}
    parts = [line for edge, line in lines.items() if edge.name not in letters]
    for node in graph.nodes:
        card = _node(node, placement, backward)
        what = f'class="join" data-join="{node.label}" role="button" aria-pressed="false" tabindex="0"'
        parts.append(f'<g {what} aria-label="Node {node.label}">{card}</g>' if joins else card)
    for edge, line in lines.items():
        label = _label(edge, placement, backward, words or {})
        letter = letters.get(edge.name)
        if letter is None:
            parts.append(label)
            continue
        reach = f'<path class="reach" d="{path(_ends(edge, placement, backward))}"/>'
        state = (
            f'class="pick{" picked" if letter == picked else ""}" data-pick="{letter}" '
            f'role="button" aria-pressed="{"true" if letter == picked else "false"}" '
            f'tabindex="{-1 if letter in seen else 0}"'
        )
        parts.append(f'<g {state} aria-label="Edge {letter}, {escape(edge.way_back)}">{reach}{line}{label}</g>')
        seen.add(letter)
    x, y, half, _ = _card(graph.output, placement, backward)
    start, end = ((x, y + HALF), (x, y + HALF + 40)) if down else ((x + half / 2, y), (x + half / 2 + 44, y))
    first = f"{graph.derivative_name(graph.output)} = 1"
    if backward:  # with which the way back begins
        at = (x + 8, y + HALF + 27) if down else (start[0] + 6, y - 12)
        parts += [_arrow(path([end, start])), _text(*at, first, "carried start")]
    right = end[0] if down else start[0] + 6 + text_width(first)
    wide, height = max(placement.width, right + MARGIN), max(placement.height, end[1] + MARGIN) + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {-MARGIN:.0f} {wide:.0f} {height:.0f}" '
        f'width="{wide:.0f}" height="{height:.0f}" class="{"backward" if backward else "forward"}">'
        f"<style>{style}</style>"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="14" markerHeight="14" '
        'markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path class="tip" d="M0 0L8 4L0 8Z"/></marker>'
        "</defs>"
        f'<rect class="paper" y="{-MARGIN:.0f}" width="100%" height="100%"/>{"".join(parts)}</svg>'
    )


def _operation(node: Node, backward: bool) -> str:
    """What stands below the name on a card: its operation, where the name does not tell it."""
    is_told = backward or not node.incoming or node.operation in node.label or len(node.label) > len("p₁")
    return "" if is_told else WRITTEN.get(node.operation, node.operation)


def _card(node: Node, placement: Placement, backward: bool) -> tuple[float, float, float, float]:
    """(x, y, width, height) of the node's card, x and y of its centre."""
    width = max(2 * HALF, text_width(placement.signs.get(node.label, node.label)) + PADDING)
    return (*placement.positions[node.label], width, 2 * HALF)


def _node(node: Node, placement: Placement, backward: bool) -> str:
    x, y, width, height = _card(node, placement, backward)
    looks = "node" if node.needs_gradient else "node given"
    shape = (
        f'<rect class="{looks}" x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" rx="7"/>'
    )
    operation = _operation(node, backward)
    below = _text(x, y + 13, operation, "operation") if operation else ""
    name = placement.signs.get(node.label, node.label)
    return shape + _text(x, y + (-1 if operation else 5), name, "name") + below


def _ends(edge: Edge, placement: Placement, backward: bool) -> list[tuple[float, float]]:
    """The edge's points, from rim to rim; a line with bends ends where `placement` says."""
    if edge.name in placement.routes:
        return placement.route(edge)
    start, stop = (_card(node, placement, backward) for node in (edge.source, edge.target))
    return [rim(start, stop), rim(stop, start)]


def _edge(edge: Edge, placement: Placement, backward: bool) -> str:
    points = _ends(edge, placement, backward)
    if backward and not edge.source.needs_gradient:
        return f'<path class="line given" d="{path(points)}"/>'
    return _arrow(path(list(reversed(points)) if backward else points))


def _arrow(d: str) -> str:
    return f'<path class="line" marker-end="url(#tip)" d="{d}"/>'


def _label(edge: Edge, placement: Placement, backward: bool, others: Mapping[str, str]) -> str:
    if backward and not edge.source.needs_gradient:
        return ""
    if not backward and not edge.source.needs_gradient:
        return ""  # the card of a given number says it
    words = others.get(edge.name, edge.message_formula if backward else edge.source.label)
    spot: Spot = placement.spot(edge)
    (x, y), *_, (end, level) = _ends(edge, placement, backward)
    if words == edge.source.label and y == level and text_width(words) > abs(end - x):
        return ""  # there is no room for it, and the card beside says it
    lift = LIFT if spot.anchor == "middle" else 0
    return _text(spot.x, spot.y + 5 - lift, words, f"carried {spot.anchor}")


def _text(x: float, y: float, words: str, looks: str) -> str:
    return f'<text class="{looks}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'
