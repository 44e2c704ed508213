"""Every page of the chapter, found from home: accessible and whole, wide and light as well as narrow and dark."""

import pytest
from playwright.sync_api import expect

from pages.shared.chapter import EXERCISES, Exercise
from tests.browser.conftest import Visit
from tests.browser.graph_helpers import hidden_numbers
from tests.browser.reader import Reader

ANSWERS = {  # which are shown when they have been found or asked for, by what then stands there
    "23.1": "As a program",
    "23.2": "As a program",
    "23.4": "Where the printed solution errs",
    "23.5": "Where the printed solution errs",
    "23.7": "The proof, in five lines",
}


@pytest.fixture(scope="module")
def one_reader(shared_visit: Visit) -> Reader:
    """A reader who goes from page to page."""
    return shared_visit()


@pytest.fixture
def reader(one_reader: Reader) -> Reader:
    """The same at home, wide and in the light theme."""
    one_reader.look_wide_and_light()
    one_reader.follow()
    return one_reader


def test_home_shows_the_chapter(reader: Reader) -> None:
    expect(reader.page.locator("[class*=st-key-preview_] svg")).to_have_count(len(EXERCISES))
    reader.sees("Begin here")
    expect(reader.page.get_by_test_id("stPageLink").get_by_role("link")).to_have_count(len(EXERCISES))
    look_at_all_of_it(reader)
    reader.look_wide_and_light()
    card = reader.page.locator(".st-key-card_ex23_1")
    card.hover(position={"x": 270, "y": 100})  # folds its square, until one line parts the corners
    expect(card.locator(".neutral")).to_have_attribute("opacity", "1")
    card = reader.page.locator(".st-key-card_ex23_2")
    expect(card.get_by_text("yes costs 2.30")).to_have_count(1)
    card.hover(position={"x": 270, "y": 100})  # numbers follow, too
    expect(card.locator(".word")).to_have_text(["yes costs 0.11", "no costs 2.30"])
    card = reader.page.locator(".st-key-card_ex23_5")
    card.get_by_role("link").focus()  # so does each picture, and for a reader at the keyboard
    expect(card.locator("rect").nth(1)).to_have_attribute("y", "16.9")


@pytest.mark.thorough
def test_the_pictures_on_home_play_themselves_one_after_the_other(visit: Visit) -> None:
    page = visit().page
    folding, turning = (page.locator(f".st-key-card_{room} .neutral") for room in ("ex23_1", "ex23_6"))
    expect(folding).to_have_attribute("opacity", "0")
    still = turning.first.get_attribute("points") or ""
    page.emulate_media(reduced_motion="no-preference")
    page.reload()
    expect(folding).not_to_have_attribute("opacity", "0")
    expect(turning.first).to_have_attribute("points", still)  # its turn is still to come
    expect(turning.first).not_to_have_attribute("points", still)
    expect(folding).to_have_attribute("opacity", "0")


def test_no_picture_on_home_breaks_under_a_pointer_in_motion(visit: Visit) -> None:
    page = visit().page  # who watches it fails the test at any error in the console
    page.emulate_media(reduced_motion="no-preference")
    for exercise in EXERCISES.values():
        card = page.locator(f".st-key-card_{exercise.room}")
        card.scroll_into_view_if_needed()
        box = card.bounding_box()
        assert box is not None
        for share in (0.05, 0.5, 0.95, 0.3, 0.95):
            page.mouse.move(box["x"] + share * box["width"], box["y"] + 90, steps=4)
        page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    drawn = "marks => marks.flatMap(mark => [...mark.attributes].map(attribute => attribute.value)).join()"
    values = page.locator("[class*=st-key-preview_] svg > *").evaluate_all(drawn)
    assert "NaN" not in values
    assert "undefined" not in values


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.number)
def test_home_leads_to_a_page_that_everyone_can_read(reader: Reader, exercise: Exercise) -> None:
    card = reader.page.locator(f".st-key-card_{exercise.room}")
    expect(card.get_by_role("link")).to_have_accessible_name(exercise.label)
    card.click(position={"x": 4, "y": 4})  # the card is the link as a whole
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(exercise.heading)
    reader.settle()
    if exercise.number == "23.3":  # with a run, it has a list of runs
        reader.press("One batch")
        reader.sees("test digits are read correctly")
        reader.settle()
    if exercise.number == "23.6":  # with the arrows of all paths, and its proof
        reader.press("Show the answer")
        reader.sees("no line skipped")
        reader.settle()
    if exercise.number in ANSWERS:
        reader.press("Show the answer")
        reader.sees(ANSWERS[exercise.number])
        reader.settle()
    look_at_all_of_it(reader)
    reader.page.get_by_role("tab", selected=True).press("Tab")
    expect(reader.page.get_by_role("link", name="Back up to the exercise")).to_be_focused()
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_role("heading", level=1)).to_be_in_viewport()


