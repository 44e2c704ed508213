"""The reader's runs: in memory while the app runs, and each in a file of its own, so that no run is ever lost."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import streamlit as st

from nnlib.saving import load_checkpoint, load_network, save_checkpoint
from pages.ex23_3.file_settings import settings_of
from pages.ex23_3.runs import MOST_LETTERS, MnistRun, load_data, own_optimizer, unlike, why_unreadable
from pages.ex23_3.settings import Settings
from pages.shared.readers_folder import readers_folder

FILE_NAME = re.compile(r"run-\d{4}\.npz")
MOST_RUNS = 24
MOST_MEGABYTES = 200
SAVE_EVERY = 5.0  # seconds of a run at work: what a killed server has to train again


@dataclass
class RunFolder:
    """All runs of the reader, by number. Every tab of this process shows the same ones.

    Parameters
    ----------
    folder : where each run has its file, or None to keep them in memory only

    Attributes
    ----------
    runs : number → run, oldest first
    problems : what could not be read, in sentences for the reader
    """

    folder: Path | None
    runs: dict[int, MnistRun] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def __post_init__(self) -> None:
        for file in self._files():
            try:
                run = read_run(file)
            except (ValueError, OSError) as error:
                self.problems.append(f"{error} It is {file}; it was left as it is.")
            else:
                run.name = unlike(run.name, self.names)
                self.runs[run.number] = run

    def _files(self) -> list[Path]:
        if self.folder is None or not self.folder.is_dir():
            return []
        return sorted(file for file in self.folder.iterdir() if FILE_NAME.fullmatch(file.name))

    def _file(self, number: int) -> Path:
        assert self.folder is not None
        return self.folder / f"run-{number:04d}.npz"

    def _next_number(self) -> int:
        """One that neither a run has nor a file, such as one that could not be read."""
        number = max(self.runs, default=0) + 1
        while self.folder is not None and self._file(number).exists():
            number += 1
        return number

    def __iter__(self) -> Iterator[MnistRun]:
        return iter(list(self.runs.values()))

    @property
    def names(self) -> list[str]:
        """Of all runs."""
        return [run.name for run in self]

    @property
    def newest(self) -> MnistRun | None:
        """The run that was at work last."""
        return max(self, key=lambda run: (run.wanted, run.saved_at, run.number), default=None)

    @property
    def megabytes(self) -> float:
        """What the files take."""
        return sum(file.stat().st_size for file in self._files()) / 1e6

    @property
    def is_full(self) -> bool:
        """Whether one has to go before another can be kept."""
        return len(self.runs) >= MOST_RUNS or self.megabytes > MOST_MEGABYTES

    def add(self, run: MnistRun) -> None:
        """Take a run among the reader's own; its number and, if need be, its name are new."""
        with self._lock:
            if run in self:
                return
            run.number = self._next_number()
            run.name = unlike(run.name, self.names)
            self.runs[run.number] = run

    def __contains__(self, run: object) -> bool:
        return any(run is other for other in self)

    def remove(self, run: MnistRun) -> None:
        """Forget a run, and delete its file."""
        with self._lock:
            if self.runs.get(run.number) is run:
                del self.runs[run.number]
                if self.folder is not None:
                    self._file(run.number).unlink(missing_ok=True)

    def rename(self, run: MnistRun, name: str) -> None:
        """Give a run another name; an empty one is none."""
        name = " ".join(name.split())[:MOST_LETTERS]
        if name and name != run.name:
            run.name = unlike(name, [other for other in self.names if other != run.name])
            self.save(run)

    def save(self, run: MnistRun) -> None:
        """Write a run's file anew. What cannot be written is said among the problems, and training goes on."""
        run.saved_at = perf_counter()
        if self.folder is None or not run.has_begun or run not in self:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            save_checkpoint(self._file(run.number), run.trainer, settings_to_keep(run))
        except (OSError, ValueError) as error:
            problem = f"“{run.name}” could not be written to {self.folder}: {error}"
            if problem not in self.problems:
                self.problems.append(problem)

    def save_now_and_then(self, run: MnistRun) -> None:
        """Write the file of a run at work, if that was some time ago."""
        if perf_counter() - run.saved_at > SAVE_EVERY:
            self.save(run)


def settings_to_keep(run: MnistRun) -> dict[str, object]:
    """What a run's file says of it besides its training."""
    kept = {name: getattr(run, name) for name in ("name", "compared", "wanted")}
    return {**vars(run.settings), **kept}


def read_run(file: Path) -> MnistRun:
    """The run of a file of this folder.

    Raises
    ------
    ValueError
        If it is damaged or of another kind; the message is for the reader.
    OSError
        If it or the pictures it was trained on cannot be read.
    """
    saved = load_network(file)
    settings = settings_of(saved, Settings())
    unreadable = why_unreadable(settings)
    if unreadable is not None:
        raise OSError(unreadable)
    trainer = load_checkpoint(file, load_data(settings), own_optimizer(settings)).trainer
    said = saved.settings
    run = MnistRun(
        settings,
        trainer,
        name=str(said.get("name") or file.stem)[:80],
        number=int(file.stem.removeprefix("run-")),
        compared=said.get("compared") is not False,
        wanted=said.get("wanted") is True,
    )
    run.measure()  # where it was interrupted
    return run


@st.cache_resource(show_spinner="Looking for your runs …")
def _runs_in(folder: Path) -> RunFolder:
    return RunFolder(folder)


def readers_runs() -> RunFolder:
    """The reader's runs; where they are not to be kept in a folder, those of this tab alone."""
    folder = readers_folder()
    if folder is None:
        in_memory: RunFolder = st.session_state.setdefault("ex23_3_runs", RunFolder(None))
        return in_memory
    return _runs_in(folder)
