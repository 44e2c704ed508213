"""Page 23.3 in Chromium: the picture that learns, its runs, one step back, and a run kept as a file."""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.reader import Reader

DIGITS = "ex23_3_data=digits+8%C3%978"
# Two and a half million steps through six layers: no machine ends that while a reader looks.
ENDLESS = "ex23_3_epochs=50&ex23_3_layers=5&ex23_3_batch=1&ex23_3_rate=0.001"

# Notes from now on, at every frame, what is seen of the digits' answers and of the end of the curve.
WATCH = """
() => {
  window.answers = new Set();
  window.ends = new Set();
  const within = (root) => root.querySelector(".stage")
    || [...root.querySelectorAll("*")].map((part) => part.shadowRoot && within(part.shadowRoot)).find(Boolean);
  let stage;
  const look = () => {
    if (!stage?.isConnected) stage = within(document.querySelector(".st-key-ex23_3_learning"));
    if (stage) {
      window.answers.add(stage.querySelector(".tiles").innerText);
      window.ends.add(stage.querySelector(".plot").getAttribute("aria-label"));
    }
    requestAnimationFrame(look);
  };
  look();
}
"""


def stage(reader: Reader) -> Locator:
    """The picture that learns."""
    return reader.control("ex23_3_learning")


def runs(reader: Reader) -> Locator:
    """The list of runs, which is the legend of the curves."""
    return stage(reader).get_by_role("listitem")


def show(reader: Reader, measure: str) -> None:
    """Choose what the panel of the curves shows."""
    reader.choose("ex23_3_measure", measure)


def progress(reader: Reader) -> Locator:
    """The sentence on where the run stands."""
    return reader.page.get_by_text(re.compile(r"Epoch [\d.]+ of \d+"))


def test_the_stage_fits_the_first_screen_and_learns_past_94_percent_while_everything_moves(
    visit: Visit, tmp_path: Path
) -> None:
    reader = visit("23.3", "ex23_3_epochs=1")
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.settle()
    picture = stage(reader).locator(".stage").bounding_box()
    assert picture is not None
    assert picture["y"] + picture["height"] <= 800
    assert picture["x"] + picture["width"] <= 1280
    for accuracy in ("21.41 %", "25.83 %", "37.03 %", "37.85 %"):
        reader.press("One batch")
        expect(progress(reader)).to_contain_text(accuracy)
        reader.settle()
    reader.page.evaluate(WATCH)
    reader.press("Go on")
    show(reader, "recall")
    expect(stage(reader).locator("rect.bar")).to_have_count(10)
    expect(reader.button("10 more epochs")).to_be_visible()
    reader.settle()
    assert len(reader.page.evaluate("[...window.answers]")) > 1
    assert len(reader.page.evaluate("[...window.ends]")) > 2
    assert float(progress(reader).inner_text().split()[0]) > 94.0
    expect(stage(reader).locator(".tiles").get_by_text("✓")).to_have_count(12)
    expect(runs(reader)).to_have_count(1)
    show(reader, "accuracy")
    expect(stage(reader).locator("path.line.test").first).to_be_visible()
    with reader.page.expect_download() as download:
        stage(reader).get_by_role("button", name="Save as SVG").click()
    download.value.save_as(tmp_path / "curves.svg")
    drawing = (tmp_path / "curves.svg").read_text(encoding="utf-8")
    assert drawing.startswith("<svg")
    assert "epochs trained" in drawing
    reader.page.get_by_role("tab", name="Practise").click()
    stage(reader).get_by_role("button", name="write the step yourself").click()
    expect(reader.page.get_by_role("tab", name="The answer")).to_have_attribute("aria-selected", "true")
    expect(reader.page.get_by_role("tab", name="The answer")).to_be_in_viewport()


def test_pause_leave_come_back_go_on_clicks_in_mid_training_and_the_back_button_break_nothing(
    visit: Visit,
) -> None:
    reader = visit("23.3", ENDLESS)
    reader.press("Train")
    expect(reader.button("Pause")).to_be_focused()  # the keyboard stays where it was
    reader.press("Pause")
    expect(reader.button("Go on")).to_be_visible()
    reader.settle()
    paused_at = progress(reader).inner_text()
    reader.follow()
    reader.follow("23.3")
    assert progress(reader).inner_text() == paused_at
    reader.press("Go on")
    expect(progress(reader)).not_to_have_text(paused_at)
    early = progress(reader).inner_text()
    for tab, shows in [
        ("Mistakes", "the network after epoch"),
        ("Inside the network", "enters at the left as 784 numbers"),
        ("The answer", "write one training step"),
    ]:
        reader.page.get_by_role("tab", name=tab).click()
        reader.sees(shows)
    reader.slider("ex23_3_rate").press("ArrowLeft")
    reader.sees("begins a new run with η 0.0005")
    expect(progress(reader)).not_to_have_text(early)  # it has gone on meanwhile
    reader.follow()
    reader.page.go_back()
    expect(reader.slider("ex23_3_rate")).to_have_attribute("aria-valuetext", "0.0005")  # as it was left
    late = progress(reader).inner_text()
    expect(progress(reader)).not_to_have_text(late)  # the run was found, and goes on
    reader.is_unharmed()


