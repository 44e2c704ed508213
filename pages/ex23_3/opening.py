"""Open another tab of page 23.3 from within a part of the page that is drawn by itself."""

import streamlit as st

from pages.ex23_3.controls import controls

_WANTED = controls.key("whole_page")


def open_tab(name: str) -> None:
    """Open a tab; made for a button's callback."""
    st.session_state[controls.key("tab")] = name
    st.session_state[_WANTED] = True


def follow_to_tab() -> None:
    """Draw the whole page, where only a part of it is being drawn and a tab was opened from there."""
    if st.session_state.get(_WANTED):
        st.rerun()


def is_open() -> None:
    """The whole page is being drawn, and with it the tab that was opened."""
    st.session_state.pop(_WANTED, None)
