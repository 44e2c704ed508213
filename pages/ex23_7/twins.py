"""A plain and an inverted network trained side by side: two conditions make them one run."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.dropout_twins import TwinTraining
from pages.ex23_7.charts import drift_chart
from pages.ex23_7.controls import controls, keep_probability
from pages.shared.charts import show_chart
from pages.shared.gradient_table import tint_rows
from pages.shared.live import live
from pages.shared.numbers import RIGHT, WRONG, difference, number
from pages.shared.page import erratum
from pages.shared.tables import Table, written

RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0]
CONDITIONS = [(True, True), (True, False), (False, True), (False, False)]  # weights mapped, rate mapped
SAME = 1e-12  # two runs nowhere further apart are one: what is left is rounding
SLICES, PAUSE = 20, 0.15  # a run that is watched comes in so many slices, with seconds between
WATCHED = controls.key("live")  # steps shown of the run that is watched, or None
LEDGER = controls.key("ledger")  # run → largest difference of its weights and of its predictions
state = st.session_state


@dataclass(frozen=True)
class Twins:
    """What the reader has set: p, η, whether W′ starts as p W and learns at the rate p² η, seed and steps."""

    p: float
    rate: float
    map_weights: bool
    map_rate: bool
    seed: int
    steps: int


def twin_section(code: DeltaGenerator) -> None:
    """The whole experiment; its lines of Python go into `code`."""
    live("ex23_7_twins_live", state.get(WATCHED) is not None, move_on, lambda: draw(code), PAUSE)


def move_on() -> None:
    """Show a slice more of the run that is watched."""
    state[WATCHED] += slice_of(state[controls.key("steps")])


def slice_of(steps: int) -> int:
    """Steps between two pictures of a run that is watched."""
    return max(1, steps // SLICES)


def draw(code: DeltaGenerator) -> None:
    """The controls, how far the run has drifted apart, and the four combinations."""
    side, picture = st.columns([1, 2], gap="medium")
    with side:
        twins = twin_controls()
    watched: int | None = state.get(WATCHED)
    now = twins.steps if watched is None else min(twins.steps, watched)
    run = enter(twins) if now == twins.steps else twin_run(replace(twins, steps=now))
    with picture:
        show_drift(run, twins.steps)
        if twins.p == 1:
            st.markdown("With p = 1 nothing is dropped: W′ = W and p² η = η, whatever you switch.")
    conditions_table(twins)
    erratum(
        "The printed proof sets both expected outputs equal to y. That is what was to be shown. "
        "It never looks at training. In truth, the two runs are one with W′ = p W and the rate p² η. "
        f"With {number(twins.p)} as p, W′ then starts at {number(twins.p)} W and learns at "
        f"{number(twins.p * twins.p * twins.rate)}."
    )
    code.code(
        f"""from nnlib.chapter23.dropout_twins import TwinTraining

twins = TwinTraining(
    keep_prob={twins.p!r},
    learning_rate={twins.rate!r},
    map_weights={twins.map_weights},
    map_rate={twins.map_rate},
    random_state={twins.seed},
)
twins.run({twins.steps})
print(max(twins.weight_differences), max(twins.prediction_differences))
""",
        language="python",
    )
    if watched is not None and now == twins.steps:
        state[WATCHED] = None
        st.rerun()


def twin_controls() -> Twins:
    """What the reader has set, and the two buttons."""
    map_weights = controls.toggle("map_weights", "Start with W′ = p W", True)
    map_rate = controls.toggle("map_rate", "Learn W′ at the rate p² η", True)
    p = keep_probability("twin_p", 0.1)
    rate = controls.steps("rate", "Learning rate η", RATES, 0.1)
    steps = controls.slider("steps", "Steps", 10, 500, 300, 10)
    seed = controls.number("twin_seed", "Seed", 0, 9999, 0)
    twins = Twins(p, rate, map_weights, map_rate, seed, steps)
    buttons = st.container(horizontal=True)
    if buttons.button("Watch it train", icon=":material/play_arrow:", key=controls.key("watch")):
        state[WATCHED] = slice_of(steps)
        st.rerun()  # the whole page: only then does this part start to repeat
    controls.button("all", "Run all four", run_all_four, twins, place=buttons)
    return twins


@st.cache_data(show_spinner=False, max_entries=200)
def twin_run(twins: Twins) -> np.ndarray:
    """Largest difference of the weights and of the predictions after 0, 1, …, `steps` steps, (2, steps + 1)."""
    training = TwinTraining(twins.p, twins.rate, twins.map_weights, twins.map_rate, random_state=twins.seed)
    training.run(twins.steps)
    return np.array([training.weight_differences, training.prediction_differences])


def enter(twins: Twins) -> np.ndarray:
    """Make a run, and keep for the table how far apart it ended up at most."""
    run = twin_run(twins)
    state.setdefault(LEDGER, {})[twins] = run.max(axis=1)
    return run


def run_all_four(twins: Twins) -> None:
    """Enter all four combinations of the two conditions into the table."""
    for map_weights, map_rate in CONDITIONS:
        enter(replace(twins, map_weights=map_weights, map_rate=map_rate))


def show_drift(run: np.ndarray, steps: int) -> None:
    """How far a run of so many `steps`, or its beginning, has drifted apart: a chart, its numbers, a sentence."""
    now = run.shape[1] - 1
    shown = np.unique(np.linspace(0, now, 120).round().astype(int))
    weights, predictions = run[:, shown]

    def numbers() -> Table:
        table = pd.DataFrame({"step": shown, "weights and biases": weights, "predictions": predictions})
        return written(table, {"weights and biases": difference, "predictions": difference})

    furthest = [difference(x) for x in run.max(axis=1)]
    show_chart(
        drift_chart(shown, weights, predictions, steps),
        numbers,
        f"Largest difference between the two networks over {now} steps, on a log scale: weights "
        f"{furthest[0]}, predictions {furthest[1]}.",
        key=controls.key("drift"),
    )
    st.markdown(
        f"After {now} steps, the largest difference so far: **{furthest[0]}** in the weights "
        f"(p W against W′), **{furthest[1]}** in the predictions."
    )


def conditions_table(twins: Twins) -> None:
    """The four combinations of the two conditions: how far apart the runs were at most, where made."""
    ledger = state.get(LEDGER, {})
    four = [replace(twins, map_weights=weights, map_rate=rate) for weights, rate in CONDITIONS]
    ends = [ledger.get(one) for one in four]
    same = [end is not None and bool(end.max() < SAME) for end in ends]
    table = pd.DataFrame(
        {
            "shown above": ["●" if one == twins else "" for one in four],
            "start": ["W′ = p W" if one.map_weights else "W′ = W" for one in four],
            "rate for W′": ["p² η" if one.map_rate else "η" for one in four],
            "weights apart": ["not run yet" if end is None else difference(end[0]) for end in ends],
            "predictions apart": ["not run yet" if end is None else difference(end[1]) for end in ends],
            "one run": ["" if end is None else RIGHT if ok else WRONG for end, ok in zip(ends, same, strict=True)],
        }
    )
    wrong = [end is not None and not ok for end, ok in zip(ends, same, strict=True)]
    st.dataframe(
        tint_rows(table, wrong) if any(wrong) else table,
        hide_index=True,
        width="stretch",
        key=controls.key("conditions"),
        alt=f"Largest differences for the four combinations; {sum(same)} of them are one and the same run.",
    )
    st.caption(
        f"The largest differences over {twins.steps} steps. {RIGHT}: all below 1e−12, which is rounding. "
        "The dotted line of the chart is there too."
    )
