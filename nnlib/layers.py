"""The parts a network is built from; each knows its way forward and its way back.

Forward, a layer turns the rows it is given into the rows of the next: `forward` while training, `infer` when
predicting. They differ only for `BatchNorm` and `Dropout`. Backward, a layer is given ∂L/∂(its output) and
returns ∂L/∂(its input) for the pass that came last; L is summed over the rows, the average is taken later.
What a layer writes it keeps and writes over in the next pass: work arrays are made once for each batch size,
since in small networks making them costs more than filling them.
"""

from collections.abc import Sequence

import numpy as np
from scipy.linalg import get_blas_funcs

from nnlib.activations import ACTIVATIONS
from nnlib.notation import Array
from nnlib.validation import check_flag, check_integer, check_number, check_random_state

# Rows multiplied at a time where rows reach differently far: fewer would leave out more, but take more calls.
BLOCK_ROWS = 48

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

    infer = forward

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

    infer = forward

    def backward(self, dH: Array) -> Array:
        """(n, m) ∂L/∂h to (n, m) ∂L/∂z, in place."""
        dH *= self._derivative(self.H, out=self._slope)
        return dH


class BatchNorm:
    """Batch normalisation of the net inputs z of a hidden layer, neuron by neuron (book eqs. 23.59 to 23.61).

    Over the n samples of a batch: u = Σ z / n, σ² = Σ (z − u)² / (n − ddof), z̄ = (z − u) / √(σ² + ε) and
    z̃ = γ z̄ + β. When predicting, fixed `mean` and `variance` stand in for u and σ² (Algorithm 23.4).

    Parameters
    ----------
    gamma, beta : (m,) γ and β, used in place: they may be views into a longer vector of parameters
    epsilon : ε ≥ 0
    ddof : 1 for the book's divisor n − 1, 0 for n, as PyTorch and Keras normalise a batch. They predict with
        moving averages, PyTorch with one of the variance that is divided by n − 1

    Attributes
    ----------
    mean, variance : (m,) of inference; 0 and 1 until somebody sets them
    u, batch_variance : (m,) of the last batch
    Z_bar : (n, m) z̄ of the last pass
    dgamma, dbeta : (m,) ∂L/∂γ and ∂L/∂β of the last backward pass, summed over the n samples
    """

    def __init__(self, gamma: Array, beta: Array, epsilon: float = 1e-5, ddof: int = 1) -> None:
        self.gamma, self.beta = gamma, beta
        self.epsilon = check_number("epsilon", epsilon, 0.0, np.inf)
        self.ddof = check_integer("ddof", ddof, 0, 1)
        self.mean, self.variance = np.zeros_like(gamma), np.ones_like(gamma)
        self.u, self.batch_variance = np.zeros_like(gamma), np.ones_like(gamma)
        self.dgamma, self.dbeta = np.zeros_like(gamma), np.zeros_like(gamma)
        self._work: dict[int, tuple[Array, Array, Array]] = {}

    @property
    def parameters(self) -> tuple[Array, ...]:
        """γ and β, in this order."""
        return self.gamma, self.beta

    def forward(self, Z: Array) -> Array:
        """(n, m) net inputs z to (n, m) z̃, with the mean and variance of these n rows.

        Raises ValueError if n − ddof is not positive: one sample has no variance with the divisor n − 1.
        """
        n = len(Z)
        if n <= self.ddof:
            raise ValueError(
                f"batch normalisation with divisor n − {self.ddof} needs batches of at least {self.ddof + 1} "
                f"samples, got {n}"
            )
        self._allocate(Z)
        np.dot(self._ones, Z, out=self.u)
        self.u /= n
        np.subtract(Z, self.u, out=self.Z_bar)
        np.multiply(self.Z_bar, self.Z_bar, out=self._scratch)
        np.dot(self._ones, self._scratch, out=self.batch_variance)
        self.batch_variance /= n - self.ddof
        self._constant_statistics = False
        return self._scale(self.batch_variance)

    def infer(self, Z: Array) -> Array:
        """(n, m) net inputs z to (n, m) z̃, with the fixed `mean` and `variance`."""
        self._allocate(Z)
        np.subtract(Z, self.mean, out=self.Z_bar)
        self._constant_statistics = True
        return self._scale(self.variance)

    def _allocate(self, Z: Array) -> None:
        n = len(Z)
        if n not in self._work:
            self._work[n] = (np.empty_like(Z), np.empty_like(Z), np.ones(n, Z.dtype))
        self.Z_bar, self._scratch, self._ones = self._work[n]

    def _scale(self, variance: Array) -> Array:
        """z̃ from the z − u that `Z_bar` holds; `Z_bar` then holds z̄."""
        self._per_deviation = 1 / np.sqrt(variance + self.epsilon)  # (m,) 1/√(σ² + ε)
        self.Z_bar *= self._per_deviation
        np.multiply(self.Z_bar, self.gamma, out=self._scratch)
        self._scratch += self.beta
        return self._scratch

    def backward(self, dZ_tilde: Array) -> Array:
        """(n, m) ∂L/∂z̃ to (n, m) ∂L/∂z, in place; the answer to exercise 23.6.

        Write r = 1/√(σ² + ε). From dz̄ = γ dz̃ the two statistics receive du = −r Σ dz̄ and
        dσ² = −½ r³ Σ dz̄ (z − u) = −½ r² Σ dz̄ z̄. Each z_j acts through z̄_j, u and σ²:

            dz_j = r dz̄_j + du/n + dσ² · 2 (z_j − u)/(n − ddof)
                 = r (dz̄_j − Σ dz̄ / n − z̄_j Σ dz̄ z̄ / (n − ddof))
                 = γ r (dz̃_j − dβ/n − z̄_j dγ/(n − ddof)),   as dβ = Σ dz̃ and dγ = Σ dz̃ z̄.

        With fixed statistics only the first term is there.
        """
        n = len(dZ_tilde)
        np.multiply(dZ_tilde, self.Z_bar, out=self._scratch)
        np.dot(self._ones, self._scratch, out=self.dgamma)
        np.dot(self._ones, dZ_tilde, out=self.dbeta)
        if not self._constant_statistics:
            np.multiply(self.Z_bar, self.dgamma / (n - self.ddof), out=self._scratch)
            dZ_tilde -= self._scratch
            dZ_tilde -= self.dbeta / n
        dZ_tilde *= self.gamma * self._per_deviation
        return dZ_tilde

    def add_gradients(self, targets: Sequence[Array], scale: float) -> None:
        """targets ← targets + scale · (∂L/∂γ, ∂L/∂β), summed over the n samples."""
        to_gamma, to_beta = targets
        to_gamma += scale * self.dgamma
        to_beta += scale * self.dbeta


