"""The experiment of the dropout page: a plain and an inverted network trained side by side."""

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.dropout_twins import TwinTraining
from pages.ex23_7.charts import drift_chart
from pages.shared.charts import show_chart, steady
from pages.shared.gradient_table import RIGHT, WRONG, tint_rows
from pages.shared.numbers import difference, number
from pages.shared.page import erratum, section

RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0]
CONDITIONS = [(True, True), (True, False), (False, True), (False, False)]  # weights mapped, rate mapped
SAME = 1e-12  # two runs nowhere further apart are one: what is left is rounding
LIVE_SLICES, LIVE_PAUSE = 20, 0.15  # a run that is watched comes in so many slices, with seconds between
state = st.session_state


@st.cache_data(show_spinner=False, max_entries=200)
def twin_run(p: float, rate: float, conditions: tuple[bool, bool], seed: int, steps: int) -> np.ndarray:
    """Largest difference of the weights and of the predictions after 0, 1, …, `steps` steps, (2, steps + 1)."""
    twins = TwinTraining(p, rate, *conditions, random_state=seed)
    twins.run(steps)
    return np.array([twins.weight_differences, twins.prediction_differences])


def run_all_four(p: float, rate: float, seed: int, steps: int) -> None:
    """Enter all four combinations of the two conditions into the table."""
    for conditions in CONDITIONS:
        enter(p, rate, conditions, seed, steps)


def enter(p: float, rate: float, conditions: tuple[bool, bool], seed: int, steps: int) -> np.ndarray:
    """Make a run, and keep for the table how far apart it ended up at most."""
    run = twin_run(p, rate, conditions, seed, steps)
    state.setdefault("ex23_7_ledger", {})[p, rate, conditions, seed, steps] = run.max(axis=1)
    return run


def watch() -> None:
    """Start the run over, to be shown slice by slice."""
    state["ex23_7_live"] = 0


def twin_controls() -> tuple[float, float, tuple[bool, bool], int, int]:
    """What the reader has set: p, η, the two conditions, the seed and the number of steps."""
    start = st.toggle("Start with W′ = p W", True, key="ex23_7_map_weights", bind="query-params")
    own_rate = st.toggle("Learn W′ at the rate p² η", True, key="ex23_7_map_rate", bind="query-params")
    p = st.slider("Keep probability p", 0.1, 1.0, 0.6, 0.05, key="ex23_7_twin_p", bind="query-params")
    rate = float(st.select_slider("Learning rate η", RATES, 0.1, key="ex23_7_rate", bind="query-params"))
    steps = st.slider("Steps", 10, 500, 300, 10, key="ex23_7_steps", bind="query-params")
    seed = int(st.number_input("Seed", 0, 9999, 0, key="ex23_7_twin_seed", bind="query-params") or 0)
    return p, rate, (start, own_rate), seed, steps


def conditions_table(p: float, rate: float, chosen: tuple[bool, bool], seed: int, steps: int) -> None:
    """The four combinations of the two conditions: how far apart the runs were at most, where made."""
    ledger = state.get("ex23_7_ledger", {})
    ends = [ledger.get((p, rate, conditions, seed, steps)) for conditions in CONDITIONS]
    same = [end is not None and bool(end.max() < SAME) for end in ends]
    table = pd.DataFrame(
        {
            "shown above": ["●" if conditions == chosen else "" for conditions in CONDITIONS],
            "start": ["W′ = p W" if mapped else "W′ = W" for mapped, _ in CONDITIONS],
            "rate for W′": ["p² η" if mapped else "η" for _, mapped in CONDITIONS],
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
        key="ex23_7_conditions",
        alt=f"Largest differences for the four combinations; {sum(same)} of them are one and the same run.",
    )
    st.caption(
        f"The largest differences over {steps} steps. {RIGHT}: all below 1e−12, which is rounding. "
        "The dotted line of the chart is there too."
    )


def twin_section(snippet: DeltaGenerator) -> None:
    """The whole experiment; its code goes into `snippet`."""
    section(
        "Are the two forms the same?",
        "Do not take it on trust: train both. Two networks have 6 inputs, 8 hidden neurons and 3 outputs. "
        "One uses plain dropout with the **weights** W between hidden layer and outputs. "
        "The other uses inverted dropout, with W′ there. All else starts equal. "
        "Every **step** shows both the same 10 samples under the same masks. "
        "Then it moves each weight against its gradient, times the **learning rate** η. "
        "Two conditions make them one run. Switch them off, one at a time.",
    )

    @st.fragment(run_every=LIVE_PAUSE if state.get("ex23_7_live") is not None else None)
    def experiment() -> None:
        controls, picture = st.columns([1, 2], gap="medium")
        with controls:
            p, rate, conditions, seed, steps = twin_controls()
            buttons = st.container(horizontal=True)
            if buttons.button("Watch it train", icon=":material/play_arrow:", key="ex23_7_watch"):
                watch()
                st.rerun()  # the whole page: only then does this part start to repeat
            buttons.button("Run all four", key="ex23_7_all", on_click=run_all_four, args=(p, rate, seed, steps))
        live: int | None = state.get("ex23_7_live")
        now = steps if live is None else min(steps, live + max(1, steps // LIVE_SLICES))
        run = enter(p, rate, conditions, seed, steps) if now == steps else twin_run(p, rate, conditions, seed, now)
        shown = np.unique(np.linspace(0, now, 120).round().astype(int))
        weights, predictions = run[:, shown]

        def numbers() -> pd.DataFrame:
            return pd.DataFrame(
                {
                    "step": shown,
                    "weights and biases": [difference(x) for x in weights],
                    "predictions": [difference(x) for x in predictions],
                }
            )

        with picture:
            show_chart(
                drift_chart(shown, weights, predictions, steps),
                numbers,
                f"Largest difference between the two networks over {now} steps, on a log scale: weights "
                f"{difference(run[0].max())}, predictions {difference(run[1].max())}.",
                key="ex23_7_drift",
            )
            st.markdown(
                f"After {now} steps, the largest difference so far: **{difference(run[0].max())}** in the weights "
                f"(p W against W′), **{difference(run[1].max())}** in the predictions."
            )
            if p == 1:
                st.markdown("With p = 1 nothing is dropped: W′ = W and p² η = η, whatever you switch.")
        conditions_table(p, rate, conditions, seed, steps)
        erratum(
            "The printed proof sets both expected outputs equal to y. That is what was to be shown. "
            "It never looks at training. In truth, the two runs are one with W′ = p W and the rate p² η. "
            f"With {number(p)} as p, W′ then starts at {number(p)} W and learns at {number(p * p * rate)}."
        )
        snippet.code(
            f"""from nnlib.chapter23.dropout_twins import TwinTraining

twins = TwinTraining(
    keep_prob={p!r},
    learning_rate={rate!r},
    map_weights={conditions[0]},
    map_rate={conditions[1]},
    random_state={seed},
)
twins.run({steps})
print(max(twins.weight_differences), max(twins.prediction_differences))
""",
            language="python",
        )
        if live is not None:
            state["ex23_7_live"] = None if now == steps else now
            if now == steps:
                st.rerun()

    with steady("ex23_7_twins_live"):
        experiment()
