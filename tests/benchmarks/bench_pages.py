"""How fast the app answers in Chromium: slider to new picture on each page, and the share of time spent training.

Beside each page stands the same slider on a page with nothing else (bare_app.py), measured in turn with it.

Run from the top folder, with nothing else running:  python -m tests.benchmarks.bench_pages
Of some sliders only:  python -m tests.benchmarks.bench_pages ex23_4_formula_at_w ex23_5_x1
"""

import re
import statistics
import sys
import time

from playwright.sync_api import Browser, Page, expect, sync_playwright

from pages.shared.chapter import EXERCISES
from tests.browser.reader import Reader, chromium_options
from tests.running_app import running_app

BARE_APP = "tests/benchmarks/bare_app.py"
PRESSES = 20

# Exercise, slider, what in its picture must have changed (where it draws numbers, the very number), the address.
SLIDERS = [
    ("23.1", "ex23_1_fold", ".st-key-ex23_1_fold", "ex23_1_mode=A+network"),
    ("23.2", "ex23_2_critic", "[data-cell='0,0']", ""),
    ("23.4", "ex23_4_z", "[data-edge='z → f'] text.backward", "ex23_4_graph_step=6"),
    (
        "23.4",
        "ex23_4_formula_at_w",
        "[data-node='w'] .value",
        "ex23_4_tab=Your+own+formula&ex23_4_formula_player_step=6",
    ),
    ("23.5", "ex23_5_x1", "[data-node='x₁'] .value", "ex23_5_graph_step=17"),
    ("23.6", "ex23_6_gamma", ".st-key-ex23_6_picture", "ex23_6_more=true&ex23_6_step=minus+the+slope"),
    ("23.6", "ex23_6_curve_n", ".st-key-ex23_6_curve", "ex23_6_tab=Go+deeper"),
    ("23.7", "ex23_7_p", ".st-key-ex23_7_twins", "ex23_7_weights=W%2Fp"),  # a link shows the curves
    ("23.7", "ex23_7_scale", ".st-key-ex23_7_beyond", "ex23_7_tab=Go+deeper"),
]

# From the next key press on, looks at every frame whether the picture, shadow roots included, has changed.
WATCH = """
(selector) => {
  const roots = (root) => [root, ...[...root.querySelectorAll("*")].flatMap(
    (child) => child.shadowRoot ? roots(child.shadowRoot) : [])];
  const content = (node) => [...node.querySelectorAll("*")].reduce(
    (text, child) => text + (child.shadowRoot ? child.shadowRoot.innerHTML : ""), node.innerHTML);
  const find = () => roots(document).flatMap((root) => [...root.querySelectorAll(selector)]);
  let pictures = find();  // looked for again only when one is gone: a walk over the page takes as long as a frame
  const shown = () => {
    if (!pictures.length || pictures.some((node) => !node.isConnected)) pictures = find();
    return pictures.map(content).join();
  };
  const before = shown();
  if (!before) throw new Error(`nothing to watch at ${selector}`);
  window.answered = new Promise((resolve, reject) => {
    document.addEventListener("keydown", () => {
      const start = performance.now();
      const look = () => {
        const after = performance.now() - start;
        if (shown() !== before) resolve(after);
        else if (after > 10_000) reject(new Error("no answer within 10 s"));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
}
"""

# From the next key press on, notes the last change of the page, tables on canvas included, before 0.8 s without
# any. (What a table holds for screen readers comes later, and is not counted.)
WATCH_ALL = """
() => {
  const roots = (root) => [root, ...[...root.querySelectorAll("*")].flatMap(
    (child) => child.shadowRoot ? roots(child.shadowRoot) : [])];
  let start, last;
  const changed = () => { if (start !== undefined) last = performance.now() - start; };
  const observer = new MutationObserver((records) => {
    const elements = records.map(({ target }) => target.nodeType === 1 ? target : target.parentElement);
    if (!elements.every((element) => element?.closest("canvas"))) changed();
  });
  const options = { childList: true, subtree: true, characterData: true };
  roots(document.querySelector("[data-testid=stMain]")).forEach((root) => observer.observe(root, options));
  const fillText = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (...text) {
    changed();
    return fillText.apply(this, text);
  };
  window.rested = new Promise((resolve, reject) => {
    document.addEventListener("keydown", () => {
      start = performance.now();
      const look = () => {
        const after = performance.now() - start;
        if (last === undefined && after > 10_000) return reject(new Error("no change within 10 s"));
        if (last === undefined || after < last + 800) return requestAnimationFrame(look);
        observer.disconnect();
        CanvasRenderingContext2D.prototype.fillText = fillText;
        resolve(last);
      };
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
}
"""


