"""Page 23.3 as a reader meets it: training in slices, runs kept and compared, divergence, its Python snippet."""

import io
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnlib import datasets, load_digits, load_mnist
from nnlib.chapter23.printed_program import AS_PRINTED
from nnlib.measuring import Measurement, evaluate
from nnlib.saving import load_checkpoint, save_checkpoint
from pages.ex23_3 import compare_runs, controls
from pages.ex23_3.complete_the_step import BLANKS, RIGHT_LINES
from pages.ex23_3.missing_digit import verdict
from pages.ex23_3.presets import ALGORITHM, BEST, FAST, IN_ORDER, MENDED, PRESETS, PRINTED
from pages.ex23_3.run_folder import RunFolder
from pages.ex23_3.runs import MnistRun, name_of, new_run, results_table
from pages.ex23_3.settings import DIGITS, Settings
from pages.ex23_3.stage import go_on, praise
from pages.ex23_3.sweep import Sweep
from pages.ex23_3.training import Training
from pages.shared.controls import Controls
from pages.shared.readers_folder import FOLDER_VARIABLE
from pages.shared.run_curves import curve_points, written_points
from tests.pages.ex23_3.page_helpers import SMALL, finish, shown, stands, training
from tests.pages.reader import Reader

RIGHT = dict(zip(BLANKS, RIGHT_LINES, strict=True))
SETTINGS = Settings(data=DIGITS, hidden=(12,), keep=(1.0,), epochs=4)


def test_the_missing_digit_is_found_in_two_epochs_and_the_reader_told_how_to_go_on() -> None:
    recall = (*(0.9,) * 8, 0.0, 0.9)
    two = [Measurement(k, float(k), 0, 0.1, 1, 0.8, 1, 0.8, 0, (), (), recall) for k in (1, 2)]
    assert verdict(two, None, None).startswith("One digit is hardly ever read. Which")
    assert verdict(two, 3, None).startswith("✖ Not the 3")
    assert verdict(two, 8, None, has_ended=True).endswith("Guess, and press **10 more epochs**.")
    assert verdict(two, 8, 5, has_ended=True).endswith("Press **10 more epochs**, and wait for epoch 5.")
    assert verdict(two, 8, 5).endswith("Wait for epoch 5.")


def test_before_the_first_run_the_page_says_what_to_do(reader: Reader) -> None:
    assert "Press **Train**" in stands(reader)
    assert not shown(reader).has_begun
    assert list(training(reader).runs) == []


def test_a_first_run_begins_so_slowly_that_its_steps_can_be_seen_and_leaves_settings_for_later() -> None:
    reader = Reader("23.3")
    assert "56,000" not in reader.words()  # before anything moves
    reader.press("train").press("train")  # and pause
    assert "**epoch** goes once through all 56,000" in reader.words()
    run, steps = shown(reader), []
    while run.is_slow:
        run.rest(0)
        run.move_on()
        steps.append(run.trainer.step)
        assert run.measurements[-1].step == run.trainer.step
    assert steps[:5] == [1, 2, 3, 4, 6]
    assert "Now [write the step yourself]." in stands(reader.run())
    assert "settings" in reader.buttons()
    assert "settings" not in reader.set(epochs=2).buttons()
    assert "settings" not in reader.set(epochs=10).buttons()  # they stay
    alone = new_run(run.settings).trainer
    alone.run_batches(run.trainer.step)
    assert run.trainer.network.parameters.tobytes() == alone.network.parameters.tobytes()


def test_train_to_the_end_learns_and_reports_what_nnlib_measures(reader: Reader) -> None:
    finish(reader.press("train"))
    run = shown(reader)
    assert run.trainer.state == "finished"
    test_accuracy = evaluate(run.trainer.network, load_digits(), "test").accuracy
    assert test_accuracy > 0.8
    assert f"{100 * test_accuracy:.2f} %" in stands(reader)
    assert f"Epoch 4.00 of 4, step {run.trainer.step:,}" in stands(reader)


