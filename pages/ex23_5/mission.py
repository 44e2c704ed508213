"""What page 23.5 asks before anything is played: which x must grow to make L smaller?"""

from collections.abc import Collection

import streamlit as st

from pages.ex23_5.controls import CLASSES, CONTROLS, Chosen
from pages.ex23_5.experiments import EXPERIMENTS
from pages.shared.frame import is_hiding, until_it_is_seen
from pages.shared.graph.model import bracket
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import write

GROW, GUESSED = CONTROLS.key("grow"), CONTROLS.key("guessed")  # the x that are chosen, and those of the last guess
ASKED = CONTROLS.key("guess_asked")  # the x and y that they were chosen for
NAMES = [f"x{k}" for k in CLASSES]
QUESTION = "**Which of the three x must grow to make L smaller?**"


def show_mission(chosen: Chosen) -> None:
    """The question, the three x to choose from, and the verdict on the choice. Other numbers ask anew."""
    state, asked = st.session_state, (chosen.x, chosen.y)
    is_hidden = is_hiding("ex23_5", EXPERIMENTS)  # a verdict would tell which gradients are wrong
    if state.setdefault(ASKED, asked) != asked or is_hidden:
        state.update({ASKED: asked, GROW: [], GUESSED: None})
    words, move = st.columns([5, 2], gap="medium", vertical_alignment="center")
    with move, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        picked = CONTROLS.several("grow", "The x that must grow", NAMES, [], label_visibility="collapsed")
        CONTROLS.button("guess", "Check", state.update, {GUESSED: set(picked)}, disabled=is_hidden)
    with words:
        if is_hidden:
            write("The question which x must grow rests while you look for what the mistake spoils.")
        elif state.get(GUESSED) != set(picked):
            until_it_is_seen(
                f"{QUESTION} Here pₖ = exp xₖ / Σ exp xⱼ and L = −Σ yₖ log pₖ. **Choose before you play**, and "
                "check.",
                "**You have seen it: the x with a negative gradient must grow.** It is the orange number "
                "on its card. Press **Start**, set another x or other labels, and guess again before you play.",
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
        return f"{WRONG} {_shrink(chosen, picked)}"
    if picked < answer:
        return (
            "**Half right: what you chose must grow, and another x must, too.** The class with the largest y is "
            "not the only one whose p can be too small."
        )
    more = " And another one must grow." if others else ""
    return f"{WRONG} {_shrink(chosen, picked - answer)}{more}"


def _shrink(chosen: Chosen, wrong: Collection[str]) -> str:
    """Why those x must shrink, in their numbers."""
    graph, says = chosen.true_graph(), []
    asks = "" if chosen.sums_to_one else "(Σy)·"
    for name in sorted(wrong):
        k = name[-1]
        y = graph.node(f"y{k}").value
        share = graph.node(f"p{k}").value * (1.0 if chosen.sums_to_one else chosen.total)
        says.append(f"{name} must shrink: {asks}p{k} = {number(share)} is above y{k} = {number(y)}.")
    return " ".join(says)
