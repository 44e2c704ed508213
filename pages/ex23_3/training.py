"""What page 23.3 trains: the run shown, the runs kept beside it and the sweep; and what its buttons do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import streamlit as st

from pages.ex23_3.runs import MnistRun, new_run, why_unreadable
from pages.ex23_3.settings import Settings
from pages.ex23_3.sweep import Sweep


@dataclass
class Training:
    """All that one tab trains.

    Buttons call these methods before the page is drawn. A click may come twice, the second time for a button that
    is no longer there: it then changes nothing.

    Attributes
    ----------
    run : the one shown, or None before the first
    kept : number → run that was put aside
    kept_so_far : the last number given
    sweep : the one on the page, or None before the first
    at_work : which of the two is being trained; the other waits
    """

    run: MnistRun | None = None
    kept: dict[int, MnistRun] = field(default_factory=dict)
    kept_so_far: int = 0
    sweep: Sweep | None = None
    at_work: Literal["run", "sweep"] | None = None

    def claim(self) -> None:
        """Wait until a slice that an interrupted script run was in has broken off; see `Run`."""
        for one in (self.run, self.sweep):
            if one is not None:
                one.claim()

    @property
    def can_go_on(self) -> bool:
        """Whether the run shown has steps left to take."""
        return self.run is not None and self.run.trainer.state == "training"

    @property
    def named_runs(self) -> dict[str, MnistRun]:
        """The run shown and the kept ones."""
        shown = {} if self.run is None else {"this run": self.run}
        return shown | {f"kept {number}": run for number, run in self.kept.items()}

    # The run shown

    def _unfinished_run(self, settings: Settings) -> MnistRun | None:
        """The run shown if it can go on, else a new one; None where its pictures cannot be read."""
        self.claim()
        if not self.can_go_on:
            self.run = None if why_unreadable(settings) else new_run(settings)
        return self.run

    def start(self, settings: Settings) -> None:
        """Go on with the run shown; begin a new one where there is none or it has ended."""
        run = self._unfinished_run(settings)
        if run is not None:
            run.stop_at = None
            if not run.trainer.history:
                run.trainer.run_batches(1)  # so that the first points are there when the page is drawn
            self.at_work = "run"

    def start_anew(self, settings: Settings) -> None:
        """Begin a new run; the one shown is kept."""
        self.keep()
        self.run = None
        self.start(settings)

    def pause(self) -> None:
        """Stop after the slice that is under way."""
        if self.at_work == "run":
            self.at_work = None

    def one_batch(self, settings: Settings) -> None:
        """Take a single step."""
        run = self._unfinished_run(settings)
        if run is not None:
            run.trainer.run_batches(1)
            self.pause()

    def one_epoch(self, settings: Settings) -> None:
        """Train to the end of the current epoch."""
        run = self._unfinished_run(settings)
        if run is not None:
            steps = run.trainer.steps_per_epoch
            run.stop_at = (run.trainer.step // steps + 1) * steps
            self.at_work = "run"

    def reset(self, settings: Settings) -> None:
        """A new run, not yet begun."""
        if not why_unreadable(settings):
            self.run = new_run(settings)
            self.pause()

    def use_rate(self, rate: float) -> None:
        """Go on with another learning rate."""
        if self.run is not None and self.can_go_on:
            self.run.claim()
            self.run.trainer.learning_rate = rate
            self.run.settings = replace(self.run.settings, rate=rate)

    def move_on(self) -> None:
        """Train the run shown for one slice."""
        if self.run is not None:
            self.run.move_on()

    # The kept runs

    def add_to_kept(self, run: MnistRun) -> None:
        """Give a run the next number among the kept ones."""
        self.kept_so_far += 1
        self.kept[self.kept_so_far] = run

    def keep(self) -> None:
        """Put the run shown aside, once it has been measured, so that others can be compared with it."""
        if self.run is not None and self.run.trainer.history:
            self.add_to_kept(self.run)
            self.run = None
            self.pause()

    def remove(self, number: int) -> None:
        """Forget a kept run."""
        self.kept.pop(number, None)

    def show_again(self, run: MnistRun) -> None:
        """Make a kept run the one shown; the one shown so far is kept in its place."""
        for number, kept in list(self.kept.items()):
            if kept is run:
                del self.kept[number]
                if self.run is not None:
                    self.kept[number] = self.run
                self.run = run
                self.pause()

    def bring_back(self, run: MnistRun) -> None:
        """Show a run that comes from elsewhere; the one shown so far is kept."""
        self.keep()
        self.run = run
        self.pause()

    # The sweep

    def begin_sweep(self, settings: Settings, swept: Mapping[str, Sequence[Any]]) -> None:
        """A new sweep; the single run waits."""
        self.sweep = Sweep(settings, swept)
        self.go_on_with_sweep()

    def go_on_with_sweep(self) -> None:
        """Train from where the sweep stands; the single run waits."""
        self.at_work = "sweep"

    def stop_sweep(self) -> None:
        """Stop after the slice that is under way."""
        if self.at_work == "sweep":
            self.at_work = None


def of_this_tab() -> Training:
    """What this tab trains; it outlives reruns and page switches."""
    training: Training = st.session_state.setdefault("ex23_3_training", Training())
    training.claim()
    return training
