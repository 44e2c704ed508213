"""The graphs of 23.4 and 23.5: gradients, the formulas on the edges, the errata and the planted mistakes."""

import math
import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from nnlib.chapter23.graphs import (
    SIGMOID_LOSSES,
    SIGMOID_MISTAKES,
    SOFTMAX_MISTAKES,
    folded_softmax_graph,
    sigmoid_graph,
    softmax_graph,
    softmax_shortcut,
)
from nnlib.graph import Graph, softmax_cross_entropy, variable
from nnlib.notation import subscript

three = st.lists(st.floats(-4, 4), min_size=3, max_size=3)
soft = st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3)


def worked_out(formula: str, graph: Graph) -> float:
    """The number a formula on an edge stands for, read as a reader would read it."""
    names = {node.label: repr(node.value) for node in graph.nodes if re.fullmatch(r"[pxyzfS][₁₂₃]?", node.label)}
    total = sum(node.value for node in graph.nodes if re.fullmatch("y[₁₂₃]", node.label))
    text = formula.replace("Σy", repr(total)).replace("−", "-").replace("·", "*").replace("²", "**2")
    text = re.sub(r"exp (x[₁₂₃])", lambda match: f"math.exp({names[match[1]]})", text)
    text = re.sub(r"log\(", "math.log(", text)
    text = text.replace("∂L/∂f", repr(graph.edge("f", "L").message) if "∂L/∂f" in text else "")
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<![a-z.]){name}(?![a-z₁₂₃])", f"({names[name]})", text)
    text = re.sub(r"(?<=[\d)])\(", "*(", text)  # "2p₃", where the labels sum to 2
    return float(eval(text, {"math": math}))  # our own formula, rewritten above


def wrong_rows(graph: Graph) -> list[str]:
    nodes = [node for node in graph.nodes if node.needs_gradient]
    return np.array([node.label for node in nodes])[graph.check_gradients(nodes).differs].tolist()


@given(x=three, y=soft)
def test_softmax_gradients_agree_with_numerical_ones(x: list[float], y: list[float]) -> None:
    graph = softmax_graph(x, y)
    graph.backward()
    assert not graph.check_gradients().differs.any()


@given(x=three, label=st.integers(0, 2))
def test_softmax_edges_for_one_hot_labels(x: list[float], label: int) -> None:
    y = [float(k == label) for k in range(3)]
    graph = softmax_graph(x, y)
    graph.backward()
    e = [math.exp(v) for v in x]
    S = sum(e)
    p = [v / S for v in e]
    assert graph.output.value == pytest.approx(-math.log(p[label]), abs=1e-12)
    assert graph.edge("Σ y log p", "L").message == -1.0
    assert graph.edge("S", "1/S").message == pytest.approx(1 / S)
    for k in range(3):
        i = subscript(k + 1)
        assert graph.edge(f"y{i} log p{i}", "Σ y log p").message == -1.0
        assert graph.edge(f"log p{i}", f"y{i} log p{i}").message == -y[k]
        assert graph.edge(f"p{i}", f"log p{i}").message == pytest.approx(-y[k] / p[k])
        assert graph.edge(f"exp x{i}", f"p{i}").message == pytest.approx(-y[k] / e[k])
        assert graph.edge("1/S", f"p{i}").message == pytest.approx(-y[k] * S)
        assert graph.edge(f"exp x{i}", "S").message == pytest.approx(1 / S)
        assert graph.edge(f"x{i}", f"exp x{i}").message == pytest.approx(p[k] - y[k], abs=1e-12)


@given(x=three, y=st.one_of(soft, st.sampled_from([[1.0, 0.0, 0.0], [0.2, 0.3, 0.5]])))
@example(x=[0.0, 0.0, 0.0], y=[0.0, 1.0, 1.0])
def test_every_softmax_formula_is_its_number(x: list[float], y: list[float]) -> None:
    graph = softmax_graph(x, y)
    graph.backward()
    for edge in graph.backward_edges():
        assert worked_out(edge.message_formula, graph) == pytest.approx(edge.message, rel=1e-8, abs=1e-9)
        if edge.formula not in [f"y{i} log p{i}" for i in "₁₂₃"]:
            assert worked_out(edge.formula, graph) == pytest.approx(edge.local, rel=1e-9, abs=1e-12)


def test_softmax_formulas_are_the_books() -> None:
    graph = softmax_graph([1.0, 2.0, 0.5], [0, 1, 0])
    formulas = {edge.name: edge.message_formula for edge in graph.backward_edges()}
    assert formulas["p₂ → log p₂"] == "−y₂/p₂"
    assert formulas["exp x₂ → p₂"] == "−y₂/exp x₂"
    assert formulas["1/S → p₂"] == "−y₂·S"
    assert formulas["S → 1/S"] == formulas["exp x₁ → S"] == "1/S"
    assert formulas["x₂ → exp x₂"] == "p₂ − y₂"
    assert len(formulas) == 23


