"""Batch normalisation of one neuron over a batch (exercise 23.6), step by step: forward, backward, as printed.

    z  →  u, σ²  →  z̄ = (z − u)/√(σ² + ε)  →  z̃ = γ z̄ + β

A batch of n samples gives the neuron n net inputs z. The loss L enters only through the upstream gradient
g_j = ∂L/∂z̃_j. The layer that networks train with is `nnlib.layers.BatchNorm`; here every intermediate
derivative stays in sight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnlib import gradcheck
from nnlib.gradcheck import GradientCheck
from nnlib.notation import Array, subscript
from nnlib.validation import check_choice, check_integer, check_number, check_random_state

MISTAKES = ("none", "as printed", "forgotten factor 2", "wrong sign of dσ²", "forgotten u and σ²")
ROUNDING = 1e-12  # of the terms of a sum, what rounding may leave of it


@dataclass(frozen=True)
class Forward:
    """One forward pass; n samples of one neuron.

    Attributes
    ----------
    z : (n,) net inputs
    u : their mean (23.59)
    variance : σ², Σ (z − u)² / (n − ddof) (23.60)
    scale : √(σ² + ε)
    z_bar : (n,) normalised, (z − u) / √(σ² + ε) (23.61)
    z_tilde : (n,) scaled and shifted, γ z̄ + β
    gamma, beta, epsilon, ddof : as given
    """

    z: Array
    u: float
    variance: float
    scale: float
    z_bar: Array
    z_tilde: Array
    gamma: float
    beta: float
    epsilon: float
    ddof: int


@dataclass(frozen=True)
class Backward:
    """One backward pass: ∂L/∂ of each intermediate value.

    Attributes
    ----------
    dgamma, dbeta : of the two parameters
    dz_bar : (n,)
    dvariance : of σ², with z and u held fixed
    du : of u, with z and σ² held fixed
    own, through_u, through_variance : (n,) what comes to each z_j through its own z̄_j, through u and through σ²
    dz : (n,) of the net inputs, the sum of these three
    height, slope : of the straight line over z̄ that u and σ² take away, dz_j = γ/s (g_j − height − slope z̄_j)
    """

    dgamma: float
    dbeta: float
    dz_bar: Array
    dvariance: float
    du: float
    own: Array
    through_u: Array
    through_variance: Array
    dz: Array
    height: float
    slope: float

    def as_vector(self) -> Array:
        """dz₁ … dz_n, dγ, dβ, du, dσ²: the order of `derivative_names` and `check_gradients`, (n + 4,)."""
        return np.array([*self.dz, self.dgamma, self.dbeta, self.du, self.dvariance])


def derivative_names(n: int) -> list[str]:
    """Names of `Backward.as_vector`'s elements for a batch of n, such as "dz₁"."""
    return [*(f"dz{subscript(j + 1)}" for j in range(n)), "dγ", "dβ", "du", "dσ²"]


def forward(
    z: Sequence[float] | Array, gamma: float = 1.0, beta: float = 0.0, epsilon: float = 1e-5, ddof: int = 1
) -> Forward:
    """Normalise the net inputs of one neuron over a batch, book eqs. 23.59 to 23.61.

    Parameters
    ----------
    z : (n,) net inputs, n ≥ 1 + ddof
    gamma, beta : γ and β, which give back scale and position
    epsilon : ε ≥ 0, keeps the division finite where all z are equal
    ddof : σ² divides by n − ddof: 1 as the book, 0 as PyTorch and Keras

    Raises
    ------
    ValueError, TypeError
        If a number is not finite or out of range, n is too small, ε = 0 while all z are equal, or a result
        leaves the range of float64. The message says what to do.
    """
    z = _vector("z", z)
    gamma = check_number("gamma", gamma, -np.inf, np.inf)
    beta = check_number("beta", beta, -np.inf, np.inf)
    epsilon = check_number("epsilon", epsilon, 0.0, np.inf)
    ddof = check_integer("ddof", ddof, 0, 1)
    n = len(z)
    if n - ddof < 1:
        raise ValueError(
            f"a batch of {n} has no variance with divisor n − {ddof} = {n - ddof}; take two samples or more"
        )
    with np.errstate(all="ignore"):  # what leaves the range is reported below, in words
        u = float(z[0] + np.mean(z - z[0]))  # counted from z₁, so that equal z have exactly themselves as mean
        variance = float(np.sum((z - u) ** 2) / (n - ddof))
        scale = float(np.sqrt(variance + epsilon))
        if scale == 0.0:
            raise ValueError(
                "all z are equal, so σ² = 0, and with ε = 0 this divides by 0; "
                "choose ε above 0, or move one z away from the others"
            )
        z_bar = (z - u) / scale
        z_tilde = gamma * z_bar + beta
    _require_finite(u, variance, scale, *z_bar, *z_tilde)
    return Forward(z, u, variance, scale, z_bar, z_tilde, gamma, beta, epsilon, ddof)


