"""A layer's neurons in a row, those a mask drops crossed out; the reader clicks a neuron to choose it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from pages.shared.delivery import give_head_start
from pages.shared.numbers import number
from pages.shared.svg.ahead import Thumb, followed
from pages.shared.svg.component import component

_draw = component(__file__, '<div class="neurons" role="group"></div>')


def mask_drawing(data: dict[str, Any], on_pick: Callable[[int], None], follow: Sequence[Thumb], key: str) -> None:
    """Draw a layer: the bluer a neuron, the larger |h|; a broken ring and a cross where it is dropped.

    Parameters
    ----------
    data : from `mask_data`
    on_pick : called with a neuron's position when the reader clicks it
    follow : the thumbs for whose other values `send_ahead` has the `mask_data`
    key : unique name on the page
    """

    def picked() -> None:
        pick = st.session_state[key].pick
        if pick is not None:
            on_pick(int(pick))

    _draw(key=key, data=data | followed(key, follow), on_pick_change=picked)
    give_head_start()


def mask_data(
    names: list[str], h: np.ndarray, mask: np.ndarray | None, lines: list[list[str]], chosen: int
) -> dict[str, Any]:
    """What the browser draws a layer from.

    Parameters
    ----------
    names : such as "h₁", one a neuron
    h : (m,) outputs before the mask
    mask : (m,) of 0 and 1, or None before the first draw
    lines : what stands under each neuron
    chosen : the marked neuron, from 0
    """
    largest = float(np.abs(h).max()) or 1.0

    def neuron(j: int) -> dict[str, object]:
        dropped = mask is not None and mask[j] == 0
        fate = "" if mask is None else "dropped, " if dropped else "kept, "
        return {
            "name": names[j],
            "fill": 0.0 if dropped else round(0.6 * abs(float(h[j])) / largest, 3),
            "dropped": bool(dropped),
            "lines": [f"h = {number(h[j])}", *lines[j]],
            "about": f"Neuron {j + 1}, {fate}h = {number(h[j])}, {', '.join(lines[j])}",
            "chosen": j == chosen,
        }

    return {"title": "The layer's neurons", "neurons": [neuron(j) for j in range(len(names))]}
