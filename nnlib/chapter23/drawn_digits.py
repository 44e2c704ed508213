"""A drawn digit as the makers of MNIST would have stored it: cropped, scaled into a box, centred by mass."""

import numpy as np

from nnlib.notation import Array
from nnlib.validation import check_matrix


def prepare_like_mnist(drawing: Array) -> Array:
    """A drawing of any size as a (28, 28) picture prepared as MNIST was.

    It is cropped to the ink and scaled, keeping its proportions, until its longer side is 20 pixels. Whole pixels
    then bring its centre of mass as near as can be to pixel (14, 14), counted from 0. Where that would push
    ink out of the picture, it stays at the edge instead.

    Parameters
    ----------
    drawing : (height, width) from 0 (paper) to 1 (ink)

    Returns
    -------
    picture : (28, 28) from 0 to 1, which is what a network trained on MNIST sees

    Raises
    ------
    ValueError, TypeError
        If there is no ink, or values are not numbers from 0 to 1.
    """
    return _prepare(drawing, side=28, box=20, middle=14)


def prepare_like_digits(drawing: Array) -> Array:
    """A drawing of any size as an (8, 8) picture, much as scikit-learn's digits were prepared.

    There the longer side fills the picture, and a pixel counts the dots of a block of 4 × 4: values are whole
    sixteenths. Arguments, errors and the range of values are as in `prepare_like_mnist`.
    """
    return np.rint(16 * _prepare(drawing, side=8, box=8, middle=3.5)) / 16


def center_of_mass(picture: Array) -> tuple[float, float]:
    """Row and column, counted from 0, at which the ink of a picture balances."""
    mass = picture.sum()
    row = np.arange(picture.shape[0]) @ picture.sum(axis=1) / mass
    column = np.arange(picture.shape[1]) @ picture.sum(axis=0) / mass
    return float(row), float(column)


def _prepare(drawing: Array, side: int, box: int, middle: float) -> Array:
    """(side, side): the ink scaled to `box` pixels, its centre of mass at pixel `middle` of row and column."""
    digit = _scale(_crop(_checked(drawing)), box)
    top, left = (
        min(max(0, round(middle - center)), side - length)
        for center, length in zip(center_of_mass(digit), digit.shape, strict=True)
    )
    picture = np.zeros((side, side))
    picture[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return np.minimum(picture, 1.0)  # a mean of ones may exceed 1 by rounding


def _checked(drawing: Array) -> Array:
    drawing = check_matrix("drawing", drawing, np.float64)
    if drawing.min() < 0 or drawing.max() > 1:
        raise ValueError(f"drawing must lie in [0, 1], got values from {drawing.min()} to {drawing.max()}")
    if not drawing.any():
        raise ValueError("The drawing is empty. Draw a digit first.")
    return drawing


def _crop(drawing: Array) -> Array:
    """The smallest part of `drawing` that holds all ink."""
    rows, columns = np.flatnonzero(drawing.any(axis=1)), np.flatnonzero(drawing.any(axis=0))
    return drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _scale(ink: Array, longer_side: int) -> Array:
    """`ink` with the longer side scaled to `longer_side`: a new pixel is the mean of the area it covers."""
    height, width = (max(1, round(length * longer_side / max(ink.shape))) for length in ink.shape)
    return _covered(ink.shape[0], height) @ ink @ _covered(ink.shape[1], width).T


def _covered(old: int, new: int) -> Array:
    """(new, old): how much of each of `new` equal cells each of `old` pixels covers, along the same line."""
    edges = np.linspace(0, old, new + 1)[:, None]
    pixels = np.arange(old)
    overlap = np.minimum(edges[1:], pixels + 1) - np.maximum(edges[:-1], pixels)
    return np.maximum(overlap, 0) * (new / old)
