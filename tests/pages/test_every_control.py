"""Every control of every page at its ends and in its middle, alone and in all pairs: nothing breaks."""

import re
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.graph_helpers import APP, open_page

PAGES = sorted(path.stem for path in (APP.parent / "pages").glob("*.py"))
KINDS = ("slider", "select_slider", "number_input", "selectbox", "radio", "button_group", "toggle", "text_area")
TEXTS = ("", "0", "1, two; 3\n4")
NO_NUMBER = re.compile(r"\b(nan|inf)\b", re.IGNORECASE)


def controls(app: AppTest) -> dict[str, Any]:
    """The controls the page shows now and the reader may move, by key."""
    return {
        widget.key: widget
        for kind in KINDS
        for widget in app.get(kind)
        if widget.key and not widget.proto.disabled
    }


def levels(widget: Any, rng: np.random.Generator) -> list[Any]:
    """Lowest value, highest, and one at random between; three values where there are no bounds."""
    if widget.type == "number_input" and widget.min is None:  # a guess: any number, or none yet
        return [None, -1000.0, 0.5]
    if widget.type in ("slider", "number_input"):
        steps = round((widget.max - widget.min) / widget.step)
        middle = widget.min + int(rng.integers(0, steps + 1)) * widget.step
        return [widget.min, widget.max, type(widget.min)(min(middle, widget.max))]
    if widget.type in ("toggle",):
        return [False, True, True]
    if widget.type == "text_area":
        return list(TEXTS)
    if widget.type == "button_group" and widget.proto.click_mode == widget.proto.MULTI_SELECT:
        return [[], list(widget.options), [str(rng.choice(widget.options))]]
    return [widget.options[0], widget.options[-1], str(rng.choice(widget.options))]


def assert_sound(app: AppTest, tried: dict[str, Any]) -> None:
    """No exception, and no number that is none, unless the page says what it means."""
    assert not app.exception, (tried, [e.message for e in app.exception])
    words = [e.value for kind in (app.markdown, app.caption, app.info, app.error, app.warning) for e in kind]
    metrics = [metric.value for metric in app.metric]
    cells = [
        str(cell) for frame in (*app.dataframe, *app.table) for cell in np.ravel(frame.value.to_numpy(object))
    ]
    for text in (*words, *metrics, *cells):
        assert not NO_NUMBER.search(text), (tried, text)
    if any("not a number" in text for text in (*metrics, *cells)):
        assert any("“Not a number” is" in text for text in words), tried


def assert_quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing was logged as a warning or worse, but that a test has no browser."""
    logged = [
        record.getMessage() for record in caplog.records if record.levelname in ("WARNING", "ERROR", "CRITICAL")
    ]
    assert [message for message in logged if "missing ScriptRunContext" not in message] == []


def all_pairs(factors: dict[str, list[Any]], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Rows that together hold every pair of values of every two factors: greedily, from random candidates."""
    names = list(factors)
    open_pairs = {
        ((a, i), (b, j))
        for a, b in combinations(names, 2)
        for i, j in product(range(len(factors[a])), range(len(factors[b])))
    }
    while open_pairs:
        best: tuple[int, dict[str, int]] = (-1, {})
        for _ in range(12):
            row = {name: int(rng.integers(len(factors[name]))) for name in names}
            (a, i), (b, j) = next(iter(open_pairs))
            row[a], row[b] = i, j
            gain = sum(((a, row[a]), (b, row[b])) in open_pairs for a, b in combinations(names, 2))
            best = max(best, (gain, row), key=lambda candidate: candidate[0])
        row = best[1]
        open_pairs -= {((a, row[a]), (b, row[b])) for a, b in combinations(names, 2)}
        yield {name: factors[name][row[name]] for name in names}


def move(app: AppTest, values: dict[str, Any]) -> AppTest:
    """Set the controls that are there, and let the page answer."""
    there = controls(app)
    for key, value in values.items():
        if key in there:
            there[key].set_value(value)
    return app.run()


def begin(page: str) -> AppTest:
    """The page, with a network to look into where it trains one."""
    app = open_page(f"pages/{page}.py")
    if page == "ex23_3_mnist":
        app.session_state["ex23_3_data"] = "digits 8×8"
        app.run()
        app.button(key="ex23_3_batch_step").click().run()
    return app


def held_fixed(key: str) -> bool:
    """Controls left alone: full MNIST would take the suite's time, and the errata comparison trains three nets."""
    return key in ("ex23_3_data", "ex23_3_errata")


@pytest.mark.parametrize("page", PAGES)
def test_every_control_alone(page: str, caplog: pytest.LogCaptureFixture) -> None:
    rng = np.random.default_rng(23)
    app = begin(page)
    assert_sound(app, {})
    back: dict[str, Any] = {}  # the control before, to where it was
    for key, widget in controls(app).items():
        if held_fixed(key):
            continue
        before = widget.value
        for level in levels(widget, rng):
            if level != before:
                assert_sound(move(app, back | {key: level}), {key: level})
                back = {}
        back = {key: before}
    assert_quiet(caplog)


@pytest.mark.parametrize("page", PAGES)
def test_every_pair_of_controls(page: str, caplog: pytest.LogCaptureFixture) -> None:
    rng = np.random.default_rng(7)
    app = begin(page)
    factors = {key: levels(widget, rng) for key, widget in controls(app).items() if not held_fixed(key)}
    tried = 0
    for row in all_pairs(factors, rng):
        assert_sound(move(app, row), row)
        tried += 1
    assert tried >= (9 if len(factors) > 1 else 0)
    assert_quiet(caplog)
