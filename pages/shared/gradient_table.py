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
    all_pass = bool(passes.all())
    mark, summary = verdict(names, passes).split(" ", 1)
    st.dataframe(
        table if all_pass else tint_rows(table, ~passes),  # styling takes longer than all the rest
        hide_index=True,
        width="stretch",
        key=key,
        alt=f"Gradient check, {summary}",
    )
    st.caption(f"{mark} {summary[0].upper()}{summary[1:]}")
    return all_pass


def printed_table(names: Sequence[str], check: GradientCheck, printed: GradientCheck, key: str) -> None:
    """Show `check` beside what the printed formulas give; numbers that disagree are tinted and crossed.

    Parameters
    ----------
    names : one name an element, such as "dz₁"
    check, printed : analytic derivatives and the printed ones, each against the same numerical ones
    key : unique name on the page
    """
    right, printed_right = check.passes.reshape(-1), printed.passes.reshape(-1)

    def tinted(texts: Iterable[str], passes: Iterable[bool]) -> list[str]:
        # Markdown, not a Styler: a Styler takes longer than all the rest of page 23.6
        return [text if ok else f":red-background[{text}]" for text, ok in zip(texts, passes, strict=True)]

    table = pd.DataFrame(
        {
            "derivative": list(names),
            "analytic": tinted(map(number, check.analytic.reshape(-1)), right),
            "as printed": tinted(
                (
                    f"{number(x)} {RIGHT if ok else WRONG}"
                    for x, ok in zip(printed.analytic.reshape(-1), printed_right, strict=True)
                ),
                printed_right,
            ),
            "numerical": [number(x) for x in check.numerical.reshape(-1)],
            "difference": tinted(map(difference, check.difference.reshape(-1)), right),
            "printed off by": tinted(map(difference, printed.difference.reshape(-1)), printed_right),
            "agrees": [RIGHT if ok else WRONG for ok in right],
        }
    ).set_index("derivative")
    with st.container(key=key):
        st.table(table)
        st.caption(f"Analytic: {verdict(names, right)} As printed: {verdict(names, printed_right)}")


def verdict(names: Sequence[str], passes: Iterable[bool]) -> str:
    """How many derivatives agree, and the names of those that do not."""
    wrong = [name for name, ok in zip(names, passes, strict=True) if not ok]
    if not wrong:
        return f"{RIGHT} all {len(names)} agree."
    return f"{WRONG} {len(wrong)} of {len(names)} disagree: {', '.join(wrong)}."


def tint_rows(table: pd.DataFrame, wrong: Iterable[bool]) -> Styler:
    """`table` with the rows where `wrong` is true tinted vermilion."""
    tints = pd.Series([WRONG_ROW if is_wrong else "" for is_wrong in wrong], index=table.index)
    return table.style.apply(lambda column: tints, axis=0)
