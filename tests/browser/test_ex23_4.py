"""Page 23.4 in Chromium: Play, the keyboard, a nudge, no number hidden, nothing that jumps."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.graph_helpers import card, edge, go_to, gradient, hidden_numbers, watch_steps


def test_play_shows_every_step_from_the_start_and_the_page_stands_still(visit: Visit) -> None:
    reader = visit("23.4")
    reader.sees("Step 0 of 6")
    reader.page.locator("select.pace").select_option("fast")
    tabs = reader.page.get_by_test_id("stTabs")
    before = tabs.bounding_box()
    seen = watch_steps(reader)
    reader.button("Play").dblclick()  # the second press finds Pause, and is not meant
    expect(reader.button("Pause")).to_be_visible()
    reader.sees("Step 6 of 6")
    expect(reader.button("Play")).to_be_visible()
    assert seen() == [0, 1, 2, 3, 4, 5, 6]
    assert tabs.bounding_box() == before
    reader.press("Play")  # at its end it begins anew
    reader.sees("Step 6 of 6")
    assert seen() == [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6]


def test_where_motion_is_welcome_a_number_travels_and_every_step_is_seen(visit: Visit) -> None:
    reader = visit("23.4")
    reader.page.emulate_media(reduced_motion="no-preference", color_scheme="light")
    reader.page.locator("select.pace").select_option("fast")
    reader.page.locator(".drawing").evaluate(
        """(box) => {
          window.parcels = new Set();
          new MutationObserver(() => box.querySelectorAll(".parcel text").forEach(
            (text) => window.parcels.add(text.textContent)
          )).observe(box, { childList: true, characterData: true, subtree: true });
        }"""
    )
    seen = watch_steps(reader)
    reader.press("Play")
    reader.sees("Step 6 of 6")
    expect(gradient(reader, "z")).to_have_text("0.7311")
    assert seen() == [0, 1, 2, 3, 4, 5, 6]
    travelled = set(reader.page.evaluate("[...window.parcels]"))
    assert {"1", "0.7311", "3.718", "3.718 × 0.1966"} <= travelled


def test_keys_step_and_a_slider_keeps_the_step(visit: Visit) -> None:
    reader = visit("23.4", "ex23_4_z=2.0&ex23_4_loss=squared+error")
    reader.press("Next")
    keys = reader.page.keyboard
    for _ in range(3):
        keys.press("ArrowRight")
    reader.sees("Step 4 of 6")
    keys.press("ArrowLeft")
    reader.sees("Step 3 of 6")
    expect(gradient(reader, "f")).to_have_text("?")
    keys.press("ArrowRight")
    expect(gradient(reader, "f")).to_have_text("0.8808")
    reader.turn("ex23_4_z", "ArrowRight")
    expect(gradient(reader, "f")).to_have_text("0.8909")
    reader.sees("Step 4 of 6")
    reader.follow("23.5")
    reader.follow("23.4")
    reader.sees("Step 4 of 6")
    card(reader, "z").focus()
    keys.press("ArrowDown")
    expect(card(reader, "f")).to_be_focused()
    keys.press(" ")
    expect(reader.button("Pause")).to_be_visible()
    keys.press(" ")
    expect(reader.button("Play")).to_be_visible()


def test_an_edge_tells_its_product_and_a_nudge_how_the_loss_follows(visit: Visit) -> None:
    reader = visit("23.4")
    about = reader.page.locator(".about")
    go_to(reader, 6)
    edge(reader, "z → f").hover()
    expect(about).to_contain_text("upstream 3.718 × local f(1 − f) = 0.1966 = 0.7311")
    card(reader, "z").click()
    reader.press("+ 0.01")
    expect(about).to_contain_text("it moves by 0.00732. The gradient says 0.7311 × 0.01 = 0.00731.")
    expect(card(reader, "L").locator(".value")).to_have_text("1.321")
    reader.press("Back")
    expect(card(reader, "L").locator(".value")).to_have_text("1.313")


def test_predict_first_hides_the_number_from_every_reader_until_it_is_guessed(visit: Visit) -> None:
    reader = visit("23.4", "ex23_4_loss=squared+error")
    reader.page.locator("input.predict").check()
    go_to(reader, 6)
    reader.page.locator("summary").first.click()
    player = reader.page.locator(".player")
    assert "0.1437" not in player.evaluate("player => player.outerHTML")
    field = player.get_by_label("Your guess")
    field.fill("0.73")
    field.press("Enter")
    reader.sees("Not 0.73")
    assert "0.1437" not in player.evaluate("player => player.outerHTML")
    field.fill("0,14")
    field.press("Enter")
    reader.sees("Right. Go on with Next.")
    expect(gradient(reader, "z")).to_have_text("0.1437")
    reader.press("Back")
    expect(gradient(reader, "y")).to_have_text("?")
    reader.press("Reveal")
    expect(gradient(reader, "y")).to_have_text("−0.7311")


def test_no_number_of_the_drawing_is_hidden_opened_or_not(visit: Visit) -> None:
    reader = visit("23.4", "ex23_4_z=-7.3&ex23_4_y=0.35&ex23_4_mistake=use+the+misprint")
    go_to(reader, 99)
    for width in reader.in_both_themes():
        reader.fits(width)
        assert hidden_numbers(reader) == []
    reader.look_wide_and_light()
    reader.control("ex23_4_opened").get_by_text("Open σ").click()
    expect(card(reader, "exp(−z)")).to_be_visible()
    assert hidden_numbers(reader) == []
    assert edge(reader, "z → −z").get_attribute("class") == "edge sent now-backward spoiled planted"
