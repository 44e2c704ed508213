"""The gradient check itself: it accepts what is right, catches what is wrong, and says what it cannot tell."""

from dataclasses import replace

import numpy as np
import pytest

from nnlib.gradcheck import GradientCheck, Verdict, check_gradients, numerical_gradient
from nnlib.network import Network


def cubes(x: np.ndarray) -> float:
    return float(np.sum(x**3))


def test_numerical_gradient_of_cubes() -> None:
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    np.testing.assert_allclose(numerical_gradient(cubes, x), 3 * x**2, rtol=1e-12)


def test_slopes_are_known_to_ten_digits_or_the_error_says_so() -> None:
    x = np.array([0.7, -1.3, 4.0])
    for f, slopes in (
        (np.exp, np.exp(x)),
        (np.sin, np.cos(x)),
        (lambda x: 1 / (1 + np.exp(-20 * x)), 20 * np.exp(-20 * x) / (1 + np.exp(-20 * x)) ** 2),
    ):
        check = check_gradients(f, x, slopes, separate=True)
        assert np.all(check.difference <= np.maximum(check.error, 1e-12 * np.abs(slopes)))
        assert check.passes[:2].all()


def test_only_the_named_positions_are_measured() -> None:
    x = np.array([1.0, -2.0, 3.0])
    check = check_gradients(cubes, x, np.array([27.0, 3.0]), np.array([2, 0]))
    assert check.passes.tolist() == [True, True]


def test_the_point_is_left_as_it_was() -> None:
    x = np.array([1.0, 2.0])
    numerical_gradient(cubes, x)
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_right_passes_and_wrong_differs_element_by_element() -> None:
    x = np.array([1.0, 2.0, 3.0])
    check = check_gradients(cubes, x, np.array([3.0, 12.001, 27.0]))
    assert check.verdicts.tolist() == [Verdict.AGREES, Verdict.DIFFERS, Verdict.AGREES]
    assert check.passes.tolist() == [True, False, True]
    assert check.difference[1] == pytest.approx(1e-3, rel=1e-3)


def test_nan_differs() -> None:
    assert check_gradients(cubes, np.ones(2), np.array([np.nan, np.inf])).differs.all()


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1e-10, 1.0, 1e10])
def test_how_small_a_function_is_does_not_matter(scale: float) -> None:
    # a fixed floor of 1e-4 would take any gradient of a small function for right
    x = np.array([1.0, 2.0])
    right = check_gradients(lambda x: scale * cubes(x), x, scale * 3 * x**2)
    assert right.passes.all()
    assert replace(right, analytic=-right.analytic).differs.all()
    assert replace(right, analytic=right.analytic * (1 + 1e-5)).differs.all()


def test_beside_a_large_number_a_small_slope_is_too_small_to_judge() -> None:
    def large(x: np.ndarray) -> float:
        return 1000 / 3 + float(1e-13 * x.sum())

    right = check_gradients(large, np.ones(3), np.full(3, 1e-13))
    assert set(right.verdicts) == {Verdict.TOO_SMALL}
    assert set(replace(right, analytic=-right.analytic).verdicts) == {Verdict.TOO_SMALL}
    assert replace(right, analytic=np.full(3, 1e-5)).differs.all()


def test_terms_that_do_not_depend_on_x_cost_no_digits_when_they_are_separate() -> None:
    def terms(x: np.ndarray) -> np.ndarray:
        return np.array([1000 / 3, 1e-13]) * x**2

    assert check_gradients(terms, np.ones(2), np.array([2000 / 3, 2e-13]), separate=True).passes.all()


def test_rounding_where_large_numbers_cancel_is_no_mistake() -> None:
    def cancelling(x: np.ndarray) -> float:
        return float((1e8 + x[0] - 1e8 * x[1]) ** 2)

    check = check_gradients(cancelling, np.array([0.5, 1.0]), np.array([1.0, -1e8]))
    assert not check.differs.any()


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0, 7.0])
def test_at_a_kink_there_is_no_derivative(slope: float) -> None:
    check = check_gradients(lambda x: np.maximum(x, 0.0) + 0.3 * x, np.zeros(1), np.array([slope]))
    assert check.verdicts.tolist() == [Verdict.NOT_DIFFERENTIABLE]
    assert not check.passes.any()


@pytest.mark.parametrize("distance", [1e-1, 1e-3, 1e-5])
def test_near_a_kink_there_is_one(distance: float) -> None:
    for side in (1, -1):
        check = check_gradients(lambda x: np.abs(x), np.array([side * distance]), np.array([float(side)]))
        assert check.passes.all()


