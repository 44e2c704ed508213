"""The multi-label loss and its derivatives as curves of p, with the reader's outputs as points on them."""

from functools import cache

import numpy as np
import pandas as pd

from nnlib.chapter23.multilabel import MultilabelLoss
from nnlib.losses import (
    binary_cross_entropy_elements,
    binary_cross_entropy_gradient,
    binary_cross_entropy_logit_gradient,
)
from pages.ex23_2.label_table import FILMS, GENRES, LabelTable, controls
from pages.shared.charts import numbers_behind
from pages.shared.numbers import equals
from pages.shared.svg.curves import Axis, Curve, Panel, Point, draw_curves

LOSS, IN_P, IN_Z = "loss of the cell", "∂L/∂p", "∂L/∂z"
PROBABILITIES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
MEANING = {LOSS: "forward", IN_P: "gradient", IN_Z: "gradient"}


def _top(name: str, N: int) -> float:
    """Where the vertical axis ends: there the curves are cut off, and points beyond are held."""
    return {LOSS: 10.5, IN_P: 12 / N, IN_Z: 1 / N}[name]


@cache
def _curves(name: str, N: int) -> tuple[Curve, Curve]:
    """One quantity over p for y = 1 and, broken, for y = 0, with N samples, as far as the axis goes."""
    cut = {LOSS: np.exp(-10.5), IN_P: 1 / 12, IN_Z: 1e-4}[name]  # the p at which the curve of y = 1 leaves it
    rising = np.concatenate([np.geomspace(cut, 0.1, 20)[:-1], np.linspace(0.1, 0.9, 33), [0.95, 0.98, 0.9999]])
    pair = []
    for y, p in ((1.0, rising[None]), (0.0, 1 - rising[None, ::-1])):
        Y = np.full(p.shape, y)
        if name == LOSS:
            value = binary_cross_entropy_elements(p, Y)
        elif name == IN_P:
            value = binary_cross_entropy_gradient(p, Y) / N
        else:
            value = binary_cross_entropy_logit_gradient(np.log(p / (1 - p)), Y) / N
        pair.append(Curve(p[0].round(5).tolist(), value[0].round(5).tolist(), broken=y == 0))
    return pair[0], pair[1]


def _points(table: LabelTable, P: np.ndarray, name: str, values: np.ndarray) -> list[Point]:
    """One a cell: a circle where y = 1, a square where y = 0, a triangle at the axis's end if beyond it."""
    end = _top(name, len(values))
    result = []
    for i, k in np.ndindex(values.shape):
        p, y, value = float(P[i, k]), table.Y[i, k], float(values[i, k])
        shape = "triangle" if abs(value) > end else "circle" if y else "square"
        text = f"{FILMS[i]}, {GENRES[k]}: p {equals(p)}, y = {y:.0f}, {name} {equals(value)}"
        result.append(Point(p, min(max(value, -end), end), shape, (i, k) == (table.i, table.k), text))
    return result


def draw_loss_curves(table: LabelTable, result: MultilabelLoss) -> None:
    """Three panels side by side, and the numbers of all points."""
    N = len(table.Z)
    values = {LOSS: result.elements, IN_P: result.dP, IN_Z: result.dZ}
    cell = f"{table.name}, p {equals(result.P[table.i, table.k])}"
    panels = []
    for name, meaning in MEANING.items():
        end = _top(name, N)
        ticks = [0, 2, 4, 6, 8, 10] if name == LOSS else [end * t for t in (-1, -0.5, 0, 0.5, 1)]
        panels.append(
            Panel(
                x=Axis("probability p", 0.0, 1.0, PROBABILITIES),
                y=Axis(name, 0.0 if name == LOSS else -end, end, ticks),
                meaning=meaning,
                about=f"{name} over p: one curve for y = 1, one for y = 0, and your cells. Chosen: {cell}. "
                "The table below holds the numbers.",
                curves=_curves(name, N),
                points=_points(table, result.P, name, values[name]),
            )
        )
    draw_curves(panels, key=controls.key("curves"))
    numbers_behind(
        lambda: _numbers(table, result, values),
        "Probability, loss and both derivatives of each of your cells.",
        controls.key("curve"),
        "The numbers behind these charts",
    )


def _numbers(table: LabelTable, result: MultilabelLoss, values: dict[str, np.ndarray]) -> pd.DataFrame:
    """One row a cell."""
    cells = {
        "film, genre": [f"{FILMS[i]}, {GENRES[k]}" for i, k in np.ndindex(table.Z.shape)],
        "y": table.Y.ravel().astype(int),
        "p": result.P.ravel(),
    }
    return pd.DataFrame(cells | {name: array.ravel() for name, array in values.items()})
