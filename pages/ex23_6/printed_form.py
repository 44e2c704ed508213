"""How far the printed dz is off, batch size by batch size."""

from functools import cache

import altair as alt
import pandas as pd
import streamlit as st

from nnlib.chapter23.batch_norm import printed_errors
from pages.ex23_6.controls import controls
from pages.shared.charts import Spec, fill, show_chart, with_meaning
from pages.shared.numbers import difference, number
from pages.shared.page import write
from pages.shared.tables import written

SIZES = [2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
TRUE_IS_0 = "A line goes through any two points, so the true dz is 0, but for the little that ε leaves of it."
NAMES = {"error": "largest error", "share": "share of the largest dz"}


@st.fragment
def printed_form() -> None:
    """The printed form's error over the batch size on two logarithmic axes, with the reader's n marked."""
    side, picture = st.columns([1, 2], gap="large")
    curve = error_curve()
    with side:
        n = controls.steps("curve_n", "Batch size n", SIZES, 5)
        here = curve[curve["n"] == n]
        error, share = difference(here["error"].item()), as_share(here["share"].item())
        write(
            f"At n = {n} the printed dz is off by **{error}**. "
            + (f"That is **about {share}** of the largest true dz." if n > 2 else TRUE_IS_0),
            "Each point is the median over 100 batches. Their z and g are drawn from N(0, 1); γ = 1, ε = 1e−5. "
            "The error is in proportion to γ.",
        )
    with picture:
        show_chart(
            fill(_template(), curve=curve, here=here),
            lambda: written(curve.rename(columns=NAMES), {NAMES["error"]: difference, NAMES["share"]: as_share}),
            f"The printed form's error falls with the batch size. At n = {n} it is {error}.",
            controls.key("curve"),
        )


@st.cache_data(show_spinner=False)
def error_curve() -> pd.DataFrame:
    """The printed form's error for each batch size, in absolute terms and as a share of the largest dz."""
    absolute, relative = printed_errors(SIZES, random_state=0)
    return pd.DataFrame({"n": SIZES, "error": absolute, "share": relative})


def as_share(share: float) -> str:
    """A share in per cent, with few digits, as of a median, unless it is one of what ε leaves of nothing."""
    return f"{number(100 * share, 2 if share > 0.1 else 1)} %" if share < 10 else "true dz ≈ 0"


@cache
def _template() -> Spec:
    x = alt.X(
        "n:Q",
        title="batch size n",
        scale=alt.Scale(type="log", base=2),
        axis=alt.Axis(values=[2, 4, 8, 16, 32, 64, 128, 256]),
    )
    y = alt.Y(
        "error:Q",
        title="largest |printed dz − true dz|",
        scale=alt.Scale(type="log"),
        axis=alt.Axis(format="~g", values=[0.0001, 0.001, 0.01, 0.1, 1]),
    )
    tooltip = [alt.Tooltip("n:Q"), alt.Tooltip("error:Q", format=".2e"), alt.Tooltip("share:Q", format=".1p")]
    line = alt.Chart(alt.NamedData("curve")).mark_line(point=True).encode(x=x, y=y, tooltip=tooltip)
    mark = alt.Chart(alt.NamedData("here")).mark_point(size=220, strokeWidth=3).encode(x=x, y=y)
    layers = [with_meaning(line, "gradient"), with_meaning(mark, "neutral")]
    return alt.LayerChart(layer=layers, height=260).to_dict()
