"""Page 23.1's network learned from data, one run to watch."""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from nnlib.chapter23.gates import CORNERS, gate_trainer, truth_table
from nnlib.training import Trainer
from pages.ex23_1.controls import LOSSES, controls, on_sliders
from pages.ex23_1.pictures import HIDDEN_LINES, show_surface, verdict
from pages.shared.charts import Spec, draw_chart, fill, with_meaning
from pages.shared.live import live
from pages.shared.numbers import number
from pages.shared.run import Run

RUN, TRAINING = controls.key("run"), controls.key("training")
state = st.session_state


def learn_it(gate: str) -> dict[str, Any]:
    """Controls at the left, the learning network at the right; returns the arguments of its `gate_trainer`."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        chosen, pace = _choose_settings(gate)
    if RUN in state:
        state[RUN].claim()
    if RUN not in state or state[RUN].settings != chosen:
        _reset(chosen)  # other settings are another run
    with right:
        _show_buttons(chosen)
        live(controls.key("learning_live"), state[TRAINING], lambda: _move_on(pace), lambda: _draw(chosen))
    return chosen


def _choose_settings(gate: str) -> tuple[dict[str, Any], int]:
    """The arguments of `gate_trainer` as the reader sets them, and the steps between two pictures."""
    chosen = {
        "gate": gate,
        "seed": controls.number("seed", "Seed", 0, 9999, 0),
        "learning_rate": controls.steps("rate", "Learning rate η", [0.1, 0.3, 1.0, 3.0, 10.0, 30.0], 1.0),
        "loss": LOSSES[controls.radio("l_loss", "Loss to make small", list(LOSSES))],
        "steps": controls.steps("steps", "Steps", [500, 1000, 2000, 5000, 10000], 2000),
    }
    pace = controls.steps(
        "pace",
        "Steps between two pictures",
        [1, 5, 20, 100, 500],
        20,
        help="The smaller, the slower you see it learn.",
    )
    st.caption(f"The target is {gate}, as set at the top.")
    return chosen, pace


def _show_buttons(chosen: dict[str, Any]) -> None:
    with st.container(horizontal=True):
        if state[TRAINING]:
            controls.button("pause", "Pause", _pause, icon=":material/pause:", type="primary")
        else:
            controls.button("start", "Start", _start, chosen, icon=":material/play_arrow:", type="primary")
        controls.button("one_step", "One step", _one_step, icon=":material/skip_next:")
        controls.button("reset", "Reset", _reset, chosen, icon=":material/restart_alt:")
        controls.button(
            "take_over",
            "Put these weights on the sliders",
            _take_over,
            icon=":material/tune:",
            help="Rounded to halves, held between −40 and 40. Look at the first picture and the table.",
        )


def _reset(chosen: dict[str, Any]) -> None:
    """A network with its first weights, not yet trained."""
    state[RUN], state[TRAINING] = Run(chosen, gate_trainer(**chosen)), False


def _start(chosen: dict[str, Any]) -> None:
    """Go on; where the run has ended, begin anew."""
    if state[RUN].trainer.state != "training":
        _reset(chosen)
    state[TRAINING] = True


def _pause() -> None:
    """Stop where it is."""
    state[TRAINING] = False


def _one_step() -> None:
    """A single step, then rest."""
    _pause()
    _move_on(1)


def _move_on(count: int) -> None:
    """Train for the next `count` steps, at most a slice of time."""
    run: Run = state[RUN]
    run.stop_at = run.trainer.step + count
    run.move_on()


def _take_over() -> None:
    """Put the learned weights on the sliders at the top."""
    state.update(on_sliders(state[RUN].trainer.network.parameters))


def _draw(chosen: dict[str, Any]) -> None:
    """Where the run stands: its steps, its outputs over the square, its loss so far."""
    trainer: Trainer = state[RUN].trainer
    if state[TRAINING] and trainer.state != "training":
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
    history = pd.DataFrame([{"step": m.step, "L": m.train_loss} for m in trainer.history])
    draw_chart(
        fill(_loss_template(steps), history=history),
        "Loss against step; the line above tells where it is now.",
        controls.key("loss_chart"),
    )


@cache
def _loss_template(steps: int) -> Spec:
    """The loss over all steps there will be."""
    line = (
        alt.Chart(alt.NamedData("history"), height=180)
        .mark_line()
        .encode(
            x=alt.X("step:Q", title="step", scale=alt.Scale(domain=[0, steps])), y=alt.Y("L:Q", title="loss L")
        )
    )
    return with_meaning(line, "train").to_dict()
