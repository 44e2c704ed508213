"""Page 23.6 in Chromium: samples dragged by hand and by key, three steps, mistakes, the graph, two nets."""

import re

import pytest
from playwright.sync_api import Locator, expect

from nnlib.chapter23.batch_norm import backward, forward
from pages.ex23_6.controls import BETA, GAMMA, START_G, START_Z
from pages.shared.numbers import number, read_number
from tests.browser.conftest import Visit
from tests.browser.graph_helpers import edge, go_to, hidden_numbers
from tests.browser.reader import Reader


def sample(reader: Reader, j: int) -> Locator:
    """The grip of sample j."""
    return reader.picture("ex23_6_picture").get_by_role("slider", name=f"Sample {j}")


def dz_told(reader: Reader) -> tuple[list[str], list[float], list[float]]:
    """The dz that one drawing tells, and z and g of its samples."""
    told, places = (
        reader.control("ex23_6_picture")
        .locator(".drawing")
        .evaluate(
            """box => [box.querySelector("svg").getAttribute("aria-label"),
          [...box.querySelectorAll(".grip")].map((grip) => grip.getAttribute("aria-valuetext"))]"""
        )
    )
    dz = [text.split(": ")[1] for text in told.rstrip(".").split("dz: ")[1].split("; ")]
    z, g = ([read_number(place.split(" = ")[k].split(",")[0]) for place in places] for k in (1, 2))
    return dz, z, g


def tells_the_truth(reader: Reader, gamma: float = GAMMA) -> None:
    """The numbers under the arrows are those of the samples beside them."""
    dz, z, g = dz_told(reader)
    assert dz == [number(value) for value in backward(forward(z, gamma, BETA), g).dz]


def pushes(reader: Reader) -> list[float]:
    """How far each z has been pushed, by the arrows of the page's beginning."""
    widths: list[float] = (
        reader.picture("ex23_6_why_picture")
        .locator(".push")
        .evaluate_all(
            """arrows => arrows.map((arrow) => {
          const at = (place) => Number(arrow.getAttribute("d").match(place)[1]);
          return at(/H (\\S+)/) - at(/M (\\S+)/);
        })"""
        )
    )
    return widths


def test_the_arrows_follow_the_hand_the_keys_and_a_thumb_and_the_place_is_kept_in_the_address(
    visit: Visit,
) -> None:
    reader = visit("23.6", "ex23_6_step=minus+the+slope&ex23_6_more=true")
    grip, mouse = sample(reader, 1), reader.page.mouse
    grip.hover()
    mouse.down()
    x, y = grip.locator(".disc").evaluate("d => { const b = d.getBoundingClientRect(); return [b.x, b.y]; }")
    for k in range(1, 7):
        mouse.move(x + 10 + 10 * k, y + 10 + 5 * k)
        if k == 3:
            expect(grip).not_to_have_attribute("aria-valuetext", "z = 0.5, g = 2.1")
            tells_the_truth(reader)  # of where the hand is now
    mouse.up()
    expect(reader.control("ex23_6_picture").locator(".dragging")).to_have_count(0)  # the hand has let go
    moved = grip.get_attribute("aria-valuetext") or ""
    z, g = (float(part.split("= ")[1]) for part in moved.split(", "))
    assert z > 1.0
    assert g < 1.9
    grip.press("ArrowRight")
    grip.press("ArrowRight")
    grip.press("ArrowUp")
    after = f"z = {number(z + 0.2)}, g = {number(g + 0.1)}"
    expect(grip).to_have_attribute("aria-valuetext", after)
    expect(grip).to_be_focused()
    tells_the_truth(reader)
    reader.page.wait_for_url(f"**ex23_6_z={round(z + 0.2, 1):g}+*")
    reader.page.wait_for_url(f"**ex23_6_g={round(g + 0.1, 1):g}+*")
    reader.settle()
    reader.page.reload()
    expect(sample(reader, 1)).to_have_attribute("aria-valuetext", after)
    reader.settle()
    thumb = reader.slider("ex23_6_gamma")
    box = thumb.locator("xpath=../..").bounding_box()  # what the mouse holds of it
    assert box is not None
    before, _, _ = dz_told(reader)
    mouse.move(box["x"] + 6, box["y"] + 6)
    mouse.down()
    mouse.move(box["x"] + 26, box["y"] + 6)
    expect(thumb).not_to_have_value(str(GAMMA))
    gamma = float(thumb.input_value())
    tells_the_truth(reader, gamma)  # though Streamlit tells Python only when the thumb is let go
    assert dz_told(reader)[0] != before
    mouse.up()
    reader.page.wait_for_url(f"**ex23_6_gamma={gamma:g}*")
    reader.settle()
    tells_the_truth(reader, gamma)
    left = reader.picture("ex23_6_picture").first
    reader.press("Start over")
    reader.press("I know this: go on")
    dz = backward(forward(START_Z[:5], GAMMA, BETA), START_G[:5]).own  # before any line is laid
    expect(left).to_have_attribute("aria-label", re.compile(f"dz: 1: {number(dz[0])}; 2: {number(dz[1])}"))


