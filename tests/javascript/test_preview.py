"""Home's small pictures in Playwright's own Node: whatever the frames' times, every number drawn is one."""

import json
from itertools import pairwise

import pytest

from tests.javascript.conftest import Evaluate

PREVIEW = "shared/preview.js"
# A line and a word, a pointer that comes to the card's right edge, and frames at these times after it came.
PLAYED = """(() => {
  const frames = [], heard = {}, drawn = [], times = TIMES;
  globalThis.matchMedia = () => ({ matches: false });
  globalThis.performance = { now: () => 1000 };
  globalThis.requestAnimationFrame = (draw) => frames.push(draw);
  const card = { addEventListener: (name, act) => { heard[name] = act; },
    getBoundingClientRect: () => ({ left: 0, width: 100 }) };
  const box = { getRootNode: () => ({ host: { closest: () => card } }) };
  const line = { setAttribute: (_, value) => drawn.push(String(value)) }, word = {};
  follow({ isConnected: true }, [
    { element: line, from: { points: "0,10 20,30" }, to: { points: ["5,10 20,-40"] } },
    { element: word, from: { text: "before" }, to: { text: ["after"] } },
  ], box);
  heard.pointermove({ clientX: 100 });
  for (const time of times) frames.shift()?.(1000 + time);
  return [drawn, word.textContent];
})()"""


@pytest.mark.parametrize("first", [-30, -5, 0, 16])
def test_a_picture_glides_to_its_end_though_a_frame_began_before_the_pointer_came(
    evaluate: Evaluate, first: int
) -> None:
    times = [first + 16 * k for k in range(90)]
    drawn, word = evaluate(PREVIEW, PLAYED.replace("TIMES", json.dumps(times)))
    firsts, lasts = (
        [float(points.replace(",", " ").split()[place]) for points in drawn] for place in (0, -1)
    )  # float: no NaN and no "undefined"
    assert all(0 <= one <= other <= 5 for one, other in pairwise(firsts))
    assert (firsts[-1], lasts[-1], word) == (5, -40, "after")


def test_numbers_of_a_text_go_from_stop_to_stop(evaluate: Evaluate) -> None:
    assert evaluate(PREVIEW, '[0, 0.25, 0.5, 1].map((t) => along(["1,-2", "3,0", "3,8"], t))') == [
        "1,-2",
        "2,-1",
        "3,0",
        "3,8",
    ]
