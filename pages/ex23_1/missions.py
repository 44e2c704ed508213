"""Three missions on the way to the gate, one after the other, and hints that never name a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

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
# A mission and a hint must each fit into four lines of about 30 letters, beside the sliders: a hint stands in
# place of the mission, so that nothing moves.
HIDDEN_TASKS = {
    "h1": "AND is 1 only where both inputs are 1. Move the sliders until h₁ is above ½ only at (1, 1).",
    "h2": "NOR is 1 only where both inputs are 0. Move the sliders until h₂ is above ½ only at (0, 0).",
}
FOLD = "Fold the square and see why one line is enough."
NAMES = {"h1": "h₁", "h2": "h₂"}
DONE = "**Well done!** The written answer is below; exercise 23.2 comes next."
SHARPENED = 20.0  # what makes the neurons of right weights sharp, however blunt they are


class Hint(NamedTuple):
    """A hint, whether the weights already do what it asks for, and the corner whose sums show it."""

    text: str
    is_met: bool
    corner: int


@dataclass(frozen=True)
class Mission:
    """What is to be done next.

    Attributes
    ----------
    goal : "h1", "h2", "y", or "solved"
    now : what to do now, in one line behind the steps
    title : of the text beside the sliders, or empty
    text : what to do, or praise
    folded : what is said instead once the square is folded
    praise : what is said below the picture, where there is room
    hints : from the gentlest to the plainest
    done : the hidden neurons that do what they should
    helped : whether the numbers that do it were given to the reader
    """

    goal: str
    now: str
    title: str
    text: str
    folded: str = ""
    praise: str = ""
    hints: Sequence[Hint] = ()
    done: Sequence[str] = ()
    helped: bool = False

    def hint_after(self, place: int) -> int:
        """The place of the next hint that still asks for something; −1 after the last, for the mission itself."""
        return next((k for k, hint in enumerate(self.hints) if k > place and not hint.is_met), -1)

    @property
    def at(self) -> str:
        """The neuron beside whose sliders it is said."""
        return "y" if self.goal == "solved" else self.goal


def next_mission(network: Network, gate: str) -> Mission:
    """The first that is not done yet; none is left where all four corners are right, however that was reached."""
    h1, h2 = (computed_gate(h) for h in network.trace(CORNERS, np.zeros((4, 1))).h[1].T)
    hidden = {"h1": h1, "h2": h2}
    done = [goal for goal, wanted in GOALS.items() if hidden[goal] == wanted]
    if computed_gate(network.predict_proba(CORNERS)) == gate:
        if np.array_equal(network.parameters, solution(gate)):
            return Mission("solved", f"**y computes {gate}.**", *_tell_solution(gate), done=done)
        now = DONE if gate == "XNOR" else f"**Well done!** y computes {gate}."
        return Mission("solved", now, *_praise(gate, hidden), praise=_compare(network, gate), done=done)
    for k, (goal, wanted) in enumerate(GOALS.items()):
        if hidden[goal] != wanted:
            now = f"**Make {NAMES[goal]} compute {wanted}**, on the way to {gate}."
            hints = _hidden_hints(goal, *network.parameters[k:6:2])
            return Mission(goal, now, "", HIDDEN_TASKS[goal], hints=hints, done=done)
    now = f"**Make y compute {gate}** from h₁ and h₂."
    output = _output_hints(gate, *network.parameters[6:])
    if computed_gate(gate_network(SHARPENED * network.parameters).predict_proba(CORNERS)) == gate:
        blunt = "These weights are right, but the neurons are too blunt for them. Raise the sharpness."
        return Mission("y", f"**Raise the sharpness** until y computes {gate}.", "", blunt, done=done)
    return Mission(
        "y",
        now,
        "",
        "h₁ and h₂ are new coordinates now. Press “Fold the square” to see what y sees.",
        f"Make y compute {OUTPUT_LOGIC[gate]}: its line in the square above must separate ● from ○.",
        hints=output,
        done=done,
    )


def without_sharpness(mission: Mission) -> Mission:
    """What is said, in place of a mission for the same nine numbers, while none of them counts."""
    now = "**Raise the sharpness:** at 0 every output is ½."
    text = "Sharpness 0 makes every output ½: raise it first."
    mission = replace(mission, now=now, title="No sharpness", text=text, folded="", praise="")
    return replace(mission, goal=mission.at, hints=(), done=())


def with_help(mission: Mission, is_noted: bool) -> Mission:
    """What is said, in place of praise, of numbers that were given; `is_noted`: own ones were found before."""
    own = (
        "You have found your own before."
        if is_noted
        else "Press “Start over” and find your own weights for the ✓."
    )
    title = mission.title.replace("Solved", "Right, with help")
    return replace(mission, now=f"**y computes XNOR, with help.** {own}", title=title, praise="", helped=True)


def _hidden_hints(goal: str, w1: float, w2: float, b: float) -> Sequence[Hint]:
    """For AND or NOR, from a neuron's weights and bias; the last one is met only with the mission itself."""
    bias = "At (0, 0) the sum is the bias alone, and {h} must be {side} ½ there. Which sign must the bias have?"
    if goal == "h1":
        return (
            Hint(bias.format(h="h₁", side="below"), b < 0, 0),
            Hint(
                "At (0, 1) and (1, 0) the sum is one weight plus the bias. Both must be below 0.",
                w1 + b < 0 and w2 + b < 0,
                1 if w1 + b < 0 else 2,
            ),
            Hint(
                "Make the weights alike, and the bias so low that both lift the sum above 0, but one does not.",
                False,
                3,
            ),
        )
    return (
        Hint(bias.format(h="h₂", side="above"), b > 0, 0),
        Hint(
            "Every input that is 1 must push the sum below 0. Which sign must both weights have?",
            w1 < 0 and w2 < 0,
            3,
        ),
        Hint(
            "At (0, 1) and (1, 0) one weight alone must overcome the bias. Which must be larger in size?",
            False,
            1 if w1 + b < 0 else 2,
        ),
    )


