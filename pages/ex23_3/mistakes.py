"""The tab *Mistakes*: which test pictures a network reads wrongly, as what, and how well it reads each digit."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from nnlib import Dataset, Network
from pages.ex23_3.controls import controls
from pages.ex23_3.digit_gallery import digit_gallery
from pages.ex23_3.missing_digit import HIDDEN, is_secret
from pages.ex23_3.one_picture import look_at, outputs_on_test, say_epoch
from pages.ex23_3.opening import follow_to_tab
from pages.ex23_3.recall import show_recall
from pages.ex23_3.runs import MnistRun
from pages.ex23_3.stage_picture import Digit
from pages.ex23_3.training import Training
from pages.shared.live import PAUSE, live
from pages.shared.numbers import with_article

SUREST, CONFUSION, RECALL, ALL = "the surest mistakes", "confusion", "recall", "all test pictures"
VIEWS = [SUREST, CONFUSION, RECALL, ALL]
GRID = 24  # pictures in a grid
SECONDS_BETWEEN = 2.0  # two looks while the network learns
CONFUSED = "rgba(199, 40, 92, {:.2f})"  # wrong, between svg.css's two
READ_AS = "read as "  # how a column of the confusion matrix begins
_DRAWN = controls.key("view_drawn")
SEND = "A click on a picture shows its way through the network."
DIVERGED = (
    "This run has diverged. Its last finite weights are kept, but they are so large that outputs overflow: it "
    "reads nothing. Lower the learning rate and press Train."
)
AGREED = "rgba(0, 114, 178, 0.25)"  # blue: what the network says, and rightly


def show_mistakes(training: Training) -> None:
    """One of four views of what the network of the run shown reads, which follows its training."""
    st.markdown(
        "Which test pictures does the network of the run on screen read wrongly? What does it take them for? "
        "Which digit does it miss most often?"
    )
    learning = training.at_work == "run"
    live(controls.key("insight"), learning, lambda: None, partial(_draw_view, training.shown), SECONDS_BETWEEN)


def _draw_view(run: MnistRun | None) -> None:
    follow_to_tab()
    if run is None:
        st.info("There is no network to look into: its pictures cannot be read.", icon=":material/visibility:")
        return
    run.claim()
    network, data = run.trainer.network, run.trainer.data
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = controls.choice("view", "Look at", VIEWS, on_change=partial(run.rest, PAUSE))
        if view != RECALL and run.trainer.state != "diverged":  # recall says itself when it was measured
            say_epoch(run)
    is_new = st.session_state.get(_DRAWN) != view
    st.session_state[_DRAWN] = view
    with (
        st.empty().container() if is_new else st.container()
    ):  # emptied, the old view is gone before this one is made
        _drawwith_article(view, run, network, data)


def _drawwith_article(view: str, run: MnistRun, network: Network, data: Dataset) -> None:
    if view in (RECALL, CONFUSION) and is_secret(run):
        st.info(HIDDEN, icon=":material/visibility_off:")
    elif view == RECALL:
        show_recall(run.measurements, run.trainer.epochs)
    elif run.trainer.state == "diverged":
        st.info(DIVERGED, icon=":material/visibility:")
    elif view == SUREST:
        show_surest(network, data)
    elif view == CONFUSION:
        show_confusion(network, data)
    else:
        first = controls.slider("first", "From test picture", 0, len(data.X_test) - GRID, 0, GRID)
        show_answers(network, data, first)


def show_digits(data: Dataset, rows: np.ndarray, outputs: np.ndarray) -> None:
    """Test pictures with the predicted class and its output, ticked or crossed; a click sends one on."""
    truth = data.Y_test[rows].argmax(axis=1)
    digits = [
        (int(row), Digit(test_pixels(data, row), int(label), int(output.argmax()), float(output.max())))
        for row, label, output in zip(rows, truth, outputs, strict=True)
    ]
    digit_gallery(digits, controls.key("gallery"), look_at)


def test_pixels(data: Dataset, row: int) -> np.ndarray:
    """A test picture, (height, width) uint8 from 0 to 255."""
    assert data.image_shape is not None
    pixels = data.test_inputs(slice(row, row + 1), np.float32).reshape(data.image_shape)
    return np.rint(255 * pixels).astype(np.uint8)


def show_answers(network: Network, data: Dataset, first: int) -> None:
    """A grid of test digits from row `first` on."""
    rows = np.arange(first, min(first + GRID, len(data.X_test)))
    st.markdown(
        "Under each picture stands what the network reads, the digit with the largest output, and that output. "
        f"{SEND}"
    )
    show_digits(data, rows, outputs_on_test(network, data, rows))


def show_surest(network: Network, data: Dataset) -> None:
    """The wrong answers the network is surest of."""
    outputs = outputs_on_test(network, data, np.arange(len(data.X_test)))
    wrong = np.flatnonzero(outputs.argmax(axis=1) != data.Y_test.argmax(axis=1))
    if not len(wrong):
        st.success("No mistakes on the test pictures.")
        return
    surest = wrong[np.argsort(-outputs[wrong].max(axis=1), kind="stable")][:GRID]
    st.markdown(
        f"{len(wrong):,} of {len(outputs):,} test pictures are read wrongly. These are the surest mistakes. {SEND}"
    )
    show_digits(data, surest, outputs[surest])


def show_confusion(network: Network, data: Dataset) -> None:
    """How often each digit is read as each other; the pictures of the cell that is chosen."""
    outputs = outputs_on_test(network, data, np.arange(len(data.X_test)))
    truth, predicted = data.Y_test.argmax(axis=1), outputs.argmax(axis=1)
    counts = confusion(truth, predicted, outputs.shape[1])
    st.markdown(
        "Each row is a digit as it is; each column, as it was read. Off the diagonal are the mistakes. Choose a "
        "cell, by a click or with the arrow keys, to see its pictures."
    )
    chosen = st.dataframe(
        _tinted(counts),
        key=controls.key("confusion"),
        width="stretch",
        on_select="rerun",
        selection_mode="single-cell",
        alt="Confusion matrix: a row is a digit as it is, a column as it was read.",
    )
    true, read = _chosen_cell(chosen, counts)
    rows = np.flatnonzero((truth == true) & (predicted == read))
    if not len(rows):
        st.markdown(f"No {true} was read as {with_article(read)}.")
        return
    surest = rows[np.argsort(-outputs[rows, read], kind="stable")][:GRID]
    pictures = (
        f"{len(rows):,} pictures of {with_article(true)} were"
        if len(rows) > 1
        else f"One picture of {with_article(true)} was"
    )
    which = f" The {GRID} on which the network is surest are shown." if len(rows) > GRID else ""
    st.markdown(f"**{pictures} read as {with_article(read)}.**{which} {SEND}")
    show_digits(data, surest, outputs[surest])


def confusion(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """How many rows of each class, down, were predicted as each, across: (classes, classes)."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (truth, predicted), 1)
    return counts


def _chosen_cell(chosen: Any, counts: np.ndarray) -> tuple[int, int]:
    """(as it is, as it was read) of the cell that is selected, or of the commonest mistake."""
    if cells := chosen["selection"]["cells"]:
        row, column = cells[0]
        return int(row), int(str(column).removeprefix(READ_AS))
    wrong = counts - np.diag(np.diag(counts))
    true, read = np.unravel_index(wrong.argmax(), wrong.shape)
    return int(true), int(read)


def _tinted(counts: np.ndarray) -> Styler:
    """The confusion matrix as a table, mistakes the stronger the commoner."""
    classes = range(len(counts))
    table = pd.DataFrame(
        counts, index=pd.Index([f"is {k}" for k in classes]), columns=[f"{READ_AS}{k}" for k in classes]
    )
    wrong = counts - np.diag(np.diag(counts))
    strength = 0.7 * wrong / max(1, wrong.max())
    tints = [
        [
            f"background-color: {AGREED if read == true else CONFUSED.format(strength[true, read])}"
            for read in classes
        ]
        for true in classes
    ]
    styles = pd.DataFrame(tints, index=table.index, columns=table.columns)
    return table.style.apply(lambda _: styles, axis=None)
