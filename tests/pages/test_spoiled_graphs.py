"""Beside a planted mistake no symbol stands for a number it is not: in the drawing, the sentences, the table."""

import re
from collections.abc import Callable

import pytest

from nnlib.chapter23.batch_norm import MISTAKES
from nnlib.chapter23.batch_norm_graph import batch_norm_graph
from nnlib.chapter23.graphs import SIGMOID_LOSSES, SIGMOID_MISTAKES, SOFTMAX_MISTAKES, sigmoid_graph, softmax_graph
from nnlib.graph import Graph
from pages.shared.graph.drawing import message_lines
from pages.shared.graph.model import PLAIN_NUMBERS, View, differentiated, steps_of
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


@pytest.mark.parametrize(("name", "mistake"), CASES)
def test_no_symbol_stands_for_another_number(name: str, mistake: str) -> None:
    make, _ = GRAPHS[name]
    true, graph = differentiated(make("none")), differentiated(make(mistake))
    last = len(steps_of(graph, "backward"))
    view = View(graph, "backward", last)
    table = view.table()["message"]
    for edge, sound in zip(graph.edges, true.edges, strict=True):
        if not edge.source.needs_gradient:
            continue
        assert edge.right == pytest.approx(sound.message, rel=1e-12, abs=1e-12)
        assert edge.spoiled == (edge.message != pytest.approx(sound.message, rel=1e-9, abs=1e-9))
        message, lines = view.message(edge), message_lines(edge, view.message(edge))
        if not edge.spoiled or edge.mistake is not None:
            assert message in (number(edge.message or 0.0), edge.message_formula)
            continue
        wrong = number(edge.message or 0.0)
        assert message == wrong
        assert lines == [wrong] == [table[edge.name]]
        said = view.about_edge(edge)
        assert f"= {wrong}, spoiled by the planted mistake" in said
        if edge.message_formula in PLAIN_NUMBERS:
            continue
        assert not says(said, f"{edge.message_formula} = {wrong}")
        assert f"{edge.message_formula} = {number(sound.message or 0.0)}" in said


@pytest.mark.parametrize(("name", "mistake"), CASES)
def test_sentences_name_a_spoiled_gradient_so(name: str, mistake: str) -> None:
    make, mistakes = GRAPHS[name]
    true, graph = differentiated(make("none")), differentiated(make(mistake))
    spoiled = {
        node.label: other.gradient
        for node, other in zip(graph.nodes, true.nodes, strict=True)
        if node.needs_gradient and node.gradient != pytest.approx(other.gradient, rel=1e-9, abs=1e-9)
    }
    harmless = {("batch norm, 0", "as printed")}  # with divisor n the printed form is right
    if mistake == "none" or (name, mistake) in harmless:
        assert not spoiled
        assert not graph.spoiled
    for step in range(1, len(steps_of(graph, "backward")) + 1):
        view = View(graph, "backward", step)
        text = view.step_text()
        assert view.current is not None
        node = view.current.node
        derivative = graph.derivative_name(node)
        if node.label in spoiled and view.current.completes:
            assert (
                f"{derivative} comes out as {view.gradient(node)}, not {number(spoiled[node.label] or 0.0)}"
                in text
            )
            assert f"{derivative} comes out as" in view.about_node(node)
        elif not graph.spoiled:
            assert "comes out" not in text
    assert bool(spoiled) == (mistake != "none" and (name, mistake) not in harmless)
    assert set(mistakes) >= {mistake}


def test_the_two_sentences_that_were_false() -> None:
    graph = differentiated(softmax_graph([1.0, 2.0, 0.5], [0, 1, 0], "forgotten branch"))
    assert graph.edge("x₁", "exp x₁").message_formula == "p₁ − y₁"
    assert not any(says(View(graph, "backward", k).step_text(), "p₁ − y₁ = 0") for k in range(25))
    table = View(graph, "backward", 24).table()["message"]
    assert table["x₁ → exp x₁"] == "0"
    graph = differentiated(softmax_graph([1.0, 2.0, 0.5], [0, 1, 0], "wrong sign"))
    assert View(graph, "backward", 24).table()["message"]["exp x₁ → S"] == "−0.08506"
