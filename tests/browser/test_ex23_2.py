"""Page 23.2 in Chromium: dials by mouse and keyboard, a page that follows them, tables typed, turned and whole."""

import json
import math
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.reader import Reader

FULL = "&".join(
    f"ex23_2_{name}=" + "%0A".join([line] * 5)
    for name, line in (("z_text", "10,-8,0,0.5,-3,2"), ("y_text", "1,1,0,1,0,1"))
)


# What is not needed for mission 1, and with which mission done it comes.
LATER = {".totals": 1, ".asleep": 2, "td .gap": 3, ".descend": 3}
LOSS = {"Factor of log p": "y", "Factor of log(1 − p)": "1 − y"}
IN_P = {"Numerator": "p − y", "Denominator": "p (1 − p)"}
IN_Z = {"Numerator": "p − y", "Denominator": "1"}
STEP = "One step of gradient descent"
EXTRA = "The extra: on to z"


def dial(reader: Reader, name: str = "Love on Mars, comedy") -> Locator:
    return reader.page.get_by_role("slider", name=name, exact=True)


def part(reader: Reader, place: str, name: str) -> Locator:
    """A part that can be put into one place of the formula."""
    return reader.page.get_by_role("group", name=place, exact=True).get_by_role("button", name=name, exact=True)


def put(reader: Reader, parts: dict[str, str]) -> None:
    """Put a formula together."""
    for place, name in parts.items():
        part(reader, place, name).click()


def formula(reader: Reader, name: str) -> Locator:
    """What is worked out of the chosen cell: "loss", "dp" or "dz"."""
    return reader.page.locator(f".step.{name} .result")


def box_of(part: Locator) -> tuple[float, float]:
    """Where its upper left corner is."""
    box = part.bounding_box()
    assert box is not None
    return box["x"], box["y"]


