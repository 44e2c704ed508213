"""The picture of page 23.6: samples to drag, the line that is taken away, and the arrows that make dz.

stage_picture.js computes what it draws, so that it follows the hand; Python hands over the batch.
"""

from dataclasses import asdict

import streamlit as st

from nnlib.chapter23.batch_norm import ROUNDING
from pages.ex23_6.controls import EPSILONS, REACH, STEPS, Chosen, all_samples, controls, move_sample
from pages.shared.svg.component import component

NOTHING = 1e-4  # of the terms of a sum: what no eye tells from 0
KEY = controls.key("picture")
PLACE_NUMBER = f"{KEY}_place_number"  # of the last message on what the hand has moved

_draw = component(__file__, '<p class="key"></p><div class="drawing"></div>')


def draw_picture(chosen: Chosen) -> None:
    """Draw the batch, with the samples beyond n, which are on the page once the slider of n has moved."""
    data = {
        **asdict(chosen),
        **all_samples(),
        "n": len(chosen.z),
        "step": STEPS.index(chosen.step),
        "epsilons": list(EPSILONS.values()),
        "sliders": {name: controls.key(name) for name in ("n", "gamma", "beta", "epsilon")},
        "reach": REACH,
        "nothing": NOTHING,
        "rounding": ROUNDING,
        "place_number": st.session_state.get(PLACE_NUMBER, 0),
    }
    _draw(key=KEY, data=data, on_moved_change=_moved)


def _moved() -> None:
    """Put the samples where the hand has them, before the script runs again."""
    message = st.session_state[KEY].moved
    if message is not None:
        for j, z, g in message["places"]:
            move_sample(int(j), float(z), float(g))
        st.session_state[PLACE_NUMBER] = int(message["number"])
