"""Dropout by its mathematics: enumeration against closed forms, sampling against both, and the next neuron."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlib.activations import sigmoid
from nnlib.chapter23.dropout import (
    FORMS,
    MOST_NEURONS,
    Moments,
    all_masks,
    closed_moments,
    draw_masks,
    enumerated_moments,
    mask_probabilities,
    next_neuron,
    prediction_output,
    running_means,
    thinned_counts,
    training_output,
)

keep_probs = st.floats(0.01, 1.0)
layers = st.integers(1, 8).flatmap(lambda m: arrays(float, m, elements=st.floats(-10, 10)))


def test_two_neurons_by_hand() -> None:
    h, p = np.array([2.0, -1.0]), 0.25
    np.testing.assert_array_equal(all_masks(2), [[0, 0], [1, 0], [0, 1], [1, 1]])
    np.testing.assert_allclose(mask_probabilities(all_masks(2), p), [9 / 16, 3 / 16, 3 / 16, 1 / 16])
    plain, inverted = (enumerated_moments(h, p, form) for form in FORMS)
    np.testing.assert_allclose(plain.mean, [0.5, -0.25])
    np.testing.assert_allclose(plain.variance, [3 / 16 * 4, 3 / 16])
    np.testing.assert_allclose(
        plain.fourth, [1 / 4 * 1.5**4 + 3 / 4 * 0.5**4, (1 / 4 * 1.5**4 + 3 / 4 * 0.5**4) / 16]
    )
    np.testing.assert_allclose(inverted.mean, h)
    np.testing.assert_allclose(inverted.variance, [12.0, 3.0])


def test_both_forms_of_one_mask() -> None:
    h, d = np.array([0.5, 2.0, -1.0]), np.array([1.0, 0.0, 1.0])
    np.testing.assert_array_equal(training_output(h, d, 0.5, "plain"), [0.5, 0, -1])
    np.testing.assert_array_equal(training_output(h, d, 0.5, "inverted"), [1, 0, -2])
    np.testing.assert_array_equal(prediction_output(h, 0.5, "plain"), [0.25, 1, -0.5])
    np.testing.assert_array_equal(prediction_output(h, 0.5, "inverted"), h)


@given(layers, keep_probs, st.sampled_from(FORMS))
def test_enumeration_agrees_with_the_closed_forms_and_with_prediction(h: np.ndarray, p: float, form: str) -> None:
    exact, closed = enumerated_moments(h, p, form), closed_moments(h, p, form)
    scale = max(1.0, float(np.abs(h).max()) / (p if form == "inverted" else 1.0))
    np.testing.assert_allclose(exact.mean, prediction_output(h, p, form), rtol=0, atol=1e-12 * scale)
    for name, power in (("mean", 1), ("variance", 2), ("fourth", 4)):
        np.testing.assert_allclose(
            getattr(exact, name), getattr(closed, name), rtol=1e-9, atol=1e-12 * scale**power
        )


@given(st.integers(1, 10), keep_probs)
def test_the_probabilities_of_all_masks_sum_to_one(m: int, p: float) -> None:
    assert mask_probabilities(all_masks(m), p).sum() == pytest.approx(1.0, abs=1e-12)
    assert len(np.unique(all_masks(m), axis=0)) == 2**m


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_a_sample_falls_within_its_standard_errors(form: str, p: float) -> None:
    h, count = np.array([0.8, -0.3, 1.5]), 5000
    outputs = training_output(h, draw_masks(count, 3, p, random_state=3), p, form)
    exact = enumerated_moments(h, p, form)
    assert np.all(np.abs(outputs.mean(axis=0) - exact.mean) < 4 * exact.error_of_mean(count))
    off = np.abs(outputs.var(axis=0, ddof=1) - exact.variance)
    assert np.all(off < 4 * exact.error_of_variance(count))


def test_the_standard_errors_are_those_of_many_samples() -> None:
    """Both errors are the spread, over 4,000 samples of 5 masks, of the sample's mean and variance."""
    h, p, count = np.array([1.3]), 0.3, 5
    samples = training_output(h, draw_masks(4000 * count, 1, p, random_state=0), p).reshape(4000, count)
    exact = enumerated_moments(h, p)
    assert samples.mean(axis=1).std() == pytest.approx(float(exact.error_of_mean(count)[0]), rel=0.05)
    assert samples.var(axis=1, ddof=1).std() == pytest.approx(float(exact.error_of_variance(count)[0]), rel=0.05)


def test_masks_drawn_later_do_not_change_the_first() -> None:
    many = draw_masks(50, 6, 0.4, random_state=7)
    np.testing.assert_array_equal(draw_masks(8, 6, 0.4, random_state=7), many[:8])
    assert np.all(draw_masks(50, 6, 0.7, random_state=7) >= many)
    assert set(np.unique(many)) == {0.0, 1.0}
    assert draw_masks(20, 3, 1.0, random_state=0).all()
    assert draw_masks(0, 3, 0.5).shape == (0, 3)


