"""What other rules need, and where means end: a sigmoid neuron after the layer, its exact mean and prediction."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.dropout import NextNeuron, next_neuron
from nnlib.chapter23.dropout_twins import NEEDED
from pages.ex23_7.controls import KEEP_PROBS, controls, is_known, rules_told
from pages.shared.charts import numbers_behind
from pages.shared.numbers import RIGHT, difference, number
from pages.shared.page import read_prose, section, write
from pages.shared.python_code import code_to_take
from pages.shared.svg.ahead import Thumb, in_json, send_ahead
from pages.shared.svg.curves import Axis, Curve, Panel, Point, as_seen, curve_data, draw_curves, round_ticks
from pages.shared.tables import Table, written

SCALES = [k / 10 for k in range(121)]  # what the sliders can be set to
BIASES = [k / 10 for k in range(-60, 61)]
SIZES = range(2, 13)
DRAWN_SCALES = SCALES[::3]
DRAWN_PROBS = [k / 40 for k in range(1, 41)]
CURVES = controls.key("beyond")


@dataclass(frozen=True)
class After:
    """A neuron after a dropped layer of m: the scale of its weights, its bias, and p and the seed of the stage."""

    p: float
    seed: int
    m: int
    scale: float
    b: float

    def at(self, p: float | None = None, scale: float | None = None) -> NextNeuron:
        """It, with another p or another scale where one is given."""
        p, scale = self.p if p is None else p, self.scale if scale is None else scale
        return _next_neuron(p, self.seed, self.m, scale, self.b)


@lru_cache(maxsize=20_000)  # the curves of every value of a slider share most of theirs
def _next_neuron(p: float, seed: int, m: int, scale: float, b: float) -> NextNeuron:
    h, w = _layer(seed, m)
    return next_neuron(h, scale * w, b, p)


@lru_cache(maxsize=100)
def _layer(seed: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 1, m), rng.normal(0, 1, m)


def go_deeper(p: float, seed: int) -> None:
    """The tab: other rules, then the neuron's controls, its two charts, and both numbers beside each other."""
    if is_known():
        _show_rules()
    else:
        write(
            "What each rule needs, and why, is told here as soon as you have made the two runs one above, "
            "or when you press *Show the answer* there."
        )
    section("A mean does not pass through a curve", read_prose(__file__, "beyond"))
    columns = st.columns(3, gap="medium")
    scale = controls.slider("scale", "Scale of the weights w", SCALES[0], SCALES[-1], 4.0, 0.1, place=columns[0])
    b = controls.slider("bias", "Bias b", BIASES[0], BIASES[-1], -1.0, 0.1, place=columns[1])
    m = controls.slider("next_m", "Neurons m in the dropped layer", SIZES[0], SIZES[-1], 6, place=columns[2])
    after = After(p, seed, m, scale, b)
    thumbs = [
        Thumb(controls.key("p"), p, KEEP_PROBS, lambda p: replace(after, p=p), _pictures),
        Thumb(controls.key("scale"), scale, SCALES, lambda scale: replace(after, scale=scale), _pictures),
        Thumb(controls.key("bias"), b, BIASES, lambda b: replace(after, b=b), _pictures),
        Thumb(controls.key("next_m"), m, SIZES, lambda m: replace(after, m=int(m)), _pictures),
    ]
    with st.container(key=controls.key("beyond_picture")):
        charts, words = st.columns([5, 2], vertical_alignment="center")
        with charts:
            draw_curves(_panels(after), CURVES, follow=thumbs)
        with words:
            write(
                "Move the scale of the weights to 12 while p is 0.5: the gap grows. It closes for small weights, "
                "where σ is nearly a straight line, and at p = 1, where z does not vary."
            )
        with st.container(key=controls.key("beyond_verdict")):
            show_agreement(after.at(), m)
    send_ahead(thumbs, controls.key("beyond_ahead"))

    def numbers() -> Table:
        neurons = [*(after.at(p=q) for q in DRAWN_PROBS), *(after.at(scale=s) for s in DRAWN_SCALES)]
        table = pd.DataFrame(
            {
                "p": [*DRAWN_PROBS, *[p] * len(DRAWN_SCALES)],
                "scale": [*[scale] * len(DRAWN_PROBS), *DRAWN_SCALES],
                "mean output": [neuron.mean_output for neuron in neurons],
                "prediction": [neuron.predicted_output for neuron in neurons],
            }
        )
        return written(table)

    numbers_behind(numbers, "Mean output and prediction.", CURVES, "The numbers behind both charts")
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


def _show_rules() -> None:
    """What each rule needs, a row for each that the reader has matched or asked for."""
    told = rules_told()
    table = read_prose(__file__, "rules_table").splitlines()
    rows = [row for row in table[2:] if row.split("|")[1].strip() in told]
    with_adam, for_all = read_prose(__file__, "in_programs").split("\n\n")
    write(read_prose(__file__, "rules"), "\n".join([*table[:2], *rows]))
    if len(told) < len(NEEDED):
        write("Every other rule has its row here as soon as you have matched it above, or asked to see it.")
        controls.button("all_rules", "Show all rules", told.update, NEEDED, icon=":material/visibility:")
    write(*([with_adam] if "Adam" in told else []), for_all)


@lru_cache(maxsize=400)
def _pictures(after: After) -> str:
    """Both charts, as `send_ahead` takes them."""
    return in_json({CURVES: curve_data(_panels(after))})


def _panels(after: After) -> list[Panel]:
    """Mean output and prediction over p and over the scale of the weights."""
    over_p, over_scale = [after.at(p=q) for q in DRAWN_PROBS], [after.at(scale=s) for s in DRAWN_SCALES]
    return [
        _panel("keep probability p", DRAWN_PROBS, over_p, after.p, after.at()),
        _panel("scale of the weights", DRAWN_SCALES, over_scale, after.scale, after.at()),
    ]


def _panel(
    title: str, values: Sequence[float], neurons: Sequence[NextNeuron], at: float, here: NextNeuron
) -> Panel:
    """Mean output and prediction for each of `values`, and both where the reader is."""
    mean = [neuron.mean_output for neuron in neurons]
    guess = [neuron.predicted_output for neuron in neurons]
    gap = max(abs(a - b) for a, b in zip(mean, guess, strict=True))
    last = values[-1]
    return Panel(
        x=Axis(title, 0, last, round_ticks(0, last)),
        y=Axis("output σ(z)", 0, 1, round_ticks(0, 1)),
        meaning="forward",
        about=f"Mean output over all masks and prediction, over the {title}; at most {difference(gap)} apart.",
        curves=[
            Curve(list(values), as_seen(mean), name="mean", wide=True),
            Curve(list(values), as_seen(guess), "neutral", broken=True, name="prediction"),
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