def test_each_step_closes_a_sum_and_a_planted_mistake_opens_one_again(visit: Visit) -> None:
    reader = visit("23.6")
    picture = reader.picture("ex23_6_picture")
    shift, stretch = picture.locator(".says").nth(0), picture.locator(".says").nth(1)
    axes = reader.picture("ex23_6_why_picture")
    z, z_bar = (axes.get_attribute("aria-label") or "").split("; ")
    for push in ("Shift all z", "Stretch all z"):
        expect(reader.control("ex23_6_why_picture").locator(".next")).to_have_text(push)  # one is lit
        reader.press(push)
        expect(axes).to_have_attribute("aria-label", re.compile(f"; {z_bar}$"))
        expect(axes).not_to_have_attribute("aria-label", re.compile(f"^{z};"))
    reader.sees("L does not change either")
    assert sum(pushes(reader)) == pytest.approx(0, abs=1)  # of the stretch alone: from where the shift left each z
    expect(axes.locator(".push")).not_to_have_count(0)  # how far each z has moved
    expect(reader.control("ex23_6_why_picture").locator(".next")).to_have_count(0)
    reader.press("Go on: what comes back?")
    expect(shift).to_have_text("Σ dz = 3.46, and must become 0")
    expect(stretch).to_have_count(0)  # it comes when the first has its ✓
    expect(reader.control("ex23_6_menu_ahead").get_by_role("combobox", include_hidden=True)).to_be_hidden()
    expect(picture.locator(".arrow")).to_have_count(0)  # they come with the line
    expect(picture.locator(".untouched")).to_have_count(1)  # the line's handle beckons
    middle = picture.get_by_role("slider", name="Your line, up or down")
    middle.press("ArrowUp")
    expect(shift).not_to_have_text("Σ dz = 3.46, and must become 0")
    expect(picture.locator(".untouched")).to_have_count(0)
    reader.press("Start over")  # takes back what was pressed, and a line that was not yet found
    expect(axes).to_have_attribute("aria-label", f"{z}; {z_bar}")
    expect(reader.button("Shift all z")).to_have_attribute("aria-pressed", "false")
    reader.press("I know this: go on")
    expect(shift).to_have_text("Σ dz = 3.46, and must become 0")
    expect(picture.get_by_role("slider", name="Your line, right end")).to_have_count(0)
    for _ in range(8):
        middle.press("ArrowUp")
    expect(shift).to_have_text("Σ dz = 0 ✓")
    expect(stretch).to_have_text("Σ dz · z̄ = −3.166, and must become ≈ 0")
    reader.sees("Now tilt the line by its ends")  # in place of what is done
    expect(middle).to_be_focused()
    reader.settle()
    place = picture.first.bounding_box()
    assert place
    right = picture.get_by_role("slider", name="Your line, right end")
    for _ in range(17):
        right.press("ArrowDown")
    expect(right).to_be_focused()
    expect(shift).to_have_text("Σ dz = 0 ✓")
    expect(stretch).to_have_text("Σ dz · z̄ ≈ 0 ✓")
    expect(picture.locator(".gap")).to_have_count(0)  # it has settled on the line
    expect(picture.locator(".arrow")).to_have_count(0)  # the picture keeps its plan
    expect(picture.locator(".title.right")).to_have_text("✓ You have found the line")
    reader.sees("It is the least-squares line")
    assert picture.first.bounding_box() == place  # what is found only adds
    reader.sees("Once both paths are added above")  # one thing is due at a time
    right.press("ArrowUp")
    expect(stretch).to_contain_text("and must become ≈ 0")  # it moves on
    expect(reader.page.get_by_text("It is the least-squares line")).to_have_count(0)  # it follows the hand
    right.press("ArrowDown")
    expect(stretch).to_have_text("Σ dz · z̄ ≈ 0 ✓")
    reader.sees("It is the least-squares line")
    reader.page.set_viewport_size({"width": 400, "height": 800})
    key = reader.control("ex23_6_picture").locator(".key")
    heights = [key.evaluate("key => key.clientHeight")]
    reader.press_twice("Add the path through u")
    expect(picture.locator(".fit.guess")).to_have_count(1)  # beside the true one
    expect(picture.locator(".line-name")).to_have_text("mean of g")
    expect(picture.locator(".arrow.sum")).to_have_count(5)  # they come with the first path
    reader.page.get_by_text("More settings").click()
    expect(reader.control("ex23_6_n")).to_be_in_viewport()
    reader.page.get_by_text("More settings").click()
    expect(shift).to_have_text("Σ dz = 0 ✓")
    expect(stretch).to_have_text("So far −3.166; in the end Σ dz · z̄ must be ≈ 0")
    heights.append(key.evaluate("key => key.clientHeight"))
    reader.press("Add the path through σ²")
    expect(stretch).to_have_text("Σ dz · z̄ ≈ 0 ✓")
    assert {*heights, key.evaluate("key => key.clientHeight")} == {heights[0]}  # no path moves the picture
    reader.press("Write it down")
    expect(reader.control("ex23_6_write_dbeta")).to_be_in_viewport()
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.press("The printed formula")
    expect(picture.locator(".fit.guess, .fit.found")).to_have_count(0)  # an experiment begins anew
    expect(stretch).to_contain_text("✖ where it must be ≈ 0")
    expect(picture.locator(".fit.wrong")).to_have_count(1)
    expect(picture.locator(".arrow.wrong")).to_have_count(5)
    expect(picture.locator(".arrow.should")).to_have_count(5)
    reader.press("Show the explanation")
    reader.sees("Only the second sum notices:")
    reader.press("Start over")
    reader.press("I know this: go on")
    expect(shift).to_contain_text("Σ dz = 3.46, and must")
    expect(picture.locator(".wrong")).to_have_count(0)


