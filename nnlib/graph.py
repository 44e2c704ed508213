"""A scalar computation graph, recorded while a formula is evaluated and then differentiated edge by edge.

    x = variable("x", 0.5)
    L = multiply(x, exp(x), label="L")
    graph = Graph(L)
    graph.backward()
    x.gradient                      # e^x + x e^x

Every operation below makes one `Node` and one `Edge` from each of its operands. An edge u → v knows the
local derivative ∂v/∂u in symbols and as a number. Going backward it carries the message

    upstream × local = ∂L/∂v · ∂v/∂u,

and the gradient of u is the sum of the messages on the edges that leave u: the chain rule for a u that is
used in several places (book section 23.2.4).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from numbers import Real

import numpy as np

from nnlib.gradcheck import EPSILON, GradientCheck, check_gradients
from nnlib.notation import MINUS, factor

ROUNDING = 1e-12  # relative: messages that differ by less are the same
LARGEST_EXPONENT = math.log(np.finfo(np.float64).max)  # e^x is finite up to here, about 709.8

_birth = count()


@dataclass(eq=False)
class Node:
    """One value in the graph: an input, a constant, or the result of an operation.

    Attributes
    ----------
    operation : "input", "constant" or the sign of the operation, such as "exp", "+", "×", "²", "^3"
    label : name in symbols, such as "p₂"
    value : result of the forward pass
    incoming : edges from the operands, in their order
    needs_gradient : False for a constant and for what is made of constants only
    gradient : ∂L/∂(this node), set by `Graph.backward`, else None
    right : what `gradient` would be without any planted mistake
    """

    operation: str
    label: str
    value: float
    incoming: tuple["Edge", ...] = ()
    needs_gradient: bool = True
    gradient: float | None = None
    right: float | None = None
    rule: Callable[..., float] | None = field(default=None, repr=False)  # operand values → value
    scale: float | None = None  # on which L bends with the value, where that is not max(1, |value|)
    born: int = field(default_factory=lambda: next(_birth), repr=False)  # order of evaluation

    def __add__(self, other: "Node | float") -> "Node":
        return add(self, _as_node(other))

    def __radd__(self, other: float) -> "Node":
        return add(_as_node(other), self)

    def __mul__(self, other: "Node | float") -> "Node":
        return multiply(self, _as_node(other))

    def __rmul__(self, other: float) -> "Node":
        return multiply(_as_node(other), self)

    def __sub__(self, other: "Node | float") -> "Node":
        return subtract(self, _as_node(other))

    def __rsub__(self, other: float) -> "Node":
        return subtract(_as_node(other), self)

    def __truediv__(self, other: "Node | float") -> "Node":
        return multiply(self, reciprocal(_as_node(other)))

    def __rtruediv__(self, other: float) -> "Node":
        return _as_node(other) / self

    def __neg__(self) -> "Node":
        return negate(self)

    def __pow__(self, exponent: float) -> "Node":
        return power(self, exponent)


@dataclass(eq=False)
class Edge:
    """One use of `source` as an operand of `target`.

    Attributes
    ----------
    formula, local : the local derivative ∂target/∂source, in symbols and as a number
    message_formula : the message in symbols, such as "−y₂/p₂"
    simplification : how upstream × local becomes `message_formula`, where factors cancel; else empty
    upstream, message : ∂L/∂target, and upstream × local; set by `Graph.backward`, else None
    right : what `message` would be without any planted mistake
    spoiled : whether a mistake, planted here or where the upstream gradient comes from, has changed `message`
    mistake : a wrong rule upstream → message put in place of the right one by `plant`, else None
    """

    source: Node
    target: Node
    formula: str
    local: float
    message_formula: str = ""
    simplification: str = ""
    upstream: float | None = None
    message: float | None = None
    right: float | None = None
    spoiled: bool = False
    mistake: Callable[[float], float] | None = field(default=None, repr=False)

    @property
    def value(self) -> float:
        """What the edge carries forward: the value of its source."""
        return self.source.value

    @property
    def name(self) -> str:
        """Such as "p₂ → log p₂"."""
        return f"{self.source.label} → {self.target.label}"

    @property
    def way_back(self) -> str:
        """The way of its message, such as "log p₂ → p₂"."""
        return f"{self.target.label} → {self.source.label}"

    @property
    def symbols(self) -> str:
        """The message in symbols; none where, by a mistake planted elsewhere, it is not what they say."""
        return "" if self.spoiled and self.mistake is None else self.message_formula

    def plant(self, formula: str, mistake: Callable[[float], float]) -> None:
        """Let `backward` send `mistake(upstream)`, written `formula`, instead of upstream × local."""
        self.message_formula = formula
        self.mistake = mistake


def _as_node(x: Node | float) -> Node:
    return x if isinstance(x, Node) else constant(_plain(_number(x, "operand")), x)


def _number(x: object, name: str) -> float:
    if isinstance(x, bool) or not isinstance(x, Real):
        raise TypeError(f"{name} must be a real number, got {x!r}")
    if not math.isfinite(x):
        raise ValueError(f"{name} must be finite, got {x!r}")
    return float(x)


def _plain(x: float) -> str:
    return f"{x:g}".replace("-", MINUS)


def _argument(label: str) -> str:
    return f"({label})" if any(sign in label for sign in " ·/") or label.startswith(MINUS) else label


def _term(label: str) -> str:
    """`label` as a term that follows another: in brackets where it begins with a sign."""
    return f"({label})" if label.startswith(MINUS) else label


def variable(label: str, value: float) -> Node:
    """An input with respect to which L is differentiated. `value` must be finite."""
    return Node("input", label, _number(value, f"value of {label}"))


def constant(label: str, value: float) -> Node:
    """A number that is given, such as a label y: no gradient is sent to it. `value` must be finite."""
    return Node("constant", label, _number(value, f"value of {label}"), needs_gradient=False)


def _record(
    operation: str,
    label: str,
    operands: Sequence[Node],
    rule: Callable[..., float],
    local_derivatives: Callable[..., Sequence[tuple[str, float]]],
) -> Node:
    """Evaluate `rule`, make its node, and an edge from each operand with (symbols, number) of ∂node/∂operand.

    `local_derivatives` is given the result and then the operand values.
    """
    values = [operand.value for operand in operands]
    try:
        value = rule(*values)
        derivatives = local_derivatives(value, *values)
    except OverflowError:  # Python's own ** and fsum raise it; the other operations give an infinity
        value, derivatives = math.inf, []
    node = Node(
        operation,
        label,
        _finite(value, label),
        needs_gradient=any(operand.needs_gradient for operand in operands),
        rule=rule,
    )
    node.incoming = tuple(
        Edge(operand, node, formula, _finite(local, f"∂{label}/∂{operand.label}"))
        for operand, (formula, local) in zip(operands, derivatives, strict=True)
    )
    return node


def _require_nodes(operation: str, *operands: object) -> None:
    for operand in operands:
        if not isinstance(operand, Node):
            raise TypeError(f"operand of {operation} must be a Node, got {operand!r}")


def _finite(x: float, name: str) -> float:
    if not math.isfinite(x):
        raise ValueError(f"{name} is too large for a float64; choose inputs nearer to 0")
    return x


def _require_positive(x: Node, operation: str) -> None:
    _require_nodes(operation, x)
    if not x.value > 0:
        raise ValueError(f"operand of {operation} must be positive, got {x.label} = {x.value!r}")
    x.scale = x.value


def exp(x: Node, label: str | None = None) -> Node:
    """e^x. d e^x/dx = e^x, the node's own value. Raises ValueError where e^x overflows (x above 709)."""
    _require_nodes("exp", x)
    name = f"exp {_argument(x.label)}" if label is None else label

    def rule(u: float) -> float:
        if u > LARGEST_EXPONENT:
            raise ValueError(
                f"{name} overflows at {u!r}: the largest exponent is {LARGEST_EXPONENT:.1f}; "
                "subtract the maximum first"
            )
        return math.exp(u)

    return _record("exp", name, [x], rule, lambda v, u: [(name, v)])


