"""What a trained network knows: its answers, its mistakes, its weights, and where its gradients fade."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib import Dataset, Network, Trainer
from nnlib.measuring import CHUNK_ROWS
from pages.ex23_3.controls import controls
from pages.ex23_3.runs import MnistRun, gradient_points
from pages.shared.charts import show_chart, with_meaning
from pages.shared.gradient_table import RIGHT, WRONG
from pages.shared.numbers import percent
from pages.shared.page import section
from pages.shared.pictures import digit_image, picture_row, weight_image

GRID = 24  # pictures in a grid
CONFUSED = "rgba(213, 94, 0, {:.2f})"  # vermilion: wrong
AGREED = "rgba(0, 114, 178, 0.25)"  # blue: what the network says, and rightly


def what_the_network_knows(run: MnistRun | None) -> None:
    """The section: one of five views of the run's network, as it stands now."""
    section("What the network knows")
    if run is None:
        st.info(
            "Press Start or One batch first: there is no network to look into yet.", icon=":material/visibility:"
        )
        return
    network, data = run.trainer.network, run.trainer.data
    diverged = run.trainer.state == "diverged"
    if diverged:
        st.info(
            "This run has diverged: its last finite weights are too large to look into. Lower the learning rate "
            "and press Reset. The gradients up to the end are still there.",
            icon=":material/visibility:",
        )
    else:
        st.caption(
            f"The network after epoch {run.trainer.epoch:.2f}. While it trains, this part waits for your next "
            "click."
        )
    view = controls.choice("view", "Look at", ["answers", "mistakes", "confusion", "weights", "gradients"])
    if view == "gradients":
        show_gradients(run.trainer)
    elif diverged:
        return
    elif view == "weights":
        show_weights(network, data)
    elif view == "mistakes":
        show_mistakes(network, data)
    elif view == "confusion":
        show_confusion(network, data)
    else:
        first = controls.slider("first", "From test picture", 0, len(data.X_test) - GRID, 0, GRID)
        show_answers(network, data, first)


def outputs_on_test(network: Network, data: Dataset, rows: np.ndarray) -> np.ndarray:
    """The network's outputs on some test rows, (len(rows), l)."""
    chunks = [rows[start : start + CHUNK_ROWS] for start in range(0, len(rows), CHUNK_ROWS)]
    return np.concatenate([network.predict_proba(data.test_inputs(c, network.dtype)) for c in chunks])


def show_digits(data: Dataset, rows: np.ndarray, outputs: np.ndarray) -> None:
    """Test pictures with the predicted class and its output, ticked or crossed."""
    truth, predicted = data.Y_test[rows].argmax(axis=1), outputs.argmax(axis=1)
    captions, texts = [], []
    for row, true, guess, output in zip(rows, truth, predicted, outputs.max(axis=1), strict=True):
        mark = RIGHT if true == guess else f"{WRONG} is {true}"
        captions.append(f"**{guess}** {mark}  \n{percent(float(output))}")
        texts.append(f"Test picture {row}: a {true}, read as {guess}.")
    picture_row([_image(data, row) for row in rows], captions, texts, width=84)


def show_answers(network: Network, data: Dataset, first: int) -> None:
    """A grid of test digits from row `first` on."""
    rows = np.arange(first, min(first + GRID, len(data.X_test)))
    st.markdown("Under each picture: the digit with the largest output, and that output.")
    show_digits(data, rows, outputs_on_test(network, data, rows))


def show_mistakes(network: Network, data: Dataset) -> None:
    """The wrong answers the network is surest of."""
    outputs = outputs_on_test(network, data, np.arange(len(data.X_test)))
    wrong = np.flatnonzero(outputs.argmax(axis=1) != data.Y_test.argmax(axis=1))
    if not len(wrong):
        st.success("No mistakes on the test pictures.")
        return
    surest = wrong[np.argsort(-outputs[wrong].max(axis=1), kind="stable")][:GRID]
    st.markdown(
        f"{len(wrong):,} of {len(outputs):,} test pictures are read wrongly. These are the surest mistakes."
    )
    show_digits(data, surest, outputs[surest])


def show_confusion(network: Network, data: Dataset) -> None:
    """How often each digit is read as each other."""
    outputs = outputs_on_test(network, data, np.arange(len(data.X_test)))
    truth, predicted = data.Y_test.argmax(axis=1), outputs.argmax(axis=1)
    classes = outputs.shape[1]
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (truth, predicted), 1)
    table = pd.DataFrame(
        counts,
        index=pd.Index([f"is {k}" for k in range(classes)]),
        columns=[f"read as {k}" for k in range(classes)],
    )
    wrong = counts - np.diag(np.diag(counts))
    most = max(1, wrong.max())

    tints = [
        [
            f"background-color: {AGREED if read == true else CONFUSED.format(0.7 * wrong[true, read] / most)}"
            for read in range(classes)
        ]
        for true in range(classes)
    ]
    styles = pd.DataFrame(tints, index=table.index, columns=table.columns)
    styled = table.style.apply(lambda _: styles, axis=None)
    st.markdown("Each row is a digit as it is; each column, as it was read. Off the diagonal are the mistakes.")
    st.dataframe(styled, key="confusion", width="stretch", alt="Confusion matrix.")


def show_weights(network: Network, data: Dataset) -> None:
    """The weights of the first layer's neurons, each as a picture of the inputs it looks for."""
    assert data.image_shape is not None
    W = network.dense[0].W
    neurons = np.argsort(-np.abs(network.dense[0].W).max(axis=0), kind="stable")[: 2 * GRID]
    st.markdown(
        "Each picture shows what one neuron of the first layer looks for. White pixels raise its net input z, "
        "black ones lower it, grey ones do not matter. Shown are the neurons with the largest weights."
    )
    picture_row(
        [weight_image(W[:, m], data.image_shape) for m in neurons],
        [f"h¹[{m}]" for m in neurons],
        [f"Weights into neuron {m} of the first layer." for m in neurons],
        width=66,
    )


def show_gradients(trainer: Trainer) -> None:
    """The size of the gradient in each layer over time."""
    points = gradient_points(trainer)
    layers = sorted(points["layer"].unique())
    st.markdown(
        "The root mean square (RMS) of each layer's weight gradients, on a logarithmic scale. In a deep net of "
        "sigmoids the first layers' gradients are many times smaller: each layer back multiplies by σ' ≤ 1/4. "
        "This is the vanishing gradient."
    )
    positive = points[points["RMS gradient"] > 0]  # a logarithm has no place for 0
    if positive.empty:
        st.info("No gradient other than 0 has been measured yet. Press One batch or Start.")
        return
    chart = (
        alt.Chart(positive)
        .mark_line(point=True)
        .encode(
            x=alt.X("epoch:Q", title="epochs"),
            y=alt.Y("RMS gradient:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~e")),
            strokeDash=alt.StrokeDash(
                "layer:N",
                sort=layers,
                legend=alt.Legend(title=None, orient="bottom", symbolType="stroke", columns=3),
            ),
            tooltip=["layer:N", alt.Tooltip("epoch:Q", format=".2f"), alt.Tooltip("RMS gradient:Q", format=".2e")],
        )
        .properties(height=280)
    )
    show_chart(
        with_meaning(chart, "gradient"), points, "RMS gradient of each layer over the epochs.", "gradient_rms"
    )


def _image(data: Dataset, row: int) -> np.ndarray:
    assert data.image_shape is not None
    return digit_image(data.X_test[row], data.image_shape, round(1 / data.scale))
