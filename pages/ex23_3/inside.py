"""The tab *Inside the network*: one picture's way through it, its weights, and where its gradients fade."""

import math
from functools import cache, partial

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib import Dataset, Network, Trainer
from pages.ex23_3.controls import controls
from pages.ex23_3.mistakes import DIVERGED, GRID, SECONDS_BETWEEN
from pages.ex23_3.one_picture import ONE_PICTURE, VIEW, one_picture, say_epoch
from pages.ex23_3.runs import MnistRun, gradient_points
from pages.ex23_3.settings import PRINTED_WEIGHTS
from pages.ex23_3.training import Training
from pages.ex23_3.trouble import what_went_wrong
from pages.shared.charts import Spec, fill, show_chart, with_meaning
from pages.shared.live import live
from pages.shared.numbers import number
from pages.shared.pictures import picture_row, weight_image

WEIGHTS, GRADIENTS = "weights", "gradients"
HEIGHT, PLOT, LABEL = 340, 260, 18  # pixels: the chart of gradients, without axes, and a layer's name in it


def inside_the_network(training: Training) -> None:
    """One of three views of the network of the run shown; weights and gradients follow its training."""
    st.markdown(
        "What goes on inside the network of the run on screen? See what each neuron does with one picture, what "
        "the first layer looks for, and how large the gradients are that arrive in each layer."
    )
    view = controls.choice(VIEW, "Look at", [ONE_PICTURE, WEIGHTS, GRADIENTS])
    run = training.shown
    if run is None:
        st.info("There is no network to look into: its pictures cannot be read.", icon=":material/visibility:")
    elif view == GRADIENTS:
        live(
            controls.key("gradients"),
            training.at_work == "run",
            lambda: None,
            partial(_gradients, run),
            SECONDS_BETWEEN,
        )
    elif run.trainer.state == "diverged":
        st.info(f"{DIVERGED} The *gradients* up to the end are still there.", icon=":material/visibility:")
    elif view == WEIGHTS:
        live(
            controls.key("weights"),
            training.at_work == "run",
            lambda: None,
            partial(_weights, run),
            SECONDS_BETWEEN,
        )
    else:
        one_picture(run)


def _gradients(run: MnistRun) -> None:
    what_went_wrong(run)
    show_gradients(run.trainer)


def _weights(run: MnistRun) -> None:
    run.claim()
    say_epoch(run)
    show_weights(run.trainer.network, run.trainer.data)
    if run.settings.init == PRINTED_WEIGHTS:
        st.markdown(
            "Do they look like noise? The run began with weights from N(0, 1), so large that what it has learned "
            "since hardly shows."
        )


def show_weights(network: Network, data: Dataset) -> None:
    """The weights of the first layer's neurons, each as a picture of the inputs it looks for."""
    assert data.image_shape is not None
    W = network.dense[0].W
    neurons = np.argsort(-np.abs(network.dense[0].W).max(axis=0), kind="stable")[: 2 * GRID]
    st.markdown(
        "Each picture shows what one neuron of the first layer looks for. Ink on blue pixels raises its net input "
        "z, on orange ones lowers it, and on white ones does not matter. Shown are the neurons with the largest "
        "weights, and their numbers."
    )
    picture_row(
        [weight_image(W[:, m], data.image_shape) for m in neurons],
        [f"{m}" for m in neurons],
        [f"Weights into neuron {m} of the first layer." for m in neurons],
        width=66,
    )


def show_gradients(trainer: Trainer) -> None:
    """The size of the gradient in each layer over time."""
    points = gradient_points(trainer)
    st.markdown(
        "How large is the gradient that arrives in each layer? Drawn is the root mean square (RMS) of the "
        "gradients of a layer's weights, on a logarithmic scale."
        + (
            " In a deep network of sigmoids the first layers receive far less than the last: each layer on the "
            "way back multiplies by a slope σ′ of at most 1/4. This is the vanishing gradient."
            if trainer.network.activation == "sigmoid"
            else ""
        )
    )
    positive = points[points["RMS gradient"] > 0]  # a logarithm has no place for 0
    if positive.empty:
        st.info("No gradient other than 0 has been measured yet. Press One batch or Train.")
        return
    last = positive.loc[positive.groupby("layer")["epoch"].idxmax()]
    powers = np.log10(positive["RMS gradient"])
    low, high = math.floor(powers.min()), math.ceil(powers.max())
    show_chart(
        fill(
            _gradients_template(low, max(high, low + 1), trainer.epochs),
            points=positive,
            ends=last.assign(place=10 ** _apart(np.log10(last["RMS gradient"]), (high - low) * LABEL / PLOT)),
        ),
        points,
        "RMS gradient of each layer over the epochs.",
        "gradient_rms",
    )


def _apart(places: pd.Series, least: float) -> pd.Series:
    """The places, each pair at least so far apart, in the same order and moved as little as may be."""
    apart = places.sort_values()
    for _ in range(100):
        gaps = np.diff(apart)
        if (gaps >= 0.99 * least).all():
            break
        push = np.maximum(least - gaps, 0) / 2
        apart = apart + np.append(0, push) - np.append(push, 0)
    return apart.reindex(places.index)


@cache
def _gradients_template(low: int, high: int, epochs: int) -> Spec:
    """A line a layer, each named at its end, between whole powers of ten."""
    decades = [10.0**power for power in range(low, high + 1)]
    scale = alt.Scale(type="log", domain=[decades[0], decades[-1]])
    axis = alt.Axis(
        values=decades, labelExpr=f"{[number(value) for value in decades]}[round(log(datum.value) / LN10) - {low}]"
    )
    title = "RMS gradient (log scale)"
    y = alt.Y("RMS gradient:Q", title=title, scale=scale, axis=axis)
    x = alt.X("epoch:Q", title="epochs trained", scale=alt.Scale(domain=[0, epochs]), axis=alt.Axis(tickCount=6))
    tooltip = [
        alt.Tooltip("layer:N"),
        alt.Tooltip("epoch:Q", format=".2f"),
        alt.Tooltip("RMS gradient:Q", format=".2e"),
    ]
    points = alt.Chart(alt.NamedData("points")).encode(x=x, y=y, detail="layer:N", tooltip=tooltip)
    names = alt.Chart(alt.NamedData("ends")).mark_text(align="left", dx=6, fontSize=13, fill="currentColor")
    names = names.encode(x=x, y=alt.Y("place:Q", title=title, scale=scale, axis=axis), text="layer:N")
    drawn = with_meaning(points.mark_line(strokeWidth=2, clip=True), "gradient")
    return alt.LayerChart(layer=[drawn, names], height=HEIGHT, padding={"right": 60}).to_dict()
