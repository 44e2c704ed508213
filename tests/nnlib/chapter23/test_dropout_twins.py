"""Plain and inverted dropout are one training run with what each rule needs, and part without it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.chapter23.dropout_twins import BATCH, HIDDEN, INPUTS, NEEDED, OUTPUTS, Powers, TwinTraining
from nnlib.network import Network


@pytest.mark.parametrize("rule", NEEDED)
def test_the_two_runs_are_one(rule: str) -> None:
    twins = TwinTraining(0.6, rule)
    before = twins.parameters[0].copy()
    twins.run(300)
    assert twins.step == 300
    assert len(twins.losses) == len(twins.weight_differences) == len(twins.prediction_differences) == 301
    assert max(twins.weight_differences) < 1e-12
    assert max(twins.prediction_differences) < 1e-12
    assert np.abs(twins.parameters[0] - before).max() > 0.4  # they did learn
    assert twins.losses[-1][0] < twins.losses[0][0]
    plain, inverted = twins.networks
    np.testing.assert_allclose(inverted.dense[1].W, 0.6 * plain.dense[1].W, rtol=0, atol=1e-12)
    np.testing.assert_allclose(inverted.dense[0].W, plain.dense[0].W, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("rule", "changed", "low", "high"),
    [
        ("gradient descent", {"rate": 0}, 0.1, 0.3),
        ("gradient descent", {"rate": 1}, 0.05, 0.2),
        ("gradient descent", {"weights": 0}, 0.05, 0.2),
        ("momentum", {"rate": 1}, 0.1, 0.5),
        ("Nesterov momentum", {"rate": 1}, 0.1, 0.5),
        ("Adam", {"rate": 2}, 0.1, 1.0),
        ("Adam", {"epsilon": 0}, 1e-8, 1e-4),  # the reference: 3e-7
        ("L2 decay", {"decay": 0}, 0.03, 0.24),
        ("decoupled decay", {"decay": -2}, 0.03, 0.24),
    ],
)
def test_they_part_without_what_the_rule_needs(
    rule: str, changed: dict[str, int], low: float, high: float
) -> None:
    apart = []
    for seed in range(2):
        twins = TwinTraining(0.6, rule, replace(NEEDED[rule], **changed), random_state=seed)
        twins.run(300)
        apart.append(max(twins.prediction_differences))
        assert (twins.prediction_differences[0] < 1e-15) == ("weights" not in changed)
    assert low < np.mean(apart) < high


@settings(max_examples=20)
@given(st.floats(0.1, 1.0), st.floats(0.001, 0.1), st.integers(0, 10**6), st.sampled_from(list(NEEDED)))
def test_one_run_whatever_p_rate_and_seed(p: float, rate: float, seed: int, rule: str) -> None:
    twins = TwinTraining(p, rule, learning_rate=rate, random_state=seed)
    twins.run(40)
    assert max(twins.weight_differences) < 1e-12
    assert max(twins.prediction_differences) < 1e-12


@pytest.mark.parametrize("rule", NEEDED)
def test_several_dropped_layers_have_each_its_own_p(rule: str) -> None:
    twins = TwinTraining((0.6, 0.8), rule)
    twins.run(300)
    assert max(twins.weight_differences) < 1e-12
    plain, inverted = twins.networks
    np.testing.assert_allclose(inverted.dense[2].W, 0.8 * plain.dense[2].W, rtol=0, atol=1e-12)


def test_both_runs_are_those_of_the_library() -> None:
    """The networks of `nnlib` on the same batches, under masks drawn the same way, take the same steps."""
    rng = np.random.default_rng(5)
    X = rng.standard_normal((60, INPUTS))
    Y = np.eye(OUTPUTS)[(X @ rng.standard_normal((INPUTS, OUTPUTS))).argmax(axis=1)]
    sizes = (INPUTS, HIDDEN, OUTPUTS)
    first = Network(sizes, random_state=rng).parameters
    twins = TwinTraining(0.6, powers=Powers(weights=1), random_state=5)
    twins.run(20)
    factors = np.where(twins.factors == 0.6, 0.6, 1.0)
    networks = [
        Network(sizes, keep_prob=0.6, inverted=False, parameters=first, random_state=rng),
        Network(sizes, keep_prob=0.6, inverted=True, parameters=factors * first, random_state=rng),
    ]
    for _ in range(20):
        rows = rng.integers(0, 60, BATCH)
        masks_ahead = rng.bit_generator.state
        for network in networks:
            rng.bit_generator.state = masks_ahead  # both draw the same masks
            network.parameters -= 0.1 * network.gradient(X[rows], Y[rows], training=True)
    for network, parameters, loss in zip(networks, twins.parameters, twins.losses[-1], strict=True):
        np.testing.assert_allclose(network.parameters, parameters, rtol=0, atol=1e-13)
        assert network.mean_loss(X, Y) == pytest.approx(loss, rel=1e-12)
    expected = np.abs(networks[0].predict_proba(X) - networks[1].predict_proba(X)).max()
    assert twins.prediction_differences[-1] == pytest.approx(expected, rel=1e-9)


def test_at_p_1_nothing_has_to_be_changed_and_runs_go_on() -> None:
    once, twice = (TwinTraining(1.0, powers=Powers(), random_state=4) for _ in range(2))
    once.run(30)
    twice.run(10)
    twice.run(0)
    twice.run(20)
    assert max(once.weight_differences) == 0
    assert once.losses == twice.losses
    np.testing.assert_array_equal(once.parameters, twice.parameters)


def test_bad_arguments_are_named() -> None:
    for p in (0.0, 1.5, float("nan")):
        with pytest.raises(ValueError, match="keep_prob"):
            TwinTraining(p)
    for rate in (0.0, -1.0, float("inf")):
        with pytest.raises(ValueError, match="learning_rate"):
            TwinTraining(learning_rate=rate)
    with pytest.raises(ValueError, match="rule must be one of"):
        TwinTraining(rule="sgd")
    with pytest.raises(ValueError, match="steps"):
        TwinTraining().run(-1)
