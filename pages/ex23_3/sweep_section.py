"""The sweep of page 23.3: two hyperparameters, values for each, and a network trained for every combination."""

from collections.abc import Callable
from math import prod
from typing import Any

import streamlit as st

from pages.ex23_3.runs import MnistRun, readable_points, results_table
from pages.ex23_3.settings import HYPERPARAMETERS, Settings
from pages.ex23_3.sweep import Sweep, combine
from pages.ex23_3.sweep_pictures import DIVERGED, final_accuracies, heat_map, small_multiples
from pages.shared.charts import show_chart, steady
from pages.shared.page import download_table
from pages.shared.run_curves import curve_points

NONE = "none"
MOST_VALUES = 6  # of one hyperparameter: 36 panels are as many as one can take in


def key(name: str) -> str:
    """The widget key of one of the sweep's controls."""
    return f"ex23_3_sweep_{name}"


def choose_values() -> dict[str, list[Any]]:
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
            title = st.selectbox(label, options, key=key(which), bind="query-params")
            if title == NONE:
                continue
            name = names[title]
            if name in swept:
                st.info("Both are the same: choose another one, or none.", icon=":material/tune:")
                continue
            hyperparameter = HYPERPARAMETERS[name]
            chosen = st.pills(
                f"Values of {hyperparameter.title}",
                hyperparameter.values,
                selection_mode="multi",
                default=hyperparameter.usual,
                key=key(name),
                bind="query-params",
                wrap=True,
            )
            swept[name] = [value for value in hyperparameter.values if value in chosen]
    return swept


def sweep_section(
    settings: Settings, keep: Callable[[MnistRun], None], page_is_drawn: Callable[[], bool]
) -> dict[str, Any]:
    """The whole section.

    Parameters
    ----------
    settings : of the page's controls, for all that is not swept
    keep : called with a run of the sweep that the reader wants among the page's own
    page_is_drawn : whether the page is complete, so that training may go on

    Returns
    -------
    the hyperparameters chosen to be swept, with their values
    """
    state = st.session_state
    st.markdown(
        "Which values go well together? Choose one or two hyperparameters, and values for each. A network is "
        "trained for every combination. All else is as set at the top of the page."
    )
    swept = choose_values()
    combined = combine(settings, swept)
    sweep: Sweep | None = state.ex23_3_sweep
    left_out = prod(map(len, swept.values())) - len(combined)
    if not all(0 < len(values) <= MOST_VALUES for values in swept.values()):
        st.info(f"Choose from one to {MOST_VALUES} values on each side.", icon=":material/tune:")
        combined = {}
    elif left_out:
        st.info(
            f"{left_out} of the combinations cannot be trained: a batch of one picture has no variance to divide "
            "by n − 1.",
            icon=":material/info:",
        )

    def begin() -> None:
        """A new sweep with what is chosen now."""
        state.ex23_3_sweep = Sweep(settings, swept)
        go_on()

    def go_on() -> None:
        """Train from where the sweep stands; the single run waits."""
        state.ex23_3_training = False
        state.ex23_3_sweeping = True

    def stop() -> None:
        """Stop after the slice that is under way."""
        state.ex23_3_sweeping = False

    sweeping = state.ex23_3_sweeping
    with st.container(horizontal=True, vertical_alignment="center"):
        if sweeping:
            st.button("Stop the sweep", icon=":material/stop:", key=key("stop"), on_click=stop)
        else:
            unfinished = sweep is not None and sweep.under_way is not None
            if unfinished:
                st.button("Go on", icon=":material/play_arrow:", key=key("go_on"), on_click=go_on)
            st.button(
                "Start anew" if unfinished else "Start the sweep",
                icon=":material/grid_on:",
                key=key("start"),
                on_click=begin,
                disabled=not combined,
            )
        if combined:
            epochs = settings.epochs
            st.markdown(
                f"{len(combined)} network{'s' * (len(combined) > 1)}, {epochs} epoch{'s' * (epochs > 1)} each"
            )
    if sweep is None:
        return swept
    if combined and sweep.combined != combined:
        st.info(
            "The settings have changed since this sweep began. It goes on with its own.", icon=":material/tune:"
        )

    @st.fragment(run_every=0.1 if sweeping else None)
    def live_sweep() -> None:
        """Train for one slice, unless the whole page is being drawn, then draw where the sweep stands."""
        if state.ex23_3_sweeping and page_is_drawn():
            sweep.move_on()
        show_sweep(sweep)
        if state.ex23_3_sweeping and sweep.under_way is None:
            state.ex23_3_sweeping = False
            st.rerun()

    with steady(key("live")):
        live_sweep()
    keep_and_download(sweep, keep)
    return swept


