"""The tab *Inside the network*: one picture's way through it, its weights, and where its gradients fade."""

from functools import cache, partial

import altair as alt
import numpy as np
import streamlit as st

from nnlib import Dataset, Network, Trainer
from pages.ex23_3.controls import controls
from pages.ex23_3.mistakes import DIVERGED, GRID, SECONDS_BETWEEN
from pages.ex23_3.one_picture import ONE_PICTURE, VIEW, one_picture, say_epoch
from pages.ex23_3.runs import MnistRun, gradient_points
from pages.ex23_3.training import Training
from pages.ex23_3.trouble import what_went_wrong
from pages.shared.charts import Spec, fill, show_chart, with_meaning
from pages.shared.live import live
from pages.shared.pictures import picture_row, weight_image

WEIGHTS, GRADIENTS = "weights", "gradients"


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
    ends = positive.loc[positive.groupby("layer")["epoch"].idxmax()]
    show_chart(
        fill(_gradients_template(), points=positive, ends=ends),
        points,
        "RMS gradient of each layer over the epochs.",
        "gradient_rms",
    )


@cache
def _gradients_template() -> Spec:
    """A line a layer, each named at its end."""
    y = alt.Y("RMS gradient:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~e"))
    lines = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("epoch:Q", title="epochs trained"),
        y=y,
        detail="layer:N",
        tooltip=["layer:N", alt.Tooltip("epoch:Q", format=".2f"), alt.Tooltip("RMS gradient:Q", format=".2e")],
    )
    names = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=6, fontSize=13, fill="currentColor")
        .encode(x="epoch:Q", y=y, text="layer:N")
    )
    drawn = with_meaning(lines.mark_line(point=True), "gradient")
    return alt.LayerChart(layer=[drawn, names], height=300, padding={"right": 60}).to_dict()
