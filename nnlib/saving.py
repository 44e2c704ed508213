"""Keep a network, or a training under way, in a file and bring it back; a bad file can do no harm.

The file is a plain .npz, a zip archive of NumPy arrays: `numpy.load` opens it too. Nothing in it is pickled or
compressed, so no file can run code or grow beyond its own size. A file holds a network and, if it is a checkpoint,
what its training needs to go on. Format 3 is written; 1 and 2, without and with training, lack what came later.
"""

import io
import json
import math
import os
import re
import secrets
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from nnlib.datasets import Dataset
from nnlib.measuring import Measurement
from nnlib.network import Network, Slot, parameter_slots
from nnlib.notation import Array
from nnlib.optimizers import SGD, Adam
from nnlib.training import Checkpoint, StepTaken, Trainer
from nnlib.validation import random_state_of, set_random_state

FORMAT = "nnlib network"
VERSION = 3
MOST_LETTERS = 250_000  # of the description

# What a file may say: more than any training comes to, but no more than the reader's machine can bear.
LARGEST_WEIGHT = float(np.finfo(np.float32).max)  # so that every network can be read in single precision
LARGEST = 1e100  # any other measured number: losses of such weights, their squares
LARGEST_WHOLE = 2**128  # in the description: a state of PCG64 takes 128 bits
MOST_STEPS, MOST_EPOCHS, MOST_SECONDS = 2**53, 10**9, 1e10
MOST_MEASUREMENTS = 2_000_000  # planned for a training
MOST_OPTIMIZER_ARRAYS = 100
MOST_LETTERS_OF_TEXT = 1000

TABLES = ("history", "gradient_rms", "weight_rms", "test_recall")
# The columns of the first; the others have one column a layer, the last one an output.
ALWAYS_FINITE = ("step", "epoch", "seconds", "learning_rate", "train_loss", "train_accuracy")
COLUMNS_UNTIL_2 = (*ALWAYS_FINITE, "test_loss", "test_accuracy", "samples_per_second")
COLUMNS = (*COLUMNS_UNTIL_2, "validation_loss", "validation_accuracy")
LIMITS = {
    "step": MOST_STEPS,
    "epoch": MOST_EPOCHS,
    "seconds": MOST_SECONDS,
    "train_accuracy": 1,
    "test_accuracy": 1,
    "test_recall": 1,
    "validation_accuracy": 1,
    "order": MOST_STEPS,
    "last_steps": float(np.finfo(np.float64).max),
}
ARGUMENTS = {
    "batch_size",
    "learning_rate",
    "schedule",
    "epochs",
    "l2",
    "optimizer",
    "measure_every",
    "record_loss",
    "patience",
    "shuffle",
}  # fmt: skip
ARGUMENTS_SINCE_3 = {"patience": None, "shuffle": True}  # and what they were before

OF_TRAINING = ("data", "arguments", "optimizer_class", "optimizer_arrays", "random_states")
PROGRESS = ("epoch", "state", "problem", "step", "seconds")  # of a `Checkpoint`
REALS = ("<f4", "<f8")
# Just before training diverges, their squares exceed single precision: infinity there is no harm to the weights.
MAY_OVERFLOW = re.compile(
    r"history|gradient_rms|weight_rms|test_recall|net_inputs|penalties|epoch_losses|last_steps|optimizer\d+"
)
OF_NETWORK = re.compile(r"(W|b|gamma|beta|mean|variance)\d+")

# What NumPy writes in front of the numbers of an array, in rows: read as text, never evaluated.
ARRAY_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00(?P<length>..)"
    rb"\{'descr': '(?P<type>[<|][A-Za-z]\d{1,7})', 'fortran_order': False, "
    rb"'shape': \((?P<shape>[\d, ]{0,60})\), \} *\n",
    re.DOTALL,
)
DAMAGE = (zipfile.BadZipFile, EOFError, IndexError, OSError, OverflowError, RuntimeError, ValueError)


@dataclass(frozen=True)
class SavedNetwork:
    """What `load_network` found in a file.

    Attributes
    ----------
    network : ready to predict, or to be trained on
    history : the measurements of its training, oldest first; may be empty
    settings : as they were given to `save_network`, with lists for tuples
    """

    network: Network
    history: list[Measurement] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


