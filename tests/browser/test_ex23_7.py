"""Page 23.7 in Chromium: both themes, a phone, drawing masks, the twin experiment, and a planted mistake."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, in_both_themes, settle
from tests.browser.graph_helpers import fits

PATH = "ex23_7_dropout"
TITLE = "23.7 Dropout and inverted dropout"


def settle_on_page(page: Page) -> None:
    """Wait for the page, complete with its pictures and its last section."""
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible(timeout=20_000)
    expect(page.get_by_text("The gradient check:")).to_be_visible(timeout=30_000)
    expect(neuron(page, 2)).to_be_visible(timeout=30_000)
    expect(page.locator("[data-testid=stVegaLiteChart] svg")).to_have_count(3, timeout=30_000)
    settle(page)


def neuron(page: Page, j: int) -> Locator:
    return page.get_by_role("button", name=f"Neuron {j},")


def slider(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key}").get_by_role("slider")


def test_accessible_and_no_wider_than_the_screen(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    for width in in_both_themes(page):
        axe(page)
        fits(page, width)


def test_buttons_draw_masks_and_a_slider_moves_the_numbers(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_7_drawn=0")
    settle_on_page(page)
    expect(page.get_by_text("No mask drawn yet")).to_be_visible()
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_text("Mask 1. A crossed neuron is dropped.")).to_be_visible()
    page.get_by_role("button", name="1,000", exact=True).click()
    expect(page.get_by_text("Mask 1,001. A crossed neuron is dropped.")).to_be_visible()
    expect(page.get_by_text("the exact mean, 0.4800 (plain) and 0.8000 (inverted)")).to_be_visible()
    slider(page, "ex23_7_p").press("ArrowRight")
    expect(page.get_by_text("the exact mean, 0.5200 (plain) and 0.8000 (inverted)")).to_be_visible()
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_text("No mask drawn yet")).to_be_visible()


def test_a_click_chooses_a_neuron_and_the_slider_moves_it(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    neuron(page, 3).click()
    expect(neuron(page, 3)).to_have_attribute("aria-pressed", "true")
    expect(slider(page, "ex23_7_h")).to_have_value("-0.5")
    slider(page, "ex23_7_h").press("ArrowRight")
    expect(neuron(page, 3)).to_contain_text("h = −0.4500")
    expect(page.locator(".st-key-ex23_7_masks").locator("button").nth(0)).to_contain_text("h = 0.8000")
    page.reload()
    settle_on_page(page)
    expect(neuron(page, 3)).to_contain_text("h = −0.4500")
    expect(neuron(page, 3)).to_have_attribute("aria-pressed", "true")


def test_the_experiment_runs_live_and_its_conditions_matter(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_7_steps=100")
    settle_on_page(page)
    expect(page.get_by_text("After 100 steps")).to_be_visible()
    page.get_by_role("button", name="Watch it train").click()
    expect(page.get_by_text(re.compile(r"After \d\d? steps"))).to_be_visible()
    expect(page.get_by_text("After 100 steps")).to_be_visible(timeout=120_000)
    page.get_by_text("Learn W′ at the rate p² η").click()
    expect(
        page.get_by_text("e−1 in the predictions").or_(page.get_by_text("e−2 in the predictions"))
    ).to_be_visible()


def test_a_planted_mistake_is_named(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    expect(page.get_by_text("All 17 agree")).to_be_visible()
    page.get_by_text("no mask on the way back", exact=True).click()
    expect(page.get_by_text("6 of 17 disagree: ∂L/∂w¹₁₁")).to_be_visible()
    page.get_by_text("no p in prediction", exact=True).click()
    expect(page.get_by_text("4 of 4 disagree: neuron 1")).to_be_visible()
    expect(page.get_by_text("All 17 agree")).to_be_visible()
