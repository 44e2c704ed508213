"""What the picture of page 23.1 computes in the browser, by Playwright's own Node, is what `nnlib` computes."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnlib.chapter23.gates import CORNERS, gate_network, solution
from pages.shared.numbers import number
from tests.javascript.conftest import Evaluate

Run = Callable[[str], Any]


@pytest.fixture
def run(evaluate: Evaluate) -> Run:
    """The value of an expression that may use all of fold.js."""
    return lambda expression: evaluate("ex23_1/fold.js", expression, "ex23_1/square.js")


def test_it_computes_what_the_library_computes(run: Run) -> None:
    rng = np.random.default_rng(0)
    cases = [
        (solution("XNOR"), 1.0),
        (np.full(9, -100.0), 2.0),
        *((rng.normal(size=9) * 9, 0.3) for _ in range(5)),
    ]
    told = run(
        f"{json.dumps([[*values, sharpness] for values, sharpness in cases])}.map("
        "(now) => CORNERS.map(([x1, x2]) => forward(now, x1, x2)))"
    )
    for (values, sharpness), outputs in zip(cases, told, strict=True):
        trace = gate_network(values, sharpness).trace(CORNERS, np.zeros((4, 1)))
        np.testing.assert_allclose(outputs, np.hstack(trace.h[1:]), rtol=1e-9, atol=1e-300)


def test_it_writes_numbers_as_the_pages_do_and_outputs_to_the_digits_that_tell(run: Run) -> None:
    values = [0.0, -30.0, 0.12345, 9.99909, -1e-9, 123456.0, 4.548e-5, 1e5]
    assert run(f"{json.dumps(values)}.map((x) => number(x))") == [number(value) for value in values]
    outputs = [0.5, 0.99995456, 0.00004548, 0.73106, 1.234e-4, 1 - 1e-12, 1e-12, 1.0, 0.0]
    shown = ["0.5", "0.99995456", "4.548·10⁻⁵", "0.7311", "1.234·10⁻⁴", "≈ 1", "10⁻¹²", "≈ 1", "≈ 0"]
    assert run(f"{json.dumps(outputs)}.map(share)") == shown


def test_a_line_is_cut_at_the_square_and_no_line_is_none(run: Run) -> None:
    ends = run("[crossing(20, 20, -30, -0.3, 1.3), crossing(0, 0, 1, 0, 1), crossing(1, 1, 5, 0, 1)]")
    np.testing.assert_allclose(ends[0], [[0.2, 1.3], [1.3, 0.2]])
    assert ends[1:] == [None, None]


def test_it_tells_which_corners_the_square_folds_together(run: Run) -> None:
    book = [[0, 1], [0, 0], [0, 0], [1, 0]]
    stuck = [[0.3, 0.9], [0.9, 0.2], [0.98, 0.98], [0.99, 0.97]]
    flat = [[0, 0], [0, 1], [1, 0], [1, 1]]
    learned = [[0.1, 0.9], [0.1, 0.1], [0.13, 0.1], [0.9, 0.1]]
    in_a_row = [[0.3, 0.3], [0.5, 0.5], [0.5, 0.5], [0.7, 0.7]]
    at_once, but_one = [[0.5, 0.5]] * 4, [[0.5, 0.5]] * 3 + [[0.9, 0.5]]
    told = run(
        f"{json.dumps([book, stuck, flat, learned, in_a_row, at_once, but_one])}.map((points, k) => "
        "tellFold(points, [1, 0, 0, 1], [4, 2, 0, 2, 2, 2, 2][k]))"
    )
    assert told == [
        "(0, 1) and (1, 0) land on one point. One straight line separates ● from ○.",
        "(1, 0) and (1, 1) land almost on one point, but their targets differ.",
        "No two corners have merged yet.",
        "(0, 1) and (1, 0) land almost on one point. Now one straight line can be enough.",
        "(0, 1) and (1, 0) land on one point. But no straight line separates ● from ○.",
        "All four corners land on one point, but their targets differ.",
        "The corners other than (1, 1) land on one point, but their targets differ.",
    ]


def test_names_in_the_last_square_never_overprint_nor_leave_it(run: Run) -> None:
    rng = np.random.default_rng(0)
    side, width, height = 150, 36, 16
    crowds = [[[side / 2 + 5, side / 2 + rng.normal()] for _ in range(4)] for _ in range(5)]
    crowds += [rng.uniform(0, side, (4, 2)).tolist() for _ in range(20)]
    for told in run(
        f"{json.dumps(crowds)}.map((points) => spread(placeNames(together(points, 45), points, points, "
        f"[0, 0, {side}, {side}], 11, {width}), {side}, {width}))"
    ):
        places = [(name["x"], name["y"]) for name in told]
        for k, (x, y) in enumerate(places):
            assert 0 <= x <= side - width
            assert y <= side
            assert all(abs(x - u) >= width or abs(y - v) >= height - 1e-9 for u, v in places[:k])
