"""The exact mean of a sigmoid neuron after the dropped layer, against what prediction takes for it."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.dropout import NextNeuron, next_neuron
from pages.ex23_7.charts import mean_and_guess_chart
from pages.ex23_7.controls import MOST_NEURONS, controls, keep_probability
from pages.shared.charts import show_chart
from pages.shared.gradient_table import tint_rows
from pages.shared.numbers import RIGHT, WRONG, difference, number
from pages.shared.page import erratum
from pages.shared.tables import Table, written

SCALES = np.linspace(0, 12, 41)
KEEP_PROBS = np.linspace(0.025, 1, 40)


@st.fragment
def next_neuron_section(code: DeltaGenerator) -> None:
    """Two charts of mean and prediction, and both beside each other; its lines of Python go into `code`."""
    side, picture = st.columns([1, 2], gap="medium")
    with side:
        p = keep_probability("next_p")
        scale = controls.slider("scale", "Scale s of the weights", 0.0, 12.0, 4.0, 0.1)
        b = controls.slider("bias", "Bias b", -6.0, 6.0, -1.0, 0.1)
        m = controls.slider("next_m", "Neurons m", 2, MOST_NEURONS, 6)
        seed = controls.number("next_seed", "Seed", 0, 9999, 0)
        st.caption("The seed draws m outputs h from 0 to 1 and m weights around 0. All weights are then times s.")
    rng = np.random.default_rng(seed)
    h, w = rng.uniform(0, 1, m), rng.normal(0, 1, m)
    with picture:
        left, right = st.columns(2)
    with left:
        neurons = [next_neuron(h, scale * w, b, q) for q in KEEP_PROBS]
        show_over("keep probability p", KEEP_PROBS, neurons, p, controls.key("over_p"))
    with right:
        neurons = [next_neuron(h, s * w, b, p) for s in SCALES]
        show_over("scale s of the weights", SCALES, neurons, scale, controls.key("over_scale"))
    gap = show_agreement(next_neuron(h, scale * w, b, p), m)
    erratum(
        "The solution takes the p-scaled prediction for the expected output. It is that up to z, which is linear "
        f"in h̃. Past σ it is an approximation: here it is off by {difference(gap)}. "
        "It is close where p is near 1, or the weights are small. Inverted dropout has the same gap."
    )
    code.code(
        f"""import numpy as np
from nnlib.chapter23.dropout import next_neuron

rng = np.random.default_rng({seed})
h, w = rng.uniform(0, 1, {m}), rng.normal(0, 1, {m})
here = next_neuron(h, {scale!r} * w, b={b!r}, keep_prob={p!r})
print(here)
""",
        language="python",
    )


def show_over(title: str, values: np.ndarray, neurons: Sequence[NextNeuron], here: float, key: str) -> None:
    """Mean output and prediction for each of `values`, and a rule where the reader is."""
    mean = np.array([neuron.mean_output for neuron in neurons])
    guess = np.array([neuron.predicted_output for neuron in neurons])
    gap = np.abs(mean - guess)

    def numbers() -> Table:
        table = pd.DataFrame({title: values, "mean output": mean, "prediction": guess, "difference": gap})
        return written(table, {"difference": difference})

    show_chart(
        mean_and_guess_chart(values, mean, guess, here, title),
        numbers,
        f"Mean output over all masks and prediction, over the {title}. "
        f"The largest difference is {number(gap.max())}.",
        key,
    )


def show_agreement(neuron: NextNeuron, m: int) -> float:
    """The neuron as predicted and in the mean over all masks of m neurons. Returns how far its outputs differ."""
    rows = [
        ("net input z", neuron.predicted_net_input, neuron.mean_net_input),
        ("output σ(z)", neuron.predicted_output, neuron.mean_output),
    ]
    gaps = [abs(predicted - mean) for _, predicted, mean in rows]
    # terms of z may cancel, so it is rounded absolutely; an output near 0 keeps its digits
    agree = [
        math.isclose(predicted, mean, rel_tol=1e-9, abs_tol=absolute)
        for (_, predicted, mean), absolute in zip(rows, (1e-12, 0.0), strict=True)
    ]
    table = pd.DataFrame(
        {
            "of the next neuron": [name for name, _, _ in rows],
            "predicted from p h": [number(predicted) for _, predicted, _ in rows],
            f"mean over all {2**m:,} masks": [number(mean) for _, _, mean in rows],
            "difference": [difference(gap) for gap in gaps],
            "agrees": [RIGHT if ok else WRONG for ok in agree],
        }
    )
    st.dataframe(
        table if all(agree) else tint_rows(table, [not ok for ok in agree]),
        hide_index=True,
        width="stretch",
        key=controls.key("next_table"),
        alt=f"The net input agrees; the outputs differ by {difference(gaps[1])}.",
    )
    return gaps[1]
