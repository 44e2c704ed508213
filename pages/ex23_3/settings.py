"""The settings of page 23.3, each declared once, and what one of them alone changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from nnlib.activations import ACTIVATIONS
from nnlib.chapter23.printed_program import OPTIMIZERS
from nnlib.losses import LOSSES
from nnlib.network import INITIALIZERS
from nnlib.training import SCHEDULES

DIGITS = "digits 8×8"
TRAINING_PICTURES = {"MNIST, source split": 56_000, "MNIST, standard split": 60_000, DIGITS: 1437}
DATA = list(TRAINING_PICTURES)
FULL = "all"
ROWS: list[int | str] = [1000, 2000, 5000, 10_000, 20_000, FULL]
BATCHES = [2**k for k in range(10)]
RATES = [float(f"{m * 10.0**k:.0e}") for k in range(-4, 2) for m in (1, 2, 3, 4, 5)] + [100.0]
SWEPT_RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]  # a choice of them for a sweep
SIZES = (100, 50, 50, 50, 50)
MOST_LAYERS = len(SIZES)
BATCH_NORMS = ["off", "n−1", "n"]
DROPOUTS = ["inverted", "plain"]
MOST_EPOCHS, MOST_NEURONS, LARGEST_SEED = 100, 512, 9999
PENALTIES = [0.0, 0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]
VALIDATION_SHARES = [0.0, 0.1, 0.2, 0.3]
PATIENCES = [0, 1, 2, 3, 5, 10]
SHUFFLED, AS_STORED = "fresh each epoch", "as stored"
ORDERS = [SHUFFLED, AS_STORED]
SINGLE, DOUBLE = "single", "double"
PRECISIONS = [SINGLE, DOUBLE]
PRINTED_WEIGHTS = "as printed"
FIRST_WEIGHTS = [*INITIALIZERS, PRINTED_WEIGHTS]


@dataclass(frozen=True)
class Settings:
    """What a run is made from. The defaults are those of the page's controls.

    Attributes
    ----------
    data : one of `DATA`
    rows : training pictures used, or "all"; where there are fewer, all
    hidden : neurons of each hidden layer
    keep : keep probability p of each hidden layer
    dropout : one of `DROPOUTS`, or "none"
    batch_norm : what the variance divides by, or "off"
    activation, loss : of the network, as in `nnlib.Network`
    init : its first weights, one of `FIRST_WEIGHTS`
    batch, rate, optimizer, schedule, epochs, l2 : of its training, as in `nnlib.Trainer`
    validation : share of the training pictures that is held out to judge by
    patience : epochs without a better validation accuracy after which training stops early; 0 is never
    order : in which the pictures are met, one of `ORDERS`
    precision : of all numbers, one of `PRECISIONS`
    seed : of the first weights, and of the order of the pictures
    """

    data: str = DATA[0]
    rows: int | str = FULL
    hidden: tuple[int, ...] = SIZES[:2]
    keep: tuple[float, ...] = (1.0, 1.0)
    dropout: str = DROPOUTS[0]
    batch_norm: str = "off"
    activation: str = "relu"
    loss: str = "softmax cross-entropy"
    init: str = "he"
    batch: int = 32
    rate: float = 0.3
    optimizer: str = "sgd"
    schedule: str = "cosine"
    epochs: int = 10
    l2: float = 0.0
    validation: float = 0.0
    patience: int = 0
    order: str = SHUFFLED
    precision: str = SINGLE
    seed: int = 0

    @property
    def pictures(self) -> int:
        """How many there are to train on, with those that are held out."""
        most = TRAINING_PICTURES[self.data]
        return most if isinstance(self.rows, str) else min(self.rows, most)

    @property
    def training_pictures(self) -> int:
        """How many there are to train on."""
        return self.pictures - int(self.validation * self.pictures)

    @property
    def drops(self) -> bool:
        """Whether neurons are dropped at all."""
        return min(self.keep, default=1.0) < 1

    @property
    def has_no_variance(self) -> bool:
        """Whether batch normalisation would be given batches of a single picture."""
        return bool(self.hidden and self.batch_norm != "off" and self.batch == 1)

    @property
    def of_most_layers(self) -> tuple[tuple[int, ...], tuple[float, ...]]:
        """Sizes and keep probabilities of as many hidden layers as there can be: these, then the usual ones."""
        return (*self.hidden, *SIZES[len(self.hidden) :]), (*self.keep, *(1.0,) * (MOST_LAYERS - len(self.keep)))

    def with_value(self, name: str, value: Any) -> "Settings":
        """With one of `HYPERPARAMETERS` changed; keep probability and neurons mean every hidden layer."""
        if name == "layers":
            sizes, keep = self.of_most_layers
            return replace(self, hidden=sizes[:value], keep=keep[:value])
        if name == "neurons":
            return replace(self, hidden=(value,) * len(self.hidden))
        if name == "keep":
            return replace(self, keep=(value,) * len(self.hidden))
        return replace(self, **{name: value})

    def without_idle(self) -> "Settings":
        """With those that have no effect beside the others set to "none" or "off"."""
        return replace(
            self,
            dropout=self.dropout if self.drops else "none",
            batch_norm=self.batch_norm if self.hidden else "off",
            patience=self.patience if self.validation else 0,
        )

    def differences(self, others: Iterable["Settings"]) -> dict[str, Any]:
        """Those in which they differ from at least one of `others`, by name.

        Where no neuron is dropped, keep probabilities are alike, however many there are.
        """
        others = list(others)
        return {
            name: value
            for name, value in vars(self).items()
            if any(
                value != getattr(other, name) and (name != "keep" or self.drops or other.drops) for other in others
            )
        }

    def as_controls(self) -> dict[str, Any]:
        """The values of the page's controls by name: every layer there can be has a size and a p of its own.

        Of what a control cannot show, such as a learning rate set in the terminal, it gets the nearest.
        """
        values = {name: value for name, value in vars(self).items() if name not in ("hidden", "keep")}
        sizes, keep = self.of_most_layers
        for t in range(1, MOST_LAYERS + 1):
            p = max(0.05, round(20 * keep[t - 1]) / 20)
            values |= {f"size{t}": min(sizes[t - 1], MOST_NEURONS), f"keep{t}": p}
        for name, there_are in {"rate": RATES, "batch": BATCHES, "l2": PENALTIES, "patience": PATIENCES}.items():
            values[name] = _nearest(there_are, values[name])
        values["validation"] = _nearest(VALIDATION_SHARES, self.validation)
        values["dropout"] = self.dropout if self.dropout in DROPOUTS else DROPOUTS[0]
        values["epochs"], values["seed"] = min(self.epochs, MOST_EPOCHS), min(self.seed, LARGEST_SEED)
        return values | {"layers": min(len(self.hidden), MOST_LAYERS)}


def _nearest(there_are: Sequence[Any], value: Any) -> Any:
    return min(there_are, key=lambda one: abs(one - value))


def plain_value(value: Any) -> Any:
    """A setting as one cell of a table: sizes and keep probabilities of several layers joined by "-"."""
    return "-".join(f"{part:g}" for part in value) or "none" if isinstance(value, tuple) else value


WORDS = {
    "rate": "η",
    "hidden": "layers",
    "keep": "keep p",
    "init": "first weights",
    "batch_norm": "batch norm",
    "l2": "L2",
    "rows": "pictures",
    "data": "",
    "activation": "",
    "loss": "",
    "optimizer": "",
    "schedule": "η",
    "order": "order",
}


COUNTED = {"rows": "pictures", "epochs": "epochs"}  # what is said behind a number


def describe(name: str, value: Any) -> str:
    """One setting in words, such as "batch 64" or "η 0.1"; some values need no name before them."""
    if name == "hidden" and value == SIZES[: len(value)]:
        return f"{len(value)} hidden layer{'s' * (len(value) != 1)}"
    value = plain_value(value)
    if name in COUNTED and isinstance(value, int):
        return f"{value:,} {COUNTED[name]}"
    return f"{WORDS.get(name, name)} {f'{value:g}' if isinstance(value, float) else value}".strip()


def describe_all(changed: Mapping[str, Any]) -> list[str]:
    """Each setting in words; a learning rate that is new and constant is one."""
    if "rate" in changed and changed.get("schedule") == "constant":
        changed = {name: value for name, value in changed.items() if name != "schedule"}
        return [describe(name, value) + " throughout" * (name == "rate") for name, value in changed.items()]
    return [describe(name, value) for name, value in changed.items()]


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
    "init": Hyperparameter("first weights", FIRST_WEIGHTS, list(INITIALIZERS)),
    "optimizer": Hyperparameter("optimizer", list(OPTIMIZERS), ["sgd", "momentum", "adam"]),
    "schedule": Hyperparameter("learning rate over time", list(SCHEDULES), list(SCHEDULES)),
    "l2": Hyperparameter("L2 penalty λ", PENALTIES, [0.0, 0.1, 1.0]),
    "seed": Hyperparameter("seed", range(10), [0, 1, 2]),
}
