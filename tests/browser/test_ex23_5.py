"""Page 23.5 in Chromium: the whole pass stepped, a phone, a planted mistake, predict first."""

import math

from playwright.sync_api import expect

from pages.shared.numbers import number
from tests.browser.conftest import Visit
from tests.browser.graph_helpers import edge, hidden_numbers, message

BACKWARD = 24 * 2 - 5  # a formula and a number on each edge; 1, −1 and three more −1 are both in one


def test_the_whole_backward_pass_step_by_step_in_a_table_and_with_a_mistake(visit: Visit) -> None:
    reader = visit("23.5", "ex23_5_graph_backward_step=0")
    e = [math.exp(v) for v in (1.0, 2.0, 0.5)]
    S = sum(e)
    expect(reader.page.locator("text.backward")).to_have_count(0)
    said = []
    for step in range(1, 25):
        reader.press("Next")
        line = reader.page.get_by_text(f"Step {step} of 24.")
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

    reader.settle()
    expect(reader.page.locator("text.backward")).to_have_count(BACKWARD)
    reader.page.get_by_text("Every edge of this graph as a table").click()
    row = reader.page.get_by_role("row").filter(has_text="p₂ → log p₂")
    expect(row).to_contain_text("1/p₂ = 1.591")
    expect(row).to_contain_text("−y₂/p₂ = −1.591")

    reader.choose("ex23_5_mistake", "use the misprint")
    reader.sees("2 of 19 disagree: ∂L/∂x₂, ∂L/∂(exp x₂)")
    expect(edge(reader, "exp x₂ → p₂").locator("text.backward").first).to_have_text("✖ −y₃/exp x₃")


def test_on_a_phone_no_number_is_hidden_and_the_drawing_scrolls_in_its_own_box(visit: Visit) -> None:
    long = "ex23_5_label=soft&ex23_5_y1=1.0&ex23_5_x1=-5.0&ex23_5_x3=5.0"
    reader = visit("23.5", long, width=400)
    reader.fits(400)
    expect(reader.page.locator("text.backward")).to_have_count(BACKWARD)
    assert hidden_numbers(reader) == []
    box = reader.page.locator(".scroll")
    inside, shown = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert inside >= 800 > 400 >= shown
    edge(reader, "L →").focus()
    expect(reader.page.locator(".about")).to_contain_text("The backward pass starts here with ∂L/∂L = 1.")
    assert box.evaluate("box => box.scrollLeft") > 0


def test_a_slider_moved_between_two_steps_keeps_the_step(visit: Visit) -> None:
    reader = visit("23.5", "ex23_5_graph_backward_step=10")
    expect(message(reader, "p₂ → log p₂")).to_have_text("−1.591")
    reader.turn("ex23_5_x1", "ArrowRight")
    e = [math.exp(v) for v in (1.1, 2.0, 0.5)]
    expect(message(reader, "p₂ → log p₂")).to_have_text(number(-sum(e) / e[1]))
    reader.sees("Step 10 of 24.")
    expect(edge(reader, "p₁ → log p₁").locator("text.backward")).to_have_count(0)
    reader.turn("ex23_5_graph_backward_step", "ArrowRight")
    expect(edge(reader, "p₁ → log p₁").locator("text.backward").first).to_have_text("−y₁/p₁")


def test_predict_first_hides_the_value_from_every_reader(visit: Visit) -> None:
    reader = visit("23.5", "ex23_5_graph_backward_step=7&ex23_5_graph_predict=true")
    name = "log p₂ → y₂ log p₂"
    expect(message(reader, name)).to_have_text("?")
    assert "= ?" in (edge(reader, name).get_attribute("aria-label") or "")
    reader.press_twice("Reveal this value")
    expect(message(reader, name)).to_have_text("−1")
    reader.press_twice("Hide all values again")
    expect(message(reader, name)).to_have_text("?")
    reader.is_unharmed()
