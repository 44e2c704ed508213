"""A reader of the app in Chromium: opens a page, presses, chooses, reads words, tables and pictures.

Nothing here depends on how fast the machine is: whatever a reader does waits for what it needs.
"""

import shutil
from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from pages.shared.chapter import EXERCISES

PATIENCE = 120_000  # milliseconds: what takes longer than this never comes
EVERY = 50  # milliseconds between two looks at a whole page: at every frame, they would leave it little time
HOME = "Feed-forward neural networks, alive"

# Streamlit's own: the empty header of a dataframe's index; the file uploader's section, which is presentational
# and yet can be focused; and wide tables, formulas and code, which scroll but cannot be focused. What we draw
# ourselves sits in a component, and its scrolling box has class "scroll".
NOT_OURS = {"empty-table-header"}
NOT_OURS_UNLESS = {"scrollable-region-focusable": 'class="scroll"'}
NOT_OURS_IN = {
    "presentation-role-conflict": 'data-testid="stFileUploaderDropzone"',
    "region": 'id="stFloatingOverlayPortal"',  # Streamlit's tooltips, where the pointer happens to rest
}

# No script runs, and all that the last one sent is drawn: each kind of element is fetched when the first of it
# comes, charts are drawn by Vega, and our own drawings by their scripts.
SETTLED = """
() => {
  if (document.querySelector("[data-testid=stApp]")?.dataset.testScriptState !== "notRunning") return false;
  const seen = (box) => box.offsetParent !== null;
  const drawings = [...document.querySelectorAll("[data-testid^=stBidiComponent]")].flatMap((box) => {
    const roots = [box, ...box.querySelectorAll("*")].map((part) => part.shadowRoot ?? part);
    return roots.flatMap((root) => [...root.querySelectorAll(".drawing")]);
  });
  const charts = [...document.querySelectorAll("[data-testid=stVegaLiteChart]")].filter(seen);
  return document.querySelector("h1") !== null
    && ![...document.querySelectorAll("[data-testid=stSkeleton]")].some(seen)
    && charts.every((chart) => chart.querySelector("svg"))
    && drawings.every((drawing) => drawing.querySelector("svg"));
}
"""

# All words of the page, those within our own drawings included.
EVERY_WORD = """[document.body.innerText, ...[...document.querySelectorAll("*")]
  .flatMap((node) => node.shadowRoot ? [node.shadowRoot.textContent] : [])].join(" ")"""

expect.set_options(timeout=PATIENCE)


def chromium_options() -> dict[str, Any]:
    """How Playwright starts Debian's Chromium. Without it there is an error: a skipped test proves nothing."""
    executable = shutil.which("chromium")
    if executable is None:
        raise RuntimeError("Chromium is not installed (apt-get install chromium)")
    nothing_leaves = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    quiet += ["--renderer-process-limit=1"]  # a tab that comes later need not compile Streamlit's scripts anew
    return {"executable_path": executable, "args": ["--no-sandbox", "--disable-gpu", *quiet, nothing_leaves]}


