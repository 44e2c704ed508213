"""Exercise 23.2: the loss of multi-label classification, its derivatives, and the loss in use."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib.datasets import load_multilabel
from nnlib.gradcheck import GradientCheck
from nnlib.losses import (
    binary_cross_entropy_elements,
    binary_cross_entropy_gradient,
    binary_cross_entropy_logit_gradient,
)
from nnlib.multilabel import (
    MISTAKES,
    PRECISIONS,
    LabelScores,
    check_multilabel_gradients,
    label_scores,
    multilabel_loss,
    saturation,
)
from nnlib.network import Network
from nnlib.training import Measurement, Trainer
from pages.shared.charts import meaning_color, show_chart, with_meaning
from pages.shared.gradient_table import RIGHT, WRONG, gradient_table, tint_rows
from pages.shared.label_grid import label_grid
from pages.shared.number_table import read_table, write_table
from pages.shared.numbers import MINUS, number, percent
from pages.shared.page import Experiment, formula, heading, in_python, try_this

MAX_SAMPLES, MAX_LABELS, LARGEST_Z = 5, 6, 10.0
START_Z = np.array(
    [
        [2.0, -1.0, 0.5, -3.0, 1.0, -0.5],
        [-0.5, 1.5, -2.0, 1.0, -1.5, 2.5],
        [0.3, -0.2, 3.0, -1.5, 0.8, -2.0],
        [-1.2, 0.6, 1.1, -0.4, 2.2, 0.1],
        [1.8, -2.4, -0.7, 0.9, -0.3, 1.3],
    ]
)
START_Y = np.array(
    [[1, 0, 0, 0, 1, 0], [1, 1, 0, 1, 0, 1], [0, 0, 1, 0, 1, 0], [0, 1, 1, 0, 1, 0], [1, 0, 0, 0, 0, 1]], float
)
Z_TEXT, Y_TEXT = write_table(START_Z[:3, :4]), write_table(START_Y[:3, :4])
EPOCHS = [0, 1, 2, 5, 10, 20, 40]
TOPICS = 5
state = st.session_state


def subscript(i: int, k: int) -> str:
    """Row and column from 1 in small digits, such as ₂₃."""
    return "".join("₀₁₂₃₄₅₆"[index] for index in (i, k))


def write(Z: np.ndarray, Y: np.ndarray) -> None:
    """Make (Z, Y) the reader's table."""
    state["ex23_2_z_text"], state["ex23_2_y_text"] = write_table(Z), write_table(Y)


def resize() -> None:
    """Rows and columns taken away are kept in mind, and come back when the table grows again."""
    n, labels = state["ex23_2_samples"], state["ex23_2_labels"]
    write(*(table[:n, :labels] for table in state["ex23_2_memory"]))


def draw_random() -> None:
    """A fresh random table of the present size."""
    rng = np.random.default_rng()
    size = (state["ex23_2_samples"], state["ex23_2_labels"])
    write(np.clip(rng.normal(0, 2.5, size), -LARGEST_Z, LARGEST_Z).round(1), rng.integers(0, 2, size))


def change_cell(Z: np.ndarray, Y: np.ndarray, i: int, k: int) -> None:
    """Put the slider's z and the toggle's y into cell (i, k) of the table."""
    Z, Y = Z.copy(), Y.copy()
    Z[i, k], Y[i, k] = state["ex23_2_z"], state["ex23_2_y"]
    write(Z, Y)


def choose(i: int, k: int) -> None:
    """Choose the cell that was clicked."""
    state["ex23_2_sample"], state["ex23_2_label"] = i + 1, k + 1


