"""Tables whose numbers are written as on every page, and yet sort and download as numbers."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from pages.shared.numbers import number

Table = pd.DataFrame | Styler


def written(table: pd.DataFrame, how: Mapping[str, Callable[[float], str]] | None = None) -> Styler:
    """A table for `show_table` whose cells read as text but are numbers: Streamlit sorts by them.

    The CSV file it offers holds them with every digit, and with a sign that a spreadsheet knows.

    Parameters
    ----------
    table : with numbers as numbers, NaN where there is none
    how : column → how its numbers are written; other floats by `number`, whole numbers as they are
    """
    ways: dict[str, Any] = dict.fromkeys(_floats(table), number) | dict(how or {})
    return table.style.format({name: way for name, way in ways.items() if name in table})


def _floats(table: pd.DataFrame) -> list[str]:
    return [str(name) for name, dtype in table.dtypes.items() if dtype.kind == "f"]


def show_table(table: Table, alt_text: str, key: str, **others: Any) -> None:
    """Show a table; its floats written by `number` where nothing else is said of them.

    Parameters
    ----------
    table : with numbers as numbers, or what `written` makes of it
    alt_text : what a reader who cannot see it should know
    key : unique name on the page
    others : as for `st.dataframe`
    """
    if isinstance(table, pd.DataFrame) and _floats(table):
        table = written(table)  # only where there is something to write: it takes 10 ms
    st.dataframe(table, hide_index=True, key=key, alt=alt_text, placeholder="–", **others)
