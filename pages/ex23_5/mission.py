"""What page 23.5 asks before anything is played: which x must grow to make L smaller? Play answers it."""

from collections.abc import Collection

import streamlit as st

from pages.ex23_5.controls import CLASSES, CONTROLS, Chosen
from pages.ex23_5.experiments import EXPERIMENTS
from pages.shared.frame import is_hiding, until_it_is_seen
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import write

GROW, ASKED = (
    CONTROLS.key("grow"),
    CONTROLS.key("guess_asked"),
)  # the x that are chosen, and the x and y they are for
NAMES = [f"x{k}" for k in CLASSES]


def show_mission(chosen: Chosen) -> None:
    """The question, the three x to choose from, and what Play says to the choice. Other numbers ask anew."""
    state, asked = st.session_state, (chosen.x, chosen.y)
    is_hidden = is_hiding("ex23_5", EXPERIMENTS)  # a verdict would tell which gradients are wrong
    if state.setdefault(ASKED, asked) != asked or is_hidden:
        state.update({ASKED: asked, GROW: []})
    words, field = st.columns([5, 1], gap="small", vertical_alignment="center")
    picked = CONTROLS.several(
        "grow", "The x that must grow", NAMES, [], place=field, disabled=is_hidden, label_visibility="collapsed"
    )
    with words:
        if is_hidden:
            write("The question which x must grow rests while you look for what the mistake spoils.")
            return
        until_it_is_seen(
            f":blue-badge[2 Play] You say that {_listed(picked)} must grow. **See whose gradient comes back "
            "negative.**"
            if picked
            else ":blue-badge[1 Guess] **Which of the three x must grow to make the loss L smaller?** Choose all "
            "that must, then play:",
            verdict(chosen, picked),
        )


def has_guessed(chosen: Chosen) -> bool:
    """Whether the reader has made a guess for these numbers."""
    return bool(st.session_state.get(GROW)) and st.session_state.get(ASKED) == (chosen.x, chosen.y)


def verdict(chosen: Chosen, picked: Collection[str]) -> str:
    """What the gradients say to a guess."""
    graph = chosen.true_graph()
    answer = [name for name in NAMES if (graph.node(name).gradient or 0.0) < 0]
    if not answer:
        return "All three gradients are 0 here, because no label asks for anything: none of the x need move."
    missed, wrong = (
        [name for name in NAMES if name in found]
        for found in (set(answer) - set(picked), set(picked) - set(answer))
    )
    share = "p − y" if chosen.sums_to_one else "(Σy)·p − y"
    if not picked:
        opening = f"**You have seen it: {_listed(answer)} must grow.**"
    elif not missed and not wrong:
        opening = f":green-badge[{RIGHT} Right] **{_listed(answer)} must grow.**"
    else:
        judged = "Half right" if set(picked) & set(answer) else f"{WRONG} No"
        opening = f"**{judged}: {_listed(answer)} must grow.**"
    then = "" if chosen.folded or not chosen.sums_to_one else " :blue-badge[3 Fold] all of it."
    return f"{opening} Each x receives {share}: {_why(chosen, *(missed or wrong or answer)[:1])}{then}"


def _why(chosen: Chosen, name: str) -> str:
    """Why that x must grow or shrink, in its numbers."""
    graph, k = chosen.true_graph(), name[-1]
    y, factor = graph.node(f"y{k}").value, "" if chosen.sums_to_one else "(Σy)·"
    share = graph.node(f"p{k}").value * (1.0 if chosen.sums_to_one else chosen.total)
    side = "below" if share < y else "above"
    return f"{factor}p{k} = {number(share)} is {side} y{k} = {number(y)}."


def _listed(names: Collection[str]) -> str:
    """Such as "x₁, x₂ and x₃"."""
    *first, last = sorted(names)
    return f"{', '.join(first)} and {last}" if first else last
