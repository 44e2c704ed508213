"""Your own digit in Chromium: drawn with mouse, finger and keys, read by a briefly trained network, never lost."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from nnlib import load_mnist
from pages.ex23_3.digit_canvas import BRUSH, SIDE
from tests.browser.conftest import Visit
from tests.browser.reader import Reader

TAB = "ex23_3_tab=Your+own+digit"
# Two million steps: no machine ends that while a reader draws.
ENDLESS = f"{TAB}&ex23_3_batch=1&ex23_3_rows=20000&ex23_3_epochs=100&ex23_3_rate=0.03"
Point = tuple[float, float]
SEVEN: Sequence[Point] = [(60, 45), (165, 45), (100, 180)]  # pixels of the sheet
ZOOM = SIDE // 28


@pytest.fixture(scope="module")
def trained_reader(shared_visit: Visit) -> Reader:
    """A reader of page 23.3 with a run that has ended, when the sheet asks for a digit."""
    reader = shared_visit("23.3", f"{TAB}&ex23_3_epochs=1")
    reader.press("Train")
    expect(reader.button("10 more epochs")).to_be_visible()
    reader.settle()
    return reader


@pytest.fixture
def reader(trained_reader: Reader) -> Reader:
    """The same, before an empty sheet."""
    if ink(trained_reader):
        press(trained_reader, "Clear")
    expect(answer(trained_reader)).to_have_text("Draw a digit from 0 to 9.")
    return trained_reader


def sheet(reader: Reader) -> Locator:
    """The canvas."""
    return reader.page.get_by_role("application", name="Sheet to draw a digit on")


def answer(reader: Reader) -> Locator:
    """The sentence under the sheet."""
    return reader.page.locator(".st-key-ex23_3_own_sheet").get_by_role("status")


def press(reader: Reader, name: str) -> None:
    """Press one of the sheet's buttons."""
    reader.page.locator(".st-key-ex23_3_own_sheet").get_by_role("button", name=name).click()


def on_screen(reader: Reader, points: Sequence[Point]) -> list[Point]:
    """Pixels of the sheet as places in the window."""
    sheet(reader).scroll_into_view_if_needed()
    box = sheet(reader).bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"] / SIDE, box["y"] + y * box["height"] / SIDE) for x, y in points]


def draw(reader: Reader, points: Sequence[Point]) -> None:
    """One stroke with the mouse."""
    first, *rest = on_screen(reader, points)
    reader.page.mouse.move(*first)
    reader.page.mouse.down()
    for point in rest:
        reader.page.mouse.move(*point, steps=2)
    reader.page.mouse.up()


def row_strokes(digit: np.ndarray) -> Iterator[Sequence[Point]]:
    """Horizontal strokes that fill a (28, 28) digit, shorter than its ink by the half width of the brush.

    The brush covers more than two rows, so every second one will do.
    """
    for row, line in list(enumerate(digit > 0.5))[::2]:
        ends = np.flatnonzero(np.diff(np.concatenate([[0], line, [0]])))
        for start, stop in zip(ZOOM * ends[::2], ZOOM * ends[1::2], strict=True):
            left = min(start + BRUSH / 2, (start + stop) / 2)
            yield [(left, ZOOM * (row + 0.5)), (start + stop - left, ZOOM * (row + 0.5))]


def ink(reader: Reader) -> float:
    """Share of the sheet that is not black."""
    picture = "canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
    count = sheet(reader).evaluate(f"canvas => {picture}.filter((value, i) => i % 4 === 0 && value > 0).length")
    return float(count) / SIDE**2


