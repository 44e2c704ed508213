"""The runs of page 23.3: built from its settings, told apart by them, compared in tables."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from nnlib import Dataset, Network, Trainer, datasets, load_digits, load_mnist
from nnlib.chapter23.printed_program import OPTIMIZERS
from pages.ex23_3.settings import DIGITS, FULL, Settings, describe
from pages.shared.numbers import percent
from pages.shared.run import Run, use_one_blas_thread

MnistRun = Run[Settings]
ACCURACIES = {"test accuracy": percent, "train accuracy": percent}  # how `results_table` is written


def load_data(settings: Settings) -> Dataset:
    """The data set on the page, with as many training rows as are used."""
    if settings.data == DIGITS:
        data = load_digits()
    else:
        data = load_mnist(settings.data.removeprefix("MNIST, ").removesuffix(" split"))
    return data if settings.rows == FULL else data.first(settings.training_pictures)


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


def new_run(settings: Settings) -> MnistRun:
    """A run that has not begun."""
    use_one_blas_thread()
    data = load_data(settings)
    network = Network(
        (data.X_train.shape[1], *settings.hidden, data.Y_train.shape[1]),
        activation=settings.activation,
        loss=settings.loss,
        init=settings.init,
        dtype=np.float32,
        random_state=settings.seed,
        batch_norm=settings.batch_norm != "off",
        ddof=0 if settings.batch_norm == "n" else 1,
        keep_prob=settings.keep,
        inverted=settings.dropout != "plain",
    )
    trainer = Trainer(
        network,
        data,
        batch_size=settings.batch,
        learning_rate=settings.rate,
        optimizer=OPTIMIZERS[settings.optimizer],
        schedule=settings.schedule,
        epochs=settings.epochs,
        measure_every=measuring_interval(settings),
        random_state=settings.seed,
    )
    return Run(settings, trainer)


def measuring_interval(settings: Settings) -> float:
    """Epochs between two points of the curves: often enough to see, seldom enough to cost little time.

    On full MNIST a measurement takes 40 ms, an epoch 0.3 s in large batches and 3 s one sample at a time. The
    first epoch has a few points more. No curve has more than about 200 points.
    """
    few = settings.training_pictures <= 20_000 or settings.batch > 8
    often = 1.0 if few else 0.5 if settings.batch > 1 else 0.25
    return max(often, settings.epochs / 200)


def what_differs(settings: Settings, others: Sequence[Settings]) -> str:
    """In words, what sets these settings apart from the others."""
    differing = settings.differences(others)
    return ", ".join(describe(name, value) for name, value in differing.items()) or "same settings"


def gradient_points(trainer: Trainer) -> pd.DataFrame:
    """RMS gradient of each layer's weights at each measurement."""
    rows = [
        {"epoch": m.epoch, "layer": f"layer {t}", "RMS gradient": rms, "RMS weight": weight}
        for m in trainer.history
        for t, (rms, weight) in enumerate(zip(m.gradient_rms, m.weight_rms, strict=True), start=1)
    ]
    return pd.DataFrame(rows, columns=["epoch", "layer", "RMS gradient", "RMS weight"])


def results_table(runs: Mapping[str, MnistRun]) -> pd.DataFrame:
    """Settings and results, one row a run."""
    rows = []
    everything = [run.settings for run in runs.values()]
    for name, run in runs.items():
        trainer, last = run.trainer, run.trainer.history[-1] if run.trainer.history else None
        settings = {
            name: ", ".join(f"{part:g}" for part in value) if isinstance(value, tuple) else value
            for name, value in vars(run.settings).items()
        }  # 1-1 would be a date to a spreadsheet
        rows.append(
            {
                "run": name,
                "what differs": what_differs(run.settings, everything),
                "test accuracy": last.test_accuracy if last else float("nan"),
                "train accuracy": last.train_accuracy if last else float("nan"),
                "test loss": last.test_loss if last else float("nan"),
                "train loss": last.train_loss if last else float("nan"),
                "epoch": last.epoch if last else 0.0,
                "seconds": last.seconds if last else 0.0,
                "state": trainer.state,
                **settings,
                "rows": str(settings["rows"]),
            }
        )
    return pd.DataFrame(rows)
