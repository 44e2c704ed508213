"""What a reader may do to the whole app: several tabs, reload, back, a lost connection; and who can reach it."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import OpenPage, in_both_themes, settle
from tests.browser.graph_helpers import fits
from tests.running_app import running_app

SLOW = "ex23_3_mnist?ex23_3_data=digits+8%C3%978&ex23_3_batch=1&ex23_3_epochs=50&ex23_3_rate=0.01"
LISTENING = "0A"


def epoch(page: Page) -> float:
    """How far the run on page 23.3 has come."""
    match = re.search(r"Epoch ([\d.]+) of", page.get_by_text(re.compile(r"Epoch [\d.]+ of")).first.inner_text())
    assert match is not None
    return float(match.group(1))


def start(page: Page) -> None:
    """Press Start and wait for the first points."""
    expect(page.get_by_role("heading", name="In Python")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Accuracy on test data")).to_be_visible(timeout=20_000)


def wait_until_trained_past(page: Page, mark: float) -> None:
    """Wait until the run has come further than `mark` epochs."""
    page.wait_for_function(
        "mark => Number((document.body.innerText.match(/Epoch ([\\d.]+) of/) || [0, 0])[1]) > mark",
        arg=mark,
        timeout=20_000,
    )


def test_home_is_accessible_and_no_wider_than_the_screen(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_page("")
    expect(page.locator("[class*=st-key-preview_] svg")).to_have_count(7)
    expect(page.get_by_text("random masks against learning by heart")).to_be_visible()
    settle(page)
    for width in in_both_themes(page):
        axe(page)
        fits(page, width)


def test_home_leads_to_every_page(open_page: OpenPage) -> None:
    page = open_page("")
    links = page.get_by_test_id("stPageLink").get_by_role("link")
    expect(links).to_have_count(7)
    for k in range(7):
        name = links.nth(k).inner_text()
        links.nth(k).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name.split()[0])
        page.go_back()
        expect(page.get_by_role("heading", name="Feed-forward neural networks, alive")).to_be_visible()


def test_a_heading_gives_a_link_to_its_section(open_page: OpenPage) -> None:
    page = open_page("ex23_7_dropout?ex23_7_p=0.3")
    heading = page.get_by_role("heading", name="Step by step")
    expect(heading).to_be_visible(timeout=30_000)
    settle(page)
    heading.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(heading).to_be_in_viewport()
    assert page.url.endswith("?ex23_7_p=0.3#step-by-step")
    elsewhere = open_page(page.url.split("/", 3)[3])
    expect(elsewhere.get_by_role("heading", name="Step by step")).to_be_in_viewport(timeout=30_000)


def test_two_tabs_train_at_once_and_still_answer(open_page: OpenPage) -> None:
    pages = [open_page(SLOW), open_page(SLOW)]
    for page in pages:
        start(page)
    marks = [epoch(page) for page in pages]
    for page, mark in zip(pages, marks, strict=True):
        wait_until_trained_past(page, mark)
    pages[0].locator(".st-key-ex23_3_seed").get_by_role("spinbutton").press("ArrowUp")
    expect(pages[0].get_by_text("The settings now differ")).to_be_visible(timeout=5_000)
    expect(pages[1].get_by_text("The settings now differ")).to_have_count(0)


def test_the_back_button_finds_the_run_and_a_reload_begins_anew_with_the_same_settings(
    open_page: OpenPage,
) -> None:
    page = open_page(SLOW)
    start(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Chapter 23").click()
    expect(page.get_by_role("heading", name="Feed-forward neural networks, alive")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="23.3 Back-propagation on MNIST")).to_be_visible(timeout=20_000)
    expect(page.get_by_text(re.compile(r"Epoch [\d.]+ of 50")).first).to_be_visible(timeout=20_000)
    wait_until_trained_past(page, epoch(page))
    page.reload()
    expect(page.get_by_text("Press Start. The first points appear")).to_be_visible(timeout=20_000)
    expect(page.locator(".st-key-ex23_3_batch")).to_contain_text("1")
    start(page)
    assert epoch(page) >= 0


def test_a_lost_connection_comes_back_to_the_same_run(browser: BrowserContext, app_url: str) -> None:
    # Its own page: a browser logs an error when a connection breaks, which `open_page` would not forgive.
    page = browser.new_page()
    page.add_init_script(
        "window.sockets = []; const Plain = WebSocket;"
        "window.WebSocket = class extends Plain { constructor(...a) { super(...a); window.sockets.push(this); } };"
    )
    page.goto(f"{app_url}/{SLOW}")
    start(page)
    # Start draws the whole page anew. A connection that breaks in the middle of that leaves Streamlit 1.67 with
    # half a page, on which it fails; from now on only the curves are drawn, a slice of training each time.
    expect(page.get_by_role("heading", name="One picture, forward and back")).to_be_visible(timeout=20_000)
    wait_until_trained_past(page, epoch(page))
    before = epoch(page)
    page.evaluate("window.sockets.forEach(socket => socket.close(4000))")
    page.wait_for_function("window.sockets.length > 1", timeout=20_000)
    expect(page.get_by_text(re.compile(r"Epoch [\d.]+ of 50")).first).to_be_visible(timeout=20_000)
    wait_until_trained_past(page, before)
    page.close()


def test_only_this_machine_can_reach_the_app(tmp_path: Path) -> None:
    # With the project's own configuration, nothing else said.
    with running_app(tmp_path / "log.txt", address=None) as url:
        port = f"{int(url.rsplit(':', 1)[1]):04X}"
        sockets = [
            line.split()
            for table in ("/proc/net/tcp", "/proc/net/tcp6")
            for line in Path(table).read_text().splitlines()[1:]
        ]
        addresses = {
            local.split(":")[0]
            for _, local, _, status, *_ in sockets
            if local.endswith(port) and status == LISTENING
        }
    assert addresses
    assert addresses <= {"0100007F", "00000000000000000000000001000000"}  # 127.0.0.1 and ::1
