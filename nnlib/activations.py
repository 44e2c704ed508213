"""Activation functions a(z) and their derivatives, written in terms of the output h = a(z).

Every function works element by element on arrays of any shape, in the precision it is given, and
writes into `out` where that is passed, so that training allocates nothing.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlib.notation import Array


def _result(z: Array, out: Array | None) -> Array:
    """`out`, or a new floating-point array shaped like z."""
    if out is not None:
        return out
    return np.empty_like(z, dtype=np.result_type(z, np.float32))


def _largest_exponent(dtype: np.dtype) -> float:
    """The largest whole x for which neither e^x nor e^-x leaves the range of `dtype`: 87 or 708."""
    return float(np.floor(-np.log(np.finfo(dtype).tiny)))


LARGEST_EXPONENT = {np.dtype(t): _largest_exponent(np.dtype(t)) for t in (np.float32, np.float64)}


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """σ(z) = 1 / (1 + e^-z), book eq. 23.14.

    Beyond ±87 (float32) or ±708 (float64) z is held there: e^-z would overflow or underflow, and the
    result differs from 0 or 1 by less than the smallest normal number either way.
    """
    z = np.asarray(z)
    out = _result(z, out)
    limit = LARGEST_EXPONENT[out.dtype]
    np.negative(z, out=out)
    np.clip(out, -limit, limit, out=out)
    np.exp(out, out=out)
    np.add(out, 1.0, out=out)
    return np.reciprocal(out, out=out)


def sigmoid_derivative(h: Array, out: Array | None = None) -> Array:
    """σ'(z) = h (1 − h) with h = σ(z): from dσ/dz = e^-z / (1 + e^-z)² = σ(z) (1 − σ(z))."""
    h = np.asarray(h)
    out = _result(h, out)
    np.subtract(1.0, h, out=out)
    return np.multiply(out, h, out=out)


def tanh(z: Array, out: Array | None = None) -> Array:
    """tanh(z) = 2 σ(2z) − 1, a sigmoid stretched to (−1, 1)."""
    z = np.asarray(z)
    return np.tanh(z, out=_result(z, out))


def tanh_derivative(h: Array, out: Array | None = None) -> Array:
    """tanh'(z) = 1 − h² with h = tanh(z)."""
    h = np.asarray(h)
    out = _result(h, out)
    np.multiply(h, h, out=out)
    return np.subtract(1.0, out, out=out)


def relu(z: Array, out: Array | None = None) -> Array:
    """ReLU(z) = max(z, 0)."""
    z = np.asarray(z)
    return np.maximum(z, 0.0, out=_result(z, out))


def relu_derivative(h: Array, out: Array | None = None) -> Array:
    """ReLU'(z) = 1 where z > 0, else 0; at the kink z = 0 the usual choice is 0."""
    h = np.asarray(h)
    return np.greater(h, 0.0, out=_result(h, out), casting="unsafe")


def softmax(z: Array, out: Array | None = None) -> Array:
    """p_k = e^{z_k} / Σ_j e^{z_j} along the last axis.

    The row's largest z is subtracted first: that leaves p as it is (numerator and denominator are both
    divided by e^max) and keeps every exponent at or below 0. Exponents below −77 (float32) or −698
    (float64) are held there, so that dividing by the sum cannot underflow.
    """
    z = np.asarray(z)
    out = _result(z, out)
    np.subtract(z, z.max(axis=-1, keepdims=True), out=out)
    np.maximum(out, 10 - LARGEST_EXPONENT[out.dtype], out=out)
    np.exp(out, out=out)
    return np.divide(out, out.sum(axis=-1, keepdims=True), out=out)


def log_softmax(z: Array) -> Array:
    """log p_k = z_k − max − log Σ_j e^{z_j − max} along the last axis: finite for every finite z."""
    z = np.asarray(z)
    shifted = z - z.max(axis=-1, keepdims=True)
    floor = -LARGEST_EXPONENT[shifted.dtype]
    return shifted - np.log(np.exp(np.maximum(shifted, floor)).sum(axis=-1, keepdims=True))


class Activation(NamedTuple):
    """An activation of the hidden layers: h = function(z) and a'(z) = derivative(h)."""

    function: Callable[..., Array]
    derivative: Callable[..., Array]


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_derivative),
    "tanh": Activation(tanh, tanh_derivative),
    "relu": Activation(relu, relu_derivative),
}
