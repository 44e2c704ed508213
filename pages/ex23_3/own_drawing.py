"""The reader's own digit: the sheet it is drawn on, and the picture a network sees of it."""

import numpy as np

from nnlib import Dataset
from nnlib.chapter23.drawn_digits import prepare_like_digits, prepare_like_mnist
from pages.ex23_3.digit_canvas import drawing_on

SHEET = "ex23_3_own_sheet"  # the canvas's key
MNIST_SHAPE = (28, 28)


def prepared_drawing(data: Dataset) -> np.ndarray | None:
    """The drawing prepared as the pictures of `data` were, (side, side) from 0 to 1; None from an empty sheet."""
    drawing = drawing_on(SHEET)
    if not drawing.any():
        return None
    prepare = prepare_like_mnist if data.image_shape == MNIST_SHAPE else prepare_like_digits
    return prepare(drawing)
