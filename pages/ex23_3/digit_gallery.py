"""Test pictures side by side, each with the network's answer; a click on one sends it on."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.ex23_3.stage_picture import Digit
from pages.shared.svg.component import component

_draw = component(__file__, '<div class="gallery" role="toolbar"></div>')


def digit_gallery(digits: Sequence[tuple[int, Digit]], key: str, on_pick: Callable[[int], None]) -> None:
    """Draw the pictures as buttons; Tab reaches one of them, arrow keys lead on to the others.

    Parameters
    ----------
    digits : row of each test picture, and the picture with its answer
    key : unique name on the page
    on_pick : called with the row of the picture that was clicked, before the whole page is drawn again
    """

    def hand_on() -> None:
        if (picked := st.session_state[key].picked) is not None:
            on_pick(int(picked[0]))

    result = _draw(
        key=key,
        data={"title": "Test pictures. A click shows one's way through the network.", "tiles": _tiles(digits)},
        on_picked_change=hand_on,
    )
    if result.picked is not None:
        st.rerun()  # where a part of the page runs alone, the picture is sent to another part


def _tiles(digits: Sequence[tuple[int, Digit]]) -> list[dict[str, Any]]:
    return [
        digit.message(f"Test picture {row}")
        | {
            "row": row,
            "below": [*([] if digit.output is None else [f"({digit.output_written})"]), f"is {digit.label}"],
        }
        for row, digit in digits
    ]
