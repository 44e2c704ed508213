"""The tab that compares the reader's runs, or those of a sweep; and what can be done with the run shown."""

from urllib.parse import quote

import streamlit as st

from pages.ex23_3.controls import controls, set_controls
from pages.ex23_3.run_folder import MOST_RUNS
from pages.ex23_3.runs import ACCURACIES, MOST_LETTERS, MnistRun, results_table
from pages.ex23_3.settings import Settings
from pages.ex23_3.stage_picture import run_look
from pages.ex23_3.sweep_section import sweep_section
from pages.ex23_3.training import Training
from pages.shared.charts import numbers_behind
from pages.shared.page import download_table
from pages.shared.run_curves import curve_points, written_points
from pages.shared.tables import show_table, written

YOURS, SWEEP = "your runs", "a sweep"
RESULTS = ["colour", "run", *ACCURACIES, "test loss", "training loss", "epoch", "seconds", "state"]


def _show_run_buttons(training: Training) -> None:
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


def say_what_is_wrong(training: Training) -> None:
    """Which files of the reader's runs cannot be read or written."""
    for problem in training.runs.problems:
        st.warning(problem, icon=":material/folder_off:")


def _swatch(run: MnistRun) -> str:
    """A run's colour and mark as a picture, with a ring that keeps it visible on a dark page."""
    color, is_square = run_look(run.number - 1)
    shape = '<rect x="5" y="5" width="14" height="14"' if is_square else '<circle cx="12" cy="12" r="8"'
    drawing = f'{shape} fill="{color}" stroke="#fff"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">{drawing}</svg>'
    return f"data:image/svg+xml,{quote(svg)}"


def _rename(training: Training, run: MnistRun) -> None:
    training.runs.rename(run, st.session_state[controls.key(f"name_{run.number}")])


def compare_runs(training: Training, settings: Settings) -> None:
    """The runs the reader has trained, or a sweep; `settings` hold for all that is not swept."""
    st.markdown(
        "Which settings learn best? See all the runs you have trained side by side, or let a **sweep** train a "
        "network for every combination of two settings."
    )
    if controls.choice("compare", "Compare", [YOURS, SWEEP]) == YOURS:
        table_of_runs(training)
    else:
        sweep_section(training, settings)


def table_of_runs(training: Training) -> None:
    """Results of every run as a table, all settings in a second one, and both as files."""
    _show_run_buttons(training)
    runs = list(training.runs)
    if not runs:
        st.info("Every run that you train appears here, beside the others.", icon=":material/table_rows:")
        return
    table = results_table(runs)
    table.insert(0, "colour", [_swatch(run) for run in runs])
    results = [name for name in RESULTS if name in table and not table[name].isna().all()]
    pictures = {"colour": st.column_config.ImageColumn("", help="The run's colour in the curves", width=40)}
    show_table(
        written(table[results], ACCURACIES), "Results of each run.", controls.key("runs"), column_config=pictures
    )
    with st.expander("All settings of these runs"):
        others = [name for name in table if name not in RESULTS or name == "run"]
        show_table(table[others], "Settings of each run.", controls.key("all_settings"))
    numbers_behind(
        lambda: written_points(curve_points({run.name: run for run in runs})),
        "Loss and accuracy at each measurement.",
        controls.key("points"),
        "The numbers behind the curves",
    )
    with st.container(horizontal=True):
        download_table("Download as CSV", "runs.csv", lambda: results_table(runs))
        download_table(
            "Download the curves as CSV", "curves.csv", lambda: curve_points({run.name: run for run in runs})
        )
    folder = training.runs.folder
    if folder is not None:
        st.caption(
            f"Every run is kept in a file of its own, at most {MOST_RUNS} of them, and so is the digit you have "
            "drawn. They are there again when you reload the page or start the app anew, and a run that was "
            "interrupted goes on.",
            help=f"The files are in `{folder}`.",
        )
