"""The mask section of the dropout page: the reader's layer, the masks drawn, their running means and moments."""

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
from pages.ex23_7.controls import START_H
from pages.ex23_7.mask_drawing import mask_drawing
from pages.shared.gradient_table import RIGHT, WRONG, tint_rows
from pages.shared.numbers import difference, number
from pages.shared.page import section
from pages.shared.svg.curves import Axis, Band, Curve, Panel, draw_curves, round_ticks
from pages.shared.typed_table import read_table, write_table

MOST_NEURONS, LARGEST_H, MOST_DRAWN = 12, 2.0, 20_000
H_TEXT = write_table(START_H[None, :4])
FEW_ERRORS = 4  # standard errors a sample may be off before it is called wrong
HTILDE = {"plain": "d ⊙ h", "inverted": "d ⊙ h / p"}
state = st.session_state


def key(name: str) -> str:
    """The widget key of one setting."""
    return f"ex23_7_{name}"


def write(h: np.ndarray) -> None:
    """Make h the reader's layer."""
    state[key("h_text")] = write_table(h[None])


def resize() -> None:
    """Neurons taken away are kept in mind, and come back when the layer grows again."""
    write(state[key("memory")][: state[key("m")]])


def change_output(h: np.ndarray, j: int) -> None:
    """Put the slider's value into neuron j."""
    h = h.copy()
    h[j] = state[key("h")]
    write(h)


def draw_random_outputs(m: int) -> None:
    """Fresh outputs, as of sigmoid neurons."""
    write(np.random.default_rng().uniform(0, 1, m).round(2))


def choose(j: int) -> None:
    """Choose the neuron that was clicked."""
    state[key("neuron")] = j + 1


def draw_more(count: int) -> None:
    """Draw `count` more masks, up to the most the page keeps."""
    state[key("drawn")] = min(MOST_DRAWN, (state[key("drawn")] or 0) + count)


def read_outputs(text: str) -> np.ndarray:
    """The reader's h, or ValueError with a sentence that says what is wrong with it."""
    h = read_table(text, "Outputs h", -LARGEST_H, LARGEST_H, 1, MOST_NEURONS)[0]
    if h.size < 2:
        raise ValueError(f"Outputs h: there is only one number. Write 2 to {MOST_NEURONS}.")
    return h


def layer_controls() -> tuple[np.ndarray, int]:
    """The reader's layer: its outputs h, and which neuron is chosen."""
    # The text holds the layer: it is in the page's address. Everything else writes into it.
    place = st.container()
    with st.expander("Type all outputs"):
        text = st.text_input(
            f"Outputs h, from {number(-LARGEST_H)} to {number(LARGEST_H)}",
            H_TEXT,
            key=key("h_text"),
            bind="query-params",
        )
    problem = ""
    try:
        h = read_outputs(text or "")
        state[key("last")] = h
    except ValueError as error:
        problem, h = str(error), state.setdefault(key("last"), START_H[:4])
    state.setdefault(key("memory"), START_H.copy())[: h.size] = h
    with place:
        if problem:
            st.error(
                f"{problem} The picture still shows the last outputs that could be read; what you typed is kept.",
                icon=":material/error:",
            )
        state[key("m")] = h.size
        st.slider("Neurons m", 2, MOST_NEURONS, key=key("m"), on_change=resize, disabled=bool(problem))
        state[key("neuron")] = min(state.get(key("neuron")) or 1, h.size)
        j = int(st.select_slider("Neuron j", range(1, h.size + 1), key=key("neuron"), bind="query-params")) - 1
        state[key("h")] = float(h[j])
        st.slider(
            f"Its output h{subscript(j + 1)}",
            -LARGEST_H,
            LARGEST_H,
            step=0.05,
            key=key("h"),
            on_change=change_output,
            args=(h, j),
            disabled=bool(problem),
        )
        st.button(
            "Draw random outputs",
            icon=":material/casino:",
            key=key("random"),
            on_click=draw_random_outputs,
            args=(h.size,),
            disabled=bool(problem),
        )
    return h, j


