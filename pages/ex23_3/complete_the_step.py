"""The exercise itself: the reader completes one step of Algorithm 23.3, and a small network is trained with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib import load_mnist
from nnlib.chapter23.algorithms import Layers, first_weights, forward
from pages.ex23_3.controls import controls
from pages.shared.charts import Spec, draw_chart, fill
from pages.shared.delivery import style_file
from pages.shared.numbers import RIGHT, WRONG, number, percent
from pages.shared.page import write
from pages.shared.practice import note_solved, solved

SIZES, ETA = (784, 32, 10), 0.05
PICTURES, EVERY = 8_000, 500  # trained on, one a step, and after how many of them the test digits are read
TESTED = 2_000
SLOPES, NUDGE = 12, 1e-5  # weights of a layer whose slope is measured, and by how much each is moved
LEARNED = 0.5  # share of the test digits read above which the network has learned something
BLANK = "____"
NETWORK = (
    f"Your lines train a network of {SIZES[0]} inputs, {SIZES[1]} hidden neurons and {SIZES[2]} outputs on "
    f"{PICTURES:,} pictures of MNIST, one a step, with eta = {ETA:g}.\n\nIts neurons are **sigmoids**, as in the "
    "book's algorithm. The network that this page opens with has ReLUs, which learn faster."
)
INVITATION = (
    " What would a wrong line have done? Some ruin everything, some hardly show: press **Try other lines**, "
    "change one, and train."
)


@dataclass(frozen=True)
class Choice:
    """One of the lines to choose from.

    Attributes
    ----------
    code : as the reader sees it
    compute : the same, called with the names that stand in it
    mistake : what is wrong with it; empty where nothing is
    fits : whether the shapes of its arrays fit together
    """

    code: str
    compute: Callable[..., Any]
    mistake: str = ""
    fits: bool = True


@dataclass(frozen=True)
class Blank:
    """A line of the step that is left out: what stands before the blank, and what may stand in it."""

    before: str
    choices: Sequence[Choice]

    @property
    def right(self) -> Choice:
        """The choice in which nothing is wrong."""
        return next(choice for choice in self.choices if not choice.mistake)


BLANKS: Mapping[str, Blank] = {
    "output_error": Blank(
        "delta = ",
        (
            Choice(
                "y - h[len(W)]",
                lambda h, y, W: y - h[len(W)],
                "The sign is the wrong way round, and with it that of all that is computed from this delta.",
            ),
            Choice("h[len(W)] - y", lambda h, y, W: h[len(W)] - y),
            Choice(
                "h[len(W)] * (1 - h[len(W)]) * (h[len(W)] - y)",
                lambda h, y, W: h[len(W)] * (1 - h[len(W)]) * (h[len(W)] - y),
                "This is the delta of squared error. The derivative of cross-entropy has h (1 − h) in its "
                "denominator, where it cancels the slope of the sigmoid.",
            ),
        ),
    ),
    "gradient": Blank(
        "    dW[t], db[t] = ",
        (
            Choice(
                "np.outer(delta, h[t - 1]), delta",
                lambda h, delta, t: (np.outer(delta, h[t - 1]), delta),
                "The shapes do not fit: this gives 10 × 32 numbers for dW[2], but W[2] has 32 × 10.",
                fits=False,
            ),
            Choice(
                "np.outer(h[t], delta), delta",
                lambda h, delta, t: (np.outer(h[t], delta), delta),
                "The shapes do not fit: h[2] and delta have 10 numbers each, but W[2] has 32 × 10. A weight "
                "multiplies the h that it comes from.",
                fits=False,
            ),
            Choice("np.outer(h[t - 1], delta), delta", lambda h, delta, t: (np.outer(h[t - 1], delta), delta)),
            Choice(
                "np.outer(h[t - 1] * (1 - h[t - 1]), delta), delta",
                lambda h, delta, t: (np.outer(h[t - 1] * (1 - h[t - 1]), delta), delta),
                "The slope h (1 − h) does not belong here: what multiplies a weight is h alone.",
            ),
        ),
    ),
    "hidden_error": Blank(
        "        delta = ",
        (
            Choice(
                "W[t] @ delta",
                lambda h, delta, W, t: W[t] @ delta,
                "This is ∂L/∂h. Only the slope of the sigmoid, h (1 − h), makes it ∂L/∂z. So dW[1], which "
                "is computed from it, is wrong.",
            ),
            Choice(
                "h[t] * (1 - h[t]) * (W[t] @ delta)",
                lambda h, delta, W, t: h[t] * (1 - h[t]) * (W[t] @ delta),
                "The shapes do not fit: h[2] has 10 numbers, W[2] @ delta has 32. The error has come down to "
                "layer 1, and the slope is that of its neurons.",
                fits=False,
            ),
            Choice(
                "h[t - 1] * (1 - h[t - 1]) * (W[t].T @ delta)",
                lambda h, delta, W, t: h[t - 1] * (1 - h[t - 1]) * (W[t].T @ delta),
                "The shapes do not fit: W[2].T is 10 × 32, and delta has 10 numbers. Outputs go forward "
                "through the transposed W, errors go back through W itself.",
                fits=False,
            ),
            Choice(
                "h[t - 1] * (1 - h[t - 1]) * (W[t] @ delta)",
                lambda h, delta, W, t: h[t - 1] * (1 - h[t - 1]) * (W[t] @ delta),
            ),
        ),
    ),
    "update": Blank(
        "    W[t], b[t] = ",
        (
            Choice(
                "-eta * dW[t], -eta * db[t]",
                lambda W, b, dW, db, eta, t: (-eta * dW[t], -eta * db[t]),
                "That is the step alone: all that W and b had learned before is lost at every picture.",
            ),
            Choice(
                "W[t] - eta * dW[t], b[t] - eta * db[t]",
                lambda W, b, dW, db, eta, t: (W[t] - eta * dW[t], b[t] - eta * db[t]),
            ),
            Choice(
                "W[t] + eta * dW[t], b[t] + eta * db[t]",
                lambda W, b, dW, db, eta, t: (W[t] + eta * dW[t], b[t] + eta * db[t]),
                "The gradient points to where the loss grows. The step has to go the other way.",
            ),
            Choice(
                "W[t] - eta * dW[t], b[t] - eta * db[t].sum()",
                lambda W, b, dW, db, eta, t: (W[t] - eta * dW[t], b[t] - eta * db[t].sum()),
                "It moves every bias of a layer by one and the same sum, as the printed program does. Here it "
                "learns all the same, but each bias has a slope of its own: its db.",
            ),
        ),
    ),
}
GIVEN = {  # the lines above each blank
    "output_error": (
        "# outputs of all layers: h[0] = x, h[1], …",
        "h, dW, db = forward(x, W, b), {}, {}",
        "# back: delta = ∂L/∂z, L the cross-entropy",
    ),
    "gradient": ("for t in range(len(W), 0, -1):",),
    "hidden_error": ("    if t > 1:  # one layer down",),
    "update": ("for t in W:  # one step of all layers",),
}
Lines = tuple[str, ...]  # what the reader has chosen, in the order of BLANKS
RIGHT_LINES: Lines = tuple(blank.right.code for blank in BLANKS.values())
TRAINED_WITH, TAKEN_APART = controls.key("trained_with"), controls.key("taken_apart")


@dataclass(frozen=True)
class Outcome:
    """What has come of some lines.

    Attributes
    ----------
    read : share of the test digits that is read correctly, before and after every few pictures; none where the
        shapes do not fit
    losses : mean loss of the test digits at the same times
    slopes : layer → what the lines say of some ∂L/∂w, and what is measured
    """

    read: Sequence[float] = ()
    losses: Sequence[float] = ()
    slopes: Mapping[int, tuple[np.ndarray, np.ndarray]] | None = None


def chosen(lines: Lines) -> list[Choice]:
    """The choices with this code."""
    pairs = zip(BLANKS.values(), lines, strict=True)
    return [next(choice for choice in blank.choices if choice.code == code) for blank, code in pairs]


def take_step(lines: Lines, x: np.ndarray, y: np.ndarray, W: Layers, b: Layers, eta: float) -> Layers:
    """One step of Algorithm 23.3 with these lines; W and b are moved in place. Returns ∇W.

    Raises
    ------
    ValueError
        Where the shapes of the arrays do not fit together.
    """
    output_error, gradient, hidden_error, update = (choice.compute for choice in chosen(lines))
    h, dW, db = forward(x, W, b), {}, {}
    delta = output_error(h, y, W)
    for t in range(len(W), 0, -1):
        dW[t], db[t] = gradient(h, delta, t)
        if t > 1:
            delta = hidden_error(h, delta, W, t)
    for t in W:
        W[t], b[t] = update(W, b, dW, db, eta, t)
    return dW


@lru_cache(maxsize=32)
def train_with(lines: Lines) -> Outcome:
    """Train a small network on MNIST with these lines, and compare their gradients with measured slopes."""
    if not all(choice.fits for choice in chosen(lines)):
        return Outcome()
    data, (W, b) = load_mnist(), first_weights(SIZES, np.random.default_rng(0))
    X, Y = data.X_test[:TESTED] / 255, data.Y_test[:TESTED]
    slopes, measured = _compare_slopes(lines, data.X_train[0] / 255, data.Y_train[0]), []
    with np.errstate(over="ignore"):  # lines that climb
        for i in range(PICTURES + 1):
            if i % EVERY == 0:
                measured.append(_read(X, Y, W, b))
            take_step(lines, data.X_train[i] / 255, data.Y_train[i], W, b, ETA)
    read, losses = zip(*measured, strict=True)
    return Outcome(read, losses, slopes)


def _read(X: np.ndarray, Y: np.ndarray, W: Layers, b: Layers) -> tuple[float, float]:
    """The share of pictures read correctly, and the mean loss, also where an output is as good as 0 or 1."""
    z = forward(X.T, W, {t: b[t][:, None] for t in b})[len(W) - 1].T @ W[len(W)] + b[len(W)]
    loss = (np.logaddexp(0, z) - Y * z).sum(axis=1).mean()
    return float((z.argmax(axis=1) == Y.argmax(axis=1)).mean()), float(loss)


def _compare_slopes(lines: Lines, x: np.ndarray, y: np.ndarray) -> Mapping[int, tuple[np.ndarray, np.ndarray]]:
    """Of each layer some ∂L/∂w of one picture, by these lines and by nudging w; where x is dark, both are 0."""
    rng, compared = np.random.default_rng(0), {}
    W, b = first_weights(SIZES, np.random.default_rng(0))
    dW = take_step(lines, x, y, dict(W), dict(b), ETA)
    for t in W:
        lit = np.flatnonzero(x > 0.1) if t == 1 else np.arange(SIZES[t - 1])
        places = list(zip(rng.choice(lit, SLOPES), rng.integers(SIZES[t], size=SLOPES), strict=True))
        slopes = []
        for place in places:
            either = []
            for nudge in (NUDGE, -NUDGE):
                moved = {**W, t: W[t].copy()}
                moved[t][place] += nudge
                either.append(_read(x[None], y[None], moved, b)[1])
            slopes.append((either[0] - either[1]) / (2 * NUDGE))
        compared[t] = np.array([dW[t][place] for place in places]), np.array(slopes)
    return compared


def verdict_on_slopes(t: int, computed: np.ndarray, measured: np.ndarray) -> str:
    """Whether the gradient of a layer agrees with measured slopes, and how it differs."""
    if np.allclose(computed, measured, rtol=1e-3, atol=1e-7):
        return f"{RIGHT} dW[{t}] agrees with measured slopes."
    if np.allclose(-computed, measured, rtol=1e-3, atol=1e-7):
        return f"{WRONG} dW[{t}] is −1 times the measured slope."
    steepest = np.abs(measured).argmax()
    return (
        f"{WRONG} dW[{t}] disagrees with measured slopes: {number(computed[steepest], 2)} where "
        f"{number(measured[steepest], 2)} is measured."
    )


def verdict_on_training(outcome: Outcome) -> str:
    """What the training came to."""
    before, after = outcome.losses[0], outcome.losses[-1]
    read = f"**{percent(outcome.read[-1])}** of {TESTED:,} test digits are read correctly"
    if after > before:
        return f"{read}. {WRONG} The step goes uphill: the loss rose from {before:.1f} to {after:,.0f}."
    return f"{read}, after {PICTURES:,} pictures."


def verdicts(lines: Lines) -> list[str]:
    """All that is said of some lines once they have been trained with, a paragraph each."""
    outcome, choices = train_with(lines), chosen(lines)
    if not outcome.slopes:
        misfit = next(choice for choice in choices if not choice.fits)
        return [f"{WRONG} Nothing could be trained.", f"`{misfit.code}`: {misfit.mistake}"]
    slopes = [verdict_on_slopes(t, *outcome.slopes[t]) for t in sorted(outcome.slopes, reverse=True)]
    said = [verdict_on_training(outcome), "\\\n".join(slopes)]
    mistaken = [choice for choice in choices if choice.mistake]
    if len(mistaken) > 1 and outcome.losses[-1] < outcome.losses[0] and lines[0].startswith("y"):
        said.append("Two signs that are both wrong cancel: that is why it learns all the same.")
    elif outcome.read[-1] > LEARNED and any(WRONG in line for line in slopes):
        said[0] += f" {WRONG} It learns, and yet a line is wrong: only the measured slopes show it."
    return said + [f"`{choice.code}`: {choice.mistake}" for choice in mistaken]


def _lines_now() -> Lines:
    return tuple(st.session_state.get(controls.key(name), BLANK) for name in BLANKS)


def _train(lines: Lines | None = None) -> None:
    """Train with these lines, or those chosen; for a button's callback, before the stage says what is solved."""
    lines = lines or _lines_now()
    st.session_state[TRAINED_WITH] = lines
    if BLANK not in lines:
        train_with(lines)
    if lines == RIGHT_LINES:
        st.session_state.pop(TAKEN_APART, None)
        note_solved("23.3")


