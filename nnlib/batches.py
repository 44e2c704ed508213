"""Training rows in mini-batches, and the network as the trainer works on it: nothing here changes a result.

Most pixels of a digit are 0. Inputs stand in the order of their use, so each row is 0 from some input on: its
`reach` says how many inputs hold all that is not 0. Within a batch the rows stand by ascending reach, in blocks;
what a block does not reach is left out of the products Z = H W and Hᵀ δ, to which it would have added 0.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.linalg import get_blas_funcs

from nnlib.datasets import Dataset
from nnlib.layers import Dense
from nnlib.network import Network
from nnlib.notation import Array

BLOCK_ROWS = 48  # multiplied at a time: fewer would leave out more, but take more calls
GATHERED_ROWS = 64  # fetched at a time: small batches are cut from what was fetched for several

Blocks = Sequence[tuple[slice, int]]  # rows, and the number of inputs they reach


class Batch(NamedTuple):
    """One mini-batch.

    Attributes
    ----------
    X : (n, k) inputs as far as the last row reaches, unscaled
    Y : (n, l) labels
    blocks : of up to `BLOCK_ROWS` rows, each with the reach of its last row, which is the furthest
    """

    X: Array
    Y: Array
    blocks: Blocks


class Batches:
    """The training rows of a dataset, each epoch in a fresh random order or in their own, in batches of one size.

    Parameters
    ----------
    data : only its training rows are used
    size : rows of a batch; the last one of an epoch may be short
    dtype : of the inputs handed out
    rng : draws the order of each epoch; None for the rows' own

    Attributes
    ----------
    epoch : the one at hand; −1 before the first
    order : its rows, batch after batch
    """

    def __init__(self, data: Dataset, size: int, dtype: np.dtype, rng: np.random.Generator | None) -> None:
        self._data, self._size, self._rng = data, size, rng
        self.epoch, self._first = -1, 0
        self._gathered: list[Batch] = []  # from batch `_first` of the epoch on, in the arrays that follow
        rows, inputs = max(GATHERED_ROWS // size, 1) * size, data.X_active.shape[1]
        self._raw = np.empty((rows, inputs), data.X_active.dtype)
        self._X = self._raw if self._raw.dtype == dtype else np.empty((rows, inputs), dtype)
        self._Y = np.empty((rows, data.Y_train.shape[1]), data.Y_train.dtype)
        self.order = np.empty(0, int)

    def get(self, epoch: int, index: int) -> Batch:
        """Batch `index` of an epoch, the one last asked for or the next; good until another is asked for."""
        if epoch != self.epoch:
            n = len(self._data.reach)
            self.resume(epoch, np.arange(n) if self._rng is None else self._rng.permutation(n))
        if not 0 <= index - self._first < len(self._gathered):
            self._first = index
            self._gathered = self._gather(self.order[index * self._size :][: len(self._X)])
        return self._gathered[index - self._first]

    def resume(self, epoch: int, order: Array) -> None:
        """Go on in an epoch whose order was drawn before; within its batches it need not be kept."""
        self.epoch, self.order, self._gathered = epoch, self._in_batches(order), []

    def dealt(self, count: int, of: int) -> Iterator[Batch]:
        """The first `count` of `of` batches to which the rows are dealt in their own order, like cards."""
        reach, self._gathered = self._data.reach, []
        for k in range(count):
            rows = np.arange(k, len(reach), of)[: self._size]
            yield from self._gather(rows[np.argsort(reach[rows], kind="stable")])

    def _in_batches(self, order: Array) -> Array:
        """The rows in this order, cut into batches; within each batch by ascending reach.

        The order within a batch does not matter to its gradient.
        """
        reach = self._data.reach
        whole = len(order) // self._size * self._size
        batches = order[:whole].reshape(-1, self._size)
        batches = np.take_along_axis(batches, np.argsort(reach[batches], axis=1, kind="stable"), axis=1)
        last = order[whole:]
        return np.concatenate([batches.reshape(-1), last[np.argsort(reach[last], kind="stable")]])

    def _gather(self, rows: Array) -> list[Batch]:
        """The batches these rows make, each row in its place."""
        X, Y, reach = self._X[: len(rows)], self._Y[: len(rows)], self._data.reach[rows].tolist()
        # mode "clip" writes straight into out, without a copy in between; the rows are in range.
        self._data.X_active.take(rows, axis=0, out=self._raw[: len(rows)], mode="clip")
        self._data.Y_train.take(rows, axis=0, out=Y, mode="clip")
        if self._X is not self._raw:
            np.copyto(X, self._raw[: len(rows)])
        batches = []
        for start in range(0, len(rows), self._size):
            stop = min(start + self._size, len(rows))
            ends = [*range(start + BLOCK_ROWS, stop, BLOCK_ROWS), stop]
            blocks = [
                (slice(begin - start, end - start), reach[end - 1])
                for begin, end in zip([start, *ends], ends, strict=False)
            ]
            batches.append(Batch(X[start:stop, : reach[stop - 1]], Y[start:stop], blocks))
        return batches


class InPlaceDense(Dense):
    """`Dense` for training fast: BLAS adds the gradients to their targets without a matrix in between.

    Attributes
    ----------
    l2 : λ of the penalty ½ λ Σ w², a part of the loss summed over the n samples; 0 is none
    """

    def __init__(self, W: Array, b: Array) -> None:
        super().__init__(W, b)
        self.l2 = 0.0
        self._gemm, self._gemv, self._axpy = get_blas_funcs(("gemm", "gemv", "axpy"), dtype=W.dtype)
        self._ones = np.ones(0, W.dtype)

    def forward(self, H: Array, training: bool = True) -> Array:
        """As `Dense`."""
        self.H, self.Z = H, H.dot(self.W)  # on small matrices `dot` is quicker than @
        self.Z += self.b
        return self.Z

    def backward(self, delta: Array) -> Array:
        """As `Dense`."""
        self.delta = delta
        return delta.dot(self.W.T)

    def add_gradients(self, targets: Sequence[Array], scale: float) -> None:
        """As `Dense`, and scale · λ W, which is of the penalty."""
        to_W, to_b = targets
        if self.l2:
            self._add_penalty(to_W, scale)
        self._add_product(self.H, self.delta, to_W, scale)
        self._add_sums(to_b, scale)

    def _add_penalty(self, to_W: Array, scale: float) -> None:
        """to_W ← to_W + scale · λ W, before anything else is added: `to_W` may be W itself."""
        self._axpy(self.W.reshape(-1), to_W.reshape(-1), a=scale * self.l2)

    # BLAS counts by columns, NumPy by rows: a row-major C is BLAS's Cᵀ, and (Hᵀ δ)ᵀ = δᵀ H. Its arguments go by
    # position, since matching them by name takes longer than a small product.

    def _add_product(self, H: Array, delta: Array, to_W: Array, scale: float) -> None:
        """to_W ← to_W + scale · Hᵀ δ: gemm's C ← C + scale · A Bᵀ (trans_a, trans_b, overwrite_c)."""
        self._gemm(scale, delta.T, H.T, 1.0, to_W.T, 0, 1, 1)

    def _add_sums(self, to_b: Array, scale: float) -> None:
        """to_b ← to_b + scale · Σᵢ δᵢ: gemv's y ← y + scale · A x (offx, incx, offy, incy, trans, overwrite_y)."""
        if len(self._ones) != len(self.delta):
            self._ones = np.ones(len(self.delta), self._ones.dtype)
        self._gemv(scale, self.delta.T, self._ones, 1.0, to_b, 0, 1, 0, 1, 0, 1)