def read_both(z_text: str, y_text: str) -> tuple[np.ndarray, np.ndarray]:
    """The reader's table, or ValueError with a sentence that says what is wrong with it."""
    Z = read_table(z_text, "Net inputs", -LARGEST_Z, LARGEST_Z, MAX_SAMPLES, MAX_LABELS)
    Y = read_table(y_text, "Labels", 0, 1, MAX_SAMPLES, MAX_LABELS)
    if not np.all((Y == 0) | (Y == 1)):
        i, k = np.argwhere((Y != 0) & (Y != 1))[0]
        raise ValueError(f"Labels, row {i + 1}: {number(Y[i, k])} is neither 0 nor 1. Write 0 or 1.")
    if Z.shape != Y.shape:
        raise ValueError(
            f"The net inputs have {Z.shape[0]} rows of {Z.shape[1]}, "
            f"the labels {Y.shape[0]} rows of {Y.shape[1]}. "
            "Give both tables the same size."
        )
    return Z, Y


@st.cache_data(show_spinner=False)
def true_curves(N: int) -> pd.DataFrame:
    """Loss and derivatives of one cell over p, for y = 1 and y = 0 and N samples."""
    grid = np.concatenate(
        [np.geomspace(4e-5, 0.02, 18), np.linspace(0.03, 0.97, 48), 1 - np.geomspace(0.02, 4e-5, 18)]
    )
    grid_z = np.log(grid / (1 - grid))
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "p": grid,
                    "label": f"y = {y:.0f}",
                    "loss of the cell": binary_cross_entropy_elements(grid[None], np.full((1, grid.size), y))[0],
                    "∂L/∂p": binary_cross_entropy_gradient(grid[None], np.full((1, grid.size), y))[0] / N,
                    "∂L/∂z": binary_cross_entropy_logit_gradient(grid_z[None], np.full((1, grid.size), y))[0] / N,
                }
            )
            for y in (1.0, 0.0)
        ]
    )


BEYOND = "beyond the edge"


