"""Masks drawn for the reader's layer, the means they settle on, and their mean and variance over all masks."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

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
from pages.ex23_7.controls import KEEP_PROBS, controls
from pages.ex23_7.layer import OUTPUTS, SIZES, choose_neuron, layer_controls, resized
from pages.ex23_7.mask_drawing import mask_data, mask_drawing
from pages.shared.charts import numbers_behind
from pages.shared.gradient_table import tint_rows
from pages.shared.numbers import RIGHT, WRONG, difference, number
from pages.shared.page import read_prose, section, write
from pages.shared.python_code import code_to_take
from pages.shared.svg.ahead import Thumb, in_json, send_ahead
from pages.shared.svg.curves import Axis, Band, Curve, Panel, as_seen, curve_data, draw_curves, round_ticks

MOST_DRAWN = 20_000
FEW_ERRORS = 4  # standard errors a sample may be off before it is called wrong
LOOKS = {"plain": "forward", "inverted": "neutral"}
MASKS, MEANS = controls.key("masks"), controls.key("means")
MEANS_KNOWN = controls.key("means_known")  # whether the reader has told where the means settle, or asked for it
SETTLES = {  # each with what is wrong with it
    "both at h": "Look at the chart again after 100 masks or more: the two curves settle in different places.",
    "plain at p h, inverted at h": "",
    "plain at h, inverted at h/p": "A plain neuron passes on h where it is kept, and 0 where it is dropped. Can "
    "that be h on average?",
}


@dataclass(frozen=True)
class Layer:
    """The reader's outputs h, the neuron j that is followed, the masks drawn, and p and the seed of the stage.

    `is_known`: whether the exact means may be seen.
    """

    h: tuple[float, ...]
    j: int
    drawn: int
    p: float
    seed: int
    is_known: bool

    @property
    def masks(self) -> np.ndarray:
        """(drawn, m), read-only."""
        return _masks(self.drawn, len(self.h), self.p, self.seed)


@lru_cache(maxsize=16)  # of up to 2 MB each
def _masks(drawn: int, m: int, p: float, seed: int) -> np.ndarray:
    masks = draw_masks(drawn, m, p, seed)
    masks.flags.writeable = False
    return masks


def masks_and_means(p: float, seed: int) -> None:
    """The tab: the reader's layer and masks, and all that follows from them."""
    write(read_prose(__file__, "masks"))
    side, picture = st.columns([1, 2], gap="medium")
    with side:
        drawn = mask_controls()
        with st.expander("Change the layer"):
            h, j = layer_controls()
    layer = Layer(tuple(h.tolist()), j, drawn, p, seed, MEANS_KNOWN in st.session_state)
    thumbs = _thumbs(layer)
    with picture, st.container(key=controls.key("masks_picture")):
        show_last_mask(layer, thumbs)
        show_running_means(layer, thumbs)
    send_ahead(thumbs, controls.key("masks_ahead"))  # in no fragment: see there
    with st.container(border=True):
        _ask_where_they_settle(layer.is_known)
    if not layer.is_known:
        return

    section("Mean and variance over all masks", read_prose(__file__, "moments"))
    form = controls.choice("form", "Form", FORMS)
    moment_table(
        training_output(h, layer.masks, p, form), closed_moments(h, p, form), enumerated_moments(h, p, form)
    )
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


def _ask_where_they_settle(is_known: bool) -> None:
    """The question of this tab; what would tell the answer waits for it."""

    def judge() -> None:
        if st.session_state[controls.key("settles")] in [name for name, fault in SETTLES.items() if not fault]:
            st.session_state[MEANS_KNOWN] = True

    question: dict[str, Any] = {"index": None, "on_change": judge, "horizontal": True}
    settles = controls.radio("settles", "**Where do the two means settle?**", list(SETTLES), **question)
    if settles is not None and SETTLES[settles]:
        write(f"{WRONG} {SETTLES[settles]}")
    elif is_known:
        found = f"{RIGHT} " if settles else ""
        write(found + read_prose(__file__, "where_they_settle"))
    if not is_known:
        controls.button(
            "ask_means",
            "Show the means",
            st.session_state.update,
            {MEANS_KNOWN: True},
            icon=":material/visibility:",
        )