def test_running_means_at_chosen_counts() -> None:
    outputs = np.array([[1.0, 0.0], [3.0, 0.0], [5.0, 6.0]])
    np.testing.assert_array_equal(running_means(outputs, np.array([1, 3])), [[1, 0], [3, 2]])
    assert running_means(outputs[:0], np.array([], int)).shape == (0, 2)


@given(st.integers(1, 50_000))
def test_thinned_counts_keep_both_ends(count: int) -> None:
    counts = thinned_counts(count, 120)
    assert counts[0] == 1
    assert counts[-1] == count
    assert len(counts) <= 120
    assert np.all(np.diff(counts) > 0)


@given(layers, keep_probs, st.floats(-3, 3), st.floats(-5, 5))
def test_the_mean_net_input_is_exact_and_the_output_is_not_far(
    h: np.ndarray, p: float, b: float, s: float
) -> None:
    w = s * np.cos(np.arange(h.size))
    result = next_neuron(h, w, b, p)
    assert result.mean_net_input == pytest.approx(result.predicted_net_input, abs=1e-10)
    # |σ''| < 0.0963, so by Taylor |E σ(z) − σ(E z)| ≤ 0.0963 Var[z] / 2, and Var[z] = Σ p (1 − p) (w h)².
    variance = float(np.sum(p * (1 - p) * (w * h) ** 2))
    assert abs(result.mean_output - result.predicted_output) <= 0.0963 * variance / 2 + 1e-12


def test_the_mean_output_by_hand_and_the_inverted_form() -> None:
    h, w, b, p = np.array([1.0, 2.0]), np.array([3.0, -1.0]), 0.5, 0.6
    by_hand = 0.16 * sigmoid(np.array(0.5)) + 0.24 * sigmoid(np.array(3.5)) + 0.24 * sigmoid(np.array(-1.5))
    by_hand += 0.36 * sigmoid(np.array(1.5))
    result = next_neuron(h, w, b, p)
    assert result.mean_output == pytest.approx(float(by_hand), abs=1e-15)
    assert abs(result.mean_output - result.predicted_output) > 1e-2
    inverted = training_output(h, all_masks(2), p, "inverted") @ (p * w) + b
    mean = mask_probabilities(all_masks(2), p) @ sigmoid(inverted)
    assert mean == pytest.approx(result.mean_output, abs=1e-15)


def test_nothing_is_dropped_at_p_1() -> None:
    h = np.array([0.3, -0.7])
    for form in FORMS:
        moments = enumerated_moments(h, 1.0, form)
        np.testing.assert_array_equal(moments.mean, h)
        np.testing.assert_array_equal(moments.variance, 0)
    result = next_neuron(h, h, 0.1, 1.0)
    assert result.mean_output == pytest.approx(result.predicted_output, abs=1e-15)


def test_the_error_of_a_variance_is_never_below_zero() -> None:
    moments = Moments(np.zeros(1), np.ones(1), np.ones(1))  # p = 1/2: the fourth moment is the variance squared
    assert moments.error_of_variance(2)[0] == pytest.approx(1.0)
    assert moments.error_of_variance(10**9)[0] >= 0


def test_the_table_of_masks_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        all_masks(3)[0, 0] = 1


@pytest.mark.parametrize("p", [0.0, -0.1, 1.1, float("nan"), float("inf")])
def test_a_keep_probability_outside_is_refused(p: float) -> None:
    h = np.ones(2)
    for call in (
        lambda: draw_masks(1, 2, p),
        lambda: training_output(h, h, p),
        lambda: training_output(h, h, p, "plain"),
        lambda: prediction_output(h, p),
        lambda: mask_probabilities(all_masks(2), p),
        lambda: next_neuron(h, h, 0.0, p),
    ):
        with pytest.raises(ValueError, match=r"keep_prob must be finite and in \(0"):
            call()


def test_other_bad_arguments_are_named() -> None:
    h = np.ones(2)
    with pytest.raises(ValueError, match="form must be one of 'plain', 'inverted'"):
        training_output(h, h, 0.5, "reversed")
    with pytest.raises(ValueError, match="form must be one of"):
        prediction_output(h, 0.5, "reversed")
    with pytest.raises(ValueError, match="h must be a vector"):
        enumerated_moments(np.ones(MOST_NEURONS + 1), 0.5)
    with pytest.raises(ValueError, match="h must be a vector"):
        enumerated_moments(np.ones((2, 2)), 0.5)
    with pytest.raises(ValueError, match="h must be finite"):
        closed_moments(np.array([1.0, np.nan]), 0.5)
    with pytest.raises(TypeError, match="h must hold numbers"):
        closed_moments(np.array(["a"]), 0.5)
    with pytest.raises(ValueError, match="equally long, got 2 and 3"):
        next_neuron(h, np.ones(3), 0.0, 0.5)
    with pytest.raises(TypeError, match="keep_prob must be a number"):
        draw_masks(1, 2, "half")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="count must be"):
        draw_masks(-1, 2, 0.5)
    with pytest.raises(ValueError, match="count must be at least 2"):
        enumerated_moments(h, 0.5).error_of_variance(1)
