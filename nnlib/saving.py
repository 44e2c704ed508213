"""Keep a trained network in a file and bring it back; a file that is not what it should be can do no harm.

The file is a plain .npz, a zip archive of NumPy arrays: `numpy.load` opens it too. Nothing in it is pickled or
compressed, so no file can run code or grow beyond its own size.
"""

import io
import json
import math
import os
import re
import secrets
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from nnlib.measuring import Measurement
from nnlib.network import Network, Slot, parameter_slots
from nnlib.notation import Array

FORMAT = "nnlib network"
VERSION = 1
MOST_LETTERS = 250_000  # of the description

TABLES = ("history", "gradient_rms", "weight_rms")
# The columns of the first; the others have one column a layer.
ALWAYS_FINITE = ("step", "epoch", "seconds", "learning_rate", "train_loss", "train_accuracy")
COLUMNS = (*ALWAYS_FINITE, "test_loss", "test_accuracy", "samples_per_second")

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
    arrays = _network_arrays(network) | _history_arrays(history, len(network.dense))
    _check_values(arrays)
    description = json.dumps(
        {"format": FORMAT, "version": VERSION, "network": network.architecture, "settings": dict(settings or {})},
        allow_nan=False,
    )
    if len(description) > MOST_LETTERS:
        raise ValueError(f"settings must be shorter: with the architecture they make {len(description):,} letters")
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
    """Bring back what `save_network` wrote.

    Parameters
    ----------
    file : path, or binary file in which one can seek, such as an uploaded one

    Raises
    ------
    ValueError
        If it is any other file, damaged, or made by a later version; the message says which, in plain words.
        Everything is checked before it is used: the sizes an archive claims against the file's own, shapes
        and types against the architecture, numbers for NaN.
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
    if isinstance(file, str | os.PathLike):
        with open(file, "rb") as opened:
            return load_network(opened)
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive, size=file.seek(0, os.SEEK_END))
    except _FileError:
        raise
    except DAMAGE as error:
        raise ValueError("This file cannot be read: it is damaged, or no .npz file at all.") from error


class _FileError(ValueError):
    """Says in a plain sentence what is wrong with a file; other errors met while reading one say it in jargon."""


def _read(archive: zipfile.ZipFile, size: int) -> SavedNetwork:
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
    architecture, settings = description["network"], description["settings"]

    expected = _expected_arrays(architecture)
    if entries.keys() != expected.keys() | {"description"}:
        missing, extra = expected.keys() - entries.keys(), entries.keys() - expected.keys() - {"description"}
        what = f"lacks {min(missing)}" if missing else f"also holds {min(extra)!r}"
        raise _FileError(f"This file does not fit its own description: it {what}.")
    arrays = {}
    for name, (dtype, shape) in expected.items():
        arrays[name] = _parsed_array(name, archive.read(entries[name]), dtype, shape)
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
    return SavedNetwork(network, _history(arrays), settings)


# The description


def _parsed_description(content: bytes) -> dict[str, Any]:
    letters = _parsed_array("description", content, "<U", ())
    try:
        description = json.loads(str(letters), parse_float=_finite, parse_constant=_finite)
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
    parts = {"network": dict, "settings": dict}
    if version != VERSION or not all(isinstance(description.get(name), kind) for name, kind in parts.items()):
        raise _FileError("This file was not made by nnlib: its description is incomplete.")
    return description


def _finite(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError("not finite")
    return value


def _expected_arrays(architecture: dict[str, Any]) -> dict[str, tuple[str, tuple[int | None, ...]]]:
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
    return {name: (dtype, shape) for name, shape in shapes.items()} | {
        name: ("<f8", shape) for name, shape in measured.items()
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


def _history_arrays(history: Sequence[Measurement], layers: int) -> dict[str, Array]:
    """Measurements as three tables, one row each."""
    return {
        "history": np.array([[getattr(m, name) for name in COLUMNS] for m in history]).reshape(-1, len(COLUMNS)),
        "gradient_rms": np.array([m.gradient_rms for m in history], dtype=float).reshape(-1, layers),
        "weight_rms": np.array([m.weight_rms for m in history], dtype=float).reshape(-1, layers),
    }


def _history(arrays: Mapping[str, Array]) -> list[Measurement]:
    """The measurements that `_history_arrays` made tables of."""
    tables = [arrays[name] for name in TABLES]
    if len({len(table) for table in tables}) > 1:
        raise _FileError("This file is damaged: the tables of its history differ in length.")
    measurements = []
    for row, gradient_rms, weight_rms in zip(*(table.tolist() for table in tables), strict=True):
        numbers = dict(zip(COLUMNS, row, strict=True))
        numbers["step"] = int(numbers["step"])
        measurements.append(Measurement(**numbers, gradient_rms=tuple(gradient_rms), weight_rms=tuple(weight_rms)))
    return measurements


def _parsed_array(name: str, content: bytes, dtype: str, shape: tuple[int | None, ...]) -> Array:
    """The array in an .npy file, if it has this type and shape and the file is exactly as long as that takes."""
    header = ARRAY_HEADER.match(content)
    if header is None or header.end() != 10 + int.from_bytes(header["length"], "little"):
        raise _FileError(f"This file was not made by nnlib: {name} is not a plain array of numbers in rows.")
    found_type, data = header["type"].decode(), content[header.end() :]
    found = tuple(int(m) for m in re.findall(rb"\d+", header["shape"]))
    right_type = found_type.startswith(dtype) if dtype == "<U" else found_type == dtype
    right_shape = len(found) == len(shape) and all(k in (None, m) for m, k in zip(found, shape, strict=True))
    if not right_type or not right_shape:
        raise _FileError(f"This file does not fit its own description: {name} is {found_type} of shape {found}.")
    if len(data) != math.prod(found) * np.dtype(found_type).itemsize:
        raise _FileError(f"This file is damaged: {name} is not as long as its shape says.")
    return np.frombuffer(data, found_type).reshape(found)


def _check_values(arrays: Mapping[str, Array]) -> None:
    """Raise ValueError, saying which, if a number is one that no training gives."""
    history = dict(zip(COLUMNS, arrays["history"].T, strict=True))
    always_finite = {name: arrays[name] for name in arrays.keys() - TABLES} | {
        name: history[name] for name in ALWAYS_FINITE
    }
    never_negative = {name: arrays[name] for name in arrays if name in TABLES or name.startswith("variance")}
    for name, values in always_finite.items():
        if not np.isfinite(values).all():
            raise ValueError(f"NaN or infinity in {name}")
    for name, values in never_negative.items():
        if np.any(values < 0):
            raise ValueError(f"a negative number in {name}")
    for name in ("train_accuracy", "test_accuracy"):
        if np.any(history[name] > 1):
            raise ValueError(f"{name} above 1")
    if np.any(history["step"] != np.round(history["step"])):
        raise ValueError("a step that is no whole number")
