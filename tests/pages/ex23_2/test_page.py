"""Page 23.2: what the reader sets is what is computed, bad tables are told in plain words, code reproduces all."""

import re
from typing import Any

import numpy as np
import pytest

from nnlib.chapter23.multilabel import label_scores, multilabel_loss
from pages.ex23_2.check import PLANTED
from pages.ex23_2.label_table import START_Z, TRUE_Y, Y_TEXT, Z_TEXT, read_both
from pages.ex23_2.loss_in_use import scores_over_thresholds
from pages.shared.numbers import number, percent
from pages.shared.typed_table import read_table, write_table
from tests.pages.reader import Reader


def begin(tab: str, **address: Any) -> Reader:
    """The page with one of its tabs open."""
    return Reader("23.2", {"ex23_2_tab": tab} | {f"ex23_2_{name}": value for name, value in address.items()})


def marks(reader: Reader) -> list[set[str]]:
    """The verdicts in the tables of ∂L/∂p and of ∂L/∂z."""
    return [set(table["agrees"]) for table in reader.tables() if "computed" in table]


def test_a_cell_is_set_and_nothing_else_and_the_table_keeps_what_is_taken_away() -> None:
    reader = begin("Check it")
    assert reader.picture("films")["Z"] == START_Z[:3, :4].tolist()
    assert not reader.picture("films")["is_known"]
    assert marks(reader) == [{"✓"}, {"✓"}]
    assert "All 24 derivatives agree" in reader.words()

    reader.set(sample=2, label=3)
    assert reader.value("z") == 0.8
    assert reader.set(z=4.25).value("z_text") == Z_TEXT  # its box is out of sight, and a browser may be behind
    assert reader.value("z") == 0.8
    reader.set(more=True).set(z=4.25)
    assert reader.value("z_text") == Z_TEXT.replace("-0.9, -1.5, 0.8, 1.2", "-0.9, -1.5, 4.25, 1.2")
    reader.set(y=True)
    assert reader.value("y_text").splitlines() == ["0, 1, 1, 0", "1, 0, 1, 1", "0, 0, 0, 0"]
    assert reader.picture("films")["chosen"] == [1, 2]

    reader.set(labels=1)
    reader.set(samples=1)
    assert (reader.value("z_text"), reader.value("sample"), reader.value("label")) == ("1.4", 1, 1)
    said = reader.words()
    assert "derivatives agree" in said
    assert "∂L/∂p₁₁" in said
    assert "₁₂" not in said
    reader.set(samples=5)
    reader.set(labels=6)
    assert reader.value("z_text").splitlines()[1].startswith("-0.9, -1.5, 4.25, 1.2, ")
    assert marks(reader) == [{"✓"}, {"✓"}]
    assert "All 60 derivatives agree" in reader.words()


def test_a_planted_mistake_is_told_where_it_stands_and_what_it_spoils() -> None:
    reader = begin("Check it")
    result = multilabel_loss(START_Z[:3, :4], TRUE_Y[:3, :4])
    for mistake in list(PLANTED)[1:]:
        reader.set(mistake=mistake)
        in_p = "✓" if mistake == "forgotten σ′" else "✖"
        assert marks(reader) == [{in_p}, {"✖"}]
        said = reader.words()
        told = "" if in_p == "✓" else "12 of 12 ∂L/∂p and "
        assert f"✖ {told}12 of 12 ∂L/∂z differ" in said
        assert f"instead of {number(result.dZ[0, 0])}" in said
        assert (f"instead of {number(result.dP[0, 0])}" in said) == (in_p == "✖")
    reader.set(mistake="missing 1/N", samples=1)
    assert marks(reader) == [{"✓"}, {"✓"}]
    assert "With one film, 1/N is 1" in reader.words()
    reader.set(mistake="divided by labels too", labels=1)
    assert "With one genre, 1/$l$ is 1" in reader.words()


