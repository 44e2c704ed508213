"""How loss and accuracy went while runs were trained: the points measured, and a chart of them."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pandas as pd
from pandas.io.formats.style import Styler

from pages.shared.charts import Spec, fill, meaning_color
from pages.shared.numbers import percent
from pages.shared.run import Run
from pages.shared.tables import written


def curve_points(runs: Mapping[str, Run]) -> pd.DataFrame:
    """One row a run, measurement and part ("train", "test", and "validation" where some rows are held out)."""
    rows = [
        {
            "run": name,
            "epoch": m.epoch,
            "seconds": m.seconds,
            "data": part,
            "loss": getattr(m, f"{part}_loss"),
            "accuracy": getattr(m, f"{part}_accuracy"),
        }
        for name, run in runs.items()
        for m in run.measurements
        for part in ("train", "test", "validation")
        if part != "validation" or m.validation_accuracy == m.validation_accuracy  # not NaN: there is one
    ]
    return pd.DataFrame(rows, columns=["run", "epoch", "seconds", "data", "loss", "accuracy"])


def written_points(points: pd.DataFrame) -> Styler:
    """`curve_points` as a table to read."""
    return written(points, {"accuracy": percent})


def curves_chart(points: pd.DataFrame, y: str, x: str, names: Sequence[str], zoom: bool = False) -> Spec:
    """Train and test curves of `y` ("loss" or "accuracy") over `x` ("epoch" or "seconds").

    Colour tells training data from test data; the first run is solid, the others are dashed.
    """
    return fill(_curves_template(y, x, tuple(names), zoom), points=points)


@cache
def _curves_template(y: str, x: str, names: tuple[str, ...], zoom: bool) -> Spec:
    titles = {"epoch": "epochs (passes over the training rows)", "seconds": "training time (s)"}
    axis = alt.Axis(format=".0%" if zoom is False else ".1%") if y == "accuracy" else alt.Axis()
    scale = alt.Scale(domain=[0.9, 1.0]) if zoom else alt.Scale(zero=y == "loss")
    base = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X(f"{x}:Q", title=titles[x]),
        y=alt.Y(f"{y}:Q", title="loss per sample (nats)" if y == "loss" else "accuracy", axis=axis, scale=scale),
        color=meaning_color("data", ["train", "test"]),
        tooltip=[
            alt.Tooltip("run:N"),
            alt.Tooltip("data:N"),
            alt.Tooltip("epoch:Q", format=".2f"),
            alt.Tooltip("seconds:Q", format=".2f"),
            alt.Tooltip(f"{y}:Q", format=".4f"),
        ],
    )
    dash = alt.StrokeDash(
        "run:N",
        scale=alt.Scale(domain=list(names), range=[[1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [12, 4], [4, 6]]),
        legend=alt.Legend(
            title=None, orient="bottom", symbolSize=400, columns=3 if max(map(len, names)) < 12 else 1
        )
        if len(names) > 1
        else None,
    )
    lines = base.mark_line(strokeWidth=2, clip=True).encode(strokeDash=dash)
    height = 260 + (20 * len(names) + 20 if len(names) > 1 else 0)
    return alt.LayerChart(layer=[lines, base.mark_point(size=14, filled=True, clip=True)], height=height).to_dict()
