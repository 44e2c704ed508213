"""The mistakes of a network of page 23.3: the surest, its confusions, and how well it reads each digit."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnlib import load_digits
from nnlib.measuring import Measurement
from pages.ex23_3 import missing_digit
from pages.ex23_3.missing_digit import verdict
from pages.ex23_3.mistakes import ALL, CONFUSION, RECALL, SUREST, VIEWS, confusion
from pages.ex23_3.recall import recall_in_words, recall_points, when_missed
from tests.pages.ex23_3.page_helpers import finish, shown, training
from tests.pages.reader import Reader

TAB = "Mistakes"


@pytest.mark.parametrize("trained", [False, True])
def test_every_view_is_drawn(reader: Reader, trained: bool) -> None:
    if trained:
        finish(reader.press("epoch_step"))
    for view in VIEWS:
        assert ("the network after epoch" in reader.set(view=view).words()) == (view != RECALL)


def predicted(reader: Reader) -> np.ndarray:
    """What the network reads in each test picture."""
    network = shown(reader).trainer.network
    outputs: np.ndarray = network.predict_proba(load_digits().test_inputs(slice(None), np.float32))
    return outputs.argmax(axis=1)


def tiles(reader: Reader) -> list[dict[str, Any]]:
    """The pictures shown."""
    found: list[dict[str, Any]] = reader.picture("tiles")["tiles"]
    return found


def test_each_answer_is_the_network_s(reader: Reader) -> None:
    finish(reader.press("epoch_step")).set(view=ALL, first=24)
    answers, truth = predicted(reader), load_digits().Y_test.argmax(axis=1)
    assert [tile["row"] for tile in tiles(reader)] == list(range(24, 48))
    for tile in tiles(reader):
        assert tile["answer"] == str(answers[tile["row"]])
        assert tile["wrong"] == (answers[tile["row"]] != truth[tile["row"]])


def test_the_mistakes_are_those_of_which_the_network_is_surest(reader: Reader) -> None:
    finish(reader.press("epoch_step")).set(view=SUREST)
    wrong = predicted(reader) != load_digits().Y_test.argmax(axis=1)
    shares = [tile["output"] for tile in tiles(reader)]
    assert len(shares) == min(24, wrong.sum())
    assert all(wrong[tile["row"]] for tile in tiles(reader))
    assert shares == sorted(shares, reverse=True)
    assert f"{wrong.sum()} of 360 test pictures are read wrongly" in reader.words()


def test_the_confusion_matrix_counts_every_test_picture_and_shows_those_of_its_commonest_mistake(
    reader: Reader,
) -> None:
    finish(reader.press("epoch_step")).set(view=CONFUSION)
    truth = load_digits().Y_test.argmax(axis=1)
    counts = confusion(truth, predicted(reader), 10)
    table = reader.table("read as 0")
    np.testing.assert_array_equal(table, counts)
    np.testing.assert_array_equal(table.sum(axis=1), np.bincount(truth))
    wrong = counts - np.diag(np.diag(counts))
    true, read = np.unravel_index(wrong.argmax(), wrong.shape)
    assert len(tiles(reader)) == min(24, wrong.max())
    for tile in tiles(reader):
        assert (truth[tile["row"]], tile["answer"]) == (true, str(read))


def test_a_cell_that_is_chosen_opens_its_pictures(reader: Reader) -> None:
    finish(reader.press("epoch_step"))
    reader.set(view=CONFUSION, confusion={"selection": {"rows": [], "columns": [], "cells": [[4, "read as 4"]]}})
    count = confusion(load_digits().Y_test.argmax(axis=1), predicted(reader), 10)[4, 4]
    assert f"{count} pictures of a 4 were read as a 4." in reader.words()
    assert {tile["answer"] for tile in tiles(reader)} == {"4"}
    assert "The 24 on which the network is surest are shown." in reader.words()


def test_recall_is_shown_for_every_digit_and_measurement(reader: Reader) -> None:
    finish(reader.press("train")).set(view=RECALL)
    history = shown(reader).trainer.history
    points = recall_points(history)
    assert len(points) == 10 * len(history)
    truth, read = load_digits().Y_test.argmax(axis=1), predicted(reader)
    now = points[points["epoch"] == 4].set_index("digit")["recall"]
    for digit in range(10):
        assert now[str(digit)] == np.mean(read[truth == digit] == digit)
    assert len([spec for spec in reader.charts() if "recall" in str(spec)]) == 2


def measured(epoch: float, recall: tuple[float, ...]) -> Measurement:
    """A measurement in which only the recall matters."""
    nothing = (0.0,)
    accuracy = float(np.mean(recall))
    return Measurement(int(epoch), epoch, 0.0, 0.1, 1.0, accuracy, 1.0, accuracy, 1.0, nothing, nothing, recall)


def test_guesses_of_the_missing_digit_are_judged_by_what_was_measured_so_far() -> None:
    early = measured(0.5, (0.9, 0.0, 0.0))
    dead, dead_still = (measured(epoch, (0.9, 0.8, 0.01)) for epoch in (1.0, 1.5))
    alive = measured(2.25, (0.9, 0.8, 0.87))
    assert "Several digits" in verdict([early], 2, 3)
    assert "Not the 1: 80 %" in verdict([early, dead], 1, None)
    assert "The 2 it is" in verdict([early, dead], 2, None)
    assert "Wait for epoch 3" in verdict([early, dead, dead_still], 2, 3)
    assert "Epoch 1 is over" in verdict([early, dead, dead_still], 2, 1)
    assert "in epoch 3. You said epoch 3: right!" in verdict([early, dead, dead_still, alive], 2, 3)


def test_a_digit_that_is_never_read_is_named_with_its_epochs() -> None:
    history = [measured(0.0, (0.0, 1.0)), measured(1.0, (0.0, 0.9))]
    (sentence,) = recall_in_words(recall_points(history), history)
    assert "The digit 0 is still never read after epoch 1" in sentence
    assert "none of its own pictures" in sentence
    history.append(measured(2.0, (0.0101, 0.9)))
    missed = when_missed(recall_points(history), ["0", "1"])
    assert missed[["digit", "epoch", "until"]].to_numpy().tolist() == [["0", 0.0, 1.0], ["0", 1.0, 2.0]]
    (sentence,) = recall_in_words(recall_points(history), history)
    assert "The digit 0 is still hardly ever read after epoch 2" in sentence
    assert "at most 1.1 % of its own pictures were read correctly, while 46 % of all" in sentence
    history.append(measured(3.0, (0.8, 0.9)))
    (sentence,) = recall_in_words(recall_points(history), history)
    assert "hardly ever read up to epoch 2" in sentence
    healthy = [replace(one, test_recall=(0.8, 0.9)) for one in history]
    assert "The hardest digit is now the 0" in recall_in_words(recall_points(healthy), healthy)[0]
    stuck = [measured(1.0, (0.0, 0.0, 0.0, 0.0, 1.0))]
    assert recall_in_words(recall_points(stuck), stuck) == [
        "After a whole epoch or more, 4 digits were still hardly ever read, or never."
    ]


def test_runs_without_recall_say_so(reader: Reader) -> None:
    reader.press("batch_step")
    history = shown(reader).trainer.history
    history[:] = [replace(one, test_recall=()) for one in history]
    reader.set(view=RECALL)
    assert "No recall has been measured in this run yet." in reader.words("info")


def test_which_digit_is_missing_is_kept_back_until_it_is_guessed(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.press("batch_step")
    monkeypatch.setattr(missing_digit, "PRINTED", shown(reader).settings)
    recall = (*(0.9 - 0.01 * k for k in range(8)), 0.0, 0.95)
    history = shown(reader).trainer.history
    history[:] = [replace(one, epoch=1.0 + k, test_recall=recall) for k, one in enumerate(history)]
    reader.set(measure="recall", view=RECALL, tab="Mistakes")

    def rows() -> list[str]:
        return [text for _, text in reader.picture("curves")["curves"]["x"]["ticks"]]

    assert rows() == ["?"] * 10
    (run,) = reader.picture("curves")["curves"]["runs"]
    assert [bar["text"] for bar in run["bars"]][::9] == ["95", "0"]  # the order does not tell
    assert "digit 8" not in reader.picture("curves")["curves"]["about"]
    assert missing_digit.HIDDEN in reader.words("info")
    assert "guessed_epoch" not in reader.controls()  # a question at a time
    reader.set(guessed_digit=3)
    assert "Not the 3: 87 %" in reader.words()
    assert rows() == ["?"] * 10
    reader.set(guessed_digit=8)
    assert "The 8 it is" in reader.words()
    assert rows() == list("0123456789")
    assert missing_digit.HIDDEN not in reader.words("info")
    assert reader.control("guessed_epoch").value is None
    first = shown(reader)
    reader.press("start_over")
    assert "guessed_epoch" not in reader.controls()  # another run
    training(reader).show(first)
    assert "The 8 it is" in reader.run().words()  # what is found is not asked again
    assert "The 8 it is" in reader.leave_and_come_back().words()
    assert reader.app.query_params["ex23_3_found_digit"] == "8"  # nor after a reload


def test_the_missing_digit_can_be_shown(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.press("batch_step")
    monkeypatch.setattr(missing_digit, "PRINTED", shown(reader).settings)
    history = shown(reader).trainer.history
    history[:] = [replace(one, epoch=1.0, test_recall=(0.0, *[0.9] * 9)) for one in history]
    reader.run().press("show_missing")
    assert "guessed_digit" not in reader.controls()
    assert "It is the **0**." in reader.words()  # which earns no ✓
