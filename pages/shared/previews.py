"""Home's small pictures: each drawn with `nnlib` from the settings its page begins with."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib.activations import sigmoid, sigmoid_derivative, softmax
from nnlib.batch_norm import forward
from nnlib.datasets import mnist_pictures
from nnlib.dropout import draw_masks, running_means, thinned_counts, training_output
from nnlib.gates import CORNERS, GATES, gate_network, output_surface, solution
from nnlib.losses import binary_cross_entropy_elements
from pages.shared.batch_norm_pictures import BETA, GAMMA, START_Z
from pages.shared.charts import with_meaning
from pages.shared.dropout_masks import START_H
from pages.shared.numbers import number
from pages.shared.pictures import digit_image, picture

HEIGHT = 120
DIGITS = 4


def _bare(chart: alt.Chart | alt.LayerChart) -> alt.LayerChart:
    """A picture without axes or legend, of the height all cards share."""
    layered = chart if isinstance(chart, alt.LayerChart) else alt.LayerChart(layer=[chart])
    return layered.properties(height=HEIGHT).configure_view(strokeWidth=0)


def _x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", axis=None)


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", axis=None)


def _show(chart: alt.Chart | alt.LayerChart, text: str, key: str) -> None:
    st.altair_chart(_bare(chart), width="stretch", key=f"preview_{key}", alt=text)


def xnor() -> None:
    """The book's network over the square of inputs: high in two opposite corners."""
    points = 20
    outputs = output_surface(gate_network(solution("XNOR")), -0.25, 1.25, points)
    axis = np.linspace(-0.25, 1.25, points)
    x1, x2 = np.meshgrid(axis, axis)
    half = (axis[1] - axis[0]) / 2
    shade = pd.DataFrame({"x1": x1.ravel() - half, "x2": x2.ravel() - half, "y": outputs.ravel()})
    shade = shade.assign(right=shade["x1"] + 2 * half, top=shade["x2"] + 2 * half)
    corners = pd.DataFrame(CORNERS, columns=["x1", "x2"]).assign(
        name=[f"{target}" for target in GATES["XNOR"]],
    )
    square = (
        alt.Chart(shade)
        .mark_rect()
        .encode(
            _x("x1"),
            _y("x2"),
            x2="right:Q",
            y2="top:Q",
            opacity=alt.Opacity("y:Q", scale=alt.Scale(domain=[0, 1], range=[0.04, 0.5]), legend=None),
        )
    )
    names = alt.Chart(corners).mark_text(fontSize=15, fontWeight="bold").encode(_x("x1"), _y("x2"), text="name:N")
    _show(
        alt.LayerChart(layer=[with_meaning(square, "forward"), with_meaning(names, "neutral")]),
        "The output of the XNOR network: near 1 around (0, 0) and (1, 1), near 0 around the other two corners.",
        "xnor",
    )


def multilabel_loss() -> None:
    """The loss of one output over p, for a label that applies and for one that does not."""
    p = np.linspace(0.01, 0.99, 60)
    curves = [
        pd.DataFrame(
            {"p": p, "loss": binary_cross_entropy_elements(p[None], np.full((1, p.size), y))[0], "y": f"{y}"}
        )
        for y in (1.0, 0.0)
    ]
    dash = alt.StrokeDash("y:N", scale=alt.Scale(domain=["1.0", "0.0"], range=[[1, 0], [5, 3]]), legend=None)
    lines = alt.Chart(pd.concat(curves)).mark_line().encode(_x("p"), _y("loss"), strokeDash=dash)
    _show(
        with_meaning(lines, "forward"),
        "Two curves of the loss over p: one falls as p grows (the label applies), one rises (it does not).",
        "multilabel",
    )


def mnist() -> None:
    """The first digits of MNIST's own test set."""
    pictures, digits = mnist_pictures(DIGITS)
    with st.container(horizontal=True, gap="small", height=HEIGHT, vertical_alignment="center", border=False):
        for pixels, digit in zip(pictures, digits, strict=True):
            picture(digit_image(pixels, (28, 28), 255), f"A handwritten {digit}.", width=42)


