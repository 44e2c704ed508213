"""The automatic layout of a computation graph: whatever the formula, nothing stands on anything else."""

import random
from itertools import combinations, pairwise

import pytest

from nnlib.chapter23.formulas import FormulaError, read_formula
from nnlib.graph import Graph
from pages.shared.graph.layered import Box, label_box, layered_placement
from pages.shared.graph.placement import Placement

FUNCTIONS = ["exp", "tanh", "sigmoid", "relu", "softplus", "-"]


def graph_of(text: str, value: float = 0.7) -> Graph:
    formula = read_formula(text)
    return formula.evaluate({name: value + 0.3 * k for k, name in enumerate(formula.variables)}).graph


def random_formula(rng: random.Random, operations: int) -> str:
    """A formula that uses its parts again and again."""
    parts = list(rng.choices(["x", "y", "z", "w", "b", "2"], k=rng.randrange(2, 7)))
    unused = list(parts)
    for _ in range(operations):
        a = unused.pop(rng.randrange(len(unused)))
        b = rng.choice(unused or parts) if rng.random() < 0.6 else rng.choice(parts)
        unused = [part for part in unused if part != b]
        unary = rng.random() < 0.35
        unused.append(f"{rng.choice(FUNCTIONS)}({a})" if unary else f"({a}{rng.choice('+-*')}{b})")
        parts.append(unused[-1])
    return "+".join(unused[-3:])


def random_graphs(count: int) -> list[Graph]:
    rng = random.Random(23)
    graphs: list[Graph] = []
    while len(graphs) < count:
        try:
            graphs.append(graph_of(random_formula(rng, rng.randrange(3, 18)), rng.choice([-1.0, 0.001, 0.7])))
        except FormulaError:
            continue
    return graphs


GRAPHS = random_graphs(80)
PLACEMENTS = [layered_placement(graph) for graph in GRAPHS]


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def cards(graph: Graph, placement: Placement) -> list[Box]:
    boxes = []
    for node in graph.nodes:
        x, y, width, height = placement.card(node)
        boxes.append((x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    return boxes


def inside(placement: Placement, box: Box) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= placement.width and box[3] <= placement.height


def test_the_random_graphs_are_worth_laying_out() -> None:
    assert max(len(graph.nodes) for graph in GRAPHS) == 20
    assert sum(len(graph.nodes) > 12 for graph in GRAPHS) > 10


def test_no_two_cards_overlap_and_all_are_inside() -> None:
    for graph, placement in zip(GRAPHS, PLACEMENTS, strict=True):
        boxes = cards(graph, placement)
        assert not any(overlap(a, b) for a, b in combinations(boxes, 2)), graph.nodes
        assert all(inside(placement, box) for box in boxes)


def test_numbers_stand_apart_from_each_other_and_from_every_card() -> None:
    for graph, placement in zip(GRAPHS, PLACEMENTS, strict=True):
        numbers = [label_box(spot) for spot in placement.spots.values()]
        assert not any(overlap(a, b) for a, b in combinations(numbers, 2)), [n.label for n in graph.nodes]
        assert not any(overlap(a, b) for a in numbers for b in cards(graph, placement))
        assert all(inside(placement, box) for box in numbers)


def test_every_number_of_several_messages_has_a_place() -> None:
    for graph, placement in zip(GRAPHS, PLACEMENTS, strict=True):
        for node in graph.nodes:
            outgoing = [edge for edge in graph.outgoing(node) if edge.target.needs_gradient]
            for edge in outgoing:
                assert edge.name in placement.spots or len(outgoing) == 1 or not node.needs_gradient


def test_lines_go_from_left_to_right_and_through_no_card() -> None:
    for graph, placement in zip(GRAPHS, PLACEMENTS, strict=True):
        boxes = dict(zip(graph.nodes, cards(graph, placement), strict=True))
        for edge in graph.edges:
            for (x1, y1), (x2, y2) in pairwise(placement.route(edge)):
                assert x2 >= x1
                for node, (left, top, right, bottom) in boxes.items():
                    if node in (edge.source, edge.target):
                        continue
                    steps = [(x1 + k / 40 * (x2 - x1), y1 + k / 40 * (y2 - y1)) for k in range(41)]
                    assert not any(left < x < right and top < y < bottom for x, y in steps), edge.name


@pytest.mark.parametrize(
    "text",
    [
        "sigmoid(w*x + b)",
        "1/(1 + exp(-z))",
        "(x*y + x)*y",
        "log(x)/x",
        "(sigmoid(v1*tanh(w1*x) + v2*tanh(w2*x)) - y)**2",
    ],
)
def test_a_graph_that_can_be_drawn_without_crossings_is(text: str) -> None:
    graph = graph_of(text)
    placement = layered_placement(graph)
    parts = [(edge, part) for edge in graph.edges for part in pairwise(placement.route(edge))]
    for (edge, (a, b)), (other, (c, d)) in combinations(parts, 2):
        if edge is other or edge.source is other.source or edge.target is other.target:
            continue
        left, right = max(a[0], c[0]), min(b[0], d[0])
        if left >= right:
            continue
        above = [
            a[1] + (x - a[0]) / (b[0] - a[0]) * (b[1] - a[1]) - c[1] - (x - c[0]) / (d[0] - c[0]) * (d[1] - c[1])
            for x in (left, right)
        ]
        assert above[0] * above[1] > 0, (edge.name, other.name)


def test_nothing_moves_when_only_numbers_do() -> None:
    formula = read_formula("(x*y + x)*y")
    first, second = (layered_placement(formula.evaluate({"x": x, "y": 1.5}).graph) for x in (0.3, -4.0))
    assert first.positions == second.positions
    assert first.spots == second.spots
    assert first.width == second.width


def test_a_long_chain_scrolls_and_a_short_one_does_not() -> None:
    short, long = layered_placement(graph_of("exp(x)")), layered_placement(graph_of("tanh(" * 18 + "x" + ")" * 18))
    assert short.minimum == short.width
    assert long.minimum is not None
    assert long.minimum < long.width
