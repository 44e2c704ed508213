"""Page 23.1's network learned from data: one run to watch, and a hundred seeds side by side."""

from copy import deepcopy
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.gates import CORNERS, SeedSweep, gate_trainer, plateau_loss, truth_table
from pages.ex23_1.controls import key, on_sliders
from pages.ex23_1.pictures import HIDDEN_LINES, show_surface, verdict
from pages.shared.charts import draw_layers, one_meaning, quantity, steady
from pages.shared.numbers import number
from pages.shared.run import Run

LOSSES = {"cross-entropy": "sigmoid cross-entropy", "squared error": "sigmoid squared error"}
SEEDS = 100
SWEEP_SLICE = 200  # steps of all hundred networks between two pictures

state = st.session_state


def learn_it(gate: str) -> dict[str, Any]:
    """Controls at the left, the learning network at the right; returns the arguments of its `gate_trainer`."""
    controls, picture = st.columns([1, 2], gap="large")
    with controls:
        chosen, pace = _learning_controls(gate)
    if key("run") in state:
        state[key("run")].claim()
    if key("run") not in state or state[key("run")].settings != chosen:
        _reset(chosen)  # other settings are another run
    training = bool(state[key("training")])
    with picture:
        _buttons(chosen, training)
        # a timer runs only while there is something to learn, so this fragment is made anew in every run
        with steady(key("learning_live")):
            st.fragment(_learning, run_every=0.1 if training else None)(chosen, pace)
    return chosen


def _learning_controls(gate: str) -> tuple[dict[str, Any], int]:
    """The arguments of `gate_trainer` as the reader sets them, and the steps between two pictures."""
    seed = int(st.number_input("Seed", 0, 9999, 0, key=key("seed"), bind="query-params"))
    rate = st.select_slider(
        "Learning rate η", [0.1, 0.3, 1.0, 3.0, 10.0, 30.0], 1.0, key=key("rate"), bind="query-params"
    )
    loss = LOSSES[str(st.radio("Loss to make small", list(LOSSES), key=key("l_loss"), bind="query-params"))]
    steps = st.select_slider("Steps", [500, 1000, 2000, 5000, 10000], 2000, key=key("steps"), bind="query-params")
    pace = st.select_slider(
        "Steps between two pictures",
        [1, 5, 20, 100, 500],
        20,
        key=key("pace"),
        bind="query-params",
        help="The smaller, the slower you see it learn.",
    )
    st.caption(f"The target is {gate}, as set at the top.")
    return {"gate": gate, "seed": seed, "learning_rate": rate, "steps": steps, "loss": loss}, pace


def _buttons(chosen: dict[str, Any], training: bool) -> None:
    with st.container(horizontal=True):
        if training:
            st.button("Pause", icon=":material/pause:", key=key("pause"), on_click=_pause, type="primary")
        else:
            st.button(
                "Start",
                icon=":material/play_arrow:",
                key=key("start"),
                on_click=_start,
                args=(chosen,),
                type="primary",
            )
        st.button("One step", icon=":material/skip_next:", key=key("one_step"), on_click=_one_step)
        st.button("Reset", icon=":material/restart_alt:", key=key("reset"), on_click=_reset, args=(chosen,))
        st.button(
            "Put these weights on the sliders",
            icon=":material/tune:",
            key=key("take_over"),
            on_click=_take_over,
            help="Rounded to halves, held between −40 and 40. Look at the first picture and the table.",
        )


def _reset(chosen: dict[str, Any]) -> None:
    """A network with its first weights, not yet trained."""
    state[key("run")], state[key("training")] = Run(chosen, gate_trainer(**chosen)), False


def _start(chosen: dict[str, Any]) -> None:
    """Go on; where the run has ended, begin anew."""
    if state[key("run")].trainer.state != "training":
        _reset(chosen)
    state[key("training")] = True


def _pause() -> None:
    """Stop where it is."""
    state[key("training")] = False


def _one_step() -> None:
    """A single step, then rest."""
    _pause()
    _move_on(1)


def _move_on(count: int) -> None:
    """Train for the next `count` steps, at most a slice of time."""
    run: Run = state[key("run")]
    run.stop_at = run.trainer.step + count
    run.move_on()


def _take_over() -> None:
    """Put the learned weights on the sliders at the top."""
    state.update(on_sliders(state[key("run")].trainer.network.parameters) | {key("sharpness"): 1.0})


def _learning(chosen: dict[str, Any], pace: int) -> None:
    """Train for a few steps, then draw where the run stands."""
    if state[key("training")]:
        _move_on(pace)
    trainer = state[key("run")].trainer
    if state[key("training")] and trainer.state != "training":
        _pause()
        st.rerun()
    targets, steps = truth_table(chosen["gate"]), chosen["steps"]
    loss = trainer.network.mean_loss(CORNERS, targets)
    st.progress(trainer.step / steps, text=f"Step {trainer.step:,} of {steps:,}")
    st.markdown(f"**{verdict(trainer.network, targets)}**, L = {number(loss)}.")
    if trainer.state == "diverged":
        st.error(trainer.problem, icon=":material/trending_up:")
    show_surface(
        trainer.network,
        targets,
        "l_surface",
        HIDDEN_LINES,
        f"Output of the learning network, target {chosen['gate']}",
    )
    if len(trainer.history) < 2:
        st.info("Press Start. The curve of the loss begins after the first steps.", icon=":material/play_arrow:")
        return
    points = pd.DataFrame(
        {"step": [m.step for m in trainer.history], "L": [m.train_loss for m in trainer.history]}
    )
    line = {
        "data": {"name": "history"},
        "mark": {"type": "line"},
        "encoding": {
            "x": quantity("step", "step", [0, steps]),
            "y": quantity("L", "loss L"),
            "color": one_meaning("train"),
        },
    }
    draw_layers(
        [line],
        {"history": points},
        180,
        "Loss against step; the line above tells where it is now.",
        key=key("loss_chart"),
    )


