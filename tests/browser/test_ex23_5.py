"""Page 23.5 in Chromium: both themes, a phone, every edge by keyboard, the whole pass stepped, and speed."""

import math
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pages.shared.numbers import number
from tests.browser.conftest import OpenPage
from tests.browser.graph_helpers import edge, fits, settle_on

PATH = "ex23_5_softmax_graph"
TITLE = "23.5 Softmax as a computation graph"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_accessible_and_no_wider_than_the_screen(
    open_page: OpenPage, axe: Callable[[Page], None], theme: str, width: int
) -> None:
    page = open_page(PATH, theme=theme, width=width)
    settle_on(page, TITLE)
    axe(page)
    fits(page, width)


def test_on_a_phone_the_drawing_scrolls_in_its_own_box(open_page: OpenPage) -> None:
    page = open_page(PATH, width=400)
    settle_on(page, TITLE)
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
