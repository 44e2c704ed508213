"""A grid search over batch size and keep probability: in one process, on all cores by loky, on a Dask cluster.

Run from the top folder:  python -m tests.benchmarks.bench_sweep [--rounds 3]

Each round runs the same search in each way, in turn; the ratios of the times are taken within rounds, and their
median is printed. The processes of loky and Dask are started beforehand, as they live through many searches.
With BLAS threads that fight for cores the ratios would be below 1 (reference, section 5): `Trainer` takes one.
"""

import argparse
import os
import statistics
from collections.abc import Callable
from time import perf_counter

import joblib
from dask.distributed import Client, LocalCluster
from sklearn.model_selection import GridSearchCV

from nnlib import load_mnist
from nnlib.estimator import FeedforwardClassifier

ROWS = 10_000
GRID = {"batch_size": [32, 128], "keep_prob": [0.8, 1.0]}
CORES = os.cpu_count() or 1


def search(jobs: int | None) -> float:
    """Seconds of one grid search of 4 × 3 fits, and one more of the best on all rows."""
    data = load_mnist()
    X, y = data.X_train[:ROWS] / 255, data.Y_train[:ROWS].argmax(axis=1)
    model = FeedforwardClassifier((100, 50), learning_rate="cosine", max_iter=5, random_state=0)
    start = perf_counter()
    GridSearchCV(model, GRID, cv=3, n_jobs=jobs).fit(X, y)
    return perf_counter() - start


def by_dask() -> float:
    """The same on the cluster whose client is open."""
    with joblib.parallel_config(backend="dask"):
        return search(None)


def main() -> None:
    """Print a line a way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    ways: dict[str, Callable[[], float]] = {
        "one process": lambda: search(1),
        f"loky, {CORES} processes": lambda: search(CORES),
        f"Dask, {CORES} processes": by_dask,
    }
    cluster = LocalCluster(n_workers=CORES, threads_per_worker=1, host="127.0.0.1", dashboard_address=None)
    with cluster, Client(cluster):
        for way in ways.values():
            way()
        times = [{name: way() for name, way in ways.items()} for _ in range(rounds)]
    for name in ways:
        speed_up = statistics.median(row["one process"] / row[name] for row in times)
        seconds = statistics.median(row[name] for row in times)
        print(f"{name:18s} {seconds:6.2f} s   speed-up {speed_up:.2f}")


if __name__ == "__main__":
    main()
