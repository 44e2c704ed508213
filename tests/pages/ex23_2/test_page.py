"""Page 23.2: what the reader sets is what is computed, bad tables are told in plain words, code reproduces all."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from nnlib.chapter23.multilabel import label_scores, load_multilabel, multilabel_loss
from pages.ex23_2.your_table import PLANTED
from pages.shared.numbers import number
from pages.shared.typed_table import read_table, write_table
from tests.pages.reader import Reader

START = "2, -1, 0.5, -3\n-0.5, 1.5, -2, 1\n0.3, -0.2, 3, -1.5"


@pytest.fixture
def reader() -> Reader:
    return Reader("23.2")


def gradients(reader: Reader) -> pd.DataFrame:
    return reader.table("analytic")


def test_all_derivatives_agree_at_the_start(reader: Reader) -> None:
    table = gradients(reader)
    assert len(table) == 24
    assert (table["agrees"] == "✓").all()
    assert table["derivative"].iloc[[0, 5, 12]].tolist() == ["∂L/∂p₁₁", "∂L/∂p₂₂", "∂L/∂z₁₁"]


def test_the_slider_moves_its_cell_and_nothing_else(reader: Reader) -> None:
    reader.set(sample=2, label=3)
    assert reader.value("z") == -2.0
    reader.set(z=4.2)
    assert reader.value("z_text") == START.replace("-0.5, 1.5, -2, 1", "-0.5, 1.5, 4.2, 1")
    reader.set(y=True)
    assert reader.value("y_text").splitlines()[1] == "1, 1, 1, 1"


def test_choosing_a_cell_loads_its_values(reader: Reader) -> None:
    reader.set(label=4)
    assert reader.value("z") == -3.0


def test_rows_taken_away_come_back(reader: Reader) -> None:
    reader.set(z=7.7)
    reader.set(labels=1)
    reader.set(samples=1)
    assert reader.value("z_text") == "7.7"
    assert len(gradients(reader)) == 2
    reader.set(samples=5)
    reader.set(labels=6)
    assert reader.value("z_text").splitlines()[2].startswith("0.3, -0.2, 3, -1.5, ")
    assert len(gradients(reader)) == 60
    assert (gradients(reader)["agrees"] == "✓").all()


def test_a_chosen_cell_outside_a_smaller_table_moves_inside(reader: Reader) -> None:
    reader.set(sample=3)
    reader.set(samples=2)
    assert reader.value("sample") == 2


@pytest.mark.parametrize("mistake", list(PLANTED)[1:])
def test_a_planted_mistake_turns_its_rows_red(reader: Reader, mistake: str) -> None:
    reader.set(mistake=mistake)
    table = gradients(reader)
    wrong = table["derivative"][table["agrees"] == "✖"].tolist()
    expected = [name for name in table["derivative"] if mistake != "forgotten σ′" or "∂z" in name]
    assert wrong == expected
    assert f"✖ {len(expected)} of 24 disagree" in reader.words("caption")


def test_a_mistake_that_cannot_be_seen_is_explained(reader: Reader) -> None:
    reader.set(mistake="missing 1/N")
    reader.set(samples=1)
    assert (gradients(reader)["agrees"] == "✓").all()
    assert "With one sample, 1/N is 1" in reader.words()


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("z", "", "Net inputs: the table is empty."),
        ("z", " \n ", "Net inputs: the table is empty."),
        ("z", "1, two, 3", "Net inputs, row 1: “two” is not a number."),
        ("z", "1, 2\n3, nan", "Net inputs, row 2: nan is not allowed. Write a number from −10 to 10."),
        ("z", "1, 1e300", "Net inputs, row 1: 1e300 is not allowed."),
        ("z", "1, 2\n3", "Net inputs, row 2: its length is 1, but that of row 1 is 2."),
        ("z", "1\n" * 6, "Net inputs: there are 6 rows. Leave at most 5."),
        ("z", "1, 2", "The net inputs are 1 × 2 numbers, the labels 3 × 4."),
        (
            "y",
            "2, 0, 0, 0\n1, 1, 0, 1\n0, 0, 1, 0",
            "Labels, row 1: 2 is not allowed. Write a number from 0 to 1.",
        ),
        ("y", "1, 0, 0, 0\n1, 0.5, 0, 1\n0, 0, 1, 0", "Labels, row 2: 0.5 is neither 0 nor 1."),
    ],
)
def test_a_bad_table_is_told_plainly_and_nothing_is_lost(
    reader: Reader, key: str, typed: str, sentence: str
) -> None:
    reader.set(z=7.7)
    before = reader.value("z_text"), reader.value("y_text")
    loss = reader.metric("Loss L")
    reader.set(**{f"{key}_text": typed})
    assert reader.words("error").startswith(sentence)
    assert reader.value(f"{key}_text") == typed
    assert reader.metric("Loss L") == loss
    assert reader.control("z").disabled
    reader.set(**{f"{key}_text": before["zy".index(key)]})
    assert reader.words("error") == ""
    assert (reader.value("z_text"), reader.value("y_text")) == before
    assert not reader.control("z").disabled


def test_a_pasted_numpy_table_is_read(reader: Reader) -> None:
    reader.set(z_text="np.array([[1.5, −2.], [0.25, 3]])")
    reader.set(y_text="[[1 0]\n [0 1]]")
    assert reader.words("error") == ""
    expected = multilabel_loss(np.array([[1.5, -2.0], [0.25, 3.0]]), np.eye(2)).loss
    assert reader.metric("Loss L") == number(expected)


def test_written_tables_read_back() -> None:
    table = np.array([[1.25, -0.0, 10.0], [-9.9, 0.1, 3.0]])
    np.testing.assert_array_equal(read_table(write_table(table), "Net inputs", -10, 10, 5, 6), table)


def test_random_tables_keep_the_size(reader: Reader) -> None:
    reader.press("random")
    assert reader.words("error") == ""
    assert reader.value("z_text") != START
    assert len(gradients(reader)) == 24


def test_saturation_side_by_side(reader: Reader) -> None:
    def table() -> pd.DataFrame:
        return reader.table("loss, from z")

    assert table()["formula in p"].tolist() == ["✖", "✖", "✓", "✓"]
    assert table()["loss, from p"].tolist()[:2] == ["∞", "not a number"]
    assert table()["loss, from z"].tolist()[0] == "40"
    reader.set(far=17.0)
    assert table()["formula in p"].tolist() == ["✓"] * 4
    reader.set(precision="float32")
    assert table()["formula in p"].tolist()[:2] == ["✖", "✖"]


@pytest.mark.parametrize(
    ("label", "check"),
    [
        (
            "One confident error",
            lambda reader: (
                reader.metric("Cells answered rightly") == "3 of 4" and reader.metric("Loss L") == "4.001"
            ),
        ),
        ("Forget 1/N", lambda reader: (gradients(reader)["agrees"] == "✖").all()),
        ("Saturate in float32", lambda reader: reader.value("far") == 17.0),
    ],
)
def test_experiments_do_what_they_say(reader: Reader, label: str, check: Callable[[Reader], bool]) -> None:
    reader.press(label)
    assert check(reader)


@pytest.mark.parametrize(
    ("z", "mistake", "threshold", "epochs"), [(-4.3, "forgotten σ′", 0.3, 2), (2.0, "none", 0.5, 10)]
)
def test_the_code_reproduces_the_page(
    reader: Reader, z: float, mistake: str, threshold: float, epochs: int
) -> None:
    reader.set(z=z, mistake=mistake, threshold=threshold, epochs=epochs)
    loss, far_out, use = reader.snippets()
    assert reader.metric("Loss L") == number(loss["result"].loss)
    table = gradients(reader)
    for column, part in (("analytic", "analytic"), ("numerical", "numerical")):
        values = getattr(loss["check"], part).reshape(2, -1)
        assert table[column].tolist() == [number(value) for value in np.concatenate(values)]
    assert far_out["saturated"].loss_from_p == np.inf
    name = f"at threshold {number(threshold)}"
    shown = reader.table(name)[name]
    scores = use["scores"]
    in_percent = [f"{100 * value:.2f} %" for value in (scores.precision, scores.recall, scores.f1)]
    assert shown.tolist()[:3] == in_percent


def test_the_threshold_trades_precision_for_recall(reader: Reader) -> None:
    shown = {}
    for threshold in (0.2, 0.8, 1.0):
        reader.set(threshold=threshold)
        name = f"at threshold {number(threshold)}"
        shown[threshold] = reader.table(name)[name]
    assert float(shown[0.2]["recall"].split()[0]) > float(shown[0.8]["recall"].split()[0])
    assert float(shown[0.2]["precision"].split()[0]) < float(shown[0.8]["precision"].split()[0])
    assert shown[1.0]["precision"] == "none assigned"
    assert "precision has nothing to count" in reader.words()


def test_training_helps(reader: Reader) -> None:
    reader.set(epochs=40)
    P = reader.snippets()[2]["P"]
    truth = load_multilabel().Y_test
    guess = np.tile(load_multilabel().Y_train.mean(axis=0), (len(truth), 1))
    assert label_scores(P, truth).label_accuracy > label_scores(guess, truth).label_accuracy + 0.1


def test_settings_survive_a_page_switch(reader: Reader) -> None:
    reader.set(z=6.6, far=55.0)
    reader.leave_and_come_back()
    assert reader.value("z_text").startswith("6.6, ")
    assert reader.value("z") == 6.6
    assert reader.value("far") == 55.0
