"""The pictures of a sweep: a heat map of the final accuracies, and the curves of every run side by side."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pages.ex23_3.settings import HYPERPARAMETERS
from pages.ex23_3.stage_picture import run_look
from pages.ex23_3.sweep import Combination, Sweep, validation_accuracy
from pages.shared.charts import Spec, meaning_colors, one_meaning
from pages.shared.numbers import percent
from pages.shared.run_curves import curve_points

ROW_HEIGHT, PANEL_HEIGHT = 40, 90  # pixels
HEAT_MAP_AXES, PANEL_AXES = 85, 190  # pixels: Streamlit counts axes and legend into the height
SHORTEST_AXIS = 75  # room for its title
PADDING = 0.06  # of a panel, around its curves
DIVERGED, FAR_BELOW, BEST = "diverged", "far below", "best"
FAINT, STRONG = 0.08, 0.6  # shades of the lowest and the highest accuracy, under black and under white text
BAD = 0.35  # shade of what has diverged or collapsed
LEAST_FAR = 0.05  # accuracy below the upper ones that is never called far


def final_accuracies(sweep: Sweep) -> pd.DataFrame:
    """One row a combination: values as text, validation accuracy (NaN before the end), state, what to print."""
    rows, ended, under_way, best = [], sweep.ended, sweep.under_way, sweep.best
    accuracies = {c: validation_accuracy(run) for c, run in ended.items()}
    foot = lowest_told_apart([a for a in accuracies.values() if not np.isnan(a)])
    for combination in sweep.combined:
        column, row = _text_pair(combination)
        run, accuracy = ended.get(combination), accuracies.get(combination, np.nan)
        state = "" if run is None else DIVERGED if run.trainer.state == "diverged" else "finished"
        if accuracy < foot:
            state = FAR_BELOW
        waiting = "…" if combination == under_way else ""
        unknown = DIVERGED if state == DIVERGED else waiting
        rows.append(
            {
                "column": column,
                "row": row,
                "accuracy": accuracy,
                "state": state,
                "shown": unknown if np.isnan(accuracy) else percent(accuracy),
                "note": FAR_BELOW if state == FAR_BELOW else BEST if combination == best else "",
                "combination": sweep.name(combination),
                "kept": run_look(run.number - 1)[0] if run is not None and run.number else "",
            }
        )
    return pd.DataFrame(rows)


def lowest_told_apart(accuracies: Sequence[float]) -> float:
    """The lowest accuracy that is not far below the upper quarter of all: the faint end of the colours.

    A network that has collapsed would else leave all others in one colour.
    """
    if not len(accuracies):
        return 0.0
    upper = float(np.quantile(accuracies, 0.75))
    far_below = upper - 8 * (float(np.max(accuracies)) - upper) - LEAST_FAR
    return min(float(accuracy) for accuracy in accuracies if accuracy >= far_below)


def heat_map(sweep: Sweep, table: pd.DataFrame) -> Spec:
    """The sweep's `final_accuracies`, the first hyperparameter across and the second down."""
    columns, rows = _texts(sweep)
    accuracy = table["accuracy"].dropna()
    low, high = (lowest_told_apart(accuracy.tolist()), float(accuracy.max())) if len(accuracy) else (0.0, 1.0)
    x, y = _axis_of_values(sweep, 0, columns), _axis_of_values(sweep, 1, rows)
    tooltip = [
        {"field": "combination", "type": "nominal"},
        {"field": "accuracy", "type": "quantitative", "format": ".2%", "title": "validation accuracy"},
        {"field": "state", "type": "nominal"},
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
                "transform": [{"filter": f"datum.accuracy >= {low}"}],  # also false where there is none
                "mark": "rect",
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": one_meaning("forward"),
                    "opacity": shade,
                    "tooltip": tooltip,
                },
            },
            {
                "transform": [{"filter": f"datum.state === '{DIVERGED}' || datum.state === '{FAR_BELOW}'"}],
                "mark": {"type": "rect", "opacity": BAD, "aria": False},  # there may be none
                "encoding": {"x": x, "y": y, "color": one_meaning("wrong")},
            },
            {
                "transform": [{"filter": f"datum.note === '{BEST}'"}],
                "mark": {"type": "rect", "fillOpacity": 0, "stroke": "currentColor", "strokeWidth": 3},
                "encoding": {"x": x, "y": y},
            },
            *(
                {
                    "transform": [{"filter": f"datum.note {comparison} ''"}],
                    "mark": {"type": "text", "fontSize": 13, "fill": "currentColor", "dy": dy},
                    "encoding": {"x": x, "y": y, "text": {"field": field, "type": "nominal"}, "tooltip": tooltip},
                }
                for field, comparison, dy in (("shown", "===", 0), ("shown", "!==", -8), ("note", "!==", 9))
            ),
            {
                "transform": [{"filter": "datum.kept"}],  # among the reader's runs: in the colour it has there
                "mark": {
                    "type": "circle",
                    "size": 120,
                    "stroke": "white",
                    "xOffset": -34,
                    "opacity": 1,
                    "aria": False,
                },
                "encoding": {"x": x, "y": y, "fill": {"field": "kept", "type": "nominal", "scale": None}},
            },
        ],
    }


