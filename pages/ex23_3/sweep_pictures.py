"""The pictures of a sweep: a heat map of the final accuracies, and the curves of every run side by side."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pages.ex23_3.settings import HYPERPARAMETERS
from pages.ex23_3.sweep import Combination, Sweep
from pages.shared.charts import Spec, meaning_colors, one_meaning
from pages.shared.numbers import percent
from pages.shared.run_curves import curve_points

ROW_HEIGHT, PANEL_HEIGHT = 40, 90  # pixels
HEAT_MAP_AXES, PANEL_AXES = 85, 190  # pixels: Streamlit counts axes and legend into the height
SHORTEST_AXIS = 75  # room for its title
PADDING = 0.06  # of a panel, around its curves
DIVERGED = "diverged"
FAINT, STRONG = 0.08, 0.6  # shades of the lowest and the highest accuracy, under black and under white text


def final_accuracies(sweep: Sweep) -> pd.DataFrame:
    """One row a combination: its values as text, test accuracy (NaN before the end), and what to print."""
    rows, ended, under_way = [], sweep.ended, sweep.under_way
    for combination in sweep.combined:
        column, row = _text_pair(combination)
        run = ended.get(combination)
        accuracy = run.trainer.history[-1].test_accuracy if run is not None and run.trainer.history else np.nan
        diverged = run is not None and run.trainer.state == "diverged"
        waiting = "…" if combination == under_way else ""
        rows.append(
            {
                "column": column,
                "row": row,
                "accuracy": np.nan if diverged else accuracy,
                "shown": waiting if run is None else DIVERGED if diverged else percent(accuracy),
                "combination": sweep.name(combination),
            }
        )
    return pd.DataFrame(rows)


def heat_map(sweep: Sweep, table: pd.DataFrame) -> Spec:
    """The sweep's `final_accuracies`, the first hyperparameter across and the second down."""
    columns, rows = _texts(sweep)
    accuracy = table["accuracy"].dropna()
    low, high = (accuracy.min(), accuracy.max()) if len(accuracy) else (0.0, 1.0)
    x, y = _axis_of_values(sweep, 0, columns), _axis_of_values(sweep, 1, rows)
    tooltip = [
        {"field": "combination", "type": "nominal"},
        {"field": "shown", "type": "nominal", "title": "test accuracy"},
    ]
    shade = {
        "field": "accuracy",
        "type": "quantitative",
        "scale": {"domain": [low, high] if high > low else [low - 1, high], "range": [FAINT, STRONG]},
        "legend": None,
    }
    return {
        "height": max(ROW_HEIGHT * len(rows), SHORTEST_AXIS) + HEAT_MAP_AXES,
        "datasets": {"cells": table},
        "data": {"name": "cells"},
        "layer": [
            {
                "mark": {"type": "rect", "fillOpacity": 0, "strokeOpacity": 0.4},
                "encoding": {"x": x, "y": y, "stroke": one_meaning("neutral")},
            },
            {
                "transform": [{"filter": "isValid(datum.accuracy)"}],
                "mark": "rect",
                "encoding": {"x": x, "y": y, "color": one_meaning("test"), "opacity": shade, "tooltip": tooltip},
            },
            {
                "mark": {"type": "text", "fontSize": 13, "fill": "currentColor"},
                "encoding": {"x": x, "y": y, "text": {"field": "shown", "type": "nominal"}, "tooltip": tooltip},
            },
        ],
    }


