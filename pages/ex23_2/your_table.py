"""The reader's table on page 23.2, and all that follows from it, which stands all over the page."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.multilabel import MISTAKES, MultilabelLoss, check_gradients, multilabel_loss
from nnlib.notation import MINUS, subscript
from pages.ex23_2.controls import controls
from pages.ex23_2.in_python import table_code
from pages.ex23_2.label_grid import label_grid
from pages.ex23_2.label_table import LabelTable, choose, edit_table
from pages.ex23_2.loss_curves import draw_loss_curves
from pages.shared.gradient_table import gradient_table
from pages.shared.numbers import RIGHT, WRONG, number

PLANTED = {name.replace("1/n", "1/N"): name for name in MISTAKES}  # the exercise has N samples


@dataclass(frozen=True)
class Places:
    """The empty places, further down the page, of what follows from the table."""

    gradients: DeltaGenerator
    curves: DeltaGenerator
    conventions: DeltaGenerator
    your_numbers: DeltaGenerator
    code: DeltaGenerator


@st.fragment
def set_table(places: Places) -> None:
    """The table's controls and picture; what else they change is drawn into `places`, the rest stays as it is."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        table = edit_table()
        mistake = PLANTED[controls.radio("mistake", "Plant a mistake in the gradients", list(PLANTED))]
    result = multilabel_loss(table.Z, table.Y, mistake)
    with right:
        _show_outputs(table, result)
    with places.gradients.container():
        _show_gradients(table, mistake)
    with places.curves.container():
        draw_loss_curves(table, result)
    with places.conventions.container():
        _compare_conventions(table)
    places.your_numbers.markdown(_derivation_in_numbers(table))
    places.code.code(table_code(table, mistake), language="python")


def _show_outputs(table: LabelTable, result: MultilabelLoss) -> None:
    """The grid of outputs, and what they cost."""
    right = result.assigned == (table.Y == 1)
    label_grid(table.Z, table.Y, result, (table.i, table.k), choose, key=controls.key("grid"))
    st.caption(
        f"The bluer a cell, the larger p. “Yes” means assigned. {RIGHT} the answer fits y. "
        f"{WRONG} and a dashed edge: it does not. The loss of a cell says how bad p is."
    )
    total, mean, fits = st.columns(3)
    total.metric("Loss L", number(result.loss))
    mean.metric("Sum of all cells", number(result.elements.sum()))
    fits.metric("Cells answered rightly", f"{right.sum()} of {right.size}")
    st.markdown(
        f"The loss of a cell is {MINUS}log p where y = 1, and {MINUS}log(1 {MINUS} p) where y = 0. "
        "The loss L adds up all cells and divides by the number of samples N."
    )


def _show_gradients(table: LabelTable, mistake: str) -> None:
    """Both derivatives of every cell beside their numerical ones."""
    N, L = table.Z.shape
    cells = [subscript(i + 1, k + 1) for i, k in np.ndindex(N, L)]
    names = [f"∂L/∂{symbol}{cell}" for symbol in "pz" for cell in cells]
    gradient_table(names, check_gradients(table.Z, table.Y, mistake), controls.key("gradients"))
    if mistake == "missing 1/n" and N == 1:
        st.markdown("With one sample, 1/N is 1: this mistake cannot be seen. Take more samples.")
    elif mistake == "divided by l too" and L == 1:
        st.markdown("With one label, 1/l is 1: this mistake cannot be seen. Take more labels.")
    elif mistake == "forgotten σ′":
        st.markdown("Only rows of ∂L/∂z pass through σ, so only they are wrong.")


def _compare_conventions(table: LabelTable) -> None:
    """The same loss as a sum, divided by N, and divided by N · l."""
    (N, L), ik = table.Z.shape, table.chosen
    st.markdown(f"Your table has N = {N} and l = {L}:")
    correct = multilabel_loss(table.Z, table.Y)
    dp, dz = correct.dP[table.i, table.k], correct.dZ[table.i, table.k]
    conventions = {
        "sum of all cells": N,
        "divided by N (the book, this page)": 1,
        "divided by N · l (PyTorch's mean)": 1 / L,
    }
    st.table(
        pd.DataFrame(
            {
                "convention": list(conventions),
                "loss": [number(correct.loss * factor) for factor in conventions.values()],
                f"its derivative by p{ik}": [number(dp * factor) for factor in conventions.values()],
                f"its derivative by z{ik}": [number(dz * factor) for factor in conventions.values()],
                "learning rate for the same step": [number(0.1 / factor) for factor in conventions.values()],
            }
        ).set_index("convention")
    )
    st.markdown(
        f"A rate of 0.1 with the book's loss makes the same step as {number(0.1 * L)} with PyTorch's mean."
    )


def _derivation_in_numbers(table: LabelTable) -> str:
    """The last line of the derivation for the chosen cell."""
    N, i, k = len(table.Z), table.i, table.k
    correct = multilabel_loss(table.Z, table.Y)
    p, y, dz = number(correct.P[i, k]), f"{table.Y[i, k]:.0f}", number(correct.dZ[i, k])
    return (
        f"**With your numbers**, for sample {i + 1}, label {k + 1}: p = {p}, y = {y}, N = {N}. "
        f"So ∂L/∂p = ({p} − {y}) / ({N} · {p} · {number(1 - correct.P[i, k])}) = "
        f"**{number(correct.dP[i, k])}**. And ∂L/∂z = ({p} − {y}) / {N} = **{dz}**."
    )
