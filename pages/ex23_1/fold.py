"""The stage's picture: the square of inputs, two hidden neurons, and the square into which they fold it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from nnlib.chapter23.gates import GATES
from pages.ex23_1.controls import GOALS, LARGEST, START, Weights, controls, take
from pages.shared.frame import experiments_begun
from pages.shared.svg.component import component

KEY = controls.key("fold")
EDITS = controls.key("edits")  # how many of the reader's edits have come from the browser

Told = dict[str, str]

_draw = component(__file__, Path(__file__).with_suffix(".html").read_text(encoding="utf-8"), after=["square"])


@dataclass(frozen=True)
class LossCurve:
    """The loss of a network that learns: (step, loss) so far, how many steps there will be, and both in words."""

    losses: Sequence[tuple[int, float]] = ()
    steps: int = 1
    progress: str = ""


def draw_fold(
    weights: Weights, gate: str, told: Told, curve: LossCurve | None = None, hides: bool = False
) -> None:
    """Draw the network with its sliders; what the reader moves there comes back into the controls.

    Parameters
    ----------
    weights : the nine parameters, the sharpness and the chosen corner
    gate : one of `GATES`, which the corners are held against
    told : what is said beside the sliders it is `at`, "h1", "h2" or "y", such as a mission: `title`, `text`, and
        where the square is folded `folded` in place of the text; and which hidden neurons are `done`. At "all" the
        text stands above the picture
    curve : of a network that learns by itself, whose sliders cannot be moved; None for one that is set by hand
    hides : whether an experiment has yet to be answered by what is said of the last square
    """
    shown = curve or LossCurve()
    _draw(
        key=KEY,
        data={
            "values": list(weights.values),
            "sharpness": weights.sharpness,
            "corner": weights.corner,
            "targets": list(GATES[gate]),
            "goals": {**GOALS, "y": gate},
            "mission": told,
            "start": START,
            "fresh": list(weights.values) == START,
            "gates": {name: list(GATES[name]) for name in GOALS.values()},
            "largest": LARGEST,
            "by_hand": curve is None,
            "begun": experiments_begun("ex23_1"),
            "hides": hides,
            "edits": st.session_state.get(EDITS, 0),
            "curve": {"losses": list(shown.losses), "steps": shown.steps, "progress": shown.progress},
        },
        on_set_change=_hear,
    )


def _hear() -> None:
    """What the reader has set in the picture becomes what the controls are set to."""
    said: dict[str, Any] = st.session_state[KEY].set
    take(said["values"], said["sharpness"], said["corner"])
    st.session_state[EDITS] = said["edits"]
