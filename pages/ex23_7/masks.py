"""Masks drawn for the reader's layer, the means they settle on, and their mean and variance over all masks."""

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.dropout import (
    FORMS,
    Moments,
    closed_moments,
    draw_masks,
    enumerated_moments,
    running_means,
    thinned_counts,
    training_output,
)
from nnlib.notation import subscript
from pages.ex23_7.controls import controls
from pages.ex23_7.layer import choose_neuron, layer_controls
from pages.ex23_7.mask_drawing import mask_drawing
from pages.shared.charts import numbers_behind
from pages.shared.gradient_table import tint_rows
from pages.shared.numbers import RIGHT, WRONG, difference, number
from pages.shared.page import read_prose, section, write
from pages.shared.python_code import code_to_take
from pages.shared.svg.curves import Axis, Band, Curve, Panel, draw_curves, round_ticks

MOST_DRAWN = 20_000
FEW_ERRORS = 4  # standard errors a sample may be off before it is called wrong
LOOKS = {"plain": "forward", "inverted": "neutral"}


@st.fragment
def masks_and_means(p: float, seed: int) -> None:
    """The tab: the reader's layer and masks, and all that follows from them."""
    write(read_prose(__file__, "masks"))
    side, picture = st.columns([1, 2], gap="medium")
    with side:
        drawn = mask_controls()
        with st.expander("Change the layer"):
            h, j = layer_controls()
    d = draw_masks(drawn, h.size, p, seed)
    outputs = {form: training_output(h, d, p, form) for form in FORMS}
    exact = {form: enumerated_moments(h, p, form) for form in FORMS}
    with picture:
        show_last_mask(h, d, outputs, j)
        show_running_means(outputs, exact, h, p, j)

    section("Mean and variance over all masks", read_prose(__file__, "moments"))
    form = controls.choice("form", "Form", FORMS)
    moment_table(outputs[form], closed_moments(h, p, form), exact[form])
    code = st.expander("The same in Python", key=controls.key("masks_code"), on_change="rerun")
    if code.open:
        with code:
            code_to_take(
                f"""import numpy as np
from nnlib.chapter23.dropout import closed_moments, draw_masks, enumerated_moments, training_output

h = np.array({h.tolist()})
masks = draw_masks({drawn}, {h.size}, keep_prob={p!r}, random_state={seed})
outputs = training_output(h, masks, keep_prob={p!r}, form="{form}")
closed = closed_moments(h, keep_prob={p!r}, form="{form}")
exact = enumerated_moments(h, keep_prob={p!r}, form="{form}")

print(closed.mean, closed.variance, exact.mean, exact.variance, sep="\\n")
if len(outputs):
    print(outputs[-1], outputs.mean(axis=0), sep="\\n")
""",
                "dropout_masks",
            )


def mask_controls() -> int:
    """How many masks the reader has drawn."""
    st.markdown("**Draw masks**")
    with st.container(horizontal=True, gap="small"):
        for count in (1, 10, 100, 1000):
            controls.button(f"draw_{count}", f"{count:,}", draw_more, count)
        controls.button("no_masks", "Clear", st.session_state.update, controls.keyed({"drawn": 0}))
    return controls.number("drawn", "Masks drawn", 0, MOST_DRAWN, 0)


def draw_more(count: int) -> None:
    """Draw `count` more masks, up to the most the page keeps."""
    drawn = controls.key("drawn")
    st.session_state[drawn] = min(MOST_DRAWN, (st.session_state[drawn] or 0) + count)


def show_last_mask(h: np.ndarray, d: np.ndarray, outputs: dict[str, np.ndarray], j: int) -> None:
    """The layer under the mask drawn last, with what it passes on in both forms."""
    names = [f"h{subscript(k + 1)}" for k in range(h.size)]
    lines: list[list[str]] = [[] for _ in names]
    if len(d):
        lines = [
            [f"d = {kept:.0f}", f"plain {number(plain)}", f"inverted {number(inverted)}"]
            for kept, plain, inverted in zip(d[-1], *(outputs[form][-1] for form in FORMS), strict=True)
        ]
    mask_drawing(names, h, d[-1] if len(d) else None, lines, j, choose_neuron, key=controls.key("masks"))
    st.caption(
        f"This is mask {len(d):,}: crossed neurons are dropped. Click a neuron to follow it below."
        if len(d)
        else "No mask has been drawn yet. Press 1 to draw one."
    )


