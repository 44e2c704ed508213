"""What page 23.1 asks its reader to try."""

from pages.ex23_1.controls import MODES, controls, hand_set
from pages.ex23_1.learning import AT_ONCE
from pages.shared.page import Experiment

EXPERIMENTS = [
    Experiment(
        "Blunt the neurons",
        hand_set("XNOR"),
        "These are the weights of a printed solution to the exercise. The sharpness multiplies all nine of them: "
        "at 0.1 the network computes with a tenth of what the boxes show. Did the lines where an output is ½ "
        "move? How far apart do the corners lie after the fold? Then drag the sharpness slowly up to 1.",
        "The lines stay where they are, because z is 0 at the same places. But the corners huddle together in the "
        "last square, and y hardly differs from corner to corner. With more sharpness they fly apart again.",
        controls.keyed({"sharpness": 0.1}),
    ),
    Experiment(
        "From XNOR to XOR",
        hand_set("XOR"),
        "XOR is the opposite of XNOR: 1 where the inputs differ. These weights compute it, and only one neuron "
        "has other weights than in the printed solution for XNOR. Which neuron is it?",
        "It is y: its three numbers have the other sign. The hidden neurons still compute AND and NOR and fold "
        "the square as for XNOR, but y is above ½ on the other side of its line.",
        controls.keyed({"sharpness": 1.0}),
    ),
    Experiment(
        "A seed that gets stuck",
        controls.keyed(
            {
                "mode": MODES[1],
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
        "almost on one point, so the best that y can say to both is ½. Now press “Another seed” and train again.",
    ),
]
