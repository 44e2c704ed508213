"""A page's address, which holds the reader's settings: what in it could never be one of them, and its history."""

from math import isfinite
from pathlib import Path

import streamlit as st

_gather_steps = st.components.v2.component(
    "one_step_back", js=Path(__file__).with_name("one_step_back.js").read_text(encoding="utf-8")
)


def drop_impossible_values() -> None:
    """Take out of the address what is empty, or a number that is none; then start the page anew.

    Streamlit itself drops values that a control does not have, but fails at an infinite one. To be called before
    the first control of a session is drawn: later the address belongs to the controls.
    """
    impossible = [
        name
        for name in st.query_params
        if any(not value or _is_no_number(value) for value in st.query_params.get_all(name))
    ]
    for name in impossible:
        del st.query_params[name]
    if impossible:
        st.rerun()  # controls are set by the address as it was when the page was started


def let_back_undo_one_action() -> None:
    """Make the many steps that one action leaves in the browser's history a single one."""
    with st.sidebar:  # where it takes no room on the page
        _gather_steps(key="one_step_back")


def _is_no_number(value: str) -> bool:
    """Whether it is read as infinite or as not a number; text is neither."""
    try:
        return not isfinite(float(value))
    except ValueError:
        return False
