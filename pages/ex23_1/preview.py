"""Home's picture of exercise 23.1."""

from typing import Any

import numpy as np

from nnlib.activations import sigmoid
from nnlib.chapter23.gates import CORNERS, GATES, gate_network, output_surface, solution
from pages.shared.pictures import inline_png
from pages.shared.preview import EDGE, HEIGHT, WIDTH, Mark, curve, place_x, place_y, show_preview

BLUE = (42, 140, 199)  # as a colour of both themes
LOW, HIGH, POINTS = -0.25, 1.25, 160  # of both squares


def draw() -> None:
    """The square of inputs, shaded by the output, which folds into that of h₁ and h₂ under the pointer."""
    network = gate_network(solution("XNOR"))
    axis, (w1, w2, b) = np.linspace(LOW, HIGH, POINTS), solution("XNOR")[6:]
    before = output_surface(network, LOW, HIGH, POINTS)
    after = sigmoid(w1 * axis + w2 * axis[:, None] + b)
    marks: list[Mark] = [_sheet(before) | {"opacity": 1, "to": {"opacity": 0}}]
    marks.append(_sheet(after) | {"opacity": 0, "to": {"opacity": 1}})

    def fold(x: np.ndarray) -> np.ndarray:
        hidden: np.ndarray = network.trace(x, np.zeros((len(x), 1))).h[1]
        return hidden

    along = np.linspace(0, 1, 25)
    for u in np.linspace(0, 1, 6):
        still = np.full_like(along, u)
        for x in (np.column_stack([still, along]), np.column_stack([along, still])):
            start, end = (curve("thread", *_place(points)) for points in (x, fold(x)))
            marks.append(start | {"to": {"points": end["points"]}})
    half = curve("neutral", *_place(np.array([[LOW, 0.5 - LOW], [0.5 - LOW, LOW]])))
    marks.append(half | {"opacity": 0, "to": {"opacity": 1}})
    for target, (x1, y1), (x2, y2) in zip(
        GATES["XNOR"], zip(*_place(CORNERS), strict=True), zip(*_place(fold(CORNERS)), strict=True), strict=True
    ):
        place = {"x": x1, "y": y1 + 5, "to": {"x": x2, "y": y2 + 5}}
        marks.append({"tag": "text", "class": "corner", "text": f"{target}", **place})
    show_preview(
        marks,
        "The output of the XNOR network: near 1 around (0, 0) and (1, 1), near 0 around the other two corners. "
        "Under the pointer the square folds, until one straight line parts the corners.",
        "ex23_1",
    )


def _place(points: np.ndarray) -> tuple[Any, Any]:
    """Where points of a square stand in the picture."""
    return place_x(points[:, 0], LOW, HIGH), place_y(points[:, 1], LOW, HIGH)


def _sheet(outputs: np.ndarray) -> Mark:
    """A shade over the whole square: the more, the nearer to 1."""
    opacity = (255 * (0.04 + 0.5 * outputs[::-1])).astype(np.uint8)
    image = np.dstack([np.broadcast_to(np.uint8(part), outputs.shape) for part in BLUE] + [opacity])
    size = {"width": WIDTH - 2 * EDGE, "height": HEIGHT - 2 * EDGE, "preserveAspectRatio": "none"}
    return {"tag": "image", "href": inline_png(image), "x": EDGE, "y": EDGE, **size}
