"""Losses, each with the output activation it is used with and the error δ it sends back.

Conventions: Z, P, Y are (n, l), one row a sample; Y holds 0, 1 or probabilities. A loss is summed over
the l outputs and averaged over the n samples. (The "mean" of PyTorch and Keras also divides by l for
binary cross-entropy and squared error, not for softmax cross-entropy; and their squared error lacks the ½.)
δ is kept per sample, without the 1/n: the average is taken where gradients are summed over the batch.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from nnlib.activations import LARGEST_EXPONENT, log_softmax, sigmoid, sigmoid_derivative, softmax
from nnlib.notation import Array
from nnlib.validation import check_matrix

SMALLEST = float(np.finfo(np.float64).tiny)  # 1/p is still finite there


def binary_cross_entropy_elements_from_logits(Z: ArrayLike, Y: ArrayLike) -> Array:
    """−y log σ(z) − (1 − y) log(1 − σ(z)) of every element, (n, l), computed as max(z, 0) − y z + log(1 + e^−|z|).

    The two are equal: log σ(z) = z − log(1 + e^z) and log(1 − σ(z)) = −log(1 + e^z) turn the first into
    log(1 + e^z) − y z, and log(1 + e^z) = max(z, 0) + log(1 + e^−|z|). The exponent is never positive, so
    nothing overflows; and for a confident, right output the large terms cancel exactly.

    Parameters
    ----------
    Z : (n, l) net inputs of the output layer
    Y : (n, l) labels in [0, 1]

    Raises
    ------
    ValueError, TypeError
        If Z is not finite, the shapes differ, or a label lies outside [0, 1].
    """
    return _logit_elements(*_checked("Z", Z, Y))


def _logit_elements(Z: Array, Y: Array) -> Array:
    tail = np.abs(Z)
    np.negative(tail, out=tail)
    np.maximum(tail, -LARGEST_EXPONENT[tail.dtype], out=tail)  # below that, e^-|z| is 0 beside all else
    np.exp(tail, out=tail)
    np.log1p(tail, out=tail)
    tail += np.maximum(Z, 0.0) - Y * Z
    return tail


def binary_cross_entropy_from_logits(Z: ArrayLike, Y: ArrayLike) -> float:
    """(1/n) Σ_i Σ_k of `binary_cross_entropy_elements_from_logits`: exercise 23.2's loss, finite for every z.

    Raises ValueError or TypeError as that function does.
    """
    return _mean_of_sums(_logit_elements(*_checked("Z", Z, Y)))


def _mean_of_sums(elements: Array) -> float:
    """Summed over the l outputs, averaged over the n samples."""
    return float(np.sum(elements, dtype=np.float64)) / len(elements)


def binary_cross_entropy_elements(P: ArrayLike, Y: ArrayLike) -> Array:
    """−y log p − (1 − y) log(1 − p) of every element, (n, l), as the book writes it.

    Raises
    ------
    ValueError, TypeError
        If a probability is 0, 1 or outside: the logarithm is not finite there. Use the form from logits.
        Also if the shapes differ or a label lies outside [0, 1].
    """
    P, Y = _checked_probabilities(P, Y)
    return np.asarray(-(Y * np.log(P) + (1 - Y) * np.log1p(-P)))


def binary_cross_entropy(P: ArrayLike, Y: ArrayLike) -> float:
    """−(1/n) Σ_i Σ_k [y log p + (1 − y) log(1 − p)]: exercise 23.2's loss from probabilities.

    Raises ValueError or TypeError as `binary_cross_entropy_elements` does.
    """
    return _mean_of_sums(binary_cross_entropy_elements(P, Y))


def binary_cross_entropy_gradient(P: ArrayLike, Y: ArrayLike) -> Array:
    """∂L/∂p_ik = (p − y) / (n p (1 − p)): from −y/p + (1 − y)/(1 − p) over a common denominator.

    Shape (n, l), the answer to exercise 23.2. Raises as `binary_cross_entropy_elements` does: the formula
    divides by p (1 − p).
    """
    P, Y = _checked_probabilities(P, Y)
    return np.asarray((P - Y) / (P * (1 - P)) / len(P))


def binary_cross_entropy_logit_gradient(Z: ArrayLike, Y: ArrayLike) -> Array:
    """∂L/∂z_ik = (p − y) / n with p = σ(z): the factor σ' = p (1 − p) cancels the denominator above.

    Raises ValueError or TypeError as `binary_cross_entropy_elements_from_logits` does.
    """
    Z, Y = _checked("Z", Z, Y)
    with np.errstate(under="ignore"):  # the smallest p, divided by n, is 0
        return np.asarray((sigmoid(Z) - Y) / len(Z))


def squared_error(P: ArrayLike, Y: ArrayLike) -> float:
    """(1/n) Σ_i Σ_k ½ (p − y)².

    Raises ValueError or TypeError if P is not finite, the shapes differ, or a label lies outside [0, 1].
    """
    return _mean_of_sums(_squared_elements(*_checked("P", P, Y)))


def _squared_elements(P: Array, Y: Array) -> Array:
    with np.errstate(under="ignore"):  # the square of the smallest p is 0
        return np.asarray(np.square(P - Y) / 2)


def _sigmoid_squared_elements(Z: Array, Y: Array) -> Array:
    with np.errstate(under="ignore"):  # the smallest p, times a soft label, is 0
        # p − y written so that nothing cancels where p rounds to y = 1: 1 − σ(z) is σ(−z)
        return _squared_elements((1 - Y) * sigmoid(Z), Y * sigmoid(-Z))


def softmax_cross_entropy_from_logits(Z: ArrayLike, Y: ArrayLike) -> float:
    """−(1/n) Σ_i Σ_k y log p with p = softmax(z).

    Raises ValueError or TypeError if Z is not finite, the shapes differ, or a label lies outside [0, 1].
    """
    return _mean_of_sums(_softmax_elements(*_checked("Z", Z, Y)))


def _softmax_elements(Z: Array, Y: Array) -> Array:
    return -Y * log_softmax(Z)


def _checked(name: str, values: ArrayLike, Y: ArrayLike) -> tuple[Array, Array]:
    """(values, Y) as finite matrices of one shape and the precision of `values`, labels in [0, 1]."""
    dtype = np.float32 if np.asarray(values).dtype == np.float32 else np.float64
    values, Y = check_matrix(name, values, dtype), check_matrix("Y", Y, dtype)
    if values.shape != Y.shape:
        raise ValueError(f"{name} and Y must have the same shape, got {values.shape} and {Y.shape}")
    if Y.min() < 0 or Y.max() > 1:
        raise ValueError(f"Y must lie in [0, 1], got values from {Y.min()} to {Y.max()}")
    return values, Y


def _checked_probabilities(P: ArrayLike, Y: ArrayLike) -> tuple[Array, Array]:
    """(P, Y) in float64; P where log p, log(1 − p) and 1/p are all finite."""
    P, Y = (array.astype(np.float64) for array in _checked("P", P, Y))
    if P.min() < SMALLEST or P.max() >= 1:
        raise ValueError(
            f"P must lie strictly between 0 and 1 (from {SMALLEST:.1e}, the smallest normal number), got values "
            f"from {P.min()} to {P.max()}; the functions from logits have no such limit"
        )
    return P, Y


def _difference(P: Array, Y: Array) -> Array:
    """δ = p − y: ∂L/∂z of a sample for cross-entropy after a sigmoid, or a softmax if the labels sum to 1."""
    return P - Y


def _softmax_difference(P: Array, Y: Array) -> Array:
    """δ = (Σ y) p − y: ∂L/∂z of a sample for cross-entropy after a softmax. From L = (Σ y) log Σ e^z − Σ y z."""
    return Y.sum(axis=1, keepdims=True) * P - Y


def _difference_through_sigmoid(P: Array, Y: Array) -> Array:
    """δ = (p − y) σ'(z): ∂L/∂z of a sample for squared error after a sigmoid."""
    with np.errstate(under="ignore"):  # p · p of a saturated output is 0 beside all else
        return (P - Y) * sigmoid_derivative(P)


