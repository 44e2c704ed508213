"""Page 23.7 in Chromium: drawing masks, choosing a neuron, the twin experiment, and a planted mistake."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.reader import Reader


def neuron(reader: Reader, j: int) -> Locator:
    return reader.page.get_by_role("button", name=f"Neuron {j},")


def test_buttons_draw_masks_and_a_slider_moves_the_numbers(visit: Visit) -> None:
    reader = visit("23.7", "ex23_7_drawn=0")
    reader.sees("No mask drawn yet")
    reader.press("1")
    reader.sees("Mask 1. A crossed neuron is dropped.")
    reader.press("1,000")
    reader.sees("Mask 1,001. A crossed neuron is dropped.")
    reader.sees("the exact mean, 0.48 (plain) and 0.8 (inverted)")
    reader.turn("ex23_7_p", "ArrowRight")
    reader.sees("the exact mean, 0.52 (plain) and 0.8 (inverted)")
    reader.press_twice("Reset")
    reader.sees("No mask drawn yet")


def test_a_planted_mistake_is_named_and_a_click_chooses_a_neuron_that_the_slider_moves(visit: Visit) -> None:
    reader = visit("23.7")
    expect(reader.page.locator("[data-testid=stVegaLiteChart] svg")).to_have_count(3)
    reader.sees("All 17 agree")
    reader.page.get_by_text("no mask on the way back", exact=True).click()
    reader.sees("6 of 17 disagree: ∂L/∂w¹₁₁")
    reader.page.get_by_text("no p in prediction", exact=True).click()
    reader.sees("4 of 4 disagree: neuron 1")
    reader.sees("All 17 agree")

    neuron(reader, 3).click()
    expect(neuron(reader, 3)).to_have_attribute("aria-pressed", "true")
    expect(reader.slider("ex23_7_h")).to_have_value("-0.5")
    reader.turn("ex23_7_h", "ArrowRight")
    expect(neuron(reader, 3)).to_contain_text("h = −0.45")
    expect(reader.control("ex23_7_masks").locator("button").nth(0)).to_contain_text("h = 0.8")
    reader.page.reload()
    expect(neuron(reader, 3)).to_contain_text("h = −0.45")
    expect(neuron(reader, 3)).to_have_attribute("aria-pressed", "true")


def test_the_experiment_runs_live_and_its_conditions_matter(visit: Visit) -> None:
    reader = visit("23.7", "ex23_7_steps=100")
    reader.sees("After 100 steps")
    reader.page.evaluate(
        """() => {
          window.fewer = false;
          const look = () => { window.fewer ||= /After \\d\\d? steps/.test(document.body.innerText); };
          new MutationObserver(look).observe(document.body,
            { childList: true, characterData: true, subtree: true });
        }"""
    )
    reader.press_twice("Watch it train")
    reader.page.wait_for_function("window.fewer")
    reader.sees("After 100 steps")
    reader.page.get_by_text("Learn W′ at the rate p² η").click()
    off = reader.page.get_by_text(re.compile(r"\b0\.\d+ in the predictions"))
    expect(off).to_be_visible()
    reader.is_unharmed()