def mask_controls() -> int:
    """How many masks the reader has drawn."""
    st.markdown("**Draw masks**")
    with st.container(horizontal=True, gap="small"):
        for count in (1, 10, 100, 1000):
            controls.button(f"draw_{count}", f"{count:,}", draw_more, count)
        controls.button("no_masks", "Clear", st.session_state.update, controls.keyed({"drawn": 0}))
    return controls.number("drawn", "Masks drawn", 0, MOST_DRAWN, 8)


def draw_more(count: int) -> None:
    """Draw `count` more masks, up to the most the page keeps."""
    drawn = controls.key("drawn")
    st.session_state[drawn] = min(MOST_DRAWN, (st.session_state[drawn] or 0) + count)


def _thumbs(layer: Layer) -> list[Thumb]:
    """Both pictures follow the three sliders of the layer, and p."""
    m, j = len(layer.h), layer.j

    def with_output(value: float) -> Layer:
        return replace(layer, h=(*layer.h[:j], value, *layer.h[j + 1 :]))

    def with_size(m: float) -> Layer:
        return replace(layer, h=tuple(resized(int(m)).tolist()), j=min(j, int(m) - 1))

    return [
        Thumb(controls.key("p"), layer.p, KEEP_PROBS, lambda p: replace(layer, p=p), _pictures),
        Thumb(controls.key("m"), m, SIZES, with_size, _pictures),
        Thumb(controls.key("neuron"), j, range(m), lambda k: replace(layer, j=int(k)), _pictures),
        Thumb(controls.key("h"), layer.h[j], OUTPUTS, with_output, _pictures),
    ]


@lru_cache(maxsize=400)
def _pictures(layer: Layer) -> str:
    """Both pictures, as `send_ahead` takes them."""
    return in_json({MASKS: _mask_data(layer), MEANS: curve_data([_means_panel(layer)])})


def _mask_data(layer: Layer) -> dict[str, Any]:
    """The layer under the mask drawn last, with what it passes on in both forms."""
    h, names = np.array(layer.h), [f"h{subscript(k + 1)}" for k in range(len(layer.h))]
    if not layer.drawn:
        return mask_data(names, h, None, [[] for _ in names], layer.j)
    mask = layer.masks[-1]
    lines = [
        [f"d = {kept:.0f}", f"plain {number(plain)}", f"inverted {number(inverted)}"]
        for kept, plain, inverted in zip(
            mask, *(training_output(h, mask, layer.p, form) for form in FORMS), strict=True
        )
    ]
    return mask_data(names, h, mask, lines, layer.j)


def show_last_mask(layer: Layer, thumbs: list[Thumb]) -> None:
    """The layer under the mask drawn last, whose neurons can be clicked."""
    mask_drawing(_mask_data(layer), choose_neuron, thumbs, MASKS)
    st.caption(
        f"This is mask {layer.drawn:,}: crossed neurons are dropped. Click a neuron to follow it below."
        if layer.drawn
        else "No mask has been drawn yet. Press 1 to draw one."
    )


@dataclass(frozen=True)
class Means:
    """The running means of neuron j in both forms, by form.

    Attributes
    ----------
    counts : numbers of masks from 1 on, those beyond what is drawn included
    so_far : running means, for as many of `counts` as are drawn
    exact, errors : exact mean, and standard error for each of `counts`
    kept : what is passed on where the neuron is kept, beyond which no mean can be
    """

    counts: np.ndarray
    so_far: dict[str, np.ndarray]
    exact: dict[str, float]
    errors: dict[str, np.ndarray]
    kept: dict[str, float]


