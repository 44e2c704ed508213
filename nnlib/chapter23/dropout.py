"""Dropout and inverted dropout (exercise 23.7): masks, their exact averages, and what is left of them in use.

A layer of m neurons has outputs h, (m,). Its mask d, (m,), holds a 1 for each neuron kept and a 0 for each
dropped; each is kept with probability p, the `keep_prob`, whatever happens to the others. There are two forms:

- "plain": train with d ⊙ h (book eq. 23.69), predict with p h (23.71);
- "inverted": train with d ⊙ h / p (23.72), predict with h.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nnlib.activations import sigmoid
from nnlib.notation import Array
from nnlib.validation import check_choice, check_integer, check_number, check_random_state

FORMS = ("plain", "inverted")
MOST_NEURONS = 16  # 2^16 masks are enumerated in a few milliseconds
MOST_MASKS = 1_000_000


def draw_masks(
    count: int, m: int, keep_prob: float, random_state: int | np.random.Generator | None = None
) -> Array:
    """`count` masks d of m neurons, (count, m) of 0.0 and 1.0, each entry 1 with probability `keep_prob`.

    The same seed gives the same first masks whatever `count`, and a larger `keep_prob` only adds ones.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range; the message names it.
    """
    count, m = check_integer("count", count, 0, MOST_MASKS), check_integer("m", m, 1)
    keep_prob = check_keep_prob(keep_prob)
    uniform = check_random_state(random_state).random((count, m))  # in [0, 1)
    return (uniform < keep_prob).astype(np.float64)


def training_output(h: Array, masks: Array, keep_prob: float, form: str = "inverted") -> Array:
    """What training passes on: d ⊙ h (23.69) or d ⊙ h / p (23.72); `masks` is (m,) or (k, m), as the result."""
    h = check_outputs(h)
    return masks * h * _training_scale(keep_prob, form)


def prediction_output(h: Array, keep_prob: float, form: str = "inverted") -> Array:
    """What prediction passes on, (m,): p h (23.71) or h."""
    keep_prob = check_keep_prob(keep_prob)
    return check_outputs(h) * (keep_prob if check_choice("form", form, FORMS) == "plain" else 1.0)


def _training_scale(keep_prob: float, form: str) -> float:
    keep_prob = check_keep_prob(keep_prob)
    return 1.0 if check_choice("form", form, FORMS) == "plain" else 1.0 / keep_prob


def check_keep_prob(keep_prob: float) -> float:
    """`keep_prob` if it lies in (0, 1]: with 0 no neuron would ever be kept, and 1/p would not exist."""
    return check_number("keep_prob", keep_prob, 0.0, 1.0, low_included=False)


def check_outputs(h: Array) -> Array:
    """`h` as a finite float64 vector (m,) with 1 to `MOST_NEURONS` neurons, else ValueError or TypeError."""
    h = np.asarray(h)
    if h.dtype.kind not in "biuf":
        raise TypeError(f"h must hold numbers, got dtype {h.dtype}")
    if h.ndim != 1 or not 1 <= h.size <= MOST_NEURONS:
        raise ValueError(f"h must be a vector of 1 to {MOST_NEURONS} outputs, got shape {h.shape}")
    if not np.all(np.isfinite(h)):
        raise ValueError(f"h must be finite, got {h}")
    return h.astype(np.float64)


# Exactly, over all masks


@lru_cache(maxsize=MOST_NEURONS)
def all_masks(m: int) -> Array:
    """Every mask of m neurons, (2^m, m), read-only; row i holds the binary digits of i, the lowest first."""
    m = check_integer("m", m, 1, MOST_NEURONS)
    masks = ((np.arange(2**m)[:, None] >> np.arange(m)) & 1).astype(np.float64)
    masks.flags.writeable = False
    return masks


def mask_probabilities(masks: Array, keep_prob: float) -> Array:
    """P(d) = p^(number kept) (1 − p)^(number dropped) of each row of `masks`, (k,)."""
    keep_prob = check_keep_prob(keep_prob)
    kept = masks.sum(axis=1)
    return np.asarray(keep_prob**kept * (1 - keep_prob) ** (masks.shape[1] - kept))  # 0⁰ = 1 where p = 1


@dataclass(frozen=True)
class Moments:
    """How h̃ is spread over the masks, neuron by neuron; all arrays (m,).

    Attributes
    ----------
    mean : E[h̃]
    variance : E[(h̃ − E h̃)²]
    fourth : E[(h̃ − E h̃)⁴], which says how far a sample's variance may be off
    """

    mean: Array
    variance: Array
    fourth: Array

    def error_of_mean(self, count: int | Array) -> Array:
        """Standard error of the mean of `count` masks: √(variance / count)."""
        return np.sqrt(self.variance / count)

    def error_of_variance(self, count: int) -> Array:
        """Standard error of the variance of `count` ≥ 2 masks: √((fourth − variance² (k − 3)/(k − 1)) / k)."""
        count = check_integer("count", count, 2)
        spread = self.fourth - self.variance**2 * (count - 3) / (count - 1)
        return np.sqrt(np.maximum(spread, 0.0) / count)  # never below 0 but by rounding


def enumerated_moments(h: Array, keep_prob: float, form: str = "inverted") -> Moments:
    """Exact moments of h̃ from the definition: a sum over all 2^m masks, each weighted with its probability."""
    h = check_outputs(h)
    masks = all_masks(h.size)
    P = mask_probabilities(masks, keep_prob)  # (2^m,)
    outputs = training_output(h, masks, keep_prob, form)  # (2^m, m)
    mean = P @ outputs
    squares = (outputs - mean) ** 2
    return Moments(mean, P @ squares, P @ squares**2)


def closed_moments(h: Array, keep_prob: float, form: str = "inverted") -> Moments:
    """Exact moments of h̃ in closed form.

    One neuron's d is 1 with probability p and d² = d, so E[d] = p and Var[d] = p − p² = p (1 − p). With the
    constant c = h, or c = h/p, h̃ = d c has mean p c, variance p (1 − p) c², and as fourth moment
    p (1 − p) ((1 − p)³ + p³) c⁴. Inverted, these are h, (1 − p)/p · h², …
    """
    c = check_outputs(h) * _training_scale(keep_prob, form)
    p, q = keep_prob, 1 - keep_prob
    return Moments(p * c, p * q * c**2, p * q * (q**3 + p**3) * c**4)


# A sample of masks


def thinned_counts(count: int, points: int = 150) -> Array:
    """At most `points` whole numbers from 1 to `count`, both ends included, evenly spread on a log scale."""
    count, points = check_integer("count", count, 1), check_integer("points", points, 2)
    return np.unique(np.geomspace(1, count, points).round().astype(int))


def running_means(outputs: Array, counts: Array) -> Array:
    """Mean of the first k rows of `outputs`, (N, m), for each k in `counts`: (len(counts), m)."""
    counts = np.asarray(counts)
    return np.cumsum(outputs, axis=0)[counts - 1] / counts[:, None]


# The neuron after the layer


@dataclass(frozen=True)
class NextNeuron:
    """One neuron σ(w · h̃ + b) of the next layer: the average over all masks, and what prediction takes for it.

    Attributes
    ----------
    mean_net_input : E[w · h̃ + b], summed over all 2^m masks
    predicted_net_input : p w · h + b
    mean_output : E[σ(w · h̃ + b)], summed over all 2^m masks
    predicted_output : σ(p w · h + b)
    """

    mean_net_input: float
    predicted_net_input: float
    mean_output: float
    predicted_output: float


def next_neuron(h: Array, w: Array, b: float, keep_prob: float) -> NextNeuron:
    """Average the next layer's neuron over all masks of plain dropout, and predict it with p h.

    w · h̃ + b is linear in h̃, so its mean is exactly p w · h + b. σ is not linear: E[σ(z)] and σ(E[z]) differ,
    by about σ''(E z) Var[z] / 2. With inverted dropout and w' = p w every number is the same.

    Parameters
    ----------
    h, w : (m,) outputs of the layer, and the weights of the neuron that follows
    b : its bias
    keep_prob : p in (0, 1]

    Raises
    ------
    ValueError, TypeError
        If h and w are not finite vectors of the same length, or keep_prob lies outside (0, 1].
    """
    h, w = check_outputs(h), check_outputs(w)
    if h.shape != w.shape:
        raise ValueError(f"h and w must be equally long, got {h.size} and {w.size}")
    masks = all_masks(h.size)
    P = mask_probabilities(masks, keep_prob)
    z = masks @ (w * h) + b  # (2^m,)
    predicted = float(keep_prob * (w @ h) + b)
    return NextNeuron(
        mean_net_input=float(P @ z),
        predicted_net_input=predicted,
        mean_output=float(P @ sigmoid(z)),
        predicted_output=float(sigmoid(np.array(predicted))),
    )