def log(x: Node, label: str | None = None) -> Node:
    """Natural logarithm. d log x/dx = 1/x. Raises ValueError unless x > 0."""
    _require_positive(x, "log")
    name = f"log {_argument(x.label)}" if label is None else label
    return _record("log", name, [x], math.log, lambda v, u: [(f"1/{factor(x.label)}", 1 / u)])


def add(*operands: Node, label: str | None = None) -> Node:
    """Sum of two or more nodes. The derivative with respect to each is 1: "+" hands the gradient on."""
    _at_least_two(operands, "+")
    return _record(
        "+",
        " + ".join([operands[0].label, *(_term(x.label) for x in operands[1:])]) if label is None else label,
        operands,
        lambda *values: math.fsum(values),
        lambda v, *values: [("1", 1.0)] * len(values),
    )


def multiply(*operands: Node, label: str | None = None) -> Node:
    """Product of two or more nodes. The derivative with respect to one is the product of the others."""
    _at_least_two(operands, "×")

    def others(v: float, *values: float) -> list[tuple[str, float]]:
        derivatives = []
        for k in range(len(values)):
            rest = [*operands[:k], *operands[k + 1 :]]
            formula = rest[0].label if len(rest) == 1 else "·".join(factor(x.label) for x in rest)
            derivatives.append((formula, math.prod(values[:k] + values[k + 1 :])))
        return derivatives

    name = "·".join(factor(x.label) for x in operands) if label is None else label
    return _record("×", name, operands, lambda *values: math.prod(values), others)


