"""Page 23.7 in Chromium: the two runs made one, watched as they grow and compared, and masks drawn."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_two_choices_make_the_runs_one_and_watching_lets_them_grow(visit: Visit) -> None:
    reader = visit("23.7")
    reader.sees("They already predict differently at step 0.")
    reader.choose("ex23_7_weights", "p W")
    reader.sees("from the first step on.")
    reader.choose("ex23_7_rate_of_W", "p² η")
    reader.sees("One run.")
    reader.page.emulate_media(reduced_motion="no-preference")
    reader.press("Watch")
    expect(reader.control("ex23_7_twins").locator("svg.reveal")).to_have_count(2)
    reader.page.wait_for_function(
        "() => document.getAnimations().every(({ playState }) => playState !== 'running')"
    )
    reader.turn("ex23_7_p", "ArrowRight")
    reader.sees("One run.")
    reader.page.get_by_role("tab", name="Check it").click()
    reader.sees("all 83 weights and biases agree")
    reader.press("Now with Adam")
    reader.sees("Look at the last row below")
    reader.page.reload()
    reader.sees("Look at the last row below")
    reader.press_twice("Start over")
    reader.sees("They already predict differently at step 0.")


def test_masks_are_drawn_and_a_click_chooses_a_neuron_that_the_slider_moves(visit: Visit) -> None:
    reader = visit("23.7", "ex23_7_tab=Masks+and+means&ex23_7_drawn=0")
    reader.sees("No mask has been drawn yet")
    reader.press("1")
    reader.sees("This is mask 1: crossed neurons are dropped.")
    reader.press("1,000")
    reader.sees("This is mask 1,001: crossed neurons are dropped.")
    reader.sees("0.48 (plain, p h) or 0.8 (inverted, h)")
    third = reader.page.get_by_role("button", name="Neuron 3,")
    third.click()
    expect(third).to_have_attribute("aria-pressed", "true")
    reader.page.get_by_text("Change the layer").click()
    expect(reader.slider("ex23_7_h")).to_have_value("-0.5")
    reader.turn("ex23_7_h", "ArrowRight")
    expect(third).to_contain_text("h = −0.45")
    reader.page.reload()
    expect(third).to_contain_text("h = −0.45")
