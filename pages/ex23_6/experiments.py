"""What page 23.6 proposes to try."""

from pages.ex23_6.controls import OWN, PRINTED, SLOPE, controls, in_words, is_known, start_but
from pages.shared.page import Experiment

# Within the reach of a line that is laid by hand
TWO_SAMPLES = {"n": 2, "g": in_words((1.4, 0.3))}
ON_A_LINE = {
    "z": in_words((0.4, -1.6, 1.8, -0.8, 1.2)),
    "g": in_words((0.3, 1.3, -0.4, 0.9, -0.1)),
}  # g = (1 − z)/2
THROUGHOUT = [controls.key(name) for name in ("n", "mistake")]  # all else may be moved within an experiment


def experiments() -> list[Experiment]:
    """What to try: nothing that gives the answer away before it is known."""
    step, known = (SLOPE, True) if is_known() else (OWN, False)
    rest = "All else is as at the beginning."

    def experiment(label: str, look_for: str, seen: str, **changed: object) -> Experiment:
        start = start_but(step=step, **changed)
        settings = {key: start.pop(key) for key in THROUGHOUT}
        return Experiment(label, settings, look_for, seen, start, hides=True)

    keep_the_answer = [
        experiment(
            "Only two samples",
            f"{rest} Wherever you drag them, can a gradient arrive at z"
            f"{'' if known else ' once both sums have their ✓'}?",
            "None, as long as the two z differ: the line that closes both sums goes through both samples, and "
            "takes everything away. Only where both z are equal, or nearly, does ε count, and then a gradient "
            "arrives.",
            **TWO_SAMPLES,
        ),
        experiment(
            "All on one line",
            f"{rest} "
            + (
                "No dz is left. Drag one sample off the line: do the others still get nothing?"
                if known
                else "How much is left for z, once both sums have their ✓?"
            ),
            "On the line nothing is left. One sample off it tilts the line that must be taken away, and so every "
            "sample gets a gradient: each of them moves the mean and the variance of all.",
            **ON_A_LINE,
        ),
    ]
    if not is_known():
        return keep_the_answer
    printed = experiment(
        "The printed formula",
        "It divides ∂σ²/∂z by n, though σ² divides by n − 1. Which of the sums notices, and how much of the "
        "tilt is missing?",
        "Only the second sum notices: the line has the right mean, but 4/5 of its slope. Under More settings let "
        "σ² divide by n, and the printed formula is right.",
        mistake=PRINTED,
    )
    return [*keep_the_answer, printed]
