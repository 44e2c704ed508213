"""Both networks behind their dropped layer under one mask, and what one weight passes on in each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pages.shared.frame import experiments_begun
from pages.shared.svg.ahead import Thumb, followed
from pages.shared.svg.component import component

THINNEST, THICK, THICKEST = 0.6, 3.5, 9.0  # pixels; THICK is the largest weight of the plain network

_draw = component(__file__, '<div class="twins"></div>')


@dataclass(frozen=True)
class Row:
    """What the followed weight does in both networks, written out, and whether it is the same."""

    label: str
    plain: str
    inverted: str
    same: bool


def twin_drawing(data: dict[str, Any], follow: Sequence[Thumb], key: str) -> None:
    """Draw the plain and the inverted network, and the rows below them, from `twin_data`.

    Parameters
    ----------
    data : as the networks are here
    follow : the thumbs for whose other values `send_ahead` has the `twin_data`
    key : unique name on the page
    """
    _draw(key=key, data=data | followed(key, follow) | {"begun": experiments_begun("ex23_7")})


@dataclass(frozen=True)
class Moment:
    """Both networks after a step of their training.

    Attributes
    ----------
    step : how many have been made
    sent : what a kept neuron that puts out 1 passes on in training, (2, neurons, outputs): the lines are as thick
    mask : of the layer in that step, (neurons,) of bool
    rows : from top to bottom
    """

    step: int
    sent: np.ndarray
    mask: np.ndarray
    rows: Sequence[Row]


def twin_data(
    start: Moment, names: tuple[str, str], at: tuple[int, int], later: Sequence[Moment] = ()
) -> dict[str, Any]:
    """What the browser draws both networks from.

    Parameters
    ----------
    start : before the first step
    names : of the neurons that the followed weight comes from and leads to
    at : the positions of these two neurons
    later : what the reader is to watch, one after the other
    """
    largest = np.abs(start.sent[0]).max()
    same = {"names": list(names), "at": list(at)}
    watched = {"later": [_drawn(moment, largest) for moment in later]} if later else {}
    return _drawn(start, largest) | same | watched


def _drawn(moment: Moment, largest: float) -> dict[str, Any]:
    """A moment for the browser; `largest`: the weight whose line is `THICK`."""
    thickness = np.clip(THICK * np.abs(moment.sent) / largest, THINNEST, THICKEST)
    dropped = int((~moment.mask).sum())
    networks = [
        {
            "name": name,
            "about": f"The {name} network: {dropped} of {moment.mask.size} neurons are dropped.",
            "lines": lines.round(2).tolist(),
        }
        for name, lines in zip(("plain", "inverted"), thickness, strict=True)
    ]
    texts = [[row.label, row.plain, row.inverted, row.same] for row in moment.rows]
    return {"step": moment.step, "networks": networks, "mask": moment.mask.tolist(), "rows": texts}
