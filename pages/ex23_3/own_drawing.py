"""The reader's own digit: the sheet it is drawn on, its file, and the picture a network sees of it."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image

from nnlib import Dataset
from nnlib.chapter23.drawn_digits import prepare_like_digits, prepare_like_mnist
from pages.ex23_3.digit_canvas import SIDE, drawing_on, put_on

SHEET = "ex23_3_own_sheet"  # the canvas's key
MNIST_SHAPE = (28, 28)
FILE = "drawing.png"  # in the folder of the runs
_KEPT = f"{SHEET}_kept"


def bring_back_drawing(folder: Path | None) -> None:
    """Put the drawing kept in the folder on the sheet; a file that holds none leaves the sheet empty."""
    with suppress(OSError, ValueError):  # there is none, or it is damaged
        if folder is not None:
            with Image.open(folder / FILE) as picture:
                pixels = np.asarray(picture.convert("L"))
            if pixels.shape == (SIDE, SIDE):
                put_on(SHEET, pixels / 255)
    st.session_state[_KEPT] = drawing_on(SHEET)


def keep_drawing(folder: Path | None) -> None:
    """Write the drawing to its file in the folder if it has changed, so that a reload does not lose it."""
    drawing = drawing_on(SHEET)
    if folder is None or np.array_equal(drawing, st.session_state.get(_KEPT, np.zeros((SIDE, SIDE)))):
        return
    st.session_state[_KEPT] = drawing
    with suppress(OSError):  # a folder that cannot be written to is told of the runs
        folder.mkdir(parents=True, exist_ok=True)
        if drawing.any():
            Image.fromarray(np.rint(255 * drawing).astype(np.uint8)).save(folder / FILE)
        else:
            (folder / FILE).unlink(missing_ok=True)


def prepared_drawing(data: Dataset) -> np.ndarray | None:
    """The drawing prepared as the pictures of `data` were, (side, side) from 0 to 1; None from an empty sheet."""
    drawing = drawing_on(SHEET)
    if not drawing.any():
        return None
    prepare = prepare_like_mnist if data.image_shape == MNIST_SHAPE else prepare_like_digits
    return prepare(drawing)