def save_network(
    file: str | os.PathLike[str] | BinaryIO,
    network: Network,
    history: Sequence[Measurement] = (),
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Write a network, with what is known about its training, as one .npz file.

    Kept are all weights, biases, γ and β, the mean and variance of inference, and how the network is built.

    Parameters
    ----------
    file : path, or binary file open for writing; what is there stays whole until the new file is
    history : as `Trainer.history`
    settings : whatever the caller wants to have back: names to values that JSON knows

    Raises
    ------
    ValueError, TypeError
        If the network or the settings hold NaN or infinity, or the settings what JSON does not know. Nothing is
        written then.
    OSError
        If a path cannot be written to.

    Examples
    --------
    >>> import io
    >>> network, file = Network((2, 3, 1), random_state=0), io.BytesIO()
    >>> save_network(file, network, settings={"made for": "this example"})
    >>> again = load_network(file)
    >>> bool((again.network.parameters == network.parameters).all()), again.settings
    (True, {'made for': 'this example'})
    """
    _save(file, network, history, settings)


def save_checkpoint(
    file: str | os.PathLike[str] | BinaryIO, trainer: Trainer, settings: Mapping[str, Any] | None = None
) -> None:
    """Write all that `load_checkpoint` needs to go on with a training, between two runs of it, as one .npz file.

    Kept are the network as by `save_network`, the state of the optimizer and of the random numbers, the order of
    the rows of the epoch under way, and what was measured. Of the data only shape and digest are. Where a process
    is killed while it writes to a path, the file that was there before is still there, whole.

    Parameters
    ----------
    file, settings : as for `save_network`

    Raises
    ------
    ValueError, TypeError, OSError
        As `save_network`; ValueError also if random numbers do not come from NumPy's default generator, PCG64.

    Examples
    --------
    >>> import io
    >>> from nnlib import load_digits
    >>> trainer, file = Trainer(Network((64, 10), random_state=0), load_digits(), random_state=0), io.BytesIO()
    >>> trainer.run_batches(30)
    >>> save_checkpoint(file, trainer)
    >>> again = load_checkpoint(file, load_digits()).trainer
    >>> trainer.run()
    >>> again.run()
    >>> again.step, bool((again.network.parameters == trainer.network.parameters).all())
    (230, True)
    """
    checkpoint, data = trainer.checkpoint(), trainer.data
    training = {
        "data": {"shape": _shape_of(data), "digest": data.digest},
        "arguments": checkpoint.arguments,
        "optimizer_class": checkpoint.optimizer_class,
        "optimizer_arrays": len(checkpoint.optimizer_state),
        "random_states": {**checkpoint.random_states, "network": random_state_of(trainer.network.rng)},
        **{name: getattr(checkpoint, name) for name in PROGRESS},
    }
    weights = checkpoint.sample_weight
    arrays = {
        "order": checkpoint.order.astype("<i8"),
        "sample_weight": np.empty(0) if weights is None else weights,
        "net_inputs": checkpoint.net_inputs,
        "penalties": checkpoint.penalties,
        "epoch_losses": np.array(checkpoint.epoch_losses, float),
        "rates": np.array(checkpoint.rates, float),
        "last_steps": np.array(checkpoint.last_steps, float).reshape(-1, len(StepTaken._fields)),
    } | {f"optimizer{k}": array for k, array in enumerate(checkpoint.optimizer_state, start=1)}
    _save(file, trainer.network, checkpoint.history, settings, training, arrays)


def _save(
    file: str | os.PathLike[str] | BinaryIO,
    network: Network,
    history: Sequence[Measurement],
    settings: Mapping[str, Any] | None,
    training: dict[str, Any] | None = None,
    of_training: Mapping[str, Array] | None = None,
) -> None:
    arrays = {**_network_arrays(network), **_history_arrays(history, network), **(of_training or {})}
    _check_values(arrays)
    parts: dict[str, Any] = {"network": network.architecture, "settings": dict(settings or {})}
    if training is not None:
        _check_training(training)
        parts["training"] = training
    description = json.dumps({"format": FORMAT, "version": VERSION, **parts}, allow_nan=False)
    if len(description) > MOST_LETTERS:
        raise ValueError(f"settings must be shorter: with the architecture they make {len(description):,} letters")
    json.loads(description, parse_int=_whole)
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, description=np.array(description), **arrays)
    if isinstance(file, str | os.PathLike):
        _write_whole(Path(file), content.getvalue())
    else:
        file.write(content.getvalue())


def check_writable(path: Path) -> None:
    """Raise OSError if `save_network` could not write to `path` now; what is there stays as it is."""
    if path.exists():
        path.open("ab").close()
    if path.is_file() or not path.exists():
        part = _part_beside(path)
        part.touch(exist_ok=False)
        part.unlink()


def _write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one go: whoever looks there finds all of it, or what was there before."""
    if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
        path.write_bytes(content)
        return
    path = path.resolve()  # a link stays a link
    if path.exists():
        path.open("ab").close()  # replacing a file asks its folder only: a read-only file shall refuse
    part = _part_beside(path)
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _part_beside(path: Path) -> Path:
    """A new name in the folder of `path`, for a file that is not whole yet."""
    return path.with_name(f".{secrets.token_hex(8)}.part")


def load_network(file: str | os.PathLike[str] | BinaryIO) -> SavedNetwork:
    """Bring back what `save_network` wrote, or the network of what `save_checkpoint` did.

    Parameters
    ----------
    file : path, or binary file in which one can seek, such as an uploaded one

    Raises
    ------
    ValueError
        If it is any other file, damaged, or made by a later version; the message says which, in plain words.
        Everything is checked before it is used: the sizes an archive claims against the file's own, shapes
        and types against the architecture, numbers for NaN and for what no training comes to. Weights reach to
        3.4e38, the largest of single precision, losses to 1e100, steps to 2⁵³, epochs to 10⁹, seconds to 10¹⁰,
        whole numbers in `settings` to 2¹²⁸ either way. What else `settings` say is for the caller to check.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> import io
    >>> load_network(io.BytesIO(b"a picture of a cat"))
    Traceback (most recent call last):
    ...
    ValueError: This file cannot be read: it is damaged, or no .npz file at all.
    """
    return _load(file).saved


@dataclass(frozen=True)
class SavedTraining:
    """What `load_checkpoint` found in a file: a trainer that goes on, and the settings as they were given."""

    trainer: Trainer
    settings: dict[str, Any] = field(default_factory=dict)


def load_checkpoint(
    file: str | os.PathLike[str] | BinaryIO,
    data: Dataset,
    optimizer: Callable[[Network], SGD | Adam] | None = None,
) -> SavedTraining:
    """Bring back what `save_checkpoint` wrote: training goes on to the same last bit as if it had never stopped.

    Parameters
    ----------
    file : as for `load_network`
    data : those it was trained on, which the file does not hold
    optimizer : the one it was trained with if that was one of the caller's own, else None

    Raises
    ------
    ValueError
        As `load_network`, and if the file holds no training or data and optimizer are not those of then.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> import io
    >>> from nnlib import load_digits
    >>> file = io.BytesIO()
    >>> save_checkpoint(file, Trainer(Network((64, 10)), load_digits()))
    >>> load_checkpoint(file, load_digits().first(1000))
    Traceback (most recent call last):
    ...
    ValueError: This file is of a training on other data: on 1437 rows and 360 for tests, not 1000 and 360.
    """
    saved, training, arrays = _load(file)
    if training is None:
        raise ValueError("This file holds a network but no training to go on with: load_network opens it.")
    _check_data(training["data"], data)
    weights = arrays["sample_weight"]
    checkpoint = Checkpoint(
        arguments={**ARGUMENTS_SINCE_3, **training["arguments"]},
        optimizer_class=training["optimizer_class"],
        optimizer_state=[arrays[f"optimizer{k}"] for k in range(1, training["optimizer_arrays"] + 1)],
        sample_weight=weights if len(weights) else None,
        random_states=training["random_states"],
        order=arrays["order"],
        net_inputs=arrays["net_inputs"],
        penalties=arrays["penalties"],
        epoch_losses=arrays["epoch_losses"].tolist(),
        history=saved.history,
        rates=[(int(step), rate) for step, rate in arrays["rates"].tolist()],
        last_steps=[StepTaken(int(step), *seen) for step, *seen in arrays["last_steps"].tolist()],
        **{name: training[name] for name in PROGRESS},
    )
    try:
        set_random_state(saved.network.rng, training["random_states"]["network"])
        trainer = Trainer.resume(checkpoint, saved.network, data, optimizer)
    except (ValueError, TypeError) as error:
        raise ValueError(f"This file's training cannot go on: {error}.") from error
    return SavedTraining(trainer, saved.settings)


class _Content(NamedTuple):
    saved: SavedNetwork
    training: dict[str, Any] | None
    arrays: dict[str, Array]


def _load(file: str | os.PathLike[str] | BinaryIO) -> _Content:
    if isinstance(file, str | os.PathLike):
        with open(file, "rb") as opened:
            return _load(opened)
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive, size=file.seek(0, os.SEEK_END))
    except _FileError:
        raise
    except DAMAGE as error:
        raise ValueError("This file cannot be read: it is damaged, or no .npz file at all.") from error


