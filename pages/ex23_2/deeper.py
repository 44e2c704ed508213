"""Beyond exercise 23.2: the curves over p, what the loss is divided by, and where the formula in p breaks down."""

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.multilabel import PRECISIONS, multilabel_loss, saturation
from pages.ex23_2.in_python import same_in_python
from pages.ex23_2.label_table import LabelTable, controls
from pages.ex23_2.loss_curves import draw_loss_curves
from pages.shared.gradient_table import tint_rows
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import read_prose, section, write

MARKS = {"holds": RIGHT, "loses digits": "≈", "breaks down": WRONG}


def go_deeper(table: LabelTable) -> None:
    """The tab, from top to bottom."""
    section("Loss and gradients as curves", read_prose(__file__, "deeper"))
    draw_loss_curves(table, multilabel_loss(table.Z, table.Y))
    section("Divided by N, or by the labels as well", read_prose(__file__, "conventions"))
    _compare_conventions(table)
    section("Where the formula in p breaks down", read_prose(__file__, "saturation"))
    _compare_far_out()


def _compare_conventions(table: LabelTable) -> None:
    """The same loss as a sum, divided by N, and by the number of labels as well."""
    N, L = table.Z.shape
    true = multilabel_loss(table.Z, table.Y)
    dp, dz = true.dP[table.i, table.k], true.dZ[table.i, table.k]
    conventions = {
        "sum of all cells": N,
        "divided by N (the book)": 1.0,
        "divided by N and the number of labels (PyTorch)": 1 / L,
    }
    columns = {
        "loss": [number(true.loss * factor) for factor in conventions.values()],
        f"∂L/∂p{table.chosen}": [number(dp * factor) for factor in conventions.values()],
        f"∂L/∂z{table.chosen}": [number(dz * factor) for factor in conventions.values()],
        "rate for the same step": [number(0.1 / factor) for factor in conventions.values()],
    }
    st.table(pd.DataFrame({"the loss": list(conventions)} | columns).set_index("the loss"))
    films, genres = f"N = {N} film{'s' * (N > 1)}", f"$l$ = {L} genre{'s' * (L > 1)}"
    write(
        f"Your table has {films} and {genres}, and the chosen cell is {table.name}. A learning rate of 0.1 with "
        f"the book's loss makes the same step as {number(0.1 * L)} with PyTorch's."
    )


@st.fragment
def _compare_far_out() -> None:
    """How far out, in which precision, and what both formulas make of it."""
    left, right = st.columns(2, gap="medium")
    far = controls.slider("far", "How far out: |z|", 0.0, 100.0, 40.0, 1.0, place=left)
    precision = controls.choice("precision", "Digits", PRECISIONS, place=right)
    cases = [(far, 0.0), (far, 1.0), (-far, 0.0), (-far, 1.0)]
    ends = [saturation(z, y, precision) for z, y in cases]
    outcomes = [end.formula_in_p for end in ends]
    failing = outcomes.count("breaks down")
    st.dataframe(
        tint_rows(
            pd.DataFrame(
                {
                    "z": [number(z) for z, _ in cases],
                    "y": [f"{y:.0f}" for _, y in cases],
                    "p": [number(end.p) for end in ends],
                    "loss, from p": [number(end.loss_from_p) for end in ends],
                    "loss, from z": [number(end.loss_from_z) for end in ends],
                    "p − y, from p": [number(end.gradient_from_p) for end in ends],
                    "p − y, from z": [number(end.gradient_from_z) for end in ends],
                    "formula in p": [f"{MARKS[outcome]} {outcome}" for outcome in outcomes],
                }
            ),
            [outcome == "breaks down" for outcome in outcomes],
        ),
        hide_index=True,
        width="stretch",
        key=controls.key("saturation"),
        alt=f"Loss and gradient of one cell by both formulas at z = ±{number(far)}; "
        f"the formula in p breaks down in {failing} of 4 rows.",
    )
    write(*_explain(outcomes, far, precision))
    same_in_python(_code(far, precision), "far_out")


def _explain(outcomes: list[str], far: float, precision: str) -> list[str]:
    """What the marks of the table mean."""
    said = []
    if "breaks down" in outcomes:
        said.append(
            f"{WRONG} Here the formula in p asks for something that has no value. “∞” is −log 0. “Not a number” "
            "is 0 · log 0, 0 / 0 or 0 · ∞."
        )
    if "loses digits" in outcomes:
        said.append(
            "≈ Here it gives a number that is off by more than a thousandth: too few digits of p, or of 1 − p, "
            "are left."
        )
    if not said:
        said.append(f"{RIGHT} Here both formulas agree. Move |z| further out, or take fewer digits.")
    if precision == "float32" and far > -np.log(np.finfo(np.float32).tiny):
        said.append(
            "Below about 10⁻³⁸ float32 itself keeps fewer and fewer digits, so the tiniest numbers of the table "
            "are rough."
        )
    return said


def _code(far: float, precision: str) -> str:
    """The first row of the table."""
    return f"""from nnlib.chapter23.multilabel import saturation

saturated = saturation(z={far!r}, y=0.0, precision="{precision}")  # the first row
print(saturated)
"""
