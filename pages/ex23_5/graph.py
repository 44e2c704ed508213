"""The graph of page 23.5: where it stands, unfolded and folded."""

from dataclasses import replace

from pages.ex23_5.controls import CLASSES
from pages.shared.graph.placement import CARD_HEIGHT, LINE_HEIGHT, Placement, Point, Spot

WIDTH, HEIGHT = 944.0, 369.0
NARROWEST = 880.0  # on screen; then it scrolls
ROWS = (67.0, 165.0, 263.0)  # of the three classes
BELOW = 333.0  # of S and 1/S, where all classes meet
TO_S = (208.0, 222.0, 236.0)  # where the lines to S go down, the last class first
FROM_S = (312.0, 326.0, 340.0)  # where those from 1/S go up, the first class first


def _unfolded() -> Placement:
    """Inputs at the left, loss at the right, one row a class; S and 1/S below, where all rows meet."""
    positions: dict[str, Point] = {
        "S": (211, BELOW),
        "1/S": (337, BELOW),
        "Σ y log p": (780, ROWS[1]),
        "−1": (911, ROWS[1] - 50),
        "L": (911, ROWS[1]),
    }
    routes: dict[str, list[Point]] = {}
    spots: dict[str, Spot] = {}
    half, port = CARD_HEIGHT / 2, 18.0  # lines to and from S leave and reach a card below its middle
    for k, row, down, up in zip(CLASSES, ROWS, reversed(TO_S), FROM_S, strict=True):
        positions |= {
            f"x{k}": (34, row),
            f"exp x{k}": (163, row),
            f"p{k}": (387, row),
            f"log p{k}": (514, row),
            f"y{k} log p{k}": (645, row),
            f"y{k}": (645, row - 50),
        }
        routes |= {
            f"exp x{k} → S": [(194, row + port), (down, row + port), (down, BELOW - half)],
            f"1/S → p{k}": [(up, BELOW - half), (up, row + port), (356, row + port)],
        }
        is_last = k == CLASSES[-1]  # its numbers stand beside S and 1/S
        below = row + half + LINE_HEIGHT  # there, two numbers fit between the cards of two rows
        spots |= {
            f"exp x{k} → S": Spot(175 if is_last else down - 6, below, "end"),
            f"1/S → p{k}": Spot(375 if is_last else up + 8, below, "start"),
            f"exp x{k} → p{k}": Spot(274, row - 14),
        }
    roomy = [*routes, *(f"y{k} log p{k} → Σ y log p" for k in CLASSES)]
    return Placement(positions, WIDTH, HEIGHT, routes, spots, roomy, NARROWEST)


UNFOLDED = _unfolded()
# without cards around S, its last numbers stand nearer to it
PRINTED = replace(
    UNFOLDED, spots={**UNFOLDED.spots, "exp x₃ → S": Spot(200, 297, "end"), "1/S → p₃": Spot(348, 297, "start")}
)
FOLDED = Placement(
    {f"x{k}": (130.0, row) for k, row in zip(CLASSES, ROWS, strict=True)}
    | {f"y{k}": (814.0, row) for k, row in zip(CLASSES, ROWS, strict=True)}
    | {"L": (560.0, ROWS[1])},
    WIDTH,
    HEIGHT,
    spots={f"x{k} → L": Spot(215.0, y, "start") for k, y in zip(CLASSES, (56.0, 143.0, 274.0), strict=True)},
    roomy=[f"x{k} → L" for k in CLASSES],
    minimum=NARROWEST,
)
