"""Home's small pictures: each drawn with `nnlib` from the settings its page begins with.

They are plain SVG. With charts, home would wait for Altair in Python and for Vega in the browser.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from nnlib.activations import sigmoid, sigmoid_derivative, softmax
from nnlib.chapter23.batch_norm import forward
from nnlib.chapter23.dropout import draw_masks, running_means, thinned_counts, training_output
from nnlib.chapter23.gates import CORNERS, GATES, gate_network, output_surface, solution
from nnlib.datasets import mnist_pictures
from nnlib.losses import binary_cross_entropy_elements
from pages.shared.numbers import number
from pages.shared.pictures import digit_image, inline_png
from pages.shared.starts import BETA, GAMMA, START_H, START_Z
from pages.shared.svg.component import drawing

WIDTH, HEIGHT, EDGE = 320, 120, 8
DIGITS = 4

_draw = drawing(__file__, has_parts=False)

Mark = dict[str, Any]  # an SVG element: its tag, its class and its attributes


def _show(marks: Iterable[Mark], text: str, key: str) -> None:
    """Draw the marks; `text` says what they show to a reader who cannot see them."""
    # a tuple: Streamlit loads pandas to see whether a list is a table
    data = {"width": WIDTH, "height": HEIGHT, "description": text, "title": "", "marks": tuple(marks)}
    _draw(key=f"preview_{key}", data=data)


def _u(x: np.ndarray | float, low: float, high: float) -> Any:
    """Where x stands between the picture's left edge, `low`, and its right, `high`."""
    return np.round(EDGE + (np.asarray(x) - low) / (high - low) * (WIDTH - 2 * EDGE), 1).tolist()


def _v(y: np.ndarray | float, low: float, high: float) -> Any:
    """Where y stands between the picture's lower edge, `low`, and its upper, `high`."""
    return np.round(HEIGHT - EDGE - (np.asarray(y) - low) / (high - low) * (HEIGHT - 2 * EDGE), 1).tolist()


def _curve(meaning: str, u: Iterable[float], v: Iterable[float], broken: bool = False) -> Mark:
    """A line through points of the picture."""
    points = " ".join(f"{left},{top}" for left, top in zip(u, v, strict=True))
    return {"tag": "polyline", "class": f"curve {meaning} {'broken' if broken else ''}", "points": points}


def xnor() -> None:
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
        {"tag": "text", "class": "corner", "x": _u(x1, low, high), "y": _v(x2, low, high) + 5, "text": f"{target}"}
        for (x1, x2), target in zip(CORNERS, GATES["XNOR"], strict=True)
    ]
    _show(
        marks,
        "The output of the XNOR network: near 1 around (0, 0) and (1, 1), near 0 around the other two corners.",
        "xnor",
    )


def multilabel_loss() -> None:
    """The loss of one output over p, for a label that applies and for one that does not."""
    p = np.linspace(0.01, 0.99, 60)
    losses = [binary_cross_entropy_elements(p[None], np.full((1, p.size), y))[0] for y in (1.0, 0.0)]
    top = max(loss.max() for loss in losses)
    _show(
        [
            _curve("forward", _u(p, 0, 1), _v(loss, 0, top), broken=broken)
            for loss, broken in zip(losses, (False, True), strict=True)
        ],
        "Two curves of the loss over p: one falls as p grows (the label applies), one rises (it does not).",
        "multilabel",
    )


def mnist() -> None:
    """The first digits of MNIST's own test set."""
    pictures, digits = mnist_pictures(DIGITS)
    room = (WIDTH - 2 * EDGE) / DIGITS
    side = room - 2 * EDGE
    marks = [
        {
            "tag": "image",
            "href": inline_png(digit_image(pixels, (28, 28), 255)),
            "x": 2 * EDGE + k * room,
            "y": (HEIGHT - side) / 2,
            "width": side,
        }
        for k, pixels in enumerate(pictures)
    ]
    _show(marks, f"Handwritten digits: {', '.join(f'{digit}' for digit in digits)}.", "mnist")


