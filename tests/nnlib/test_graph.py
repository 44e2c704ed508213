"""The engine: gradients against central differences, shared nodes, replayed steps, bad input."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.graph import (
    Graph,
    Node,
    add,
    constant,
    cross_entropy,
    exp,
    log,
    multiply,
    negate,
    power,
    reciprocal,
    relu,
    sigmoid,
    softplus,
    sqrt,
    squared_error,
    subtract,
    tanh,
    variable,
)

positive = st.floats(0.1, 5.0)
any_sign = st.floats(-5.0, 5.0)

ONE_OPERAND: dict[str, Callable[[Node], Node]] = {
    "exp": exp,
    "log": log,
    "reciprocal": reciprocal,
    "sqrt": sqrt,
    "sigmoid": sigmoid,
    "negate": negate,
    "square": lambda x: power(x, 2),
    "inverse square root": lambda x: power(x, -0.5),
    "tanh": tanh,
    "relu": relu,
    "softplus": softplus,
}
TWO_OPERANDS: dict[str, Callable[[Node, Node], Node]] = {
    "+": lambda a, b: a + b,
    "−": lambda a, b: a - b,
    "×": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "squared error": squared_error,
}


@pytest.mark.parametrize("name", ONE_OPERAND)
@given(value=positive)
@settings(max_examples=50)
def test_derivative_of_one_operand(name: str, value: float) -> None:
    graph = Graph(ONE_OPERAND[name](variable("x", value)))
    graph.backward()
    assert not graph.check_gradients().differs.any()


@pytest.mark.parametrize(("operation", "low", "high"), [(tanh, -1.0, 1.0), (relu, 0.0, 1e3), (softplus, 0.0, 1e3)])
def test_what_flattens_out_keeps_its_digits_far_away(
    operation: Callable[[Node], Node], low: float, high: float
) -> None:
    for x, value in ((-1e3, low), (1e3, high)):
        graph = Graph(operation(variable("x", x)))
        graph.backward()
        assert graph.output.value == value
        assert not graph.check_gradients().differs.any()
    steep = tanh(variable("x", 20.0)).incoming[0].local
    assert steep == pytest.approx(4 * math.exp(-40), rel=1e-12)


def test_relu_has_no_derivative_at_its_kink() -> None:
    x = variable("x", 0.0)
    graph = Graph(relu(x, label="L"))
    graph.backward()
    assert x.gradient == 0
    assert graph.check_gradients([x]).verdicts.tolist() == ["not differentiable here"]


def test_the_sign_of_a_power_tells_its_exponent() -> None:
    x = variable("x", 2.0)
    assert [power(x, c, label="L").operation for c in (2, 3, -0.5)] == ["²", "^3", "^(−0.5)"]


def test_a_sign_within_a_label_stands_in_brackets() -> None:
    x = negate(variable("x", 2.0))
    assert add(x, x).label == "−x + (−x)"
    assert subtract(x, x).label == "−x − (−x)"
    assert exp(x).label == "exp (−x)"


@pytest.mark.parametrize("name", TWO_OPERANDS)
@given(a=any_sign, b=positive)
@settings(max_examples=50)
def test_derivatives_of_two_operands(name: str, a: float, b: float) -> None:
    graph = Graph(TWO_OPERANDS[name](variable("a", a), variable("b", b)))
    graph.backward()
    assert not graph.check_gradients().differs.any()


@given(f=st.floats(0.01, 0.99), y=st.floats(0.0, 1.0))
@settings(max_examples=50)
def test_derivatives_of_cross_entropy(f: float, y: float) -> None:
    graph = Graph(cross_entropy(variable("f", f), variable("y", y)))
    graph.backward()
    assert not graph.check_gradients().differs.any()
    assert graph.output.value == pytest.approx(-y * math.log(f) - (1 - y) * math.log(1 - f))


def batch_norm(z: list[float], gamma: float, beta: float, c: list[float]) -> tuple[Graph, list[Node]]:
    """L = Σ c_j z̃_j with z̃ = γ z̄ + β and σ² over n − 1, so that dz̃ = c."""
    n = len(z)
    inputs = [variable(f"z{j}", v) for j, v in enumerate(z)]
    u = multiply(add(*inputs), constant("1/n", 1 / n), label="u")
    centred = [subtract(v, u) for v in inputs]
    variance = multiply(add(*[power(v, 2) for v in centred]), constant("1/(n − 1)", 1 / (n - 1)), label="σ²")
    scale = reciprocal(sqrt(add(variance, constant("ε", 1e-5))))
    g, b = variable("γ", gamma), variable("β", beta)
    outputs = [add(multiply(g, multiply(v, scale)), b) for v in centred]
    weighted = [multiply(constant(f"c{j}", w), v) for j, (w, v) in enumerate(zip(c, outputs, strict=True))]
    return Graph(add(*weighted, label="L")), [*inputs, g, b]


@given(
    z=st.lists(st.floats(-3, 3), min_size=3, max_size=3).filter(lambda z: np.std(z) > 0.3),
    gamma=any_sign,
    beta=any_sign,
    c=st.lists(st.floats(-2, 2), min_size=3, max_size=3),
)
@settings(max_examples=100)
def test_batch_normalisation_agrees_with_the_closed_form(
    z: list[float], gamma: float, beta: float, c: list[float]
) -> None:
    graph, leaves = batch_norm(z, gamma, beta, c)
    graph.backward()
    Z, dz_tilde, n = np.array(z), np.array(c), 3
    u, variance = Z.mean(), Z.var(ddof=1)
    inverse = 1 / np.sqrt(variance + 1e-5)
    dz_bar = gamma * dz_tilde
    d_variance = (dz_bar * (Z - u)).sum() * -0.5 * inverse**3
    du = -dz_bar.sum() * inverse
    dz = dz_bar * inverse + du / n + d_variance * 2 * (Z - u) / (n - 1)
    expected = [*dz, (dz_tilde * (Z - u) * inverse).sum(), dz_tilde.sum()]
    np.testing.assert_allclose([leaf.gradient or 0.0 for leaf in leaves], expected, rtol=1e-9, atol=1e-9)
    assert not graph.check_gradients(leaves).differs.any()


def test_a_shared_node_sums_the_messages_on_its_outgoing_edges() -> None:
    x = variable("x", 0.5)
    graph = Graph(multiply(x, exp(x), x, label="L"))
    graph.backward()
    assert x.gradient == pytest.approx((2 * 0.5 + 0.25) * math.exp(0.5))
    assert len(graph.outgoing(x)) == 3
    for node in graph.nodes[:-1]:
        assert node.gradient == math.fsum(edge.message or 0.0 for edge in graph.outgoing(node))


def test_every_message_is_upstream_times_local() -> None:
    graph, _ = batch_norm([1.0, -0.5, 2.0], 1.5, -0.5, [1.0, -2.0, 0.5])
    graph.backward()
    for edge in graph.backward_edges():
        assert edge.upstream == edge.target.gradient
        assert edge.message == edge.target.gradient * edge.local  # type: ignore[operator]


def test_a_second_backward_does_not_accumulate() -> None:
    graph, leaves = batch_norm([1.0, -0.5, 2.0], 1.5, -0.5, [1.0, -2.0, 0.5])
    graph.backward()
    first = [leaf.gradient for leaf in leaves]
    graph.backward()
    assert [leaf.gradient for leaf in leaves] == first


def test_constants_get_no_gradient_and_no_message() -> None:
    x, c = variable("x", 2.0), constant("c", 3.0)
    graph = Graph(x * (c + c))
    graph.backward()
    assert x.gradient == 6.0
    assert c.gradient is None
    assert [edge.source for edge in graph.backward_edges()] == [x]


def test_replay_follows_a_nudge_and_leaves_the_graph_alone() -> None:
    x, y = variable("x", 2.0), variable("y", 3.0)
    square = power(x, 2)
    graph = Graph(square * y)
    assert graph.replay({}) == graph.output.value == 12.0
    assert graph.replay({x: 1.0}) == 27.0
    assert graph.replay({square: 1.0}) == 15.0
    assert x.value == 2.0
    with pytest.raises(ValueError, match="in the graph"):
        graph.replay({variable("stranger", 1.0): 1.0})


def test_a_planted_mistake_is_found_where_it_is_and_where_it_leads() -> None:
    x = variable("x", 0.5)
    square, e = power(x, 2), exp(x)
    graph = Graph(square + e)
    graph.edge("exp x", "x² + exp x").plant("2", lambda upstream: 2 * upstream)
    graph.backward()
    wrong = np.array([node.label for node in graph.nodes])[graph.check_gradients(graph.nodes).differs].tolist()
    assert wrong == ["x", "exp x"]
    assert [edge.name for edge in graph.spoiled] == ["x → exp x", "exp x → x² + exp x"]
    here, after = graph.edge("exp x", "x² + exp x"), graph.edge("x", "exp x")
    assert (here.message, here.right, here.symbols) == (2.0, 1.0, "2")
    assert (after.message, after.right, after.symbols) == (2 * e.value, e.value, "")
    assert (x.gradient, x.right) == (1 + 2 * e.value, 1 + e.value)
    assert graph.edge("x²", "x² + exp x").symbols == "1"


def test_edges_tell_their_formulas() -> None:
    p, q = variable("p", 0.5), variable("q", 0.25)
    graph = Graph(add(multiply(log(p), q), reciprocal(q), label="L"))
    assert graph.edge("p", "log p").formula == "1/p"
    assert graph.edge("q", "1/q").formula == "−1/q²"
    assert graph.edge("q", "1/q").message_formula == "∂L/∂(1/q) · (−1/q²)"
    assert graph.edge("log p", "(log p)·q").message_formula == "∂L/∂((log p)·q) · q"
    assert graph.edge("1/q", "L").message_formula == "1"
    assert graph.edge("q", "1/q").name == "q → 1/q"


@given(z=st.floats(-1e4, 1e4))
@settings(max_examples=200)
def test_sigmoid_is_silent_and_finite_far_out(z: float) -> None:
    with np.errstate(all="raise"):
        graph = Graph(squared_error(sigmoid(variable("z", z)), constant("y", 1.0)))
        graph.backward()
    assert all(math.isfinite(node.gradient or 0.0) for node in graph.nodes)
    assert not graph.check_gradients().differs.any()


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_a_sound_sigmoid_is_not_accused_where_it_saturates(y: float) -> None:
    for z in np.linspace(-40, 36, 305):
        graph = Graph(squared_error(sigmoid(variable("z", float(z))), constant("y", y)))
        graph.backward()
        assert not graph.check_gradients().differs.any(), z


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: variable("x", math.nan), ValueError, "value of x must be finite, got nan"),
        (lambda: variable("x", "3"), TypeError, "value of x must be a real number, got '3'"),  # type: ignore[arg-type]
        (lambda: constant("c", True), TypeError, "value of c must be a real number, got True"),
        (lambda: variable("x", 1.0) + None, TypeError, "operand must be a real number, got None"),  # type: ignore[operator]
        (lambda: exp(3.0), TypeError, "operand of exp must be a Node, got 3.0"),  # type: ignore[arg-type]
        (lambda: exp(variable("x", 1e4)), ValueError, r"exp x overflows at 10000.0.*subtract the maximum"),
        (lambda: log(variable("x", 0.0)), ValueError, "operand of log must be positive, got x = 0.0"),
        (lambda: sqrt(variable("x", -1.0)), ValueError, "operand of √ must be positive, got x = -1.0"),
        (lambda: reciprocal(variable("x", 0.0)), ValueError, "must not be 0, got x = 0"),
        (lambda: power(variable("x", -1.0), 0.5), ValueError, "must be positive for exponent 0.5"),
        (lambda: power(variable("x", 1e200), 2), ValueError, "x² is too large"),
        (lambda: multiply(variable("x", 1e200), variable("y", 1e200)), ValueError, "x·y is too large"),
        (lambda: add(variable("x", 1.0)), ValueError, r"operands of \+ must be two or more, got 1"),
        (
            lambda: cross_entropy(variable("f", 1.0), variable("y", 1.0)),
            ValueError,
            "operand f of cross-entropy must lie strictly between 0 and 1, got 1.0",
        ),
        (
            lambda: cross_entropy(variable("f", 0.5), variable("y", 2.0)),
            ValueError,
            r"label y of cross-entropy must lie in \[0, 1\], got 2.0",
        ),
        (lambda: Graph(3.0), TypeError, "output must be a Node, got 3.0"),  # type: ignore[arg-type]
        (lambda: Graph(exp(variable("x", 1.0))).node("z"), ValueError, "label must name one .* 'z'"),
        (lambda: Graph(exp(variable("x", 1.0))).edge("exp x", "x"), ValueError, "joined by an edge"),
        (lambda: Graph(exp(variable("x", 1.0))).check_gradients(), ValueError, "call backward first"),
    ],
)
def test_bad_arguments_are_named(make: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_where_numbers_are_too_small_for_any_step_nothing_is_judged() -> None:
    x = variable("x", 5e-324)
    graph = Graph(sqrt(x, label="L"))
    graph.backward()
    assert graph.check_gradients([x]).verdicts.tolist() == ["too small to judge"]