def test_a_dial_turned_by_keyboard_answers_and_the_page_follows(visit: Visit) -> None:
    reader = visit("23.2", "ex23_2_tab=Check+it&ex23_2_mistake=forgotten+σ′")
    reader.sees("it gives 1.685 instead of 0.2674")
    expect(reader.page.locator(".loss .formula")).not_to_contain_text("p")  # the next step asks for it
    task, way = reader.page.locator(".idea"), reader.page.locator(".way > span")
    expect(way).to_have_text(["1 A dial", "2 Loss", "3 Derivative", "+ Extra"])
    for name in [*LATER, ".truths", "td:not(.chosen) .answer"]:
        expect(reader.page.locator(name).first).to_be_hidden()
    expect(reader.page.locator(".critic button:visible")).to_have_count(
        0
    )  # the one thing to do is to turn the dial
    expect(task).to_have_text("Drag the lit dial away from its dot, and watch what it costs.")
    top = box_of(dial(reader))
    told, trial = reader.page.locator(".told"), reader.page.locator(".trial tbody td")
    dial(reader).press("End")
    expect(reader.page.locator(".truths")).to_be_visible()
    expect(reader.page.locator(".loss .words")).to_contain_text(
        "You give it the probability 0.0000454"
    )  # it stays
    expect(reader.page.locator(".loss math")).to_contain_text("log0.0000454≈10")
    dial(reader).press("Home")
    expect(way).to_have_text(["✓ A dial", "2 Loss", "3 Derivative", "+ Extra"])  # it waits for a formula
    dial(reader).press("PageUp")
    expect(trial).to_have_text(["? ", "1.234·10⁻⁴", "? ", "0.4375"])
    put(reader, {"Factor of log p": "1 − y", "Factor of log(1 − p)": "y"})
    expect(told).to_contain_text("It holds in no cell. It is the wrong way round")
    expect(trial).to_have_text(["9 ✖", "1.234·10⁻⁴", "1.037 ✖", "0.4375"])
    expect(part(reader, "Factor of log(1 − p)", "y")).to_be_focused()
    dial(reader).press("Home")
    expect(trial.first).to_have_text("10 ✖")  # it follows the dial
    part(reader, "Factor of log p", "y").press("Enter")
    expect(told).to_contain_text("Where y = 0, nothing costs anything")
    part(reader, "Factor of log(1 − p)", "1 − y").press("Enter")
    expect(task).to_contain_text("Put ∂L/∂p together")
    expect(told).to_contain_text(re.compile(r"^✓ Yes: y or 1\s−\sy is 0"))  # beside what was pressed
    expect(part(reader, "Numerator", "p")).to_be_focused()
    for name, is_there in LATER.items():
        expect(reader.page.locator(name).first).to_be_visible(visible=is_there == 1)
    dial(reader).press("End")
    put(reader, {"Numerator": "1", "Denominator": "1 − p"})  # it fits here, but not where the truth is another
    expect(trial).to_have_text(["7,342 ✓", "7,342", "0.9407 ✖", "−0.5163"])
    expect(told).to_contain_text("It holds wherever y = 0. But where y = 1, its sign is wrong")
    dial(reader).press("Home")
    put(reader, IN_P)
    expect(way).to_have_text(["✓ A dial", "✓ Loss", "✓ Derivative", "+ Extra"])  # at once
    expect(task).to_contain_text("Well done")  # the exercise asks for no more
    expect(told).to_contain_text("✓ Yes: with it you have the slope of L")
    mission = reader.page.locator(".mission")
    expect(mission).to_contain_text("drag the lit dial fully to its wrong end")
    expect(reader.page.locator(".dp math")).to_contain_text("p−y")
    dial(reader).press("End")
    expect(dial(reader)).to_have_attribute("aria-valuetext", "p ≈ 0.999955, truth y = 0, wrong, loss 10")
    expect(reader.page.locator("td.chosen")).to_have_text("> 0.99✖")
    expect(reader.page.locator("td.chosen")).to_have_attribute("title", "p ≈ 0.999955")
    expect(reader.page.locator(".stop")).to_contain_text("p never reaches 0 or 1")
    expect(formula(reader, "dp")).to_have_text("7,342")
    reader.sees("it gives 7,342 instead of 0.3333")
    expect(dial(reader)).to_be_focused()
    expect(mission).to_contain_text("At this wrong end ∂L/∂p is 7,342")
    for name, is_there in LATER.items():
        expect(reader.page.locator(name).first).to_be_visible(visible=is_there < 2)
    assert box_of(dial(reader)) == top  # whatever came had its place
    reader.press(EXTRA)
    for name, is_there in LATER.items():
        expect(reader.page.locator(name).first).to_be_visible(visible=is_there < 3)
    assert box_of(dial(reader)) == top
    dial(reader).focus()
    expect(reader.page.locator(".asleep i")).to_have_attribute("style", re.compile("left: 99.99"))  # p, below z
    for _ in range(20):
        reader.page.keyboard.press("ArrowLeft")
    expect(formula(reader, "dp")).to_have_text("994")
    reader.sees("it gives 994 instead of 0.3332")
    expect(reader.page).to_have_url(re.compile("z_text=8%2C"))
    reader.page.keyboard.press("Tab")
    expect(reader.page.locator(".which")).to_have_text("Love on Mars, romance")
    reader.sees("For Love on Mars, romance it gives")
    reader.page.reload()
    expect(dial(reader)).to_have_attribute("aria-valuetext", re.compile(r"^p ≈ 0\.9997"))
    expect(task).to_contain_text("Put ∂L/∂z together")
    put(reader, {"Numerator": "y − p", "Denominator": "1"})
    expect(told).to_contain_text("It holds in no cell. Its sign is wrong")
    expect(trial.nth(1)).to_have_text("−0.1181")
    part(reader, "Numerator", "p − y").click()
    expect(reader.page.locator(".choices")).to_have_text("Will p move far?yesno")
    expect(task).to_have_text("Will p move far? Say yes or no.")
    for name in LATER:
        expect(reader.page.locator(name).first).to_be_visible()
    expect(reader.page.locator(".dz math")).to_contain_text("p−y")
    for name in (".loss", ".dp", ".put"):
        expect(reader.page.locator(name)).to_be_hidden()  # what this mission does not need has gone
    assert box_of(dial(reader)) == top
    reader.page.get_by_role("tab", name="The answer").click()
    reader.sees("This is what back-propagation begins with")  # it opened with the derivative
    reader.press("Start over")
    expect(task).to_contain_text("Drag the lit dial")
    reader.sees("Put the loss and its derivative together above")
    for name in LATER:
        expect(reader.page.locator(name).first).to_be_hidden()
    reader.press("Undecided")  # an experiment asks for all there is to see
    for name in (".loss", ".dp", ".dz"):
        expect(reader.page.locator(f".step{name}")).to_be_visible()
    expect(task).to_contain_text("You are in an experiment")  # meanwhile the mission waits
    expect(way).to_have_text(["1 A dial", "2 Loss", "3 Derivative", "+ Extra"])  # none has been turned by hand
    reader.press("Back to my dials")
    expect(task).to_contain_text("Drag the lit dial")
    expect(reader.page.locator(".step.dz")).to_be_hidden()  # what the experiment showed goes with it
    reader.press("Undecided")
    expect(task).to_contain_text("You are in an experiment")
    dial(reader).press("PageUp")
    expect(task).to_contain_text("Choose the two factors")
    expect(way.first).to_have_text("✓ A dial")
    expect(reader.page.locator(".put")).to_be_visible()


