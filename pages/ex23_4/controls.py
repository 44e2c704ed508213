"""What the reader of page 23.4 sets, the graph this makes, and the same in Python."""

from dataclasses import dataclass

from nnlib.chapter23.graphs import SIGMOID_LOSSES, sigmoid_graph
from nnlib.graph import Graph
from pages.shared.controls import Controls
from pages.shared.graph.model import differentiated

CONTROLS = Controls("ex23_4")
MISTAKES = {
    "none": "none",
    "forget σ′": "forgotten σ′",
    "use the misprint": "as printed",
    "flip the sign of dL/df": "wrong sign",
}


@dataclass(frozen=True)
class Chosen:
    """Net input z, label y, the name of the loss, and the mistake of `nnlib` that is planted."""

    z: float
    y: float
    loss: str
    mistake: str

    def graph(self) -> Graph:
        """The graph, its backward pass made with the mistake."""
        return differentiated(sigmoid_graph(self.z, self.y, self.loss, self.mistake))

    def code(self) -> str:
        """The lines of `nnlib` that make it."""
        planted = "" if self.mistake == "none" else f', mistake="{self.mistake}"'
        return f"""from nnlib.chapter23.graphs import sigmoid_graph

graph = sigmoid_graph(z={self.z!r}, y={self.y!r}, loss="{self.loss}"{planted})
graph.backward()

for edge in graph.backward_edges():
    print(edge.name, edge.formula, edge.upstream, edge.local, edge.message)
L = graph.output.value
gradients = [graph.node(name).gradient for name in ("z", "f", "y")]
print(L, gradients, graph.check_gradients().passes)
"""


def choose() -> Chosen:
    """Draw the controls."""
    return Chosen(
        z=CONTROLS.slider("z", "Net input z", -10.0, 10.0, 0.0, 0.1),
        y=CONTROLS.slider("y", "Label y", 0.0, 1.0, 1.0, 0.05),
        loss=CONTROLS.radio("loss", "Loss l", list(SIGMOID_LOSSES)),
        mistake=MISTAKES[CONTROLS.radio("mistake", "Plant a mistake", list(MISTAKES))],
    )
