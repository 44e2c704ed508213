"""Every control a reader moves is in the page's address, and the address sets every control elsewhere."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit

# It has a slider, a number, a switch and a choice of each kind there is. That every control of every page is bound
# to the address, tests/pages/test_links.py asks the pages themselves.
NUMBER = "23.6"
SHOWS_OTHERS = "ex23_6_more"  # a switch without which some are out of sight

# The value of every control by its key: what it says of itself, and which of its choices are made.
VALUES = """
() => Object.fromEntries([...document.querySelectorAll(".stElementContainer[class*='st-key-ex23']")].map((box) => {
  const key = [...box.classList].find((name) => name.startsWith("st-key-")).slice(7);
  const parts = [...box.querySelectorAll("input:not([type=file]), textarea, [role=radio], [aria-pressed]")];
  return [key, parts.map((part) => part.getAttribute("aria-valuetext") ?? part.getAttribute("aria-checked")
    ?? part.getAttribute("aria-pressed")
    ?? (["checkbox", "radio"].includes(part.type) ? part.checked : part.value))];
}).filter(([, value]) => value.length))
"""


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


@pytest.mark.thorough
def test_what_a_reader_moves_is_in_the_address_and_the_same_elsewhere(visit: Visit) -> None:
    reader = visit(NUMBER, "ex23_6_tab=A+net+that+trains&ex23_6_mistake=forgotten+factor+2")
    moved: list[str] = []

    def move_and_wait(key: str) -> None:
        address = reader.page.url
        expect(reader.control(key)).to_be_visible()
        if move(reader.control(key)):
            moved.append(key)
            reader.page.wait_for_function("before => location.href !== before", arg=address)
            reader.settle()

    move_and_wait(SHOWS_OTHERS)
    expect(reader.control("ex23_6_divisor")).to_be_visible()
    reader.settle()
    seen = [key for key in reader.page.evaluate(VALUES) if reader.control(key).is_visible()]
    for key in seen:
        if key != SHOWS_OTHERS:
            move_and_wait(key)
    values = reader.page.evaluate(VALUES)
    there = [key for key in moved if key in values]
    assert there == moved
    assert len(there) >= 10
    assert set(there) <= set(parse_qs(urlsplit(reader.page.url).query))
    reader.is_unharmed()

    elsewhere = visit(NUMBER, reader.page.url.split("?")[1])
    assert elsewhere.page.evaluate(VALUES) == values