def show_running_means(
    outputs: dict[str, np.ndarray], exact: dict[str, Moments], h: np.ndarray, p: float, j: int
) -> None:
    """The running means of neuron j in both forms, each in a band of two standard errors around its exact mean."""
    drawn = len(outputs["plain"])
    counts = thinned_counts(max(drawn, 10), 120)
    so_far = counts[counts <= drawn]
    means = {form: running_means(outputs[form], so_far)[:, j] for form in FORMS}
    errors = {form: exact[form].error_of_mean(counts[:, None])[:, j] for form in FORMS}
    centre = {form: float(exact[form].mean[j]) for form in FORMS}
    kept = {form: float(training_output(h, np.ones((1, h.size)), p, form)[0, j]) for form in FORMS}
    ends = {form: (min(0.0, kept[form]), max(0.0, kept[form])) for form in FORMS}  # every mean lies between them
    least, most = ends["inverted"]
    pad = 0.08 * (most - least) or 0.1
    low, high, last = least - pad, most + pad, int(counts[-1])
    ticks = [n * 10**k for k in range(5) for n in ((1, 2, 5) if last < 1000 else (1,)) if n * 10**k <= last]
    mean_texts = [f"{form} {number(means[form][-1])}" for form in FORMS if drawn] or ["no mask yet"]
    chart, words = st.columns([5, 2], vertical_alignment="center")
    with chart:
        draw_curves(
            [
                Panel(
                    x=Axis("masks drawn (log scale)", 1, last, ticks, log=True),
                    y=Axis(f"mean of h̃{subscript(j + 1)} so far", low, high, round_ticks(low, high)),
                    meaning="forward",
                    about=f"Running means of neuron {j + 1}: {', '.join(mean_texts)}.",
                    bands=[
                        Band(
                            counts.tolist(),
                            np.clip(centre[form] - 2 * errors[form], *ends[form]).tolist(),
                            np.clip(centre[form] + 2 * errors[form], *ends[form]).tolist(),
                            LOOKS[form],
                        )
                        for form in FORMS
                    ],
                    curves=[
                        Curve(
                            so_far.tolist(),
                            means[form].tolist(),
                            LOOKS[form],
                            broken=form == "inverted",
                            dotted=True,
                            name=form,
                        )
                        for form in FORMS
                    ],
                )
            ],
            key=controls.key("means"),
        )
    words.caption(
        f"Each band reaches two standard errors to either side of the exact mean, {number(centre['plain'])} "
        f"(plain, p h) or {number(centre['inverted'])} (inverted, h), but not beyond what a mean can "
        f"be: between 0, where all masks drop the neuron, and {number(kept['plain'])} or "
        f"{number(kept['inverted'])}, where all keep it. After many masks about 95 of 100 such curves end inside."
    )

    def numbers() -> pd.DataFrame:
        columns: dict[str, object] = {"masks": so_far}
        for form in FORMS:
            columns |= {
                f"mean, {form}": means[form],
                f"exact mean, {form}": centre[form],
                f"2 standard errors, {form}": 2 * errors[form][counts <= drawn],
            }
        return pd.DataFrame(columns)

    numbers_behind(numbers, "Running means of both forms with their exact means.", controls.key("means"))


def moment_table(outputs: np.ndarray, closed: Moments, exact: Moments) -> None:
    """Mean and variance of every neuron: by the formula, over all masks, and what the reader's sample says."""
    drawn, m = outputs.shape
    formula = np.column_stack([closed.mean, closed.variance]).ravel()
    enumerated = np.column_stack([exact.mean, exact.variance]).ravel()
    gap = np.abs(formula - enumerated)
    agrees = gap < 1e-12
    sample, errors = np.full(2 * m, np.nan), np.full(2 * m, np.nan)
    if drawn >= 1:
        sample[::2], errors[::2] = outputs.mean(axis=0), exact.error_of_mean(drawn)
    if drawn >= 2:
        sample[1::2], errors[1::2] = outputs.var(axis=0, ddof=1), exact.error_of_variance(drawn)
    near = np.abs(sample - enumerated) <= FEW_ERRORS * errors + 1e-12  # false where nothing has been drawn
    table = pd.DataFrame(
        {
            "quantity": [f"{name} of h̃{subscript(j + 1)}" for j in range(m) for name in ("mean", "variance")],
            "formula": [number(x) for x in formula],
            f"all {2**m:,} masks": [number(x) for x in enumerated],
            "difference": [difference(x) for x in gap],
            "agrees": [RIGHT if ok else WRONG for ok in agrees],
            "your masks": [
                "" if np.isnan(x) else f"{number(x)} {RIGHT if ok else WRONG}"
                for x, ok in zip(sample, near, strict=True)
            ],
        }
    )
    wrong = ~agrees | (~near & np.isfinite(sample))
    st.dataframe(
        tint_rows(table, wrong) if wrong.any() else table,
        hide_index=True,
        width="stretch",
        key=controls.key("moments"),
        alt=f"Mean and variance of {m} neurons; {agrees.sum()} of {2 * m} formulas agree with all masks.",
    )
