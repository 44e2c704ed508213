"""Page 23.3 as a reader meets it: training in slices, runs kept and compared, divergence, its Python snippet."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from nnlib import datasets, load_digits
from nnlib.measuring import evaluate
from pages.ex23_3 import kept_runs
from pages.ex23_3.runs import MnistRun, new_run
from pages.ex23_3.settings import DIGITS, Settings
from pages.ex23_3.sweep import Sweep
from pages.ex23_3.training import Training
from pages.shared.run_curves import curve_points, written_points
from tests.pages.ex23_3.page_helpers import SMALL, choose, finish, press, shown, training, words
from tests.pages.graph_helpers import open_page
from tests.pages.reader import Reader

SETTINGS = Settings(data=DIGITS, hidden=(12,), keep=(1.0,), epochs=4)


def test_before_the_first_start_the_page_says_what_to_do(page: AppTest) -> None:
    assert not page.exception
    assert "Press Start" in words(page)
    assert training(page).run is None


def test_start_to_end_learns_and_reports_what_nnlib_measures(page: AppTest) -> None:
    finish(press(page, "start"))
    run = shown(page)
    assert run.trainer.state == "finished"
    _, test_accuracy = evaluate(run.trainer.network, load_digits(), "test")
    assert test_accuracy > 0.8
    assert f"{100 * test_accuracy:.2f} %" in words(page)
    assert "Epoch 4.00 of 4" in page.get("progress")[0].proto.text


def test_pause_resume_and_leaving_the_page_lose_nothing(page: AppTest) -> None:
    press(page, "epoch_step")
    finish(page)
    assert shown(page).trainer.epoch == 1.0
    press(page, "batch_step")
    step = shown(page).trainer.step
    page.switch_page("pages/home.py").run()
    page.switch_page("pages/ex23_3_mnist.py").run()
    assert shown(page).trainer.step == step == shown(page).trainer.steps_per_epoch + 1
    assert page.slider(key="ex23_3_epochs").value == 4
    finish(press(page, "start"))
    alone = new_run(shown(page).settings).trainer
    alone.run()
    assert shown(page).trainer.network.parameters.tobytes() == alone.network.parameters.tobytes()


def test_moving_a_slider_keeps_the_run_and_says_what_differs(page: AppTest) -> None:
    press(page, "batch_step")
    run = shown(page)
    choose(page, batch=64, rate=0.1)
    assert shown(page) is run
    assert "batch 64, rate 0.1 instead of batch 32, rate 0.3" in words(page)
    press(page, "use_rate")
    assert run.trainer.learning_rate == 0.1
    assert "batch 64 instead of batch 32" in words(page)
    press(page, "reset")
    assert shown(page).trainer.batch_size == 64
    assert shown(page).trainer.step == 0


def test_runs_are_kept_compared_and_removed(page: AppTest) -> None:
    finish(press(page, "start"))
    press(page, "keep")
    choose(page, activation="tanh")
    finish(press(page, "start"))
    press(page, "keep")
    table = next(frame.value for frame in page.dataframe if "what differs" in frame.value)
    assert table["run"].tolist() == ["kept 1", "kept 2"]
    assert table["what differs"].tolist() == ["activation relu", "activation tanh"]
    press(page, "remove")
    assert list(training(page).kept) == [2]
    press(page, "show")
    assert shown(page).settings.activation == "tanh"


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
    page = open_page("pages/ex23_3_mnist.py")
    assert not page.exception
    (error,) = page.error
    assert f"The MNIST file {path} is {'damaged' if damaged else 'missing'}" in error.value
    assert "git checkout -- nnlib/data/mnist.npz" in error.value
    for name in ("start", "batch_step", "epoch_step", "reset", "sweep_start"):
        assert page.button(key=f"ex23_3_{name}").disabled
    page.button(key="try_Make it diverge").click().run()
    assert not page.exception
    assert training(page).run is None
    finish(press(choose(page, **SMALL), "start"))
    assert not page.error
    assert shown(page).trainer.state == "finished"
    choose(page, data="MNIST, standard split")
    assert page.button(key="ex23_3_reset").disabled
    assert not page.switch_page("pages/home.py").run().exception
    assert [str(path) in error.value for error in page.error] == [True]


def test_a_run_that_is_stuck_says_so_and_a_healthy_one_says_nothing(page: AppTest) -> None:
    def warnings() -> list[str]:
        return [warning.value for warning in page.warning if "training rows looked at" in warning.value]

    finish(press(page, "start"))
    assert warnings() == []
    choose(page, loss="sigmoid squared error", init="normal", rate=10.0, schedule="constant")
    finish(press(press(page, "reset"), "start"))
    assert shown(page).trainer.state == "finished"
    assert warnings() == [shown(page).trainer.warning]
    assert "outputs are saturated" in shown(page).trainer.warning


def test_a_run_that_diverges_says_so_and_breaks_nothing(page: AppTest) -> None:
    choose(page, layers=5, rate=10.0, schedule="constant")
    finish(press(page, "start"))
    assert shown(page).trainer.state == "diverged"
    assert "ceased to be finite at step" in words(page)
    assert "its last finite weights are too large" in words(page)
    for view in ("answers", "weights", "gradients"):
        choose(page, view=view)
        assert not page.exception


@pytest.mark.parametrize("view", ["answers", "mistakes", "confusion", "weights", "gradients"])
@pytest.mark.parametrize("trained", [False, True])
def test_every_view_of_what_the_network_knows(page: AppTest, view: str, trained: bool) -> None:
    press(page, "epoch_step" if trained else "reset")
    if trained:
        finish(page)
    choose(page, view=view)
    assert not page.exception
    if view == "confusion":
        table = next(frame.value for frame in page.dataframe if "read as 0" in frame.value)
        truth = load_digits().Y_test.sum(axis=0)
        np.testing.assert_array_equal(table.sum(axis=1), truth)


def checked(app: AppTest) -> dict[str, str]:
    """Verdict of each row of the gradient check."""
    table = next(frame.value for frame in app.dataframe if "weight or bias" in frame.value)
    return dict(zip(table["weight or bias"], table["agrees"], strict=True))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_the_gradient_check_passes_and_the_planted_mistake_turns_the_biases_red(
    page: AppTest, activation: str
) -> None:
    choose(page, activation=activation)
    press(page, "batch_step")
    assert set(checked(page).values()) == {"✓"}
    page.toggle(key="ex23_3_planted").set_value(True).run()
    verdicts = checked(page)
    assert {name[0] for name, verdict in verdicts.items() if verdict == "✗"} == {"b"}
    assert all(verdict == "✓" for name, verdict in verdicts.items() if name[0] == "w")
    assert any("disagree: b¹" in caption.value for caption in page.caption)


BOTH = {"batch_norm": "n−1", "keep1": 0.8}


@pytest.mark.parametrize("dropout", ["inverted", "plain"])
def test_batch_norm_and_dropout_train_and_their_gradients_are_checked(page: AppTest, dropout: str) -> None:
    choose(page, activation="tanh", dropout=dropout, **BOTH)
    finish(press(page, "start"))
    run = shown(page)
    assert run.trainer.network.norms[0].ddof == 1
    assert run.trainer.network.keep_prob == (0.8,)
    assert run.trainer.network.inverted == (dropout == "inverted")
    assert run.trainer.history[-1].test_accuracy > 0.85
    verdicts = checked(page)
    assert set(verdicts.values()) == {"✓"}
    assert {name[:2] for name in verdicts} == {"w¹", "b¹", "γ¹", "β¹", "w²", "b²"}
    assert "a training pass: a batch of 8 test pictures, its own means and variances and one set" in words(page)
    choose(page, layer=1)
    values = next(frame.value for frame in page.dataframe if "z̃" in frame.value)
    assert len(values) == 12
    page.toggle(key="ex23_3_planted").set_value(True).run()
    assert {name[:2] for name, verdict in checked(page).items() if verdict == "✗"} == {"b²"}


def test_one_picture_a_batch_has_no_variance(page: AppTest) -> None:
    choose(page, batch=1, batch_norm="n−1")
    for divisor in ("n−1", "n"):
        choose(page, batch_norm=divisor)
        assert any("every z̄ is 0 and nothing can be learned" in error.value for error in page.error)
        assert page.button(key="ex23_3_start").disabled
    choose(page, batch_norm="off")
    assert not page.error
    press(page, "batch_step")
    assert shown(page).trainer.step == 1
    choose(page, batch_norm="n−1")  # the run under way can still go on, a new one cannot begin
    assert not page.button(key="ex23_3_start").disabled
    assert page.button(key="ex23_3_reset").disabled


def test_settings_without_effect_do_not_count_as_different(page: AppTest) -> None:
    press(page, "batch_step")
    choose(page, dropout="plain")
    assert "The settings now differ" not in words(page)
    choose(page, keep1=0.5)
    assert "keep 0.5, dropout plain instead of keep 1, dropout none" in words(page)


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("The printed program", {"loss": "sigmoid squared error", "init": "normal", "batch": 1, "rate": 0.1}),
        ("Batch norm and dropout", {**BOTH, "keep1": 0.9, "optimizer": "adam", "rate": 0.004, "epochs": 20}),
        ("Algorithm 23.3 as stated", {"loss": "sigmoid cross-entropy", "activation": "sigmoid", "batch": 1}),
        ("Fast and accurate", {"loss": "softmax cross-entropy", "activation": "relu", "batch": 32, "rate": 0.3}),
    ],
)
def test_presets_set_the_controls_and_leave_the_run_alone(page: AppTest, preset: str, expected: dict) -> None:
    press(page, "batch_step")
    run = shown(page)
    press(page, f"preset_{preset}")
    assert shown(page) is run
    assert {name: page.session_state[f"ex23_3_{name}"] for name in expected} == expected
    assert page.session_state["ex23_3_data"] == "MNIST, source split"


def test_an_experiment_keeps_the_run_before_it_and_begins(page: AppTest) -> None:
    press(page, "batch_step")
    before = shown(page)
    page.button(key="try_Learn too few by heart").click().run()
    assert not page.exception
    assert list(training(page).kept.values()) == [before]
    assert shown(page).settings.rows == 1000
    assert training(page).at_work == "run"
    finish(page)
    assert shown(page).trainer.history[-1].train_accuracy == 1.0
    assert shown(page).trainer.history[-1].test_accuracy < 0.92


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
def test_the_snippet_reproduces_the_run_on_screen(page: AppTest, settings: dict) -> None:
    choose(page, **settings)
    finish(press(page, "start"))
    namespace: dict[str, Any] = {}
    exec(page.code[0].value, namespace)
    assert namespace["test_accuracy"] == shown(page).trainer.history[-1].test_accuracy
