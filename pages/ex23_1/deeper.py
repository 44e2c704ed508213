"""Beyond exercise 23.1: why one neuron is not enough, the other gates, and a hundred networks that learn."""

import pandas as pd
import streamlit as st

from nnlib.chapter23.gates import OUTPUT_LAYERS
from pages.ex23_1.controls import Learning
from pages.ex23_1.hundred_seeds import SEEDS, train_hundred
from pages.ex23_1.missions import OUTPUT_LOGIC
from pages.ex23_1.one_neuron import try_one_neuron
from pages.shared.numbers import number
from pages.shared.page import read_prose, section, write


def show_deeper(learning: Learning) -> None:
    """The tab, from top to bottom."""
    section("One neuron is not enough", read_prose(__file__, "one_neuron"))
    try_one_neuron(learning.gate)
    section("All six gates with the same hidden layer", read_prose(__file__, "other_gates"))
    st.table(
        pd.DataFrame(
            [[OUTPUT_LOGIC[gate], *map(number, layer)] for gate, layer in OUTPUT_LAYERS.items()],
            index=pd.Index(OUTPUT_LAYERS, name="gate"),
            columns=["y computes", "w₁⁽²⁾", "w₂⁽²⁾", "b⁽²⁾"],
        )
    )
    section(
        "Does learning always work?",
        f"Train {SEEDS} networks side by side, from the seeds 0 to {SEEDS - 1}. Gate, loss, learning rate and "
        "steps are those under *More settings*.",
    )
    train_hundred(learning)
    write(read_prose(__file__, "plateaus"))
