"""Home: the chapter as a map, each exercise with a picture of what its page begins with."""

from collections.abc import Sequence
from importlib import import_module

import streamlit as st

from pages.shared.chapter import PARTS, Exercise
from pages.shared.page import read_prose, start_with_the_app, write
from pages.shared.practice import answered, answered_of, progress


def draw_part(title: str, exercises: Sequence[Exercise]) -> None:
    """A part of the chapter: its title, and a card for each exercise, which is a link as a whole."""
    st.markdown(f"## {title}")
    columns = [
        column for _ in range(0, len(exercises), 3) for column in st.columns(3 if len(exercises) > 2 else 2)
    ]
    for column, exercise in zip(columns, exercises, strict=False):
        with column, st.container(border=True, height="stretch", gap="small", key=f"card_{exercise.room}"):
            st.page_link(exercise.script, label=f"**{exercise.label}**")
            exercise.draw_preview()
            st.markdown(exercise.question)
            st.caption(answered_of(exercise))


start_with_the_app()
write(
    "# Feed-forward neural networks, alive",
    "These pages accompany the seven exercises of chapter 23 of Li Hang's *Machine Learning Methods*. On each "
    "page you move something, the mathematics answers, and every gradient is checked before your eyes. If neural "
    "networks are new to you, begin with 23.1; if you know them, open any page you like.",
    *([progress()] if answered() else []),
)

first, *others = PARTS.items()
with st.container(key="chapter_map"):
    draw_part(*first)
    for column, part in zip(st.columns(len(others)), others, strict=True):
        with column:
            draw_part(*part)

with st.expander("The letters on these pages", icon=":material/abc:"):
    write(read_prose(__file__, "letters"))

# The other pages draw with Altair, which takes up to a second to load: now, while the reader looks around.
import_module("altair")
