"""What page 23.6 proposes to try."""

from pages.ex23_6.controls import SLOPE, controls, in_words, start_but
from pages.shared.page import Experiment

ON_A_LINE = in_words((0.2, 2.4, -1.2, 1.5, -0.5))  # g = 0.7 − z
THROUGHOUT = [controls.key(name) for name in ("n", "mistake")]  # all else may be moved within an experiment


def _experiment(label: str, look_for: str, seen: str, **changed: object) -> Experiment:
    """The batch of the beginning but for what is changed, at the last step."""
    start = start_but(step=SLOPE, **changed)
    settings = {key: start.pop(key) for key in THROUGHOUT}
    return Experiment(label, settings, look_for, seen, start, hides=True)


EXPERIMENTS = [
    _experiment(
        "Only two samples",
        "The batch has two samples now. Drag them wherever you like: can you make any gradient arrive at z?",
        "No gradient arrives while the two z differ: a straight line goes through any two points, and takes "
        "everything away. Only where both z are equal, or nearly, does ε count, and then a gradient arrives.",
        n=2,
    ),
    _experiment(
        "All on one line",
        "The five samples lie on one straight line. How much is left for z? Then drag one of them off the line, "
        "and watch the others.",
        "On the line nothing is left. One sample off the line tilts it, and then every sample gets a gradient, "
        "because each of them moves the mean and the variance of all.",
        g=ON_A_LINE,
    ),
    _experiment(
        "The printed formula",
        "The printed solution divides ∂σ²/∂z by n beside a σ² that divides by n − 1. Which of the sums notices?",
        "Only the second sum notices: the line has the right mean, but 4/5 of its slope. Under More settings let "
        "σ² divide by n, and the printed formula is right.",
        mistake="division by n, as printed",
    ),
]
