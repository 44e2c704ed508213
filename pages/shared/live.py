"""The one way in which a part of a page moves by itself."""

from collections.abc import Callable

import streamlit as st

from pages.shared.delivery import wait_for_delivery

PAUSE = 0.1


def live(
    key: str, moving: bool, move_on: Callable[[], None], draw: Callable[[], None], pause: float = PAUSE
) -> None:
    """Draw a part of the page and, while it is `moving`, move it on and draw it anew, again and again.

    Parameters
    ----------
    key : unique name on the page
    moving : whether there is anything to wait for. Without it no timer runs
    move_on : a slice of work, such as `Run.move_on`. It is not called while the whole page is drawn, which would
        make the reader wait for the rest of the page; but it is when the reader moves a control that `draw` drew
    draw : where it stands; it may draw controls. Where nothing is left to do, it calls `st.rerun()` after
        noting so, for the whole page to follow
    pause : seconds between two pictures, besides what moving on takes
    """
    page_is_drawn = False

    @st.fragment(run_every=pause if moving else None)
    def part() -> None:
        nonlocal page_is_drawn
        if page_is_drawn and moving:
            move_on()
        page_is_drawn = True
        draw()
        if moving:
            wait_for_delivery()

    with st.container(key=key):
        part()