def _take_apart() -> None:
    """Let the reader choose other lines again, from the right ones."""
    st.session_state[TAKEN_APART] = True
    st.session_state.update(controls.keyed(dict(zip(BLANKS, RIGHT_LINES, strict=True))))


@st.fragment
def complete_the_step(was_solved: bool) -> None:
    """The step with its blanks, a button that trains with it, and what has come of it.

    Parameters
    ----------
    was_solved : what the page was drawn with: once that has changed, all of it follows
    """
    if was_solved != ("23.3" in solved()):
        st.rerun()
    style_file(__file__)
    is_whole = was_solved and TAKEN_APART not in st.session_state
    left, right = st.columns([5, 2], gap="medium")
    with left, st.container(key=controls.key("step"), border=True):
        if is_whole:
            st.html(f"<pre>{escape(whole_step())}</pre>")
        else:
            _choose_lines()
    with left, st.container(horizontal=True):
        lines = RIGHT_LINES if is_whole else None
        controls.button("train_step", "Train with my lines", _train, lines, icon=":material/play_arrow:")
        if is_whole:
            controls.button("take_apart", "Try other lines", _take_apart, icon=":material/edit:")
    right.markdown(NETWORK)
    _show_outcome(st.session_state.get(TRAINED_WITH), None if is_whole else _lines_now())


