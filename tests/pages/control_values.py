"""Values to try a page's controls with: at their ends, in their middle, and all pairs of them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np

TEXTS = ("", "0", "1, two; 3\n4")


def levels(widget: Any, rng: np.random.Generator) -> list[Any]:
    """Lowest value, highest, and one at random between; three values where there are no bounds."""
    if widget.type == "number_input" and widget.min is None:  # a guess: any number, or none yet
        return [None, -1000.0, 0.5]
    if widget.type in ("slider", "number_input"):
        steps = round((widget.max - widget.min) / widget.step)
        middle = widget.min + int(rng.integers(0, steps + 1)) * widget.step
        return [widget.min, widget.max, type(widget.min)(min(middle, widget.max))]
    if widget.type == "toggle":
        return [False, True]
    if widget.type in ("text_area", "text_input"):
        return list(TEXTS)
    if widget.type == "button_group" and widget.proto.click_mode == widget.proto.MULTI_SELECT:
        return [[], list(widget.options), [str(rng.choice(widget.options))]]
    return [widget.options[0], widget.options[-1], str(rng.choice(widget.options))]


def all_pairs(factors: Mapping[str, Sequence[Any]], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Rows that together hold every pair of values of every two factors.

    Each row is begun with a pair that is still missing; factor by factor, in random order, it then takes the value
    that completes the most of the others.
    """
    missing = {
        frozenset(((a, i), (b, j)))
        for a, b in combinations(factors, 2)
        for i, j in product(range(len(factors[a])), range(len(factors[b])))
    }
    while missing:
        row: dict[str, int] = dict(min(missing, key=sorted))
        for name in rng.permutation([name for name in factors if name not in row]).tolist():
            gains = [
                sum(frozenset(((name, level), there)) in missing for there in row.items())
                for level in range(len(factors[name]))
            ]
            row[name] = int(rng.choice(np.flatnonzero(np.array(gains) == max(gains))))
        missing -= {frozenset(pair) for pair in combinations(row.items(), 2)}
        yield {name: factors[name][row[name]] for name in factors}