def test_who_has_solved_it_is_led_on_to_the_answer_and_to_the_next_experiment(reader: Reader) -> None:
    finish(reader.set(size1=64).press("train"))
    assert "✓ It reads digits" in stands(reader)
    assert "[write the step yourself]" in stands(reader)
    reader.set(**RIGHT | {"update": BLANKS["update"].choices[0].code}).press("train_step")
    assert ":blue-badge[2 Write the step]" in reader.picture("progress")["progress"]["way"]
    reader.set(**RIGHT).press("train_step")
    assert "[find the missing digit]" in stands(reader)
    way = ":green-badge[✓ Train] :green-badge[✓ Write the step] :blue-badge[3 The missing digit]"
    assert reader.picture("progress")["progress"]["way"] == way
    assert not {"batch_step", "epoch_step"} & set(reader.buttons())  # there is nothing left to train
    reader.set(tried="Learn by heart")
    assert "It reads digits" not in stands(reader)  # that experiment asks something else
    algorithm = replace(ALGORITHM, epochs=20).without_idle()
    assert praise(algorithm, ["Algorithm 23.3"], at=4).endswith("Go on with *The missing digit* below.")
    assert praise(algorithm, list(IN_ORDER.values()), at=4).endswith("All three are done.")
    relu = FAST.without_idle()
    assert praise(relu, [], at=4).endswith("*Algorithm 23.3* below: sigmoids in place of ReLUs.")


def test_one_order_is_given_and_it_is_of_the_first_step_that_is_not_done(reader: Reader) -> None:
    order = "This step is done once more than 90 % are read."
    assert "Press **Train**" in stands(reader)
    assert order in stands(reader.set(size1=64).press("batch_step"))
    finish(reader.press("train"))
    for ask in (lambda: reader, lambda: reader.press("start_over"), lambda: reader.press("batch_step")):
        said = stands(ask())
        assert "Now [write the step yourself]." in said
        assert "Press **Train**" not in said
        assert order not in said
    assert "Now [find the missing digit]." in stands(reader.set(**RIGHT).press("train_step"))


def test_a_missing_digit_that_was_shown_has_no_mark_and_is_not_asked_for_again(reader: Reader) -> None:
    finish(reader.set(size1=64, **RIGHT).press("train_step").press("train"))
    for alone, mark in ((False, ":gray-badge[3 The missing digit]"), (True, ":green-badge[✓ The missing digit]")):
        reader.app.session_state["ex23_3_found_digit"] = 8
        if alone:
            del reader.app.session_state["ex23_3_digit_shown"]
            del reader.app.query_params["ex23_3_digit_shown"]
        else:
            reader.app.session_state["ex23_3_digit_shown"] = True
        reader.run()
        assert mark in reader.picture("progress")["progress"]["way"]
        assert ("All three are done" in stands(reader)) == alone
        assert "[find" not in stands(reader)


def test_a_run_of_the_settings_that_the_page_opens_with_is_named_by_them() -> None:
    assert name_of(FAST.without_idle(), PRESETS) == "batch 32, η 0.3"
    assert name_of(replace(FAST, batch=8).without_idle(), PRESETS) == "batch 8"


