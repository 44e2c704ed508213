"""The middle of page 23.3: start, pause and step a run, and watch its curves grow."""

from functools import partial

import streamlit as st

from pages.ex23_3.controls import controls
from pages.ex23_3.runs import why_unreadable
from pages.ex23_3.settings import Settings, describe
from pages.ex23_3.training import Training
from pages.shared.charts import draw_chart, numbers_behind
from pages.shared.live import live
from pages.shared.run import show_progress
from pages.shared.run_curves import curve_points, curves_chart, written_points

CHARTS = {"accuracy": "Share of digits read rightly", "loss": "Loss per sample"}


def run_section(training: Training, settings: Settings) -> None:
    """Buttons, what has changed since the run began, and the live curves."""
    problem = why_unreadable(settings)
    if problem is not None:
        st.error(f"{problem} The small digits need no such file.", icon=":material/error:")
    if settings.has_no_variance:
        st.error(
            "Batch normalisation needs at least 2 pictures a batch. A single one is its own mean: with the "
            "divisor n every z̄ is 0 and nothing can be learned, and with n − 1 there is no variance at all. "
            "Choose a larger batch size.",
            icon=":material/error:",
        )
    _show_buttons(training, settings, new_is_blocked=problem is not None or settings.has_no_variance)
    _show_what_changed(training, settings)
    with st.container(horizontal=True):
        x = controls.choice("x", "Curves over", ["epochs", "seconds"])
        zoom = controls.toggle("zoom", "Accuracy from 90 % up")
    live(
        controls.key("live"), training.at_work == "run", training.move_on, partial(_draw_curves, training, x, zoom)
    )


def _show_buttons(training: Training, settings: Settings, new_is_blocked: bool) -> None:
    blocked = new_is_blocked and not training.can_go_on  # a run under way goes on with its own settings
    with st.container(horizontal=True):
        if training.at_work == "run":
            controls.button("pause", "Pause", training.pause, icon=":material/pause:")
        else:
            begun = training.can_go_on and training.run is not None and training.run.trainer.step > 0
            controls.button(
                "start",
                "Resume" if begun else "Start",
                training.start,
                settings,
                icon=":material/play_arrow:",
                disabled=blocked,
            )
        controls.button(
            "batch_step", "One batch", training.one_batch, settings, icon=":material/skip_next:", disabled=blocked
        )
        controls.button(
            "epoch_step",
            "One epoch",
            training.one_epoch,
            settings,
            icon=":material/fast_forward:",
            disabled=blocked,
        )
        controls.button(
            "reset", "Reset", training.reset, settings, icon=":material/restart_alt:", disabled=new_is_blocked
        )
        controls.button(
            "keep",
            "Keep this run",
            training.keep,
            icon=":material/bookmark_add:",
            disabled=training.run is None or not training.run.trainer.history,
        )


def _show_what_changed(training: Training, settings: Settings) -> None:
    """Where the controls no longer say what the run shown was made from."""
    run = training.run
    if run is None:
        return
    changed = settings.differences([run.settings])
    if not changed:
        return
    now = ", ".join(describe(name, value) for name, value in changed.items())
    then = ", ".join(describe(name, getattr(run.settings, name)) for name in changed)
    st.info(
        f"The settings now differ from the run shown: {now} instead of {then}. The run goes on with "
        "its own. Press Reset to begin a run with the new ones.",
        icon=":material/tune:",
    )
    if "rate" in changed and training.can_go_on:
        rate = settings.rate
        controls.button("use_rate", f"Go on with learning rate {rate:g}", training.use_rate, rate)


def _draw_curves(training: Training, x: str, zoom: bool) -> None:
    """Where the run shown stands, its curves and those of the kept ones, and the numbers behind them."""
    run, runs = training.run, training.named_runs
    if not runs:
        st.info("Press Start. The first points appear soon after.", icon=":material/play_arrow:")
    if run is not None:
        show_progress(run.trainer)
    points = curve_points(runs)
    if len(points):
        for y, text in CHARTS.items():
            chart = curves_chart(
                points, y, "epoch" if x == "epochs" else "seconds", list(runs), zoom=zoom and y == "accuracy"
            )
            draw_chart(chart, f"{text}, on training and test data, over {x}.", controls.key(f"{y}_chart"))
    st.caption(
        "Loss is summed over the ten outputs and averaged over the samples. PyTorch's mean would also divide "
        "by ten. Training curves are measured on 2,000 training pictures, test curves on all test pictures. "
        "No neuron is dropped in a measurement, and batch normalisation uses averages over training batches."
    )
    if len(points):
        numbers_behind(
            lambda: written_points(points),
            "Loss and accuracy at each measurement.",
            controls.key("points"),
            "The numbers behind these curves",
        )
    if run is not None and training.at_work == "run" and run.reached:
        training.pause()
        st.rerun()