def open_at(browser: Browser, address: str, slider: str) -> Page:
    """A page that has settled, with the focus on the slider."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.goto(address)
    expect(page.get_by_role("heading").first).to_be_visible(timeout=30_000)
    Reader(page, address).settle()
    time.sleep(2)
    page.locator(f".st-key-{slider}").get_by_role("slider").first.focus()
    return page


def press_times(page: Page, watch: str, answer: str, picture: str = "") -> list[float]:
    """Milliseconds from an arrow key on the focused slider to the answer `watch` waits for."""
    times = []
    for k in range(PRESSES):
        page.evaluate(watch, picture)
        page.keyboard.press("ArrowRight" if k % 2 == 0 else "ArrowLeft")
        times.append(float(page.evaluate(f"window.{answer}")))
        time.sleep(0.8)
        Reader(page, page.url).settle()
    return times


def control_answers(page: Page, presses: int) -> list[float]:
    """Milliseconds from a key on the epochs' slider of page 23.3 to the sentence on what Train would begin."""
    slider = page.locator(".st-key-ex23_3_epochs").get_by_role("slider")
    slider.press("ArrowLeft")  # brings the sentence, which changes from now on
    page.get_by_text("begins a new run").wait_for()
    times = []
    for _ in range(presses):
        time.sleep(0.5)
        slider.focus()
        page.evaluate(WATCH, ".st-key-ex23_3_what_changes")
        page.keyboard.press("ArrowLeft")
        times.append(float(page.evaluate("window.answered")))
    return times


def training_share(page: Page, url: str) -> tuple[float, float, float, list[float]]:
    """First picture of a run (s), wall time (s), share of it spent training, another slider's answers (ms).

    Batches of 4 make the run of 30 epochs on full MNIST long enough to measure.
    """
    Reader(page, url).open("23.3", "ex23_3_batch=4&ex23_3_rate=0.1&ex23_3_epochs=30")
    page.get_by_role("button", name="Train", exact=True).focus()
    page.evaluate(WATCH, ".words")  # those of the picture: what is read correctly
    page.keyboard.press("Enter")
    first_picture = float(page.evaluate("window.answered")) / 1000
    page.get_by_text("test digits are read correctly").wait_for()
    progress = page.get_by_text(re.compile(r"Epoch [\d.]+ of 30"))

    def trained() -> float:
        return float(re.search(r"([\d.]+) s of training", progress.inner_text()).group(1))  # type: ignore[union-attr]

    page.get_by_text(re.compile("s of training")).wait_for()
    start, already = time.perf_counter(), trained()
    time.sleep(8)
    wall, training = time.perf_counter() - start, trained() - already
    return first_picture, wall, training / wall, control_answers(page, 10)


def main() -> None:
    """Print a line a page."""
    app, bare_app = running_app(watch_files=True), running_app(file=BARE_APP, watch_files=True)
    with app as url, bare_app as bare_url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        wanted = sys.argv[1:]
        for number, slider, picture, query in SLIDERS:
            if wanted and slider not in wanted:
                continue
            page = open_at(browser, bare_url, "z")
            bare = statistics.median(press_times(page, WATCH, "answered", ".st-key-picture"))
            page.close()
            page = open_at(browser, f"{url}/{EXERCISES[number].address}?{query}", slider)
            firsts = press_times(page, WATCH, "answered", picture)
            lasts = press_times(page, WATCH_ALL, "rested")  # apart: to watch all of the page slows it
            page.close()
            middle = statistics.median(firsts)
            print(f"{slider:24s} slider to picture: median {middle:4.0f} ms", end="   ")
            print(f"({min(firsts):.0f} to {max(firsts):.0f}, {len(firsts)} presses)", end="   ")
            print(f"{middle / bare:.1f} times a bare app's {bare:.0f}", end="   ")
            print(f"to the last change: {statistics.median(lasts):4.0f} ms", flush=True)
        if wanted:
            return
        page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        first, wall, share, answers = training_share(page, url)
        print(f"23.3: first picture {first:.2f} s after Train; {share:.0%} of {wall:.1f} s spent training")
        print(f"23.3: another control answers in {statistics.median(answers):.0f} ms (worst {max(answers):.0f})")
        browser.close()


if __name__ == "__main__":
    main()
