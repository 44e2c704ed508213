"""What page 23.4 asks before anything is played: which way must z move, and how strongly does L say so?"""

from collections.abc import Collection

import streamlit as st

from nnlib.chapter23.graphs import SIGMOID_LOSSES
from pages.ex23_4.controls import CONTROLS, Chosen
from pages.ex23_4.experiments import EXPERIMENTS
from pages.ex23_4.question import gradient_at
from pages.shared.frame import is_hiding
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import write
from pages.shared.practice import Question, is_right

GUESS, ASKED = (
    CONTROLS.key("guess"),
    CONTROLS.key("guess_asked"),
)  # the guess, and the z, y and loss it was made for
FOUND = CONTROLS.key("guess_found")  # the losses for which a guess was right
QUESTION = "**Which way must z move to make L smaller, and how strongly does L say so?**"


def show_mission(chosen: Chosen) -> None:
    """The question, a field for the guess, and the verdict on it. Other numbers ask anew."""
    state, asked = st.session_state, (chosen.z, chosen.y, chosen.loss)
    if state.setdefault(ASKED, asked) != asked:
        state.update({ASKED: asked, GUESS: None})
    words, field = st.columns([4, 1], gap="medium", vertical_alignment="center")
    is_hidden = is_hiding("ex23_4", EXPERIMENTS)  # a verdict would tell which message is wrong
    guess = CONTROLS.guess(
        "guess", "Your guess of ∂L/∂z", format="%.6g", step=0.1, place=field, disabled=is_hidden
    )
    with words:
        if guess is None or is_hidden:
            write(
                f"{QUESTION} One number tells both, ∂L/∂z: it is positive where L grows with z, and the larger it "
                "is, the faster. **Guess it before you play.** Then measure it: play as far as L, click z, and "
                "move it by 0.01."
            )
        else:
            question, found = gradient_at(*asked), state.setdefault(FOUND, set())
            if is_right(guess, question.answer):
                found.add(chosen.loss)
            write(f"{QUESTION} {verdict(question, guess, set(SIGMOID_LOSSES) - found)}")


def verdict(question: Question, guess: float, other_losses: Collection[str]) -> str:
    """What the numbers say to a guess; it tells the answer only to whoever has found it.

    `other_losses` are those for which the reader has not found it yet.
    """
    answer = question.answer
    if answer == 0:
        return f"Here z need not move at all: f is y, and ∂L/∂z = 0. Your guess was {number(guess)}."
    way = "grow" if answer < 0 else "shrink"
    if is_right(guess, answer):
        says = f"{RIGHT} **Right: ∂L/∂z = {number(answer)}, so z must {way}.**"
        if abs(answer) < 0.01:
            says += " But L hardly says so."
        for other in other_losses:
            return f"{says} Now choose {other} as the loss: the same way, but how strongly?"
        return (
            f"{says} Both losses want f to be y. But squared error asks only f(1 − f) times as strongly: that is "
            "the slope of σ, which cross-entropy lets cancel."
        )
    named = question.mistake_in(guess)
    if named:
        return f"{WRONG} Not {number(guess)}. {named}"
    if guess * answer <= 0:
        return f"{WRONG} Not {number(guess)}: z goes the other way. Where does f lie, and where does y want it?"
    more = "more" if abs(guess) < abs(answer) else "less"
    return (
        f"**The way is right: z must {way}.** But L says so {more} strongly than {number(guess)}. Guess again, or "
        "play as far as L, click z, and move it by 0.01."
    )
