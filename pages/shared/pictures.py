"""Digits and first-layer weights as pictures."""

import base64
import io

import numpy as np
import streamlit as st
from PIL import Image

POSITIVE, NEGATIVE = (0, 114, 178), (213, 94, 0)  # blue and vermilion, as on the stage
ZOOM = 4  # screen pixels a pixel of the picture, so that the browser does not blur it


def enlarge(image: np.ndarray, zoom: int = ZOOM) -> np.ndarray:
    """(height, width) grey values, or (height, width, 3) colours, enlarged: each pixel a square."""
    return np.repeat(np.repeat(image, zoom, axis=0), zoom, axis=1)


def digit_image(pixels: np.ndarray, shape: tuple[int, int], brightest: int) -> np.ndarray:
    """A row of pixels from 0 to `brightest` as an enlarged picture, uint8."""
    grey = np.asarray(pixels, float).reshape(shape) * (255 / brightest)
    return enlarge(grey.astype(np.uint8), ZOOM if shape[0] > 10 else 3 * ZOOM)


def weight_image(weights: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Weights of one neuron as a picture in colours: the more blue, the larger, the more vermilion, the smaller.

    White is 0.
    """
    largest = np.abs(weights).max() or 1.0
    share = (weights.reshape(*shape, 1) / largest).astype(float)
    colours = np.where(share > 0, np.array(POSITIVE), np.array(NEGATIVE))
    return enlarge((255 + np.abs(share) * (colours - 255)).astype(np.uint8), 3 if shape[0] > 10 else 9)


def inline_png(image: np.ndarray) -> str:
    """A uint8 picture as an address that holds the picture itself.

    It travels inside the page: as a file of its own it might be gone before the browser asks for it.
    """
    png = io.BytesIO()
    Image.fromarray(image).save(png, "PNG")
    return f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"


def picture(image: np.ndarray, text: str, width: int) -> None:
    """One uint8 grey picture; `text` says what it shows to a reader who cannot see it."""
    st.image(inline_png(image), width=width, alt=text)


def picture_row(images: list[np.ndarray], captions: list[str], texts: list[str], width: int) -> None:
    """Pictures with captions side by side, as many in a line as there is room for.

    Parameters
    ----------
    images : uint8 grey pictures
    captions : Markdown under each picture
    texts : what a reader who cannot see the picture should know
    width : of each, in screen pixels
    """
    with st.container(horizontal=True, gap="small"):
        for image, caption, text in zip(images, captions, texts, strict=True):
            with st.container(width=width, gap=None):
                picture(image, text, width)
                st.markdown(caption)
