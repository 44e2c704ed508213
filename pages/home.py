"""Home: the chapter as a map, each exercise with a picture of what its page begins with."""

from collections.abc import Sequence
from importlib import import_module

import streamlit as st

from pages.shared.chapter import EXERCISES, PARTS, Exercise
from pages.shared.delivery import style
from pages.shared.numbers import RIGHT
from pages.shared.page import start_with_the_app, write
from pages.shared.practice import answered_of, next_to_answer, next_to_solve, progress, solved

POINT = "Point at a picture to move it"


def draw_part(title: str, exercises: Sequence[Exercise], following: Exercise | None) -> None:
    """A part of the chapter: its title, and a card for each exercise, which is a link as a whole.

    The card of `following` looks like the place to begin, or to go on.
    """
    st.markdown(f"## {title}")
    for column, exercise in zip(st.columns(len(exercises)), exercises, strict=True):
        with column, st.container(border=True, height="stretch", gap="small", key=f"card_{exercise.room}"):
            st.page_link(exercise.script, label=f"**{exercise.label}**")
            exercise.draw_preview()
            st.markdown(exercise.question)
            if exercise is following:  # frame.css puts these at the upper right
                st.markdown(f":small[→ **{'Go on' if progress() else 'Begin here'}**]")
            elif exercise.number in solved():
                st.markdown(f":small[{RIGHT} solved]")
            elif answered_of(exercise):
                st.markdown(f":small[{answered_of(exercise)}]")


def solved_marks() -> str:
    """The seven exercises as badges, in Markdown, those solved with a tick."""
    return " ".join(
        f":green-badge[{RIGHT} {number}]" if number in solved() else f":gray-badge[{number}]"
        for number in EXERCISES
    )


def draw_finale() -> None:
    """What the reader has done in the whole chapter, and where to go on while questions are left."""
    with st.container(key="finale", gap="xsmall"):
        st.markdown(f"{solved_marks()}\u2002 **You have solved the whole chapter.**")
        st.markdown(
            "You built XNOR by hand, priced wrong answers, taught a network to read, sent mistakes back, found "
            "the line that batch norm takes away, and made two dropouts one."
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(progress(), width="content")
            if (left := next_to_answer()) is not None:
                exercise, name = left
                st.page_link(
                    exercise.script,
                    label=f"On to question **{name}**",
                    icon=":material/arrow_forward:",
                    query_params={f"{exercise.room}_tab": "Practise"},
                )


start_with_the_app()
write("# Feed-forward neural networks, alive")

first, *others = PARTS.items()
following = next_to_solve()
if following is None:
    draw_finale()
elif solved():
    with st.container(key="solved_marks"):
        st.markdown(f"{solved_marks()}\u2002 {progress()} {POINT}.")
with st.container(key="chapter_map"):
    if following is not None and not solved():
        write(
            "Seven exercises of Li Hang's *Machine Learning Methods*, chapter 23, for anyone who knows what a "
            "derivative is; about 10\u00a0minutes each, more if you dig. "
            + (progress() or f"{POINT}; click it to begin.")
        )
    with st.columns(1)[0]:  # as the others, which frame.css gives as many rows as they need
        draw_part(*first, following)
    for column, part in zip(st.columns(len(others)), others, strict=True):
        with column:
            draw_part(*part, following)
if following is not None:
    style(f".st-key-card_{following.room} {{ --begin: var(--accent); }}")

# The other pages draw with Altair, which takes up to a second to load: now, while the reader looks around.
import_module("altair")
