"""Page 23.1 in Chromium: both themes, a phone, the neurons by keyboard, and live learning."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, in_both_themes, settle
from tests.browser.graph_helpers import fits

PATH = "ex23_1_xnor"
SURFACE = ".st-key-ex23_1_surface"


def settle_on_page(page: Page) -> None:
    """Wait for the page, complete with its last section and its drawings."""
    expect(page.get_by_role("heading", name="23.1 XNOR with two layers of sigmoids")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("# “Learn it”")).to_be_visible(timeout=20_000)
    expect(page.locator(f"{SURFACE} svg")).to_be_visible()
    expect(page.locator("[data-neuron]")).to_have_count(5)
    settle(page)


def test_accessible_and_no_wider_than_the_screen(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    for width in in_both_themes(page):
        axe(page)
        fits(page, width)
    expect(page.locator(".katex-error")).to_have_count(0)
    expect(page.locator('.katex [style*="color:#cc0000"]')).to_have_count(0)  # how KaTeX shows an unknown command


def test_the_book_s_outputs_and_each_neuron_s_sum_on_hover_and_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    expect(page.get_by_role("cell", name="0.99995456")).to_have_count(2)
    expect(page.get_by_role("cell", name="0.00004548")).to_have_count(2)
    about = page.locator(".st-key-ex23_1_network .about")
    page.locator('[data-neuron="h₁"]').hover()
    expect(about).to_contain_text("z = (20.00) · 1.000 + (20.00) · 1.000 + (−30.00) = 10.00")
    page.mouse.move(0, 0)
    expect(about).to_contain_text("Point at a neuron")
    page.locator('[data-neuron="h₁"]').focus()
    page.keyboard.press("ArrowRight")
    expect(about).to_contain_text("h₂ = σ(z)")


def test_the_address_keeps_the_readers_settings(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_1_target=OR&ex23_1_w2_1=-5.0")
    settle_on_page(page)
    expect(page.get_by_role("button", name="Weights that solve OR")).to_be_visible()
    expect(page.locator(".st-key-ex23_1_w2_1").get_by_role("slider")).to_have_value("-5")
    page.get_by_role("button", name="Weights that solve OR").click()
    expect(page.get_by_text("4 of 4 rows of OR are right.").first).to_be_visible()


def test_it_learns_while_you_watch_pauses_and_stays_usable(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_1_pace=5")
    settle_on_page(page)
    progress = page.get_by_text(re.compile(r"^Step [\d,]+ of 2,000$")).first

    def step() -> int:
        return int(progress.inner_text().split()[1].replace(",", ""))

    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_function(
        "[...document.querySelectorAll('p')].some(p => /^Step (1[0-9]|[2-9]\\d|\\d{3}) of/.test(p.textContent))"
    )
    picture = page.locator(".st-key-ex23_1_l_surface svg")
    before = picture.inner_html()
    page.locator(".st-key-ex23_1_w1_11").get_by_role("slider").press("ArrowLeft")  # other sliders answer meanwhile
    expect(page.locator(f"{SURFACE} svg text", has_text="y = 4.548e−5").first).to_be_visible()
    expect(page.get_by_text("19.50").first).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    settle(page)
    paused = step()
    assert 10 <= paused < 2000
    assert picture.inner_html() != before
    page.wait_for_timeout(600)
    assert step() == paused


def test_a_hundred_seeds_are_trained_side_by_side(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    page.get_by_role("button", name="Train 100 networks").click()
    expect(page.get_by_text("70 of 100 networks get all four rows right.")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Train 100 networks")).to_be_enabled()
