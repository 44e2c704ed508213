"""The network: the book's XNOR, Algorithm 23.3 by hand, gradients checked for every activation and loss."""

import copy
import json
import pickle
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib.activations import ACTIVATIONS
from nnlib.losses import LOSSES
from nnlib.network import INITIALIZERS, Network, average_batch_statistics

XNOR_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def test_the_books_xnor_network() -> None:
    network = Network((2, 2, 1))
    network.dense[0].W[:] = [[20, -20], [20, -20]]
    network.dense[0].b[:] = [-30, 10]
    network.dense[1].W[:] = [[20], [20]]
    network.dense[1].b[:] = -10
    outputs = network.predict_proba(XNOR_INPUTS).ravel()
    assert [f"{y:.8f}" for y in outputs] == ["0.99995456", "0.00004548", "0.00004548", "0.99995456"]


def test_algorithm_23_3_by_hand() -> None:
    # One sample through 1-1-1 with w¹ = 2, b¹ = −1, w² = 3, b² = 0.5 and x = 0.5, y = 1:
    # z¹ = 0, h¹ = 1/2, z² = 2, h² = σ(2); δ² = h² − 1, δ¹ = h¹ (1 − h¹) w² δ² = 3/4 δ².
    network = Network((1, 1, 1))
    network.parameters[:] = [2.0, -1.0, 3.0, 0.5]
    trace = network.trace(np.array([[0.5]]), np.array([[1.0]]))
    output = 1 / (1 + np.exp(-2.0))
    delta = output - 1
    assert [z.item() for z in trace.z] == [0.0, 2.0]
    np.testing.assert_allclose([h.item() for h in trace.h], [0.5, 0.5, output], rtol=1e-15)
    np.testing.assert_allclose([d.item() for d in trace.delta], [0.75 * delta, delta], rtol=1e-15)
    np.testing.assert_allclose([dW.item() for dW in trace.dW], [0.5 * 0.75 * delta, 0.5 * delta], rtol=1e-15)
    np.testing.assert_allclose([db.item() for db in trace.db], [0.75 * delta, delta], rtol=1e-15)
    assert trace.loss == pytest.approx(-np.log(output), rel=1e-14)


