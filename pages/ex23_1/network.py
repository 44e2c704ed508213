"""The network of the printed solution as a picture: its weights on the arrows, its biases under the neurons."""

from nnlib.chapter23.gates import solution
from pages.ex23_1.controls import controls
from pages.shared.numbers import number
from pages.shared.svg.component import drawing

NODES = {"x₁": (22, 50), "x₂": (22, 160), "h₁": (172, 50), "h₂": (172, 160), "y": (302, 105)}
GATES = {"h₁": "AND", "h₂": "NOR", "y": "OR"}
EDGES = [("x₁", "h₁"), ("x₁", "h₂"), ("x₂", "h₁"), ("x₂", "h₂"), ("h₁", "y"), ("h₂", "y")]  # as W⁽¹⁾, W⁽²⁾ by row

_draw = drawing(__file__, has_parts=False)


def draw_network() -> None:
    """Inputs at the left, y at the right; a broken arrow has a negative weight."""
    values: list[float] = solution("XNOR").tolist()
    weights, biases = [*values[:4], *values[6:8]], dict(zip(GATES, [*values[4:6], values[8]], strict=True))
    told = [f"{source} to {target} {number(w)}" for (source, target), w in zip(EDGES, weights, strict=True)]
    told += [f"bias of {name}, {GATES[name]}, {number(b)}" for name, b in biases.items()]
    _draw(
        key=controls.key("network"),
        data={
            "width": 338,
            "height": 210,
            "title": "The network of the printed solution",
            "description": f"The network of the printed solution: {', '.join(told)}.",
            "edges": [
                {"ends": [NODES[source], NODES[target]], "weight": number(w), "negative": w < 0}
                for (source, target), w in zip(EDGES, weights, strict=True)
            ],
            "nodes": [
                {
                    "name": name,
                    "at": at,
                    "gate": GATES.get(name, ""),
                    "bias": f"b = {number(biases[name])}" if name in biases else "",
                }
                for name, at in NODES.items()
            ],
        },
    )