def test_the_step_that_was_completed_stands_whole_and_is_not_asked_for_again(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.set(**RIGHT).press("train_step")
    assert "press **Try other lines**" in reader.words()
    reader.leave_and_come_back()
    assert reader.key("update") not in reader.controls()
    reader.press("take_apart").set(update=BLANKS["update"].choices[0].code)
    assert "before you changed them" in reader.words()
    assert "the step alone" in reader.press("train_step").words()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    (tmp_path / "answered.txt").write_text("23.3")
    assert "take_apart" in Reader("23.3").buttons()  # another day


def test_a_network_from_a_file_without_a_curve_is_told_which_button_trains_it_on(reader: Reader) -> None:
    finish(reader.press("train"))
    shown(reader).trainer.history.clear()
    assert reader.run().button("train").label == "10 more epochs"
    assert "Press **10 more epochs**" in stands(reader)


def test_pause_go_on_and_leaving_the_page_lose_nothing(reader: Reader) -> None:
    reader.press("epoch_step")
    finish(reader)
    assert shown(reader).trainer.epoch == 1.0
    reader.press("batch_step")
    step = shown(reader).trainer.step
    reader.leave_and_come_back()
    assert shown(reader).trainer.step == step == shown(reader).trainer.steps_per_epoch + 1
    assert reader.value("epochs") == 4
    assert reader.button("train").label == "Go on"
    finish(reader.press("train"))
    alone = new_run(shown(reader).settings).trainer
    alone.run()
    assert shown(reader).trainer.network.parameters.tobytes() == alone.network.parameters.tobytes()


def test_every_single_batch_is_measured(reader: Reader) -> None:
    for batches in range(1, 5):
        reader.press("batch_step")
        run = shown(reader)
        assert run.trainer.history[-1].step == batches
        test_accuracy = evaluate(run.trainer.network, load_digits(), "test")[1]
        assert f"**{100 * test_accuracy:.2f} %** of the 360 test digits" in stands(reader)


def test_the_primary_button_says_what_it_does(reader: Reader) -> None:
    assert reader.button("train").label == "Train"
    assert reader.press("train").button("train").label == "Pause"
    assert reader.press("train").button("train").label == "Go on"
    first = shown(reader)
    assert reader.set(rate=0.1).button("train").label == "Train"  # a new run
    assert reader.set(rate=0.3).button("train").label == "Go on"
    finish(reader.press("train"))
    assert reader.button("train").label == "10 more epochs"
    finish(reader.press("train"))
    assert shown(reader) is first
    assert (first.trainer.epoch, first.settings.epochs, reader.value("epochs")) == (14.0, 14, 14)


def test_train_after_a_change_begins_a_new_run_and_keeps_the_old_one(reader: Reader) -> None:
    reader.press("batch_step")
    first = shown(reader)
    reader.set(batch=64, rate=0.1)
    assert shown(reader) is first
    assert "begins a new run with batch 64, η 0.1" in reader.words()
    finish(reader.press("train"))
    second = shown(reader)
    assert list(training(reader).runs) == [first, second]
    assert (second.trainer.batch_size, second.trainer.learning_rate) == (64, 0.1)
    assert "batch 64, η 0.1" in second.name
    reader.press("start_over")
    assert shown(reader).trainer.step == 0
    assert list(training(reader).runs) == [first, second]


def test_another_learning_rate_in_mid_run_is_told_in_table_code_and_file(reader: Reader) -> None:
    reader.press("batch_step").set(rate=0.1)
    reader.press("use_rate")
    run = shown(reader)
    assert run.trainer.learning_rate == 0.1
    assert "begins a new run" not in reader.words()
    finish(reader.press("train"))
    assert results_table([run])["rate"].tolist() == ["0.3, from step 1 on 0.1"]
    namespace = reader.set(tab="In Python").snippet(0)
    assert namespace["test_accuracy"] == run.trainer.history[-1].test_accuracy
    file = io.BytesIO()
    save_checkpoint(file, run.trainer)
    assert load_checkpoint(file, load_digits()).trainer.rates == run.trainer.rates


def test_runs_are_shown_compared_renamed_removed_and_brought_back(reader: Reader) -> None:
    first = shown(finish(reader.press("train")))
    second = shown(finish(reader.set(activation="tanh").press("train")))
    training(reader).show(first)
    reader.run()
    assert reader.set(tab="Compare runs").value("activation") == "tanh"
    assert reader.press("load").value("activation") == "relu"
    training(reader).compare(second)
    assert not second.compared
    table = reader.run().table("what differs")
    assert table["what differs"].tolist() == ["relu", "tanh"]
    reader.press("remove")
    assert shown(reader) is second
    assert list(training(reader).runs) == [second]
    reader.press("undo_remove")
    assert shown(reader) is first
    assert set(training(reader).runs.names) == {first.name, second.name}


def test_a_table_of_runs_sorts_and_its_files_are_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, Callable[[], pd.DataFrame]] = {}
    monkeypatch.setattr(compare_runs, "download_table", lambda label, file, table: files.update({file: table}))
    runs = RunFolder(None)
    first, second = new_run(SETTINGS, "first"), new_run(replace(SETTINGS, seed=1), "second")
    runs.add(first)
    runs.add(second)
    compare_runs.table_of_runs(Training(runs, first))
    first.trainer.run()
    assert len(files["curves.csv"]()) == 2 * len(first.trainer.history)
    table = files["runs.csv"]()
    assert table["training accuracy"][0] == first.trainer.history[-1].train_accuracy
    assert table.sort_values("training accuracy")["run"].tolist() == ["first", "second"]  # the second has none
    assert table["hidden"][0] == "12"
    assert set(vars(written_points(curve_points({"first": first})))["data"].dtypes["loss":"accuracy"]) == {
        np.dtype(float)
    }