@given(
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    loss=st.sampled_from(sorted(LOSSES)),
    hidden=st.lists(st.integers(1, 6), max_size=3),
    seed=st.integers(0, 2**32 - 1),
)
def test_back_propagation_agrees_with_slopes(activation: str, loss: str, hidden: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = Network((4, *hidden, 3), activation=activation, loss=loss, random_state=rng)
    X, Y = rng.normal(size=(5, 4)), np.eye(3)[rng.integers(0, 3, 5)]
    check = network.check_gradients(X, Y)
    assert not check.differs.any(), check.verdicts


def test_a_gradient_check_moves_nothing() -> None:
    network = Network((3, 2), random_state=0)
    before = network.parameters.copy()
    network.check_gradients(np.ones((1, 3)), np.ones((1, 2)), np.array([0, 5]))
    np.testing.assert_array_equal(network.parameters, before)


def test_a_wrong_bias_gradient_is_caught() -> None:
    network = Network((3, 4, 2), random_state=0)
    X, Y = np.random.default_rng(1).normal(size=(1, 3)), np.array([[1.0, 0.0]])
    check = network.check_gradients(X, Y)
    summed = check.analytic.copy()
    summed[12:16] = summed[12:16].sum()  # the printed program's mistake in the first layer's biases
    assert np.flatnonzero(replace(check, analytic=summed).differs).tolist() == [12, 13, 14, 15]
    assert check.passes.all()


def test_batch_gradient_is_the_mean_of_single_ones() -> None:
    rng = np.random.default_rng(3)
    network = Network((4, 3, 2), random_state=rng)
    X, Y = rng.normal(size=(6, 4)), rng.integers(0, 2, (6, 2)).astype(float)
    single = [network.gradient(X[i : i + 1], Y[i : i + 1]) for i in range(6)]
    np.testing.assert_allclose(network.gradient(X, Y), np.mean(single, axis=0), atol=1e-15)


def test_layers_hold_views_of_the_parameters() -> None:
    network = Network((2, 3, 1), random_state=0)
    network.parameters[:] = np.arange(13)
    np.testing.assert_array_equal(network.dense[0].W, [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(network.dense[1].b, [12])


def test_parameters_have_names() -> None:
    network = Network((2, 3, 1))
    names = [network.parameter_name(i) for i in (0, 5, 6, 9, 12)]
    assert names == ["w⁽¹⁾[0, 0]", "w⁽¹⁾[1, 2]", "b⁽¹⁾[0]", "w⁽²⁾[0, 0]", "b⁽²⁾[0]"]
    with pytest.raises(ValueError, match="index must be below 13"):
        network.parameter_name(13)


def test_sampled_parameters_are_of_every_layer_and_of_inputs_in_use() -> None:
    network = Network((4, 3, 2))
    indices = network.sample_parameters(np.array([[0.0, 1.0, 0.0, 2.0]]), weights=6, biases=2, random_state=0)
    names = [network.parameter_name(i) for i in indices]
    assert len(set(names)) == 6 + 2 + 6 + 2
    assert {name.split(",")[0] for name in names if name.startswith("w⁽¹⁾")} == {"w⁽¹⁾[1", "w⁽¹⁾[3"}
    assert sum(name.startswith("b⁽²⁾") for name in names) == 2


@pytest.mark.parametrize(("init", "variance"), [("normal", 1.0), ("xavier", 2 / 500), ("he", 2 / 300)])
def test_initial_weights_have_the_stated_variance(init: str, variance: float) -> None:
    network = Network((300, 200), init=init, random_state=0)
    assert network.dense[0].W.var() == pytest.approx(variance, rel=0.03)
    assert (network.dense[0].b.var() > 0.5) == (init == "normal")
    assert set(INITIALIZERS) == {"normal", "xavier", "he"}


def test_equal_random_states_give_equal_networks() -> None:
    a, b, c = (Network((5, 4, 3), random_state=seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(a.parameters, b.parameters)
    assert not np.array_equal(a.parameters, c.parameters)


def test_single_precision_follows_double() -> None:
    network = Network((4, 5, 2), activation="relu", loss="softmax cross-entropy", random_state=0)
    X = np.random.default_rng(0).normal(size=(7, 4))
    single = network.as_type(np.float32).predict_proba(X)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, network.predict_proba(X), atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sizes": (3,)}, "sizes must be two or more"),
        ({"sizes": (3, 0)}, "sizes must be"),
        ({"sizes": (3, 2.5)}, "sizes must be"),
        ({"activation": "softplus"}, "activation must be one of 'sigmoid', 'tanh', 'relu', got 'softplus'"),
        ({"loss": "hinge"}, "loss must be one of"),
        ({"init": "zeros"}, "init must be one of"),
        ({"dtype": np.float16}, "dtype must be"),
        ({"random_state": -1}, "random_state must be at least 0"),
    ],
)
def test_bad_construction(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Network(**{"sizes": (3, 2), **arguments})


@pytest.mark.parametrize(
    ("X", "Y", "message"),
    [
        (np.ones((2, 4)), np.ones((2, 2)), "X must have 3 columns"),
        (np.ones(3), np.ones((1, 2)), "X must have rows and columns"),
        (np.array([[1, np.nan, 2]]), np.ones((1, 2)), "X must be finite, got 1 NaN"),
        (np.ones((2, 3)), np.ones((1, 2)), r"Y must have shape \(2, 2\)"),
        (np.ones((1, 3)), np.array([[0.0, 2.0]]), r"Y must lie in \[0, 1\]"),
    ],
)
def test_bad_data(X: np.ndarray, Y: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Network((3, 2)).trace(X, Y)


def test_words_are_not_numbers() -> None:
    with pytest.raises(TypeError, match="X must hold numbers"):
        Network((1, 1)).predict_proba(np.array([["three"]]))


def test_a_gradient_check_needs_double_precision() -> None:
    with pytest.raises(ValueError, match="float64"):
        Network((3, 2), dtype=np.float32).check_gradients(np.ones((1, 3)), np.ones((1, 2)))


def by_its_state(network: Network) -> Network:
    """A copy as skops makes it: from what `__getstate__` gives, without a call of `__init__`."""
    other = Network.__new__(Network)
    other.__setstate__(copy.deepcopy(network.__getstate__()))
    return other


def pickled(network: Network) -> Network:
    """A copy that went through a pickle."""
    back: Network = pickle.loads(pickle.dumps(network))
    return back


@pytest.mark.parametrize("duplicate", [copy.deepcopy, pickled, by_its_state])
def test_a_copy_goes_on_exactly_as_the_original_would(duplicate: Callable[[Network], Network]) -> None:
    rng = np.random.default_rng(0)
    generator = np.random.Generator(np.random.MT19937(3))
    network = Network((5, 4, 3), activation="tanh", random_state=generator, batch_norm=True, keep_prob=0.5)
    network.norms[0].mean[:], network.norms[0].variance[:] = 0.3, 2.0
    X, Y = rng.normal(size=(8, 5)), rng.random((8, 3))
    network.trace(X, Y, training=True)  # some masks have been drawn
    other = duplicate(network)
    assert other.architecture == network.architecture
    np.testing.assert_array_equal(other.predict_proba(X), network.predict_proba(X))
    np.testing.assert_array_equal(other.gradient(X, Y, training=True), network.gradient(X, Y, training=True))
    other.parameters[:] = 0.0
    assert network.parameters.any()


def test_the_architecture_rebuilds_the_network() -> None:
    network = Network(
        (5, 4, 3),
        activation="relu",
        loss="softmax cross-entropy",
        init="he",
        dtype=np.float32,
        random_state=7,
        batch_norm=True,
        ddof=0,
        keep_prob=0.5,
        inverted=False,
    )
    other = Network(**network.architecture, random_state=7)
    assert other.architecture == network.architecture
    np.testing.assert_array_equal(other.parameters, network.parameters)
    assert json.loads(json.dumps(network.architecture))["sizes"] == [5, 4, 3]


def test_given_parameters_are_taken_and_nothing_is_drawn() -> None:
    rng = np.random.default_rng(0)
    ahead = rng.bit_generator.state
    network = Network((2, 3, 1), parameters=np.arange(13), random_state=rng)
    copies = [network, network.as_type(np.float32), copy.deepcopy(network)]
    assert rng.bit_generator.state == ahead
    for each in copies:
        np.testing.assert_array_equal(each.parameters, np.arange(13))
    assert not Network((2, 3, 1), parameters=0.0).parameters.any()
    with pytest.raises(ValueError, match=r"parameters must be 13 numbers, got \(12,\)"):
        Network((2, 3, 1), parameters=np.arange(12))


def test_averaged_statistics_are_those_of_the_batches() -> None:
    rng = np.random.default_rng(0)
    network = Network((3, 4, 2), batch_norm=True, keep_prob=0.5, random_state=0)
    batches = [rng.normal(size=(n, 3)) for n in (5, 2, 9)]
    average_batch_statistics(network, batches)
    Z = [X @ network.dense[0].W for X in batches]
    ((mean, variance),) = network.statistics
    np.testing.assert_allclose(mean, np.mean([z.mean(axis=0) for z in Z], axis=0), atol=1e-15)
    np.testing.assert_allclose(variance, np.mean([z.var(axis=0, ddof=1) for z in Z], axis=0), rtol=1e-13)


def test_predicting_keeps_nothing() -> None:
    network = Network((200, 100, 10), batch_norm=True, keep_prob=0.5, inverted=False, random_state=0)
    X, Y = np.ones((1000, 200)), np.ones((1000, 10))
    network.predict_proba(X)
    tracemalloc.start()
    try:
        for n in range(1, 1001, 37):
            network.predict_proba(X[:n])
            network.mean_loss(X[:n], Y[:n])
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 100_000  # one (1000, 100) array alone would be 800,000 bytes


def test_threads_share_a_network() -> None:
    network = Network(
        (20, 30, 5), activation="tanh", batch_norm=True, keep_prob=0.5, inverted=False, random_state=0
    )
    rows = [np.full((1 + i % 3, 20), i / 500) for i in range(500)]
    alone = [network.predict_proba(X) for X in rows]
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(network.predict_proba, rows * 2))
    for ours, expected in zip(together, alone * 2, strict=True):
        np.testing.assert_array_equal(ours, expected)
