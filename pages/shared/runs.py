"""Training runs as the reader sees them: built from settings, moved on in slices, compared with each other."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from time import perf_counter, sleep
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st
from threadpoolctl import threadpool_limits

from nnlib import Dataset, Network, Trainer, load_digits, load_mnist
from pages.ex23_3.hyperparameters import DIGITS, FULL, Settings
from pages.shared.charts import Spec, fill, meaning_color
from pages.shared.numbers import number, percent

SLICE_SECONDS = 0.4  # of training between two pictures: long enough to train, short enough to watch
SHORTEST_SLICE = 0.1  # when many tabs train at once
ROUND_SECONDS = 0.4  # a tab's slice and picture: with n tabs training, each is drawn every n · this
RECENT_SECONDS = 5.0  # a tab that has asked for a turn since then counts as training
REST_SECONDS = 2.0  # at most, without training, from the moment the reader puts the pen down


class Turns:
    """Lets the tabs of this process train one at a time, in slices that shrink as more of them train.

    Two trainings at once would halve each other's speed and leave no core for the pages. Drawing takes time as
    well, in Python and in the browser: the more tabs train, the longer each waits for its next turn.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[int, float] = {}
        self._had: dict[int, float] = {}

    @contextmanager
    def taken(self, who: int, given_up: Callable[[], bool]) -> Iterator[float]:
        """Wait for a turn; its length in seconds, or 0 where it was given up or did not come in time."""
        now = perf_counter()
        self._asked = {k: t for k, t in self._asked.items() if now - t < RECENT_SECONDS} | {who: now}
        tabs = len(self._asked)
        due = self._had.get(who, 0.0) + ROUND_SECONDS * (tabs - 1)
        mine = False
        while not (mine or given_up() or perf_counter() > max(due, now) + ROUND_SECONDS * tabs):
            if perf_counter() < due:
                sleep(0.02)
            else:
                mine = self._lock.acquire(timeout=0.02)
        try:
            yield max(SHORTEST_SLICE, SLICE_SECONDS / tabs) if mine else 0.0
        finally:
            if mine:
                self._had = {k: t for k, t in self._had.items() if k in self._asked} | {who: perf_counter()}
                self._lock.release()


_turns = Turns()


@dataclass
class Run:
    """A trainer with the settings it was made from.

    Attributes
    ----------
    settings : as from the page's controls
    trainer : where it stands
    stop_at : step at which to pause by itself, or None for the end

    A click makes Streamlit start the page in a new thread at once, while the old one may be in the middle of
    a slice. The two must not train, or look into, the same network: `claim` before touching the trainer.
    """

    settings: dict[str, Any]
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
        with self._slice, _turns.taken(id(trained_by or self), self._click.is_set) as seconds:
            if seconds and not self.reached:
                self.trainer.run_for(min(seconds, at_most), self.stop_at, interrupted=self._click.is_set)

    def rest(self, seconds: float = REST_SECONDS) -> None:
        """Train no further slice for a while: a part of the page that runs alone waits for the whole slice."""
        self._rest_until = perf_counter() + seconds

    @property
    def reached(self) -> bool:
        """Whether there is nothing left to do for now."""
        return self.trainer.state != "training" or (self.stop_at is not None and self.trainer.step >= self.stop_at)


@st.cache_resource
def use_one_blas_thread() -> None:
    """Keep matrix products to one thread for the whole process, as `Trainer` does for its own.

    Where several tabs train, one trainer's end would give another's products a second thread back.
    """
    threadpool_limits(1, "blas")


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
        settings["optimizer"],
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


def progress(trainer: Trainer) -> tuple[float, str]:
    """Share done, and where the run stands in words: epoch, speed, time left."""
    share = trainer.step / trainer.total_steps
    words = [f"Epoch {trainer.epoch:.2f} of {trainer.epochs}"]
    if trainer.seconds > 0:
        speed = trainer.epoch * len(trainer.data.X_train) / trainer.seconds
        words.append(f"{speed:,.0f} samples per second")
        words.append(f"{trainer.seconds:.1f} s of training")
        if trainer.state == "training":
            words.append(f"about {trainer.seconds * (1 - share) / share:.0f} s left")
    return share, " · ".join(words)


def curve_points(runs: Mapping[str, Run]) -> pd.DataFrame:
    """One row a run, measurement and part ("train" or "test")."""
    rows = [
        {
            "run": name,
            "epoch": m.epoch,
            "seconds": m.seconds,
            "data": part,
            "loss": m.train_loss if part == "train" else m.test_loss,
            "accuracy": m.train_accuracy if part == "train" else m.test_accuracy,
        }
        for name, run in runs.items()
        for m in run.trainer.history
        for part in ("train", "test")
    ]
    return pd.DataFrame(rows, columns=["run", "epoch", "seconds", "data", "loss", "accuracy"])


def readable_points(points: pd.DataFrame) -> pd.DataFrame:
    """`curve_points` with numbers written as on every page."""
    return points.assign(loss=points["loss"].map(number), accuracy=points["accuracy"].map(percent))


def curves_chart(points: pd.DataFrame, y: str, x: str, names: Sequence[str], zoom: bool = False) -> Spec:
    """Train and test curves of `y` ("loss" or "accuracy") over `x` ("epoch" or "seconds").

    Colour tells training data from test data; the first run is solid, the others are dashed.
    """
    return fill(_curves_template(y, x, tuple(names), zoom), points=points)


@cache
def _curves_template(y: str, x: str, names: tuple[str, ...], zoom: bool) -> Spec:
    titles = {"epoch": "epochs (passes over the training rows)", "seconds": "training time (s)"}
    axis = alt.Axis(format=".0%" if zoom is False else ".1%") if y == "accuracy" else alt.Axis()
    scale = alt.Scale(domain=[0.9, 1.0]) if zoom else alt.Scale(zero=y == "loss")
    base = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X(f"{x}:Q", title=titles[x]),
        y=alt.Y(f"{y}:Q", title="loss per sample (nats)" if y == "loss" else "accuracy", axis=axis, scale=scale),
        color=meaning_color("data", ["train", "test"]),
        tooltip=[
            alt.Tooltip("run:N"),
            alt.Tooltip("data:N"),
            alt.Tooltip("epoch:Q", format=".2f"),
            alt.Tooltip("seconds:Q", format=".2f"),
            alt.Tooltip(f"{y}:Q", format=".4f"),
        ],
    )
    dash = alt.StrokeDash(
        "run:N",
        scale=alt.Scale(domain=list(names), range=[[1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [12, 4], [4, 6]]),
        legend=alt.Legend(
            title=None, orient="bottom", symbolSize=400, columns=3 if max(map(len, names)) < 12 else 1
        )
        if len(names) > 1
        else None,
    )
    lines = base.mark_line(strokeWidth=2, clip=True).encode(strokeDash=dash)
    height = 260 + (20 * len(names) + 20 if len(names) > 1 else 0)
    return alt.LayerChart(layer=[lines, base.mark_point(size=14, filled=True, clip=True)], height=height).to_dict()


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


def show_progress(trainer: Trainer) -> None:
    """The progress bar, and in plain words why a run has diverged."""
    share, words = progress(trainer)
    st.progress(share, text=words)
    if trainer.history:
        last = trainer.history[-1]
        test = "" if np.isnan(last.test_accuracy) else f"on test data **{percent(last.test_accuracy)}**, "
        st.markdown(f"Accuracy {test}on training data {percent(last.train_accuracy)}")
    if trainer.state == "diverged":
        st.error(trainer.problem, icon=":material/trending_up:")
