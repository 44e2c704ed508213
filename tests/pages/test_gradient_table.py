"""The four verdicts as a reader sees them: a tick, a cross, or words, and a summary that counts each."""

import numpy as np
import pytest

from nnlib.gradcheck import GradientCheck, Verdict
from pages.shared.gradient_table import MARKS, marks, summarise

AGREES, DIFFERS, SMALL, KINK = Verdict


def check_of(*verdicts: Verdict) -> GradientCheck:
    """A check with these verdicts."""
    numerical = np.ones(len(verdicts))
    return GradientCheck(
        analytic=np.array([2.0 if verdict is DIFFERS else 1.0 for verdict in verdicts]),
        numerical=numerical,
        error=np.array([0.5 if verdict is SMALL else 0.0 for verdict in verdicts]),
        kink=np.array([verdict is KINK for verdict in verdicts]),
        flat=np.zeros(len(verdicts), bool),
        zero=np.zeros(len(verdicts), bool),
    )


@pytest.mark.parametrize(
    ("verdicts", "summary"),
    [
        ([AGREES] * 3, "✓ all 3 agree."),
        ([AGREES, DIFFERS, DIFFERS], "✖ 2 of 3 disagree: b, c."),
        ([DIFFERS, SMALL, AGREES], "✖ 1 of 3 disagree: a; 1 is too small to judge here."),
        ([AGREES, SMALL, SMALL], "✓ 1 of 3 agree; 2 are too small to judge here."),
        ([KINK, AGREES, SMALL], "✓ 1 of 3 agree; 1 is too small to judge here; 1 is at a kink"),
        ([SMALL] * 3, "· 0 of 3 agree; 3 are too small to judge here."),
    ],
)
def test_the_summary_counts_every_verdict(verdicts: list[Verdict], summary: str) -> None:
    assert summarise("abc", check_of(*verdicts)).startswith(summary)
    assert marks(check_of(*verdicts)) == [MARKS[verdict] for verdict in verdicts]


def test_what_cannot_be_told_is_neither_ticked_nor_crossed() -> None:
    assert MARKS[SMALL] == "· too small to judge"
    assert MARKS[KINK] == "– not differentiable here"
