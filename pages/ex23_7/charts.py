"""Two charts of the dropout page: two runs drifting apart, and a mean against a guess.

Each is a template, built by Altair once, and filled with the data of the moment.
"""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts import Spec, fill, with_meaning

FLOOR = 1e-17  # a logarithm has no place for 0: such a difference is drawn here
SOLID_AND_BROKEN = [[1, 0], [6, 4]]


def mean_and_guess_chart(
    values: np.ndarray, exact: np.ndarray, guess: np.ndarray, here: float, x_title: str
) -> Spec:
    """The exact mean output (solid) and the predicted one (broken), and a rule at the reader's own setting."""
    curves = pd.DataFrame(
        {
            "x": np.tile(values, 2),
            "output": np.concatenate([exact, guess]),
            "curve": np.repeat(["mean", "prediction"], len(values)),
        }
    )
    return fill(_mean_and_guess_template(x_title), curves=curves, here=pd.DataFrame({"x": [here]}))


def drift_chart(steps: np.ndarray, weights: np.ndarray, predictions: np.ndarray, last: int) -> Spec:
    """The largest difference between two runs after each step, in weights and in predictions, on a log scale."""
    curves = pd.DataFrame(
        {
            "step": np.tile(steps, 2),
            "difference": np.maximum(np.concatenate([weights, predictions]), FLOOR),
            "of": np.repeat(["weights and biases", "predictions"], len(steps)),
        }
    )
    chart = fill(_drift_template(), curves=curves, rounding=pd.DataFrame({"rounding": [1e-12]}))
    top = float(10 ** np.ceil(np.log10(curves["difference"].max())))
    _set_domain(chart, "x", 0, last)
    _set_domain(chart, "y", FLOOR, max(10.0, top))
    return chart


def _set_domain(chart: Spec, axis: str, low: float, high: float) -> None:
    """The axis's ends; the first layer speaks for all."""
    chart["layer"][0]["encoding"][axis]["scale"]["domain"] = [low, high]


@cache
def _mean_and_guess_template(x_title: str) -> Spec:
    curves = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line()
        .encode(
            x=alt.X("x:Q", title=x_title, scale=alt.Scale(nice=False)),
            y=alt.Y("output:Q", title="output σ(z)", scale=alt.Scale(domain=[0, 1])),
            strokeDash=_dashes("curve", ["mean", "prediction"]),
        )
    )
    here = alt.Chart(alt.NamedData("here")).mark_rule(strokeWidth=2).encode(x="x:Q")
    return alt.LayerChart(
        layer=[with_meaning(curves, "forward"), with_meaning(here, "neutral")], height=240
    ).to_dict()


@cache
def _drift_template() -> Spec:
    curves = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line()
        .encode(
            x=alt.X("step:Q", title="training steps", scale=alt.Scale(nice=False)),
            y=alt.Y(
                "difference:Q",
                title="largest difference (log)",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(format="~e", tickCount=8),
            ),
            strokeDash=_dashes("of", ["weights and biases", "predictions"]),
        )
    )
    rounding = alt.Chart(alt.NamedData("rounding")).mark_rule(strokeDash=[2, 3]).encode(y="rounding:Q")
    return alt.LayerChart(
        layer=[with_meaning(curves, "forward"), with_meaning(rounding, "neutral")], height=300
    ).to_dict()


def _dashes(field: str, names: list[str]) -> alt.StrokeDash:
    return alt.StrokeDash(
        f"{field}:N",
        scale=alt.Scale(domain=names, range=SOLID_AND_BROKEN),
        legend=alt.Legend(title=None, orient="top", symbolType="stroke"),
    )
