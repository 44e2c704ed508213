"""One palette and one form for every chart: a colour stands for one meaning, in both themes.

A chart is a template, what `to_dict()` makes of an Altair chart over `alt.NamedData`: built once, in a cached
function, and filled with the data of the moment by `fill`. Where template and text alternative stay the same, the
browser only moves the marks. A drawing of our own (svg/) is for what Vega cannot draw, or not within the 150 ms in
which a slider is to be answered.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from pages.shared.tables import Table, show_table

# In the order of `chartCategoricalColors` in .streamlit/config.toml. The theme holds the colours themselves,
# one set for light and one for dark, so a chart follows a theme change without a rerun.
MEANINGS = ["forward", "gradient", "train", "test", "neutral", "wrong"]


def meaning_scale() -> alt.Scale:
    """Colour scale that gives each of `MEANINGS` its theme colour, whichever of them a chart shows.

    Use it with a field that holds one of `MEANINGS`.
    """
    return alt.Scale(domain=MEANINGS)


def meaning_color(field: str, shown: list[str], title: str | None = None) -> alt.Color:
    """Colour by a nominal field whose values are among `MEANINGS`; the legend above lists only `shown`."""
    return alt.Color(
        f"{field}:N", scale=meaning_scale(), legend=alt.Legend(values=shown, title=title, orient="top")
    )


def with_meaning(chart: alt.Chart, meaning: str) -> alt.Chart:
    """`chart` with the whole mark in the colour of one meaning, without a legend."""
    color = alt.Color("meaning:N", scale=meaning_scale(), legend=None)
    return chart.transform_calculate(meaning=f"'{meaning}'").encode(color=color)


AnyChart = alt.Chart | alt.LayerChart | alt.HConcatChart
Spec = dict[str, Any]  # a chart as Vega-Lite reads it


def fill(template: Spec, **tables: pd.DataFrame) -> Spec:
    """A copy of `template`, the `to_dict()` of a chart made of `alt.NamedData`, with the data of this moment.

    Altair takes about 30 ms to build and check a chart. A slider is quicker if that is done once, in a cached
    function, and only the data change.
    """
    return {**deepcopy(template), "datasets": tables}


def show_chart(chart: AnyChart | Spec, data: Table | Callable[[], Table], alt_text: str, key: str) -> None:
    """Draw a chart at full width, with its text alternative and the numbers behind it one click away.

    Parameters
    ----------
    chart : Altair chart, or what `fill` makes; give it axes with titles and units
    data : what is drawn, as for `show_table`, with readable column names; or a function that makes it, called only
        when the reader opens the table, which keeps a slider quick
    alt_text : what a reader who cannot see the chart should know
    key : unique name on the page
    """
    draw_chart(chart, alt_text, key)
    numbers_behind(data, alt_text, key)


def draw_chart(chart: AnyChart | Spec, alt_text: str, key: str) -> None:
    """The chart alone, where its numbers stand beside it or do not matter; arguments as in `show_chart`."""
    if isinstance(chart, dict):
        st.vega_lite_chart(None, chart, width="stretch", key=key, alt=alt_text)
    else:
        st.altair_chart(chart, width="stretch", key=key, alt=alt_text)


def numbers_behind(
    data: Table | Callable[[], Table], alt_text: str, key: str, label: str = "The numbers behind this chart"
) -> None:
    """The numbers of one or more pictures as a table, one click away; `data` and `key` as in `show_chart`."""
    if isinstance(data, Table):
        table = st.expander(label)
    else:
        table = st.expander(label, key=f"{key}_table", on_change="rerun")
        if not table.open:
            return
        data = data()
    with table:
        show_table(data, alt_text, f"{key}_numbers", width="stretch")


# In Vega-Lite itself, the language that Altair writes: Altair gives a constant no colour scale.


def one_meaning(meaning: str) -> dict[str, Any]:
    """The Vega-Lite colour of one meaning for a whole mark, without a legend."""
    return {"datum": meaning, "type": "nominal", "scale": {"domain": MEANINGS}, "legend": None}


def meaning_colors(field: str, shown: Sequence[str]) -> dict[str, Any]:
    """`meaning_color` in Vega-Lite. Layers that share a legend must all have it: Vega warns if one has none."""
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": MEANINGS},
        "legend": {"values": list(shown), "title": None, "orient": "top"},
    }
