"""A page's address holds its settings: every control is in it, and whoever opens it sees the same."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.graph_helpers import APP, open_page
from tests.pages.test_every_control import PAGES, controls, levels, move

EXERCISES = [page for page in PAGES if page != "home"]
# These write into another control, which is in the address: a slider of one cell into the table it belongs to.
WRITE_INTO_ANOTHER = {*("ex23_2_samples", "ex23_2_labels", "ex23_2_z", "ex23_2_y"), *("ex23_7_m", "ex23_7_h")}
BAD = ["1e999", "banana", "", "-77", "nan"]
DIGITS = {"ex23_3_data": "digits 8×8"}  # which are quick


def link(page: str, address: dict[str, Any]) -> AppTest:
    """The page as one who was given its address sees it."""
    app = AppTest.from_file(APP, default_timeout=120)
    for name, value in address.items():
        app.query_params[name] = value
    return app.switch_page(f"pages/{page}.py").run()


def chosen_values(app: AppTest) -> dict[str, str]:
    """The value of every control on the page, as text."""
    return {key: str(widget.value) for key, widget in controls(app).items()}


def numbers(app: AppTest) -> list[str]:
    """All words and all tables of the page."""
    words = [e.value for kind in (app.markdown, app.caption, app.info, app.metric, app.code) for e in kind]
    return words + [frame.value.to_csv() for frame in app.dataframe]


def unlike_default(app: AppTest, rng: np.random.Generator) -> dict[str, Any]:
    """For every control in the address a value that is not its default; a text, which has no levels, is left."""
    values = {}
    for key, widget in controls(app).items():
        if key in WRITE_INTO_ANOTHER or key in DIGITS or widget.type == "text_area":
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


@pytest.mark.parametrize("page", EXERCISES)
def test_every_control_is_in_the_address(page: str) -> None:
    app = open_page(f"pages/{page}.py")
    if page == "ex23_3_mnist":
        app.button(key="ex23_3_batch_step").click().run()
    missing = {key for key, widget in controls(app).items() if widget.proto.query_param_key != key}
    assert missing <= WRITE_INTO_ANOTHER
    assert len(controls(app)) > len(missing)


@pytest.mark.parametrize("page", EXERCISES)
def test_a_link_shows_the_values_it_was_made_of(page: str) -> None:
    start = link(page, DIGITS)
    values = DIGITS | unlike_default(start, np.random.default_rng(23))
    app = link(page, as_written(values))
    assert not app.exception
    shown = chosen_values(app)
    there = {key: str(value) for key, value in values.items() if key in shown}
    assert {key: shown[key] for key in there} == there
    assert len(there) >= len(values) / 2  # some settings take others off the page

    assert numbers(move(move(link(page, DIGITS), values), values)) == numbers(app)  # one after the other, by hand


@pytest.mark.parametrize("page", EXERCISES)
@pytest.mark.parametrize("first", [0, 2])
def test_bad_values_in_a_link_are_dropped(page: str, first: int) -> None:
    plain = link(page, {})
    free = {key for key, widget in controls(plain).items() if widget.type == "text_area" or key.endswith("_guess")}
    keys = sorted(set(controls(plain)) - free)  # any text is a text, any number a guess
    harmed = link(page, {key: BAD[(first + k) % len(BAD)] for k, key in enumerate(keys)})
    assert not harmed.exception
    assert chosen_values(harmed) == chosen_values(plain)
    assert numbers(harmed) == numbers(plain)


@pytest.mark.parametrize("page", EXERCISES)
def test_values_survive_a_visit_to_another_page(page: str) -> None:
    start = link(page, DIGITS)
    before = move(start, unlike_default(start, np.random.default_rng(3)))
    values, words = chosen_values(before), numbers(before)
    before.switch_page("pages/home.py").run()
    before.switch_page(f"pages/{page}.py").run()
    assert chosen_values(before) == values
    assert numbers(before) == words
