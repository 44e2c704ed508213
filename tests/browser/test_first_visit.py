"""The very first visit after the app has started, by a link to one page."""

from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.running_app import running_app


def test_a_deep_link_opens_its_page_within_the_app(browser: BrowserContext, tmp_path: Path) -> None:
    with running_app(tmp_path / "log.txt") as url:
        page = browser.new_page()
        page.goto(f"{url}/ex23_4_sigmoid_graph?ex23_4_z=2.0&ex23_4_question=1e999&ex23_4_graph_pass=")
        expect(page.get_by_role("heading", name="23.4 The sigmoid as a computation graph")).to_be_visible(
            timeout=20_000
        )
        # without app.py the list of pages would show file names
        expect(page.get_by_role("link", name="Chapter 23")).to_be_visible()
        expect(page.get_by_text("Page not found")).to_have_count(0)
        expect(page.locator(".st-key-ex23_4_z").get_by_role("slider")).to_have_value("2")
        # what could never be a value is dropped, and the page is still the one asked for
        expect(page.locator(".st-key-ex23_4_question").get_by_role("spinbutton")).to_have_value("1")
        expect(page.get_by_test_id("stException")).to_have_count(0)
        page.close()
