"""Draw a small network in the reader's theme: values in its neurons, weights on its edges."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pages.shared.numbers import number
from pages.shared.svg.component import drawing

RADIUS = 27.0
LAYER_GAP = 170.0
NEURON_GAP = 105.0
MARGIN = 46.0
WIDEST = 7.0  # pixels of the edge with the largest weight
LABEL_SHARE = 0.32  # where a weight stands on its edge: nearer the source, where crossing edges are apart

_draw = drawing(__file__)


@dataclass(frozen=True)
class Neuron:
    """One circle of the drawing.

    Attributes
    ----------
    name : such as "h₁", unique in the drawing
    value : its output, written in the circle; from 0 to 1 it also fills it
    about : a sentence shown when the reader points at it
    bias : its bias, or None for an input
    dropped : drawn with a broken ring, as for a neuron left out
    """

    name: str
    value: float
    about: str
    bias: float | None = None
    dropped: bool = False


def draw_network(layers: Sequence[Sequence[Neuron]], weights: Sequence[np.ndarray], key: str, title: str) -> None:
    """Draw a network, inputs at the left; a thicker line is a larger weight, a broken one a negative weight.

    Parameters
    ----------
    layers : neurons of each layer, from top to bottom
    weights : between each layer and the next, (m_t, m_{t+1})
    key : unique name on the page
    title : the drawing's accessible name

    Raises
    ------
    ValueError
        If the weights do not fit the layers.
    """
    shapes = [(len(a), len(b)) for a, b in pairwise(layers)]
    if shapes != [np.shape(W) for W in weights]:
        raise ValueError(f"weights must have shapes {shapes}, got {[np.shape(W) for W in weights]}")
    rows = max(map(len, layers))
    height = 2 * MARGIN + 2 * RADIUS + (rows - 1) * NEURON_GAP - 10
    places = [
        [
            (MARGIN + t * LAYER_GAP, MARGIN + RADIUS - 8 + (rows - len(layer)) * NEURON_GAP / 2 + k * NEURON_GAP)
            for k in range(len(layer))
        ]
        for t, layer in enumerate(layers)
    ]
    largest = max((float(np.abs(W).max()) for W in weights), default=0.0) or 1.0
    edges = [
        {
            "line": [*places[t][i], *places[t + 1][j]],
            "at": _between(places[t][i], places[t + 1][j]),
            "weight": number(W[i, j]),
            "width": 0.75 + (WIDEST - 0.75) * abs(float(W[i, j])) / largest,
            "negative": bool(W[i, j] < 0),
        }
        for t, W in enumerate(weights)
        for i in range(W.shape[0])
        for j in range(W.shape[1])
    ]
    neurons = [
        {
            "name": neuron.name,
            "x": x,
            "y": y,
            "value": number(neuron.value),
            "fill": round(0.75 * min(max(neuron.value, 0.0), 1.0), 3),
            "bias": "" if neuron.bias is None else f"b = {number(neuron.bias)}",
            "about": neuron.about,
            "dropped": neuron.dropped,
        }
        for layer, layer_places in zip(layers, places, strict=True)
        for neuron, (x, y) in zip(layer, layer_places, strict=True)
    ]
    _draw(
        key=key,
        data={
            "width": 2 * MARGIN + (len(layers) - 1) * LAYER_GAP,
            "height": height,
            "radius": RADIUS,
            "title": title,
            "description": f"{title}. Arrow keys go from neuron to neuron. The table holds the same numbers.",
            "about": "Point at a neuron, or reach it with Tab and the arrow keys, to see its sum.",
            "neurons": neurons,
            "edges": edges,
        },
    )


def _between(start: tuple[float, float], stop: tuple[float, float]) -> list[float]:
    return [a + LABEL_SHARE * (b - a) for a, b in zip(start, stop, strict=True)]