def mask_controls() -> tuple[int, int]:
    """How many masks the reader has drawn, and from which seed."""
    st.markdown("**Draw masks**")
    with st.container(horizontal=True, gap="small"):
        for count in (1, 10, 100, 1000):
            st.button(f"{count:,}", key=key(f"draw_{count}"), on_click=draw_more, args=(count,))
        st.button("Reset", key=key("reset"), on_click=state.update, args=({key("drawn"): 0},))
    left, right = st.columns(2)
    drawn = left.number_input("Masks drawn", 0, MOST_DRAWN, 10, key=key("drawn"), bind="query-params")
    seed = right.number_input("Seed", 0, 9999, 0, key=key("seed"), bind="query-params")
    return int(drawn or 0), int(seed or 0)


def show_running_means(
    outputs: dict[str, np.ndarray], exact: dict[str, Moments], kept: dict[str, float], j: int, drawn: int
) -> None:
    """One panel a form: the running mean of neuron j in a band of ±2 standard errors around the exact mean."""
    counts = thinned_counts(max(drawn, 10), 120)
    means = {form: running_means(outputs[form], counts[counts <= drawn])[:, j] for form in FORMS}
    errors = {form: exact[form].error_of_mean(counts[:, None])[:, j] for form in FORMS}
    draw_curves(
        [
            mean_panel(HTILDE[form], counts, means[form], float(exact[form].mean[j]), errors[form], kept[form])
            for form in FORMS
        ],
        key=key("means"),
    )
    with st.expander("The numbers behind these charts", key=key("means_table"), on_change="rerun") as numbers:
        if numbers.open:
            columns: dict[str, object] = {"masks": counts[counts <= drawn]}
            for form in FORMS:
                columns |= {
                    f"mean of {HTILDE[form]} so far": [number(x) for x in means[form]],
                    f"exact mean of {HTILDE[form]}": number(exact[form].mean[j]),
                    f"2 standard errors of {HTILDE[form]}": [number(2 * x) for x in errors[form][counts <= drawn]],
                }
            st.dataframe(
                pd.DataFrame(columns),
                hide_index=True,
                width="stretch",
                key=key("means_numbers"),
                alt=f"Running means of neuron {j + 1} in both forms, with their exact means and standard errors.",
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
        key=key("moments"),
        alt=f"Mean and variance of {m} neurons; {agrees.sum()} of {2 * m} closed forms agree with all masks.",
    )


@st.fragment
def mask_section(snippet: DeltaGenerator) -> None:
    """The reader's layer and masks, and all that follows from them; its code goes into `snippet`."""
    controls, picture = st.columns([1, 2], gap="medium")
    with controls:
        p = st.slider("Keep probability p", 0.05, 1.0, 0.6, 0.05, key=key("p"), bind="query-params")
        drawn, seed = mask_controls()
        h, j = layer_controls()
    d = draw_masks(drawn, h.size, p, seed)
    outputs = {form: training_output(h, d, p, form) for form in FORMS}
    exact = {form: enumerated_moments(h, p, form) for form in FORMS}
    kept = {form: float(training_output(h, np.ones(h.size), p, form)[j]) for form in FORMS}
    with picture:
        shown = (
            [[]] * h.size
            if drawn == 0
            else [
                [f"d = {d[-1, k]:.0f}", f"plain {number(plain)}", f"inverted {number(inverted)}"]
                for k, (plain, inverted) in enumerate(
                    zip(outputs["plain"][-1], outputs["inverted"][-1], strict=True)
                )
            ]
        )
        names = [f"h{subscript(k + 1)}" for k in range(h.size)]
        mask_drawing(names, h, d[-1] if drawn else None, shown, j, choose, key=key("masks"))
        st.caption(
            f"Mask {drawn:,}. A crossed neuron is dropped. Click a neuron to follow it below."
            if drawn
            else "No mask drawn yet. Press 1 to draw one."
        )
        show_running_means(outputs, exact, kept, j, drawn)
        st.caption(
            f"Neuron {j + 1}. Blue: the mean of your masks so far. Broken line: the exact mean, "
            f"{number(exact['plain'].mean[j])} (plain) and {number(exact['inverted'].mean[j])} (inverted). "
            "Grey: two **standard errors** on either side. About 95 of 100 samples end inside."
        )

    section("Mean and variance, checked")
    form = str(
        st.segmented_control(
            "Form of h̃",
            FORMS,
            default=FORMS[0],
            required=True,
            format_func=str,
            key=key("form"),
            bind="query-params",
        )
    )
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
    snippet.code(
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
