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

BLOCK_ROWS = 16  # rows multiplied at a time where rows reach differently far; OpenBLAS is quick at this size

Blocks = Sequence[tuple[slice, int]]


def row_blocks(reach: Array) -> Blocks:
    """Blocks of up to `BLOCK_ROWS` rows, each with the reach of its last row, which is the furthest.

    Parameters
    ----------
    reach : (n,) for each row the number of leading inputs that hold all of it that is not 0; ascending

    Most pixels of a digit are 0. With inputs in the order of their use, what a block does not reach can be
    left out of the products Z = H W and Hᵀ δ: it would have added 0.
    """
    stops = [*range(BLOCK_ROWS, len(reach), BLOCK_ROWS), len(reach)]
    return [(slice(max(stop - 1, 0) // BLOCK_ROWS * BLOCK_ROWS, stop), int(reach[stop - 1])) for stop in stops]


class Dense:
    """Fully connected layer: Z = H W + b, the book's z = Wᵀ h + b with samples as rows.

    Parameters
    ----------
    W : (fan_in, fan_out)
    b : (fan_out,)
    input_scale : the layer's input is input_scale · H, as with pixels from 0 to 255; Z and ∇W, being linear
        in H, are scaled instead, since they are smaller

    W and b are used in place: they may be views into a longer vector of parameters.
    """

    def __init__(self, W: Array, b: Array, input_scale: float = 1.0) -> None:
        self.W, self.b, self.input_scale = W, b, input_scale
        # BLAS itself does "C ← C + scale·A B" without a temporary: gemm on matrices, gemv on a vector.
        self._gemm, self._gemv = get_blas_funcs(("gemm", "gemv"), dtype=W.dtype)
        self._work: dict[int, tuple[Array, Array, Array]] = {}

    @property
    def parameters(self) -> tuple[Array, ...]:
        """W and b, in this order."""
        return self.W, self.b

    def forward(self, H: Array, blocks: Blocks | None = None) -> Array:
        """(n, fan_in) outputs of the layer before to (n, fan_out) net inputs; for `blocks` see `row_blocks`."""
        n = len(H)
        if n not in self._work:
            dtype, (fan_in, fan_out) = self.W.dtype, self.W.shape
            self._work[n] = (np.empty((n, fan_out), dtype), np.empty((n, fan_in), dtype), np.ones(n, dtype))
        self.H, (self.Z, self._dH, self._ones) = H, self._work[n]
        self._blocks = blocks
        if blocks is None:
            np.matmul(H, self.W, out=self.Z)  # (n, fan_in) @ (fan_in, fan_out)
        else:
            for rows, inputs in blocks:
                np.matmul(H[rows, :inputs], self.W[:inputs], out=self.Z[rows])
        if self.input_scale != 1.0:
            self.Z *= self.input_scale
        self.Z += self.b
        return self.Z

    def backward(self, delta: Array, to_input: bool = True) -> Array:
        """Keep δ = ∂L/∂Z, (n, fan_out); return ∂L/∂H = δ Wᵀ, (n, fan_in).

        The first layer has nobody to send its ∂L/∂H to: with `to_input` false it is not computed.
        """
        self.delta = delta
        return np.matmul(delta, self.W.T, out=self._dH) if to_input else delta

    def add_gradients(self, targets: Sequence[Array], scale: float) -> None:
        """targets ← targets + scale · (∇W, ∇b), summed over the n samples, as in book Algorithm 23.3.

        ∇W = Hᵀ δ and ∇b = Σ_i δ_i. With W and b themselves as targets and scale −η/n this is the gradient
        step W ← W − η ∇W.
        """
        to_W, to_b = targets
        # BLAS counts by columns, NumPy by rows: a row-major C is BLAS's Cᵀ, and (Hᵀ δ)ᵀ = δᵀ H.
        for rows, inputs in self._blocks or [(slice(None), len(to_W))]:
            A, B, C = self.delta[rows].T, self.H[rows, :inputs].T, to_W[:inputs].T
            # C ← C + scale · A Bᵀ
            self._gemm(scale * self.input_scale, A, B, 1.0, C, trans_b=True, overwrite_c=True)
        self._gemv(scale, self.delta.T, self._ones, 1.0, to_b, overwrite_y=True)


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
