"""Home's picture of exercise 23.1."""

import numpy as np

from nnlib.chapter23.gates import CORNERS, GATES, gate_network, output_surface, solution
from pages.shared.pictures import inline_png
from pages.shared.preview import EDGE, HEIGHT, WIDTH, Mark, place_x, place_y, show_preview

BLUE = (42, 140, 199)  # as a colour of both themes


def draw() -> None:
    """The book's network over the square of inputs: high in two opposite corners."""
    low, high = -0.25, 1.25
    outputs = output_surface(gate_network(solution("XNOR")), low, high, points=160)
    opacity = (255 * (0.04 + 0.5 * outputs[::-1])).astype(np.uint8)
    sheet = inline_png(np.dstack([np.broadcast_to(np.uint8(part), outputs.shape) for part in BLUE] + [opacity]))
    size = {"width": WIDTH - 2 * EDGE, "height": HEIGHT - 2 * EDGE, "preserveAspectRatio": "none"}
    marks: list[Mark] = [{"tag": "image", "href": sheet, "x": EDGE, "y": EDGE, **size}]
    marks += [
        {
            "tag": "text",
            "class": "corner",
            "x": place_x(x1, low, high),
            "y": place_y(x2, low, high) + 5,
            "text": f"{target}",
        }
        for (x1, x2), target in zip(CORNERS, GATES["XNOR"], strict=True)
    ]
    show_preview(
        marks,
        "The output of the XNOR network: near 1 around (0, 0) and (1, 1), near 0 around the other two corners.",
        "ex23_1",
    )
