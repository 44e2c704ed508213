"""The runs of page 23.3: built from its settings, told apart by them, compared in tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nnlib import Dataset, Network, Trainer, load_digits, load_mnist
from nnlib.chapter23.printed_program import OPTIMIZERS
from pages.ex23_3.settings import DIGITS, FULL, Settings
from pages.shared.numbers import number, percent
from pages.shared.run import Run, use_one_blas_thread


def load_data(name: str, rows: int | str = FULL) -> Dataset:
    """The data set of that name on the page, with its first `rows` training rows or all of them."""
    data = load_digits() if name == DIGITS else load_mnist(name.removeprefix("MNIST, ").removesuffix(" split"))
    return data if rows == FULL else data.first(min(int(rows), len(data.X_train)))


def new_run(settings: Settings) -> Run:
    """A run that has not begun, from the settings of page 23.3."""
    use_one_blas_thread()
    data = load_data(settings["data"], settings["rows"])
    sizes = (data.X_train.shape[1], *settings["hidden"], data.Y_train.shape[1])
    network = Network(
        sizes,
        settings["activation"],
        settings["loss"],
        settings["init"],
        np.float32,
        random_state=settings["seed"],
        batch_norm=settings["batch_norm"] != "off",
        ddof=0 if settings["batch_norm"] == "n" else 1,
        keep_prob=settings["keep"],
        inverted=settings["dropout"] != "plain",
    )
    trainer = Trainer(
        network,
        data,
        settings["batch"],
        settings["rate"],
        OPTIMIZERS[settings["optimizer"]],
        settings["schedule"],
        settings["epochs"],
        measure_every=measuring_interval(len(data.X_train), settings["batch"], settings["epochs"]),
        random_state=settings["seed"],
    )
    return Run(dict(settings), trainer)


def measuring_interval(rows: int, batch: int, epochs: int) -> float:
    """Epochs between two points of the curves: often enough to see, seldom enough to cost little time.

    On full MNIST a measurement takes 40 ms, an epoch 0.3 s in large batches and 3 s one sample at a time. The
    first epoch has a few points more. No curve has more than about 200 points.
    """
    often = 1.0 if rows <= 20_000 or batch > 8 else 0.5 if batch > 1 else 0.25
    return max(often, epochs / 200)


def differences(settings: Settings, others: Sequence[Settings]) -> dict[str, Any]:
    """The entries of `settings` in which it differs from at least one of `others`."""
    return {name: value for name, value in settings.items() if any(value != other[name] for other in others)}


def plain_value(value: Any) -> Any:
    """A setting as one cell of a table: sizes and keep probabilities of several layers joined by "-"."""
    return "-".join(f"{part:g}" for part in value) or "none" if isinstance(value, tuple) else value


def describe(name: str, value: Any) -> str:
    """One setting in words, such as "batch 64"."""
    value = plain_value(value)
    return f"{name.replace('_', ' ')} {f'{value:g}' if isinstance(value, float) else value}"


def what_differs(settings: Settings, others: Sequence[Settings]) -> str:
    """In words, what sets these settings apart from the others."""
    differing = differences(settings, others)
    return ", ".join(describe(name, value) for name, value in differing.items()) or "same settings"


def readable_points(points: pd.DataFrame) -> pd.DataFrame:
    """`curve_points` with numbers written as on every page."""
    return points.assign(loss=points["loss"].map(number), accuracy=points["accuracy"].map(percent))


def gradient_points(trainer: Trainer) -> pd.DataFrame:
    """RMS gradient of each layer's weights at each measurement."""
    rows = [
        {"epoch": m.epoch, "layer": f"layer {t}", "RMS gradient": rms, "RMS weight": weight}
        for m in trainer.history
        for t, (rms, weight) in enumerate(zip(m.gradient_rms, m.weight_rms, strict=True), start=1)
    ]
    return pd.DataFrame(rows, columns=["epoch", "layer", "RMS gradient", "RMS weight"])


def results_table(runs: Mapping[str, Run]) -> pd.DataFrame:
    """Settings and results, one row a run, numbers as numbers (for a CSV file)."""
    rows = []
    everything = [run.settings for run in runs.values()]
    for name, run in runs.items():
        trainer, last = run.trainer, run.trainer.history[-1] if run.trainer.history else None
        settings = {
            key: "-".join(f"{part:g}" for part in v) if isinstance(v, tuple) else v
            for key, v in run.settings.items()
        }
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
            }
        )
    return pd.DataFrame(rows)


def readable_results(table: pd.DataFrame) -> pd.DataFrame:
    """`results_table` with numbers written as on every page."""
    shown = table.copy()
    for name in ("test accuracy", "train accuracy"):
        shown[name] = [percent(x) if np.isfinite(x) else "–" for x in table[name]]
    for name in ("test loss", "train loss", "epoch", "seconds", "rate"):
        if name in table:
            shown[name] = [number(x) for x in table[name]]
    return shown.astype(str)
