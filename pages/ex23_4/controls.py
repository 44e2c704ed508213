"""What the reader of page 23.4 sets, the graph this makes, and the same in Python."""

from dataclasses import dataclass

from nnlib.chapter23.graphs import SIGMOID_LOSSES, sigmoid_graph
from nnlib.graph import Graph
from pages.shared.controls import Controls
from pages.shared.graph.model import differentiated
from pages.shared.graph.strip import choose_more, plant_a_mistake, side_by_side

CONTROLS = Controls("ex23_4")
Z, Y = [k / 10 for k in range(-100, 101)], [k / 20 for k in range(21)]  # what their sliders can be set to
MISTAKES = {
    "none": "none",
    "forgotten σ′": "forgotten σ′",
    "∂L/∂f twice, as in the printed solution": "as printed",
    "wrong sign of ∂L/∂f": "wrong sign",
}


@dataclass(frozen=True)
class Chosen:
    """Net input z, label y, the loss, the planted mistake by its name in `nnlib`, and whether σ is opened."""

    z: float
    y: float
    loss: str
    mistake: str = "none"
    opened: bool = False

    def graph(self) -> Graph:
        """The graph, its backward pass made with the mistake."""
        return differentiated(sigmoid_graph(self.z, self.y, self.loss, self.mistake, self.opened))

    def code(self) -> str:
        """The lines of `nnlib` that make it."""
        planted = "" if self.mistake == "none" else f', mistake="{self.mistake}"'
        opened = ", opened=True" if self.opened else ""
        return f"""from nnlib.chapter23.graphs import sigmoid_graph

graph = sigmoid_graph(z={self.z!r}, y={self.y!r}, loss="{self.loss}"{planted}{opened})
graph.backward()

for edge in graph.backward_edges():
    factors = f"upstream {{edge.upstream:.4g}}, local {{edge.local:.4g}}"
    print(f"{{edge.way_back}}: {{factors}}, message {{edge.message:.4g}}")
L = graph.output.value
gradients = [graph.node(name).gradient for name in ("z", "f", "y")]
print(f"L = {{L:.4g}}, ∂L/∂z = {{gradients[0]:.4g}}")
print("All gradients agree with measured slopes:", graph.check_gradients().passes.all())
"""


def choose(is_hidden: bool) -> Chosen:
    """Draw the controls, side by side; a mistake that an experiment hides is not named."""
    z, y, more, loss, opened, mistake = side_by_side([12, 12, 14, 15, 14, 15])
    chosen = Chosen(
        z=CONTROLS.slider("z", "Net input z", Z[0], Z[-1], -1.5, 0.1, place=z),
        y=CONTROLS.slider("y", "Label y", Y[0], Y[-1], 1.0, 0.05, place=y),
        loss=CONTROLS.menu("loss", "Loss", list(SIGMOID_LOSSES), place=loss),
        opened=CONTROLS.toggle("opened", "Open σ up", place=opened, help="Shows the four operations that make σ."),
        mistake=plant_a_mistake(CONTROLS, MISTAKES, mistake, is_hidden),
    )
    choose_more(
        CONTROLS,
        more,
        {
            "loss": chosen.loss != next(iter(SIGMOID_LOSSES)),
            "opened": chosen.opened,
            "mistake": chosen.mistake != "none",
        },
    )
    return chosen
