"""Inside one network of page 23.3 in Chromium: a picture there and back, its mistakes, a photo, two themes."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from nnlib import load_mnist
from tests.browser.conftest import Visit
from tests.browser.reader import Reader

SMALL = "ex23_3_data=digits+8%C3%978&ex23_3_epochs=2"


@pytest.fixture(scope="module")
def reader(shared_visit: Visit) -> Reader:
    """A reader of page 23.3 after an epoch on the small digits, with the network's inside before them."""
    reader = shared_visit("23.3", f"{SMALL}&ex23_3_tab=Inside+the+network")
    reader.press("One epoch")
    expect(reader.button("Go on")).to_be_visible()
    reader.settle()
    return reader


def open_tab(reader: Reader, name: str) -> None:
    """Click a tab, and wait until it stands."""
    reader.page.get_by_role("tab", name=name).click()
    expect(reader.page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    reader.settle()


def cells(reader: Reader) -> Locator:
    """The neurons that are drawn."""
    return reader.control("ex23_3_network_drawing").locator("g.cell")


def test_a_picture_goes_forward_and_back_and_every_neuron_is_reached_by_keyboard(reader: Reader) -> None:
    reader.sees("enters at the left as 64 numbers from 0 to 1")
    expect(cells(reader)).to_have_count(100 + 50 + 10)
    reader.choose("ex23_3_way", "back")
    reader.sees("derivatives agree with measured slopes")
    drawing = reader.control("ex23_3_network_drawing")
    caption = drawing.locator("figcaption").first
    cells(reader).first.focus()
    expect(caption).to_contain_text("∇W⁽¹⁾ of neuron 0 is the picture times one number")
    cells(reader).first.press("ArrowRight")
    expect(caption).to_contain_text("∇W⁽¹⁾ of neuron 1 is the picture times one number")
    expect(drawing.get_by_role("status")).to_contain_text("Neuron 1 of hidden layer 1: δ⁽¹⁾ = ")
    reader.choose("ex23_3_planted", "Plant the printed program's mistake")
    reader.sees("Check by finite differences:")
    expect(drawing.locator("text.mistake")).to_have_count(3)
    reader.settle()
    for width in reader.in_both_themes():
        reader.is_accessible()
        reader.fits(width)
    reader.is_unharmed()


@pytest.mark.thorough
def test_a_confusion_opens_its_pictures_and_a_picture_is_sent_on_its_way(reader: Reader) -> None:
    reader.look_wide_and_light()
    open_tab(reader, "Mistakes")
    reader.choose("ex23_3_view", "confusion")
    reader.sees("Each row is a digit as it is")
    matrix = reader.control("ex23_3_confusion").locator("canvas").first
    matrix.scroll_into_view_if_needed()
    reader.settle()
    box = matrix.bounding_box()
    assert box is not None
    x, y = box["x"] + 0.3 * box["width"], box["y"] + box["height"] * 3.5 / 11  # a 2 read as a 2
    reader.page.mouse.move(x, y, steps=5)  # the grid takes no click from a pointer that it has not seen coming
    reader.page.mouse.click(x, y)
    reader.sees("pictures of a 2 were read as a 2.")
    reader.page.keyboard.press("ArrowDown")
    reader.page.keyboard.press("ArrowRight")
    reader.sees("pictures of a 3 were read as a 3.")
    reader.settle()
    reader.is_accessible()
    reader.choose("ex23_3_view", "the surest mistakes")
    reader.sees("test pictures are read wrongly")
    reader.settle()
    tiles = reader.control("ex23_3_gallery").get_by_role("button")
    tiles.first.focus()
    tiles.first.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    row = tiles.nth(1).get_attribute("data-row")
    tiles.nth(1).press("Enter")
    expect(reader.page.get_by_role("tab", name="Inside the network")).to_have_attribute("aria-selected", "true")
    reader.choose("ex23_3_way", "forward")
    reader.sees(f"Test picture {row} enters at the left")
    reader.is_unharmed()


def photo() -> bytes:
    """A digit in dark ink on paper, as a JPEG file."""
    digit = load_mnist().test_inputs(slice(1)).reshape(28, 28)
    paper = 220 - 180 * np.kron(digit, np.ones((12, 12)))
    file = io.BytesIO()
    Image.fromarray(np.pad(paper, 90, constant_values=220).astype(np.uint8)).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.thorough
def test_a_photo_is_put_on_the_sheet_and_sent_on_its_way(reader: Reader) -> None:
    open_tab(reader, "Your own digit")
    upload = reader.control("ex23_3_own_photo").locator("input[type=file]")
    upload.set_input_files({"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"})
    reader.sees("This file is not a picture that can be read")
    upload.set_input_files({"name": "digit.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    reader.sees("The network reads a")
    reader.settle()
    reader.press("See its way through the network")
    expect(reader.page.get_by_role("tab", name="Inside the network")).to_have_attribute("aria-selected", "true")
    reader.choose("ex23_3_way", "forward")
    reader.sees("Your drawing enters at the left as 64 numbers")
    reader.is_unharmed()
