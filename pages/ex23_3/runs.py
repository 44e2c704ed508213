"""The runs of page 23.3: built from its settings, named by them, compared in tables."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

from nnlib import Dataset, Network, Trainer, datasets, load_digits, load_mnist
from nnlib.chapter23.printed_program import AS_PRINTED, SummedBiasSGD, set_first_weights
from nnlib.measuring import Measurement
from pages.ex23_3.settings import DIGITS, DOUBLE, FULL, PRINTED_WEIGHTS, SHUFFLED, Settings, describe
from pages.shared.numbers import percent
from pages.shared.run import Run, use_one_blas_thread
from pages.shared.turns import SLICE_SECONDS

ACCURACIES = {"test accuracy": percent, "training accuracy": percent, "validation accuracy": percent}
MOST_LETTERS = 60  # of a run's name
TOLD_BY = ("batch", "rate")  # what names the settings that the page opens with
FOLLOWS = ("dropout", "patience")  # from other settings, as far as a name goes
WATCHED_STEPS = 200  # in which a reader's first run comes to read most digits
WATCH_SECONDS = 0.25
MEASURE_EVERY = 1.0  # seconds: on MNIST a measurement takes a tenth of one


@dataclass
class MnistRun(Run[Settings]):
    """A run with what the reader sees of it.

    Attributes
    ----------
    name : says what differs from the preset it comes nearest to, unless the reader has renamed it
    number : counts the reader's runs; its colour follows from it. 0 until it is among them
    compared : whether its curve is drawn beside that of the run shown
    wanted : whether it is to be trained whenever it is shown: the reader has pressed Train and not paused it
    now : measured between slices every second, for the end of its curves
    measured_at : when that was, by `perf_counter`
    saved_at : when it was last written to its file, by `perf_counter`
    is_watched : whether its first steps are so slow that a reader can see what each of them does
    """

    name: str = ""
    number: int = 0
    compared: bool = True
    wanted: bool = False
    now: Measurement | None = field(default=None, repr=False)
    measured_at: float = 0.0
    is_watched: bool = False
    saved_at: float = 0.0

    @property
    def measurements(self) -> list[Measurement]:
        """All that is known of how it went, the last slice included."""
        history = self.trainer.history
        is_new = self.now is not None and (not history or self.now.step > history[-1].step)
        return [*history, self.now] if is_new and self.now else list(history)

    @property
    def is_at_work(self) -> bool:
        """Whether it is being trained."""
        return self.wanted and not self.reached

    @property
    def is_slow(self) -> bool:
        """Whether it is in the steps that the reader is to see one by one."""
        return self.is_watched and self.trainer.step < WATCHED_STEPS

    @property
    def has_begun(self) -> bool:
        """Whether there is anything to lose."""
        return bool(self.trainer.history)

    @property
    def is_paused(self) -> bool:
        """Whether it can be gone on with."""
        return self.has_begun and self.trainer.state == "training" and not self.is_at_work

    @property
    def state(self) -> str:
        """Where it stands, such as "paused at 23 of 50" epochs."""
        if self.is_paused:
            return f"paused at {self.trainer.epoch:.3g} of {self.trainer.epochs}"
        return self.trainer.state

    def move_on(self, at_most: float = SLICE_SECONDS, trained_by: object = None) -> None:
        """Train for one slice; where the run is trained by itself, measure what has come of it."""
        if self.is_slow:
            self._move_slowly()
            return
        before = self.trainer.step
        super().move_on(at_most, trained_by)
        with self._slice:
            has_moved = self.trainer.step > before
            if has_moved and trained_by is None and perf_counter() - self.measured_at > MEASURE_EVERY:
                self.measure()

    def _move_slowly(self) -> None:
        """Take a few steps, more of them each time, and leave the reader time to see what has come of them."""
        if perf_counter() < self._rest_until:
            return
        with self._slice:
            if not self.reached:
                self.trainer.run_batches(max(1, self.trainer.step // 2))
                self.measure()
        self.rest(WATCH_SECONDS)

    def measure(self) -> None:
        """Note where it stands now, for the end of its curves and for what is said of it."""
        is_known = any(measured.step == self.trainer.step for measured in self.measurements[-1:])
        if self.trainer.state == "training" and not is_known:
            self.now, self.measured_at = self.trainer.measure(), perf_counter()

    def take_step(self) -> None:
        """Train on one batch, and note what has come of it."""
        self.trainer.run_batches(1)
        if self.trainer.state == "training":
            self.trainer.record()


def load_data(settings: Settings) -> Dataset:
    """The data set on the page, with as many training rows as are used."""
    if settings.data == DIGITS:
        data = load_digits()
    else:
        data = load_mnist(settings.data.removeprefix("MNIST, ").removesuffix(" split"))
    data = data if settings.rows == FULL else data.first(settings.pictures)
    return data.hold_out(settings.validation) if settings.validation else data


def why_unreadable(settings: Settings) -> str | None:
    """Why the pictures cannot be read, in plain words; None where they can."""
    if settings.data == DIGITS:
        return None
    path = datasets.MNIST_PATH
    try:
        _check_mnist(path, path.stat().st_mtime_ns if path.is_file() else 0)
    except OSError as error:
        return str(error)
    return None


@lru_cache(maxsize=1)
def _check_mnist(path: Path, changed: int) -> None:
    """Raise OSError unless the file is MNIST; looked into once, and again when it has changed."""
    datasets.read_mnist(path, ())


def new_run(settings: Settings, name: str = "") -> MnistRun:
    """A run that has not begun."""
    use_one_blas_thread()
    data = load_data(settings)
    sizes = (data.X_train.shape[1], *settings.hidden, data.Y_train.shape[1])
    printed = settings.init == PRINTED_WEIGHTS
    network = Network(
        sizes,
        activation=settings.activation,
        loss=settings.loss,
        init="normal" if printed else settings.init,
        dtype=np.float64 if settings.precision == DOUBLE else np.float32,
        random_state=settings.seed,
        batch_norm=settings.batch_norm != "off",
        ddof=0 if settings.batch_norm == "n" else 1,
        keep_prob=settings.keep,
        inverted=settings.dropout != "plain",
    )
    if printed:
        set_first_weights(network, settings.seed)
    return MnistRun(settings, new_trainer(network, data, settings), name=name)


def new_trainer(network: Network, data: Dataset, settings: Settings) -> Trainer:
    """A trainer as these settings say."""
    return Trainer(
        network,
        data,
        batch_size=settings.batch,
        learning_rate=settings.rate,
        optimizer=own_optimizer(settings) or settings.optimizer,
        schedule=settings.schedule,
        epochs=settings.epochs,
        l2=settings.l2,
        patience=settings.patience or None,
        shuffle=settings.order == SHUFFLED,
        measure_every=measuring_interval(settings),
        random_state=settings.seed,
    )


def own_optimizer(settings: Settings) -> type[SummedBiasSGD] | None:
    """The chapter's own optimizer where it is chosen; the library knows all others by name."""
    return SummedBiasSGD if settings.optimizer == AS_PRINTED else None


