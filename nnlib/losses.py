"""Losses, each with the output activation it is used with and the error δ it sends back.

Conventions: Z, P, Y are (n, l), one row a sample; Y holds 0, 1 or probabilities. A loss is summed over
the l outputs and averaged over the n samples. (PyTorch's "mean" also divides by l.) δ is kept per
sample, without the 1/n: the average is taken where gradients are summed over the batch.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnlib.activations import Array, log_softmax, sigmoid, sigmoid_derivative, softmax


def binary_cross_entropy_from_logits(Z: Array, Y: Array) -> float:
    """−(1/n) Σ_i Σ_k [y log σ(z) + (1 − y) log(1 − σ(z))], computed as log(1 + e^z) − y z.

    The two are equal because log σ(z) = z − log(1 + e^z) and log(1 − σ(z)) = −log(1 + e^z). The second
    form is finite for every finite z.

    Parameters
    ----------
    Z : (n, l) net inputs of the output layer
    Y : (n, l) labels in [0, 1]
    """
    return float(np.sum(_softplus(Z) - Y * Z, dtype=np.float64) / len(Z))


def _softplus(Z: Array) -> Array:
    """log(1 + e^z) = max(z, 0) + log(1 + e^−|z|): the exponent is never positive, so nothing overflows."""
    tail = np.abs(Z)
    np.negative(tail, out=tail)
    np.maximum(tail, -87.0, out=tail)  # e^-87 is nothing beside what it is added to, and a normal float32
    np.exp(tail, out=tail)
    return np.asarray(np.maximum(Z, 0.0) + np.log1p(tail, out=tail))


def binary_cross_entropy(P: Array, Y: Array) -> float:
    """−(1/n) Σ_i Σ_k [y log p + (1 − y) log(1 − p)] for probabilities P strictly between 0 and 1.

    Raises
    ------
    ValueError
        If a probability is 0, 1 or outside: the logarithm is not finite there. Use the form from logits.
    """
    P = np.asarray(P, dtype=np.float64)
    if not (np.all(P > 0) and np.all(P < 1)):
        raise ValueError("P must lie strictly between 0 and 1; use binary_cross_entropy_from_logits instead")
    return float(-np.sum(Y * np.log(P) + (1 - Y) * np.log1p(-P)) / len(P))


def binary_cross_entropy_gradient(P: Array, Y: Array) -> Array:
    """∂L/∂p_ik = (p − y) / (n p (1 − p)): from −y/p + (1 − y)/(1 − p) over a common denominator.

    Shape (n, l), the answer to exercise 23.2. Raises ValueError where p is 0 or 1, as the loss does.
    """
    P = np.asarray(P, dtype=np.float64)
    if not (np.all(P > 0) and np.all(P < 1)):
        raise ValueError("P must lie strictly between 0 and 1: the formula divides by p (1 − p)")
    return np.asarray((P - Y) / (len(P) * P * (1 - P)))


def binary_cross_entropy_logit_gradient(Z: Array, Y: Array) -> Array:
    """∂L/∂z_ik = (p − y) / n with p = σ(z): the factor σ' = p (1 − p) cancels the denominator above."""
    Z = np.asarray(Z, dtype=np.float64)
    return np.asarray((sigmoid(Z) - Y) / len(Z))


def squared_error(P: Array, Y: Array) -> float:
    """(1/n) Σ_i Σ_k ½ (p − y)²."""
    return float(np.sum(np.square(P - Y), dtype=np.float64) / (2 * len(P)))


def _squared_error_from_logits(Z: Array, Y: Array) -> float:
    return squared_error(sigmoid(Z), Y)


def softmax_cross_entropy_from_logits(Z: Array, Y: Array) -> float:
    """−(1/n) Σ_i Σ_k y log p with p = softmax(z)."""
    return float(-np.sum(Y * log_softmax(Z), dtype=np.float64) / len(Z))


def _difference(P: Array, Y: Array, out: Array | None = None) -> Array:
    """δ = p − y: ∂L/∂z of a sample for cross-entropy after its own output, sigmoid or softmax alike."""
    return np.subtract(P, Y, out=out)


def _difference_through_sigmoid(P: Array, Y: Array, out: Array | None = None) -> Array:
    """δ = (p − y) σ'(z): ∂L/∂z of a sample for squared error after a sigmoid."""
    out = np.subtract(P, Y, out=out)
    out *= sigmoid_derivative(P)
    return out


@dataclass(frozen=True)
class Loss:
    """A loss with the output activation it is paired with.

    Attributes
    ----------
    output : net inputs Z to outputs P, both (n, l)
    value : (Z, Y) to the loss averaged over the n samples
    output_error : (P, Y) to δ of the output layer, per sample, (n, l)
    """

    output: Callable[..., Array]
    value: Callable[[Array, Array], float]
    output_error: Callable[..., Array]


LOSSES = {
    # Algorithm 23.3: δ = h − y is the gradient of this loss.
    "sigmoid cross-entropy": Loss(sigmoid, binary_cross_entropy_from_logits, _difference),
    # The printed program of exercise 23.3: δ = (h − y) σ'(z) is the gradient of this one.
    "sigmoid squared error": Loss(sigmoid, _squared_error_from_logits, _difference_through_sigmoid),
    "softmax cross-entropy": Loss(softmax, softmax_cross_entropy_from_logits, _difference),
}
