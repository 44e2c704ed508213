"""A photo of a handwritten digit: looked at before it is decoded, and turned into a drawing for the sheet."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from nnlib.chapter23.drawn_digits import find_digit_on_photo
from pages.ex23_3.digit_canvas import SIDE

TYPES = ["png", "jpg", "jpeg"]
LARGEST_MB = 20
MOST_PIXELS = 50_000_000  # once decoded; a small file can hold a huge picture
SMALLEST_SIDE = 16  # pixels
DECODED_SIDE = 512  # pixels of the longer side that are kept: more than the digit needs
UNREADABLE = "This file is not a picture that can be read. Take a PNG or a JPEG file."


def drawing_from_photo(content: bytes) -> np.ndarray:
    """The digit on a photo, as a square drawing for the sheet.

    Parameters
    ----------
    content : of a PNG or JPEG file

    Raises
    ------
    ValueError
        In plain words, if it is no such file, too large or too small, or no digit stands out on it.
    """
    return find_digit_on_photo(read_grey(content), SIDE // 2)


def read_grey(content: bytes) -> np.ndarray:
    """The picture as grey values from 0 (black) to 1 (white), upright, at most `DECODED_SIDE` pixels long.

    What is transparent counts as white paper. Raises ValueError as `drawing_from_photo` does.
    """
    if len(content) > LARGEST_MB * 2**20:
        raise ValueError(f"This file is larger than {LARGEST_MB} MB. Take a smaller one.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=["PNG", "JPEG"])  # reads no more than the size
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise Image.DecompressionBombError
            if min(width, height) < SMALLEST_SIDE:
                raise ValueError(f"This picture is only {width} × {height} pixels. Take a larger one.")
            image.draft("L", (DECODED_SIDE, DECODED_SIDE))  # a JPEG is decoded no larger than it must be
            return _grey(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValueError(
            f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels. Take a smaller one."
        ) from None
    except (OSError, SyntaxError):  # Pillow: no picture, cut short, or damaged
        raise ValueError(UNREADABLE) from None


def _grey(image: Image.Image) -> np.ndarray:
    """Every mode there is in PNG and JPEG as grey values."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = Image.fromarray((np.asarray(image) / 257).astype(np.uint8))
    image.thumbnail((2 * DECODED_SIDE, 2 * DECODED_SIDE), Image.Resampling.BOX)
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    grey = upright.convert("L")
    grey.thumbnail((DECODED_SIDE, DECODED_SIDE), Image.Resampling.BOX)
    return np.asarray(grey) / 255
