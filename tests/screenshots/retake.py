"""Take the README's pictures anew from the running app:  python -m tests.screenshots.retake"""

from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.benchmarks.bench_pages import PORT, running_app
from tests.browser.conftest import CHROMIUM_FLAGS, settle

FOLDER = Path(__file__).parent


def main() -> None:
    """Train the default network on page 23.3 and photograph what a reader sees."""
    with running_app(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        page.goto(f"http://127.0.0.1:{PORT}/ex23_3_mnist")
        expect(page.get_by_role("heading", name="In Python")).to_be_visible(timeout=30_000)
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.get_by_text("Epoch 10.00 of 10")).to_be_visible(timeout=60_000)
        settle(page)
        page.screenshot(path=FOLDER / "mnist.png")
        browser.close()


if __name__ == "__main__":
    main()
