"""The sweep of page 23.3: every combination trained, pictured, kept and repeated by its lines of Python."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pages.ex23_3.runs import new_run, results_table
from pages.ex23_3.settings import DIGITS, HYPERPARAMETERS, Settings
from pages.ex23_3.sweep import HELD_OUT, Sweep, combine
from pages.ex23_3.sweep_pictures import (
    cut_off,
    final_accuracies,
    heat_map,
    lowest_told_apart,
    panel_points,
    small_multiples,
)
from pages.ex23_3.training_code import sweep_code
from tests.pages.ex23_3.page_helpers import training
from tests.pages.reader import Reader

SETTINGS = Settings(
    data=DIGITS,
    rows=1000,
    hidden=(12, 8),
    keep=(0.9, 1.0),
    activation="tanh",
    init="xavier",
    batch=50,
    schedule="constant",
    epochs=2,
    seed=3,
)


@pytest.fixture
def reader() -> Reader:
    """A reader of the page on the small digits, with a sweep of 2 × 2."""
    small = {"data": DIGITS, "layers": 1, "size1": 12, "epochs": 2}
    there = {"ex23_3_tab": "Compare runs", "ex23_3_compare": "a sweep"}
    return Reader("23.3", there).set(**small, sweep_batch=[16, 64], sweep_keep=[0.5, 1.0])


def sweep_of(reader: Reader) -> Sweep:
    """The sweep on the page."""
    sweep = training(reader).sweep
    assert sweep is not None
    return sweep


def train(sweep: Sweep) -> Sweep:
    """Every combination to its end."""
    while sweep.under_way is not None:
        sweep.move_on()
    return sweep


def finish(reader: Reader) -> Reader:
    """What the timer does until every combination has ended."""
    train(sweep_of(reader))
    training(reader).stop_sweep()
    return reader.run()


# Settings of each combination


@pytest.mark.parametrize("name", [name for name in HYPERPARAMETERS if name not in ("layers", "neurons", "keep")])
def test_one_value_changes_one_setting(name: str) -> None:
    for value in HYPERPARAMETERS[name].values:
        changed = SETTINGS.with_value(name, value)
        assert changed.differences([SETTINGS]) in ({}, {name: value})
        assert getattr(changed, name) == value


def test_layers_neurons_and_keep_probability_mean_every_hidden_layer() -> None:
    assert SETTINGS.with_value("neurons", 5).hidden == (5, 5)
    assert SETTINGS.with_value("keep", 0.5).keep == (0.5, 0.5)
    deeper = SETTINGS.with_value("layers", 4)
    assert deeper.hidden == (12, 8, 50, 50)
    assert deeper.keep == (0.9, 1.0, 1.0, 1.0)
    assert SETTINGS.with_value("layers", 1).hidden == (12,)
    both = combine(SETTINGS, {"neurons": [5], "layers": [3]})  # in whichever order they are named
    assert both[5, 3].hidden == (5, 5, 5)
    assert combine(SETTINGS, {"keep": [0.5], "layers": [0]})[0.5, 0].dropout == "none"


def test_the_usual_values_are_among_those_there_are() -> None:
    for hyperparameter in HYPERPARAMETERS.values():
        assert 1 <= len(hyperparameter.usual) <= 6
        assert set(hyperparameter.usual) <= set(hyperparameter.values)


def test_a_batch_of_one_without_variance_is_left_out() -> None:
    combined = combine(SETTINGS, {"batch": [1, 2], "batch_norm": ["off", "n−1", "n"]})
    assert list(combined) == [(1, "off"), (2, "off"), (2, "n−1"), (2, "n")]
    sweep = train(Sweep(replace(SETTINGS, epochs=1, rows=50), {"batch": [1, 2], "batch_norm": ["off", "n−1"]}))
    assert list(sweep.ended) == [(1, "off"), (2, "off"), (2, "n−1")]


# Training


def test_slices_do_not_change_what_a_combination_learns() -> None:
    sweep = train(Sweep(SETTINGS, {"batch": [16, 50], "activation": ["relu", "tanh"]}))
    assert sweep.share == 1.0
    for (batch, activation), run in sweep.runs.items():
        settings = replace(SETTINGS, batch=batch, activation=activation, validation=HELD_OUT).without_idle()
        alone = new_run(settings).trainer
        alone.run()
        assert run.trainer.network.parameters.tobytes() == alone.network.parameters.tobytes()


def test_the_share_done_grows_from_0_to_1() -> None:
    sweep = Sweep(replace(SETTINGS, epochs=100_000, batch=1), {"seed": [0, 1]})
    assert sweep.share == 0
    sweep.move_on()
    first = sweep.share
    assert 0 < first < 1
    sweep.move_on()
    assert first < sweep.share < 1


def test_a_combination_that_diverges_ends_and_the_others_go_on() -> None:
    deep = replace(SETTINGS, hidden=(50,) * 5, keep=(1.0,) * 5, activation="relu", init="he")
    sweep = train(Sweep(deep, {"rate": [10.0, 0.03]}))
    assert [run.trainer.state for run in sweep.ended.values()] == ["diverged", "finished"]
    table = final_accuracies(sweep)
    assert table["shown"].tolist() == ["diverged", f"{100 * table['accuracy'][1]:.2f} %"]
    assert table["note"].tolist() == ["", "best"]
    assert sweep.best == (0.03,)
    assert np.isnan(table["accuracy"][0])
    assert table["accuracy"][1] > 0.3  # two epochs of 800 pictures


def test_combinations_that_come_to_the_same_are_trained_once_and_fill_both_cells() -> None:
    sweep = Sweep(SETTINGS, {"layers": [0, 1], "keep": [0.5, 1.0]})
    assert (len(sweep.combined), sweep.networks) == (4, 3)
    train(sweep)
    assert sweep.share == 1.0
    assert sweep.runs[0, 0.5] is sweep.runs[0, 1.0]
    assert len(sweep.different_runs) == 3
    assert final_accuracies(sweep)["accuracy"].notna().all()


def test_networks_are_judged_by_validation_pictures_that_none_of_them_was_trained_on() -> None:
    assert {settings.validation for settings in combine(SETTINGS, {"batch": [16, 50]}).values()} == {HELD_OUT}
    own = combine(replace(SETTINGS, validation=0.1), {"batch": [16, 50]})
    assert {settings.validation for settings in own.values()} == {0.1}
    sweep = train(Sweep(SETTINGS, {"batch": [16, 50]}))
    for run in sweep.ended.values():
        assert (len(run.trainer.data.X_train), len(run.trainer.data.X_validation)) == (800, 200)


# Pictures


def test_colours_tell_the_upper_cells_apart_whatever_the_others_do() -> None:
    assert lowest_told_apart([0.98, 0.975, 0.97, 0.96, 0.11]) == 0.96
    assert lowest_told_apart([0.96, 0.94, 0.93, 0.89, 0.87, 0.83, 0.09, 0.08, 0.08, 0.08, 0.08, 0.08]) == 0.83
    assert lowest_told_apart([0.98, 0.96, 0.9]) == 0.9
    assert lowest_told_apart([0.5]) == 0.5
    assert lowest_told_apart([]) == 0.0


def test_a_collapsed_network_is_marked_in_words_and_has_no_colour() -> None:
    sweep = train(Sweep(replace(SETTINGS, batch=16, epochs=6), {"rate": [0.0001, 0.3, 1.0]}))
    table = final_accuracies(sweep)
    assert table["state"].tolist() == ["far below", "finished", "finished"]
    assert table["note"][0] == "far below"
    (coloured,) = heat_map(sweep, table)["layer"][1]["transform"]
    assert coloured["filter"] == f"datum.accuracy >= {table['accuracy'][1:].min()}"
    words = small_multiples(sweep)["datasets"]["words"]
    assert words["words"].tolist() == ["far below"]
    assert words["x"].tolist() == [0.5]


def test_curves_are_cut_off_where_they_cross_the_foot_of_a_panel() -> None:
    curve = pd.DataFrame(
        {"epoch": [0.0, 1, 2, 3, 4], "accuracy": [0.1, 0.9, 0.9, 0.3, 0.7], "run": "a", "data": "train"}
    )
    cut = cut_off(curve, 0.5)
    assert cut["epoch"].tolist() == pytest.approx([0.5, 1, 2, 2 + 2 / 3, 3.5, 4])
    assert cut["accuracy"].tolist() == pytest.approx([0.5, 0.9, 0.9, 0.5, 0.5, 0.7])
    assert cut["piece"].tolist() == [1, 1, 1, 1, 2, 2]
    assert cut_off(curve, 0.95).empty


def test_the_heat_map_holds_every_final_accuracy_where_it_belongs() -> None:
    sweep = train(Sweep(SETTINGS, {"batch": [16, 50], "rate": [0.03, 0.1, 0.3]}))
    chart = heat_map(sweep, final_accuracies(sweep))
    cells = chart["datasets"]["cells"].set_index(["column", "row"])
    assert len(cells) == 6
    for (batch, rate), run in sweep.runs.items():
        cell = cells.loc[(str(batch), f"{rate:g}")]
        assert cell["accuracy"] == run.trainer.history[-1].validation_accuracy
        assert cell["shown"] == f"{100 * cell['accuracy']:.2f} %"
        assert (cell["note"] == "best") == (sweep.best == (batch, rate))
    encoding = chart["layer"][-1]["encoding"]
    assert encoding["x"]["scale"]["domain"] == ["16", "50"]
    assert encoding["y"]["scale"]["domain"] == ["0.03", "0.1", "0.3"]
    json.dumps(chart, default=lambda table: table.to_dict())  # Vega-Lite is JSON


def test_each_curve_stays_in_its_panel_and_keeps_its_shape() -> None:
    sweep = train(Sweep(SETTINGS, {"batch": [16, 50], "rate": [0.03, 0.3]}))
    points, low, last = panel_points(sweep)
    assert last == 2
    assert 0 <= low <= points["accuracy"].min()
    assert set(points["data"]) == {"train", "validation"}
    column = points["run"].str.contains("batch 50").astype(int)
    row = points["run"].str.contains("η 0.03").astype(int)  # the first value is on top
    assert (np.floor(points["x"]) == column).all()
    assert (np.floor(points["y"]) == row).all()
    across = (points["x"] - column - 0.06) / 0.88 * last
    up = low + (points["y"] - row - 0.06) / 0.88 * (1 - low)
    np.testing.assert_allclose(across, points["epoch"], atol=1e-12)
    np.testing.assert_allclose(up, points["accuracy"], atol=1e-12)


@pytest.mark.parametrize("swept", [{"batch": [16, 50], "keep": [0.5, 1.0]}, {"batch": [16, 50]}])
def test_there_are_pictures_before_the_first_run_has_begun(swept: Mapping[str, list[Any]]) -> None:
    sweep = Sweep(SETTINGS, swept)
    assert (final_accuracies(sweep)["shown"] != "").sum() == 1  # the next one waits
    assert sweep.best is None
    assert small_multiples(sweep)["datasets"]["points"].empty
    assert heat_map(sweep, final_accuracies(sweep))["height"] > 100


# On the page


def test_a_sweep_from_start_to_end(reader: Reader) -> None:
    assert "4 networks, 2 epochs each" in reader.words()
    reader.press("sweep_start")
    assert training(reader).at_work == "sweep"
    finish(reader)
    sweep = sweep_of(reader)
    accuracies = [run.trainer.history[-1].validation_accuracy for run in sweep.ended.values()]
    assert len(accuracies) == 4
    assert f"Best of all: **{100 * max(accuracies):.2f} %** of the validation pictures" in reader.words()
    assert sweep.best is not None
    test = sweep.runs[sweep.best].trainer.history[-1].test_accuracy
    assert f"had no say in the choice, this network reads **{100 * test:.2f} %**" in reader.words()
    assert "All 4 networks are trained" in [bar.proto.text.split(" · ")[0] for bar in reader.app.get("progress")]


def test_stop_go_on_and_start_anew(reader: Reader) -> None:
    reader.press("sweep_start")
    sweep = sweep_of(reader)
    # no machine ends that in a slice
    sweep.combined = {c: replace(settings, epochs=100_000) for c, settings in sweep.combined.items()}
    sweep.move_on()
    reader.press("sweep_stop")
    assert training(reader).at_work is None
    step = sweep.runs[16, 0.5].trainer.step
    assert step > 0
    reader.press("sweep_go_on")
    assert sweep_of(reader) is sweep
    assert sweep.runs[16, 0.5].trainer.step == step
    reader.press("sweep_stop")
    reader.press("sweep_start")
    assert sweep_of(reader) is not sweep
    assert len(sweep_of(reader).combined) == 4


def test_the_single_run_and_the_sweep_take_turns(reader: Reader) -> None:
    reader.press("train")
    reader.press("sweep_start")
    assert training(reader).at_work == "sweep"
    reader.press("train")
    assert training(reader).at_work == "run"
    assert reader.button("sweep_go_on")


def test_any_run_that_has_ended_is_kept_once(reader: Reader) -> None:
    reader.press("sweep_start")
    reader.press("sweep_keep_run")
    assert "is not trained to its end yet" in reader.words()
    finish(reader)
    reader.set(sweep_chosen="batch 64, keep p 0.5")
    reader.press("sweep_keep_run")
    assert "is now among your runs" in reader.words()
    assert list(training(reader).runs) == [sweep_of(reader).runs[64, 0.5]]
    table = final_accuracies(sweep_of(reader)).set_index("combination")
    assert table["kept"].astype(bool).sum() == 1  # its colour among the runs
    assert table["kept"]["batch 64, keep p 0.5"].startswith("#")
    reader.press("sweep_keep_run")
    assert "is among your runs already" in reader.words()
    assert len(training(reader).runs.runs) == 1


def test_settings_that_change_are_named_and_the_sweep_keeps_its_own(reader: Reader) -> None:
    finish(reader.press("sweep_start"))
    assert "The settings have changed" not in reader.words()
    reader.set(size1=13)
    assert "The settings have changed since this sweep began" in reader.words()
    assert len(sweep_of(reader).ended) == 4


@pytest.mark.parametrize("chosen", [[], list(HYPERPARAMETERS["batch"].values)])
def test_too_few_or_too_many_values_are_answered_in_words(reader: Reader, chosen: list[int]) -> None:
    reader.set(sweep_batch=chosen)
    assert "Choose from one to 6 values on each side" in reader.words()
    assert reader.button("sweep_start").disabled


def test_the_same_hyperparameter_twice_counts_once(reader: Reader) -> None:
    reader.set(sweep_and="batch size")
    assert "Both are the same" in reader.words()
    assert "2 networks" in reader.words()


def test_the_table_of_results_names_what_differs() -> None:
    sweep = train(Sweep(SETTINGS, {"batch": [16, 50], "keep": [0.5, 1.0]}))
    table = results_table(list(sweep.named_runs.values()))
    assert table["run"].tolist() == [
        f"batch {batch}, keep p {keep:g}" for batch, keep in product([16, 50], [0.5, 1.0])
    ]
    assert table["what differs"][0] == "keep p 0.5-0.5, dropout inverted, batch 16"
    assert (table["state"] == "finished").all()
    assert table["test accuracy"].between(0.1, 1).all()


# In Python

SNIPPETS: list[dict[str, Sequence[Any]]] = [
    {"batch": [16, 50], "keep": [0.5, 1.0]},
    {"layers": [0, 1, 3], "neurons": [5, 10]},
    {"layers": [1, 3]},
    {"keep": [0.7], "layers": [0, 1]},
    {"rows": [1000, "all"], "rate": [0.03, 0.3]},
    {"batch_norm": ["off", "n−1", "n"], "batch": [1, 100]},
    {"activation": ["relu", "sigmoid"], "init": ["he", "normal"]},
    {"loss": HYPERPARAMETERS["loss"].values[:2], "optimizer": HYPERPARAMETERS["optimizer"].values},
    {"schedule": ["constant", "cosine"], "seed": [0, 9]},
]


@pytest.mark.thorough
@pytest.mark.parametrize("swept", SNIPPETS, ids=" ".join)
def test_the_snippet_reproduces_every_accuracy(swept: dict[str, Sequence[Any]]) -> None:
    settings = replace(SETTINGS, epochs=1)
    sweep = train(Sweep(settings, swept))
    namespace: dict[str, Any] = {}
    exec(sweep_code(settings, swept), namespace)
    written = [measured.validation_accuracy for measured in namespace["last"].values()]
    shown = [run.trainer.history[-1].validation_accuracy for run in sweep.ended.values()]
    assert sorted(written) == sorted(shown)
    assert len(set(shown)) > 1
    assert sweep.best is not None
    assert namespace["test_accuracy"] == sweep.runs[sweep.best].trainer.history[-1].test_accuracy


def test_the_page_shows_the_snippet_of_what_is_chosen(reader: Reader) -> None:
    finish(reader.press("sweep_start"))
    namespace = reader.snippet(0)
    ended = sweep_of(reader).ended
    assert {c: measured.validation_accuracy for c, measured in namespace["last"].items()} == {
        c: run.trainer.history[-1].validation_accuracy for c, run in ended.items()
    }
