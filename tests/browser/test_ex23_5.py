"""Page 23.5 in Chromium: the whole pass stepped, by layers, a phone, a planted mistake, the first screen."""

import pytest
from playwright.sync_api import expect

from pages.ex23_5.find_mistake import drawn
from tests.browser.conftest import Visit
from tests.browser.graph_helpers import card, edge, go_to, gradient, hidden_numbers, watch_steps


def test_the_whole_pass_step_by_step_then_layer_by_layer(visit: Visit) -> None:
    reader = visit("23.5", "ex23_5_label=class+2")
    seen = watch_steps(reader)
    for _ in range(40):
        reader.press("Next")
    assert seen() == list(range(41))
    expect(reader.page.locator(".say")).to_contain_text("It is the only message to x₁")
    expect(gradient(reader, "x₂")).to_have_text("−0.3715")
    expect(edge(reader, "p₁ → log p₁")).to_have_class("edge sent zero")
    reader.press("Start")
    reader.page.locator("select.by").select_option("layer")
    reader.press("Next")
    reader.sees("Step 3 of 40")
    expect(reader.page.locator(".say")).to_contain_text("exp x₁ = 2.718; exp x₂ = 7.389; exp x₃ = 1.649.")
    reader.press("Next")
    reader.sees("Step 4 of 40")
    reader.press("Back")
    reader.sees("Step 3 of 40")


def test_two_branches_meet_at_an_exp(visit: Visit) -> None:
    reader = visit("23.5")
    go_to(reader, 34)
    expect(gradient(reader, "exp x₁")).to_have_text("? 1/2")
    reader.press("Next")
    expect(reader.page.locator(".say")).to_contain_text("All messages to exp x₁ have come and add up")
    expect(gradient(reader, "exp x₁")).to_have_text("0.04827")


def test_on_the_first_screen_stands_the_whole_picture(visit: Visit) -> None:
    reader = visit("23.5")
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.settle()
    box = reader.page.locator(".drawing svg").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800
    sizes = reader.page.locator(".drawing text").evaluate_all(
        """texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize)
          * text.ownerSVGElement.getScreenCTM().a)"""
    )
    assert min(sizes) >= 13.9


@pytest.mark.parametrize("mistake", ["use the misprint", "forget the branch through S"])
def test_on_a_phone_no_number_is_hidden_and_the_box_follows_the_step(visit: Visit, mistake: str) -> None:
    long = "ex23_5_label=soft&ex23_5_y1=1.0&ex23_5_x1=-5.0&ex23_5_x3=5.0"
    reader = visit("23.5", f"{long}&ex23_5_mistake={mistake.replace(' ', '+')}", width=400)
    go_to(reader, 40)
    reader.fits(400)
    assert hidden_numbers(reader) == []
    box = reader.page.locator(".scroll.drawing")
    inside, shown = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert inside >= 760 > 400 >= shown
    assert box.evaluate("box => box.scrollLeft") == 0
    go_to(reader, 17)
    assert box.evaluate("box => box.scrollLeft") > 300


def test_a_planted_mistake_is_marked_where_it_is_and_on_what_it_spoils(visit: Visit) -> None:
    reader = visit("23.5", "ex23_5_mistake=use+the+misprint&ex23_5_tab=Check+it")
    reader.sees("2 of 19 disagree: ∂L/∂x₂, ∂L/∂(exp x₂)")
    go_to(reader, 40)
    expect(edge(reader, "exp x₂ → p₂").locator(".cross")).to_be_visible()
    expect(card(reader, "x₂").locator(".struck")).to_have_text("−0.2678")
    expect(card(reader, "x₂").locator(".true")).to_have_text("−0.07147")
    reader.page.locator("summary").filter(has_text="Every edge as a table").click()
    row = reader.page.get_by_role("row").filter(has_text="exp x₂ → p₂")
    expect(row).to_contain_text("✖ −0.1213")
    expect(row).to_contain_text("−0.09473")


def test_in_the_game_an_edge_is_picked_by_click_or_by_key_and_tells_no_mistake(visit: Visit) -> None:
    reader = visit("23.5", "ex23_5_tab=Find+the+mistake")
    game = reader.control("ex23_5_game_graph")
    expect(game.locator(".struck, .cross, .true")).to_have_count(0)
    assert "mistake makes" not in " ".join(
        label or "" for label in game.locator("[data-edge]").evaluate_all("all => all.map(e => e.ariaLabel)")
    )
    _, _, planted, _ = drawn(0)
    right = next(
        name
        for name in game.locator("[data-edge]").evaluate_all("all => all.map(edge => edge.dataset.edge)")
        if name != planted.name
    )
    game.locator(f'[data-edge="{right}"]').press("Enter")
    reader.sees(f"On {right} all is well")
    game.locator(f'[data-edge="{planted.name}"]').press("Enter")
    reader.sees(f"It is {planted.name}")
    expect(game.locator(".cross")).to_be_visible()
    expect(game.locator(".struck").first).to_be_visible()
    for width in reader.in_both_themes():
        reader.is_accessible()
        reader.fits(width)
        assert hidden_numbers(reader) == []


@pytest.mark.parametrize("by", ["edge", "layer"])
def test_no_step_moves_the_drawing(visit: Visit, by: str) -> None:
    reader = visit("23.5", "ex23_5_mistake=lose+the+minus+of+−1/S²&ex23_5_x1=-4.3")
    reader.page.locator("select.by").select_option(by)
    for width in (1280, 400):
        reader.page.set_viewport_size({"width": width, "height": 900})
        reader.fits(width)
        places = reader.page.locator("input.line").evaluate(
            """(line) => Array.from({ length: 41 }, (_, step) => {
              line.value = step;
              line.dispatchEvent(new Event("input"));
              return line.getRootNode().querySelector(".drawing svg").getBoundingClientRect().top;
            })"""
        )
        assert len(set(places)) == 1, f"at {width} pixels"


def test_folded_each_message_stands_on_its_edge_in_symbols(visit: Visit) -> None:
    reader = visit("23.5", "ex23_5_folded=true&ex23_5_x1=-5.0")
    go_to(reader, 5)
    for k in "₁₂₃":
        expect(edge(reader, f"x{k} → L").locator(".number").first).to_have_text(f"p{k} − y{k}")
    assert hidden_numbers(reader) == []
