"""Draw a computation graph in the reader's theme and step through its passes, edge by edge."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from nnlib.graph import Edge, Graph, Node, Step
from pages.shared.gradient_table import WRONG
from pages.shared.numbers import number
from pages.shared.svg.component import drawing, give_head_start

HIDDEN = "?"
PLAIN_NUMBERS = ("0", "1", "−1")  # formulas that are their own value
SECONDS_A_STEP = 1.2

# in pixels of the drawing
RADIUS = 17.0
STUB = 60.0  # length of the arrow that leaves the output
LINE_HEIGHT = 15.0
LETTER_WIDTH = 7.0  # of the numbers, on average
LABEL_GAP = 6.0  # between an edge and its numbers
STEEP = 0.6  # from this slope on the numbers of an edge stand at one side of it

Point = tuple[float, float]

_draw = drawing(__file__)


@dataclass(frozen=True)
class Placement:
    """Where the nodes of one graph stand, in pixels of a drawing that is scaled to its place.

    Attributes
    ----------
    positions : node label → centre (x, y)
    width, height : of the whole drawing
    captions : node label → name written by its circle, where the sign in the circle does not tell
    caption_shifts : node label → (x, y) of the caption relative to the centre; default above
    label_shares : edge name → where its numbers stand, 0 at the source and 1 at the target; default one half
    labels_at_left : names of steep edges whose numbers stand at their left, not at their right
    minimum : width in pixels on screen below which the drawing scrolls in its box; default 85 % of `width`
    """

    positions: Mapping[str, Point]
    width: float
    height: float
    captions: Mapping[str, str] = field(default_factory=dict)
    caption_shifts: Mapping[str, Point] = field(default_factory=dict)
    label_shares: Mapping[str, float] = field(default_factory=dict)
    labels_at_left: Collection[str] = ()
    minimum: float | None = None


@dataclass(frozen=True)
class View:
    """How far a pass has come, and which of its steps are still hidden.

    Attributes
    ----------
    direction : "forward" or "backward"
    step : number of steps made; in a backward view the forward pass is complete
    hidden : steps (from 1) whose result the reader has still to reveal
    """

    direction: str
    step: int
    hidden: frozenset[int] = frozenset()


class _Seen:
    """What a `View` lets the reader see of a graph whose backward pass has been made."""

    def __init__(self, graph: Graph, view: View) -> None:
        self.graph = graph
        self.forward = view.direction == "forward"
        steps = graph.forward_steps() if self.forward else graph.backward_steps()
        made = steps[: view.step]
        self.current: Step | None = made[-1] if made else None
        self.hidden = view.hidden
        shown = [step for k, step in enumerate(made, start=1) if k not in view.hidden]
        covered = [step for k, step in enumerate(made, start=1) if k in view.hidden]
        given = {node for node in graph.nodes if not node.incoming}
        self.values = given | {step.node for step in shown} if self.forward else set(graph.nodes)
        self.covered_values = {step.node for step in covered} if self.forward else set()
        self.messages = set() if self.forward else {step.edge for step in shown if step.edge}
        self.covered_messages = set() if self.forward else {step.edge for step in covered if step.edge}

    def value(self, node: Node) -> str:
        if node in self.values:
            return _written(node.label, node.value)
        return HIDDEN if node in self.covered_values else ""

    def local(self, edge: Edge) -> str:
        """The local derivative's number; ∂(result)/∂(operand) may need values not computed yet."""
        return _written(edge.formula, edge.local) if edge.target in self.values else ""

    def upstream(self, edge: Edge) -> str:
        """∂L/∂target; hidden with the messages it is made of."""
        if edge in self.messages or edge in self.covered_messages:
            return self.gradient(edge.target) or HIDDEN
        return ""

    def message(self, edge: Edge) -> str:
        if edge in self.messages:
            return _written(edge.message_formula, edge.message or 0.0)
        return HIDDEN if edge in self.covered_messages else ""

    def gradient(self, node: Node) -> str:
        """The node's gradient once every message it waits for has been seen."""
        if self.forward or node.gradient is None:
            return ""
        if node is self.graph.output:
            if self.current is None:
                return ""
            return HIDDEN if 1 in self.hidden else "1"
        outgoing = self.senders(node)
        if len(outgoing) == 1:
            return self.message(outgoing[0]) if outgoing[0] in self.messages else ""
        return number(node.gradient) if all(edge in self.messages for edge in outgoing) else ""

    def senders(self, node: Node) -> list[Edge]:
        """The edges over which messages come to `node`."""
        return [edge for edge in self.graph.outgoing(node) if edge.target.needs_gradient]

    def state(self, thing: Node | Edge) -> str:
        """CSS classes: what the current step does to this node or edge."""
        if self.current is None:
            return ""
        if self.forward:
            touched = thing is self.current.node or (isinstance(thing, Edge) and thing.target is self.current.node)
            return "now-forward" if touched else ""
        touched = thing is self.current.edge or thing is self.current.node
        return "now-backward" if touched else ""


