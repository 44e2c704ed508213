"""The lines of Python that reproduce what page 23.2 shows."""

from pages.ex23_2.label_table import LabelTable


def table_code(table: LabelTable, mistake: str) -> str:
    """The reader's table: its loss and both derivatives, checked."""
    planted = "" if mistake == "none" else f', mistake="{mistake}"'
    return f"""import numpy as np

from nnlib.chapter23.multilabel import check_gradients, multilabel_loss

Z = np.array({table.Z.tolist()})
Y = np.array({table.Y.tolist()})
result = multilabel_loss(Z, Y{planted})
check = check_gradients(Z, Y{planted})  # of ∂L/∂p and of ∂L/∂z
print(result.loss, result.P, result.assigned, result.elements, sep="\\n")
print(check.analytic, check.numerical, sep="\\n")
"""


def saturation_code(far: float, precision: str) -> str:
    """The first row of the table of formulas far out."""
    return f"""from nnlib.chapter23.multilabel import saturation

saturated = saturation(z={far!r}, y=0.0, precision="{precision}")  # the first row
print(saturated)
"""


def in_use_code(epochs: int, threshold: float) -> str:
    """The network on made-up documents, and its scores."""
    return f"""from nnlib import Network, Trainer
from nnlib.chapter23.multilabel import label_scores, load_multilabel

data = load_multilabel()  # “The loss in use”
network = Network((20, 16, 5), activation="tanh", random_state=0)
trainer = Trainer(
    network, data, batch_size=32, learning_rate=0.01, optimizer="adam", epochs=40, random_state=0
)
for _ in range({epochs}):
    trainer.run_epochs()
P = network.predict_proba(data.test_inputs(slice(None)))
scores = label_scores(P, data.Y_test, threshold={threshold!r})
print(scores)
"""
