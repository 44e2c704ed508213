"""Pictures sent ahead for every value of a slider, so that drawings follow its thumb while it moves."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared.svg.component import script

AT_A_TIME = 0.15  # seconds: whatever else the reader does meanwhile waits no longer

_send = script(Path(__file__).with_suffix(".js"))


@dataclass(frozen=True)
class Thumb:
    """What drawings follow: the thumb of a slider, which moves before the server hears of it.

    Attributes
    ----------
    slider : its key
    at : its value here
    values : all that it can be set to
    chosen : all that the drawings depend on, if the slider is at a value
    pictures : for what is chosen, the data of each drawing by its key, in JSON, or "null" where nothing can be
        drawn. It is asked for the same again when the reader comes back to it: let it remember
    """

    slider: str
    at: float
    values: Sequence[float]
    chosen: Callable[[float], Any]
    pictures: Callable[[Any], str]

    @property
    def rests(self) -> float:
        """Where the thumb is in the browser: a value that came by an address may lie beside all of a slider's."""
        return min(self.values, key=lambda value: abs(value - self.at))

    @property
    def of(self) -> str:
        """What tells its pictures from those of another choice; the browser cannot read a hidden mistake in it."""
        return f"{hash((self.slider, repr(self.chosen(self.values[0])))):x}"


def in_json(pictures: Mapping[str, Any]) -> str:
    """The data of each drawing by its key, as `Thumb.pictures` returns them: as text they take least room."""
    return json.dumps(pictures, separators=(",", ":"))


def followed(key: str, thumbs: Sequence[Thumb]) -> dict[str, Any]:
    """What the data of a drawing under `key` need besides, for svg.js's `drawAtThumb` to follow the thumbs."""
    return {"follow": {"key": key, "thumbs": [{"slider": t.slider, "at": t.rests, "of": t.of} for t in thumbs]}}


def send_ahead(thumbs: Sequence[Thumb], key: str) -> None:
    """Send the pictures of every value of a slider once the pointer or the focus is on it, the nearest ones first.

    The browser asks for them, a slice after the other, and says which ones it has. That runs the whole page. What
    several widgets say at once, the browser sends as one message: were this a fragment, it alone would then run,
    and what the reader did at the same moment would go unanswered.

    Parameters
    ----------
    thumbs : that drawings of the page follow
    key : unique name on the page
    """
    state, asked = st.session_state, f"{key}_asked"
    asks = state.pop(asked, {"of": ""})
    sent: list[str] = []
    thumb = next((thumb for thumb in thumbs if thumb.of == asks["of"]), None)
    if thumb is not None:
        end = time.monotonic() + AT_A_TIME
        missing = set(thumb.values) - set(asks["has"])
        for value in sorted(missing, key=lambda value: abs(value - asks["near"])):
            if time.monotonic() > end:
                break
            sent.append(f"[{value},{thumb.pictures(thumb.chosen(value))}]")
    _send(
        key=key,
        data={
            "thumbs": [{"slider": t.slider, "of": t.of, "count": len(t.values)} for t in thumbs],
            "of": asks["of"],
            "sent": f"[{','.join(sent)}]",
        },
        on_ask_change=lambda: state.update({asked: state[key].ask}),
    )