@pytest.mark.parametrize("done", [2, 4])
def test_a_solved_page_that_is_opened_anew_opens_unsolved(visit: Visit, done: int) -> None:
    reader = visit("23.2")
    dial(reader).press("End")
    expect(reader.page).to_have_url(re.compile("z_text=10"))
    kept = reader.page.evaluate("sessionStorage.getItem('ex23_2_missions')")
    kept = json.dumps(json.loads(kept) | {"done": done, "seen": {"words": "Yes"}, "findings": [{}] * done})
    reader.page.evaluate("(kept) => sessionStorage.setItem('ex23_2_missions', kept)", kept)
    reader.page.reload()
    expect(reader.page.locator(".idea")).to_contain_text("Drag the lit dial")
    expect(reader.page.locator(".written")).to_be_hidden()
    expect(dial(reader)).to_have_attribute("aria-valuetext", re.compile("p ≈ 0.8022"))  # its dials, too
    expect(reader.page).not_to_have_url(re.compile("z_text"))


def test_a_page_come_back_to_by_a_link_is_whole(visit: Visit) -> None:
    reader = visit("23.2")
    reader.page.evaluate("sessionStorage.setItem('ex23_2_missions', '{\"done\": 3}')")
    reader.page.reload()
    dial(reader).press("End")
    reader.press("no")
    reader.press(STEP)
    expect(reader.page.locator(".totals")).to_contain_text("after 1 step")
    expect(reader.page).to_have_url(re.compile("z_text="))
    reader.page.goto(reader.page.url.split("?")[0])  # another session, and nothing in the address
    expect(reader.page.locator(".totals")).to_contain_text("after 1 step")
    expect(reader.button("no")).to_have_attribute("aria-pressed", "true")
    for count in (2, 3):
        reader.press(STEP)
        expect(reader.page.locator(".totals")).to_contain_text(f"after {count} steps")
    expect(reader.page.locator(".idea")).to_contain_text("That was the extra")
    expect(reader.page.locator(".told")).to_contain_text("in 3 steps the z of Love on Mars, comedy ran from 10")


