"""Page 23.4 in Chromium: Play, the keyboard, a nudge, a guess, no number hidden, nothing that jumps."""

import math
import re

import pytest
from playwright.sync_api import expect

from pages.shared.numbers import number
from tests.browser.conftest import Visit
from tests.browser.graph_helpers import card, edge, go_to, gradient, hidden_numbers, open_settings, watch_steps
from tests.browser.reader import Reader


@pytest.fixture(scope="module")
def reader(shared_visit: Visit) -> Reader:
    """A reader who has made a guess; each test begins at the first step."""
    return shared_visit("23.4", "ex23_4_guess=grow")


@pytest.mark.thorough
def test_play_shows_every_step_and_a_number_travels_where_motion_is_welcome(reader: Reader) -> None:
    reader.sees("Step 0 of 6")
    open_settings(reader)
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

    reader.page.emulate_media(reduced_motion="no-preference", color_scheme="light")
    reader.page.locator(".drawing").evaluate(
        """(box) => {
          window.parcels = new Set();
          new MutationObserver(() => box.querySelectorAll(".parcel text").forEach(
            (text) => window.parcels.add(text.textContent)
          )).observe(box, { childList: true, characterData: true, subtree: true });
        }"""
    )
    reader.page.locator("select.pace").select_option("normal")
    reader.press("Play")  # at its end it begins anew
    expect(reader.page.locator(".count")).to_contain_text("Step 6 of 6")
    expect(gradient(reader, "z")).to_have_text("−0.8176")
    assert seen() == [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6]
    travelled = set(reader.page.evaluate("[...window.parcels]"))
    assert {"−1.5", "0.1824", "−5.482", "−5.482 × 0.1491"} <= travelled
    reader.sees("slope σ′(z) = 0.1491")
    more = reader.control("ex23_4_more").get_by_text("More settings")
    more.click()
    sigma = reader.control("ex23_4_opened").get_by_text("Open σ up")
    for name, count in (("σ", 8), ("", 4)):  # σ opens and folds again, and nothing is left over
        sigma.click()
        expect(reader.page.locator(".player .node")).to_have_count(count)
        expect(reader.page.locator(".frame-name")).to_have_text([name] if name else [])
        reader.settle()
    more.click()
    expect(sigma).not_to_be_visible()
    reader.page.emulate_media(reduced_motion="reduce", color_scheme="light")


def test_keys_step_a_slider_keeps_the_step_and_so_does_the_address(visit: Visit) -> None:
    reader = visit(
        "23.4", "ex23_4_guess=grow"
    )  # its own, for it may leave the page before the last press is heard
    go_to(reader, 0)
    reader.press("Next")
    keys = reader.page.keyboard
    for _ in range(3):
        keys.press("ArrowRight")
    reader.sees("Step 4 of 6")
    keys.press("ArrowLeft")
    expect(gradient(reader, "f")).to_have_text("?")
    keys.press("ArrowRight")
    expect(gradient(reader, "f")).to_have_text("−5.482")
    reader.turn("ex23_4_z", "ArrowRight")
    expect(gradient(reader, "f")).to_have_text("−5.055")
    expect(reader.page).to_have_url(
        re.compile("ex23_4_z")
    )  # the server, of which the picture is ahead, has heard of it
    reader.turn("ex23_4_z", "ArrowLeft")
    expect(gradient(reader, "f")).to_have_text("−5.482")
    expect(reader.page).not_to_have_url(re.compile("ex23_4_z"))
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
    go_to(reader, 4)
    reader.page.reload()
    reader.sees("Step 4 of 6")
    reader.settle()


def test_an_arrow_tells_its_product_and_a_nudge_how_the_loss_follows(reader: Reader) -> None:
    about = reader.page.locator(".about")
    asked, seen = (
        reader.page.get_by_text(re.compile(words))  # with the guess, or without it where z has been moved since
        for words in (
            "which number comes back|comes nearer to the label",
            "Right: z must grow|You have seen the number",
        )
    )
    go_to(reader, 5)
    expect(asked).to_be_visible()
    expect(seen).not_to_be_visible()
    go_to(reader, 6)
    expect(seen).to_be_visible()
    expect(asked).not_to_be_visible()
    edge(reader, "z → f").hover()
    expect(about).to_have_text(
        "f → z carries the message −0.8176: the upstream gradient ∂L/∂f, which is −5.482, times the local "
        "derivative 0.1491."
    )
    card(reader, "z").click()
    reader.press("z + 0.01")
    expect(about.locator(".figure")).to_have_text(["−0.00817", "−0.00818"])
    expect(about).to_contain_text("L went from 1.701 to 1.693. The orange gradients are those before the nudge")
    for name, value in (("z", "−1.49"), ("f", "0.1839"), ("L", "1.693")):
        expect(card(reader, name).locator(".value.moved")).to_have_text(value)
    assert [
        edge(reader, name).evaluate("edge => edge.style.getPropertyValue('--hop')") for name in ("z → f", "f → L")
    ] == ["0.5", "1.5"]
    expect(edge(reader, "y → L")).not_to_have_class("rippled")
    reader.press("Back")
    expect(card(reader, "L").locator(".value")).to_have_text("1.701")