def test_one_over_S_needs_labels_that_sum_to_1() -> None:
    graph = softmax_graph([1.0, 2.0, 0.5], [0.5, 1.0, 0.5])
    graph.backward()
    edge = graph.edge("S", "1/S")
    assert edge.message_formula == "(Σy)/S"
    assert edge.message == pytest.approx(2 / graph.node("S").value)


@given(x=three, y=soft, c=st.floats(-5, 5))
def test_softmax_does_not_see_a_shift_and_the_shortcut_is_the_long_way(
    x: list[float], y: list[float], c: float
) -> None:
    here, there = softmax_graph(x, y), softmax_graph([v + c for v in x], y)
    here.backward()
    there.backward()
    gradients = [[graph.node(f"x{i}").gradient or 0.0 for i in "₁₂₃"] for graph in (here, there)]
    np.testing.assert_allclose(gradients[0], gradients[1], atol=1e-12)
    p = [here.node(f"p{i}").value for i in "₁₂₃"]
    np.testing.assert_allclose(gradients[0], softmax_shortcut(p, y), atol=1e-12)
    assert there.output.value == pytest.approx(here.output.value, abs=1e-12)


def test_the_subtracted_maximum_saves_an_exp_that_overflows() -> None:
    with pytest.raises(ValueError, match=r"exp x₁ overflows at 1000.*subtract the maximum"):
        softmax_graph([1000.0, 999.0, 998.0], [1, 0, 0])
    graph = softmax_graph([1000.0, 999.0, 998.0], [1, 0, 0], subtract_maximum=True)
    assert graph.node("p₁").value == pytest.approx(softmax_graph([2, 1, 0], [1, 0, 0]).node("p₁").value)


