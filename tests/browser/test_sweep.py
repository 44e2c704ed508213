"""The sweep of page 23.3 in Chromium: started, stopped, gone on with, pictured, kept, downloaded; two themes."""

import re
from collections.abc import Callable

import pandas as pd
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, in_both_themes, settle
from tests.browser.graph_helpers import fits

DIGITS = "ex23_3_mnist?ex23_3_data=digits+8%C3%978"
QUICK = f"{DIGITS}&ex23_3_epochs=1&ex23_3_sweep_batch=16&ex23_3_sweep_batch=64&ex23_3_sweep_batch=banana"
SLOW = f"{DIGITS}&ex23_3_epochs=50&ex23_3_sweep_batch=1&ex23_3_sweep_batch=2&ex23_3_sweep_and=none"


def press(page: Page, name: str) -> None:
    """Press the button of that name, on a page that is complete."""
    expect(page.get_by_role("heading", name="In Python")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name=name, exact=True).click()


def charts(page: Page) -> tuple[Locator, Locator]:
    """The sweep's heat map and its curves."""
    both = page.locator(".st-key-ex23_3_sweep_live").get_by_test_id("stVegaLiteChart")
    return both.nth(0), both.nth(1)


def test_a_sweep_is_trained_pictured_kept_and_downloaded(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_page(QUICK)
    press(page, "Start the sweep")
    expect(page.get_by_text("All 6 networks are trained")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Start the sweep")).to_be_visible(timeout=20_000)
    settle(page)
    heat_map, curves = charts(page)
    written = heat_map.locator("svg text").filter(has_text=re.compile(r"^\d+\.\d\d %$"))
    expect(written).to_have_count(6)
    expect(curves.locator("svg path[stroke-width='2']")).to_have_count(12)
    with page.expect_download() as download:
        press(page, "Download the sweep as CSV")
    results = pd.read_csv(download.value.path())
    assert sorted(f"{100 * x:.2f} %" for x in results["test accuracy"]) == sorted(written.all_text_contents())
    with page.expect_download() as download:
        press(page, "Download its curves as CSV")
    assert set(pd.read_csv(download.value.path())["run"]) == set(results["run"])
    press(page, "Keep this one")
    expect(page.get_by_role("heading", name="Your runs")).to_be_visible(timeout=20_000)
    settle(page)
    for width in in_both_themes(page):
        axe(page)
        fits(page, width)


def test_stop_and_go_on_while_nothing_fades(open_page: OpenPage) -> None:
    page = open_page(SLOW)
    press(page, "Start the sweep")
    expect(page.get_by_text("Network 1 of 2: batch 1")).to_be_visible(timeout=20_000)
    expect(charts(page)[1].locator("svg")).to_be_visible(timeout=20_000)
    faded = page.evaluate(
        """async () => {
          let faded = 0;
          for (let k = 0; k < 40; k++) {
            for (const box of document.querySelectorAll(".st-key-ex23_3_sweep_live .stElementContainer"))
              faded += getComputedStyle(box).opacity < 1;
            await new Promise((resume) => setTimeout(resume, 50));
          }
          return faded;
        }"""
    )
    assert faded == 0
    press(page, "Stop the sweep")
    expect(page.get_by_role("button", name="Go on", exact=True)).to_be_visible(timeout=10_000)
    settle(page)
    progress = page.get_by_text(re.compile("Network 1 of 2"))
    stopped_at = progress.inner_text()
    page.wait_for_timeout(1000)
    assert progress.inner_text() == stopped_at
    press(page, "Go on")
    expect(progress).not_to_have_text(stopped_at, timeout=10_000)
    press(page, "Stop the sweep")
    expect(page.get_by_role("button", name="Start anew", exact=True)).to_be_visible(timeout=10_000)
