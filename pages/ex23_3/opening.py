"""What a part of page 23.3 that is drawn by itself asks of the whole page: to follow, or to open a tab."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ex23_3.controls import controls
from pages.shared.delivery import give_head_start

_WANTED, _FOLLOWS = controls.key("wanted_tab"), controls.key("page_follows")


def open_tab(name: str) -> None:
    """Ask for a tab; made for a button's callback."""
    st.session_state[_WANTED] = name


def follow_to_tab() -> None:
    """Draw the whole page, where only a part of it is being drawn and a tab was asked for from there."""
    if _WANTED in st.session_state:
        st.rerun()


def before_the_page(action: Callable[..., None], *args: Any) -> None:
    """Do what was clicked, and ask for the whole page once the part with the button is drawn; for its callback."""
    action(*args)
    st.session_state[_FOLLOWS] = True


def let_the_page_follow() -> None:
    """Draw the whole page where it was asked for, as soon as the browser has what was just drawn."""
    if st.session_state.pop(_FOLLOWS, False):
        give_head_start()
        st.rerun()


def begin_with_what_was_asked() -> None:
    """Open the tab that was asked for; the whole page is being drawn, from its top."""
    st.session_state.pop(_FOLLOWS, None)
    if _WANTED in st.session_state:
        st.session_state[controls.key("tab")] = st.session_state.pop(_WANTED)