def small_multiples(sweep: Sweep) -> Spec:
    """Training and validation accuracy over the epochs, a panel for each combination, arranged as the heat map is.

    The panels are one plot, so that they fill the width: each curve is scaled into the square of its panel.
    """
    columns, rows = _texts(sweep)
    points, low, last = panel_points(sweep)
    words = panel_words(sweep, low)
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
        "datasets": {"frames": frames, "points": points, "words": words},
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
                    "color": _data_colors(),
                    "detail": [{"field": "run", "type": "nominal"}, {"field": "piece", "type": "nominal"}],
                    "order": {"field": "epoch", "type": "quantitative"},
                    "tooltip": [
                        {"field": "run", "type": "nominal"},
                        {"field": "data", "type": "nominal"},
                        {"field": "epoch", "type": "quantitative", "format": ".2f"},
                        {"field": "accuracy", "type": "quantitative", "format": ".4f"},
                    ],
                },
            },
            {
                "data": {"name": "words"},
                "mark": {"type": "text", "fontSize": 13, "fill": "currentColor", "dy": -9},
                "encoding": {
                    "x": {"field": "x", "type": "quantitative", "scale": x_scale, "axis": None},
                    "y": {"field": "y", "type": "quantitative", "scale": y_scale, "axis": None},
                    "text": {"field": "words", "type": "nominal"},
                },
            },
        ],
    }


def points_without_test(sweep: Sweep) -> pd.DataFrame:
    """The curves' points on training and validation pictures."""
    points = curve_points(sweep.named_runs)
    return points[points["data"] != "test"].reset_index(drop=True)


def panel_points(sweep: Sweep) -> tuple[pd.DataFrame, float, int]:
    """The curves' points with their places in the plot, the accuracy at a panel's foot, and the last epoch.

    The foot is a multiple of 10 % below the ends of all curves but of those far below. A curve that goes below it
    is cut off at the panel's edge.
    """
    columns, rows = _texts(sweep)
    names = {sweep.name(c): _text_pair(c) for c in sweep.combined}
    points = points_without_test(sweep)
    last = max(settings.epochs for settings in sweep.combined.values())
    ends = points.groupby(["run", "data"])["accuracy"].last() if len(points) else pd.Series([0.9])
    low = max(0.0, float(np.floor(10 * (lowest_told_apart(ends.tolist()) - 0.02)) / 10))
    curves = [cut_off(curve, low) for _, curve in points.groupby(["run", "data"], sort=False)]
    points = pd.concat(curves) if curves else points.assign(piece=0)
    column = points["run"].map(lambda name: columns.index(names[name][0]))
    row = points["run"].map(lambda name: len(rows) - 1 - rows.index(names[name][1]))
    inside = 1 - 2 * PADDING
    points = points.assign(
        x=column + PADDING + inside * points["epoch"] / last,
        y=row + PADDING + inside * (points["accuracy"] - low) / (1 - low),
        meaning=points["data"].map({"train": "train", "validation": "neutral"}),
    )
    return points, low, last


def cut_off(curve: pd.DataFrame, low: float) -> pd.DataFrame:
    """The pieces of one curve, numbered, that lie at or above `low`, ending on that line where it crosses it."""
    epochs, accuracies = curve["epoch"].to_numpy(), curve["accuracy"].to_numpy()
    pieces, piece = [], 0
    for k, (epoch, accuracy) in enumerate(zip(epochs, accuracies, strict=True)):
        crosses = k > 0 and (accuracies[k - 1] >= low) != (accuracy >= low)
        if crosses:
            share = (low - accuracies[k - 1]) / (accuracy - accuracies[k - 1])
            piece += bool(accuracy >= low)  # up again: another one
            pieces.append((epochs[k - 1] + share * (epoch - epochs[k - 1]), low, piece))
        if accuracy >= low:
            pieces.append((epoch, accuracy, piece))
    cut = pd.DataFrame(pieces, columns=["epoch", "accuracy", "piece"])
    return cut.assign(run=curve["run"].iloc[0], data=curve["data"].iloc[0])


def panel_words(sweep: Sweep, low: float) -> pd.DataFrame:
    """What to write at the foot of panels that have no curve to the end."""
    columns, rows = _texts(sweep)
    words = []
    for combination, run in sweep.ended.items():
        column, row = _text_pair(combination)
        diverged = run.trainer.state == "diverged"
        if diverged or validation_accuracy(run) < low:
            x, y = columns.index(column) + 0.5, len(rows) - 1 - rows.index(row) + PADDING
            words.append({"x": x, "y": y, "words": DIVERGED if diverged else FAR_BELOW})
    return pd.DataFrame(words, columns=["x", "y", "words"])


def _data_colors() -> dict[str, Any]:
    """The colours of training and validation curves, with their legend."""
    colors = meaning_colors("meaning", ["train", "neutral"])
    label = "datum.label === 'neutral' ? 'validation' : datum.label"
    return colors | {"legend": colors["legend"] | {"labelExpr": label, "symbolType": "stroke"}}


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