def backward(passed: Forward, upstream: Sequence[float] | Array, mistake: str = "none") -> Backward:
    """Send g = ∂L/∂z̃ back through batch normalisation.

    z_j reaches L along three paths: through z̄_j itself, through u, and through σ². With s = √(σ² + ε):

        dz̄_j = γ g_j,   dγ = Σ g_j z̄_j,   dβ = Σ g_j
        dσ²  = Σ dz̄_j (z_j − u) · (−½) s⁻³
        du   = −Σ dz̄_j / s + dσ² · (−2 Σ (z_j − u)/(n − ddof)), whose second term is 0: Σ (z_j − u) = 0
        dz_j = dz̄_j / s + du / n + dσ² · 2 (z_j − u)/(n − ddof)
             = γ/s (g_j − dβ/n − z̄_j dγ/(n − ddof))

    The bracket is what is left of g once a straight line over z̄ is taken away, for ε = 0 the one of least squares:
    Σ z̄ = 0, so its height at z̄ = 0 is the mean of g, and Σ z̄² = n − ddof, so its slope is Σ g z̄ / Σ z̄².

    Parameters
    ----------
    passed : from `forward`
    upstream : (n,) g
    mistake : one of `MISTAKES`. "as printed" divides ∂σ²/∂z by n whatever σ² divides by, and "forgotten factor 2"
        leaves out the 2 in it; "wrong sign of dσ²" takes +½ for −½; "forgotten u and σ²" leaves dz = dz̄/s

    Raises
    ------
    ValueError, TypeError
        If `upstream` is not n finite numbers, the mistake is not listed, or a result leaves float64's range.
    """
    check_choice("mistake", mistake, MISTAKES)
    g = _vector("upstream", upstream)
    n = len(passed.z)
    if len(g) != n:
        raise ValueError(f"upstream must hold one number a sample, {n}, got {len(g)}")
    z_bar, s = passed.z_bar, passed.scale
    with np.errstate(all="ignore"):
        dz_bar = passed.gamma * g
        dgamma, dbeta = float(np.sum(g * z_bar)), float(np.sum(g))
        # (z_j − u)/s is z̄_j: dividing by s twice more keeps s⁻³ from overflowing before it must
        sign = 0.5 if mistake == "wrong sign of dσ²" else -0.5
        dvariance = sign * float(np.sum(dz_bar * z_bar)) / s / s
        du = -float(np.sum(dz_bar)) / s
        divisor = n if mistake == "as printed" else n - passed.ddof
        counted = 0.0 if mistake == "forgotten u and σ²" else 1.0
        factor = 1 if mistake == "forgotten factor 2" else 2
        own, through_u = dz_bar / s, np.full(n, counted * du / n)
        through_variance = counted * factor * dvariance * s * z_bar / divisor  # with z_j − u = s z̄_j
        height, slope = counted * dbeta / n, -counted * factor * sign * dgamma / divisor
        dz = own + through_u + through_variance
    result = Backward(dgamma, dbeta, dz_bar, dvariance, du, own, through_u, through_variance, dz, height, slope)
    _require_finite(*result.as_vector(), *dz_bar)
    return result


def check_gradients(passed: Forward, upstream: Sequence[float] | Array, mistake: str = "none") -> GradientCheck:
    """Compare `backward` with measured slopes of L = Σ g_j z̃_j, in the order of `derivative_names`.

    For dz_j the net input z_j is moved and u and σ² follow it. For du only u is moved, with z and σ² held
    fixed; for dσ² only σ², with z and u held fixed: they are the partial derivatives the chain rule adds up.
    β stands for how far it is moved, and z and u are counted from u, so that none of them costs any digits.

    Raises
    ------
    ValueError, TypeError
        As `backward` does.
    """
    analytic = backward(passed, upstream, mistake)
    g, s = _vector("upstream", upstream), passed.scale
    n = len(g)
    start = np.concatenate([passed.z - passed.u, [passed.gamma, 0.0, 0.0, passed.variance]])
    units = np.concatenate([np.full(n, s), [max(1.0, abs(passed.gamma)), 1.0, s, s * s]])

    def terms(moved: Array) -> Array:
        """L as g_j γ z̄_j, g_j β."""
        z, (gamma, beta, u, variance) = moved[:n], moved[n:]
        if np.any(z != start[:n]):
            u = np.mean(z)
            variance = np.sum((z - u) ** 2) / (n - passed.ddof)
        z_bar = (z - u) / np.sqrt(variance + passed.epsilon)
        return np.concatenate([g * gamma * z_bar, g * beta])

    # the terms that cancel in dz_j and du are as large as dz̄/s
    cancelling = np.zeros(n + 4)
    cancelling[[*range(n), n + 2]] = np.sum(np.abs(passed.gamma * g)) / s
    return gradcheck.check_gradients(
        terms, start, analytic.as_vector(), units=units, rounding=ROUNDING * cancelling
    )


