"""The reader's own formula in Chromium: typed, sent, moved; no number of its drawing on another."""

import pytest
from playwright.sync_api import Locator, expect

from pages.ex23_4.formula import FAMOUS
from pages.shared.numbers import number
from tests.browser.conftest import Visit
from tests.browser.graph_helpers import hidden_numbers
from tests.browser.reader import Reader

TAB = "ex23_4_tab=Your+own+formula"


@pytest.fixture(scope="module")
def reader(shared_visit: Visit) -> Reader:
    """A reader of the tab, with a formula that was sent."""
    return shared_visit("23.4", f"{TAB}&ex23_4_formula_text=exp(x)*y+%2B+tanh(a)&ex23_4_formula_at_x=0")


def field(reader: Reader) -> Locator:
    return reader.page.get_by_role("textbox", name="Your formula")


def type_formula(reader: Reader, text: str) -> None:
    field(reader).fill(text)
    field(reader).press("Enter")


def player(reader: Reader) -> Locator:
    return reader.control("ex23_4_formula_player")


def value(reader: Reader, name: str) -> Locator:
    """The number on a node's card."""
    return player(reader).locator(f'[data-node="{name}"] .value')


def test_a_sent_formula_is_there_and_a_typed_one_can_be_sent(reader: Reader) -> None:
    expect(field(reader)).to_have_value("exp(x)*y + tanh(a)")
    expect(value(reader, "x")).to_have_text("0")
    type_formula(reader, "a*b² + 1")
    expect(value(reader, "b")).to_have_text("−0.4")
    reader.page.wait_for_function("() => new URL(location).searchParams.get('ex23_4_formula_text') === 'a*b² + 1'")
    reader.page.reload()
    reader.settle()
    expect(field(reader)).to_have_value("a*b² + 1")
    expect(value(reader, "b")).to_have_text("−0.4")


def test_a_slider_moves_the_numbers_of_the_step_it_is_at(reader: Reader) -> None:
    type_formula(reader, "w*z")
    expect(value(reader, "w")).to_have_text("0.5")
    player(reader).get_by_role("button", name="Next").click()
    expect(value(reader, "L")).to_have_text("0.35")
    reader.turn("ex23_4_formula_at_w", "ArrowRight")
    expect(value(reader, "L")).to_have_text("0.42")
    w = reader.drag("ex23_4_formula_at_w", 0.2)
    expect(value(reader, "L")).to_have_text(number(w * 0.7))
    verdict = reader.control("ex23_4_formula_verdict")
    expect(verdict).to_have_css("opacity", "0.4")  # it is still that of another w
    reader.page.mouse.up()
    expect(verdict).to_contain_text(f"L = {number(w * 0.7)}")
    expect(verdict).to_have_css("opacity", "1")
    type_formula(reader, "log(a)")
    expect(value(reader, "a")).to_have_text("0.3")
    reader.drag("ex23_4_formula_at_a", 0.2)  # where there is nothing to draw
    expect(value(reader, "a")).to_have_text("0.3")
    reader.page.mouse.up()
    reader.sees("log needs a positive number")


def test_what_is_no_formula_is_told_and_mended(reader: Reader) -> None:
    type_formula(reader, "2z")
    reader.sees("A multiplication has to be written: 2*z, not 2z.")
    expect(player(reader)).to_have_count(0)
    type_formula(reader, "2*z")
    expect(value(reader, "z")).to_have_text("0.7")


@pytest.mark.thorough
def test_no_number_of_a_famous_formula_stands_on_another(reader: Reader) -> None:
    for name, text in FAMOUS.items():
        reader.press(name)
        expect(field(reader)).to_have_value(text)
        reader.settle()
        line = player(reader).locator("input.line")
        line.fill(line.get_attribute("max") or "")
        expect(player(reader).locator(".node .gradient").first).not_to_have_text("?")
        assert hidden_numbers(reader) == [], text


@pytest.mark.thorough
def test_the_tab_is_accessible_in_both_themes_and_fits(reader: Reader) -> None:
    reader.press("Two neurons and their loss")
    expect(value(reader, "v₁")).to_have_text("1.2")
    for width in reader.in_both_themes():
        reader.fits(width)
        reader.is_accessible()
    reader.look_wide_and_light()
