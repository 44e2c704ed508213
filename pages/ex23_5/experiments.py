"""What page 23.5 asks its reader to try."""

from pages.ex23_5.controls import CONTROLS
from pages.shared.graph.player import whole_pass
from pages.shared.page import Experiment


def _settings(**changed: object) -> dict[str, object]:
    """Of all controls, those `changed` and the others as the page opens, with the whole backward pass shown."""
    opening = {"x1": 1.0, "x2": 2.0, "x3": 0.5, "label": "class 2", "mistake": "none"}
    return CONTROLS.keyed(opening | changed) | whole_pass(CONTROLS.key("graph"), "backward", 24)


EXPERIMENTS = [
    Experiment(
        "Sure and wrong",
        _settings(x1=5.0, x2=-3.0),
        "p₁ is almost 1, but class 2 is true. Look at the message on p₂ → log p₂, and at ∂L/∂x₂.",
        "The message on p₂ → log p₂ is huge. Yet ∂L/∂x₂ is only about −1: the exp takes it back.",
    ),
    Experiment(
        "Labels that sum to 2",
        _settings(label="soft", y1=0.5, y2=1.0, y3=0.5),
        "Look at the edges into +, and at the shortcut.",
        "The edges into + carry (Σy)/S, twice the book's 1/S. The shortcut p − y no longer holds.",
    ),
    Experiment(
        "Forget a branch",
        _settings(mistake="forget the branch through S"),
        "Nothing comes back through S. Which rows of the check are crossed?",
        "Each exp and each x is wrong, and nothing else: they alone lie before the forgotten branch.",
    ),
]
