"""Three missions on the way to the gate, one after the other, and hints that never name a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nnlib.chapter23.gates import CORNERS, GATES, computed_gate, gate_network, solution
from nnlib.network import Network
from pages.ex23_1.controls import GOALS

OUTPUT_LOGIC = {  # what y has to do with h₁ = AND and h₂ = NOR
    "AND": "h₁",
    "OR": "NOT h₂",
    "NAND": "NOT h₁",
    "NOR": "h₂",
    "XOR": "h₁ NOR h₂",
    "XNOR": "h₁ OR h₂",
}
HIDDEN_TASKS = {
    "h1": "A neuron adds up its inputs, each times a weight, and a bias. Where this sum z is above 0, its output "
    "σ(z) is above ½. Move the three sliders of h₁ until its output is above ½ at (1, 1) only: then it computes "
    "AND.",
    "h2": "h₁ is done. Now make h₂ compute NOR: its output must be above ½ at the corner (0, 0), and below ½ at "
    "the other three.",
}
HIDDEN_HINTS = {
    "h1": (
        "At (0, 0) both weights are multiplied by 0, so z is the bias alone, and there the output must be below "
        "½. Which sign must the bias have?",
        "At (0, 1) and at (1, 0) z is one weight plus the bias. A single input must not be enough, so each of "
        "these two sums must be below 0.",
        "At (1, 1) z is both weights plus the bias, and only this sum may be above 0. Make the weights alike, and "
        "find a bias that one of them cannot overcome, but both can.",
    ),
    "h2": (
        "At (0, 0) z is the bias alone, and there h₂ must be above ½. Which sign must the bias have?",
        "Every input that is 1 must push z below 0. Which sign must both weights have?",
        "At (0, 1) and (1, 0) one weight has to overcome the bias alone. How large must it be, compared with the "
        "bias?",
    ),
}
SHARPENED = 20.0  # what makes the neurons of right weights sharp, however blunt they are


@dataclass(frozen=True)
class Mission:
    """What is to be done next.

    Attributes
    ----------
    goal : "h1", "h2", "y", or "solved"
    title : such as "Mission 1 of 3"
    text : what to do, or praise
    hints : from the gentlest to the plainest
    """

    goal: str
    title: str
    text: str
    hints: Sequence[str] = ()


def next_mission(network: Network, gate: str) -> Mission:
    """The first that is not done yet; none is left where all four corners are right, however that was reached."""
    h1, h2 = (computed_gate(h) for h in network.trace(CORNERS, np.zeros((4, 1))).h[1].T)
    hidden = {"h1": h1, "h2": h2}
    if computed_gate(network.predict_proba(CORNERS)) == gate:
        if np.array_equal(network.parameters, solution(gate)):
            return Mission("solved", *_tell_solution(gate))
        return Mission("solved", *_praise(gate, hidden))
    towards = "" if gate == "XNOR" else f", towards {gate}"
    for k, (goal, wanted) in enumerate(GOALS.items(), start=1):
        if hidden[goal] != wanted:
            return Mission(goal, f"Mission {k} of 3{towards}", HIDDEN_TASKS[goal], HIDDEN_HINTS[goal])
    if computed_gate(gate_network(SHARPENED * network.parameters).predict_proba(CORNERS)) == gate:
        blunt = "Your weights are right, but the neurons are too blunt for them. Raise the sharpness."
        return Mission("y", f"Mission 3 of 3{towards}", blunt, _output_hints(gate))
    task = (
        "Fold the square and see: (0, 1) and (1, 0) now fall on nearly one point. Then make y compute "
        f"{OUTPUT_LOGIC[gate]}, by a line in the last square that parts what wants 1 from what wants 0."
    )
    return Mission("y", f"Mission 3 of 3{towards}", task, _output_hints(gate))


def _output_hints(gate: str) -> tuple[str, ...]:
    """From the signs that z needs at the three points onto which AND and NOR fold the corners."""
    at_nor, at_middle, _, at_and = GATES[gate]
    sign = ("below", "above")
    return (
        f"The filled points want 1. For {gate}, y must be {sign[at_and]} ½ near the point (h₁, h₂) = (1, 0), "
        f"{sign[at_nor]} ½ near (0, 1), and {sign[at_middle]} ½ near (0, 0).",
        f"Near (0, 0) the sum z is the bias alone, so the bias must be {sign[at_middle]} 0.",
        f"Near (1, 0) z is the first weight plus the bias, which must be {sign[at_and]} 0. Near (0, 1) z is the "
        f"second weight plus the bias, which must be {sign[at_nor]} 0. Where points lie close together, raise the "
        "sharpness.",
    )


def _praise(gate: str, hidden: Mapping[str, str | None]) -> tuple[str, str]:
    """Title and text where all corners are right, with what h₁ and h₂ compute."""
    if hidden == {"h1": GOALS["h2"], "h2": GOALS["h1"]}:
        return "Solved, with the two swapped", (
            f"Here h₁ computes {hidden['h1']} and h₂ {hidden['h2']}, and y makes {gate} of them. Fold the square "
            "and see: it is the same fold, mirrored."
        )
    if hidden != GOALS:
        return "Solved in another way", (
            f"y computes {gate}, though h₁ and h₂ are not AND and NOR. Fold the square and see which corners they "
            "bring together."
        )
    return "Solved", f"{_how(gate)} Fold the square and see; then make the neurons sharper, or blunter."


def _tell_solution(gate: str) -> tuple[str, str]:
    """Title and text where the weights are those of the solution, to the last digit."""
    title = "This is the printed solution" if gate == "XNOR" else f"This is a solution for {gate}"
    return title, f"{_how(gate)} Fold the square and see. To find weights of your own, press *Clear and try it*."


def _how(gate: str) -> str:
    """What y makes of h₁ and h₂, and what the fold is good for."""
    how = f"y computes {gate} as {OUTPUT_LOGIC[gate]}."
    if gate in ("XNOR", "XOR"):
        how += " Before the fold no straight line could do it, after the fold one is enough."
    return how
