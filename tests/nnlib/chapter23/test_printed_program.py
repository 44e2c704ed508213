"""The printed program's bias step, written out."""

import numpy as np

from nnlib.chapter23.printed_program import SummedBiasSGD, sum_bias_gradients
from nnlib.network import Network

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
