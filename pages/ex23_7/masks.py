"""Masks drawn for the reader's layer, the means they settle on, and their mean and variance, checked."""

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.dropout import (
    FORMS,
    Moments,
    closed_moments,
    draw_masks,
    enumerated_moments,
    prediction_output,
    running_means,
    thinned_counts,
    training_output,
)
from nnlib.notation import subscript
from pages.ex23_7.controls import controls, keep_probability
from pages.ex23_7.layer import choose_neuron, layer_controls
from pages.ex23_7.mask_drawing import mask_drawing
from pages.shared.charts import numbers_behind
from pages.shared.gradient_table import tint_rows
from pages.shared.numbers import RIGHT, WRONG, difference, number
from pages.shared.page import section
from pages.shared.svg.curves import Axis, Band, Curve, Panel, draw_curves, round_ticks

MOST_DRAWN = 20_000
FEW_ERRORS = 4  # standard errors a sample may be off before it is called wrong
HTILDE = {"plain": "d ⊙ h", "inverted": "d ⊙ h / p"}


@st.fragment
def mask_section(code: DeltaGenerator) -> None:
    """The reader's layer and masks, and all that follows from them; its lines of Python go into `code`."""
    side, picture = st.columns([1, 2], gap="medium")
    with side:
        p = keep_probability("p")
        drawn, seed = mask_controls()
        h, j = layer_controls()
    d = draw_masks(drawn, h.size, p, seed)
    outputs = {form: training_output(h, d, p, form) for form in FORMS}
    exact = {form: enumerated_moments(h, p, form) for form in FORMS}
    kept = {form: float(training_output(h, np.ones(h.size), p, form)[j]) for form in FORMS}
    with picture:
        show_last_mask(h, d, outputs, j)
        show_running_means(outputs, exact, kept, j)

    section("Mean and variance, checked")
    form = controls.choice("form", "Form of h̃", FORMS)
    st.markdown(
        f"h̃ is {HTILDE[form]}. The **variance** is the mean squared distance from the mean. "
        f"**Analytic** is the short formula. Beside it, all {2**h.size:,} masks are added up, each times its "
        "probability. The **standard error** says how far a sample is usually off. "
        f"Your masks get a tick within {FEW_ERRORS} standard errors."
    )
    moment_table(outputs[form], closed_moments(h, p, form), exact[form])
    predicted = number(prediction_output(h, p, form)[j])
    st.markdown(
        f"Prediction uses {'p h' if form == 'plain' else 'h'}: for neuron {j + 1} that is {predicted}, its exact "
        f"mean. The variance is {'p (1 − p) h²' if form == 'plain' else '(1 − p)/p · h²'}. "
        "Inverted dropout has the larger spread, by 1/p²."
    )
    code.code(
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
        language="python",
    )


def mask_controls() -> tuple[int, int]:
    """How many masks the reader has drawn, and from which seed."""
    st.markdown("**Draw masks**")
    with st.container(horizontal=True, gap="small"):
        for count in (1, 10, 100, 1000):
            controls.button(f"draw_{count}", f"{count:,}", draw_more, count)
        controls.button("reset", "Reset", st.session_state.update, controls.keyed({"drawn": 0}))
    left, right = st.columns(2)
    drawn = controls.number("drawn", "Masks drawn", 0, MOST_DRAWN, 10, place=left)
    return drawn, controls.number("seed", "Seed", 0, 9999, 0, place=right)


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
        f"Mask {len(d):,}. A crossed neuron is dropped. Click a neuron to follow it below."
        if len(d)
        else "No mask drawn yet. Press 1 to draw one."
    )


def show_running_means(
    outputs: dict[str, np.ndarray], exact: dict[str, Moments], kept: dict[str, float], j: int
) -> None:
    """One panel a form: the running mean of neuron j in a band of ±2 standard errors around the exact mean."""
    drawn = len(outputs["plain"])
    counts = thinned_counts(max(drawn, 10), 120)
    means = {form: running_means(outputs[form], counts[counts <= drawn])[:, j] for form in FORMS}
    errors = {form: exact[form].error_of_mean(counts[:, None])[:, j] for form in FORMS}
    draw_curves(
        [
            mean_panel(HTILDE[form], counts, means[form], float(exact[form].mean[j]), errors[form], kept[form])
            for form in FORMS
        ],
        key=controls.key("means"),
    )

    def numbers() -> pd.DataFrame:
        columns: dict[str, object] = {"masks": counts[counts <= drawn]}
        for form in FORMS:
            columns |= {
                f"mean of {HTILDE[form]} so far": means[form],
                f"exact mean of {HTILDE[form]}": exact[form].mean[j],
                f"2 standard errors of {HTILDE[form]}": 2 * errors[form][counts <= drawn],
            }
        return pd.DataFrame(columns)

    numbers_behind(
        numbers,
        f"Running means of neuron {j + 1} in both forms, with their exact means and standard errors.",
        controls.key("means"),
        "The numbers behind these charts",
    )
    st.caption(
        f"Neuron {j + 1}. Blue: the mean of your masks so far. Broken line: the exact mean, "
        f"{number(exact['plain'].mean[j])} (plain) and {number(exact['inverted'].mean[j])} (inverted). "
        "Grey: two **standard errors** on either side. About 95 of 100 samples end inside."
    )


