"""Losses: cases by hand, gradients against slopes, silence at extreme net inputs, agreement of the forms."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlib.activations import sigmoid, softmax
from nnlib.datasets import Dataset
from nnlib.gradcheck import check_gradients
from nnlib.losses import (
    LOSSES,
    binary_cross_entropy,
    binary_cross_entropy_elements,
    binary_cross_entropy_elements_from_logits,
    binary_cross_entropy_from_logits,
    binary_cross_entropy_gradient,
    binary_cross_entropy_logit_gradient,
    softmax_cross_entropy_from_logits,
    squared_error,
)
from nnlib.network import Network
from nnlib.training import Trainer

LN3 = math.log(3.0)
EXTREME = np.array([[-1e4, -710.0, -88.0, -1.0], [0.0, 1.0, 88.0, 1e4]])

Table = tuple[np.ndarray, np.ndarray]


@st.composite
def tables(draw: st.DrawFn, limit: float = 10.0, soft: bool = True) -> Table:
    """(Z, Y) of any shape up to 5 × 6, labels 0 or 1 or, where `soft`, anything between."""
    shape = (draw(st.integers(1, 5)), draw(st.integers(1, 6)))
    label = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1)) if soft else st.sampled_from([0.0, 1.0])
    return draw(arrays(float, shape, elements=st.floats(-limit, limit))), draw(
        arrays(float, shape, elements=label)
    )


# By hand: p = 3/4 and 1/4, labels 1 and 0, in two rows.
Z_HAND = np.array([[LN3, -LN3], [LN3, -LN3]])
Y_HAND = np.array([[1.0, 0.0], [0.0, 1.0]])


def test_elements_by_hand() -> None:
    expected = np.array([[-math.log(0.75)] * 2, [-math.log(0.25)] * 2])
    np.testing.assert_allclose(binary_cross_entropy_elements_from_logits(Z_HAND, Y_HAND), expected, rtol=1e-14)
    np.testing.assert_allclose(binary_cross_entropy_elements(sigmoid(Z_HAND), Y_HAND), expected, rtol=1e-14)


def test_the_sum_over_labels_is_averaged_over_samples() -> None:
    # (2 · −log 3/4 + 2 · −log 1/4) / 2 samples; PyTorch's mean would divide by 4.
    expected = -math.log(0.75) - math.log(0.25)
    assert binary_cross_entropy_from_logits(Z_HAND, Y_HAND) == pytest.approx(expected, rel=1e-14)
    assert binary_cross_entropy(sigmoid(Z_HAND), Y_HAND) == pytest.approx(expected, rel=1e-14)


def test_gradients_by_hand() -> None:
    # (p − y) / (N p (1 − p)) = (−1/4) / (2 · 3/16) = −2/3 and so on; (p − y) / N = −1/8 and so on.
    np.testing.assert_allclose(
        binary_cross_entropy_gradient(sigmoid(Z_HAND), Y_HAND), [[-2 / 3, 2 / 3], [2.0, -2.0]], rtol=1e-14
    )
    np.testing.assert_allclose(
        binary_cross_entropy_logit_gradient(Z_HAND, Y_HAND), [[-1 / 8, 1 / 8], [3 / 8, -3 / 8]], rtol=1e-14
    )


def test_squared_error_and_softmax_by_hand() -> None:
    assert squared_error(np.array([[1.0, 3.0], [0.0, 0.0]]), np.array([[0.0, 1.0], [0.0, 0.0]])) == 1.25
    # softmax(ln 3, 0) = (3/4, 1/4)
    Z, Y = np.array([[LN3, 0.0]]), np.array([[0.0, 1.0]])
    assert softmax_cross_entropy_from_logits(Z, Y) == pytest.approx(-math.log(0.25), rel=1e-14)


def slopes_of_elements(
    elements: Callable[[np.ndarray, np.ndarray], np.ndarray], at: np.ndarray, Y: np.ndarray, step: np.ndarray
) -> np.ndarray:
    """Central differences of every element at once: each depends on its own entry of the table only.

    (That the loss is the sum of the elements is a test of its own. Rounding of the sum would hide small slopes.)
    """
    above, below = at + step, at - step
    return (elements(above, Y) - elements(below, Y)) / (above - below) / len(at)


@given(tables())
def test_gradient_in_z_is_the_slope(table: Table) -> None:
    Z, Y = table
    slopes = slopes_of_elements(binary_cross_entropy_elements_from_logits, Z, Y, np.full_like(Z, 1e-5))
    np.testing.assert_allclose(binary_cross_entropy_logit_gradient(Z, Y), slopes, rtol=1e-6, atol=1e-10)


@given(tables(soft=False))
def test_gradient_in_p_is_the_slope(table: Table) -> None:
    P, Y = sigmoid(table[0]), table[1]
    step = 1e-4 * np.minimum(P, 1 - P)  # log p bends on the scale of p
    slopes = slopes_of_elements(binary_cross_entropy_elements, P, Y, step)
    np.testing.assert_allclose(binary_cross_entropy_gradient(P, Y), slopes, rtol=1e-6, atol=1e-10)


@given(tables(limit=4.0))
def test_gradient_in_p_is_the_slope_for_soft_labels_too(table: Table) -> None:
    # For 0 < y < 1 two large terms may cancel, and the slope has only the digits they leave.
    P, Y = sigmoid(table[0]), table[1]
    slopes = slopes_of_elements(binary_cross_entropy_elements, P, Y, 1e-4 * np.minimum(P, 1 - P))
    np.testing.assert_allclose(binary_cross_entropy_gradient(P, Y), slopes, rtol=1e-6, atol=1e-6)


@given(tables(limit=5.0), st.sampled_from(sorted(LOSSES)))
def test_output_error_is_the_slope_of_a_samples_loss(table: Table, name: str) -> None:
    Z, Y = table
    loss = LOSSES[name]
    delta = loss.output_error(loss.output(Z), Y)
    check = check_gradients(lambda moved: loss.value(moved, Y), Z, delta / len(Z))
    # The loss here is rounded as a whole: 1e-16 · 60 / 2e-5 is what its slope can be off by.
    np.testing.assert_allclose(check.analytic, check.numerical, rtol=1e-6, atol=1e-9)


@given(tables(limit=30.0))
def test_the_forms_agree(table: Table) -> None:
    Z, Y = table
    P = sigmoid(Z)
    # For p near 1, p itself is rounded; 1e-16 of p is then e^30 · 1e-16 of 1 − p.
    np.testing.assert_allclose(
        binary_cross_entropy_elements(P, Y), binary_cross_entropy_elements_from_logits(Z, Y), rtol=1e-11, atol=2e-3
    )
    through = binary_cross_entropy_gradient(P, Y) * P * (1 - P)
    np.testing.assert_allclose(through, binary_cross_entropy_logit_gradient(Z, Y), rtol=1e-11, atol=1e-15)


@given(tables(limit=30.0))
def test_loss_is_the_sum_of_its_elements(table: Table) -> None:
    Z, Y = table
    elements = binary_cross_entropy_elements_from_logits(Z, Y)
    assert np.all(elements >= 0)
    assert binary_cross_entropy_from_logits(Z, Y) == pytest.approx(elements.sum() / len(Z), rel=1e-12)


@given(st.floats(0.0, 1e4), st.sampled_from([0.0, 1.0]))
def test_swapping_the_meaning_of_the_label_changes_nothing(z: float, y: float) -> None:
    here = binary_cross_entropy_elements_from_logits(np.array([[z]]), np.array([[y]]))
    there = binary_cross_entropy_elements_from_logits(np.array([[-z]]), np.array([[1 - y]]))
    assert here == there


def test_confident_and_right_keeps_its_digits() -> None:
    element = binary_cross_entropy_elements_from_logits(np.array([[40.0]]), np.array([[1.0]])).item()
    assert element == pytest.approx(math.exp(-40.0), rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("label", [0.0, 0.3, 1.0])
def test_silent_and_finite_at_extremes(dtype: type[np.floating], label: float) -> None:
    Z = np.array(EXTREME, dtype=dtype)
    Y = np.full_like(Z, label)
    with np.errstate(all="raise"):
        elements = binary_cross_entropy_elements_from_logits(Z, Y)
        results: list[np.ndarray | float] = [
            elements,
            binary_cross_entropy_from_logits(Z, Y),
            binary_cross_entropy_logit_gradient(Z, Y),
            squared_error(sigmoid(Z), Y),
            softmax_cross_entropy_from_logits(Z, Y),
        ]
        for loss in LOSSES.values():
            results += [loss.value(Z, Y), loss.output_error(loss.output(Z), Y)]
    assert all(np.all(np.isfinite(result)) for result in results)
    assert elements.dtype == dtype
    # Far out, the loss of one output is |z| where it is wrong and 0 where it is right.
    expected = np.where(Z > 0, (1 - label) * Z, -label * Z)
    np.testing.assert_allclose(elements[np.abs(Z) > 80], expected[np.abs(Z) > 80], rtol=1e-6, atol=1e-30)


def test_the_smallest_probability_is_silent() -> None:
    P, Y = np.full((1, 2), sigmoid(np.array(-1e4))), np.array([[0.0, 1.0]])
    with np.errstate(all="raise"):
        assert np.all(np.isfinite(binary_cross_entropy_elements(P, Y)))
        assert np.all(np.isfinite(binary_cross_entropy_gradient(P, Y)))


FROM_LOGITS = [
    binary_cross_entropy_elements_from_logits,
    binary_cross_entropy_from_logits,
    binary_cross_entropy_logit_gradient,
    softmax_cross_entropy_from_logits,
]
FROM_PROBABILITIES = [binary_cross_entropy_elements, binary_cross_entropy, binary_cross_entropy_gradient]


@pytest.mark.parametrize("function", [*FROM_LOGITS, *FROM_PROBABILITIES, squared_error])
def test_bad_arguments(function: Callable[..., object]) -> None:
    half = np.full((2, 3), 0.5)
    with pytest.raises(ValueError, match=r"same shape, got \(2, 3\) and \(2, 1\)"):
        function(half, np.ones((2, 1)))
    with pytest.raises(ValueError, match=r"Y must lie in \[0, 1\], got values from 2.0 to 2.0"):
        function(half, np.full((2, 3), 2.0))
    with pytest.raises(ValueError, match="Y must be finite"):
        function(half, np.full((2, 3), np.nan))
    with pytest.raises(ValueError, match=r"[ZP] must be finite, got 6 NaN"):
        function(np.full((2, 3), np.nan), half)
    with pytest.raises(ValueError, match=r"[ZP] must have rows and columns, got shape \(0, 3\)"):
        function(np.empty((0, 3)), np.empty((0, 3)))
    with pytest.raises(ValueError, match=r"[ZP] must have rows and columns, got shape \(3,\)"):
        function(np.full(3, 0.5), np.full(3, 0.5))
    with pytest.raises(TypeError, match="Y must hold numbers"):
        function(half, np.full((2, 3), "a"))
    with pytest.raises(TypeError, match=r"[ZP] must hold numbers"):
        function(np.full((2, 3), "a"), half)


@pytest.mark.parametrize("function", FROM_PROBABILITIES)
@pytest.mark.parametrize("p", [0.0, 1.0, -0.1, 1.1, 5e-324])
def test_probabilities_without_a_finite_logarithm(function: Callable[..., object], p: float) -> None:
    with pytest.raises(ValueError, match="P must lie strictly between 0 and 1"):
        function(np.array([[0.5, p]]), np.array([[1.0, 0.0]]))


def test_softmax_with_labels_that_do_not_sum_to_1() -> None:
    network = Network((2, 3), loss="softmax cross-entropy", random_state=0)
    X, Y = np.array([[1.0, 2.0]]), np.array([[1.0, 1.0, 0.0]])
    trace = network.trace(X, Y)
    np.testing.assert_allclose(trace.delta[0], 2 * trace.h[1] - Y, rtol=1e-15)
    np.testing.assert_allclose(trace.db[0], [-0.393, -0.771, 1.163], atol=6e-4)
    assert network.check_gradients(X, Y).passes.all()


def test_for_one_hot_labels_the_general_error_is_p_minus_y_to_the_last_bit() -> None:
    rng = np.random.default_rng(0)
    loss = LOSSES["softmax cross-entropy"]
    for dtype in (np.float32, np.float64):
        P, Y = (
            softmax(rng.normal(size=(50, 10)).astype(dtype)),
            np.eye(10, dtype=np.float32)[rng.integers(0, 10, 50)],
        )
        np.testing.assert_array_equal(loss.output_error(P, Y), P - Y)
        np.testing.assert_array_equal(loss.for_labels_that_sum_to_1().output_error(P, Y), P - Y)


def test_training_on_labels_that_do_not_sum_to_1_follows_their_own_gradient() -> None:
    X, Y = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[1.0, 1.0, 0.0], [0.0, 0.5, 0.0]])
    network = Network((2, 3), loss="softmax cross-entropy", random_state=0)
    expected = network.parameters - 0.1 * network.gradient(X, Y)
    Trainer(network, Dataset.from_arrays(X, Y), batch_size=2, learning_rate=0.1, epochs=1, random_state=0).run()
    np.testing.assert_allclose(network.parameters, expected, rtol=1e-12)
