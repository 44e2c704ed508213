"""Where the printed solution of 23.3 errs, in words and in numbers."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from nnlib.chapter23.printed_program import AS_PRINTED
from pages.ex23_3.controls import controls
from pages.ex23_3.presets import PRINTED
from pages.ex23_3.runs import ACCURACIES, new_run, results_table
from pages.ex23_3.settings import DIGITS
from pages.shared.charts import show_chart
from pages.shared.page import erratum, section
from pages.shared.run_curves import curve_points, curves_chart
from pages.shared.tables import written


def errata(seed: int) -> None:
    """The section; its three networks are trained from `seed`."""
    section("Where the printed solution errs")
    erratum(
        "The printed program multiplies the output error by σ'(z): δ⁽ˢ⁾ = (h − y) σ'. That is the gradient of "
        "squared error. Algorithm 23.3's δ⁽ˢ⁾ = h − y is the gradient of cross-entropy. Both are right, but they "
        "are two losses."
    )
    erratum(
        "The printed program moves every bias of a layer by the *sum* of that layer's δ. Each bias should move by "
        "its own δ. On the source's data its program passes 92 % at epoch 8 and ends at 93.94 %. With that one "
        "line mended it passes 92 % at epoch 3 and ends at 94.50 %. Switch on *Plant a mistake* above to see the "
        "gradient check catch it."
    )
    _in_numbers(seed)


@st.fragment
def _in_numbers(seed: int) -> None:
    """The comparison, trained when the reader asks for it."""
    if not controls.toggle("errata", "Train all three on the small digits, from the same seed"):
        return
    points, results = _compare(seed)
    show_chart(
        curves_chart(points, "accuracy", "epoch", list(points["run"].unique())),
        written(results[["run", *ACCURACIES]], ACCURACIES),
        "Accuracy of squared error, cross-entropy and the printed bias step over ten epochs, from one seed.",
        controls.key("errata_chart"),
    )


@st.cache_data(show_spinner="Training three small networks …", max_entries=16)
def _compare(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Curves and results on the small digits: two losses, and the printed bias step, from one seed."""
    common = replace(PRINTED, data=DIGITS, seed=seed)
    runs = {
        "squared error, own δ": new_run(common),
        "cross-entropy, own δ": new_run(replace(common, loss="sigmoid cross-entropy")),
        "squared error, summed δ (printed)": new_run(replace(common, optimizer=AS_PRINTED)),
    }
    for run in runs.values():
        run.trainer.run()
    return curve_points(runs), results_table(runs)
