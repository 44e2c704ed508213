"""Every control a reader moves is in the page's address, and the address sets every control elsewhere."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, settle
from tests.pages.test_links import WRITE_INTO_ANOTHER

# A slider, a number, a switch and a choice of each kind there is. That every control of every page is bound to the
# address, tests/pages/test_links.py asks the pages themselves.
PAGES = ["ex23_4_sigmoid_graph"]

# The value of every control by its key: what it says of itself, and which of its choices are made.
VALUES = """
() => Object.fromEntries([...document.querySelectorAll("[class*='st-key-ex23']")].map((box) => {
  const key = [...box.classList].find((name) => name.startsWith("st-key-")).slice(7);
  const parts = [...box.querySelectorAll("input:not([type=file]), textarea, [role=radio], [aria-pressed]")];
  return [key, parts.map((part) => part.getAttribute("aria-valuetext") ?? part.getAttribute("aria-checked")
    ?? part.getAttribute("aria-pressed")
    ?? (["checkbox", "radio"].includes(part.type) ? part.checked : part.value))];
}).filter(([, value]) => value.length))
"""


def open_settled(open_page: OpenPage, path: str) -> Page:
    """The page, complete with its last section."""
    page = open_page(path)
    expect(page.get_by_role("heading", name="In Python")).to_be_visible(timeout=30_000)
    settle(page)
    # Each kind of control is fetched when the first of it is drawn.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.locator("[class*='_guess'] input")).to_be_visible()
    expect(page.locator("input[type=range]").first).to_be_visible()
    return page


def move(box: Locator) -> bool:
    """Move the control in `box` by a step or to another choice; False if there is none that has a keyboard."""
    slider, number = box.locator("input[type=range]"), box.get_by_role("spinbutton")
    switch, choices = box.get_by_role("switch"), box.locator("[role=radio][aria-checked=false]")
    if slider.count():
        at_end = slider.evaluate("input => Number(input.value) >= Number(input.max)")
        slider.press("ArrowLeft" if at_end else "ArrowRight")
    elif number.count():
        if number.input_value():
            number.press("ArrowUp")
        else:
            number.fill("0.25")
        number.press("Enter")
    elif switch.count():
        switch.press("Space")
    elif choices.count():
        choices.first.click()
    else:
        return False
    return True


@pytest.mark.parametrize("path", PAGES)
def test_what_a_reader_moves_is_in_the_address_and_the_same_elsewhere(open_page: OpenPage, path: str) -> None:
    page = open_settled(open_page, path)
    moved = []
    for key in page.evaluate(VALUES):
        box = page.locator(f".st-key-{key}")
        if box.count() and move(box):
            moved.append(key)
            settle(page)
    values = page.evaluate(VALUES)
    there = [key for key in moved if key in values and key not in WRITE_INTO_ANOTHER]
    assert len(there) >= 6
    address = parse_qs(urlsplit(page.url).query)
    assert set(there) <= set(address)
    assert page.locator("[data-testid=stException]").count() == 0

    elsewhere = open_settled(open_page, page.url.split("/", 3)[3])
    assert elsewhere.evaluate(VALUES) == values