def _at_least_two(operands: Sequence[Node], operation: str) -> None:
    _require_nodes(operation, *operands)
    if len(operands) < 2:
        raise ValueError(f"operands of {operation} must be two or more, got {len(operands)}")


def subtract(a: Node, b: Node, label: str | None = None) -> Node:
    """a − b. Derivatives 1 and −1."""
    _require_nodes("−", a, b)
    name = f"{a.label} − {_argument(b.label)}" if label is None else label
    return _record("−", name, [a, b], lambda u, w: u - w, lambda v, u, w: [("1", 1.0), ("−1", -1.0)])


def negate(x: Node, label: str | None = None) -> Node:
    """−x. Derivative −1."""
    _require_nodes("−", x)
    name = f"−{_argument(x.label)}" if label is None else label
    return _record("−", name, [x], lambda u: -u, lambda v, u: [("−1", -1.0)])


def reciprocal(x: Node, label: str | None = None) -> Node:
    """1/x. d(1/x)/dx = −1/x², minus the square of the node's own value. Raises ValueError at x = 0."""
    _require_nodes("1/x", x)
    if x.value == 0:
        raise ValueError(f"operand of 1/x must not be 0, got {x.label} = 0")
    x.scale = abs(x.value)
    name = f"1/{factor(x.label)}" if label is None else label
    return _record("/", name, [x], lambda u: 1 / u, lambda v, u: [(f"−1/{factor(x.label)}²", -v * v)])


def power(x: Node, exponent: float, label: str | None = None) -> Node:
    """x^c for a fixed number c. d x^c/dx = c x^(c−1).

    Raises ValueError where that is not defined: x < 0 with a broken c, or x = 0 with c below 1.
    """
    _require_nodes("power", x)
    c = _number(exponent, "exponent")
    if (x.value < 0 and not c.is_integer()) or (x.value == 0 and c < 1):
        raise ValueError(f"operand of power must be positive for exponent {c!r}, got {x.label} = {x.value!r}")
    if x.value and not (c.is_integer() and c > 0):
        x.scale = abs(x.value)
    base = factor(x.label)
    name = f"{base}²" if c == 2 else f"{base}^{factor(_plain(c))}"
    less_one = base if c == 2 else f"{base}^{factor(_plain(c - 1))}"
    return _record(
        "²" if c == 2 else f"^{factor(_plain(c))}",
        name if label is None else label,
        [x],
        lambda u: math.pow(u, c),  # unlike **, never complex
        lambda v, u: [(f"{_plain(c)}·{less_one}", c * u ** (c - 1))],
    )


