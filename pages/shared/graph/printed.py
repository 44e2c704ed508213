"""The forward and the backward graph as the book draws them, in symbols, to look at, print or download."""

import math
from base64 import b64encode
from collections.abc import Mapping
from html import escape

import streamlit as st

from nnlib.graph import Edge, Graph, Node
from pages.shared.graph.placement import Placement, Spot, path, text_width
from pages.shared.page import write

RADIUS = 17.0
MARGIN = 8.0  # above, and right of the arrow that leaves the output
WIDE = 14.0  # pixels of padding around an operation too long for a circle
STYLE = """text { font: 14px "Source Sans", "Source Sans 3", Arial, sans-serif; text-anchor: middle; fill: #000;
  paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round; }
.line { fill: none; stroke: #000; stroke-width: 1.2px; } .node { fill: #fff; stroke: #000; stroke-width: 1.3px; }
.paper { fill: #fff; } .start { text-anchor: start; } .end { text-anchor: end; }"""
# on a dark page the picture has light ink; what is downloaded is black on white
DARK = """@media (prefers-color-scheme: dark) { text { fill: #fafafa; stroke: none; } .tip { fill: #fafafa; }
  .line, .node { fill: none; stroke: #fafafa; } .paper { fill: none; } }"""


def show_both_graphs(graph: Graph, placement: Placement, name: str, about: str) -> None:
    """Both drawings one below the other, as wide as the page, each with its download.

    Parameters
    ----------
    graph : any
    placement : where its nodes stand
    name : of the files to be saved, without what follows the dot
    about : what the graph computes, such as "the sigmoid with a loss"
    """
    for direction, says in (
        (
            "forward",
            "**Forward.** As in the book, a circle holds an input or an operation, and the edge that leaves it "
            "carries its value.",
        ),
        (
            "backward",
            "**Backward.** Each circle is named after the value it computes. Each edge carries its message, "
            "upstream × local, and where several messages meet they are added.",
        ),
    ):
        svg = book_drawing(graph, placement, backward=direction == "backward")
        write(says)
        show_drawing(svg, placement, f"The {direction} graph of {about}; the player's table lists every edge.")
        st.download_button(
            f"Download the {direction} graph as SVG",
            svg,
            f"{name}_{direction}.svg",
            "image/svg+xml",
            key=f"{name}_{direction}_svg",
            on_click="ignore",
            icon=":material/download:",
        )


def show_drawing(svg: str, placement: Placement, alt: str) -> None:
    """A `book_drawing` in the colours of the theme, as wide as the page; on a narrow screen it scrolls."""
    shown = b64encode(svg.replace("</style>", f"{DARK}</style>").encode()).decode()
    st.html(
        f'<div class="book-drawing" tabindex="0" role="region" aria-label="{escape(alt.partition(";")[0])}">'
        f'<img src="data:image/svg+xml;base64,{shown}" style="min-width: {0.9 * placement.width:.0f}px" '
        f'alt="{escape(alt)}"></div><p>↔ Push the drawing sideways to see all of it.</p>'
    )


def book_drawing(
    graph: Graph, placement: Placement, backward: bool, words: Mapping[str, str] | None = None
) -> str:
    """An SVG file: circles with their operations, on every edge its value in symbols.

    Backward, the circles bear the names of their values, and every edge carries its message in symbols.
    `words` by the name of an edge stand there in place of its own.
    """
    parts = [_edge(edge, placement, backward) for edge in graph.edges]
    parts += [_node(node, placement, backward) for node in graph.nodes]
    parts += [_label(edge, placement, backward, words or {}) for edge in graph.edges]
    x, y, width, _ = placement.card(graph.output)
    end = x + width / 2 + 44
    arrow = [(end, y), (x + RADIUS, y)] if backward else [(x + RADIUS, y), (end, y)]
    parts.append(_arrow(path(arrow)))
    parts.append(_text((x + RADIUS + end) / 2 + 4, y - 12, "1" if backward else graph.output.label))
    wide, height = max(placement.width, end + MARGIN), placement.height + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {-MARGIN:.0f} {wide:.0f} {height:.0f}" '
        f'width="{wide:.0f}" height="{height:.0f}"><style>{STYLE}</style>'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path class="tip" d="M0 0L8 4L0 8Z"/></marker></defs>'
        f'<rect class="paper" y="{-MARGIN:.0f}" width="100%" height="100%"/>{"".join(parts)}</svg>'
    )


def _sign(node: Node, backward: bool) -> str:
    return node.operation if node.incoming and not backward else node.label


def _half_width(node: Node, backward: bool) -> float:
    return max(RADIUS, (text_width(_sign(node, backward)) + WIDE) / 2)


def _node(node: Node, placement: Placement, backward: bool) -> str:
    x, y = placement.positions[node.label]
    half = _half_width(node, backward)
    dashes = "" if node.needs_gradient else ' stroke-dasharray="3 3"'
    shape = (
        f'<rect class="node" x="{x - half:.1f}" y="{y - RADIUS:.1f}" width="{2 * half:.1f}" '
        f'height="{2 * RADIUS:.1f}" rx="{RADIUS:.1f}"{dashes}/>'
    )
    return shape + _text(x, y + 5, _sign(node, backward))


def _ends(edge: Edge, placement: Placement, backward: bool) -> list[tuple[float, float]]:
    """The edge's points, from rim to rim; a line with bends ends where `placement` says."""
    if edge.name in placement.routes:
        return placement.route(edge)
    start, stop = placement.positions[edge.source.label], placement.positions[edge.target.label]
    halves = [_half_width(node, backward) for node in (edge.source, edge.target)]
    return [_rim(start, stop, halves[0]), _rim(stop, start, halves[1])]


def _rim(centre: tuple[float, float], towards: tuple[float, float], half: float) -> tuple[float, float]:
    """Where the line from `centre` leaves its oval: two half circles of RADIUS, with a rectangle between them."""
    length = math.dist(centre, towards)
    dx, dy = (towards[0] - centre[0]) / length, (towards[1] - centre[1]) / length
    straight = half - RADIUS
    if abs(dx) * RADIUS <= straight * abs(dy):
        share = RADIUS / abs(dy)
    else:
        share = straight * abs(dx) + math.sqrt(RADIUS**2 - (straight * dy) ** 2)
    return centre[0] + share * dx, centre[1] + share * dy


def _edge(edge: Edge, placement: Placement, backward: bool) -> str:
    points = _ends(edge, placement, backward)
    if backward and not edge.source.needs_gradient:
        return f'<path class="line" stroke-dasharray="3 3" d="{path(points)}"/>'
    return _arrow(path(list(reversed(points)) if backward else points))


def _arrow(d: str) -> str:
    return f'<path class="line" marker-end="url(#tip)" d="{d}"/>'


def _label(edge: Edge, placement: Placement, backward: bool, others: Mapping[str, str]) -> str:
    if backward and not edge.source.needs_gradient:
        return ""
    if not backward and not edge.source.incoming:
        return ""  # the circle says it
    words = others.get(edge.name, edge.message_formula if backward else edge.source.label)
    spot: Spot = placement.spot(edge)
    return _text(spot.x, spot.y + 5, words, spot.anchor)


def _text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text class="{anchor}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'
