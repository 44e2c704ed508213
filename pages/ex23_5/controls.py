"""What the reader of page 23.5 sets, the graphs this makes, and the same in Python."""

import math
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.graphs import folded_softmax_graph, softmax_graph
from nnlib.graph import Graph
from nnlib.notation import subscript
from pages.shared.controls import Controls
from pages.shared.graph.blanks import is_known
from pages.shared.graph.model import differentiated
from pages.shared.graph.strip import choose_more, plant_a_mistake, side_by_side
from pages.shared.numbers import number

CONTROLS = Controls("ex23_5")
CLASSES = [subscript(k) for k in (1, 2, 3)]
X, Y = [k / 10 for k in range(-50, 51)], [k / 20 for k in range(21)]  # what their sliders can be set to
LABELS = {
    "mostly class 2": (0.1, 0.7, 0.2),
    "class 1": (1.0, 0.0, 0.0),
    "class 2": (0.0, 1.0, 0.0),
    "class 3": (0.0, 0.0, 1.0),
    "sum to 2": (0.5, 1.0, 0.5),
    "soft": None,
}
MISTAKES = {
    "none": "none",
    "y₃ for y₂, as in the printed solution": "as printed",
    "no branch through S": "forgotten branch",
    "wrong sign of −1/S²": "wrong sign",
}


@dataclass(frozen=True)
class Chosen:
    """Three net inputs x, three labels y, the planted mistake by its name in `nnlib`, whether it is folded."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    mistake: str = "none"
    folded: bool = False

    @property
    def total(self) -> float:
        """Σy."""
        return math.fsum(self.y)

    @property
    def sums_to_one(self) -> bool:
        """Whether the labels do, as the book's formulas need."""
        return math.isclose(self.total, 1.0, abs_tol=1e-9)

    def true_graph(self) -> Graph:
        """The graph, its backward pass made as it should be."""
        return differentiated(softmax_graph(self.x, self.y))

    def graph(self) -> Graph:
        """The graph on the stage, its backward pass made with the mistake."""
        if self.folded:
            return differentiated(folded_softmax_graph(self.x, self.y))
        return differentiated(softmax_graph(self.x, self.y, self.mistake))

    def code(self) -> str:
        """The lines of `nnlib` that make it."""
        planted = "" if self.mistake == "none" else f', mistake="{self.mistake}"'
        name = "folded_softmax_graph" if self.folded else "softmax_graph"
        return f"""from nnlib.chapter23.graphs import {name}, softmax_shortcut
from nnlib.activations import softmax

x, y = {list(self.x)!r}, {list(self.y)!r}
graph = {name}(x=x, y=y{planted})
graph.backward()

for edge in graph.backward_edges():
    factors = f"upstream {{edge.upstream:.4g}}, local {{edge.local:.4g}}"
    print(f"{{edge.way_back}}: {{factors}}, message {{edge.message:.4g}}")
L = graph.output.value
gradients = [graph.node(name).gradient for name in ("x₁", "x₂", "x₃")]
shortcut = softmax_shortcut(softmax(x), y)
print(f"L = {{L:.4g}}")
for k, (long, short) in enumerate(zip(gradients, shortcut), 1):
    print(f"∂L/∂x{{k}} = {{long:.4g}}, by the shortcut {{short:.4g}}")
print("All gradients agree with measured slopes:", graph.check_gradients().passes.all())
"""


def choose(is_hidden: bool, below: DeltaGenerator) -> Chosen:
    """Draw the controls, side by side; a mistake that an experiment hides is not named.

    Sliders for soft labels stand `below` the picture, which does not move when they come.
    """
    *columns, labels, more, fold, plant = side_by_side([8.2, 8.2, 8.2, 18, 9.5, 12.5, 13.5])
    x = [
        CONTROLS.slider(f"x{i}", f"Net input x{k}", X[0], X[-1], start, 0.1, place=column)
        for column, k, start, i in zip(columns, CLASSES, (1.0, 2.0, 0.5), (1, 2, 3), strict=True)
    ]
    label = CONTROLS.menu(
        "label",
        _name_of_labels(),
        list(LABELS),
        place=labels,
        help="The share that each class has in the truth. One-hot labels, as of *class 2* with 0, 1, 0, name one "
        "class; soft ones, such as 0.1, 0.7, 0.2 of *mostly class 2*, leave room for doubt. Both sum to 1.",
    )
    key = CONTROLS.key("folded")
    is_folded = st.session_state.get(key, st.query_params.get(key) == "true")
    folded = CONTROLS.toggle(
        "folded",
        "Fold into one node",
        place=fold,
        help="Off while a mistake is hidden."
        if is_hidden
        else "Folds softmax and loss into one node. It tells the answer, so draw the graph or ask for it first.",
        disabled=is_hidden or not (is_folded or is_known(CONTROLS)),  # hidden, it would show what is spoiled
    )
    mistakes = {"none": "none"} if folded else MISTAKES
    mistake = plant_a_mistake(CONTROLS, mistakes, plant, is_hidden, off="not in one node" if folded else "")
    choose_more(CONTROLS, more, {"folded": folded, "mistake": mistake != "none"})
    y = LABELS[label] or _choose_soft_labels(below)
    return Chosen(tuple(x), tuple(y), mistake, folded)


def _name_of_labels() -> str:
    """Of their menu, with the labels that are chosen."""
    key = CONTROLS.key("label")
    y = LABELS.get(st.session_state.get(key, st.query_params.get(key, next(iter(LABELS)))))
    if y is None:
        return "Soft labels, set below"
    kind = "One-hot labels" if sorted(y) == [0, 0, 1] else "Soft labels" if sum(y) < 1.5 else "Labels"
    return f"{kind}: {', '.join(map(number, y))}"


def _choose_soft_labels(place: DeltaGenerator) -> list[float]:
    *columns, words = place.columns([2, 2, 2, 3], gap="medium", vertical_alignment="center")
    words.caption("**Soft** labels spread the truth over the classes. The book's formulas need them to sum to 1.")
    return [
        CONTROLS.slider(f"y{i}", f"Label y{k}", Y[0], Y[-1], start, 0.05, place=column)
        for column, k, start, i in zip(columns, CLASSES, (0.2, 0.5, 0.3), (1, 2, 3), strict=True)
    ]
