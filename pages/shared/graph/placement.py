"""Where the nodes of a computation graph stand, and from that its lines and the places of its numbers."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from nnlib.graph import Edge, Node

# in pixels of the drawing
RADIUS = 17.0
STUB = 60.0  # length of the arrow that leaves the output
STUB_MARGIN = 8.0  # from its tip to the drawing's edge
LINE_HEIGHT = 15.0
LETTER_WIDTH = 7.0  # of the numbers, on average
LABEL_GAP = 6.0  # between an edge and its numbers
STEEP = 0.6  # from this slope on the numbers of an edge stand at one side of it

Point = tuple[float, float]


@dataclass(frozen=True)
class Placement:
    """Where the nodes of one graph stand, in pixels of a drawing that is scaled to its place.

    Attributes
    ----------
    positions : node label → centre (x, y)
    width, height : of the whole drawing
    captions : node label → name written by its circle, where the sign in the circle does not tell
    caption_shifts : node label → (x, y) of the caption relative to the centre; default above
    label_shares : edge name → where its numbers stand, 0 at the source and 1 at the target; default one half
    labels_at_left : names of steep edges whose numbers stand at their left, not at their right
    minimum : width in pixels on screen below which the drawing scrolls in its box; default 85 % of `width`
    """

    positions: Mapping[str, Point]
    width: float
    height: float
    captions: Mapping[str, str] = field(default_factory=dict)
    caption_shifts: Mapping[str, Point] = field(default_factory=dict)
    label_shares: Mapping[str, float] = field(default_factory=dict)
    labels_at_left: Collection[str] = ()
    minimum: float | None = None

    def caption_shift(self, node: Node) -> Point:
        """Where the node's caption stands, relative to its centre."""
        return self.caption_shifts.get(node.label, (0.0, -RADIUS - 6))

    def line(self, edge: Edge) -> list[float]:
        """[x₁, y₁, x₂, y₂] of the edge, from the rim of one circle to the rim of the other."""
        (x1, y1), (x2, y2) = self._ends(edge)
        length = max(math.hypot(x2 - x1, y2 - y1), 1.0)
        dx, dy = (x2 - x1) / length * RADIUS, (y2 - y1) / length * RADIUS
        return [x1 + dx, y1 + dy, x2 - dx, y2 - dy]

    def labels(self, edge: Edge, texts: Sequence[str]) -> dict[str, object]:
        """Where the edge's numbers stand: its value, and below each other the lines of its message."""
        side = "left" if edge.name in self.labels_at_left else "right"
        return _beside(*self._ends(edge), self.label_shares.get(edge.name, 0.5), side, texts)

    def output_line(self, output: Node) -> list[float]:
        """[x₁, y₁, x₂, y₂] of the arrow that leaves the output."""
        x, y = self.positions[output.label]
        return [x + RADIUS, y, x + RADIUS + STUB - STUB_MARGIN, y]

    def output_labels(self, output: Node, texts: Sequence[str]) -> dict[str, object]:
        """Where the numbers of that arrow stand."""
        x, y = self.positions[output.label]
        return _beside((x + RADIUS, y), (x + RADIUS + STUB, y), 0.5, "right", texts)

    def _ends(self, edge: Edge) -> tuple[Point, Point]:
        return self.positions[edge.source.label], self.positions[edge.target.label]


def _beside(start: Point, stop: Point, share: float, side: str, texts: Sequence[str]) -> dict[str, object]:
    """Where the numbers of a line stand so that it crosses none of them, and looks like no minus sign.

    On a line that is nearly level, the forward value stands above it and the message below it. On a steep one all
    stand at one side.
    """
    (x1, y1), (x2, y2) = start, stop
    x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
    rise, run = abs(y2 - y1), abs(x2 - x1)
    if rise > STEEP * run:
        away = LABEL_GAP + run / rise * 1.5 * LINE_HEIGHT
        first = y - (len(texts) - 1) / 2 * LINE_HEIGHT + 5
        return {
            "side": side,
            "x": x - away if side == "left" else x + away,
            "forward_y": first,
            "backward_y": first + LINE_HEIGHT,
        }
    widths = [len(text) * LETTER_WIDTH for text in texts]
    climb = rise / max(run, 1.0) / 2  # half a text's width further the line is so much higher
    return {
        "side": "middle",
        "x": x,
        "forward_y": y - LABEL_GAP - climb * widths[0],
        "backward_y": y + LABEL_GAP + 10 + climb * max(widths[1:], default=0.0),
    }
