"""A computation graph as one timeline of moments, forward, loss and backward, and what each of them says."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nnlib.graph import Edge, Graph, Node
from pages.shared.numbers import number, read_number

NUDGE = 0.01
PLAIN_NUMBERS = ("0", "1", "−1")  # formulas that are their own value
BETWEEN = {"+": " + ", "×": " × ", "−": " − "}  # operations written between their operands


def differentiated(graph: Graph) -> Graph:
    """`graph` itself, its backward pass made."""
    graph.backward()
    return graph


@dataclass(frozen=True)
class Moment:
    """One step of the timeline: a node gets its value, or backward a message along an edge.

    Attributes
    ----------
    phase : "forward", "loss" (the output gets its value) or "backward"
    node : the node whose value or gradient this moment makes, or adds to
    edge : backward, the edge the message travels; None for the moment that sets ∂L/∂L = 1
    completes : backward, whether this was the last message `node` waits for
    layer : moments of one layer follow each other, and may be shown at once
    """

    phase: str
    node: Node
    edge: Edge | None
    completes: bool
    layer: int


def timeline(graph: Graph) -> list[Moment]:
    """All moments, layer by layer: first every node that is computed, then ∂L/∂L = 1 and every message.

    A node's layer is the longest way to it from an input, so that what a moment needs has always come before.
    """
    depth: dict[Node, int] = {}
    for node in graph.nodes:
        depth[node] = 1 + max((depth[edge.source] for edge in node.incoming), default=-1)
    computed = sorted((node for node in graph.nodes if node.incoming), key=lambda node: depth[node])
    moments = [
        Moment("loss" if node is graph.output else "forward", node, None, True, depth[node]) for node in computed
    ]
    top = depth[graph.output]
    edges = sorted(
        (edge for edge in graph.edges if edge.source.needs_gradient), key=lambda edge: -depth[edge.target]
    )
    waiting = {node: len(senders(graph, node)) for node in graph.nodes}
    moments.append(Moment("backward", graph.output, None, True, top + 1))
    for edge in edges:
        waiting[edge.source] -= 1
        layer = top + 2 + top - depth[edge.target]
        moments.append(Moment("backward", edge.source, edge, waiting[edge.source] == 0, layer))
    return moments


def senders(graph: Graph, node: Node) -> list[Edge]:
    """The edges over which messages come back to `node`."""
    return [edge for edge in graph.outgoing(node) if edge.target.needs_gradient and node.needs_gradient]


def written(symbols: str, value: float) -> str:
    """The number in four digits, but a given 0, 1 or −1 as it is written in the graph."""
    return symbols if symbols in PLAIN_NUMBERS else number(value)


def value_of(node: Node) -> str:
    """The node's value."""
    return written(node.label, node.value)


def message_of(edge: Edge) -> str:
    """What the edge carries backward."""
    return written(edge.symbols, edge.message or 0.0)


def gradient_of(graph: Graph, node: Node) -> str:
    """∂L/∂node as the backward pass has it; empty for a number that is given."""
    if node.gradient is None:
        return ""
    arriving = senders(graph, node)
    return message_of(arriving[0]) if len(arriving) == 1 else number(node.gradient)


def factors(edge: Edge) -> tuple[str, str]:
    """Upstream and local derivative, in the digits that they have everywhere else."""
    return number(edge.upstream or 0.0), number(edge.local)


def _sign(exact: float, shown: str) -> str:
    """The sign before the result of a calculation with the numbers as shown: "≈" if their rounding changed it."""
    return "=" if math.isclose(exact, read_number(shown), rel_tol=1e-9, abs_tol=1e-15) else "≈"


def bracket(text: str) -> str:
    """A negative number in brackets, as it stands in a product or a sum."""
    return f"({text})" if text.startswith("−") else text