def measuring_interval(settings: Settings) -> float:
    """Epochs between two points of the curves: often enough to see, seldom enough to cost little time.

    On full MNIST a measurement takes 40 ms, an epoch 0.3 s in large batches and 3 s one sample at a time. The
    first epoch has a few points more. No curve has more than about 200 points.
    """
    few = settings.training_pictures <= 20_000 or settings.batch > 8
    often = 1.0 if few else 0.5 if settings.batch > 1 else 0.25
    often = max(often, settings.epochs / 200)
    return min(often, 1.0) if settings.patience else often


def what_differs(settings: Settings, others: Sequence[Settings]) -> str:
    """In words, what sets these settings apart from the others."""
    differing = settings.differences(others)
    return ", ".join(describe(name, value) for name, value in differing.items()) or "same settings"


def name_of(settings: Settings, known: Mapping[str, Settings]) -> str:
    """A run's name: what differs from the known settings it comes nearest to, such as "batch 8, η 0.1".

    Parameters
    ----------
    known : name → settings, of presets and runs; the first one needs no name beside what differs, and where
        nothing does, what it consists of is named: nobody may have chosen it
    """
    usual, *_ = known
    differing = {name: settings.differences([other.without_idle()]) for name, other in known.items()}
    nearest = min(known, key=lambda name: len(differing[name]))
    if nearest == usual and not differing[usual]:
        return ", ".join(describe(name, getattr(settings, name)) for name in TOLD_BY)
    parts = [nearest] if nearest != usual else []
    parts += [describe(name, value) for name, value in differing[nearest].items() if name not in FOLLOWS]
    name = ", ".join(parts)
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1].rstrip(', ')}…"


def unlike(name: str, taken: Collection[str]) -> str:
    """The name, with a number after it if it is taken."""
    same = [name, *(f"{name} ({k})" for k in range(2, len(taken) + 2))]
    return next(one for one in same if one not in taken)


def gradient_points(trainer: Trainer) -> pd.DataFrame:
    """RMS gradient of each layer's weights at each measurement."""
    rows = [
        {"epoch": m.epoch, "layer": f"layer {t}", "RMS gradient": rms, "RMS weight": weight}
        for m in trainer.history
        for t, (rms, weight) in enumerate(zip(m.gradient_rms, m.weight_rms, strict=True), start=1)
    ]
    return pd.DataFrame(rows, columns=["epoch", "layer", "RMS gradient", "RMS weight"])


def results_table(runs: Sequence[MnistRun]) -> pd.DataFrame:
    """Settings and results, one row a run."""
    rows = []
    everything = [run.settings for run in runs]
    for run in runs:
        last = run.measurements[-1] if run.measurements else None
        settings = {
            name: ", ".join(f"{part:g}" for part in value) if isinstance(value, tuple) else value
            for name, value in vars(run.settings).items()
        }  # 1-1 would be a date to a spreadsheet
        rows.append(
            {
                "run": run.name,
                "test accuracy": last.test_accuracy if last else float("nan"),
                "validation accuracy": last.validation_accuracy if last else float("nan"),
                "training accuracy": last.train_accuracy if last else float("nan"),
                "what differs": what_differs(run.settings, everything),
                "test loss": last.test_loss if last else float("nan"),
                "training loss": last.train_loss if last else float("nan"),
                "epoch": run.trainer.epoch if run.trainer.state == "diverged" or not last else last.epoch,
                "seconds": last.seconds if last else 0.0,
                "state": run.state,
                **settings,
                "rows": str(settings["rows"]),
                "rate": rates_in_words(run.trainer),
            }
        )
    return pd.DataFrame(rows)


def rates_in_words(trainer: Trainer) -> str:
    """The learning rate, and where it was changed on the way: "0.3, from step 1,200 on 0.1"."""
    (_, first), *later = trainer.rates
    return ", ".join([f"{first:g}", *(f"from step {step:,} on {rate:g}" for step, rate in later)])
