"""Batch normalisation and dropout as layers and in whole networks: by hand, by slopes, and against PyTorch."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.layers import BatchNorm, Dropout
from nnlib.losses import LOSSES
from nnlib.network import Network

TORCH = json.loads((Path(__file__).parent / "torch_figures.json").read_text())


def norm(m: int = 1, ddof: int = 1, epsilon: float = 0.0) -> BatchNorm:
    return BatchNorm(np.ones(m), np.zeros(m), epsilon=epsilon, ddof=ddof)


def test_batch_norm_by_hand() -> None:
    # z = 1, 2, 3: u = 2, Σ (z − u)² = 2, so σ² = 1 with n − 1 and 2/3 with n. With γ = 2, β = 5, z̃ = 2 z̄ + 5.
    Z = np.array([[1.0], [2.0], [3.0]])
    layer = BatchNorm(np.array([2.0]), np.array([5.0]), epsilon=0.0)
    np.testing.assert_allclose(layer.forward(Z).ravel(), [3.0, 5.0, 7.0], rtol=1e-15)
    assert (layer.u.item(), layer.batch_variance.item()) == (2.0, 1.0)
    # dz̃ = 1, 0, 0: dβ = 1, dγ = z̄₁ = −1, r = 1, so dz = 2 (dz̃ − 1/3 + z̄/2) = 2 (1/6, −1/3, 1/6).
    dZ = layer.backward(np.array([[1.0], [0.0], [0.0]]))
    np.testing.assert_allclose(dZ.ravel(), [1 / 3, -2 / 3, 1 / 3], rtol=1e-14)
    assert (layer.dgamma.item(), layer.dbeta.item()) == (-1.0, 1.0)
    whole = norm(ddof=0)
    np.testing.assert_allclose(whole.forward(Z).ravel(), [-np.sqrt(1.5), 0, np.sqrt(1.5)], rtol=1e-15)


@settings(max_examples=50)
@given(n=st.integers(2, 9), ddof=st.integers(0, 1), seed=st.integers(0, 2**32 - 1))
def test_the_gradient_of_z_is_orthogonal_to_ones_and_to_z(n: int, ddof: int, seed: int) -> None:
    # z̃ does not change when all z of a batch are shifted or (with ε = 0) stretched alike.
    rng = np.random.default_rng(seed)
    layer = norm(3, ddof)
    Z, dZ_tilde = rng.normal(size=(2, n, 3))
    layer.forward(Z)
    dZ = layer.backward(dZ_tilde.copy())
    # Rounding of z reaches z̄ multiplied by 1/σ, and dz is a difference of terms of size |dz̃| |z̄|² / σ.
    per_deviation = 1 / np.sqrt(layer.batch_variance)
    of_z = 1 + np.abs(Z).max() * per_deviation
    terms = np.abs(dZ_tilde).sum(axis=0) * (1 + (layer.Z_bar**2).sum(axis=0)) * per_deviation
    rounding = 2 * n * np.finfo(float).eps * terms * of_z
    assert (np.abs(dZ.sum(axis=0)) <= rounding).all()
    assert (np.abs((dZ * layer.Z_bar).sum(axis=0)) <= rounding).all()


def test_inference_uses_the_statistics_it_was_given() -> None:
    layer = BatchNorm(np.array([3.0]), np.array([1.0]), epsilon=0.0)
    layer.mean[:], layer.variance[:] = 2.0, 4.0
    Z = np.array([[2.0], [6.0]])
    np.testing.assert_array_equal(layer.infer(Z), [[1.0], [7.0]])
    np.testing.assert_array_equal(layer.forward(Z, training=False), layer.infer(Z))
    np.testing.assert_array_equal(layer.backward(np.array([[1.0], [2.0]])), [[1.5], [3.0]])
    np.testing.assert_array_equal(layer.infer(np.array([[4.0]])), [[4.0]])  # a single sample is no problem


def test_a_batch_of_one_has_no_variance() -> None:
    with pytest.raises(ValueError, match="divisor n − 1 needs batches of at least 2 samples, got 1"):
        norm().forward(np.array([[1.0]]))
    assert norm(ddof=0, epsilon=1e-5).forward(np.array([[1.0]])).item() == 0.0


def test_dropout_by_hand() -> None:
    H = np.array([[1.0, -2.0, 3.0, 4.0]] * 50)
    for inverted, kept_factor, at_prediction in ((False, 1.0, 0.25), (True, 4.0, 1.0)):
        layer = Dropout(0.25, inverted=inverted, random_state=0)
        outputs, mask = layer.forward(H).copy(), layer.mask
        assert set(np.unique(mask)) == {0.0, 1.0}
        np.testing.assert_array_equal(outputs, H * mask * kept_factor)
        np.testing.assert_array_equal(layer.backward(np.ones_like(H)), mask * kept_factor)
        np.testing.assert_array_equal(layer.infer(H), H * at_prediction)
        np.testing.assert_array_equal(layer.forward(H, training=False), H * at_prediction)
        np.testing.assert_array_equal(layer.backward(np.ones_like(H)), np.full_like(H, at_prediction))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_share_of_kept_neurons_is_p(dtype: type) -> None:
    layer = Dropout(0.7, random_state=1)
    outputs = layer.forward(np.ones((1000, 100), dtype))
    assert outputs.dtype == dtype
    # 100,000 draws: the standard error of the share is √(0.7 · 0.3 / 100,000) = 0.0014
    assert abs(layer.mask.mean() - 0.7) < 5 * 0.00145
    first = layer.mask
    layer.forward(np.ones((1000, 100), dtype))
    assert not np.array_equal(first, layer.mask)


def test_both_kinds_of_dropout_agree_with_equal_masks() -> None:
    # d ⊙ h / p through p W is d ⊙ h through W.
    plain, inverted = (Network((3, 6, 2), keep_prob=0.5, inverted=kind, random_state=4) for kind in (False, True))
    inverted.dense[1].W *= 0.5
    X, Y = np.random.default_rng(0).normal(size=(5, 3)), np.eye(2)[[0, 1, 0, 1, 1]]
    a, b = plain.trace(X, Y, training=True), inverted.trace(X, Y, training=True)
    np.testing.assert_array_equal(a.masks[0], b.masks[0])
    np.testing.assert_allclose(a.h[-1], b.h[-1], rtol=1e-14)
    np.testing.assert_allclose(plain.predict_proba(X), inverted.predict_proba(X), rtol=1e-14)
    np.testing.assert_allclose(b.dW[1], a.dW[1] / 0.5, rtol=1e-13)


@settings(max_examples=60)
@given(
    activation=st.sampled_from(["sigmoid", "tanh"]),
    loss=st.sampled_from(sorted(LOSSES)),
    hidden=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    batch_norm=st.booleans(),
    ddof=st.integers(0, 1),
    keep_prob=st.sampled_from([1.0, 0.6]),
    inverted=st.booleans(),
    training=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_back_propagation_agrees_with_slopes_through_both(
    activation: str,
    loss: str,
    hidden: list[int],
    batch_norm: bool,
    ddof: int,
    keep_prob: float,
    inverted: bool,
    training: bool,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    network = Network(
        (4, *hidden, 3),
        activation=activation,
        loss=loss,
        random_state=rng,
        batch_norm=batch_norm,
        ddof=ddof,
        keep_prob=keep_prob,
        inverted=inverted,
    )
    for layer in network.norms:
        layer.gamma[:], layer.beta[:] = rng.uniform(0.5, 2, layer.gamma.size), rng.normal(size=layer.beta.size)
        layer.mean[:], layer.variance[:] = rng.normal(size=layer.mean.size), rng.uniform(0.5, 2, layer.mean.size)
    X, Y = rng.normal(size=(6, 4)), np.eye(3)[rng.integers(0, 3, 6)]
    check = network.check_gradients(X, Y, training=training)
    assert not check.differs.any(), check.verdicts


def test_a_bias_before_batch_norm_has_no_gradient() -> None:
    network = Network((3, 4, 2), batch_norm=True, random_state=0)
    X, Y = np.random.default_rng(0).normal(size=(7, 3)), np.eye(2)[[0, 1, 0, 1, 1, 0, 0]]
    trace = network.trace(X, Y, training=True)
    np.testing.assert_allclose(trace.db[0], 0, atol=1e-16)
    assert np.abs(trace.dbeta[0]).min() > 1e-4
    np.testing.assert_allclose(trace.z_tilde[0].std(axis=0, ddof=1), 1, atol=1e-3)


def test_parameters_of_batch_norm_have_names_and_views() -> None:
    network = Network((2, 3, 1), batch_norm=True, keep_prob=0.5, random_state=0)
    assert [network.parameter_name(i) for i in (8, 9, 12, 15)] == ["b⁽¹⁾[2]", "γ⁽¹⁾[0]", "β⁽¹⁾[0]", "w⁽²⁾[0, 0]"]
    network.parameters[9:15] = np.arange(6)
    np.testing.assert_array_equal(network.norms[0].gamma, [0, 1, 2])
    np.testing.assert_array_equal(network.norms[0].beta, [3, 4, 5])
    indices = network.sample_parameters(np.ones((1, 2)), weights=2, biases=1, random_state=0)
    layers = [network.parameter_name(i).split("⁾")[0] for i in indices]
    assert layers == ["w⁽¹", "w⁽¹", "b⁽¹", "γ⁽¹", "β⁽¹", "w⁽²", "w⁽²", "b⁽²"]


def test_a_copy_predicts_as_the_original() -> None:
    network = Network((4, 5, 2), batch_norm=True, ddof=0, keep_prob=0.5, inverted=False, random_state=0)
    network.norms[0].mean[:], network.norms[0].variance[:] = 0.3, 2.0
    X = np.random.default_rng(0).normal(size=(7, 4))
    single = network.as_type(np.float32)
    assert (single.ddof, single.keep_prob, single.inverted) == (0, (0.5,), False)
    np.testing.assert_allclose(single.predict_proba(X), network.predict_proba(X), atol=1e-6)


def test_keep_prob_of_each_layer() -> None:
    network = Network((4, 5, 6, 2), keep_prob=(1.0, 0.5), random_state=0)
    assert [layer.keep_prob for layer in network.layers if isinstance(layer, Dropout)] == [0.5]
    trace = network.trace(np.ones((3, 4)), np.ones((3, 2)), training=True)
    assert [mask.shape for mask in trace.masks] == [(3, 6)]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"keep_prob": 0.0}, ValueError, r"keep_prob must be finite and in \(0.0, 1.0\], got 0.0"),
        ({"keep_prob": 1.1}, ValueError, r"keep_prob must be finite and in \(0.0, 1.0\], got 1.1"),
        ({"keep_prob": (0.5, 0.5)}, ValueError, "keep_prob must be one number or 1, one a hidden layer, got 2"),
        ({"keep_prob": "half"}, TypeError, "keep_prob"),
        ({"ddof": 2}, ValueError, "ddof must be from 0 to 1, got 2"),
        ({"batch_norm": "yes"}, TypeError, "batch_norm must be True or False, got 'yes'"),
        ({"inverted": 1.5}, TypeError, "inverted must be True or False, got 1.5"),
    ],
)
def test_bad_settings(arguments: dict, error: type[Exception], message: str) -> None:
    with pytest.raises((error, ValueError), match=message):
        Network(**{"sizes": (3, 4, 2), **arguments})


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_pytorch_computes_the_same(activation: str) -> None:
    """A 4-5-3-2 net with batch normalisation (divisor n) and inverted dropout under the same masks."""
    figures = TORCH[activation]
    network = Network(
        (4, 5, 3, 2),
        activation=activation,
        loss="softmax cross-entropy",
        random_state=1,
        batch_norm=True,
        ddof=0,
        keep_prob=0.6,
    )
    for dense, W, b in zip(network.dense, figures["W"], figures["b"], strict=True):
        np.testing.assert_allclose(dense.W, W, rtol=1e-15)
        dense.b[:] = b
    for layer, gamma, beta in zip(network.norms, figures["gamma"], figures["beta"], strict=True):
        layer.gamma[:], layer.beta[:] = gamma, beta
    trace = network.trace(np.array(figures["X"]), np.array(figures["Y"]), training=True)
    for ours, theirs in zip(trace.masks, figures["masks"], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert trace.loss == pytest.approx(figures["loss"], rel=1e-12)
    for name in ("dW", "db", "dgamma", "dbeta"):
        for ours, theirs in zip(getattr(trace, name), figures[name], strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-14)
