"""A place for every card of any computation graph: in columns from left to right, with few crossings.

The method of Sugiyama, Tagawa and Toda. A node stands in the column after its last operand; an edge that passes a
column gets a slot of its own there, so that no line runs through a card; each column is ordered by where its
neighbours stand, as long as that takes away crossings; at last everything moves as near to its neighbours as its
column allows.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice, pairwise

from nnlib.graph import Graph, Node
from pages.shared.graph.placement import (
    CARD_HEIGHT,
    LABEL_GAP,
    LETTER_WIDTH,
    LINE_HEIGHT,
    PADDING,
    Placement,
    Point,
    Spot,
    card_size,
    text_width,
)

ROOMY = 860.0  # pixels: so wide a drawing stands whole beside the list of pages in a window of 1280
SMALLEST = 0.93  # of its own size, at which a wider drawing is still readable; then it scrolls
NARROWEST_GAP, WIDEST_GAP = 60.0, 120.0  # between two columns
BETWEEN_CARDS = 26.0
SLOT = 22.0  # height of a line that passes a column, with the number above it
MARGIN = 10.0
SWEEPS = 12
STRAIGHT = 6.0  # how much more an edge over several columns wants to be straight
LABEL_WIDTH = 8 * LETTER_WIDTH  # of a number such as −0.08506
SHARES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)  # where along a line its number is tried

Box = tuple[float, float, float, float]  # left, top, right, bottom
Link = tuple[int, int]


def layered_placement(graph: Graph) -> Placement:
    """Where the cards of `graph` stand, its lines run and its numbers are written.

    It depends on the graph's form alone, so nothing moves when the numbers do. Labels must differ, no two edges
    may join the same two nodes, and the backward pass must have been made.
    """
    places = {node: k for k, node in enumerate(graph.nodes)}
    links = tuple((places[edge.source], places[edge.target]) for edge in graph.edges)
    sizes = tuple(_reserved(node) for node in graph.nodes)
    receivers = [sum(1 for edge in graph.outgoing(node) if edge.target.needs_gradient) for node in graph.nodes]
    messages = tuple(receivers[places[edge.source]] if edge.source.needs_gradient else 0 for edge in graph.edges)
    layout = _arranged(links, sizes, messages)
    widths = [card_size(node)[0] for node in graph.nodes]
    routes = {}
    for edge, (source, target), inner in zip(graph.edges, links, layout.routes, strict=True):
        start = (min(layout.centres[source][0] + widths[source] / 2, inner[0][0]), inner[0][1])
        stop = (max(layout.centres[target][0] - widths[target] / 2, inner[-1][0]), inner[-1][1])
        routes[edge.name] = _without_idle_bends([start, *inner, stop])
    return Placement(
        positions={node.label: layout.centres[k] for node, k in places.items()},
        width=layout.width,
        height=layout.height,
        routes=routes,
        spots={edge.name: spot for edge, spot in zip(graph.edges, layout.spots, strict=True) if spot is not None},
        minimum=min(layout.width, max(ROOMY, SMALLEST * layout.width)),
        tight=True,
    )


def _reserved(node: Node) -> tuple[float, float]:
    """Width and height kept free for a card, whatever its numbers will be."""
    if not node.needs_gradient:
        return card_size(node)
    return max(LABEL_WIDTH + LETTER_WIDTH, text_width(node.label)) + PADDING, CARD_HEIGHT


def _without_idle_bends(points: Sequence[Point]) -> list[Point]:
    """The points without those that lie on the straight line from the last to the next."""
    kept = [points[0]]
    for here, after in pairwise(points[1:]):
        (x1, y1), (x2, y2), (x3, y3) = kept[-1], here, after
        if abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) > 0.5 * math.dist(kept[-1], after):
            kept.append(here)
    return [*kept, points[-1]]


@dataclass(frozen=True)
class _Layout:
    """Centres of the cards, the points where each line leaves and enters columns, places of numbers, the size."""

    centres: Sequence[Point]
    routes: Sequence[Sequence[Point]]
    spots: Sequence[Spot | None]
    width: float
    height: float


@lru_cache(maxsize=64)
def _arranged(
    links: tuple[Link, ...], sizes: tuple[tuple[float, float], ...], messages: tuple[int, ...]
) -> _Layout:
    """The layout of a graph of that form; `messages` is how many come to the source of each edge."""
    columns, ways = _with_slots(links, len(sizes))
    steps = [step for way in ways for step in pairwise(way)]
    columns = _with_few_crossings(columns, steps)
    return _drawn(columns, ways, steps, sizes, messages)


def _with_slots(links: Sequence[Link], count: int) -> tuple[list[list[int]], list[list[int]]]:
    """The columns, and every edge's way through them: its source, a slot in each column it passes, its target.

    Slots are numbered from `count` on. An input stands just before its first use.
    """
    depth = [0] * count
    for source, target in links:  # in the order of evaluation
        depth[target] = max(depth[target], depth[source] + 1)
    computed = {target for _, target in links}
    for node in set(range(count)) - computed:
        depth[node] = min((depth[target] for source, target in links if source == node), default=1) - 1
    columns: list[list[int]] = [[] for _ in range(max(depth) + 1)]
    for node in _as_read(links, count):
        columns[depth[node]].append(node)
    ways, slots = [], count
    for source, target in links:
        passed = range(depth[source] + 1, depth[target])
        ways.append([source, *range(slots, slots + len(passed)), target])
        for column in passed:
            columns[column].append(slots)
            slots += 1
    return columns, ways


def _as_read(links: Sequence[Link], count: int) -> list[int]:
    """The nodes as the formula is read from left to right."""
    order: list[int] = []

    def visit(node: int) -> None:
        for source, target in links:
            if target == node and source not in order:
                visit(source)
        order.append(node)

    visit(count - 1)
    return order


def _neighbours(steps: Sequence[Link]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """To the left and to the right of each card and slot."""
    left: dict[int, list[int]] = {}
    right: dict[int, list[int]] = {}
    for source, target in steps:
        left.setdefault(target, []).append(source)
        right.setdefault(source, []).append(target)
    return left, right


def _with_few_crossings(columns: Sequence[Sequence[int]], steps: Sequence[Link]) -> list[list[int]]:
    """The columns ordered by barycentres and by swapping neighbours, sweep after sweep: the best order seen."""
    left, right = _neighbours(steps)
    now = [list(column) for column in columns]
    best, fewest = [list(column) for column in now], _crossings(now, right)
    for sweep in range(SWEEPS):
        onward = sweep % 2 == 0
        sides = left if onward else right
        ranks = _ranks(now)
        for column in now if onward else reversed(now):
            centres = {v: sum(ranks[u] for u in sides[v]) / len(sides[v]) for v in column if v in sides}
            column.sort(key=lambda v: centres.get(v, float(ranks[v])))
            ranks |= {v: k for k, v in enumerate(column)}
        for column in now:
            for k in range(len(column) - 1):
                u, v = column[k], column[k + 1]
                as_is, swapped = (
                    sum(_crossed(a, b, around, ranks) for around in (left, right)) for a, b in ((u, v), (v, u))
                )
                if swapped < as_is:
                    column[k], column[k + 1] = v, u
                    ranks[u], ranks[v] = ranks[v], ranks[u]
        crossings = _crossings(now, right)
        if crossings < fewest:
            best, fewest = [list(column) for column in now], crossings
        if fewest == 0:
            break
    return best


def _ranks(columns: Sequence[Sequence[int]]) -> dict[int, int]:
    """Which of its column each card or slot is, from above."""
    return {v: k for column in columns for k, v in enumerate(column)}


def _crossed(upper: int, lower: int, around: dict[int, list[int]], ranks: dict[int, int]) -> int:
    """How often the lines of two of a column, one above the other, cross at one side."""
    return sum(ranks[a] > ranks[b] for a in around.get(upper, ()) for b in around.get(lower, ()))


def _crossings(columns: Sequence[Sequence[int]], right: dict[int, list[int]]) -> int:
    ranks = _ranks(columns)
    return sum(_crossed(u, v, right, ranks) for column in columns for u, v in combinations(column, 2))


def _drawn(
    columns: Sequence[Sequence[int]],
    ways: Sequence[Sequence[int]],
    steps: Sequence[Link],
    sizes: Sequence[tuple[float, float]],
    messages: Sequence[int],
) -> _Layout:
    """The layout of columns in this order."""
    count = len(sizes)
    heights = {v: sizes[v][1] if v < count else SLOT for column in columns for v in column}
    y = _levels(columns, steps, heights, set(range(count, len(heights))))
    widths = [max((sizes[v][0] for v in column if v < count), default=0.0) for column in columns]
    room = (ROOMY - 2 * MARGIN - sum(widths)) / max(len(columns) - 1, 1)
    gap = min(max(room, NARROWEST_GAP), WIDEST_GAP)
    x, edge = [], MARGIN
    for width in widths:
        x.append(edge + width / 2)
        edge += width + gap
    column_of = {v: c for c, column in enumerate(columns) for v in column}
    ports = _ports(steps, y, count)
    routes: list[list[Point]] = []
    for way in ways:
        points = []
        for k, v in enumerate(way):
            c = column_of[v]
            if k > 0:
                points.append((x[c] - widths[c] / 2, y[v] + ports.get((way[k - 1], v, v), 0.0)))
            if k < len(way) - 1:
                points.append((x[c] + widths[c] / 2, y[v] + ports.get((v, way[k + 1], v), 0.0)))
        routes.append(points)
    centres = [(x[column_of[v]], y[v]) for v in range(count)]
    cards = [
        (cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
        for (cx, cy), (width, height) in zip(centres, sizes, strict=True)
    ]
    spots = _spots(routes, cards, messages)
    layout = _Layout(centres, routes, spots, edge - gap + MARGIN, max(card[3] for card in cards) + MARGIN)
    return _grown(layout)


def _grown(layout: _Layout) -> _Layout:
    """The layout moved and made higher so that its lines and numbers are within it."""
    ys = [y for route in layout.routes for _, y in route] + [spot.y for spot in layout.spots if spot is not None]
    top = max(0.0, LINE_HEIGHT + MARGIN / 2 - min(ys))
    return _Layout(
        [(x, y + top) for x, y in layout.centres],
        [[(x, y + top) for x, y in route] for route in layout.routes],
        [None if spot is None else Spot(spot.x, spot.y + top, spot.anchor) for spot in layout.spots],
        layout.width,
        max(layout.height, max(ys) + LINE_HEIGHT) + top,
    )


def _levels(
    columns: Sequence[Sequence[int]], steps: Sequence[Link], heights: dict[int, float], slots: set[int]
) -> dict[int, float]:
    """The y of each card and slot: as near to its neighbours as the order of its column and the gaps allow."""
    left, right = _neighbours(steps)
    y: dict[int, float] = {}
    for column in columns:
        offsets = _offsets(column, heights, slots)
        y |= {v: offset - offsets[-1] / 2 for v, offset in zip(column, offsets, strict=True)}
    for sweep in range(4 * SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            offsets = _offsets(column, heights, slots)
            wishes, weights = [], []
            for v, offset in zip(column, offsets, strict=True):
                around = [*left.get(v, ()), *right.get(v, ())]
                pulls = [STRAIGHT if v in slots or u in slots else 1.0 for u in around]
                total = sum(pulls)
                wish = sum(pull * y[u] for pull, u in zip(pulls, around, strict=True)) / total if around else y[v]
                wishes.append(wish - offset)
                weights.append(total or 1.0)
            for v, place, offset in zip(column, _increasing(wishes, weights), offsets, strict=True):
                y[v] = place + offset
    top = min(y[v] - heights[v] / 2 for v in y)
    return {v: place - top + MARGIN for v, place in y.items()}


def _offsets(column: Sequence[int], heights: dict[int, float], slots: set[int]) -> list[float]:
    """How far below the first one each card or slot of a column stands at least."""
    offsets = [0.0]
    for upper, lower in pairwise(column):
        apart = BETWEEN_CARDS * (0.4 if upper in slots or lower in slots else 1.0)
        offsets.append(offsets[-1] + (heights[upper] + heights[lower]) / 2 + apart)
    return offsets


def _increasing(wishes: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The numbers, none less than the one before, that are nearest to `wishes` in weighted squares."""
    pools: list[tuple[float, float, int]] = []
    for wish, weight in zip(wishes, weights, strict=True):
        mean, total, size = wish, weight, 1
        while pools and pools[-1][0] > mean:
            other, more, members = pools.pop()
            mean = (mean * total + other * more) / (total + more)
            total, size = total + more, size + members
        pools.append((mean, total, size))
    return [mean for mean, _, size in pools for _ in range(size)]


