"""A table of outputs, one cell a sample and label, in which the reader clicks a cell to choose it."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from nnlib.chapter23.multilabel import MultilabelLoss
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.svg.component import component, give_head_start

_draw = component(__file__, '<div class="scroll"></div>')


def label_grid(
    Z: np.ndarray,
    Y: np.ndarray,
    result: MultilabelLoss,
    chosen: tuple[int, int],
    on_pick: Callable[[int, int], None],
    key: str,
) -> None:
    """Draw one cell an output: the bluer, the larger p; dashed with a cross where the assigned label is wrong.

    Parameters
    ----------
    Z, Y : (n, l) net inputs and labels
    result : what `multilabel_loss` makes of them
    chosen : row and column of the marked cell, from 0
    on_pick : called with row and column when the reader clicks a cell
    key : unique name on the page
    """
    n, columns = Z.shape
    wrong = result.assigned != (Y == 1)

    def cell(i: int, k: int) -> dict[str, object]:
        z, p, element = number(Z[i, k]), number(result.P[i, k]), number(result.elements[i, k])
        mark = WRONG if wrong[i, k] else RIGHT
        given = "assigned" if result.assigned[i, k] else "not assigned"
        return {
            "lines": [
                f"z = {z}",
                f"p = {p}",
                f"y = {Y[i, k]:.0f}, {'yes' if result.assigned[i, k] else 'no'} {mark}",
                f"loss {element}",
            ],
            "about": f"Sample {i + 1}, label {k + 1}: z = {z}, p = {p}, {given}, y = {Y[i, k]:.0f}, "
            f"{'wrong' if wrong[i, k] else 'right'}, loss {element}",
            "share": round(45 * float(result.P[i, k]), 1),
            "wrong": bool(wrong[i, k]),
            "chosen": (i, k) == chosen,
        }

    def picked() -> None:
        pick = st.session_state[key].pick
        if pick is not None:
            on_pick(int(pick[0]), int(pick[1]))

    _draw(
        key=key,
        data={
            "title": "One cell for each sample and label",
            "rows": [f"sample {i + 1}" for i in range(n)],
            "columns": [f"label {k + 1}" for k in range(columns)],
            "cells": [[cell(i, k) for k in range(columns)] for i in range(n)],
        },
        on_pick_change=picked,
    )
    give_head_start()
