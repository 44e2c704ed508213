"""The parts a network is built from; each knows its way forward and its way back.

Rows are samples. The book writes one sample as a column: its Wᵀ h, δ hᵀ and W δ are H W, Hᵀ δ and δ Wᵀ here.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.notation import Array
from nnlib.validation import check_flag, check_integer, check_number, check_random_state


class Layer(Protocol):
    """What a network asks of each of its parts. L is the loss summed over the n samples, to be averaged later."""

    @property
    def parameters(self) -> Sequence[Array]:
        """The arrays that training moves, such as W and b; they may be views into a longer vector."""

    def infer(self, H: Array, /) -> Array:
        """(n, m) outputs of the layer before to those of this layer, as in prediction. Remembers nothing."""

    def forward(self, H: Array, /, training: bool = True) -> Array:
        """The same, remembering what `backward` will need; a training pass where `training`, else as `infer`."""

    def backward(self, dH: Array, /) -> Array:
        """∂L/∂(what the last `forward` returned) to ∂L/∂(what it was given)."""

    def add_gradients(self, targets: Sequence[Array], scale: float) -> None:
        """targets ← targets + scale · ∂L/∂parameters, after `backward`."""


class Dense:
    """Fully connected layer: z = Wᵀ h + b for each sample, and its part of back-propagation (Algorithm 23.3).

    Parameters
    ----------
    W : (fan_in, fan_out)
    b : (fan_out,)

    Attributes
    ----------
    H, Z, delta : h⁽ᵗ⁻¹⁾, (n, fan_in), z⁽ᵗ⁾ and δ⁽ᵗ⁾ = ∂L/∂z⁽ᵗ⁾, (n, fan_out), of the last pass
    """

    def __init__(self, W: Array, b: Array) -> None:
        self.W, self.b = W, b

    @property
    def parameters(self) -> Sequence[Array]:
        """W and b, in this order."""
        return self.W, self.b

    def infer(self, H: Array) -> Array:
        """z⁽ᵗ⁾ = W⁽ᵗ⁾ᵀ h⁽ᵗ⁻¹⁾ + b⁽ᵗ⁾, step 1 of Algorithm 23.3: (n, fan_in) to (n, fan_out)."""
        return H @ self.W + self.b

    def forward(self, H: Array, training: bool = True) -> Array:
        """As `infer`, remembering H and Z."""
        self.H, self.Z = H, self.infer(H)
        return self.Z

    def backward(self, delta: Array) -> Array:
        """Remember δ⁽ᵗ⁾, (n, fan_out); send back ∂L/∂h⁽ᵗ⁻¹⁾ = W⁽ᵗ⁾ δ⁽ᵗ⁾, (n, fan_in)."""
        self.delta = delta
        return delta @ self.W.T

    def add_gradients(self, targets: Sequence[Array], scale: float) -> None:
        """Add scale · ∇W = scale · Σᵢ h⁽ᵗ⁻¹⁾ δ⁽ᵗ⁾ᵀ and scale · ∇b = scale · Σᵢ δ⁽ᵗ⁾, step 2 of Algorithm 23.3.

        By the chain rule ∂L/∂w_jk = Σᵢ ∂L/∂z_ik · ∂z_ik/∂w_jk = Σᵢ δ_ik h_ij, and ∂z_ik/∂b_k = 1.
        """
        dW = self.H.T @ self.delta  # (fan_in, n) @ (n, fan_out)
        db = self.delta.sum(axis=0)
        to_W, to_b = targets
        to_W += scale * dW
        to_b += scale * db


class Activation:
    """Element-wise activation h = a(z).

    Parameters
    ----------
    name : one of `nnlib.activations.ACTIVATIONS`

    Attributes
    ----------
    H : (n, m) outputs of the last pass
    """

    parameters: Sequence[Array] = ()

    def __init__(self, name: str) -> None:
        self.name = name
        self._function, self._derivative = ACTIVATIONS[name]

    def infer(self, Z: Array) -> Array:
        """h = a(z)."""
        return self._function(Z)

    def forward(self, Z: Array, training: bool = True) -> Array:
        """As `infer`, remembering H."""
        self.H = self._function(Z)
        return self.H

    def backward(self, dH: Array) -> Array:
        """∂L/∂z = a'(z) ⊙ ∂L/∂h, the ⊙ of Algorithm 23.3."""
        return self._derivative(self.H) * dH

    def add_gradients(self, targets: Sequence[Array], scale: float) -> None:
        """Nothing: an activation has no parameters."""


