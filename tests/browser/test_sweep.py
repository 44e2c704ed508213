"""The sweep of page 23.3 in Chromium: started, stopped, gone on with, pictured, kept, downloaded; two themes."""

import re

import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.reader import Reader

DIGITS = "ex23_3_data=digits+8%C3%978"
QUICK = (
    f"ex23_3_tab=Compare+runs&ex23_3_compare=a+sweep&{DIGITS}&ex23_3_epochs=1"
    "&ex23_3_sweep_batch=16&ex23_3_sweep_batch=64&ex23_3_sweep_batch=banana"
)
# Two and a half million steps through six layers: no machine ends that while a reader looks.
ENDLESS = (
    "ex23_3_tab=Compare+runs&ex23_3_compare=a+sweep&ex23_3_epochs=50&ex23_3_layers=5&ex23_3_rate=0.001"
    "&ex23_3_sweep_batch=1&ex23_3_sweep_batch=2&ex23_3_sweep_and=none"
)


def charts(reader: Reader) -> tuple[Locator, Locator]:
    """The sweep's heat map and its curves."""
    both = reader.control("ex23_3_sweep_live").get_by_test_id("stVegaLiteChart")
    return both.nth(0), both.nth(1)


@pytest.mark.thorough
def test_a_sweep_is_trained_pictured_kept_and_downloaded(visit: Visit) -> None:
    reader = visit("23.3", QUICK)
    page = reader.page
    reader.press("Start the sweep")
    reader.sees("All 6 networks are trained")
    expect(reader.button("Start the sweep")).to_be_visible()
    reader.settle()
    heat_map, curves = charts(reader)
    written = heat_map.locator("svg text").filter(has_text=re.compile(r"^\d+\.\d\d %$"))
    expect(written).to_have_count(6)
    expect(curves.locator("svg path[stroke-width='2']")).to_have_count(12)
    with page.expect_download() as download:
        reader.press("Download the sweep as CSV")
    results = pd.read_csv(download.value.path())
    accuracies = [f"{100 * accuracy:.2f} %" for accuracy in results["validation accuracy"]]
    assert sorted(accuracies) == sorted(written.all_text_contents())
    with page.expect_download() as download:
        reader.press("Download its curves as CSV")
    assert set(pd.read_csv(download.value.path())["run"]) == set(results["run"])
    reader.press("Keep this one")
    expect(reader.control("ex23_3_learning").get_by_role("listitem")).to_have_count(1)
    reader.settle()
    for width in reader.in_both_themes():
        reader.is_accessible()
        reader.fits(width)


# Resolves when the progress has changed five times, to how often a part was seen faded until then.
FADED = """
(progress) => new Promise((resolve) => {
  let faded = 0, changes = 0, before = progress().textContent;
  const look = () => {
    for (const box of document.querySelectorAll(".st-key-ex23_3_sweep_live .stElementContainer"))
      faded += getComputedStyle(box).opacity < 1;
    const now = progress().textContent;
    changes += now !== before;
    before = now;
    if (changes < 5) requestAnimationFrame(look);
    else resolve(faded);
  };
  look();
})
"""


@pytest.mark.thorough
def test_stop_and_go_on_while_nothing_fades(visit: Visit) -> None:
    reader = visit("23.3", ENDLESS)
    reader.press("Start the sweep")
    progress = reader.control("ex23_3_sweep_live").get_by_text("Network 1 of 2: batch 1")
    expect(progress).to_be_visible()
    expect(charts(reader)[1].locator("svg")).to_be_visible()
    find = "() => document.querySelector('.st-key-ex23_3_sweep_live [data-testid=stProgress]')"
    assert reader.page.evaluate(f"({FADED})({find})") == 0
    reader.press("Stop the sweep")
    expect(reader.control("ex23_3_sweep_go_on").get_by_role("button")).to_be_visible()
    reader.settle()
    stopped_at = progress.inner_text()
    reader.slider("ex23_3_epochs").press("ArrowRight")  # the page answers, the sweep rests
    reader.sees("The settings have changed since this sweep began.")
    reader.settle()
    assert progress.inner_text() == stopped_at
    reader.control("ex23_3_sweep_go_on").get_by_role("button").click()
    expect(progress).not_to_have_text(stopped_at)
    reader.press("Stop the sweep")
    expect(reader.button("Start anew")).to_be_visible()
