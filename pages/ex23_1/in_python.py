"""The lines of Python that reproduce what page 23.1 shows."""

import streamlit as st

from pages.ex23_1.controls import LEARNS, MODE, Learning, Weights, controls
from pages.ex23_1.hundred_seeds import SEEDS
from pages.shared.python_code import code_to_take


def show_code(weights: Weights, learning: Learning) -> None:
    """The lines for what the stage shows: the weights set by hand, or the run that learns."""
    if st.session_state[MODE] == LEARNS:
        code_to_take(learning_code(learning), "xnor_learned")
    else:
        code_to_take(by_hand_code(weights, learning.gate, learning.loss), "xnor_by_hand")


def by_hand_code(weights: Weights, gate: str, loss: str) -> str:
    """The network set by hand: its outputs, its loss and its gradients, checked."""
    mistake = st.session_state.get(controls.key("mistake"), "none")
    return f"""from nnlib.chapter23.gates import CORNERS, check_gradients, gate_network, truth_table

# W1 row by row, b1, W2, b2
parameters = {list(weights.values)!r}
sharpness = {weights.sharpness!r}
targets = truth_table("{gate}")
network = gate_network(parameters, sharpness, loss="{loss}")
trace = network.trace(CORNERS, targets)

for x, h, y in zip(*trace.h):
    print(x, h, f"{{y[0]:.8f}}")
gradients = check_gradients(network, CORNERS, targets, mistake={mistake!r}, sharpness=sharpness)
print(trace.loss, gradients.analytic, gradients.passes)
"""


def learning_code(learning: Learning) -> str:
    """The run to watch, and the hundred seeds."""
    settings = {"learning_rate": learning.learning_rate, "steps": learning.steps}
    return f"""from nnlib.chapter23.gates import CORNERS, SeedSweep, gate_trainer, truth_table

gate, loss = "{learning.gate}", "{learning.loss}"
settings = {settings!r}

# “Let it learn”, to its end
trainer = gate_trainer(gate, {learning.seed}, loss=loss, **settings)
trainer.run()
print(trainer.network.mean_loss(CORNERS, truth_table(gate)), trainer.network.parameters)

# the hundred seeds
sweep = SeedSweep(gate, {SEEDS}, loss=loss, **settings)
sweep.run()
print(sweep.learned.sum())
"""
