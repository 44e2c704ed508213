"""Page 23.5 in Chromium: told in scenes and edge by edge, a phone, a mistake, the first screen, the game."""

import math

import pytest
from playwright.sync_api import expect

from nnlib.chapter23.graphs import softmax_graph
from pages.ex23_5.find_mistake import drawn
from pages.shared.numbers import number
from tests.browser.conftest import Visit
from tests.browser.graph_helpers import (
    card,
    edge,
    go_to,
    gradient,
    hidden_numbers,
    open_settings,
    text_sizes,
    watch_steps,
)


@pytest.mark.thorough
def test_the_whole_pass_scene_by_scene_folded_and_edge_by_edge(visit: Visit) -> None:
    reader = visit("23.5", "ex23_5_label=class+2&ex23_5_graph_step=2")  # no layer is left half made
    say = reader.page.locator(".say")
    reader.sees("Step 1 of 8")
    expect(say).to_contain_text("S is the sum of all three.")
    reader.press("Next")
    expect(say).to_contain_text("p₁ = 0.2312; p₂ = 0.6285; p₃ = 0.1402.")
    reader.press("Back")
    reader.sees("Step 1 of 8")
    go_to(reader, 8)
    expect(say).to_contain_text("What is it, in p and y?")
    expect(reader.button("Fold into one node")).to_have_count(0)
    reader.press("Show the answer")  # what it tells, no step has told before
    expect(reader.button("Fold into one node")).to_be_visible()
    go_to(reader, 7)
    expect(say).to_contain_text("→ exp x₁: 0.08506 × 1 = 0.08506;")
    expect(say).to_contain_text("∂L/∂(exp x₂) = 0.08506 + (−0.1353) ≈ −0.05027;")
    reader.press("Next")
    row = reader.page.get_by_role("row").filter(has_text="x₂")
    expect(row).to_contain_text("0.62851−0.3715−0.3715 ✓")
    reader.press("Fold into one node")
    expect(edge(reader, "x₂ → L").locator(".number").last).to_have_text("−0.3715")
    reader.control("ex23_5_more").get_by_text("More settings").click()
    reader.control("ex23_5_folded").get_by_text("Fold into one node", exact=True).click()
    expect(row).to_be_visible()
    reader.press("Start")
    open_settings(reader)
    reader.page.locator("select.by").select_option("edge")
    seen = watch_steps(reader)
    for _ in range(34):
        reader.press("Next")
    expect(gradient(reader, "exp x₁")).to_have_text("1 of 2 in")
    reader.press("Next")
    expect(say).to_contain_text("All messages to exp x₁ have come and add up")
    expect(gradient(reader, "exp x₁")).to_have_text("0.08506")
    for _ in range(5):
        reader.press("Next")
    assert seen() == list(range(41))
    expect(say).to_contain_text("Written out, exp x₃ · (1/S − y₃/exp x₃) = p₃ − y₃.")
    expect(gradient(reader, "x₂")).to_have_text("−0.3715")
    expect(edge(reader, "p₁ → log p₁")).to_have_class("edge sent zero")


@pytest.mark.thorough
def test_the_picture_stands_on_the_first_screen_and_an_experiment_brings_it_into_view(visit: Visit) -> None:
    reader = visit("23.5")
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.settle()
    for waits in ("3 Draw the graph yourself", "More settings", "How it plays"):
        expect(reader.page.get_by_text(waits)).not_to_be_visible()  # the guess comes first
    expect(reader.button("Next")).not_to_be_visible()
    reader.press("Play")
    expect(reader.button("Next")).to_be_visible()
    go_to(reader, 8)
    expect(reader.button("3 Draw the graph yourself: that is the exercise")).to_be_in_viewport(ratio=1)
    assert min(text_sizes(reader)) >= 14
    for name in ("Confident but wrong", "A branch is forgotten"):
        reader.press(name)
        expect(reader.page.get_by_text(f"{name}:")).to_be_visible()
        reader.sees("Step 8 of 8")
        reader.settle()
        expect(reader.page.locator(".drawing svg")).to_be_in_viewport(ratio=1)
        expect(reader.button("Show the explanation")).to_be_in_viewport(ratio=1)
        assert hidden_numbers(reader) == []
        shown = reader.page.locator(".edge.sent").evaluate_all(
            "edges => edges.map(edge => edge.querySelectorAll('.number').length)"
        )
        assert len(shown) == 23
        assert min(shown) >= 1  # every arrow shows its message
    expect(reader.page.get_by_role("switch", name="Fold into one node")).to_be_disabled()
    reader.press("Show the explanation")
    reader.press("Show the answer")
    reader.control("ex23_5_folded").get_by_text("Fold into one node", exact=True).click()
    for k in "₁₂₃":
        expect(edge(reader, f"x{k} → L").locator(".number").first).to_have_text(f"p{k} − y{k}")
    assert hidden_numbers(reader) == []


def test_bars_of_p_and_y_stand_beside_the_guess_and_the_gradients_beside_them_at_the_end(visit: Visit) -> None:
    reader = visit("23.5")
    say, shares = reader.page.locator(".say"), reader.page.locator(".shares")
    expect(say).to_contain_text("L, the loss")
    for text in ("p₂ 0.6285", "y₂ 0.7"):
        expect(shares).to_contain_text(text)
    expect(shares).not_to_contain_text("∂L")
    x2 = reader.drag("ex23_5_x2", 0.8)  # they follow the thumb
    p2 = math.exp(x2) / (math.exp(1.0) + math.exp(x2) + math.exp(0.5))
    expect(shares).to_contain_text(f"p₂ {number(p2)}")
    reader.page.mouse.up()
    reader.press("Play")
    go_to(reader, 4)
    expect(shares).to_have_count(0)
    go_to(reader, 8)
    expect(shares).to_contain_text(f"∂L/∂x₂ {number(p2 - 0.7)}")


