"""What page 23.1 invites its reader to try."""

from pages.ex23_1.controls import controls, hand_set
from pages.shared.page import Experiment

EXPERIMENTS = [
    Experiment(
        "Blunt the neurons",
        hand_set("XNOR", sharpness=0.1),
        "All nine numbers shrink to a tenth. Do the lines move? What becomes of y?",
        "The hidden lines stayed, but y is nearly one blue everywhere. Now raise “Sharpness” slowly and watch y.",
    ),
    Experiment(
        "From XNOR to XOR",
        hand_set("XOR"),
        "The opposite gate. Which of the nine numbers had to change?",
        "Only the output layer changed sign. The hidden layer is the same for all six gates: "
        "choose each target and press “Weights that solve …”.",
    ),
    Experiment(
        "A seed that gets stuck",
        controls.keyed({"target": "XNOR", "l_loss": "cross-entropy", "seed": 1, "rate": 1.0, "steps": 2000}),
        "Press “Start” under “Learn it”. How far does the loss fall? Look which rows share one output.",
        "The loss stops falling near 0.35. Two rows share one output: the lines lie so that the network "
        "hardly tells them apart, and the gradient there is almost 0. Try another seed.",
    ),
]
