"""Page 23.7 in Chromium: p dragged, the two runs made one, watched as they grow and compared, and masks drawn."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from nnlib.chapter23.dropout import next_neuron
from nnlib.chapter23.dropout_twins import Powers, TwinTraining
from pages.ex23_7.stage import CURVES_HEIGHT
from pages.shared.numbers import difference, number
from pages.shared.svg.curves import BOTTOM, TOP
from tests.browser.conftest import Visit

BOXES = {"twins": ".panels", "networks": ".twins"}
# Note, as often as the browser can, at which step the heads of the curves stand and which one the networks show.
NOTE_STEPS = r"""boxes => {
  window.steps = [];
  window.noting = setInterval(() => {
    const found = boxes.map((box) => box.textContent.match(/(\d+) steps\D*$|Step (\d+):/));
    const [curves, networks] = found.map((match) => match?.slice(1).join(""));
    if (curves && networks) window.steps.push([curves, networks]);
  }, 10);
}"""


def test_pictures_follow_the_thumb_of_a_slider_while_it_is_dragged(visit: Visit) -> None:
    reader = visit("23.7")
    reader.press("Watch them learn")  # with that the curves come, and into sight
    expect(reader.picture("ex23_7_twins").first).to_be_in_viewport(ratio=1)
    reader.settle()
    p = reader.drag("ex23_7_p", 0.33)
    twins = TwinTraining(p, powers=Powers(), learning_rate=0.05, random_state=1)
    w = twins.parameters[0, 56 + 5 * 3 + 2]
    row = reader.control("ex23_7_networks").locator("tbody tr").first
    expect(row).to_contain_text(f"w = {number(w)}")
    expect(row).to_contain_text(f"w′/p = {w / p:.4f}")
    twins.run(200)
    plain, inverted = twins.losses[-1]
    loss = reader.picture("ex23_7_twins").first
    expect(loss).to_have_attribute(
        "aria-label", f"After 200 steps the loss is {number(plain)} (plain) and {number(inverted)} (inverted)."
    )
    least, most = np.min(twins.losses), np.max(twins.losses)
    low, top = least - 0.06 * (most - least), most + 0.06 * (most - least)
    for k, end in enumerate(twins.losses[-1]):
        drawn = str(loss.locator("polyline").nth(k).get_attribute("points")).split(",")[-1]
        below = CURVES_HEIGHT - BOTTOM - float(drawn) + 20
        assert below == pytest.approx((CURVES_HEIGHT - TOP - BOTTOM) * (end - low) / (top - low), abs=0.2)
    verdict = reader.control("verdict")
    expect(verdict).to_have_css("opacity", "0.4")  # it is still that of another p
    reader.page.mouse.up()
    most = max(twins.prediction_differences)
    expect(reader.control("ex23_7_apart")).to_contain_text(f"{most:.3f} largest difference")
    expect(verdict).to_have_css("opacity", "1")
    expect(row).to_contain_text(f"w′/p = {w / p:.4f}")
    reader.turn("ex23_7_weights", "ArrowLeft")  # the pictures of all other p are now those of another choice
    reader.sees("In training both now pass on the same.")
    twins = TwinTraining(p, powers=Powers(weights=1), learning_rate=0.05, random_state=1)
    twins.run(200)
    apart = difference(max(twins.prediction_differences))
    expect(reader.picture("ex23_7_twins").nth(1)).to_have_attribute(
        "aria-label", f"Predictions at most {apart} apart; below 10⁻¹¹ it is rounding only."
    )
    reader.page.get_by_role("tab", name="Go deeper").click()
    reader.slider("ex23_7_scale").scroll_into_view_if_needed()
    reader.settle()
    scale = reader.drag("ex23_7_scale", 0.8)  # so does the picture of a tab
    rng = np.random.default_rng(1)
    h, w = rng.uniform(0, 1, 6), rng.normal(0, 1, 6)
    mean = next_neuron(h, scale * w, -1.0, p).mean_output
    expect(reader.picture("ex23_7_beyond").nth(1).locator("title").first).to_have_text(f"mean {number(mean)}")
    reader.page.mouse.up()


def test_three_moves_make_the_runs_one_and_watching_lets_them_grow(visit: Visit) -> None:
    reader = visit("23.7")
    reader.press("Watch them learn")
    reader.sees("passes on 1.667 times as much")
    expect(reader.picture("ex23_7_twins").first).to_be_in_viewport(ratio=1)  # the curves come into sight
    reader.turn("ex23_7_weights", "ArrowLeft")
    reader.sees("In training both now pass on the same.")
    reader.choose("ex23_7_phase", "prediction")
    expect(reader.control("ex23_7_networks").locator(".dropped")).to_have_count(0)  # all neurons are back
    reader.sees("How large is ∇W′?")
    expect(reader.control("ex23_7_networks")).to_contain_text("∇w′ = ?")
    reader.turn("ex23_7_gradient", "ArrowRight")
    reader.press("Check my gradient")
    reader.sees("2.78 times p Δw: too far.")
    reader.turn("ex23_7_rate_of_W", "ArrowLeft", 2)
    reader.press("Check my rate")
    reader.sees("One and the same run")
    expect(reader.control("ex23_7_apart")).to_contain_text("predictions: only rounding")
    expect(reader.picture("ex23_7_twins").first).to_be_in_viewport(ratio=1)
    reader.press("Watch")
    expect(reader.control("ex23_7_networks")).to_be_in_viewport(ratio=1)
    assert reader.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0  # all of it fits
    reader.page.emulate_media(reduced_motion="no-preference")
    drawings = [reader.control(f"ex23_7_{name}").locator(box) for name, box in BOXES.items()]
    reader.page.evaluate(NOTE_STEPS, [drawing.element_handle() for drawing in drawings])
    reader.press("Watch")
    heads = reader.control("ex23_7_twins").locator(".head")
    expect(heads).to_have_count(3)
    expect(heads).to_have_count(0)  # they have grown
    expect(reader.page.locator(".st-key-one")).to_be_visible()  # it waits for them
    expect(reader.control("ex23_7_twins").locator("[style*=clip-path]")).to_have_count(0)
    expect(reader.control("ex23_7_networks")).to_contain_text("Step 200: ")
    steps = reader.page.evaluate("clearInterval(window.noting) ?? window.steps")
    assert len(steps) > 1
    assert all(of_curves == of_networks for of_curves, of_networks in steps)
    reader.turn("ex23_7_p", "ArrowRight")
    reader.sees("One and the same run")
    reader.page.get_by_role("tab", name="Check it").click()
    reader.sees("all 83 weights and biases agree")
    reader.press("The same rate for both")
    expect(reader.control("ex23_7_networks")).to_be_in_viewport(ratio=0.9)  # it comes into view
    reader.press("Show the explanation")
    reader.sees("2.37 times p Δw")
    reader.press("Back to my values")
    reader.press("Now with Adam?")
    reader.sees("1.54 times p Δw")
    reader.page.reload()
    reader.sees("1.54 times p Δw")
    reader.press_twice("Start over")
    reader.sees("Watch where they part.")


@pytest.mark.thorough
def test_masks_are_drawn_and_a_click_chooses_a_neuron_that_the_slider_moves(visit: Visit) -> None:
    reader = visit("23.7", "ex23_7_tab=Masks+and+means")
    reader.sees("This is mask 8: crossed neurons are dropped.")
    reader.press("Clear")
    reader.sees("No mask has been drawn yet")
    reader.press("1")
    reader.sees("This is mask 1: crossed neurons are dropped.")
    reader.press("1,000")
    reader.sees("This is mask 1,001: crossed neurons are dropped.")
    reader.choose("ex23_7_settles", "plain at p h, inverted at h")
    reader.sees("The exact means are 0.48 (plain) and 0.8 (inverted).")
    third = reader.page.get_by_role("button", name="Neuron 3,")
    third.click()
    expect(third).to_have_attribute("aria-pressed", "true")
    reader.page.get_by_text("Change the layer").click()
    expect(reader.slider("ex23_7_h")).to_have_value("-0.5")
    reader.turn("ex23_7_h", "ArrowRight")
    expect(third).to_contain_text("h = −0.45")  # drawn at the thumb; the address follows when the server has heard
    expect(reader.page).to_have_url(re.compile("ex23_7_h_text=.*-0.45"))
    reader.page.reload()
    expect(third).to_contain_text("h = −0.45")
