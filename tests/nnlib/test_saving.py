"""Networks kept in a file come back whole; any other file is refused in a plain sentence and does no harm."""

import errno
import io
import json
import os
import pickle
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib import (
    Dataset,
    Network,
    Trainer,
    load_checkpoint,
    load_digits,
    load_network,
    save_checkpoint,
    save_network,
)
from nnlib.measuring import Measurement
from nnlib.saving import COLUMNS, TABLES, SavedNetwork

SETTINGS = {"batch": 32, "hidden": [20, 10], "rate": 0.05, "data": "digits 8×8", "seed": None}


def trained(test_rows: bool = True, **parts: Any) -> Trainer:
    """A short run on the digits; without test rows the history has NaN in it."""
    digits = load_digits()
    data = digits if test_rows else Dataset.from_arrays(digits.X_train, digits.Y_train, scale=1 / 16)
    network = Network(
        (64, 20, 10, 10),
        activation="relu",
        loss="softmax cross-entropy",
        init="he",
        dtype=np.float32,
        random_state=0,
        **parts,
    )
    trainer = Trainer(
        network, data, batch_size=100, learning_rate=0.05, optimizer="adam", epochs=1, random_state=0
    )
    trainer.run()
    return trainer


def saved(network: Network, *others: Any) -> bytes:
    """The bytes `save_network` writes."""
    file = io.BytesIO()
    save_network(file, network, *others)
    return file.getvalue()


def load(content: bytes) -> SavedNetwork:
    """The network in these bytes."""
    return load_network(io.BytesIO(content))


SMALL = Network((2, 3, 1), activation="tanh", random_state=0, batch_norm=True, keep_prob=0.5)
MEASURED = Measurement(3, 0.5, 0.1, 0.2, 0.7, 0.5, np.nan, np.nan, 80.0, (0.1, 0.2), (1.0, 2.0))
VALID = saved(SMALL, [MEASURED], {"a": 1})


def same(a: SavedNetwork, b: SavedNetwork) -> bool:
    """Whether nothing tells the two apart."""
    return saved(a.network, a.history, a.settings) == saved(b.network, b.history, b.settings)


# There and back


@pytest.mark.parametrize("test_rows", [True, False])
@pytest.mark.parametrize(
    "parts", [{}, {"batch_norm": True, "ddof": 0, "keep_prob": (0.9, 1.0)}, {"keep_prob": 0.5, "inverted": False}]
)
def test_everything_comes_back(parts: dict[str, Any], test_rows: bool, tmp_path: Path) -> None:
    trainer = trained(test_rows, **parts)
    path = tmp_path / "network.npz"
    save_network(path, trainer.network, history=trainer.history, settings=SETTINGS)
    back = load_network(path)
    assert back.network.architecture == trainer.network.architecture
    assert back.network.parameters.tobytes() == trainer.network.parameters.tobytes()
    X = trainer.data.train_inputs(slice(100), np.float32)
    np.testing.assert_array_equal(back.network.predict_proba(X), trainer.network.predict_proba(X))
    assert repr(back.history) == repr(trainer.history)  # NaN is not equal to itself, but written alike
    assert back.settings == SETTINGS
    again = Trainer(
        back.network, trainer.data, batch_size=100, learning_rate=0.05, epochs=1, random_state=0
    )  # and it can be trained on
    again.run()
    assert again.state == "finished"


def test_a_network_alone_is_enough() -> None:
    back = load(saved(Network((3, 2), dtype=np.float64, random_state=5)))
    np.testing.assert_array_equal(back.network.parameters, Network((3, 2), random_state=5).parameters)
    assert (back.history, back.settings) == ([], {})


def test_the_file_is_the_same_for_the_same_network_and_opens_in_numpy() -> None:
    assert saved(SMALL, [MEASURED], {"a": 1}) == VALID
    with np.load(io.BytesIO(VALID), allow_pickle=False) as file:
        assert json.loads(str(file["description"]))["network"]["sizes"] == [2, 3, 1]
        np.testing.assert_array_equal(file["W1"], SMALL.dense[0].W)


