"""Page 23.3 as a reader meets it: training in slices, runs kept and compared, divergence, its Python snippet."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnlib import datasets, load_digits
from nnlib.measuring import evaluate
from pages.ex23_3 import kept_runs
from pages.ex23_3.runs import MnistRun, new_run
from pages.ex23_3.settings import DIGITS, Settings
from pages.ex23_3.sweep import Sweep
from pages.ex23_3.training import Training
from pages.shared.run_curves import curve_points, written_points
from tests.pages.ex23_3.page_helpers import SMALL, finish, shown, training
from tests.pages.reader import Reader

SETTINGS = Settings(data=DIGITS, hidden=(12,), keep=(1.0,), epochs=4)


def test_before_the_first_start_the_page_says_what_to_do(reader: Reader) -> None:
    assert "Press Start" in reader.words()
    assert training(reader).run is None


def test_start_to_end_learns_and_reports_what_nnlib_measures(reader: Reader) -> None:
    finish(reader.press("start"))
    run = shown(reader)
    assert run.trainer.state == "finished"
    test_accuracy = evaluate(run.trainer.network, load_digits(), "test").accuracy
    assert test_accuracy > 0.8
    assert f"{100 * test_accuracy:.2f} %" in reader.words()
    assert "Epoch 4.00 of 4" in reader.app.get("progress")[0].proto.text


def test_pause_resume_and_leaving_the_page_lose_nothing(reader: Reader) -> None:
    reader.press("epoch_step")
    finish(reader)
    assert shown(reader).trainer.epoch == 1.0
    reader.press("batch_step")
    step = shown(reader).trainer.step
    reader.leave_and_come_back()
    assert shown(reader).trainer.step == step == shown(reader).trainer.steps_per_epoch + 1
    assert reader.value("epochs") == 4
    finish(reader.press("start"))
    alone = new_run(shown(reader).settings).trainer
    alone.run()
    assert shown(reader).trainer.network.parameters.tobytes() == alone.network.parameters.tobytes()


def test_moving_a_slider_keeps_the_run_and_says_what_differs(reader: Reader) -> None:
    reader.press("batch_step")
    run = shown(reader)
    reader.set(batch=64, rate=0.1)
    assert shown(reader) is run
    assert "batch 64, rate 0.1 instead of batch 32, rate 0.3" in reader.words()
    reader.press("use_rate")
    assert run.trainer.learning_rate == 0.1
    assert "batch 64 instead of batch 32" in reader.words()
    reader.press("reset")
    assert shown(reader).trainer.batch_size == 64
    assert shown(reader).trainer.step == 0


def test_runs_are_kept_compared_and_removed(reader: Reader) -> None:
    finish(reader.press("start"))
    reader.press("keep")
    reader.set(activation="tanh")
    finish(reader.press("start"))
    reader.press("keep")
    table = reader.table("what differs")
    assert table["run"].tolist() == ["kept 1", "kept 2"]
    assert table["what differs"].tolist() == ["activation relu", "activation tanh"]
    reader.press("remove")
    assert list(training(reader).kept) == [2]
    reader.press("show")
    assert shown(reader).settings.activation == "tanh"


def test_a_table_of_runs_sorts_and_its_files_are_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, Callable[[], pd.DataFrame]] = {}
    monkeypatch.setattr(kept_runs, "download_table", lambda label, file, table: files.update({file: table}))
    shown = new_run(SETTINGS)
    kept_runs.kept_runs(Training(shown, {1: new_run(replace(SETTINGS, seed=1))}))
    shown.trainer.run()
    assert len(files["curves.csv"]()) == 2 * len(shown.trainer.history)
    table = files["runs.csv"]()
    assert table["train accuracy"][0] == shown.trainer.history[-1].train_accuracy
    assert table.sort_values("train accuracy")["run"].tolist() == ["this run", "kept 1"]  # the second has none
    assert table["hidden"][0] == "12"
    assert set(vars(written_points(curve_points({"run": shown})))["data"].dtypes["loss":"accuracy"]) == {
        np.dtype(float)
    }


@pytest.mark.parametrize(
    "press_it",
    [
        lambda training, kept: training.start(SETTINGS),
        lambda training, kept: training.pause(),
        lambda training, kept: training.keep(),
        lambda training, kept: training.show_again(kept),
        lambda training, kept: training.remove(1),
        lambda training, kept: training.use_rate(0.1),
        lambda training, kept: training.go_on_with_sweep(),
        lambda training, kept: training.stop_sweep(),
    ],
    ids=["start", "pause", "keep", "show", "remove", "use_rate", "sweep_go_on", "sweep_stop"],
)
@pytest.mark.parametrize("at_work", ["run", "sweep", None])
def test_a_button_that_vanishes_may_be_pressed_twice(
    press_it: Callable[[Training, MnistRun], None], at_work: Any
) -> None:
    kept, run = new_run(SETTINGS), new_run(SETTINGS)
    run.trainer.run_batches(1)
    training = Training(run, {1: kept}, 1, Sweep(SETTINGS, {"batch": [32]}), at_work)
    press_it(training, kept)
    once = replace(training, kept=dict(training.kept))
    rate = run.settings.rate, run.trainer.learning_rate, run.trainer.step
    press_it(training, kept)
    assert training == once
    assert rate == (run.settings.rate, run.trainer.learning_rate, run.trainer.step)


@pytest.mark.parametrize("damaged", [False, True])
def test_without_mnist_the_page_says_so_and_the_small_digits_are_there(
    damaged: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mnist.npz"
    if damaged:
        path.write_bytes(b"no pictures")
    monkeypatch.setattr(datasets, "MNIST_PATH", path)
    reader = Reader("23.3")
    (error,) = reader.app.error
    assert f"The MNIST file {path} is {'damaged' if damaged else 'missing'}" in error.value
    assert "git checkout -- nnlib/data/mnist.npz" in error.value
    for name in ("start", "batch_step", "epoch_step", "reset", "sweep_start"):
        assert reader.button(name).disabled
    reader.press("Make it diverge")
    assert training(reader).run is None
    finish(reader.set(**SMALL).press("start"))
    assert reader.words("error") == ""
    assert shown(reader).trainer.state == "finished"
    reader.set(data="MNIST, standard split")
    assert reader.button("reset").disabled
    reader.follow()
    assert reader.words("error").count(str(path)) == 1


def test_a_run_that_is_stuck_says_so_and_a_healthy_one_says_nothing(reader: Reader) -> None:
    def warnings() -> list[str]:
        return [warning.value for warning in reader.app.warning if "training rows looked at" in warning.value]

    finish(reader.press("start"))
    assert warnings() == []
    reader.set(loss="sigmoid squared error", init="normal", rate=10.0, schedule="constant")
    finish(reader.press("reset").press("start"))
    assert shown(reader).trainer.state == "finished"
    assert warnings() == [shown(reader).trainer.warning]
    assert "outputs are saturated" in shown(reader).trainer.warning


def test_a_run_that_diverges_says_so_and_breaks_nothing(reader: Reader) -> None:
    reader.set(layers=5, rate=10.0, schedule="constant")
    finish(reader.press("start"))
    assert shown(reader).trainer.state == "diverged"
    assert "ceased to be finite at step" in reader.words()
    assert "its last finite weights are too large" in reader.words()
    for view in ("answers", "weights", "gradients"):
        reader.set(view=view)


BOTH = {"batch_norm": "n−1", "keep1": 0.8}


def test_one_picture_a_batch_has_no_variance(reader: Reader) -> None:
    reader.set(batch=1, batch_norm="n−1")
    for divisor in ("n−1", "n"):
        reader.set(batch_norm=divisor)
        assert "every z̄ is 0 and nothing can be learned" in reader.words("error")
        assert reader.button("start").disabled
    reader.set(batch_norm="off")
    assert reader.words("error") == ""
    reader.press("batch_step")
    assert shown(reader).trainer.step == 1
    reader.set(batch_norm="n−1")  # the run under way can still go on, a new one cannot begin
    assert not reader.button("start").disabled
    assert reader.button("reset").disabled


def test_settings_without_effect_do_not_count_as_different(reader: Reader) -> None:
    reader.press("batch_step")
    reader.set(dropout="plain")
    assert "The settings now differ" not in reader.words()
    reader.set(keep1=0.5)
    assert "keep 0.5, dropout plain instead of keep 1, dropout none" in reader.words()


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("The printed program", {"loss": "sigmoid squared error", "init": "normal", "batch": 1, "rate": 0.1}),
        ("Batch norm and dropout", {**BOTH, "keep1": 0.9, "optimizer": "adam", "rate": 0.004, "epochs": 20}),
        ("Algorithm 23.3 as stated", {"loss": "sigmoid cross-entropy", "activation": "sigmoid", "batch": 1}),
        ("Fast and accurate", {"loss": "softmax cross-entropy", "activation": "relu", "batch": 32, "rate": 0.3}),
    ],
)
def test_presets_set_the_controls_and_leave_the_run_alone(reader: Reader, preset: str, expected: dict) -> None:
    reader.press("batch_step")
    run = shown(reader)
    reader.press(f"preset_{preset}")
    assert shown(reader) is run
    assert {name: reader.kept(name) for name in expected} == expected
    assert reader.kept("data") == "MNIST, source split"


def test_an_experiment_keeps_the_run_before_it_and_begins(reader: Reader) -> None:
    reader.press("batch_step")
    before = shown(reader)
    reader.press("Learn too few by heart")
    assert list(training(reader).kept.values()) == [before]
    assert shown(reader).settings.rows == 1000
    assert training(reader).at_work == "run"
    finish(reader)
    assert shown(reader).trainer.history[-1].train_accuracy == 1.0
    assert shown(reader).trainer.history[-1].test_accuracy < 0.92


def test_a_link_opens_the_errata_comparison_which_shows_what_the_bias_mistake_costs() -> None:
    reader = Reader("23.3", {"ex23_3_errata": "true"})
    table = next(table for table in reader.tables() if "squared error, own δ" in set(table.get("run", [])))
    accuracy = table.set_index("run")["test accuracy"]
    assert accuracy["squared error, own δ"] > accuracy["squared error, summed δ (printed)"]
    assert accuracy["cross-entropy, own δ"] > 0.9


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"activation": "tanh", "loss": "sigmoid cross-entropy", "seed": 5, "rows": 1000},
        {"rows": 2000, "rate": 0.1},  # more than the small digits have
        {"batch_norm": "n", "layers": 2, "keep1": 0.8, "dropout": "plain"},
    ],
)
def test_the_snippet_reproduces_the_run_on_screen(reader: Reader, settings: dict) -> None:
    reader.set(**settings)
    finish(reader.press("start"))
    namespace = reader.snippet(0)
    assert namespace["test_accuracy"] == shown(reader).trainer.history[-1].test_accuracy
