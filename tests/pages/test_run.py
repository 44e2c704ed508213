"""A run is moved on in slices, and a page that is drawn anew ends the slice that is under way."""

from threading import Thread

import numpy as np
import pytest
import streamlit as st

from nnlib import Dataset, Network, Trainer
from pages.shared import turns
from pages.shared.run import Run, break_off_training

PATIENCE = 60  # seconds, which no machine needs


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Run[None]:
    """A run of more steps than any machine takes in a slice, which has no end either; and a session of its own."""
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(turns, "SLICE_SECONDS", 1e6)
    data = Dataset.from_arrays(np.eye(4), np.eye(4)[:, :2])
    trainer = Trainer(Network((4, 3, 2), random_state=0), data, batch_size=1, epochs=10**7, measure_every=None)
    return Run(None, trainer)


def test_a_slice_is_broken_off_and_whoever_claims_the_run_can_move_it_on(endless: Run[None]) -> None:
    training = Thread(target=endless.move_on, kwargs={"at_most": 1e6})
    training.start()
    while not endless.trainer.step:
        assert training.is_alive()
    break_off_training()
    training.join(PATIENCE)
    assert not training.is_alive()
    stopped_at = endless.trainer.step
    endless.move_on(0.01)
    assert endless.trainer.step == stopped_at  # until the page that shows it claims it
    endless.claim()
    endless.move_on(0.01)
    assert endless.trainer.step > stopped_at


def test_where_nothing_was_trained_nothing_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    break_off_training()
    assert st.session_state == {}
