"""FeedforwardClassifier against scikit-learn's MLPClassifier on four of its data sets, each raw and scaled.

Run from the top folder:  python -m tests.benchmarks.bench_eight [iris] [wine] [cancer] [digits] [--seeds 6]

Both have their default parameters. A seed gives the five folds and the first weights. The accuracy is their
mean, ± its standard error over seeds, and so is the difference.
"""

import argparse
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnlib.estimator import FeedforwardClassifier
from nnlib.measuring import ONE_BLAS_THREAD

SETS: dict[str, Callable[..., Any]] = {
    "iris": load_iris,
    "wine": load_wine,
    "cancer": load_breast_cancer,
    "digits": load_digits,
}


def accuracy(kind: type[Any], name: str, scaled: bool, seed: int) -> float:
    """Mean over five folds."""
    X, y = SETS[name](return_X_y=True)
    steps = [StandardScaler()] if scaled else []
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return float(cross_val_score(make_pipeline(*steps, kind(random_state=seed)), X, y, cv=folds).mean())


def mean_and_error(values: np.ndarray) -> str:
    """Mean ± standard error."""
    return f"{values.mean():.4f} ± {values.std(ddof=1) / np.sqrt(len(values)):.4f}"


def main() -> None:
    """Print a line for each data set, raw and scaled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", default=list(SETS), metavar="iris, wine, cancer or digits")
    parser.add_argument("--seeds", type=int, default=6)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    for name in arguments.names:
        for scaled in (False, True):
            with ONE_BLAS_THREAD:
                ours, theirs = (
                    np.array([accuracy(kind, name, scaled, seed) for seed in range(arguments.seeds)])
                    for kind in (FeedforwardClassifier, MLPClassifier)
                )
            title = f"{name}, {'scaled' if scaled else 'raw'}"
            columns = [mean_and_error(values) for values in (ours, theirs, ours - theirs)]
            print(
                f"{title:15s} ours {columns[0]}, MLPClassifier {columns[1]}, difference {columns[2]}", flush=True
            )


if __name__ == "__main__":
    main()
