"""The data a network is trained on: MNIST as bundled, scikit-learn's digits, or arrays of your own."""

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from nnlib.notation import Array
from nnlib.validation import check_choice, check_integer, check_matrix, check_number

MNIST_PATH = Path(__file__).parent / "data" / "mnist.npz"
MNIST_SHA256 = "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64"
MNIST_SHAPES = {"x_train": (60000, 28, 28), "y_train": (60000,), "x_test": (10000, 28, 28), "y_test": (10000,)}


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and test rows. The arrays are read-only, so that any number of trainers can share them.

    Attributes
    ----------
    X_train, X_test : (n, d) raw inputs; whole numbers (uint8) stay whole numbers to save memory
    Y_train, Y_test : (n, l) float32 labels, one-hot or multi-hot; X_test may have no rows
    X_validation, Y_validation : the same of rows held out of training to choose by, see `hold_out`; else no rows
    scale : a network sees scale · X
    active : indices of the inputs that are not 0 in every training row, the most often used first
    X_active : X_train[:, active]; what training multiplies with, since weights of the others never move
    reach : (n,) how many leading columns of X_active hold all that is not 0 in the row
    image_shape : (height, width) of a row seen as a picture, or None
    multilabel : whether a row may have several labels, or none
    """

    X_train: Array
    Y_train: Array
    X_test: Array
    Y_test: Array
    X_validation: Array
    Y_validation: Array
    scale: float
    active: Array
    X_active: Array
    reach: Array
    image_shape: tuple[int, int] | None = None
    multilabel: bool = False

    @classmethod
    def from_arrays(
        cls,
        X_train: ArrayLike,
        Y_train: ArrayLike,
        X_test: ArrayLike | None = None,
        Y_test: ArrayLike | None = None,
        *,
        scale: float = 1.0,
        image_shape: tuple[int, int] | None = None,
        multilabel: bool = False,
    ) -> "Dataset":
        """A dataset from (n, d) inputs and (n, l) labels in [0, 1]; without test rows it is trained only.

        Raises
        ------
        ValueError, TypeError
            If inputs are not finite numbers, shapes do not fit, or labels lie outside [0, 1].

        Examples
        --------
        >>> data = Dataset.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [[1], [0], [0], [1]])
        >>> data.X_train.shape, data.Y_train.shape, len(data.X_test)
        ((4, 2), (4, 1), 0)
        """
        X_train, Y_train = _checked_pair("train", X_train, Y_train)
        if X_test is None or Y_test is None:
            if X_test is not None or Y_test is not None:
                raise ValueError("X_test and Y_test go together: give both or neither")
            X_test, Y_test = X_train[:0], Y_train[:0]
        else:
            X_test, Y_test = _checked_pair("test", X_test, Y_test)
        if X_test.shape[1] != X_train.shape[1] or Y_test.shape[1] != Y_train.shape[1]:
            raise ValueError(
                f"test rows must have as many columns as training rows: X {X_test.shape} and {X_train.shape}, "
                f"Y {Y_test.shape} and {Y_train.shape}"
            )
        uses = np.count_nonzero(X_train, axis=0)
        active = np.argsort(-uses, kind="stable")[: max(1, np.count_nonzero(uses))]
        X_active = np.take(X_train, active, axis=1)
        reach = X_active.shape[1] - np.argmax(X_active[:, ::-1] != 0, axis=1)
        for array in (X_train, Y_train, X_test, Y_test, active, X_active, reach):
            array.flags.writeable = False
        return cls(
            X_train=X_train,
            Y_train=Y_train,
            X_test=X_test,
            Y_test=Y_test,
            X_validation=X_train[:0],
            Y_validation=Y_train[:0],
            scale=float(scale),
            active=active,
            X_active=X_active,
            reach=reach,
            image_shape=image_shape,
            multilabel=multilabel,
        )

    def first(self, n: int) -> "Dataset":
        """The same data with only the first n training rows: views, not copies."""
        n = check_integer("n", n, 1, len(self.X_train))
        X_train, Y_train = self.X_train[:n], self.Y_train[:n]
        return replace(self, X_train=X_train, Y_train=Y_train, X_active=self.X_active[:n], reach=self.reach[:n])

    def hold_out(self, share: float) -> "Dataset":
        """The same data with the last training rows, this share of them, as validation rows: views, not copies.

        Network and training are chosen by rows they were not trained on; those of the test are kept for the end.

        Raises
        ------
        ValueError, TypeError
            If `share` does not leave a row on each side, or there are validation rows already.

        Examples
        --------
        >>> data = load_mnist().hold_out(0.1)
        >>> len(data.X_train), len(data.X_validation), len(data.X_test)
        (50400, 5600, 14000)
        """
        n, share = len(self.X_train), check_number("share", share, 0.0, 1.0, low_included=False)
        if len(self.X_validation):
            raise ValueError("these data have validation rows already")
        if not 0 < (held_out := round(share * n)) < n:
            raise ValueError(
                f"share must leave rows to train on and rows to validate by: {share:g} of {n} does not"
            )
        X_validation, Y_validation = self.X_train[n - held_out :], self.Y_train[n - held_out :]
        return replace(self.first(n - held_out), X_validation=X_validation, Y_validation=Y_validation)

    def with_every_input(self) -> "Dataset":
        """The same data with no input left out and none moved: for training that goes on with other rows."""
        n, d = self.X_train.shape
        return replace(self, active=np.arange(d), X_active=self.X_train, reach=np.full(n, d))

    @cached_property
    def digest(self) -> str:
        """SHA-256, as hexadecimal digits, of all that training and measuring take from these data."""
        digest = hashlib.sha256(repr((self.scale, self.multilabel)).encode())
        arrays = [self.X_train, self.Y_train, self.X_test, self.Y_test, self.active, self.reach]
        if len(self.X_validation):
            arrays += [self.X_validation, self.Y_validation]
        for array in arrays:
            digest.update(repr((array.dtype.str, array.shape)).encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def train_inputs(self, rows: Array | slice, dtype: DTypeLike = np.float64) -> Array:
        """Training rows as a network sees them: scale · X, in `dtype`."""
        return self._seen(self.X_train[rows], dtype)

    def validation_inputs(self, rows: Array | slice, dtype: DTypeLike = np.float64) -> Array:
        """Validation rows as a network sees them: scale · X, in `dtype`."""
        return self._seen(self.X_validation[rows], dtype)

    def test_inputs(self, rows: Array | slice, dtype: DTypeLike = np.float64) -> Array:
        """Test rows as a network sees them: scale · X, in `dtype`."""
        return self._seen(self.X_test[rows], dtype)

    def _seen(self, X: Array, dtype: DTypeLike) -> Array:
        return X.astype(dtype) * np.asarray(self.scale, dtype)


def _checked_pair(part: str, X: ArrayLike, Y: ArrayLike) -> tuple[Array, Array]:
    """(X, Y) as new or untouched arrays of fitting shapes; whole-number pixels keep their type."""
    dtype = np.asarray(X).dtype if np.asarray(X).dtype in (np.uint8, np.float32) else np.dtype(np.float64)
    X = check_matrix(f"X_{part}", X, dtype).view()
    Y = check_matrix(f"Y_{part}", Y, np.float32).view()
    if len(X) != len(Y):
        raise ValueError(f"X_{part} and Y_{part} must have as many rows, got {len(X)} and {len(Y)}")
    if Y.min() < 0 or Y.max() > 1:
        raise ValueError(f"Y_{part} must lie in [0, 1], got values from {Y.min()} to {Y.max()}")
    return X, Y


def one_hot(labels: ArrayLike, classes: int) -> Array:
    """Whole-number labels (n,) in [0, classes) as (n, classes) float32 rows with a single 1.

    Raises
    ------
    ValueError, TypeError
        If a label is not a whole number or out of range.
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be whole numbers, got dtype {labels.dtype}")
    if labels.ndim != 1 or not len(labels):
        raise ValueError(f"labels must be a vector with at least one element, got shape {labels.shape}")
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"labels must be from 0 to {classes - 1}, got values from {labels.min()} to {labels.max()}"
        )
    return np.eye(classes, dtype=np.float32)[labels]