def test_recall_and_validation_come_back_and_what_was_not_measured_stays_so() -> None:
    three = Network((2, 3), random_state=0)
    plain = Measurement(0, 0.0, 0.0, 0.2, 0.7, 0.5, 0.6, 0.5, np.nan, (0.1,), (1.0,))
    history = [
        plain,
        replace(plain, test_recall=(0.25, np.nan, 1.0)),
        replace(plain, validation_loss=0.3, validation_accuracy=0.75),
    ]
    assert repr(load(saved(three, history)).history) == repr(history)


def of_old_format(content: bytes) -> bytes:
    """A file of now as it was written until recall was measured: format 2 with a training, 1 without."""
    found = entries(content)
    with np.load(io.BytesIO(content)) as file:
        description, history = json.loads(str(file["description"])), file["history"]
    description["version"] = 1
    if "training" in description:
        description["version"] = 2
        del description["training"]["arguments"]["patience"], description["training"]["arguments"]["shuffle"]
        del found["rates.npy"], found["last_steps.npy"]
    del found["test_recall.npy"]
    found["history.npy"] = npy(history[:, :9])
    return archive({**found, "description.npy": npy(np.array(json.dumps(description)))})


def test_files_made_before_recall_was_measured_still_load() -> None:
    trainer = trained()
    back = load(of_old_format(saved(trainer.network, trainer.history, SETTINGS)))
    assert back.network.parameters.tobytes() == trainer.network.parameters.tobytes()
    assert back.settings == SETTINGS
    assert repr(back.history) == repr([replace(seen, test_recall=()) for seen in trainer.history])
    file = io.BytesIO()
    save_checkpoint(file, trainer)
    again = load_checkpoint(io.BytesIO(of_old_format(file.getvalue())), trainer.data).trainer
    assert (again.state, again.step, len(again.history)) == ("finished", trainer.step, len(trainer.history))


def test_a_file_is_of_the_format_it_says() -> None:
    for version in (1, 2):
        with pytest.raises(ValueError, match=r"its description is incomplete|it also holds 'test_recall'"):
            load(with_description(json.dumps({**described(), "version": version})))


def test_the_format_has_a_place_for_every_part_of_a_measurement() -> None:
    assert {*COLUMNS, *TABLES[1:]} == {part.name for part in fields(Measurement)}


