"""Page 23.1 in Chromium: sliders and fields in the picture, sums, the fold, learning, a hundred seeds."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from pages.shared.numbers import read_number
from tests.browser.conftest import Visit
from tests.browser.reader import Reader

# The corners have been seen on their way, in however few frames.
FLOWN = "[...window.places].some((place) => place > 0 && place < 1)"
# Five steps a slice, of two thousand: the run outlasts whatever a reader does in the meantime.
SLOW = "ex23_1_mode=Let+it+learn&ex23_1_pace=5"


def slider(reader: Reader, place: int) -> Locator:
    """The slider of one of the nine parameters, in the order of `Network.parameters`."""
    return reader.page.locator(f"[data-place='{place}']")


def field(reader: Reader, place: int) -> Locator:
    """The field beside it."""
    return reader.page.locator(f"[data-typed='{place}']")


def test_one_neuron_is_tried_first_and_answers_before_the_server(visit: Visit) -> None:
    reader = visit("23.1", "ex23_1_alone_w2=6&ex23_1_alone_b=-6")
    page = reader.page
    score, bias = page.locator(".opening .score"), page.get_by_role("slider", name="Bias")
    expect(score).to_have_text("1 of 4 corners are right; on the line is not enough.")
    bias.press("ArrowLeft")  # at once, as the picture follows the thumb
    expect(score).to_have_text("3 of 4 corners are right.")
    reader.sees("3 of 4 is the most one neuron can do:")
    reader.choose("ex23_1_pair", "AND and NOR")
    expect(score).to_have_text("The lines of the two neurons")
    expect(page.locator(".opening .half")).to_have_count(2)
    expect(reader.button("Build the network")).to_be_in_viewport(ratio=1)
    bias.press("ArrowLeft")
    expect(page.locator(".opening .half")).to_have_count(1)
    reader.choose("ex23_1_pair", "AND and OR")
    reader.press("Build the network")
    expect(page.locator(".h1 .gate")).to_have_text("✓ AND")  # as the one neuron
    expect(page.locator(".lead")).to_contain_text("Your one neuron computes AND already")
    expect(page.locator(".h2 .mission")).to_contain_text("NOR is 1 only")
    reader.is_unharmed()


def test_who_moves_y_before_its_mission_sees_the_fold_when_it_comes(visit: Visit) -> None:
    given = {"w1_11": 20, "w1_21": 20, "b1_1": -30, "w1_12": -20, "w1_22": -20, "w2_1": 6}
    reader = visit("23.1", "&".join(f"ex23_1_{name}={value}" for name, value in given.items()))
    expect(reader.page.locator(".h2 .mission")).to_contain_text("NOR is 1 only")
    expect(reader.page.locator(".h circle")).to_have_count(0)
    field(reader, 5).fill("10")
    field(reader, 5).press("Enter")
    expect(reader.page.locator(".y .mission")).to_contain_text("Make y compute h₁ OR h₂")
    expect(reader.page.locator(".h circle")).to_have_count(4)
    reader.is_unharmed()


def test_an_experiment_at_the_first_mission_brings_its_question_into_view_and_the_squares_stay(
    visit: Visit,
) -> None:
    reader = visit("23.1", "ex23_1_mode=A+network")
    page = reader.page
    page.set_viewport_size({"width": 1280, "height": 800})
    reader.press("Blunt the neurons")
    expect(page.get_by_text("What became of the shades?")).to_be_in_viewport(ratio=1)
    for seen in (".h svg", ".lead"):  # for it the page moves by no more than it must
        expect(page.locator(seen)).to_be_in_viewport(ratio=1)
    reader.press("Unfold the square")
    expect(reader.button("Fold the square")).to_be_visible()
    expect(page.locator(".rows input[type=range]:visible")).to_have_count(10)
    reader.is_unharmed()


def test_a_slider_answers_before_the_server_and_missions_follow(visit: Visit) -> None:
    reader = visit("23.1", "ex23_1_mode=A+network")
    page = reader.page
    reader.sees("Make h₁ compute AND, on the way to XNOR.")
    page.set_viewport_size({"width": 1280, "height": 800})
    # what the first mission has no use for is not there yet: a sharpness, sums, the other neurons
    expect(page.locator(".lead")).to_contain_text("A neuron multiplies each input by a weight, and adds a bias.")
    expect(page.locator(".h1 .row span")).to_have_text(["weight of x₁", "weight of x₂", "bias"])
    expect(page.locator(".wire")).to_have_count(4)
    expect(page.locator(".wire.later")).to_have_count(2)
    box = slider(reader, 0).bounding_box()
    assert box is not None
    assert box["width"] > 4 * 60  # four pixels a step at least
    expect(page.locator(".sheets")).to_be_hidden()  # nor are the squares of the last mission
    expect(page.locator(".tip")).to_be_hidden()
    expect(page.locator(".rows input[type=range]:visible")).to_have_count(3)
    expect(page.locator(".chosen")).to_have_count(0)
    expect(page.locator(".h2 svg .dot")).to_have_count(0)
    expect(page.locator(".h1 .goal")).to_have_text("should be AND")
    expect(page.locator(".h1 .gate")).to_have_text("acts like x₁")
    expect(page.locator(".y .gate")).to_have_text("")
    page.locator(".y .wait button").click()
    expect(page.locator(".y input[type=range]").first).to_be_focused()
    expect(page.locator(".y .gate")).to_have_text("½ everywhere")
    expect(page.locator(".rows input[type=range]:visible")).to_have_count(6)
    boxes = [box for name in ("x", "h1", "h2", "h") if (box := page.locator(f".{name} .square").bounding_box())]
    inputs, first, second, seen = ((box["x"], box["y"], box["width"]) for box in boxes)
    assert inputs[0] < first[0] == second[0] < seen[0]  # from the inputs to y
    assert inputs[1] == first[1] == seen[1] < second[1]
    assert inputs[2] == first[2] == second[2] < seen[2]  # the last one has the most names in it
    page.locator(".h2 .wait button").click()
    expect(page.locator(".h2 .goal")).to_have_text("should be NOR")
    expect(page.locator(".wire.later")).to_have_count(0)
    expect(page.locator(".sums")).to_be_empty()  # symbols come when they are asked for
    page.locator("[data-corner='11']").click()
    expect(page.locator(".h1 .mission")).to_contain_text("AND is 1 only")
    expect(page.locator(".h1 .mark").filter(has_text=re.compile("[✓✖]"))).to_have_count(4)
    expect(page.locator(".h2 .mark").filter(has_text=re.compile("[✓✖]"))).to_have_count(4)
    answered = slider(reader, 0).evaluate(
        """(slider) => {  // what the picture says before anything else can happen
          slider.value = 20;
          slider.dispatchEvent(new Event("input", { bubbles: true }));
          return slider.getRootNode().querySelector(".sums").textContent;
        }"""
    )
    assert "z₁⁽¹⁾ = 20 · 1 + 0 · 1 − 3 = 17" in answered
    expect(page.locator(".play")).to_be_hidden()  # there is nothing to fold yet
    field(reader, 4).fill("-100")
    field(reader, 4).press("Enter")
    expect(page.locator(".note")).to_have_text("It goes from −40 to 40, so −100 became −40.")
    expect(field(reader, 4)).to_have_value("−40")
    for place, value in ((2, "20"), (4, "-30")):
        field(reader, place).fill(value)
        field(reader, place).press("Enter")
    expect(page.locator(".h2 .mission")).to_contain_text("NOR is 1 only where")
    reader.sees("Make h₂ compute NOR")
    expect(page.locator(".h1 .gate")).to_have_text("✓ AND")
    expect(page.locator(".h1 .rule")).to_have_text("Above ½ where 20 x₁ + 20 x₂ − 30 > 0.")
    expect(slider(reader, 0)).to_be_hidden()  # what is done needs no sliders
    reader.press("Change h₁")
    expect(slider(reader, 0)).to_be_focused()
    reader.press("Give me a hint")
    expect(page.locator(".h2 .mission")).to_contain_text("Hint for NOR. At (0, 0) the sum is the bias alone")
    expect(page.locator(".h circle")).to_have_count(0)
    for place, value in ((1, "-20"), (3, "-20"), (5, "10")):
        field(reader, place).fill(value)
        field(reader, place).press("Enter")
    reader.sees("Make y compute XNOR from h₁ and h₂.")
    expect(page.locator(".y .mission")).to_contain_text("are new coordinates now")
    expect(slider(reader, 9)).to_be_hidden()  # a sharpness comes when all is right, or is not 1
    expect(page.locator(".h circle")).to_have_count(0)
    field(reader, 8).fill("1")
    field(reader, 8).press("Enter")
    expect(page.locator(".h circle")).to_have_count(4)  # who moves y sees the fold first
    reader.press("Fill in the solution")
    reader.sees("4 of 4 corners of XNOR are right.")
    reader.sees("(0, 1) and (1, 0) land on one point.")  # it folds by itself
    expect(page.locator(".sum span").last).to_be_in_viewport(ratio=1)  # all of it stands on the first screen
    reader.press("Unfold the square")
    expect(page.locator(".y .mission")).to_contain_text("Fold the square and see")
    expect(page.locator(".lead")).to_contain_text("Folding moves each point")
    expect(page.locator(".h circle")).to_have_count(0)
    reader.press("Fold the square")
    expect(page.locator(".y .mission")).not_to_contain_text("Fold the square")
    expect(page.locator(".h circle")).to_have_count(4)
    expect(page.locator(".corner .value").filter(has_text="0.99995456")).to_have_count(2)
    expect(page.locator(".corner .value").filter(has_text="0.00004548")).to_have_count(2)

    field(reader, 9).fill("0.1")
    reader.sees("At sharpness 1 all corners of XNOR are right. At sharpness 0.1: 2 of 4.")
    field(reader, 9).fill("1")
    reader.sees("4 of 4 corners of XNOR are right.")

    # by keyboard: the slider moves, the server hears of it, and a corner tells its sums
    slider(reader, 8).press("ArrowRight")
    expect(field(reader, 8)).to_have_value("−9")
    page.wait_for_url(re.compile(r"ex23_1_b2=-9"))
    page.locator("[data-corner='11']").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-corner='10']")).to_be_focused()
    expect(page.locator(".sums")).to_contain_text("z₂⁽¹⁾ = −20 · 1 − 20 · 0 + 10 = −10")
    page.locator("[data-corner='00']").click()
    expect(page.locator(".sums")).to_contain_text("h₂ = σ(10) ≈ 0.99995460")
    page.wait_for_url(re.compile("ex23_1_input=00"))
    elsewhere = visit("23.1", page.url.split("?")[1])
    expect(field(elsewhere, 8)).to_have_value("−9")
    expect(elsewhere.page.locator(".sums")).to_contain_text("The sums at (0, 0), where XNOR is 1;")
    page.bring_to_front()  # in the background it would draw no frame
    reader.press("Read the answer")
    expect(page.get_by_role("tab", name="The answer")).to_be_focused()
    reader.sees("As a program")
    reader.press("Start over")
    reader.sees("Make h₁ compute AND, on the way to XNOR.")
    expect(page.locator(".h circle")).to_have_count(0)
    expect(page.locator(".rows input[type=range]:visible")).to_have_count(3)  # those of h₁: no sharpness
    for chip, asked in (
        ("Blunt the neurons", "What became of the shades?"),
        ("A seed that gets stuck", "which two corners"),
    ):
        reader.button(chip).evaluate("(chip) => chip.scrollIntoView()")
        expect(page.locator(".h .square svg")).not_to_be_in_viewport()
        reader.press(chip)
        expect(page.locator(".h .dot").first).to_be_visible()  # folded, on one screen with the question
        expect(page.locator(".h .square svg")).to_be_in_viewport(ratio=1)
        expect(page.get_by_text(asked)).to_be_in_viewport(ratio=1)
    # on a narrow screen both squares stay in view beside whatever neuron is read
    page.set_viewport_size({"width": 400, "height": 800})
    expect(page.locator(".rows input[type=range]:visible")).to_have_count(0)  # none that could not be moved
    for neuron in ("y", "h1"):
        page.locator(f".{neuron} .rule").evaluate("(rule) => rule.scrollIntoView({ block: 'center' })")
        expect(page.locator(".h .square svg")).to_be_in_viewport(ratio=1)
    reader.is_unharmed()


@pytest.mark.thorough
def test_corners_travel_where_motion_is_welcome_and_arrive_at_once_where_it_is_not(visit: Visit) -> None:
    neurons = {"w1_11": 20, "w1_21": 20, "b1_1": -30, "w1_12": -20, "w1_22": -20, "b1_2": 10}
    reader = visit("23.1", "&".join(f"ex23_1_{name}={value}" for name, value in neurons.items()))
    page, travel = reader.page, reader.page.locator(".travel input")
    flying = page.locator(".flight circle")
    travel.fill("0.5")
    expect(flying).to_have_count(4)
    reader.press("Fold the square")
    expect(travel).to_have_value("1")
    expect(flying).to_have_count(0)
    page.emulate_media(color_scheme="dark")  # shade and legend are of one colour, the more the nearer to 1
    expect(page.locator(".key .shade")).to_have_css("color", "rgb(86, 180, 233)")
    one, zero = page.locator(".h1 canvas").evaluate(
        """(shade) => [[35, 0], [0, 35]].map(
          (at) => [...shade.getContext("2d").getImageData(...at, 1, 1).data])"""
    )
    assert one[:3] == pytest.approx([86, 180, 233], abs=2)  # a canvas keeps colours times their opacity
    assert (one[3], zero[3]) == (215, 0)
    page.emulate_media(reduced_motion="no-preference", color_scheme="light")
    page.locator(".flight").evaluate(
        """(flight) => {
          window.places = new Set();
          new MutationObserver(() => window.places.add(flight.getRootNode().querySelector(".travel input").value))
            .observe(flight, { childList: true });
        }"""
    )
    reader.press("Unfold the square")
    page.wait_for_function(FLOWN)
    expect(travel).to_have_value("0")
    expect(flying).to_have_count(0)
    travel.fill("1")
    page.evaluate("window.places.clear()")
    reader.press("Fill in the solution")  # which is seen in the fold, once more
    page.wait_for_function(FLOWN)
    expect(travel).to_have_value("1")
    expect(page.locator(".fold")).to_have_class(re.compile("solved"))


@pytest.mark.thorough
def test_it_learns_in_the_same_picture_pauses_and_hands_over(visit: Visit) -> None:
    reader = visit("23.1", SLOW)
    page = reader.page
    progress = page.locator(".score")
    expect(progress).to_contain_text("Seed 0, η = 1, step 0 of 2,000: L ≈")
    expect(slider(reader, 0)).to_be_disabled()
    expect(page.locator(".h .dot")).to_have_count(4)  # a run is watched in the last square
    before = field(reader, 0).input_value()
    reader.press_twice("Train")
    expect(progress).not_to_have_text(re.compile("step [05] of"))
    page.locator("[data-corner='01']").click()  # the picture answers meanwhile
    expect(page.locator(".sums")).to_contain_text("The sums at (0, 1), where XNOR is 0;")
    reader.press_twice("Pause")
    expect(reader.button("Train")).to_be_visible()
    reader.settle()
    learned, paused = field(reader, 0).input_value(), progress.inner_text()
    assert learned != before
    expect(page.locator(".curve .loss")).to_be_visible()
    reader.press("Take these weights")
    expect(slider(reader, 0)).to_be_enabled()
    page.wait_for_url(re.compile("ex23_1_w1_11="))
    taken = float(parse_qs(urlsplit(page.url).query)["ex23_1_w1_11"][0])
    assert taken == pytest.approx(read_number(learned), abs=0.0051)  # of which the picture showed two decimals
    expect(field(reader, 0)).to_have_value(f"{taken:g}".replace("-", "−"))
    reader.choose("ex23_1_mode", "Let it learn")
    expect(progress.filter(has_text="Seed")).to_have_text(paused)  # beside the one that goes, for a moment
    reader.is_unharmed()


@pytest.mark.thorough
def test_a_hundred_seeds(visit: Visit) -> None:
    reader = visit("23.1", "ex23_1_tab=Go+deeper&ex23_1_steps=500&ex23_1_rate=3")
    reader.press_twice("Train 100 networks")
    reader.sees("networks get all four corners right.")
    expect(reader.button("Train 100 networks")).to_be_enabled()
    reader.sees("lie on a plateau")
    reader.is_unharmed()