def sqrt(x: Node, label: str | None = None) -> Node:
    """√x. d√x/dx = 1/(2√x). Raises ValueError unless x > 0."""
    _require_positive(x, "√")
    name = f"√{_argument(x.label)}" if label is None else label
    return _record("√", name, [x], math.sqrt, lambda v, u: [(f"1/(2·{factor(name)})", 0.5 / v)])


def _sigmoid(z: float) -> float:
    # e^-|z| is at most 1, so nothing overflows
    tail = math.exp(-abs(z))
    return 1 / (1 + tail) if z >= 0 else tail / (1 + tail)


def sigmoid(z: Node, label: str | None = None) -> Node:
    """f = σ(z) as one node, book eq. 23.14. df/dz = f (1 − f)."""
    _require_nodes("σ", z)
    name = f"σ({z.label})" if label is None else label
    # 1 − σ(z) = σ(−z) keeps its digits where σ(z) rounds to 1
    return _record("σ", name, [z], _sigmoid, lambda f, u: [(f"{factor(name)}(1 − {name})", f * _sigmoid(-u))])


def tanh(x: Node, label: str | None = None) -> Node:
    """tanh x as one node. d tanh x/dx = 1 − tanh² x."""
    _require_nodes("tanh", x)
    name = f"tanh {_argument(x.label)}" if label is None else label

    def slope(v: float, u: float) -> list[tuple[str, float]]:
        tail = math.exp(-2 * abs(u))  # 1 − v² keeps its digits where v rounds to 1 or −1
        return [(f"1 − {factor(name)}²", 4 * tail / (1 + tail) ** 2)]

    return _record("tanh", name, [x], math.tanh, slope)


def relu(x: Node, label: str | None = None) -> Node:
    """relu x = max(x, 0). Its derivative is 1 where x > 0, else 0; at the kink x = 0 the usual choice is 0."""
    _require_nodes("relu", x)
    name = f"relu {_argument(x.label)}" if label is None else label
    slope = f"relu′({x.label})"
    return _record("relu", name, [x], lambda u: max(u, 0.0), lambda v, u: [(slope, 1.0 if u > 0 else 0.0)])


def softplus(x: Node, label: str | None = None) -> Node:
    """log(1 + e^x) as one node, a relu without the kink. Its derivative is σ(x)."""
    _require_nodes("softplus", x)
    return _record(
        "softplus",
        f"softplus {_argument(x.label)}" if label is None else label,
        [x],
        lambda u: max(u, 0.0) + math.log1p(math.exp(-abs(u))),
        lambda v, u: [(f"σ({x.label})", _sigmoid(u))],
    )


def squared_error(f: Node, y: Node, label: str = "L") -> Node:
    """L = ½ (f − y)² as one node. ∂L/∂f = f − y, ∂L/∂y = y − f."""
    _require_nodes("squared error", f, y)
    return _record(
        "ℓ",
        label,
        [f, y],
        lambda u, w: 0.5 * (u - w) ** 2,
        lambda v, u, w: [(f"{f.label} − {y.label}", u - w), (f"{y.label} − {f.label}", w - u)],
    )


def cross_entropy(f: Node, y: Node, label: str = "L") -> Node:
    """L = −y log f − (1 − y) log(1 − f) as one node.

    ∂L/∂f = (f − y) / (f (1 − f)); ∂L/∂y = log((1 − f)/f). Raises ValueError unless 0 < f < 1 and 0 ≤ y ≤ 1.
    """
    _require_nodes("cross-entropy", f, y)
    if not 0 < f.value < 1:
        raise ValueError(
            f"operand {f.label} of cross-entropy must lie strictly between 0 and 1, got {f.value!r}; "
            "a sigmoid rounds to 1 above z = 36"
        )
    if not 0 <= y.value <= 1:
        raise ValueError(f"label {y.label} of cross-entropy must lie in [0, 1], got {y.value!r}")
    f.scale = min(f.value, 1 - f.value)
    a, b = f.label, y.label
    return _record(
        "ℓ",
        label,
        [f, y],
        lambda u, w: -w * math.log(u) - (1 - w) * math.log1p(-u),
        lambda v, u, w: [
            (f"({a} − {b})/({a}(1 − {a}))", (u - w) / (u * (1 - u))),
            (f"log((1 − {a})/{a})", math.log1p(-u) - math.log(u)),
        ],
    )