def mean_panel(
    htilde: str, counts: np.ndarray, means: np.ndarray, exact: float, errors: np.ndarray, largest: float
) -> Panel:
    """The mean of the masks so far in its band.

    Parameters
    ----------
    htilde : what is averaged, as a formula
    counts : numbers of masks, ascending from 1
    means : running means for the first len(means) of `counts`; may be empty
    exact : the mean over all masks
    errors : standard error of the mean for each of `counts`
    largest : h̃ of a kept neuron; a mean lies between it and 0
    """
    low, high = sorted((0.0, largest))
    pad = 0.08 * (high - low) or 0.1
    low, high, last = low - pad, high + pad, int(counts[-1])
    ticks = [m * 10**k for k in range(5) for m in ((1, 2, 5) if last < 1000 else (1,)) if m * 10**k <= last]
    so_far = number(means[-1]) if len(means) else "none yet"
    return Panel(
        x=Axis("masks drawn (log scale)", 1, last, ticks, log=True),
        y=Axis(f"mean of {htilde}", low, high, round_ticks(low, high)),
        meaning="forward",
        about=f"Running mean of {htilde}: {so_far}; exact {number(exact)}. The table below holds the numbers.",
        curves=[
            Curve([1, last], [exact, exact], meaning="neutral", broken=True),
            Curve(counts[: len(means)].tolist(), means.tolist(), dotted=True),
        ],
        band=Band(
            counts.tolist(),
            np.clip(exact - 2 * errors, low, high).tolist(),
            np.clip(exact + 2 * errors, low, high).tolist(),
        ),
    )


def moment_table(outputs: np.ndarray, closed: Moments, exact: Moments) -> None:
    """Mean and variance of every neuron: closed form, all masks, difference, and what the sample says."""
    drawn, m = outputs.shape
    analytic = np.column_stack([closed.mean, closed.variance]).ravel()
    enumerated = np.column_stack([exact.mean, exact.variance]).ravel()
    gap = np.abs(analytic - enumerated)
    agrees = gap < 1e-12
    sample, errors = np.full(2 * m, np.nan), np.full(2 * m, np.nan)
    if drawn >= 1:
        sample[::2], errors[::2] = outputs.mean(axis=0), exact.error_of_mean(drawn)
    if drawn >= 2:
        sample[1::2], errors[1::2] = outputs.var(axis=0, ddof=1), exact.error_of_variance(drawn)
    off = np.abs(sample - enumerated)
    near = off <= FEW_ERRORS * errors + 1e-12  # false where nothing has been drawn
    names = [f"{name} of h̃{subscript(j + 1)}" for j in range(m) for name in ("mean", "variance")]
    table = pd.DataFrame(
        {
            "quantity": names,
            "analytic": [number(x) for x in analytic],
            f"all {2**m:,} masks": [number(x) for x in enumerated],
            "difference": [difference(x) for x in gap],
            "agrees": [RIGHT if ok else WRONG for ok in agrees],
            "your masks": [number(x) if np.isfinite(x) else "" for x in sample],
            "off by": [difference(x) if np.isfinite(x) else "" for x in off],
            f"within {FEW_ERRORS} errors": [
                "" if np.isnan(x) else RIGHT if ok else WRONG for x, ok in zip(off, near, strict=True)
            ],
        }
    )
    wrong = ~agrees | (~near & np.isfinite(off))
    st.dataframe(
        tint_rows(table, wrong) if wrong.any() else table,
        hide_index=True,
        width="stretch",
        key=controls.key("moments"),
        alt=f"Mean and variance of {m} neurons; {agrees.sum()} of {2 * m} closed forms agree with all masks.",
    )
