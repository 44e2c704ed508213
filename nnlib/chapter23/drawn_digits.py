"""A drawn digit as the makers of MNIST would have stored it: cropped, scaled into a box, centred by mass.

A photo of a handwritten digit is made a drawing first: what is ink on it, and what is paper, is found out.
"""

import numpy as np

from nnlib.notation import Array
from nnlib.validation import check_matrix

PHOTO_SIDE = 128  # pixels of a photo's longer side, after scaling: enough for a digit that fills a third of it
SHADE_ROUNDS = 5  # in which the paper's shade is fitted, each time without what does not look like paper
LEAST_CONTRAST = 0.08  # of ink against paper; 0 is none, 1 black on white
MOST_INK = 0.4  # share of a photo that may be ink
PART = 0.1  # of the largest piece of ink: smaller ones are specks, and not a bar or a hook that stands apart
FILLED = 0.7  # of the drawing's side that the digit fills


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


def find_digit_on_photo(photo: Array, side: int) -> Array:
    """The digit on a photo as a square drawing for the functions above: its paper 0, its ink up to 1.

    The shade of the paper, which may change across the photo, is fitted by a quadratic function of the place and
    subtracted; of what is left, the rarer and stronger side is the ink, whether dark on light or light on dark.
    Specks are left out, and so are shadows and lines that run in from the edge.

    Parameters
    ----------
    photo : (height, width) grey values from 0 (black) to 1 (white)
    side : of the drawing, in pixels

    Returns
    -------
    drawing : (side, side) from 0 to 1, the digit in its middle

    Raises
    ------
    ValueError, TypeError
        If no digit stands out, or values are not numbers from 0 to 1.
    """
    photo = check_matrix("photo", photo, np.float64)
    if photo.min() < 0 or photo.max() > 1:
        raise ValueError(f"photo must lie in [0, 1], got values from {photo.min()} to {photo.max()}")
    if max(photo.shape) > PHOTO_SIDE:
        photo = _scale(photo, PHOTO_SIDE)
    ink = _ink(photo)
    digit = _crop(np.where(_pieces_of_digit(ink), ink, 0.0))
    digit = _scale(digit, round(FILLED * side))
    drawing = np.zeros((side, side))
    top, left = ((side - length) // 2 for length in digit.shape)
    drawing[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return np.clip(drawing, 0.0, 1.0)


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


def _ink(photo: Array) -> Array:
    """How much each pixel is ink, from 0 to 1; ValueError where ink and paper cannot be told apart."""
    rest = photo - _shade_of_paper(photo)
    if (rest**3).sum() < 0:  # the rarer and stronger side: dark ink
        rest = -rest
    threshold = _otsu(np.maximum(rest, 0.0))
    is_ink = rest > threshold
    if not is_ink.any() or np.median(rest[is_ink]) < max(LEAST_CONTRAST, 3 * rest[~is_ink].std()):
        raise ValueError("No digit stands out on this photo: write it large, with a dark pen on light paper.")
    if is_ink.mean() > MOST_INK:
        raise ValueError("There is more ink than paper on this photo: leave some paper around the digit.")
    full = np.median(rest[is_ink])
    return np.clip((rest - threshold / 2) / (full - threshold / 2), 0.0, 1.0)


def _shade_of_paper(photo: Array) -> Array:
    """The brightness of the paper at each pixel: a quadratic function of the place, fitted to what is paper."""
    y, x = (np.linspace(-1, 1, length) for length in photo.shape)
    places = np.stack([np.ones(photo.shape), *np.broadcast_arrays(x, y[:, None])], axis=-1).reshape(-1, 3)
    _, u, v = places.T
    terms = np.column_stack([places, u * u, u * v, v * v])
    grey = photo.ravel()
    paper = np.abs(grey - np.median(grey)) <= 2 * np.abs(grey - np.median(grey)).mean()
    for _ in range(SHADE_ROUNDS):
        coefficients, *_ = np.linalg.lstsq(terms[paper], grey[paper], rcond=None)
        off = np.abs(grey - terms @ coefficients)
        paper = off <= 2.5 * np.median(off) + 1 / 255
    return np.asarray(terms @ coefficients).reshape(photo.shape)


def _otsu(values: Array) -> float:
    """The threshold that parts values into two groups that differ most for their sizes (Otsu's method)."""
    counts, edges = np.histogram(values, bins=128)
    middles = (edges[:-1] + edges[1:]) / 2
    below, total = np.cumsum(counts), counts.sum()
    sums = np.cumsum(counts * middles)
    with np.errstate(all="ignore"):
        between = (sums[-1] * below / total - sums) ** 2 / (below * (total - below))
    return float(edges[1:][np.nanargmax(np.where(np.isfinite(between), between, -1.0))])


def _pieces_of_digit(ink: Array) -> Array:
    """Which pixels belong to the digit: those of its connected pieces that are large, and not cut by the edge."""
    piece = _connected(ink > 0)
    names, sizes = np.unique(piece[piece > 0], return_counts=True)
    edge = np.unique(np.concatenate([piece[0], piece[-1], piece[:, 0], piece[:, -1]]))
    inside = np.isin(names, edge, invert=True)
    if sizes[inside].max(initial=0) >= PART * sizes.max():
        names, sizes = names[inside], sizes[inside]
    return np.isin(piece, names[sizes >= PART * sizes.max()])


def _connected(mask: Array) -> Array:
    """A number for each connected piece of `mask`, corners counting as connected; 0 where it is false."""
    piece = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        spread = np.where(mask, _largest_around(piece), 0)
        if np.array_equal(spread, piece):
            return piece
        piece = spread


def _largest_around(values: Array) -> Array:
    """The largest value among each pixel and its eight neighbours."""
    for axis in (0, 1):
        padded = np.pad(values, [(1, 1) if axis == k else (0, 0) for k in (0, 1)])
        shifted = [np.take(padded, np.arange(values.shape[axis]) + by, axis=axis) for by in range(3)]
        values = np.maximum(np.maximum(shifted[0], shifted[1]), shifted[2])
    return values