class Reader:
    """One who looks at a page of the app.

    Parameters
    ----------
    page : a tab of Chromium, for what only Playwright can do, too
    url : address of the app
    """

    def __init__(self, page: Page, url: str) -> None:
        page.set_default_timeout(PATIENCE)
        self.page = page
        self.url = url

    @classmethod
    def in_new_tab(cls, browser: BrowserContext, url: str, width: int = 1280) -> "Reader":
        """One with a tab of that width, in the light theme."""
        page = browser.new_page()
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": width, "height": 900})
        return cls(page, url)

    def open(self, number: str = "", query: str = "") -> "Reader":
        """Go to the page of an exercise, or home, and wait until all of it stands; `query` is what follows "?"."""
        self.page.goto(f"{self.url}/{EXERCISES[number].address if number else ''}?{query}")
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until no script runs and all is drawn.

        Just after a click the script may not have begun: await first what it changes.
        """
        self.page.wait_for_function(SETTLED, polling=EVERY)

    def follow(self, number: str = "") -> None:
        """Go to an exercise, or home, by its link in the list at the left, and wait until all of it stands."""
        label, heading = (EXERCISES[number].label, EXERCISES[number].heading) if number else ("Chapter 23", HOME)
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=label).click()
        expect(self.page.get_by_role("heading", name=heading)).to_be_visible()
        self.settle()

    def button(self, name: str) -> Locator:
        """The button of that very name.

        While a page is drawn anew, Streamlit shows elements of the run before, now stale, beside the new ones.
        """
        fresh = self.page.locator("[data-testid=stElementContainer]:not([data-stale=true])")
        return fresh.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press the button of that name, when there is only one and it can be pressed."""
        expect(self.button(name)).to_have_count(1)
        self.button(name).first.click()

    def press_twice(self, name: str) -> None:
        """Press it twice before anything can change, quicker than any hand."""
        expect(self.button(name)).to_have_count(1)
        self.button(name).first.evaluate("button => { button.click(); button.click(); }")

    def control(self, key: str) -> Locator:
        """The box around a control, or around whatever has that key."""
        return self.page.locator(f".st-key-{key}:not([data-stale=true])")

    def slider(self, key: str) -> Locator:
        """The slider of that key."""
        return self.control(key).get_by_role("slider")

    def turn(self, key: str, arrow: Literal["ArrowLeft", "ArrowRight"], times: int = 1) -> None:
        """Press an arrow key on a slider; one that is being drawn anew would miss it.

        It is in focus before, as a reader's is: `send_ahead` asks for pictures then, and a press in the same
        moment would go with what it asks, under the address of before.
        """
        for _ in range(times):
            self.slider(key).focus()
            self.settle()
            self.slider(key).press(arrow)

    def drag(self, key: str, share: float) -> float:
        """Take the thumb of a slider to a share of its track, and do not let go; returns the value there."""
        slider, box = self.slider(key), self.control(key).get_by_test_id("stSlider").bounding_box()
        assert box is not None
        before = slider.input_value()
        low, high = (float(slider.get_attribute(end) or "") for end in ("min", "max"))
        start, end = (
            box["x"] + 6 + (box["width"] - 12) * x for x in ((float(before) - low) / (high - low), share)
        )
        mouse, y = self.page.mouse, box["y"] + box["height"] - 20  # of the track, between label and ends
        mouse.move(start, y)
        mouse.down()
        mouse.move(end, y, steps=5)
        expect(slider).not_to_have_value(before)
        return float(slider.input_value())

    def choose(self, key: str, option: str) -> None:
        """Choose one of a control's options."""
        self.control(key).get_by_text(option, exact=True).click()

    def sees(self, words: str) -> None:
        """Wait until these words stand on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def words(self) -> str:
        """All words of the page, as far as it is open."""
        return self.page.get_by_test_id("stMain").inner_text()

    def picture(self, key: str) -> Locator:
        """The drawings or charts within whatever has that key."""
        return self.control(key).locator("svg")

    def in_both_themes(self) -> Iterator[int]:
        """Look at the page in the light theme at 1280 pixels, then in the dark one at 400; yields each width.

        Contrast depends on the theme, what fits on the width: two looks of the four there are see both. The page
        follows the reader's system while it is open.
        """
        looks: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 400))
        for theme, width in looks:
            self._look(theme, width)
            yield width

    def look_wide_and_light(self) -> None:
        """Look at the page as it was opened, after `in_both_themes`."""
        self._look("light", 1280)

    def _look(self, theme: Literal["light", "dark"], width: int) -> None:
        self.page.emulate_media(color_scheme=theme)
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.mouse.move(0, 0)  # a slider under it would show the ends of its range
        expect(self.page.get_by_test_id("stApp")).to_have_css("color-scheme", theme)
        self.settle()

    def fits(self, width: int) -> None:
        """The page does not scroll sideways, once its charts fit the width; what is wider has its own box."""
        self.page.wait_for_function(
            "width => document.querySelector('[data-testid=stMain]').scrollWidth <= width", arg=width
        )

    def is_accessible(self) -> None:
        """No accessibility violation but Streamlit's own, once nothing fades in or out."""
        self.page.wait_for_function(
            "() => document.getAnimations().every(({ playState, timeline }) => playState !== 'running'"
            " || timeline !== document.timeline)",  # one that follows the scrolling goes on for ever
            polling=EVERY,
        )
        violations = [
            violation
            for violation in Axe().run(self.page).response["violations"]
            if any(_is_ours(violation["id"], node["html"]) for node in violation["nodes"])
        ]
        assert violations == [], "\n".join(
            f"{v['id']}: {v['help']}: {[node['html'][:200] for node in v['nodes']]}" for v in violations
        )

    def is_unharmed(self) -> None:
        """No exception stands on the page."""
        expect(self.page.get_by_test_id("stException")).to_have_count(0)


def _is_ours(rule: str, html: str) -> bool:
    """Whether we drew the element that breaks a rule, and Streamlit did not."""
    return (
        rule not in NOT_OURS
        and NOT_OURS_UNLESS.get(rule, "") in html
        and not (rule in NOT_OURS_IN and NOT_OURS_IN[rule] in html)
    )