@pytest.mark.thorough
def test_a_dial_turned_by_hand_and_the_buttons_that_turn_all(visit: Visit) -> None:
    reader = visit("23.2")
    expect(reader.page.locator(".totals")).to_contain_text("7 of 12 right")
    box = dial(reader, "Silent Snow, sci-fi").bounding_box()
    assert box is not None
    mouse = reader.page.mouse
    mouse.move(box["x"] + 12, box["y"] + 20)
    mouse.down()
    mouse.move(box["x"] + box["width"] + 30, box["y"] + 60, steps=6)
    expect(formula(reader, "loss")).to_have_text("10")  # while the hand is on it
    expect(reader.page.locator(".idea")).to_contain_text("Drag the lit dial")  # until it is let go
    mouse.up()
    expect(reader.page.locator(".idea")).to_contain_text("Choose the two factors")
    expect(reader.page.locator(".totals")).to_contain_text("6 of 12 right")
    expect(reader.page).to_have_url(re.compile("z_text=1.4.*-1.2%2C\\+0.7%2C\\+10%2C"))

    put(reader, LOSS)
    expect(reader.page.locator(".step.dp")).to_be_hidden()  # the formula is for the reader to find
    expect(reader.page.locator(".trial tbody td").nth(1)).to_have_text("7,342")  # but its value is there
    reader.press("Show the answer")
    expect(reader.page.locator(".dz math")).to_contain_text("p−y")
    reader.page.get_by_label("yes, y = 1").check()
    expect(formula(reader, "loss")).to_have_text("4.54·10−5")
    expect(reader.page).to_have_url(re.compile("y_text=0.*0%2C\\+0%2C\\+1%2C"))
    reader.page.get_by_label("Net input z = 10").fill("-2.5")
    expect(formula(reader, "dz")).to_have_text("−0.308")
    expect(reader.page).not_to_have_url(re.compile("z_text"))  # as at the beginning: Python knows it before a step
    reader.settle()

    reader.press(STEP)
    expect(formula(reader, "dz")).to_have_text("−0.2762")  # z = −2.5 + 0.9241
    expect(reader.page.locator(".totals")).to_contain_text("after 1 step")
    put(reader, IN_P)
    expect(reader.page.locator(".idea")).to_contain_text("with the answer open: start over")  # no ✓ for that
    expect(reader.page.get_by_text("✓ solved")).to_have_count(0)
    reader.page.get_by_label("no, y = 0").check()
    dial(reader, "Silent Snow, sci-fi").press("End")
    expect(reader.page.locator(".mission")).to_contain_text("At this wrong end ∂L/∂p is 7,342")
    reader.press(EXTRA)
    put(reader, IN_Z)
    expect(reader.button(STEP)).to_be_disabled()  # it would answer the last mission
    dial(reader, "Silent Snow, sci-fi").press("PageDown")
    reader.press("no")
    expect(reader.button(STEP)).to_be_enabled()
    place = box_of(reader.button(STEP))
    for count in (1, 2, 3):
        reader.press(STEP)
        expect(reader.page.locator(".totals")).to_contain_text(f"after {count} step")
    expect(reader.page.locator(".idea")).to_contain_text(
        "drag the lit dial fully to its wrong end"
    )  # these steps left from elsewhere
    dial(reader, "Silent Snow, sci-fi").press("End")
    expect(reader.page.locator(".idea")).not_to_contain_text("drag the lit dial")
    for count in (1, 2, 3):
        reader.press(STEP)
        expect(reader.page.locator(".totals")).to_contain_text(f"after {count} step")
    told = reader.page.locator(".told")
    expect(told).to_contain_text(
        re.compile("✓ You said “no”: in 3 steps the z of Silent Snow, sci-fi ran from 10 to 7.*it takes 11 steps")
    )
    expect(reader.page.locator(".idea")).to_contain_text("That was the extra")
    assert box_of(reader.button(STEP)) == place  # it stays under the pointer
    written = reader.page.locator(".written").get_by_role("button")
    written.first.press("Enter")  # what a mission found can be read again
    expect(told).to_contain_text(re.compile(r"Yes: y or 1\s−\sy is 0"))
    expect(written.first).to_be_focused()
    written.first.press("Enter")  # and then what the last one did
    expect(told).to_contain_text("in 3 steps")
    expect(reader.page.locator(".asleep .trace")).to_have_count(1)
    reader.page.get_by_role("tab", name="Check it").click()
    reader.press("Read the written answer")
    reader.sees("This is what back-propagation begins with")
    expect(reader.page.get_by_role("tab", name="The answer")).to_be_focused()
    expect(reader.button("Next: 23.3 Back-propagation on MNIST")).to_be_visible()
    reader.press("Start over")
    expect(reader.page.locator(".idea")).to_contain_text("Drag the lit dial")
    expect(reader.page.locator(".which")).to_have_text("Silent Snow, sci-fi")
    expect(reader.page.locator(".totals")).to_contain_text("7 of 12 right")
    expect(dial(reader, "Silent Snow, sci-fi")).to_have_attribute("aria-valuetext", re.compile(r"y = 0, right"))


