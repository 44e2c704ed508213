"""A table of numbers as text that a reader can type or paste: read with plain sentences for what is wrong."""

import math
import re
import unicodedata

import numpy as np

from nnlib.notation import MINUS


def read_table(text: str, name: str, low: float, high: float, max_rows: int, max_columns: int) -> np.ndarray:
    """The (rows, columns) numbers in `text`: one row a line, commas or spaces between; brackets do no harm.

    Full-width signs, as in 1，2, are read as plain ones. A comma is a decimal comma where it can be nothing else:
    within every number that has one, and with something else between the numbers, as in 0,5 1,25 or 0,5; 1,25.

    Parameters
    ----------
    text : as typed or pasted, for instance from a printed NumPy array
    name : what the table is called on the page, such as "Labels"
    low, high : bounds of every number
    max_rows, max_columns : size allowed

    Raises
    ------
    ValueError
        With one or two sentences for the reader: what is wrong, where, and what to do.
    """
    text = unicodedata.normalize("NFKC", text).replace("np.array", "").replace("array", "").replace("、", ",")
    lines = [line.strip(" \t,;[()") for line in re.split(r"[\n\]]", text)]
    rows = [re.split(r"[\s;]+", line) for line in lines if line]
    if _has_decimal_commas(rows):
        rows = [[word.replace(",", ".") for word in row] for row in rows]
    else:
        rows = [re.split(r"[\s,;]+", line) for line in lines if line]
    if not rows:
        raise ValueError(f"{name}: the table is empty. Write one line a sample, with commas between the numbers.")
    if len(rows) > max_rows:
        raise ValueError(f"{name}: there are {len(rows)} rows. Leave at most {max_rows}.")
    numbers = [[_number(word, name, k, low, high) for word in row] for k, row in enumerate(rows, start=1)]
    for k, row in enumerate(numbers, start=1):
        if len(row) > max_columns:
            raise ValueError(f"{name}, row {k}: there are {len(row)} numbers. Leave at most {max_columns}.")
        if len(row) != len(numbers[0]):
            raise ValueError(
                f"{name}, row {k}: its length is {len(row)}, but that of row 1 is {len(numbers[0])}. "
                "Give every row as many numbers."
            )
    return np.array(numbers)


def _has_decimal_commas(rows: list[list[str]]) -> bool:
    """Whether the commas in rows of words, between which there is none, can only be decimal ones."""
    words = [word for row in rows for word in row]
    return (
        any("," in word for word in words)
        and any(len(row) > 1 for row in rows)
        and all(re.fullmatch(rf"[+{MINUS}-]?\d+(,\d+)?", word) for word in words)
    )


def _number(word: str, name: str, row: int, low: float, high: float) -> float:
    try:
        value = float(word.replace(MINUS, "-"))
    except ValueError:
        raise ValueError(
            f"{name}, row {row}: “{word[:20]}” is not a number. Write numbers such as {low:g} or {high:g}."
        ) from None
    if math.isnan(value) or not low <= value <= high:
        bounds = f"from {low:g} to {high:g}".replace("-", MINUS)
        raise ValueError(f"{name}, row {row}: {word[:20]} is not allowed. Write a number {bounds}.")
    return value


def write_table(table: np.ndarray) -> str:
    """`table` as text that `read_table` reads back: one row a line, commas between the numbers."""
    return "\n".join(", ".join(f"{value:.10g}" for value in row) for row in np.asarray(table, float) + 0.0)
