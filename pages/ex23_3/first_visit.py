"""Up to a second run: what the network is, in place of settings that say nothing to the reader yet."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ex23_3.controls import controls
from pages.ex23_3.settings import DIGITS, Settings
from pages.ex23_3.training import Training
from pages.shared.page import read_prose

_OPENED = controls.key("settings_opened")


def is_untrained(training: Training) -> bool:
    """Whether nothing is trained yet: there is no curve to draw."""
    return training.runs.newest is None and (training.shown is None or not training.shown.has_begun)


def is_first_visit(training: Training, settings: Settings) -> bool:
    """Whether there is at most one run, and nothing has been set nor the settings asked for; never again after."""
    are_shown = _OPENED in st.session_state or st.session_state.get(controls.key("more"))
    if are_shown or len(training.runs.runs) > 1 or settings != Settings().without_idle():
        open_settings()
    return _OPENED not in st.session_state


def introduce(training: Training) -> None:
    """The introduction, as high as the settings, in whose place it stands (stage.css).

    What a batch and an epoch are is told once they go by.
    """
    with st.container(key=controls.key("introduction")):
        st.markdown(read_prose(__file__, "introduction" if is_untrained(training) else "batches_and_epochs"))


def hold_place(training: Training, settings: Settings) -> DeltaGenerator:
    """In the picture's place, that its digits are being read: the first time, that takes a moment.

    Empty it then.
    """
    place = st.empty()
    if training.shown is None:
        count = "70,000 " if settings.data != DIGITS else ""
        with place.container(key=controls.key("loading")):
            st.markdown(f"Loading {count}digits…")
    return place


def open_settings() -> None:
    """Show the settings from now on; made for a button's callback."""
    st.session_state[_OPENED] = True
