"""What page 23.5 asks before anything is played: which x must grow to make L smaller? Play answers it."""

from collections.abc import Collection

import streamlit as st

from pages.ex23_5.controls import CLASSES, CONTROLS, LABELS, Chosen
from pages.ex23_5.experiments import EXPERIMENTS, SUM_TO_2
from pages.shared.frame import is_asking, until_it_is_seen
from pages.shared.graph.blanks import is_drawing, is_found, way, way_so_far
from pages.shared.numbers import RIGHT, WRONG, number

# the x that are chosen, those the reader has said are all, the x and y they are for, and both for others
GROW, SAID, ASKED, KEPT = (CONTROLS.key(name) for name in ("grow", "guess_said", "guess_asked", "guesses"))
NAMES = [f"x{k}" for k in CLASSES]


def show_mission(chosen: Chosen) -> str:
    """The question, the three x to choose from, and what Play says to the choice. Other numbers ask anew, once.

    It returns what is said in its place while the reader draws, or is in an experiment.
    """
    state = st.session_state
    is_paused = is_asking("ex23_5", EXPERIMENTS)  # which may be of what a verdict tells
    asked = None if is_paused else (chosen.x, chosen.y)
    kept: dict[object, tuple[list[str], list[str]]] = state.setdefault(KEPT, {})
    if state.setdefault(ASKED, asked) != asked:
        grow, all_of_them = kept.get(asked, ([], []))
        state.update({ASKED: asked, GROW: grow, SAID: all_of_them})
    words, field = st.columns([2, 1], gap="small", vertical_alignment="center")
    row = field.container(horizontal=True, vertical_alignment="center", gap="small")
    picked = CONTROLS.several(
        "grow",
        "All x that must grow",
        NAMES,
        [],
        place=row,
        disabled=is_paused,
        label_visibility="collapsed",
        width="content",
    )
    is_said = has_guessed(chosen)
    CONTROLS.button(
        "guess_say",
        "Check it",
        _say,
        place=row,
        disabled=not picked or is_said,
        type="primary" if picked and not is_said else "secondary",
    )
    with words:
        if is_paused:
            return way_so_far(CONTROLS)
        kept[asked] = list(picked), list(state.get(SAID, ()))
        said = verdict(chosen, picked if is_said else [])
        if is_drawing(CONTROLS) and is_said:
            return said
        until_it_is_seen(
            f"{way(CONTROLS, 2)} You say {_listed(picked)}. **Press Play: whose gradient is negative?**"
            if is_said
            else f"{way(CONTROLS, 1)} **Which x must grow**, so that each p comes nearer to its y?",
            said,
        )
    return ""


def is_asked_below(chosen: Chosen) -> bool:
    """Whether the reader is in the experiment that asks which way an x must move."""
    is_in_it = st.session_state.get("ex23_5_tried") == SUM_TO_2
    return is_in_it and (chosen.x, chosen.y) == ((1.0, 2.0, 0.5), LABELS["sum to 2"])


def _say() -> None:
    """Take the chosen x as the whole answer."""
    st.session_state[SAID] = list(st.session_state[GROW])


def has_guessed(chosen: Chosen) -> bool:
    """Whether the reader has said which x are all that must grow, for these numbers."""
    state = st.session_state
    is_said = bool(state.get(SAID)) and set(state[SAID]) == set(state.get(GROW, ()))
    return is_said and state.get(ASKED) == (chosen.x, chosen.y)


def verdict(chosen: Chosen, picked: Collection[str]) -> str:
    """What the gradients say to a guess, which names every x that must grow, and what is wrong with it."""
    if not picked:  # what is hidden by style alone shows for a moment when a page is opened: it tells nothing
        return f"{way(CONTROLS, 1)} You have seen what comes back. **Which x must grow?**"
    graph = chosen.true_graph()
    answer = [name for name in NAMES if (graph.node(name).gradient or 0.0) < 0]
    if not answer:
        none = "All three gradients are 0 here, because no label asks for anything: none of the x need move."
        return f"{way(CONTROLS, 2)} {none}"
    missed, wrong = (
        [name for name in NAMES if name in found]
        for found in (set(answer) - set(picked), set(picked) - set(answer))
    )
    if not missed and not wrong:
        opening = f"**{RIGHT} Right: {_listed(answer)} must grow.**"
    elif is_found(CONTROLS):  # the guess is long past
        opening = f"**{_listed(answer)} must grow.**"
    else:
        are = "is" if len(missed) == 1 else "are"
        faults = [f"{_listed(wrong)} must not grow"] if wrong else []
        faults += [f"{_listed(missed)} {are} missing"] if missed else []
        opening = f"**{WRONG} {', and '.join(faults)}.**"
    reasons = " and ".join(_why(chosen, name) for name in [*wrong[:1], *missed[:1]] or answer[:2])
    return f"{way(CONTROLS, 3, not missed and not wrong)} {opening} {reasons}."


def _why(chosen: Chosen, name: str) -> str:
    """Why that x must grow or shrink, in its numbers."""
    graph, k = chosen.true_graph(), name[-1]
    y, factor = graph.node(f"y{k}").value, "" if chosen.sums_to_one else "(Σy)·"
    share = graph.node(f"p{k}").value * (1.0 if chosen.sums_to_one else chosen.total)
    side = "below" if share < y else "above"
    return f"{factor}p{k} = {number(share)} is {side} y{k} = {number(y)}"


def _listed(names: Collection[str]) -> str:
    """Such as "x₁, x₂ and x₃"."""
    *first, last = sorted(names)
    return f"{', '.join(first)} and {last}" if first else last
