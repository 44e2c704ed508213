"""The reader's layer: its outputs h, moved one by one or typed as text, and the neuron that is looked at."""

import numpy as np
import streamlit as st

from nnlib.notation import subscript
from pages.ex23_7.controls import controls
from pages.shared.numbers import number
from pages.shared.typed_table import read_table, write_table

START_H = np.array([0.8, 0.3, -0.5, 1.2, 0.6, -0.9, 0.4, 1.0, -0.2, 0.7, 0.9, -0.6])
H_TEXT = write_table(START_H[None, :4])
MOST_NEURONS = len(START_H)
SIZES = range(2, MOST_NEURONS + 1)
LARGEST_H = 2.0
OUTPUTS = [k / 20 for k in range(-40, 41)]  # what the slider of one output can be set to
state, key = st.session_state, controls.key


def layer_controls() -> tuple[np.ndarray, int]:
    """The outputs h of the reader's layer, (m,), and the position of the chosen neuron."""
    # The text holds the layer: it is in the page's address. Everything else writes into it.
    place = st.container()
    text = controls.text("h_text", f"All outputs h, from {number(-LARGEST_H)} to {number(LARGEST_H)}", H_TEXT)
    problem = ""
    try:
        h = read_outputs(text)
        state[key("last")] = h
    except ValueError as error:
        problem, h = str(error), state.setdefault(key("last"), START_H[:4])
    state.setdefault(key("memory"), START_H.copy())[: h.size] = h
    unreadable = bool(problem)
    with place:
        if unreadable:
            st.error(
                f"{problem} The picture still shows the last outputs that could be read; what you typed is kept.",
                icon=":material/error:",
            )
        _set("m", h.size)
        st.slider("Neurons m", SIZES[0], SIZES[-1], key=key("m"), on_change=resize, disabled=unreadable)
        if (state.get(key("neuron")) or 1) > h.size:
            state[key("neuron")] = h.size
        j = controls.steps("neuron", "Neuron j", range(1, h.size + 1)) - 1
        _set("h", float(h[j]))
        st.slider(
            f"Its output h{subscript(j + 1)}",
            -LARGEST_H,
            LARGEST_H,
            step=0.05,
            format="%g",
            key=key("h"),
            on_change=change_output,
            args=(h, j),
            disabled=unreadable,
        )
        controls.button(
            "random",
            "Draw random outputs",
            draw_random_outputs,
            h.size,
            icon=":material/casino:",
            disabled=unreadable,
        )
    return h, j


def _set(name: str, value: float) -> None:
    """Set a slider, unless it is there already: each value that is set undoes a key that was just pressed."""
    if state.get(key(name)) != value:
        state[key(name)] = value


def resized(m: int) -> np.ndarray:
    """The outputs of a layer of m neurons, those in mind included."""
    kept: np.ndarray = state[key("memory")][:m]
    return kept


def read_outputs(text: str) -> np.ndarray:
    """The reader's h, or ValueError with a sentence that says what is wrong with it."""
    h = read_table(text, "Outputs h", -LARGEST_H, LARGEST_H, 1, MOST_NEURONS)[0]
    if h.size < 2:
        raise ValueError(f"Outputs h: there is only one number. Write 2 to {MOST_NEURONS}.")
    return h


def set_outputs(h: np.ndarray) -> None:
    """Make h the reader's layer."""
    state[key("h_text")] = write_table(h[None])


def resize() -> None:
    """Neurons taken away are kept in mind, and come back when the layer grows again."""
    set_outputs(resized(state[key("m")]))


def change_output(h: np.ndarray, j: int) -> None:
    """Put the slider's value into neuron j."""
    h = h.copy()
    h[j] = state[key("h")]
    set_outputs(h)


def draw_random_outputs(m: int) -> None:
    """Fresh outputs, as of sigmoid neurons."""
    set_outputs(np.random.default_rng().uniform(0, 1, m).round(2))


def choose_neuron(j: int) -> None:
    """Choose the neuron that was clicked."""
    state[key("neuron")] = j + 1
