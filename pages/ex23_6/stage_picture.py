"""The picture of page 23.6: samples to drag, the line that is taken away, and the arrows that make dz."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from nnlib.notation import MINUS
from pages.shared.svg.component import component

_draw = component(__file__, '<p class="key"></p><div class="drawing"></div>')


@dataclass(frozen=True)
class Ruler:
    """A scale under the samples: places on the axis of z, each with the number that stands there."""

    name: str
    ticks: Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Line:
    """A straight line over z, from its height at the left end of the axis to that at the right end."""

    left: float
    right: float


@dataclass(frozen=True)
class Sample:
    """One sample.

    Attributes
    ----------
    z, g : its place
    arrows : lengths of the arrows to draw, each from the tip of the one before, and whether each is wrong
    true_end : where the sum of them should end, beside a planted mistake, or None
    dz, true_dz : the texts of what they add up to, and of what it should be; "" without a mistake
    """

    z: float
    g: float
    arrows: Sequence[tuple[float, bool]]
    true_end: float | None
    dz: str
    true_dz: str


@dataclass(frozen=True)
class Balance:
    """A sum over the samples: its terms, what is said of it, and how it stands.

    That is "right", "wrong", "open" as long as paths are missing, or "untold" where no word has asked for it yet.
    """

    terms: Sequence[float]
    reach: float  # of the longer of its two bars, in any step
    says: str
    verdict: str


@dataclass(frozen=True)
class Picture:
    """All that is drawn.

    Attributes
    ----------
    samples, balances : as above
    reach : of z and of g to either side of 0
    mean : u
    rulers : for z, z̄ and z̃
    line, true_line : what is taken away; the true one only beside a wrong one
    line_says, scale_says, foot : texts over the left half and the right half, and before the row of dz
    low, high, ticks : of the arrows' axis
    """

    samples: Sequence[Sample]
    reach: float
    mean: float
    rulers: Sequence[Ruler]
    line: Line | None
    true_line: Line | None
    line_says: str
    scale_says: str
    foot: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    balances: Sequence[Balance]
    description: str


def draw_picture(picture: Picture, on_move: Callable[[int, float, float], None], key: str) -> None:
    """Draw it.

    Parameters
    ----------
    picture : with the samples in their order
    on_move : called with a sample's number, from 1, and where the reader has put it, before the script runs again
    key : unique name on the page
    """

    number_key = f"{key}_place_number"

    def moved() -> None:
        place = st.session_state[key].moved
        if place is not None:
            on_move(int(place[0]), float(place[1]), float(place[2]))
            st.session_state[number_key] = int(place[3])

    data = {**asdict(picture), "place_number": st.session_state.get(number_key, 0)}
    _draw(key=key, data=data, on_moved_change=moved)


def round_ticks(low: float, high: float, most: int = 7) -> list[tuple[float, str]]:
    """At most so many round values from `low` to `high`, each with its text; none where the two are equal."""
    if not high > low:
        return []
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(power * m for m in (1, 2, 5, 10) if power * m * most >= high - low)
    values = [float(f"{k * step:.12g}") for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return [(value, f"{value:g}".replace("-", MINUS)) for value in values]
