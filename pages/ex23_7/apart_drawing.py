"""How far the predictions of the two networks ever are apart, as a number that moves with the curves."""

import numpy as np

from pages.shared.svg.component import component
from pages.shared.svg.curves import as_seen

_draw = component(__file__, '<div class="apart"></div>')


def apart_drawing(apart: float, text: str, is_one: bool, so_far: np.ndarray, key: str, times: int) -> None:
    """Write the number; it counts down as the two become one, and while the curves grow it is the largest so far.

    Parameters
    ----------
    apart : the largest difference
    text : the same as the page writes it
    is_one : whether it is rounding only
    so_far : the largest difference up to each point of the curves
    key : unique name on the page
    times : how often the curves have been set in motion
    """
    _draw(key=key, data={"apart": apart, "text": text, "one": is_one, "so_far": as_seen(so_far), "times": times})