def calculation(node: Node) -> str:
    """How a node's value is made of its operands' numbers, such as "exp 1" or "0.5 × (−2)"."""
    values = [value_of(edge.source) for edge in node.incoming]
    if node.operation in BETWEEN and len(values) > 1:
        return BETWEEN[node.operation].join([values[0], *map(bracket, values[1:])])
    if node.operation == "−":
        return f"−{bracket(values[0])}"
    if node.operation == "/":
        return f"1 / {bracket(values[0])}"
    if node.operation in ("exp", "log", "√"):
        return f"{node.operation} {bracket(values[0])}"
    if node.operation == "softmax, l":
        return "−Σ yₖ log pₖ"
    if node.operation == "ℓ":
        f, y = values
        if "/" not in node.incoming[0].formula:
            return f"½ ({f} − {y})²"
        return {"1": f"−log {f}", "0": f"−log(1 − {f})"}.get(y, f"−{y} log {f} − (1 − {y}) log(1 − {f})")
    if node.operation.startswith(("²", "^")):
        return f"{bracket(values[0])}{node.operation}"
    return f"{node.operation}({', '.join(values)})"


def told(graph: Graph, moment: Moment) -> dict[str, object]:
    """What is said of a moment: an equation in parts, a sentence after it, what to guess, and its short form.

    An equation's part is a sign such as "×", or [what it is, number, its meaning]. The last one is the result.
    "asks" is whether it takes a rule to find the message: a sum hands a gradient on, and −1 or 0 needs no rule.
    "sum" is how the messages to its node add up, if this was the last of several.
    """
    node, edge = moment.node, moment.edge
    name = graph.derivative_name(node)
    if moment.phase != "backward":
        return {
            "equation": [
                [_operands(node), calculation(node), "forward"],
                "=",
                [node.label, value_of(node), "forward"],
            ],
            "after": "That is the loss." if moment.phase == "loss" else "",
            "asks": False,
            "short": f"{node.label} = {value_of(node)}",
        }
    if edge is None:
        return {
            "equation": [[name, "1", "backward"]],
            "after": "The way back begins here, with 1, for L grows exactly as fast as itself. A message says how "
            "much L grows for each unit that a value grows. It is the gradient that has come so far (upstream) × "
            "the slope of one operation (local).",
            "asks": False,
            "short": f"{name} = 1",
        }
    (upstream, local), sent = factors(edge), message_of(edge)
    caption = (
        "spoiled upstream" if is_wrong(graph, edge.target) else f"upstream {graph.derivative_name(edge.target)}"
    )
    is_planted = edge.mistake is not None and edge.spoiled
    equals = "≠" if is_planted else _sign(read_number(upstream) * read_number(local), sent)
    return {
        "equation": [
            [caption, upstream, "backward"],
            "×",
            [f"local {_unless_number(edge.formula)}".strip(), local, "local"],
            equals,
            [f"message {_unless_number(edge.symbols)}".strip(), sent, "backward"],
        ],
        "after": " ".join(filter(None, (_mistake(graph, edge), _arrival(graph, moment), _simplified(edge)))),
        "asks": abs(edge.local) != 1 and sent not in PLAIN_NUMBERS,
        "answer": (edge.upstream or 0.0) * edge.local,
        "short": f"→ {node.label}: {upstream} × {bracket(local)} {equals} {sent}",
        "sum": _sum(graph, node) if moment.completes else "",
    }


def _operands(node: Node) -> str:
    return "from " + ", ".join(edge.source.label for edge in node.incoming)


def _unless_number(formula: str) -> str:
    return "" if formula in PLAIN_NUMBERS else formula


def _mistake(graph: Graph, edge: Edge) -> str:
    """What a planted mistake does on this edge, if anything."""
    if not edge.spoiled:
        return ""
    right = number(edge.right or 0.0)
    if edge.mistake is not None:
        skips = ""
        if edge.message_formula.startswith("∂L/∂") and "·" not in edge.message_formula:
            is_upstream = edge.message_formula == graph.derivative_name(edge.target)
            left_out = "its local derivative is" if is_upstream else "all local derivatives on the way here are"
            skips = f" It hands on {edge.message_formula}, and {left_out} left out."
        return f"Here the mistake is planted: this edge sends {message_of(edge)} instead of {right}.{skips}"
    return f"Wrong because the upstream is: it should be {right}."


def _simplified(edge: Edge) -> str:
    """How factors of the message cancel, where they do."""
    return f"Written out, {edge.simplification}." if edge.simplification and not edge.spoiled else ""


