"""Several labels a sample: gradients at 1,000 settings, mistakes caught, saturation, scores as scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from nnlib.chapter23.multilabel import (
    MISTAKES,
    assign,
    check_gradients,
    label_scores,
    load_multilabel,
    multilabel_loss,
    saturation,
)

Z = np.array([[2.0, -1.0, 0.5], [-3.0, 1.5, 0.0]])
Y = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])


@given(st.data(), st.integers(1, 5), st.integers(1, 6))
def test_right_gradients_pass(data: st.DataObject, n: int, labels: int) -> None:
    # the check that page 23.2 shows, over all it lets a reader set
    net_inputs = data.draw(arrays(float, (n, labels), elements=st.floats(-10, 10)))
    targets = data.draw(arrays(float, (n, labels), elements=st.sampled_from([0.0, 1.0])))
    assert check_gradients(net_inputs, targets).passes.all()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_which_rows_a_mistake_spoils(mistake: str) -> None:
    in_p, in_z = check_gradients(Z, Y, mistake).verdicts
    assert np.all(in_p == ("agrees" if mistake in ("none", "forgotten σ′") else "differs"))
    assert np.all(in_z == ("agrees" if mistake == "none" else "differs"))


def test_mistakes_that_show_only_with_several() -> None:
    assert check_gradients(Z[:1], Y[:1], "missing 1/n").passes.all()
    assert check_gradients(Z[:, :1], Y[:, :1], "divided by l too").passes.all()


def test_assigned_is_above_one_half() -> None:
    result = multilabel_loss(Z, Y)
    np.testing.assert_array_equal(result.assigned, Z > 0)  # z = 0 gives p = 0.5, which is not above
    assert result.loss == pytest.approx(result.elements.sum() / 2, rel=1e-15)
    np.testing.assert_array_equal(multilabel_loss(Z, Y, threshold=0.9).assigned, [[False] * 3] * 2)


def test_saturation_breaks_the_form_in_p_only() -> None:
    wrong, right = saturation(40.0, 0.0), saturation(40.0, 1.0)
    assert wrong.p == 1.0
    assert wrong.loss_from_p == np.inf
    assert np.isnan(wrong.gradient_from_p)
    assert np.isnan(right.loss_from_p)  # 0 · log 0
    assert np.isnan(right.gradient_from_p)
    assert wrong.formula_in_p == right.formula_in_p == "breaks down"
    assert (wrong.loss_from_z, wrong.gradient_from_z) == (40.0, 1.0)
    assert right.loss_from_z == pytest.approx(np.exp(-40.0), rel=1e-12)
    assert right.gradient_from_z == pytest.approx(-np.exp(-40.0), rel=1e-12)  # where p − y is 0
    below = saturation(-40.0, 1.0)  # below 0 p keeps its digits, and float64 holds out
    assert below.formula_in_p == "holds"
    assert below.loss_from_p == pytest.approx(below.loss_from_z, rel=1e-12)
    assert below.gradient_from_p == pytest.approx(-1.0, rel=1e-12)


def test_what_is_finite_and_yet_wrong_does_not_hold() -> None:
    lost = saturation(-40.0, 0.0)
    assert lost.loss_from_p == 0.0  # 1 − p is rounded to 1
    assert lost.loss_from_z == pytest.approx(np.exp(-40.0))
    assert lost.formula_in_p == "loses digits"
    assert {saturation(z, y).formula_in_p for z in (-8.0, 0.0, 8.0) for y in (0.0, 1.0)} == {"holds"}


def test_float32_breaks_earlier_and_nothing_is_held_at_87() -> None:
    assert np.isfinite(saturation(20.0, 0.0).loss_from_p)
    assert saturation(20.0, 0.0, "float32").loss_from_p == np.inf
    far = saturation(-100.0, 1.0, "float32")  # the library's σ would stop at e^−87, and the loss at 87
    assert (far.p, far.loss_from_p, far.formula_in_p) == (0.0, np.inf, "breaks down")
    assert far.loss_from_z == 100.0
    assert saturation(100.0, 1.0, "float32").loss_from_z == pytest.approx(np.exp(-100.0), rel=0.05)
    assert saturation(-80.0, 1.0, "float32").formula_in_p == "holds"


@given(
    st.floats(-1e4, 1e4, width=32, allow_subnormal=False),
    st.sampled_from([0.0, 1.0]),
    st.sampled_from(["float32", "float64"]),
)
def test_the_form_in_z_never_breaks(z: float, y: float, precision: str) -> None:
    with np.errstate(all="raise"):
        result = saturation(z, y, precision)
    assert np.isfinite([result.p, result.loss_from_z, result.gradient_from_z]).all()


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_scores_are_scikit_learns(seed: int, threshold: float) -> None:
    rng = np.random.default_rng(seed)
    P, labels = rng.random((6, 4)), rng.integers(0, 2, (6, 4))
    scores = label_scores(P, labels, threshold)
    assigned = threshold < P
    precision, recall, f1, _ = precision_recall_fscore_support(
        labels, assigned, average="micro", zero_division=np.nan
    )
    np.testing.assert_allclose([scores.precision, scores.recall, scores.f1], [precision, recall, f1], rtol=1e-12)
    assert scores.row_accuracy == accuracy_score(labels, assigned)
    assert scores.label_accuracy == pytest.approx(np.mean(assigned == labels))


def test_scores_of_nothing() -> None:
    nothing = label_scores(np.full((2, 2), 0.1), np.eye(2), 0.5)
    assert np.isnan(nothing.precision)
    assert (nothing.recall, nothing.f1, nothing.label_accuracy, nothing.row_accuracy) == (0, 0, 0.5, 0)


def test_the_made_up_documents() -> None:
    data = load_multilabel()
    assert data is load_multilabel()
    assert data.multilabel
    assert (data.X_train.shape, data.Y_test.shape) == ((1500, 20), (500, 5))
    labels_a_row = np.concatenate([data.Y_train, data.Y_test]).sum(axis=1)
    assert 1.8 < labels_a_row.mean() < 2.0
    assert {0, 1, 2, 3} <= set(labels_a_row.astype(int).tolist())


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match="mistake must be one of 'none'"):
        multilabel_loss(Z, Y, "typo")
    with pytest.raises(ValueError, match="P must lie strictly between 0 and 1"):
        multilabel_loss(np.array([[40.0]]), np.array([[0.0]]))
    with pytest.raises(ValueError, match=r"threshold must be finite and in \[0.0, 1.0\], got 1.5"):
        assign(np.array([[0.5]]), 1.5)
    with pytest.raises(ValueError, match="precision must be one of 'float64', 'float32', got 'float16'"):
        saturation(1.0, 0.0, "float16")
    with pytest.raises(ValueError, match="z must be finite"):
        saturation(1e5, 0.0)
    with pytest.raises(ValueError, match="y must be finite"):
        saturation(1.0, 2.0)
    with pytest.raises(ValueError, match="Y must hold 0 and 1 only"):
        label_scores(np.array([[0.5, 0.5]]), np.array([[0.0, 0.5]]))
    with pytest.raises(ValueError, match=r"same shape, got \(1, 2\) and \(1, 1\)"):
        label_scores(np.array([[0.5, 0.5]]), np.array([[1.0]]))
