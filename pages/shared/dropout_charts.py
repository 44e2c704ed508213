"""The charts of the dropout page: running means in their band, two runs drifting apart, a mean against a guess."""

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts import with_meaning


def running_mean_chart(
    counts: np.ndarray, means: np.ndarray, exact: float, errors: np.ndarray, largest: float, title: str
) -> alt.LayerChart:
    """The mean of the masks so far in a band of ±2 standard errors around the exact mean.

    Parameters
    ----------
    counts : numbers of masks, ascending from 1
    means : running means for the first len(means) of `counts`; may be empty
    exact : the mean over all masks
    errors : standard error of the mean for each of `counts`
    largest : h̃ of a kept neuron; a mean lies between it and 0
    title : what is averaged
    """
    low, high = sorted((0.0, largest))
    pad = 0.08 * (high - low) or 0.1
    x = alt.X(
        "masks:Q",
        title="masks drawn (log scale)",
        scale=alt.Scale(type="log", domain=[1, int(counts[-1])], nice=False),
        axis=alt.Axis(tickCount=5, format="~s"),
    )
    y_scale = alt.Scale(domain=[low - pad, high + pad], nice=False)
    band = pd.DataFrame({"masks": counts, "low": exact - 2 * errors, "high": exact + 2 * errors})
    line = pd.DataFrame({"masks": counts[: len(means)], "mean": means})
    layers = [
        with_meaning(
            alt.Chart(band)
            .mark_area(opacity=0.25, clip=True)
            .encode(x=x, y=alt.Y("low:Q", title=title, scale=y_scale), y2="high:Q"),
            "neutral",
        ),
        with_meaning(
            alt.Chart(pd.DataFrame({"exact": [exact]}))
            .mark_rule(strokeDash=[6, 4], strokeWidth=2)
            .encode(y="exact:Q"),
            "neutral",
        ),
        with_meaning(alt.Chart(line).mark_line(point=len(line) == 1).encode(x=x, y="mean:Q"), "forward"),
    ]
    return alt.LayerChart(layer=layers, height=220)


def mean_and_guess_chart(
    values: np.ndarray, exact: np.ndarray, guess: np.ndarray, here: float, x_title: str
) -> alt.LayerChart:
    """The exact mean output (solid) and the predicted one (dashed), and a rule at the reader's own setting."""
    table = pd.DataFrame(
        {
            "x": np.tile(values, 2),
            "output": np.concatenate([exact, guess]),
            "curve": ["mean"] * len(values) + ["prediction"] * len(values),
        }
    )
    curves = (
        alt.Chart(table)
        .mark_line()
        .encode(
            x=alt.X("x:Q", title=x_title, scale=alt.Scale(nice=False)),
            y=alt.Y("output:Q", title="output σ(z)", scale=alt.Scale(domain=[0, 1])),
            strokeDash=alt.StrokeDash(
                "curve:N",
                scale=alt.Scale(domain=["mean", "prediction"], range=[[1, 0], [6, 4]]),
                legend=alt.Legend(title=None, orient="top", symbolType="stroke"),
            ),
        )
    )
    rule = alt.Chart(pd.DataFrame({"x": [here]})).mark_rule(strokeWidth=2).encode(x="x:Q")
    return alt.LayerChart(layer=[with_meaning(curves, "forward"), with_meaning(rule, "neutral")], height=240)


def drift_chart(steps: np.ndarray, weights: np.ndarray, predictions: np.ndarray, last: int) -> alt.LayerChart:
    """The largest difference between two runs after each step, in weights and in predictions, on a log scale.

    A logarithm has no place for 0: such a difference is drawn at the chart's floor, 1e-17.
    """
    floor = 1e-17
    table = pd.DataFrame(
        {
            "step": np.tile(steps, 2),
            "difference": np.maximum(np.concatenate([weights, predictions]), floor),
            "of": ["weights and biases"] * len(steps) + ["predictions"] * len(steps),
        }
    )
    top = max(10.0, float(10 ** np.ceil(np.log10(table["difference"].max()))))
    curves = (
        alt.Chart(table)
        .mark_line()
        .encode(
            x=alt.X("step:Q", title="training steps", scale=alt.Scale(domain=[0, last], nice=False)),
            y=alt.Y(
                "difference:Q",
                title="largest difference (log)",
                scale=alt.Scale(type="log", domain=[floor, top]),
                axis=alt.Axis(format="~e", tickCount=8),
            ),
            strokeDash=alt.StrokeDash(
                "of:N",
                scale=alt.Scale(domain=["weights and biases", "predictions"], range=[[1, 0], [6, 4]]),
                legend=alt.Legend(title=None, orient="top", symbolType="stroke"),
            ),
        )
    )
    rounding = alt.Chart(pd.DataFrame({"rounding": [1e-12]})).mark_rule(strokeDash=[2, 3]).encode(y="rounding:Q")
    return alt.LayerChart(layer=[with_meaning(curves, "forward"), with_meaning(rounding, "neutral")], height=300)
