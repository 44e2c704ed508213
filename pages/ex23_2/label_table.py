"""The table of page 23.2, films by genres: two texts, which the address holds, and all that writes them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from nnlib.notation import subscript
from pages.shared.controls import Controls
from pages.shared.numbers import number
from pages.shared.typed_table import read_table, write_table

controls = Controls("ex23_2")
key = controls.key
KNOWN = key("known")  # True once the reader has asked for loss and derivative, False once he has found them
state = st.session_state

Rows = Sequence[Sequence[float]]
Written = tuple[str, str, int, int]  # both texts, row and column of the chosen cell

FILMS = ("Love on Mars", "Giggling Ghost", "Silent Snow", "Robot Sheriff", "Dracula in Love")
GENRES = ("comedy", "romance", "sci-fi", "horror", "drama", "crime")
LARGEST_Z = 10.0
START_Z = np.array(
    [
        [1.4, 0.6, 2.3, -1.8, -0.5, -2.6],
        [-0.9, -1.5, 0.8, 1.2, -2.0, -1.1],
        [-1.2, 0.7, -2.5, 0.4, 1.9, -0.6],
        [0.3, -1.4, 1.6, -2.2, -0.8, -0.4],
        [0.5, 1.1, -2.1, -0.7, 0.2, -1.9],
    ]
)
TRUE_Y = np.array(
    [[0, 1, 1, 0, 0, 0], [1, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1], [1, 1, 0, 1, 0, 0]], float
)
OPENS = (3, 4)  # films and genres of the table at the beginning
OPENING_Z, OPENING_Y = (table[: OPENS[0], : OPENS[1]] for table in (START_Z, TRUE_Y))
Z_TEXT, Y_TEXT = write_table(OPENING_Z), write_table(OPENING_Y)


@dataclass(frozen=True)
class LabelTable:
    """What the reader has set.

    Attributes
    ----------
    Z, Y : (N, l) net inputs and labels, a film a row and a genre a column
    i, k : row and column of the chosen cell, from 0
    problem : what is wrong with the texts, in a sentence; then Z and Y are the last that could be read
    shows_all : the arrows and both derivatives, before the missions ask for them
    """

    Z: np.ndarray
    Y: np.ndarray
    i: int
    k: int
    problem: str = ""
    shows_all: bool = False

    @property
    def written(self) -> Written:
        """All of it as it is kept."""
        return write_table(self.Z), write_table(self.Y), self.i, self.k

    @property
    def chosen(self) -> str:
        """The chosen cell's row and column in small digits, such as "₁₂"."""
        return subscript(self.i + 1, self.k + 1)

    @property
    def indices(self) -> list[str]:
        """The row and column of each cell in small digits, row by row: "₁₁", "₁₂", …"""
        return [subscript(i + 1, k + 1) for i, k in np.ndindex(self.Z.shape)]

    @property
    def name(self) -> str:
        """Of the chosen cell, such as "Love on Mars, comedy"."""
        return f"{FILMS[self.i]}, {GENRES[self.k]}"


def is_known() -> bool:
    """Whether the reader has found the loss and its derivative, or asked for them."""
    return KNOWN in state


def was_shown() -> bool:
    """Whether the reader has asked for them: then nothing is left to be found among the dials."""
    return state.get(KNOWN, False)


def write(Z: np.ndarray, Y: np.ndarray) -> None:
    """Make (Z, Y) the reader's table."""
    state[key("z_text")], state[key("y_text")] = write_table(Z), write_table(Y)


def take_over(Z: Rows, Y: Rows, i: int, k: int, *, losses: Sequence[float], is_found: bool) -> Written:
    """Make the reader's what was set in the browser.

    `losses` are those before and after each step that led to it; `is_found` says whether loss and derivative were
    found there.
    """
    write(np.array(Z), np.array(Y))
    state[key("steps")] = state[key("z_text")], state[key("y_text")], list(losses)
    if is_found:
        state.setdefault(KNOWN, False)
    state[key("sample")], state[key("label")] = i + 1, k + 1
    return state[key("z_text")], state[key("y_text")], i, k


def start_over() -> None:
    """As the page opens, but for the chosen cell, if it is there; no experiment is under way either."""
    state[key("memory")] = START_Z.copy(), TRUE_Y.copy()
    state[key("z_text")], state[key("y_text")] = Z_TEXT, Y_TEXT
    for name, count in zip(("sample", "label"), OPENS, strict=True):
        state[key(name)] = min(state.get(key(name)) or 1, count)
    state.pop(key("tried"), None)
    state.pop(key("steps"), None)
    state.pop(KNOWN, None)
    state[key("starts")] = starts() + 1


def starts() -> int:
    """How often the reader has started over."""
    return state.get(key("starts"), 0)


def losses_of_steps() -> list[float]:
    """The loss before and after each step of gradient descent, since the table was last set in another way."""
    z_text, y_text, losses = state.get(key("steps"), ("", "", []))
    return losses if (z_text, y_text) == (state[key("z_text")], state[key("y_text")]) else []


def draw_random() -> None:
    """Net inputs and labels at random, as many as there are."""
    rng, size = np.random.default_rng(), state[key("last")][0].shape
    write(np.clip(rng.normal(0, 2.5, size), -LARGEST_Z, LARGEST_Z).round(1), rng.integers(0, 2, size))


def resize() -> None:
    """Rows and columns taken away are kept in mind, and come back when the table grows again."""
    n, labels = state[key("samples")], state[key("labels")]
    write(*(table[:n, :labels] for table in state[key("memory")]))


def change_cell(Z: np.ndarray, Y: np.ndarray, i: int, k: int) -> None:
    """Put the typed z and the toggle's y into cell (i, k) of the table.

    Out of sight they change nothing: a browser that is behind by a step still sends the z before it.
    """
    if not state.get(key("more")):
        return
    Z, Y = Z.copy(), Y.copy()
    if state[key("z")] is not None:
        Z[i, k] = state[key("z")]
    Y[i, k] = state[key("y")]
    write(Z, Y)


def read_both(z_text: str, y_text: str) -> tuple[np.ndarray, np.ndarray]:
    """The reader's table, or ValueError with a sentence that says what is wrong with it."""
    Z = read_table(z_text, "Net inputs", -LARGEST_Z, LARGEST_Z, len(FILMS), len(GENRES))
    Y = read_table(y_text, "Labels", 0, 1, len(FILMS), len(GENRES))
    if not np.all((Y == 0) | (Y == 1)):
        i, k = np.argwhere((Y != 0) & (Y != 1))[0]
        raise ValueError(f"Labels, row {i + 1}: {number(Y[i, k])} is neither 0 nor 1. Write 0 or 1.")
    if Z.shape != Y.shape:
        raise ValueError(
            f"The net inputs are {Z.shape[0]} × {Z.shape[1]} numbers, the labels {Y.shape[0]} × {Y.shape[1]}. "
            "Give both tables the same size."
        )
    return Z, Y


def keep(z_text: str, y_text: str) -> tuple[np.ndarray, np.ndarray, str]:
    """The table in the texts, or the last one that could be read and what the problem is; kept for the buttons."""
    problem = ""
    try:
        Z, Y = read_both(z_text, y_text)
    except ValueError as error:
        problem = str(error)
        Z, Y = state.get(key("last"), read_both(Z_TEXT, Y_TEXT))
    state[key("last")] = Z, Y
    memory = state.setdefault(key("memory"), (START_Z.copy(), TRUE_Y.copy()))
    memory[0][: len(Z), : Z.shape[1]], memory[1][: len(Y), : Y.shape[1]] = Z, Y
    return Z, Y, problem
