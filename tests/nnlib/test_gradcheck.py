"""The gradient check itself: it must accept what is right and catch what is wrong."""

import numpy as np
import pytest

from nnlib.gradcheck import GradientCheck, check_gradient, numerical_gradient, richardson_gradient


def cubes(x: np.ndarray) -> float:
    return float(np.sum(x**3))


def test_numerical_gradient_of_cubes() -> None:
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    np.testing.assert_allclose(numerical_gradient(cubes, x), 3 * x**2, rtol=1e-9)


def test_two_steps_cancel_the_leading_error() -> None:
    # of x⁵ a central difference errs by 10 x² h² + h⁴, Richardson's combination by −4 h⁴
    x, h = np.array([1.0, -2.0]), 0.1

    def fifth(x: np.ndarray) -> float:
        return float(np.sum(x**5))

    np.testing.assert_allclose(numerical_gradient(fifth, x, step=h) - 5 * x**4, 10 * x**2 * h**2 + h**4, rtol=1e-9)
    np.testing.assert_allclose(richardson_gradient(fifth, x, step=h) - 5 * x**4, -4 * h**4, rtol=1e-9)
    np.testing.assert_allclose(richardson_gradient(fifth, x, np.array([1]), step=h), [80 - 4 * h**4], rtol=1e-12)


def test_only_the_named_positions_are_measured() -> None:
    x = np.array([1.0, -2.0, 3.0])
    np.testing.assert_allclose(numerical_gradient(cubes, x, np.array([2, 0])), [27.0, 3.0], rtol=1e-9)


def test_the_point_is_left_as_it_was() -> None:
    x = np.array([1.0, 2.0])
    numerical_gradient(cubes, x)
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_right_passes_and_wrong_fails_element_by_element() -> None:
    x = np.array([1.0, 2.0, 3.0])
    check = check_gradient(cubes, x, np.array([3.0, 12.001, 27.0]))
    assert check.passes.tolist() == [True, False, True]
    assert check.difference[1] == pytest.approx(1e-3, rel=1e-3)


def test_nan_never_passes() -> None:
    assert not GradientCheck(np.array([np.nan]), np.array([1.0])).passes[0]


def test_tiny_gradients_are_compared_absolutely() -> None:
    assert GradientCheck(np.array([1e-12]), np.array([2e-12])).passes[0]


def test_rounding_of_a_large_loss_is_no_mistake_but_a_mistake_still_is() -> None:
    x = np.linspace(0.001, 0.002, 50)

    def large(x: np.ndarray) -> float:
        return 1000 / 3 + float(np.sum(x**3))

    assert check_gradient(large, x, 3 * x**2).passes.all()
    assert not check_gradient(large, x, 3 * x**2 + 1e-5).passes.any()


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match=r"analytic has shape \(2,\), expected \(3,\)"):
        check_gradient(cubes, np.ones(3), np.ones(2))
    with pytest.raises(ValueError, match="step must be positive"):
        numerical_gradient(cubes, np.ones(3), step=0.0)
