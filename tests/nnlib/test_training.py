"""Training: the same however it is sliced, honest records, divergence, and the accuracies of the reference."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.datasets import Dataset, load_digits, load_mnist
from nnlib.measuring import accuracy, evaluate
from nnlib.network import Network
from nnlib.optimizers import SGD
from nnlib.training import Trainer

BOTH = {"batch_norm": True, "keep_prob": 0.8}


def trainer(
    batch_size: int = 32, optimizer: str = "sgd", epochs: int = 3, parts: dict | None = None, **others: object
) -> Trainer:
    """A trainer on scikit-learn's digits, everything seeded; `parts` are the network's, such as `BOTH`."""
    network = Network(
        (64, 20, 10),
        activation="relu",
        loss="softmax cross-entropy",
        init="he",
        dtype=np.float32,
        random_state=1,
        **(parts or {}),
    )
    settings = {"learning_rate": 0.05, "schedule": "cosine", "random_state": 2, **others}
    return Trainer(network, load_digits(), batch_size=batch_size, optimizer=optimizer, epochs=epochs, **settings)  # type: ignore[arg-type]


def results(trained: Trainer) -> list:
    """Everything in the history that is not a time."""
    rows = [replace(m, seconds=0.0, samples_per_second=0.0) for m in trained.history]
    statistics = [(norm.mean.tobytes(), norm.variance.tobytes()) for norm in trained.network.norms]
    return [trained.network.parameters.tobytes(), statistics, trained.state, rows]


@pytest.mark.parametrize("parts", [None, BOTH], ids=["plain", "with both"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_bit_identical_however_sliced(optimizer: str, parts: dict | None) -> None:
    whole = trainer(optimizer=optimizer, parts=parts)
    whole.run()

    @settings(max_examples=5)
    @given(cuts=st.lists(st.integers(1, 60), min_size=1, max_size=6))
    def in_slices(cuts: list[int]) -> None:
        sliced = trainer(optimizer=optimizer, parts=parts)
        for count in cuts:
            sliced.run_batches(count)
            sliced.run_for(0.0)
        sliced.run_epochs(1)
        while sliced.state == "training":
            sliced.run_for(0.01)
        assert results(sliced) == results(whole)

    in_slices()


PENALTY_NET = {"activation": "tanh", "loss": "softmax cross-entropy", "dtype": np.float64}


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_l2_pulls_every_weight_and_no_bias(optimizer: str) -> None:
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(20, 3)) * [1, 0, 1], np.eye(2)[rng.integers(0, 2, 20)]  # one input is always 0
    network = Network((3, 4, 2), random_state=0, **PENALTY_NET)  # type: ignore[arg-type]
    expected = network.as_type(np.float64)
    settings = {
        "batch_size": 20,
        "learning_rate": 0.01,
        "epochs": 3,
        "optimizer": optimizer,
        "measure_every": None,
    }
    penalised = Trainer(network, Dataset.from_arrays(X, Y), l2=2.0, record_loss=True, **settings)  # type: ignore[arg-type]
    penalised.run()

    weights = np.concatenate([np.full(slot.stop - slot.start, slot.symbol == "w") for slot in network.slots])
    theta, v, m = expected.parameters, 0.0, 0.0
    losses = []
    for t in range(1, 4):
        losses.append(expected.mean_loss(X, Y) + 2.0 / 2 * (theta[weights] ** 2).sum() / 20)
        g = expected.gradient(X, Y) + 2.0 * theta * weights / 20
        if optimizer == "adam":
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            step = m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        else:
            step = v = (0.9 * v if optimizer == "momentum" else 0.0) + g
        theta -= 0.01 * step
    np.testing.assert_allclose(network.parameters, theta, atol=1e-12)
    np.testing.assert_allclose(penalised.epoch_losses, losses)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("loss", ["softmax cross-entropy", "sigmoid cross-entropy", "sigmoid squared error"])
def test_a_row_of_weight_3_is_three_rows(loss: str, optimizer: str) -> None:
    rng = np.random.default_rng(0)
    X, Y, weights = rng.normal(size=(12, 3)), np.eye(2)[rng.integers(0, 2, 12)], rng.integers(1, 4, 12)
    nets, losses = [], []
    for repeats, sample_weight in ((weights, None), (1, weights), (1, weights * 1e-30)):
        network = Network((3, 4, 2), random_state=0, **{**PENALTY_NET, "loss": loss})  # type: ignore[arg-type]
        data = Dataset.from_arrays(X.repeat(repeats, axis=0), Y.repeat(repeats, axis=0))
        run = Trainer(
            network, data, batch_size=len(data.X_train), optimizer=optimizer, sample_weight=sample_weight,
            l2=0.5 if sample_weight is None or sample_weight.max() > 1 else 0.5e-30, epochs=5, record_loss=True,
        )  # fmt: skip
        run.run()
        nets.append(network.parameters)
        losses.append(run.epoch_losses)
    for one, epochs in zip(nets[1:], losses[1:], strict=True):
        np.testing.assert_allclose(one, nets[0], atol=1e-12)
        np.testing.assert_allclose(epochs, losses[0])


def test_weights_count_within_their_batch() -> None:
    # Every batch is one row: its weight cancels in its mean, but divides the penalty.
    runs = [trainer(batch_size=1, epochs=1, sample_weight=weights) for weights in (None, np.full(1437, 0.1))]
    runs.append(trainer(batch_size=1, epochs=1, sample_weight=np.random.default_rng(0).uniform(0.1, 9, 1437)))
    for run in runs:
        run.run_batches(50)
    for run in runs[1:]:
        np.testing.assert_array_equal(run.network.parameters, runs[0].network.parameters)
    weighted, plain = trainer(l2=0.2, sample_weight=np.full(1437, 0.1)), trainer(l2=2.0)
    for run in (weighted, plain):
        run.run_batches(50)
    np.testing.assert_allclose(weighted.network.parameters, plain.network.parameters, atol=1e-6)


@pytest.mark.parametrize("weights", [np.ones(1436), np.zeros(1437), np.full(1437, -1.0), np.full(1437, np.nan)])
def test_weights_must_be_positive_one_a_row(weights: np.ndarray) -> None:
    with pytest.raises(ValueError, match="sample_weight must be"):
        trainer(sample_weight=weights)


def test_equal_random_states_give_equal_runs_and_others_do_not() -> None:
    a, b, c = trainer(), trainer(), trainer(random_state=3)
    for one in (a, b, c):
        one.run()
    assert results(a) == results(b)
    assert results(a)[0] != results(c)[0]


def test_one_batch_is_one_step_of_gradient_descent() -> None:
    # With the whole set as one batch there is no randomness left, and the step can be written out.
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(20, 3)), rng.integers(0, 2, (20, 2)).astype(float)
    network = Network((3, 4, 2), random_state=0)
    expected = network.parameters - 0.5 * network.gradient(X, Y)
    Trainer(network, Dataset.from_arrays(X, Y), batch_size=20, learning_rate=0.5).run_batches(1)
    np.testing.assert_allclose(network.parameters, expected, atol=1e-15)


def test_leaving_out_zeros_changes_nothing() -> None:
    # Against a plain loop over the same batches with all 64 pixels, in double precision.
    data = load_digits()
    network = Network((64, 12, 10), activation="tanh", random_state=4)
    plain = Network((64, 12, 10), activation="tanh", random_state=4)
    Trainer(network, data, batch_size=100, learning_rate=0.3, epochs=2, random_state=5).run()
    rng = np.random.default_rng(5)
    for _ in range(2):
        order = rng.permutation(len(data.X_train))
        for start in range(0, len(order), 100):
            rows = order[start : start + 100]
            plain.parameters -= 0.3 * plain.gradient(data.train_inputs(rows), data.Y_train[rows])
    np.testing.assert_allclose(network.parameters, plain.parameters, atol=1e-12)


def test_the_last_short_batch_counts() -> None:
    run = trainer(batch_size=500, epochs=1)  # 1,437 rows: 500, 500, 437
    run.run()
    assert (run.steps_per_epoch, run.step, run.epoch) == (3, 3, 1.0)
    assert len(run._batches.order) == 1437
    assert len(np.unique(run._batches.order)) == 1437


def test_history_says_what_happened() -> None:
    run = trainer(epochs=4, measure_every=0.5, learning_rate=0.5)
    run.run()
    assert run.state == "finished"
    assert [m.epoch for m in run.history[-4:]] == pytest.approx([2.5, 3.0, 3.5, 4.0], abs=0.02)
    assert run.history[0].step == 0
    assert np.isnan(run.history[0].samples_per_second)
    last = run.history[-1]
    assert (last.test_loss, last.test_accuracy, last.test_recall) == evaluate(run.network, run.data, "test")
    assert last.train_loss < 0.5 * run.history[0].train_loss
    assert last.learning_rate == pytest.approx(0.0, abs=1e-12)
    assert len(last.gradient_rms) == len(last.weight_rms) == 2
    assert last.weight_rms[1] == pytest.approx(np.sqrt(np.mean(run.network.dense[1].W ** 2)), rel=1e-5)
    assert all(a.seconds <= b.seconds for a, b in zip(run.history, run.history[1:], strict=False))
    assert last.samples_per_second > 0


def test_measuring_more_often_changes_no_weight() -> None:
    seldom, often = trainer(measure_every=3.0), trainer(measure_every=0.1)
    seldom.run()
    often.run()
    assert len(often.history) > 2 * len(seldom.history)
    assert often.network.parameters.tobytes() == seldom.network.parameters.tobytes()


def test_gradient_rms_is_that_of_the_network() -> None:
    run = trainer()
    run.run_batches(1)
    rows = run._sample[:500]
    network = Network(
        (64, 20, 10), activation="relu", loss="softmax cross-entropy", init="he", dtype=np.float32, random_state=1
    )
    trace = network.trace(run.data.train_inputs(rows, np.float32), run.data.Y_train[rows])
    expected = [np.sqrt(np.mean(dW**2)) for dW in trace.dW]
    np.testing.assert_allclose(run.history[0].gradient_rms, expected, rtol=1e-4)


def test_learning_rate_may_change_while_it_runs() -> None:
    run, same = trainer(schedule="constant"), trainer(schedule="constant")
    for one in (run, same):
        one.run_epochs(1)
    run.learning_rate = 1e-9
    before = run.network.parameters.copy()
    run.run_epochs(1)
    same.run_epochs(1)
    assert np.abs(run.network.parameters - before).max() < 1e-6
    assert np.abs(same.network.parameters - before).max() > 1e-3


@pytest.mark.parametrize("cuts", [[], [1] * 30, [7, 70, 3]])
def test_divergence_stops_before_the_first_bad_step(cuts: list[int]) -> None:
    run = trainer(batch_size=8, learning_rate=1e30, schedule="constant")
    for count in cuts:
        run.run_batches(count)
    run.run()
    assert run.state == "diverged"
    assert np.isfinite(run.network.parameters).all()
    assert len(run.history) >= 1
    assert f"at step {run.step + 1:,}" in run.problem
    assert "learning rate that is too large: it was 1e+30" in run.problem
    parameters = run.network.parameters.copy()
    run.run()  # nothing more happens
    np.testing.assert_array_equal(run.network.parameters, parameters)


def test_the_learning_rates_set_are_remembered() -> None:
    run = trainer(learning_rate=0.05)
    assert run.rates == [(0, 0.05)]
    run.learning_rate = 0.1
    assert run.rates == [(0, 0.1)]
    run.run_batches(7)
    run.learning_rate = 0.1  # no change
    run.learning_rate = 0.3
    run.learning_rate = 0.2
    assert run.rates == [(0, 0.1), (7, 0.2)]
    run.run_batches(1)
    run.learning_rate = 0.4
    run.learning_rate = 0.2  # taken back
    assert run.rates == [(0, 0.1), (7, 0.2)]
    assert run.learning_rate == 0.2


def overshooting() -> Trainer:
    """180 batches an epoch; the penalty takes W to about −2.2 W at every step; single precision bears 110."""
    network = Network((64, 10), loss="softmax cross-entropy", dtype=np.float32, random_state=0)
    return Trainer(network, load_digits(), batch_size=8, learning_rate=1.0, l2=25.6, random_state=0)


@pytest.mark.parametrize("cuts", [[], [1] * 200, [7, 70, 3, 100, 1]])
def test_the_last_steps_before_divergence_are_looked_at(cuts: list[int]) -> None:
    run, again = overshooting(), overshooting()
    assert run.last_steps == []
    for count in cuts:
        run.run_batches(count)
    run.run()
    assert run.state == "diverged"
    assert [taken.step for taken in run.last_steps] == list(range(run.step - 62, run.step + 2))
    *healthy, culprit = run.last_steps
    growth = [b.length / a.length for a, b in pairwise(healthy)]
    np.testing.assert_allclose(growth, 2.2, rtol=0.01)
    assert not np.isfinite(culprit.length)

    first = healthy[0]
    again.run_batches(first.step - 1)
    before = again.network.as_type(np.float64)
    again.run_batches(1)
    rows = again._batches.order[8 * (first.step - 1) :][:8]
    loss = before.mean_loss(again.data.train_inputs(rows), again.data.Y_train[rows])
    assert first.loss == pytest.approx(loss, rel=1e-5)
    assert first.length == pytest.approx(float(np.linalg.norm(again.network.parameters - before.parameters)))


def test_the_steps_before_a_measurement_that_shows_divergence_are_looked_at_too() -> None:
    network = Network(
        (64, 100, 50, 50, 50, 50, 10),
        activation="relu",
        init="he",
        loss="softmax cross-entropy",
        dtype=np.float32,
        random_state=0,
    )
    trainer = Trainer(network, load_digits(), learning_rate=3.0, batch_size=32, epochs=1, random_state=0)
    trainer.run()
    assert trainer.state == "diverged"
    assert trainer.step == 4  # where it was measured
    assert [taken.step for taken in trainer.last_steps] == [1, 2, 3, 4]
    assert trainer.last_steps[-1].loss > 1e6


def test_steps_before_a_changed_rate_are_not_taken_again() -> None:
    run = overshooting()
    run.run_batches(100)
    run.learning_rate = 2.0
    run.run()
    assert run.state == "diverged"
    assert run.last_steps[0].step == 101


def test_divergence_takes_back_to_weights_set_by_hand() -> None:
    run = overshooting()
    run.run_batches(3)
    run.network.parameters[:] = np.float32(1e38)
    run.run()
    assert (run.state, run.step) == ("diverged", 3)
    np.testing.assert_array_equal(run.network.parameters, np.float32(1e38))


@pytest.mark.parametrize("keep_prob", [1.0, 0.9])
def test_divergence_is_found_at_the_same_step_however_sliced(keep_prob: float) -> None:
    # Going back and taking the steps again one by one must meet the same batches and masks in the same order.
    runs = []
    for _ in range(2):
        network = Network(
            (64, *[50] * 5, 10),
            activation="relu",
            loss="softmax cross-entropy",
            init="he",
            dtype=np.float32,
            random_state=0,
            keep_prob=keep_prob,
        )
        runs.append(
            Trainer(
                network,
                load_digits(),
                batch_size=16,
                learning_rate=1.0,
                optimizer="momentum",
                epochs=5,
                random_state=0,
            )
        )
    runs[0].run()
    while runs[1].state == "training":
        runs[1].run_batches(1)
    assert runs[0].state == runs[1].state == "diverged"
    assert runs[0].step == runs[1].step > 2
    assert runs[0].network.parameters.tobytes() == runs[1].network.parameters.tobytes()


def test_a_slice_breaks_off_when_interrupted() -> None:
    run = trainer(epochs=50)
    run.run_for(60.0, interrupted=lambda: run.step == 5)
    assert run.step == 5


@pytest.mark.parametrize("ddof", [0, 1])
def test_inference_averages_the_statistics_of_training_batches(ddof: int) -> None:
    # Algorithm 23.4, written out: batches through the trained network as it is, statistics averaged plainly.
    run = trainer(100, learning_rate=0.5, epochs=5, parts={"batch_norm": True, "ddof": ddof, "keep_prob": 0.8})
    run.run()
    network = run.network.as_type(np.float64)
    X = run.data.train_inputs(slice(None))
    of_batches = []
    for batch in range(15):  # 1,437 rows in 15 batches, dealt out like cards
        Z = X[batch::15] @ network.dense[0].W + network.dense[0].b
        of_batches.append((Z.mean(axis=0), Z.var(axis=0, ddof=ddof)))
    mean, variance = (np.mean(values, axis=0) for values in zip(*of_batches, strict=True))
    np.testing.assert_allclose(network.norms[0].mean, mean, atol=1e-4)
    np.testing.assert_allclose(network.norms[0].variance, variance, rtol=1e-4)
    assert run.history[-1].test_accuracy == evaluate(run.network, run.data, "test")[1] > 0.8


def test_statistics_keep_pace_while_training_goes_on() -> None:
    run = trainer(batch_size=8, parts=BOTH)  # 180 batches an epoch, of which 64 are looked at
    run.run_batches(30)
    before = run.network.norms[0].mean.copy()
    run.run_batches(30)
    assert np.abs(run.network.norms[0].mean - before).max() > 1e-3
    Z = run.data.train_inputs(slice(None), np.float32) @ run.network.dense[0].W + run.network.dense[0].b
    scale = Z.std(axis=0).max()
    np.testing.assert_allclose(run.network.norms[0].mean, Z.mean(axis=0), atol=0.2 * scale)


def test_batch_norm_leaves_out_a_last_batch_of_one() -> None:
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(rng.normal(size=(21, 3)), rng.integers(0, 2, (21, 1)).astype(float))
    steps = {
        ddof: Trainer(Network((3, 4, 1), batch_norm=True, ddof=ddof), data, batch_size=4, epochs=2)
        for ddof in (0, 1)
    }
    assert [steps[ddof].steps_per_epoch for ddof in (0, 1)] == [5, 5]
    for run in steps.values():
        run.run()
        assert run.state == "finished"


@pytest.mark.parametrize("ddof", [0, 1])
def test_batch_norm_needs_batches_of_two(ddof: int) -> None:
    message = "batch_size must be at least 2, got 1: to batch normalisation, .* every z̄ is 0"
    with pytest.raises(ValueError, match=message):
        trainer(batch_size=1, parts={"batch_norm": True, "ddof": ddof})
    trainer(batch_size=2, parts={"batch_norm": True, "ddof": ddof}).run_batches(1)


def test_without_shuffling_rows_come_in_their_own_order() -> None:
    data = load_digits()
    network, plain = (Network((64, 12, 10), activation="tanh", random_state=4) for _ in range(2))
    Trainer(network, data, batch_size=100, learning_rate=0.3, epochs=2, shuffle=False, random_state=5).run()
    for _ in range(2):
        for start in range(0, len(data.X_train), 100):
            rows = slice(start, start + 100)
            plain.parameters -= 0.3 * plain.gradient(data.train_inputs(rows), data.Y_train[rows])
    np.testing.assert_allclose(network.parameters, plain.parameters, atol=1e-12)


def test_dropout_changes_the_steps_but_not_the_order_of_rows() -> None:
    plain, dropped = trainer(), trainer(parts={"keep_prob": 0.5})
    for one in (plain, dropped):
        one.run_batches(1)
    np.testing.assert_array_equal(plain._batches.order, dropped._batches.order)
    assert plain.network.parameters.tobytes() != dropped.network.parameters.tobytes()


def test_epoch_losses_are_those_each_batch_was_met_with() -> None:
    # Against a plain loop in double precision: the loss of every batch before its step, averaged over the rows.
    X, Y = load_digits().train_inputs(slice(250)), load_digits().Y_train[:250]
    network, plain = (Network((64, 12, 10), loss="softmax cross-entropy", random_state=4) for _ in range(2))
    run = Trainer(
        network,
        Dataset.from_arrays(X, Y),
        batch_size=100,
        learning_rate=0.3,
        epochs=2,
        random_state=5,
        record_loss=True,
    )
    run.run_batches(4)
    run.run()
    rng, expected = np.random.default_rng(5), []
    for _ in range(2):
        order, total = rng.permutation(250), 0.0
        for rows in (order[:100], order[100:200], order[200:]):
            total += plain.mean_loss(X[rows], Y[rows]) * len(rows)
            plain.parameters -= 0.3 * plain.gradient(X[rows], Y[rows])
        expected.append(total / 250)
    np.testing.assert_allclose(run.epoch_losses, expected, rtol=1e-10)
    assert trainer().epoch_losses == []


def test_epoch_losses_are_the_same_however_sliced_and_end_where_training_diverges() -> None:
    whole, sliced = (trainer(batch_size=8, record_loss=True, epochs=5) for _ in range(2))
    whole.run_epochs(2)
    while sliced.step < whole.step:
        sliced.run_batches(9)  # 180 batches an epoch
    for run in (whole, sliced):
        run.learning_rate = 1e30
        run.run()
        assert run.state == "diverged"
    assert whole.epoch_losses == sliced.epoch_losses
    assert len(whole.epoch_losses) == whole.step // whole.steps_per_epoch == 2


def test_without_measurements_training_is_the_same_and_the_history_empty() -> None:
    silent, measured = trainer(measure_every=None, parts=BOTH), trainer(parts=BOTH)
    silent.run()
    measured.run()
    assert silent.history == []
    assert results(silent)[:3] == results(measured)[:3]


def test_an_optimizer_of_ones_own() -> None:
    own, named = trainer(optimizer=lambda network: SGD(network, momentum=0.9)), trainer(optimizer="momentum")  # type: ignore[arg-type]
    own.run()
    named.run()
    assert results(own) == results(named)


def test_every_input_in_its_place_trains_alike() -> None:
    data = load_digits()
    assert len(data.active) < 64
    left_out, kept = (Network((64, 12, 10), activation="tanh", random_state=4) for _ in range(2))
    Trainer(left_out, data, batch_size=100, learning_rate=0.3, epochs=1, random_state=5).run()
    Trainer(kept, data.with_every_input(), batch_size=100, learning_rate=0.3, epochs=1, random_state=5).run()
    np.testing.assert_allclose(kept.parameters, left_out.parameters, atol=1e-12)


def test_training_works_without_test_rows() -> None:
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    data = Dataset.from_arrays(X, np.array([[0.0], [1.0], [1.0], [1.0]]))
    network = Network((2, 1), random_state=0)
    run = Trainer(network, data, batch_size=4, learning_rate=2.0, epochs=500, measure_every=100, random_state=0)
    run.run()
    assert run.history[-1].train_accuracy == 1.0  # OR can be learned by one neuron
    assert np.isnan(run.history[-1].test_accuracy)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("parts", [None, BOTH], ids=["plain", "with both"])
def test_measuring_by_hand_changes_nothing(parts: dict | None, optimizer: str) -> None:
    looked_at, plain = trainer(parts=parts, optimizer=optimizer), trainer(parts=parts, optimizer=optimizer)
    looked_at.measure()
    for count in (1, 2, 29, 44, 20):
        looked_at.run_batches(count)
        before = results(looked_at)
        seen = looked_at.measure()
        assert looked_at.measure() == seen
        assert results(looked_at) == before
        assert (seen.step, seen.epoch) == (looked_at.step, looked_at.epoch)
        assert seen.test_accuracy == evaluate(looked_at.network, looked_at.data, "test").accuracy
    looked_at.run()
    plain.run()
    assert results(looked_at) == results(plain)
    assert looked_at.measure().test_loss == looked_at.history[-1].test_loss


def test_what_is_recorded_by_hand_stands_once_in_its_place() -> None:
    run, plain = trainer(), trainer()
    assert run.record() == run.record() == run.history[0]
    for _ in range(4):
        run.run_batches(1)
        run.record()
        run.record()
    assert [m.step for m in run.history] == [0, 1, 2, 3, 4]
    assert run.history[3].samples_per_second > 0
    run.run()
    plain.run()
    steps = [m.step for m in run.history]
    assert steps == sorted({*steps})
    assert set(steps) == {m.step for m in plain.history} | {3, 4} | set(steps[:3])
    assert results(run)[:3] == results(plain)[:3]


def test_a_loss_that_is_not_finite_is_not_recorded() -> None:
    run = Trainer(Network((64, 10), loss="softmax cross-entropy", dtype=np.float32), load_digits())
    run.network.parameters[:] = np.float32(3e38)
    run.network.parameters[::2] *= -1
    assert not np.isfinite(run.record().train_loss)
    assert run.history == []


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("stop", [10, 45, 90])
def test_epochs_added_are_as_if_planned_from_the_start(stop: int, optimizer: str) -> None:
    # 45 batches an epoch: in the first one, at the end of the first one, at the end of all
    planned = trainer(epochs=5, schedule="constant", optimizer=optimizer)
    added = trainer(epochs=2, schedule="constant", optimizer=optimizer)
    planned.run()
    added.run_batches(stop)
    added.add_epochs(3)
    assert (added.epochs, added.total_steps, added.state) == (5, 225, "training")
    added.run()
    assert results(added) == results(planned)


def test_the_cosine_goes_on_over_the_longer_plan() -> None:
    run = trainer(epochs=2, learning_rate=0.2)
    run.run()
    assert run.history[-1].learning_rate == pytest.approx(0.0, abs=1e-12)
    run.add_epochs(2)
    assert run.measure().learning_rate == pytest.approx(0.1)  # half way along the cosine
    run.run()
    assert run.history[-1].epoch == 4
    assert run.history[-1].learning_rate == pytest.approx(0.0, abs=1e-12)


def test_diverged_training_gets_no_epochs() -> None:
    run = trainer(learning_rate=1e30)
    run.run()
    with pytest.raises(ValueError, match="training has diverged"):
        run.add_epochs(1)
    with pytest.raises(ValueError, match="count must be at least 1, got 0"):
        trainer().add_epochs(0)


def with_patience(patience: int | None = 2, **others: object) -> Trainer:
    """A trainer that validates by a few rows, fast enough to be done long before its last epoch."""
    network = Network((64, 20, 10), activation="relu", loss="softmax cross-entropy", init="he", random_state=1)
    settings = {"batch_size": 32, "learning_rate": 0.2, "epochs": 60, "random_state": 2, "patience": patience}
    return Trainer(network, load_digits().hold_out(0.2), **{**settings, **others})  # type: ignore[arg-type]


@pytest.mark.parametrize("measure_every", [0.4, 7.0, None])
def test_training_stops_when_validation_accuracy_no_longer_rises(measure_every: float | None) -> None:
    run, on = with_patience(measure_every=measure_every), with_patience(None, measure_every=1.0)
    run.run()
    on.run()
    ends = [m.validation_accuracy for m in on.history if m.epoch == int(m.epoch)]
    start = 0 if measure_every else 1
    stop = next(k for k in range(start + 2, 61) if max(ends[start : k - 1]) >= max(ends[k - 1 : k + 1]))
    best = start + int(np.argmax(ends[start : stop + 1]))
    assert (run.state, run.epoch) == ("finished", stop)
    assert stop < 60
    assert stop - best == 2
    assert run.ending == (
        f"Training stopped early, after epoch {stop}: for 2 epochs, validation accuracy has not risen above "
        f"the {ends[best]:.2%} of epoch {best}."
    )
    last = run.history[-1]
    assert (last.validation_loss, last.validation_accuracy) == evaluate(run.network, run.data, "validation")[:2]
    run.run()
    assert run.epoch == stop


def test_early_stopping_is_the_same_however_sliced() -> None:
    whole, sliced = with_patience(), with_patience()
    whole.run()
    while sliced.state == "training":
        sliced.run_batches(17)
    assert results(sliced) == results(whole)
    assert sliced.ending == whole.ending != ""


def test_early_stopping_leaves_what_was_trained_until_then_as_it_is() -> None:
    stopped, on = with_patience(), with_patience(None)
    stopped.run()
    on.run_batches(stopped.step)
    assert stopped.network.parameters.tobytes() == on.network.parameters.tobytes()
    assert on.ending == ""
    full = with_patience(patience=60, epochs=2)
    full.run()
    assert (full.state, full.epoch, full.ending) == ("finished", 2.0, "")


def test_what_an_early_stop_measured_last_is_the_network_also_with_batch_norm() -> None:
    network = Network((64, 20, 10), batch_norm=True, random_state=0)
    run = Trainer(network, load_digits().hold_out(0.2), batch_size=8, epochs=60, patience=1, random_state=0)
    run.run()
    assert run.ending
    assert run.history[-1].test_accuracy == evaluate(network, run.data, "test").accuracy


def test_epochs_added_after_an_early_stop_are_trained_in_full() -> None:
    run = with_patience()
    run.run()
    stop = run.epoch
    assert run.ending
    run.add_epochs(5)
    assert run.ending == ""
    run.run()
    assert (run.state, run.epoch, run.ending) == ("finished", stop + 5, "")


def test_patience_needs_rows_to_validate_by() -> None:
    with pytest.raises(ValueError, match=r"^patience needs data with validation rows, see Dataset\.hold_out$"):
        trainer(patience=3)
    with pytest.raises(ValueError, match="patience must be at least 1, got 0"):
        with_patience(0)


def test_accuracy_by_hand() -> None:
    P = np.array([[0.9, 0.6], [0.2, 0.3], [0.6, 0.4]])
    Y = np.array([[1, 0], [0, 1], [1, 1]])
    assert accuracy(P, Y) == 1.0  # the largest output, ties in Y to the first
    assert accuracy(P, Y, multilabel=True) == 0.0  # no row has both labels right
    assert accuracy(P[:, :1], Y[:, :1]) == 1.0


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"batch_size": 0}, ValueError, "batch_size must be from 1 to 1437, got 0"),
        ({"batch_size": 2000}, ValueError, "batch_size must be from 1 to 1437, got 2000"),
        ({"batch_size": 1.5}, TypeError, "batch_size must be a whole number"),
        ({"learning_rate": -0.1}, ValueError, "learning_rate must be finite and in"),
        ({"learning_rate": float("nan")}, ValueError, "learning_rate"),
        ({"learning_rate": "fast"}, TypeError, "learning_rate must be a number, got 'fast'"),
        ({"optimizer": "newton"}, ValueError, "optimizer must be one of 'sgd', 'momentum', 'adam'"),
        ({"schedule": "step"}, ValueError, "schedule must be one of"),
        ({"epochs": 0}, ValueError, "epochs must be at least 1"),
        ({"measure_every": 0.0}, ValueError, "measure_every"),
        ({"shuffle": 1}, TypeError, "shuffle must be True or False, got 1"),
        ({"random_state": "x"}, TypeError, "random_state must be a whole number"),
    ],
)
def test_bad_arguments(arguments: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        trainer(**arguments)


def test_network_and_data_must_fit() -> None:
    with pytest.raises(ValueError, match="network has 64 inputs and 3 outputs, data has 64 and 10"):
        Trainer(Network((64, 3)), load_digits())


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.deepcopy, copy.copy])
def test_a_trainer_says_why_it_cannot_be_pickled_or_copied(duplicate: Callable[[Trainer], Any]) -> None:
    with pytest.raises(TypeError, match=r"^a Trainer can be neither pickled nor copied: .*save_checkpoint"):
        duplicate(trainer())


def test_one_bad_slice_is_refused_and_harms_nothing() -> None:
    run = trainer()
    with pytest.raises(ValueError, match="seconds"):
        run.run_for(-1.0)
    with pytest.raises(ValueError, match="count must be at least 1"):
        run.run_batches(0)
    assert run.step == 0


@pytest.mark.thorough
def test_default_settings_reach_97_5_percent_on_mnist_within_6_epochs() -> None:
    network = Network(
        (784, 100, 50, 10),
        activation="relu",
        loss="softmax cross-entropy",
        init="he",
        dtype=np.float32,
        random_state=0,
    )
    run = Trainer(
        network,
        load_mnist(),
        batch_size=32,
        learning_rate=0.3,
        optimizer="sgd",
        schedule="cosine",
        epochs=6,
        measure_every=6,
        random_state=0,
    )
    run.run()
    assert run.history[-1].test_accuracy >= 0.975


@pytest.mark.thorough
def test_batch_norm_and_dropout_reach_97_5_percent_on_mnist_within_5_epochs() -> None:
    network = Network(
        (784, 100, 50, 10),
        activation="relu",
        loss="softmax cross-entropy",
        init="he",
        dtype=np.float32,
        random_state=0,
        batch_norm=True,
        keep_prob=(0.9, 1),
    )
    run = Trainer(
        network,
        load_mnist(),
        batch_size=64,
        learning_rate=0.004,
        optimizer="adam",
        schedule="cosine",
        epochs=5,
        measure_every=5,
        random_state=0,
    )
    run.run()
    assert run.history[-1].test_accuracy >= 0.975  # 98 % after 20 epochs: tests/benchmarks/bench_accuracy.py


def test_no_step_is_taken_where_none_is_asked_for() -> None:
    network = Network((64, 10), random_state=0)
    before = network.parameters.copy()
    trainer = Trainer(network, load_digits(), random_state=0)
    trainer.run_for(0.0, last_step=0)
    assert (trainer.step, trainer.state) == (0, "training")
    assert np.array_equal(network.parameters, before)


def test_what_was_found_finite_is_not_found_out_later() -> None:
    # Rows 2 and 150 overflow, though no parameter does: nobody looks at the first, a slice ends with the other.
    X = np.full((4000, 1), 1e-3)
    X[[1, 149]] = 30.0
    assert not np.isin([1, 149], np.linspace(0, 3999, 2000).astype(int)).any()  # nor are they measured
    network = Network((1, 1), dtype=np.float32, parameters=[3e37, 0.0])
    run = Trainer(network, Dataset.from_arrays(X, np.ones((4000, 1))), batch_size=1, epochs=1, shuffle=False)
    run.run_batches(140)
    run.run_batches(10)
    assert (run.state, run.step) == ("diverged", 149)
    assert [seen.step for seen in run.history] == [0, 80]