def _means(layer: Layer) -> Means:
    h, kept = np.array(layer.h[layer.j : layer.j + 1]), layer.masks[:, layer.j : layer.j + 1]
    counts = thinned_counts(max(layer.drawn, 10), 120)
    so_far = counts[counts <= layer.drawn]
    moments = {form: closed_moments(h, layer.p, form) for form in FORMS}
    return Means(
        counts,
        {form: running_means(training_output(h, kept, layer.p, form), so_far)[:, 0] for form in FORMS},
        {form: float(moments[form].mean[0]) for form in FORMS},
        {form: moments[form].error_of_mean(counts) for form in FORMS},
        {form: float(training_output(h, np.ones(1), layer.p, form)[0]) for form in FORMS},
    )


def _means_panel(layer: Layer) -> Panel:
    """The running means, each in a band of two standard errors around its exact mean."""
    means, name = _means(layer), subscript(layer.j + 1)
    ends = {form: (min(0.0, kept), max(0.0, kept)) for form, kept in means.kept.items()}  # of every mean
    least, most = ends["inverted"]
    pad = 0.08 * (most - least) or 0.1
    low, high, last = least - pad, most + pad, int(means.counts[-1])
    ticks = [n * 10**k for k in range(5) for n in ((1, 2, 5) if last < 1000 else (1,)) if n * 10**k <= last]
    texts = [f"{form} {number(means.so_far[form][-1])}" for form in FORMS if layer.drawn] or ["no mask yet"]
    x = as_seen(means.counts)
    bands = (
        []
        if not layer.is_known
        else [
            Band(
                x,
                as_seen(np.clip(means.exact[form] - 2 * means.errors[form], *ends[form])),
                as_seen(np.clip(means.exact[form] + 2 * means.errors[form], *ends[form])),
                LOOKS[form],
            )
            for form in FORMS
        ]
    )
    curves = [
        Curve(x[: len(y)], as_seen(y), LOOKS[form], broken=form == "inverted", dotted=True, name=form)
        for form, y in means.so_far.items()
    ]
    return Panel(
        x=Axis("masks drawn (log scale)", 1, last, ticks, log=True),
        y=Axis(f"mean of h̃{name} so far", low, high, round_ticks(low, high)),
        meaning="forward",
        about=f"Running means of neuron {layer.j + 1}: {', '.join(texts)}.",
        bands=bands,
        curves=curves,
    )


def show_running_means(layer: Layer, thumbs: list[Thumb]) -> None:
    """The running means, and what their bands are."""
    means = _means(layer)
    chart, words = st.columns(2, vertical_alignment="center")
    with chart:
        draw_curves([_means_panel(layer)], MEANS, follow=thumbs)
    so_far = " and ".join(f"{number(means.so_far[form][-1])} ({form})" for form in FORMS if layer.drawn)
    exact = " and ".join(f"{number(means.exact[form])} ({form})" for form in FORMS)
    with words.container(key=controls.key("means_verdict")):
        write(
            f"Neuron {layer.j + 1} puts out h = {number(layer.h[layer.j])}, and p = {number(layer.p)}."
            + (f" The means so far are {so_far}." if so_far else ""),
            *(
                [f"The exact means are {exact}. Shaded: two standard errors around each of them."]
                if layer.is_known
                else []
            ),
        )

    def numbers() -> pd.DataFrame:
        drawn = means.counts <= layer.drawn
        columns: dict[str, object] = {"masks": means.counts[drawn]}
        for form in FORMS:
            columns[f"mean, {form}"] = means.so_far[form]
            if layer.is_known:
                columns[f"exact mean, {form}"] = means.exact[form]
                columns[f"2 standard errors, {form}"] = 2 * means.errors[form][drawn]
        return pd.DataFrame(columns)

    numbers_behind(numbers, "Running means of both forms with their exact means.", MEANS)


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