class PixelDense(InPlaceDense):
    """The first layer of a network that learns from pixels, whole numbers most of which are 0.

    It is given `blocks` before each pass. Z and ∇W, being linear in H, are scaled instead of H: they are smaller.
    Nobody asks for its ∂L/∂H, so there is none.
    """

    def __init__(self, W: Array, b: Array, input_scale: float) -> None:
        super().__init__(W, b)
        self.input_scale = input_scale
        self.blocks: Blocks = []

    def forward(self, H: Array, training: bool = True) -> Array:
        """(n, k) unscaled inputs, as far as they reach, to (n, fan_out) net inputs."""
        self.H, self.Z = H, np.empty((len(H), len(self.b)), self.W.dtype)
        for rows, inputs in self.blocks:
            np.dot(H[rows, :inputs], self.W[:inputs], out=self.Z[rows])
        if self.input_scale != 1.0:
            self.Z *= self.input_scale
        self.Z += self.b
        return self.Z

    def infer(self, H: Array) -> Array:
        """As `Dense`, of unscaled inputs."""
        return self.input_scale * (H @ self.W) + self.b

    def backward(self, delta: Array) -> Array:
        """Remember δ."""
        self.delta = delta
        return delta

    def add_gradients(self, targets: Sequence[Array], scale: float) -> None:
        """As `InPlaceDense`, of the scaled inputs."""
        to_W, to_b = targets
        if self.l2:
            self._add_penalty(to_W, scale)
        for rows, inputs in self.blocks:
            self._add_product(self.H[rows, :inputs], self.delta[rows], to_W[:inputs], scale * self.input_scale)
        self._add_sums(to_b, scale)


def working_copy(
    network: Network, inputs: int, input_scale: float, masks: np.random.Generator
) -> tuple[Network, PixelDense]:
    """A network built like this one for so many inputs, all parameters 0, and its first layer.

    `masks` is for the masks of dropout.
    """
    sizes = (inputs, *network.sizes[1:])
    working = Network(**{**network.architecture, "sizes": sizes}, parameters=0.0, random_state=masks)
    working.layers = [
        InPlaceDense(layer.W, layer.b) if isinstance(layer, Dense) else layer for layer in working.layers
    ]
    working.layers[0] = first = PixelDense(working.dense[0].W, working.dense[0].b, input_scale)
    return working, first
