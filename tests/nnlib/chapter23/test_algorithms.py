"""The book's algorithms, written out plainly, beside the library: the same numbers but for rounding."""

import numpy as np
import pytest

from nnlib.activations import softmax
from nnlib.chapter23 import batch_norm
from nnlib.chapter23.algorithms import (
    algorithm_23_3,
    algorithm_23_4,
    batch_norm_backward,
    dropout_gradients,
    dropout_twins,
    forward,
    gradients,
    multilabel_gradients,
    sigmoid,
    sigmoid_gradients,
    softmax_gradients,
    train,
)
from nnlib.chapter23.graphs import sigmoid_graph, softmax_graph
from nnlib.chapter23.multilabel import multilabel_loss
from nnlib.datasets import load_mnist
from nnlib.layers import BatchNorm
from nnlib.network import Network, average_batch_statistics

SIZES = (5, 4, 3, 2)
rng = np.random.default_rng(0)
X, Y = rng.standard_normal((12, 5)), np.eye(2)[rng.integers(0, 2, 12)]


def layers_of(network: Network) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
    """Copies of W and b of each layer, counted from 1."""
    W = {t: layer.W.copy() for t, layer in enumerate(network.dense, start=1)}
    return W, {t: layer.b.copy() for t, layer in enumerate(network.dense, start=1)}


def test_forward_and_gradients_are_the_networks() -> None:
    network = Network(SIZES, init="normal", random_state=1)
    W, b = layers_of(network)
    trace = network.trace(X[:1], Y[:1])
    h = forward(X[0], W, b)
    dW, db = gradients(X[0], Y[0], W, b)
    np.testing.assert_array_equal(h[0], X[0])
    np.testing.assert_allclose(h[3], network.predict_proba(X[:1])[0], rtol=1e-14)
    for t in (1, 2, 3):
        np.testing.assert_allclose(dW[t], trace.dW[t - 1], rtol=1e-12)
        np.testing.assert_allclose(db[t], trace.db[t - 1], rtol=1e-12)


def test_a_step_of_algorithm_23_3_moves_every_layer_by_the_gradient_at_one_point() -> None:
    network = Network(SIZES, init="normal", random_state=1)
    W, b = layers_of(network)
    for i in range(len(X)):
        algorithm_23_3(X[i], Y[i], W, b, eta=0.5)
        network.parameters -= 0.5 * network.gradient(X[i : i + 1], Y[i : i + 1])
    for t in (1, 2, 3):
        np.testing.assert_allclose(W[t], network.dense[t - 1].W, rtol=1e-11)
        np.testing.assert_allclose(b[t], network.dense[t - 1].b, rtol=1e-11)


def test_training_learns_xnor() -> None:
    corners, targets = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[1], [0], [0], [1]])
    W, b = train(corners, targets, (2, 3, 1), eta=1.0, epochs=2000, seed=1)
    outputs = [forward(x, W, b)[2].item() for x in corners]
    np.testing.assert_array_equal(np.round(outputs), targets.ravel())


def test_training_learns_to_read_digits() -> None:
    # What page 23.3 shows as its answer: guessing is right 10 times of 100.
    data = load_mnist()
    W, b = train(data.train_inputs(slice(4000)), data.Y_train[:4000], (784, 30, 10), eta=0.3, epochs=1, seed=0)
    outputs = np.array([forward(x, W, b)[2] for x in data.test_inputs(slice(1000))])
    assert np.mean(outputs.argmax(axis=1) == data.Y_test[:1000].argmax(axis=1)) > 0.8


def test_batch_norm_backward_is_the_layers_and_the_step_by_step_one() -> None:
    z, dz_tilde = rng.standard_normal((6, 3)), rng.standard_normal((6, 3))
    gamma, beta = rng.standard_normal(3), rng.standard_normal(3)
    dz, dgamma, dbeta = batch_norm_backward(dz_tilde, z, gamma, 1e-5)
    layer = BatchNorm(gamma, beta)
    layer.forward(z)
    np.testing.assert_allclose(layer.backward(dz_tilde.copy()), dz, atol=1e-14)
    np.testing.assert_allclose([layer.dgamma, layer.dbeta], [dgamma, dbeta], atol=1e-14)
    for k in range(3):
        for ddof in (0, 1):
            passed = batch_norm.forward(z[:, k], gamma[k], beta[k], ddof=ddof)
            dz = batch_norm_backward(dz_tilde, z, gamma, 1e-5, ddof)[0]
            np.testing.assert_allclose(batch_norm.backward(passed, dz_tilde[:, k]).dz, dz[:, k], atol=1e-14)