def test_the_shown_cells_make_the_shown_loss(visit: Visit) -> None:
    reader = visit("23.2")
    dial(reader).press("ArrowRight")
    put(reader, LOSS)
    cells = reader.page.locator(".cell").all()
    told = [(cell.get_by_role("slider").get_attribute("aria-valuetext") or "") for cell in cells]
    shown = [(float(re.findall(r"p [=≈] ([\d.]+)", words)[0]), "y = 1" in words) for words in told]
    for cell, (p, _) in zip(cells, shown, strict=True):
        assert float(cell.locator(".answer span").inner_text()) == pytest.approx(p, abs=0.0051)
    cost = -sum(math.log(p if y else 1 - p) for p, y in shown)
    said = reader.page.locator(".totals").inner_text()
    total = re.search(r"all 12 cells cost ([\d.]+)", said)
    assert total is not None
    assert cost == pytest.approx(float(total[1]), abs=2e-3)


def test_a_choice_that_comes_under_the_pointer_does_not_look_chosen_nor_is_by_a_second_click(visit: Visit) -> None:
    reader = visit("23.2")
    dial(reader).press("End")
    part(reader, "Factor of log p", "y").click()
    part(reader, "Factor of log(1 − p)", "1 − y").dblclick()
    expect(reader.page.locator(".idea")).to_contain_text("Put ∂L/∂p together")
    choices = reader.page.locator(".desk button")
    expect(choices).to_have_count(8)
    looks = (
        "all => all.map(one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).boxShadow].join())"
    )
    assert len(set(choices.evaluate_all(looks))) == 1
    for choice in choices.all():
        expect(choice).to_have_attribute("aria-pressed", "false")
    choices.nth(1).hover()
    assert len(set(choices.evaluate_all(looks))) == 2


def test_steps_come_back_to_are_told_from_where_they_began(visit: Visit) -> None:
    reader = visit("23.2")
    reader.page.evaluate("sessionStorage.setItem('ex23_2_missions', '{\"done\": 3}')")
    reader.page.reload()
    reader.press("no")
    for count in (1, 2, 3):
        before = reader.page.url
        reader.press(STEP)
        expect(reader.page.locator(".totals")).to_contain_text(f"after {count} step")
        expect(reader.page).not_to_have_url(before)  # Python knows it
        if count == 1:
            reader.page.reload()  # which loses neither the answer nor where the steps began
    told = reader.page.locator(".asleep .trace")
    trace = told.get_attribute("d") or ""
    reader.settle()
    reader.press("Sure, and wrong once")
    expect(told).to_have_count(0)
    reader.press("Back to my dials")
    expect(reader.page.locator(".totals")).to_contain_text("after 3 steps")
    expect(told).to_have_attribute("d", re.compile(re.escape(trace[:12])))  # it has come back with fewer digits
    expect(reader.page.locator(".idea")).to_contain_text("drag the lit dial fully to its wrong end")


