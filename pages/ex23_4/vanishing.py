"""Where the sigmoid is flat: its curve and its slope, and what each loss makes of a small slope."""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib.activations import sigmoid, sigmoid_derivative
from nnlib.chapter23.graphs import SIGMOID_LOSSES, sigmoid_graph
from pages.ex23_4.controls import CONTROLS
from pages.shared.charts import Spec, fill, meaning_scale, show_chart
from pages.shared.graph.blanks import is_known, offer_to_draw
from pages.shared.graph.model import differentiated
from pages.shared.numbers import number
from pages.shared.page import read_prose, section, write

MEANING = {"σ(z)": "forward", "σ′(z)": "gradient"}


def show_vanishing(z: float, y: float) -> None:
    """σ and its slope with the reader's point, and what comes back to z with either loss.

    What comes back waits, as the answer does, until the reader has drawn the backward graph or asked for it.
    """
    section("Where the gradient vanishes")
    _show_curves(z)
    if not is_known(CONTROLS):
        write("Far from 0 the curve is flat. **What does that do to the message that comes back to z?**")
        offer_to_draw(CONTROLS)
        return
    st.markdown(read_prose(__file__, "vanishing"))
    graphs = {loss: differentiated(sigmoid_graph(z, y, loss)) for loss in SIGMOID_LOSSES}
    st.table(
        pd.DataFrame(
            {
                "loss": list(graphs),
                "∂L/∂f": [number(graph.node("f").gradient or 0.0) for graph in graphs.values()],
                "× f(1 − f)": [number(graph.edge("z", "f").local) for graph in graphs.values()],
                "= ∂L/∂z": [number(graph.node("z").gradient or 0.0) for graph in graphs.values()],
            }
        ).set_index("loss")
    )


def _show_curves(z: float) -> None:
    here = _table(np.array([z]))
    f, slope = here["σ(z)"].iloc[0], here["σ′(z)"].iloc[0]
    curves = _table(np.linspace(-10, 10, 121))
    names = pd.DataFrame({"z": [6.0, 2.7], "σ(z)": [0.88, None], "σ′(z)": [None, 0.2]})  # beside their curves
    show_chart(
        fill(_template(), curves=_by_curve(curves), here=_by_curve(here), names=_by_curve(names)),
        lambda: curves,
        "The sigmoid rises from 0 to 1; its slope is a bell, highest at z = 0. "
        f"Your point: z = {number(z)}, σ(z) = {number(f)}, σ′(z) = {number(slope)}.",
        key="ex23_4_curves",
    )


@cache
def _template() -> Spec:
    """The chart without its data: both curves, a point on each and its name, in the colour of its meaning."""

    def layer(data: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(data), height=230).encode(
            x=alt.X("z:Q", title="net input z"),
            y=alt.Y("value:Q", title="σ(z) and its slope σ′(z)"),
            color=alt.Color("meaning:N", scale=meaning_scale(), legend=None),
        )

    layers: list[alt.Chart | alt.LayerChart] = [
        layer("curves").mark_line(),
        layer("here").mark_point(filled=True, size=120),
        layer("names").mark_text(size=14).encode(text="curve:N"),
    ]
    return alt.LayerChart(layer=layers).to_dict()


def _table(z: np.ndarray) -> pd.DataFrame:
    """σ and its slope at each z."""
    f = sigmoid(z)
    return pd.DataFrame({"z": z, "σ(z)": f, "σ′(z)": sigmoid_derivative(f)})


def _by_curve(table: pd.DataFrame) -> pd.DataFrame:
    """A table with one row a point: z, curve, value, meaning."""
    points = table.melt("z", var_name="curve", value_name="value").dropna()
    return points.assign(meaning=points["curve"].map(MEANING))
