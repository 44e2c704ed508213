"""What other rules need, and where means end: a sigmoid neuron after the layer, its exact mean and prediction."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.dropout import NextNeuron, next_neuron
from pages.ex23_7.controls import ask_for_the_answer, controls, is_known
from pages.shared.charts import numbers_behind
from pages.shared.numbers import RIGHT, difference, number
from pages.shared.page import read_prose, section, write
from pages.shared.python_code import code_to_take
from pages.shared.svg.curves import Axis, Curve, Panel, Point, draw_curves, round_ticks
from pages.shared.tables import Table, written

SCALES = np.linspace(0, 12, 41)
KEEP_PROBS = np.linspace(0.025, 1, 40)


def go_deeper(p: float, seed: int) -> None:
    """The tab: other rules, then the neuron's controls, its two charts, and both numbers beside each other."""
    if is_known():
        write(*(read_prose(__file__, name) for name in ("rules", "rules_table", "in_programs")))
    else:
        write(
            "What each rule needs, and why, is told here as soon as you have made the two runs one on the stage, "
            "or when you ask for the answer."
        )
        ask_for_the_answer()
    section("A mean does not pass through a curve", read_prose(__file__, "beyond"))
    columns = st.columns(3, gap="medium")
    scale = controls.slider("scale", "Scale of the weights w", 0.0, 12.0, 4.0, 0.1, place=columns[0])
    b = controls.slider("bias", "Bias b", -6.0, 6.0, -1.0, 0.1, place=columns[1])
    m = controls.slider("next_m", "Neurons m in the dropped layer", 2, 12, 6, place=columns[2])
    rng = np.random.default_rng(seed)
    h, w = rng.uniform(0, 1, m), rng.normal(0, 1, m)
    over_p = [next_neuron(h, scale * w, b, q) for q in KEEP_PROBS]
    over_scale = [next_neuron(h, s * w, b, p) for s in SCALES]
    here = next_neuron(h, scale * w, b, p)
    draw_curves(
        [
            _panel("keep probability p", KEEP_PROBS, over_p, p, here),
            _panel("scale of the weights", SCALES, over_scale, scale, here),
        ],
        key=controls.key("beyond"),
    )

    def numbers() -> Table:
        table = pd.DataFrame(
            {
                "p": np.concatenate([KEEP_PROBS, np.full(len(SCALES), p)]),
                "scale": np.concatenate([np.full(len(KEEP_PROBS), scale), SCALES]),
                "mean output": [neuron.mean_output for neuron in (*over_p, *over_scale)],
                "prediction": [neuron.predicted_output for neuron in (*over_p, *over_scale)],
            }
        )
        return written(table)

    numbers_behind(
        numbers, "Mean output and prediction.", controls.key("beyond"), "The numbers behind both charts"
    )
    show_agreement(here, m)
    write(
        "Move the scale of the weights to 12 while p is 0.5: the gap grows. It closes for small weights, where σ "
        "is nearly a straight line, and at p = 1, where z does not vary."
    )
    code = st.expander("The same in Python", key=controls.key("beyond_code"), on_change="rerun")
    if code.open:
        with code:
            code_to_take(
                f"""import numpy as np
from nnlib.chapter23.dropout import next_neuron

rng = np.random.default_rng({seed})
h, w = rng.uniform(0, 1, {m}), rng.normal(0, 1, {m})
here = next_neuron(h, {scale!r} * w, b={b!r}, keep_prob={p!r})
print(here)
""",
                "dropout_next_neuron",
            )


def _panel(title: str, values: np.ndarray, neurons: Sequence[NextNeuron], at: float, here: NextNeuron) -> Panel:
    """Mean output and prediction for each of `values`, and both where the reader is."""
    mean = [neuron.mean_output for neuron in neurons]
    guess = [neuron.predicted_output for neuron in neurons]
    gap = max(abs(a - b) for a, b in zip(mean, guess, strict=True))
    last = float(values[-1])
    return Panel(
        x=Axis(title, 0, last, round_ticks(0, last)),
        y=Axis("output σ(z)", 0, 1, round_ticks(0, 1)),
        meaning="forward",
        about=f"Mean output over all masks and prediction, over the {title}; at most {difference(gap)} apart.",
        curves=[
            Curve(values.tolist(), mean, name="mean", wide=True),
            Curve(values.tolist(), guess, "neutral", broken=True, name="prediction"),
        ],
        points=[
            Point(at, here.mean_output, "circle", False, f"mean {number(here.mean_output)}"),
            Point(at, here.predicted_output, "square", False, f"prediction {number(here.predicted_output)}"),
        ],
    )


def show_agreement(neuron: NextNeuron, m: int) -> None:
    """The neuron as predicted and in the mean over all masks of m neurons."""
    rows = [
        ("net input z", neuron.predicted_net_input, neuron.mean_net_input),
        ("output σ(z)", neuron.predicted_output, neuron.mean_output),
    ]
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
            "difference": [difference(abs(predicted - mean)) for _, predicted, mean in rows],
            "agrees": [RIGHT if ok else "≠" for ok in agree],
        }
    ).set_index("of the next neuron")
    st.table(table)
