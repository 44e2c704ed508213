"""Both checks of dropout pass when it is right, and name the mistake when it is not."""

import numpy as np
import pytest

from nnlib.chapter23.dropout import FORMS
from nnlib.chapter23.dropout_mistakes import (
    FRESH_MASK,
    MISTAKES,
    NO_MASK,
    NO_P,
    NO_SCALE,
    NO_SCALE_BACK,
    check_dropout,
)

W1, B1 = np.arange(8).reshape(2, 4), np.arange(8, 12)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("p", [0.05, 0.6, 1.0])
def test_right_dropout_passes(form: str, seed: int, p: float) -> None:
    check = check_dropout(p, form, random_state=seed)
    assert check.gradients.analytic.size == 17
    assert check.gradients.passes.all()
    np.testing.assert_allclose(check.trained, check.predicted, rtol=0, atol=1e-12)


def into(neurons: np.ndarray) -> set[int]:
    """Positions of the weights and biases that lead into these hidden neurons."""
    return {int(k) for k in np.concatenate([W1[:, neurons].ravel(), B1[neurons]])}


def test_without_the_backward_mask_exactly_the_dropped_neurons_are_wrong() -> None:
    check = check_dropout(0.6, "plain", NO_MASK, random_state=1)
    dropped = np.flatnonzero(check.mask == 0)
    assert 0 < len(dropped) < 4
    assert set(np.flatnonzero(check.gradients.differs).tolist()) == into(dropped)
    assert np.all(check.gradients.numerical[sorted(into(dropped))] == 0)


def test_without_the_backward_scale_exactly_the_kept_neurons_are_wrong() -> None:
    check = check_dropout(0.6, "inverted", NO_SCALE_BACK, random_state=1)
    kept = np.flatnonzero(check.mask == 1)
    assert set(np.flatnonzero(check.gradients.differs).tolist()) == into(kept)
    rows = sorted(into(kept))
    np.testing.assert_allclose(check.gradients.analytic[rows], 0.6 * check.gradients.numerical[rows], rtol=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_a_fresh_backward_mask_is_found_in_the_first_layer_only(form: str) -> None:
    check = check_dropout(0.6, form, FRESH_MASK, random_state=1)
    wrong = set(np.flatnonzero(check.gradients.differs).tolist())
    assert wrong
    assert wrong <= into(np.arange(4))


@pytest.mark.parametrize(("form", "mistake"), [("plain", NO_P), ("inverted", NO_SCALE)])
def test_a_forgotten_p_passes_the_gradient_check_but_not_the_averages(form: str, mistake: str) -> None:
    check = check_dropout(0.6, form, mistake, random_state=1)
    assert check.gradients.passes.all()
    np.testing.assert_allclose(check.trained, 0.6 * check.predicted, rtol=1e-12)


def test_only_the_planted_mistakes_of_the_form_are_allowed() -> None:
    assert {name for names in MISTAKES.values() for name in names} == {
        "none",
        NO_MASK,
        FRESH_MASK,
        NO_SCALE_BACK,
        NO_SCALE,
        NO_P,
    }
    with pytest.raises(ValueError, match="mistake must be one of"):
        check_dropout(0.6, "plain", NO_SCALE)
    with pytest.raises(ValueError, match="form must be one of"):
        check_dropout(0.6, "both")
    with pytest.raises(ValueError, match="keep_prob"):
        check_dropout(0.0)