def _ports(steps: Sequence[Link], y: dict[int, float], count: int) -> dict[tuple[int, int, int], float]:
    """(source, target, which of them) → how far above or below its middle a line leaves or enters a card."""
    left, right = _neighbours(steps)
    ports = {}
    for sides, is_source in ((left, False), (right, True)):
        for v, around in sides.items():
            if v >= count:
                continue
            spread = min(14.0, (CARD_HEIGHT - 20) / max(len(around) - 1, 1))
            for k, u in enumerate(sorted(around, key=lambda u: y[u])):
                link = (v, u) if is_source else (u, v)
                ports[*link, v] = (k - (len(around) - 1) / 2) * spread
    return ports


def _spots(routes: Sequence[Sequence[Point]], cards: Sequence[Box], messages: Sequence[int]) -> list[Spot | None]:
    """A place for the number of each edge: on no card or number, and on few lines.

    A node that gets several messages needs all their numbers. Where only one comes, its number is the card's
    gradient, and finds a place only if one is quite free; a level edge has its own, above and below its middle.
    """
    lines = [line for route in routes for line in pairwise(route)]
    taken: list[Box] = []
    spots: list[Spot | None] = [None] * len(routes)
    order = sorted((k for k, count in enumerate(messages) if count), key=lambda k: messages[k] == 1)
    for k in order:
        route, must = routes[k], messages[k] > 1
        if not must and len(route) == 2 and abs(route[0][1] - route[1][1]) < 1:
            taken += [label_box(spot) for spot in islice(_candidates(route), 2)]
            continue
        best: tuple[int, int, Spot] | None = None
        for spot in _candidates(route):
            left, top, right, bottom = label_box(spot)
            more = 0.0 if must else LETTER_WIDTH  # as much as a card grows for a number such as 9.506·10⁻¹⁰²
            box = (left - more, top, right + more, bottom)
            solid = sum(_overlap(box, other) for other in (*cards, *taken))
            if best is not None and solid > best[0]:
                continue
            crossed = sum(_meets(box, line) for line in lines)
            if best is None or (solid, crossed) < best[:2]:
                best = (solid, crossed, spot)
            if best[:2] == (0, 0):
                break
        assert best is not None  # every line has a middle
        if must or best[:2] == (0, 0):
            taken.append(label_box(best[2]))
            spots[k] = best[2]
    return spots


