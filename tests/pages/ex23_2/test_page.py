"""Page 23.2: what the reader sets is what is computed, bad tables are told in plain words, code reproduces all."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from nnlib.chapter23.multilabel import label_scores, load_multilabel, multilabel_loss
from pages.ex23_2.your_table import PLANTED
from pages.shared.numbers import number
from pages.shared.typed_table import read_table, write_table
from tests.pages.graph_helpers import open_page

PAGE = "pages/ex23_2_multilabel_loss.py"
START = "2, -1, 0.5, -3\n-0.5, 1.5, -2, 1\n0.3, -0.2, 3, -1.5"


@pytest.fixture
def page() -> AppTest:
    app = open_page(PAGE)
    assert not app.exception
    return app


def text(page: AppTest, key: str) -> str:
    return str(page.text_area(key=f"ex23_2_{key}_text").value)


def gradients(page: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in page.dataframe if "analytic" in frame.value.columns)


def snippets(page: AppTest) -> list[dict[str, Any]]:
    """What the code on the page computes, one dict of names a snippet."""
    results = []
    for code in page.code:
        names: dict[str, Any] = {}
        exec(code.value, names)
        results.append(names)
    return results


def test_all_derivatives_agree_at_the_start(page: AppTest) -> None:
    table = gradients(page)
    assert len(table) == 24
    assert (table["agrees"] == "✓").all()
    assert table["derivative"].iloc[[0, 5, 12]].tolist() == ["∂L/∂p₁₁", "∂L/∂p₂₂", "∂L/∂z₁₁"]


def test_the_slider_moves_its_cell_and_nothing_else(page: AppTest) -> None:
    page.segmented_control(key="ex23_2_sample").set_value(2).run()
    page.segmented_control(key="ex23_2_label").set_value(3).run()
    assert page.slider(key="ex23_2_z").value == -2.0
    page.slider(key="ex23_2_z").set_value(4.2).run()
    assert text(page, "z") == START.replace("-0.5, 1.5, -2, 1", "-0.5, 1.5, 4.2, 1")
    page.toggle(key="ex23_2_y").set_value(True).run()
    assert text(page, "y").splitlines()[1] == "1, 1, 1, 1"


def test_choosing_a_cell_loads_its_values(page: AppTest) -> None:
    page.segmented_control(key="ex23_2_label").set_value(4).run()
    assert page.slider(key="ex23_2_z").value == -3.0


def test_rows_taken_away_come_back(page: AppTest) -> None:
    page.slider(key="ex23_2_z").set_value(7.7).run()
    page.slider(key="ex23_2_labels").set_value(1).run()
    page.slider(key="ex23_2_samples").set_value(1).run()
    assert text(page, "z") == "7.7"
    assert len(gradients(page)) == 2
    page.slider(key="ex23_2_samples").set_value(5).run()
    page.slider(key="ex23_2_labels").set_value(6).run()
    assert text(page, "z").splitlines()[2].startswith("0.3, -0.2, 3, -1.5, ")
    assert len(gradients(page)) == 60
    assert (gradients(page)["agrees"] == "✓").all()


def test_a_chosen_cell_outside_a_smaller_table_moves_inside(page: AppTest) -> None:
    page.segmented_control(key="ex23_2_sample").set_value(3).run()
    page.slider(key="ex23_2_samples").set_value(2).run()
    assert not page.exception
    assert page.segmented_control(key="ex23_2_sample").value == 2


@pytest.mark.parametrize("mistake", list(PLANTED)[1:])
def test_a_planted_mistake_turns_its_rows_red(page: AppTest, mistake: str) -> None:
    page.radio(key="ex23_2_mistake").set_value(mistake).run()
    table = gradients(page)
    wrong = table["derivative"][table["agrees"] == "✗"].tolist()
    expected = [name for name in table["derivative"] if mistake != "forgotten σ′" or "∂z" in name]
    assert wrong == expected
    assert any(caption.value.startswith(f"✗ {len(expected)} of 24 disagree") for caption in page.caption)


def test_a_mistake_that_cannot_be_seen_is_explained(page: AppTest) -> None:
    page.radio(key="ex23_2_mistake").set_value("missing 1/N").run()
    page.slider(key="ex23_2_samples").set_value(1).run()
    assert (gradients(page)["agrees"] == "✓").all()
    assert any("With one sample, 1/N is 1" in markdown.value for markdown in page.markdown)


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
        ("y", "1, 0, 0, 0\n1, 0.5, 0, 1\n0, 0, 1, 0", "Labels, row 2: 0.5000 is neither 0 nor 1."),
    ],
)
def test_a_bad_table_is_told_plainly_and_nothing_is_lost(
    page: AppTest, key: str, typed: str, sentence: str
) -> None:
    page.slider(key="ex23_2_z").set_value(7.7).run()
    before = text(page, "z"), text(page, "y")
    loss = page.metric[0].value
    page.text_area(key=f"ex23_2_{key}_text").set_value(typed).run()
    assert not page.exception
    assert page.error[0].value.startswith(sentence)
    assert text(page, key) == typed
    assert page.metric[0].value == loss
    assert page.slider(key="ex23_2_z").disabled
    page.text_area(key=f"ex23_2_{key}_text").set_value(before["zy".index(key)]).run()
    assert not page.error
    assert (text(page, "z"), text(page, "y")) == before
    assert not page.slider(key="ex23_2_z").disabled


def test_a_pasted_numpy_table_is_read(page: AppTest) -> None:
    page.text_area(key="ex23_2_z_text").set_value("np.array([[1.5, −2.], [0.25, 3]])").run()
    page.text_area(key="ex23_2_y_text").set_value("[[1 0]\n [0 1]]").run()
    assert not page.error
    expected = multilabel_loss(np.array([[1.5, -2.0], [0.25, 3.0]]), np.eye(2)).loss
    assert page.metric[0].value == number(expected)


def test_written_tables_read_back() -> None:
    table = np.array([[1.25, -0.0, 10.0], [-9.9, 0.1, 3.0]])
    np.testing.assert_array_equal(read_table(write_table(table), "Net inputs", -10, 10, 5, 6), table)


def test_random_tables_keep_the_size(page: AppTest) -> None:
    page.button(key="ex23_2_random").click().run()
    assert not page.error
    assert text(page, "z") != START
    assert len(gradients(page)) == 24


def test_saturation_side_by_side(page: AppTest) -> None:
    def table() -> pd.DataFrame:
        return next(frame.value for frame in page.dataframe if "loss, from z" in frame.value.columns)

    assert table()["formula in p"].tolist() == ["✗", "✗", "✓", "✓"]
    assert table()["loss, from p"].tolist()[:2] == ["∞", "not a number"]
    assert table()["loss, from z"].tolist()[0] == "40.00"
    page.slider(key="ex23_2_far").set_value(17.0).run()
    assert table()["formula in p"].tolist() == ["✓"] * 4
    page.segmented_control(key="ex23_2_precision").set_value("float32").run()
    assert table()["formula in p"].tolist()[:2] == ["✗", "✗"]


@pytest.mark.parametrize(
    ("label", "check"),
    [
        ("One confident error", lambda page: page.metric[2].value == "3 of 4" and page.metric[0].value == "4.001"),
        ("Forget 1/N", lambda page: (gradients(page)["agrees"] == "✗").all()),
        ("Saturate in float32", lambda page: page.slider(key="ex23_2_far").value == 17.0),
    ],
)
def test_experiments_do_what_they_say(page: AppTest, label: str, check: Callable[[AppTest], bool]) -> None:
    page.button(key=f"try_{label}").click().run()
    assert not page.exception
    assert check(page)


@pytest.mark.parametrize(
    ("z", "mistake", "threshold", "epochs"), [(-4.3, "forgotten σ′", 0.3, 2), (2.0, "none", 0.5, 10)]
)
def test_the_code_reproduces_the_page(
    page: AppTest, z: float, mistake: str, threshold: float, epochs: int
) -> None:
    page.slider(key="ex23_2_z").set_value(z).run()
    page.radio(key="ex23_2_mistake").set_value(mistake).run()
    page.slider(key="ex23_2_threshold").set_value(threshold).run()
    page.select_slider(key="ex23_2_epochs").set_value(epochs).run()
    loss, far_out, use = snippets(page)
    assert page.metric[0].value == number(loss["result"].loss)
    table = gradients(page)
    for column, part in (("analytic", "analytic"), ("numerical", "numerical")):
        values = getattr(loss["check"], part).reshape(2, -1)
        assert table[column].tolist() == [number(value) for value in np.concatenate(values)]
    assert far_out["saturated"].loss_from_p == np.inf
    name = f"at threshold {number(threshold)}"
    shown = next(t.value for t in page.table if name in t.value.columns)[name]
    scores = use["scores"]
    in_percent = [f"{100 * value:.2f} %" for value in (scores.precision, scores.recall, scores.f1)]
    assert shown.tolist()[:3] == in_percent


def test_the_threshold_trades_precision_for_recall(page: AppTest) -> None:
    shown = {}
    for threshold in (0.2, 0.8, 1.0):
        page.slider(key="ex23_2_threshold").set_value(threshold).run()
        name = f"at threshold {number(threshold)}"
        shown[threshold] = next(t.value for t in page.table if name in t.value.columns)[name]
    assert float(shown[0.2]["recall"].split()[0]) > float(shown[0.8]["recall"].split()[0])
    assert float(shown[0.2]["precision"].split()[0]) < float(shown[0.8]["precision"].split()[0])
    assert shown[1.0]["precision"] == "none assigned"
    assert any("precision has nothing to count" in markdown.value for markdown in page.markdown)


def test_training_helps(page: AppTest) -> None:
    page.select_slider(key="ex23_2_epochs").set_value(40).run()
    P = snippets(page)[2]["P"]
    truth = load_multilabel().Y_test
    guess = np.tile(load_multilabel().Y_train.mean(axis=0), (len(truth), 1))
    assert label_scores(P, truth).label_accuracy > label_scores(guess, truth).label_accuracy + 0.1


def test_settings_survive_a_page_switch(page: AppTest) -> None:
    page.slider(key="ex23_2_z").set_value(6.6).run()
    page.slider(key="ex23_2_far").set_value(55.0).run()
    page.switch_page("pages/home.py").run()
    page.switch_page(PAGE).run()
    assert text(page, "z").startswith("6.6, ")
    assert page.slider(key="ex23_2_z").value == 6.6
    assert page.slider(key="ex23_2_far").value == 55.0
