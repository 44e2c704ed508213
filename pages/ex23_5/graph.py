"""The graph of page 23.5: where it stands, unfolded and folded."""

from pages.ex23_5.controls import CLASSES
from pages.shared.graph.placement import CARD_HEIGHT, Placement, Point, Spot

ROWS = (68.0, 172.0, 276.0)  # of the three classes
BELOW = 364.0  # of S and 1/S, where all classes meet
TO_S = (184.0, 202.0, 220.0)  # where the lines to S go down, the last class first
FROM_S = (288.0, 306.0, 324.0)  # where those from 1/S go up, the first class first


def _unfolded() -> Placement:
    """Inputs at the left, loss at the right, one row a class; S and 1/S below, where all rows meet."""
    positions: dict[str, Point] = {"S": (TO_S[1], BELOW), "1/S": (FROM_S[1], BELOW)}
    routes: dict[str, list[Point]] = {}
    spots: dict[str, Spot] = {}
    half, port = CARD_HEIGHT / 2, 18.0  # lines to and from S leave and reach a card below its middle
    for k, row, down, up in zip(CLASSES, ROWS, reversed(TO_S), FROM_S, strict=True):
        positions |= {
            f"x{k}": (34, row),
            f"exp x{k}": (136, row),
            f"p{k}": (400, row),
            f"log p{k}": (506, row),
            f"y{k} log p{k}": (618, row),
            f"y{k}": (618, row - 53),
        }
        routes |= {
            f"exp x{k} → S": [(167, row + port), (down, row + port), (down, BELOW - half)],
            f"1/S → p{k}": [(up, BELOW - half), (up, row + port), (369, row + port)],
        }
        spots |= {
            f"exp x{k} → S": Spot(min(down - 5, 166.0), row + half + 20, "end"),
            f"1/S → p{k}": Spot(up + 9, row + half + 12, "start"),
            f"exp x{k} → p{k}": Spot(254, row - 14),
        }
    positions |= {"Σ y log p": (738, ROWS[1]), "−1": (852, ROWS[1] - 53), "L": (852, ROWS[1])}
    return Placement(positions, 884, 400, routes, spots, minimum=760)


UNFOLDED = _unfolded()
FOLDED = Placement(
    {f"x{k}": (120.0, row) for k, row in zip(CLASSES, ROWS, strict=True)}
    | {f"y{k}": (420.0, row) for k, row in zip(CLASSES, (20.0, 330.0, 366.0), strict=True)}
    | {"L": (720.0, ROWS[1])},
    884,
    400,
    spots={f"x{k} → L": Spot(300.0, y, "start") for k, y in zip(CLASSES, (78.0, 150.0, 268.0), strict=True)},
    roomy=[f"x{k} → L" for k in CLASSES],
)