def whole_step() -> str:
    """The step with the right lines."""
    rows = [[*GIVEN[name], blank.before + blank.right.code] for name, blank in BLANKS.items()]
    return "\n".join(row for several in rows for row in several)


def _choose_lines() -> None:
    """The lines that are given, and a menu for each of the others."""
    for name, blank in BLANKS.items():
        st.html(f"<pre>{escape(chr(10).join(GIVEN[name]))}</pre>")
        with st.container(horizontal=True, gap=None, vertical_alignment="center"):
            st.html(f"<pre>{blank.before}</pre>", width="content")
            options = [BLANK, *(choice.code for choice in blank.choices)]
            controls.menu(name, name.replace("_", " ").capitalize(), options, label_visibility="collapsed")


def _show_outcome(lines: Lines | None, now: Lines | None) -> None:
    """What has come of the lines that were trained with: how well they read, and what tells why below it.

    `now` others may be chosen, or none have to be.
    """
    if lines == RIGHT_LINES or now is None:
        onwards = INVITATION if now is None else ""
        write(f"{RIGHT} **Solved.** These four lines are back-propagation.{onwards}")
    if lines is None:
        return
    if BLANK in lines:
        write(f"{lines.count(BLANK)} of the {len(lines)} lines are still blank.")
        return
    if now not in (None, lines):
        st.caption("This is what your lines did before you changed them.")
    outcome, (first, *others) = train_with(lines), verdicts(lines)
    told, drawn = st.columns(2, gap="medium")
    with told:
        with st.container(key=controls.key("step_verdict")):
            write(first)
        st.markdown("\n\n".join(others))
    if outcome.read:
        with drawn:
            draw_chart(_curve(outcome), _in_words(outcome), controls.key("step_curve"))


def _in_words(outcome: Outcome) -> str:
    return (
        f"Accuracy on test digits against pictures trained on: from {percent(outcome.read[0])} to "
        f"{percent(outcome.read[-1])}."
    )


def _curve(outcome: Outcome) -> Spec:
    points = pd.DataFrame({"pictures": range(0, PICTURES + 1, EVERY), "read": outcome.read})
    return fill(_curve_template(), points=points)


@cache
def _curve_template() -> Spec:
    x = alt.X("pictures:Q", title="pictures trained on", scale=alt.Scale(domain=[0, PICTURES]))
    y = alt.Y("read:Q", title="read correctly", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    chart = alt.Chart(alt.NamedData("points")).mark_line(point=True).encode(x=x, y=y)
    return chart.properties(height=190).to_dict()
