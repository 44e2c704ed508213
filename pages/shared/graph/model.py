"""What the drawing of a computation graph shows at one step of a pass: every number, every sentence, the table."""

from collections.abc import Collection

import pandas as pd

from nnlib.graph import Edge, Graph, Node, Step
from pages.shared.numbers import number

HIDDEN = "?"
PLAIN_NUMBERS = ("0", "1", "−1")  # formulas that are their own value


def differentiated(graph: Graph) -> Graph:
    """`graph` itself, its backward pass made."""
    graph.backward()
    return graph


def steps_of(graph: Graph, direction: str) -> list[Step]:
    """The steps of the "forward" or the "backward" pass."""
    return graph.forward_steps() if direction == "forward" else graph.backward_steps()


class View:
    """What the reader has been shown of a graph, so many steps into one of its passes.

    A text is empty where the pass has not come yet, and "?" where the reader has still to reveal it.

    Parameters
    ----------
    graph : with its backward pass made
    direction : "forward" or "backward"
    step : number of steps made; in a backward view the forward pass is complete
    hidden : steps (from 1) whose result the reader has still to reveal
    """

    def __init__(self, graph: Graph, direction: str, step: int, hidden: Collection[int] = ()) -> None:
        self.graph = graph
        self.direction = direction
        self.forward = direction == "forward"
        made = steps_of(graph, direction)[:step]
        self.current: Step | None = made[-1] if made else None
        results = [step.node if self.forward else step.edge for step in made]
        self._covered = {result for k, result in enumerate(results, start=1) if k in hidden}
        self._shown = set(results) - self._covered
        self._shown |= {node for node in graph.nodes if not (self.forward and node.incoming)}
        self._start_is_hidden = 1 in hidden

    def knows(self, node: Node) -> bool:
        """Whether the reader has seen the node's value."""
        return node in self._shown

    def value(self, node: Node) -> str:
        """The node's value."""
        if self.knows(node):
            return _written(node.label, node.value)
        return HIDDEN if node in self._covered else ""

    def local(self, edge: Edge) -> str:
        """The local derivative's number; ∂(result)/∂(operand) may need values not computed yet."""
        return _written(edge.formula, edge.local) if self.knows(edge.target) else ""

    def message(self, edge: Edge) -> str:
        """What the edge carries backward."""
        if edge in self._shown:
            return _written(edge.symbols, edge.message or 0.0)
        return HIDDEN if edge in self._covered else ""

    def upstream(self, edge: Edge) -> str:
        """∂L/∂target; hidden with the messages it is made of."""
        return (self.gradient(edge.target) or HIDDEN) if self.message(edge) else ""

    def gradient(self, node: Node) -> str:
        """The node's gradient once every message it waits for has been seen."""
        if self.forward or node.gradient is None:
            return ""
        if node is self.graph.output:
            if self.current is None:
                return ""
            return HIDDEN if self._start_is_hidden else "1"
        senders = self.senders(node)
        if not all(edge in self._shown for edge in senders):
            return ""
        return self.message(senders[0]) if len(senders) == 1 else number(node.gradient)

    def senders(self, node: Node) -> list[Edge]:
        """The edges over which messages come to `node`."""
        return [edge for edge in self.graph.outgoing(node) if edge.target.needs_gradient]

    def is_now(self, thing: Node | Edge) -> bool:
        """Whether the current step is about this node or edge."""
        if self.current is None:
            return False
        if self.forward:
            return self.current.node in (thing, getattr(thing, "target", None))
        return thing in (self.current.edge, self.current.node)

    def about_node(self, node: Node) -> str:
        """The node's value and gradient, as far as they are known."""
        text = f"{node.label} = {self.value(node)}" if self.value(node) else f"{node.label}, not computed yet"
        gradient = self.gradient(node)
        return f"{text}; {self._comes_out(node)}" if gradient else text

    def about_edge(self, edge: Edge) -> str:
        """What the edge carries, forward and backward, in sentences."""
        value = self.value(edge.source)
        parts = [f"{edge.name}."]
        parts.append(f"Forward: {_equation(edge.source.label, value)}." if value else "Not computed yet.")
        if not edge.source.needs_gradient:
            parts.append("A given number: no gradient is sent to it.")
        elif self.message(edge):
            parts.append(f"Local derivative: {_equation(edge.formula, self.local(edge))}. {self._product(edge)}")
        elif not self.forward:
            parts.append(f"Local derivative: {_equation(edge.formula, self.local(edge))}. No message yet.")
        return " ".join(parts)

    def about_output(self) -> str:
        """What leaves the graph at its output, and what comes in there backward."""
        output = self.graph.output
        value = self.value(output)
        text = f"The output. Forward: {output.label} = {value}." if value else "The output. Not computed yet."
        if self.gradient(output):
            text += f" The backward pass starts here with {self.graph.derivative_name(output)} = 1."
        return text

    def step_text(self) -> str:
        """What the current step does, in one or two sentences."""
        step = self.current
        if step is None:
            return (
                "Inputs are known, nothing is computed yet."
                if self.forward
                else "The forward pass is done. Nothing has been sent back yet."
            )
        if self.forward:
            operands = " and ".join(_equation(e.source.label, self.value(e.source)) for e in step.node.incoming)
            result = f"{step.node.label} = {self.value(step.node)}"
            return f"From {operands} comes {result}."
        name, gradient = self.graph.derivative_name(step.node), self.gradient(step.node)
        if step.edge is None:
            return f"The backward pass starts at the end: {name} = {gradient}."
        edge, message = step.edge, self.message(step.edge)
        sent = f"{edge.target.label} sends {_equation(edge.symbols, message)} to {step.node.label}."
        if edge.mistake is not None:
            sent += " That is the planted mistake."
        elif edge.spoiled and edge in self._shown:
            sent += f" Without the mistake it would send {self._right_message(edge)}."
        if not step.completes:
            return f"{sent} {step.node.label} waits for another message."
        senders = self.senders(step.node)
        if gradient and len(senders) > 1:
            terms = " + ".join(_bracket(self.message(edge)) for edge in senders)
            if any(edge.spoiled for edge in senders):
                return f"{sent} Its messages add up to {terms} = {gradient}: {self._comes_out(step.node)}."
            return f"{sent} Its gradient is the sum of its messages: {name} = {terms} = {gradient}."
        return f"{sent} So {self._comes_out(step.node)}." if gradient else sent

    def table(self) -> pd.DataFrame:
        """The drawing as a table, one row an edge."""
        return pd.DataFrame(
            [
                {
                    "edge": edge.name,
                    "forward value": self.value(edge.source),
                    "local derivative": _equation(edge.formula, self.local(edge)),
                    "upstream": self.upstream(edge),
                    "message": self._message_cell(edge),
                }
                for edge in self.graph.edges
            ]
        ).set_index("edge")

    def _product(self, edge: Edge) -> str:
        """ "upstream × local = message", or what a planted mistake sends instead."""
        upstream, local, message = self.upstream(edge), self.local(edge), self.message(edge)
        if edge.mistake is not None:
            return (
                f"Planted mistake: {_equation(edge.message_formula, message)}, "
                f"not {_bracket(upstream)} × {_bracket(local)}."
            )
        product = f"Upstream × local = {_bracket(upstream)} × {_bracket(local)} = {message}"
        if edge.spoiled:
            right = f" Right is {self._right_message(edge)}." if edge in self._shown else ""
            return f"{product}, spoiled by the planted mistake.{right}"
        return f"{product}; in symbols {edge.message_formula}."

    def _right_message(self, edge: Edge) -> str:
        """What a spoiled edge should carry, in symbols and as a number."""
        return _equation(edge.message_formula, _written(edge.message_formula, edge.right or 0.0))

    def _comes_out(self, node: Node) -> str:
        """ "∂L/∂v = gradient"; where a planted mistake has spoiled it, that it comes out wrong."""
        name, gradient = self.graph.derivative_name(node), self.gradient(node)
        if gradient == HIDDEN or not any(edge.spoiled for edge in self.senders(node)):
            return f"{name} = {gradient}"
        right = number(node.right or 0.0)
        but = "rightly by chance" if right == gradient else f"not {right}"
        return f"{name} comes out as {gradient}, {but}"

    def _message_cell(self, edge: Edge) -> str:
        if not edge.source.needs_gradient:
            return "none: a given number"
        message = self.message(edge)
        return _equation(edge.symbols, message) if message else ""


def _written(symbols: str, value: float) -> str:
    """The number in four digits, but a given 0, 1 or −1 as it is written in the graph."""
    return symbols if symbols in PLAIN_NUMBERS else number(value)


def _equation(formula: str, value: str) -> str:
    """ "formula = value", or the formula alone where it is a number already, such as −1, or has no value yet."""
    if formula in PLAIN_NUMBERS or not value:
        return formula
    return f"{formula} = {value}" if formula else value


def _bracket(text: str) -> str:
    return f"({text})" if text.startswith("−") else text