@pytest.mark.parametrize(
    "press_it",
    [
        lambda training, other: training.train(SETTINGS),
        lambda training, other: training.pause(),
        lambda training, other: training.more_epochs(),
        lambda training, other: training.show(other),
        lambda training, other: training.remove(other),
        lambda training, other: training.undo_remove(),
        lambda training, other: training.use_rate(0.1),
        lambda training, other: training.go_on_with_sweep(),
        lambda training, other: training.stop_sweep(),
        lambda training, other: training.keep(other),
    ],
    ids=["train", "pause", "more", "show", "remove", "undo", "use_rate", "sweep_go_on", "sweep_stop", "keep"],
)
@pytest.mark.parametrize("at_work", ["run", "sweep", None])
def test_a_button_that_vanishes_may_be_pressed_twice(
    press_it: Callable[[Training, MnistRun], None], at_work: Any
) -> None:
    runs = RunFolder(None)
    other, run, removed = new_run(SETTINGS, "other"), new_run(SETTINGS, "run"), new_run(SETTINGS, "removed")
    run.trainer.run_batches(1)
    runs.add(other)
    runs.add(run)
    training = Training(runs, run, removed, Sweep(SETTINGS, {"batch": [32]}), at_work == "sweep")
    run.wanted = at_work == "run"

    def what_there_is() -> tuple[Any, ...]:
        states = [(one.number, one.name, one.wanted, one.trainer.step, one.trainer.learning_rate) for one in runs]
        return training.shown, training.removed, training.is_sweeping, states, vars(run.settings)

    press_it(training, other)
    once = what_there_is()
    press_it(training, other)
    assert what_there_is() == once


def test_no_other_script_run_draws_what_a_click_has_done_by_half(monkeypatch: pytest.MonkeyPatch) -> None:
    training = Training(RunFolder(None), new_run(SETTINGS))
    in_mid_step, may_end, drawn = threading.Event(), threading.Event(), threading.Event()

    def take_step(run: MnistRun) -> None:
        in_mid_step.set()
        assert may_end.wait(60)

    def draw() -> None:
        training.claim()
        drawn.set()

    monkeypatch.setattr(MnistRun, "take_step", take_step)
    click, page = threading.Thread(target=training.one_batch, args=(SETTINGS,)), threading.Thread(target=draw)
    click.start()
    assert in_mid_step.wait(60)
    page.start()
    assert not drawn.wait(0.05)
    may_end.set()
    assert drawn.wait(60)
    click.join()


