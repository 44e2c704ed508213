"""What the reader guesses while the printed program trains: which digit it does not read, and until when."""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from nnlib.measuring import Measurement
from pages.ex23_3.controls import controls
from pages.ex23_3.presets import PRINTED
from pages.ex23_3.runs import MnistRun
from pages.ex23_3.stage_picture import HARDLY
from pages.ex23_3.training import Training
from pages.shared.live import live
from pages.shared.numbers import RIGHT, WRONG

READ = 0.5  # recall from which a digit counts as read
SECONDS_BETWEEN = 1.0  # two verdicts while it trains, as often as recall is measured


def ask_for_guesses(training: Training) -> None:
    """Two fields and the verdicts, below the run they are about; nothing where another run is on screen."""
    run = training.shown
    if run is None or not run.has_begun or run.settings.differences([PRINTED.without_idle()]).keys() - {"epochs"}:
        return
    live(controls.key("guesses"), training.at_work == "run", lambda: None, partial(_draw, run), SECONDS_BETWEEN)


def _draw(run: MnistRun) -> None:
    which, when, words = st.columns([3, 3, 8], vertical_alignment="center")
    digit = controls.guess("guessed_digit", "The missing digit", min_value=0, max_value=9, step=1, place=which)
    epoch = controls.guess("guessed_epoch", "Read at last in epoch", min_value=1, step=1, place=when)
    with words:
        st.markdown(verdict(run.measurements, digit, epoch))


def verdict(measured: Sequence[Measurement], digit: float | None, epoch: float | None) -> str:
    """What the recall measured so far says to a guessed digit, and to the epoch in which it is read at last."""
    missing = missing_digit(measured)
    if missing is None:
        return "Several digits are hardly ever read yet. Which one will stay so, and up to which epoch?"
    if digit is None:
        return "One digit alone is hardly ever read now. Type it, and the epoch in which it will be read at last."
    now = measured[-1].test_recall
    if digit != missing:
        return f"{WRONG} Not the {digit:.0f}: {100 * now[int(digit)]:.0f} % of its pictures are read."
    says = f"{RIGHT} **The {missing} it is.**"
    read = [m.epoch for m in measured if m.epoch > 1 and m.test_recall[missing] > READ]
    if read:
        first = math.ceil(read[0])
        guessed = "" if epoch is None else f" You said epoch {epoch:.0f}{': right!' if epoch == first else '.'}"
        return f"{says} It was read at last in epoch {first}.{guessed}"
    if epoch is None:
        return f"{says} In which epoch will it be read at last?"
    over = measured[-1].epoch >= epoch
    return (
        f"{says} Epoch {epoch:.0f} is over, and it is still not read."
        if over
        else f"{says} Wait for epoch {epoch:.0f}."
    )


def missing_digit(measured: Sequence[Measurement]) -> int | None:
    """The one digit that is hardly ever read after the first epoch, or in it; None while it is not alone."""
    if not measured:
        return None
    after = next((m for m in measured if m.epoch >= 1), measured[-1])
    (empty,) = np.nonzero(np.array(after.test_recall) < HARDLY)
    return int(empty[0]) if len(empty) == 1 else None
