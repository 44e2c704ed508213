"""What page 23.6 proposes to try."""

from typing import Any

from pages.ex23_6.controls import BETA, EPSILON, GAMMA, START_G, START_Z, controls
from pages.shared.page import Experiment


def _start_but(**changed: Any) -> dict[str, Any]:
    """The batch the page begins with, but for some settings."""
    start: dict[str, Any] = {"n": 5, "gamma": GAMMA, "beta": BETA, "epsilon": EPSILON}
    start |= {"divisor": "n − 1", "mistake": "none"}
    start |= {f"z{j}": value for j, value in enumerate(START_Z, start=1)}
    start |= {f"g{j}": value for j, value in enumerate(START_G, start=1)}
    return controls.keyed(start | changed)


EXPERIMENTS = [
    Experiment(
        "Only two samples",
        _start_but(n=2, z1=1.2, z2=-0.7, g1=0.8, g2=-1.1),
        "What is left of dz when a batch has two samples? Move z₁ and watch z̄.",
        "Two samples always become z̄ = ±0.7071, whatever z is. So no z matters: dz is almost 0. "
        "The printed dz is far from it.",
    ),
    Experiment(
        "All z equal",
        _start_but(n=4, z1=0.5, z2=0.5, z3=0.5, z4=0.5),
        "Four samples are alike. How large is dz? Then set ε to 0.",
        "σ² = 0, so only ε keeps the division finite, and dz is in the hundreds. "
        "With ε = 0 nothing is left to divide by, and the page says so.",
    ),
    Experiment(
        "Divide by n",
        _start_but(divisor="n"),
        "Look at the column “as printed”.",
        "Both columns are ticked. The printed derivative is that of the other variance, "
        "the one PyTorch and Keras use.",
    ),
]
