"""Optimizers: each update against its formula written out."""

import numpy as np
import pytest

from nnlib.network import Network
from nnlib.optimizers import SGD, Adam

X = np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 2.0]])
Y = np.array([[1.0, 0.0], [0.0, 1.0]])


def back_propagated(network: Network) -> Network:
    network.back_propagate(network.forward(X), Y)
    return network


def test_plain_sgd_is_one_gradient_step() -> None:
    network = Network((3, 4, 2), random_state=0)
    expected = network.parameters - 0.3 * network.gradient(X, Y)
    SGD(network).step(back_propagated(network), 0.3)
    np.testing.assert_allclose(network.parameters, expected, atol=1e-15)


def test_momentum_keeps_a_share_of_the_last_step() -> None:
    network = Network((3, 4, 2), random_state=0)
    optimizer = SGD(network, momentum=0.9)
    velocity, expected = np.zeros_like(network.parameters), network.parameters.copy()
    for _ in range(3):
        velocity = 0.9 * velocity + network.gradient(X, Y)
        expected = expected - 0.1 * velocity
        optimizer.step(back_propagated(network), 0.1)
        np.testing.assert_allclose(network.parameters, expected, atol=1e-14)


def test_adam_as_published() -> None:
    network = Network((3, 4, 2), random_state=0)
    optimizer = Adam(network)
    m = v = np.zeros_like(network.parameters)
    expected = network.parameters.copy()
    for t in range(1, 4):
        g = network.gradient(X, Y)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        expected = expected - 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        optimizer.step(back_propagated(network), 0.01)
        np.testing.assert_allclose(network.parameters, expected, rtol=1e-9)


def test_first_step_of_adam_has_the_size_of_the_rate() -> None:
    network = Network((3, 2), random_state=0)
    before = network.parameters.copy()
    Adam(network).step(back_propagated(network), 0.01)
    np.testing.assert_allclose(np.abs(network.parameters - before), 0.01, rtol=1e-5)


@pytest.mark.parametrize("momentum", [-0.1, 1.0, float("nan")])
def test_bad_momentum(momentum: float) -> None:
    with pytest.raises(ValueError, match="momentum must be finite"):
        SGD(Network((3, 2)), momentum=momentum)


def test_bad_adam() -> None:
    with pytest.raises(ValueError, match="beta1"):
        Adam(Network((3, 2)), beta1=1.0)
    with pytest.raises(ValueError, match="epsilon"):
        Adam(Network((3, 2)), epsilon=0.0)
