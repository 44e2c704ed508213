"""What page 23.4 asks before anything is played: which way must z move, and how fast does L change?"""

from collections.abc import Collection

import streamlit as st

from nnlib.chapter23.graphs import SIGMOID_LOSSES
from pages.ex23_4.controls import CONTROLS, Chosen
from pages.ex23_4.experiments import EXPERIMENTS
from pages.ex23_4.question import LOSSES, gradient_at
from pages.shared.frame import is_hiding, until_it_is_seen
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import write
from pages.shared.practice import Question, is_right

GUESS, ASKED = (
    CONTROLS.key("guess"),
    CONTROLS.key("guess_asked"),
)  # the guess, and the z, y and loss it was made for
FOUND = CONTROLS.key("guess_found")  # the losses for which a guess was right
QUESTION = "**Which way must z move to make L smaller, and how fast does L change?**"
ALMOST = 0.05  # of the answer


def show_mission(chosen: Chosen) -> None:
    """The question, a field for the guess, and the verdict on it. Other numbers ask anew."""
    state, asked = st.session_state, (chosen.z, chosen.y, chosen.loss)
    is_hidden = is_hiding("ex23_4", EXPERIMENTS)  # a verdict would tell which message is wrong
    if state.setdefault(ASKED, asked) != asked or is_hidden:
        state.update({ASKED: asked, GUESS: None})
    words, field = st.columns([4, 1], gap="medium", vertical_alignment="center")
    guess = CONTROLS.guess(
        "guess", "Your guess of ∂L/∂z", format="%.6g", step=0.1, place=field, disabled=is_hidden
    )
    with words:
        loss = f"L = {LOSSES[chosen.loss].split(', ')[1]}".replace(" ", "\u00a0")  # in one line
        here = f"Here f = σ(z) = 1/(1 + e⁻ᶻ), and {loss}."
        if is_hidden:
            write(f"The question for ∂L/∂z rests while you look for the wrong message. {here}")
        elif guess is None:
            until_it_is_seen(
                f"{QUESTION} {here} One number tells both, ∂L/∂z: its sign says whether L grows or falls with z, "
                "its size how fast. **Guess it before you play.** Then measure it: play as far as L, click z, and "
                "move it by 0.01.",
                f"**You have seen it: ∂L/∂z is the orange number on the card of z.** {here} Press **Start**, set "
                "another z, y or loss, and guess again before you play.",
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
            says += " But L hardly changes."
        for other in other_losses:
            return f"{says} Now choose {other} as the loss: the same way, but how fast?"
        return (
            f"{says} Both losses want f to be y. But squared error changes only f(1 − f) times as fast: that is "
            "the slope of σ, which cross-entropy lets cancel."
        )
    named = question.mistake_in(guess)
    if named:
        return f"{WRONG} Not {number(guess)}. {named}"
    if guess == 0:
        return f"{WRONG} Not 0: that would mean that L does not care about z. But f is not yet y."
    if guess * answer < 0:
        return f"{WRONG} Not {number(guess)}: z goes the other way. Where does f lie, and where does y want it?"
    if abs(guess - answer) <= ALMOST * abs(answer):
        return (
            f"**Almost: z must {way}, and {number(guess)} is less than 5 % off.** Work it out in one more digit."
        )
    size = "larger" if abs(guess) < abs(answer) else "smaller"
    return (
        f"**The way is right: z must {way}.** But ∂L/∂z is {size} in size than {number(abs(guess))}. Guess again, "
        "or play as far as L, click z, and move it by 0.01."
    )
