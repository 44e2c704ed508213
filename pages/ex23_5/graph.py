"""The graph of page 23.5: where it stands, unfolded and folded, on a wide screen and on a narrow one."""

from dataclasses import replace

from pages.ex23_5.controls import CLASSES
from pages.shared.graph.placement import CARD_HEIGHT, LINE_HEIGHT, Placement, Point, Spot
from pages.shared.graph.printed import HALF

WIDTH, HEIGHT = 884.0, 394.0
NARROWEST = 858.0  # on screen; then it scrolls
ROWS = (63.0, 161.0, 259.0)  # of the three classes
SIGNS = {"−1": "× −1"}
BELOW = 357.0  # of S and 1/S, where all classes meet
TO_S = (203.0, 217.0, 231.0)  # where the lines to S go down, the last class first
FROM_S = (306.0, 320.0, 334.0)  # where those from 1/S go up, the first class first


def _unfolded() -> Placement:
    """Inputs at the left, loss at the right, one row a class; S and 1/S below, where all rows meet."""
    positions: dict[str, Point] = {
        "S": (TO_S[1] - 6, BELOW),  # with room for a long number on its way to 1/S
        "1/S": (FROM_S[2], BELOW),
        "Σ y log p": (743, ROWS[1]),
        "−1": (852, ROWS[1] - 50),
        "L": (852, ROWS[1]),
    }
    routes: dict[str, list[Point]] = {}
    spots: dict[str, Spot] = {}
    half, port = CARD_HEIGHT / 2, 18.0  # lines to and from S leave and reach a card below its middle
    for k, row, down, up in zip(CLASSES, ROWS, reversed(TO_S), FROM_S, strict=True):
        positions |= {
            f"x{k}": (33, row),
            f"exp x{k}": (161, row),
            f"p{k}": (380, row),
            f"log p{k}": (505, row),
            f"y{k} log p{k}": (634, row),
            f"y{k}": (634, row - 50),
        }
        routes |= {
            f"exp x{k} → S": [(192, row + port), (down, row + port), (down, BELOW - half)],
            f"1/S → p{k}": [(up, BELOW - half), (up, row + port), (349, row + port)],
        }
        below = row + half + LINE_HEIGHT  # there, two numbers fit between the cards of two rows
        spots |= {
            f"exp x{k} → S": Spot(down - 6, below, "end"),
            f"1/S → p{k}": Spot(up + 9, below, "start"),
            f"exp x{k} → p{k}": Spot(271, row - 14),
        }
    roomy = [*routes, *(f"y{k} log p{k} → Σ y log p" for k in CLASSES)]
    return Placement(positions, WIDTH, HEIGHT, routes, spots, roomy, NARROWEST, signs=SIGNS, narrow=_narrow())


def _narrow(half: float = CARD_HEIGHT / 2, port: float = 18.0) -> Placement:
    """From top to bottom, one column a class; S and 1/S at the right, where lines from and to all columns meet."""
    columns, right = (40.0, 150.0, 260.0), 328.0
    rows = {"x{}": 34.0, "exp x{}": 136.0, "p{}": 510.0, "log p{}": 612.0, "y{0} log p{0}": 734.0}
    positions: dict[str, Point] = {"S": (right, 270), "1/S": (right, 368)}
    positions |= {"Σ y log p": (150, 836), "L": (272, 836), "−1": (343, 836)}
    routes: dict[str, list[Point]] = {}
    spots = {"S → 1/S": Spot(right - 6, 319, "end")}
    for number, (k, x) in enumerate(zip(CLASSES, columns, strict=True)):
        positions |= {name.format(k): (x, y) for name, y in rows.items()} | {f"y{k}": (x + 28, 673)}
        to_S, from_S, at_S = 228.0 - 12 * number, 412.0 + 12 * number, right + 12 * (number - 1)
        out, into = rows["exp x{}"] + half, rows["p{}"] - half
        log, product = rows["log p{}"] + half, rows["y{0} log p{0}"] - half
        routes |= {
            f"exp x{k} → S": [(x + port, out), (x + port, to_S), (at_S, to_S), (at_S, 270 - half)],
            f"1/S → p{k}": [(at_S, 368 + half), (at_S, from_S), (x + port, from_S), (x + port, into)],
            f"log p{k} → y{k} log p{k}": [(x - port, log), (x - port, product)],
            f"y{k} → y{k} log p{k}": [(x + port, 684), (x + port, product)],
        }
        is_last = k == CLASSES[-1]  # S stands at its right
        spots |= {
            f"exp x{k} → S": Spot(x + port + 6, to_S - 19, "start"),
            f"1/S → p{k}": Spot(x + port + 6, 458, "start"),
            f"exp x{k} → p{k}": Spot(x - 6, 350, "end") if is_last else Spot(x + 6, 300, "start"),
        }
    roomy = [
        *(name.format(k=k) for k in CLASSES for name in ("x{k} → exp x{k}", "exp x{k} → p{k}", "p{k} → log p{k}")),
        *(name.format(k=k) for k in CLASSES for name in ("exp x{k} → S", "1/S → p{k}")),
    ]
    return Placement(positions, 366, 870, routes, spots, roomy, 340, tight=True, signs=SIGNS)


