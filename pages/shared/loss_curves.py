"""The multi-label loss and its derivatives as curves of p, with the reader's outputs as points on them."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.losses import (
    binary_cross_entropy_elements,
    binary_cross_entropy_gradient,
    binary_cross_entropy_logit_gradient,
)
from nnlib.multilabel import MultilabelLoss
from pages.shared.charts import category, draw_layers, one_meaning, quantity
from pages.shared.label_table import LabelTable
from pages.shared.numbers import number

HEIGHT = 230
BEYOND = "beyond the edge"
LABELS = ["y = 1", "y = 0"]
LOSS, IN_P, IN_Z = "loss of the cell", "∂L/∂p", "∂L/∂z"
MEANING = {LOSS: "forward", IN_P: "gradient", IN_Z: "gradient"}


def ends(column: str, N: int) -> tuple[float, float]:
    """Where the vertical axis of one chart begins and ends: there the curves are cut off and points are held."""
    top = {LOSS: 10.5, IN_P: 12 / N, IN_Z: 1 / N}[column]
    return (0.0 if column == LOSS else -top), top


@st.cache_data(show_spinner=False)
def curve(column: str, N: int) -> pd.DataFrame:
    """One quantity over p for y = 1 and y = 0 and N samples, from end to end of the vertical axis."""
    cut = {LOSS: np.exp(-10.5), IN_P: 1 / 12, IN_Z: 1e-4}[column]  # the p at which the curve of y = 1 leaves it
    rising = np.concatenate(
        [np.geomspace(cut, 0.1, 20)[:-1], np.linspace(0.1, 0.9, 41), [0.95, 0.98, 0.995, 0.9999]]
    )
    curves = []
    for label, y, p in zip(LABELS, (1.0, 0.0), (rising[None], 1 - rising[None, ::-1]), strict=True):
        Y = np.full(p.shape, y)
        if column == LOSS:
            value = binary_cross_entropy_elements(p, Y)
        elif column == IN_P:
            value = binary_cross_entropy_gradient(p, Y) / N
        else:
            value = binary_cross_entropy_logit_gradient(np.log(p / (1 - p)), Y) / N
        curves.append(pd.DataFrame({"p": p[0], "label": label, "value": value[0]}))
    return pd.concat(curves, ignore_index=True)


def layers(column: str) -> list[dict[str, Any]]:
    """The chart of one quantity: two curves, and points that a slider moves along them.

    The vertical axis goes as far as the curves, so the chart is the same for every N.
    """
    axes = {
        "x": quantity("p", "probability p", [0, 1]),
        "y": quantity("value", column, scale={"nice": False, "padding": 6}),
        "color": one_meaning(MEANING[column]),
    }
    dots = {
        "shape": category("mark", [*LABELS, BEYOND], ["circle", "square", "triangle-up"]),
        "size": {"condition": {"test": "datum.chosen", "value": 260}, "value": 70},
        "tooltip": [
            {"field": "cell", "type": "nominal", "title": "sample, label"},
            {"field": "label", "type": "nominal", "title": "true label"},
            {"field": "written", "type": "nominal", "title": column},
        ],
    }
    return [
        {
            "data": {"name": "curve"},
            "mark": {"type": "line"},
            "encoding": {**axes, "strokeDash": category("label", LABELS, [[1, 0], [5, 3]])},
        },
        {
            "data": {"name": "points"},
            "mark": {"type": "point", "filled": True, "opacity": 0.85},
            "encoding": {**axes, **dots},
        },
    ]


def points(table: LabelTable, result: MultilabelLoss) -> pd.DataFrame:
    """A row an output: its cell, p, label, the three quantities, and whether the reader chose it."""
    N, L = table.Z.shape
    return pd.DataFrame(
        {
            "cell": [f"{i + 1}, {k + 1}" for i in range(N) for k in range(L)],
            "label": [LABELS[0] if y else LABELS[1] for y in table.Y.reshape(-1)],
            "p": result.P.reshape(-1),
            LOSS: result.elements.reshape(-1),
            IN_P: result.dP.reshape(-1),
            IN_Z: result.dZ.reshape(-1),
            "chosen": np.arange(N * L) == table.i * L + table.k,
        }
    )


def draw_loss_curves(table: LabelTable, result: MultilabelLoss) -> None:
    """Three charts side by side and the numbers of all points; a point beyond the edge is held at the edge."""
    N = len(table.Z)
    cells = points(table, result)
    for place, column in zip(st.columns(3), MEANING, strict=True):
        low, high = ends(column, N)
        inside = cells[column].between(low, high)
        placed = cells[["cell", "label", "p", "chosen"]].assign(
            value=cells[column].clip(low, high),
            mark=cells["label"].where(inside, BEYOND),
            written=cells[column].map(number),
        )
        draw_layers(
            layers(column),
            {"curve": curve(column, N), "points": placed},
            HEIGHT,
            # the same for every table, since another text would have the browser build the chart anew
            f"{column} over p: one curve for y = 1, one for y = 0, and your cells, which the table below lists.",
            key=f"ex23_2_curve_{list(MEANING).index(column)}",
            place=place,
        )
    with st.expander("The numbers behind these charts", key="ex23_2_curve_table", on_change="rerun") as numbers:
        if numbers.open:
            written = cells.drop(columns="chosen").rename(columns={"cell": "sample, label", "label": "true label"})
            for column in ("p", *MEANING):
                written[column] = written[column].map(number)
            st.dataframe(
                written,
                hide_index=True,
                width="stretch",
                key="ex23_2_curve_numbers",
                alt="Probability, loss and both derivatives of each of your cells.",
            )