def show_sweep(sweep: Sweep) -> None:
    """How far it has come, the heat map, and the curves."""
    under_way, ended = sweep.under_way, len(sweep.ended)
    if under_way is None:
        words = f"All {ended} networks are trained"
    else:
        run = sweep.runs.get(under_way)
        epoch = run.trainer.epoch if run is not None else 0.0
        words = (
            f"Network {ended + 1} of {len(sweep.combined)}: {sweep.name(under_way)} · epoch {epoch:.2f} of "
            f"{sweep.combined[under_way].epochs}"
        )
    seconds = sum(run.trainer.seconds for run in list(sweep.runs.values()))
    st.progress(sweep.share, text=f"{words} · {seconds:.1f} s of training")

    table = final_accuracies(sweep)
    if table["accuracy"].notna().any():
        best = table.to_dict("records")[table["accuracy"].argmax()]
        st.markdown(
            f"Best {'of all' if under_way is None else 'so far'}: **{best['shown']}** of the test pictures read "
            f"rightly, with {best['combination']}."
        )
    if (table["shown"] == DIVERGED).any():
        st.markdown(
            f"“{DIVERGED}”: the weights grew beyond every bound, and training ended there. A lower learning rate "
            "helps."
        )
    st.caption("The share of test pictures read rightly at the end. The stronger the colour, the larger it is.")
    shown = table[["combination", "shown"]].rename(columns={"shown": "test accuracy"})
    show_chart(
        heat_map(sweep, table),
        lambda: shown,
        "Heat map: test accuracy at the end of each combination's training. The stronger the colour, the higher.",
        key("heat_map"),
    )
    st.caption("How each network learned: a panel stands where its cell stands above.")
    show_chart(
        small_multiples(sweep),
        lambda: readable_points(curve_points(sweep.named_runs)),
        "A panel for each combination: accuracy on training and test data over the epochs.",
        key("curves"),
    )
    st.caption(
        "The best of many is a little too good to be true: it was chosen by the test pictures themselves. Sweep "
        "the seed to see how far chance alone moves the accuracy."
    )


def keep_and_download(sweep: Sweep, keep: Callable[[MnistRun], None]) -> None:
    """Put one run among the page's own; all results, and all curves, as CSV."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {sweep.name(combination): combination for combination in sweep.combined}
        chosen = st.selectbox("Run of the sweep", list(names), key=key("chosen"), width=260)

        def keep_chosen() -> None:
            """Keep the chosen run if it has ended."""
            run = sweep.ended.get(names[chosen])
            if run is None:
                st.session_state[key("answer")] = f"The network with {chosen} is not trained to its end yet."
            elif any(run is other for other in st.session_state.ex23_3_kept.values()):
                st.session_state[key("answer")] = f"The run with {chosen} is among your runs already."
            else:
                keep(run)
                st.session_state[key("answer")] = f"The run with {chosen} is now among your runs, above."

        st.button("Keep this one", icon=":material/bookmark_add:", key=key("keep_run"), on_click=keep_chosen)
        download_table("Download the sweep as CSV", "sweep.csv", lambda: results_table(sweep.named_runs))
        download_table("Download its curves as CSV", "sweep_curves.csv", lambda: curve_points(sweep.named_runs))
    answer = st.session_state.pop(key("answer"), None)
    if answer:
        st.info(answer, icon=":material/bookmark:")
