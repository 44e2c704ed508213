"""Page 23.4 in Chromium: the keyboard, the reader's settings, no number hidden, Play."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.graph_helpers import edge, hidden_numbers, message
from tests.browser.reader import Reader


def test_steps_and_the_address_keep_the_readers_settings(visit: Visit) -> None:
    reader = visit("23.4", "ex23_4_z=2.0&ex23_4_loss=squared+error&ex23_4_graph_backward_step=3")
    reader.sees("Step 3 of 4.")
    expect(reader.slider("ex23_4_z")).to_have_value("2")
    reader.press_twice("Next")
    reader.sees("Step 4 of 4.")
    reader.follow("23.5")
    reader.follow("23.4")
    expect(reader.slider("ex23_4_z")).to_have_value("2")
    reader.is_unharmed()


def test_no_number_of_the_drawing_is_hidden_with_either_loss(visit: Visit) -> None:
    reader = visit("23.4", "ex23_4_z=-7.3&ex23_4_y=0.35&ex23_4_loss=cross-entropy")
    expect(reader.page.locator("text.backward")).to_have_count(7)
    assert hidden_numbers(reader) == []
    before = message(reader, "f → L").text_content() or ""
    reader.choose("ex23_4_loss", "squared error")
    expect(message(reader, "f → L")).not_to_have_text(before)
    reader.settle()
    expect(reader.page.locator("text.backward")).to_have_count(7)
    assert hidden_numbers(reader) == []


def test_an_edge_tells_its_product_and_play_shows_every_step(visit: Visit) -> None:
    reader = visit("23.4")
    about = reader.page.locator(".about")
    edge(reader, "z → f").hover()
    expect(about).to_contain_text("Upstream × local = (−2) × 0.25 = −0.5")
    reader.page.mouse.move(0, 0)
    expect(about).to_contain_text("Point at an edge")
    edge(reader, "z → f").focus()
    expect(about).to_contain_text("z → f")
    reader.page.keyboard.press("ArrowRight")
    expect(about).to_contain_text("f → L")

    expect(reader.button("Next")).to_be_disabled()
    seen = watch_steps(reader, pause_at=2)
    reader.press("Play")
    edge(reader, "f → L").focus()
    expect(about).to_contain_text("Upstream × local = 1 × (−2)")  # drawn anew, still in focus
    expect(edge(reader, "f → L")).to_be_focused()
    reader.page.wait_for_function("window.stepsSeen.includes(2)")  # until it plays, the button still says Play
    expect(reader.button("Play")).to_be_visible()  # paused
    reader.settle()
    paused_at = seen()[-1]
    assert 2 <= paused_at < 4
    reader.turn("ex23_4_z", "ArrowRight")
    expect(message(reader, "f → L")).not_to_have_text("−2")
    reader.settle()
    assert seen()[-1] == paused_at
    reader.press("Play")
    reader.sees("Step 4 of 4.")
    expect(reader.button("Play")).to_be_visible()
    assert seen() == [4, 0, 1, 2, 3, 4]


def watch_steps(reader: Reader, pause_at: int) -> Callable[[], list[int]]:
    """From now on note every step the page speaks of, once each time it changes; call the result to read them.

    When a step comes for the first time, Pause is pressed a moment later: by the browser's own clock, which also
    says when the next step comes, so that a slow machine cannot be too late.
    """
    reader.page.evaluate(
        """(pauseAt) => {
          window.stepsSeen = [];
          const pause = () =>
            [...document.querySelectorAll("button")].find((button) => button.innerText.includes("Pause")).click();
          const look = () => {
            const said = document.body.innerText.match(/Step ([0-9]+) of/);
            if (!said || window.stepsSeen.at(-1) === Number(said[1])) return;
            window.stepsSeen.push(Number(said[1]));
            if (window.stepsSeen.indexOf(pauseAt) === window.stepsSeen.length - 1) setTimeout(pause, 300);
          };
          look();
          new MutationObserver(look).observe(document.body,
            { childList: true, characterData: true, subtree: true });
        }""",
        pause_at,
    )
    return lambda: list(reader.page.evaluate("window.stepsSeen"))
