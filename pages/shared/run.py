"""A training run as the reader sees it: moved on in slices, stopped by a click."""

import threading
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Generic, TypeVar

import streamlit as st

from nnlib import Trainer
from nnlib.measuring import ONE_BLAS_THREAD, Measurement
from pages.shared.turns import SLICE_SECONDS, TURNS

S = TypeVar("S")  # the settings of one page's runs

_MOVED_LAST = "run_moved_last"
REST_SECONDS = 2.0  # at most, without training, from the moment the reader puts the pen down


@dataclass
class Run(Generic[S]):
    """A trainer with the settings it was made from.

    Attributes
    ----------
    settings : as from the page's controls
    trainer : where it stands
    stop_at : step at which to pause by itself, or None for the end

    A click makes Streamlit start the page in a new thread at once, while the old one may be in the middle of
    a slice. The two must not train, or look into, the same network: `claim` before touching the trainer.
    """

    settings: S
    trainer: Trainer
    stop_at: int | None = None
    _slice: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _click: threading.Event = field(default_factory=threading.Event, repr=False)
    _rest_until: float = field(default=0.0, repr=False)

    def claim(self) -> None:
        """Wait until a slice that an interrupted script run was in has broken off."""
        self._click.set()
        with self._slice:
            self._click.clear()

    def move_on(self, at_most: float = SLICE_SECONDS, trained_by: object = None) -> None:
        """Train for one slice, or until a click claims the run.

        Where several runs are trained one after the other, `trained_by` is what they have in common: they take
        the turns of one tab, not of many.
        """
        if perf_counter() < self._rest_until:
            return
        st.session_state[_MOVED_LAST] = self
        with self._slice, TURNS.taken(id(trained_by or self), self._click.is_set) as seconds:
            if seconds and not self.reached:
                self.trainer.run_for(min(seconds, at_most), self.stop_at, interrupted=self._click.is_set)

    def rest(self, seconds: float = REST_SECONDS) -> None:
        """Train no further slice for a while: a part of the page that runs alone waits for the whole slice."""
        self._rest_until = perf_counter() + seconds

    @property
    def measurements(self) -> list[Measurement]:
        """All that is known of how it went."""
        return self.trainer.history

    @property
    def reached(self) -> bool:
        """Whether there is nothing left to do for now."""
        return self.trainer.state != "training" or (self.stop_at is not None and self.trainer.step >= self.stop_at)


def break_off_training() -> None:
    """Let the slice end that an interrupted script run may be in; to be called before anything is drawn.

    Until then it would take half of the processor's time from the answer. The run trains no further before the
    page that shows it claims it.
    """
    run: Run[Any] | None = st.session_state.get(_MOVED_LAST)
    if run is not None:
        run._click.set()


@st.cache_resource
def use_one_blas_thread() -> None:
    """Keep matrix products to one thread for good, as `Trainer` does while it trains.

    Pages predict between slices too, and a second thread would wait for the core the browser is using.
    """
    ONE_BLAS_THREAD.__enter__()
