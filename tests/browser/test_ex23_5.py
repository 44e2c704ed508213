"""Page 23.5 in Chromium: both themes, a phone, every edge by keyboard, the whole pass stepped, and speed."""

import math
from collections.abc import Callable

from playwright.sync_api import Page, expect

from pages.shared.numbers import number
from tests.browser.conftest import OpenPage, in_both_themes
from tests.browser.graph_helpers import edge, fits, hidden_numbers, settle_on

PATH = "ex23_5_softmax_graph"
TITLE = "23.5 Softmax as a computation graph"
BACKWARD = 24 * 2 - 5  # a formula and a number on each edge; 1, −1 and three more −1 are both in one


def test_accessible_and_no_wider_than_the_screen(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_page(PATH)
    settle_on(page, TITLE)
    expect(page.locator("text.backward")).to_have_count(BACKWARD)
    for width in in_both_themes(page):
        axe(page)
        fits(page, width)
        assert hidden_numbers(page) == []
    # on the phone, where it is now, the drawing scrolls in its own box
    box = page.locator(".scroll")
    inside, shown = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert inside >= 800 > 400 >= shown
    edge(page, "L →").focus()
    expect(page.locator(".about")).to_contain_text("The backward pass starts here with ∂L/∂L = 1.")
    assert box.evaluate("box => box.scrollLeft") > 0


def test_the_whole_backward_pass_step_by_step(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_5_graph_backward_step=0")
    settle_on(page, TITLE)
    e = [math.exp(v) for v in (1.0, 2.0, 0.5)]
    S = sum(e)
    expect(page.locator("text.backward")).to_have_count(0)
    said = []
    for step in range(1, 25):
        page.get_by_role("button", name="Next").click()
        line = page.get_by_text(f"Step {step} of 24.")
        expect(line).to_be_visible()
        said.append(line.locator("xpath=..").inner_text())
    text = "\n".join(said)
    p = [v / S for v in e]
    for fact in (
        "∂L/∂L = 1",
        "log p₂ sends −y₂/p₂ = " + number(-1 / p[1]),
        "p₂ sends −y₂/exp x₂ = " + number(-1 / e[1]),
        "p₂ sends −y₂·S = " + number(-S),
        "1/S sends 1/S = " + number(1 / S),
        "exp x₁ sends p₁ − y₁ = " + number(p[0]),
        "exp x₂ sends p₂ − y₂ = " + number(p[1] - 1),
        "exp x₃ sends p₃ − y₃ = " + number(p[2]),
    ):
        assert fact in text


def test_no_number_is_hidden_where_they_are_long_on_a_page_opened_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_5_label=soft&ex23_5_y1=1.0&ex23_5_x1=-5.0&ex23_5_x3=5.0", width=400)
    settle_on(page, TITLE)
    fits(page, 400)
    expect(page.locator("text.backward")).to_have_count(BACKWARD)
    assert hidden_numbers(page) == []


def test_a_slider_moved_between_two_steps_keeps_the_step(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_5_graph_backward_step=10")
    settle_on(page, TITLE)
    message = edge(page, "p₂ → log p₂").locator("text.backward").last
    expect(message).to_have_text("−1.591")
    page.locator(".st-key-ex23_5_x1").get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    e = [math.exp(v) for v in (1.1, 2.0, 0.5)]
    expect(message).to_have_text(number(-sum(e) / e[1]))
    expect(page.get_by_text("Step 10 of 24.")).to_be_visible()
    expect(edge(page, "p₁ → log p₁").locator("text.backward")).to_have_count(0)
    page.locator(".st-key-ex23_5_graph_backward_step").get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(edge(page, "p₁ → log p₁").locator("text.backward").first).to_have_text("−y₁/p₁")


def test_a_planted_mistake_is_crossed_in_the_drawing(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_5_mistake=use+the+misprint")
    settle_on(page, TITLE)
    expect(edge(page, "exp x₂ → p₂").locator("text.backward").first).to_have_text("✗ −y₃/exp x₃")
    expect(page.get_by_text("2 of 19 disagree: ∂L/∂x₂, ∂L/∂(exp x₂)")).to_be_visible()


def test_the_table_opens_and_holds_every_edge(open_page: OpenPage) -> None:
    page = open_page(PATH)
    settle_on(page, TITLE)
    page.get_by_text("Every edge of this graph as a table").click()
    row = page.get_by_role("row").filter(has_text="p₂ → log p₂")
    expect(row).to_contain_text("1/p₂ = 1.591")
    expect(row).to_contain_text("−y₂/p₂ = −1.591")


def test_predict_first_hides_the_value_from_every_reader(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}?ex23_5_graph_backward_step=7&ex23_5_graph_predict=true")
    settle_on(page, TITLE)
    name = "log p₂ → y₂ log p₂"
    expect(edge(page, name).locator("text.backward").last).to_have_text("?")
    assert "= ?" in (edge(page, name).get_attribute("aria-label") or "")
    page.get_by_role("button", name="Reveal this value").click()
    expect(edge(page, name).locator("text.backward").last).to_have_text("−1.000")
