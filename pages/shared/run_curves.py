"""How loss and accuracy went while runs were trained: the points measured."""

from collections.abc import Mapping

import pandas as pd
from pandas.io.formats.style import Styler

from pages.shared.numbers import percent
from pages.shared.run import Run
from pages.shared.tables import written


def curve_points(runs: Mapping[str, Run]) -> pd.DataFrame:
    """One row a run, measurement and part ("train", "test", and "validation" where some rows are held out)."""
    rows = [
        {
            "run": name,
            "epoch": m.epoch,
            "seconds": m.seconds,
            "data": part,
            "loss": getattr(m, f"{part}_loss"),
            "accuracy": getattr(m, f"{part}_accuracy"),
        }
        for name, run in runs.items()
        for m in run.measurements
        for part in ("train", "test", "validation")
        if part != "validation" or m.validation_accuracy == m.validation_accuracy  # not NaN: there is one
    ]
    return pd.DataFrame(rows, columns=["run", "epoch", "seconds", "data", "loss", "accuracy"])


def written_points(points: pd.DataFrame) -> Styler:
    """`curve_points` as a table to read."""
    return written(points, {"accuracy": percent})
