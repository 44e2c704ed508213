"""The parts a network is built from; each knows its way forward and its way back.

Forward, a layer turns the rows it is given into the rows of the next. Backward, it is given ∂L/∂(its
output) and returns ∂L/∂(its input), both per sample. What a layer writes it keeps and writes over in the
next pass: work arrays are made once for each batch size, since in small networks making them costs more
than filling them.
"""

from collections.abc import Sequence

import numpy as np
from scipy.linalg import get_blas_funcs

from nnlib.activations import ACTIVATIONS, Array


class Dense:
    """Fully connected layer: Z = H W + b, the book's z = Wᵀ h + b with samples as rows.

    Parameters
    ----------
    W : (fan_in, fan_out)
    b : (fan_out,)

    Both are used in place: they may be views into a longer vector of parameters.
    """

    def __init__(self, W: Array, b: Array) -> None:
        self.W, self.b = W, b
        # BLAS itself does "C ← keep·C + scale·A B" without a temporary: gemm on matrices, gemv on a vector.
        self._gemm, self._gemv = get_blas_funcs(("gemm", "gemv"), dtype=W.dtype)
        self._work: dict[int, tuple[Array, Array, Array]] = {}

    @property
    def parameters(self) -> tuple[Array, ...]:
        """W and b, in this order."""
        return self.W, self.b

    def forward(self, H: Array) -> Array:
        """(n, fan_in) outputs of the layer before to (n, fan_out) net inputs."""
        n = len(H)
        if n not in self._work:
            dtype, (fan_in, fan_out) = self.W.dtype, self.W.shape
            self._work[n] = (np.empty((n, fan_out), dtype), np.empty((n, fan_in), dtype), np.ones(n, dtype))
        self.H, (self.Z, self._dH, self._ones) = H, self._work[n]
        np.matmul(H, self.W, out=self.Z)  # (n, fan_in) @ (fan_in, fan_out)
        self.Z += self.b
        return self.Z

    def backward(self, delta: Array, to_input: bool = True) -> Array:
        """Keep δ = ∂L/∂Z, (n, fan_out); return ∂L/∂H = δ Wᵀ, (n, fan_in).

        The first layer of a network has nobody to send its ∂L/∂H to: with `to_input` false it is not computed.
        """
        self.delta = delta
        return np.matmul(delta, self.W.T, out=self._dH) if to_input else delta

    def add_gradients(self, targets: Sequence[Array], scale: float, keep: float) -> None:
        """targets ← keep · targets + scale · (∇W, ∇b), summed over the n samples, book Algorithm 23.3.

        ∇W = Hᵀ δ and ∇b = Σ_i δ_i. With the parameters themselves as targets, scale −η/n and keep 1
        this is the gradient step W ← W − η ∇W in one call.
        """
        to_W, to_b = targets
        # BLAS counts by columns, NumPy by rows: a row-major C is BLAS's Cᵀ, and (Hᵀ δ)ᵀ = δᵀ H.
        self._gemm(scale, self.delta.T, self.H.T, keep, to_W.T, trans_b=True, overwrite_c=True)
        self._gemv(scale, self.delta.T, self._ones, keep, to_b, overwrite_y=True)


class Activation:
    """Element-wise activation h = a(z); backward, ∂L/∂z = ∂L/∂h ⊙ a'(z), the ⊙ of Algorithm 23.3.

    Parameters
    ----------
    name : one of `nnlib.activations.ACTIVATIONS`
    """

    parameters: tuple[Array, ...] = ()

    def __init__(self, name: str) -> None:
        self.name = name
        self._function, self._derivative = ACTIVATIONS[name]
        self._work: dict[int, tuple[Array, Array]] = {}

    def forward(self, Z: Array) -> Array:
        """(n, m) net inputs to (n, m) outputs."""
        n = len(Z)
        if n not in self._work:
            self._work[n] = (np.empty_like(Z), np.empty_like(Z))
        self.H, self._slope = self._work[n]
        return self._function(Z, out=self.H)

    def backward(self, dH: Array) -> Array:
        """(n, m) ∂L/∂h to (n, m) ∂L/∂z, in place."""
        dH *= self._derivative(self.H, out=self._slope)
        return dH
