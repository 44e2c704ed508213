"""Page 23.6 in Chromium: both themes, a phone, sliders, a planted mistake, the graph's box, two nets learning."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from nnlib.chapter23.batch_norm import forward
from pages.shared.numbers import number
from tests.browser.conftest import OpenPage, in_both_themes, settle
from tests.browser.graph_helpers import edge, fits, hidden_numbers, settle_on

PATH = "ex23_6_batch_norm"
TITLE = "23.6 Batch normalisation, backward"


def slider(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-ex23_6_{name}").get_by_role("slider")


def open_settled(open_page: OpenPage, query: str = "") -> Page:
    """The page, complete with its last section and its pictures."""
    page = open_page(f"{PATH}{query}")
    page.locator(".edge").first.wait_for(timeout=30_000)  # the graph, the heaviest part
    settle_on(page, TITLE)
    expect(page.locator(".lines svg")).to_be_visible()
    return page


def test_accessible_and_no_wider_than_the_screen(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_settled(open_page)
    for width in in_both_themes(page):
        axe(page)
        fits(page, width)
        assert hidden_numbers(page) == []
        # the graph fits a wide page, and scrolls in its own box on a phone
        inside, shown = page.locator(".scroll").evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert (inside > shown + 1) == (width == 400)
        edge(page, "σ² → σ² + ε").focus()
        expect(page.locator(".about")).to_contain_text("in symbols dσ²")


def test_no_number_of_the_graph_is_hidden_by_a_mistake(open_page: OpenPage) -> None:
    query = "?ex23_6_graph_divisor=n&ex23_6_graph_mistake=forget+u+and+σ²&ex23_6_graph_z1=-3.0"
    assert hidden_numbers(open_settled(open_page, query)) == []


def test_a_slider_moves_dots_and_numbers_and_is_kept_in_the_address(open_page: OpenPage) -> None:
    page = open_settled(open_page)
    before = page.locator(".lines .dot").first.get_attribute("cx")
    for _ in range(3):
        slider(page, "z1").press("ArrowRight")
    expected = number(forward([0.4, -0.1, 0.6, 0.1, -0.5]).z_bar[0])
    expect(page.get_by_role("cell", name=expected, exact=True)).to_be_visible()
    assert page.locator(".lines .dot").first.get_attribute("cx") != before
    page.reload()
    settle_on(page, TITLE)
    expect(page.get_by_role("cell", name=expected, exact=True)).to_be_visible()


def test_a_planted_mistake_turns_its_rows_red_and_names_them(open_page: OpenPage) -> None:
    page = open_settled(open_page)
    expect(page.get_by_text("Analytic: ✓ all 9 agree.")).to_be_visible()
    page.locator(".st-key-ex23_6_mistake").get_by_text("wrong sign of dσ²").click()
    expect(page.get_by_text("Analytic: ✗ 6 of 9 disagree: dz₁, dz₂, dz₃, dz₄, dz₅, dσ².")).to_be_visible()
    row = page.locator(".st-key-ex23_6_gradients").get_by_role("row").filter(has_text="dσ²")
    tint = row.locator(".stMarkdownColoredBackground").first
    expect(tint).to_have_text("10.41")
    clear = "rgba(0, 0, 0, 0)"
    assert tint.evaluate("cell => getComputedStyle(cell).backgroundColor") != clear


def test_equal_z_without_epsilon_are_explained(open_page: OpenPage) -> None:
    page = open_settled(open_page)
    page.get_by_role("button", name="All z equal").click()
    expect(page.get_by_role("cell", name="0.5000").first).to_be_visible()
    for _ in range(2):
        settle(page)  # a slider that is being drawn anew would miss the key
        slider(page, "epsilon").press("ArrowLeft")
    expect(page.get_by_text("all z are equal, so σ² = 0")).to_be_visible()
    slider(page, "z1").press("ArrowRight")
    expect(page.get_by_text("all z are equal, so σ² = 0")).to_have_count(0)
    expect(page.get_by_text("Analytic: ✓ all 8 agree.")).to_be_visible()


def test_two_nets_learn_side_by_side(open_page: OpenPage) -> None:
    page = open_settled(open_page)
    page.get_by_role("button", name="Train both").click()
    expect(page.get_by_role("cell", name="10.00")).to_have_count(2, timeout=120_000)
    expect(page.get_by_role("button", name="Train both")).to_be_visible(timeout=20_000)
    row = page.get_by_role("row").filter(has_text="with batch norm").filter(has_text="%")
    accuracy = float(row.get_by_role("cell").nth(1).inner_text().split()[0])
    assert accuracy > 95
    slider(page, "use_rate").press("ArrowRight")
    expect(page.get_by_text("The curves belong to other settings")).to_be_visible()
