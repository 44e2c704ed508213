"""A page's address, which holds the reader's settings: what in it could never be one of them."""

from math import isfinite

import streamlit as st


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


def _is_no_number(value: str) -> bool:
    """Whether it is read as infinite or as not a number; text is neither."""
    try:
        return not isfinite(float(value))
    except ValueError:
        return False
