"""Pictures sent ahead for every value of a slider, so that they follow its thumb while it moves."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.shared.svg.component import script

AT_A_TIME = 0.15  # seconds: whatever else the reader does meanwhile waits no longer

_send = script(Path(__file__).with_suffix(".js"))


@dataclass(frozen=True)
class Thumb:
    """What a drawing follows: the key of a slider, its value here, and whatever else the drawing depends on."""

    slider: str
    at: float
    of: str


@st.fragment
def send_ahead(thumb: Thumb, values: Sequence[float], pictures: Callable[[float], str]) -> None:
    """Send the pictures of every value, the nearest ones first, once the pointer or the focus is on the slider.

    Parameters
    ----------
    thumb : what the drawings follow
    values : of the slider
    pictures : for one of them, the data of each drawing by its key, in JSON. It is asked again and again: let it
        remember
    """
    asked = f"{thumb.slider}_asked"
    sent: list[str] = []
    if st.session_state.get(asked) == thumb.of:
        end = time.monotonic() + AT_A_TIME
        for value in sorted(values, key=lambda value: abs(value - thumb.at)):
            if time.monotonic() > end:
                break
            sent.append(f"[{value},{pictures(value)}]")
    _send(
        key=f"{thumb.slider}_ahead",
        data={
            "slider": thumb.slider,
            "of": thumb.of,
            "sent": f"[{','.join(sent)}]",
            "all": len(sent) == len(values),
        },
        on_ask_change=lambda: st.session_state.update({asked: thumb.of}),
    )
