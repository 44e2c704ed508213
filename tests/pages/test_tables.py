"""Tables and their files: numbers stay numbers, written as on every page and read by every spreadsheet."""

import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import streamlit as st

from pages.shared.numbers import equals, number, numbers_alike, percent, read_number
from pages.shared.page import download_table
from pages.shared.tables import written

TABLE = pd.DataFrame(
    {
        "kept": ["a", "b", "c"],
        "accuracy": [1.0, 0.9731, float("nan")],
        "gradient": [-1.2e-4, 0.5, 2.0],
        "batch": [1, 64, 8],
    }
)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0.00 %"), (4e-5, "< 0.01 %"), (0.8612, "86.12 %"), (0.99999, "> 99.99 %"), (1.0, "100.00 %")],
)
def test_a_percentage_is_0_or_100_only_where_it_is(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("pair", "texts"),
    [
        ((-3.238e-4, -0.0026694), ("−0.0003238", "−0.002669")),
        ((0.5, 2.5e-5), ("0.5", "0.000025")),
        ((-3.238e-4, 9e-4), ("−0.0003238", "0.0009")),
        ((0.5, 1e-17), ("0.5", "10⁻¹⁷")),  # rounding noise
        ((0.25, 0.5), ("0.25", "0.5")),
    ],
)
def test_two_numbers_to_be_compared_are_written_alike(pair: tuple[float, float], texts: tuple[str, str]) -> None:
    assert numbers_alike(*pair) == texts
    assert numbers_alike(*pair[::-1]) == texts[::-1]


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (999.96, "1,000"),
        (-7341.6, "−7,342"),
        (22026.5, "22,030"),
        (1e5, "100,000"),
        (123456.0, "1.235·10⁵"),
        (-4.54e-5, "−4.54·10⁻⁵"),
        (1e-17, "10⁻¹⁷"),
        (-1e-4, "−10⁻⁴"),
        (0.6, "0.6"),
    ],
)
def test_thousands_are_grouped_in_every_number_as_in_every_count_and_can_be_read_back(x: float, text: str) -> None:
    assert number(x) == text
    assert read_number(text) == pytest.approx(x, rel=1e-3)
    assert equals(read_number(text)) == f"= {text}"


def test_cells_are_written_as_on_every_page_and_stay_numbers() -> None:
    table = written(TABLE, {"accuracy": percent, "not there": percent})
    html = table.to_html()
    for text in ("100.00 %", "97.31 %", "−1.2·10⁻⁴", ">64<"):
        assert text in html
    pd.testing.assert_frame_equal(vars(table)["data"], TABLE)
    assert vars(table)["data"].sort_values("accuracy")["kept"].tolist() == ["b", "a", "c"]


def test_a_file_opens_in_a_spreadsheet_and_is_made_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr(st, "download_button", lambda label, data, *others, **named: made.append(data))
    tables: list[Any] = [TABLE.assign(kind="n−1")]
    download_table("Download", "table.csv", lambda: tables[-1])
    tables.append(TABLE.assign(kind="σ"))
    content = made[0]()
    assert content.startswith(b"\xef\xbb\xbf")  # what tells Excel that it is UTF-8
    assert "−" not in content.decode("utf-8-sig").replace("n−1", "")
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(content)), tables[-1])
