"""Page 23.7: masks are drawn and averaged, both runs compared, mistakes named, and the code reproduces all."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from nnlib.chapter23.dropout import draw_masks, enumerated_moments
from nnlib.chapter23.dropout_mistakes import MISTAKES, NO_P, NO_SCALE
from pages.shared.numbers import difference, number
from tests.pages.graph_helpers import open_page

PAGE = "pages/ex23_7_dropout.py"
START = [0.8, 0.3, -0.5, 1.2]


@pytest.fixture
def page() -> AppTest:
    app = open_page(PAGE)
    assert not app.exception
    return app


def table(page: AppTest, column: str) -> pd.DataFrame:
    """The table that has this column."""
    return next(frame.value for frame in page.dataframe if column in frame.value.columns)


def moments(page: AppTest) -> pd.DataFrame:
    return table(page, "off by")


def neurons(page: AppTest) -> list[dict[str, Any]]:
    """The drawn neurons."""
    return list(json.loads(page.get("bidi_component")[0].proto.json)["neurons"])


def panels(page: AppTest) -> list[dict[str, Any]]:
    """The panels of running means, plain and inverted."""
    return next(
        data["panels"] for one in page.get("bidi_component") if "panels" in (data := json.loads(one.proto.json))
    )


def text(page: AppTest) -> str:
    return " ".join(markdown.value for markdown in page.markdown)


def test_the_mask_drawn_last_is_shown(page: AppTest) -> None:
    mask = draw_masks(10, 4, 0.6, random_state=0)[-1]
    assert [not neuron["dropped"] for neuron in neurons(page)] == mask.astype(bool).tolist()
    page.button(key="ex23_7_draw_1").click().run()
    assert page.number_input(key="ex23_7_drawn").value == 11
    mask = draw_masks(11, 4, 0.6, random_state=0)[-1]
    assert [not neuron["dropped"] for neuron in neurons(page)] == mask.astype(bool).tolist()
    plain, inverted = mask * START, mask * START / 0.6
    assert [neuron["lines"][2] for neuron in neurons(page)] == [f"plain {number(x)}" for x in plain]
    assert [neuron["lines"][3] for neuron in neurons(page)] == [f"inverted {number(x)}" for x in inverted]


def test_masks_add_up_to_the_most_and_start_over(page: AppTest) -> None:
    for name, count in (("draw_10", 20), ("draw_100", 120), ("draw_1000", 1120), ("reset", 0)):
        page.button(key=f"ex23_7_{name}").click().run()
        assert page.number_input(key="ex23_7_drawn").value == count
        assert not page.exception
    assert any("No mask drawn yet" in caption.value for caption in page.caption)
    assert set(moments(page)["your masks"]) == {""}
    exec(page.code[0].value, {})  # a mean of no masks would warn, which fails a test
    page.number_input(key="ex23_7_drawn").set_value(19_500).run()
    page.button(key="ex23_7_draw_1000").click().run()
    assert page.number_input(key="ex23_7_drawn").value == 20_000
    assert (moments(page)["within 4 errors"] == "✓").all()


@pytest.mark.parametrize("form", ["plain", "inverted"])
def test_the_table_holds_exact_moments_and_the_samples(page: AppTest, form: str) -> None:
    page.segmented_control(key="ex23_7_form").set_value(form).run()
    page.slider(key="ex23_7_p").set_value(0.3).run()
    shown, exact = moments(page), enumerated_moments(np.array(START), 0.3, form)
    assert shown["analytic"].tolist() == shown["all 16 masks"].tolist()
    assert shown["analytic"].tolist()[::2] == [number(x) for x in exact.mean]
    assert shown["analytic"].tolist()[1::2] == [number(x) for x in exact.variance]
    assert (shown["agrees"] == "✓").all()
    outputs = draw_masks(10, 4, 0.3, random_state=0) * START / (0.3 if form == "inverted" else 1)
    assert shown["your masks"].tolist()[::2] == [number(x) for x in outputs.mean(axis=0)]
    assert shown["your masks"].tolist()[1::2] == [number(x) for x in outputs.var(axis=0, ddof=1)]


def test_the_charts_end_at_the_means_of_the_table_and_stay_light(page: AppTest) -> None:
    page.number_input(key="ex23_7_drawn").set_value(20_000).run()
    for panel, factor in zip(panels(page), (1.0, 1 / 0.6), strict=True):
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


def test_the_charts_of_means_hold_their_numbers_and_all_that_is_drawn(page: AppTest) -> None:
    for drawn, h in ((0, "0.8, 0.3"), (1, "-2, 0.3"), (150, "0, 1")):
        page.number_input(key="ex23_7_drawn").set_value(drawn).run()
        page.text_input(key="ex23_7_h_text").set_value(h).run()
        for panel in panels(page):
            ends = panel["y"]["low"], panel["y"]["high"]
            exact, means = panel["curves"]
            assert len(means["x"]) == len(means["y"]) == np.sum(np.array(panel["band"]["x"]) <= drawn)
            drawn_values = np.array([*exact["y"], *means["y"], *panel["band"]["low"], *panel["band"]["high"]])
            assert ((ends[0] <= drawn_values) & (drawn_values <= ends[1])).all()
            assert len(panel["y"]["ticks"]) >= 2


def test_one_mask_has_no_variance_and_p_1_no_spread(page: AppTest) -> None:
    page.number_input(key="ex23_7_drawn").set_value(1).run()
    assert moments(page)["your masks"].tolist()[1::2] == [""] * 4
    page.slider(key="ex23_7_p").set_value(1.0).run()
    page.number_input(key="ex23_7_drawn").set_value(50).run()
    assert not page.exception
    assert (moments(page)["within 4 errors"] == "✓").all()
    assert not any(neuron["dropped"] for neuron in neurons(page))


def test_the_layer_grows_and_shrinks_without_loss(page: AppTest) -> None:
    page.select_slider(key="ex23_7_neuron").set_value(4).run()
    page.slider(key="ex23_7_h").set_value(1.75).run()
    assert page.text_input(key="ex23_7_h_text").value == "0.8, 0.3, -0.5, 1.75"
    page.slider(key="ex23_7_m").set_value(2).run()
    assert page.select_slider(key="ex23_7_neuron").value == 2
    assert len(neurons(page)) == 2
    page.slider(key="ex23_7_m").set_value(12).run()
    assert page.text_input(key="ex23_7_h_text").value.startswith("0.8, 0.3, -0.5, 1.75, 0.6, ")  # type: ignore[union-attr]
    assert len(moments(page)) == 24
    assert (moments(page)["agrees"] == "✓").all()
    page.button(key="ex23_7_random").click().run()
    assert len(neurons(page)) == 12
    assert not page.error


def test_bad_outputs_are_told_plainly_and_nothing_is_lost(page: AppTest) -> None:
    for typed, sentence in (
        ("", "Outputs h: the table is empty."),
        ("0.5", "Outputs h: there is only one number. Write 2 to 12."),
        ("1, two", "Outputs h, row 1: “two” is not a number."),
        ("1, nan", "Outputs h, row 1: nan is not allowed. Write a number from −2 to 2."),
        ("1, 2.5", "Outputs h, row 1: 2.5 is not allowed."),
        (", ".join("1" * 13), "Outputs h, row 1: there are 13 numbers. Leave at most 12."),
    ):
        page.text_input(key="ex23_7_h_text").set_value(typed).run()
        assert not page.exception
        assert page.error[0].value.startswith(sentence)
        assert page.text_input(key="ex23_7_h_text").value == typed
        assert len(neurons(page)) == 4
        assert page.slider(key="ex23_7_h").disabled
    page.text_input(key="ex23_7_h_text").set_value("1, 2, -2").run()
    assert not page.error
    assert len(neurons(page)) == 3


def test_the_two_runs_are_one_until_a_condition_goes(page: AppTest) -> None:
    shown = table(page, "predictions apart")
    assert shown["one run"].tolist() == ["✓", "", "", ""]
    assert shown["weights apart"].tolist()[1:] == ["not run yet"] * 3
    assert float(shown["predictions apart"][0].replace("−", "-")) < 1e-12
    page.toggle(key="ex23_7_map_rate").set_value(False).run()
    page.toggle(key="ex23_7_map_weights").set_value(False).run()
    shown = table(page, "predictions apart")
    assert shown["one run"].tolist() == ["✓", "✗", "", "✗"]
    assert shown["shown above"].tolist() == ["", "", "", "●"]
    page.button(key="ex23_7_all").click().run()
    shown = table(page, "predictions apart")
    assert shown["one run"].tolist() == ["✓", "✗", "✗", "✗"]
    assert all(float(x.replace("−", "-")) > 1e-2 for x in shown["predictions apart"][1:])
    page.slider(key="ex23_7_steps").set_value(100).run()
    assert table(page, "predictions apart")["one run"].tolist() == ["", "", "", "✗"]


def test_a_watched_run_ends_where_the_other_does(page: AppTest) -> None:
    page.button(key="ex23_7_watch").click().run()
    assert "After 15 steps" in text(page)
    page.session_state["ex23_7_live"] = 285  # as the timer does, slice by slice
    page.run()
    assert "After 285 steps" in text(page)
    page.session_state["ex23_7_live"] = 300
    page.run()
    assert not page.exception
    assert "After 300 steps" in text(page)
    assert page.session_state["ex23_7_live"] is None
    assert table(page, "predictions apart")["one run"].tolist() == ["✓", "", "", ""]


def test_at_p_1_the_switches_are_explained(page: AppTest) -> None:
    page.slider(key="ex23_7_twin_p").set_value(1.0).run()
    page.button(key="ex23_7_all").click().run()
    assert not page.exception
    assert "With p = 1 nothing is dropped" in text(page)
    assert table(page, "predictions apart")["one run"].tolist() == ["✓"] * 4


def test_the_next_neuron_agrees_in_z_and_not_in_its_output(page: AppTest) -> None:
    shown = table(page, "of the next neuron")
    assert shown["agrees"].tolist() == ["✓", "✗"]
    gap = shown["difference"][1]
    assert any(f"here it is off by {gap}" in box.value for box in page.warning)
    page.slider(key="ex23_7_next_p").set_value(1.0).run()
    assert table(page, "of the next neuron")["agrees"].tolist() == ["✓", "✓"]
    page.slider(key="ex23_7_next_p").set_value(0.5).run()
    page.slider(key="ex23_7_scale").set_value(0.0).run()
    assert table(page, "of the next neuron")["agrees"].tolist() == ["✓", "✓"]
    assert table(page, "of the next neuron")["difference"][1] == difference(0)


@pytest.mark.parametrize("form", MISTAKES)
def test_a_planted_mistake_is_named_by_one_check_or_the_other(page: AppTest, form: str) -> None:
    page.radio(key="ex23_7_check_form").set_value(form).run()
    for mistake in MISTAKES[form]:
        plant_and_look(page, form, mistake)


def plant_and_look(page: AppTest, form: str, mistake: str) -> None:
    page.radio(key=f"ex23_7_mistake_{form}").set_value(mistake).run()
    assert not page.exception
    gradients, averages = table(page, "derivative"), table(page, "passed on by")
    forgotten_p = mistake in (NO_P, NO_SCALE)
    assert (gradients["agrees"] == "✓").all() == (mistake == "none" or forgotten_p)
    assert (averages["agrees"] == "✗").all() == forgotten_p
    assert (averages["agrees"] == "✓").all() == (not forgotten_p)
    wrong = gradients["derivative"][gradients["agrees"] == "✗"]
    assert all("w¹" in name or "b¹" in name for name in wrong)
    for name in wrong:
        assert any(name in caption.value for caption in page.caption if "disagree" in caption.value)


def test_a_mistake_that_cannot_be_seen_is_explained(page: AppTest) -> None:
    page.slider(key="ex23_7_check_p").set_value(1.0).run()
    page.radio(key="ex23_7_mistake_plain").set_value("no mask on the way back").run()
    assert (table(page, "derivative")["agrees"] == "✓").all()
    assert "this mistake changes nothing" in text(page)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"p": 0.35, "form": "inverted", "map_rate": False, "scale": 7.5, "mistake_plain": NO_P},
        {"p": 1.0, "drawn": 500, "twin_seed": 4, "steps": 40, "next_m": 3, "check_form": "inverted"},
    ],
)
def test_the_code_reproduces_the_page(page: AppTest, settings: dict[str, Any]) -> None:
    for name, value in settings.items():
        page.session_state[f"ex23_7_{name}"] = value
    page.run()
    snippets: list[dict[str, Any]] = [{} for _ in page.code]
    for code, names in zip(page.code, snippets, strict=True):
        exec(code.value, names)
    masks, twins, following, check = snippets
    shown = moments(page)
    assert shown["your masks"].tolist()[::2] == [number(x) for x in masks["outputs"].mean(axis=0)]
    assert shown["analytic"].tolist()[1::2] == [number(x) for x in masks["closed"].variance]
    apart = max(twins["twins"].prediction_differences)
    here = table(page, "predictions apart").set_index("shown above")
    assert here.loc["●", "predictions apart"] == difference(apart)
    assert table(page, "of the next neuron").iloc[1, 1:3].tolist() == [
        number(following["here"].predicted_output),
        number(following["here"].mean_output),
    ]
    averages, gradients = table(page, "passed on by"), table(page, "derivative")
    assert averages["in prediction"].tolist() == [number(x) for x in check["check"].predicted]
    assert gradients["analytic"].tolist() == [number(x) for x in check["check"].gradients.analytic]


@pytest.mark.parametrize(
    ("label", "check"),
    [
        ("A thousand masks", lambda page: page.number_input(key="ex23_7_drawn").value == 1000),
        ("Forget the rate p² η", lambda page: table(page, "one run")["one run"].tolist() == ["✓", "✗", "", ""]),
        (
            "Large weights",
            lambda page: float(table(page, "of the next neuron")["difference"][1].replace("−", "-")) > 0.1,
        ),
    ],
)
def test_experiments_do_what_they_say(page: AppTest, label: str, check: Callable[[AppTest], bool]) -> None:
    page.button(key=f"try_{label}").click().run()
    assert not page.exception
    assert check(page)


def test_settings_survive_a_page_switch(page: AppTest) -> None:
    page.slider(key="ex23_7_p").set_value(0.25).run()
    page.text_input(key="ex23_7_h_text").set_value("1, 0.5").run()
    page.toggle(key="ex23_7_map_rate").set_value(False).run()
    page.switch_page("pages/home.py").run()
    page.switch_page(PAGE).run()
    assert page.slider(key="ex23_7_p").value == 0.25
    assert page.text_input(key="ex23_7_h_text").value == "1, 0.5"
    assert page.toggle(key="ex23_7_map_rate").value is False
