"""Recall: the share of the test pictures of each digit that a run reads correctly, over its epochs."""

import math
from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib.measuring import Measurement
from pages.ex23_3.controls import controls
from pages.ex23_3.stage_picture import HALF, HARDLY
from pages.shared.charts import Spec, draw_chart, fill, meaning_scale, numbers_behind, with_meaning
from pages.shared.numbers import percent

ROW_HEIGHT, AXES = 38, 60  # pixels
FILLED = 0.86  # of a digit's row that a recall of 100 % fills
MOSTLY_READ, MOSTLY_MISSED = "forward", "wrong"  # the meanings whose colours say so
FEW = 3  # digits that get a sentence of their own
ABOUT = (
    "The **recall** of a digit is the share of its own test pictures that are read correctly. One accuracy for "
    "all ten can hide that a digit is never read at all. Each row goes from 0 to 100 %, and has the colour of "
    "a wrong answer as long as less than half of the digit's pictures are read."
)


def show_recall(history: Sequence[Measurement], epochs: int) -> None:
    """A row a digit with its recall over the epochs, and a bar a digit for the last of them.

    Parameters
    ----------
    history : of a run
    epochs : where it will end
    """
    st.markdown(ABOUT)
    points = recall_points(history)
    if points.empty:
        st.info("No recall has been measured in this run yet.", icon=":material/bar_chart:")
        return
    for sentence in recall_in_words(points, history):
        st.markdown(sentence)
    digits, last = tuple(sorted(points["digit"].unique(), key=int)), points["epoch"].max()
    now = points[points["epoch"] == last]
    over_time, at_end = st.columns([3, 2])
    with over_time:
        draw_chart(
            fill(_over_time(digits, epochs), points=_placed(points, digits), missed=when_missed(points, digits)),
            f"A row for each digit: its recall over the epochs, from 0 to {last:.3g}. Another colour where it is "
            "below half.",
            controls.key("recall_over_time"),
        )
    with at_end:
        draw_chart(
            fill(
                _now(f"recall after epoch {last:.2f}"),
                now=now.assign(text=now["recall"].map(percent), meaning=_meaning(now)),
            ),
            f"Recall of each digit after epoch {last:.2f}: "
            + ", ".join(f"{digit} {percent(r)}" for digit, r in zip(now["digit"], now["recall"], strict=True)),
            controls.key("recall_now"),
        )
    numbers_behind(
        lambda: points.pivot_table(index="epoch", columns="digit", values="recall").reset_index(),
        "Recall of each digit at each measurement.",
        controls.key("recall"),
        "The numbers behind these charts",
    )


def recall_points(history: Sequence[Measurement]) -> pd.DataFrame:
    """One row a measurement and digit; none for a digit without test pictures."""
    rows = [
        {"epoch": measured.epoch, "digit": str(digit), "recall": recall}
        for measured in history
        for digit, recall in enumerate(measured.test_recall)
        if not np.isnan(recall)
    ]
    return pd.DataFrame(rows, columns=["epoch", "digit", "recall"])


def recall_in_words(points: pd.DataFrame, history: Sequence[Measurement]) -> list[str]:
    """Which digits were never, or hardly ever, read after a whole epoch, and until when; else the hardest one."""
    accuracy = {measured.epoch: measured.test_accuracy for measured in history}
    sentences = []
    for digit, of_digit in points[points["epoch"] >= 1].groupby("digit"):
        dead = of_digit[of_digit["recall"] < HARDLY]
        if dead.empty:
            continue
        epoch, ended = dead["epoch"].max(), of_digit["epoch"].max()
        ever, share = ("never", "none") if dead["recall"].max() == 0 else ("hardly ever", _at_most(dead["recall"]))
        until = f"was {ever} read up to epoch {epoch:.3g}"
        if epoch == ended:
            until = f"is still {ever} read after epoch {epoch:.3g}"
        sentences.append(
            f"**The digit {digit} {until}**: {share} of its own pictures were read correctly, while "
            f"{100 * accuracy[epoch]:.0f} % of all test pictures were."
        )
    if len(sentences) > FEW:
        return [f"After a whole epoch or more, {len(sentences)} digits were still hardly ever read, or never."]
    if sentences:
        return sentences
    now = points[points["epoch"] == points["epoch"].max()]
    lowest, highest = now.loc[now["recall"].idxmin()], now.loc[now["recall"].idxmax()]
    return [
        f"The hardest digit is now the {lowest['digit']}, with a recall of {percent(lowest['recall'])}; the "
        f"easiest is the {highest['digit']}, with {percent(highest['recall'])}."
    ]


