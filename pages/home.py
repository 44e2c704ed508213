"""Home: the chapter as a map, each exercise with a picture of what its page begins with."""

from importlib import import_module

import streamlit as st

from pages.shared.chapter import PARTS
from pages.shared.page import heading, section

heading(
    "Feed-forward neural networks, alive",
    "A companion to the exercises of chapter 23 of Li Hang's *Machine Learning Methods*. Move a slider and the "
    "mathematics answers. Every gradient you see is checked against a numerical derivative.",
)

for part, exercises in PARTS.items():
    section(part)
    columns = [column for _ in range(0, len(exercises), 3) for column in st.columns(3)]  # in rows of three
    for column, exercise in zip(columns, exercises, strict=False):
        with column, st.container(border=True, height="stretch", key=f"card_{exercise.room}"):
            st.page_link(exercise.script, label=f"**{exercise.label}**")
            exercise.draw_preview()
            st.markdown(exercise.question)
            st.caption(exercise.builds_on)

# The other pages draw with Altair, which takes up to a second to load: now, while the reader looks around.
import_module("altair")