def test_a_button_pressed_before_it_is_drawn_anew_takes_the_settings_of_that_moment(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "echo", lambda number, key, on_echo: None)
    stale = reader.value("data")
    reader.press("batch_step").press("to_opening")
    reader.control("data").set_value(stale)  # the browser has not drawn what the button before has set
    reader.press("batch_step")
    assert shown(reader).settings == Settings().without_idle()
    assert shown(reader).trainer.step == 1


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
    for name in ("train", "batch_step", "epoch_step"):
        assert reader.button(name).disabled
    assert reader.set(tab="Compare runs", compare="a sweep").button("sweep_start").disabled
    reader.press("More experiments").press("Divergence")
    assert training(reader).shown is None
    finish(reader.set(**SMALL).press("train"))
    assert reader.words("error") == ""
    assert shown(reader).trainer.state == "finished"
    reader.set(data="MNIST, standard split")
    assert reader.button("train").disabled
    reader.follow()
    assert reader.words("error").count(str(path)) == 1


def test_a_run_that_is_stuck_says_so_and_a_healthy_one_says_nothing(reader: Reader) -> None:
    finish(reader.press("train"))
    assert "It stands still" not in stands(reader)
    reader.set(loss="sigmoid squared error", init="normal", rate=10.0, schedule="constant")
    finish(reader.press("train"))
    assert shown(reader).trainer.state == "finished"
    assert "It stands still" in stands(reader)
    assert "outputs are saturated" in shown(reader).trainer.warning


def test_a_run_that_diverges_says_so_and_breaks_nothing(reader: Reader) -> None:
    reader.set(layers=5, rate=10.0, schedule="constant")
    finish(reader.press("train"))
    assert shown(reader).trainer.state == "diverged"
    assert "ceased to be finite at step" in stands(reader)
    for tab in ("Mistakes", "Inside the network"):
        assert "so large that outputs overflow" in reader.set(tab=tab).words()
    assert {tile["answer"] for tile in reader.picture("digits")["digits"]["tiles"]} == {"?", "yours"}
    assert reader.picture("curves")["curves"]["runs"][0]["result"] == "diverged"
    reader.set(measure="gradients")  # some of which are no numbers


BOTH = {"batch_norm": "n−1", "keep1": 0.8}


def test_one_picture_a_batch_has_no_variance(reader: Reader) -> None:
    reader.set(batch=1, batch_norm="n−1")
    for divisor in ("n−1", "n"):
        reader.set(batch_norm=divisor)
        assert "every z̄ is 0 and nothing can be learned" in reader.words("error")
        assert reader.button("train").disabled
        assert reader.button("batch_step").disabled
    reader.set(batch_norm="off")
    assert reader.words("error") == ""
    reader.press("batch_step")
    assert shown(reader).trainer.step == 1


def test_settings_without_effect_do_not_count_as_different(reader: Reader) -> None:
    reader.press("batch_step")
    reader.set(dropout="plain")
    assert "begins a new run" not in reader.words()
    reader.set(keep1=0.5)
    assert "begins a new run with keep p 0.5, dropout plain" in reader.words()


def test_presets_set_the_controls_and_leave_the_run_alone(reader: Reader) -> None:
    reader.press("batch_step")
    run = shown(reader)
    for preset, settings in PRESETS.items():
        reader.set(preset_none=preset)  # as long as none is chosen, the chips have this name
        assert shown(reader) is run
        there = reader.controls()
        values = {name: v for name, v in settings.as_controls().items() if reader.key(name) in there}
        assert len(values) == 22
        assert {name: reader.value(name) for name in values} == values
        assert reader.value("preset") == preset
        reader.set(seed=77)
        assert reader.value("preset_none") is None
        assert f"*{preset}*" in reader.control("preset_none").options
        assert f"Unlike *{preset}*: seed 77." in reader.words("caption")


@pytest.mark.parametrize(
    ("preset", "begins_with", "changes"),
    [
        (BEST, FAST, {"batch_norm", "keep", "optimizer", "rate", "batch", "epochs"}),
        (ALGORITHM, FAST, {"activation", "loss", "init", "batch", "rate", "schedule"}),
        (PRINTED, ALGORITHM, {"loss", "optimizer", "init", "seed", "order", "precision"}),
        (MENDED, PRINTED, {"loss", "optimizer"}),
    ],
)
def test_what_is_said_of_a_preset_is_all_that_it_changes(
    preset: Settings, begins_with: Settings, changes: set[str]
) -> None:
    assert preset.differences([begins_with]).keys() == changes


