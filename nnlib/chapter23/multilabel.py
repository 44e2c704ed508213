"""Several labels a sample (exercise 23.2): the loss element by element, its gradients, their check, scores.

Shapes: Z (net inputs), P (probabilities) and Y (labels) are (n, l), one row a sample, one column a label.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nnlib import gradcheck
from nnlib.activations import sigmoid
from nnlib.datasets import Dataset
from nnlib.gradcheck import GradientCheck
from nnlib.losses import (
    binary_cross_entropy_elements,
    binary_cross_entropy_elements_from_logits,
    binary_cross_entropy_from_logits,
    binary_cross_entropy_gradient,
    binary_cross_entropy_logit_gradient,
)
from nnlib.notation import Array
from nnlib.validation import check_choice, check_matrix, check_number

MISTAKES = ("none", "missing 1/n", "divided by l too", "wrong sign", "forgotten σ′")
PRECISIONS = ("float64", "float32")
OUTCOMES = ("holds", "loses digits", "breaks down")


@dataclass(frozen=True)
class MultilabelLoss:
    """Everything about the loss of one table of net inputs and labels; all arrays (n, l).

    Attributes
    ----------
    P : probabilities σ(z)
    assigned : whether the label is assigned, p > threshold
    elements : −y log p − (1 − y) log(1 − p)
    loss : their sum over labels, averaged over samples
    dP, dZ : ∂L/∂p and ∂L/∂z, with the mistake if one was asked for
    """

    P: Array
    assigned: Array
    elements: Array
    loss: float
    dP: Array
    dZ: Array


def multilabel_loss(Z: Array, Y: Array, mistake: str = "none", threshold: float = 0.5) -> MultilabelLoss:
    """Forward and backward through σ and the loss of exercise 23.2.

    Parameters
    ----------
    Z : (n, l) net inputs, such that σ(z) is not rounded to 1 (z up to about 36)
    Y : (n, l) labels in [0, 1]
    mistake : one of `MISTAKES`, made in the gradients only
    threshold : a label is assigned where p is above it

    Raises
    ------
    ValueError, TypeError
        If shapes differ, a value is not finite, a label lies outside [0, 1] or z is too large.
    """
    check_choice("mistake", mistake, MISTAKES)
    elements = binary_cross_entropy_elements_from_logits(Z, Y)
    P = sigmoid(np.asarray(Z, dtype=np.float64))
    dP, dZ = binary_cross_entropy_gradient(P, Y), binary_cross_entropy_logit_gradient(Z, Y)
    n, l = P.shape  # noqa: E741 (the book's l, the number of labels)
    if mistake == "missing 1/n":
        dP, dZ = dP * n, dZ * n
    elif mistake == "divided by l too":
        dP, dZ = dP / l, dZ / l
    elif mistake == "wrong sign":
        dP, dZ = -dP, -dZ
    elif mistake == "forgotten σ′":
        dZ = dP.copy()
    return MultilabelLoss(P, assign(P, threshold), elements, binary_cross_entropy_from_logits(Z, Y), dP, dZ)


def check_gradients(Z: Array, Y: Array, mistake: str = "none") -> GradientCheck:
    """Compare ∂L/∂p and ∂L/∂z of `multilabel_loss` with measured slopes, element by element.

    Each element of the loss depends on its own p, or z, alone. In p the steps shrink with the distance to 0 and 1.

    Returns
    -------
    The check of [∂L/∂p, ∂L/∂z], (2, n, l).

    Raises
    ------
    ValueError, TypeError
        As `multilabel_loss` does.
    """
    result = multilabel_loss(Z, Y, mistake)
    P, Z, n = result.P, np.asarray(Z, dtype=np.float64), len(result.P)

    def terms(moved: Array) -> Array:
        """The elements of the loss from p, and those from z."""
        P, Z = moved
        return np.stack([binary_cross_entropy_elements(P, Y), binary_cross_entropy_elements_from_logits(Z, Y)]) / n

    return gradcheck.check_gradients(
        terms,
        np.stack([P, Z]),
        np.stack([result.dP, result.dZ]),
        units=np.stack([np.minimum(P, 1 - P), np.ones_like(Z)]),
        rounding=np.stack([np.zeros_like(P), np.full_like(Z, gradcheck.EPSILON / n)]),  # of p in p − y
        separate=True,
    )


@dataclass(frozen=True)
class Saturation:
    """One output's loss and gradient in z, worked out twice in one precision.

    Attributes
    ----------
    p : σ(z) as rounded
    loss_from_p, gradient_from_p : the textbook formulas in p; ∞ or NaN where they break down
    loss_from_z, gradient_from_z : the formulas in z
    formula_in_p : one of `OUTCOMES`, from both numbers beside what float64 makes of the formulas in z: "loses
        digits" where one is finite, and yet off by more than a thousandth
    """

    p: float
    loss_from_p: float
    gradient_from_p: float
    loss_from_z: float
    gradient_from_z: float
    formula_in_p: str


def saturation(z: float, y: float, precision: str = "float64") -> Saturation:
    """Loss and ∂L/∂z of one output, by the formulas in p and by those in z, to see where the first break down.

    In p: −y log p − (1 − y) log(1 − p), and (p − y) / (p (1 − p)) times σ' = p (1 − p). Once p is rounded to 1 or
    0, they hold log 0, 0 · ∞ and 1/0. In z nothing of the kind occurs, and nothing
    cancels. All of them are written out here: the library's own hold z within the range of normal numbers, and
    would hide how far a plain formula gets.

    Parameters
    ----------
    z : net input, |z| up to 1e4
    y : label in [0, 1]
    precision : "float64" or "float32"

    Raises
    ------
    ValueError, TypeError
        If an argument is not among what is listed.
    """
    z, y = check_number("z", z, -1e4, 1e4), check_number("y", y, 0.0, 1.0)
    dtype = np.dtype(check_choice("precision", precision, PRECISIONS)).type
    Z, Y, one = dtype(z), dtype(y), dtype(1)
    with np.errstate(all="ignore"):  # to break down is what these lines are for
        p = one / (one + np.exp(-Z))
        from_p = (-(Y * np.log(p)) - (one - Y) * np.log(one - p), (p - Y) / (p * (one - p)) * (p * (one - p)))
        from_z, true = _from_z(Z, Y), _from_z(np.float64(z), np.float64(y))
    if not np.isfinite(from_p).all():
        outcome = "breaks down"
    else:
        outcome = "holds" if np.allclose(from_p, true, rtol=1e-3, atol=0.0) else "loses digits"
    (loss_p, gradient_p), (loss_z, gradient_z) = from_p, from_z
    return Saturation(float(p), float(loss_p), float(gradient_p), float(loss_z), float(gradient_z), outcome)


def _from_z(z: np.floating, y: np.floating) -> tuple[np.floating, np.floating]:
    """Loss and ∂L/∂z in the precision of z and y: the gradient is p − y, written (1 − y) σ(z) − y σ(−z)."""
    small = np.exp(-np.abs(z))  # σ(−|z|) is small / (1 + small), and σ(|z|) is 1 / (1 + small)
    up, down = (1, small) if z > 0 else (small, 1)
    return np.maximum(z, 0) - y * z + np.log1p(small), ((1 - y) * up - y * down) / (1 + small)


def assign(P: Array, threshold: float = 0.5) -> Array:
    """Which labels are assigned: p > threshold, (n, l) of bool; several in a row can be, or none.

    Raises ValueError or TypeError if P is not a finite matrix or the threshold lies outside [0, 1].
    """
    P = check_matrix("P", P, np.float64)
    return np.asarray(check_number("threshold", threshold, 0.0, 1.0) < P)


@dataclass(frozen=True)
class LabelScores:
    """How well assigned labels fit the true ones, counted over all elements of the table.

    Attributes
    ----------
    precision : share of the assigned labels that are true; NaN if none is assigned
    recall : share of the true labels that are assigned; NaN if none is true
    f1 : harmonic mean of the two, 2 TP / (2 TP + FP + FN); NaN if no label is true or assigned
    label_accuracy : share of elements that are right, assigned or not
    row_accuracy : share of samples with every label right
    """

    precision: float
    recall: float
    f1: float
    label_accuracy: float
    row_accuracy: float


def label_scores(P: Array, Y: Array, threshold: float = 0.5) -> LabelScores:
    """Scores of the labels assigned where p > threshold, for labels Y of 0 or 1.

    Raises
    ------
    ValueError, TypeError
        If P or Y is not a finite matrix, the shapes differ, or a label is neither 0 nor 1.
    """
    assigned, Y = assign(P, threshold), check_matrix("Y", Y, np.float64)
    if assigned.shape != Y.shape:
        raise ValueError(f"P and Y must have the same shape, got {assigned.shape} and {Y.shape}")
    if not np.all((Y == 0) | (Y == 1)):
        raise ValueError(f"Y must hold 0 and 1 only, got values from {Y.min()} to {Y.max()}")
    true = Y == 1
    right = assigned == true
    hits = int(np.count_nonzero(assigned & true))
    assigned_count, true_count = int(np.count_nonzero(assigned)), int(np.count_nonzero(true))
    return LabelScores(
        precision=_share(hits, assigned_count),
        recall=_share(hits, true_count),
        f1=_share(2 * hits, assigned_count + true_count),
        label_accuracy=float(right.mean()),
        row_accuracy=float(right.all(axis=1).mean()),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


@lru_cache(maxsize=1)
def load_multilabel() -> Dataset:
    """scikit-learn's make_multilabel_classification: 2,000 made-up documents, each under any of 5 topics or none.

    The 20 inputs count words, from 0 to 14; a topic prefers certain words. 1,500 rows are for training, 500 for
    testing. Two topics a document on average.
    """
    from sklearn.datasets import make_multilabel_classification  # imported here: it takes a second

    X, Y = make_multilabel_classification(n_samples=2000, n_features=20, n_classes=5, n_labels=2, random_state=0)
    X_train, X_test = X[:1500], X[1500:]
    return Dataset.from_arrays(X_train, Y[:1500], X_test, Y[1500:], scale=1 / 10, multilabel=True)
