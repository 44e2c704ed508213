"""What page 23.1 asks its reader to try."""

import streamlit as st

from pages.ex23_1.controls import AT_ONCE, BY_HAND, KNOWN, LEARNS, controls, hand_set
from pages.shared.page import Experiment

BLUNT = Experiment(
    "Blunt the neurons",
    {},
    "The sharpness multiplies all nine numbers: at 0.1 your network computes with a tenth of what the boxes show. "
    "Did the lines of h₁ and h₂, where their outputs are ½, move? What became of the shades? Then drag the "
    "sharpness slowly up.",
    "The lines stay where they are, because z is 0 at the same places. But all outputs come near to ½, so the "
    "shades fade, and in the last square the corners huddle together. With more sharpness they fly apart again.",
    controls.keyed({"sharpness": 0.1, "mode": BY_HAND}),
)
TO_XOR = Experiment(
    "From XNOR to XOR",
    hand_set("XOR"),
    "XOR is the opposite of XNOR: 1 where the inputs differ. These weights compute it, and only one neuron "
    "has other weights than in the printed solution for XNOR. Which neuron is it?",
    "It is y: its three numbers have the other sign. The hidden neurons still compute AND and NOR and fold "
    "the square as for XNOR, but y is above ½ on the other side of its line.",
    controls.keyed({"sharpness": 1.0}),
)
STUCK = Experiment(
    "A seed that gets stuck",
    controls.keyed(
        {
            "mode": LEARNS,
            "target": "XNOR",
            "loss": "cross-entropy",
            "seed": 1,
            "rate": 1,
            "steps": 2000,
            "pace": 20,
        }
    )
    | {AT_ONCE: True},
    "The network learns from the first weights that seed 1 draws. Watch the last square and the curve of the "
    "loss: which two corners fall together, and what are their targets?",
    "The loss stops falling near 0.35, which is ½ log 2. Two corners with different targets have fallen "
    "almost on one point, so the best that y can say to both is ½. Now press “Next seed” and train again.",
    hides=True,
)


def experiments() -> list[Experiment]:
    """Those for a reader who has the answer, or who is still to find it: the printed weights are the answer."""
    return [BLUNT, TO_XOR, STUCK] if KNOWN in st.session_state else [BLUNT, STUCK]
