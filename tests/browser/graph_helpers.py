"""What the browser tests of the graph pages share."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle


def settle_on(page: Page, title: str) -> None:
    """Wait for the page of that title, complete with its last section."""
    expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=20_000)
    expect(page.get_by_role("heading", name="In Python")).to_be_visible(timeout=20_000)
    expect(page.locator(".edge").first).to_be_visible()
    settle(page)


def edge(page: Page, name: str) -> Locator:
    """An edge of the drawing."""
    return page.locator(f'[data-edge="{name}"]')


def fits(page: Page, width: int) -> None:
    """The page itself does not scroll sideways; what is wider scrolls in its own box."""
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= width
