"""The printed program: its first weights, its steps written out, and the accuracies it comes to."""

import numpy as np
import pytest

from nnlib.chapter23.printed_program import (
    ACCURACIES,
    SEED,
    SIZES,
    SummedBiasSGD,
    first_weights,
    sum_bias_gradients,
)
from nnlib.datasets import Dataset, load_digits, load_mnist
from nnlib.network import Network
from nnlib.training import Trainer

X = np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 2.0]])
Y = np.array([[1.0, 0.0], [0.0, 1.0]])


def test_the_printed_bias_step_moves_every_bias_by_the_sum() -> None:
    network = Network((3, 4, 2), random_state=0)
    gradient = network.gradient(X, Y)
    wrong = sum_bias_gradients(network, gradient)
    expected = network.parameters - 0.3 * wrong
    network.back_propagate(network.forward(X), Y)
    SummedBiasSGD(network).step(network, 0.3)
    np.testing.assert_allclose(network.parameters, expected, atol=1e-15)
    np.testing.assert_array_equal(np.flatnonzero(wrong != gradient), [12, 13, 14, 15, 24, 25])
    assert np.ptp(wrong[12:16]) == 0


def as_printed(sizes: tuple[int, ...], data: Dataset, seed: int, epochs: int) -> Trainer:
    """The printed program: one row at a time, in the rows' own order, from its own first weights."""
    network = Network(sizes, loss="sigmoid squared error", parameters=first_weights(sizes, seed))
    return Trainer(
        network,
        data,
        batch_size=1,
        learning_rate=0.1,
        optimizer=SummedBiasSGD,
        epochs=epochs,
        shuffle=False,
        measure_every=1.0,
    )


def test_it_is_the_printed_program_step_by_step() -> None:
    data, alpha, random = load_digits().first(200), 0.1, np.random.RandomState(5)
    trainer = as_printed((64, 12, 7, 10), data, seed=5, epochs=2)
    weights, biases = [], []
    for fan_in, fan_out in ((64, 12), (12, 7), (7, 10)):
        weights.append(random.randn(fan_in, fan_out))
        biases.append(random.randn(fan_out))
    for _ in range(2):
        for x, y in zip(data.train_inputs(slice(None)), data.Y_train, strict=True):
            h = [x]
            for W, b in zip(weights, biases, strict=True):
                h.append(1 / (1 + np.exp(-(h[-1] @ W + b))))
            deltas = [(y - h[3]) * h[3] * (1 - h[3])]
            for t in (2, 1):
                deltas.insert(0, (deltas[0] @ weights[t].T) * h[t] * (1 - h[t]))
            for t in range(3):
                weights[t] += alpha * np.outer(h[t], deltas[t])
                biases[t] += alpha * deltas[t].sum()
    trainer.run()
    for layer, W, b in zip(trainer.network.dense, weights, biases, strict=True):
        np.testing.assert_allclose(layer.W, W, atol=1e-12)
        np.testing.assert_allclose(layer.b, b, atol=1e-12)


def test_its_first_epoch_comes_to_what_the_printed_program_does_and_digit_8_is_dead() -> None:
    trainer = as_printed(SIZES, load_mnist("source"), SEED, epochs=1)
    trainer.run()
    seen = trainer.history[-1]
    assert round(seen.test_accuracy, 4) == ACCURACIES[0]
    assert seen.test_recall[8] == 0
    assert min(recall for digit, recall in enumerate(seen.test_recall) if digit != 8) > 0.8


@pytest.mark.thorough
def test_with_its_bias_step_mended_a_third_of_an_epoch_does_more_than_one_and_no_digit_is_dead() -> None:
    network = Network(SIZES, loss="sigmoid squared error", init="normal", dtype=np.float32, random_state=SEED)
    trainer = Trainer(
        network,
        load_mnist("source").first(20_000),
        batch_size=1,
        learning_rate=0.1,
        epochs=1,
        measure_every=1.0,
        random_state=SEED,
    )
    trainer.run()
    seen = trainer.history[-1]
    assert seen.test_accuracy > ACCURACIES[0] + 0.01  # all epochs: the presets of page 23.3
    assert min(seen.test_recall) > 0.6
