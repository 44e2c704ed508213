"""One server and one Chromium for all browser tests; every page is watched for errors and outside requests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, sync_playwright

from tests.browser.reader import Reader, chromium_options
from tests.running_app import running_app

# A deep link makes Streamlit look for these below the page's own path first; the second try finds them.
HARMLESS = ("_stcore/health", "_stcore/host-config")

Visit = Callable[..., Reader]


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app, running for the whole session."""
    with running_app(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Debian's Chromium.

    All pages share a profile on disk, as a reader's do: Streamlit's own files are compiled once, not in each test,
    which saves two fifths of what a page takes to load.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), reduced_motion="reduce", **chromium_options()
        )
        yield chromium
        chromium.close()


@contextmanager
def watched_visits(browser: BrowserContext, app_url: str) -> Iterator[Visit]:
    """`visit("23.4", "ex23_4_z=2.0", width=1280)`: a reader of a page that has settled; `visit()`: of home.

    At the end no page may have logged an error or asked anything outside this machine.
    """
    errors: list[str] = []
    outside: list[str] = []
    readers = []

    def watch_console(message: ConsoleMessage) -> None:
        address = message.location.get("url", "") if message.location else ""
        if message.type == "error" and not address.split("?")[0].endswith(HARMLESS):
            errors.append(f"{message.text} ({address})")

    def watch_request(request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", "localhost", None):
            outside.append(request.url)

    def visit(number: str = "", query: str = "", width: int = 1280) -> Reader:
        reader = Reader.in_new_tab(browser, app_url, width)
        readers.append(reader)
        reader.page.on("console", watch_console)
        reader.page.on("pageerror", lambda error: errors.append(str(error)))
        return reader.open(number, query)

    browser.on("request", watch_request)  # of every page, one that a page opens included
    yield visit
    for reader in readers:
        reader.page.close()
    browser.remove_listener("request", watch_request)
    assert errors == []
    assert outside == []


@pytest.fixture
def visit(browser: BrowserContext, app_url: str) -> Iterator[Visit]:
    """Visits of one test."""
    with watched_visits(browser, app_url) as visit:
        yield visit


@pytest.fixture(scope="module")
def shared_visit(browser: BrowserContext, app_url: str) -> Iterator[Visit]:
    """Visits that the tests of a module share: a page takes longer to open than what most tests do on it."""
    with watched_visits(browser, app_url) as visit:
        yield visit