def test_an_experiment_keeps_the_run_before_it_and_begins(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    mnist = load_mnist()
    few = replace(mnist, X_test=mnist.X_test[:1000], Y_test=mnist.Y_test[:1000])  # every epoch reads them
    monkeypatch.setattr("pages.ex23_3.runs.load_mnist", lambda split: few)
    reader.press("batch_step")
    before = shown(reader)
    reader.press("More experiments").press("Learn by heart")
    assert list(training(reader).runs) == [before, shown(reader)]
    assert shown(reader).settings.rows == 1000
    assert training(reader).at_work == "run"
    reader.press("start_over")
    (toast,) = reader.app.toast
    assert toast.value == "“Learn by heart” is paused: press *Go on* in the list of runs."
    assert results_table(list(training(reader).runs))["state"][1].startswith("paused at ")
    reader.press("Learn by heart")  # no second one: it goes on
    assert len(list(training(reader).runs)) == 2
    finish(reader)
    finish(reader.press("10 more epochs"))
    assert "When do the two curves part" in reader.set(rate=0.1).words()
    assert shown(reader).trainer.history[-1].train_accuracy == 1.0
    assert shown(reader).trainer.history[-1].test_accuracy < 0.92


def test_an_experiment_outlives_a_reload_until_it_is_closed() -> None:
    reader = Reader("23.3", {"ex23_3_tried": "Learn by heart"})
    assert "When do the two curves part" in reader.words()
    assert "When do the two curves part" in reader.picture("question")["question"]  # for a narrow screen
    assert training(reader).at_work is None
    reader.press("Close")
    assert "When do the two curves part" not in reader.words()
    assert "ex23_3_tried" not in reader.app.query_params
    assert reader.picture("question")["question"] == ""
    reader = Reader("23.3", {"ex23_3_tried": "no such experiment"})
    assert "asks you a question" in reader.words()
    assert "ex23_3_tried" not in reader.app.query_params


def test_a_told_experiment_is_told_after_a_reload_and_the_rarer_ones_wait() -> None:
    reader = Reader("23.3")
    assert "try_Mend it" in reader.buttons()
    assert "try_Learn by heart" not in reader.buttons()
    reader = Reader("23.3", {"ex23_3_tried": "Learn by heart"})
    assert "try_Learn by heart" in reader.buttons()  # the reader is in one of them
    assert "by heart, and reads" not in reader.words()
    address = reader.press("Show the explanation").app.query_params
    assert address["ex23_3_told"] == "yes"
    reader = Reader("23.3", {"ex23_3_tried": "Learn by heart", "ex23_3_told": "yes"})
    assert "by heart, and reads" in reader.words()
    reader.press("Hide the explanation")
    assert "ex23_3_told" not in reader.app.query_params
    reader.press("Show the explanation").press("Close")
    assert "ex23_3_told" not in reader.app.query_params


def test_the_way_back_to_the_opening_network_loses_no_run(reader: Reader) -> None:
    reader.set(validation=0.2, tried="Learn by heart").press("batch_step")
    first = shown(reader)
    reader.set(measure="recall").press("to_opening")
    assert reader.value("measure") == "accuracy"
    assert reader.value("data") == "MNIST, source split"
    assert training(reader).shown is not first
    assert list(training(reader).runs) == [first]
    assert shown(reader).settings == Settings().without_idle()
    assert "to_opening" not in reader.buttons()
    assert reader.kept("tried") is None


def test_a_paused_run_in_the_list_can_be_gone_on_with(reader: Reader) -> None:
    first = shown(reader.press("batch_step"))
    finish(reader.set(rate=0.1).press("train"))
    paused = {run["run"]: run["paused"] for run in reader.picture("curves")["curves"]["runs"]}
    assert paused == {first.number: True, shown(reader).number: False}
    go_on(training(reader), first)
    assert shown(reader) is first
    assert first.is_at_work


def test_what_an_experiment_goes_on_with_is_compared_with_its_own_run(reader: Reader) -> None:
    first = shown(reader.press("batch_step"))
    reader.press("start_over").press("batch_step")
    training(reader).show(first)
    reader.run().press("start_over").press("batch_step").set(measure="gradients")
    drawn = [run["run"] for run in reader.picture("curves")["curves"]["runs"] if run["bars"]]
    assert drawn == [shown(reader).number, first.number]  # not with the newest
    assert "ex23_3_run" not in reader.app.query_params  # the newest is shown anyway
    training(reader).show(first)
    assert reader.run().app.query_params["ex23_3_run"] == str(first.number)


def test_early_stopping_says_when_and_why(reader: Reader) -> None:
    finish(reader.set(validation=0.2, epochs=50).set(patience=1).press("train"))
    trainer = shown(reader).trainer
    assert trainer.state == "finished"
    assert trainer.epoch < 50
    assert trainer.ending in stands(reader)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"activation": "tanh", "loss": "sigmoid cross-entropy", "seed": 5, "rows": 1000},
        {"rows": 2000, "rate": 0.1},  # more than the small digits have
        {"batch_norm": "n", "layers": 2, "keep1": 0.8, "dropout": "plain"},
        {"validation": 0.2, "patience": 1, "epochs": 30, "l2": 0.1},
        {"init": "as printed", "optimizer": AS_PRINTED, "order": "as stored", "precision": "double", "layers": 0},
    ],
)
def test_the_snippet_reproduces_the_run_on_screen(reader: Reader, settings: dict) -> None:
    for name, value in settings.items():  # one by one: some controls are there only beside others
        reader.set(**{name: value})
    finish(reader.press("train"))
    namespace = reader.set(activation="sigmoid", tab="In Python").snippet(0)  # of the run, not of the controls
    assert namespace["test_accuracy"] == shown(reader).trainer.history[-1].test_accuracy


