"""Activations: known values, derivatives against slopes, silence at extreme net inputs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib.activations import ACTIVATIONS, log_softmax, relu, sigmoid, softmax, tanh
from nnlib.gradcheck import numerical_gradient

EXTREME = np.array([-1e4, -710.0, -88.0, -1.0, 0.0, 1.0, 88.0, 710.0, 1e4])


def test_sigmoid_by_hand() -> None:
    # 1 / (1 + e^-ln 3) = 1 / (1 + 1/3) = 3/4
    np.testing.assert_allclose(sigmoid(np.array([0.0, np.log(3.0), -np.log(3.0)])), [0.5, 0.75, 0.25], rtol=1e-15)


def test_sigmoid_keeps_its_digits_far_below_zero() -> None:
    assert sigmoid(np.array(-40.0)) == pytest.approx(np.exp(-40.0), rel=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("function", [sigmoid, tanh, relu, softmax, log_softmax])
def test_silent_and_finite_at_extremes(function, dtype) -> None:  # type: ignore[no-untyped-def]
    with np.errstate(all="raise"):
        h = function(EXTREME.astype(dtype))
    assert h.dtype == dtype
    assert np.all(np.isfinite(h))


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=8), st.floats(-1e4, 1e4))
def test_softmax_sums_to_one_and_ignores_a_shift(z: list[float], shift: float) -> None:
    p = softmax(np.array(z))
    assert p.sum() == pytest.approx(1.0, rel=1e-12)
    np.testing.assert_allclose(softmax(np.array(z) + shift), p, atol=1e-9)


@given(st.floats(-30, 30))
def test_sigmoid_is_point_symmetric(z: float) -> None:
    assert sigmoid(np.array(z)) + sigmoid(np.array(-z)) == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_is_the_slope(name: str) -> None:
    activation = ACTIVATIONS[name]
    z = np.linspace(-4, 4, 40)  # 40 points, so that none is ReLU's kink
    slopes = numerical_gradient(lambda z: float(activation.function(z).sum()), z)
    np.testing.assert_allclose(activation.derivative(activation.function(z)), slopes, atol=1e-9)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_precision_is_kept_and_input_left_alone(name: str) -> None:
    z = np.array([[-1.0, 2.0]], np.float32)
    h = ACTIVATIONS[name].function(z)
    assert h.dtype == ACTIVATIONS[name].derivative(h).dtype == np.float32
    np.testing.assert_array_equal(z, [[-1.0, 2.0]])
