"""Take the README's pictures anew from the running app:  python -m tests.screenshots.retake"""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.reader import Reader, chromium_options
from tests.running_app import running_app

FOLDER = Path(__file__).parent
COLOURS = 256  # of a stored picture: as a reader sees it, at half the size


def as_it_opens(reader: Reader) -> None:
    """Nothing is clicked."""


def train(reader: Reader) -> None:
    """The default network of page 23.3, from Train to the end."""
    reader.press("Train")
    reader.sees("Epoch 10.00 of 10")


def to_the_end(reader: Reader) -> None:
    """The last step of a graph: every value and every gradient."""
    reader.press("Play")  # the timeline comes with it
    reader.page.get_by_role("slider", name="Step").press("End")
    reader.sees("Step 8 of 8")


def take_the_line_away(reader: Reader) -> None:
    """The last step of page 23.6: own path, minus the mean, minus the slope."""
    reader.press("Show the answer")
    reader.sees("Minus the slope")


# File, exercise, what to do, and how far down to scroll (or up: an answer that was asked for is scrolled to).
SHOTS: list[tuple[str, str, Callable[[Reader], None], int]] = [
    ("home", "", as_it_opens, 0),
    ("mnist", "23.3", train, 0),
    ("softmax", "23.5", to_the_end, 0),
    ("batch_norm", "23.6", take_the_line_away, -5000),
]


def main() -> None:
    """Photograph what a reader sees, wide and in the light theme."""
    with running_app() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        for name, number, prepare, down in SHOTS:
            page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
            reader = Reader(page, url).open(number)
            prepare(reader)
            page.mouse.move(800, 400)
            page.mouse.wheel(0, down)
            page.mouse.move(1275, 795)  # where nothing answers it
            page.wait_for_timeout(1500)  # charts fade in
            reader.settle()
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
