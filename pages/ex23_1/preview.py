"""Home's picture of exercise 23.1."""

from nnlib.chapter23.gates import CORNERS, GATES, gate_network, output_surface, solution
from pages.shared.preview import EDGE, HEIGHT, WIDTH, Mark, place_x, place_y, show_preview


def draw() -> None:
    """The book's network over the square of inputs: high in two opposite corners."""
    low, high, points = -0.25, 1.25, 20
    outputs = output_surface(gate_network(solution("XNOR")), low, high, points)
    wide, tall = (WIDTH - 2 * EDGE) / points, (HEIGHT - 2 * EDGE) / points
    marks: list[Mark] = [
        {
            "tag": "rect",
            "class": "area forward",
            "x": round(EDGE + column * wide, 1),
            "y": round(HEIGHT - EDGE - (row + 1) * tall, 1),
            "width": round(wide, 1),
            "height": round(tall, 1),
            "shape-rendering": "crispEdges",
            "fill-opacity": round(0.04 + 0.46 * outputs[row, column], 3),
        }
        for row in range(points)
        for column in range(points)
    ]
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