def curve_chart(
    curves: pd.DataFrame, points: pd.DataFrame, column: str, meaning: str, low: float, high: float
) -> alt.LayerChart:
    """One quantity over p for y = 1 and y = 0, with the reader's cells on it, held at the edge if beyond."""
    x = alt.X("p:Q", title="probability p", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("shown:Q", title=column, scale=alt.Scale(domain=[low, high]))
    dash = alt.StrokeDash(
        "label:N", scale=alt.Scale(domain=["y = 1", "y = 0"], range=[[1, 0], [5, 3]]), legend=None
    )
    shape = alt.Shape(
        "mark:N",
        scale=alt.Scale(domain=["y = 1", "y = 0", BEYOND], range=["circle", "square", "triangle-up"]),
        legend=None,
    )
    size = alt.condition("datum.chosen", alt.value(260), alt.value(70))
    inside = curves[curves[column].between(low, high)].rename(columns={column: "shown"})
    line = alt.Chart(inside[["p", "label", "shown"]], height=230).mark_line()
    outside = ~points[column].between(low, high)
    placed = points[["cell", "p", "label", "chosen"]].assign(
        shown=points[column].clip(low, high),
        mark=np.where(outside, BEYOND, points["label"]),
        value=points[column].map(number),
    )
    dots = alt.Chart(placed).mark_point(filled=True, opacity=0.85)
    tooltip = [alt.Tooltip("cell:N"), alt.Tooltip("label:N"), alt.Tooltip("value:N", title=column)]
    return alt.LayerChart(
        layer=[
            with_meaning(line.encode(x=x, y=y, strokeDash=dash), meaning),
            with_meaning(dots.encode(x=x, y=y, shape=shape, size=size, tooltip=tooltip), meaning),
        ]
    )


@st.fragment
def cells() -> None:
    """The reader's table, and all that follows from it."""
    # The two texts hold the reader's table: they are in the page's address. Everything else writes into them.
    controls, picture = st.columns([1, 2], gap="medium")
    with controls:
        by_cell = st.container()
        with st.expander("Type or paste the whole table"):
            st.caption("One line a sample, commas or spaces between the numbers. Press Ctrl + Enter when done.")
            z_text = st.text_area(
                f"Net inputs z, from {MINUS}10 to 10", Z_TEXT, key="ex23_2_z_text", bind="query-params"
            )
            y_text = st.text_area("Labels y, 0 or 1", Y_TEXT, key="ex23_2_y_text", bind="query-params")
        mistake = str(
            st.radio("Plant a mistake in the gradients", MISTAKES, key="ex23_2_mistake", bind="query-params")
        )

    problem = ""
    try:
        Z, Y = read_both(z_text or "", y_text or "")
        state["ex23_2_last"] = Z, Y
    except ValueError as error:
        problem = str(error)
        Z, Y = state.setdefault("ex23_2_last", (START_Z[:3, :4], START_Y[:3, :4]))
    N, L = Z.shape
    memory = state.setdefault("ex23_2_memory", (START_Z.copy(), START_Y.copy()))
    memory[0][:N, :L], memory[1][:N, :L] = Z, Y

    with by_cell:
        if problem:
            st.error(
                f"{problem} The picture still shows the last table that could be read; what you typed is kept.",
                icon=":material/error:",
            )
        state["ex23_2_samples"], state["ex23_2_labels"] = N, L
        rows, columns = st.columns(2)
        unreadable = bool(problem)
        rows.slider("Samples N", 1, MAX_SAMPLES, key="ex23_2_samples", on_change=resize, disabled=unreadable)
        columns.slider("Labels l", 1, MAX_LABELS, key="ex23_2_labels", on_change=resize, disabled=unreadable)
        st.button(
            "Draw a random table",
            icon=":material/casino:",
            key="ex23_2_random",
            on_click=draw_random,
            disabled=unreadable,
        )
        st.markdown("**Choose a cell**: click it, or name it here.")
        state["ex23_2_sample"] = min(state.get("ex23_2_sample") or 1, N)
        state["ex23_2_label"] = min(state.get("ex23_2_label") or 1, L)
        chosen = []
        for name, count, key in (("Sample i", N, "ex23_2_sample"), ("Label k", L, "ex23_2_label")):
            choice = st.segmented_control(name, range(1, count + 1), key=key, required=True, bind="query-params")
            chosen.append(int(choice or 1) - 1)
        i, k = chosen
        ik = subscript(i + 1, k + 1)
        state["ex23_2_z"], state["ex23_2_y"] = float(Z[i, k]), bool(Y[i, k])
        st.slider(
            f"Net input z{ik}",
            -LARGEST_Z,
            LARGEST_Z,
            step=0.1,
            key="ex23_2_z",
            on_change=change_cell,
            args=(Z, Y, i, k),
            disabled=unreadable,
        )
        st.toggle(
            f"The label applies: y{ik} = 1",
            key="ex23_2_y",
            on_change=change_cell,
            args=(Z, Y, i, k),
            disabled=unreadable,
        )

    result = multilabel_loss(Z, Y, mistake)
    right = result.assigned == (Y == 1)
    with picture:
        label_grid(Z, Y, result, (i, k), choose, key="ex23_2_grid")
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

    st.header("Every derivative, checked", anchor=False)
    st.markdown(
        "**Analytic** is the formula. **Numerical** moves one number a little and measures how L changes. "
        "Both must agree. Row ∂L/∂p₁₂ belongs to sample 1, label 2."
    )
    check_p, check_z = check_multilabel_gradients(Z, Y, mistake)
    names = [
        f"∂L/∂{symbol}{subscript(row + 1, column + 1)}"
        for symbol in "pz"
        for row in range(N)
        for column in range(L)
    ]
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

    st.header("Loss and gradient as curves", anchor=False)
    st.markdown(
        "Every cell lies on one of two curves: the solid one where y = 1, the dashed one where y = 0. "
        "Circles are cells with y = 1, squares with y = 0. The large one is the cell you chose. "
        "A triangle lies beyond the edge. A planted mistake lifts the points off their curves."
    )
    curves = true_curves(N)
    points = pd.DataFrame(
        {
            "cell": [subscript(row + 1, column + 1) for row in range(N) for column in range(L)],
            "p": result.P.reshape(-1),
            "label": [f"y = {y:.0f}" for y in Y.reshape(-1)],
            "loss of the cell": result.elements.reshape(-1),
            "∂L/∂p": result.dP.reshape(-1),
            "∂L/∂z": result.dZ.reshape(-1),
            "chosen": np.arange(N * L) == i * L + k,
        }
    )
    shown_points = points.drop(columns="chosen").assign(
        **{column: points[column].map(number) for column in ("p", "loss of the cell", "∂L/∂p", "∂L/∂z")}
    )
    for place, (column, meaning, low, high) in zip(
        st.columns(3),
        [
            ("loss of the cell", "forward", 0.0, 10.5),
            ("∂L/∂p", "gradient", -12 / N, 12 / N),
            ("∂L/∂z", "gradient", -1.2 / N, 1.2 / N),
        ],
        strict=True,
    ):
        with place:
            show_chart(
                curve_chart(curves, points, column, meaning, low, high),
                shown_points[["cell", "label", "p", column]],
                f"{column} over p, one curve for y = 1 and one for y = 0, and your {N * L} cells. "
                f"Chosen cell: p = {number(result.P[i, k])}, {column} {shown_points[column].iloc[i * L + k]}.",
                key=f"ex23_2_curve_{column}",
            )
    st.markdown(
        f"∂L/∂p grows without bound where p is confidently wrong. ∂L/∂z never leaves {MINUS}1/N to 1/N. "
        "The flat sigmoid and the steep logarithm cancel."
    )

    st.header("What dividing by N, or by N · l, changes", anchor=False)
    st.markdown(
        "The book sums over labels and averages over samples. PyTorch's default, `mean`, divides by l as well. "
        f"Your table has N = {N} and l = {L}:"
    )
    correct = multilabel_loss(Z, Y)
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
                f"its derivative by p{ik}": [number(correct.dP[i, k] * factor) for factor in conventions.values()],
                f"its derivative by z{ik}": [number(correct.dZ[i, k] * factor) for factor in conventions.values()],
                "learning rate for the same step": [number(0.1 / factor) for factor in conventions.values()],
            }
        ).set_index("convention")
    )
    st.markdown(
        "All three point the same way and have the same minimum. Only the length differs. "
        "A **learning rate** scales each step against the gradient. "
        f"A rate of 0.1 with the book's loss makes the same step as {number(0.1 * L)} with PyTorch's mean."
    )

    st.header("Step by step", anchor=False)
    st.markdown("**1.** Each output is a probability of its own. They need not sum to 1.")
    formula(r"p_{ik} = \sigma(z_{ik}) = \frac{1}{1 + e^{-z_{ik}}}", "23.14")
    st.markdown(
        "**2.** One factor p if the label applies, 1 − p if not. Minus the logarithm gives the loss of a cell."
    )
    formula(r"L_{ik} = -\,y_{ik} \log p_{ik} - (1 - y_{ik}) \log (1 - p_{ik})")
    st.markdown("**3.** Sum over the l labels, average over the N samples. This is **binary cross-entropy**.")
    formula(
        r"L = -\frac{1}{N} \sum_{i=1}^{N} \sum_{k=1}^{l}"
        r" \left[ y_{ik} \log p_{ik} + (1 - y_{ik}) \log (1 - p_{ik}) \right]"
    )
    st.markdown("**4.** Only one term of the sum holds p of sample i, label k. Differentiate it.")
    formula(
        r"\frac{\partial L}{\partial p_{ik}} ="
        r" -\frac{1}{N} \left( \frac{y_{ik}}{p_{ik}} - \frac{1 - y_{ik}}{1 - p_{ik}} \right)"
        r" = \frac{p_{ik} - y_{ik}}{N\, p_{ik} (1 - p_{ik})}"
    )
    st.markdown("**5.** The sigmoid's slope is σ′(z) = p (1 − p). Multiply: the denominator cancels.")
    formula(
        r"\frac{\partial L}{\partial z_{ik}} = \frac{\partial L}{\partial p_{ik}} \cdot p_{ik} (1 - p_{ik})"
        r" = \frac{p_{ik} - y_{ik}}{N}"
    )
    p_number, y_number, dz_number = number(correct.P[i, k]), f"{Y[i, k]:.0f}", number(correct.dZ[i, k])
    st.markdown(
        f"**With your numbers**, for sample {i + 1}, label {k + 1}: p = {p_number}, y = {y_number}, N = {N}. "
        f"So ∂L/∂p = ({p_number} − {y_number}) / ({N} · {p_number} · {number(1 - correct.P[i, k])}) = "
        f"**{number(correct.dP[i, k])}**. And ∂L/∂z = ({p_number} − {y_number}) / {N} = **{dz_number}**."
    )
    far, precision = far_out()
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
                "Every row turns red: each analytic value is N = 3 times too large. "
                "Set N to 1, and all agree again. A check with one sample misses this.",
            ),
            Experiment(
                "Saturate in float32",
                {"ex23_2_far": 17.0, "ex23_2_precision": "float32"},
                "Look at “Where the formula in p breaks down”. With 7 digits, |z| = 17 is enough. "
                "Switch to float64: it fails only from |z| = 37.",
            ),
        ]
    )

    planted = "" if mistake == "none" else f', mistake="{mistake}"'
    in_python(
        f"""import numpy as np

from nnlib.multilabel import check_multilabel_gradients, multilabel_loss, saturation

Z = np.array({Z.tolist()})
Y = np.array({Y.tolist()})
result = multilabel_loss(Z, Y{planted})
check_p, check_z = check_multilabel_gradients(Z, Y{planted})
print(result.loss, result.P, result.assigned, result.elements, sep="\\n")
print(check_p.analytic, check_p.numerical, check_z.analytic, check_z.numerical, sep="\\n")

saturated = saturation(z={far!r}, y=0.0, precision="{precision}")
print(saturated)
"""
    )


