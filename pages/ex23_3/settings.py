"""What page 23.3 lets the reader choose: the values of each hyperparameter, and what one of them alone changes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from nnlib.activations import ACTIVATIONS
from nnlib.chapter23.printed_program import OPTIMIZERS
from nnlib.losses import LOSSES
from nnlib.network import INITIALIZERS
from nnlib.training import SCHEDULES

DIGITS = "digits 8×8"
DATA = ["MNIST, source split", "MNIST, standard split", DIGITS]
FULL = "all"
ROWS: list[int | str] = [1000, 2000, 5000, 10_000, 20_000, FULL]
BATCHES = [2**k for k in range(10)]
RATES = [float(f"{m * 10.0**k:.0e}") for k in range(-4, 2) for m in (1, 2, 3, 4, 5)] + [100.0]
SWEPT_RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]  # a choice of them for a sweep
SIZES = (100, 50, 50, 50, 50)
MOST_LAYERS = len(SIZES)
BATCH_NORMS = ["off", "n−1", "n"]

Settings = Mapping[str, Any]


class Hyperparameter(NamedTuple):
    """One that a sweep can vary: its name on an axis, the values there are, and those chosen at first."""

    title: str
    values: Sequence[Any]
    usual: Sequence[Any]


HYPERPARAMETERS = {
    "batch": Hyperparameter("batch size", BATCHES, [16, 64, 256]),
    "keep": Hyperparameter("keep probability p", [round(0.1 * k, 1) for k in range(1, 11)], [0.6, 0.8, 1.0]),
    "rate": Hyperparameter("learning rate η", SWEPT_RATES, [0.03, 0.1, 0.3]),
    "layers": Hyperparameter("hidden layers", range(MOST_LAYERS + 1), [1, 2, 3]),
    "neurons": Hyperparameter("neurons in each hidden layer", [5, 10, 20, 50, 100, 200, 400], [10, 50, 200]),
    "rows": Hyperparameter("training pictures used", ROWS, [1000, 5000, 20_000]),
    "batch_norm": Hyperparameter("batch normalisation", BATCH_NORMS, ["off", "n−1"]),
    "activation": Hyperparameter("activation", list(ACTIVATIONS), list(ACTIVATIONS)),
    "loss": Hyperparameter("output and loss", list(LOSSES), list(LOSSES)),
    "init": Hyperparameter("first weights", list(INITIALIZERS), list(INITIALIZERS)),
    "optimizer": Hyperparameter("optimizer", list(OPTIMIZERS), ["sgd", "momentum", "adam"]),
    "schedule": Hyperparameter("learning rate over time", list(SCHEDULES), list(SCHEDULES)),
    "seed": Hyperparameter("seed", range(10), [0, 1, 2]),
}


def of_most_layers(settings: Settings) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Sizes and keep probabilities of as many hidden layers as there can be: the reader's, then the usual ones."""
    hidden, keep = settings["hidden"], settings["keep"]
    return (*hidden, *SIZES[len(hidden) :]), (*keep, *(1.0,) * (MOST_LAYERS - len(keep)))


def with_value(settings: Settings, name: str, value: Any) -> dict[str, Any]:
    """The settings with one of `HYPERPARAMETERS` changed; keep probability and neurons mean every hidden layer."""
    if name == "layers":
        sizes, keep = of_most_layers(settings)
        return {**settings, "hidden": sizes[:value], "keep": keep[:value]}
    if name in ("neurons", "keep"):
        return {**settings, "hidden" if name == "neurons" else "keep": (value,) * len(settings["hidden"])}
    return {**settings, name: value}


def without_idle(settings: Settings) -> dict[str, Any]:
    """The settings with those that have no effect beside the others set to "none" or "off"."""
    return {
        **settings,
        "dropout": settings["dropout"] if min(settings["keep"], default=1.0) < 1 else "none",
        "batch_norm": settings["batch_norm"] if settings["hidden"] else "off",
    }


def has_no_variance(settings: Settings) -> bool:
    """Whether batch normalisation would divide by n − 1 in batches of a single picture."""
    return bool(settings["hidden"] and settings["batch_norm"] == "n−1" and settings["batch"] == 1)
