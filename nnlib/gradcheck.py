"""Compare a gradient worked out by hand with slopes measured by moving each number a little.

A slope is measured from both sides at three step sizes h, h/2 and h/4. A central difference D(h) errs by
c₂h² + c₄h⁴ + …, so combinations of the three in which these errors cancel (Richardson, Romberg) allow a step so
large that the rounding of f, divided by h, hardly matters. How far the slope can be off follows from three things:

- how far the last two combinations differ: they agree where f is smooth on the scale of h;
- how far the slopes of the two sides, taken to h → 0, differ: at a kink they do, however small h is;
- the rounding of f at this very point, divided by h.

Where they leave it too uncertain, h becomes 16 times smaller, and again. Where f cannot be evaluated (beyond the
end of a logarithm's domain) steps become smaller too, and in the end only one side is used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nnlib.notation import Array

TOLERANCE = 1e-6  # a right formula stays below this relative difference, where rounding allows
RESOLUTION = 1e-5  # so well must a slope be known, relatively, before anything can be said to agree with it
FINER = 2.0**-4
STEPS = tuple(FINER**k for k in range(1, 13))  # the largest step of each try; powers of 2 move x exactly
EPSILON = float(np.finfo(np.float64).eps)
TINY = float(np.finfo(np.float64).tiny)  # numbers below it have fewer digits
NUDGE = 2.0**-20  # relative, to see how the rounding of x itself moves f
NUDGES = 4

Function = Callable[[Array], float | Array]


class Verdict(StrEnum):
    """What a check can say of one derivative."""

    AGREES = "agrees"
    DIFFERS = "differs"
    TOO_SMALL = "too small to judge"
    NOT_DIFFERENTIABLE = "not differentiable here"


@dataclass(frozen=True)
class GradientCheck:
    """Analytic and measured derivatives, element by element; all arrays have one shape.

    Attributes
    ----------
    analytic, numerical : derivatives as worked out and as measured
    error : how far `numerical` may be off
    kink : whether the slopes of the two sides differ: there is no derivative
    flat : whether nothing but rounding was seen of a slope: a derivative of exactly 0 agrees with that
    zero : whether the derivative is known to be exactly 0, whatever was measured
    """

    analytic: Array
    numerical: Array
    error: Array
    kink: Array
    flat: Array
    zero: Array

    @property
    def difference(self) -> Array:
        """|analytic − numerical|."""
        with np.errstate(invalid="ignore"):  # ∞ − ∞ is NaN, which differs
            return np.asarray(np.abs(self.analytic - self.numerical))

    @property
    def differs(self) -> Array:
        """True where the difference exceeds what measuring may err by and `TOLERANCE`; a NaN differs."""
        allowed = np.maximum(self.error, TOLERANCE * self._size)
        return ~self.kink & (~np.isfinite(self.analytic) | (self.difference > allowed))

    @property
    def passes(self) -> Array:
        """True where nothing differs, and the slope is known well enough for a difference to be seen."""
        seen = (self.error <= RESOLUTION * self._size) | (self.flat & (self.analytic == 0)) | self.zero
        return ~self.kink & ~self.differs & seen

    @property
    def verdicts(self) -> Array:
        """A `Verdict` an element, an array of objects."""
        codes = np.select([self.kink, self.differs, self.passes], [3, 1, 0], 2)
        return np.array(list(Verdict), object)[codes]

    @property
    def _size(self) -> Array:
        return np.maximum(np.abs(self.analytic), np.abs(self.numerical))


def check_gradients(
    f: Function,
    x: Array,
    analytic: Array,
    indices: Array | None = None,
    *,
    units: float | Array = 1.0,
    noise: float = 0.0,
    rounding: float | Array = 0.0,
    zero: Array | None = None,
    separate: bool = False,
) -> GradientCheck:
    """Check the gradient `analytic` of `f` at `x` against measured slopes.

    Parameters
    ----------
    f : function of an array shaped like `x`. It returns a number, or an array of terms whose sum is meant: small
        terms beside large ones then keep their digits. Where it is not defined it may raise ValueError or
        ArithmeticError, or return NaN
    x : array of any shape; it is copied, never changed
    analytic : gradient shaped like `x`, or a vector as long as `indices`
    indices : flat positions in `x` to check, default all
    units : of the steps, one for all or one an element of `x`: a step is 1/16 of it, or less
    noise : how far rounding inside `f` may move it, besides its own last digit and what nudging `x` shows
    rounding : how far rounding may move `analytic`, one for all or shaped like `analytic`
    zero : shaped like `analytic`, True where the derivative is known to be exactly 0 whatever is measured
    separate : whether `f` returns terms shaped like `x`, each depending on its own element only

    Raises
    ------
    ValueError
        If `analytic` does not have the shape of what is measured.

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> check_gradients(lambda x: float(x @ x), x, analytic=np.array([2.0, 5.0])).verdicts.tolist()
    [<Verdict.AGREES: 'agrees'>, <Verdict.DIFFERS: 'differs'>]
    >>> check_gradients(lambda x: np.abs(x), np.zeros(1), analytic=np.zeros(1)).verdicts.tolist()
    [<Verdict.NOT_DIFFERENTIABLE: 'not differentiable here'>]
    """
    point = np.array(x, dtype=np.float64)
    analytic = np.asarray(analytic, dtype=np.float64)
    positions = np.arange(point.size) if indices is None else np.asarray(indices)
    shape = point.shape if indices is None else positions.shape
    if analytic.shape != shape:
        raise ValueError(f"analytic has shape {analytic.shape}, expected {shape}")
    all_units = np.broadcast_to(units, point.shape).reshape(-1)
    with np.errstate(all="ignore"):
        base = np.asarray(f(point), dtype=np.float64)
        nudged = EPSILON * _change_by_nudges(f, point, base, separate) + noise
        noises = np.broadcast_to(nudged, point.shape).reshape(-1)
        slopes = [
            _measure(_Line(f, point, int(k), base, separate), float(all_units[k]), float(noises[k]))
            for k in positions
        ]
    numerical, error, kink, flat = (np.array(column).reshape(shape) for column in zip(*slopes, strict=True))
    known = np.zeros(shape, bool) if zero is None else np.asarray(zero)
    return GradientCheck(analytic, numerical, error + rounding, kink.astype(bool), flat.astype(bool), known)


def numerical_gradient(f: Function, x: Array) -> Array:
    """The slopes that `check_gradients` measures, shaped like `x`."""
    return check_gradients(f, x, np.zeros(np.shape(x))).numerical


def _change_by_nudges(f: Function, point: Array, base: Array, separate: bool) -> Array:
    """How much f, or each separate term, changes per relative change when every number moves by next to nothing.

    That is what the rounding of each number, and of what is computed from it, does to f, in units of `EPSILON`:
    much more than f's own last digit where large numbers cancel.
    """
    rng = np.random.default_rng(0)
    largest = np.zeros(1)
    for _ in range(NUDGES):
        signs = rng.integers(0, 2, point.shape) * 2 - 1
        change = _terms(f, point * (1 + NUDGE * signs)) - base
        largest = np.fmax(largest, np.abs(change if separate else np.sum(change)) / NUDGE)
    return largest


def _terms(f: Function, point: Array) -> Array:
    """The terms of f, NaN where it is not defined."""
    try:
        terms = np.asarray(f(point))
    except (ValueError, ArithmeticError):
        return np.asarray(np.nan)
    return terms.astype(np.float64) if np.isrealobj(terms) else np.asarray(np.nan)


class _Line:
    """f along one element of x, counted from x: what changes, and how much of that may be rounding."""

    def __init__(self, f: Function, point: Array, position: int, base: Array, separate: bool) -> None:
        self.f, self.base = f, base
        self.point, self.position = point, position  # `point` is as it was whenever a method returns
        self.here = float(point.reshape(-1)[position])
        self.counts = np.arange(base.size) == position if separate else np.ones(base.size, bool)
        self.rounding = EPSILON * float(np.abs(base.reshape(-1)[self.counts]).sum())

    def change_to(self, step: float) -> Array:
        """What changes from x to x + step, term by term; NaN where f is not defined."""
        if abs(self.here + step - self.here - step) > abs(step) / 1000:
            return np.asarray(np.nan)  # the next numbers that x can be are too far away
        self.point.reshape(-1)[self.position] = self.here + step
        terms = _terms(self.f, self.point)
        self.point.reshape(-1)[self.position] = self.here
        return np.asarray(terms - self.base).reshape(-1)[self.counts] if terms.shape == self.base.shape else terms


def _stays(changes: Sequence[Array]) -> bool:
    """Whether f is the very same wherever it is defined, and that is somewhere."""
    defined = [change for change in changes if not np.any(np.isnan(change))]
    return bool(defined) and not any(np.any(change) for change in defined)


def _measure(line: _Line, unit: float, noise: float) -> tuple[float, float, bool, bool]:
    """(slope, how far it may be off, whether there is a kink, whether nothing but rounding was seen)."""
    best = (np.nan, np.inf, False, False)
    for step in STEPS:
        h = _power_of_2(step * unit)
        if h == 0:
            break  # no number is so small
        steps = np.array([h, h / 2, h / 4, -h, -h / 2, -h / 4])
        changes = [line.change_to(step) for step in steps]
        rounding = 8 * (2 * line.rounding + noise + TINY) / h  # as the combinations below enlarge it
        if _stays(changes):
            return 0.0, rounding, False, True
        changed = np.array([change.sum() for change in changes])
        if np.isfinite(changed).all():  # f is rounded where it was moved to, too
            rounding += 8 * EPSILON * float(np.abs(changed).max()) / h
        chords = changed / (line.here + steps - line.here)
        slope, off, kink = _extrapolate(chords[:3], chords[3:], rounding)
        # a kink so near spoils what larger steps gave, however well it looked
        if off < best[1] or (kink and not best[2]) or (np.isinf(best[1]) and not np.isnan(slope)):
            seen = max(2 * rounding, TOLERANCE * np.abs(chords).max())
            best = (slope, off, kink, bool(abs(slope) <= rounding and off <= seen))
        if best[1] <= max(TOLERANCE / 4 * abs(best[0]), rounding / FINER):
            break  # smaller steps would only be rounded more
    return best


def _extrapolate(right: Array, left: Array, rounding: float) -> tuple[float, float, bool]:
    """(slope, how far it may be off, whether there is a kink) from the chords over h, h/2, h/4 to both sides."""
    if not (np.isfinite(right).all() and np.isfinite(left).all()):
        return _one_sided(right if np.isfinite(right).all() else left, rounding)
    both = (right + left) / 2
    central = _romberg(both, (4, 16))
    jump = _romberg(right - left, (2, 8))  # of a smooth f the difference is c₁h + c₃h³ + …; at a kink it stays
    slope, jump_size = central[-1], abs(jump[-1])
    off = abs(central[-1] - central[-2]) + jump_size / 2 + rounding
    if not _shrinks(both, 3, rounding):  # as where f'' jumps
        off += 2 * abs(both[1] - both[2])
    kink = jump_size > 4 * (abs(jump[-1] - jump[-2]) + 4 * rounding) and jump_size > TOLERANCE * abs(slope)
    return float(slope), float(off), bool(kink)


def _one_sided(chords: Array, rounding: float) -> tuple[float, float, bool]:
    """As `_extrapolate`, where f is defined at one side only; infinitely uncertain where that does not settle."""
    value = _romberg(chords, (2, 4))
    off = 2 * abs(chords[1] - chords[2]) + rounding if _shrinks(chords, 1.8, rounding) else np.inf
    return float(value[-1]), float(off), False


def _shrinks(values: Array, times: float, rounding: float) -> bool:
    """Whether the change from h/2 to h/4 is that many times smaller than that from h to h/2, but for rounding."""
    return bool(times * abs(values[1] - values[2]) <= abs(values[0] - values[1]) + rounding)


def _romberg(values: Array, powers: tuple[int, int]) -> list[float]:
    """From values at h, h/2, h/4 whose errors shrink by these factors when h is halved: the last, then better."""
    a, b = powers
    first = (a * values[1:] - values[:-1]) / (a - 1)
    return [values[-1], first[-1], (b * first[1] - first[0]) / (b - 1)]


def _power_of_2(x: float) -> float:
    return float(2.0 ** np.round(np.log2(x)))
