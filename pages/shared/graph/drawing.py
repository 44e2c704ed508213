"""Draw a computation graph in the reader's theme, as far as the reader has come in one of its passes."""

from nnlib.graph import Edge, Node
from pages.shared.graph.model import HIDDEN, PLAIN_NUMBERS, View
from pages.shared.graph.placement import LINE_HEIGHT, RADIUS, Placement
from pages.shared.numbers import WRONG
from pages.shared.svg.component import drawing

_draw = drawing(__file__)


def draw_graph(view: View, placement: Placement, key: str, title: str) -> None:
    """Draw a graph: forward values above each edge in blue, messages below it in red, the current step marked.

    Parameters
    ----------
    view : the graph, and how far the reader has come
    placement : where its nodes stand
    key : unique name on the page
    title : the drawing's accessible name
    """
    graph = view.graph
    _draw(
        key=key,
        data={
            "width": placement.width,
            "height": placement.height,
            "minimum": placement.minimum or 0.85 * placement.width,
            "radius": RADIUS,
            "line_height": LINE_HEIGHT,
            "now": _now(view),
            "title": title,
            "description": f"{title}. {view.step_text()} Arrow keys go from edge to edge. "
            "The table holds the same numbers.",
            "about": "Point at an edge, or reach it with Tab and the arrow keys: upstream × local = message.",
            "nodes": [_node_data(node, placement, view) for node in graph.nodes],
            "edges": [
                *(_edge_data(edge, placement, view) for edge in graph.edges),
                _output_data(graph.output, placement, view),
            ],
        },
    )


def _now(view: View) -> str:
    """The CSS class of what the current step is about."""
    return f"now-{view.direction}"


def _node_data(node: Node, placement: Placement, view: View) -> dict[str, object]:
    x, y = placement.positions[node.label]
    known = "known" if view.knows(node) and node.incoming else ""
    given = "" if node.needs_gradient else "given"
    return {
        "x": x,
        "y": y,
        "sign": node.operation if node.incoming else node.label,
        "caption": placement.captions.get(node.label, ""),
        "shift": list(placement.caption_shift(node)),
        "state": f"{known} {given} {_now(view) if view.is_now(node) else ''}",
        "about": view.about_node(node),
    }


def _edge_data(edge: Edge, placement: Placement, view: View) -> dict[str, object]:
    value, message = view.value(edge.source), view.message(edge)
    lines = message_lines(edge, message)
    return {
        "name": edge.name,
        "line": placement.line(edge),
        "forward": value,
        "backward": lines if message else [],
        **placement.labels(edge, [value, *lines]),
        "state": _now(view) if view.is_now(edge) else "",
        "about": view.about_edge(edge),
    }


def message_lines(edge: Edge, message: str) -> list[str]:
    """The message in symbols and, where it is not a number already, as a number; a planted one is crossed.

    What a mistake planted elsewhere has spoiled is no longer what its symbols say: its number stands alone.
    """
    if not edge.source.needs_gradient:
        return []
    if not edge.symbols:
        return [message]
    formula = edge.message_formula if edge.mistake is None else f"{WRONG} {edge.message_formula}"
    return [formula] if edge.message_formula in PLAIN_NUMBERS and message != HIDDEN else [formula, message]


def _output_data(output: Node, placement: Placement, view: View) -> dict[str, object]:
    """The arrow that leaves the output: L forward, and backward the 1 that starts the pass."""
    value, gradient = view.value(output), view.gradient(output)
    return {
        "name": f"{output.label} →",
        "line": placement.output_line(output),
        "forward": value,
        "backward": [gradient] if gradient else [],
        **placement.output_labels(output, [value, gradient]),
        "state": _now(view) if view.is_now(output) else "",
        "about": view.about_output(),
    }
