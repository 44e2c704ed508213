"""The same samples on number lines one below the other, joined from line to line."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pages.shared.numbers import number
from pages.shared.svg.component import component, give_head_start

SMALLEST_REACH = 0.01  # to either side of 0: rounding errors are not to look like values

_draw = component(__file__, '<div class="lines"></div>')


@dataclass(frozen=True)
class NumberLine:
    """One line of the picture.

    Attributes
    ----------
    name : written before it, in one line or two
    values : one a sample
    mark, mark_name : a place marked across the line, and what is written under it
    band : (from, to) shaded on the line, or None
    hollow : whether its dots are hollow
    """

    name: str
    values: Sequence[float]
    mark: float | None = None
    mark_name: str = ""
    band: tuple[float, float] | None = None
    hollow: bool = False


@dataclass(frozen=True)
class LineGroup:
    """Lines of one scale, from top to bottom, with each sample joined from line to line.

    Attributes
    ----------
    lines : with the same samples
    meaning : "forward" or "gradient", which gives their colour
    """

    lines: Sequence[NumberLine]
    meaning: str


def number_lines(groups: Sequence[LineGroup], key: str) -> None:
    """Draw the groups one below the other, each to its own scale, symmetrical about 0.

    Parameters
    ----------
    groups : from top to bottom
    key : unique name on the page
    """
    lines = [line for group in groups for line in group.lines]
    about = ". ".join(f"{' '.join(line.name.split())}: {', '.join(map(number, line.values))}" for line in lines)
    data = {"about": f"The samples on number lines. {about}.", "groups": [_group_data(group) for group in groups]}
    _draw(key=key, data=data)
    give_head_start()


def _group_data(group: LineGroup) -> dict[str, object]:
    shown = [value for line in group.lines for value in (*line.values, *(line.band or ()))]
    reach = max(SMALLEST_REACH, 1.08 * max(abs(value) for value in shown))
    # the largest of … 0.1, 0.2, 0.5, 1, 2, 5, … that leaves at least two ticks on either side
    power = 10.0 ** math.floor(math.log10(reach))
    step = max(size for size in (power * m for m in (0.1, 0.2, 0.5, 1, 2, 5)) if reach / size >= 2)
    count = int(reach / step)
    return {
        "meaning": group.meaning,
        "reach": reach,
        "ticks": [float(f"{k * step:.12g}") for k in range(-count, count + 1)],
        "lines": [asdict(line) for line in group.lines],
    }
