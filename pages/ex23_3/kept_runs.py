"""The runs of page 23.3 side by side: a table of settings and results, and what can be done with the kept ones."""

import streamlit as st

from pages.ex23_3.controls import controls
from pages.ex23_3.runs import ACCURACIES, results_table
from pages.ex23_3.training import Training
from pages.shared.page import download_table, section
from pages.shared.run_curves import curve_points
from pages.shared.tables import show_table, written


def kept_runs(training: Training) -> None:
    """The section, as soon as a run has been kept."""
    if not training.kept:
        return
    section("Your runs")
    show_table(
        written(results_table(training.named_runs), ACCURACIES),
        "Settings and results of each run.",
        controls.key("runs"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        download_table("Download as CSV", "runs.csv", lambda: results_table(training.named_runs))
        download_table("Download the curves as CSV", "curves.csv", lambda: curve_points(training.named_runs))
        picked = st.selectbox(
            "Kept run",
            list(training.kept),
            format_func=lambda number: f"kept {number}",
            key=controls.key("chosen"),
            width=160,
        )
        controls.button(
            "show", "Show it again", training.show_again, training.kept[picked], icon=":material/undo:"
        )
        controls.button("remove", "Remove it", training.remove, picked, icon=":material/delete:")