def softmax_cross_entropy(x: Sequence[Node], y: Sequence[Node], label: str = "L") -> Node:
    """L = −Σ y_k log p_k with p = softmax(x), as one node. ∂L/∂x_k = (Σy) p_k − y_k; ∂L/∂y_k = −log p_k.

    Operands are all x, then all y. Raises ValueError unless there are as many of them.
    """
    _require_nodes("softmax with cross-entropy", *x, *y)
    if not x or len(x) != len(y):
        raise ValueError(f"x and y must have one length, 1 or more, got {len(x)} and {len(y)}")
    total = "" if math.isclose(math.fsum(node.value for node in y), 1.0, abs_tol=1e-9) else "(Σy)·"

    def log_shares(*values: float) -> list[float]:
        inputs = values[: len(x)]
        largest = max(inputs)
        log_sum = largest + math.log(math.fsum(math.exp(u - largest) for u in inputs))
        return [u - log_sum for u in inputs]

    def rule(*values: float) -> float:
        return -math.fsum(w * share for w, share in zip(values[len(x) :], log_shares(*values), strict=True))

    def local_derivatives(v: float, *values: float) -> list[tuple[str, float]]:
        shares, labels = log_shares(*values), values[len(x) :]
        weight = math.fsum(labels)
        names = [node.label.replace("x", "p") for node in x]
        return [
            *(
                (f"{total}{name} − {node.label}", weight * math.exp(share) - w)
                for name, node, share, w in zip(names, y, shares, labels, strict=True)
            ),
            *((f"−log {name}", -share) for name, share in zip(names, shares, strict=True)),
        ]

    return _record("softmax, l", label, [*x, *y], rule, local_derivatives)


