"""The graph to be drawn by the reader: its arrows, then a formula for each that comes back, marked at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from nnlib.graph import Edge, Graph
from pages.shared.chapter import EXERCISES
from pages.shared.controls import Controls
from pages.shared.delivery import style
from pages.shared.frame import is_open, show_answer_button, way_through
from pages.shared.graph.arrows import (
    FORWARD,
    arrows_are_drawn,
    draw_arrows,
    given_arrows,
    offer_to_start_over,
    take_back_given,
)
from pages.shared.graph.in_address import keep, keep_in_address, kept
from pages.shared.graph.model import bracket, senders
from pages.shared.graph.placement import Placement
from pages.shared.graph.printed import book_drawing, show_drawing
from pages.shared.lead_to import bring_into_view
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.page import write
from pages.shared.practice import note_solved, solved

TAB = "Draw it yourself"  # of `draw_it_yourself`
WAY = "Guess", "Play", "Draw"  # of the reader through a page
LED_BACK = "led_back"  # whether the page is to show its top again after the drawing
BEFORE = "way_before"  # whether the guess last judged was right
KNOWN, FOUND = "known", "found"  # the backward graph, by the reader's own work or not; by it alone
TOLD = "told"  # whether the answer was shown before the graph was drawn
REDRAWN = "redrawn"  # whether the reader draws the arrows that were given
OFFERED = 5  # formulas at each edge, if there are no more that are wrong in a way of their own


def draw_it_yourself(
    graph: Graph,
    placement: Placement,
    controls: Controls,
    loss: str,
    edges: Sequence[Sequence[str]],
    others: Sequence[Mapping[str, str]],
    arrows: Sequence[Sequence[str]],
    task: str,
    backward: bool = True,
    signs: Mapping[str, str] = MappingProxyType({}),
    finale: Callable[[], None] | None = None,
    hint: str = "",
) -> None:
    """The nodes of a graph: the reader draws arrows, then points at each and chooses what it carries from a few.

    Parameters
    ----------
    graph, placement : any, with its backward pass made
    loss : a sentence that says which loss L is
    edges : in the order of the backward pass, names of edges that carry the same formula in each class
    others : for each of them more wrong formulas to offer, each with a sentence that says what it is instead
    arrows, task, backward, hint : as for `draw_arrows`; a forward graph is given until the reader wants to draw it
    signs : a true formula → why its sign is what it is
    finale : draws what stands beside the praise in the end
    """
    draws_arrows = backward or bool(kept(controls, FORWARD) or kept(controls, "arrows"))
    draws_arrows |= bool(st.session_state.get(controls.key("arrows")))
    if draws_arrows and not arrows_are_drawn(controls, arrows):
        draw_arrows(graph, placement, controls, arrows, backward, task, hint)
        return
    by_name = {edge.name: edge for edge in graph.edges}
    first_ones = [by_name[names[0]] for names in edges]
    true = [_of_any_class(edge.message_formula, names) for edge, names in zip(first_ones, edges, strict=True)]
    letters = list("abcdefghijkl"[: len(edges)])
    state, chosen_edge, answers = st.session_state, controls.key("edge"), controls.key("drawn")
    if answers not in state:
        state[answers] = {loss: {at: true[letters.index(at)] for at in kept(controls, "drawn") if at in letters}}
    drawn: dict[str, str | None] = state[answers].setdefault(loss, {})
    task_place, asked, picture = st.container(), st.container(key="formula_asked"), st.container()
    letter = controls.choice("edge", "Edge", letters, width="content", label_visibility="collapsed")
    k = letters.index(letter)
    offered = {true[k]: "", **_wrong_ones(graph, first_ones[k], edges[k], others[k], signs.get(true[k], ""))}
    for other in sorted(range(len(edges)), key=lambda other: abs(other - k)):
        if len(offered) < OFFERED:
            offered.setdefault(true[other], f"That is what edge {letters[other]} carries.")

    def take() -> None:
        drawn[letter] = state[formula]
        if drawn[letter] == true[k]:  # on to the next one
            open_ones = [j for j in range(len(edges)) if drawn.get(letters[j]) != true[j]]
            state[chosen_edge] = letters[min(open_ones, key=lambda j: (j < k, j), default=k)]
            if not open_ones:
                was_told = is_known(controls) and not is_found(controls)
                state.update({controls.key(KNOWN): True, controls.key(FOUND): True})
                keep(controls, FOUND, "yes")
                keep(controls, TOLD, "yes" if was_told else "")
                if not was_told and not (backward and given_arrows(controls)):
                    note_solved(_number_of(controls))

    right = [j for j in range(len(edges)) if drawn.get(letters[j]) == true[j]]
    keep(controls, "drawn", "".join(letters[j] for j in right))
    formula = controls.key(f"formula_{letter}{list(state[answers]).index(loss) or ''}")  # each loss has its own
    asked.pills(
        f"**Edge {letter}**, {_of_any_class(first_ones[k].way_back, edges[k])}, carries"
        + _meeting(graph, first_ones, edges, k, letters, {j: true[j] for j in right}),
        sorted(offered),
        default=drawn.get(letter),
        key=formula,
        on_change=take,
    )
    if k in right:
        said = f"{RIGHT} Right.{_handed_on(first_ones, true, letters, k)}"
    elif wrong := drawn.get(letter):
        said = f"{WRONG} {offered[wrong]}"
    else:
        before = k - 1
        said = (
            f"{RIGHT} Edge {letters[before]} carries {true[before]}."
            f"{_handed_on(first_ones, true, letters, before)}"
            if before in right
            else ""
        )
    finished = state.setdefault(controls.key("finished"), [])  # the losses for which all are drawn in
    if len(right) < len(edges):
        opening = (
            ""
            if backward
            else "The arrows turn round. "
            if draws_arrows
            else "The forward graph is given; now its arrows turn round. "
        )
        by_whom = ", with help" if backward and given_arrows(controls) else ""
        begun = f"{RIGHT} The arrows are drawn{by_whom}." if draws_arrows else ""
        praise = f"{RIGHT} Your graph of the other loss is finished, and kept. " if set(finished) - {loss} else ""
        with task_place:
            write(
                f"{opening}**Choose what each arrow carries back**, its message. It is upstream × local: "
                f"what has come back so far, times the slope of this one step. {loss}"
            )
        with asked:
            write(f"{said or begun} {praise}**{len(right)} of {len(edges)}** formulas.")
    else:
        finished.extend({loss} - set(finished))
        with task_place:
            _congratulate(controls, finale, len(given_arrows(controls)) if backward else 0)
        if said.startswith(WRONG):
            with asked:
                write(said)
    with picture:
        lettered = {name: letters[j] for j in range(len(edges)) for name in edges[j]}
        words = {name: at for name, at in lettered.items() if letters.index(at) not in right}
        show_drawing(
            lambda place, down: book_drawing(
                graph, place, backward=True, words=words, picks=lettered, picked=letter, down=down
            ),
            placement,
            f"The backward graph; {len(right)} of {len(edges)} formulas are drawn in.",
            key=controls.key("empty_graph"),
            on_pick=lambda at: state.update({chosen_edge: at}),
        )
    keep_in_address(controls)
    with st.container(horizontal=True):
        offer_to_start_over(controls, "drawn", "finished")
        if not draws_arrows:
            offer = "Draw the forward graph yourself, too"
            controls.button(
                "forward", offer, keep, controls, FORWARD, "yes", type="tertiary", icon=":material/draw:"
            )


def _handed_on(edges: Sequence[Edge], true: Sequence[str], letters: Sequence[str], k: int) -> str:
    """Why edge k carries the same as an edge before it, where a sum hands it on."""
    same = next((j for j in range(k) if true[j] == true[k] and edges[j].source is edges[k].target), None)
    if same is None or edges[k].formula != "1":
        return ""
    return (
        f" It is what edge {letters[same]} carries: {edges[k].target.label} is a sum, whose local derivative is "
        "1, so it hands on what has come to it."
    )


def _meeting(
    graph: Graph,
    first_ones: Sequence[Edge],
    edges: Sequence[Sequence[str]],
    k: int,
    letters: Sequence[str],
    known: Mapping[int, str],
) -> str:
    """Of an edge whose sender adds up several messages, its upstream: the sum, with the terms that are `known`."""
    target = first_ones[k].target
    arriving = [edge.name for edge in senders(graph, target)]
    at = [j for j, names in enumerate(edges) if set(names) & set(arriving)]
    if len(arriving) < 2 or not at:
        return ""
    upstream = _of_any_class(graph.derivative_name(target), edges[k])
    if len(at) == 1:
        written = ""
        if at[0] in known:
            terms = [bracket(edge.message_formula) for edge in senders(graph, target)]
            written = f" = {' + '.join(terms)}"
        of = f"the sum of edge {letters[at[0]]} over all classes"
        return f" upstream × local; upstream is {upstream}{written}, {of}"
    sum_of = " + ".join(bracket(known[j]) if j in known else f"edge {letters[j]}" for j in reversed(at))
    return f" upstream × local; upstream is {upstream} = {sum_of}"


def _congratulate(controls: Controls, finale: Callable[[], None] | None, helped: int) -> None:
    """Whether the exercise is solved, what is still to do for it after help, and where it is written out."""
    exercise, state = _number_of(controls), st.session_state
    if state.pop(controls.key(REDRAWN), False) and not helped and not kept(controls, TOLD):
        note_solved(exercise)
        st.rerun()  # the title shows it
    is_solved = exercise in solved()
    if is_solved:
        st.success(f"{RIGHT} **Well done. The whole backward graph is yours, and exercise {exercise} is solved.**")
    elif kept(controls, TOLD):
        st.info(
            "**The backward graph is complete, drawn after the answer was shown.** For the ✓ press *Start over* "
            "below, and draw it once more."
        )
    else:
        help_given = (
            "One of its arrows was drawn for you: draw it, too, for the ✓."
            if helped == 1
            else f"{helped} of its arrows were drawn for you: draw them, too, for the ✓."
            if helped
            else "For the ✓ press *Start over* below, and draw it yourself."
        )
        st.info(f"**The backward graph is complete{', drawn with help' if helped else ''}.** {help_given}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if helped and not is_solved and not kept(controls, TOLD):
            words = "Draw that arrow yourself" if helped == 1 else "Draw those arrows yourself"
            controls.button("redraw", words, _redraw, controls, type="primary", icon=":material/draw:")
        if finale is not None:
            finale()
        tab = {controls.key("tab"): "The answer"}
        controls.button("read", "Read the answer", st.session_state.update, tab, icon=":material/menu_book:")


def _redraw(controls: Controls) -> None:
    """Have the arrows drawn by the reader that were given; the formulas stay."""
    take_back_given(controls)
    st.session_state[controls.key(REDRAWN)] = True


def _number_of(controls: Controls) -> str:
    """That of the exercise, such as "23.4"."""
    return next(number for number, exercise in EXERCISES.items() if exercise.room == controls.page)


def is_known(controls: Controls) -> bool:
    """Whether the reader has drawn the backward graph, or asked for it: what gives it away waits until then."""
    return controls.key(KNOWN) in st.session_state or is_found(controls)


def is_found(controls: Controls) -> bool:
    """Whether the reader has drawn the backward graph."""
    return controls.key(FOUND) in st.session_state or bool(kept(controls, FOUND))


def way(controls: Controls, at: int, is_right: bool | None = None) -> str:
    """The steps of the page, in Markdown: those before step `at` are done, and so is the last once it is drawn.

    Whether the guess, which is the first one, `is_right` may not be known yet, and then it has no mark.
    """
    if at == len(WAY):
        st.session_state[controls.key(BEFORE)] = is_right
    marks = {} if is_right is None else {1: RIGHT if is_right else WRONG}
    if is_found(controls):  # in the end a guess is past, whatever it was
        marks = dict.fromkeys([*marks, len(WAY)], RIGHT)
    return way_through(WAY, at, {1: ""} | marks)


def way_so_far(controls: Controls) -> str:
    """The same as it was last, for a page that asks something else for the moment."""
    key = controls.key(BEFORE)
    return way(controls, len(WAY), st.session_state[key]) if key in st.session_state else way(controls, 1)


def is_drawing(controls: Controls) -> bool:
    """Whether `draw_it_yourself` is open: meanwhile the stage, whose graph shows the answers, is put away."""
    return is_open(controls.page, TAB)


def lead_to_drawing(controls: Controls, said: str = "", first: str = "The answer") -> None:
    """A button that leads to `draw_it_yourself`, the last step of the `way`; there one that leads back.

    Parameters
    ----------
    controls : of the page
    said : the verdict on the guess, repeated over the drawing
    first : its first tab, which is open after the way back
    """
    keep_in_address(controls)
    state, tab = st.session_state, controls.key("tab")
    is_here, was_here, turns, is_led_back = (
        is_drawing(controls),
        *(controls.key(name) for name in ("was_drawing", "turns", LED_BACK)),
    )
    if state.setdefault(was_here, is_here) != is_here:
        state.update({was_here: is_here, turns: state.get(turns, 0) + 1})
    back = {tab: first, is_led_back: True}
    if is_here:
        state.pop(is_led_back, None)
        style(".st-key-stage { display: none; }")
        with st.container(key="way_back"):
            if said:  # in place of the same words at the top
                style(".st-key-mission { display: none; }")
                write(said)
            label = "**2 Play**: back to the played graph and its experiments; your drawing is kept"
            controls.button("play_again", label, state.update, back, icon=":material/arrow_upward:")
    else:
        words = (
            f"{RIGHT} The graph that you have drawn"
            if is_found(controls)
            else "**3 Draw** the graph yourself: that is the exercise"
        )
        with st.container(key="lead_to"):  # frame.css makes it stand out once the picture has been seen
            there = {tab: TAB}
            controls.button("lead", words, state.update, there, icon=":material/arrow_downward:")
    where = "" if is_led_back in state else state.get(tab) or st.query_params.get(tab, first)
    bring_into_view(controls, state.get(turns, 0), where)


def offer_to_draw(controls: Controls) -> None:
    """Two buttons in place of the backward graph: one leads to `draw_it_yourself`, the other shows it."""
    with st.container(horizontal=True):
        tab = {f"{controls.page}_tab": TAB}
        controls.button("draw", TAB, st.session_state.update, tab, icon=":material/draw:")
        show_answer_button(controls, {controls.key(KNOWN): True})


def _of_any_class(text: str, names: Sequence[str]) -> str:
    """The text of class 1 as that of class k, where the edge stands in the row of each class."""
    return text.replace("₁", "ₖ") if len(names) > 1 else text


def _wrong_ones(
    graph: Graph, edge: Edge, names: Sequence[str], others: Mapping[str, str], sign: str
) -> dict[str, str]:
    """Wrong formulas for this edge, each with what it is: `others`, one of both factors, and the wrong `sign`."""
    wrong, upstream = dict(others), _of_any_class(graph.derivative_name(edge.target), names)
    local = f"That is the local derivative alone. Multiply it by the upstream gradient {upstream}."
    wrong.setdefault(_of_any_class(edge.formula, names), local)
    arriving = senders(graph, edge.target)
    if len(arriving) == 1:
        alone = f"That is the upstream gradient {upstream}. Multiply it by the local derivative."
        wrong.setdefault(_of_any_class(arriving[0].message_formula, names), alone)
    true = _of_any_class(edge.message_formula, names)
    if not any("sign" in words for words in others.values()):
        wrong.setdefault(_negated(true), f"The sign is the wrong way round{sign and ': '}{sign}.")
    wrong.pop(true, None)
    return wrong


def _negated(formula: str) -> str:
    """Such as "y − f" of "f − y", and "yₖ" of "−yₖ"."""
    if formula.startswith("−"):
        return formula[1:]
    swapped = re.sub(r"^(\(?)(\w+) − (\w+)", r"\1\3 − \2", formula)
    return swapped if swapped != formula else f"−{formula}"
