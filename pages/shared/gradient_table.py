"""The table in which every gradient on screen is checked: computed, measured, difference, verdict."""

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from nnlib.gradcheck import GradientCheck, Verdict
from pages.shared.numbers import RIGHT, WRONG, difference, number

MARKS = {
    Verdict.AGREES: RIGHT,
    Verdict.DIFFERS: WRONG,
    Verdict.TOO_SMALL: "· too small to judge",
    Verdict.NOT_DIFFERENTIABLE: "– not differentiable here",
}
WRONG_ROW = "background-color: rgba(213, 94, 0, 0.25)"  # vermilion, readable under black and white text


def gradient_table(
    names: Sequence[str], check: GradientCheck, key: str, label: str = "derivative", says: bool = True
) -> bool:
    """Show `check` as a table with one row a name; rows that differ are tinted and crossed. True if all agree.

    Parameters
    ----------
    names : one name an element of `check`, in the order of its flattened arrays, such as "∂L/∂z₁"
    check : derivatives as they are computed (analytic) and as slopes are measured (numerical)
    key : unique name on the page
    label : heading of the column of names
    says : whether the verdict on all of them stands below

    Raises
    ------
    ValueError
        If there are not as many names as derivatives.
    """
    if len(names) != check.analytic.size:
        raise ValueError(f"{len(names)} names for {check.analytic.size} derivatives")
    differs = check.differs.reshape(-1)
    table = pd.DataFrame(
        {
            label: list(names),
            "computed": [number(x) for x in check.analytic.reshape(-1)],
            "measured": [number(x) for x in check.numerical.reshape(-1)],
            "difference": [difference(x) for x in check.difference.reshape(-1)],
            "agrees": marks(check),
        }
    )
    mark, summary = summarise(names, check).split(" ", 1)
    st.dataframe(
        tint_rows(table, differs) if differs.any() else table,  # styling takes longer than all the rest
        hide_index=True,
        width="stretch",
        key=key,
        alt=f"Gradient check, {summary}",
    )
    if says:
        st.caption(f"{mark} {summary[0].upper()}{summary[1:]}")
    return bool(check.passes.all())


def marks(check: GradientCheck) -> list[str]:
    """The verdict on each derivative as a table shows it: a tick, a cross, or words."""
    return [MARKS[verdict] for verdict in check.verdicts.reshape(-1)]


def summarise(names: Sequence[str], check: GradientCheck) -> str:
    """How many derivatives agree, the names of those that do not, and how many cannot be judged."""
    verdicts = check.verdicts.reshape(-1).tolist()
    counts = {verdict: verdicts.count(verdict) for verdict in Verdict}
    wrong = [name for name, verdict in zip(names, verdicts, strict=True) if verdict is Verdict.DIFFERS]
    agreeing = counts[Verdict.AGREES]
    if agreeing == len(names):
        return f"{RIGHT} all {len(names)} agree."
    if wrong:
        few = f"{len(wrong)} of {len(names)} disagree: {', '.join(wrong)}"
        mark, parts = WRONG, [few if len(wrong) < len(names) or len(names) == 1 else f"all {len(names)} disagree"]
    else:
        mark, parts = RIGHT if agreeing else "·", [f"{agreeing} of {len(names)} agree"]
    for verdict, what in (
        (Verdict.TOO_SMALL, "too small to judge here"),
        (Verdict.NOT_DIFFERENTIABLE, "at a kink, where the slopes of the two sides differ"),
    ):
        if counts[verdict]:
            parts.append(f"{counts[verdict]} {'is' if counts[verdict] == 1 else 'are'} {what}")
    return f"{mark} {'; '.join(parts)}."


def tint_rows(table: pd.DataFrame, wrong: Iterable[bool]) -> Styler:
    """`table` with the rows where `wrong` is true tinted vermilion."""
    tints = pd.Series([WRONG_ROW if is_wrong else "" for is_wrong in wrong], index=table.index)
    return table.style.apply(lambda column: tints, axis=0)