def test_on_a_phone_what_is_asked_what_to_press_and_what_moves_are_seen_together(visit: Visit) -> None:
    reader = visit("23.2")
    reader.page.set_viewport_size({"width": 400, "height": 800})
    slider = reader.page.locator(".turn input")
    expect(reader.page.locator(".idea")).to_contain_text("Drag the lit slider")
    slider.press("End")
    put(reader, LOSS)
    slider.press("Home")
    put(reader, IN_P)
    expect(reader.page.locator(".idea")).to_contain_text("Well done")
    before = box_of(slider)[1]
    slider.press("End")
    expect(reader.page.locator(".mission")).to_contain_text("At this wrong end")
    assert box_of(slider)[1] == pytest.approx(before, abs=1)  # the words above it have grown, but it stays in hand
    reader.press(EXTRA)
    put(reader, IN_Z)
    reader.press("no")
    reader.page.locator(".idea").scroll_into_view_if_needed()
    for count in (1, 2, 3):
        seen = [part.bounding_box() for part in (reader.page.locator(".idea"), reader.button(STEP), slider)]
        bar = reader.page.locator(".st-key-strip").bounding_box()
        assert bar is not None
        assert all(box and box["y"] >= 0 and box["y"] + box["height"] < bar["y"] for box in seen)
        before_it = reader.page.url
        reader.press(STEP)
        expect(reader.page.locator(".totals")).to_contain_text(f"after {count} step")
        expect(reader.page).not_to_have_url(before_it)  # Python knows it
    expect(reader.page.locator(".idea")).to_contain_text("That was the extra")
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.follow()
    expect(reader.page.get_by_text("✓ solved").first).to_be_visible()
    expect(
        reader.page.get_by_test_id("stSidebarNav").get_by_role("link", name="23.2 Multi-label loss ✓")
    ).to_be_visible()


@pytest.mark.thorough
def test_thirty_cells_are_whole_and_turned_where_there_is_little_room(visit: Visit) -> None:
    reader = visit("23.2", FULL)
    reader.press("Show the answer")
    reader.sees("This is what back-propagation begins with")
    cut = """(parts, width) => parts.filter((part) => {
      const { left, right } = part.getBoundingClientRect();
      return left < 0 || right > width || part.clientWidth && part.scrollWidth > part.clientWidth + 1;
    }).map((part) => part.textContent)"""
    parts = reader.page.locator(".critic :is(th, td, .answer span, .formula, .put, .trial, .told)")
    for width in reader.in_both_themes():
        expect(reader.page.locator(".grid tbody th").first).to_have_text(
            "comedy" if width == 400 else "Love on Mars"
        )
        expect(reader.page.locator("[data-cell]")).to_have_count(30)
        assert parts.evaluate_all(cut, width) == []
        reader.fits(width)
        reader.is_accessible()
    reader.page.set_viewport_size({"width": 1100, "height": 800})
    reader.settle()
    assert parts.evaluate_all(cut, 1100) == []


def test_a_table_without_another_truth_is_tried_with_an_imagined_one(visit: Visit) -> None:
    reader = visit("23.2", "ex23_2_z_text=1.4&ex23_2_y_text=0")
    dial(reader).press("PageUp")
    expect(reader.page.locator(".trial tbody th")).to_have_text(["y = 0", "if y were 1"])
    expect(reader.page.locator(".trial tbody td")).to_have_text(["? ", "2.487", "? ", "0.08684"])


def test_a_table_is_typed_and_a_bad_one_is_explained_and_kept(visit: Visit) -> None:
    reader = visit("23.2")
    reader.page.get_by_text("More settings").click()
    box = reader.page.get_by_role("textbox", name="Net inputs z")
    box.fill("1, two")
    box.press("Control+Enter")
    reader.sees("“two” is not a number")
    expect(box).to_have_value("1, two")
    expect(dial(reader)).to_have_attribute("aria-valuetext", re.compile("p ≈ 0.8022"))
    box.fill("0，0，0，0\n-1，-2，-3，-4\n5，6，7，8")
    box.press("Control+Enter")
    expect(dial(reader)).to_have_attribute("aria-valuetext", re.compile("p = 0.5, "))
    expect(reader.page.get_by_text("is not a number. Write")).to_have_count(0)
    # What a button has set is not undone by controls that were out of sight.
    reader.page.get_by_text("More settings").click()
    expect(box).to_be_hidden()
    reader.press("Start over")
    expect(dial(reader)).to_have_attribute("aria-valuetext", re.compile("p ≈ 0.8022"))
    reader.page.get_by_role("tab", name="Check it").click()
    reader.sees("Plant a mistake")
    reader.settle()
    expect(dial(reader)).to_have_attribute("aria-valuetext", re.compile("p ≈ 0.8022"))
