"""A connection that breaks just after Train was pressed on page 23.3: does the run train, or is the press lost?

Run from the top folder, with nothing else running:  python -m tests.benchmarks.bench_breaks [times] [seed]

Each time a fresh tab presses Train, and its connection is closed 30 to 160 ms later. Prints what came of it, and
ends with an error where the page stayed white or the run does not train within half a minute.
"""

import random
import re
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from tests.browser.reader import EVERY_WORD, Reader, chromium_options
from tests.running_app import running_app

ENDLESS = "ex23_3_epochs=50&ex23_3_layers=5&ex23_3_batch=1&ex23_3_rate=0.01"
SETTLED_WITHIN = 30.0  # seconds
SOCKETS = """
window.sockets = [];
const Plain = WebSocket;
window.WebSocket = class extends Plain { constructor(...a) { super(...a); window.sockets.push(this); } };
"""
PRESS_AND_BREAK = """
(milliseconds) => {
  [...document.querySelectorAll("button")].find((button) => button.innerText.trim().endsWith("Train")).click();
  setTimeout(() => window.sockets.at(-1).close(4000), milliseconds);
}
"""


def trained(page: Page) -> float:
    """Seconds of training that the page tells of; 0 if it tells of none, −1 if it is white."""
    words = page.evaluate(f"document.getElementById('root')?.childElementCount ? {EVERY_WORD} : null")
    if words is None:
        return -1.0
    found = re.search(r"([\d.]+) s of training", words)
    return float(found.group(1)) if found else 0.0


def outcome(page: Page) -> str:
    """What the page does in the end: "trains", "stands still" or "white"."""
    end = time.monotonic() + SETTLED_WITHIN
    come_to = 0.0
    while time.monotonic() < end:
        page.wait_for_timeout(500)
        now = trained(page)
        if come_to and now > come_to:
            return "trains"
        come_to = max(now, 0.0)
    return "white" if trained(page) < 0 else "stands still"


def main() -> None:
    """Print what came of each break, and how many of each kind there were."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    moments = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    outcomes: Counter[str] = Counter()
    with TemporaryDirectory() as profile, running_app() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            Path(profile), reduced_motion="reduce", **chromium_options()
        )
        for k in range(times):
            reader = Reader.in_new_tab(browser, url)
            reader.page.add_init_script(SOCKETS)
            reader.open("23.3", ENDLESS)
            reader.page.wait_for_function("window.comesBack")
            milliseconds = moments.randint(30, 160)
            reader.page.evaluate(PRESS_AND_BREAK, milliseconds)
            outcomes[what := outcome(reader.page)] += 1
            print(f"{k:3d}: broken {milliseconds:3d} ms after Train: {what}", flush=True)
            reader.page.close()
        browser.close()
    print(dict(outcomes))
    sys.exit(0 if outcomes["trains"] == times else 1)


if __name__ == "__main__":
    main()