class Dropout:
    """Dropout of a hidden layer's outputs h: a mask d keeps each neuron with probability p (eq. 23.69).

    Plain: h̃ = d ⊙ h while training (23.69) and p h when predicting (23.71). Inverted: d ⊙ h / p while
    training (23.72) and h when predicting. Either way the training pass is, on average, what prediction does.

    Parameters
    ----------
    keep_prob : p in (0, 1]; PyTorch and Keras ask for 1 − p, the probability to drop
    inverted : whether to divide by p while training
    random_state : int, numpy.random.Generator or None, for the masks: a fresh one in each training pass
    """

    parameters: tuple[Array, ...] = ()

    def __init__(
        self, keep_prob: float, inverted: bool = True, random_state: int | np.random.Generator | None = None
    ) -> None:
        self.keep_prob = check_number("keep_prob", keep_prob, 0.0, 1.0, low_included=False)
        self.inverted = check_flag("inverted", inverted)
        self.rng = check_random_state(random_state)
        self._inference_factor: float | None = None  # None after a training pass
        self._work: dict[int, tuple[Array, Array, Array]] = {}

    @property
    def mask(self) -> Array:
        """d of the last training pass, (n, m) of 0 and 1."""
        return (self._factor != 0).astype(self._factor.dtype)

    def forward(self, H: Array) -> Array:
        """(n, m) outputs h to (n, m) h̃, under a fresh mask."""
        n = len(H)
        if n not in self._work:
            self._work[n] = (np.empty_like(H), np.empty_like(H), np.empty(H.shape, bool))
        self._factor, self._H, kept = self._work[n]
        self.rng.random(out=self._factor, dtype=H.dtype.type)
        np.less(self._factor, self.keep_prob, out=kept)
        np.multiply(kept, H.dtype.type(1 / self.keep_prob if self.inverted else 1), out=self._factor)
        self._inference_factor = None
        return np.multiply(H, self._factor, out=self._H)

    def infer(self, H: Array) -> Array:
        """(n, m) outputs h to p h in the plain form (23.71), to h itself in the inverted one."""
        self._inference_factor = 1.0 if self.inverted else self.keep_prob
        return H if self.inverted else np.multiply(H, H.dtype.type(self.keep_prob))

    def backward(self, dH: Array) -> Array:
        """(n, m) ∂L/∂h̃ to (n, m) ∂L/∂h, in place: through the same mask, δ̃ = d ⊙ δ (eq. 23.70)."""
        dH *= self._factor if self._inference_factor is None else self._inference_factor
        return dH
