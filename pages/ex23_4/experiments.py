"""What page 23.4 asks its reader to try."""

from pages.ex23_4.controls import CONTROLS
from pages.shared.graph.player import at_step
from pages.shared.page import Experiment


def _settings(z: float, y: float, loss: str, mistake: str = "none") -> dict[str, object]:
    """Of all controls, with the whole backward pass shown."""
    chosen = {"z": z, "y": y, "loss": loss, "mistake": mistake}
    return CONTROLS.keyed(chosen) | at_step(CONTROLS.key("graph"))


LOOKS = CONTROLS.keyed({"opened": False, "more": True})  # σ may be opened to look inside
EXPERIMENTS = [
    Experiment(
        "Badly wrong, yet hardly any gradient",
        _settings(-8.0, 1.0, "squared error"),
        "Now z = −8 and y = 1, with squared error: the output f is almost 0 where 1 is wanted. Look at the "
        "gradient of z: how much of the error comes back?",
        "Almost nothing came back, although f is badly wrong. Far from 0 the sigmoid is flat, so the local "
        "derivative, the slope of σ, is tiny, and it makes the message to z vanish.",
        looks=LOOKS,
    ),
    Experiment(
        "Wrong, with cross-entropy",
        _settings(-8.0, 1.0, "cross-entropy"),
        "Now z = −8 and y = 1, with cross-entropy. Look at the gradient of f, and then at that of z.",
        "The gradient of f is huge, about −2,982. It cancels the tiny slope of the sigmoid, and ∂L/∂z is "
        "close to −1: z is told clearly to grow.",
        looks=LOOKS,
    ),
    Experiment(
        "One message is wrong",
        _settings(2.0, 0.3, "squared error", "∂L/∂f twice, as in the printed solution"),
        "Now z = 2 and y = 0.3, with squared error, and one of the three messages is wrong; nothing marks it yet. "
        "Point at each arrow, multiply upstream by local, and click the one that carries something else.",
        "Only the gradient of z is wrong. It comes out as 0.03542 and should be 0.5808 · 0.105 = 0.06098: the "
        "upstream gradient was multiplied in twice. The printed solution makes this very slip.",
        looks=LOOKS,
        hides=True,
    ),
]
