"""Page 23.2 in Chromium: choosing cells, curves that follow, typing a table, a planted mistake."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.reader import Reader


def cell(reader: Reader, sample: int, label: int) -> Locator:
    return reader.page.get_by_role("button", name=f"Sample {sample}, label {label}:")


def test_the_chosen_cell_its_points_and_numbers_follow_the_slider(visit: Visit) -> None:
    reader = visit("23.2")
    panels = reader.picture("ex23_2_curves")
    expect(panels).to_have_count(3)
    chosen = panels.nth(1).locator(".point.chosen")
    expect(chosen).to_have_text("sample 1, label 1: p = 0.8808, y = 1, ∂L/∂p = −0.3784")
    reader.page.get_by_text("The numbers behind these charts").click()
    numbers = reader.page.locator("table[role=grid]").filter(has_text="loss of the cell")
    expect(numbers).to_contain_text(re.compile(r"1, 110\.88079\d*0\.12692\d*"))
    before = chosen.get_attribute("d")
    reader.turn("ex23_2_z", "ArrowRight")
    expect(chosen).to_have_text("sample 1, label 1: p = 0.8909, y = 1, ∂L/∂p = −0.3742")
    assert chosen.get_attribute("d") != before
    expect(numbers).to_contain_text(re.compile(r"1, 110\.89090\d*0\.11551\d*"))

    cell(reader, 2, 3).click()
    expect(cell(reader, 2, 3)).to_have_attribute("aria-pressed", "true")
    expect(reader.slider("ex23_2_z")).to_have_value("-2")
    reader.turn("ex23_2_z", "ArrowRight")
    expect(cell(reader, 2, 3)).to_contain_text("z = −1.9")
    expect(cell(reader, 1, 1)).to_contain_text("z = 2.1")
    cell(reader, 1, 2).press("Enter")
    expect(cell(reader, 1, 2)).to_have_attribute("aria-pressed", "true")
    expect(reader.slider("ex23_2_z")).to_have_value("-1")


def test_the_address_holds_the_table(visit: Visit) -> None:
    reader = visit("23.2", "ex23_2_z_text=1.5,-2&ex23_2_y_text=1,1&ex23_2_label=2")
    expect(cell(reader, 1, 2)).to_contain_text("z = −2")
    expect(cell(reader, 2, 1)).to_have_count(0)
    expect(reader.slider("ex23_2_z")).to_have_value("-2")
    reader.turn("ex23_2_z", "ArrowRight")
    expect(cell(reader, 1, 2)).to_contain_text("z = −1.9")
    reader.page.reload()
    expect(cell(reader, 1, 2)).to_contain_text("z = −1.9")


def test_a_planted_mistake_is_named_and_a_bad_table_is_explained_and_kept(visit: Visit) -> None:
    reader = visit("23.2")
    reader.choose("ex23_2_mistake", "forgotten σ′")
    reader.sees("12 of 24 disagree: ∂L/∂z₁₁")
    reader.page.get_by_text("Type or paste the whole table").click()
    box = reader.page.get_by_role("textbox", name="Net inputs z")
    box.fill("1, two")
    box.press("Control+Enter")
    reader.sees("“two” is not a number")
    expect(box).to_have_value("1, two")
    expect(cell(reader, 3, 4)).to_be_visible()
    box.fill("1, 2, 3, 4\n-1, -2, -3, -4\n5, 6, 7, 8")
    box.press("Control+Enter")
    expect(cell(reader, 3, 4)).to_contain_text("z = 8")
    expect(reader.page.get_by_text("is not a number. Write")).to_have_count(0)