@pytest.mark.parametrize("slope", [0.0, 1.0])
def test_where_only_the_curvature_jumps_nothing_is_claimed_that_is_not_so(slope: float) -> None:
    check = check_gradients(lambda x: np.maximum(x, 0.0) ** 2 + slope * x, np.zeros(1), np.array([slope]))
    assert not check.differs.any()
    assert replace(check, analytic=check.analytic + 0.1).differs.all()


def test_exactly_no_slope_agrees_only_with_zero() -> None:
    x = np.array([2.0, 3.0])
    check = check_gradients(lambda x: float(x[0] ** 2), x, np.array([4.0, 0.0]))
    assert check.passes.all()
    assert not replace(check, analytic=np.array([4.0, 1e-30])).passes[1]
    assert replace(check, analytic=np.array([4.0, 1e-3])).differs[1]


def test_zero_agrees_where_nothing_but_rounding_is_seen() -> None:
    at_a_minimum = check_gradients(lambda x: float((x[0] - 0.3) ** 2 + 7), np.array([0.3]), np.zeros(1))
    cancelling = check_gradients(lambda x: float(7 + x[0] * 0.3 - 0.3 * x[0]), np.ones(1), np.zeros(1))
    for check in (at_a_minimum, cancelling):
        assert check.passes.all()
        assert replace(check, analytic=np.full(1, 1e-17)).verdicts.tolist() == [Verdict.TOO_SMALL]


def test_beyond_the_end_of_a_domain_steps_become_smaller_or_one_sided() -> None:
    def strict_log(x: np.ndarray) -> float:
        if x[0] <= 0:
            raise ValueError("math domain error")
        return float(np.log(x[0]))

    for x in (1e-3, 1e-8, 1.0):
        assert check_gradients(strict_log, np.array([x]), np.array([1 / x])).passes.all()
        assert check_gradients(strict_log, np.array([x]), np.array([-1 / x])).differs.all()
    at_its_end = check_gradients(lambda x: np.where(x < 0, np.nan, x**2 + x), np.zeros(1), np.ones(1))
    assert at_its_end.passes.all()
    no_slope = check_gradients(lambda x: np.where(x < 0, np.nan, np.abs(x) ** 1.1), np.zeros(1), np.zeros(1))
    assert no_slope.verdicts.tolist() == [Verdict.TOO_SMALL]


def test_a_sound_relu_network_is_never_accused_at_its_kinks() -> None:
    network = Network((2, 1, 3, 2), activation="relu", loss="softmax cross-entropy", init="he", random_state=0)
    rng, kinks = np.random.default_rng(0), 0
    for k in range(40):
        X, Y = rng.standard_normal((1, 2)), np.eye(2)[[k % 2]]
        check = network.check_gradients(X, Y)
        dead = network.trace(X, Y).z[0][0, 0] < 0
        assert not check.differs.any()
        # where the first layer is dead, z⁽²⁾ = b⁽²⁾ = 0 sits at the kink, and only b⁽²⁾ can move it off
        assert np.flatnonzero(check.kink).tolist() == ([6, 7, 8] if dead else [])
        assert check.passes.sum() == (14 if dead else 17)
        kinks += dead
    assert kinks > 10


def test_a_bias_before_batch_normalisation_is_known_to_have_no_gradient() -> None:
    network = Network((3, 4, 2), batch_norm=True, random_state=0)
    rng = np.random.default_rng(1)
    check = network.check_gradients(rng.normal(size=(6, 3)), np.eye(2)[rng.integers(0, 2, 6)], training=True)
    assert check.passes.all()
    assert np.flatnonzero(check.zero).tolist() == [12, 13, 14, 15]
    planted = check.analytic.copy()
    planted[12] = 1e-6
    assert np.flatnonzero(replace(check, analytic=planted).differs).tolist() == [12]


def test_all_verdicts_have_an_element() -> None:
    ones = np.ones(4)
    check = GradientCheck(
        analytic=np.array([1.0, 2.0, 1.0, 1.0]),
        numerical=ones,
        error=np.array([0.0, 0.0, 0.5, 0.0]),
        kink=np.array([False, False, False, True]),
        flat=np.zeros(4, bool),
        zero=np.zeros(4, bool),
    )
    assert check.verdicts.tolist() == list(Verdict)


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match=r"analytic has shape \(2,\), expected \(3,\)"):
        check_gradients(cubes, np.ones(3), np.ones(2))


@pytest.mark.filterwarnings("error")
def test_two_infinite_slopes_cannot_be_said_to_agree() -> None:
    infinite, no = np.array([np.inf]), np.zeros(1, bool)
    check = GradientCheck(infinite, infinite, np.zeros(1), kink=no, flat=no, zero=no)
    assert check.verdicts.tolist() == [Verdict.DIFFERS]