def look_at_all_of_it(reader: Reader) -> None:
    """The page as it stands, in both themes."""
    for width in reader.in_both_themes():
        reader.is_accessible()
        reader.fits(width)
        equation_numbers_stand_right(reader, width)
        assert cut_formulas(reader) == []
        if reader.page.locator("[data-edge]").count():
            assert hidden_numbers(reader) == []
    expect(reader.page.locator(".katex-error")).to_have_count(0)
    expect(reader.page.locator('.katex [style*="color:#cc0000"]')).to_have_count(0)  # an unknown command


def equation_numbers_stand_right(reader: Reader, width: int) -> None:
    """Every equation number stands right of its formula, level with it; where there is room, at the margin."""
    numbered = reader.page.locator(".katex-html:has(.tag)").evaluate_all(
        """formulas => formulas.filter(formula => formula.offsetParent).map(formula => {
          const box = element => element.getBoundingClientRect();
          const parts = [...formula.children].filter(part => part.matches(".base")).map(box);
          const tag = box(formula.querySelector(".tag")), whole = box(formula);
          return [Math.max(...parts.map(part => part.right)), tag.left,
            box(formula.closest("[data-testid=stMarkdown]")).right - tag.right,
            tag.top + tag.bottom - whole.top - whole.bottom];
        })"""
    )
    for formula_ends, tag_begins, margin, lower in numbered:
        assert tag_begins > formula_ends + 8
        assert abs(lower) < 16
        assert width < 640 or abs(margin) < 2


def cut_formulas(reader: Reader) -> list[str]:
    """Displayed formulas that are taller than their box, or than one around it that hides what sticks out."""
    cut: list[str] = reader.page.locator(".katex-display").evaluate_all(
        """formulas => formulas.filter(formula => {
          for (let box = formula; !box.matches("[data-testid=stMarkdown]"); box = box.parentElement)
            if (getComputedStyle(box).overflowY !== "visible" && box.scrollHeight > box.clientHeight) return true;
          return false;
        }).map(formula => formula.textContent)"""
    )
    return cut


def test_a_tab_stays_where_it_is_pressed_and_nothing_is_left_under_a_short_one(visit: Visit) -> None:
    reader = visit("23.7", "ex23_7_known=found")  # with a long answer
    page, tab = reader.page, reader.page.get_by_role("tab", name="In Python")
    reader.sees("The proof, in five lines")
    void = """() => { const page = document.querySelector("[data-testid=stMain]");
      const link = [...page.querySelectorAll("[data-testid=stPageLink]")].at(-1);
      return page.scrollHeight - page.scrollTop - link.getBoundingClientRect().bottom; }"""
    tab.evaluate("""tab => document.querySelector("[data-testid=stMain]").scrollBy(
        { top: tab.getBoundingClientRect().top - 150, behavior: "instant" })""")
    tab.click()
    reader.sees("from nnlib.chapter23.dropout_twins import")
    assert tab.evaluate("tab => tab.getBoundingClientRect().top") == pytest.approx(150, abs=1)
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo({ top: 0, behavior: 'instant' })")
    page.wait_for_function(f"({void})() < 100")
