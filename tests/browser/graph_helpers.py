"""What the browser tests of the graph pages share."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle

# From the next key press on, looks at every frame whether the number on an edge of the drawing has changed.
_WATCH = """
([edge, name]) => {
  const before = edge.textContent;
  const root = edge.getRootNode();
  const shown = () => root.querySelector(`[data-edge="${name}"] text.forward`).textContent;
  window.answered = new Promise((resolve) => {
    document.addEventListener("keydown", () => {
      const start = performance.now();
      const look = () => shown() === before ? requestAnimationFrame(look) : resolve(performance.now() - start);
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
}
"""


def settle_on(page: Page, title: str) -> None:
    """Wait for the page of that title, complete with its last section."""
    expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=20_000)
    expect(page.get_by_role("heading", name="In Python")).to_be_visible(timeout=20_000)
    expect(page.locator(".edge").first).to_be_visible()
    settle(page)


def edge(page: Page, name: str) -> Locator:
    """An edge of the drawing."""
    return page.locator(f'[data-edge="{name}"]')


def fits(page: Page, width: int) -> None:
    """The page itself does not scroll sideways; what is wider scrolls in its own box."""
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= width


def answer_times(page: Page, slider: str, edge_name: str, presses: int = 15) -> list[float]:
    """Milliseconds from an arrow key on a slider to the new number in the drawing, `presses` times."""
    number = edge(page, edge_name).locator("text.forward")
    page.locator(f".st-key-{slider}").get_by_role("slider").focus()
    times = []
    for _ in range(presses):
        page.evaluate(_WATCH, [number.element_handle(), edge_name])
        page.keyboard.press("ArrowRight")
        times.append(float(page.evaluate("window.answered")))
        settle(page)
    return times
