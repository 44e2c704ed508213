"""The opening of page 23.1: one neuron is tried first; the reader finds out what it lacks, and what would help."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.gates import CORNERS, GATES, NEURONS, computed_gate, gate_network, is_right, truth_table
from pages.ex23_1.controls import (
    ALONE,
    ASKED,
    BY_HAND,
    CARRIED,
    GOALS,
    MODE,
    PARAMETERS,
    REACHED,
    START,
    STEPS,
    controls,
)
from pages.shared.frame import way_through
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.svg.component import component

SLIDERS = {"alone_w1": ("Weight of x₁", 6.0), "alone_w2": ("Weight of x₂", 0.0), "alone_b": ("Bias", -3.0)}
LARGEST, STEP = 10.0, 0.5
PAIR = controls.key("pair")
HINTED = controls.key("opening_hint")  # in the session while the hint is shown

TASK = "**Can one neuron do it?** Slide until as many corners as possible are right."
# Each fits into one line behind the steps: nothing moves when one takes the place of another.
HINT = "**Hint:** Cut off the ● at (1, 1): raise both weights, then lower the bias."
FOUND = "**3 of 4 is the most one neuron can do:** no straight line separates ● from ○. Choose two."
FIRST = "**First choose two neurons** for the network: one straight line does not separate ● from ○."
BUILD = "**Press “Build the network”** and make its three neurons."
HINT_FOR_PAIR = "**Hint:** One line must cut off the ● at (1, 1), the other the ● at (0, 0)."
QUESTION = (
    "**Two neurons, then, and a third that joins them.** AND is 1 where both inputs are 1, OR where at least one "
    "is, NOR where neither is. Which two would do?"
)


class Pair(NamedTuple):
    """Two hidden neurons to choose: their gates, whether a third can make XNOR of them, and why."""

    gates: Sequence[str]
    works: bool
    why: str


COPIES = {"x₁": (20, 0, -10), "x₂": (0, 20, -10)}  # neurons that repeat an input
PAIRS = {
    "AND and OR": Pair(
        ("AND", "OR"),
        True,
        "These two do it: the third neuron must be 1 where AND is 1 or OR is 0. The printed solution pairs AND "
        "with NOR, which is OR turned round, and so do we.",
    ),
    "OR and NOR": Pair(
        ("OR", "NOR"),
        False,
        "Both draw the same line, for NOR is 1 just where OR is 0. The third neuron could not tell the ● at "
        "(1, 1) from the two ○.",
    ),
    "AND and NOR": Pair(
        ("AND", "NOR"),
        True,
        "One finds the ● at (1, 1), the other the ● at (0, 0). The third neuron has only to be 1 where one of "
        "them is.",
    ),
    "x₁ and x₂": Pair(
        ("x₁", "x₂"),
        False,
        "Each repeats one input. The third neuron sees the corners where they were, and has but one straight "
        "line again.",
    ),
}

_draw = component(__file__, Path(__file__).with_suffix(".html").read_text(encoding="utf-8"), after=["square"])


def show_opening(buttons: DeltaGenerator) -> None:
    """The task, the picture, three sliders; once three corners are right, why not four, and which two would do."""
    words = st.empty()
    left, right = st.columns([11, 10], gap="medium")
    with right.container(key=controls.key("beside"), gap="xsmall"):
        first = st.container(gap="xsmall")
        st.markdown(
            "A neuron multiplies each input by a weight, and adds a bias. Where this sum is above 0, its output "
            "is above ½."
        )
        values = [
            controls.slider(name, label, -LARGEST, LARGEST, start, STEP, on_change=_forget_pair)
            for name, (label, start) in SLIDERS.items()
        ]
        count = is_right(gate_network(values).predict_proba(CORNERS), truth_table("XNOR")).sum()
        pair = st.session_state.get(PAIR) or st.query_params.get(PAIR)
        if count == 3:
            st.session_state[REACHED] = True
        elif pair in PAIRS and REACHED not in st.session_state:
            st.session_state[ASKED] = True  # as in an address
        is_found, is_asked = REACHED in st.session_state, ASKED in st.session_state
        with first if is_asked else st.container(gap="xsmall"):
            pair = _ask() if is_found or is_asked else None
    is_chosen = pair is not None and PAIRS[pair].works
    hint = None if is_chosen else HINT_FOR_PAIR if is_found or is_asked else HINT
    task = BUILD if is_chosen else FOUND if is_found else FIRST if is_asked else TASK
    is_hinted = hint is not None and st.session_state.get(HINTED) == hint
    controls.button(
        "opening_hint_button",
        "Hide the hint" if is_hinted else "Give me a hint",
        _turn_hint,
        None if is_hinted else hint,
        place=buttons,
        disabled=is_chosen,
    )
    words.markdown(f"{way_through(STEPS, 1)}\u2002{hint if is_hinted else task}")
    with left:
        _draw(
            key=controls.key("opening"),
            data={
                "sliders": [
                    {"key": controls.key(name), "value": value}
                    for name, value in zip(SLIDERS, values, strict=True)
                ],
                "largest": LARGEST,
                "targets": list(GATES["XNOR"]),
                "pair": [] if pair is None else _lines(PAIRS[pair]),
            },
        )


def _ask() -> str | None:
    """Which two neurons would do, and what to say of the reader's choice, which is returned."""
    st.markdown(QUESTION)
    chosen = controls.perhaps("pair", "Which two would do?", list(PAIRS), label_visibility="collapsed")
    if chosen is not None:
        pair = PAIRS[chosen]
        st.markdown(f"{RIGHT if pair.works else WRONG} {pair.why}")
        if pair.works:
            controls.button("build", "Build the network", _build, type="primary", icon=":material/arrow_forward:")
    return chosen


def _lines(pair: Pair) -> list[dict[str, object]]:
    """The line of each, with the name that stands on its upper side."""
    return [{"name": gate, "values": list((NEURONS | COPIES)[gate])} for gate in pair.gates]


def _build() -> None:
    """On to the network; a neuron that computes AND or NOR is its h₁ or h₂, where nothing is built yet."""
    st.session_state[MODE] = BY_HAND
    alone = [float(st.session_state[controls.key(name)]) for name in SLIDERS]
    gate = computed_gate(gate_network(alone).predict_proba(CORNERS))
    is_new = [st.session_state[controls.key(name)] for name in PARAMETERS] == START
    for goal, names in (("h1", ("w1_11", "w1_21", "b1_1")), ("h2", ("w1_12", "w1_22", "b1_2"))):
        if is_new and gate == GOALS[goal]:
            st.session_state.update(controls.keyed(dict(zip(names, alone, strict=True))))
            st.session_state[CARRIED] = goal


def choose_first() -> None:
    """Who asks for a network has chosen its neurons, or is led to the question: their gates are its answer."""
    pair = st.session_state.get(PAIR)
    if pair in PAIRS and PAIRS[pair].works:
        return _build()
    st.session_state[MODE] = ALONE
    st.session_state[ASKED] = True


def _turn_hint(hint: str | None) -> None:
    """Show this hint in place of the task, or the task again."""
    st.session_state[HINTED] = hint


def _forget_pair() -> None:
    """Who moves the one neuron sees its line again."""
    st.session_state[PAIR] = None


def start_opening_over() -> None:
    """One neuron as the page opened, and nothing found yet."""
    st.session_state.update(controls.keyed({name: start for name, (_, start) in SLIDERS.items()}))
    for key in (REACHED, ASKED, HINTED):
        st.session_state.pop(key, None)
    _forget_pair()
