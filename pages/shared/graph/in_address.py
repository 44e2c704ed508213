"""What the reader has drawn, in the address: a reload finds it again."""

import streamlit as st

from pages.shared.address import name_in_address
from pages.shared.controls import Controls

KEPT = "drawing_kept"  # name → what is in the address under it


def keep(controls: Controls, name: str, value: str) -> None:
    """From now on have this in the address, or without a value nothing."""
    st.session_state.setdefault(controls.key(KEPT), {})[name] = value


def kept(controls: Controls, name: str) -> str:
    """What has been kept under this name, in this session or, by the address, before it."""
    here: dict[str, str] = st.session_state.get(controls.key(KEPT), {})
    return here[name] if name in here else st.query_params.get(controls.key(name), "")


def keep_in_address(controls: Controls) -> None:
    """Write it there, where it is missing, as after a visit to another page."""
    for name, value in st.session_state.get(controls.key(KEPT), {}).items():
        name_in_address(controls.key(name), value or None)
