"""What one tab of page 23.3 trains: the run shown and the sweep; and what its buttons do to the reader's runs."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec

import streamlit as st

from pages.ex23_3.controls import controls, values_of
from pages.ex23_3.own_drawing import bring_back_drawing
from pages.ex23_3.presets import PRESETS
from pages.ex23_3.run_folder import RunFolder, readers_runs
from pages.ex23_3.runs import MnistRun, name_of, new_run, why_unreadable
from pages.ex23_3.settings import MOST_EPOCHS, Settings
from pages.ex23_3.sweep import Sweep
from pages.shared.address import name_in_address

MORE_EPOCHS = 10
_RUN = controls.key("run")  # in the address, the number of the run shown
P = ParamSpec("P")


def _in_one_piece(
    action: "Callable[Concatenate[Training, P], None]",
) -> "Callable[Concatenate[Training, P], None]":
    """Let no other script run draw what a click has done by half.

    Streamlit may start the page in a new thread while the click's own is still at it. That one then ends without
    drawing anything: what the other has drawn stays on screen.
    """

    @wraps(action)
    def act(training: "Training", *args: P.args, **others: P.kwargs) -> None:
        with training._at_it:
            action(training, *args, **others)

    return act


@dataclass
class Training:
    """All that one tab trains.

    Buttons call these methods before the page is drawn. A click may come twice, the second time for a button that
    is no longer there: it then changes nothing.

    Attributes
    ----------
    runs : the reader's; whatever has been trained is among them
    shown : the run on screen; None where there are no pictures to train on
    removed : the run that was removed last, as long as it can be brought back
    sweep : the one on the page, or None before the first
    is_sweeping : whether the sweep is being trained; a single run then waits
    before : the run that was on screen before the one shown
    found : the run that was there when the tab was opened, and its step at that time
    """

    runs: RunFolder
    shown: MnistRun | None = None
    removed: MnistRun | None = field(default=None, repr=False)
    sweep: Sweep | None = None
    is_sweeping: bool = False
    before: MnistRun | None = field(default=None, repr=False)
    found: tuple[MnistRun | None, int | None] = field(default=(None, None), repr=False)
    _at_it: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def claim(self) -> None:
        """Wait until an interrupted script run has ended its click or broken off its slice; see `Run`."""
        with self._at_it:
            for one in (self.shown, self.sweep):
                if one is not None:
                    one.claim()

    @property
    def at_work(self) -> Literal["run", "sweep"] | None:
        """Which of the two is being trained."""
        if self.is_sweeping:
            return "sweep"
        return "run" if self.shown is not None and self.shown.is_at_work else None

    @property
    def can_go_on(self) -> bool:
        """Whether the run shown has steps left to take."""
        return self.shown is not None and self.shown.trainer.state == "training"

    @property
    def is_as_left(self) -> bool:
        """Whether the run shown stands where it stood when the tab was opened."""
        run, step = self.found
        return run is not None and run is self.shown and run.trainer.step == step

    def has_settings(self, settings: Settings) -> bool:
        """Whether the run shown is one of these settings."""
        return self.shown is not None and not settings.differences([self.shown.settings])

    # The run shown

    def follow(self, settings: Settings) -> None:
        """As long as the run shown has not begun, it is of the settings that the controls hold."""
        if (self.shown is None or not self.shown.has_begun) and not self.has_settings(settings):
            self._show_new(settings)

    def _show_new(self, settings: Settings, name: str = "") -> MnistRun | None:
        """A new run in place of the one shown, which is kept; None where there can be none."""
        self._pause_for_another()
        if why_unreadable(settings) or settings.has_no_variance:
            return None
        known = PRESETS | {run.name: run.settings for run in self.runs}
        self._note_before()
        self.shown = new_run(settings, name or name_of(settings, known))
        return self.shown

    def _note_before(self) -> None:
        """Another run takes the place of the one shown."""
        if self.shown is not None and self.shown.has_begun:
            self.before = self.shown

    def _run_of(self, settings: Settings) -> MnistRun | None:
        """The run shown if it is of these settings and can go on, else a new one."""
        self.claim()
        return self.shown if self.can_go_on and self.has_settings(settings) else self._show_new(settings)

    def _begin(self, run: MnistRun, stop_at: int | None) -> None:
        self.runs.add(run)
        self.is_sweeping = False
        run.stop_at = stop_at
        run.is_watched = len(self.runs.runs) == 1 and run.settings == Settings().without_idle()
        run.wanted = True

    @_in_one_piece
    def train(self, settings: Settings) -> None:
        """Train with these settings: the run shown if it is of these and can go on, else a new one."""
        run = self._run_of(settings)
        if run is not None:
            run.trainer.record()  # so that the first points are there when the page is drawn
            self._begin(run, None)

    @_in_one_piece
    def train_named(self, settings: Settings, name: str) -> None:
        """Show the run of that name and these settings, and train it to its end; a new one if there is none."""
        self.claim()
        for run in self.runs:
            if run.name == name and not settings.differences([run.settings]):
                self.show(run)
                break
        else:
            self._show_new(settings, name)
        if self.can_go_on and self.has_settings(settings):
            self.train(settings)

    @_in_one_piece
    def pause(self) -> None:
        """Stop after the slice that is under way, and write it down."""
        run = self.shown
        if run is not None and run.wanted:
            run.wanted = False
            run.claim()
            run.measure()
            self.runs.save(run)

    def _pause_for_another(self) -> None:
        """Pause the run shown because another takes its place, and say so."""
        if self.shown is not None and self.shown.is_at_work:
            st.toast(f"“{self.shown.name}” is paused: press *Go on* in the list of runs.", icon=":material/pause:")
        self.pause()

    @_in_one_piece
    def one_batch(self, settings: Settings) -> None:
        """Take a single step, and measure what it has brought."""
        run = self._run_of(settings)
        if run is not None:
            self.runs.add(run)
            run.wanted = self.is_sweeping = False
            run.take_step()
            self.runs.save(run)

    @_in_one_piece
    def one_epoch(self, settings: Settings) -> None:
        """Train to the end of the current epoch."""
        run = self._run_of(settings)
        if run is not None:
            steps = run.trainer.steps_per_epoch
            self._begin(run, (run.trainer.step // steps + 1) * steps)

    @property
    def epochs_left(self) -> int:
        """How many epochs the run shown, having ended, can be trained for besides; 0 where it cannot."""
        run = self.shown
        if run is None or run.trainer.state != "finished":
            return 0
        return max(0, min(MORE_EPOCHS, MOST_EPOCHS - run.trainer.epochs))

    @_in_one_piece
    def more_epochs(self) -> None:
        """Train a run that has ended for some epochs more."""
        run, epochs = self.shown, self.epochs_left
        if run is not None and epochs:
            run.trainer.add_epochs(epochs)
            run.settings = replace(run.settings, epochs=run.trainer.epochs)
            self._begin(run, None)

    @_in_one_piece
    def start_over(self, settings: Settings) -> None:
        """A new run, not yet begun; the one shown is kept."""
        self.claim()
        self._show_new(settings)

    def use_rate(self, rate: float) -> None:
        """Go on with another learning rate."""
        if self.shown is not None and self.can_go_on:
            self.shown.claim()
            self.shown.trainer.learning_rate = rate
            self.shown.settings = replace(self.shown.settings, rate=rate)

    def move_on(self) -> None:
        """Train the run shown for one slice, unless it was paused just now."""
        if self.shown is not None and self.at_work == "run":
            self.shown.move_on()
            self.runs.save_now_and_then(self.shown)

    def rest(self) -> None:
        """The run shown has come to where it was to stop: write it down."""
        run = self.shown
        if run is not None and run.wanted:
            run.wanted = False
            if run.trainer.state == "training":
                run.trainer.record()
            self.runs.save(run)

    # The reader's runs

    @_in_one_piece
    def show(self, run: MnistRun) -> None:
        """Put one of the runs on screen; the one there before pauses."""
        if run in self.runs and run is not self.shown:
            self._pause_for_another()
            self._note_before()
            self.shown = run
            run.claim()

    def compare(self, run: MnistRun) -> None:
        """Draw a run's curve beside that of the one shown, or no longer."""
        run.compared = not run.compared
        self.runs.save(run)

    @_in_one_piece
    def remove(self, run: MnistRun) -> None:
        """Take a run away; until another is, it can be brought back."""
        if run not in self.runs:
            return
        if run is self.shown:
            self.pause()
            self.shown = None
        self.runs.remove(run)
        self.removed = run
        self.shown = self.shown or self.runs.newest

    @_in_one_piece
    def undo_remove(self) -> None:
        """Bring the run back that was removed last."""
        if self.removed is not None:
            run, self.removed = self.removed, None
            self.bring_back(run)

    @_in_one_piece
    def bring_back(self, run: MnistRun) -> None:
        """Show a run that comes from elsewhere; it is one of the reader's from now on."""
        self._pause_for_another()
        self.is_sweeping = False
        self.runs.add(run)
        self.runs.save(run)
        self.shown = run

    # The sweep

    def begin_sweep(self, settings: Settings, swept: Mapping[str, Sequence[Any]]) -> None:
        """A new sweep; the single run waits."""
        self.sweep = Sweep(settings, swept)
        self.go_on_with_sweep()

    def go_on_with_sweep(self) -> None:
        """Train from where the sweep stands; the single run waits."""
        self._pause_for_another()
        self.is_sweeping = self.sweep is not None

    def stop_sweep(self) -> None:
        """Stop after the slice that is under way."""
        self.is_sweeping = False

    @_in_one_piece
    def keep(self, run: MnistRun) -> None:
        """Take a run of the sweep among the reader's own."""
        self.runs.add(run)
        self.runs.save(run)


