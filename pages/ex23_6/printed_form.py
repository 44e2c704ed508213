"""How far the printed dz is off, batch size by batch size."""

from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.batch_norm import printed_errors
from pages.ex23_6.controls import controls
from pages.shared.charts import numbers_behind
from pages.shared.numbers import difference, number
from pages.shared.page import write
from pages.shared.svg.ahead import Thumb, in_json, send_ahead
from pages.shared.svg.curves import Axis, Curve, Panel, Point, as_seen, curve_data, draw_curves
from pages.shared.tables import written

SIZES = [2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
TRUE_IS_0 = "A line goes through any two points, so the true dz is 0, but for the little that ε leaves of it."
NAMES = {"error": "largest error", "share": "share of the largest dz"}
CURVES = controls.key("curve")


def printed_form() -> None:
    """The printed form's error over the batch size, both axes logarithmic, with the reader's n marked."""
    with st.container(key=controls.key("curve_picture")):
        side, picture = st.columns([1, 2], gap="large")
    with side:
        n = controls.steps("curve_n", "Batch size n", SIZES, 5)
        with st.container(key=controls.key("curve_verdict")):
            curve = error_curve()
            error, share = (float(curve[name][curve["n"] == n].item()) for name in NAMES)
            write(
                f"At n = {n} the printed dz is off by **{difference(error)}**. "
                + (f"That is **about {as_share(share)}** of the largest true dz." if n > 2 else TRUE_IS_0),
                "Each point is the median over 100 batches. Their z and g are drawn from N(0, 1); γ = 1, "
                "ε = 10⁻⁵. The error is in proportion to γ.",
            )
    thumbs = [
        Thumb(controls.key("curve_n"), SIZES.index(n), range(len(SIZES)), lambda k: SIZES[int(k)], _pictures)
    ]
    with picture:
        draw_curves(_panels(n), CURVES, follow=thumbs)
        numbers_behind(
            lambda: written(
                error_curve().rename(columns=NAMES), {NAMES["error"]: difference, NAMES["share"]: as_share}
            ),
            "The printed form's error for each batch size.",
            CURVES,
        )
    send_ahead(thumbs, controls.key("curve_ahead"))


@st.cache_data(show_spinner=False)
def error_curve() -> pd.DataFrame:
    """The printed form's error for each batch size, in absolute terms and as a share of the largest dz."""
    absolute, relative = printed_errors(SIZES, random_state=0)
    return pd.DataFrame({"n": SIZES, "error": absolute, "share": relative})


def as_share(share: float) -> str:
    """A share in per cent, with few digits, as of a median, unless it is one of what ε leaves of nothing."""
    return f"{number(100 * share, 2 if share > 0.1 else 1)} %" if share < 10 else "true dz ≈ 0"


@lru_cache
def _pictures(n: int) -> str:
    """Both charts, as `send_ahead` takes them."""
    return in_json({CURVES: curve_data(_panels(n))})


def _panels(n: int) -> list[Panel]:
    """The error itself, and as a share of the largest true dz, which is 0 where n = 2."""
    curve = error_curve()
    return [
        _panel("largest |printed dz − true dz|", curve["n"], curve["error"], n),
        _panel("share of the largest dz (%)", curve["n"][1:], 100 * curve["share"][1:], n),
    ]


def _panel(title: str, sizes: pd.Series, values: pd.Series, n: int) -> Panel:
    low, high = (int(f(np.log10(end))) for f, end in ((np.floor, values.min()), (np.ceil, values.max())))
    here = values[sizes == n]
    return Panel(
        x=Axis("batch size n", SIZES[0], SIZES[-1], [2, 4, 8, 16, 32, 64, 128, 256], log=True),
        y=Axis(title, 10.0**low, 10.0**high, [10.0**k for k in range(low, high + 1)], log=True),
        meaning="gradient",
        about=f"{title} falls as the batch grows: {difference(values.iloc[0])} at n = {sizes.iloc[0]}, "
        f"{difference(values.iloc[-1])} at n = {sizes.iloc[-1]}.",
        curves=[Curve(sizes.tolist(), as_seen(values), dotted=True)],
        points=[Point(n, value, "circle", True, f"n = {n}: {difference(value)}") for value in here],
    )
