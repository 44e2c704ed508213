"""What page 23.2 invites its reader to try."""

import numpy as np

from pages.ex23_2.controls import controls
from pages.ex23_2.label_table import Y_TEXT, Z_TEXT
from pages.shared.page import Experiment
from pages.shared.typed_table import write_table

PLAIN = {"sample": 1, "label": 1, "mistake": "none"}
CONFIDENT = np.array([[8.0, -8.0], [-8.0, 8.0]])

EXPERIMENTS = [
    Experiment(
        "One confident error",
        controls.keyed(PLAIN | {"z_text": write_table(CONFIDENT), "y_text": write_table(np.diag([0.0, 1.0]))}),
        "Four confident cells, one of them wrong. Which cell makes the loss? Compare its ∂L/∂p and ∂L/∂z.",
        "Three cells are right and cost almost nothing. The wrong one makes nearly the whole loss. "
        "Its ∂L/∂p is about 1,500, its ∂L/∂z only about 0.5.",
    ),
    Experiment(
        "Forget 1/N",
        controls.keyed(PLAIN | {"z_text": Z_TEXT, "y_text": Y_TEXT, "mistake": "missing 1/N"}),
        "A typical mistake: the average over samples is left out. What does the check say?",
        "Every row turned red: each analytic value is N = 3 times too large. "
        "Set N to 1, and all agree again. A check with one sample misses this.",
    ),
    Experiment(
        "Saturate in float32",
        controls.keyed({"far": 17.0, "precision": "float32"}),
        "Look at “Where the formula in p breaks down”. Which rows still have numbers?",
        "With 7 digits, |z| = 17 is enough to break the formula in p. "
        "Switch to float64: it fails only from |z| = 37.",
    ),
]
