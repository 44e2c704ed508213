"""What a reader may do to the whole app: several tabs, a link, a lost connection; and who can reach it."""

import re
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import BrowserContext, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.shared.chapter import EXERCISES
from tests.browser.conftest import Visit
from tests.browser.reader import EVERY, EVERY_WORD, PATIENCE, Reader

# Two and a half million steps through six layers: no machine ends that while a reader looks.
ENDLESS = "ex23_3_epochs=50&ex23_3_layers=5&ex23_3_batch=1&ex23_3_rate=0.01"
LISTENING = "0A"


def trained(reader: Reader) -> float:
    """How far the run on page 23.3 has come: seconds of training, which the page says to a tenth."""
    text = reader.page.get_by_text(re.compile(r"Epoch [\d.]+ of 50")).first.inner_text()
    match = re.search(r"([\d.]+) s of training", text)
    assert match is not None
    return float(match.group(1))


def wait_until_trained_past(reader: Reader, mark: float) -> None:
    """Wait until the run has been trained for more than `mark` seconds."""
    reader.page.wait_for_function(
        f"mark => Number(({EVERY_WORD}.match(/([\\d.]+) s of training/) || [0, 0])[1]) > mark",
        arg=mark,
        polling=EVERY,
    )


def start(reader: Reader) -> None:
    """Press Train and wait until the run goes on by itself."""
    reader.press("Train")
    reader.sees("s of training")
    wait_until_trained_past(reader, trained(reader))


def test_a_heading_gives_a_link_to_its_section(visit: Visit) -> None:
    reader = visit("23.6", "ex23_6_answer=open")
    heading = reader.page.get_by_role("heading", name="The whole algorithm")
    heading.get_by_role("link").focus()
    reader.page.keyboard.press("Enter")
    expect(heading).to_be_in_viewport()
    address = urlparse(reader.page.url)
    assert address.fragment == "the-whole-algorithm"
    assert "ex23_6_answer=open" in address.query  # nothing that was set is lost
    elsewhere = visit("23.6", reader.page.url.split("?")[1])
    expect(elsewhere.page.get_by_role("heading", name="The whole algorithm")).to_be_in_viewport()


def test_a_large_element_is_never_sent_as_a_mere_reference(visit: Visit) -> None:
    """The browser may have forgotten what it refers to by then: the tab's content would never come."""
    reader, sockets, received = visit("23.1"), list[WebSocket](), list[ForwardMsg]()

    def note(payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            received.append(ForwardMsg.FromString(payload))

    def is_large_and_came_before(payload: str | bytes) -> bool:
        message = ForwardMsg.FromString(payload if isinstance(payload, bytes) else b"")
        return message.ByteSize() > 10_000 and [known.hash for known in received].count(message.hash) > 1

    def watch(socket: WebSocket) -> None:
        sockets.append(socket)
        socket.on("framereceived", note)

    reader.page.on("websocket", watch)
    reader.page.reload()
    reader.settle()
    for _ in range(2):
        with sockets[-1].expect_event("framereceived", is_large_and_came_before, timeout=PATIENCE):
            reader.press("Start over")
    reader.settle()
    assert "ref_hash" not in {message.WhichOneof("type") for message in received}


@pytest.mark.thorough
def test_two_tabs_train_at_once_and_still_answer(visit: Visit) -> None:
    readers = [visit("23.3", ENDLESS), visit("23.3", ENDLESS)]
    for reader in readers:
        start(reader)
    marks = [trained(reader) for reader in readers]
    for reader, mark in zip(readers, marks, strict=True):
        wait_until_trained_past(reader, mark)
    readers[0].slider("ex23_3_epochs").press("ArrowLeft")
    readers[0].sees("begins a new run with 49 epochs")
    expect(readers[1].page.get_by_text("begins a new run")).to_have_count(0)


@pytest.mark.thorough
def test_a_lost_connection_loses_no_press_and_no_run_and_leaves_no_white_page(
    browser: BrowserContext, app_url: str
) -> None:
    # Its own tab: a browser logs an error when a connection breaks, which `visit` would not forgive.
    reader = Reader.in_new_tab(browser, app_url)
    page = reader.page
    page.add_init_script(
        "window.sockets = []; const Plain = WebSocket;"
        "window.WebSocket = class extends Plain { constructor(...a) { super(...a); window.sockets.push(this); } };"
    )
    reader.open("23.3", ENDLESS)
    page.wait_for_function("window.comesBack")
    # The connection breaks before the press is on its way: it is made again when there is one.
    reader.button("Train").evaluate("button => { button.click(); window.sockets.at(-1).close(4000); }")
    expect(reader.button("Pause")).to_be_visible()
    wait_until_trained_past(reader, 0)
    # A connection that breaks while the whole page is drawn anew leaves Streamlit 1.67 with half a page, on which
    # it may fail; from now on only the picture is drawn, a slice of training each time.
    before = trained(reader)
    page.evaluate("window.sockets.at(-1).close(4000)")
    page.wait_for_function("window.sockets.length > 2")
    wait_until_trained_past(reader, before)
    page.evaluate("document.getElementById('root').replaceChildren()")  # as where it fails
    expect(page.get_by_role("heading", name=EXERCISES["23.3"].heading)).to_be_visible()
    page.close()


def test_only_this_machine_can_reach_the_app(app_url: str) -> None:
    port = f"{int(app_url.rsplit(':', 1)[1]):04X}"
    sockets = [
        line.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
    ]
    addresses = {
        local.split(":")[0]
        for _, local, _, status, *_ in sockets
        if local.endswith(f":{port}") and status == LISTENING
    }
    assert addresses
    assert addresses <= {"0100007F", "00000000000000000000000001000000"}  # 127.0.0.1 and ::1
