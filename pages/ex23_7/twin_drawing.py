"""Both networks behind their dropped layer under one mask, and what one weight passes on in each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

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
    _draw(key=key, data=data | followed(key, follow))


def twin_data(
    sent: np.ndarray, mask: np.ndarray, names: tuple[str, str], at: tuple[int, int], rows: Sequence[Row]
) -> dict[str, Any]:
    """What the browser draws both networks from.

    Parameters
    ----------
    sent : what a kept neuron that puts out 1 passes on in training, (2, neurons, outputs): the lines are as thick
    mask : of the layer, (neurons,) of bool
    names : of the neurons that the followed weight comes from and leads to
    at : the positions of these two neurons
    rows : from top to bottom
    """
    thickness = np.clip(THICK * np.abs(sent) / np.abs(sent[0]).max(), THINNEST, THICKEST)
    dropped = int((~mask).sum())
    networks = [
        {
            "name": name,
            "about": f"The {name} network: {dropped} of {mask.size} neurons are dropped.",
            "lines": lines.round(2).tolist(),
        }
        for name, lines in zip(("plain", "inverted"), thickness, strict=True)
    ]
    texts = [[row.label, row.plain, row.inverted, row.same] for row in rows]
    return {"networks": networks, "mask": mask.tolist(), "names": list(names), "at": list(at), "rows": texts}
