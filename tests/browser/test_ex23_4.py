"""Page 23.4 in Chromium: both themes, a phone, the keyboard, stepping, and how fast a slider answers."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, in_both_themes, settle
from tests.browser.graph_helpers import edge, fits, hidden_numbers, settle_on

PATH = "ex23_4_sigmoid_graph"
TITLE = "23.4 The sigmoid as a computation graph"


def test_accessible_and_no_wider_than_the_screen(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_page(PATH)
    settle_on(page, TITLE)
    for width in in_both_themes(page):
        axe(page)
        fits(page, width)


def test_an_edge_tells_its_product_on_hover_and_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on(page, TITLE)
    about = page.locator(".about")
    edge(page, "z → f").hover()
    expect(about).to_contain_text("Upstream × local = (−2.000) × 0.2500 = −0.5000")
    page.mouse.move(0, 0)
    expect(about).to_contain_text("Point at an edge")
    edge(page, "z → f").focus()
    expect(about).to_contain_text("z → f")
    page.keyboard.press("ArrowRight")
    expect(about).to_contain_text("f → L")


def test_steps_and_the_address_keep_the_readers_settings(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_4_z=2.0&ex23_4_loss=squared+error&ex23_4_graph_backward_step=3")
    settle_on(page, TITLE)
    expect(page.get_by_text("Step 3 of 4.")).to_be_visible()
    expect(page.locator(".st-key-ex23_4_z").get_by_role("slider")).to_have_value("2")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Step 4 of 4.")).to_be_visible()
    page.get_by_role("link", name="23.5 Softmax graph").click()
    settle_on(page, "23.5 Softmax as a computation graph")
    page.get_by_role("link", name="23.4 Sigmoid graph").click()
    settle_on(page, TITLE)
    expect(page.locator(".st-key-ex23_4_z").get_by_role("slider")).to_have_value("2")


def test_no_number_of_the_drawing_is_hidden_with_either_loss(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_4_z=-7.3&ex23_4_y=0.35&ex23_4_loss=cross-entropy")
    settle_on(page, TITLE)
    expect(page.locator("text.backward")).to_have_count(7)
    assert hidden_numbers(page) == []
    last = edge(page, "f → L").locator("text.backward").last
    before = last.text_content() or ""
    page.locator(".st-key-ex23_4_loss").get_by_text("squared error").click()
    expect(last).not_to_have_text(before)
    settle(page)
    expect(page.locator("text.backward")).to_have_count(7)
    assert hidden_numbers(page) == []


def test_play_shows_every_step_and_pause_stops_it(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on(page, TITLE)
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    seen = watch_steps(page)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text("Step 0 of 4.")).to_be_visible()
    edge(page, "f → L").focus()
    expect(page.get_by_text("Step 2 of 4.")).to_be_visible()
    expect(page.locator(".about")).to_contain_text("Upstream × local = 1 × (−2.000)")  # drawn anew, still in focus
    expect(edge(page, "f → L")).to_be_focused()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text("Step 4 of 4.")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert seen() == [4, 0, 1, 2, 3, 4]


def watch_steps(page: Page) -> Callable[[], list[int]]:
    """From now on note every step the page speaks of, once each time it changes; call the result to read them."""
    page.evaluate(
        """() => {
          window.stepsSeen = [];
          const look = () => {
            const said = document.body.innerText.match(/Step ([0-9]+) of/);
            if (said && window.stepsSeen.at(-1) !== Number(said[1])) window.stepsSeen.push(Number(said[1]));
          };
          look();
          new MutationObserver(look).observe(document.body,
            { childList: true, characterData: true, subtree: true });
        }"""
    )
    return lambda: list(page.evaluate("window.stepsSeen"))
