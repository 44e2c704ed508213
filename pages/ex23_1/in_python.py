"""The lines of Python that reproduce what page 23.1 shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from pages.ex23_1.controls import LOSSES
from pages.ex23_1.hundred_seeds import SEEDS


def by_hand_code(values: Sequence[float], sharpness: float, gate: str, loss: str, mistake: str) -> str:
    """The network set by hand: its outputs, its loss and its gradients, checked."""
    return f"""from nnlib.chapter23.gates import CORNERS, check_gradients, gate_network, truth_table

# W1 row by row, b1, W2, b2
parameters = {values!r}
targets = truth_table("{gate}")
network = gate_network(parameters, sharpness={sharpness!r}, loss="{LOSSES[loss]}")
trace = network.trace(CORNERS, targets)
for x, h, y in zip(*trace.h):
    print(x, h, f"{{y[0]:.8f}}")
gradients = check_gradients(network, CORNERS, targets, mistake={mistake!r})
print(trace.loss, gradients.analytic, gradients.passes)
"""


def learning_code(chosen: Mapping[str, Any]) -> str:
    """The run to watch and the hundred seeds; `chosen` are the arguments of `gate_trainer`."""
    settings = {name: chosen[name] for name in ("learning_rate", "steps")}
    return f"""from nnlib.chapter23.gates import CORNERS, SeedSweep, gate_trainer, truth_table

gate, loss = "{chosen["gate"]}", "{chosen["loss"]}"
settings = {settings!r}
trainer = gate_trainer(gate, {chosen["seed"]}, loss=loss, **settings)  # “Learn it”
trainer.run()
sweep = SeedSweep(gate, {SEEDS}, loss=loss, **settings)  # the hundred seeds
sweep.run()
print(trainer.network.mean_loss(CORNERS, truth_table(gate)), sweep.learned.sum())
"""
