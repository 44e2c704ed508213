"""Exercise 23.2: the loss of multi-label classification, its derivatives, and the loss in use."""

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.multilabel import (
    MISTAKES,
    PRECISIONS,
    MultilabelLoss,
    check_multilabel_gradients,
    multilabel_loss,
    saturation,
)
from nnlib.gradcheck import GradientCheck
from nnlib.notation import MINUS, subscript
from pages.ex23_2.label_grid import label_grid
from pages.ex23_2.label_table import Y_TEXT, Z_TEXT, LabelTable, choose, edit_table
from pages.ex23_2.loss_curves import draw_loss_curves
from pages.ex23_2.loss_in_use import loss_in_use
from pages.ex23_2.question import label_gradient
from pages.shared.chapter import EXERCISES
from pages.shared.gradient_table import RIGHT, WRONG, gradient_table, tint_rows
from pages.shared.numbers import number
from pages.shared.page import Experiment, formula, heading, in_python_places, section, try_this, write
from pages.shared.predict_first import predict_first
from pages.shared.typed_table import write_table

heading(
    EXERCISES["23.2"].heading,
    "One film can be a comedy and a romance. How do you score a network that says yes or no to each label?",
)
st.markdown(
    "A **sample** is one thing to classify; you have N of them. Each may carry any of l **labels**, or none. "
    "The network's output layer gives one number a label, the **net input** z. "
    "The **sigmoid** σ turns it into p = σ(z), the **probability** that the label applies. "
    "The true label y is 1 or 0. A label is **assigned** where p > 0.5."
)


@st.fragment
def your_table() -> None:
    """The reader's table, and all that follows from it; what stays as it is stands outside and is not redrawn."""
    controls, picture = st.columns([1, 2], gap="medium")
    with controls:
        table = edit_table()
        mistake = str(
            st.radio("Plant a mistake in the gradients", MISTAKES, key="ex23_2_mistake", bind="query-params")
        )
    result = multilabel_loss(table.Z, table.Y, mistake)
    with picture:
        show_outputs(table, result)
    with gradients.container():
        show_gradients(table, mistake)
    with curves.container():
        draw_loss_curves(table, result)
    with conventions.container():
        compare_conventions(table)
    your_numbers.markdown(derivation_in_numbers(table))
    table_code.code(python_of(table, mistake), language="python")


def show_outputs(table: LabelTable, result: MultilabelLoss) -> None:
    """The grid of outputs, and what they cost."""
    right = result.assigned == (table.Y == 1)
    label_grid(table.Z, table.Y, result, (table.i, table.k), choose, key="ex23_2_grid")
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


def show_gradients(table: LabelTable, mistake: str) -> None:
    """Both derivatives of every cell beside their numerical ones."""
    N, L = table.Z.shape
    check_p, check_z = check_multilabel_gradients(table.Z, table.Y, mistake)
    cells = [subscript(row, column) for row in range(1, N + 1) for column in range(1, L + 1)]
    names = [f"∂L/∂{symbol}{cell}" for symbol in "pz" for cell in cells]
    both = GradientCheck(
        np.concatenate([check_p.analytic, check_z.analytic]),
        np.concatenate([check_p.numerical, check_z.numerical]),
    )
    gradient_table(names, both, key="ex23_2_gradients")
    if mistake == "missing 1/N" and N == 1:
        st.markdown("With one sample, 1/N is 1: this mistake cannot be seen. Take more samples.")
    elif mistake == "divided by l too" and L == 1:
        st.markdown("With one label, 1/l is 1: this mistake cannot be seen. Take more labels.")
    elif mistake == "forgotten σ′":
        st.markdown("Only rows of ∂L/∂z pass through σ, so only they are wrong.")


def compare_conventions(table: LabelTable) -> None:
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


def derivation_in_numbers(table: LabelTable) -> str:
    """The last line of the derivation for the chosen cell."""
    N, i, k = len(table.Z), table.i, table.k
    correct = multilabel_loss(table.Z, table.Y)
    p, y, dz = number(correct.P[i, k]), f"{table.Y[i, k]:.0f}", number(correct.dZ[i, k])
    return (
        f"**With your numbers**, for sample {i + 1}, label {k + 1}: p = {p}, y = {y}, N = {N}. "
        f"So ∂L/∂p = ({p} − {y}) / ({N} · {p} · {number(1 - correct.P[i, k])}) = "
        f"**{number(correct.dP[i, k])}**. And ∂L/∂z = ({p} − {y}) / {N} = **{dz}**."
    )