def far_out() -> tuple[float, str]:
    """Both formulas at net inputs so far out that p is rounded to 1; returns |z| and the precision."""
    st.header("Where the formula in p breaks down", anchor=False)
    st.markdown(
        "A computer keeps about 16 digits in float64 and 7 in float32. Close to 1, p is **rounded to 1**. "
        "The output is saturated. Then the formula in p asks for log 0 or divides by 0. "
        "The formula in z asks for neither."
    )
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
            "“∞” is −log 0. “Not a number” is 0 · log 0 or 0 / 0, which have no value."
        )
    st.markdown("The formula in z is the same loss, rewritten so that no exponent is ever positive:")
    formula(
        r"-y \log \sigma(z) - (1 - y) \log (1 - \sigma(z)) = \max(z, 0) - y z + \log\!\left(1 + e^{-|z|}\right)"
    )
    return far, precision


@st.cache_resource(show_spinner="Training a small network…")
def learn() -> tuple[list[np.ndarray], list[Measurement]]:
    """Outputs on the test rows and measurements after each epoch: trained once, looked at as the reader likes."""
    data = load_multilabel()
    network = Network((20, 16, TOPICS), activation="tanh", random_state=0)
    trainer = Trainer(
        network,
        data,
        batch_size=32,
        learning_rate=0.01,
        optimizer="adam",
        epochs=EPOCHS[-1],
        measure_every=1,
        random_state=0,
    )
    X_test = data.test_inputs(slice(None))
    outputs = [network.predict_proba(X_test)]
    for _ in range(EPOCHS[-1]):
        trainer.run_epochs(1)
        outputs.append(network.predict_proba(X_test))
    return outputs, [m for m in trainer.history if m.epoch == int(m.epoch)]