def test_the_stage_fits_the_first_screen_and_nothing_in_it_is_cut(visit: Visit) -> None:
    reader = visit("23.6", "ex23_6_step=minus+the+slope&ex23_6_mistake=wrong+sign+of+dσ²&ex23_6_n=8")
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    box = reader.control("ex23_6_picture").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800
    for width in reader.in_both_themes():
        reader.fits(width)
        samples = reader.picture("ex23_6_picture").nth(0).bounding_box()
        pressed = reader.button("Start over").bounding_box()
        assert samples is not None
        assert pressed is not None
        ends = [place["y"] + end for place in (samples, pressed) for end in (0, place["height"])]
        assert max(ends) - min(ends) < 800  # a button is seen on one screen with both halves of what it changes
        cut: list[str] = reader.picture("ex23_6_picture").evaluate_all(
            """drawings => drawings.flatMap((svg) => [...svg.querySelectorAll("text")].filter((text) => {
              const { x, y, width, height } = text.getBBox(), whole = svg.viewBox.baseVal;
              return x < -1 || y < 0 || x + width > whole.width + 1 || y + height > whole.height + 1;
            }).map((text) => text.textContent))"""
        )
        assert cut == []
        reader.page.get_by_role("heading", level=1).get_by_role("link").focus()
        reader.page.keyboard.press("Tab")  # to what comes next for the eye
        expect(
            sample(reader, 1) if width == 400 else reader.control("ex23_6_step").get_by_role("radio").first
        ).to_be_focused()


@pytest.mark.thorough
def test_no_number_of_the_graph_is_hidden_by_a_mistake_and_it_scrolls_on_a_phone_only(visit: Visit) -> None:
    address = "ex23_6_tab=The+graph&ex23_6_divisor=n&ex23_6_mistake=forgotten+u+and+σ²&ex23_6_z=-3"
    reader = visit("23.6", address)
    for width in reader.in_both_themes():
        go_to(reader, 99)
        assert hidden_numbers(reader) == []
        inside, shown = reader.page.locator(".scroll.drawing").evaluate(
            "box => [box.scrollWidth, box.clientWidth]"
        )
        assert (inside > shown + 1) == (width == 400)
        edge(reader, "σ² → σ² + ε").focus()
        expect(reader.page.locator(".player .about")).to_contain_text("upstream")


@pytest.mark.thorough
def test_two_nets_learn_side_by_side(visit: Visit) -> None:
    reader = visit("23.6", "ex23_6_tab=A+net+that+trains")
    expect(reader.page.get_by_role("cell", name="10", exact=True)).to_have_count(2)
    expect(reader.button("Train both")).to_be_visible()
    row = reader.page.get_by_role("row").filter(has_text="with batch norm").filter(has_text="%")
    accuracy = float(row.get_by_role("cell").nth(1).inner_text().split()[0])
    assert accuracy > 95
    reader.control("ex23_6_use_layers").get_by_role("spinbutton").press("ArrowUp")
    reader.page.keyboard.press("Enter")
    reader.sees("You have changed the settings")
    for width in reader.in_both_themes():
        reader.is_accessible()
        reader.fits(width)