@pytest.mark.parametrize(
    ("z", "y", "sentence"),
    [
        ("", Y_TEXT, "Net inputs: the table is empty."),
        (" \n ", Y_TEXT, "Net inputs: the table is empty."),
        ("1, two, 3", Y_TEXT, "Net inputs, row 1: “two” is not a number."),
        ("1, 2\n3, nan", Y_TEXT, "Net inputs, row 2: nan is not allowed. Write a number from −10 to 10."),
        ("1, 1e300", Y_TEXT, "Net inputs, row 1: 1e300 is not allowed."),
        ("1, 2\n3", Y_TEXT, "Net inputs, row 2: its length is 1, but that of row 1 is 2."),
        ("1\n" * 6, Y_TEXT, "Net inputs: there are 6 rows. Leave at most 5."),
        ("1, 2", Y_TEXT, "The net inputs are 1 × 2 numbers, the labels 3 × 4."),
        (Z_TEXT, "2, 0\n1, 1", "Labels, row 1: 2 is not allowed. Write a number from 0 to 1."),
        (Z_TEXT, "1, 0\n1, 0.5", "Labels, row 2: 0.5 is neither 0 nor 1."),
    ],
)
def test_a_bad_table_is_told_plainly(z: str, y: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(sentence)}"):
        read_both(z, y)


def test_a_bad_table_is_kept_and_nothing_is_lost() -> None:
    reader = Reader("23.2").set(z=7.7)
    before = reader.picture("films")
    reader.set(z_text="1, two, 3")
    assert reader.words("error").startswith("Net inputs, row 1: “two” is not a number.")
    assert reader.value("z_text") == "1, two, 3"
    assert reader.picture("films") == before
    assert reader.control("z").disabled
    reader.set(z_text="np.array([[1.5, −2.], [0.25, 3]])", y_text="[[1 0]\n [0 1]]")
    assert reader.words("error") == ""
    assert reader.picture("films")["Z"] == [[1.5, -2.0], [0.25, 3.0]]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1，2\n−3，4", [[1, 2], [-3, 4]]),
        ("１．５、－２；3\u30004", [[1.5, -2, 3, 4]]),
        ("0,5; -1,25\n2; 3,0", [[0.5, -1.25], [2, 3]]),
        ("0,5\t−1,25\n2\t3", [[0.5, -1.25], [2, 3]]),
        ("1,5 2,5", [[1.5, 2.5]]),
        ("1,2,3\n4,5,6", [[1, 2, 3], [4, 5, 6]]),
        ("1, 2, 3", [[1, 2, 3]]),
        ("1,2\n3,4", [[1, 2], [3, 4]]),
        ("1.5,2 3,4", [[1.5, 2, 3, 4]]),
        ("[[1,2],[3,4]]", [[1, 2], [3, 4]]),
        (write_table(np.array([[1.25, -0.0], [-9.9, 0.1]])), [[1.25, 0], [-9.9, 0.1]]),
    ],
)
def test_tables_are_read_as_they_were_meant(text: str, rows: list[list[float]]) -> None:
    np.testing.assert_array_equal(read_table(text, "Net inputs", -10, 10, 5, 6), rows)


def test_the_buttons_of_the_stage() -> None:
    reader = Reader("23.2")
    revision = reader.picture("films")["revision"]
    reader.press("random")
    assert reader.picture("films")["revision"] == revision + 1
    assert np.shape(reader.picture("films")["Z"]) == (3, 4)
    assert reader.picture("films")["losses"] == []  # these dials no step has turned
    assert not reader.picture("films")["shows_all"]
    assert reader.set(all=True).picture("films")["shows_all"]
    reader.set(samples=5).press("again")
    assert (reader.value("z_text"), reader.value("y_text")) == (Z_TEXT, Y_TEXT)


def test_experiments_show_what_they_tell() -> None:
    reader = Reader("23.2").set(samples=2, label=3)
    seen = {}
    for label in ("Sure, and wrong once", "Sure, and right", "Undecided"):
        reader.press(label)
        shown = reader.picture("films")
        assert shown["chosen"] == [0, 0]
        result = multilabel_loss(np.array(shown["Z"]), np.array(shown["Y"]))
        seen[label] = {number(x) for x in (result.loss, result.dP[0, 0], result.dZ[0, 0], result.P[0, 0])}
        reader.press("Show the explanation")
        seen[label] &= set(reader.words().replace(", ", " ").replace(":", "").replace(". ", " ").split())
    assert seen["Sure, and wrong once"] >= {"7,342", "0.3333"}
    assert seen["Sure, and right"] >= {"0.3333"}
    assert seen["Undecided"] >= {"2.773", "0.5"}


