"""Why a run has diverged, or stands still: its last steps on a logarithmic axis, its neurons that do not learn."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib import Trainer
from nnlib.measuring import StuckNeurons
from nnlib.training import StepTaken
from pages.ex23_3.controls import controls
from pages.ex23_3.runs import MnistRun
from pages.shared.charts import Spec, draw_chart, fill, numbers_behind, with_meaning
from pages.shared.gradient_table import WRONG
from pages.shared.numbers import number
from pages.shared.tables import show_table

QUANTITIES = {"loss": ("loss of the batch", "train"), "length": ("length ‖Δθ‖ of the step", "gradient")}


def what_went_wrong(run: MnistRun | None) -> None:
    """What the run shown suffers from; nothing while all is well."""
    if run is None:
        return
    run.claim()
    if run.trainer.state == "diverged":
        _show_divergence(run.trainer)
    elif run.trainer.step and (warning := run.trainer.warning):
        st.markdown(f"**Why it stands still.** {warning}")
        show_table(
            stuck_table(run.trainer.stuck), "Neurons of each layer that do not learn.", controls.key("stuck")
        )


def _show_divergence(trainer: Trainer) -> None:
    """Loss and step length of the last steps, and what to see in them."""
    st.markdown(f"**Why it diverged.** {trainer.problem}")
    taken = trainer.last_steps
    if not taken:
        return
    st.markdown(divergence_in_words(taken))
    table = pd.DataFrame(taken)
    for place, (name, (title, meaning)) in zip(st.columns(2), QUANTITIES.items(), strict=True):
        with place:
            draw_chart(
                fill(_template(name, title, meaning), **_drawn(table, name)),
                f"The {title} over the last {len(table)} steps, on a logarithmic axis.",
                controls.key(f"last_steps_{name}"),
            )
    numbers_behind(
        lambda: table,
        "Loss and step length of the last steps.",
        controls.key("last_steps"),
        "The numbers behind these charts",
    )


def divergence_in_words(taken: Sequence[StepTaken]) -> str:
    """How loss and steps grew to the step that did it, in whole sentences."""
    finite = [step for step in taken if np.isfinite(step.length) and step.length > 0]
    if len(finite) < 2:
        return (
            "It happened within a step or two: the very first steps were so long that the next numbers were too "
            "large for the computer. Begin anew with a much smaller learning rate."
        )
    shortest, longest = min(finite, key=lambda s: s.length), max(finite, key=lambda s: s.length)
    grew = (
        f"the steps grew from a length of {number(shortest.length)}, at step {shortest.step:,}, to "
        f"{number(longest.length)}, at step {longest.step:,}"
        if longest.step > shortest.step
        else f"the steps were between {number(shortest.length)} and {number(longest.length)} long"
    )
    end = (
        f"{WRONG} marks the step whose numbers were no longer finite; it was taken back."
        if len(finite) < len(taken)
        else "After the last step shown the loss was no longer finite."
    )
    return (
        f"Look at the right end of both curves: {grew}. A step that is too long lands farther up on the other "
        "side of the valley, where the gradient is larger, so that the next step is longer still. On this "
        f"logarithmic axis every line of the grid is many times the one below it. {end}"
    )


def stuck_table(stuck: StuckNeurons) -> pd.DataFrame:
    """One row a layer: its neurons, and how many of them do not learn, with why."""
    cause = (
        "give 0 for every picture" if stuck.activation == "relu" else "have a slope of about 0 for every picture"
    )
    rows = [
        {"layer": f"hidden layer {t}", "neurons": size, "do not learn": dead, "because they": cause}
        for t, (dead, size) in enumerate(zip(stuck.dead, stuck.sizes, strict=False), start=1)
    ]
    if stuck.saturated:
        count, cause = stuck.saturated, "are saturated: σ′(z) is about 0"
    else:
        count, cause = stuck.alike, "are the same for every picture"
    rows.append({"layer": "output", "neurons": stuck.sizes[-1], "do not learn": count, "because they": cause})
    table = pd.DataFrame(rows)
    table.loc[table["do not learn"] == 0, "because they"] = "–"
    return table


def _drawn(table: pd.DataFrame, name: str) -> dict[str, pd.DataFrame]:
    """What can be drawn on a logarithmic axis, and the steps that cannot, at its upper end."""
    values = table[["step", name]]
    finite = values[np.isfinite(values[name]) & (values[name] > 0)]
    lost = values[~np.isfinite(values[name])].assign(**{name: finite[name].max() if len(finite) else 1.0})
    return {"steps": finite, "lost": lost}


@cache
def _template(name: str, title: str, meaning: str) -> Spec:
    x = alt.X(
        "step:Q", title="step", scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(tickMinStep=1, format="d")
    )
    y = alt.Y(f"{name}:Q", title=title, scale=alt.Scale(type="log"), axis=alt.Axis(format="~e", tickCount=6))
    tooltip = [alt.Tooltip("step:Q", format=","), alt.Tooltip(f"{name}:Q", format=".3~e", title=title)]
    line = alt.Chart(alt.NamedData("steps")).mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=20))
    lost = alt.Chart(alt.NamedData("lost")).mark_text(text=WRONG, fontSize=20, dy=-8, fill="currentColor")
    return alt.LayerChart(
        layer=[with_meaning(line, meaning).encode(x=x, y=y, tooltip=tooltip), lost.encode(x=x, y=y)], height=260
    ).to_dict()
