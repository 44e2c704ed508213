"""The table of net inputs and labels on page 23.2, set cell by cell, by its size, at random, or as text."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from nnlib.notation import MINUS, subscript
from pages.ex23_2.controls import controls
from pages.shared.numbers import number
from pages.shared.typed_table import read_table, write_table

MAX_SAMPLES, MAX_LABELS, LARGEST_Z = 5, 6, 10.0
START_Z = np.array(
    [
        [2.0, -1.0, 0.5, -3.0, 1.0, -0.5],
        [-0.5, 1.5, -2.0, 1.0, -1.5, 2.5],
        [0.3, -0.2, 3.0, -1.5, 0.8, -2.0],
        [-1.2, 0.6, 1.1, -0.4, 2.2, 0.1],
        [1.8, -2.4, -0.7, 0.9, -0.3, 1.3],
    ]
)
START_Y = np.array(
    [[1, 0, 0, 0, 1, 0], [1, 1, 0, 1, 0, 1], [0, 0, 1, 0, 1, 0], [0, 1, 1, 0, 1, 0], [1, 0, 0, 0, 0, 1]], float
)
Z_TEXT, Y_TEXT = write_table(START_Z[:3, :4]), write_table(START_Y[:3, :4])

key = controls.key
state = st.session_state


@dataclass(frozen=True)
class LabelTable:
    """What the reader has set.

    Attributes
    ----------
    Z, Y : (N, l) net inputs and labels, one row a sample
    i, k : row and column of the chosen cell, from 0
    """

    Z: np.ndarray
    Y: np.ndarray
    i: int
    k: int

    @property
    def chosen(self) -> str:
        """The chosen cell's row and column in small digits."""
        return subscript(self.i + 1, self.k + 1)


def write(Z: np.ndarray, Y: np.ndarray) -> None:
    """Make (Z, Y) the reader's table."""
    state[key("z_text")], state[key("y_text")] = write_table(Z), write_table(Y)


def resize() -> None:
    """Rows and columns taken away are kept in mind, and come back when the table grows again."""
    n, labels = state[key("samples")], state[key("labels")]
    write(*(table[:n, :labels] for table in state[key("memory")]))


def draw_random() -> None:
    """A fresh random table of the present size."""
    rng = np.random.default_rng()
    size = (state[key("samples")], state[key("labels")])
    write(np.clip(rng.normal(0, 2.5, size), -LARGEST_Z, LARGEST_Z).round(1), rng.integers(0, 2, size))


def change_cell(Z: np.ndarray, Y: np.ndarray, i: int, k: int) -> None:
    """Put the slider's z and the toggle's y into cell (i, k) of the table."""
    Z, Y = Z.copy(), Y.copy()
    Z[i, k], Y[i, k] = state[key("z")], state[key("y")]
    write(Z, Y)


def choose(i: int, k: int) -> None:
    """Choose the cell that was clicked."""
    state[key("sample")], state[key("label")] = i + 1, k + 1


def read_both(z_text: str, y_text: str) -> tuple[np.ndarray, np.ndarray]:
    """The reader's table, or ValueError with a sentence that says what is wrong with it."""
    Z = read_table(z_text, "Net inputs", -LARGEST_Z, LARGEST_Z, MAX_SAMPLES, MAX_LABELS)
    Y = read_table(y_text, "Labels", 0, 1, MAX_SAMPLES, MAX_LABELS)
    if not np.all((Y == 0) | (Y == 1)):
        i, k = np.argwhere((Y != 0) & (Y != 1))[0]
        raise ValueError(f"Labels, row {i + 1}: {number(Y[i, k])} is neither 0 nor 1. Write 0 or 1.")
    if Z.shape != Y.shape:
        raise ValueError(
            f"The net inputs are {Z.shape[0]} × {Z.shape[1]} numbers, the labels {Y.shape[0]} × {Y.shape[1]}. "
            "Give both tables the same size."
        )
    return Z, Y


def edit_table() -> LabelTable:
    """Every control that sets the table, and the table they have set.

    Two texts hold it: they are in the page's address, and everything else writes into them. A text that cannot
    be read is told in a sentence and kept; what is returned then is the last table that could be.
    """
    by_cell = st.container()
    with st.expander("Type or paste the whole table"):
        st.caption("One line a sample, commas or spaces between the numbers. Press Ctrl + Enter when done.")
        z_text = controls.lines("z_text", f"Net inputs z, from {MINUS}10 to 10", Z_TEXT)
        y_text = controls.lines("y_text", "Labels y, 0 or 1", Y_TEXT)

    problem = ""
    try:
        Z, Y = read_both(z_text, y_text)
        state[key("last")] = Z, Y
    except ValueError as error:
        problem = str(error)
        Z, Y = state.setdefault(key("last"), (START_Z[:3, :4], START_Y[:3, :4]))
    N, L = Z.shape
    memory = state.setdefault(key("memory"), (START_Z.copy(), START_Y.copy()))
    memory[0][:N, :L], memory[1][:N, :L] = Z, Y

    with by_cell:
        if problem:
            st.error(
                f"{problem} The picture still shows the last table that could be read; what you typed is kept.",
                icon=":material/error:",
            )
        _set_size(N, L, disabled=bool(problem))
        i, k = _choose_cell(N, L)
        _set_cell(Z, Y, i, k, disabled=bool(problem))
    return LabelTable(Z, Y, i, k)


# What follows from the two texts is not in the address, which holds the texts themselves.


def _set_size(N: int, L: int, disabled: bool) -> None:
    """Sliders for the numbers of rows and columns, and a random table of that size."""
    state[key("samples")], state[key("labels")] = N, L
    rows, columns = st.columns(2)
    rows.slider("Samples N", 1, MAX_SAMPLES, key=key("samples"), on_change=resize, disabled=disabled)
    columns.slider("Labels l", 1, MAX_LABELS, key=key("labels"), on_change=resize, disabled=disabled)
    controls.button("random", "Draw a random table", draw_random, icon=":material/casino:", disabled=disabled)


def _choose_cell(N: int, L: int) -> tuple[int, int]:
    """Row and column of the chosen cell; a cell outside a table that has shrunk moves inside."""
    st.markdown("**Choose a cell**: click it, or name it here.")
    chosen = []
    for name, label, count in (("sample", "Sample i", N), ("label", "Label k", L)):
        state[key(name)] = min(state.get(key(name)) or 1, count)
        chosen.append(controls.choice(name, label, range(1, count + 1)) - 1)
    return chosen[0], chosen[1]


def _set_cell(Z: np.ndarray, Y: np.ndarray, i: int, k: int, disabled: bool) -> None:
    """A slider for the chosen cell's z and a toggle for its y."""
    state[key("z")], state[key("y")] = float(Z[i, k]), bool(Y[i, k])
    st.slider(
        f"Net input z{subscript(i + 1, k + 1)}",
        -LARGEST_Z,
        LARGEST_Z,
        step=0.1,
        key=key("z"),
        on_change=change_cell,
        args=(Z, Y, i, k),
        disabled=disabled,
    )
    st.toggle(
        f"The label applies: y{subscript(i + 1, k + 1)} = 1",
        key=key("y"),
        on_change=change_cell,
        args=(Z, Y, i, k),
        disabled=disabled,
    )