class Graph:
    """Everything `output` was computed from.

    Parameters
    ----------
    output : the last node of the formula

    Attributes
    ----------
    nodes : in the order of evaluation, so operands come before results
    edges : in the order of their targets, then of the operands

    Raises
    ------
    TypeError
        If `output` is not a Node.

    Examples
    --------
    >>> x = variable("x", 0.0)
    >>> graph = Graph(multiply(x, exp(x), label="L"))
    >>> graph.backward()
    >>> x.gradient  # e^x + x e^x
    1.0
    >>> {edge.name: edge.message for edge in graph.backward_edges()}
    {'x → L': 1.0, 'exp x → L': 0.0, 'x → exp x': 0.0}
    """

    def __init__(self, output: Node) -> None:
        if not isinstance(output, Node):
            raise TypeError(f"output must be a Node, got {output!r}")
        self.output = output
        found = {output}
        waiting = [output]
        while waiting:
            for edge in waiting.pop().incoming:
                if edge.source not in found:
                    found.add(edge.source)
                    waiting.append(edge.source)
        self.nodes = sorted(found, key=lambda node: node.born)
        self.edges = [edge for node in self.nodes for edge in node.incoming]
        for edge in self.edges:
            if not edge.message_formula:
                edge.message_formula = self._chain_rule(edge)

    def _chain_rule(self, edge: Edge) -> str:
        """Upstream × local in symbols: "∂L/∂v · local", shortened where one of the two is 1 or −1."""
        if edge.target is self.output:
            return edge.formula
        upstream = self.derivative_name(edge.target)
        if edge.formula in ("1", "−1"):
            return edge.formula.replace("1", "") + upstream
        return f"{upstream} · {factor(edge.formula)}"

    def derivative_name(self, node: Node) -> str:
        """Such as "∂L/∂p₂"."""
        return f"∂{_argument(self.output.label)}/∂{_argument(node.label)}"

    def node(self, label: str) -> Node:
        """The node of that label. Raises ValueError if there is none, or more than one."""
        found = [node for node in self.nodes if node.label == label]
        if len(found) != 1:
            raise ValueError(f"label must name one of the graph's nodes, got {label!r}, which names {len(found)}")
        return found[0]

    def edge(self, source: str, target: str) -> Edge:
        """The edge between two labelled nodes. Raises ValueError if there is none."""
        start = self.node(source)
        for edge in self.node(target).incoming:
            if edge.source is start:
                return edge
        raise ValueError(f"source and target must be joined by an edge, got {source!r} and {target!r}")

    def outgoing(self, node: Node) -> list[Edge]:
        """The edges that leave `node`: where its value is used."""
        return [edge for edge in self.edges if edge.source is node]

    def backward(self) -> None:
        """Send ∂L/∂L = 1 back through every edge; set each edge's message and each node's gradient.

        Calling it again starts from nothing: gradients never accumulate from one call to the next.
        """
        for node in self.nodes:
            node.gradient = node.right = 0.0 if node.needs_gradient else None
        self.output.gradient = self.output.right = 1.0
        for edge in self.backward_edges():
            # the order guarantees that every message into edge.target's gradient has arrived
            upstream = edge.target.gradient or 0.0
            message = upstream * edge.local if edge.mistake is None else edge.mistake(upstream)
            edge.upstream, edge.message = upstream, _finite(message, f"message on {edge.name}")
            edge.source.gradient = (edge.source.gradient or 0.0) + message
            edge.right = (edge.target.right or 0.0) * edge.local
            edge.source.right = (edge.source.right or 0.0) + edge.right
        rounding = ROUNDING * max((abs(edge.right or 0.0) for edge in self.edges), default=0.0)
        for edge in self.edges:
            message, right = edge.message or 0.0, edge.right or 0.0
            edge.spoiled = not math.isclose(message, right, rel_tol=ROUNDING, abs_tol=rounding)

    @property
    def spoiled(self) -> list[Edge]:
        """The edges whose message a planted mistake has changed, after `backward`."""
        return [edge for edge in self.edges if edge.spoiled]

    def backward_edges(self) -> list[Edge]:
        """The edges in the order `backward` sends messages over them; none leads to a constant."""
        return [edge for node in reversed(self.nodes) for edge in node.incoming if edge.source.needs_gradient]

    def replay(self, nudges: Mapping[Node, float]) -> float:
        """L when the given nodes are moved by the given amounts and all that follows is evaluated again.

        The graph itself is left as it is. Raises ValueError for a node that is not in the graph.
        """
        return self.replayed(nudges)[self.output]

    def replayed(self, nudges: Mapping[Node, float]) -> dict[Node, float]:
        """As `replay`, the values of all nodes."""
        for node in nudges:
            if node not in self.nodes:
                raise ValueError(f"nudges must be of nodes in the graph, got {node!r}")
        values: dict[Node, float] = {}
        for node in self.nodes:
            operands = [values[edge.source] for edge in node.incoming]
            value = node.value if node.rule is None else node.rule(*operands)
            values[node] = value + nudges.get(node, 0.0)
        return values

    def check_gradients(self, nodes: Sequence[Node] | None = None) -> GradientCheck:
        """Compare the gradients of `nodes` (default: all that have one) with measured slopes.

        A node's number is moved a little, by itself, and what follows it is evaluated again.

        Raises
        ------
        ValueError
            If `backward` has not been called, or a node has no gradient.
        """
        chosen = [node for node in self.nodes if node.needs_gradient] if nodes is None else list(nodes)
        gradients = [node.gradient for node in chosen]
        analytic = np.array([g for g in gradients if g is not None])
        if len(analytic) < len(gradients):
            raise ValueError("nodes must have a gradient, got one without: call backward first")
        values = np.array([node.value for node in self.nodes])

        def output(moved: np.ndarray) -> float:
            nudges = moved - values
            return self.replay({self.nodes[k]: float(nudges[k]) for k in np.flatnonzero(nudges)})

        sums = [sum(abs(edge.message or 0.0) for edge in self.outgoing(node)) for node in chosen]
        # what the last digit of a node's number does to the output: much, where 1 − f is next to 0
        rounded = sum(abs((node.gradient or 0.0) * node.value) for node in self.nodes)
        return check_gradients(
            output,
            values,
            analytic,
            np.array([self.nodes.index(node) for node in chosen], int),
            units=np.array([node.scale or max(1.0, abs(node.value)) for node in self.nodes]),
            noise=EPSILON * rounded,
            rounding=4 * EPSILON * np.array(sums),
        )