@given(z=st.floats(-10, 10), y=st.floats(0, 1), loss=st.sampled_from(list(SIGMOID_LOSSES)))
def test_sigmoid_gradients_agree_with_numerical_ones(z: float, y: float, loss: str) -> None:
    graph = sigmoid_graph(z, y, loss)
    graph.backward()
    assert not graph.check_gradients().differs.any()
    f = 1 / (1 + math.exp(-z))
    expected = f - y if loss == "cross-entropy" else (f - y) * f * (1 - f)
    assert graph.node("z").gradient == pytest.approx(expected, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("opened", [False, True])
@given(z=st.floats(-8, 8), y=st.floats(0, 1), loss=st.sampled_from(list(SIGMOID_LOSSES)))
def test_every_sigmoid_formula_is_its_number(opened: bool, z: float, y: float, loss: str) -> None:
    graph = sigmoid_graph(z, y, loss, opened=opened)
    graph.backward()
    for edge in graph.backward_edges():
        if not opened:  # names such as "1 + exp(−z)" are not read
            assert worked_out(edge.formula, graph) == pytest.approx(edge.local, rel=1e-6, abs=1e-9)
        assert worked_out(edge.message_formula, graph) == pytest.approx(edge.message, rel=1e-6, abs=1e-9)


@given(x=three, label=st.integers(0, 2))
def test_the_misprint_of_23_5_shows_unless_the_label_is_class_1(x: list[float], label: int) -> None:
    graph = softmax_graph(x, [float(k == label) for k in range(3)], mistake="as printed")
    graph.backward()
    assert wrong_rows(graph) == ([] if label == 0 else ["x₂", "exp x₂"])
    edge = graph.edge("exp x₂", "p₂")
    assert edge.message_formula == "−y₃/exp x₃"
    assert worked_out(edge.message_formula, graph) == pytest.approx(edge.message, abs=1e-12)


@pytest.mark.parametrize(
    ("mistake", "rows"),
    [
        ("as printed", ["x₂", "exp x₂"]),
        ("forgotten branch", ["x₁", "x₂", "x₃", "exp x₁", "exp x₂", "exp x₃"]),
        ("wrong sign", ["x₁", "x₂", "x₃", "exp x₁", "exp x₂", "exp x₃", "S"]),
    ],
)
def test_softmax_mistakes_are_found(mistake: str, rows: list[str]) -> None:
    assert mistake in SOFTMAX_MISTAKES
    graph = softmax_graph([1.0, 2.0, 0.5], [0, 1, 0], mistake=mistake)
    graph.backward()
    assert wrong_rows(graph) == rows


@pytest.mark.parametrize("loss", SIGMOID_LOSSES)
@pytest.mark.parametrize("mistake", SIGMOID_MISTAKES[1:])
@given(z=st.floats(-4, 4), y=st.sampled_from([0.0, 1.0]))
@settings(max_examples=25)
def test_sigmoid_mistakes_are_found(loss: str, mistake: str, z: float, y: float) -> None:
    graph = sigmoid_graph(z, y, loss, mistake)
    graph.backward()
    # the misprint ∂L/∂f · ∂L/∂f · f(1 − f) is right by chance where ∂L/∂f = 1
    assume(mistake != "as printed" or abs((graph.edge("f", "L").message or 0.0) - 1) > 1e-4)
    assert wrong_rows(graph) == (["z", "f"] if mistake == "wrong sign" else ["z"])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: softmax_graph([1, 2], [1]), ValueError, "one length, 2 or more, got 2 and 1"),
        (lambda: softmax_graph([1, 2, 3], [1, -1, 0]), ValueError, "y must not be negative, got"),
        (lambda: softmax_graph([1, 2, math.inf], [1, 0, 0]), ValueError, "value of x₃ must be finite"),
        (lambda: softmax_graph([1, 2, 3], [1, 0, 0], "typo"), ValueError, "mistake must be one of .* 'typo'"),
        (lambda: softmax_graph([1, 2], [1, 0], "as printed"), ValueError, "needs 3 classes, got 2"),
        (lambda: softmax_graph([0, -800], [1, 0]), ValueError, "operand of log must be positive, got p₂"),
        (lambda: softmax_shortcut([1.0], [1, 0]), ValueError, "one length, got 1 and 2"),
        (lambda: sigmoid_graph(0, 0, "hinge"), ValueError, "loss must be one of .* 'hinge'"),
        (lambda: sigmoid_graph(0, 0, mistake="typo"), ValueError, "mistake must be one of .* 'typo'"),
        (lambda: sigmoid_graph(1e4, 1), ValueError, "strictly between 0 and 1, got 1.0"),
        (lambda: sigmoid_graph(0, 2), ValueError, r"label y of cross-entropy must lie in \[0, 1\], got 2.0"),
        (lambda: sigmoid_graph("1", 0), TypeError, "value of z must be a real number"),  # type: ignore[arg-type]
    ],
)
def test_bad_arguments_are_named(make: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize("values", [[1e4, 1e4, 1e4], [-1e4, -1e4 + 1, -1e4 + 2]])
def test_large_inputs_are_finite_and_silent_with_the_maximum_subtracted(values: Sequence[float]) -> None:
    with np.errstate(all="raise"):
        graph = softmax_graph(values, [1, 0, 0], subtract_maximum=True)
        graph.backward()
    assert graph.check_gradients().passes.all()


@pytest.mark.parametrize("loss", SIGMOID_LOSSES)
@pytest.mark.parametrize("mistake", SIGMOID_MISTAKES)
@pytest.mark.parametrize(("z", "y"), [(1.0, 0.0), (-2.5, 0.3), (6.0, 1.0)])
def test_an_opened_sigmoid_sends_what_the_whole_one_does(z: float, y: float, loss: str, mistake: str) -> None:
    whole, opened = sigmoid_graph(z, y, loss, mistake), sigmoid_graph(z, y, loss, mistake, opened=True)
    for graph in (whole, opened):
        graph.backward()
    assert len(opened.nodes) == len(whole.nodes) + 4
    assert opened.output.value == pytest.approx(whole.output.value, rel=1e-12)
    for name in ("z", "f", "y"):
        assert opened.node(name).gradient == pytest.approx(whole.node(name).gradient, rel=1e-9, abs=1e-12)
    assert opened.check_gradients().differs.any() == (mistake != "none")


@pytest.mark.parametrize("y", [(0.0, 1.0, 0.0), (0.1, 0.7, 0.2), (0.5, 1.0, 0.5), (0.0, 0.0, 0.0)])
def test_a_folded_softmax_sends_what_the_unfolded_one_does(y: tuple[float, float, float]) -> None:
    x = [1.0, 2.0, -3.5]
    long, folded = softmax_graph(x, y), folded_softmax_graph(x, y)
    for graph in (long, folded):
        graph.backward()
    assert folded.output.value == pytest.approx(long.output.value, rel=1e-12, abs=1e-15)
    for name in ("x₁", "x₂", "x₃"):
        assert folded.node(name).gradient == pytest.approx(long.node(name).gradient, rel=1e-12, abs=1e-15)
    assert not folded.check_gradients().differs.any()
    assert folded.edge("x₂", "L").formula == ("p₂ − y₂" if math.isclose(sum(y), 1) else "(Σy)·p₂ − y₂")


def test_a_folded_softmax_needs_as_many_labels_as_inputs() -> None:
    with pytest.raises(ValueError, match="one length"):
        softmax_cross_entropy([variable("x", 1.0)], [])
