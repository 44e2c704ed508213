"""The stage of page 23.7: a plain and an inverted network trained side by side, and how far they are apart."""

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.dropout_twins import NEEDED
from pages.ex23_7.controls import RULES, SAME, Chosen, controls
from pages.shared.charts import numbers_behind
from pages.shared.numbers import RIGHT, WRONG, difference, number
from pages.shared.page import write
from pages.shared.svg.curves import Axis, Curve, Panel, draw_curves, round_ticks
from pages.shared.tables import Table, written

FLOOR = 1e-17  # a logarithm has no place for 0: such a difference is drawn here
MOST_POINTS = 120
SOLVED = controls.key("solved")  # the rules for which the reader has made the two runs one


def show_stage(chosen: Chosen) -> None:
    """The verdict, and the curves of both networks."""
    number_place, words = st.columns([2, 5], vertical_alignment="center")
    number_place.metric("Predictions differ by", f"{RIGHT if chosen.is_one else WRONG} {difference(chosen.apart)}")
    with words:
        write(f"**{'One run.' if chosen.is_one else 'Two different runs.'}** {what_is_seen(chosen)}")
    _show_curves(chosen)
    write(f"One step of both is {RULES[chosen.rule]}", _one_weight(chosen))


def _one_weight(chosen: Chosen) -> str:
    """A Markdown table of what one weight sends in prediction: at the start, and what the first step adds."""
    before, after = chosen.first_step

    def row(values: np.ndarray) -> tuple[str, str]:
        """What the plain network sends, and the inverted one with the verdict on it."""
        plain, inverted = values.tolist()
        gap = abs(plain - inverted)
        texts = number(plain), number(inverted)
        off = f", off by {difference(gap)}" if texts[0] == texts[1] and gap > SAME else ""
        return texts[0], f"{texts[1]} {WRONG if gap > SAME else RIGHT}{off}"

    start, added = row(before), row(after - before)
    return f"""| what one weight sends, if h = 1 | at the start | added by the first step |
|---|---|---|
| plain, in prediction: p w | {start[0]} | {added[0]} |
| inverted, in prediction: w′ | {start[1]} | {added[1]} |"""


def what_is_seen(chosen: Chosen) -> str:
    """What the difference says about the reader's choice, without the right one."""
    powers, needed = chosen.powers, NEEDED[chosen.rule]
    if chosen.p == 1:
        return "With p = 1 nothing is dropped, and every power of p is 1: whatever you choose, they are the same."
    if chosen.is_one:
        so_far = "not even by rounding" if chosen.apart == 0 else "but for rounding"
        return f"In {chosen.steps} steps the two never differ, {so_far}. Is it the same for the other rules?"
    if powers.weights != needed.weights:
        return "They differ before the first step: with this W′ they do not even begin as the same network."
    if powers.rate != needed.rate:
        way = "far" if powers.rate < needed.rate else "little"
        return f"They begin as one network, and part at the first step, because W′ moves too {way}."
    if powers.epsilon != needed.epsilon:
        return "They are one run up to the small ε, which is still too small for W′."
    way = "little" if powers.decay > needed.decay else "much"
    return f"Only the decay parts them: it shrinks W′ too {way}."


def show_solved(chosen: Chosen) -> None:
    """For which rules the reader has made the two runs one."""
    solved: set[str] = st.session_state.setdefault(SOLVED, set())
    if chosen.is_one and chosen.p < 1:
        solved.add(chosen.rule)
    chips = [f":green-badge[{rule} {RIGHT}]" if rule in solved else f":gray-badge[{rule}]" for rule in NEEDED]
    st.markdown(f"Made one so far: {' '.join(chips)}")


def _steps_shown(chosen: Chosen) -> np.ndarray:
    return np.unique(np.linspace(0, chosen.steps, MOST_POINTS).round().astype(int))


def numbers_of_curves(chosen: Chosen) -> None:
    """What the curves of the stage show, as a table to be opened."""

    def numbers() -> Table:
        training, shown = chosen.training, _steps_shown(chosen)
        plain, inverted = np.array(training.losses)[shown].T
        apart = np.array(training.prediction_differences)[shown]
        table = pd.DataFrame(
            {"step": shown, "loss, plain": plain, "loss, inverted": inverted, "difference": apart}
        )
        return written(table, {"difference": difference})

    numbers_behind(
        numbers, "Both losses and the difference of predictions.", controls.key("twins"), "The curves in numbers"
    )


def _show_curves(chosen: Chosen) -> None:
    """The losses of both runs, and how far their predictions are apart."""
    training = chosen.training
    shown = _steps_shown(chosen)
    plain, inverted = np.array(training.losses)[shown].T
    apart = np.array(training.prediction_differences)[shown]
    x = shown.tolist()
    steps = Axis("steps", 0, chosen.steps, round_ticks(0, chosen.steps))
    top = 1.05 * max(plain.max(), inverted.max())
    low, high = FLOOR, max(1.0, 2 * apart.max())
    about = f"After {chosen.steps} steps"
    draw_curves(
        [
            Panel(
                x=steps,
                y=Axis("loss of the predictions", 0, top, round_ticks(0, top)),
                meaning="forward",
                about=f"{about} the loss is {number(plain[-1])} (plain) and {number(inverted[-1])} (inverted).",
                curves=[
                    Curve(x, plain.tolist(), name="plain", wide=True),
                    Curve(x, inverted.tolist(), "neutral", broken=True, name="inverted"),
                ],
            ),
            Panel(
                x=steps,
                y=Axis("difference of predictions", low, high, [1e-16, 1e-12, 1e-8, 1e-4, 1.0], log=True),
                meaning="forward",
                about=f"Predictions at most {difference(chosen.apart)} apart; rounding is below {number(SAME)}.",
                curves=[
                    Curve(x, np.maximum(apart, FLOOR).tolist(), "gradient", name="difference"),
                    Curve([0, chosen.steps], [SAME, SAME], "neutral", broken=True, name="below: rounding"),
                ],
            ),
        ],
        key=controls.key("twins"),
        reveal=chosen.watched,
    )
