"""The picture of page 23.6: samples to drag, the line that is taken away, and the arrows that make dz.

stage_picture.js computes what it draws, so that it follows the hand; Python hands over the batch.
"""

from dataclasses import asdict

import streamlit as st

from nnlib.chapter23.batch_norm import ROUNDING
from pages.ex23_6.controls import (
    BEGINS,
    EPSILONS,
    KNOWN,
    OWN,
    PUZZLE,
    REACH,
    STARTS_OVER,
    STEPS,
    Chosen,
    all_samples,
    answer_is_open,
    controls,
    is_known,
    move_sample,
)
from pages.shared.frame import experiments_begun
from pages.shared.svg.component import component

NOTHING = 1e-4  # of the terms of a sum: what no eye tells from 0
KEY = controls.key("picture")
PLACE_NUMBER = f"{KEY}_place_number"  # of the last message on what the hand has moved
MOVED = f"{KEY}_moved"  # whether the hand has moved samples since the picture was last drawn
DRAWN = f"{KEY}_drawn"  # the batch of the last drawing, and by what it began: an experiment, Start over
TRIES = f"{KEY}_tries"  # how often a new batch has come by anything but the hand: the reader's line begins anew
FOUND = f"{KEY}_found"  # the batch whose line the reader has found
LEVEL = f"{KEY}_level"  # the try in which the reader has found the line's height

_draw = component(__file__, '<p class="key"></p><div class="drawing"></div>')


def draw_picture(chosen: Chosen) -> None:
    """Draw the batch, with the samples beyond n, which are on the page once the slider of n has moved."""
    state = st.session_state
    begun_by = state.get(controls.key("tried")), state.get(STARTS_OVER)
    drawn = (chosen.z, chosen.g, chosen.epsilon, chosen.ddof, *begun_by)
    by_hand = state.pop(MOVED, False)
    if drawn != state.get(DRAWN) and not by_hand:
        state[TRIES] = state.get(TRIES, 0) + 1
    state[DRAWN] = drawn
    if chosen.step != OWN:
        for key in (FOUND, LEVEL):
            state.pop(key, None)
    thumbs = {"n": len(chosen.z), "gamma": chosen.gamma, "beta": chosen.beta}
    thumbs["epsilon"] = list(EPSILONS.values()).index(chosen.epsilon)  # the position of its thumb
    data = {
        **asdict(chosen),
        **all_samples(),
        "step": STEPS.index(chosen.step),
        "epsilons": list(EPSILONS.values()),
        "sliders": {name: {"key": controls.key(name), "value": value} for name, value in thumbs.items()},
        "passed_on": bool(state.get(controls.key("more"))),
        "settings": controls.key("others"),
        "reach": REACH,
        "nothing": NOTHING,
        "rounding": ROUNDING,
        "place_number": state.get(PLACE_NUMBER, 0),
        "tries": state[TRIES],
        "begun": experiments_begun("ex23_6"),
        "is_found": line_is_found(),
        "is_told": is_known(),
        "is_open": answer_is_open(),
        "begins": state.get(BEGINS, 0),
        "words": controls.key("words"),
        "picture": KEY,
        "tilts_at_once": tilts_at_once(),
    }
    _draw(key=KEY, data=data, on_moved_change=_moved, on_found_change=_found)


def line_is_found() -> bool:
    """Whether the reader has laid by hand the line of the batch that is drawn."""
    return FOUND in st.session_state and st.session_state[FOUND] == st.session_state[DRAWN]


def height_is_found() -> bool:
    """Whether the reader's line has had its right height in this try, so that it can be tilted."""
    return LEVEL in st.session_state and st.session_state[LEVEL] == st.session_state[TRIES]


def tilts_at_once() -> bool:
    """Whether the line has its ends from the start: for one who has solved it, or comes by a link."""
    return st.session_state.get(PUZZLE) == "link" or bool(st.session_state.get(KNOWN))


def _found() -> None:
    """The reader has laid the line, or has found its height, or has moved it away again."""
    state, found = st.session_state, st.session_state[KEY].found
    if found in ("level", "found"):
        state[LEVEL] = state[TRIES]
    if found == "lost":
        state.pop(FOUND, None)
    elif found == "found":
        state[FOUND] = state[DRAWN]
        state[KNOWN] = True


def _moved() -> None:
    """Put the samples where the hand has them, before the script runs again."""
    message = st.session_state[KEY].moved
    if message is not None:
        for j, z, g in message["places"]:
            move_sample(int(j), float(z), float(g))
        st.session_state[PLACE_NUMBER] = int(message["number"])
        st.session_state[MOVED] = True