def load_mnist(split: str = "source") -> Dataset:
    """The 70,000 handwritten digits of MNIST, 28 × 28 pixels from 0 to 255, seen by a network as 0 to 1.

    Loaded once; every caller is given the same read-only arrays. Never uses the network.

    Parameters
    ----------
    split : "source" for the source's 56,000 training and 14,000 test rows (scikit-learn's
        `train_test_split` of all rows in order, random_state 42), "standard" for MNIST's own 60,000 and 10,000

    Raises
    ------
    FileNotFoundError, OSError
        If the bundled file is missing or damaged; the message names it and says how to get it back.
    ValueError
        If `split` is neither.

    Examples
    --------
    >>> data = load_mnist()
    >>> data.X_train.shape, data.X_test.shape, data.X_train.dtype
    ((56000, 784), (14000, 784), dtype('uint8'))
    """
    return _split_mnist(check_choice("split", split, ("source", "standard")))


@lru_cache(maxsize=2)
def _split_mnist(split: str) -> Dataset:
    arrays = read_mnist(MNIST_PATH)
    X = np.concatenate([arrays["x_train"], arrays["x_test"]]).reshape(70000, 784)
    Y = one_hot(np.concatenate([arrays["y_train"], arrays["y_test"]]), 10)
    if split == "source":
        # What train_test_split does, without the second it takes to import it; a test compares the two.
        order = np.random.RandomState(42).permutation(70000)
        test, train = order[:14000], order[14000:]
    else:
        train, test = np.arange(60000), np.arange(60000, 70000)
    return Dataset.from_arrays(X[train], Y[train], X[test], Y[test], scale=1 / 255, image_shape=(28, 28))


