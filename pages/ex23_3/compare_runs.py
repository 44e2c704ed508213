"""The reader's runs: what can be done with the one shown, and all of them side by side."""

import streamlit as st

from pages.ex23_3.controls import controls, set_controls
from pages.ex23_3.run_folder import MOST_RUNS
from pages.ex23_3.runs import ACCURACIES, MOST_LETTERS, MnistRun, results_table
from pages.ex23_3.training import Training
from pages.shared.page import download_table
from pages.shared.run_curves import curve_points
from pages.shared.tables import show_table, written


def show_run_buttons(training: Training) -> None:
    """What can be done with the run shown, and what became of one that was removed."""
    run = training.shown
    with st.container(horizontal=True, vertical_alignment="center", key=controls.key("of_this_run")):
        if run is not None and run in training.runs:
            st.markdown(f"Run on screen: **{run.name}**", width="content")
            controls.button(
                "load",
                "Load its settings",
                set_controls,
                run.settings,
                icon=":material/tune:",
                type="tertiary",
                help="Sets all controls above to what this run was made from.",
            )
            with st.popover("Rename", icon=":material/edit:", type="tertiary"):
                st.text_input(
                    "Name of this run",
                    run.name,
                    key=controls.key(f"name_{run.number}"),
                    max_chars=MOST_LETTERS,
                    on_change=_rename,
                    args=(training, run),
                )
            controls.button("remove", "Remove", training.remove, run, icon=":material/delete:", type="tertiary")
        if training.removed is not None:
            st.markdown(f"“{training.removed.name}” is removed.", width="content")
            controls.button(
                "undo_remove", "Bring it back", training.undo_remove, icon=":material/undo:", type="tertiary"
            )
    for problem in training.runs.problems:
        st.warning(problem, icon=":material/folder_off:")


def _rename(training: Training, run: MnistRun) -> None:
    training.runs.rename(run, st.session_state[controls.key(f"name_{run.number}")])


def compare_runs(training: Training) -> None:
    """Settings and results of every run as a table, and as files."""
    runs = list(training.runs)
    if not runs:
        st.info("Every run that you train appears here, beside the others.", icon=":material/table_rows:")
        return
    table = results_table(runs)
    if table["validation accuracy"].isna().all():
        table = table.drop(columns="validation accuracy")
    show_table(written(table, ACCURACIES), "Settings and results of each run.", controls.key("runs"))
    with st.container(horizontal=True):
        download_table("Download as CSV", "runs.csv", lambda: results_table(runs))
        download_table(
            "Download the curves as CSV", "curves.csv", lambda: curve_points({run.name: run for run in runs})
        )
    folder = training.runs.folder
    if folder is not None:
        st.caption(
            f"Every run is kept in a file of its own in `{folder}`, at most {MOST_RUNS} of them. They are there "
            "again when you reload the page or start the app anew, and a run that was interrupted goes on."
        )
