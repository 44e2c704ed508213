"""How two networks learn, with and without batch normalisation: their curves of accuracy or loss."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import pandas as pd

from pages.shared.charts import Spec, fill, meaning_color


def curves_chart(points: pd.DataFrame, y: str, names: Sequence[str]) -> Spec:
    """Train and test curves of `y`, "loss" or "accuracy", over the epochs.

    Colour tells training data from test data; the first of the two runs is solid, the other dashed.
    """
    return fill(_curves_template(y, tuple(names)), points=points)


@cache
def _curves_template(y: str, names: tuple[str, ...]) -> Spec:
    axis = alt.Axis(format=".0%") if y == "accuracy" else alt.Axis()
    title = "loss per sample (nats)" if y == "loss" else "accuracy"
    base = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("epoch:Q", title="epochs (passes over the training rows)"),
        y=alt.Y(f"{y}:Q", title=title, axis=axis, scale=alt.Scale(zero=y == "loss")),
        color=meaning_color("data", ["train", "test"]),
        tooltip=[
            alt.Tooltip("run:N"),
            alt.Tooltip("data:N"),
            alt.Tooltip("epoch:Q", format=".2f"),
            alt.Tooltip("seconds:Q", format=".2f"),
            alt.Tooltip(f"{y}:Q", format=".4f"),
        ],
    )
    columns = 3 if max(map(len, names)) < 12 else 1
    dash = alt.StrokeDash(
        "run:N",
        scale=alt.Scale(domain=list(names), range=[[1, 0], [6, 3]]),
        legend=alt.Legend(title=None, orient="bottom", symbolSize=400, columns=columns),
    )
    lines = base.mark_line(strokeWidth=2, clip=True).encode(strokeDash=dash)
    return alt.LayerChart(layer=[lines, base.mark_point(size=14, filled=True, clip=True)], height=320).to_dict()
