"""Home's picture of exercise 23.3."""

import streamlit as st

from nnlib.datasets import mnist_pictures
from pages.shared.pictures import digit_image, inline_png
from pages.shared.preview import EDGE, HEIGHT, WIDTH, Mark, show_preview

DIGITS = 4


def draw() -> None:
    """The first digits of MNIST's own test set, each a question; the pointer tells what they are."""
    try:
        pictures, digits = mnist_pictures(DIGITS)
    except OSError as error:
        st.error(str(error), icon=":material/error:")
        return
    side = HEIGHT / 2 - EDGE
    marks: list[Mark] = []
    for k, (pixels, digit) in enumerate(zip(pictures, digits, strict=True)):
        left, top = EDGE + k % 2 * WIDTH / 2, EDGE / 2 + k // 2 * HEIGHT / 2
        place = {"x": left, "y": top, "width": side, "height": side}
        marks.append({"tag": "rect", **place})  # the picture's own black, until the browser has read it
        marks.append({"tag": "image", "href": inline_png(digit_image(pixels, (28, 28), 255)), **place})
        place = {"x": left + side + 14, "y": top + side / 2 + 5}
        label = {"tag": "text", "class": "corner", "text": "?", **place}
        marks.append(label | {"to": {"text": [f"{digit}" if stop >= k else "?" for stop in range(DIGITS)]}})
    says = ", ".join(f"{digit}" for digit in digits)
    show_preview(marks, f"Handwritten digits: {says}. Under the pointer each is told.", "ex23_3")
