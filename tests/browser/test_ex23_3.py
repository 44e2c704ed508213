"""Page 23.3 in Chromium: a run on full MNIST from Start to the end, paused, left and found again; two themes."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, in_both_themes, settle
from tests.browser.graph_helpers import fits

PATH = "ex23_3_mnist"
DIGITS = f"{PATH}?ex23_3_data=digits+8%C3%978&ex23_3_batch=1&ex23_3_epochs=50"  # slow enough to catch at work


def press(page: Page, name: str) -> None:
    """Press the button of that name."""
    page.get_by_role("button", name=name, exact=True).click()


def open_settled(open_page: OpenPage, path: str) -> Page:
    """The page, complete with its last section."""
    page = open_page(path)
    expect(page.get_by_role("heading", name="In Python")).to_be_visible()
    settle(page)
    return page


def equation_numbers_stand_right(page: Page, width: int) -> None:
    """Every equation number stands right of its formula, level with it; where there is room, at the margin."""
    numbered = page.locator(".katex-html:has(.tag)").evaluate_all(
        """formulas => formulas.map(formula => {
          const box = element => element.getBoundingClientRect();
          const parts = [...formula.children].filter(part => part.matches(".base")).map(box);
          const tag = box(formula.querySelector(".tag")), whole = box(formula);
          return [Math.max(...parts.map(part => part.right)), tag.left,
            box(formula.closest("[data-testid=stMarkdown]")).right - tag.right,
            tag.top + tag.bottom - whole.top - whole.bottom];
        })"""
    )
    assert len(numbered) == 9
    for formula_ends, tag_begins, margin, lower in numbered:
        assert tag_begins > formula_ends + 8
        assert abs(lower) < 16
        assert width < 640 or abs(margin) < 2


def test_accessible_and_no_wider_than_the_screen(open_page: OpenPage, axe: Callable[[Page], None]) -> None:
    page = open_settled(open_page, PATH)
    press(page, "One batch")
    expect(page.get_by_role("heading", name="One picture, forward and back")).to_be_visible()
    settle(page)
    for width in in_both_themes(page):
        axe(page)
        fits(page, width)
        equation_numbers_stand_right(page, width)


def test_full_mnist_learns_past_97_percent_while_the_curves_grow(open_page: OpenPage) -> None:
    page = open_settled(open_page, f"{PATH}?ex23_3_epochs=4")
    press(page, "Start")
    expect(page.get_by_text("Accuracy on test data")).to_be_visible()
    points = page.get_by_test_id("stVegaLiteChart").first.locator(".mark-symbol.role-mark path")
    early = points.count()
    expect(page.get_by_text("Epoch 4.00 of 4")).to_be_visible()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    settle(page)
    assert points.count() > early
    accuracy = page.get_by_text("Accuracy on test data").inner_text().split()[4]
    assert float(accuracy) > 97.0


def test_pause_leave_come_back_resume(open_page: OpenPage) -> None:
    page = open_settled(open_page, DIGITS)
    press(page, "Start")
    press(page, "Pause")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    settle(page)
    progress = page.get_by_text(re.compile(r"Epoch [\d.]+ of 50")).inner_text()
    page.get_by_role("link", name="Chapter 23").click()
    expect(page.get_by_role("heading", name="Feed-forward neural networks")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="23.3 MNIST").click()
    expect(page.get_by_text(progress)).to_be_visible()
    press(page, "Resume")
    expect(page.get_by_text(progress)).not_to_be_visible()
    expect(page.get_by_text(re.compile(r"Epoch [\d.]+ of 50"))).to_be_visible()


def test_clicks_in_mid_training_answer_and_break_nothing(open_page: OpenPage) -> None:
    page = open_settled(open_page, DIGITS)
    press(page, "Start")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    for view, shows in [
        ("mistakes", "test pictures are read wrongly"),
        ("confusion", "Each row is a digit as it is"),
        ("weights", "what one neuron of the first layer looks for"),
        ("gradients", "This is the vanishing gradient"),
        ("answers", "the digit with the largest output"),
    ]:
        page.locator(".st-key-ex23_3_view").get_by_text(view, exact=True).click()
        expect(page.get_by_text(shows)).to_be_visible()
    slider = page.locator(".st-key-ex23_3_rate").get_by_role("slider")
    slider.press("ArrowLeft")
    expect(page.get_by_text("The settings now differ from the run shown")).to_be_visible()
    expect(page.get_by_text("rate 0.2 instead of rate 0.3")).to_be_visible()
    assert page.locator("[data-testid=stException]").count() == 0


def test_two_runs_side_by_side_and_one_that_diverges(open_page: OpenPage) -> None:
    page = open_settled(open_page, f"{PATH}?ex23_3_data=digits+8%C3%978")
    press(page, "Start")
    expect(page.get_by_text("Epoch 10.00 of 10")).to_be_visible()
    press(page, "Keep this run")
    expect(page.get_by_role("heading", name="Your runs")).to_be_visible()
    press(page, "Make it diverge")
    expect(page.get_by_text("ceased to be finite at step")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").first.get_by_text("kept 1")).to_be_visible()
    assert page.locator("[data-testid=stException]").count() == 0


def test_a_double_click_on_a_button_that_vanishes_breaks_nothing(open_page: OpenPage) -> None:
    page = open_settled(open_page, f"{PATH}?ex23_3_data=digits+8%C3%978")
    press(page, "One batch")
    keep, kept = page.get_by_role("button", name="Keep this run"), page.get_by_role("heading", name="Your runs")
    for name in ("Show it again", "Remove it"):
        expect(keep).to_be_enabled()
        keep.dblclick()
        expect(kept).to_be_visible()
        settle(page)
        page.get_by_role("button", name=name).dblclick()
        expect(kept).to_have_count(0)
        settle(page)
    assert page.locator("[data-testid=stException]").count() == 0


def test_a_network_is_kept_as_a_file_and_brought_back(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_settled(open_page, f"{PATH}?ex23_3_data=digits+8%C3%978&ex23_3_epochs=2")
    press(page, "Start")
    expect(page.get_by_text("Epoch 2.00 of 2")).to_be_visible()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    settle(page)
    accuracy = page.get_by_text("Accuracy on test data").inner_text()
    with page.expect_download() as download:
        press(page, "Download this network")
    download.value.save_as(tmp_path / "network.npz")
    press(page, "Reset")
    expect(page.get_by_text("Epoch 0.00 of 2")).to_be_visible()
    upload = page.locator(".st-key-ex23_3_upload input[type=file]")
    (tmp_path / "cat.npz").write_bytes(b"a picture of a cat")
    upload.set_input_files(tmp_path / "cat.npz")
    expect(page.get_by_text("it is damaged, or no .npz file at all. Nothing was changed.")).to_be_visible()
    upload.set_input_files(tmp_path / "network.npz")
    expect(page.get_by_text("Epoch 2.00 of 2")).to_be_visible()
    expect(page.get_by_text("Accuracy on test data")).to_have_text(accuracy)
    assert page.locator("[data-testid=stException]").count() == 0