def sigmoid_graph() -> None:
    """σ and its slope."""
    z = np.linspace(-8, 8, 60)
    h = sigmoid(z)
    layers = [
        with_meaning(
            alt.Chart(pd.DataFrame({"z": z, "value": values})).mark_line().encode(_x("z"), _y("value")),
            meaning,
        )
        for values, meaning in ((h, "forward"), (sigmoid_derivative(h), "gradient"))
    ]
    _show(
        alt.LayerChart(layer=layers),
        "The sigmoid rising from 0 to 1, and its slope, a bell around z = 0.",
        "sigmoid",
    )


def softmax_graph() -> None:
    """Probabilities of three classes, and p − y beside each."""
    p = softmax(np.array([1.0, 2.0, 0.5]))
    y = np.array([0.0, 1.0, 0.0])
    bars = pd.DataFrame(
        {"class": ["1", "2", "3"] * 2, "value": [*p, *(p - y)], "meaning": ["forward"] * 3 + ["gradient"] * 3}
    )
    layers = [
        with_meaning(
            alt.Chart(bars[bars["meaning"] == meaning])
            .mark_bar(size=14, xOffset=offset)
            .encode(alt.X("class:N", axis=None), _y("value")),
            meaning,
        )
        for meaning, offset in (("forward", -9), ("gradient", 9))
    ]
    text = ", ".join(f"class {k + 1}: p = {p[k]:.2f}, p − y = {p[k] - y[k]:.2f}" for k in range(3))
    _show(
        alt.LayerChart(layer=layers), f"Bars of p and of its gradient p − y. {text}.".replace("-", "−"), "softmax"
    )


def batch_norm() -> None:
    """The batch page 23.6 begins with: z, z̄ and z̃ one below the other, each sample joined from row to row."""
    passed = forward(START_Z[:5], GAMMA, BETA)
    rows = {"z": passed.z, "z̄": passed.z_bar, "z̃": passed.z_tilde}
    points = pd.DataFrame(
        [
            {"row": row, "sample": j, "value": value}
            for row, (_, values) in enumerate(rows.items())
            for j, value in enumerate(values)
        ]
    )
    base = alt.Chart(points).encode(_x("value"), alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[2.2, -0.2])))
    layers = [
        with_meaning(base.mark_line(strokeWidth=1).encode(detail="sample:N", order="row:Q"), "forward"),
        with_meaning(base.mark_circle(size=70, opacity=1), "forward"),
    ]
    text = "; ".join(f"{name}: {', '.join(number(value) for value in values)}" for name, values in rows.items())
    _show(
        alt.LayerChart(layer=layers), f"Five samples before and after batch normalisation. {text}.", "batch_norm"
    )


def dropout() -> None:
    """The running mean of the first neuron's inverted dropout, around its exact mean h."""
    h, masks = float(START_H[0]), 300
    outputs = training_output(START_H[:1], draw_masks(masks, 1, 0.5, random_state=0), 0.5)
    counts = thinned_counts(masks, 60)
    means = pd.DataFrame({"masks": counts, "mean": running_means(outputs, counts)[:, 0]})
    band = pd.DataFrame({"masks": counts, "low": h - 2 * h / np.sqrt(counts), "high": h + 2 * h / np.sqrt(counts)})
    x = alt.X("masks:Q", axis=None, scale=alt.Scale(type="log"))
    area = (
        alt.Chart(band)
        .mark_area(opacity=0.2, clip=True)
        .encode(x, alt.Y("low:Q", axis=None, scale=alt.Scale(domain=[-h, 3 * h])), y2="high:Q")
    )
    line = alt.Chart(means).mark_line(clip=True).encode(x, _y("mean"))
    exact = alt.Chart(pd.DataFrame({"h": [h]})).mark_rule(strokeDash=[5, 3]).encode(_y("h"))
    layers = [with_meaning(area, "neutral"), with_meaning(line, "forward"), with_meaning(exact, "neutral")]
    text = f"The mean over more and more masks closes in on h = {number(h)}."
    _show(alt.LayerChart(layer=layers), text, "dropout")
