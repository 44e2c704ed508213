"""Where the cards of a computation graph stand, and from that its lines and the places of its messages."""

import math
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from nnlib.graph import Edge, Node
from pages.shared.numbers import POWER, number

# in pixels of the drawing, which is shown at its own size where there is room
CARD_HEIGHT = 64.0
CARD_WIDTH = 62.0  # at least; wide enough for −0.08506
GIVEN_HEIGHT = 22.0  # of a given number, which has no gradient
LINE_HEIGHT = 17.0
LETTER_WIDTH = 6.7  # of the numbers, on average
PADDING = 12.0  # left and right of a card's text together
LABEL_GAP = 8.0  # between an edge and its numbers
NARROW = 40.0  # a gap between two cards in which nothing is written
STEEP = 0.6  # from this slope on the numbers of an edge stand at one side of it
CORNER = 8.0  # radius of a bend

Point = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """Where the numbers of an edge stand: their height, and x as the start, the middle or the end of them."""

    x: float
    y: float
    anchor: str = "middle"


@dataclass(frozen=True)
class Placement:
    """Where the nodes of one graph stand, in pixels of a drawing that shrinks with its place.

    Attributes
    ----------
    positions : node label → centre (x, y) of its card
    width, height : of the whole drawing
    routes : edge name → the points its line goes through, from card to card; default straight
    spots : edge name → where its numbers stand, which are then shown; default beside its middle
    roomy : names of edges beside which there is room for the message in symbols too; a level edge is measured
    minimum : width in pixels on screen below which the drawing scrolls in its box; default `width`
    largest : how many times its own size it is at most
    frame : (left, top, width, height) of a frame around some of the cards, and its name
    curve : (left, top, width, height) of the curve of σ, from z to f
    bars : (left, top, width, height) of bars of p, y and p − y of each class, from x to L
    tight : whether a spot has room for one number only; a wrong one then stands without the true one beside it
    signs : label of a given number → what stands on its card, where that alone would read as a value
    narrow : where the same nodes stand on a narrow screen
    """

    positions: Mapping[str, Point]
    width: float
    height: float
    routes: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    spots: Mapping[str, Spot] = field(default_factory=dict)
    roomy: Collection[str] = ()
    minimum: float | None = None
    largest: float = 1.2
    frame: tuple[float, float, float, float, str] | None = None
    curve: tuple[float, float, float, float] | None = None
    bars: tuple[float, float, float, float] | None = None
    tight: bool = False
    signs: Mapping[str, str] = field(default_factory=dict)
    narrow: "Placement | None" = None

    def card(self, node: Node) -> tuple[float, float, float, float]:
        """(x, y, width, height) of the node's card, x and y of its centre."""
        width, height = card_size(node)
        sign = self.signs.get(node.label, "")
        return (*self.positions[node.label], max(width, text_width(sign) + PADDING), height)

    def route(self, edge: Edge) -> list[Point]:
        """The points of the edge's line, from the rim of one card to the rim of the other."""
        if edge.name in self.routes:
            return list(self.routes[edge.name])
        start, stop = self.card(edge.source), self.card(edge.target)
        return [rim(start, stop), rim(stop, start)]

    def spot(self, edge: Edge) -> Spot:
        """Where the edge's numbers stand."""
        if edge.name in self.spots:
            return self.spots[edge.name]
        (x1, y1), (x2, y2) = (self.route(edge)[k] for k in (0, -1))
        x, y, rise, run = (x1 + x2) / 2, (y1 + y2) / 2, abs(y2 - y1), abs(x2 - x1)
        if rise > STEEP * run:
            return Spot(x + LABEL_GAP + run / rise * LINE_HEIGHT / 2, y, "start")
        return Spot(x, y - LABEL_GAP - LINE_HEIGHT / 2 - rise / max(run, 1.0) * 3 * LETTER_WIDTH)

    def has_room(self, edge: Edge, text: str) -> bool:
        """Whether a text fits between the two cards, above or below the edge's own line."""
        if edge.name in self.roomy:
            return True
        route = self.route(edge)
        (x1, y1), (x2, y2) = route[0], route[-1]
        is_level = abs(y2 - y1) < 1 and len(route) == 2
        return is_level and abs(x2 - x1) >= max(text_width(text), NARROW)


@lru_cache(maxsize=4096)
def text_width(text: str) -> float:
    """Of a text in the drawing, roughly; marks above a letter take no room, and "·10⁻⁴" that of four letters."""
    power = POWER.search(text)
    narrow = len(power[1]) / 2 if power else 0.0
    return LETTER_WIDTH * (sum(not unicodedata.combining(letter) for letter in text) - narrow)


def card_size(node: Node) -> tuple[float, float]:
    """Width and height of the node's card: its name, value and gradient, or of a given number one line."""
    if not node.needs_gradient:
        return max(text_width(given_text(node)) + PADDING, 30.0), GIVEN_HEIGHT
    numbers = (node.value, node.gradient or 0.0, node.right or 0.0)
    widest = max(text_width(text) for text in (node.label, *map(number, numbers)))
    return max(CARD_WIDTH, widest + PADDING), CARD_HEIGHT


def given_text(node: Node) -> str:
    """What stands on the card of a given number: "y₁ = 0", or "−1" where the name is the number."""
    value = number(node.value)
    return value if node.label == value else f"{node.label} = {value}"


def path(points: Sequence[Point]) -> str:
    """An SVG path through the points, its bends rounded."""
    parts = [f"M {points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, bend, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _towards(bend, before), _towards(bend, after)
        parts.append(f"L {into[0]:.1f} {into[1]:.1f} Q {bend[0]:.1f} {bend[1]:.1f} {out[0]:.1f} {out[1]:.1f}")
    return " ".join([*parts, f"L {points[-1][0]:.1f} {points[-1][1]:.1f}"])


def _towards(bend: Point, other: Point) -> Point:
    length = max(math.dist(bend, other), 1.0)
    share = min(CORNER / length, 0.5)
    return bend[0] + share * (other[0] - bend[0]), bend[1] + share * (other[1] - bend[1])


def rim(card: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> Point:
    """Where the line from the middle of one card to the middle of the other leaves the first one."""
    x, y, width, height = card
    dx, dy = other[0] - x, other[1] - y
    share = min(width / 2 / abs(dx) if dx else math.inf, height / 2 / abs(dy) if dy else math.inf, 1.0)
    return x + share * dx, y + share * dy


# The sigmoid opened into its four operations, with its loss: pages 23.4 and 23.5 draw it.
DOWN = ["z → −z", "−z → exp(−z)", "exp(−z) → 1 + exp(−z)", "1 + exp(−z) → f", "f → L"]
OPENED_SIGMOID = Placement(
    positions={
        "z": (36, 82),
        "−z": (178, 82),
        "exp(−z)": (322, 82),
        "1": (322, 162),
        "1 + exp(−z)": (480, 82),
        "f": (640, 82),
        "y": (640, 242),
        "L": (824, 82),
    },
    width=860,
    height=290,
    spots={"y → L": Spot(756, 172, "start")},
    frame=(130, 18, 552, 170, "σ"),
    roomy=[*DOWN, "y → L"],
    narrow=Placement(
        positions={
            **{name: (62, 34 + 102 * k) for k, name in enumerate(("z", "−z", "exp(−z)", "1 + exp(−z)", "f", "L"))},
            "1": (250, 340),
            "y": (276, 544),
        },
        width=322,
        height=580,
        roomy=DOWN,
    ),
)
