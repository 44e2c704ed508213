"""Networks that stay at 10 % without diverging: the trainer counts the neurons that are stuck, and says so."""

from typing import Any

import numpy as np
import pytest

from nnlib.datasets import Dataset, load_digits, load_mnist
from nnlib.network import Network
from nnlib.training import Trainer

MNIST_ROWS = 2000

# As on page 23.3: its default, Algorithm 23.3 as stated and the printed program, with the network's parts first.
FAST: dict[str, Any] = {"activation": "relu", "loss": "softmax cross-entropy", "init": "he"}
ALGORITHM: dict[str, Any] = {"activation": "sigmoid", "loss": "sigmoid cross-entropy", "init": "xavier"}
PRINTED: dict[str, Any] = {"activation": "sigmoid", "loss": "sigmoid squared error", "init": "normal"}


def trained(
    data: Dataset, parts: dict[str, Any], batch_size: int, rate: float, epochs: int = 1, **others: Any
) -> Trainer:
    """A network of 100 and 50 hidden neurons after all its epochs, measured at the end only."""
    network = Network((data.X_train.shape[1], 100, 50, 10), **parts, dtype=np.float32, random_state=0)
    trainer = Trainer(
        network,
        data,
        batch_size=batch_size,
        learning_rate=rate,
        epochs=epochs,
        measure_every=epochs,
        random_state=0,
        **others,
    )
    trainer.run()
    assert trainer.state == "finished"
    return trainer


@pytest.fixture(params=["digits", "MNIST"])
def data(request: pytest.FixtureRequest) -> Dataset:
    return load_digits() if request.param == "digits" else load_mnist().first(MNIST_ROWS)


@pytest.mark.parametrize("rate", [0.1, 10.0])
def test_printed_settings_with_relu_saturate_the_outputs(data: Dataset, rate: float) -> None:
    trainer = trained(data, {**PRINTED, "activation": "relu"}, 1, rate)
    stuck = trainer.stuck
    assert trainer.history[-1].train_accuracy < 0.3
    assert stuck.saturated >= 8
    assert f"{stuck.saturated} of 10 outputs are saturated" in trainer.warning
    assert f"each of the {stuck.rows:,} training rows" in trainer.warning
    assert trainer.warning.endswith("with cross-entropy, δ = h − y has no factor σ′(z).")
    # What is counted is what back-propagation would send back: nothing for those outputs.
    rows = slice(500)
    delta = trainer.network.trace(data.train_inputs(rows, np.float32), data.Y_train[rows]).delta[-1]
    assert np.count_nonzero(np.abs(delta).max(axis=0) < 1e-6) >= stuck.saturated


def test_a_learning_rate_of_3_leaves_dead_relus(data: Dataset) -> None:
    trainer = trained(data, FAST, 32, 3.0, epochs=2, schedule="cosine")
    dead = trainer.stuck.dead
    assert trainer.history[-1].train_accuracy < 0.3
    assert dead[1] >= 45
    assert f"In hidden layer 2, {dead[1]} of 50 neurons are dead: they give 0 for each of" in trainer.warning
    assert "Begin anew with a smaller learning rate or smaller first weights." in trainer.warning
    # A dead neuron is 0 for each row, and its gradient with it.
    X, Y = data.train_inputs(slice(None), np.float32), data.Y_train
    trace = trainer.network.trace(X, Y)
    assert (trace.h[2].max(axis=0) == 0).sum() == pytest.approx(dead[1], abs=1)
    assert (np.abs(trace.dW[1]).max(axis=0) == 0).sum() >= dead[1] - 1


@pytest.mark.parametrize(
    ("parts", "batch_size", "rate", "optimizer"),
    [
        (FAST, 32, 0.3, "sgd"),
        (ALGORITHM, 1, 0.1, "sgd"),
        (PRINTED, 1, 0.1, "sgd"),
        ({**FAST, "batch_norm": True, "keep_prob": (0.9, 1.0)}, 64, 0.004, "adam"),
        ({**FAST, "activation": "tanh", "init": "xavier"}, 32, 0.1, "momentum"),
    ],
    ids=["default", "Algorithm 23.3", "printed", "batch norm and dropout", "tanh"],
)
def test_nothing_is_said_of_healthy_runs(
    parts: dict[str, Any], batch_size: int, rate: float, optimizer: str, data: Dataset
) -> None:
    trainer = trained(data, parts, batch_size, rate, epochs=2, optimizer=optimizer)
    assert trainer.history[-1].train_accuracy > 0.4
    assert trainer.warning == ""


def test_nothing_is_said_before_the_first_step() -> None:
    for parts in (FAST, ALGORITHM, PRINTED):
        assert Trainer(Network((64, 100, 50, 10), **parts, random_state=0), load_digits()).warning == ""


def network_of_two(loss: str, activation: str = "relu") -> Network:
    return Network((1, 2, 2), activation=activation, loss=loss, parameters=0.0)


def test_counted_by_hand() -> None:
    data = Dataset.from_arrays([[1], [2], [3], [4]], [[0, 1], [1, 0], [0, 1], [1, 0]])
    network = network_of_two("sigmoid squared error")
    network.dense[0].W[:], network.dense[0].b[:] = [[1, -1]], [0, 0.5]  # the second is below 0 for each row
    network.dense[1].W[:], network.dense[1].b[:] = [[1, 0], [0, 0]], [-2, 40]  # the second output is 1 for each
    trainer = Trainer(network, data, batch_size=2)
    stuck = trainer.stuck
    assert (stuck.rows, stuck.dead, stuck.saturated, stuck.alike) == (4, (1,), 1, 1)
    assert "In hidden layer 1, 1 of 2 neurons are dead" in trainer.warning
    assert "1 of 2 outputs is saturated" in trainer.warning


def test_sigmoids_die_where_they_are_flat() -> None:
    data = Dataset.from_arrays([[1], [2]], [[0, 1], [1, 0]])
    network = network_of_two("softmax cross-entropy", "sigmoid")
    network.dense[0].b[:] = 30
    stuck = Trainer(network, data, batch_size=2).stuck
    assert (stuck.dead, stuck.saturated, stuck.alike) == ((2,), 0, 2)
    assert "2 of 2 neurons are dead: the slope of their activation is about 0" in stuck.warning
    assert "The outputs are the same for each of the 2 training rows" in stuck.warning


def test_an_output_that_is_right_for_each_row_is_not_stuck() -> None:
    data = Dataset.from_arrays([[1], [2]], [[0, 1], [0, 1]])
    network = Network((1, 2), loss="sigmoid squared error", parameters=0.0)
    network.dense[0].b[:] = [-30, 30]
    assert Trainer(network, data, batch_size=2).warning == ""


def test_nothing_is_added_where_training_diverged() -> None:
    network = Network((64, 100, 50, 10), **FAST, random_state=0)
    trainer = Trainer(network, load_digits(), learning_rate=1e30, random_state=0)
    trainer.run()
    assert trainer.state == "diverged"
    assert trainer.problem
    assert trainer.warning == ""
