"""Page 23.2 in Chromium: both themes, a phone, choosing cells, typing a table, and curves that follow."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, in_both_themes, settle
from tests.browser.graph_helpers import fits

PATH = "ex23_2_multilabel_loss"
TITLE = "23.2 The loss of multi-label classification"


def settle_on_page(page: Page) -> None:
    """Wait for the page, complete with its last section."""
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible(timeout=20_000)
    expect(page.get_by_text("# “The loss in use”")).to_be_visible(timeout=30_000)
    expect(cell(page, 1, 1)).to_be_attached()
    settle(page)


def cell(page: Page, sample: int, label: int) -> Locator:
    return page.get_by_role("button", name=f"Sample {sample}, label {label}:")


def slider(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key}").get_by_role("slider")


def test_accessible_and_no_wider_than_the_screen(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    expect(cell(page, 3, 4)).to_be_attached()
    for width in in_both_themes(page):
        axe(page)
        fits(page, width)


def test_a_click_or_the_keyboard_chooses_a_cell_and_the_slider_moves_it(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    cell(page, 2, 3).click()
    expect(cell(page, 2, 3)).to_have_attribute("aria-pressed", "true")
    expect(slider(page, "ex23_2_z")).to_have_value("-2")
    slider(page, "ex23_2_z").press("ArrowRight")
    expect(cell(page, 2, 3)).to_contain_text("z = −1.900")
    expect(cell(page, 1, 1)).to_contain_text("z = 2.000")
    cell(page, 1, 2).press("Enter")
    expect(cell(page, 1, 2)).to_have_attribute("aria-pressed", "true")
    expect(slider(page, "ex23_2_z")).to_have_value("-1")


def test_the_address_holds_the_table(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_2_z_text=1.5,-2&ex23_2_y_text=1,1&ex23_2_label=2")
    settle_on_page(page)
    expect(cell(page, 1, 2)).to_contain_text("z = −2.000")
    expect(cell(page, 2, 1)).to_have_count(0)
    expect(slider(page, "ex23_2_z")).to_have_value("-2")
    slider(page, "ex23_2_z").press("ArrowRight")
    expect(cell(page, 1, 2)).to_contain_text("z = −1.900")
    page.reload()
    settle_on_page(page)
    expect(cell(page, 1, 2)).to_contain_text("z = −1.900")


def test_a_bad_table_is_explained_and_kept(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    page.get_by_text("Type or paste the whole table").click()
    box = page.get_by_role("textbox", name="Net inputs z")
    box.fill("1, two")
    box.press("Control+Enter")
    expect(page.get_by_text("“two” is not a number")).to_be_visible()
    expect(box).to_have_value("1, two")
    expect(cell(page, 3, 4)).to_be_visible()
    box.fill("1, 2, 3, 4\n-1, -2, -3, -4\n5, 6, 7, 8")
    box.press("Control+Enter")
    expect(cell(page, 3, 4)).to_contain_text("z = 8.000")
    expect(page.get_by_text("is not a number. Write")).to_have_count(0)


def test_a_planted_mistake_is_named(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    page.get_by_text("forgotten σ′", exact=True).click()
    expect(page.get_by_text("12 of 24 disagree: ∂L/∂z₁₁")).to_be_visible()


def test_points_on_the_curves_and_their_numbers_follow_the_slider(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on_page(page)
    panels = page.locator(".st-key-ex23_2_curves svg")
    expect(panels).to_have_count(3)
    chosen = panels.nth(1).locator(".point.chosen")
    expect(chosen).to_have_text("sample 1, label 1: p = 0.8808, y = 1, ∂L/∂p = −0.3784")
    page.get_by_text("The numbers behind these charts").click()
    numbers = page.locator("table[role=grid]").filter(has_text="loss of the cell")
    expect(numbers).to_contain_text("1, 110.88080.1269")
    before = chosen.get_attribute("d")
    slider(page, "ex23_2_z").press("ArrowRight")
    expect(chosen).to_have_text("sample 1, label 1: p = 0.8909, y = 1, ∂L/∂p = −0.3742")
    assert chosen.get_attribute("d") != before
    expect(numbers).to_contain_text("1, 110.89090.1155")
