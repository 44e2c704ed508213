"""Open another tab of page 23.3 from within a part of the page that is drawn by itself."""

import streamlit as st

from pages.ex23_3.controls import controls

_WANTED = controls.key("wanted_tab")


def open_tab(name: str) -> None:
    """Ask for a tab; made for a button's callback."""
    st.session_state[_WANTED] = name


def follow_to_tab() -> None:
    """Draw the whole page, where only a part of it is being drawn and a tab was asked for from there."""
    if _WANTED in st.session_state:
        st.rerun()


def open_wanted_tab() -> None:
    """Open the tab that was asked for, before the tabs are drawn with the whole page."""
    if _WANTED in st.session_state:
        st.session_state[controls.key("tab")] = st.session_state.pop(_WANTED)
