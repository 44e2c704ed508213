"""The two drawings for print: whole SVG files, every edge with its value or its message in symbols."""

import math
import re
from collections import Counter
from xml.etree import ElementTree

import pytest

from nnlib.chapter23.graphs import sigmoid_graph, softmax_graph
from nnlib.graph import Graph
from pages.ex23_4.graph import CLOSED
from pages.ex23_5.graph import PRINTED
from pages.shared.graph.model import differentiated
from pages.shared.graph.placement import OPENED_SIGMOID, Placement, text_width
from pages.shared.graph.printed import book_drawing

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = {
    "sigmoid": (sigmoid_graph(1.0, 0.0), CLOSED),
    "opened sigmoid": (sigmoid_graph(1.0, 0.0, opened=True), OPENED_SIGMOID),
    "softmax": (softmax_graph([1.0, 2.0, 0.5], [0, 1, 0]), PRINTED),
    "narrow softmax": (softmax_graph([1.0, 2.0, 0.5], [0, 1, 0]), PRINTED.narrow or PRINTED),
}


def _is_inside(point: tuple[str, str], card: dict[str, str]) -> bool:
    """Whether a point lies more than a pixel within a card."""
    x, y, left, top, width, height = (
        float(v) for v in (*point, *(card[k] for k in ("x", "y", "width", "height")))
    )
    return left + 1 < x < left + width - 1 and top + 1 < y < top + height - 1


def _cards(root: ElementTree.Element) -> list[dict[str, str]]:
    return [rect.attrib for rect in root.iter(f"{SVG}rect") if rect.get("class", "").startswith("node")]


@pytest.mark.parametrize(("graph", "placement"), DRAWINGS.values(), ids=DRAWINGS)
@pytest.mark.parametrize("backward", [False, True])
def test_every_edge_carries_its_symbols(graph: Graph, placement: Placement, backward: bool) -> None:
    is_narrow = placement.narrow is None
    root = ElementTree.fromstring(book_drawing(differentiated(graph), placement, backward, down=is_narrow))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    if backward:
        expected = [edge.message_formula for edge in graph.backward_edges()] + ["∂L/∂L = 1"]
        operations = []
    else:
        expected = [edge.source.label for edge in graph.edges if edge.source.needs_gradient]
        told = {"f": "σ", "L": "loss" if graph.output.operation == "ℓ" else graph.output.operation, "S": "+"} | {
            f"p{k}": "×" for k in "₁₂₃"
        }
        is_opened = any(node.label == "−z" for node in graph.nodes)
        operations = [told[node.label] for node in graph.nodes if node.label in told]
        if is_opened:  # the last of its four operations
            operations = ["/" if operation == "σ" else operation for operation in operations]
    cards = [placement.signs.get(node.label, node.label) for node in graph.nodes]
    missing = Counter(expected + cards + operations) - Counter(map(str, texts))
    names = {edge.source.label for edge in graph.edges}
    assert all(word in names and not backward for word in missing)  # where there is no room, the card says it
    assert len(texts) + missing.total() == len(expected) + len(graph.nodes) + len(operations)
    arrows = [line for line in root.iter(f"{SVG}path") if "marker-end" in line.attrib]
    assert len(arrows) == (1 + len(graph.backward_edges()) if backward else len(graph.edges))
    for arrow in arrows:  # its tip is seen, and points along its line
        *_, before, tip = re.findall(r"([\d.]+) ([\d.]+)", arrow.attrib["d"])
        assert math.dist([float(v) for v in before], [float(v) for v in tip]) > 4
        assert not any(_is_inside(tip, card) for card in _cards(root))
    for text in root.iter(f"{SVG}text"):  # no word on an edge covers the rim of a card
        looks = text.get("class", "")
        if looks.startswith("carried"):
            wide, x, y = text_width(str(text.text)), float(text.attrib["x"]), float(text.attrib["y"])
            left = x - wide * (0.0 if looks.endswith("start") else 1.0 if looks.endswith("end") else 0.5)
            assert not any(
                _is_inside((str(left + share * wide), str(y - 5)), card)
                for card in _cards(root)
                for share in (0, 0.25, 0.5, 0.75, 1)
            )


@pytest.mark.parametrize(("graph", "placement"), DRAWINGS.values(), ids=DRAWINGS)
def test_no_card_is_cut(graph: Graph, placement: Placement) -> None:
    root = ElementTree.fromstring(book_drawing(differentiated(graph), placement, backward=True))
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    for box in _cards(root):
        x, y = float(box["x"]), float(box["y"])
        assert left < x
        assert x + float(box["width"]) < left + width
        assert top < y
        assert y + float(box["height"]) < top + height
