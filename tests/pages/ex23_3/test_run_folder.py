"""The reader's runs on disk: they come back, go on to the same last bit, and nothing damaged does any harm."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pages.ex23_3 import run_folder
from pages.ex23_3.presets import BEST, FAST, MENDED, PRINTED
from pages.ex23_3.run_folder import RunFolder, readers_runs
from pages.ex23_3.runs import MnistRun, new_run
from pages.ex23_3.settings import DIGITS, Settings
from pages.shared.readers_folder import FOLDER_VARIABLE
from tests.pages.ex23_3.page_helpers import stands
from tests.pages.reader import Reader

SMALL: dict[str, Any] = {"data": DIGITS, "rows": 1000, "epochs": 2}


def kept_run(runs: RunFolder, settings: Settings, batches: int, name: str = "a run") -> MnistRun:
    run = new_run(settings, name)
    run.trainer.run_batches(batches)
    runs.add(run)
    runs.save(run)
    return run


@pytest.mark.parametrize(
    "settings",
    [FAST, BEST, PRINTED, MENDED, replace(FAST, optimizer="momentum", l2=0.1, validation=0.2, patience=1)],
    ids=["fast", "batch norm and dropout", "printed", "mended", "momentum"],
)
def test_a_run_comes_back_and_goes_on_to_the_same_last_bit(settings: Settings, tmp_path: Path) -> None:
    settings = replace(settings, **SMALL).without_idle()
    run = kept_run(RunFolder(tmp_path), settings, 40)
    again = RunFolder(tmp_path)
    (back,) = again
    assert again.problems == []
    assert (back.settings, back.name, back.number) == (settings, "a run", 1)
    assert back.trainer.history == run.trainer.history
    run.trainer.run()
    back.trainer.run()
    assert back.trainer.network.parameters.tobytes() == run.trainer.network.parameters.tobytes()
    assert [m.test_accuracy for m in back.trainer.history] == [m.test_accuracy for m in run.trainer.history]


def test_a_reload_shows_the_run_that_the_address_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = RunFolder(tmp_path)
    older, newer = (kept_run(runs, replace(FAST, **SMALL), 3, name) for name in ("older", "newer"))
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    for address, run in (({"ex23_3_run": older.number}, older), ({}, newer), ({"ex23_3_run": "none"}, newer)):
        reader = Reader("23.3", {**address, "ex23_3_tab": "Compare runs"})
        assert f"Run on screen: **{run.name}**" in reader.words()


def test_what_a_new_tab_is_set_to_is_in_the_address_so_that_a_reload_forgets_none_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_run(RunFolder(tmp_path), replace(MENDED, **SMALL).without_idle(), 3)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    address = dict(Reader("23.3").app.query_params)
    again = Reader("23.3", {**address, "ex23_3_rate": "0.2"})  # moved, and the page reloaded
    settings = replace(MENDED, **SMALL).as_controls() | {"rate": 0.2}
    shown = {name: again.value(name) for name in settings if again.key(name) in again.controls()}
    assert shown == {name: settings[name] for name in shown}
    assert shown["activation"] == "sigmoid"


def test_what_the_reader_did_with_a_run_comes_back_too(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path)
    first, second = (kept_run(runs, replace(FAST, **SMALL), 3) for _ in range(2))
    assert (first.name, second.name) == ("a run", "a run (2)")
    runs.rename(first, "  the   best ")
    runs.rename(second, "the best")
    runs.rename(second, "   ")
    second.compared, second.wanted = False, True
    runs.save(second)
    kept_run(runs, replace(FAST, **SMALL), 3)
    runs.remove(first)
    back = RunFolder(tmp_path)
    assert [(run.number, run.name, run.compared, run.wanted) for run in back] == [
        (2, "the best (2)", False, True),
        (3, "a run", True, False),
    ]
    assert back.newest is back.runs[2]  # it was at work


def test_a_damaged_file_is_skipped_with_a_sentence_and_stays(tmp_path: Path) -> None:
    kept_run(RunFolder(tmp_path), replace(FAST, **SMALL), 3)
    whole = (tmp_path / "run-0001.npz").read_bytes()
    (tmp_path / "run-0002.npz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "run-0003.npz").write_bytes(b"")
    (tmp_path / "run-0004.npz").write_bytes(whole)  # a copy
    (tmp_path / "notes.txt").write_text("not a run")
    runs = RunFolder(tmp_path)
    assert [(run.number, run.name) for run in runs] == [(1, "a run"), (4, "a run (2)")]
    assert len(runs.problems) == 2
    for name, problem in zip(("run-0002.npz", "run-0003.npz"), runs.problems, strict=True):
        assert "damaged" in problem
        assert name in problem
        assert (tmp_path / name).exists()


def test_a_run_gets_no_number_whose_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "run-0001.npz").write_bytes(b"damaged")
    kept_run(RunFolder(tmp_path), replace(FAST, **SMALL), 3)
    assert (tmp_path / "run-0001.npz").read_bytes() == b"damaged"
    assert len(list(tmp_path.glob("run-*.npz"))) == 2


def test_a_folder_that_cannot_be_written_to_is_said_once_and_training_goes_on(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file where the folder should be")
    runs = RunFolder(tmp_path / "runs")
    run = kept_run(runs, replace(FAST, **SMALL), 3)
    runs.save(run)
    assert len(runs.problems) == 1
    assert "“a run” could not be written" in runs.problems[0]
    assert run in runs


def test_when_it_is_full_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = RunFolder(tmp_path)
    kept_run(runs, replace(FAST, **SMALL), 3)
    assert not runs.is_full
    monkeypatch.setattr(run_folder, "MOST_RUNS", 1)
    assert runs.is_full
    monkeypatch.setattr(run_folder, "MOST_RUNS", 2)
    assert not runs.is_full
    monkeypatch.setattr(run_folder, "MOST_MEGABYTES", runs.megabytes / 2)
    assert runs.is_full


def test_a_run_that_has_not_begun_has_no_file(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path)
    run = new_run(replace(FAST, **SMALL))
    runs.add(run)
    runs.save(run)
    assert list(tmp_path.iterdir()) == []


def test_all_tabs_see_the_runs_of_the_folder_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert readers_runs() is readers_runs()
    assert readers_runs().folder == tmp_path
    assert "as you left it" not in stands(Reader("23.3"))
    kept_run(readers_runs(), replace(FAST, **SMALL), 3, "the one")
    reader = Reader("23.3")
    assert "as you left it" in stands(reader)
    assert reader.value("rows") == 1000  # the controls show its settings
    assert "as you left it" not in stands(reader.press("batch_step"))
