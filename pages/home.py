"""Home: the chapter as a map, each exercise with a picture of what its page begins with."""

from collections.abc import Sequence
from importlib import import_module

import streamlit as st

from pages.shared.chapter import PARTS, Exercise
from pages.shared.page import read_prose, start_with_the_app, write
from pages.shared.practice import answered, answered_of, next_to_answer, progress


def draw_part(title: str, exercises: Sequence[Exercise], following: Exercise | None) -> None:
    """A part of the chapter: its title, and a card for each exercise, which is a link as a whole.

    The card of `following` looks like the place to begin, or to go on.
    """
    st.markdown(f"## {title}")
    columns = [
        column for _ in range(0, len(exercises), 3) for column in st.columns(3 if len(exercises) > 2 else 2)
    ]
    for column, exercise in zip(columns, exercises, strict=False):
        with column, st.container(border=True, height="stretch", gap="small", key=f"card_{exercise.room}"):
            st.page_link(exercise.script, label=f"**{exercise.label}**")
            exercise.draw_preview()
            st.markdown(exercise.question)
            if exercise is following:
                here = "Go on here" if answered() else "Begin here"
                st.markdown(f":small[:material/arrow_forward: **{here}**\u2002 {answered_of(exercise)}]")
            else:
                st.caption(answered_of(exercise))


start_with_the_app()
write(
    "# Feed-forward neural networks, alive",
    "These pages accompany the seven exercises of chapter 23 of Li Hang's *Machine Learning Methods*. On each "
    "page you move something and the mathematics answers, and gradients are checked against measured slopes. "
    "If neural networks are new to you, begin with 23.1; if you know them, open any page you like. Move "
    "across the first card: its square folds under your hand.",
    *([progress()] if answered() else []),
)

first, *others = PARTS.items()
following = next_to_answer()
with st.container(key="chapter_map"):
    draw_part(*first, following)
    for column, part in zip(st.columns(len(others)), others, strict=True):
        with column:
            draw_part(*part, following)
if following is not None:
    st.html(f"<style>.st-key-card_{following.room} {{ --begin: var(--accent); }}</style>")

with st.expander("The letters on these pages", icon=":material/abc:"):
    write(read_prose(__file__, "letters"))

# The other pages draw with Altair, which takes up to a second to load: now, while the reader looks around.
import_module("altair")