THRESHOLDS = np.linspace(0, 1, 51)


@st.cache_data(show_spinner=False)
def scores_over_thresholds(epochs: int) -> Sequence[LabelScores]:
    """Scores on the test rows at every threshold of `THRESHOLDS`."""
    return [label_scores(learn()[0][epochs], load_multilabel().Y_test, float(t)) for t in THRESHOLDS]


SCORES = {"precision": "precision", "recall": "recall", "F1": "f1", "label accuracy": "label_accuracy"}


@st.fragment
def in_use() -> None:
    """A small network on made-up documents, and a threshold for the reader to choose."""
    side, main = st.columns([1, 2], gap="medium")
    with side:
        epochs = int(st.select_slider("Epochs of training", EPOCHS, 10, key="ex23_2_epochs", bind="query-params"))
        threshold = st.slider("Threshold", 0.0, 1.0, 0.5, 0.02, key="ex23_2_threshold", bind="query-params")
        document = st.slider("Test document", 1, 20, 1, key="ex23_2_document", bind="query-params")
    outputs, measured = learn()
    P, truth = outputs[epochs], load_multilabel().Y_test
    scores = label_scores(P, truth, threshold)
    over = scores_over_thresholds(epochs)
    table = pd.DataFrame(
        [
            {"threshold": t, "score": name, "value": getattr(at, field)}
            for name, field in SCORES.items()
            for t, at in zip(THRESHOLDS, over, strict=True)
            if np.isfinite(getattr(at, field))
        ]
    )
    with main:
        dash = alt.StrokeDash(
            "score:N",
            sort=list(SCORES),
            scale=alt.Scale(domain=list(SCORES), range=[[8, 3], [2, 3], [1, 0], [8, 3, 2, 3]]),
            legend=alt.Legend(title=None, orient="top", columns=2, symbolSize=900, symbolStrokeWidth=2),
        )
        lines = (
            alt.Chart(table, height=260)
            .mark_line()
            .encode(
                x=alt.X("threshold:Q", title="threshold"),
                y=alt.Y("value:Q", title="score on 500 test documents", scale=alt.Scale(domain=[0, 1])),
                strokeDash=dash,
            )
        )
        rule = alt.Chart(pd.DataFrame({"threshold": [threshold]})).mark_rule(strokeWidth=2).encode(x="threshold:Q")
        show_chart(
            alt.LayerChart(layer=[with_meaning(lines, "test"), with_meaning(rule, "neutral")]),
            table.pivot(index="threshold", columns="score", values="value")[list(SCORES)]
            .map(lambda value: number(value) if np.isfinite(value) else "")
            .rename(index=number)
            .reset_index(),
            f"Precision, recall, F1 and label accuracy over the threshold, and yours: {number(threshold)}.",
            key="ex23_2_scores",
        )
    assigned_none = not np.isfinite(scores.precision)
    meanings = {
        "precision": (scores.precision, "share of the assigned labels that are true"),
        "recall": (scores.recall, "share of the true labels that are assigned"),
        "F1": (scores.f1, "harmonic mean of the two: 2 · precision · recall / (precision + recall)"),
        "label accuracy": (scores.label_accuracy, "share of all yes-or-no answers that are right"),
        "all labels right": (scores.row_accuracy, "share of documents with every answer right"),
    }
    st.table(
        pd.DataFrame(
            {
                "score": list(meanings),
                f"at threshold {number(threshold)}": [
                    percent(value) if np.isfinite(value) else "none assigned" for value, _ in meanings.values()
                ],
                "what it is": [meaning for _, meaning in meanings.values()],
            }
        ).set_index("score")
    )
    if assigned_none:
        st.markdown(
            "No label is assigned at this threshold, so precision has nothing to count. Lower the threshold."
        )

    left, middle = st.columns(2, gap="medium")
    with left:
        history = pd.DataFrame(
            [
                {"epoch": round(m.epoch), "loss": loss, "part": part}
                for m in measured
                for part, loss in (("train", m.train_loss), ("test", m.test_loss))
            ]
        )
        fall = (
            alt.Chart(history, height=210)
            .mark_line()
            .encode(
                x=alt.X("epoch:Q", title="epoch"),
                y=alt.Y("loss:Q", title="loss L, divided by N", scale=alt.Scale(zero=False)),
                color=meaning_color("part", ["train", "test"]),
            )
        )
        here = alt.Chart(pd.DataFrame({"epoch": [epochs]})).mark_rule(strokeWidth=2).encode(x="epoch:Q")
        now = measured[epochs]
        show_chart(
            alt.LayerChart(layer=[fall, with_meaning(here, "neutral")]),
            history.pivot(index="epoch", columns="part", values="loss")[["train", "test"]]
            .map(number)
            .reset_index(),
            f"Loss over 40 epochs on training and test documents. After {epochs} epochs: "
            f"training {number(now.train_loss)}, test {number(now.test_loss)}.",
            key="ex23_2_loss",
        )
    with middle:
        p_row, y_row = P[document - 1], truth[document - 1] == 1
        given = p_row > threshold
        verdicts = {
            (True, True): f"assigned, true {RIGHT}",
            (True, False): f"assigned, but false {WRONG}",
            (False, True): f"missed {WRONG}",
            (False, False): f"left out {RIGHT}",
        }
        bars = pd.DataFrame(
            {
                "topic": [f"topic {topic + 1}" for topic in range(TOPICS)],
                "p": p_row,
                "verdict": [verdicts[bool(g), bool(t)] for g, t in zip(given, y_row, strict=True)],
            }
        )
        y_axis = alt.Y("topic:N", title=None)
        x_axis = alt.X(
            "p:Q",
            title="probability p",
            scale=alt.Scale(domain=[0, 1.5]),
            axis=alt.Axis(values=[0, 0.5, 1]),
        )
        base = alt.Chart(bars, height=210)
        verdict_text = base.mark_text(align="left", fontSize=12).encode(
            x=alt.datum(1.03), y=y_axis, text="verdict:N"
        )
        cut = alt.Chart(pd.DataFrame({"p": [threshold]})).mark_rule(strokeWidth=2)
        show_chart(
            alt.LayerChart(
                layer=[
                    with_meaning(base.mark_bar().encode(x=x_axis, y=y_axis), "forward"),
                    with_meaning(verdict_text, "neutral"),
                    with_meaning(cut.encode(x="p:Q"), "neutral"),
                ]
            ),
            bars.assign(p=bars["p"].map(number), y=[f"{int(t)}" for t in y_row])[["topic", "p", "y", "verdict"]],
            f"Probabilities of the five topics for test document {document} and the threshold: "
            + "; ".join(f"{name} {number(p)}, {verdict}" for name, p, verdict in bars.to_numpy().tolist()),
            key="ex23_2_bars",
        )
    st.markdown("The same training and scores in Python:")
    st.code(
        f"""from nnlib import Network, Trainer
from nnlib.datasets import load_multilabel
from nnlib.multilabel import label_scores

data = load_multilabel()
network = Network((20, 16, 5), activation="tanh", random_state=0)
trainer = Trainer(network, data, 32, 0.01, "adam", epochs=40, random_state=0)
for _ in range({epochs}):
    trainer.run_epochs()
P = network.predict_proba(data.test_inputs(slice(None)))
scores = label_scores(P, data.Y_test, threshold={threshold!r})
print(scores)
""",
        language="python",
    )


heading(
    "23.2 The loss of multi-label classification",
    "One film can be a comedy and a romance. How do you score a network that says yes or no to each label?",
)
st.markdown(
    "A **sample** is one thing to classify; you have N of them. Each may carry any of l **labels**, or none. "
    "The network's output layer gives one number a label, the **net input** z. "
    "The **sigmoid** σ turns it into p = σ(z), the **probability** that the label applies. "
    "The true label y is 1 or 0. A label is **assigned** where p > 0.5."
)

cells()
st.header("The loss in use", anchor=False)
st.markdown(
    "scikit-learn's `make_multilabel_classification` makes up documents. The 20 inputs count words. "
    "The 5 labels are topics, and a document has two on average. "
    "A network with 16 hidden neurons learns from 1,500 of them by this loss. "
    "An **epoch** is one pass over them all. The other 500 documents test it. "
    "You choose the **threshold**: a topic is assigned where p is above it."
)
in_use()