@dataclass(frozen=True)
class Invariants:
    """What must hold of every dz, since z̄ does not change when z is shifted, nor (for ε = 0) when stretched.

    Attributes
    ----------
    shift : Σ dz_j, exactly 0: adding one number to all z leaves z̄ as it is
    stretch : Σ dz_j z̄_j, which is ∂L/∂(a stretch of z away from u) / s
    left_by_epsilon : what `stretch` must be, γ dγ ε / (σ² + ε)^(3/2); 0 for ε = 0
    shift_holds, stretch_holds : whether the sums are what they must be, but for rounding
    """

    shift: float
    stretch: float
    left_by_epsilon: float
    shift_holds: bool
    stretch_holds: bool


def invariants(passed: Forward, gradients: Backward) -> Invariants:
    """Σ dz and Σ dz z̄ beside what they must be.

    With s² = σ² + ε, Σ z̄ = 0 and Σ z̄² = (n − ddof) σ²/s², the three paths of dz_j add up to

        Σ dz_j      = Σ dz̄_j/s − Σ dz̄_j/s + 0 = 0
        Σ dz_j z̄_j = (Σ dz̄_j z̄_j)/s + 0 − (Σ dz̄_j z̄_j)/s · σ²/s² = γ dγ · ε/s³.
    """
    s, z_bar = passed.scale, passed.z_bar
    shift, stretch = float(np.sum(gradients.dz)), float(np.sum(gradients.dz * z_bar))
    left = passed.gamma * gradients.dgamma * (passed.epsilon / s**2) / s
    # the terms that cancel are as large as dz̄/s, and z̄ is below √n
    rounding = ROUNDING * float(np.sum(np.abs(gradients.dz_bar))) / s
    return Invariants(
        shift, stretch, left, abs(shift) <= rounding, abs(stretch - left) <= rounding * float(np.abs(z_bar).max())
    )


def printed_errors(
    sizes: Sequence[int],
    epsilon: float = 1e-5,
    draws: int = 100,
    random_state: int | np.random.Generator | None = None,
) -> tuple[Array, Array]:
    """How far the printed dz is off for batches of several sizes: γ = 1, divisor n − 1, z and g from N(0, 1).

    The error in dz_j is dσ² · 2 (z_j − u) · (1/(n − 1) − 1/n); it grows in proportion to γ.

    Parameters
    ----------
    sizes : batch sizes n, each 2 or more
    epsilon : as in `forward`
    draws : batches of each size
    random_state : int, numpy.random.Generator or None

    Returns
    -------
    Largest |printed − true| among the n elements of dz, and the same as a share of the largest |true|; both
    (len(sizes),), each the median over the draws.

    Raises
    ------
    ValueError, TypeError
        As `forward` does.
    """
    rng = check_random_state(random_state)
    draws = check_integer("draws", draws, 1)
    absolute, relative = np.empty((len(sizes), draws)), np.empty((len(sizes), draws))
    for i, n in enumerate(sizes):
        for k in range(draws):
            passed, g = forward(rng.standard_normal(n), epsilon=epsilon), rng.standard_normal(n)
            true, printed = backward(passed, g).dz, backward(passed, g, "as printed").dz
            absolute[i, k] = np.abs(printed - true).max()
            relative[i, k] = absolute[i, k] / np.abs(true).max()
    return np.median(absolute, axis=1), np.median(relative, axis=1)


def _vector(name: str, value: Sequence[float] | Array) -> Array:
    """`value` as a finite float64 vector with at least one element."""
    vector = np.array(value)
    if vector.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold numbers, got dtype {vector.dtype}")
    if vector.ndim != 1 or not vector.size:
        raise ValueError(f"{name} must be a vector with at least one element, got shape {vector.shape}")
    if not np.all(np.isfinite(vector)):
        raise ValueError(f"{name} must be finite, got {int(np.sum(~np.isfinite(vector)))} NaN or infinite values")
    return vector.astype(np.float64)


def _require_finite(*values: float) -> None:
    if not np.all(np.isfinite(values)):
        raise ValueError("a result is too large for a float64; choose z, γ and g nearer to 0, or a larger ε")
