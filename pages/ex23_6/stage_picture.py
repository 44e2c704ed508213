"""The picture of page 23.6: samples to drag, the line that is taken away, and the arrows that make dz.

stage_picture.js computes what it draws, so that it follows the hand; Python hands over the batch.
"""

from dataclasses import asdict
from math import inf, isfinite

import streamlit as st

from nnlib.chapter23.batch_norm import ROUNDING, backward, forward
from pages.ex23_6.controls import (
    BEGINS,
    EPSILONS,
    KNOWN,
    LINE,
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
from pages.shared.address import name_in_address
from pages.shared.frame import experiments_begun
from pages.shared.svg.component import component

NOTHING = 1e-4  # of the terms of a sum: what no eye tells from 0
KEY = controls.key("picture")
PLACE_NUMBER = f"{KEY}_place_number"  # of the last message on what the hand has moved
MOVED = f"{KEY}_moved"  # whether the hand has moved samples since the picture was last drawn
DRAWN = f"{KEY}_drawn"  # the batch of the last drawing, and by what it began: an experiment, Start over
TRIES = f"{KEY}_tries"  # how often a new batch has come by anything but the hand: the reader's line begins anew
LEVEL = f"{KEY}_level"  # the try in which the reader has once found the line's height
EXACT = 1e-9  # in g: how far off a line is that lies where it must
EDGE = 1.08  # of the axis of z, beyond the reach of the hand

_draw = component(__file__, '<p class="key"></p><div class="drawing"></div>')


def draw_picture(chosen: Chosen) -> None:
    """Draw the batch, with the samples beyond n, which are on the page once the slider of n has moved."""
    state = st.session_state
    begun_by = state.get(controls.key("tried")), state.get(STARTS_OVER)
    drawn = (chosen.z, chosen.g, chosen.epsilon, chosen.ddof, *begun_by)
    by_hand = state.pop(MOVED, False)
    if DRAWN not in state:
        _read_line()
    if drawn != state.get(DRAWN) and not by_hand:
        if DRAWN in state:
            state.pop(LINE, None)
        state[TRIES] = state.get(TRIES, 0) + 1
    state[DRAWN] = drawn
    line = state.get(LINE)
    name_in_address(LINE, line and " ".join(f"{end:.13g}" for end in line))
    if height_is_found():
        state[LEVEL] = state[TRIES]
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
        "guess": line and {"left": line[0], "right": line[1]},
        "is_told": is_known(),
        "is_open": answer_is_open(),
        "begins": state.get(BEGINS, 0),
        "words": controls.key("words"),
        "picture": KEY,
        "tilts_at_once": tilts_at_once(),
    }
    _draw(key=KEY, data=data, on_moved_change=_moved, on_line_change=_laid)


def line_is_found() -> bool:
    """Whether the reader has laid by hand the line of the batch that is drawn."""
    return max(_misses()) <= EXACT


def height_is_found() -> bool:
    """Whether the reader's line has its right height, so that it can be tilted."""
    return _misses()[0] <= EXACT


def height_was_found() -> bool:
    """Whether it has had it in this try, and may have been moved away again."""
    return LEVEL in st.session_state and st.session_state[LEVEL] == st.session_state[TRIES]


def _misses() -> tuple[float, float]:
    """How far the reader's line is from the one that is lost, at u and in its slope over z̄."""
    state = st.session_state
    if LINE not in state or DRAWN not in state:
        return inf, inf
    (left, right), (z, g, epsilon, ddof, *_) = state[LINE], state[DRAWN]
    try:
        passed = forward(z, epsilon=epsilon, ddof=ddof)
    except ValueError:
        return inf, inf
    true, rise = backward(passed, g), (right - left) / (2 * EDGE * REACH)
    return abs((left + right) / 2 + rise * passed.u - true.height), abs(rise * passed.scale - true.slope)


def _read_line() -> None:
    """Take the reader's line from the address, as after a reload."""
    try:
        left, right = map(float, st.query_params.get(LINE, "").split())
    except ValueError:
        return
    if isfinite(left) and isfinite(right):
        st.session_state[LINE] = left, right


def tilts_at_once() -> bool:
    """Whether the line has its ends from the start: for one who has solved it, or comes by a link."""
    return st.session_state.get(PUZZLE) == "link" or bool(st.session_state.get(KNOWN))


def _laid() -> None:
    """Keep the line where the reader has laid it."""
    state = st.session_state
    line = KEY in state and state[KEY].line
    if not line or line["tries"] != state.get(TRIES) or not state.get(PUZZLE):
        return  # the page has begun anew meanwhile
    state[LINE] = float(line["left"]), float(line["right"])
    if line_is_found():
        state[KNOWN] = True


def _moved() -> None:
    """Put the samples where the hand has them, before the script runs again."""
    message = st.session_state[KEY].moved
    if message is not None:
        for j, z, g in message["places"]:
            move_sample(int(j), float(z), float(g))
        st.session_state[PLACE_NUMBER] = int(message["number"])
        st.session_state[MOVED] = True