def python_of(table: LabelTable, mistake: str) -> str:
    """The table's numbers in Python."""
    planted = "" if mistake == "none" else f', mistake="{mistake}"'
    return f"""import numpy as np

from nnlib.chapter23.multilabel import check_multilabel_gradients, multilabel_loss

Z = np.array({table.Z.tolist()})
Y = np.array({table.Y.tolist()})
result = multilabel_loss(Z, Y{planted})
check_p, check_z = check_multilabel_gradients(Z, Y{planted})
print(result.loss, result.P, result.assigned, result.elements, sep="\\n")
print(check_p.analytic, check_p.numerical, check_z.analytic, check_z.numerical, sep="\\n")
"""


@st.fragment
def far_out() -> None:
    """Both formulas at net inputs so far out that p is rounded to 1."""
    far_slider, far_digits = st.columns(2, gap="medium")
    with far_slider:
        far = st.slider("How far out: |z|", 0.0, 100.0, 40.0, 1.0, key="ex23_2_far", bind="query-params")
    with far_digits:
        precision = str(
            st.segmented_control(
                "Digits",
                PRECISIONS,
                default=PRECISIONS[0],
                required=True,
                key="ex23_2_precision",
                bind="query-params",
            )
        )
    cases = [(far, 0.0), (far, 1.0), (-far, 0.0), (-far, 1.0)]
    ends = [saturation(z, y, precision) for z, y in cases]
    survives = [bool(np.isfinite([end.loss_from_p, end.gradient_from_p]).all()) for end in ends]
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
        key="ex23_2_saturation",
        alt=f"Loss and gradient of one cell by both formulas at z = ±{number(far)}; "
        f"the formula in p fails in {survives.count(False)} of 4 rows.",
    )
    if all(survives):
        st.markdown("Here both formulas give finite numbers. Move |z| further out, or take fewer digits.")
    else:
        st.markdown(
            f"{WRONG} **The formula in p fails in {survives.count(False)} of 4 rows.** "
            "“∞” is −log 0. “Not a number” is 0 · log 0, 0 / 0 or 0 · ∞, which have no value."
        )
    far_out_code.code(
        f"""from nnlib.chapter23.multilabel import saturation

saturated = saturation(z={far!r}, y=0.0, precision="{precision}")  # the first row
print(saturated)
""",
        language="python",
    )


table_place = st.container()
section(
    "Every derivative, checked",
    "**Analytic** is the formula. **Numerical** moves one number a little and measures how L changes. "
    "Both must agree. Row ∂L/∂p₁₂ belongs to sample 1, label 2.",
)
gradients = st.empty()

section(
    "Loss and gradient as curves",
    "Every cell lies on one of two curves: the solid one where y = 1, the dashed one where y = 0. "
    "Circles are cells with y = 1, squares with y = 0. The large one is the cell you chose. "
    "A triangle lies beyond the edge. A planted mistake lifts the points off their curves.",
)
curves = st.empty()
st.markdown(
    f"∂L/∂p grows without bound where p is confidently wrong. ∂L/∂z never leaves {MINUS}1/N to 1/N. "
    "The flat sigmoid and the steep logarithm cancel."
)

section(
    "What dividing by N, or by N · l, changes",
    "The book sums over labels and averages over samples. PyTorch's default, `mean`, divides by l as well. "
    "All such losses have the same minimum, and their gradients point the same way. Only the length differs. "
    "A **learning rate** scales each step against the gradient.",
)
conventions = st.empty()