def test_back_undoes_a_preset_as_one_action(visit: Visit) -> None:
    reader = visit("23.3", "ex23_3_epochs=7&ex23_3_more=true")
    reader.choose("ex23_3_preset_none", "Algorithm 23.3")
    expect(reader.slider("ex23_3_batch")).to_have_attribute("aria-valuetext", "1")
    reader.settle()
    steps = reader.page.evaluate("history.length")
    reader.page.wait_for_timeout(600)
    reader.page.evaluate("history.pushState({}, '', location.href)")  # a setting that comes late is no action
    assert reader.page.evaluate("history.length") == steps
    reader.page.go_back()
    expect(reader.slider("ex23_3_batch")).to_have_attribute("aria-valuetext", "32")
    expect(reader.slider("ex23_3_epochs")).to_have_value("7")
    assert reader.page.url.endswith("?ex23_3_epochs=7&ex23_3_more=true")


def test_a_digit_is_followed_and_runs_are_kept_as_files_shown_again_removed_and_brought_back(
    visit: Visit, tmp_path: Path
) -> None:
    reader = visit("23.3", f"{DIGITS}&ex23_3_epochs=2")
    stage(reader).locator(".tiles button").nth(3).click()
    expect(reader.page.get_by_role("tab", name="Inside the network")).to_have_attribute("aria-selected", "true")
    reader.sees("enters at the left as 64 numbers")
    expect(reader.page.get_by_role("tab", name="Inside the network")).to_be_in_viewport()
    stage(reader).get_by_role("button", name="Your own digit: click to draw it").click()
    expect(reader.control("ex23_3_own_sheet")).to_be_in_viewport()
    reader.page.get_by_role("tab", name="In Python").click()
    reader.press("Train")
    expect(reader.button("10 more epochs")).to_be_visible()
    reader.settle()
    result = progress(reader).inner_text()
    with reader.page.expect_download() as download:
        reader.press("Download this run")
    download.value.save_as(tmp_path / "run.npz")
    reader.press("Start over")
    reader.sees("weights are random so far")
    expect(reader.button("Start over")).to_be_focused()
    upload = reader.control("ex23_3_upload").locator("input[type=file]")
    (tmp_path / "cat.npz").write_bytes(b"a picture of a cat")
    upload.set_input_files(tmp_path / "cat.npz")
    reader.sees("it is damaged, or no .npz file at all. Nothing was changed.")
    upload.set_input_files(tmp_path / "run.npz")
    expect(progress(reader)).to_contain_text(result)
    expect(runs(reader)).to_have_count(2)
    reader.press("More experiments")
    reader.press("Divergence")
    reader.sees("ceased to be finite at step")
    expect(runs(reader)).to_have_count(3)
    runs(reader).last.get_by_role("button").first.click()  # the oldest
    expect(progress(reader)).to_contain_text(result)
    reader.page.get_by_role("tab", name="Compare runs").click()
    reader.sees("Run on screen")
    reader.settle()
    reader.press_twice("Remove")
    expect(runs(reader)).to_have_count(2)
    reader.press("Bring it back")
    expect(runs(reader)).to_have_count(3)
    expect(progress(reader)).to_contain_text(result)
    reader.press("Back to the first network")
    reader.press("One batch")  # as soon as it can be pressed, while the page follows what was pressed before
    expect(runs(reader)).to_have_count(4)
    runs(reader).get_by_role("button", name="digits 8×8", exact=False).last.click()
    expect(progress(reader)).to_contain_text(result)
    stage(reader).get_by_role("button", name="Go on with batch 32, η 0.3").click()  # the one that is paused
    expect(reader.button("Pause")).to_be_visible()
    expect(reader.slider("ex23_3_epochs")).to_have_value("10")
    reader.is_unharmed()


def test_the_steps_of_the_exercise_lead_to_where_each_is_done(visit: Visit) -> None:
    reader = visit("23.3", DIGITS)
    steps = stage(reader).locator(".way button")
    expect(steps).to_have_text(["1 Train", "2 Write the step", "3 The missing digit"])
    steps.nth(0).click()
    expect(reader.button("Train")).to_be_focused()
    reader.page.get_by_role("tab", name="In Python").click()
    steps.nth(1).click()
    expect(reader.page.get_by_role("tab", name="The answer")).to_have_attribute("aria-selected", "true")
    expect(reader.button("Train with my lines")).to_be_in_viewport()
    steps.nth(2).click()
    expect(reader.page).to_have_url(re.compile("ex23_3_tried=The"))
    reader.is_unharmed()


def test_on_a_phone_an_experiment_shows_its_question_with_the_curves_also_after_a_visit_elsewhere_and_a_reload(
    visit: Visit,
) -> None:
    reader = visit("23.3")
    page = reader.page
    page.set_viewport_size({"width": 400, "height": 800})
    reader.press("More experiments")
    page.get_by_role("button", name="Divergence").click()
    for part in (stage(reader).locator(".question"), stage(reader).locator(".plot")):
        expect(part).to_be_in_viewport(ratio=0.9)
    expect(stage(reader).locator(".question")).to_contain_text("After how many of them do the numbers burst?")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="23.4 Sigmoid graph").click()
    reader.sees("Exercise 23.4")
    page.get_by_role("link", name="23.3 MNIST").click()
    expect(page).to_have_url(re.compile("ex23_3_tried=Divergence.*ex23_3_schedule=constant"))
    page.reload()
    reader.sees("After how many of them do the numbers burst?")
    reader.is_unharmed()
