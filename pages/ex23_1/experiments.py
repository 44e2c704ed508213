"""What page 23.1 asks its reader to try."""

from pages.ex23_1.controls import MODES, controls, hand_set
from pages.ex23_1.learning import AT_ONCE
from pages.shared.page import Experiment

EXPERIMENTS = [
    Experiment(
        "Blunt the neurons",
        hand_set("XNOR", sharpness=0.1),
        "These are the weights of the printed solution, which stands in a manual of solutions to the book. "
        "Sharpness 0.1 divides all nine weights and biases by ten. Did the lines of ½ move? "
        "How far apart do the corners lie after the fold? Then drag the sharpness slowly up to 1.",
        "The lines stay where they are, because z is 0 at the same places. But the corners huddle together in the "
        "last square, and y hardly differs from corner to corner. With more sharpness they fly apart again.",
    ),
    Experiment(
        "From XNOR to XOR",
        hand_set("XOR"),
        "XOR is the opposite gate, and these weights compute it. Only one neuron has other weights than in the "
        "printed solution. Which neuron is it?",
        "It is y: its three numbers have the other sign. The hidden neurons still compute AND and NOR and fold "
        "the square as for XNOR, but y wants the corners on the other side of its line.",
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
        "The network learns from seed 1. Watch the last square, and the curve of the loss: which two corners "
        "fall together, and what do they want?",
        "The loss stops falling near 0.35, which is ½ log 2. Two corners that want different outputs have fallen "
        "almost on one point, so y can only say ½ to both. Now press “Another seed” and train again.",
    ),
]