def test_the_browser_is_asked_what_is_drawn_after_the_last_control(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, draw = [], Controls._draw

    def note(self: Controls, widget: str, name: str, *args: Any, **others: Any) -> Any:
        drawn.append(name)
        return draw(self, widget, name, *args, **others)

    monkeypatch.setattr(Controls, "_draw", note)
    monkeypatch.setattr(controls, "echo", lambda number, key, on_echo: drawn.append("echo"))
    reader = Reader("23.3")
    drawn.clear()
    reader.run()  # the settings that are out of sight are known now, and drawn last
    before = drawn[: drawn.index("echo")]
    assert {"rate", "epochs", "schedule", "seed"} <= set(before)
    assert not set(Settings().as_controls()) & set(drawn[len(before) :])


def test_what_a_browser_that_lags_reports_does_not_undo_an_experiment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controls, "echo", lambda number, key, on_echo: None)
    reader = Reader("23.3").press("Algorithm 23.3").set(preset="Fast and accurate")
    assert (reader.value("batch"), reader.value("preset")) == (1, "Algorithm 23.3")
    reader = Reader("23.3").press("The missing digit")
    assert reader.value("batch") == 1
    for stale in ({"batch": 32}, {"measure": "accuracy"}, {"batch": 32}):  # as before, and not the reader's
        reader.set(**stale)
        assert reader.value("batch") == 1
        assert reader.value("measure") == "recall"
    assert reader.set(batch=8).value("batch") == 8  # the reader's own
    reader.press("The missing digit")
    monkeypatch.setattr(controls, "is_back_or_forward", lambda: True)
    assert reader.set(batch=8).value("batch") == 8  # Back to what was before is no late report
    monkeypatch.setattr(controls, "is_back_or_forward", lambda: False)
    monkeypatch.setattr(controls, "echo", lambda number, key, on_echo: on_echo(number))
    assert reader.run().set(batch=32).value("batch") == 32  # now that the new value is drawn