def _at_most(recall: pd.Series) -> str:
    """A small share in words, rounded up to a tenth of a per cent."""
    return f"at most {math.ceil(1000 * recall.max() - 1e-9) / 10:g} %"


def _placed(points: pd.DataFrame, digits: Sequence[str]) -> pd.DataFrame:
    """The points with their places in the one plot that holds a row for each digit, the first on top."""
    foot = points["digit"].map(lambda digit: float(len(digits) - 1 - digits.index(digit)))
    return points.assign(foot=foot, top=foot + FILLED * points["recall"])


def _meaning(points: pd.DataFrame) -> pd.Series:
    """Which colour a recall has."""
    return (points["recall"] < HALF).map({True: MOSTLY_MISSED, False: MOSTLY_READ})


def when_missed(points: pd.DataFrame, digits: Sequence[str]) -> pd.DataFrame:
    """From when to when a digit was mostly missed: from each such measurement to the next one."""
    ends = points.groupby("digit")["epoch"].shift(-1)
    missed = points.assign(until=ends).dropna()
    missed = _placed(missed[missed["recall"] < HALF], digits)
    return missed.assign(top=missed["foot"] + FILLED)


@cache
def _over_time(digits: tuple[str, ...], epochs: int) -> Spec:
    """Rows in a single plot, so that they fill the width: each curve is scaled into its row."""
    count = len(digits)
    names = list(reversed(digits))
    rows = alt.Axis(
        values=[k + FILLED / 2 for k in range(count)],
        labelExpr=f"'digit ' + {names}[floor(datum.value)]",
        grid=False,
        ticks=False,
        domain=False,
        title=None,
    )
    x = alt.X("epoch:Q", title="epochs (passes over the training pictures)", scale=alt.Scale(domain=[0, epochs]))
    y = alt.Y("top:Q", scale=alt.Scale(domain=[0, count], nice=False), axis=rows)
    tooltip = [alt.Tooltip("digit:N"), alt.Tooltip("epoch:Q", format=".2f"), alt.Tooltip("recall:Q", format=".2%")]
    curves = alt.Chart(alt.NamedData("points")).encode(x=x, y=y, detail="digit:N", tooltip=tooltip)
    missed = alt.Chart(alt.NamedData("missed")).mark_rect(opacity=0.35).encode(x=x, x2="until:Q", y=y, y2="foot:Q")
    return alt.LayerChart(
        layer=[
            with_meaning(missed, MOSTLY_MISSED),
            with_meaning(curves.mark_area(opacity=0.3), MOSTLY_READ).encode(y2="foot:Q"),
            with_meaning(curves.mark_line(strokeWidth=2), MOSTLY_READ),
            with_meaning(curves.mark_line(strokeWidth=1, opacity=0.4), "neutral").encode(y="foot:Q"),
        ],
        height=ROW_HEIGHT * count + AXES,
    ).to_dict()


@cache
def _now(title: str) -> Spec:
    base = alt.Chart(alt.NamedData("now")).encode(
        y=alt.Y(
            "digit:N", title=None, sort=None, axis=alt.Axis(labelOverlap=False, labelExpr="'digit ' + datum.label")
        ),
        x=alt.X("recall:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5)),
        tooltip=["digit:N", alt.Tooltip("recall:Q", format=".2%")],
    )
    missed = base.mark_bar(opacity=0.35).transform_filter(f"datum.meaning === '{MOSTLY_MISSED}'")
    missed = with_meaning(missed, MOSTLY_MISSED).encode(x=alt.datum(1))
    bars = base.mark_bar(opacity=0.5).encode(color=alt.Color("meaning:N", scale=meaning_scale(), legend=None))
    text = base.mark_text(align="left", dx=5, fontSize=13, fill="currentColor").encode(
        x=alt.datum(0), text="text:N"
    )
    return alt.LayerChart(layer=[missed, bars, text], height=ROW_HEIGHT * 10 + AXES).to_dict()
