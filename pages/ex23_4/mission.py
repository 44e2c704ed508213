"""What page 23.4 asks before anything is played: must z grow or shrink? Play answers, a nudge measures."""

import streamlit as st

from nnlib.chapter23.graphs import sigmoid_graph
from pages.ex23_4.controls import CONTROLS, Chosen
from pages.ex23_4.experiments import EXPERIMENTS
from pages.shared.frame import is_asking, until_it_is_seen
from pages.shared.graph.blanks import is_drawing, is_found, way, way_so_far
from pages.shared.graph.model import differentiated
from pages.shared.numbers import RIGHT, WRONG, number

# the guess, the z, y and loss it is for, and the guesses that were made for others
GUESS, ASKED, KEPT = (CONTROLS.key(name) for name in ("guess", "guess_asked", "guesses"))
WAYS = ("grow", "shrink")


def show_mission(chosen: Chosen) -> str:
    """The question, two ways to choose from, and what Play says to the choice. Other numbers ask anew, once.

    It returns what is said in its place while the reader draws, or is in an experiment.
    """
    state, is_paused = st.session_state, is_asking("ex23_4", EXPERIMENTS)  # which may be of what a verdict tells
    asked = None if is_paused else (chosen.z, chosen.y, chosen.loss)
    kept: dict[object, str | None] = state.setdefault(KEPT, {})
    if state.setdefault(ASKED, asked) != asked:
        state.update({ASKED: asked, GUESS: kept.get(asked)})
    words, field = st.columns([5, 1], gap="small", vertical_alignment="center")
    guess = CONTROLS.perhaps(
        "guess", "z must", WAYS, place=field, disabled=is_paused, label_visibility="collapsed"
    )
    with words:
        if is_paused:
            return way_so_far(CONTROLS)
        kept[asked] = guess
        said = verdict(chosen, guess)
        if is_drawing(CONTROLS) and guess is not None:
            return said
        until_it_is_seen(
            f"{way(CONTROLS, 1)} **Must z grow or shrink**, so that the output f comes nearer to the label, "
            f"y = {number(chosen.y)}?"
            if guess is None
            else f"{way(CONTROLS, 2)} You say that z must {guess}. **Press Play: which number comes back to z?**",
            said,
        )
    return ""


def has_guessed(chosen: Chosen) -> bool:
    """Whether the reader has made a guess for these numbers."""
    state = st.session_state
    asked = chosen.z, chosen.y, chosen.loss
    # before its control is drawn for the first time, the address knows the guess
    return state.get(GUESS, st.query_params.get(GUESS)) in WAYS and state.get(ASKED, asked) == asked


def verdict(chosen: Chosen, guess: str | None) -> str:
    """What the gradient says to a guess, and what to do next."""
    if guess is None:  # what is hidden by style alone shows for a moment when a page is opened: it tells nothing
        return f"{way(CONTROLS, 1)} **You have seen the number that comes back to z.** Must z grow or shrink?"
    gradient = differentiated(sigmoid_graph(chosen.z, chosen.y, chosen.loss)).node("z").gradient or 0.0
    if gradient == 0:
        return f"{way(CONTROLS, 2)} Here z need not move: f is y already, and **∂L/∂z = 0**. Set another z or y."
    direction = "grow" if gradient < 0 else "shrink"
    is_right = guess == direction
    opening = f"**{RIGHT} Right: " if is_right else "**" if is_found(CONTROLS) else f"**{WRONG} No: "
    slope = "negative: L falls as z grows" if gradient < 0 else "positive: L grows with z"
    says = f"{opening}z must {direction}.** ∂L/∂z = {number(gradient)} is {slope}."
    return f"{way(CONTROLS, 3, is_right)} {says}"
