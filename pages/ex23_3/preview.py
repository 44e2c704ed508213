"""Home's picture of exercise 23.3."""

import streamlit as st

from nnlib.datasets import mnist_pictures
from pages.shared.pictures import digit_image, inline_png
from pages.shared.preview import EDGE, HEIGHT, WIDTH, Mark, show_preview

DIGITS = 4


def draw() -> None:
    """The first digits of MNIST's own test set."""
    try:
        pictures, digits = mnist_pictures(DIGITS)
    except OSError as error:
        st.error(str(error), icon=":material/error:")
        return
    room = (WIDTH - 2 * EDGE) / DIGITS
    side = room - 2 * EDGE
    marks: list[Mark] = []
    for k, pixels in enumerate(pictures):
        place = {"x": 2 * EDGE + k * room, "y": (HEIGHT - side) / 2, "width": side, "height": side}
        marks.append({"tag": "rect", **place})  # the picture's own black, until the browser has read it
        marks.append({"tag": "image", "href": inline_png(digit_image(pixels, (28, 28), 255)), **place})
    show_preview(marks, f"Handwritten digits: {', '.join(f'{digit}' for digit in digits)}.", "ex23_3")
