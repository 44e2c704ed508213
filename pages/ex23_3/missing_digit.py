"""What the reader guesses while the printed program trains: which digit it does not read, and then until when."""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from nnlib.measuring import Measurement
from pages.ex23_3.controls import controls
from pages.ex23_3.opening import before_the_page, let_the_page_follow
from pages.ex23_3.presets import FIND, PRINTED
from pages.ex23_3.runs import MnistRun
from pages.ex23_3.stage_picture import HARDLY
from pages.ex23_3.training import Training
from pages.shared.address import name_in_address
from pages.shared.live import live
from pages.shared.numbers import RIGHT, WRONG

READ = 0.5  # recall from which a digit counts as read
SECONDS_BETWEEN = 1.0  # two verdicts while it trains, as often as recall is measured
GUESS, EPOCH = controls.key("guessed_digit"), controls.key("guessed_epoch")
FOUND, _IS_TOLD = controls.key("found_digit"), controls.key("case_is_told")
SHOWN = controls.key("digit_shown")  # at the press of a button
HIDDEN = "This would give the missing digit away. Choose one below the bars, or let it be shown there."


def _is_the_case(run: MnistRun | None) -> bool:
    """Whether this is the printed program, and has begun."""
    if run is None or not run.has_begun:
        return False
    return not run.settings.differences([PRINTED.without_idle()]).keys() - {"epochs"}


def _is_told() -> bool:
    """Whether the reader has asked for the explanation; from then on there is nothing to guess."""
    if st.session_state.get("ex23_3_tried") == FIND and st.session_state.get("ex23_3_told"):
        st.session_state[_IS_TOLD] = True
    return _IS_TOLD in st.session_state


def is_secret(run: MnistRun | None) -> bool:
    """Whether the reader is still to find out which digit the run does not read."""
    if run is None or not _is_the_case(run) or _is_told():
        return False
    missing = missing_digit(run.measurements)
    return missing is None or not _is_found(missing)


def is_case_closed() -> bool:
    """Whether the reader has found the missing digit, or has had it explained."""
    return FOUND in st.session_state or FOUND in st.query_params or _is_told()


def is_found_alone() -> bool:
    """Whether the reader has found the missing digit, without having it shown."""
    known = st.session_state.keys() | st.query_params.keys()
    return FOUND in known and SHOWN not in known


def _is_found(missing: int) -> bool:
    """Whether the reader has found the missing digit, in this session or in that of the address; for good."""
    guesses = (st.session_state.get(GUESS), st.query_params.get(GUESS), st.query_params.get(FOUND))
    if str(missing) in map(str, guesses):
        st.session_state[FOUND] = missing
    return bool(st.session_state.get(FOUND) == missing)


def ask_for_guesses(training: Training) -> None:
    """A question at a time, with its verdict, below the bars it is about; nothing where another run is shown."""
    if FOUND in st.session_state:
        name_in_address(FOUND, str(st.session_state[FOUND]))
        name_in_address(SHOWN, None if is_found_alone() else "yes")
    run = training.shown
    if run is None or not _is_the_case(run) or _is_told():
        return
    live(controls.key("guesses"), training.at_work == "run", lambda: None, partial(_draw, run), SECONDS_BETWEEN)


def _draw(run: MnistRun) -> None:
    measured, has_ended = run.measurements, run.trainer.state == "finished"
    missing, digit, epoch = missing_digit(measured), None, None
    with st.container(horizontal=True, vertical_alignment="center"):
        words = st.container(width="content")
        if missing is not None and _is_found(missing):
            digit, epoch = missing, st.session_state.get(EPOCH)
            if epoch is not None or _epoch_of_reading(measured, missing) is None:
                epoch = controls.guess(
                    "guessed_epoch",
                    "Read at last in epoch",
                    min_value=1,
                    step=1,
                    placeholder="epoch",
                    label_visibility="collapsed",
                    width=130,
                )
        else:
            digit = _ask_for_digit()
            if missing is not None and st.session_state.get("ex23_3_tried") != FIND:  # there, its explanation does
                controls.button(
                    "show_missing",
                    "Show it",
                    partial(before_the_page, st.session_state.update),
                    {FOUND: missing, SHOWN: True},
                    icon=":material/visibility:",
                    type="tertiary",
                )
    is_shown = digit == missing and digit is not None and not is_found_alone()
    words.markdown(verdict(measured, digit, epoch, has_ended, is_shown))
    let_the_page_follow()


def _ask_for_digit() -> int | None:
    """Ten digits side by side; the bars and a tab may keep the one chosen back, and follow."""
    return controls.perhaps(
        "guessed_digit",
        "The missing digit",
        range(10),
        joined=True,
        label_visibility="collapsed",
        on_change=partial(before_the_page, lambda: None),
        width="content",
    )


def verdict(
    measured: Sequence[Measurement],
    digit: int | None,
    epoch: float | None,
    has_ended: bool = False,
    is_shown: bool = False,
) -> str:
    """What the recall measured so far says to a guessed digit, and to the epoch in which it is read at last.

    Where the run has ended before, the reader is told how it goes on; a digit that was shown earns no ✓.
    """
    missing = missing_digit(measured)
    if missing is None:
        if measured and min(measured[-1].test_recall) >= HARDLY:
            return "Which digit will hardly ever be read?"
        return "Several digits are hardly ever read yet. Which will stay so?"
    now = measured[-1].test_recall
    if digit is None:
        if now[missing] > READ:
            return "One digit alone was hardly ever read for long. Which one?"
        return "One digit is hardly ever read. Which one?"
    if digit != missing:
        return f"{WRONG} Not the {digit}: {100 * now[digit]:.0f} % of its pictures are read."
    says = f"It is the **{missing}**." if is_shown else f"{RIGHT} **The {missing} it is.**"
    first = _epoch_of_reading(measured, missing)
    if first is not None:
        guessed = "" if epoch is None else f" You said epoch {epoch:.0f}{': right!' if epoch == first else '.'}"
        return f"{says} It was read at last in epoch {first}.{guessed}"
    if epoch is None:
        onwards = " Guess, and press **10 more epochs**." if has_ended else ""
        return f"{says} In which epoch will it be read at last?{onwards}"
    if measured[-1].epoch >= epoch:
        return f"{says} Epoch {epoch:.0f} is over, and it is still not read."
    return f"{says} {'Press **10 more epochs**, and wait' if has_ended else 'Wait'} for epoch {epoch:.0f}."


def _epoch_of_reading(measured: Sequence[Measurement], missing: int) -> int | None:
    """The epoch in which the missing digit came to be read; None as long as it is not."""
    read = [m.epoch for m in measured if m.epoch > 1 and m.test_recall[missing] > READ]
    return math.ceil(read[0]) if read else None


def missing_digit(measured: Sequence[Measurement]) -> int | None:
    """The one digit that is hardly ever read after the first epoch, or in it; None while it is not alone."""
    if not measured:
        return None
    after = next((m for m in measured if m.epoch >= 1), measured[-1])
    (empty,) = np.nonzero(np.array(after.test_recall) < HARDLY)
    return int(empty[0]) if len(empty) == 1 else None
