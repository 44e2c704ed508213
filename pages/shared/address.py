"""The page in its browser: settings in the address, steps in the history, and connections that break."""

from math import isfinite
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared.svg.component import script

_gather_steps, _come_back, _stay_at_section, _keep_place = (
    script(Path(__file__).with_name(f"{name}.js"))
    for name in ("one_step_back", "come_back", "stay_at_section", "keep_place")
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


def mind_the_browser() -> None:
    """What Streamlit leaves to be desired in the browser.

    Back undoes one action, of which Streamlit notes many steps. No broken connection loses a press. And where the
    address names a section of the page, the reader stays at it while the page grows. A press moves nothing.
    """
    with st.sidebar:  # where it takes no room on the page
        _gather_steps(key="one_step_back")
        _come_back(key="come_back")
        _stay_at_section(key="stay_at_section")
        _keep_place(key="keep_place")


def name_in_address(key: str, value: str | None) -> None:
    """Have this value in the address, or none: for what no control that is bound to it holds."""
    if value is None:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value


def is_back_or_forward() -> bool:
    """Whether the browser's Back or Forward has brought the reader here, and its address has set the controls."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _is_no_number(value: str) -> bool:
    """Whether it is read as infinite or as not a number; text is neither."""
    try:
        return not isfinite(float(value))
    except ValueError:
        return False
