"""One server and one Chromium for all browser tests; every page is watched for errors and outside requests."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # nothing leaves the machine
]
# A deep link makes Streamlit look for these below the page's own path first; the second try finds them.
HARMLESS = ("_stcore/health", "_stcore/host-config")
# Streamlit's own: the empty header of a dataframe's index; the file uploader's section, which is presentational
# and yet can be focused; and wide tables, formulas and code, which scroll but cannot be focused. What we draw
# ourselves sits in a component, and its scrolling box has class "scroll".
NOT_OURS = {"empty-table-header"}
NOT_OURS_UNLESS = {"scrollable-region-focusable": 'class="scroll"'}
NOT_OURS_IN = {"presentation-role-conflict": 'data-testid="stFileUploaderDropzone"'}

# A browser that closes a page in the middle of a message: Streamlit 1.67 takes starlette's word for it, a
# RuntimeError since version 1, for a text frame and closes what is closed already.
CLOSED_WHILE_SENDING = re.compile(
    r"Exception in ASGI application\n(?:(?!Exception in ASGI application)[\s\S])*?in _websocket_endpoint"
    r"(?:(?!Exception in ASGI application)[\s\S])*?"
    r'WebSocketDisconnected: Cannot call "send" once a close message has been sent\.\n'
)

OpenPage = Callable[..., Page]

expect.set_options(timeout=20_000)  # a slow machine is no failure


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app, running for the whole session."""
    with running_app(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url


@contextmanager
def running_app(log: Path, address: str | None = "127.0.0.1") -> Iterator[str]:
    """The app on a free port, writing to `log`, which may hold no error and no warning at the end.

    With `address` None it listens where the project's configuration says.
    """
    environment = os.environ | ({} if address is None else {"STREAMLIT_SERVER_ADDRESS": address})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                *("-m", "streamlit", "run", "app.py"),
                *("--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none"),
            ],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)
    text = CLOSED_WHILE_SENDING.sub("", log.read_text())
    assert "Traceback" not in text, f"the server logged an error:\n{text}"
    assert "warning" not in text.lower(), f"the server logged a warning:\n{text}"


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the app did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Debian's Chromium. A machine without it fails the tests: a skipped browser test proves nothing.

    All pages share a profile on disk, as a reader's do: Streamlit's own files are compiled once, not in each test,
    which saves two fifths of what a page takes to load.
    """
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("Chromium is not installed; the browser tests need it (apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=executable,
            args=CHROMIUM_FLAGS,
            reduced_motion="reduce",
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: BrowserContext, app_url: str) -> Iterator[OpenPage]:
    """`open_page(path, width=1280)`: a page that has settled.

    At the end of the test no page may have logged an error or asked anything outside this machine.
    """
    errors: list[str] = []
    outside: list[str] = []
    pages = []

    def watch_console(message: ConsoleMessage) -> None:
        address = message.location.get("url", "") if message.location else ""
        if message.type == "error" and not address.split("?")[0].endswith(HARMLESS):
            errors.append(f"{message.text} ({address})")

    def watch_request(request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", "localhost", None):
            outside.append(request.url)

    def open_(path: str, width: int = 1280) -> Page:
        page = browser.new_page()
        pages.append(page)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": width, "height": 900})
        page.on("console", watch_console)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{app_url}/{path.lstrip('/')}")
        settle(page)
        return page

    browser.on("request", watch_request)  # of every page, one that a page opens included
    yield open_
    for page in pages:
        page.close()
    browser.remove_listener("request", watch_request)
    assert errors == []
    assert outside == []


def _is_ours(rule: str, html: str) -> bool:
    """Whether we drew the element that breaks a rule, and Streamlit did not."""
    return (
        rule not in NOT_OURS
        and NOT_OURS_UNLESS.get(rule, "") in html
        and not (rule in NOT_OURS_IN and NOT_OURS_IN[rule] in html)
    )


def settle(page: Page, timeout: float = 30_000) -> None:
    """Wait until the page has a title and no script is running; await what a click changes before this."""
    page.locator("h1").first.wait_for(timeout=timeout)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=timeout)


def in_both_themes(page: Page) -> Iterator[int]:
    """Show the page in the light theme at 1280 pixels, then in the dark one at 400; yields the width of each.

    Contrast depends on the theme, what fits on the width: two looks of the four there are see both. The page
    follows the reader's system while it is open.
    """
    themes: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 400))
    for theme, width in themes:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", theme)
        settle(page)
        yield width


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)`: no accessibility violation but Streamlit's own."""

    def check(page: Page) -> None:
        violations = [
            violation
            for violation in Axe().run(page).response["violations"]
            if any(_is_ours(violation["id"], node["html"]) for node in violation["nodes"])
        ]
        assert violations == [], "\n".join(
            f"{v['id']}: {v['help']}: {[node['html'][:200] for node in v['nodes']]}" for v in violations
        )

    return check