def test_the_gap_between_f_and_y_is_drawn_before_the_guess_and_the_guess_calls_for_play(visit: Visit) -> None:
    reader = visit("23.4")
    drawing = reader.page.locator(".drawing")
    expect(drawing.get_by_text("f = 0.1824", exact=True)).to_be_visible()
    expect(drawing.get_by_text("y = 1", exact=True)).to_be_visible()
    expect(drawing.locator(".between")).to_be_visible()
    expect(drawing.locator(".slope-name")).to_have_count(0)
    play = reader.button("Play")
    top = play.bounding_box()
    reader.control("ex23_4_guess").get_by_text("grow").click()
    expect(reader.page.locator(".player.called")).to_be_visible()
    now = play.bounding_box()
    assert top is not None
    assert now is not None
    assert now["y"] == pytest.approx(top["y"], abs=3)
    go_to(reader, 6)
    expect(reader.page.locator(".player.called")).to_have_count(0)
    expect(drawing.get_by_text("slope σ′(z) = 0.1491", exact=True)).to_be_visible()


def test_every_z_has_its_own_place_on_the_curve_as_far_as_the_slider_goes(visit: Visit) -> None:
    reader = visit("23.4", "ex23_4_graph_step=6")
    drawing = reader.page.locator(".drawing")
    places = """(box) => [".axis", "circle.here", ".slope"].map((part) => {
      const { x, width } = box.querySelector(part).getBBox();
      return [x, x + width];
    })"""  # all in one moment: the next drawing takes their elements away
    for share in (0.0, 0.1, 1.0):
        z = reader.drag("ex23_4_z", share)
        expect(gradient(reader, "z")).to_have_text(number(1 / (1 + math.exp(-z)) - 1))
        ends, dot, reach = drawing.evaluate(places)
        at = sum(dot) / 2
        assert at == pytest.approx(ends[0] + (z + 10) / 20 * (ends[1] - ends[0]))
        assert ends[0] - 0.1 <= reach[0] <= at <= reach[1] <= ends[1] + 0.1
        reader.page.mouse.up()


@pytest.mark.thorough
def test_predict_first_asks_for_what_takes_a_rule_and_hides_it_from_every_reader(reader: Reader) -> None:
    go_to(reader, 0)
    open_settings(reader)
    reader.page.locator("input.predict").check()
    reader.sees("Step 0 of 6")  # where it was
    for _ in range(4):
        reader.press("Next")
    expect(reader.button("Next")).to_be_disabled()
    go_to(reader, 6)  # no way leads past a question
    reader.sees("Step 4 of 6")
    expect(gradient(reader, "f")).to_have_text("?")
    for name in ("Reveal", "Next", "Reveal", "Next"):
        reader.press(name)
    reader.sees("Step 6 of 6")
    reader.page.locator("summary").filter(has_text="Every edge as a table").click()
    player = reader.page.locator(".player")

    def is_told() -> bool:
        return any(number in player.evaluate("player => player.outerHTML") for number in ("0.8176", "0.1491"))

    assert not is_told()
    field = player.get_by_label("Which number arrives at z?")
    for guess, says in (("0,82", "The sign is the wrong way round."), ("-5.48", "That is the upstream gradient")):
        field.fill(guess)
        field.press("Enter")
        expect(reader.page.locator(".say")).to_contain_text(says)
        assert not is_told()
    field.fill("−0,82")
    field.press("Enter")
    expect(reader.page.locator(".say")).to_contain_text("Right. That was the last one")
    expect(gradient(reader, "z")).to_have_text("−0.8176")


HEADER = 40  # pixels


