"""The sweep of page 23.3: two hyperparameters, values for each, and a network trained for every combination."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import prod
from typing import Any

import pandas as pd
import streamlit as st

from pages.ex23_3.runs import ACCURACIES, results_table, why_unreadable
from pages.ex23_3.settings import HYPERPARAMETERS, Settings
from pages.ex23_3.sweep import HELD_OUT, Combination, Sweep, combine, validation_accuracy
from pages.ex23_3.sweep_pictures import DIVERGED, final_accuracies, heat_map, points_without_test, small_multiples
from pages.ex23_3.training import Training
from pages.ex23_3.training_code import sweep_code
from pages.shared.charts import show_chart
from pages.shared.controls import Controls
from pages.shared.live import live
from pages.shared.numbers import percent
from pages.shared.page import download_table, section
from pages.shared.run_curves import written_points
from pages.shared.tables import written

NONE = "none"
MOST_VALUES = 6  # of one hyperparameter: 36 panels are as many as one can take in


controls = Controls("ex23_3_sweep")


def sweep_section(training: Training, settings: Settings) -> None:
    """The section. `settings` hold for all that is not swept."""
    section("A sweep: every combination of two settings")
    share = f"{100 * (settings.validation or HELD_OUT):g} %"
    st.markdown(
        "Choose one or two settings, and values for each. A network is trained for every combination; all "
        "other settings are those at the top of the page. The networks are judged by **validation pictures**, "
        f"{share} of the training pictures, on which none of them trains. The test pictures have no say in the "
        "choice, for the best of many looks a little too good on the pictures it was chosen by. They judge "
        "only the chosen network, at the end."
    )
    swept = _choose_values()
    combined = combine(settings, swept)
    left_out = prod(map(len, swept.values())) - len(combined)
    if not all(0 < len(values) <= MOST_VALUES for values in swept.values()):
        st.info(f"Choose from one to {MOST_VALUES} values on each side.", icon=":material/tune:")
        combined = {}
    elif left_out:
        st.info(
            f"{left_out} of the combinations cannot be trained: batch normalisation needs at least 2 pictures a "
            "batch.",
            icon=":material/info:",
        )
    if why_unreadable(settings) is not None:
        st.info("The pictures cannot be read, as the top of the page says.", icon=":material/info:")
        combined = {}
    _show_buttons(training, settings, swept, combined)
    sweep = training.sweep
    if sweep is not None:
        if combined and sweep.combined != combined:
            st.info(
                "The settings have changed since this sweep began. It goes on with its own.",
                icon=":material/tune:",
            )
        live(
            controls.key("live"), training.at_work == "sweep", sweep.move_on, partial(_draw_sweep, training, sweep)
        )
        _keep_and_download(training, sweep)
    if all(swept.values()):
        with st.expander("These networks in Python", icon=":material/code:"):
            st.code(sweep_code(settings, swept), language="python")


def _choose_values() -> dict[str, list[Any]]:
    """The controls; the chosen hyperparameters with their values, in the order of the list they come from."""
    names = {hyperparameter.title: name for name, hyperparameter in HYPERPARAMETERS.items()}
    first, *others = names
    swept: dict[str, list[Any]] = {}
    places = st.columns(2, gap="large")
    for place, label, which, options in [
        (places[0], "Vary", "vary", [first, *others]),
        (places[1], "Vary also", "and", [*others, first, NONE]),
    ]:
        with place:
            title = controls.menu(which, label, options)
            if title == NONE:
                continue
            name = names[title]
            if name in swept:
                st.info("Both are the same: choose another one, or none.", icon=":material/tune:")
                continue
            title, values, usual = HYPERPARAMETERS[name]
            chosen = controls.several(name, f"Values of {title}", values, usual)
            swept[name] = [value for value in values if value in chosen]
    return swept


def _show_buttons(
    training: Training,
    settings: Settings,
    swept: Mapping[str, Sequence[Any]],
    combined: Mapping[Combination, Settings],
) -> None:
    """Start, stop and go on, and how much there is to train."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if training.at_work == "sweep":
            controls.button("stop", "Stop the sweep", training.stop_sweep, icon=":material/stop:")
        else:
            unfinished = training.sweep is not None and training.sweep.under_way is not None
            if unfinished:
                controls.button("go_on", "Go on", training.go_on_with_sweep, icon=":material/play_arrow:")
            controls.button(
                "start",
                "Start anew" if unfinished else "Start the sweep",
                training.begin_sweep,
                settings,
                swept,
                icon=":material/grid_on:",
                disabled=not combined,
            )
        if combined:
            networks, epochs = len(set(combined.values())), settings.epochs
            shared = f" for {len(combined)} combinations, of which some come to the same"
            st.markdown(
                f"{networks} network{'s' * (networks > 1)}, {epochs} epoch{'s' * (epochs > 1)} each"
                + shared * (networks < len(combined))
            )


