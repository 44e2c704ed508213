"""The stage's network learned by back-propagation, one run to watch in the same picture."""

from dataclasses import asdict

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.gates import CORNERS, gate_trainer, is_right, truth_table
from nnlib.training import Trainer
from pages.ex23_1.controls import AT_ONCE, BY_HAND, GIVEN, INPUTS, MODE, Learning, Weights, controls, take
from pages.ex23_1.experiments import STUCK
from pages.ex23_1.fold import LossCurve, Told, draw_fold
from pages.shared.frame import is_hiding
from pages.shared.live import live
from pages.shared.numbers import RIGHT, WRONG, equals
from pages.shared.run import Run

RUN, TRAINING = controls.key("run"), controls.key("training")
state = st.session_state


def show_learning(chosen: Learning, pace: int, buttons: DeltaGenerator) -> Weights:
    """Buttons, where the run stands, and the picture, which it moves on; returns the weights at this moment."""
    if RUN in state:
        state[RUN].claim()
    if RUN not in state or state[RUN].settings != chosen:
        _reset(chosen)  # other settings are another run
    if state.pop(AT_ONCE, False):
        _start(chosen)
    with buttons:
        _show_buttons(chosen)
    live(controls.key("learning_live"), state[TRAINING], lambda: _move_on(pace), lambda: _draw(chosen))
    return _weights()


def _weights() -> Weights:
    """Those of the run."""
    trainer: Trainer = state[RUN].trainer
    corner = INPUTS.index(state[controls.key("input")])
    return Weights(tuple(trainer.network.parameters.tolist()), 1.0, corner, f"of the run at step {trainer.step:,}")


def _show_buttons(chosen: Learning) -> None:
    ended = state[RUN].trainer.state != "training"
    if state[TRAINING]:
        controls.button("pause", "Pause", _pause, icon=":material/pause:", type="primary")
    else:
        controls.button("start", "Train", _start, chosen, icon=":material/play_arrow:", type="primary")
    controls.button("one_step", "One step", _one_step, disabled=ended)
    controls.button("another_seed", "Next seed", _take_another_seed)
    controls.button(
        "reset",
        "Start over",
        _reset,
        chosen,
        help="Back to step 0 and the first weights of this seed. Your settings stay.",
    )
    controls.button(
        "take_over",
        "Take these weights",
        _take_over,
        help="Puts them on the sliders, to four decimals and at most 40 in size, for you to go on by hand.",
    )


def _reset(chosen: Learning) -> None:
    """A network with its first weights, not yet trained."""
    state[RUN], state[TRAINING] = Run(chosen, gate_trainer(**asdict(chosen))), False


def _start(chosen: Learning) -> None:
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


def _take_another_seed() -> None:
    """The next one: other first weights, ready to be trained."""
    state[controls.key("seed")] = (state[controls.key("seed")] + 1) % 10000


def _move_on(count: int) -> None:
    """Train for the next `count` steps, at most a slice of time."""
    run: Run[Learning] = state[RUN]
    run.stop_at = run.trainer.step + count
    run.move_on()


def _take_over() -> None:
    """Put the learned weights on the sliders."""
    _pause()
    take(state[RUN].trainer.network.parameters)
    state[MODE] = BY_HAND
    state[GIVEN] = True


def _draw(chosen: Learning) -> None:
    """Where the run stands, all of it in the picture."""
    trainer: Trainer = state[RUN].trainer
    if state[TRAINING] and trainer.state != "training":
        _pause()
        st.rerun()
    losses = [(m.step, m.train_loss) for m in trainer.history if m.train_loss is not None]
    losses = losses or [(trainer.step, trainer.network.mean_loss(CORNERS, truth_table(chosen.gate)))]
    progress = (
        f"Seed {chosen.seed}, η = {chosen.learning_rate:g}, step {trainer.step:,} of {chosen.steps:,}: "
        f"L {equals(trainer.network.mean_loss(CORNERS, truth_table(chosen.gate)))}."
    )
    draw_fold(
        _weights(),
        chosen.gate,
        _tell(trainer, chosen),
        LossCurve(losses, chosen.steps, progress),
        is_hiding("ex23_1", [STUCK]),
    )


def _tell(trainer: Trainer, chosen: Learning) -> Told:
    """How a step is made, and what to make of the end."""
    if trainer.state == "diverged":
        return {"at": "y", "title": "Diverged", "text": trainer.problem}
    if trainer.state == "training":
        if trainer.step:
            return {"at": "none", "title": "", "text": ""}
        step = (
            "Each step of back-propagation moves every number a little, against its gradient, so that the loss L "
            "falls; η says how far."
        )
        return {"at": "all", "title": "", "text": step}
    if is_right(trainer.network.predict_proba(CORNERS), truth_table(chosen.gate)).all():
        return {"at": "y", "title": f"{RIGHT} Learned", "text": "Which gates did it choose for h₁ and h₂?"}
    losses = [m.train_loss for m in trainer.history if m.train_loss is not None]
    if 0.99 < losses[-1] / losses[len(losses) * 3 // 4] <= 1:
        stuck = "The loss hardly falls any more. Press “Next seed” and train again."
        return {"at": "y", "title": f"{WRONG} Stuck", "text": stuck}
    slow = "It may be only slow. Give it more steps under “More settings”, or try another seed."
    return {"at": "y", "title": f"{WRONG} Not learned", "text": slow}