section(
    "Step by step",
    "**1.** Each output is a probability of its own. They need not sum to 1.",
    formula(r"p_{ik} = \sigma(z_{ik}) = \frac{1}{1 + e^{-z_{ik}}}", "23.14"),
    "**2.** One factor p if the label applies, 1 − p if not. Minus the logarithm gives the loss of a cell.",
    formula(r"L_{ik} = -\,y_{ik} \log p_{ik} - (1 - y_{ik}) \log (1 - p_{ik})"),
    "**3.** Sum over the l labels, average over the N samples. This is **binary cross-entropy**.",
    formula(
        r"\begin{aligned} L = -\frac{1}{N} \sum_{i=1}^{N} \sum_{k=1}^{l}"
        r" \big[ & y_{ik} \log p_{ik} \\[-1ex] & + (1 - y_{ik}) \log (1 - p_{ik}) \big] \end{aligned}"
    ),
    "**4.** Only one term of the sum holds p of sample i, label k. Differentiate it.",
    formula(
        r"\begin{aligned} \frac{\partial L}{\partial p_{ik}}"
        r" &= -\frac{1}{N} \left( \frac{y_{ik}}{p_{ik}} - \frac{1 - y_{ik}}{1 - p_{ik}} \right) \\[1ex]"
        r" &= \frac{p_{ik} - y_{ik}}{N\, p_{ik} (1 - p_{ik})} \end{aligned}"
    ),
    "**5.** The sigmoid's slope is σ′(z) = p (1 − p). Multiply: the denominator cancels.",
    formula(
        r"\frac{\partial L}{\partial z_{ik}} = \frac{\partial L}{\partial p_{ik}} \cdot p_{ik} (1 - p_{ik})"
        r" = \frac{p_{ik} - y_{ik}}{N}"
    ),
)
your_numbers = st.empty()

section(
    "Where the formula in p breaks down",
    "A computer keeps about 16 digits in float64 and 7 in float32. Close to 1, p is **rounded to 1**. "
    "The output is saturated. Then the formula in p asks for log 0 or divides by 0. "
    "The formula in z asks for neither.",
)
far_out_place = st.container()
write(
    "The formula in z is the same loss, rewritten so that no exponent is ever positive:",
    formula(
        r"\begin{aligned} & -y \log \sigma(z) - (1 - y) \log (1 - \sigma(z)) \\"
        r" & \quad = \max(z, 0) - y z + \log\!\left(1 + e^{-|z|}\right) \end{aligned}"
    ),
)

section(
    "The loss in use",
    "scikit-learn's `make_multilabel_classification` makes up documents. The 20 inputs count words. "
    "The 5 labels are topics, and a document has two on average. "
    "A network with 16 hidden neurons learns from 1,500 of them by this loss. "
    "An **epoch** is one pass over them all. The other 500 documents test it. "
    "You choose the **threshold**: a topic is assigned where p is above it.",
)
in_use_place = st.container()

confident = [[8.0, -8.0], [-8.0, 8.0]]
plain = {"ex23_2_sample": 1, "ex23_2_label": 1, "ex23_2_mistake": "none"}
try_this(
    [
        Experiment(
            "One confident error",
            {
                **plain,
                "ex23_2_z_text": write_table(np.array(confident)),
                "ex23_2_y_text": write_table(np.array([[0.0, 0.0], [0.0, 1.0]])),
            },
            "Four confident cells, one of them wrong. Which cell makes the loss? Compare its ∂L/∂p and ∂L/∂z.",
            "Three cells are right and cost almost nothing. The wrong one makes nearly the whole loss. "
            "Its ∂L/∂p is about 1,500, its ∂L/∂z only about 0.5.",
        ),
        Experiment(
            "Forget 1/N",
            {
                **plain,
                "ex23_2_z_text": Z_TEXT,
                "ex23_2_y_text": Y_TEXT,
                "ex23_2_mistake": "missing 1/N",
            },
            "A typical mistake: the average over samples is left out. What does the check say?",
            "Every row turned red: each analytic value is N = 3 times too large. "
            "Set N to 1, and all agree again. A check with one sample misses this.",
        ),
        Experiment(
            "Saturate in float32",
            {"ex23_2_far": 17.0, "ex23_2_precision": "float32"},
            "Look at “Where the formula in p breaks down”. Which rows still have numbers?",
            "With 7 digits, |z| = 17 is enough to break the formula in p. "
            "Switch to float64: it fails only from |z| = 37.",
        ),
    ]
)
predict_first(label_gradient, "ex23_2")

table_code, far_out_code, in_use_code = in_python_places(3)

# The parts that move: each is drawn again alone, with its lines of Python.
with table_place:
    your_table()
with far_out_place:
    far_out()
with in_use_place:
    loss_in_use(in_use_code)
