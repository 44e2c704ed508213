"""A mistake planted at random: it shows, the check finds it, and the same draw plants the same one."""

import numpy as np
import pytest

from nnlib.chapter23.graphs import sigmoid_graph, softmax_graph
from nnlib.chapter23.hidden_mistakes import APART, MISTAKES, plant_at_random
from nnlib.graph import Graph, multiply, variable


def graph_of(seed: int) -> Graph:
    return sigmoid_graph(1.3, 0.2, opened=True) if seed % 2 else softmax_graph([1.0, 2.0, 0.5], [0.1, 0.7, 0.2])


@pytest.mark.parametrize("seed", range(60))
def test_a_planted_mistake_shows_and_is_found_by_the_check(seed: int) -> None:
    graph = graph_of(seed)
    edge, name = plant_at_random(graph, np.random.default_rng(seed))
    assert [other for other in graph.edges if other.mistake is not None] == [edge]
    message, right = edge.message or 0.0, edge.right or 0.0
    assert message == MISTAKES[name](edge.upstream or 0.0, edge.local)
    assert message * right > 0
    assert abs(message - right) > APART * max(abs(message), abs(right))
    assert graph.check_gradients([edge.source]).differs.all()
    same, again = plant_at_random(graph_of(seed), np.random.default_rng(seed))
    assert (same.name, again) == (edge.name, name)


def test_every_kind_of_mistake_comes() -> None:
    drawn = {plant_at_random(graph_of(seed), np.random.default_rng(seed))[1] for seed in range(60)}
    assert drawn == set(MISTAKES)


def test_where_nothing_shows_nothing_can_be_planted() -> None:
    with pytest.raises(ValueError, match="message other than 0"):
        plant_at_random(
            Graph(multiply(variable("a", 0.0), variable("b", 0.0), label="L")), np.random.default_rng(0)
        )
