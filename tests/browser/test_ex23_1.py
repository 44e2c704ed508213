"""Page 23.1 in Chromium: the neurons by keyboard, the reader's settings, live learning, a hundred seeds."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit

# Five steps a slice, of two thousand: the run outlasts whatever a reader does in the meantime.
SLOW = "ex23_1_pace=5"


def test_the_book_s_outputs_each_neuron_s_sum_and_a_hundred_seeds(visit: Visit) -> None:
    reader = visit("23.1")
    page = reader.page
    expect(page.locator("[data-neuron]")).to_have_count(5)
    expect(page.get_by_role("cell", name="0.99995456")).to_have_count(2)
    expect(page.get_by_role("cell", name="0.00004548")).to_have_count(2)
    about = reader.control("ex23_1_network").locator(".about")
    page.locator('[data-neuron="h₁"]').hover()
    expect(about).to_contain_text("z = (20) · 1 + (20) · 1 + (−30) = 10")
    page.mouse.move(0, 0)
    expect(about).to_contain_text("Point at a neuron")
    page.locator('[data-neuron="h₁"]').focus()
    page.keyboard.press("ArrowRight")
    expect(about).to_contain_text("h₂ = σ(z)")

    reader.press_twice("Train 100 networks")
    reader.sees("70 of 100 networks get all four rows right.")
    expect(reader.button("Train 100 networks")).to_be_enabled()
    reader.is_unharmed()


def test_the_address_keeps_the_readers_settings(visit: Visit) -> None:
    reader = visit("23.1", "ex23_1_target=OR&ex23_1_w2_1=-5.0")
    expect(reader.slider("ex23_1_w2_1")).to_have_value("-5")
    reader.press("Weights that solve OR")
    reader.sees("4 of 4 rows of OR are right.")


def test_it_learns_while_you_watch_pauses_and_stays_usable(visit: Visit) -> None:
    reader = visit("23.1", SLOW)
    progress = reader.page.get_by_text(re.compile(r"^Step [\d,]+ of 2,000$")).first
    reader.press_twice("Start")
    expect(progress).not_to_have_text(re.compile("^Step [05] of"))
    picture = reader.picture("ex23_1_l_surface")
    before = picture.inner_html()
    reader.slider("ex23_1_w1_11").press("ArrowLeft")  # other sliders answer meanwhile
    expect(reader.picture("ex23_1_surface").get_by_text("y = 4.548e−5").first).to_be_visible()
    reader.sees("19.5")
    reader.press_twice("Pause")
    expect(reader.button("Start")).to_be_visible()
    reader.settle()
    paused = progress.inner_text()
    assert picture.inner_html() != before
    reader.turn("ex23_1_w1_11", "ArrowLeft")  # the page runs again, and learns no further
    expect(reader.page.get_by_text("19", exact=True).first).to_be_visible()
    reader.settle()
    assert progress.inner_text() == paused
    reader.is_unharmed()
