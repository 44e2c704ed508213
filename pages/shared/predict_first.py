"""A question with freshly drawn numbers for the reader to answer before the page does; `nnlib` grades it."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from pages.shared.controls import Controls
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import section, write
from pages.shared.practice import NUMBERED, Question, is_right


def another(key: str) -> None:
    """Draw another question, and forget the guess."""
    current = st.session_state[f"{key}_question"]
    others = [k for k in range(1, NUMBERED + 1) if k != current]
    st.session_state[f"{key}_question"] = int(np.random.default_rng().choice(others))
    forget(key)


def forget(key: str) -> None:
    """Clear the guess and hide the working."""
    st.session_state[f"{key}_guess"] = None
    st.session_state[f"{key}_working"] = False


@st.fragment
def predict_first(make: Callable[[np.random.Generator], Question], key: str) -> None:
    """The section "Predict first": a question, room for a guess, the verdict, and the working.

    Parameters
    ----------
    make : draws a question from a generator; the same state gives the same question
    key : of the page, such as "ex23_4"
    """
    controls = Controls(key)
    section("Predict first")
    left, right = st.columns([1, 2], gap="medium")
    with left:
        chosen = controls.number(
            "question",
            "Question number",
            1,
            NUMBERED,
            1,
            on_change=forget,
            args=(key,),
            help="The same number draws the same question, for you and for anybody you give it to.",
        )
        controls.button("another", "Another question", another, key, icon=":material/casino:")
    question = make(np.random.default_rng(chosen))
    with right:
        st.markdown(question.text)
        guess = controls.guess("guess", "Your answer (two decimals will do)", step=0.01, format="%.4f")
        if guess is not None:
            if is_right(guess, question.answer):
                st.success(f"{RIGHT} Right. The exact answer is {number(question.answer)}.")
            else:
                st.error(f"{WRONG} Not {number(guess)}. Work it out again, or look at the working.")
        if controls.toggle("working", "Show the working"):
            write(question.working, f"The answer is **{number(question.answer)}**.")
