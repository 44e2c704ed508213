"""Every control of a page, and of its tabs, at its ends and in its middle, in all pairs: nothing breaks."""

import re
from typing import Any

import numpy as np
import pytest

from pages.shared.chapter import EXERCISES
from tests.pages.control_values import all_pairs, levels
from tests.pages.reader import Reader

NO_NUMBER = re.compile(r"\b(nan|inf)\b", re.IGNORECASE)
HELD_FIXED = (
    "ex23_3_data",
    "ex23_3_preset",
    "ex23_3_preset_none",
    "ex23_3_patience",
)  # full MNIST would take the suite's time; a preset sets all others; AppTest cannot move to a formatted option


def assert_sound(reader: Reader, tried: dict[str, Any]) -> None:
    """No number on the page that is none, unless the page says what it means."""
    words = reader.words("markdown", "caption", "info", "error", "warning")
    shown = reader.words("metric").split()
    shown += [str(cell) for table in reader.tables() for cell in np.ravel(table.to_numpy(object))]
    for text in (words, *shown):
        assert not NO_NUMBER.search(text), (tried, text)
    if any("not a number" in text for text in shown):
        assert "“Not a number” is" in words, tried


def assert_quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing was logged as a warning or worse, but that a test has no browser."""
    logged = [
        record.getMessage() for record in caplog.records if record.levelname in ("WARNING", "ERROR", "CRITICAL")
    ]
    assert [message for message in logged if "missing ScriptRunContext" not in message] == []


def begin(number: str) -> Reader:
    """The page, with a network to look into where it trains one, and all controls that come one by one."""
    if number == "23.7":
        return Reader(number).press("Show the answer").press("Now with Adam?")
    if number != "23.3":
        return Reader(number)
    return Reader(number, {"ex23_3_data": "digits 8×8"}).press("One batch")


@pytest.mark.parametrize("number", EXERCISES)
def test_every_value_of_a_control_beside_every_value_of_another(
    number: str, caplog: pytest.LogCaptureFixture
) -> None:
    rng = np.random.default_rng(23)
    reader = begin(number)
    assert_sound(reader, {})
    factors = {key: levels(widget, rng) for key, widget in reader.controls().items()}
    for key in HELD_FIXED:
        factors.pop(key, None)
    tabs, opened = [tab.label for tab in reader.app.tabs], set()
    rows = list(all_pairs(factors, rng))
    rows += rows[: max(0, 2 * len(tabs) - len(rows))]  # enough for every tab
    for k, row in enumerate(rows):
        there = reader.controls()
        tried = {key: value for key, value in row.items() if key in there}
        for key in there.keys() - factors.keys() - set(HELD_FIXED):  # they stand in the tab that is open
            values = levels(there[key], rng)
            tried[key] = values[rng.integers(len(values))]
        if tabs:  # each for two rows: it is opened, and then its controls are moved too
            tried[reader.key("tab")] = tabs[k // 2 % len(tabs)]
            opened.add(tabs[k // 2 % len(tabs)])
        reader.set(**{key.removeprefix(f"{reader.room}_"): value for key, value in tried.items()})
        assert_sound(reader, tried)
    assert len(rows) >= 9
    assert opened == set(tabs)
    assert_quiet(caplog)


def test_home_is_sound(caplog: pytest.LogCaptureFixture) -> None:
    assert_sound(Reader(), {})
    assert_quiet(caplog)
