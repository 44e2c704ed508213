"""What the player tells of a graph: nothing too early, and by a planted mistake no symbol for a wrong number."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from nnlib.chapter23.batch_norm import MISTAKES
from nnlib.chapter23.batch_norm_graph import batch_norm_graph
from nnlib.chapter23.graphs import SIGMOID_LOSSES, SIGMOID_MISTAKES, SOFTMAX_MISTAKES, sigmoid_graph, softmax_graph
from nnlib.graph import (
    Edge,
    Graph,
    Node,
    add,
    exp,
    multiply,
    negate,
    power,
    reciprocal,
    sigmoid,
    subtract,
    variable,
)
from pages.shared.graph.model import (
    PLAIN_NUMBERS,
    all_moments,
    calculation,
    differentiated,
    is_wrong,
    message_of,
    senders,
    timeline,
)
from pages.shared.numbers import number

GRAPHS: dict[str, tuple[Callable[[str], Graph], tuple[str, ...]]] = {
    **{
        f"sigmoid, {loss}": (lambda mistake, loss=loss: sigmoid_graph(1.2, 0.3, loss, mistake), SIGMOID_MISTAKES)  # type: ignore[misc]
        for loss in SIGMOID_LOSSES
    },
    "softmax, one-hot": (lambda mistake: softmax_graph([1.0, 2.0, 0.5], [0, 1, 0], mistake), SOFTMAX_MISTAKES),
    "softmax, soft": (lambda mistake: softmax_graph([1.0, 2.0, 0.5], [0.5, 1.0, 0.2], mistake), SOFTMAX_MISTAKES),
    "softmax, third": (lambda mistake: softmax_graph([1.0, 2.0, 0.5], [0, 0, 1], mistake), SOFTMAX_MISTAKES),
    **{
        f"batch norm, {ddof}": (
            lambda mistake, ddof=ddof: batch_norm_graph(  # type: ignore[misc]
                [1.0, -2.0, 0.4], [0.5, 1.0, -2.0], 1.3, 0.5, 1e-5, ddof, mistake
            ),
            MISTAKES,
        )
        for ddof in (0, 1)
    },
}
CASES = [(name, mistake) for name, (_, mistakes) in GRAPHS.items() for mistake in mistakes]


def says(text: str, equation: str) -> bool:
    """Whether the text has the equation, and its number does not go on."""
    return bool(re.search(re.escape(equation) + r"(?!\.?\d)", text))


def near(value: float | None) -> Any:
    """That value, up to rounding."""
    return pytest.approx(value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("name", "mistake"), CASES)
def test_every_edge_a_mistake_spoils_has_its_true_message_and_no_symbols_of_another(
    name: str, mistake: str
) -> None:
    make, _ = GRAPHS[name]
    true, graph = differentiated(make("none")), differentiated(make(mistake))
    told = {moment["edge"]: moment for moment in all_moments(graph)}
    for k, (edge, sound) in enumerate(zip(graph.edges, true.edges, strict=True)):
        if not edge.source.needs_gradient:
            continue
        assert edge.right == pytest.approx(sound.message, rel=1e-12, abs=1e-12)
        assert edge.spoiled == (edge.message != near(sound.message))
        words = " ".join(str(part) for part in (told[k]["equation"], told[k]["after"], told[k]["short"]))
        right = number(sound.message or 0.0)
        if not edge.spoiled:
            assert "planted" not in words
        elif edge.mistake is not None:
            assert f"Here the mistake is planted: this edge sends {message_of(edge)} instead of {right}." in words
        else:
            assert f"Wrong because the upstream is: it should be {right}." in words
            if edge.message_formula not in PLAIN_NUMBERS:
                assert edge.message_formula not in str(told[k]["equation"])
                assert not says(words, f"{edge.message_formula} = {number(edge.message or 0.0)}")


@pytest.mark.parametrize(("name", "mistake"), CASES)
def test_a_spoiled_gradient_stands_beside_the_true_one(name: str, mistake: str) -> None:
    make, mistakes = GRAPHS[name]
    true, graph = differentiated(make("none")), differentiated(make(mistake))
    spoiled = {
        node.label: other.gradient
        for node, other in zip(graph.nodes, true.nodes, strict=True)
        if node.needs_gradient and node.gradient != near(other.gradient)
    }
    harmless = {("batch norm, 0", "as printed")}  # with divisor n the printed form is right
    assert bool(spoiled) == (mistake != "none" and (name, mistake) not in harmless)
    assert bool(graph.spoiled) == bool(spoiled)
    assert {node.label for node in graph.nodes if is_wrong(graph, node)} == set(spoiled)
    for moment, said in zip(timeline(graph), all_moments(graph), strict=True):
        several = len(senders(graph, moment.node)) > 1  # of one message the true value has been said
        if moment.phase == "backward" and moment.completes and several and moment.node.label in spoiled:
            assert f"The true gradient is {number(spoiled[moment.node.label] or 0.0)}." in str(said["after"])
        else:
            assert "true gradient" not in str(said["after"])
    assert set(mistakes) >= {mistake}


@pytest.mark.parametrize(("name", "mistake"), CASES)
def test_the_timeline_needs_nothing_that_has_not_come(name: str, mistake: str) -> None:
    graph = differentiated(GRAPHS[name][0](mistake))
    valued = {node for node in graph.nodes if not node.incoming}
    sent: set[Edge] = set()
    layers = []
    for moment in timeline(graph):
        layers.append(moment.layer)
        if moment.phase != "backward":
            assert all(edge.source in valued for edge in moment.node.incoming)
            valued.add(moment.node)
        elif moment.edge is not None:
            assert set(senders(graph, moment.edge.target)) <= sent
            sent.add(moment.edge)
            assert moment.completes == (set(senders(graph, moment.node)) <= sent)
    assert layers == sorted(layers)
    assert valued == set(graph.nodes)
    assert sent == set(graph.backward_edges())


def test_the_two_numbers_that_were_called_by_a_false_symbol() -> None:
    graph = differentiated(softmax_graph([1.0, 2.0, 0.5], [0, 1, 0], "forgotten branch"))
    assert graph.edge("x₁", "exp x₁").message_formula == "p₁ − y₁"
    assert "p₁ − y₁" not in str(all_moments(graph))
    graph = differentiated(softmax_graph([1.0, 2.0, 0.5], [0, 1, 0], "wrong sign"))
    assert "→ exp x₁: −0.08506 × 1 = −0.08506" in str(all_moments(graph))


@pytest.mark.parametrize(
    ("node", "written"),
    [
        (add(variable("a", 1.0), variable("b", -2.0)), "1 + (−2)"),
        (multiply(variable("a", -3.0), variable("b", 0.5)), "−3 × 0.5"),
        (subtract(variable("a", 1.0), variable("b", -2.0)), "1 − (−2)"),
        (negate(variable("a", -2.0)), "−(−2)"),
        (reciprocal(variable("a", -2.0)), "1 / (−2)"),
        (exp(variable("a", -2.0)), "exp (−2)"),
        (power(variable("a", -2.0), 2), "(−2)²"),
        (power(variable("a", -2.0), 3), "(−2)^3"),
        (power(variable("a", -2.0), 2, label="s"), "(−2)²"),
        (sigmoid(variable("z", 1.0)), "σ(1)"),
    ],
)
def test_a_value_is_told_as_it_is_calculated(node: Node, written: str) -> None:
    assert calculation(node) == written