def _candidates(route: Sequence[Point]) -> Iterator[Spot]:
    """Places beside a line: first at the middle of its parts, then nearer to their ends."""
    for share in SHARES:
        for (x1, y1), (x2, y2) in sorted(pairwise(route), key=lambda part: part[0][0] - part[1][0]):
            x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
            rise, run = abs(y2 - y1), max(abs(x2 - x1), 1.0)
            away = LABEL_GAP + LINE_HEIGHT / 2
            climb = rise / run * LABEL_WIDTH / 2
            yield Spot(x, y - away - climb)
            yield Spot(x, y + away + climb)
            aside = LABEL_GAP + run / max(rise, 1.0) * LINE_HEIGHT / 2
            if aside < LABEL_WIDTH:
                yield Spot(x + aside, y, "start")
                yield Spot(x - aside, y, "end")


def label_box(spot: Spot) -> Box:
    """The room that a number takes at a spot."""
    left = spot.x - {"start": 0.0, "middle": LABEL_WIDTH / 2, "end": LABEL_WIDTH}[spot.anchor]
    return left, spot.y - LINE_HEIGHT / 2, left + LABEL_WIDTH, spot.y + LINE_HEIGHT / 2


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _meets(box: Box, line: tuple[Point, Point]) -> bool:
    """Whether a line from left to right passes through a box."""
    (x1, y1), (x2, y2) = line
    left, right = max(box[0], x1), min(box[2], x2)
    if left >= right:
        return False
    at = [y1 + (x - x1) / max(x2 - x1, 1e-9) * (y2 - y1) for x in (left, right)]
    return min(at) < box[3] and max(at) > box[1]