def mnist_pictures(count: int) -> tuple[Array, Array]:
    """The first `count` pictures of MNIST's own test set, (count, 28, 28) uint8, and their digits, (count,).

    Much quicker than `load_mnist`, for who only wants to show some. Raises as `load_mnist` does.
    """
    arrays = read_mnist(MNIST_PATH, ("x_test", "y_test"))
    count = check_integer("count", count, 1, len(arrays["y_test"]))
    return arrays["x_test"][:count], arrays["y_test"][:count]


def read_mnist(path: Path, names: Sequence[str] = tuple(MNIST_SHAPES)) -> dict[str, Array]:
    """The named arrays of an MNIST file, by default all four, after checking that it is the right one.

    Raises FileNotFoundError or OSError with the file's name and how to get it back.
    """
    advice = (
        "It comes with this project: restore it with `git checkout -- nnlib/data/mnist.npz`, "
        "or install the project anew."
    )
    if not path.is_file():
        raise FileNotFoundError(f"The MNIST file {path} is missing. {advice}")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != MNIST_SHA256:
        raise OSError(f"The MNIST file {path} is damaged: its SHA-256 is not {MNIST_SHA256[:12]}…. {advice}")
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in names}
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise OSError(f"The MNIST file {path} cannot be read ({error}). {advice}") from error


@lru_cache(maxsize=1)
def load_digits() -> Dataset:
    """scikit-learn's 1,797 digits, 8 × 8 pixels from 0 to 16, split 80 : 20 with random_state 42.

    Examples
    --------
    >>> data = load_digits()
    >>> data.X_train.shape, data.X_test.shape, data.Y_train[0].argmax()
    ((1437, 64), (360, 64), np.int64(6))
    """
    from sklearn.datasets import load_digits as load  # imported here: it takes a second, and few need it
    from sklearn.model_selection import train_test_split

    X, labels = load(return_X_y=True)
    rows = train_test_split(X.astype(np.uint8), one_hot(labels, 10), test_size=0.2, random_state=42)
    X_train, X_test, Y_train, Y_test = rows
    return Dataset.from_arrays(X_train, Y_train, X_test, Y_test, scale=1 / 16, image_shape=(8, 8))