# A hundred seeds


def sweep_seeds(chosen: dict[str, Any]) -> None:
    """A button that trains a hundred networks like the one above, and how their losses are spread."""
    sweep_of = {name: value for name, value in chosen.items() if name != "seed"}
    if state.get(key("sweep_of")) != sweep_of:
        state[key("sweep_of")], state[key("sweep")], state[key("sweeping")] = sweep_of, None, False
    sweeping = bool(state[key("sweeping")])
    st.button(
        f"Train {SEEDS} networks",
        icon=":material/play_arrow:",
        key=key("sweep_start"),
        on_click=_start_sweep,
        args=(sweep_of,),
        disabled=sweeping,
    )
    with steady(key("sweep_live")):
        st.fragment(_sweep, run_every=0.1 if sweeping else None)(sweep_of)


def _start_sweep(sweep_of: dict[str, Any]) -> None:
    """A hundred fresh networks."""
    state[key("sweep")], state[key("sweeping")] = SeedSweep(seeds=SEEDS, **sweep_of), True


def _sweep(sweep_of: dict[str, Any]) -> None:
    """A slice of training for all hundred, then how their losses are spread."""
    sweep: SeedSweep | None = state[key("sweep")]
    if sweep is None:
        return
    if state[key("sweeping")]:
        sweep = deepcopy(sweep)  # a click may start this page again while this slice is under way
        sweep.run(SWEEP_SLICE)
        state[key("sweep")] = sweep
        if sweep.finished:
            state[key("sweeping")] = False
            st.rerun()
    _show_sweep(sweep, sweep_of["loss"])


def _show_sweep(sweep: SeedSweep, loss: str) -> None:
    """How many have learned, where the losses of all lie, which seeds are stuck, and on which plateau."""
    learned, losses = sweep.learned, sweep.losses
    stuck = np.flatnonzero(~learned)
    plateaus = _plateaus(int(sweep.targets.sum()), loss)
    st.progress(sweep.step / sweep.steps, text=f"Step {sweep.step:,} of {sweep.steps:,}")
    st.markdown(f"**{learned.sum()} of {SEEDS} networks get all four rows right.**")
    _histogram(losses, plateaus, least=0.8 if loss == LOSSES["cross-entropy"] else 0.2)
    if len(stuck):
        st.markdown(f"Seeds that have not learned: {', '.join(map(str, stuck))}. Put one in “Seed” and watch it.")
    st.markdown("The broken lines mark the **plateaus** of this loss:")
    near = [np.sum(np.abs(losses[stuck] - plateau) < 0.02) for plateau in plateaus["L"]]
    st.table(
        pd.DataFrame(
            {
                "plateau": plateaus["what"],
                "L": [number(plateau) for plateau in plateaus["L"]],
                "networks within 0.02, not learned": [str(count) for count in near],
            }
        ).set_index("plateau")
    )


def _plateaus(ones: int, loss: str) -> pd.DataFrame:
    """Losses L at which a network rests that gives some corners one shared output, and what they share."""
    fractions = {(2, 1): "½", (3, 1): "⅓", (3, 2): "⅔", (4, 1): "¼", (4, 2): "½", (4, 3): "¾"}
    rows = [
        (plateau_loss(corners, k, loss), f"{corners} rows share y = {fraction}")
        for (corners, k), fraction in fractions.items()
        if k <= ones and corners - k <= 4 - ones
    ]
    return pd.DataFrame(rows, columns=["L", "what"]).groupby("L", as_index=False).agg(" or ".join)


def _histogram(losses: np.ndarray, plateaus: pd.DataFrame, least: float) -> None:
    """Bars of how many networks have which loss, and a broken line at each plateau."""
    top = max(least, float(np.ceil(losses.max() * 20) / 20))
    edges = np.linspace(0, top, 41)
    counts, _ = np.histogram(losses, edges)
    bars = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "networks": counts}).query("networks > 0")
    x = quantity("from", "loss L now", [0, top])
    text = f"How the losses of {SEEDS} networks are spread."
    draw_layers(
        [
            {
                "data": {"name": "bars"},
                "mark": {"type": "bar"},
                "encoding": {
                    "x": x,
                    "x2": {"field": "to"},
                    "y": quantity("networks", "networks", [0, SEEDS]),
                    "y2": {"datum": 0},
                    "tooltip": [
                        {"field": "from", "type": "quantitative", "format": ".3f"},
                        {"field": "to", "type": "quantitative", "format": ".3f"},
                        {"field": "networks", "type": "quantitative"},
                    ],
                    "color": one_meaning("train"),
                },
            },
            {
                "data": {"name": "plateaus"},
                "mark": {"type": "rule", "strokeDash": [4, 4]},
                "encoding": {
                    "x": quantity("L", "loss L now", [0, top]),
                    "tooltip": [{"field": "what", "type": "nominal"}, {"field": "L", "type": "quantitative"}],
                    "color": one_meaning("neutral"),
                },
            },
        ],
        {"bars": bars, "plateaus": plateaus},
        230,
        text,
        key=key("sweep_chart"),
    )
    with st.expander("The numbers behind this chart"):
        st.dataframe(
            pd.DataFrame(
                {
                    "loss from": [number(x) for x in bars["from"]],
                    "to": [number(x) for x in bars["to"]],
                    "networks": bars["networks"].to_numpy(),
                }
            ),
            hide_index=True,
            width="stretch",
            key=key("sweep_chart_numbers"),
            alt=text,
        )