UNFOLDED = _unfolded()


def _printed() -> Placement:
    """The same in cards of one line: lines to and from S leave and reach those of a row from below, upright."""
    at, under, apart = UNFOLDED.positions, HALF + 13, 11.0  # between two lines that meet at S
    S, share, top = 220.0, 322.0, BELOW - HALF
    routes: dict[str, list[Point]] = {}
    spots = dict(UNFOLDED.spots)
    for k, row, side in zip(CLASSES, ROWS, (-1, 0, 1), strict=True):
        down, up = S - side * apart, share + side * apart
        (left, _), (right, _) = at[f"exp x{k}"], at[f"p{k}"]
        routes |= {
            f"exp x{k} → S": [(left, row + HALF), (left, row + under), (down, row + under), (down, top)],
            f"1/S → p{k}": [(up, top), (up, row + under), (right, row + under), (right, row + HALF)],
        }
        spots |= {f"exp x{k} → S": Spot(down - 6, row + 49, "end"), f"1/S → p{k}": Spot(up + 8, row + 49, "start")}
    positions = {**at, "S": (S, BELOW), "1/S": (share, BELOW)}
    return replace(UNFOLDED, positions=positions, routes=routes, spots=spots, narrow=_printed_narrow())


def _printed_narrow() -> Placement:
    """The narrow one in cards of one line, with room for the longer words of its edges."""
    narrow = _narrow(HALF, 12.0)
    spots = dict(narrow.spots) | {"Σ y log p → L": Spot(223, 854)}
    for k, sum_spot in zip(
        CLASSES, (Spot(6, 796, "start"), Spot(156, 775, "start"), Spot(302, 796, "end")), strict=True
    ):
        x, _ = narrow.positions[f"log p{k}"]
        spots |= {f"log p{k} → y{k} log p{k}": Spot(x - 6, 642, "start"), f"y{k} log p{k} → Σ y log p": sum_spot}
    return replace(narrow, spots=spots)


PRINTED = _printed()
# The story that Play tells: what is said, and the last layer of the graph that it takes.
SCENES = (
    ("Every x goes through the exponential, and S is the sum of all three.", 3),
    ("Each exponential times 1/S is a probability: together the three p are 1.", 4),
    ("The loss weighs the logarithm of each p by its label y, and turns the sign. {}", 8),
    (
        "Back from L, each message says how much L grows for each unit that a value grows. It is the gradient so "
        "far (upstream) × the slope of one operation (local).",
        12,
    ),
    ("A logarithm has the slope 1/p: the smaller p is, the louder its message.", 13),
    ("Each p was a product, so its message splits: one part to exp x, one to 1/S.", 14),
    ("The parts from 1/S went through S, and now two messages meet at every exp x and add up.", 16),
)
ONE_HOT = "These labels are one-hot: 1 for the true class."
SOFT = "These labels are soft: they share 1 among the classes."
# Its end, before the reader has found what it is, and that of a graph with a planted mistake.
END = ("After × exp x, the whole long way gives p − y.", 17)
ASKING_END = ("Each x has its gradient. What is it, in p and y? Draw the graph.", 17)
SPOILED_END = ("After × exp x, this is what reaches each x.", 17)
FOLDED_SCENES = (
    ("One node takes the three x and the labels, and gives L at once.", 1),
    ("It sends {} straight back to each x. Move an x, and watch the bars.", 3),
)
FOLDED = Placement(
    {f"x{k}": (45.0, row) for k, row in zip(CLASSES, ROWS, strict=True)}
    | {f"y{k}": (x, 330.0) for k, x in zip(CLASSES, (262.0, 340.0, 418.0), strict=True)}
    | {"L": (340.0, ROWS[1])},
    WIDTH,
    HEIGHT,
    frame=(280.0, 102.0, 120.0, 110.0, "softmax, loss"),
    spots={
        "x₁ → L": Spot(170.0, 60.0, "start"),
        "x₂ → L": Spot(180.0, 146.5),
        "x₃ → L": Spot(170.0, 262.0, "start"),
    },
    bars=(482.0, 8.0, 400.0, 372.0),
    roomy=[f"x{k} → L" for k in CLASSES],
    minimum=NARROWEST,
    narrow=Placement(
        {f"x{k}": (x, 34.0) for k, x in zip(CLASSES, (40.0, 182.0, 324.0), strict=True)}
        | {f"y{k}": (x, 246.0) for k, x in zip(CLASSES, (40.0, 182.0, 324.0), strict=True)}
        | {"L": (182.0, 168.0)},
        364,
        446,
        spots={
            "x₁ → L": Spot(88.0, 112.0, "end"),
            "x₂ → L": Spot(188.0, 101.0, "start"),
            "x₃ → L": Spot(276.0, 112.0, "start"),
        },
        roomy=[f"x{k} → L" for k in CLASSES],
        minimum=340,
        bars=(2.0, 260.0, 360.0, 186.0),
    ),
)
