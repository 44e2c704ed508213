"""A page's address holds its settings: every control is in it, and whoever opens it sees the same."""

from typing import Any

import numpy as np
import pytest

from pages.shared.chapter import EXERCISES
from tests.pages.control_values import levels
from tests.pages.reader import Reader

# These write into others, which are in the address: a slider of one cell into its table, a preset into all.
WRITE_INTO_ANOTHER = {*("ex23_2_samples", "ex23_2_labels", "ex23_2_z", "ex23_2_y"), *("ex23_7_m", "ex23_7_h")}
WRITE_INTO_ANOTHER |= {"ex23_3_preset", "ex23_3_preset_none"}
BAD = ["1e999", "banana", "", "-77", "nan"]
DIGITS = {"ex23_3_data": "digits 8×8"}  # which are quick
FREE_TEXT = ("text_area", "text_input")


def as_text(value: Any) -> str:
    """A value of one choice or of several."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def chosen_values(reader: Reader) -> dict[str, str]:
    """The value of every control on the page, as text."""
    return {
        key: as_text(widget.value) for key, widget in reader.controls().items() if key not in WRITE_INTO_ANOTHER
    }


def shown(reader: Reader) -> list[str]:
    """All words, snippets and tables of the page."""
    code = [element.value for element in reader.app.code]
    return [reader.words(), *code, *(table.to_csv() for table in reader.tables())]


def unlike_default(reader: Reader, rng: np.random.Generator) -> dict[str, Any]:
    """For every control in the address a value that is not its default; a text, which has no levels, is left."""
    values = {}
    for key, widget in reader.controls().items():
        if key in (*WRITE_INTO_ANOTHER, *DIGITS) or widget.type in FREE_TEXT:
            continue
        others = [level for level in levels(widget, rng) if level not in (None, widget.value)]
        value = others[int(rng.integers(len(others)))]
        values[key] = int(value) if isinstance(widget.value, int) and isinstance(value, float) else value
    return values


def as_written(values: dict[str, Any]) -> dict[str, Any]:
    """Values as the browser writes them into an address."""

    def text(value: Any) -> Any:
        if isinstance(value, list):
            return [str(part) for part in value]
        return str(value).lower() if isinstance(value, bool) else str(value)

    return {key: text(value) for key, value in values.items()}


def move_what_is_there(reader: Reader, values: dict[str, Any]) -> None:
    """Set the controls that are shown, and let the page answer."""
    there = reader.controls()
    reader.set(**{key.removeprefix(f"{reader.room}_"): value for key, value in values.items() if key in there})


@pytest.mark.parametrize("number", EXERCISES)
def test_a_link_shows_the_values_it_was_made_of_and_they_survive_a_visit_elsewhere(number: str) -> None:
    by_hand = Reader(number, DIGITS)
    values = DIGITS | unlike_default(by_hand, np.random.default_rng(23))
    by_link = Reader(number, as_written(values))
    chosen = chosen_values(by_link)
    there = {key: as_text(value) for key, value in values.items() if key in chosen}
    assert {key: chosen[key] for key in there} == there
    assert len(there) >= len(values) / 2  # some settings take others off the page

    for _ in range(2):  # moving one may bring another
        move_what_is_there(by_hand, values)
    assert shown(by_hand) == shown(by_link)

    by_link.leave_and_come_back()
    assert chosen_values(by_link) == chosen
    assert shown(by_link) == shown(by_hand)


@pytest.mark.parametrize("number", EXERCISES)
def test_every_control_is_in_the_address_and_bad_values_there_are_dropped(number: str) -> None:
    plain = Reader(number)
    free = {k for k, widget in plain.controls().items() if widget.type in FREE_TEXT or k.endswith("_guess")}
    keys = sorted(set(plain.controls()) - free)  # any text is a text, any number a guess
    for first in (0, 2):
        harmed = Reader(number, {key: BAD[(first + k) % len(BAD)] for k, key in enumerate(keys)})
        assert chosen_values(harmed) == chosen_values(plain)
        assert shown(harmed) == shown(plain)

    if number == "23.3":  # with a network to look into, it has more controls
        plain.press("One batch")
    missing = {
        key
        for key, widget in plain.controls().items()
        if widget.proto.query_param_key != key
        and not key.startswith("ex23_3_name_")  # a run's name is in its file
    }
    assert missing <= WRITE_INTO_ANOTHER
    assert len(plain.controls()) > len(missing)
