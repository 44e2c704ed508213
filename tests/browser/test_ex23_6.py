"""Page 23.6 in Chromium: sliders, a planted mistake, the graph's box, two nets learning."""

from playwright.sync_api import expect

from nnlib.chapter23.batch_norm import forward
from pages.shared.numbers import number
from tests.browser.conftest import Visit
from tests.browser.graph_helpers import edge, go_to, hidden_numbers


def test_no_number_of_the_graph_is_hidden_by_a_mistake_and_it_scrolls_on_a_phone_only(visit: Visit) -> None:
    reader = visit("23.6", "ex23_6_graph_divisor=n&ex23_6_graph_mistake=forget+u+and+σ²&ex23_6_graph_z1=-3.0")
    for width in reader.in_both_themes():
        go_to(reader, 99)
        assert hidden_numbers(reader) == []
        inside, shown = reader.page.locator(".scroll.drawing").evaluate(
            "box => [box.scrollWidth, box.clientWidth]"
        )
        assert (inside > shown + 1) == (width == 400)
        edge(reader, "σ² → σ² + ε").focus()
        expect(reader.page.locator(".about")).to_contain_text("upstream −")


def test_a_slider_moves_dots_and_numbers_and_is_kept_in_the_address(visit: Visit) -> None:
    reader = visit("23.6")
    dot = reader.page.locator(".lines .dot").first
    before = dot.get_attribute("cx")
    reader.turn("ex23_6_z1", "ArrowRight", times=3)
    expected = number(forward([0.4, -0.1, 0.6, 0.1, -0.5]).z_bar[0])
    expect(reader.page.get_by_role("cell", name=expected, exact=True)).to_be_visible()
    assert dot.get_attribute("cx") != before
    reader.page.reload()
    expect(reader.page.get_by_role("cell", name=expected, exact=True)).to_be_visible()


def test_a_planted_mistake_turns_its_rows_red_and_equal_z_without_epsilon_are_explained(visit: Visit) -> None:
    reader = visit("23.6")
    reader.sees("Analytic: ✓ all 9 agree.")
    reader.choose("ex23_6_mistake", "wrong sign of dσ²")
    reader.sees("Analytic: ✖ 6 of 9 disagree: dz₁, dz₂, dz₃, dz₄, dz₅, dσ².")
    row = reader.control("ex23_6_gradients").get_by_role("row").filter(has_text="dσ²")
    tint = row.locator(".stMarkdownColoredBackground").first
    expect(tint).to_have_text("10.41")
    clear = "rgba(0, 0, 0, 0)"
    assert tint.evaluate("cell => getComputedStyle(cell).backgroundColor") != clear
    reader.choose("ex23_6_mistake", "none")
    reader.sees("Analytic: ✓ all 9 agree.")

    reader.press("All z equal")
    expect(reader.page.get_by_role("cell", name="0.5", exact=True).first).to_be_visible()
    reader.turn("ex23_6_epsilon", "ArrowLeft", times=2)
    reader.sees("all z are equal, so σ² = 0")
    reader.turn("ex23_6_z1", "ArrowRight")
    expect(reader.page.get_by_text("all z are equal, so σ² = 0")).to_have_count(0)
    # dz₁ is 0 there: only rounding is left of it
    reader.sees("Analytic: ✓ 7 of 8 agree; 1 is too small to judge here.")


def test_two_nets_learn_side_by_side(visit: Visit) -> None:
    reader = visit("23.6")
    reader.press_twice("Train both")
    expect(reader.page.get_by_role("cell", name="10", exact=True)).to_have_count(2)
    expect(reader.button("Train both")).to_be_visible()
    row = reader.page.get_by_role("row").filter(has_text="with batch norm").filter(has_text="%")
    accuracy = float(row.get_by_role("cell").nth(1).inner_text().split()[0])
    assert accuracy > 95
    reader.turn("ex23_6_use_rate", "ArrowRight")
    reader.sees("The curves belong to other settings")
    reader.is_unharmed()