def _output_hints(gate: str, w1: float, w2: float, b: float) -> Sequence[Hint]:
    """From the signs that z needs at the three points onto which AND and NOR fold the corners."""
    at_nor, at_middle, _, at_and = GATES[gate]
    sign = ("below", "above")
    return (
        Hint(
            f"y must be {sign[at_and]} ½ near (h₁, h₂) = (1, 0), {sign[at_nor]} ½ near (0, 1), and "
            f"{sign[at_middle]} ½ near (0, 0).",
            False,
            3,
        ),
        Hint(
            f"Near (h₁, h₂) = (0, 0) the sum is the bias alone, so the bias must be {sign[at_middle]} 0.",
            b != 0 and (b > 0) == at_middle,
            1,
        ),
        Hint(
            f"Each weight alone plus the bias must be {sign[at_and]} 0."
            if at_and == at_nor
            else f"The first weight plus the bias must be {sign[at_and]} 0, and the second weight plus the bias "
            f"{sign[at_nor]} 0.",
            False,
            3,
        ),
    )


def _compare(network: Network, gate: str) -> str:
    """How right weights of the reader's own stand to those of the solution."""
    printed = gate_network(solution(gate))
    own_miss, miss = (np.abs(one.predict_proba(CORNERS).ravel() - GATES[gate]).max() for one in (network, printed))
    if own_miss <= miss:
        whose = "the printed ones" if gate == "XNOR" else "those of the solution"
        return f"Your weights bring y at least as near to 0 and 1 as {whose}."
    theirs = "The printed weights (20, 20, −30 …)" if gate == "XNOR" else "The weights of the solution"
    larger = np.abs(network.parameters).max() < np.abs(printed.parameters).max()
    why = " are larger, so their y is" if larger else " bring y"
    return f"Yours are right. {theirs}{why} nearer to 0 and 1."


def _praise(gate: str, hidden: Mapping[str, str | None]) -> tuple[str, str, str]:
    """Title and both texts where all corners are right, with what h₁ and h₂ compute."""
    if hidden == {"h1": GOALS["h2"], "h2": GOALS["h1"]}:
        swapped = f"h₁ computes {hidden['h1']} and h₂ {hidden['h2']}, and y makes {gate} of them."
        return "Solved, with the two swapped", f"{swapped} {FOLD}", f"{swapped} It is the same fold, mirrored."
    if hidden != GOALS:
        other = f"y computes {gate}, though h₁ and h₂ are not AND and NOR."
        return "Solved in another way", f"{other} {FOLD}", other
    return "Solved", *_how(gate)


def _tell_solution(gate: str) -> tuple[str, str, str]:
    """Title and both texts where the weights are those of the solution, to the last digit."""
    if gate != "XNOR":
        return f"This is a solution for {gate}", *_how(gate)
    clear = "Press “Start over” to find weights of your own."
    return "This is the printed solution", f"{FOLD} {clear}", f"y computes {OUTPUT_LOGIC[gate]}. {clear}"


def _how(gate: str) -> tuple[str, str]:
    """What y makes of h₁ and h₂; once the square is folded, what the fold is good for."""
    how = f"y computes {gate} as {OUTPUT_LOGIC[gate]}."
    if gate in ("XNOR", "XOR"):
        return f"{how} {FOLD}", f"{how} Before the fold no straight line could do it."
    return f"{how} {FOLD}", how
