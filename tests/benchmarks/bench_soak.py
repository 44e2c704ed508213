"""Many readers at once on page 23.3: each trains and clicks at random for minutes, and every click is answered.

Run from the top folder, with nothing else running:  python -m tests.benchmarks.bench_soak [sessions] [minutes]

Prints how long answers took, and the server's memory with one tab, at the end, and after all tabs are closed. It
ends with an error where a click is not answered within half a minute, or where a traceback stands on a page.
"""

import asyncio
import random
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from pages.shared.chapter import EXERCISES
from tests.benchmarks.bench_tabs import server_memory
from tests.browser.reader import EVERY_WORD, chromium_options
from tests.running_app import running_app

ANSWERED_WITHIN, NEVER = 30.0, 120.0  # seconds: what takes longer than the second is never answered
SETTINGS = "ex23_3_batch=16&ex23_3_rate=0.1&ex23_3_epochs=20"
TABS = ["Mistakes", "Your own digit", "The answer"]
LOOK = f"""
() => {{
  const fresh = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.offsetParent
    && !node.closest("[data-stale=true]"));
  return {{
    buttons: fresh("button:enabled").map((button) => button.innerText.split("\\n").at(-1).trim()),
    sentence: fresh(".st-key-ex23_3_what_changes").map((node) => node.innerText).join(" "),
    progress: {EVERY_WORD}.match(/Epoch [\\d.]+ of \\d+, step [\\d,]+|Press Train/)?.[0] ?? "",
    tab: document.querySelector("[role=tab][aria-selected=true]")?.innerText.trim() ?? "",
    panel: document.querySelector("[role=tabpanel]:not([inert])")?.innerText ?? "",
    tracebacks: document.querySelectorAll("[data-testid=stException]").length,
  }};
}}
"""
BEGINNERS = ("Train", "Go on", "10 more epochs")


class Session:
    """A reader with a tab of its own, and what became of each click."""

    def __init__(self, page: Page, seed: int) -> None:
        self._page, self._random = page, random.Random(seed)
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self.faults: list[str] = []

    async def click_for(self, seconds: float) -> None:
        """Click at random, each time when the last click was answered."""
        actions = [self._train_or_pause, self._one_batch, self._slide, self._open_tab]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            seen = await self._page.evaluate(LOOK)
            if seen["tracebacks"]:
                self.faults.append("a traceback")
                return
            await self._random.choice(actions)(seen)
            await asyncio.sleep(self._random.uniform(0.2, 2.0))

    async def _train_or_pause(self, seen: dict[str, Any]) -> None:
        if "Pause" in seen["buttons"]:
            await self._click("Pause", "pause", lambda now: "Pause" not in now["buttons"])
        elif name := next((one for one in BEGINNERS if one in seen["buttons"]), None):
            await self._click(name, "train", lambda now: "Pause" in now["buttons"])

    async def _one_batch(self, seen: dict[str, Any]) -> None:
        if "One batch" in seen["buttons"] and "Pause" not in seen["buttons"]:
            before = seen["progress"]
            await self._click("One batch", "one batch", lambda now: now["progress"] != before)

    async def _slide(self, seen: dict[str, Any]) -> None:
        slider = self._page.locator(".st-key-ex23_3_epochs").get_by_role("slider")
        await slider.press(self._random.choice(["ArrowLeft", "ArrowRight"]))
        value = await slider.input_value()

        def is_spoken_of(now: dict[str, Any]) -> bool:
            of_run = re.search(r"Epoch [\d.]+ of (\d+)", now["progress"])
            if of_run is None or of_run.group(1) == value:
                return not now["sentence"]
            return f"{value} epochs" in now["sentence"]

        await self._wait("slider", is_spoken_of)

    async def _open_tab(self, seen: dict[str, Any]) -> None:
        name = self._random.choice([tab for tab in TABS if tab != seen["tab"]])
        await self._page.get_by_role("tab", name=name, exact=True).click()
        await self._wait("tab", lambda now: now["tab"] == name and bool(now["panel"]))

    async def _click(self, name: str, kind: str, is_answered: Callable[[dict[str, Any]], bool]) -> None:
        button = self._page.get_by_role("button", name=name, exact=True).first
        await button.evaluate("button => button.click()")
        await self._wait(kind, is_answered)

    async def _wait(self, kind: str, is_answered: Callable[[dict[str, Any]], bool]) -> None:
        begun = time.monotonic()
        while not is_answered(seen := await self._page.evaluate(LOOK)):
            if time.monotonic() - begun > NEVER:
                told = {name: what for name, what in seen.items() if name != "panel"}
                self.faults.append(f"{kind}: never answered; the page shows {told}")
                return
            await asyncio.sleep(0.05)
        self.seconds[kind].append(time.monotonic() - begun)
        if self.seconds[kind][-1] > ANSWERED_WITHIN:
            self.faults.append(f"{kind}: answered after {self.seconds[kind][-1]:.0f} s")


async def open_session(browser: Browser, url: str, seed: int) -> Session:
    """A tab at page 23.3."""
    page = await browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.set_default_timeout(120_000)
    await page.goto(f"{url}/{EXERCISES['23.3'].address}?{SETTINGS}")
    await page.get_by_role("button", name="Train", exact=True).wait_for()
    return Session(page, seed)


async def soak(url: str, sessions: int, seconds: float) -> tuple[list[Session], list[float]]:
    """All sessions, and the server's memory with one tab, at the end and after the tabs were closed."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium_options())
        readers = [await open_session(browser, url, 0)]
        memory = [server_memory(url)]
        readers += [await open_session(browser, url, seed) for seed in range(1, sessions)]
        work: list[Awaitable[None]] = [reader.click_for(seconds) for reader in readers]
        await asyncio.gather(*work)
        memory.append(server_memory(url))
        await browser.close()
    await asyncio.sleep(10)
    return readers, [*memory, server_memory(url)]


def main() -> None:
    """Print the answers' times by kind, faults and memory."""
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    with running_app() as url:
        readers, memory = asyncio.run(soak(url, sessions, 60 * minutes))
    for kind in sorted({kind for reader in readers for kind in reader.seconds}):
        times = [seconds for reader in readers for seconds in reader.seconds[kind]]
        middle = statistics.median(times)
        print(f"{kind:10s} {len(times):5d} answered   median {middle:.2f} s   worst {max(times):.1f} s")
    print(f"server: {memory[0]:.0f} MB with one tab, {memory[1]:.0f} at the end, {memory[2]:.0f} with all closed")
    faults = [f"session {k}: {fault}" for k, reader in enumerate(readers) for fault in reader.faults]
    print(*faults, sep="\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