def of_this_tab() -> Training:
    """What this tab trains; it outlives reruns and page switches. A new tab shows the run at work last.

    The controls show its settings, unless the address says others.
    """
    if "ex23_3_training" not in st.session_state:
        runs = readers_runs()
        named = st.query_params.get(_RUN)
        run = next((run for run in runs if str(run.number) == named), runs.newest)
        step = None if run is None else run.trainer.step
        st.session_state["ex23_3_training"] = Training(runs, run, found=(run, step))
        bring_back_drawing(runs.folder)
        if run is not None:
            values = values_of(run.settings)
            if values.keys().isdisjoint(st.query_params):
                st.session_state.update(values)
                _name_unusual(values)
    training: Training = st.session_state["ex23_3_training"]
    training.claim()
    return training


def _name_unusual(values: Mapping[str, Any]) -> None:
    """Have what controls hold in the address, as far as it is not what they begin with.

    One that is set before it is first drawn does not come there by itself. If the reader then moves another, and
    reloads the page, the address would know of that one alone, and all others would begin anew.
    """
    usual = values_of(Settings())
    for key, value in values.items():
        if value != usual.get(key):
            name_in_address(key, str(value).lower() if isinstance(value, bool) else str(value))


def name_run_in_address(training: Training) -> None:
    """Where the run shown is not the newest, say so in the address: a reload shows it again."""
    run = training.shown
    older = run if run in training.runs and run is not training.runs.newest else None
    name_in_address(_RUN, None if older is None else str(older.number))
