"""A sheet to draw a digit on, with mouse, finger or keys; its pixels reach Python when a stroke ends."""

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.shared.svg.component import component

SIDE = 224  # pixels of the sheet: 8 for each pixel of MNIST's pictures, 28 for each of the small digits'
BRUSH = 20  # pixels: after scaling, about as thick as MNIST's strokes
KEY_STEP = 8  # pixels an arrow key moves the pen

_draw = component(__file__, Path(__file__).with_suffix(".html").read_text(encoding="utf-8"))


def drawing_on(key: str) -> np.ndarray:
    """What is drawn on the sheet `key`, (SIDE, SIDE) from 0 to 1; it outlives reruns and page switches."""
    pixels = st.session_state.get(f"{key}_pixels", "")
    if not pixels:
        return np.zeros((SIDE, SIDE))
    return np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(SIDE, SIDE) / 255


def put_on(key: str, picture: np.ndarray) -> None:
    """Replace what is drawn on the sheet `key` by a square picture, values from 0 to 1, enlarged to fill it."""
    zoom = SIDE // len(picture)
    pixels = np.rint(255 * np.kron(picture, np.ones((zoom, zoom)))).astype(np.uint8)
    st.session_state[f"{key}_pixels"] = base64.b64encode(pixels.tobytes()).decode()
    st.session_state[f"{key}_revision"] = st.session_state.get(f"{key}_revision", 0) + 1


def digit_canvas(key: str, about: str, on_pen_down: Callable[[], None] | None = None) -> None:
    """Draw the sheet with its buttons; `drawing_on` tells what is on it.

    Parameters
    ----------
    key : unique name on the page
    about : one sentence under it, read aloud when it changes
    on_pen_down : called when a stroke begins
    """

    def take_over() -> None:
        drawing: Mapping[str, Any] = st.session_state[key].drawing
        st.session_state[f"{key}_pixels"] = drawing["pixels"]

    _draw(
        key=key,
        data={
            "side": SIDE,
            "brush": BRUSH,
            "key_step": KEY_STEP,
            "pixels": st.session_state.get(f"{key}_pixels", ""),
            "revision": st.session_state.get(f"{key}_revision", 0),
            "about": about,
            "tell_pen_down": on_pen_down is not None,
        },
        on_drawing_change=take_over,
        on_pen_down_change=on_pen_down or (lambda: None),
    )
