"""The very first visit after the app has started, by a link to one page."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from pages.shared.chapter import EXERCISES
from tests.browser.reader import Reader
from tests.running_app import running_app


@pytest.mark.thorough
def test_a_deep_link_opens_its_page_within_the_app(browser: BrowserContext, tmp_path: Path) -> None:
    with running_app(tmp_path / "log.txt") as url:
        reader = Reader.in_new_tab(browser, url)
        reader.open("23.4", "ex23_4_z=2.0&ex23_4_y=1e999&ex23_4_loss=")
        page = reader.page
        expect(page.get_by_role("heading", name=EXERCISES["23.4"].heading)).to_be_visible()
        # without app.py the list of pages would show file names
        expect(page.get_by_role("link", name="Chapter 23")).to_be_visible()
        expect(page.get_by_text("Page not found")).to_have_count(0)
        expect(reader.slider("ex23_4_z")).to_have_value("2")
        # what could never be a value is dropped, and the page is still the one asked for
        expect(reader.slider("ex23_4_y")).to_have_value("1")
        reader.is_unharmed()
        page.close()
