"""Page 23.3 in Chromium: a run on full MNIST, paused, left and found again, kept as a file."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit

DIGITS = "ex23_3_data=digits+8%C3%978"
# Two and a half million steps through six layers: no machine ends that while a reader looks.
ENDLESS = "ex23_3_epochs=50&ex23_3_layers=5&ex23_3_batch=1&ex23_3_rate=0.001"

# Notes from now on, at every frame, how many points the first chart has.
COUNT_POINTS = """
() => {
  window.counts = new Set();
  const look = () => {
    const chart = document.querySelector("[data-testid=stVegaLiteChart]");
    const points = chart?.querySelectorAll(".mark-symbol.role-mark path").length;
    if (points) window.counts.add(points);
    requestAnimationFrame(look);
  };
  look();
}
"""


def test_full_mnist_learns_past_97_percent_while_the_curves_grow(visit: Visit) -> None:
    reader = visit("23.3", "ex23_3_epochs=4")
    reader.page.evaluate(COUNT_POINTS)
    reader.press("Start")
    reader.sees("Epoch 4.00 of 4")
    expect(reader.button("Start")).to_be_visible()
    reader.settle()
    assert len(reader.page.evaluate("[...window.counts]")) > 1
    accuracy = reader.page.get_by_text("Accuracy on test data").inner_text().split()[4]
    assert float(accuracy) > 97.0


def test_pause_leave_come_back_resume_and_clicks_in_mid_training_break_nothing(visit: Visit) -> None:
    reader = visit("23.3", ENDLESS)
    page = reader.page
    reader.press("Start")
    reader.press("Pause")
    expect(reader.button("Resume")).to_be_visible()
    reader.settle()
    progress = page.get_by_text(re.compile(r"Epoch [\d.]+ of 50"))
    paused_at = progress.inner_text()
    reader.follow()
    reader.follow("23.3")
    assert progress.inner_text() == paused_at
    reader.press("Resume")
    expect(progress).not_to_have_text(paused_at)
    early = progress.inner_text()
    for view, shows in [
        ("mistakes", "test pictures are read wrongly"),
        ("confusion", "Each row is a digit as it is"),
        ("weights", "what one neuron of the first layer looks for"),
        ("gradients", "This is the vanishing gradient"),
        ("answers", "the digit with the largest output"),
    ]:
        reader.choose("ex23_3_view", view)
        reader.sees(shows)
    reader.slider("ex23_3_rate").press("ArrowLeft")
    reader.sees("The settings now differ from the run shown")
    reader.sees("rate 0.0005 instead of rate 0.001")
    expect(progress).not_to_have_text(early)  # it has gone on meanwhile
    reader.is_unharmed()


def test_two_runs_side_by_side_and_one_that_diverges(visit: Visit) -> None:
    reader = visit("23.3", DIGITS)
    reader.press("Start")
    reader.sees("Epoch 10.00 of 10")
    reader.press("Keep this run")
    expect(reader.page.get_by_role("heading", name="Your runs")).to_be_visible()
    reader.press("Make it diverge")
    reader.sees("ceased to be finite at step")
    expect(reader.page.get_by_test_id("stVegaLiteChart").first.get_by_text("kept 1")).to_be_visible()
    reader.is_unharmed()


def test_a_double_click_on_a_button_that_vanishes_breaks_nothing(visit: Visit) -> None:
    reader = visit("23.3", DIGITS)
    reader.press("One batch")
    kept = reader.page.get_by_role("heading", name="Your runs")
    for name in ("Show it again", "Remove it"):
        expect(reader.button("Keep this run")).to_be_enabled()
        reader.button("Keep this run").dblclick()
        expect(kept).to_be_visible()
        reader.settle()
        reader.button(name).dblclick()
        expect(kept).to_have_count(0)
        reader.settle()
    reader.is_unharmed()


def test_a_network_is_kept_as_a_file_and_brought_back(visit: Visit, tmp_path: Path) -> None:
    reader = visit("23.3", f"{DIGITS}&ex23_3_epochs=2")
    page = reader.page
    reader.press("Start")
    reader.sees("Epoch 2.00 of 2")
    expect(reader.button("Start")).to_be_visible()
    reader.settle()
    accuracy = page.get_by_text("Accuracy on test data").inner_text()
    with page.expect_download() as download:
        reader.press("Download this network")
    download.value.save_as(tmp_path / "network.npz")
    reader.press("Reset")
    reader.sees("Epoch 0.00 of 2")
    upload = reader.control("ex23_3_upload").locator("input[type=file]")
    (tmp_path / "cat.npz").write_bytes(b"a picture of a cat")
    upload.set_input_files(tmp_path / "cat.npz")
    reader.sees("it is damaged, or no .npz file at all. Nothing was changed.")
    upload.set_input_files(tmp_path / "network.npz")
    reader.sees("Epoch 2.00 of 2")
    expect(page.get_by_text("Accuracy on test data")).to_have_text(accuracy)
    reader.is_unharmed()
