"""FeedforwardClassifier against scikit-learn's MLPClassifier: accuracy over seeds, time of `fit` and `predict`.

Run from the top folder:  python -m tests.benchmarks.bench_estimator [digits] [mnist] [--seeds 5]

Both have their default parameters and train for the same number of epochs on the same float64 or float32 inputs,
in turn, in this one process. The ratio is the median over seeds of MLPClassifier's time over ours. Ours takes one
BLAS thread; MLPClassifier takes all, which helps it on an idle machine and harms it on a busy one. With
OPENBLAS_NUM_THREADS=1 both have one.
"""

import argparse
import statistics
import warnings
from time import perf_counter
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

from nnlib import load_mnist
from nnlib.estimator import FeedforwardClassifier

EPOCHS = {"digits": 200, "mnist": 10}
KINDS = (FeedforwardClassifier, MLPClassifier)
WIDE = (1000, 500)

Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def rows(name: str, dtype: type) -> Rows:
    """Training and test inputs in [0, 1], training and test labels."""
    if name == "digits":
        X, y = load_digits(return_X_y=True)
        split: Rows = tuple(train_test_split((X / 16).astype(dtype), y, test_size=0.2, random_state=42))
        return split
    data = load_mnist()
    inputs = data.train_inputs(slice(None), dtype), data.test_inputs(slice(None), dtype)
    return *inputs, data.Y_train.argmax(axis=1), data.Y_test.argmax(axis=1)


def fit(kind: type[Any], epochs: int, seed: int, data: Rows) -> tuple[float, float]:
    """Seconds of one `fit`, and accuracy on the test rows."""
    X_train, X_test, y_train, y_test = data
    model = kind(max_iter=epochs, n_iter_no_change=epochs, random_state=seed)
    start = perf_counter()
    model.fit(X_train, y_train)
    return perf_counter() - start, model.score(X_test, y_test)


def one_row(rounds: int = 300) -> list[float]:
    """Seconds that each kind takes to predict one row with many neurons: the shortest of many, taken in turn."""
    X, _, y, _ = rows("digits", np.float64)
    models = [kind(WIDE, max_iter=1, random_state=0).fit(X, y) for kind in KINDS]
    shortest = [float("inf")] * len(models)
    for _ in range(rounds):
        for k, model in enumerate(models):
            start = perf_counter()
            model.predict(X[:1])
            shortest[k] = min(shortest[k], perf_counter() - start)
    return shortest


def main() -> None:
    """Print a line for each data set and precision of the inputs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", default=list(EPOCHS), metavar="digits or mnist")
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    ours, theirs = one_row()
    print(f"predicting one row at {WIDE}: {ours * 1e6:.0f} µs, MLPClassifier {theirs * 1e6:.0f} µs", flush=True)
    for name in arguments.names:
        for dtype in (np.float64, np.float32):
            data, epochs = rows(name, dtype), EPOCHS[name]
            for kind in KINDS:
                fit(kind, 1, 0, data)
            pairs = [[fit(kind, epochs, seed, data) for kind in KINDS] for seed in range(arguments.seeds)]
            print(f"{name}, {dtype.__name__} inputs, {epochs} epochs, {arguments.seeds} seeds")
            for kind, results in zip(KINDS, zip(*pairs, strict=True), strict=True):
                seconds, accuracy = zip(*results, strict=True)
                spread = statistics.stdev(accuracy) if len(accuracy) > 1 else 0.0
                print(
                    f"  {kind.__name__:21s} {statistics.median(seconds):7.2f} s   "
                    f"accuracy {statistics.mean(accuracy):.2%} ± {spread:.2%}"
                )
            ratio = statistics.median(theirs[0] / ours[0] for ours, theirs in pairs)
            print(f"  ratio of times {ratio:.2f}", flush=True)


if __name__ == "__main__":
    main()
