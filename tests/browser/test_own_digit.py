"""Your own digit in Chromium: drawn with mouse, finger and keys, read by a briefly trained network, never lost."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from nnlib import load_mnist
from pages.ex23_3.digit_canvas import BRUSH, SIDE
from tests.browser.conftest import OpenPage, in_both_themes, settle
from tests.browser.graph_helpers import fits

PATH = "ex23_3_mnist"
DIGITS = f"{PATH}?ex23_3_data=digits+8%C3%978"
SLOW = f"{PATH}?ex23_3_batch=1&ex23_3_epochs=50&ex23_3_rate=0.03"
Point = tuple[float, float]
SEVEN: Sequence[Point] = [(60, 45), (165, 45), (100, 180)]  # pixels of the sheet
ZOOM = SIDE // 28


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Page 23.3 after one epoch on MNIST: about 95 % of test digits are read."""
    return trained(open_page(PATH))


def trained(page: Page) -> Page:
    """The page after one epoch, when the sheet asks for a digit."""
    page.get_by_role("button", name="One epoch", exact=True).click()
    expect(answer(page)).to_have_text("Draw a digit from 0 to 9.")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    settle(page)
    return page


def sheet(page: Page) -> Locator:
    """The canvas."""
    return page.get_by_role("application", name="Sheet to draw a digit on")


def answer(page: Page) -> Locator:
    """The sentence under the sheet."""
    return page.locator(".st-key-ex23_3_own_sheet").get_by_role("status")


def press(page: Page, name: str) -> None:
    """Press one of the sheet's buttons."""
    page.locator(".st-key-ex23_3_own_sheet").get_by_role("button", name=name).click()


def on_screen(page: Page, points: Sequence[Point]) -> list[Point]:
    """Pixels of the sheet as places in the window."""
    sheet(page).scroll_into_view_if_needed()
    box = sheet(page).bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"] / SIDE, box["y"] + y * box["height"] / SIDE) for x, y in points]


def draw(page: Page, points: Sequence[Point]) -> None:
    """One stroke with the mouse."""
    first, *rest = on_screen(page, points)
    page.mouse.move(*first)
    page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=2)
    page.mouse.up()


def row_strokes(digit: np.ndarray) -> Iterator[Sequence[Point]]:
    """Horizontal strokes that fill a (28, 28) digit, shorter than its ink by the half width of the brush.

    The brush covers more than two rows, so every second one will do.
    """
    for row, line in list(enumerate(digit > 0.5))[::2]:
        ends = np.flatnonzero(np.diff(np.concatenate([[0], line, [0]])))
        for start, stop in zip(ZOOM * ends[::2], ZOOM * ends[1::2], strict=True):
            left = min(start + BRUSH / 2, (start + stop) / 2)
            yield [(left, ZOOM * (row + 0.5)), (start + stop - left, ZOOM * (row + 0.5))]


def ink(page: Page) -> float:
    """Share of the sheet that is not black."""
    picture = "canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
    count = sheet(page).evaluate(f"canvas => {picture}.filter((value, i) => i % 4 === 0 && value > 0).length")
    return float(count) / SIDE**2


def test_a_seven_is_read_undone_cleared_and_found_again_after_leaving(page: Page) -> None:
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("The network reads a 7.")
    expect(page.get_by_alt_text("Your drawing as the network sees it.")).to_be_visible()
    expect(page.get_by_text("output p (the ten sum to 100 %)")).to_be_visible()
    expect(page.get_by_text("neuron of hidden layer 2")).to_be_visible()
    drawn = ink(page)
    draw(page, [(20, 200), (200, 200)])
    press(page, "Undo")
    expect(answer(page)).to_have_text("The network reads a 7.")
    assert ink(page) == drawn
    press(page, "Clear")
    expect(answer(page)).to_have_text("Draw a digit from 0 to 9.")
    assert ink(page) == 0
    press(page, "Undo")
    expect(answer(page)).to_have_text("The network reads a 7.")
    settle(page)
    page.get_by_role("link", name="23.4 Sigmoid graph").first.click()
    expect(page.get_by_role("heading", name="23.4")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="23.3 MNIST").click()
    expect(answer(page)).to_have_text("The network reads a 7.")
    assert ink(page) == drawn


def test_keys_a_finger_and_known_digits_stroke_by_stroke_are_read(page: Page) -> None:
    sheet(page).focus()
    for _ in range(9):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(answer(page)).to_have_text("Pen down.")
    for _ in range(18):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(answer(page)).to_have_text("The network reads a 1.")
    press(page, "Clear")
    expect(answer(page)).to_have_text("Draw a digit from 0 to 9.")
    page.keyboard.press("Space")  # the pen stands where it was left, and a dot is a drawing
    page.keyboard.press("Tab")  # leaving the sheet lifts the pen
    expect(answer(page)).to_contain_text("The network reads a")
    press(page, "Clear")

    touch(page, [*((x, 45) for x in range(60, 165, 15)), *SEVEN[1:]])
    expect(answer(page)).to_have_text("The network reads a 7.")
    press(page, "Clear")

    data = load_mnist()
    for row in (3, 7):
        label = int(data.Y_test[row].argmax())
        for stroke in row_strokes(data.test_inputs(slice(row, row + 1)).reshape(28, 28)):
            draw(page, stroke)
        expect(answer(page)).to_have_text(f"The network reads a {label}.")
        press(page, "Clear")
        expect(answer(page)).to_have_text("Draw a digit from 0 to 9.")


def touch(page: Page, points: Sequence[Point]) -> None:
    """One stroke with a finger, which must not scroll the page."""
    first, *rest = on_screen(page, points)
    before = sheet(page).bounding_box()
    finger = page.context.new_cdp_session(page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    for kind, (x, y) in [("touchStart", first), *(("touchMove", point) for point in rest)]:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert sheet(page).bounding_box() == before


def test_drawing_while_the_network_learns(open_page: OpenPage) -> None:
    page = open_page(SLOW)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(answer(page)).to_have_text("Draw a digit from 0 to 9.")
    progress = page.get_by_text("samples per second")
    before = progress.inner_text()
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("The network reads a 7.")  # by now it has learned enough
    expect(progress).not_to_have_text(before)
    assert page.locator("[data-testid=stException]").count() == 0


def test_a_borrowed_digit_is_accessible_and_no_wider_than_the_screen(
    open_page: OpenPage, axe: Callable[[Page], None]
) -> None:
    page = trained(open_page(DIGITS))
    page.get_by_role("button", name="Borrow a test digit").click()
    expect(page.get_by_text("You last borrowed test picture")).to_be_visible()
    expect(answer(page)).to_contain_text("The network reads a")
    assert ink(page) > 0.1
    page.get_by_text("The numbers behind these charts").click()
    expect(page.get_by_test_id("stDataFrame").last).to_be_visible()
    settle(page)
    for width in in_both_themes(page):
        axe(page)
        fits(page, width)
