"""How soon a page stands: after the README's run command, after a click in the menu, and home when seen before.

Run from the top folder, with nothing else running:  python -m tests.benchmarks.bench_loading [--rounds 5]

A page's title stands when the reader sees where they are; its picture when the first of them is drawn; all of it
when its last section is there and no script runs any more. Beside home stands an app with next to nothing in it
(bare_app.py), started in turn with it.
"""

import argparse
import statistics
import time
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from pages.shared.chapter import EXERCISES, PARTS
from tests.benchmarks.bench_pages import BARE_APP
from tests.browser.reader import Reader, chromium_options
from tests.running_app import running_app

PAGES = [*(exercise.label for exercise in EXERCISES.values()), "Chapter 23"]

# From the next click on, or from the page's first moment, notes when title, picture and all of it stand.
WATCH = """
([title, last, atOnce]) => {
  const DRAWN = "svg path, svg line, svg polyline, canvas, img";
  const roots = (root) => [root, ...[...root.querySelectorAll("*")].flatMap(
    (child) => child.shadowRoot ? roots(child.shadowRoot) : [])];
  window.stands = new Promise((resolve) => {
    const begin = (start) => {
      const seen = {};
      const look = () => {
        const now = performance.now() - start;
        const main = document.querySelector("[data-testid=stMain]");
        const heading = main?.querySelector("h1")?.textContent ?? "";
        if (heading.startsWith(title)) {
          seen.title ??= now;
          const drawn = roots(main).some((root) => root.querySelector(DRAWN));
          if (drawn) seen.picture ??= now;
          const rests = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning";
          const ended = [...main.querySelectorAll("h2")].some((h2) => h2.textContent === last);
          if (rests && ended && drawn) return resolve({ ...seen, all: now });
        }
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    if (atOnce) begin(0);
    else document.addEventListener("click", () => begin(performance.now()), { capture: true, once: true });
  });
}
"""
HOME, BARE = ["Feed-forward", list(PARTS)[-1]], ["Bare", "In Python"]


def open_first(context: BrowserContext, url: str, first: list[str]) -> tuple[Page, dict[str, Any]]:
    """The app's first page, of that title and last section, in a new tab; milliseconds until it stands."""
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.evaluate(WATCH, [*first, True])
    return page, dict(page.evaluate("stands"))


def visit(page: Page, name: str) -> dict[str, Any]:
    """Milliseconds from the click on a page in the menu until it stands."""
    Reader(page, page.url).settle()
    time.sleep(0.5)
    title, last = HOME if name == "Chapter 23" else [name.split()[0], "In Python"]
    page.evaluate(WATCH, [title, last, False])
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    return dict(page.evaluate("stands"))


def report(what: str, times: list[dict[str, Any]]) -> None:
    """A line with the medians, and the slowest title."""

    def middle(part: str) -> float:
        """The median of a part's times."""
        return statistics.median(each[part] for each in times)

    print(
        f"{what:34s} title {middle('title'):5.0f} ms (worst {max(each['title'] for each in times):5.0f})   "
        f"first picture {middle('picture'):5.0f}   all of it {middle('all'):5.0f}",
        flush=True,
    )


def main() -> None:
    """Print how soon each page stands."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())

        def new_browser() -> BrowserContext:
            """One that has seen nothing yet."""
            return browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")

        apps = {"home": ("app.py", HOME), "the bare app": (BARE_APP, BARE)}
        times: dict[str, list[dict[str, Any]]] = {}
        for _ in range(rounds):
            for name, (file, first) in apps.items():
                start = time.perf_counter()
                with running_app(file=file, watch_files=True) as url:
                    before = 1000 * (time.perf_counter() - start)
                    context = new_browser()
                    new = {part: ms + before for part, ms in open_first(context, url, first)[1].items()}
                    times.setdefault(f"run command to {name}", []).append(new)
                    times.setdefault(f"{name}, seen before", []).append(open_first(context, url, first)[1])
                    context.close()
        for what, measured in times.items():
            report(what, measured)
        with running_app(watch_files=True) as url:
            page, _ = open_first(new_browser(), url, HOME)
            for name in PAGES:
                visit(page, name)
            visits = [{name: visit(page, name) for name in PAGES} for _ in range(rounds)]
        for name in PAGES:
            report(f"menu to {name}", [each[name] for each in visits])
        browser.close()


if __name__ == "__main__":
    main()