@dataclass(frozen=True)
class Loss:
    """A loss with the output activation it is paired with.

    Attributes
    ----------
    output : net inputs Z to outputs P, both (n, l)
    elements : (Z, Y) to the loss of every output of every sample, (n, l)
    output_error : (P, Y) to δ of the output layer, per sample, (n, l)
    """

    output: Callable[[Array], Array]
    elements: Callable[[Array, Array], Array]
    output_error: Callable[[Array, Array], Array]

    def value(self, Z: Array, Y: Array, shares: Array | None = None) -> float:
        """Loss averaged over the n samples, or its mean weighted by `shares`, (n,), whose own mean is 1."""
        elements = self.elements(Z, Y)
        return _mean_of_sums(elements if shares is None else shares[:, np.newaxis] * elements)

    def for_labels_that_sum_to_1(self) -> "Loss":
        """The same, quicker, where the labels of every sample sum to 1, as one-hot ones do."""
        return replace(self, output_error=_difference) if self.output_error is _softmax_difference else self


# These check nothing: a network checks its arguments once, and training that diverges must see its NaN.
LOSSES = {
    # Algorithm 23.3: δ = h − y is the gradient of this loss.
    "sigmoid cross-entropy": Loss(sigmoid, _logit_elements, _difference),
    # The printed program of exercise 23.3: δ = (h − y) σ'(z) is the gradient of this one.
    "sigmoid squared error": Loss(sigmoid, _sigmoid_squared_elements, _difference_through_sigmoid),
    "softmax cross-entropy": Loss(softmax, _softmax_elements, _softmax_difference),
}
