"""The table in which every gradient on screen is checked: analytic, numerical, difference, verdict."""

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from nnlib.gradcheck import GradientCheck
from pages.shared.numbers import difference, number

RIGHT, WRONG = "✓", "✗"
WRONG_ROW = "background-color: rgba(213, 94, 0, 0.25)"  # vermilion, readable under black and white text


def gradient_table(names: Sequence[str], check: GradientCheck, key: str, label: str = "derivative") -> bool:
    """Show `check` as a table with one row a name; wrong rows are tinted and crossed. True if all pass.

    Parameters
    ----------
    names : one name an element of `check`, in the order of its flattened arrays, such as "∂L/∂z₁"
    check : analytic and numerical derivatives
    key : unique name on the page
    label : heading of the column of names

    Raises
    ------
    ValueError
        If there are not as many names as derivatives.
    """
    if len(names) != check.analytic.size:
        raise ValueError(f"{len(names)} names for {check.analytic.size} derivatives")
    passes = check.passes.reshape(-1)
    table = pd.DataFrame(
        {
            label: list(names),
            "analytic": [number(x) for x in check.analytic.reshape(-1)],
            "numerical": [number(x) for x in check.numerical.reshape(-1)],
            "difference": [difference(x) for x in check.difference.reshape(-1)],
            "agrees": [RIGHT if ok else WRONG for ok in passes],
        }
    )
    wrong = [name for name, ok in zip(names, passes, strict=True) if not ok]
    summary = (
        f"all {len(names)} agree" if not wrong else f"{len(wrong)} of {len(names)} disagree: {', '.join(wrong)}"
    )
    st.dataframe(
        tint_rows(table, ~passes) if wrong else table,  # styling takes longer than all the rest
        hide_index=True,
        width="stretch",
        key=key,
        alt=f"Gradient check, {summary}.",
    )
    st.caption(f"{RIGHT if not wrong else WRONG} {summary[0].upper()}{summary[1:]}.")
    return not wrong


def tint_rows(table: pd.DataFrame, wrong: Iterable[bool]) -> Styler:
    """`table` with the rows where `wrong` is true tinted vermilion."""
    tints = pd.Series([WRONG_ROW if is_wrong else "" for is_wrong in wrong], index=table.index)
    return table.style.apply(lambda column: tints, axis=0)
