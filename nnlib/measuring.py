"""What is measured of a network: its loss and accuracy on rows of a dataset, and the record of a training run."""

import threading
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.linalg.blas  # noqa: F401, see OneBlasThread
from threadpoolctl import OpenBLASController, ThreadpoolController

from nnlib.activations import ACTIVATIONS, sigmoid_derivative
from nnlib.datasets import Dataset
from nnlib.layers import Activation
from nnlib.network import Network
from nnlib.notation import Array
from nnlib.validation import check_choice

CHUNK_ROWS = 500  # rows a measurement puts through the network at once: they fit in the cache
NO_SLOPE = 1e-6  # a'(z) below which a neuron does not learn: σ' is that small from |z| = 13.8 on
NO_DIFFERENCE = 1e-6  # of an output between rows, below which it does not tell them apart


class OneBlasThread:
    """Within `with ONE_BLAS_THREAD:`, matrix products of the whole process take one BLAS thread.

    Small ones want no second: it waits for a core that a browser may be using, and how many there are decides
    the last bit of a result. The setting is the process's, so those within it at a time are counted: the first
    sets it, the last gives back what was there before, in whatever order and threads they come and go.
    """

    def __init__(self) -> None:
        self._libraries = ThreadpoolController()  # those loaded by now: NumPy's BLAS and SciPy's own
        self._lock = threading.Lock()
        self._within = 0

    def __enter__(self) -> None:
        with self._lock:
            if self._within == 0:
                _let_any_thread_set_blas()
                self._limit = self._libraries.limit(limits=1, user_api="blas")
            self._within += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._within -= 1
            if self._within == 0:
                _let_any_thread_set_blas()
                self._limit.restore_original_limits()
                _let_any_thread_set_blas()


def _let_any_thread_set_blas() -> None:
    """Since threadpoolctl 3.8 a limit does nothing, silently, in other threads than the first to set one."""
    if hasattr(OpenBLASController, "clear_controlling_thread"):
        OpenBLASController.clear_controlling_thread(force=True)


ONE_BLAS_THREAD = OneBlasThread()  # of this process


@dataclass(frozen=True)
class Measurement:
    """What was seen at one step of training.

    Attributes
    ----------
    step, epoch : mini-batches so far, and the same in (fractional) passes over the training rows
    seconds : of training so far, measurements not counted
    learning_rate : η of the next step
    train_loss, train_accuracy : on a fixed sample of the training rows
    test_loss, test_accuracy : on all test rows; NaN without any
    samples_per_second : training speed since the measurement of an earlier step; NaN for the first
    gradient_rms, weight_rms : root mean square of ∇W and of W, one number a dense layer, first layer first
    test_recall : of the test rows of each class, the share that is predicted right, one number a class; NaN for a
        class without rows. Empty without test rows, and where outputs are not classes: with several labels, or one
    validation_loss, validation_accuracy : on all validation rows; NaN without any
    """

    step: int
    epoch: float
    seconds: float
    learning_rate: float
    train_loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float
    samples_per_second: float
    gradient_rms: tuple[float, ...]
    weight_rms: tuple[float, ...]
    test_recall: tuple[float, ...] = ()
    validation_loss: float = np.nan
    validation_accuracy: float = np.nan


@dataclass(frozen=True)
class StuckNeurons:
    """How many neurons of a network no longer learn from some rows, or tell them apart.

    Attributes
    ----------
    rows : looked at
    dead : of each hidden layer, those whose a'(z) is below `NO_SLOPE` for every row: ReLU gives 0 for all
    saturated : outputs whose σ'(z) is below `NO_SLOPE` for every row, where it is a factor of their δ and some row
        is predicted wrong
    alike : outputs that are the same for every row, but for less than `NO_DIFFERENCE`, where the labels are not
    sizes : neurons of each hidden layer, and of the output layer
    activation : of the hidden layers
    """

    rows: int
    dead: tuple[int, ...]
    saturated: int
    alike: int
    sizes: tuple[int, ...]
    activation: str

    @property
    def warning(self) -> str:
        """What is wrong and what to do, in plain words; empty unless half of a layer is dead, or an output stuck.

        A few dead neurons are usual and do no harm. One output that is saturated is a class never learned.
        """
        outputs = self.sizes[-1]
        sentences = [
            f"In hidden layer {t}, {dead} of {size} neurons are dead: "
            + ("they give 0" if self.activation == "relu" else "the slope of their activation is about 0")
            + f" for each of the {self.rows:,} training rows looked at, so no gradient reaches their weights."
            for t, (dead, size) in enumerate(zip(self.dead, self.sizes, strict=False), start=1)
            if 2 * dead >= size
        ]
        if self.saturated:
            sentences.append(
                f"{self.saturated} of {outputs} outputs {'is' if self.saturated == 1 else 'are'} saturated: "
                f"σ′(z) is about 0 for each of the {self.rows:,} training rows looked at, and so is "
                "the error δ = (h − y) σ′(z) of squared error, whatever the labels are."
            )
        elif self.alike == outputs:
            sentences.append(f"The outputs are the same for each of the {self.rows:,} training rows looked at.")
        if not sentences:
            return ""
        causes = "a learning rate that is too large, or first weights that are too large"
        cure = "Begin anew with a smaller learning rate or smaller first weights"
        cure += "; with cross-entropy, δ = h − y has no factor σ′(z)." if self.saturated else "."
        return " ".join([*sentences, f"The usual cause is {causes}.", cure])


