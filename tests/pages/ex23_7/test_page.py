"""Page 23.7: masks are drawn and averaged, both runs compared, mistakes named, and the code reproduces all."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnlib.chapter23.dropout import draw_masks, enumerated_moments
from nnlib.chapter23.dropout_mistakes import MISTAKES, NO_P, NO_SCALE
from pages.shared.numbers import difference, number
from tests.pages.reader import Reader

START = [0.8, 0.3, -0.5, 1.2]


@pytest.fixture
def reader() -> Reader:
    return Reader("23.7")


def moments(reader: Reader) -> pd.DataFrame:
    return reader.table("off by")


def neurons(reader: Reader) -> list[dict[str, Any]]:
    """The drawn neurons."""
    return list(reader.picture("neurons")["neurons"])


def panels(reader: Reader) -> list[dict[str, Any]]:
    """The panels of running means, plain and inverted."""
    return list(reader.picture("panels")["panels"])


def test_the_mask_drawn_last_is_shown(reader: Reader) -> None:
    mask = draw_masks(10, 4, 0.6, random_state=0)[-1]
    assert [not neuron["dropped"] for neuron in neurons(reader)] == mask.astype(bool).tolist()
    reader.press("draw_1")
    assert reader.value("drawn") == 11
    mask = draw_masks(11, 4, 0.6, random_state=0)[-1]
    assert [not neuron["dropped"] for neuron in neurons(reader)] == mask.astype(bool).tolist()
    plain, inverted = mask * START, mask * START / 0.6
    assert [neuron["lines"][2] for neuron in neurons(reader)] == [f"plain {number(x)}" for x in plain]
    assert [neuron["lines"][3] for neuron in neurons(reader)] == [f"inverted {number(x)}" for x in inverted]


def test_masks_add_up_to_the_most_and_start_over(reader: Reader) -> None:
    for name, count in (("draw_10", 20), ("draw_100", 120), ("draw_1000", 1120), ("reset", 0)):
        reader.press(name)
        assert reader.value("drawn") == count
    assert "No mask drawn yet" in reader.words("caption")
    assert set(moments(reader)["your masks"]) == {""}
    reader.snippet(0)  # a mean of no masks would warn, which fails a test
    reader.set(drawn=19_500)
    reader.press("draw_1000")
    assert reader.value("drawn") == 20_000
    assert (moments(reader)["within 4 errors"] == "✓").all()


@pytest.mark.parametrize("form", ["plain", "inverted"])
def test_the_table_holds_exact_moments_and_the_samples(reader: Reader, form: str) -> None:
    reader.set(form=form)
    reader.set(p=0.3)
    shown, exact = moments(reader), enumerated_moments(np.array(START), 0.3, form)
    assert shown["analytic"].tolist() == shown["all 16 masks"].tolist()
    assert shown["analytic"].tolist()[::2] == [number(x) for x in exact.mean]
    assert shown["analytic"].tolist()[1::2] == [number(x) for x in exact.variance]
    assert (shown["agrees"] == "✓").all()
    outputs = draw_masks(10, 4, 0.3, random_state=0) * START / (0.3 if form == "inverted" else 1)
    assert shown["your masks"].tolist()[::2] == [number(x) for x in outputs.mean(axis=0)]
    assert shown["your masks"].tolist()[1::2] == [number(x) for x in outputs.var(axis=0, ddof=1)]


def test_the_charts_end_at_the_means_of_the_table_and_stay_light(reader: Reader) -> None:
    reader.set(drawn=20_000)
    for panel, factor in zip(panels(reader), (1.0, 1 / 0.6), strict=True):
        exact, means = panel["curves"]
        band, low, high = panel["band"], panel["y"]["low"], panel["y"]["high"]
        mean = 0.6 * START[0] * factor
        outputs = draw_masks(20_000, 4, 0.6, random_state=0)[:, 0] * START[0] * factor
        assert (panel["x"]["low"], panel["x"]["high"], panel["x"]["log"]) == (1, 20_000, True)
        assert [text for _, text in panel["x"]["ticks"]] == ["1", "10", "100", "1,000", "10,000"]
        assert [means["x"][0], means["x"][-1]] == [1, 20_000]
        assert means["y"][-1] == pytest.approx(outputs.mean(), abs=1e-12)
        assert exact["y"] == pytest.approx([mean, mean])
        assert len(means["x"]) == len(band["x"]) <= 150
        reach = 2 * np.sqrt(0.6 * 0.4) * START[0] * factor / np.sqrt(band["x"])
        np.testing.assert_allclose(band["high"], np.minimum(mean + reach, high))
        np.testing.assert_allclose(band["low"], np.maximum(mean - reach, low))


def test_the_charts_of_means_hold_their_numbers_and_all_that_is_drawn(reader: Reader) -> None:
    for drawn, h in ((0, "0.8, 0.3"), (1, "-2, 0.3"), (150, "0, 1")):
        reader.set(drawn=drawn)
        reader.set(h_text=h)
        for panel in panels(reader):
            ends = panel["y"]["low"], panel["y"]["high"]
            exact, means = panel["curves"]
            assert len(means["x"]) == len(means["y"]) == np.sum(np.array(panel["band"]["x"]) <= drawn)
            drawn_values = np.array([*exact["y"], *means["y"], *panel["band"]["low"], *panel["band"]["high"]])
            assert ((ends[0] <= drawn_values) & (drawn_values <= ends[1])).all()
            assert len(panel["y"]["ticks"]) >= 2


def test_one_mask_has_no_variance_and_p_1_no_spread(reader: Reader) -> None:
    reader.set(drawn=1)
    assert moments(reader)["your masks"].tolist()[1::2] == [""] * 4
    reader.set(p=1.0)
    reader.set(drawn=50)
    assert (moments(reader)["within 4 errors"] == "✓").all()
    assert not any(neuron["dropped"] for neuron in neurons(reader))


def test_the_layer_grows_and_shrinks_without_loss(reader: Reader) -> None:
    reader.set(neuron=4)
    reader.set(h=1.75)
    assert reader.value("h_text") == "0.8, 0.3, -0.5, 1.75"
    reader.set(m=2)
    assert reader.value("neuron") == 2
    assert len(neurons(reader)) == 2
    reader.set(m=12)
    assert reader.value("h_text").startswith("0.8, 0.3, -0.5, 1.75, 0.6, ")
    assert len(moments(reader)) == 24
    assert (moments(reader)["agrees"] == "✓").all()
    reader.press("random")
    assert len(neurons(reader)) == 12
    assert reader.words("error") == ""


def test_bad_outputs_are_told_plainly_and_nothing_is_lost(reader: Reader) -> None:
    for typed, sentence in (
        ("", "Outputs h: the table is empty."),
        ("0.5", "Outputs h: there is only one number. Write 2 to 12."),
        ("1, two", "Outputs h, row 1: “two” is not a number."),
        ("1, nan", "Outputs h, row 1: nan is not allowed. Write a number from −2 to 2."),
        ("1, 2.5", "Outputs h, row 1: 2.5 is not allowed."),
        (", ".join("1" * 13), "Outputs h, row 1: there are 13 numbers. Leave at most 12."),
    ):
        reader.set(h_text=typed)
        assert reader.words("error").startswith(sentence)
        assert reader.value("h_text") == typed
        assert len(neurons(reader)) == 4
        assert reader.control("h").disabled
    reader.set(h_text="1, 2, -2")
    assert reader.words("error") == ""
    assert len(neurons(reader)) == 3


def test_the_two_runs_are_one_until_a_condition_goes(reader: Reader) -> None:
    shown = reader.table("predictions apart")
    assert shown["one run"].tolist() == ["✓", "", "", ""]
    assert shown["weights apart"].tolist()[1:] == ["not run yet"] * 3
    assert float(shown["predictions apart"][0].replace("−", "-")) < 1e-12
    reader.set(map_rate=False)
    reader.set(map_weights=False)
    shown = reader.table("predictions apart")
    assert shown["one run"].tolist() == ["✓", "✖", "", "✖"]
    assert shown["shown above"].tolist() == ["", "", "", "●"]
    reader.press("all")
    shown = reader.table("predictions apart")
    assert shown["one run"].tolist() == ["✓", "✖", "✖", "✖"]
    assert all(float(x.replace("−", "-")) > 1e-2 for x in shown["predictions apart"][1:])
    reader.set(steps=100)
    assert reader.table("predictions apart")["one run"].tolist() == ["", "", "", "✖"]


def test_a_watched_run_ends_where_the_other_does(reader: Reader) -> None:
    reader.press("watch")
    assert "After 15 steps" in reader.words()
    reader.set(live=285)  # as the timer does, slice by slice
    assert "After 285 steps" in reader.words()
    reader.set(live=300)
    assert "After 300 steps" in reader.words()
    assert reader.kept("live") is None
    assert reader.table("predictions apart")["one run"].tolist() == ["✓", "", "", ""]


def test_at_p_1_the_switches_are_explained(reader: Reader) -> None:
    reader.set(twin_p=1.0)
    reader.press("all")
    assert "With p = 1 nothing is dropped" in reader.words()
    assert reader.table("predictions apart")["one run"].tolist() == ["✓"] * 4


def test_the_next_neuron_agrees_in_z_and_not_in_its_output(reader: Reader) -> None:
    shown = reader.table("of the next neuron")
    assert shown["agrees"].tolist() == ["✓", "✖"]
    gap = shown["difference"][1]
    assert f"here it is off by {gap}" in reader.words("warning")
    reader.set(next_p=1.0)
    assert reader.table("of the next neuron")["agrees"].tolist() == ["✓", "✓"]
    reader.set(next_p=0.5)
    reader.set(scale=0.0)
    assert reader.table("of the next neuron")["agrees"].tolist() == ["✓", "✓"]
    assert reader.table("of the next neuron")["difference"][1] == difference(0)


@pytest.mark.parametrize("form", MISTAKES)
def test_a_planted_mistake_is_named_by_one_check_or_the_other(reader: Reader, form: str) -> None:
    reader.set(check_form=form)
    for mistake in MISTAKES[form]:
        plant_and_look(reader, form, mistake)


def plant_and_look(reader: Reader, form: str, mistake: str) -> None:
    reader.set(**{f"mistake_{form}": mistake})
    gradients, averages = reader.table("derivative"), reader.table("passed on by")
    forgotten_p = mistake in (NO_P, NO_SCALE)
    assert (gradients["agrees"] == "✓").all() == (mistake == "none" or forgotten_p)
    assert (averages["agrees"] == "✖").all() == forgotten_p
    assert (averages["agrees"] == "✓").all() == (not forgotten_p)
    wrong = gradients["derivative"][gradients["agrees"] == "✖"]
    assert all("w¹" in name or "b¹" in name for name in wrong)
    for name in wrong:
        assert name in reader.words("caption")


def test_a_mistake_that_cannot_be_seen_is_explained(reader: Reader) -> None:
    reader.set(check_p=1.0)
    reader.set(mistake_plain="no mask on the way back")
    assert (reader.table("derivative")["agrees"] == "✓").all()
    assert "this mistake changes nothing" in reader.words()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"p": 0.35, "form": "inverted", "map_rate": False, "scale": 7.5, "mistake_plain": NO_P},
        {"p": 1.0, "drawn": 500, "twin_seed": 4, "steps": 40, "next_m": 3, "check_form": "inverted"},
    ],
)
def test_the_code_reproduces_the_page(reader: Reader, settings: dict[str, Any]) -> None:
    reader.set(**settings)
    masks, twins, following, check = reader.snippets()
    shown = moments(reader)
    assert shown["your masks"].tolist()[::2] == [number(x) for x in masks["outputs"].mean(axis=0)]
    assert shown["analytic"].tolist()[1::2] == [number(x) for x in masks["closed"].variance]
    apart = max(twins["twins"].prediction_differences)
    here = reader.table("predictions apart").set_index("shown above")
    assert here.loc["●", "predictions apart"] == difference(apart)
    assert reader.table("of the next neuron").iloc[1, 1:3].tolist() == [
        number(following["here"].predicted_output),
        number(following["here"].mean_output),
    ]
    averages, gradients = reader.table("passed on by"), reader.table("derivative")
    assert averages["in prediction"].tolist() == [number(x) for x in check["check"].predicted]
    assert gradients["analytic"].tolist() == [number(x) for x in check["check"].gradients.analytic]


@pytest.mark.parametrize(
    ("label", "check"),
    [
        ("A thousand masks", lambda reader: reader.value("drawn") == 1000),
        ("Forget the rate p² η", lambda reader: reader.table("one run")["one run"].tolist() == ["✓", "✖", "", ""]),
        (
            "Large weights",
            lambda reader: float(reader.table("of the next neuron")["difference"][1].replace("−", "-")) > 0.1,
        ),
    ],
)
def test_experiments_do_what_they_say(reader: Reader, label: str, check: Callable[[Reader], bool]) -> None:
    reader.press(label)
    assert check(reader)


def test_settings_survive_a_page_switch(reader: Reader) -> None:
    reader.set(p=0.25)
    reader.set(h_text="1, 0.5")
    reader.set(map_rate=False)
    reader.leave_and_come_back()
    assert reader.value("p") == 0.25
    assert reader.value("h_text") == "1, 0.5"
    assert reader.value("map_rate") is False
