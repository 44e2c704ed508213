"""What page 23.5 asks before anything is played: which x must grow to make L smaller?"""

import streamlit as st

from pages.ex23_5.controls import CLASSES, CONTROLS, Chosen
from pages.ex23_5.experiments import EXPERIMENTS
from pages.shared.frame import is_hiding
from pages.shared.graph.model import bracket
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import write

GUESSED = CONTROLS.key("guessed")  # the last guess, and the x and y that it was made for
NAMES = [f"x{k}" for k in CLASSES]
QUESTION = "**Before you play: which of the three x must grow to make L smaller?**"


def show_mission(chosen: Chosen) -> None:
    """The question, the three x to choose from, and the verdict on the choice. Other numbers ask anew."""
    words, move = st.columns([5, 2], gap="medium", vertical_alignment="center")
    with move, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        picked = CONTROLS.several("grow", "The x that must grow", NAMES, [], label_visibility="collapsed")
        here = (tuple(picked), chosen.x, chosen.y)
        is_hidden = is_hiding("ex23_5", EXPERIMENTS)  # a verdict would tell which gradients are wrong
        CONTROLS.button("guess", "Check", st.session_state.update, {GUESSED: here}, disabled=is_hidden)
    with words:
        if st.session_state.get(GUESSED) != here or is_hidden:
            write(
                f"{QUESTION} Choose one or several, and check your guess. Then follow their gradients back from L."
            )
        else:
            write(verdict(chosen, set(picked)))


def verdict(chosen: Chosen, picked: set[str]) -> str:
    """What the gradients say to a guess; it tells them only to whoever has found the answer."""
    graph = chosen.true_graph()
    gradients = {name: graph.node(name).gradient or 0.0 for name in NAMES}
    answer = {name for name, gradient in gradients.items() if gradient < 0}
    others, shares = answer - picked, "p − y" if chosen.sums_to_one else "(Σy)·p − y"
    if not answer:
        return "All three gradients are 0 here, because no label asks for anything: none of the x need move."
    if picked == answer:
        first, *rest = (number(gradient) for gradient in gradients.values())
        total = f"{' + '.join([first, *map(bracket, rest)])} ≈ 0".replace(" ", "\u00a0")  # in one line
        return (
            f"{RIGHT} **Right.** Each x gets {shares} of its own class, and theirs are negative. All three sum to "
            f"0: {total}."
        )
    if len(picked) == len(NAMES):
        return (
            f"{WRONG} **Not all three.** If all x grow by the same amount, no p changes, and neither does L. So "
            "the three gradients sum to 0, and some x must shrink."
        )
    if not picked:
        return f"{WRONG} **At least one must grow**: the three gradients sum to 0, and they are not all 0."
    if not picked & answer:
        return (
            f"{WRONG} **It is the other way round**, with what you chose: there p is larger than its y asks for."
        )
    if picked < answer:
        return (
            f"{WRONG} **Right as far as it goes, but another x must grow, too.** The class with the largest y is "
            "not the only one whose p can be too small."
        )
    wrong = ", ".join(sorted(picked - answer))
    more = " And another one must grow." if others else ""
    return f"{WRONG} **{wrong} must shrink**: the p of its class is larger than its y asks for.{more}"