def test_the_programs_reproduce_the_page() -> None:
    reader = Reader("23.2").set(z_text="-4.3, 1\n0.5, 2", y_text="1, 0\n0, 1")
    assert "Its derivative" not in reader.words()  # the missions come first
    assert not reader.picture("films")["is_known"]
    assert reader.press("Show the answer").picture("films")["is_known"]
    Z, Y = np.array(reader.picture("films")["Z"]), np.array(reader.picture("films")["Y"])
    result = multilabel_loss(Z, Y)
    names = reader.snippet(-1)
    assert names["L"] == pytest.approx(result.loss)
    np.testing.assert_allclose(names["dL_dp"], result.dP)
    np.testing.assert_allclose(names["dL_dz"], result.dZ)

    names = reader.set(tab="In Python").snippet(-1)
    assert names["result"].loss == result.loss
    np.testing.assert_array_equal(names["Z"], Z)

    reader.set(tab="Check it")
    reader.set(mistake="forgotten σ′", check_code=True)
    check = reader.snippet(-1)["check"]
    tables = [table for table in reader.tables() if "computed" in table]
    for table, part in zip(tables, (0, 1), strict=True):
        for column, values in (("computed", check.analytic), ("measured", check.numerical)):
            assert table[column].tolist() == [number(x) for x in values[part].ravel()]


def test_far_out_the_marks_and_words_are_those_of_the_library() -> None:
    reader = begin("Go deeper", far=40.0)

    def outcomes() -> list[str]:
        return [str(text) for text in reader.table("loss, from z")["formula in p"]]

    assert outcomes() == ["✖ breaks down", "✖ breaks down", "≈ loses digits", "✓ holds"]
    assert list(reader.table("loss, from z")["loss, from p"])[:3] == ["∞", "not a number", "0"]
    assert "off by more than a thousandth" in reader.words()
    reader.set(far=100.0, precision="float32")
    assert outcomes() == ["✖ breaks down"] * 4
    assert "keeps fewer and fewer digits" in reader.words()
    reader.set(far=5.0)
    assert outcomes() == ["✓ holds"] * 4
    reader.set(samples=1, labels=1)
    said = reader.words()
    assert "N = 1 film and $l$ = 1 genre," in said


def test_the_loss_in_use() -> None:
    reader = begin("The loss in use", epochs=40)
    shown = {}
    for threshold in (0.2, 0.8, 1.0):
        reader.set(threshold=threshold)
        name = f"at threshold {number(threshold)}"
        shown[threshold] = reader.table(name)[name]
        assert "On the test documents" not in reader.words()  # none of these is the best
    assert float(shown[0.2]["recall"].split()[0]) > float(shown[0.8]["recall"].split()[0])
    assert float(shown[0.2]["precision"].split()[0]) < float(shown[0.8]["precision"].split()[0])
    assert shown[1.0]["precision"] == "none assigned"
    assert "precision has nothing to count" in reader.words()

    f1 = scores_over_thresholds(5).query("score == 'F1'")
    best = round(float(f1.iloc[f1["value"].argmax()]["threshold"]), 2)
    reader.set(threshold=best, epochs=5, in_use_code=True)
    names = reader.snippet(-1)
    scores, data, name = names["scores"], names["data"], f"at threshold {number(best)}"
    assert reader.table(name)[name].tolist()[:2] == [percent(scores.precision), percent(scores.recall)]
    test = label_scores(names["P_test"], data.Y_test, best)
    assert f"**On the test documents it is {percent(test.f1)}.**" in reader.words()
    guess = np.tile(data.Y_train.mean(axis=0), (len(data.Y_test), 1))
    assert test.label_accuracy > label_scores(guess, data.Y_test).label_accuracy + 0.05
