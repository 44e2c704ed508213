"""Take the README's pictures anew from the running app:  python -m tests.screenshots.retake"""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.benchmarks.bench_pages import PORT, running_app
from tests.browser.conftest import CHROMIUM_FLAGS, settle

FOLDER = Path(__file__).parent
COLOURS = 256  # of a stored picture: as a reader sees it, at half the size


def as_it_opens(page: Page) -> None:
    """Nothing is clicked."""


def train(page: Page) -> None:
    """The default network of page 23.3, from Start to the end."""
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Epoch 10.00 of 10")).to_be_visible(timeout=90_000)


# File, page, what of it must be there, what to do, and how far down to scroll.
SHOTS: list[tuple[str, str, str, Callable[[Page], None], int]] = [
    ("home", "", "Train deeper, and learn less by heart", as_it_opens, 0),
    ("mnist", "ex23_3_mnist", "In Python", train, 0),
    ("softmax", "ex23_5_softmax_graph", "In Python", as_it_opens, 420),
    ("batch_norm", "ex23_6_batch_norm", "In Python", as_it_opens, 200),
]


def main() -> None:
    """Photograph what a reader sees, wide and in the light theme."""
    with running_app(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        for name, path, heading, prepare, down in SHOTS:
            page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
            page.goto(f"http://127.0.0.1:{PORT}/{path}")
            expect(page.get_by_role("heading", name=heading).first).to_be_attached(timeout=30_000)
            settle(page)
            prepare(page)
            page.mouse.move(800, 400)
            page.mouse.wheel(0, down)
            page.mouse.move(1275, 795)  # where nothing answers it
            page.wait_for_timeout(1500)  # charts fade in
            settle(page)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