def test_a_seven_is_read_undone_cleared_and_found_again_after_leaving(reader: Reader) -> None:
    draw(reader, SEVEN)
    expect(answer(reader)).to_have_text("The network reads a 7.")
    expect(reader.page.get_by_alt_text("Your drawing as the network sees it.")).to_be_visible()
    expect(reader.page.get_by_text("output p (the ten sum to 100 %)")).to_be_visible()
    expect(reader.page.get_by_text("neuron of hidden layer 2")).to_be_visible()
    drawn = ink(reader)
    draw(reader, [(20, 200), (200, 200)])
    press(reader, "Undo")
    expect(answer(reader)).to_have_text("The network reads a 7.")
    assert ink(reader) == drawn
    press(reader, "Clear")
    expect(answer(reader)).to_have_text("Draw a digit from 0 to 9.")
    assert ink(reader) == 0
    press(reader, "Undo")
    expect(answer(reader)).to_have_text("The network reads a 7.")
    reader.settle()
    reader.follow("23.4")
    reader.follow("23.3")
    expect(answer(reader)).to_have_text("The network reads a 7.")
    assert ink(reader) == drawn


@pytest.mark.thorough
def test_keys_a_finger_and_known_digits_stroke_by_stroke_are_read(reader: Reader) -> None:
    sheet(reader).focus()
    for _ in range(9):
        reader.page.keyboard.press("ArrowUp")
    reader.page.keyboard.press("Space")
    expect(answer(reader)).to_have_text("Pen down.")
    for _ in range(18):
        reader.page.keyboard.press("ArrowDown")
    reader.page.keyboard.press("Space")
    expect(answer(reader)).to_have_text("The network reads a 1.")
    press(reader, "Clear")
    expect(answer(reader)).to_have_text("Draw a digit from 0 to 9.")
    reader.page.keyboard.press("Space")  # the pen stands where it was left, and a dot is a drawing
    reader.page.keyboard.press("Tab")  # leaving the sheet lifts the pen
    expect(answer(reader)).to_contain_text("The network reads a")
    press(reader, "Clear")

    touch(reader, [*((x, 45) for x in range(60, 165, 15)), *SEVEN[1:]])
    expect(answer(reader)).to_have_text("The network reads a 7.")
    press(reader, "Clear")

    data = load_mnist()
    for row in (3, 7):
        label = int(data.Y_test[row].argmax())
        for stroke in row_strokes(data.test_inputs(slice(row, row + 1)).reshape(28, 28)):
            draw(reader, stroke)
        expect(answer(reader)).to_have_text(f"The network reads a {label}.")
        press(reader, "Clear")
        expect(answer(reader)).to_have_text("Draw a digit from 0 to 9.")


def touch(reader: Reader, points: Sequence[Point]) -> None:
    """One stroke with a finger, which must not scroll the page."""
    first, *rest = on_screen(reader, points)
    before = sheet(reader).bounding_box()
    finger = reader.page.context.new_cdp_session(reader.page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    for kind, (x, y) in [("touchStart", first), *(("touchMove", point) for point in rest)]:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert sheet(reader).bounding_box() == before


def test_a_borrowed_digit_is_accessible_and_a_drawing_is_read_while_the_network_learns(reader: Reader) -> None:
    reader.press("Borrow a test digit")
    expect(answer(reader)).to_contain_text("The network reads a")
    borrowed = reader.page.get_by_text("You last borrowed test picture").inner_text()
    row = int(borrowed.split()[5].rstrip(","))
    assert ink(reader) == pytest.approx((load_mnist().test_inputs(slice(row, row + 1)) > 0).mean(), abs=0.01)
    reader.page.get_by_text("The numbers behind these charts").click()
    expect(reader.page.get_by_test_id("stDataFrame").last).to_be_visible()
    reader.settle()
    for width in reader.in_both_themes():
        reader.is_accessible()
        reader.fits(width)
    reader.look_wide_and_light()
    press(reader, "Clear")
    reader.open("23.3", ENDLESS)
    reader.press("Train")
    progress = reader.page.get_by_text("s of training")
    before = progress.inner_text()
    draw(reader, SEVEN)
    expect(answer(reader)).to_have_text("The network reads a 7.")
    expect(progress).not_to_have_text(before)
    reader.is_unharmed()
