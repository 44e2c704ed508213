"""What page 23.7 proposes to try."""

from collections.abc import Sequence

from nnlib.chapter23.dropout_twins import Powers
from pages.ex23_7.controls import controls, is_known, settings
from pages.shared.page import Experiment


def _experiment(
    label: str,
    rule: str,
    powers: Powers,
    look_for: str,
    seen: str,
    lasts: Sequence[str] = ("rule",),
    **looks: object,
) -> Experiment:
    """It `lasts` until one of those is changed: of most the rule alone, so that powers of p can be looked for."""
    start = settings(rule, powers) | controls.keyed(looks)
    throughout = {key: start.pop(key) for key in map(controls.key, lasts)}
    return Experiment(label, throughout, look_for, seen, start, hides=True)


TO_FIND_IT = [  # they give no part of the answer away
    _experiment(
        "Drop nothing",
        "gradient descent",
        Powers(),
        "With p = 1 nothing is dropped, and the two are one run. Does it matter here what you choose for W′ and "
        "for its rate? Then move p down, and watch the difference.",
        "It does not matter: every power of 1 is 1. The smaller p is, the further the two come apart, so what you "
        "look for must depend on p.",
        p=1.0,
    ),
    _experiment(
        "Before the first step",
        "gradient descent",
        Powers(),
        "At step 0 nobody has learned anything, and yet the two curves begin apart. The picture shows both "
        "networks as they predict. Could any learning rate mend the difference?",
        "No. In prediction the two networks multiply the same h by different numbers, and no rate acts before the "
        "first step. So the two must begin with different weights.",
        lasts=("rule", "weights"),  # with other weights the curves may begin at one point
        p=0.6,
        phase="prediction",
    ),
]
EXPERIMENTS = [
    _experiment(
        "The same rate for both",
        "gradient descent",
        Powers(weights=1),
        "W′ starts right, but learns at the rate η, as W does. Divide the two numbers of the last row: how many "
        "times too far does W′ move? Then move p, and divide again.",
        "1/p² times too far. One 1/p comes from the gradient of W′, which is 1/p times that of W. The other comes "
        "from W′ itself: it is p times W, and should move only p times as far.",
    ),
    _experiment(
        "Let the weights decay",
        "L2 decay",
        Powers(weights=1, rate=2),
        "W′ and its rate are right. But L2 decay adds λ W to the gradient, and the two part. Does W′ need a "
        "larger λ, or a smaller one?",
        "A larger one. ∇W′ is 1/p times ∇W, while W′ is only p times W. For λ W′ to keep up with ∇W′, λ must be "
        "divided by p twice.",
    ),
]


def experiments() -> list[Experiment]:
    """Those of use from the start, and behind them, once the reader has the answer, those that tell of it."""
    return TO_FIND_IT + (EXPERIMENTS if is_known() else [])
