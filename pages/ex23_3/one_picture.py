"""One test picture's way through a trained network and back: every value, and its gradients checked."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from nnlib import Dataset, Network
from nnlib.chapter23.printed_program import sum_bias_gradients
from nnlib.layers import Dropout
from nnlib.network import Trace
from pages.ex23_3.controls import controls
from pages.ex23_3.runs import MnistRun
from pages.shared.gradient_table import gradient_table
from pages.shared.numbers import number
from pages.shared.page import section
from pages.shared.pictures import digit_image, picture
from pages.shared.tables import show_table

CHECKED_ROWS = 8  # pictures in the batch on which a training pass is checked


def one_picture(run: MnistRun | None) -> None:
    """The section, for a run whose weights are finite."""
    if run is not None and run.trainer.state != "diverged":
        section("One picture, forward and back")
        _forward_and_back(run)


@st.fragment
def _forward_and_back(run: MnistRun) -> None:
    """Choose a test picture and a layer; see z, h and δ of each neuron, and a gradient check."""
    run.claim()
    network, data = run.trainer.network, run.trainer.data
    left, right = st.columns([1, 2], gap="large")
    with left:
        row = controls.number("picture", "Test picture", 0, len(data.X_test) - 1, 0, width=160)
        x, y = data.test_inputs(slice(row, row + 1)), data.Y_test[row : row + 1]
        assert data.image_shape is not None
        pixels = digit_image(data.X_test[row], data.image_shape, round(1 / data.scale))
        picture(pixels, f"Test picture {row}, a {y.argmax()}.", width=112)
        count = len(network.dense)
        layer = controls.steps("layer", "Layer", range(1, count + 1), count) if count > 1 else 1
        planted = controls.toggle(
            "planted",
            "Plant a mistake",
            help="The printed program's: every bias gets the sum of its layer's δ instead of its own.",
        )
    exact = network.as_type(np.float64)
    trace = exact.trace(x, y)
    with right:
        is_output = layer == count
        st.markdown(
            f"Layer {layer}: net input z, output {'p, label y' if is_output else 'h = a(z)'}, and the error δ "
            f"that comes back. The loss of this picture is {number(trace.loss)}."
        )
        if exact.norms and not is_output:
            st.markdown("z̃ is z after batch normalisation, with the means and variances of prediction: h = a(z̃).")
        table = _layer_table(trace, layer, y[0] if is_output else None)
        show_table(table, f"Values of layer {layer}.", controls.key("pass"), height=390)
    _show_check(exact, data, row, planted)


def _layer_table(trace: Trace, layer: int, label: np.ndarray | None) -> pd.DataFrame:
    """One row a neuron of a layer, counted from 1; `label` is y for the output layer, None for a hidden one."""
    columns = {"z": trace.z[layer - 1][0]}
    if label is None and trace.z_tilde:
        columns["z̃"] = trace.z_tilde[layer - 1][0]
    columns["h" if label is None else "p"] = trace.h[layer][0]
    if label is not None:
        columns["y"] = label
    columns["δ = ∂L/∂z"] = trace.delta[layer - 1][0]
    table = pd.DataFrame(columns)
    table.insert(0, "neuron", range(len(table)))
    return table


def _show_check(exact: Network, data: Dataset, row: int, planted: bool) -> None:
    """A few weights and biases of every layer: back-propagation beside numerical derivatives."""
    drops = any(isinstance(layer, Dropout) for layer in exact.layers)
    training = bool(exact.norms) or drops
    st.markdown(
        "**Gradient check.** Each row is one weight or bias. *Analytic* is what back-propagation says. "
        "*Numerical* moves that number up and down a little and measures the slope of the loss. They must agree."
    )
    if training:
        st.markdown(
            f"Here the check takes a training pass: a batch of {CHECKED_ROWS} test pictures, "
            f"{'its own means and variances' if exact.norms else ''}{' and ' if exact.norms and drops else ''}"
            f"{'one set of dropped neurons' if drops else ''}."
        )
        if exact.norms:
            st.markdown(
                "A bias b before batch normalisation has derivative 0: the batch's mean takes it away again."
            )
    first = min(row, max(0, len(data.X_test) - CHECKED_ROWS)) if training else row
    rows = slice(first, first + (CHECKED_ROWS if training else 1))
    X, Y = data.test_inputs(rows), data.Y_test[rows]
    indices = exact.sample_parameters(X, weights=6, biases=4, random_state=row)
    check = exact.check_gradients(X, Y, indices, training)
    if planted:
        exact = exact.as_type(np.float64)  # draws the same masks again
        check = replace(
            check, analytic=sum_bias_gradients(exact, exact.gradient(X, Y, training=training))[indices]
        )
    gradient_table([exact.parameter_name(i) for i in indices], check, "ex23_3_check", "weight or bias")