def find_stuck(network: Network, data: Dataset, rows: Array) -> StuckNeurons:
    """Count the neurons that are dead, saturated or all alike on `rows` of the training part of `data`."""
    derivative = ACTIVATIONS[network.activation].derivative
    slopes = [np.zeros(size) for size in network.sizes[1:-1]]  # the largest over all rows
    outputs, Y = [], data.Y_train[rows]
    with ONE_BLAS_THREAD, np.errstate(all="ignore"):
        for start in range(0, len(rows), CHUNK_ROWS):
            H = data.train_inputs(rows[start : start + CHUNK_ROWS], network.dtype)
            hidden = iter(slopes)
            for layer in network.layers:
                H = layer.infer(H)
                if isinstance(layer, Activation):
                    slope = next(hidden)
                    np.maximum(slope, derivative(H).max(axis=0), out=slope)
            outputs.append(network.loss.output(H))
        P = np.concatenate(outputs)
        flat = (sigmoid_derivative(P).max(axis=0) < NO_SLOPE) & (np.abs(P - Y).max(axis=0) > 0.5)
        alike = (np.ptp(P, axis=0) < NO_DIFFERENCE) & (np.ptp(Y, axis=0) > 0)
    return StuckNeurons(
        rows=len(rows),
        dead=tuple(int(np.count_nonzero(slope < NO_SLOPE)) for slope in slopes),
        saturated=int(flat.sum()) if network.loss_name == "sigmoid squared error" else 0,
        alike=int(alike.sum()),
        sizes=network.sizes[1:],
        activation=network.activation,
    )


def accuracy(P: Array, Y: Array, multilabel: bool = False, weights: Array | None = None) -> float:
    """Share of rows predicted right: the largest output for classes, every p > 0.5 as labelled otherwise.

    With `weights`, (n,), it is their share of all weight.
    """
    return float(np.average(_right(P, Y, multilabel), weights=weights))


def _right(P: Array, Y: Array, multilabel: bool) -> Array:
    """Whether each row is predicted right, (n,)."""
    if multilabel or P.shape[1] == 1:
        return np.asarray(np.all((P > 0.5) == (Y > 0.5), axis=1))
    return np.asarray(P.argmax(axis=1) == Y.argmax(axis=1))


class Evaluation(NamedTuple):
    """How well a network does on some rows: mean loss, accuracy, and recall as `Measurement.test_recall`.

    Of no rows, loss and accuracy are NaN and recall is empty.
    """

    loss: float
    accuracy: float
    recall: tuple[float, ...]


def evaluate(network: Network, data: Dataset, part: str, rows: Array | None = None) -> Evaluation:
    """How well `network` does on `rows` (default all) of a part of `data`: "train", "validation" or "test"."""
    parts = {
        "train": (data.train_inputs, data.Y_train),
        "validation": (data.validation_inputs, data.Y_validation),
        "test": (data.test_inputs, data.Y_test),
    }
    inputs, Y_all = parts[check_choice("part", part, parts)]
    rows = np.arange(len(Y_all)) if rows is None else rows
    if not len(rows):
        return Evaluation(np.nan, np.nan, ())
    loss, right = 0.0, np.empty(len(rows), bool)
    with ONE_BLAS_THREAD, np.errstate(all="ignore"):
        for start in range(0, len(rows), CHUNK_ROWS):
            chunk = rows[start : start + CHUNK_ROWS]
            Y = Y_all[chunk]
            Z = network.infer(inputs(chunk, network.dtype))
            loss += network.loss.value(Z, Y) * len(chunk)
            right[start : start + CHUNK_ROWS] = _right(network.loss.output(Z), Y, data.multilabel)
    recall = () if data.multilabel or Y_all.shape[1] == 1 else _recall(right, Y_all[rows])
    return Evaluation(loss / len(rows), float(right.mean()), recall)


def _recall(right: Array, Y: Array) -> tuple[float, ...]:
    """Share of the rows of each class that is right; NaN where there are none."""
    classes, count = Y.argmax(axis=1), Y.shape[1]
    found, there = (np.bincount(c, minlength=count).tolist() for c in (classes[right], classes))
    return tuple(f / n if n else np.nan for f, n in zip(found, there, strict=True))