def test_a_hidden_mistake_can_be_predicted_and_found_and_looking_inside_does_not_give_it_away(
    visit: Visit,
) -> None:
    reader = visit("23.4")
    reader.press("One message is wrong")
    say, about = reader.page.locator(".say"), reader.page.locator(".about")
    expect(say).to_contain_text("Every message has been sent.")
    edge(reader, "f → L").press("Enter")
    expect(about).to_have_text(
        "✖ L → f is right: 1 × 0.5808 = 0.5808. Its upstream gradient is right too, "
        "so there is no mistake between here and L."
    )
    reader.press("Start")
    expect(about).to_have_text("")
    open_settings(reader)
    reader.page.locator("input.predict").check()
    go_to(reader, 6)
    for name in ("Reveal", "Next", "Reveal", "Next"):
        reader.press(name)
    expect(say).not_to_contain_text("Every message has been sent.")
    field = reader.page.locator(".player").get_by_label("Which number arrives at z?")
    for guess, says in (
        ("0.0354", "✖ Not 0.0354. That is what the graph sends, but it is not upstream × local."),
        ("0.061", "✓ That is upstream × local, but the graph sends 0.03542: you have found the mistake."),
    ):
        field.fill(guess)
        field.press("Enter")
        expect(say).to_contain_text(says)
    reader.page.locator("input.predict").uncheck()
    reader.control("ex23_4_opened").get_by_text("Open σ up").click()
    expect(card(reader, "exp(−z)")).to_be_visible()
    reader.settle()
    expect(reader.button("Show the explanation")).to_be_visible()
    expect(reader.page.locator(".cross, .struck")).to_have_count(0)
    heights = {card(reader, name).locator(".card").get_attribute("height") for name in "zfL"}
    assert len(heights) == 1  # a card with room for the true number would give it away
    edge(reader, "1 + exp(−z) → f").press("Enter")
    expect(about).to_contain_text("✓ Found: it is f → 1 + exp(−z). The upstream gradient is multiplied in twice")
    expect(reader.button("Hide the explanation")).to_be_visible()
    expect(reader.page.locator(".cross")).to_have_count(1)
    reader.page.get_by_role("tab", name="Draw it yourself").click()
    expect(reader.page.locator(".number", has_text="(y − f)")).to_have_count(0)
    expect(card(reader, "z")).to_have_count(0)  # the played graph tells what is to be drawn
    reader.press("2 Play: back to the played graph and its experiments; your drawing is kept")
    expect(card(reader, "z")).to_be_in_viewport()
    expect(reader.page.get_by_role("heading", level=1)).to_be_in_viewport()
    reader.settle()  # the tabs follow the picture; before them the browser would send that of the drawing again
    reader.press("One message is wrong")
    expect(say).to_contain_text("Every message has been sent.")
    expect(reader.button("Show the explanation")).to_be_visible()  # begun anew: it sets the slider and scrolls
    reader.settle()
    expect(reader.control("ex23_4_z")).to_be_in_viewport(ratio=1)
    box = reader.control("ex23_4_z").bounding_box()
    assert box is not None
    assert box["y"] >= HEADER  # not below what stands at the top of the page
    z = reader.drag("ex23_4_z", 0.35)
    f = 1 / (1 + math.exp(-z))  # the picture follows the thumb before the server hears of it
    expect(gradient(reader, "f")).to_have_text(number(f - 0.3))
    expect(gradient(reader, "z")).to_have_text(number((f - 0.3) ** 2 * f * (1 - f)))
    expect(say).to_contain_text("Every message has been sent.")
    expect(reader.page.locator(".cross, .struck, .true")).to_have_count(0)


def test_the_graph_is_drawn_from_node_to_node_by_press_by_key_and_by_drag(visit: Visit) -> None:
    reader = visit("23.4", "ex23_4_tab=Draw+it+yourself")
    reader.sees("The forward graph is given")
    reader.press("Draw the forward graph yourself, too")
    nodes = {name: reader.page.locator(f'[data-join="{name}"]') for name in "zfyL"}
    nodes["z"].click()
    expect(nodes["z"]).to_have_attribute("aria-pressed", "true")
    nodes["L"].click()
    reader.sees("The formula of L does not contain z itself. 0 of 3 arrows are drawn.")
    for source, target in ("zf", "fL"):
        nodes[source].press("Enter")
        nodes[target].press("Enter")
        reader.sees(f"{source} → {target}.")
        expect(nodes[target]).to_be_focused()
    reader.is_accessible()
    nodes["y"].drag_to(nodes["L"])
    reader.sees("The arrows turn round.")
    expect(reader.page.locator("[data-pick]")).to_have_count(3)


@pytest.mark.thorough
def test_no_number_of_the_drawing_is_hidden_opened_or_not(visit: Visit) -> None:
    reader = visit("23.4", "ex23_4_z=-7.3&ex23_4_y=0.35&ex23_4_mistake=∂L/∂f+twice,+as+in+the+printed+solution")
    go_to(reader, 99)
    for width in reader.in_both_themes():
        reader.fits(width)
        assert hidden_numbers(reader) == []
    reader.look_wide_and_light()
    reader.control("ex23_4_more").get_by_text("More settings").click()
    reader.control("ex23_4_opened").get_by_text("Open σ up").click()
    expect(card(reader, "exp(−z)")).to_be_visible()
    assert hidden_numbers(reader) == []
    assert edge(reader, "1 + exp(−z) → f").get_attribute("class") == "edge sent now-backward spoiled planted"
