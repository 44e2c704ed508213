"""A button under the stage that opens one of the page's tabs, and brings it into view."""

from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared.controls import Controls
from pages.shared.svg.component import script

_scroll = script(Path(__file__).with_suffix(".js"), uses_svg=True)


def lead_to(controls: Controls, tab: str, label: str, **others: Any) -> None:
    """Draw the button.

    Parameters
    ----------
    controls : of the page
    tab : the name of the tab
    label : what the button says
    others : how it looks, for Streamlit: type, icon
    """
    count = controls.key("led")

    def lead() -> None:
        st.session_state[controls.key("tab")] = tab
        st.session_state[count] = st.session_state.get(count, 0) + 1

    with st.container(key="lead_to"):  # frame.css makes it stand out once the picture has been seen
        controls.button("lead", label, lead, **{"icon": ":material/arrow_downward:"} | others)
    bring_into_view(controls, st.session_state.get(count, 0), tab)


def bring_into_view(controls: Controls, times: int, tab: str) -> None:
    """Scroll to the tab that is open, or without a name to the top, whenever `times` has grown."""
    _scroll(key="led_to", data={"page": controls.page, "led": times, "tab": tab})  # frame.css: it takes no room