class BatchNorm:
    """Batch normalisation of the net inputs z of a hidden layer, neuron by neuron (book eqs. 23.59 to 23.61).

    Over the n samples of a batch: u = Σ z / n, σ² = Σ (z − u)² / (n − ddof), z̄ = (z − u) / √(σ² + ε) and
    z̃ = γ z̄ + β. When predicting, fixed `mean` and `variance` stand in for u and σ² (Algorithm 23.4).

    Parameters
    ----------
    gamma, beta : (m,) γ and β
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

    def __init__(self, gamma: Array, beta: Array, *, epsilon: float = 1e-5, ddof: int = 1) -> None:
        self.gamma, self.beta = gamma, beta
        self.epsilon = check_number("epsilon", epsilon, 0.0, np.inf)
        self.ddof = check_integer("ddof", ddof, 0, 1)
        self.mean, self.variance = np.zeros_like(gamma), np.ones_like(gamma)
        self.u, self.batch_variance = np.zeros_like(gamma), np.ones_like(gamma)

    @property
    def parameters(self) -> Sequence[Array]:
        """γ and β, in this order."""
        return self.gamma, self.beta

    def infer(self, Z: Array) -> Array:
        """(n, m) net inputs z to (n, m) z̃, with the fixed `mean` and `variance`."""
        return self.gamma * ((Z - self.mean) * self._per_deviation(self.variance)) + self.beta

    def forward(self, Z: Array, training: bool = True) -> Array:
        """(n, m) net inputs z to (n, m) z̃, with the mean and variance of these n rows, or the fixed ones.

        Raises ValueError in training if n − ddof is not positive: one sample has no variance with divisor n − 1.
        """
        n = len(Z)
        self._fixed = not training
        if self._fixed:
            centred, variance = Z - self.mean, self.variance
        elif n > self.ddof:
            self.u = _sums(Z) / n  # (23.59)
            centred = Z - self.u
            variance = self.batch_variance = _sums(centred * centred) / (n - self.ddof)  # (23.60)
        else:
            raise ValueError(
                f"batch normalisation with divisor n − {self.ddof} needs batches of at least {self.ddof + 1} "
                f"samples, got {n}"
            )
        self._r = self._per_deviation(variance)
        self.Z_bar = centred * self._r  # (23.61)
        return self.gamma * self.Z_bar + self.beta

    def _per_deviation(self, variance: Array) -> Array:
        return np.asarray(1 / np.sqrt(variance + self.epsilon))

    def backward(self, dZ_tilde: Array) -> Array:
        """(n, m) ∂L/∂z̃ to (n, m) ∂L/∂z; the answer to exercise 23.6.

        Write r = 1/√(σ² + ε). From dz̄ = γ dz̃ the two statistics receive du = −r Σ dz̄ and
        dσ² = −½ r³ Σ dz̄ (z − u) = −½ r² Σ dz̄ z̄. Each z_j acts through z̄_j, u and σ²:

            dz_j = r dz̄_j + du/n + dσ² · 2 (z_j − u)/(n − ddof)
                 = r (dz̄_j − Σ dz̄ / n − z̄_j Σ dz̄ z̄ / (n − ddof))
                 = γ r (dz̃_j − z̄_j dγ/(n − ddof) − dβ/n),   as dβ = Σ dz̃ and dγ = Σ dz̃ z̄.

        With fixed statistics only the first term is there.
        """
        n = len(dZ_tilde)
        self.dgamma, self.dbeta = _sums(dZ_tilde * self.Z_bar), _sums(dZ_tilde)
        if not self._fixed:
            dZ_tilde = dZ_tilde - self.Z_bar * (self.dgamma / (n - self.ddof)) - self.dbeta / n
        return self.gamma * self._r * dZ_tilde

    def add_gradients(self, targets: Sequence[Array], scale: float) -> None:
        """Add scale · ∂L/∂γ and scale · ∂L/∂β."""
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

    Attributes
    ----------
    mask : d of the last training pass, (n, m) of 0 and 1
    """

    parameters: Sequence[Array] = ()

    def __init__(
        self, keep_prob: float, *, inverted: bool = True, random_state: int | np.random.Generator | None = None
    ) -> None:
        self.keep_prob = check_number("keep_prob", keep_prob, 0.0, 1.0, low_included=False)
        self.inverted = check_flag("inverted", inverted)
        self.rng = check_random_state(random_state)

    def infer(self, H: Array) -> Array:
        """(n, m) outputs h to p h in the plain form (23.71), to h itself in the inverted one."""
        return H if self.inverted else self.keep_prob * H

    def forward(self, H: Array, training: bool = True) -> Array:
        """(n, m) outputs h to (n, m) h̃, under a fresh mask while training, else as `infer`."""
        if not training:
            self._factor: Array | float = 1.0 if self.inverted else self.keep_prob
            return self.infer(H)
        self.mask = (self.rng.random(H.shape, dtype=H.dtype.type) < self.keep_prob).astype(H.dtype)
        self._factor = self.mask * (1 / self.keep_prob) if self.inverted else self.mask
        return self._factor * H

    def backward(self, dH: Array) -> Array:
        """(n, m) ∂L/∂h̃ to (n, m) ∂L/∂h: through the same mask, δ̃ = d ⊙ δ (eq. 23.70)."""
        return self._factor * dH

    def add_gradients(self, targets: Sequence[Array], scale: float) -> None:
        """Nothing: dropout has no parameters."""


def _sums(values: Array) -> Array:
    """Sums over the n samples, as 1ᵀ V: for large n BLAS is several times faster than `values.sum(axis=0)`."""
    return np.ones(len(values), values.dtype) @ values
