"""What a network of page 23.1 computes, as pictures: its surface over the square, and its neurons at one input."""

import numpy as np

from nnlib.chapter23.gates import CORNERS, is_right, output_surface
from nnlib.network import Network, Trace
from pages.ex23_1.controls import controls
from pages.ex23_1.network_drawing import Neuron, draw_network
from pages.ex23_1.surface_drawing import Corner, Line, draw_surface
from pages.shared.numbers import RIGHT, WRONG, number

LOW, HIGH, POINTS = -0.25, 1.25, 64  # of the surface
HIDDEN_LINES = ["h₁ = ½", "h₂ = ½"]
INPUTS = ["00", "01", "10", "11"]  # one for each of CORNERS
INPUT_NAMES = "x₁,\u00a0x₂"  # not to be broken over two lines
ROWS = [f"{x1:g},\u00a0{x2:g}" for x1, x2 in CORNERS]


def verdict(network: Network, targets: np.ndarray, gate: str = "") -> str:
    """How many rows are right, such as "✓ 4 of 4 rows of XNOR are right"."""
    right = is_right(network.predict_proba(CORNERS), targets)
    of_gate = f" of {gate}" if gate else ""
    return f"{RIGHT if right.all() else WRONG} {right.sum()} of 4 rows{of_gate} are right"


def show_surface(network: Network, targets: np.ndarray, name: str, names: list[str], title: str) -> None:
    """The output over the square with the first layer's lines, and its description in numbers."""
    corners = _marked_corners(network.predict_proba(CORNERS), targets)
    draw_surface(
        output_surface(network, LOW, HIGH, POINTS),
        LOW,
        HIGH,
        _half_lines(network, names),
        corners,
        key=controls.key(name),
        title=title,
        description=" ".join(
            f"At ({c.x:g}, {c.y:g}) {c.text}, {'right' if c.right else 'wrong'}." for c in corners
        ),
    )


def _marked_corners(outputs: np.ndarray, targets: np.ndarray) -> list[Corner]:
    """The four inputs as points: filled where the target is 1, ticked where the output is on its side of ½."""
    right = is_right(outputs, targets)
    return [
        Corner(x1, x2, bool(target > 0.5), bool(ok), RIGHT if ok else WRONG, f"y = {number(y)}")
        for (x1, x2), y, target, ok in zip(CORNERS, outputs.ravel(), targets.ravel(), right.ravel(), strict=True)
    ]


def _half_lines(network: Network, names: list[str]) -> list[Line]:
    """The line z = 0, where the output is ½, of each neuron of the first layer."""
    layer = network.dense[0]
    return [
        Line(name, float(layer.W[0, j]), float(layer.W[1, j]), float(layer.b[j]), broken=j == 1)
        for j, name in enumerate(names)
    ]


def show_network(network: Network, trace: Trace, row: int) -> None:
    """The network's neurons with their values at one of the four inputs, and its weights."""
    z, h = [layer[row] for layer in trace.z], [layer[row] for layer in trace.h]
    layers = [[Neuron(f"x{'₁₂'[i]}", x, f"The input x{'₁₂'[i]} = {number(x)}.") for i, x in enumerate(h[0])]]
    for t, names in enumerate([["h₁", "h₂"], ["y"]], start=1):
        W, b = network.dense[t - 1].W, network.dense[t - 1].b
        sums = [
            _sum_in_numbers(name, z[t - 1][j], W[:, j], h[t - 1], b[j], h[t][j]) for j, name in enumerate(names)
        ]
        layers.append([Neuron(name, h[t][j], sums[j], bias=float(b[j])) for j, name in enumerate(names)])
    draw_network(
        layers,
        [layer.W for layer in network.dense],
        key=controls.key("network"),
        title=f"The network at x₁ = {INPUTS[row][0]}, x₂ = {INPUTS[row][1]}",
    )


def _sum_in_numbers(
    name: str, z: float, weights: np.ndarray, inputs: np.ndarray, bias: float, output: float
) -> str:
    """A neuron's sum, such as h₁ = σ(z) with z = (20.00) · 1.000 + … + (−30.00) = 10.00, so h₁ = 1.000."""
    products = " + ".join(f"({number(w)}) · {number(x)}" for w, x in zip(weights, inputs, strict=True))
    return f"{name} = σ(z) with z = {products} + ({number(bias)}) = {number(z)}, so {name} = {number(output)}."
