"""What page 23.5 asks its reader to try."""

from pages.ex23_5.controls import CONTROLS
from pages.shared.graph.player import at_step
from pages.shared.page import Experiment

AT_LOSS = 16  # the step at which L has been computed, and nothing has come back


def _settings(**changed: object) -> dict[str, object]:
    """Of all controls, those `changed` and the others as the page opens, with the whole backward pass shown."""
    opening = {"x1": 1.0, "x2": 2.0, "x3": 0.5, "label": "class 2", "mistake": "none", "folded": False}
    return CONTROLS.keyed(opening | changed) | at_step(CONTROLS.key("graph"))


SUM_TO_2 = "Labels that sum to 2"  # asks a guess of its own
EXPERIMENTS = [
    Experiment(
        "Confident but wrong",
        _settings(x1=5.0, x2=-3.0),
        "Now x = (5, −3, 0.5) and the label is class 2, but p₁ is almost 1. Look at the gradient of p₂, and then "
        "at that of x₂.",
        "The gradient of p₂ is huge, about −3,015, and yet x₂ receives only about −1. On the way back the message "
        "is multiplied by 1/S and by exp x₂. Their product is p₂ = 1/3,015, which takes all its size away.",
    ),
    Experiment(
        SUM_TO_2,
        _settings(label="sum to 2") | at_step(CONTROLS.key("graph"), AT_LOSS),
        "Now y = (0.5, 1, 0.5), and L has just been computed. p₂ = 0.6285 is below y₂ = 1: must x₂ grow to make L "
        "smaller? Decide, and then press Play.",
        "No: ∂L/∂x₂ = 0.2571 is positive, so x₂ must shrink. The messages from S are (Σy)/S, twice "
        "the 1/S that they are for labels that sum to 1, so that L pushes every x down twice as strongly.",
    ),
    Experiment(
        "A branch is forgotten",
        _settings(label="mostly class 2", mistake="no branch through S"),
        "Now x and y are as at the beginning, but S sends nothing back to the exponentials: those three arrows "
        "are dotted. Which cards get a wrong gradient? Decide; **Show the explanation** then marks them.",
        "Each exp and each x is wrong, and nothing else: they alone lie behind the forgotten branch. "
        "S has its gradient, but sends nothing to the three exponentials.",
        looks=CONTROLS.keyed({"more": True}),
        hides=True,
    ),
]