def _draw_sweep(training: Training, sweep: Sweep) -> None:
    """Where it stands; at its end, the rest of the page follows."""
    _show_sweep(sweep)
    if training.at_work == "sweep" and sweep.under_way is None:
        training.stop_sweep()
        st.rerun()


def _show_sweep(sweep: Sweep) -> None:
    """How far it has come, the heat map, and the curves."""
    under_way = sweep.under_way
    if under_way is None:
        words = f"All {sweep.networks} networks are trained"
    else:
        run = sweep.runs.get(under_way)
        epoch = run.trainer.epoch if run is not None else 0.0
        ended = sum(run.trainer.state != "training" for run in sweep.different_runs)
        words = (
            f"Network {ended + 1} of {sweep.networks}: {sweep.name(under_way)} · epoch {epoch:.2f} of "
            f"{sweep.combined[under_way].epochs}"
        )
    seconds = sum(run.trainer.seconds for run in sweep.different_runs)
    st.progress(sweep.share, text=f"{words} · {seconds:.1f} s of training")

    table = final_accuracies(sweep)
    if sweep.best is not None:
        st.markdown(_best_in_words(sweep, sweep.best))
    if (table["state"] == DIVERGED).any():
        st.markdown(
            f"“{DIVERGED}”: the weights grew beyond every bound, and training ended there. A lower learning rate "
            "helps."
        )
    st.caption(
        "The share of validation pictures read correctly at the end: the stronger the blue, the more; the best "
        "has a frame. What diverged, or stayed far below the best, has the colour of a wrong answer."
    )
    numbers = pd.DataFrame(
        {"combination": table["combination"], "validation accuracy": table["accuracy"], "state": table["state"]}
    )
    show_chart(
        heat_map(sweep, table),
        lambda: written(numbers, ACCURACIES),
        "Heat map: validation accuracy at the end of each combination's training. The stronger the blue, the "
        "higher.",
        controls.key("heat_map"),
    )
    st.caption("How each network learned: a panel stands where its cell stands above.")
    show_chart(
        small_multiples(sweep),
        lambda: written_points(points_without_test(sweep)),
        "A panel for each combination: accuracy on training and validation pictures over the epochs.",
        controls.key("curves"),
    )
    st.caption("Sweep the seed to see how far chance alone moves the accuracy.")


def _best_in_words(sweep: Sweep, best: Combination) -> str:
    """Which combination is best by its validation pictures; at the end, what it does on the test pictures."""
    run = sweep.runs[best]
    text = (
        f"Best {'of all' if sweep.under_way is None else 'so far'}: **{percent(validation_accuracy(run))}** of "
        f"the validation pictures read correctly, with {sweep.name(best)}."
    )
    if sweep.under_way is None:
        text += (
            f" Of the **test** pictures, which had no say in the choice, this network reads "
            f"**{percent(run.trainer.history[-1].test_accuracy)}**."
        )
    return text


def _keep_and_download(training: Training, sweep: Sweep) -> None:
    """Put one run among the page's own; all results, and all curves, as CSV."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = [sweep.name(combination) for combination in sweep.combined]
        chosen = st.selectbox("Run of the sweep", names, key=controls.key("chosen"), width=260)
        controls.button(
            "keep_run", "Keep this one", _keep, training, sweep, chosen, icon=":material/bookmark_add:"
        )
        download_table(
            "Download the sweep as CSV",
            "sweep.csv",
            lambda: results_table(sweep.different_runs).drop(columns=["test accuracy", "test loss"]),
        )
        download_table("Download its curves as CSV", "sweep_curves.csv", lambda: points_without_test(sweep))
    answer = st.session_state.pop(controls.key("answer"), None)
    if answer:
        st.info(answer, icon=":material/bookmark:")


def _keep(training: Training, sweep: Sweep, chosen: str) -> None:
    """Keep the chosen run if it has ended."""
    run = next((run for combination, run in sweep.ended.items() if sweep.name(combination) == chosen), None)
    if run is None:
        answer = f"The network with {chosen} is not trained to its end yet."
    elif run in training.runs:
        answer = f"The run with {chosen} is among your runs already."
    else:
        training.keep(run)
        answer = f"The run with {chosen} is now among your runs, above."
    st.session_state[controls.key("answer")] = answer