def _written(symbols: str, value: float) -> str:
    """The number in four digits, but a given 0, 1 or −1 as it is written in the graph."""
    return symbols if symbols in PLAIN_NUMBERS else number(value)


def _equation(formula: str, value: str) -> str:
    """ "formula = value", or the formula alone where it is a number already, such as −1."""
    return formula if formula in PLAIN_NUMBERS else f"{formula} = {value}"


def _product(edge: Edge, seen: _Seen) -> str:
    """ "upstream × local = message", or what a planted mistake sends instead."""
    upstream, local, message = seen.upstream(edge), seen.local(edge), seen.message(edge)
    if edge.mistake is not None:
        return (
            f"Planted mistake: {_equation(edge.message_formula, message)}, "
            f"not {_bracket(upstream)} × {_bracket(local)}."
        )
    return (
        f"Upstream × local = {_bracket(upstream)} × {_bracket(local)} = {message}; "
        f"in symbols {edge.message_formula}."
    )


def _bracket(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _about_edge(edge: Edge, seen: _Seen) -> str:
    value = seen.value(edge.source)
    parts = [f"{edge.name}."]
    parts.append(f"Forward: {_equation(edge.source.label, value)}." if value else "Not computed yet.")
    if not edge.source.needs_gradient:
        parts.append("A given number: no gradient is sent to it.")
    elif seen.message(edge):
        parts.append(f"Local derivative: {_equation(edge.formula, seen.local(edge))}. {_product(edge, seen)}")
    elif not seen.forward:
        parts.append(f"Local derivative: {_equation(edge.formula, seen.local(edge))}. No message yet.")
    return " ".join(parts)


def _about_node(node: Node, seen: _Seen) -> str:
    text = f"{node.label} = {seen.value(node)}" if seen.value(node) else f"{node.label}, not computed yet"
    gradient = seen.gradient(node)
    return f"{text}; {seen.graph.derivative_name(node)} = {gradient}" if gradient else text


def step_text(graph: Graph, view: View) -> str:
    """What the current step does, in one or two sentences."""
    seen = _Seen(graph, view)
    step = seen.current
    if step is None:
        return (
            "Inputs are known, nothing is computed yet."
            if seen.forward
            else "The forward pass is done. Nothing has been sent back yet."
        )
    if seen.forward:
        operands = " and ".join(_equation(e.source.label, seen.value(e.source)) for e in step.node.incoming)
        result = f"{step.node.label} = {seen.value(step.node)}"
        return f"From {operands} comes {result}."
    name = graph.derivative_name(step.node)
    if step.edge is None:
        return f"The backward pass starts at the end: {name} = {seen.gradient(step.node)}."
    edge, message = step.edge, seen.message(step.edge)
    sent = f"{edge.target.label} sends {_equation(edge.message_formula, message)} to {step.node.label}."
    if edge.mistake is not None:
        sent += " That is the planted mistake."
    gradient = seen.gradient(step.node)
    outgoing = seen.senders(step.node)
    if not step.completes:
        return f"{sent} {step.node.label} waits for another message."
    if gradient and len(outgoing) > 1:
        terms = " + ".join(_bracket(seen.message(edge)) for edge in outgoing)
        return f"{sent} Its gradient is the sum of its messages: {name} = {terms} = {gradient}."
    return f"{sent} So {name} = {gradient}." if gradient else sent


def draw_graph(graph: Graph, placement: Placement, view: View, key: str, title: str) -> None:
    """Draw `graph`: forward values above each edge in blue, messages below it in red, the current step marked.

    Parameters
    ----------
    graph : with its backward pass made
    placement : where its nodes stand
    view : how far the reader has come
    key : unique name on the page
    title : the drawing's accessible name
    """
    seen = _Seen(graph, view)
    text = step_text(graph, view)
    _draw(
        key=key,
        data={
            "width": placement.width,
            "height": placement.height,
            "minimum": placement.minimum or 0.85 * placement.width,
            "radius": RADIUS,
            "line_height": LINE_HEIGHT,
            "now": f"now-{view.direction}",
            "title": title,
            "description": f"{title}. {text} Arrow keys go from edge to edge. The table holds the same numbers.",
            "about": "Point at an edge, or reach it with Tab and the arrow keys: upstream × local = message.",
            "nodes": [_node_data(node, placement, seen) for node in graph.nodes],
            "edges": [
                *(_edge_data(edge, placement, seen) for edge in graph.edges),
                _output_data(graph, placement, seen),
            ],
        },
    )


def _node_data(node: Node, placement: Placement, seen: _Seen) -> dict[str, object]:
    x, y = placement.positions[node.label]
    known = "known" if node in seen.values and node.incoming else ""
    given = "" if node.needs_gradient else "given"
    return {
        "x": x,
        "y": y,
        "sign": node.operation if node.incoming else node.label,
        "caption": placement.captions.get(node.label, ""),
        "shift": list(placement.caption_shifts.get(node.label, (0.0, -RADIUS - 6))),
        "state": f"{known} {given} {seen.state(node)}",
        "about": _about_node(node, seen),
    }


def _edge_data(edge: Edge, placement: Placement, seen: _Seen) -> dict[str, object]:
    start, stop = placement.positions[edge.source.label], placement.positions[edge.target.label]
    value, message = seen.value(edge.source), seen.message(edge)
    lines = _message_lines(edge, message)
    return {
        "name": edge.name,
        "line": _between_circles(start, stop),
        "forward": value,
        "backward": lines if message else [],
        **_label_place(
            start,
            stop,
            placement.label_shares.get(edge.name, 0.5),
            "left" if edge.name in placement.labels_at_left else "right",
            [value, *lines],
        ),
        "state": seen.state(edge),
        "about": _about_edge(edge, seen),
    }


def _message_lines(edge: Edge, message: str) -> list[str]:
    """The message in symbols and, where it is not a number already, as a number; a planted one is crossed."""
    if not edge.source.needs_gradient:
        return []
    formula = edge.message_formula if edge.mistake is None else f"{WRONG} {edge.message_formula}"
    return [formula] if edge.message_formula in PLAIN_NUMBERS and message != HIDDEN else [formula, message]


def _between_circles(start: Point, stop: Point) -> list[float]:
    """The edge's line from the rim of one circle to the rim of the other."""
    (x1, y1), (x2, y2) = start, stop
    length = max(math.hypot(x2 - x1, y2 - y1), 1.0)
    dx, dy = (x2 - x1) / length * RADIUS, (y2 - y1) / length * RADIUS
    return [x1 + dx, y1 + dy, x2 - dx, y2 - dy]


def _label_place(start: Point, stop: Point, share: float, side: str, texts: Sequence[str]) -> dict[str, object]:
    """Where an edge's numbers stand so that its line crosses none of them, and looks like no minus sign.

    On an edge that is nearly level, the forward value stands above the line and the message below it. On a
    steep edge all stand at one side.
    """
    (x1, y1), (x2, y2) = start, stop
    x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
    rise, run = abs(y2 - y1), abs(x2 - x1)
    if rise > STEEP * run:
        away = LABEL_GAP + run / rise * 1.5 * LINE_HEIGHT
        first = y - (len(texts) - 1) / 2 * LINE_HEIGHT + 5
        return {
            "side": side,
            "x": x - away if side == "left" else x + away,
            "forward_y": first,
            "backward_y": first + LINE_HEIGHT,
        }
    widths = [len(text) * LETTER_WIDTH for text in texts]
    climb = rise / max(run, 1.0) / 2  # half a text's width further the line is so much higher
    return {
        "side": "middle",
        "x": x,
        "forward_y": y - LABEL_GAP - climb * widths[0],
        "backward_y": y + LABEL_GAP + 10 + climb * max(widths[1:], default=0.0),
    }


def _output_data(graph: Graph, placement: Placement, seen: _Seen) -> dict[str, object]:
    """The arrow that leaves the output: L forward, and backward the 1 that starts the pass."""
    output = graph.output
    x, y = placement.positions[output.label]
    value, gradient = seen.value(output), seen.gradient(output)
    about = f"The output. Forward: {output.label} = {value}." if value else "The output. Not computed yet."
    if gradient:
        about += f" The backward pass starts here with {graph.derivative_name(output)} = 1."
    starts = seen.current is not None and seen.current.node is output
    return {
        "name": f"{output.label} →",
        "line": [x + RADIUS, y, x + RADIUS + STUB - 8, y],
        **_label_place((x + RADIUS, y), (x + RADIUS + STUB, y), 0.5, "right", [value, gradient]),
        "forward": value,
        "backward": [gradient] if gradient else [],
        "state": seen.state(output) if starts else "",
        "about": about,
    }


def edge_table(graph: Graph, view: View) -> pd.DataFrame:
    """The drawing as a table, one row an edge: empty where the view has not come, "?" where it is hidden."""
    seen = _Seen(graph, view)
    return pd.DataFrame(
        [
            {
                "edge": edge.name,
                "forward value": seen.value(edge.source),
                "local derivative": _equation(edge.formula, seen.local(edge))
                if seen.local(edge)
                else edge.formula,
                "upstream": seen.upstream(edge),
                "message": _message_cell(edge, seen),
            }
            for edge in graph.edges
        ]
    )


def _message_cell(edge: Edge, seen: _Seen) -> str:
    if not edge.source.needs_gradient:
        return "none: a given number"
    message = seen.message(edge)
    return _equation(edge.message_formula, message) if message else ""


def whole_pass(key: str, direction: str, last: int) -> dict[str, object]:
    """Settings of the `graph_player` of that key that show a pass to its `last` step, nothing hidden."""
    return {f"{key}_pass": direction, f"{key}_{direction}_step": last, f"{key}_predict": False}


def graph_player(graph: Graph, placement: Placement, key: str, title: str) -> None:
    """The drawing with its controls: direction, step slider, previous, next, play, and "predict first".

    Only this part of the page runs again when the reader steps.

    Parameters
    ----------
    graph : with its backward pass made
    placement : where its nodes stand
    key : unique name on the page; the widgets' keys begin with it
    title : the drawing's accessible name
    """
    playing = bool(st.session_state.get(f"{key}_playing", False))
    st.fragment(_player, run_every=SECONDS_A_STEP if playing else None)(graph, placement, key, title)
    give_head_start()


def _player(graph: Graph, placement: Placement, key: str, title: str) -> None:
    state = st.session_state
    choose, predict_first = st.columns([2, 3], vertical_alignment="bottom")
    direction = choose.segmented_control(
        "Pass",
        ["forward", "backward"],
        default="backward",
        required=True,
        key=f"{key}_pass",
        bind="query-params",
        on_change=_stop,
        args=(key,),
    )
    predict = predict_first.toggle(
        "Predict first: hide each value until I reveal it",
        key=f"{key}_predict",
        bind="query-params",
    )
    step_key = f"{key}_{direction}_step"
    last = len(graph.forward_steps() if direction == "forward" else graph.backward_steps())
    playing = bool(state.get(f"{key}_playing", False))
    if playing:
        if state.get(step_key, last) >= last:
            _stop(key)
            st.rerun()
        state[step_key] = state[step_key] + 1

    with st.container(horizontal=True, vertical_alignment="bottom"):
        step = st.slider("Step", 0, last, last, key=step_key, bind="query-params", on_change=_stop, args=(key,))
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            key=f"{key}_previous",
            on_click=_move,
            args=(key, step_key, -1, last),
            disabled=step == 0,
        )
        st.button(
            "Next",
            icon=":material/chevron_right:",
            key=f"{key}_next",
            on_click=_move,
            args=(key, step_key, 1, last),
            disabled=step == last,
        )
        if st.button(
            "Pause" if playing else "Play",
            icon=":material/pause:" if playing else ":material/play_arrow:",
            key=f"{key}_play",
            on_click=_toggle_play,
            args=(key, step_key, last),
        ):
            st.rerun()  # the timer belongs to the call in `graph_player`

    revealed: set[int] = state.setdefault(f"{key}_{direction}_revealed", set())
    hidden = frozenset(range(1, last + 1)) - revealed if predict else frozenset()
    view = View(direction, step, hidden)
    if predict and step:
        _reveal_controls(key, direction, step, revealed)
    st.markdown(f"**Step {step} of {last}.** {step_text(graph, view)}")
    draw_graph(graph, placement, view, key=f"{key}_drawing", title=title)
    table = st.expander("Every edge of this graph as a table", key=f"{key}_table", on_change="rerun")
    if table.open:  # the browser takes as long for this table as for all the rest
        table.table(edge_table(graph, view).set_index("edge"))


def _reveal_controls(key: str, direction: str, step: int, revealed: set[int]) -> None:
    with st.container(horizontal=True):
        st.button(
            "Reveal this value",
            icon=":material/visibility:",
            key=f"{key}_reveal",
            on_click=revealed.add,
            args=(step,),
            disabled=step in revealed,
        )
        st.button("Hide all values again", key=f"{key}_hide", on_click=revealed.clear, disabled=not revealed)


def _stop(key: str) -> None:
    st.session_state[f"{key}_playing"] = False


def _move(key: str, step_key: str, by: int, last: int) -> None:
    _stop(key)
    st.session_state[step_key] = min(max(st.session_state[step_key] + by, 0), last)


def _toggle_play(key: str, step_key: str, last: int) -> None:
    playing = not st.session_state.get(f"{key}_playing", False)
    st.session_state[f"{key}_playing"] = playing
    if playing and st.session_state[step_key] >= last:
        st.session_state[step_key] = 0