def test_algorithm_23_4_is_the_network_trained_and_then_averaged_over_all_batches() -> None:
    network = Network(SIZES, init="normal", batch_norm=True, random_state=2)
    W, b = layers_of(network)
    gamma, beta = {1: np.ones(4), 2: np.ones(3)}, {1: np.zeros(4), 2: np.zeros(3)}
    batches = [(X[i : i + 4], Y[i : i + 4]) for i in (0, 4, 8)]
    outputs = algorithm_23_4(batches, X[:2], W, b, gamma, beta, eta=0.5)

    for inputs, labels in batches:
        network.parameters -= 0.5 * network.gradient(inputs, labels, training=True)
    average_batch_statistics(network, [inputs for inputs, _ in batches])
    for t in (1, 2, 3):
        np.testing.assert_allclose(W[t], network.dense[t - 1].W, rtol=1e-11)
    for t in (1, 2):
        np.testing.assert_allclose(gamma[t], network.norms[t - 1].gamma, rtol=1e-11)
        np.testing.assert_allclose(beta[t], network.norms[t - 1].beta, rtol=1e-11)
    np.testing.assert_allclose(outputs, network.predict_proba(X[:2]), rtol=1e-11)


@pytest.mark.parametrize("inverted", [False, True])
def test_dropout_gradients_are_the_networks(inverted: bool) -> None:
    network = Network((5, 4, 2), init="normal", keep_prob=0.6, inverted=inverted, random_state=1)
    W, b = layers_of(network)
    trace = network.trace(X[:1], Y[:1], training=True)
    dW, db = dropout_gradients(X[0], Y[0], trace.masks[0][0], 0.6, W, b, inverted)
    for t in (1, 2):
        np.testing.assert_allclose(dW[t], trace.dW[t - 1], rtol=1e-12)
        np.testing.assert_allclose(db[t], trace.db[t - 1], rtol=1e-12)


def test_the_twins_of_exercise_23_7_are_one_run() -> None:
    W, b = layers_of(Network((5, 4, 2), init="normal", random_state=1))
    assert 0 < dropout_twins(X, Y, W, b, p=0.6, eta=0.1, steps=300, seed=0) < 1e-14


def test_sigmoid_at_zero_is_one_half() -> None:
    assert sigmoid(np.zeros(1)).tolist() == [0.5]


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
@pytest.mark.parametrize(("z", "y"), [(1.0, 0.0), (-2.0, 1.0), (0.3, 0.25)])
def test_the_lines_of_exercise_23_4_agree_with_the_graph(z: float, y: float, loss: str) -> None:
    graph = sigmoid_graph(z, y, loss)
    graph.backward()
    expected = [graph.output.value, *(graph.node(name).gradient for name in ("f", "y", "z"))]
    np.testing.assert_allclose(sigmoid_gradients(z, y, loss), np.array(expected, float), rtol=1e-12)


@pytest.mark.parametrize("y", [(0.0, 1.0, 0.0), (0.1, 0.7, 0.2), (0.5, 1.0, 0.5)])
def test_the_lines_of_exercise_23_5_agree_with_the_graph_and_with_p_minus_y(y: tuple[float, ...]) -> None:
    x = np.array([1.0, 2.0, 0.5])
    graph = softmax_graph(x.tolist(), y)
    graph.backward()
    loss, gradients = softmax_gradients(x, np.array(y))
    assert loss == pytest.approx(graph.output.value, rel=1e-12)
    assert gradients == pytest.approx([graph.node(f"x{k}").gradient for k in "₁₂₃"], rel=1e-12)
    assert gradients == pytest.approx(sum(y) * softmax(x) - np.array(y), rel=1e-12)


def test_the_lines_of_exercise_23_2_agree_with_the_library() -> None:
    Z, labels = 4 * rng.standard_normal((5, 6)), rng.integers(0, 2, (5, 6)).astype(float)
    expected = multilabel_loss(Z, labels)
    L, dL_dp, dL_dz = multilabel_gradients(Z, labels)
    assert pytest.approx(expected.loss, rel=1e-12) == L
    np.testing.assert_allclose(dL_dp, expected.dP, rtol=1e-9)
    np.testing.assert_allclose(dL_dz, expected.dZ, rtol=1e-9)
