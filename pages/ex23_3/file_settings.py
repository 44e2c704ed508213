"""What a file says of how its network was trained, believed only as far as it can be."""

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any

from nnlib.chapter23.printed_program import OPTIMIZERS
from nnlib.saving import SavedNetwork
from nnlib.training import SCHEDULES
from pages.ex23_3.settings import (
    DATA,
    DIGITS,
    DOUBLE,
    FULL,
    ORDERS,
    PRECISIONS,
    PRINTED_WEIGHTS,
    ROWS,
    SINGLE,
    TRAINING_PICTURES,
    Settings,
)

DATA_OF_INPUTS = {784: DATA[:2], 64: [DIGITS]}
FROM_TERMINAL = {"mnist": DATA[0], "mnist-standard": DATA[1], "digits": DIGITS}  # the names of `python -m nnlib`
CLASSES = 10
# What a file may say of its training.
CHOICES: dict[str, Container[Any]] = {
    "rows": ROWS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "order": ORDERS,
    "precision": PRECISIONS,
}
MOST_PICTURES = max(TRAINING_PICTURES.values())
COUNTS = {
    "batch": range(1, MOST_PICTURES + 1),
    "epochs": range(1, 100_001),
    "seed": range(2**63),
    "patience": range(1001),
}
RANGES = {"rate": (5e-324, 1e6), "l2": (0.0, 1e6), "validation": (0.0, 0.9)}


def settings_of(saved: SavedNetwork, settings: Settings) -> Settings:
    """The settings of the run that a file holds.

    What the file does not say of its training, or says wrongly, is taken from `settings`.

    Raises
    ------
    ValueError
        If the network does not fit the pictures of page 23.3; the message is for the reader.
    """
    network = saved.network
    inputs, outputs = network.sizes[0], network.sizes[-1]
    if inputs not in DATA_OF_INPUTS or outputs != CLASSES:
        raise ValueError(
            f"This network has {inputs} inputs and {outputs} outputs. The pictures here have 784 or 64 pixels and "
            f"show {CLASSES} digits."
        )
    said = saved.settings
    printed = network.init == "normal" and said.get("init") == PRINTED_WEIGHTS
    believed = _believed(said)
    is_double = believed.pop("precision", SINGLE) == DOUBLE and network.dtype == "float64"
    settings = replace(
        settings,
        **{"rows": FULL, "l2": 0.0, "validation": 0.0, "patience": 0, "order": ORDERS[0], **believed},
        data=_data(said.get("data"), inputs),
        hidden=network.sizes[1:-1],
        keep=network.keep_prob,
        dropout="inverted" if network.inverted else "plain",
        batch_norm="off" if not network.batch_norm else "n−1" if network.ddof else "n",
        activation=network.activation,
        loss=network.loss_name,
        init=PRINTED_WEIGHTS if printed else network.init,
        precision=DOUBLE if is_double else SINGLE,
    ).without_idle()
    if not 0 < round(settings.validation * settings.pictures) < settings.pictures:  # none held out, or all
        settings = replace(settings, validation=0.0, patience=0)
    smallest_batch = 1 + settings.has_no_variance
    return replace(settings, batch=min(max(settings.batch, smallest_batch), settings.training_pictures))


def _data(name: Any, inputs: int) -> str:
    """The data set of that name, or else the first one whose pictures have as many pixels."""
    there_are = DATA_OF_INPUTS[inputs]
    name = FROM_TERMINAL.get(name, name) if isinstance(name, str) else None
    return name if name in there_are else there_are[0]


def _believed(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says of its training, as far as it can be."""
    believed = {
        name: said[name]
        for name, there_are in CHOICES.items()
        if type(said.get(name)) in (int, str) and said[name] in there_are
    }
    for name, there_are in COUNTS.items():
        if type(said.get(name)) is int and said[name] in there_are:
            believed[name] = said[name]
    for name, (low, high) in RANGES.items():
        value: Any = said.get(name)
        if type(value) in (int, float) and low <= value <= high:
            believed[name] = float(value)
    return believed