def small_multiples(sweep: Sweep) -> Spec:
    """Train and test accuracy over the epochs, a panel for each combination, arranged as the heat map is.

    The panels are one plot, so that they fill the width: each curve is scaled into the square of its panel.
    """
    columns, rows = _texts(sweep)
    points, low, last = panel_points(sweep)
    frames = pd.DataFrame(
        [
            {"left": c, "right": c + 1, "bottom": r, "top": r + 1}
            for c in range(len(columns))
            for r in range(len(rows))
        ]
    )
    across = [*(c + PADDING for c in range(len(columns))), len(columns) - PADDING]  # between two, no room for both
    up = [r + end for r in range(len(rows)) for end in (PADDING, 1 - PADDING)]
    x_scale = {"domain": [0, len(columns)], "nice": False}
    y_scale = {"domain": [0, len(rows)], "nice": False}
    title, row_title = (*(HYPERPARAMETERS[name].title for name in sweep.swept), None)[:2]
    plain = {"grid": False, "ticks": False, "domain": False, "labelOverlap": False}
    return {
        "height": PANEL_HEIGHT * len(rows) + PANEL_AXES,
        "datasets": {"frames": frames, "points": points},
        "resolve": {"axis": {"x": "independent", "y": "independent"}},
        "layer": [
            {
                "data": {"name": "frames"},
                "mark": {"type": "rect", "fillOpacity": 0, "strokeOpacity": 0.5},
                "encoding": {
                    "x": _middles("left", x_scale, columns, {**plain, "orient": "top", "title": title}),
                    "x2": {"field": "right"},
                    "y": _middles("bottom", y_scale, rows[::-1], {**plain, "orient": "right", "title": row_title}),
                    "y2": {"field": "top"},
                    "stroke": one_meaning("neutral"),
                },
            },
            {
                "data": {"name": "points"},
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {
                    "x": {
                        "field": "x",
                        "type": "quantitative",
                        "scale": x_scale,
                        "axis": {**plain, "values": across, "title": "epochs", "labelExpr": _ends("0", str(last))},
                    },
                    "y": {
                        "field": "y",
                        "type": "quantitative",
                        "scale": y_scale,
                        "axis": {
                            **plain,
                            "values": up,
                            "title": "accuracy",
                            "labelExpr": _ends(f"{low:.0%}", "100%"),
                        },
                    },
                    "color": meaning_colors("data", ["train", "test"]),
                    "detail": {"field": "run", "type": "nominal"},
                    "order": {"field": "epoch", "type": "quantitative"},
                    "tooltip": [
                        {"field": "run", "type": "nominal"},
                        {"field": "data", "type": "nominal"},
                        {"field": "epoch", "type": "quantitative", "format": ".2f"},
                        {"field": "accuracy", "type": "quantitative", "format": ".4f"},
                    ],
                },
            },
        ],
    }


def panel_points(sweep: Sweep) -> tuple[pd.DataFrame, float, int]:
    """The curves' points with their places in the plot, the accuracy at a panel's foot, and the last epoch.

    The foot is a multiple of 10 % below every accuracy at an end; what lies below it is not drawn.
    """
    columns, rows = _texts(sweep)
    names = {sweep.name(c): _text_pair(c) for c in sweep.combined}
    points = curve_points(sweep.named_runs)
    last = max(settings.epochs for settings in sweep.combined.values())
    ends = points.groupby(["run", "data"])["accuracy"].last() if len(points) else pd.Series([0.9])
    low = max(0.0, np.floor(10 * (ends.min() - 0.02)) / 10)
    points = points[points["accuracy"] >= low]
    column = points["run"].map(lambda name: columns.index(names[name][0]))
    row = points["run"].map(lambda name: len(rows) - 1 - rows.index(names[name][1]))
    inside = 1 - 2 * PADDING
    points = points.assign(
        x=column + PADDING + inside * points["epoch"] / last,
        y=row + PADDING + inside * (points["accuracy"] - low) / (1 - low),
    )
    return points, float(low), last


def _text_pair(combination: Combination) -> tuple[str, str]:
    """Its two values as text; the second is empty where only one hyperparameter is swept."""
    column, row = (*combination, "")[:2]
    return _text(column), _text(row)


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _texts(sweep: Sweep) -> tuple[list[str], list[str]]:
    """The values across and down as text."""
    across, down = (*sweep.swept.values(), [""])[:2]
    return [_text(value) for value in across], [_text(value) for value in down]


def _axis_of_values(sweep: Sweep, index: int, values: Sequence[str]) -> dict[str, Any]:
    """The heat map's axis of one hyperparameter; without a second one its axis has nothing to say."""
    names = list(sweep.swept)
    title = HYPERPARAMETERS[names[index]].title if index < len(names) else None
    axis = {"title": title, "labelAngle": 0, "ticks": False, "domain": False} if title else None
    return {
        "field": "row" if index else "column",
        "type": "ordinal",
        "scale": {"domain": list(values)},
        "axis": axis,
    }


def _middles(field: str, scale: dict[str, Any], texts: Sequence[str], axis: dict[str, Any]) -> dict[str, Any]:
    """An axis that names each panel in its middle."""
    named = {
        **axis,
        "values": [k + 0.5 for k in range(len(texts))],
        "labelExpr": f"{list(texts)}[floor(datum.value)]",
    }
    return {"field": field, "type": "quantitative", "scale": scale, "axis": named if axis["title"] else None}


def _ends(first: str, last: str) -> str:
    """What Vega writes at the two ends of a panel's own axis."""
    return f"datum.value % 1 < 0.5 ? '{first}' : '{last}'"