def _arrival(graph: Graph, moment: Moment) -> str:
    """What the message means to the node it comes to."""
    node, name = moment.node, graph.derivative_name(moment.node)
    arriving = senders(graph, node)
    if not moment.completes:
        return f"{node.label} adds up {len(arriving)} messages, and not all of them have come yet."
    gradient = gradient_of(graph, node)
    wrong = any(edge.spoiled for edge in arriving)
    if len(arriving) == 1:
        is_label = moment.edge is not None and _is_label(moment.edge)
        unused = " Training does not use it, because y is given." if is_label else ""
        return "" if wrong else f"Nothing else reaches {node.label}, so {name} = {gradient}.{unused}"
    right = f" The true gradient is {number(node.right or 0.0)}." if wrong and is_wrong(graph, node) else ""
    terms = f"{_terms(graph, node)} {_sign_of_sum(graph, node)} {gradient}."
    result = f"comes out as {terms}" if wrong else f"= {terms}"
    return f"All messages to {node.label} have come and add up: {name} {result}{right}"


def _is_label(edge: Edge) -> bool:
    """Whether it is the label that goes into a loss by this edge."""
    return edge.target.operation == "ℓ" and edge is edge.target.incoming[1]


def _sum(graph: Graph, node: Node) -> str:
    """How several messages to a node add up to its gradient; empty where only one comes."""
    if len(senders(graph, node)) == 1:
        return ""
    gradient = gradient_of(graph, node)
    return f"{graph.derivative_name(node)} = {_terms(graph, node)} {_sign_of_sum(graph, node)} {gradient}"


def _terms(graph: Graph, node: Node) -> str:
    """The messages to a node as they are added."""
    first, *others = (message_of(edge) for edge in senders(graph, node))
    return " + ".join([first, *map(bracket, others)])


def _sign_of_sum(graph: Graph, node: Node) -> str:
    """What stands between the messages to a node, as they are shown, and their sum."""
    messages = [read_number(message_of(edge)) for edge in senders(graph, node)]
    return _sign(math.fsum(messages), gradient_of(graph, node))


def is_wrong(graph: Graph, node: Node) -> bool:
    """Whether a planted mistake shows in the node's gradient."""
    return any(edge.spoiled for edge in senders(graph, node)) and number(node.gradient or 0.0) != number(
        node.right or 0.0
    )


def nudged(graph: Graph, node: Node, by: float) -> dict[str, object]:
    """What happens when one value is moved by `by` and all that follows is computed again.

    "values" are the new numbers by the place of their node, none where L cannot be computed there; "equation" has
    how L moved beside what the gradient makes of that, in parts as in `told`, and "after" says more.
    """
    try:
        values = graph.replayed({node: by})
    except (ValueError, OverflowError, ZeroDivisionError):
        return {"values": {}, "equation": [], "after": f"{node.label} cannot be moved by {number(by)} here."}
    output, before = graph.output, graph.output.value
    loss = values[output]
    change = loss - before
    gradient, promise = gradient_of(graph, node), (node.gradient or 0.0) * by
    agrees = math.isclose(change, promise, rel_tol=0.1, abs_tol=2e-5)
    verdict = ""
    if not agrees:
        verdict = (
            " The gradient is wrong."
            if is_wrong(graph, node)
            else " L bends strongly here, and 0.01 is a large step."
        )
    return {
        "values": {k: _told_apart(values[n], n.value) for k, n in enumerate(graph.nodes) if values[n] != n.value},
        "equation": [
            [f"{output.label} moved by", number(change, 3), "forward"],
            "≈" if agrees else "≠",
            [
                f"{graph.derivative_name(node)} × {number(by)} = {bracket(gradient)} × {bracket(number(by))}",
                number(promise, 3),
                "backward",
            ],
        ],
        "after": f"{output.label} went from {number(before)} to {_told_apart(loss, before)}.{verdict}",
    }


def _told_apart(new: float, old: float) -> str:
    """The new number in as many digits as it takes to see that it is another one than the old one."""
    return next((text for digits in (4, 5, 6) if (text := number(new, digits)) != number(old)), number(new, 6))


def all_moments(graph: Graph) -> Sequence[dict[str, object]]:
    """The timeline as the browser plays it; nodes and edges by their place in the graph."""
    nodes = {node: k for k, node in enumerate(graph.nodes)}
    edges = {edge: k for k, edge in enumerate(graph.edges)}
    return [
        {
            "phase": moment.phase,
            "node": nodes[moment.node],
            "edge": None if moment.edge is None else edges[moment.edge],
            "completes": moment.completes,
            "layer": moment.layer,
            **told(graph, moment),
        }
        for moment in timeline(graph)
    ]