def test_on_a_phone_the_graph_is_as_wide_as_the_screen_and_the_box_follows_the_step(visit: Visit) -> None:
    long = "ex23_5_label=soft&ex23_5_y1=1.0&ex23_5_x1=-5.0&ex23_5_x3=5.0"
    reader = visit("23.5", f"{long}&ex23_5_mistake=no+branch+through+S", width=400)
    go_to(reader, 40)
    reader.fits(400)
    assert hidden_numbers(reader) == []
    assert min(text_sizes(reader)) >= 13
    reader.sees("It follows the steps, and you can push it.")
    box = reader.page.locator(".scroll.drawing").first
    inside, shown = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert inside <= shown + 1
    for step in (1, 9, 16, 17, 22, 40):
        go_to(reader, step)
        assert box.evaluate(
            """(box) => {
              const { top, bottom } = box.getBoundingClientRect();
              return [...box.querySelectorAll(".node.now-forward, .node.now-backward")].every((card) => {
                const place = card.getBoundingClientRect();
                return place.top >= top && place.bottom <= bottom;
              });
            }"""
        ), f"step {step} is in view"
    reader.page.set_viewport_size({"width": 1280, "height": 900})
    expect(reader.page.locator(".player.cut")).to_have_count(0)
    assert hidden_numbers(reader) == []


def test_a_planted_mistake_is_marked_where_it_is_and_on_what_it_spoils_and_no_step_moves_the_drawing(
    visit: Visit,
) -> None:
    reader = visit("23.5", "ex23_5_mistake=y₃+for+y₂,+as+in+the+printed+solution&ex23_5_tab=Check+it")
    reader.sees("2 of 19 disagree: ∂L/∂x₂, ∂L/∂(exp x₂)")
    go_to(reader, 40)
    expect(edge(reader, "exp x₂ → p₂").locator(".cross")).to_be_visible()
    expect(card(reader, "x₂").locator(".struck")).to_have_text("−0.2678")
    expect(card(reader, "x₂").locator(".true")).to_have_text("−0.07147")
    go_to(reader, 6)
    planted = reader.page.locator(".say .wrong")
    expect(planted).to_have_text("Here the mistake is planted: p₂ → exp x₂ sends −0.1213 instead of −0.09473.")
    go_to(reader, 40)
    reader.page.locator("summary").filter(has_text="Every edge as a table").click()
    row = reader.page.get_by_role("row").filter(has_text="exp x₂ → p₂")
    expect(row).to_contain_text("✖ −0.1213")
    expect(row).to_contain_text("−0.09473")
    x = [1.0, 2.0, 0.5]
    for k, share in ((0, 0.3), (2, 0.8)):  # each thumb has its own pictures, which say no more and no less
        x[k] = reader.drag(f"ex23_5_x{k + 1}", share)
        graph = softmax_graph(x, [0.1, 0.7, 0.2], "as printed")
        graph.backward()
        expect(card(reader, "x₂").locator(".struck")).to_have_text(number(graph.node("x₂").gradient or 0.0))
        expect(card(reader, "x₂").locator(".true")).to_have_text(number(graph.node("x₂").right or 0.0))
        expect(row).to_contain_text(f"✖ {number(graph.edge('exp x₂', 'p₂').message or 0.0)}")
        reader.sees("Step 8 of 8")
        reader.page.mouse.up()
        expect(reader.page.locator("[data-ahead]")).to_have_count(0)  # the server has answered
    open_settings(reader)
    for by in ("edge", "layer"):
        reader.page.locator("select.by").select_option(by)
        for width in (1280, 400):
            reader.page.set_viewport_size({"width": width, "height": 900})
            reader.fits(width)
            places = reader.page.locator("input.line").evaluate(
                """(line) => Array.from({ length: 41 }, (_, step) => {
                  line.value = step;
                  line.dispatchEvent(new Event("input"));
                  return line.getRootNode().querySelector(".drawing").getBoundingClientRect().top;
                })"""
            )
            assert len(set(places)) == 1, f"by {by} at {width} pixels"


@pytest.mark.thorough
def test_in_the_game_an_edge_is_picked_by_click_or_by_key_and_tells_no_mistake(visit: Visit) -> None:
    reader = visit("23.5", "ex23_5_tab=Find+the+mistake")
    game = reader.control("ex23_5_game_graph")
    expect(game.locator(".struck, .cross, .true")).to_have_count(0)
    assert "planted mistake" not in " ".join(
        label or "" for label in game.locator("[data-edge]").evaluate_all("all => all.map(e => e.ariaLabel)")
    )
    graph, _, planted, _ = drawn(0)
    right = next(edge for edge in graph.backward_edges() if edge is not planted)
    game.locator(f'[data-edge="{right.name}"]').press("Enter")
    reader.sees(f"{right.way_back} is right")
    game.locator(f'[data-edge="{planted.name}"]').press("Enter")
    reader.sees(f"it is {planted.way_back}")
    expect(game.locator(".cross")).to_be_visible()
    expect(game.locator(".struck").first).to_be_visible()
    for width in reader.in_both_themes():
        reader.is_accessible()
        reader.fits(width)
        assert hidden_numbers(reader) == []
