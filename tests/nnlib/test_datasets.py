"""Data: the bundled file, the source's split, sharing, and what happens when something is wrong."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from nnlib.datasets import (
    MNIST_PATH,
    MNIST_SHA256,
    Dataset,
    load_digits,
    load_mnist,
    mnist_pictures,
    one_hot,
    read_mnist,
)


def test_the_bundled_file_is_mnist() -> None:
    assert hashlib.sha256(MNIST_PATH.read_bytes()).hexdigest() == MNIST_SHA256


def test_source_split_is_scikit_learns() -> None:
    arrays = read_mnist(MNIST_PATH)
    X = np.concatenate([arrays["x_train"], arrays["x_test"]]).reshape(-1, 784)
    y = np.concatenate([arrays["y_train"], arrays["y_test"]])
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    data = load_mnist()
    np.testing.assert_array_equal(data.X_train, X_train)
    np.testing.assert_array_equal(data.X_test, X_test)
    np.testing.assert_array_equal(data.Y_train.argmax(axis=1), y_train)
    np.testing.assert_array_equal(data.Y_test.argmax(axis=1), y_test)


def test_standard_split_is_mnists_own() -> None:
    data, arrays = load_mnist("standard"), read_mnist(MNIST_PATH)
    assert data.X_train.shape == (60000, 784)
    np.testing.assert_array_equal(data.X_test, arrays["x_test"].reshape(10000, 784))
    np.testing.assert_array_equal(data.Y_train.argmax(axis=1), arrays["y_train"])


def test_digits() -> None:
    data = load_digits()
    assert len(data.X_train) + len(data.X_test) == 1797
    assert data.image_shape == (8, 8)
    assert data.train_inputs(slice(None)).max() == 1.0


def test_everyone_shares_the_same_read_only_arrays() -> None:
    data = load_mnist()
    assert load_mnist("source") is data
    part = data.first(1000)
    assert len(part.X_train) == 1000
    assert np.shares_memory(part.X_active, data.X_active)
    for array in (data.X_train, data.X_active, data.Y_train, data.X_test, part.X_train):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_68_pixels_are_blank_in_every_training_row_and_left_out() -> None:
    data = load_mnist()
    assert data.X_active.shape == (56000, 716)
    left_out = np.setdiff1d(np.arange(784), data.active)
    assert len(left_out) == 68
    assert not data.X_train[:, left_out].any()


def test_reach_covers_every_pixel_that_is_not_zero() -> None:
    data = load_mnist().first(500)
    for row, reach in zip(data.X_active, data.reach, strict=True):
        assert row[reach - 1] != 0
        assert not row[reach:].any()


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"lost\.npz is missing.*git checkout"):
        read_mnist(tmp_path / "lost.npz")


def test_damaged_file_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "mnist.npz"
    damaged.write_bytes(MNIST_PATH.read_bytes()[:-1])
    with pytest.raises(OSError, match=r"mnist\.npz is damaged.*git checkout"):
        read_mnist(damaged)


def test_one_hot_by_hand() -> None:
    np.testing.assert_array_equal(one_hot(np.array([2, 0]), 3), [[0, 0, 1], [1, 0, 0]])


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        (np.array([0, 3]), ValueError, "labels must be from 0 to 2, got values from 0 to 3"),
        (np.array([-1]), ValueError, "labels must be from 0 to 2"),
        (np.array([0.5]), TypeError, "whole numbers"),
        (np.zeros((2, 2), int), ValueError, "labels must be a vector"),
        (np.zeros(0, int), ValueError, "at least one"),
    ],
)
def test_bad_labels(labels: np.ndarray, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        one_hot(labels, 3)


def test_bad_datasets() -> None:
    X, Y = np.ones((3, 2)), np.ones((3, 1))
    with pytest.raises(ValueError, match="X_train and Y_train must have as many rows, got 3 and 2"):
        Dataset.from_arrays(X, Y[:2])
    with pytest.raises(ValueError, match="give both or neither"):
        Dataset.from_arrays(X, Y, X)
    with pytest.raises(ValueError, match="as many columns"):
        Dataset.from_arrays(X, Y, np.ones((3, 4)), Y)
    with pytest.raises(ValueError, match="X_train must be finite"):
        Dataset.from_arrays(X * np.inf, Y)
    with pytest.raises(ValueError, match=r"Y_train must lie in \[0, 1\]"):
        Dataset.from_arrays(X, 2 * Y)
    with pytest.raises(ValueError, match="split must be one of 'source', 'standard'"):
        load_mnist("half")
    with pytest.raises(ValueError, match="n must be from 1 to 3"):
        Dataset.from_arrays(X, Y).first(4)
    with pytest.raises(TypeError, match="n must be a whole number"):
        Dataset.from_arrays(X, Y).first(1.5)  # type: ignore[arg-type]


def test_the_first_pictures_of_mnist_are_those_of_its_own_test_set() -> None:
    pictures, digits = mnist_pictures(3)
    data = load_mnist("standard")
    np.testing.assert_array_equal(pictures.reshape(3, 784), data.X_test[:3])
    np.testing.assert_array_equal(digits, data.Y_test[:3].argmax(axis=1))
    with pytest.raises(ValueError, match="count must be from 1 to 10000, got 0"):
        mnist_pictures(0)


def test_rows_held_out_are_the_last_ones_and_no_longer_trained_on() -> None:
    data = load_digits()
    held = data.hold_out(0.2)
    assert [len(held.X_train), len(held.X_validation), len(held.X_test)] == [1150, 287, 360]
    np.testing.assert_array_equal(np.vstack([held.X_train, held.X_validation]), data.X_train)
    np.testing.assert_array_equal(np.vstack([held.Y_train, held.Y_validation]), data.Y_train)
    assert len(held.X_active) == len(held.reach) == 1150
    assert np.shares_memory(held.X_validation, data.X_train)
    np.testing.assert_array_equal(held.validation_inputs(slice(1)), data.train_inputs(slice(1150, 1151)))
    assert not len(data.X_validation)


def test_the_digest_tells_who_validates_by_which_rows() -> None:
    data = load_digits()
    digests = {part.digest for part in (data, data.hold_out(0.2), data.hold_out(0.3), data.first(1150))}
    assert len(digests) == 4
    assert data.digest.startswith("8041b6f3d37b")  # checkpoints kept before there was a validation part still fit


@pytest.mark.parametrize(
    ("share", "error", "message"),
    [
        (0.0, ValueError, r"share must be finite and in \(0.0, 1.0\]"),
        (0.1, ValueError, "share must leave rows to train on and rows to validate by: 0.1 of 3 does not"),
        (1.0, ValueError, "1 of 3 does not"),
        ("a", TypeError, "share must be a number"),
    ],
)
def test_bad_shares(share: float, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Dataset.from_arrays(np.ones((3, 2)), np.ones((3, 1))).hold_out(share)


def test_rows_are_held_out_once() -> None:
    with pytest.raises(ValueError, match="validation rows already"):
        load_digits().hold_out(0.1).hold_out(0.1)