class _FileError(ValueError):
    """Says in a plain sentence what is wrong with a file; other errors met while reading one say it in jargon."""


def _read(archive: zipfile.ZipFile, size: int) -> _Content:
    entries = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
    if "description" not in entries:
        raise _FileError("This file was not made by nnlib: it holds no description of a network.")
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries.values()):
        raise _FileError(
            "This file was not made by nnlib, which compresses nothing: it may be larger than it looks."
        )
    if len(archive.infolist()) > len(entries) or sum(entry.file_size for entry in entries.values()) > size:
        raise _FileError("This file is damaged: it claims to hold more than it does.")
    if entries["description"].file_size > 4 * MOST_LETTERS + 1000:  # NumPy takes four bytes a letter
        raise _FileError("This file was not made by nnlib: its description is too long.")
    description = _parsed_description(archive.read(entries["description"]))
    architecture, training = description["network"], description.get("training")

    expected = _expected_arrays(architecture, description["version"])
    if training is not None:
        try:
            _check_training(training, description["version"])
        except ValueError as error:
            raise _FileError(f"This file describes a training that cannot be: {error}.") from None
        expected |= _arrays_of_training(training, expected["W1"][0], architecture["sizes"][-1])
        if description["version"] < 3:
            del expected["rates"], expected["last_steps"]
    if entries.keys() != expected.keys() | {"description"}:
        missing, extra = expected.keys() - entries.keys(), entries.keys() - expected.keys() - {"description"}
        what = f"lacks {min(missing)}" if missing else f"also holds {min(extra)!r}"
        raise _FileError(f"This file does not fit its own description: it {what}.")
    arrays = {}
    for name, (dtype, shape) in expected.items():
        arrays[name] = _parsed_array(name, archive.read(entries[name]), dtype, shape)
    if description["version"] < VERSION:
        rows = len(arrays["history"])
        unseen = np.full((rows, len(COLUMNS) - len(COLUMNS_UNTIL_2)), np.nan)
        arrays["history"] = np.hstack([arrays["history"], unseen])
        arrays["test_recall"] = np.full((rows, architecture["sizes"][-1]), np.nan)
        if training is not None:
            arrays["rates"] = np.array([[0.0, training["arguments"]["learning_rate"]]])
            arrays["last_steps"] = np.empty((0, len(StepTaken._fields)))
    try:
        _check_values(arrays)
    except ValueError as error:
        raise _FileError(f"This file holds numbers that no training gives: {error}.") from None
    try:
        network = Network(**architecture, parameters=0.0, random_state=0)
    except (ValueError, TypeError) as error:
        raise _FileError(f"This file describes a network that cannot be built: {error}.") from None
    for name, values in _network_arrays(network).items():
        values[...] = arrays[name]
    return _Content(SavedNetwork(network, _history(arrays), description["settings"]), training, arrays)


