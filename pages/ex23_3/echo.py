"""A number that the browser sends back once it has drawn it, and with it all that stands before it on the page."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.shared.svg.component import script

_draw = script(Path(__file__).with_suffix(".js"))


def echo(number: int, key: str, on_echo: Callable[[int], None]) -> None:
    """Send a number other than 0 to the browser; `on_echo` gets it back, once, when it has been drawn.

    This is no fragment: what several widgets say at once, the browser sends as one message. Were this one of them,
    it alone would then run, and nothing would answer what the reader has set in the same moment. It takes no room
    (stage.css).
    """
    _draw(key=key, data={"number": number}, on_number_change=lambda: on_echo(st.session_state[key].number))
