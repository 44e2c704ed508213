"""Activation functions a(z) and their derivatives, written in terms of the output h = a(z).

Every function works element by element on arrays of any shape, in the precision it is given.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlib.notation import Array


def _largest_exponent(dtype: np.dtype) -> float:
    """The largest whole x for which neither e^x nor e^-x leaves the range of `dtype`: 87 or 708."""
    return float(np.floor(-np.log(np.finfo(dtype).tiny)))


LARGEST_EXPONENT = {np.dtype(t): _largest_exponent(np.dtype(t)) for t in (np.float32, np.float64)}

# −limit, limit and 1 for each precision. As arrays they spare NumPy the conversion of a Python number, which takes
# as long as the rest of an operation on few elements.
_BOUNDS_AND_ONE = {
    dtype: tuple(np.array(x, dtype) for x in (-limit, limit, 1)) for dtype, limit in LARGEST_EXPONENT.items()
}


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^-z), book eq. 23.14.

    Beyond ±87 (float32) or ±708 (float64) z is held there: e^-z would overflow or underflow, and the
    result differs from 0 or 1 by less than the smallest normal number either way.
    """
    z = np.asarray(z)
    if z.dtype not in LARGEST_EXPONENT:
        z = z.astype(np.result_type(z, np.float32))
    h = np.negative(z)[...]  # an array even where z is a single number
    low, high, one = _BOUNDS_AND_ONE[h.dtype]
    h.clip(low, high, out=h)
    np.exp(h, out=h)
    h += one
    return np.divide(one, h, out=h)


def sigmoid_derivative(h: Array) -> Array:
    """σ'(z) = h (1 − h) with h = σ(z): from dσ/dz = e^-z / (1 + e^-z)² = σ(z) (1 − σ(z))."""
    return h * (1.0 - h)


def tanh(z: Array) -> Array:
    """tanh(z) = 2 σ(2z) − 1, a sigmoid stretched to (−1, 1)."""
    return np.tanh(z)


def tanh_derivative(h: Array) -> Array:
    """tanh'(z) = 1 − h² with h = tanh(z)."""
    return 1.0 - h * h


def relu(z: Array) -> Array:
    """ReLU(z) = max(z, 0)."""
    return np.maximum(z, 0.0)


def relu_derivative(h: Array) -> Array:
    """ReLU'(z) = 1 where z > 0, else 0; at the kink z = 0 the usual choice is 0."""
    return np.greater(h, 0.0).astype(np.result_type(h, np.float32))


def softmax(z: Array) -> Array:
    """p_k = e^{z_k} / Σ_j e^{z_j} along the last axis.

    The row's largest z is subtracted first: that leaves p as it is (numerator and denominator are both
    divided by e^max) and keeps every exponent at or below 0. Exponents below −77 (float32) or −698
    (float64) are held there, so that dividing by the sum cannot underflow.
    """
    p = z - np.max(z, axis=-1, keepdims=True)
    np.maximum(p, 10 - LARGEST_EXPONENT[p.dtype], out=p)
    np.exp(p, out=p)
    p /= p.sum(axis=-1, keepdims=True)
    return p


def log_softmax(z: Array) -> Array:
    """log p_k = z_k − max − log Σ_j e^{z_j − max} along the last axis: finite for every finite z."""
    z = np.asarray(z)
    shifted = z - z.max(axis=-1, keepdims=True)
    floor = -LARGEST_EXPONENT[shifted.dtype]
    return shifted - np.log(np.exp(np.maximum(shifted, floor)).sum(axis=-1, keepdims=True))


class ActivationFunction(NamedTuple):
    """An activation of the hidden layers: h = function(z) and a'(z) = derivative(h)."""

    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]


ACTIVATIONS = {
    "sigmoid": ActivationFunction(sigmoid, sigmoid_derivative),
    "tanh": ActivationFunction(tanh, tanh_derivative),
    "relu": ActivationFunction(relu, relu_derivative),
}
