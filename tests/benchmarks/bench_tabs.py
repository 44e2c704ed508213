"""Many tabs training on full MNIST at once: how fast a control answers meanwhile, and memory of each further tab.

Run from the top folder, with nothing else running:  python -m tests.benchmarks.bench_tabs [tabs]
"""

import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.bench_pages import control_answers
from tests.browser.reader import Reader, chromium_options
from tests.running_app import running_app

PRESSES = 16
SETTINGS = "ex23_3_batch=4&ex23_3_rate=0.1&ex23_3_epochs=50"  # a run that outlasts the measurement


def server_memory(url: str) -> float:
    """Resident memory of the process of the app at that address, in MB."""
    port = url.rsplit(":", 1)[1]
    found = subprocess.run(
        ["pgrep", "-f", f"streamlit run app.py.*{port}"], capture_output=True, text=True, check=True
    )
    status = Path(f"/proc/{found.stdout.split()[0]}/status").read_text()
    match = re.search(r"VmRSS:\s+(\d+) kB", status)
    if match is None:
        raise RuntimeError("the system does not tell the server's memory")
    return int(match.group(1)) / 1024


def open_training(page: Page, url: str) -> None:
    """Page 23.3 in training."""
    Reader(page, url).open("23.3", SETTINGS)
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text("test digits are read correctly").wait_for(timeout=60_000)


def main() -> None:
    """Print the answers with all tabs training, and memory from one tab to all."""
    tabs = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    with running_app(watch_files=True) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        memory, pages = [], []
        for _ in range(tabs):
            pages.append(browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce"))
            open_training(pages[-1], url)
            time.sleep(3)
            memory.append(server_memory(url))
        times = control_answers(pages[0], PRESSES)
        print(f"{tabs} tabs: a control answers in {statistics.median(times):.0f} ms, worst {max(times):.0f} ms")
        each = (memory[-1] - memory[0]) / max(1, tabs - 1)
        print(
            f"server: {memory[0]:.0f} MB with one tab, {memory[-1]:.0f} with {tabs}: {each:.1f} MB a further tab"
        )
        words = [page.get_by_text(re.compile("s of training")).inner_text() for page in pages]
        print(f"so far: {[re.findall(r'Epoch [0-9.]+', text) for text in words]}")
        browser.close()


if __name__ == "__main__":
    main()
