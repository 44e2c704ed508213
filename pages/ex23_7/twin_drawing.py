"""Both networks behind their dropped layer under one mask, and what one weight passes on in each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pages.shared.frame import experiments_begun
from pages.shared.svg.ahead import Thumb, followed
from pages.shared.svg.component import component

_draw = component(__file__, '<div class="twins"></div>')


@dataclass(frozen=True)
class Row:
    """What the followed weight does in both networks, written out, and whether it is the same.

    `name` is "training", "prediction", "gradient" or "change".
    """

    name: str
    label: str
    plain: str
    inverted: str
    same: bool


def twin_drawing(data: dict[str, Any], follow: Sequence[Thumb], key: str) -> None:
    """Draw the plain and the inverted network, and some of the rows below them.

    Parameters
    ----------
    data : `twin_data` as the networks are here, with "phase", in which they are drawn, "shows", the names of the
        rows to be seen, "asked", the row whose number for the inverted network is to be found, or none,
        and "returns", whether they are to be drawn at the start again when they have been watched
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
    sent : what a kept neuron that puts out 1 passes on in training, (2, neurons, outputs): the lines are as thick,
        and in prediction p times as thick
    mask : of the layer in that step, (neurons,) of bool
    rows : from top to bottom; none where those of the start are to stay, as the words beside them do
    """

    step: int
    sent: np.ndarray
    mask: np.ndarray
    rows: Sequence[Row] = ()


def twin_data(
    start: Moment, names: tuple[str, str], at: tuple[int, int], p: float, later: Sequence[Moment] = ()
) -> dict[str, Any]:
    """What the browser draws both networks from.

    Parameters
    ----------
    start : before the first step
    names : of the neurons that the followed weight comes from and leads to
    at : the positions of these two neurons
    p : the keep probability
    later : what the reader is to watch, one after the other
    """
    largest = np.abs(start.sent[0]).max()
    same = {"names": list(names), "at": list(at), "p": p}
    watched = {"later": [_drawn(moment, largest) for moment in later]} if later else {}
    return _drawn(start, largest) | same | watched


def _drawn(moment: Moment, largest: float) -> dict[str, Any]:
    """A moment for the browser; `largest`: the weight whose line is 1 thick."""
    dropped = int((~moment.mask).sum())
    networks = [
        {
            "name": name,
            "about": f"The {name} network in training: {dropped} of {moment.mask.size} neurons are dropped.",
            "lines": lines.round(3).tolist(),
        }
        for name, lines in zip(("plain", "inverted"), np.abs(moment.sent) / largest, strict=True)
    ]
    drawn = {"step": moment.step, "networks": networks, "mask": moment.mask.tolist()}
    if not moment.rows:
        return drawn
    texts = [[row.name, row.label, row.plain, row.inverted, row.same] for row in moment.rows]
    return drawn | {"rows": texts, "of_step": moment.step}