@pytest.mark.parametrize(
    ("unfit", "error", "message"),
    [
        ({"rate": float("nan")}, ValueError, "Out of range float values are not JSON compliant"),
        ({"network": SMALL}, TypeError, "not JSON serializable"),
        ({"note": "x" * 300_000}, ValueError, "settings must be shorter"),
    ],
)
def test_unfit_settings_are_refused_before_anything_is_written(
    unfit: dict[str, Any], error: type[Exception], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "network.npz"
    with pytest.raises(error, match=message):
        save_network(path, SMALL, settings=unfit)
    assert not path.exists()


def test_a_network_that_is_not_finite_is_refused() -> None:
    network = Network((2, 1))
    network.dense[0].b[:] = np.inf
    with pytest.raises(ValueError, match="NaN or infinity in b1"):
        saved(network)


def test_what_was_there_outlives_a_failed_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "network.npz"
    path.write_bytes(VALID)

    def full_disk(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save_network(path, Network((2, 3, 1), random_state=1))
    assert path.read_bytes() == VALID
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_replaced_keeps_its_rights_and_a_link_stays_one(tmp_path: Path) -> None:
    path, link = tmp_path / "network.npz", tmp_path / "latest.npz"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    save_network(link, SMALL, history=[MEASURED], settings={"a": 1})
    assert link.is_symlink()
    assert path.read_bytes() == VALID
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == [link, path]


def test_a_device_is_written_to_and_not_replaced() -> None:
    save_network(os.devnull, SMALL)
    assert Path(os.devnull).exists()
    assert not Path(os.devnull).is_file()


def test_a_missing_file_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_network(tmp_path / "none.npz")


# Fuzzing: whatever the bytes, the answer is a plain sentence or the very same network.


def outcome(content: bytes) -> str | SavedNetwork:
    """What is in the file, or the sentence with which it is refused."""
    try:
        return load(content)
    except ValueError as error:
        return str(error)


def refused_or_same(content: bytes) -> None:
    """Assert that a file is refused in a sentence, or holds the small network and nothing else."""
    found = outcome(content)
    if isinstance(found, str):
        assert found.startswith("This file ")
        assert found.endswith(".")
    else:
        assert same(found, load(VALID))


@given(st.binary(max_size=2000))
def test_random_bytes(content: bytes) -> None:
    refused_or_same(content)


@given(st.binary(max_size=300), st.integers(0, 10))
def test_random_bytes_as_an_entry(content: bytes, which: int) -> None:
    names = entries(VALID)
    refused_or_same(archive({**names, list(names)[which]: content}))


@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_flipped_bytes(flips: list[tuple[int, int]]) -> None:
    content = bytearray(VALID)
    for position, mask in flips:
        content[position] ^= mask
    refused_or_same(bytes(content))


@given(st.integers(0, len(VALID) - 1), st.integers(0, len(VALID)))
def test_bytes_cut_out(start: int, stop: int) -> None:
    refused_or_same(VALID[:start])
    refused_or_same(VALID[: min(start, stop)] + VALID[max(start, stop) :])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.thorough
@settings(max_examples=100)
@given(
    st.sampled_from(["format", "version", "network", "settings"]) | st.sampled_from(sorted(SMALL.architecture)),
    json_values,
)
def test_any_value_in_the_description(name: str, value: Any) -> None:
    description = described()
    (description["network"] if name in SMALL.architecture else description)[name] = value
    found = outcome(with_description(json.dumps(description)))
    if isinstance(found, str):
        assert found.startswith("This file ")
    else:
        assert found.network.parameters.tobytes() == SMALL.parameters.tobytes()


# Files made by hand


def entries(content: bytes) -> dict[str, bytes]:
    """Name and content of every entry of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def archive(contents: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """An archive of these entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in contents.items():
            made.writestr(name, content)
    return file.getvalue()


def npy(array: np.ndarray, allow_pickle: bool = False) -> bytes:
    """An .npy file."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=allow_pickle)
    return file.getvalue()


def with_entry(name: str, content: bytes) -> bytes:
    """The valid file with one entry replaced or added."""
    return archive({**entries(VALID), f"{name}.npy": content})


def described() -> dict[str, Any]:
    """The valid file's description."""
    with np.load(io.BytesIO(VALID)) as file:
        description: dict[str, Any] = json.loads(str(file["description"]))
        return description


def with_description(text: str) -> bytes:
    """The valid file with another description."""
    return with_entry("description", npy(np.array(text)))


def with_network(**changes: Any) -> bytes:
    """The valid file with an architecture that differs."""
    description = described()
    description["network"].update(changes)
    return with_description(json.dumps(description))


def with_history(column: str, value: float) -> bytes:
    """The valid file with one number of its history replaced."""
    with np.load(io.BytesIO(VALID)) as file:
        history = file["history"]
    history[0, COLUMNS.index(column)] = value
    return with_entry("history", npy(history))


class Harmful:
    """Unpickled, this would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.path,)


def test_pickled_objects_are_not_unpickled(tmp_path: Path) -> None:
    mark = tmp_path / "harm"
    objects = np.empty((2, 3), dtype=object)
    objects[0, 0] = Harmful(mark)
    pickle.loads(pickle.dumps(objects))
    assert mark.exists()  # it would have
    mark.unlink()
    for content in (
        with_entry("W1", npy(objects, allow_pickle=True)),
        with_entry("description", npy(objects, allow_pickle=True)),
        with_entry("W1", pickle.dumps(objects)),
    ):
        with pytest.raises(ValueError, match=r"is not a plain array|is \|O of shape"):
            load(content)
    with pytest.raises(ValueError, match="it is damaged, or no"):
        load(pickle.dumps(objects))
    assert not mark.exists()


def peak_of_loading(content: bytes, message: str) -> int:
    """Most bytes of memory held at once while a file is refused."""
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=message):
            load(content)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_small_file_cannot_take_much_memory() -> None:
    big = np.zeros((2000, 3000), np.float64)
    bomb = archive({**entries(VALID), "W1.npy": npy(big)}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    assert peak_of_loading(bomb, "it may be larger than it looks") < 1_000_000
    # A header that claims a giant shape, and an architecture that claims the same.
    header = npy(np.zeros((2, 3))).replace(b"(2, 3), }" + b" " * 12, b"(2, 3000000000000), }", 1)
    content = {**entries(with_network(sizes=[2, 3_000_000_000_000, 1])), "W1.npy": header}
    assert (
        peak_of_loading(archive(content), "This file is damaged: W1 is not as long as its shape says") < 1_000_000
    )
    assert peak_of_loading(with_network(sizes=[10**9] * 3), "W1 is <f8 of shape") < 1_000_000


def test_an_archive_that_lies_about_its_sizes() -> None:
    # The central directory says 4 GB, stored; the file has a few thousand bytes.
    content, giant = bytearray(VALID), struct.pack("<I", 0xFFFFFF00)
    directory = content.index(b"PK\x01\x02")
    content[directory + 20 : directory + 28] = giant * 2
    assert peak_of_loading(bytes(content), "claims to hold more than it does") < 1_000_000


def test_entries_of_the_same_name() -> None:
    file = io.BytesIO(VALID)
    with zipfile.ZipFile(file, "a") as twice, pytest.warns(UserWarning, match="Duplicate name"):
        twice.writestr("W1.npy", entries(VALID)["W1.npy"])
    with pytest.raises(ValueError, match="claims to hold more than it does"):
        load(file.getvalue())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "damaged, or no .npz file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "damaged, or no .npz file"),
        (archive({"a.txt": b"hello"}), "was not made by nnlib: it holds no description"),
        (archive({"description.npy": b"hello"}), "description is not a plain array"),
        (with_description("no JSON"), "its description cannot be read"),
        (with_description("[" * 100_000), "its description cannot be read"),
        (with_description('{"format": 1e999}'), "its description cannot be read"),
        (with_description("[1]"), "its description is of something else"),
        (with_description('{"format": "nnlib network", "version": 0}'), "its description is incomplete"),
        (with_description(json.dumps({**described(), "settings": []})), "its description is incomplete"),
        (with_description(json.dumps({**described(), "version": 4})), "by a later version .* is 4, .* up to 3"),
        (with_description("x" * 260_000), "its description is too long"),
        (with_entry("W9", npy(np.zeros(3))), "it also holds 'W9'"),
        (archive({k: v for k, v in entries(VALID).items() if k != "b2.npy"}), "it lacks b2"),
        (with_entry("W1", npy(np.zeros((3, 2)))), r"W1 is <f8 of shape \(3, 2\)"),
        (with_entry("W1", npy(np.zeros((2, 3), np.float32))), r"W1 is <f4 of shape \(2, 3\)"),
        (with_entry("W1", npy(np.zeros((2, 3), ">f8"))), "W1 is not a plain array"),
        (with_entry("W1", npy(np.asfortranarray(np.zeros((2, 3))))), "W1 is not a plain array"),
        (with_entry("W1", npy(np.zeros((2, 3)))[:-8]), "W1 is not as long as its shape says"),
        (with_entry("W1", npy(np.full((2, 3), np.nan))), "numbers that no training gives: NaN or infinity in W1"),
        (with_entry("variance1", npy(np.full(3, -1.0))), "a negative number in variance1"),
        (with_history("train_loss", np.nan), "NaN or infinity in train_loss"),
        (with_history("step", 0.5), "a step that is no whole number"),
        (with_history("test_accuracy", 1.5), "test_accuracy above 1"),
        (with_entry("test_recall", npy(np.full((1, 1), 1.5))), "test_recall above 1"),
        (with_history("seconds", -1.0), "a negative number in history"),
        (with_entry("weight_rms", npy(np.ones((2, 2)))), "tables of its history differ in length"),
        (with_network(sizes=[2]), "describes no network"),
        (with_network(sizes=[2, True, 1]), "describes no network"),
        (with_network(sizes=[2, 0, 1]), "describes no network"),
        (with_network(dtype="object"), "describes no network"),
        (with_network(batch_norm=False), "it also holds 'beta1'"),
        (with_network(activation="exec"), "cannot be built: activation must be one of"),
        (with_network(keep_prob=[0.5, 0.5]), "cannot be built: keep_prob must be one number or 1"),
        (with_network(owner="me"), "cannot be built: .*owner"),
    ],
)
def test_what_is_wrong_is_said_plainly(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^This file .*{message}.*\.$"):
        load(content)


# What a file may say is bounded, of settings, history and a training under way too.


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (with_history("step", 2.0**54), "step above 9.0072e[+]15"),
        (with_history("epoch", 2e9), r"epoch above 1e\+09"),
        (with_history("seconds", 1e11), r"seconds above 1e\+10"),
        (with_history("learning_rate", 1e101), r"learning_rate above 1e\+100"),
        (with_history("train_loss", 1e101), r"train_loss above 1e\+100"),
        (with_history("samples_per_second", 1e101), r"samples_per_second above 1e\+100"),
        (with_entry("gradient_rms", npy(np.full((1, 2), 1e101))), r"gradient_rms above 1e\+100"),
        (with_entry("W1", npy(np.full((2, 3), 1e300))), r"W1 above 3.40282e\+38"),
        (with_entry("mean1", npy(np.full(3, -1e39))), r"mean1 above 3.40282e\+38"),
        (with_description(json.dumps(described()).replace('"a": 1', f'"a": {2**128 + 1}')), "cannot be read"),
        (with_description(json.dumps(described()).replace('"a": 1', '"a": -1' + "0" * 5000)), "cannot be read"),
        (with_description(json.dumps(described()).replace('"a": 1', '"a": 1e400')), "cannot be read"),
    ],
)
def test_no_number_is_beyond_what_training_comes_to(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^This file .*{message}.*\.$"):
        load(content)


def test_a_whole_number_too_large_to_be_read_again_is_not_written() -> None:
    assert load(saved(SMALL, [], {"seed": -(2**128)})).settings == {"seed": -(2**128)}
    with pytest.raises(ValueError, match="settings must hold no whole number beyond ±2¹²⁸"):
        saved(SMALL, [], {"seed": 2**128 + 1})


@pytest.mark.thorough
@settings(max_examples=100)
@given(st.dictionaries(st.text(max_size=5), json_values, max_size=3))
def test_any_settings(said: dict[str, Any]) -> None:
    found = outcome(with_description(json.dumps({**described(), "settings": said})))
    if isinstance(found, str):
        assert found.startswith("This file ")
    else:
        assert found.settings == said
        assert saved(found.network, found.history, found.settings) == saved(SMALL, [MEASURED], said)


@given(st.lists(st.floats() | st.integers(0, 3).map(float), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_any_history(numbers: list[float]) -> None:
    found = outcome(with_entry("history", npy(np.array([numbers]))))
    if isinstance(found, str):
        assert found.startswith("This file holds numbers that no training gives: ")
    else:
        with np.load(io.BytesIO(saved(found.network, found.history))) as file:
            np.testing.assert_array_equal(file["history"], [numbers])


ROWS = Dataset.from_arrays([[0, 1], [1, 0], [1, 2], [2, 1], [3, 1], [2, 2], [1, 3]], np.eye(7)[:, :1])


def checkpoint_bytes(trainer: Trainer, settings: dict[str, Any] | None = None) -> bytes:
    """The bytes `save_checkpoint` writes."""
    file = io.BytesIO()
    save_checkpoint(file, trainer, settings)
    return file.getvalue()


def under_way() -> bytes:
    """A training in its second epoch, with all there is to keep."""
    trainer = Trainer(
        Network((2, 3, 1), random_state=0, batch_norm=True, keep_prob=0.5),
        ROWS,
        batch_size=3,
        optimizer="adam",
        epochs=4,
        l2=0.1,
        sample_weight=np.linspace(1, 2, 7),
        random_state=0,
        record_loss=True,
    )
    trainer.run_batches(3)
    return checkpoint_bytes(trainer, {"a": 1})


UNDER_WAY = under_way()


def refused_or_kept(content: bytes) -> bytes | None:
    """What is kept of the training in these bytes, which goes on then; None if it is refused in a sentence."""
    try:
        found = load_checkpoint(io.BytesIO(content), ROWS)
    except ValueError as error:
        message = str(error)
    else:
        kept = checkpoint_bytes(found.trainer, found.settings)
        found.trainer.run_for(0.0)
        return kept
    assert message.startswith("This file")
    assert message.endswith(".")
    return None


@pytest.mark.thorough
@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, len(UNDER_WAY) - 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_flipped_bytes_of_a_checkpoint(flips: list[tuple[int, int]]) -> None:
    content = bytearray(UNDER_WAY)
    for position, mask in flips:
        content[position] ^= mask
    assert refused_or_kept(bytes(content)) in (None, UNDER_WAY)


def places_of(description: dict[str, Any]) -> list[tuple[str, ...]]:
    """The path to every value in the description of a training, dictionaries included."""
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[tuple[str, ...], Any]] = [(("training",), description["training"])]
    while waiting:
        path, value = waiting.pop()
        found.append(path)
        if isinstance(value, dict):
            waiting += [((*path, name), part) for name, part in value.items()]
    return found


def described_training() -> dict[str, Any]:
    """The description of the training under way."""
    with np.load(io.BytesIO(UNDER_WAY)) as file:
        description: dict[str, Any] = json.loads(str(file["description"]))
        return description


def with_training(value: Any, *path: str) -> bytes:
    """The training under way with another value at this place of its description."""
    description = part = described_training()
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    return archive({**entries(UNDER_WAY), "description.npy": npy(np.array(json.dumps(description)))})


@given(
    st.sampled_from(places_of(described_training())),
    json_values | st.integers(-3, 10) | st.sampled_from([10**9, 2**53, 2**127, 1e-300, 1e100, 1e308]),
)
def test_any_value_in_the_description_of_a_training(path: tuple[str, ...], value: Any) -> None:
    if kept := refused_or_kept(with_training(value, *path)):
        assert same(load(kept), load(UNDER_WAY))


NAMES = sorted(entries(UNDER_WAY).keys() - {"description.npy", "last_steps.npy"})  # which is empty


@given(st.sampled_from(NAMES), st.integers(0, 20), st.floats() | st.integers(-(2**63), 2**63 - 1))
def test_any_number_in_the_arrays_of_a_training(name: str, place: int, number: float) -> None:
    with np.load(io.BytesIO(UNDER_WAY)) as file:
        array = file[name.removesuffix(".npy")].copy()
    with np.errstate(all="ignore"):
        array.reshape(-1)[place % array.size] = np.array(number).astype(array.dtype)
    refused_or_kept(archive({**entries(UNDER_WAY), name: npy(array)}))


@pytest.mark.parametrize(
    ("name", "numbers", "message"),
    [
        ("rates", [[0, 0.2]], "rates must begin at step 0, go on step by step and end with learning_rate"),
        ("rates", np.empty((0, 2)), "rates must begin at step 0"),
        ("rates", [[1, 0.1]], "rates must begin at step 0"),
        ("rates", [[0, 0.1], [2, 0.3], [2, 0.1]], "rates must begin at step 0"),
        ("rates", [[0, 0.3], [9, 0.1]], "step must be from 0 to 3, got 9"),
        ("rates", [[0, -0.3], [1, 0.1]], "learning_rate must be finite and in"),
        ("rates", [[0, np.nan], [1, 0.1]], "NaN or infinity in rates"),
        ("last_steps", [[0.5, 0, 0]], "a step that is no whole number"),
        ("last_steps", [[np.inf, 0, 0]], "a step that is no whole number"),
    ],
)
def test_bad_rates_and_last_steps(name: str, numbers: Any, message: str) -> None:
    content = archive({**entries(UNDER_WAY), f"{name}.npy": npy(np.array(numbers, float))})
    with pytest.raises(ValueError, match=rf"^This file.*{message}.*\.$"):
        load_checkpoint(io.BytesIO(content), ROWS)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("arguments", "epochs"), 2 * 10**9, r"epochs is no whole number from 1 to 1e\+09"),
        (("arguments", "epochs"), 2.0, "epochs is no whole number"),
        (("arguments", "measure_every"), 1e-9, "measure_every is no number from 2e-06"),
        (("arguments", "learning_rate"), 1e300, r"learning_rate is no number from 0 to 1e\+100"),
        (("arguments", "batch_size"), 8, "batch_size must be from 1 to 7, got 8"),
        (("arguments", "schedule"), "cos", "schedule must be one of 'constant', 'cosine', got 'cos'"),
        (("arguments", "optimizer"), "exec", "optimizer must be one of"),
        (("arguments", "optimizer"), False, "optimizer is no text"),
        (("arguments",), {}, "arguments holds not just batch_size"),
        (("step",), 13, "step must be from 0 to 8, got 13"),
        (("step",), 4, "epoch must be that of step 4, got 0|net_inputs must be|optimizer_state must be of step 4"),
        (("epoch",), -1, "order must hold every training row once, or none"),
        (("state",), "asleep", "state must be one of"),
        (("problem",), "x" * 1001, "problem is no text of up to 1000 letters"),
        (("optimizer_arrays",), 2, "it also holds 'optimizer3'"),
        (("random_states", "order", "bit_generator"), "MT19937", "must be a state of PCG64"),
        (("random_states", "masks", "state", "inc"), 2, "inc must be odd"),
        (("random_states", "network", "uinteger"), 2**32, "uinteger must be from 0"),
    ],
)
def test_what_is_wrong_with_a_training_is_said_plainly(path: tuple[str, ...], value: Any, message: str) -> None:
    content = with_training(value, "training", *path)
    with pytest.raises(ValueError, match=rf"^This file.*({message}).*\.$"):
        load_checkpoint(io.BytesIO(content), ROWS)


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("order", np.zeros(7, np.int64), "order must hold every training row once"),
        ("order", np.arange(6), "order must hold every training row once"),
        ("optimizer3", np.array([-1.0]), "optimizer_state must be of step 3, got -1"),
        ("optimizer1", np.zeros(4), r"optimizer_state must be float64 of shape \(\d+,\), got float64 of \(4,\)"),
        ("net_inputs", np.zeros((2, 1)), "net_inputs must be float64 of shape"),
        ("sample_weight", -np.ones(7), "sample_weight must be 7 numbers above 0"),
    ],
)
def test_arrays_that_do_not_fit_the_training_are_refused(name: str, array: np.ndarray, message: str) -> None:
    content = archive({**entries(UNDER_WAY), f"{name}.npy": npy(array)})
    with pytest.raises(ValueError, match=rf"^This file's training cannot go on: {message}.*\.$"):
        load_checkpoint(io.BytesIO(content), ROWS)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [1e10, 1e18, 1e30, 3e38])
@pytest.mark.parametrize(("activation", "parts"), [("relu", {"batch_norm": True}), ("relu", {}), ("tanh", {})])
def test_weights_as_large_as_a_file_may_hold_raise_no_warning(
    size: float, activation: str, parts: dict[str, Any]
) -> None:
    # Through nine layers even double precision does not reach: infinity and NaN are meant.
    X, Y = np.eye(2), np.eye(2)[:, :1]
    for sizes in ((2, 3, 1), (2, *[3] * 8, 1)):
        network = Network(sizes, activation=activation, dtype=np.float32, random_state=0, **parts)
        network.parameters[:] = np.random.default_rng(0).uniform(-size, size, network.parameters.size)
        found = load(saved(network)).network
        np.testing.assert_array_equal(found.parameters, network.parameters)
        exact = found.as_type(np.float64)
        assert found.predict_proba(X).shape == exact.predict_proba(X).shape == (2, 1)
        assert len(found.trace(X, Y).dW) == len(exact.trace(X, Y).dW) == len(sizes) - 1
        assert len(exact.check_gradients(X, Y).verdicts) == len(exact.gradient(X, Y)) == exact.parameters.size
        exact.mean_loss(X, Y)


def test_a_training_said_to_have_stopped_early_without_a_history_is_no_trouble() -> None:
    trainer = Trainer(Network((2, 1), random_state=0), ROWS.hold_out(0.3), batch_size=2, epochs=3, patience=1)
    trainer.run_batches(1)
    trainer.state = "finished"
    trainer.history.clear()
    found = load_checkpoint(io.BytesIO(checkpoint_bytes(trainer)), trainer.data).trainer
    assert (found.state, found.ending) == ("finished", "")
