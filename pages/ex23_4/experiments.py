"""What page 23.4 asks its reader to try."""

from pages.ex23_4.controls import CONTROLS
from pages.shared.graph.player import whole_pass
from pages.shared.page import Experiment


def _settings(z: float, y: float, loss: str, mistake: str = "none") -> dict[str, object]:
    """Of all controls, with the whole backward pass shown."""
    chosen = {"z": z, "y": y, "loss": loss, "mistake": mistake}
    return CONTROLS.keyed(chosen) | whole_pass(CONTROLS.key("graph"), "backward", 4)


EXPERIMENTS = [
    Experiment(
        "Wrong and flat",
        _settings(-8.0, 1.0, "squared error"),
        "f is almost 0 where 1 is wanted. Look at dL/dz: how much comes back?",
        "Almost nothing came back, although f is badly wrong. The flat sigmoid made the gradient vanish.",
    ),
    Experiment(
        "Wrong, with cross-entropy",
        _settings(-8.0, 1.0, "cross-entropy"),
        "The same z with the other loss. Look at dL/df, and then at dL/dz.",
        "dL/df is huge and cancels the tiny slope: dL/dz is close to −1.",
    ),
    Experiment(
        "Forget the slope",
        _settings(2.0, 0.0, "squared error", "forget σ′"),
        "A typical mistake. Which rows of the check are crossed?",
        "Only dL/dz is wrong. The other two do not pass through σ.",
    ),
]