# The description


def _parsed_description(content: bytes) -> dict[str, Any]:
    letters = _parsed_array("description", content, "<U", ())
    try:
        description = json.loads(str(letters), parse_float=_finite, parse_constant=_finite, parse_int=_whole)
    except (ValueError, RecursionError):
        raise _FileError("This file was not made by nnlib: its description cannot be read.") from None
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise _FileError("This file was not made by nnlib: its description is of something else.")
    version = description.get("version")
    if isinstance(version, int) and version > VERSION:
        raise _FileError(
            f"This file was made by a later version of nnlib: its format is {version}, and this version reads "
            f"formats up to {VERSION}. Update nnlib to open it."
        )
    parts = {"network", "settings", *({"training"} & description.keys())}
    if (
        type(version) is not int
        or version < 1
        or not all(isinstance(description.get(name), dict) for name in parts)
        or (version < 3 and ("training" in parts) != (version == 2))
    ):
        raise _FileError("This file was not made by nnlib: its description is incomplete.")
    return description


def _finite(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError("not finite")
    return value


def _whole(text: str) -> int:
    if len(text) > len(str(-LARGEST_WHOLE)) or abs(value := int(text)) > LARGEST_WHOLE:
        raise ValueError("settings must hold no whole number beyond ±2¹²⁸")
    return value


def _expected_arrays(architecture: dict[str, Any], version: int) -> dict[str, tuple[str, tuple[int | None, ...]]]:
    """Name to type and shape of every array that belongs to such a network; None is any number of rows."""
    sizes, batch_norm = architecture.get("sizes"), architecture.get("batch_norm")
    dtype = {"float32": "<f4", "float64": "<f8"}.get(str(architecture.get("dtype")))
    if (
        not isinstance(sizes, list)
        or not all(type(m) is int and m >= 1 for m in sizes)
        or len(sizes) < 2
        or dtype is None
        or not isinstance(batch_norm, bool)
    ):
        raise _FileError("This file describes no network: sizes, dtype and batch_norm are not what they can be.")
    shapes: dict[str, tuple[int | None, ...]] = {}
    for slot in parameter_slots(sizes, batch_norm):
        shapes[_name(slot)] = slot.shape
        if slot.symbol == "γ":
            shapes |= {f"mean{slot.layer}": slot.shape, f"variance{slot.layer}": slot.shape}
    layers = len(sizes) - 1
    measured = {"history": (None, len(COLUMNS)), "gradient_rms": (None, layers), "weight_rms": (None, layers)}
    if version < 3:
        measured["history"] = (None, len(COLUMNS_UNTIL_2))
    else:
        measured["test_recall"] = (None, sizes[-1])
    return {name: (dtype, shape) for name, shape in shapes.items()} | {
        name: ("<f8", shape) for name, shape in measured.items()
    }


# The training


def _shape_of(data: Dataset) -> list[int]:
    """Training rows, inputs, test rows, outputs."""
    return [*data.X_train.shape, len(data.X_test), data.Y_train.shape[1]]


def _check_data(kept: dict[str, Any], data: Dataset) -> None:
    if kept == {"shape": (shape := _shape_of(data)), "digest": data.digest}:
        return
    (rows, inputs, tests, outputs), problem = kept["shape"], "This file is of a training on other data:"
    if [inputs, outputs] != shape[1::2]:
        raise ValueError(f"{problem} of {inputs} inputs and {outputs} outputs, not {shape[1]} and {shape[3]}.")
    if [rows, tests] != shape[::2]:
        raise ValueError(f"{problem} on {rows} rows and {tests} for tests, not {shape[0]} and {shape[2]}.")
    raise ValueError(f"{problem} they have the same shape, but not the same numbers in the same order.")


def _check_training(training: dict[str, Any], version: int = VERSION) -> None:
    """Raise ValueError, saying which, if a number is beyond its limits or something is missing.

    `Trainer.resume` checks the rest: whether all fits together.
    """
    _check_names("training", training, {*PROGRESS, *OF_TRAINING})
    data, arguments, states = (training[name] for name in ("data", "arguments", "random_states"))
    _check_names("data", data, {"shape", "digest"})
    _check_names("arguments", arguments, ARGUMENTS - (ARGUMENTS_SINCE_3.keys() if version < 3 else set()))
    arguments = {**ARGUMENTS_SINCE_3, **arguments}
    _check_names("random_states", states, {"order", "masks", "network"})
    if not isinstance(data["shape"], list) or len(data["shape"]) != 4:
        raise ValueError("the shape of its data is not four numbers")
    for size in data["shape"]:
        _check_within("the shape of its data", size, 0, MOST_STEPS, whole=True)
    for name, text in {
        "digest": data["digest"],
        "optimizer_class": training["optimizer_class"],
        "optimizer": "" if arguments["optimizer"] is None else arguments["optimizer"],
        "schedule": arguments["schedule"],
        "state": training["state"],
        "problem": training["problem"],
    }.items():
        if not isinstance(text, str) or len(text) > MOST_LETTERS_OF_TEXT:
            raise ValueError(f"{name} is no text of up to {MOST_LETTERS_OF_TEXT} letters")
    for name in ("record_loss", "shuffle"):
        if not isinstance(arguments[name], bool):
            raise ValueError(f"{name} is neither true nor false")
    _check_within("optimizer_arrays", training["optimizer_arrays"], 0, MOST_OPTIMIZER_ARRAYS, whole=True)
    _check_within("batch_size", arguments["batch_size"], 1, MOST_STEPS, whole=True)
    _check_within("epochs", arguments["epochs"], 1, MOST_EPOCHS, whole=True)
    _check_within("epoch", training["epoch"], -1, MOST_EPOCHS, whole=True)
    _check_within("step", training["step"], 0, MOST_STEPS, whole=True)
    _check_within("seconds", training["seconds"], 0, MOST_SECONDS)
    _check_within("learning_rate", arguments["learning_rate"], 0, LARGEST)
    _check_within("l2", arguments["l2"], 0, LARGEST)
    if (every := arguments["measure_every"]) is not None:
        _check_within("measure_every", every, arguments["epochs"] / MOST_MEASUREMENTS, LARGEST)
    if (patience := arguments["patience"]) is not None:
        _check_within("patience", patience, 1, MOST_EPOCHS, whole=True)
        _check_within("epochs", arguments["epochs"], 1, MOST_MEASUREMENTS, whole=True)


def _check_names(what: str, found: Any, expected: set[str]) -> None:
    if not isinstance(found, dict) or found.keys() != expected:
        raise ValueError(f"{what} holds not just {', '.join(sorted(expected))}")


def _check_within(name: str, value: Any, low: float, high: float, whole: bool = False) -> None:
    if type(value) not in ((int,) if whole else (int, float)) or not low <= value <= high:
        raise ValueError(f"{name} is no {'whole ' if whole else ''}number from {low:g} to {high:g}")


def _arrays_of_training(
    training: dict[str, Any], dtype: str, outputs: int
) -> dict[str, tuple[str, tuple[int | None, ...]]]:
    """As `_expected_arrays`, for what there is only in a checkpoint."""
    optimizer = {f"optimizer{k}": "<f" for k in range(1, training["optimizer_arrays"] + 1)}
    of_rows = {"order": "<i8", "sample_weight": "<f8", "penalties": "<f8", "epoch_losses": "<f8"}
    return {name: (kind, (None,)) for name, kind in (of_rows | optimizer).items()} | {
        "net_inputs": (dtype, (None, outputs)),
        "rates": ("<f8", (None, 2)),
        "last_steps": ("<f8", (None, len(StepTaken._fields))),
    }


# The arrays


def _network_arrays(network: Network) -> dict[str, Array]:
    """Every array of the network by its name: its own arrays, not copies."""
    arrays = {_name(slot): slot.of(network.parameters) for slot in network.slots}
    for t, (mean, variance) in enumerate(network.statistics, start=1):
        arrays |= {f"mean{t}": mean, f"variance{t}": variance}
    return arrays


def _name(slot: Slot) -> str:
    """Of an array in the file, such as W1 or gamma2."""
    return {"w": "W", "b": "b", "γ": "gamma", "β": "beta"}[slot.symbol] + str(slot.layer)


def _history_arrays(history: Sequence[Measurement], network: Network) -> dict[str, Array]:
    """Measurements as tables, one row each; of one without recall it is NaN."""
    layers, outputs = len(network.dense), network.sizes[-1]
    unseen = (np.nan,) * outputs
    return {
        "history": np.array([[getattr(m, name) for name in COLUMNS] for m in history]).reshape(-1, len(COLUMNS)),
        "gradient_rms": np.array([m.gradient_rms for m in history], dtype=float).reshape(-1, layers),
        "weight_rms": np.array([m.weight_rms for m in history], dtype=float).reshape(-1, layers),
        "test_recall": np.array([m.test_recall or unseen for m in history], dtype=float).reshape(-1, outputs),
    }


def _history(arrays: Mapping[str, Array]) -> list[Measurement]:
    """The measurements that `_history_arrays` made tables of."""
    # NaN is equal to no other, but measurements are compared as they were: by the one that np.nan is.
    tables = [[[np.nan if math.isnan(x) else x for x in row] for row in arrays[name].tolist()] for name in TABLES]
    if len({len(table) for table in tables}) > 1:
        raise _FileError("This file is damaged: the tables of its history differ in length.")
    measurements = []
    for row, *others in zip(*tables, strict=True):
        numbers: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
        numbers |= dict(zip(TABLES[1:], map(tuple, others), strict=True))
        numbers["step"] = int(numbers["step"])
        if all(map(math.isnan, numbers["test_recall"])):
            numbers["test_recall"] = ()
        measurements.append(Measurement(**numbers))
    return measurements


def _parsed_array(name: str, content: bytes, dtype: str, shape: tuple[int | None, ...]) -> Array:
    """The array in an .npy file, if it has this type and shape and the file is exactly as long as that takes.

    `dtype` may be the beginning of a type: "<f" is any precision.
    """
    header = ARRAY_HEADER.match(content)
    if header is None or header.end() != 10 + int.from_bytes(header["length"], "little"):
        raise _FileError(f"This file was not made by nnlib: {name} is not a plain array of numbers in rows.")
    found_type, data = header["type"].decode(), content[header.end() :]
    found = tuple(int(m) for m in re.findall(rb"\d+", header["shape"]))
    right_type = found_type in REALS if dtype == "<f" else found_type.startswith(dtype)
    right_shape = len(found) == len(shape) and all(k in (None, m) for m, k in zip(found, shape, strict=True))
    if not right_type or not right_shape:
        raise _FileError(f"This file does not fit its own description: {name} is {found_type} of shape {found}.")
    if len(data) != math.prod(found) * np.dtype(found_type).itemsize:
        raise _FileError(f"This file is damaged: {name} is not as long as its shape says.")
    return np.frombuffer(data, found_type).reshape(found)


def _check_values(arrays: Mapping[str, Array]) -> None:
    """Raise ValueError, saying which, if a number is one that no training gives."""
    history = dict(zip(COLUMNS, arrays["history"].T, strict=True))
    always_finite = {name: arrays[name] for name in sorted(arrays) if not MAY_OVERFLOW.fullmatch(name)} | {
        name: history[name] for name in ALWAYS_FINITE
    }
    never_negative = {name: arrays[name] for name in arrays if name in TABLES or name.startswith("variance")}
    for name, values in always_finite.items():
        if not np.isfinite(values).all():
            raise ValueError(f"NaN or infinity in {name}")
    for name, values in never_negative.items():
        if np.any(values < 0):
            raise ValueError(f"a negative number in {name}")
    for name, values in {**arrays, **history}.items():
        limit = LIMITS.get(name, LARGEST_WEIGHT if OF_NETWORK.fullmatch(name) else LARGEST)
        if name != "history" and np.any(np.isfinite(values) & (np.abs(values) > np.float64(limit))):
            raise ValueError(f"{name} above {limit:g}")
    steps = [history["step"], *(arrays[name][:, 0] for name in ("rates", "last_steps") if name in arrays)]
    if not all(np.all((step == np.round(step)) & (step >= 0) & (step <= MOST_STEPS)) for step in steps):
        raise ValueError("a step that is no whole number")