def sigmoid_graph() -> None:
    """σ and its slope."""
    z = np.linspace(-8, 8, 60)
    h = sigmoid(z)
    _show(
        [
            _curve(meaning, _u(z, -8, 8), _v(values, 0, 1))
            for meaning, values in (("forward", h), ("gradient", sigmoid_derivative(h)))
        ],
        "The sigmoid rising from 0 to 1, and its slope, a bell around z = 0.",
        "sigmoid",
    )


def softmax_graph() -> None:
    """Probabilities of three classes, and p − y beside each."""
    p = softmax(np.array([1.0, 2.0, 0.5]))
    y = np.array([0.0, 1.0, 0.0])
    wide, low, high = 15, -0.5, 0.8

    def bar(meaning: str, left: float, value: float) -> Mark:
        """From 0 up or down to a value."""
        top, bottom = _v(max(value, 0), low, high), _v(min(value, 0), low, high)
        place = {"x": left, "y": top, "width": wide, "height": bottom - top}
        return {"tag": "rect", "class": f"area {meaning}", **place}

    middles = [WIDTH * (2 * k + 1) / 6 for k in range(3)]
    text = ", ".join(f"class {k + 1}: p = {p[k]:.2f}, p − y = {p[k] - y[k]:.2f}" for k in range(3))
    _show(
        [bar("forward", middle - wide - 1, p[k]) for k, middle in enumerate(middles)]
        + [bar("gradient", middle + 1, p[k] - y[k]) for k, middle in enumerate(middles)],
        f"Bars of p and of its gradient p − y. {text}.".replace("-", "−"),
        "softmax",
    )


def batch_norm() -> None:
    """The batch page 23.6 begins with: z, z̄ and z̃ one below the other, each sample joined from row to row."""
    passed = forward(START_Z[:5], GAMMA, BETA)
    rows = {"z": passed.z, "z̄": passed.z_bar, "z̃": passed.z_tilde}
    values = np.array(list(rows.values()))
    u, v = _u(values, values.min() - 0.1, values.max() + 0.1), _v(np.array([2.0, 1.0, 0.0]), -0.1, 2.1)
    joined: list[Mark] = [_curve("forward", sample, v) for sample in zip(*u, strict=True)]
    dots: list[Mark] = [
        {"tag": "circle", "class": "area forward", "cx": place, "cy": height, "r": 4.5}
        for row, height in zip(u, v, strict=True)
        for place in row
    ]
    text = "; ".join(f"{name}: {', '.join(number(value) for value in row)}" for name, row in rows.items())
    _show(joined + dots, f"Five samples before and after batch normalisation. {text}.", "batch_norm")


def dropout() -> None:
    """The running mean of the first neuron's inverted dropout, around its exact mean h."""
    h, masks = float(START_H[0]), 300
    outputs = training_output(START_H[:1], draw_masks(masks, 1, 0.5, random_state=0), 0.5)
    counts = thinned_counts(masks, 60)
    u = _u(np.log(counts), 0, np.log(masks))
    means, reach = running_means(outputs, counts)[:, 0], 2 * h / np.sqrt(counts)
    low, high = -h, 3 * h

    def clipped(values: np.ndarray) -> list[float]:
        """Heights, kept within the picture."""
        return list(_v(np.clip(values, low, high), low, high))

    band = _curve("neutral", [*u, *u[::-1]], [*clipped(h + reach), *clipped(h - reach)[::-1]])
    area = band | {"tag": "polygon", "class": "area neutral", "fill-opacity": 0.15}
    exact = _curve("neutral", [u[0], u[-1]], clipped(np.array([h, h])), broken=True)
    _show(
        [area, _curve("forward", u, clipped(means)), exact],
        f"The mean over more and more masks closes in on h = {number(h)}.",
        "dropout",
    )
