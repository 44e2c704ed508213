"""The graph of page 23.5: where it stands, unfolded and folded."""

from dataclasses import replace

from pages.ex23_5.controls import CLASSES
from pages.shared.graph.placement import CARD_HEIGHT, LINE_HEIGHT, Placement, Point, Spot

WIDTH, HEIGHT = 922.0, 362.0
NARROWEST = 858.0  # on screen; then it scrolls
ROWS = (63.0, 161.0, 259.0)  # of the three classes
BELOW = 329.0  # of S and 1/S, where all classes meet
TO_S = (202.0, 216.0, 230.0)  # where the lines to S go down, the last class first
FROM_S = (306.0, 320.0, 334.0)  # where those from 1/S go up, the first class first


def _unfolded() -> Placement:
    """Inputs at the left, loss at the right, one row a class; S and 1/S below, where all rows meet."""
    positions: dict[str, Point] = {
        "S": (205, BELOW),
        "1/S": (331, BELOW),
        "Σ y log p": (762, ROWS[1]),
        "−1": (889, ROWS[1] - 50),
        "L": (889, ROWS[1]),
    }
    routes: dict[str, list[Point]] = {}
    spots: dict[str, Spot] = {}
    half, port = CARD_HEIGHT / 2, 18.0  # lines to and from S leave and reach a card below its middle
    for k, row, down, up in zip(CLASSES, ROWS, reversed(TO_S), FROM_S, strict=True):
        positions |= {
            f"x{k}": (34, row),
            f"exp x{k}": (157, row),
            f"p{k}": (381, row),
            f"log p{k}": (504, row),
            f"y{k} log p{k}": (631, row),
            f"y{k}": (631, row - 50),
        }
        routes |= {
            f"exp x{k} → S": [(188, row + port), (down, row + port), (down, BELOW - half)],
            f"1/S → p{k}": [(up, BELOW - half), (up, row + port), (350, row + port)],
        }
        is_last = k == CLASSES[-1]  # its numbers stand beside S and 1/S
        below = row + half + LINE_HEIGHT  # there, two numbers fit between the cards of two rows
        spots |= {
            f"exp x{k} → S": Spot(169 if is_last else down - 6, below, "end"),
            f"1/S → p{k}": Spot(369 if is_last else up + 8, below, "start"),
            f"exp x{k} → p{k}": Spot(268, row - 14),
        }
    roomy = [*routes, *(f"y{k} log p{k} → Σ y log p" for k in CLASSES)]
    return Placement(positions, WIDTH, HEIGHT, routes, spots, roomy, NARROWEST)


UNFOLDED = _unfolded()
# without cards around S, its last numbers stand nearer to it
PRINTED = replace(
    UNFOLDED, spots={**UNFOLDED.spots, "exp x₃ → S": Spot(194, 293, "end"), "1/S → p₃": Spot(342, 293, "start")}
)
FOLDED = Placement(
    {f"x{k}": (130.0, row) for k, row in zip(CLASSES, ROWS, strict=True)}
    | {f"y{k}": (792.0, row) for k, row in zip(CLASSES, ROWS, strict=True)}
    | {"L": (545.0, ROWS[1])},
    WIDTH,
    HEIGHT,
    spots={f"x{k} → L": Spot(215.0, y, "start") for k, y in zip(CLASSES, (52.0, 139.0, 270.0), strict=True)},
    roomy=[f"x{k} → L" for k in CLASSES],
    minimum=NARROWEST,
)
