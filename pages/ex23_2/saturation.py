"""Page 23.2's formulas in p and in z at net inputs so far out that p is rounded to 1."""

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.multilabel import PRECISIONS, saturation
from pages.ex23_2.controls import controls
from pages.ex23_2.in_python import saturation_code
from pages.shared.gradient_table import tint_rows
from pages.shared.numbers import RIGHT, WRONG, number


@st.fragment
def compare_far_out(code: DeltaGenerator) -> None:
    """How far out, in which precision, and what both formulas make of it; the lines of Python go into `code`."""
    left, right = st.columns(2, gap="medium")
    far = controls.slider("far", "How far out: |z|", 0.0, 100.0, 40.0, 1.0, place=left)
    precision = controls.choice("precision", "Digits", PRECISIONS, place=right)
    cases = [(far, 0.0), (far, 1.0), (-far, 0.0), (-far, 1.0)]
    ends = [saturation(z, y, precision) for z, y in cases]
    survives = [bool(np.isfinite([end.loss_from_p, end.gradient_from_p]).all()) for end in ends]
    failures = survives.count(False)
    st.dataframe(
        tint_rows(
            pd.DataFrame(
                {
                    "z": [number(z) for z, _ in cases],
                    "y": [f"{y:.0f}" for _, y in cases],
                    "p": [number(end.p) for end in ends],
                    "loss, from p": [number(end.loss_from_p) for end in ends],
                    "loss, from z": [number(end.loss_from_z) for end in ends],
                    "∂/∂z, from p": [number(end.gradient_from_p) for end in ends],
                    "∂/∂z, from z": [number(end.gradient_from_z) for end in ends],
                    "formula in p": [RIGHT if ok else WRONG for ok in survives],
                }
            ),
            [not ok for ok in survives],
        ),
        hide_index=True,
        width="stretch",
        key=controls.key("saturation"),
        alt=f"Loss and gradient of one cell by both formulas at z = ±{number(far)}; "
        f"the formula in p fails in {failures} of 4 rows.",
    )
    if failures:
        st.markdown(
            f"{WRONG} **The formula in p fails in {failures} of 4 rows.** "
            "“∞” is −log 0. “Not a number” is 0 · log 0, 0 / 0 or 0 · ∞, which have no value."
        )
    else:
        st.markdown("Here both formulas give finite numbers. Move |z| further out, or take fewer digits.")
    code.code(saturation_code(far, precision), language="python")
