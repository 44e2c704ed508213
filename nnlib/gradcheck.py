"""Compare a gradient worked out by hand with the slope measured by moving each number a little."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

STEP = 1e-5  # h: near the cube root of float64's rounding, where rounding and curvature errors balance
TOLERANCE = 1e-6  # a correct formula stays below this relative error
# Below this size a gradient is compared absolutely. Rounding of a loss L moves a slope by about 1e-16 · L / h,
# so the floor is this times L where L is above 1: a smaller slope cannot be measured to one part in a million.
FLOOR = 1e-4


@dataclass(frozen=True)
class GradientCheck:
    """Analytic and numerical derivatives, element by element.

    Attributes
    ----------
    analytic, numerical : float64 arrays of one shape
    floor : size below which they are compared absolutely, one for all or one an element
    """

    analytic: np.ndarray
    numerical: np.ndarray
    floor: float | np.ndarray = FLOOR

    @property
    def difference(self) -> np.ndarray:
        """|analytic − numerical|."""
        return np.abs(self.analytic - self.numerical)

    @property
    def relative_error(self) -> np.ndarray:
        """Difference over the larger of the two, or over `floor` where both are smaller than that."""
        size = np.maximum(np.abs(self.analytic), np.abs(self.numerical))
        return self.difference / np.maximum(size, self.floor)

    @property
    def passes(self) -> np.ndarray:
        """True where the relative error is below `TOLERANCE`. Not a number never passes."""
        return np.asarray(self.relative_error < TOLERANCE)


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, indices: np.ndarray | None = None, step: float = STEP
) -> np.ndarray:
    """Central differences (f(x + h) − f(x − h)) / 2h, one element of x at a time, in float64.

    Parameters
    ----------
    f : function of an array shaped like `x`, returning a number
    x : array of any shape; it is copied, never changed
    indices : flat positions in `x` to measure, default all
    step : h

    Returns
    -------
    Derivatives shaped like `x`, or a vector as long as `indices`.

    Raises
    ------
    ValueError
        If `step` is not positive.
    """
    if not step > 0:
        raise ValueError(f"step must be positive, got {step!r}")
    point = np.array(x, dtype=np.float64)
    flat = point.reshape(-1)
    positions = np.arange(flat.size) if indices is None else np.asarray(indices)
    slopes = np.empty(len(positions))
    for k, position in enumerate(positions):
        here = flat[position]
        above, below = here + step, here - step
        flat[position] = above
        f_above = f(point)
        flat[position] = below
        f_below = f(point)
        flat[position] = here
        slopes[k] = (f_above - f_below) / (above - below)
    return slopes.reshape(point.shape) if indices is None else slopes


def richardson_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, indices: np.ndarray | None = None, step: float = STEP
) -> np.ndarray:
    """Central differences with steps h and 2h, combined so that their leading error cancels (Richardson).

    A central difference D(h) errs by c h² + O(h⁴), so (4 D(h) − D(2h)) / 3 errs by O(h⁴) alone. That allows an h
    so large that the rounding of f, divided by h, does not matter. Arguments and errors as `numerical_gradient`.
    """
    fine = numerical_gradient(f, x, indices, step)
    coarse = numerical_gradient(f, x, indices, 2 * step)
    return np.asarray((4 * fine - coarse) / 3)


def check_gradient(
    f: Callable[[np.ndarray], float],
    x: np.ndarray,
    analytic: np.ndarray,
    indices: np.ndarray | None = None,
) -> GradientCheck:
    """Check the gradient `analytic` of `f` at `x` against central differences.

    Parameters
    ----------
    f : function of an array shaped like `x`, returning a number
    x : array of any shape
    analytic : gradient shaped like `x`, or a vector as long as `indices`
    indices : flat positions in `x` to check, default all

    Raises
    ------
    ValueError
        If `analytic` does not have the shape of what is measured.

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> check_gradient(lambda x: float(x @ x), x, analytic=2 * x).passes.tolist()
    [True, True]
    >>> check_gradient(lambda x: float(x @ x), x, analytic=np.array([2.0, 5.0])).passes.tolist()
    [True, False]
    """
    numerical = numerical_gradient(f, x, indices)
    analytic = np.asarray(analytic, dtype=np.float64)
    if analytic.shape != numerical.shape:
        raise ValueError(f"analytic has shape {analytic.shape}, expected {numerical.shape}")
    floor = FLOOR * max(1.0, abs(f(np.array(x, dtype=np.float64))))
    return GradientCheck(analytic, numerical, floor)
