"""Arrows of a graph to be drawn by the reader, from node to node; a wrong one is refused with a reason."""

from collections.abc import Sequence

import streamlit as st

from nnlib.graph import Graph
from pages.shared.controls import Controls
from pages.shared.graph.in_address import keep, keep_in_address, kept
from pages.shared.graph.placement import Placement
from pages.shared.graph.printed import book_drawing, show_drawing
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.page import write

GIVEN = "arrows_given"  # those that were not drawn by the reader
FORWARD = "draws_forward"  # whether the reader draws the forward graph, too, which is given otherwise


def arrows_are_drawn(controls: Controls, arrows: Sequence[Sequence[str]]) -> bool:
    """Whether the reader has drawn all of them."""
    drawn = _drawn(controls, arrows)
    keep(controls, "arrows", "".join(str(k) for k, names in enumerate(arrows) if names[0] in drawn))
    given = st.session_state.get(controls.key(GIVEN), ())
    keep(controls, GIVEN, "".join(str(k) for k, names in enumerate(arrows) if names[0] in given))
    return len(drawn) == len(arrows)


def draw_arrows(
    graph: Graph,
    placement: Placement,
    controls: Controls,
    arrows: Sequence[Sequence[str]],
    backward: bool,
    task: str,
    hint: str = "",
) -> None:
    """The cards of a graph without those arrows, for the reader to draw from card to card.

    Parameters
    ----------
    graph, placement : any, with its backward pass made
    arrows : names of edges, those that are drawn at once together: one in the row of each class
    backward : whether they are drawn from the node that sends a message to the one that gets it
    task : what is to be drawn, in a sentence
    hint : what is said as well from the second wrong try on
    """
    drawn, said = _drawn(controls, arrows), controls.key("arrow_said")
    write(
        f"{task} **Press the node that an arrow leaves, and then the node that it reaches**, or drag from one to "
        "the other."
    )
    with st.container(
        key="arrow_said", horizontal=True, vertical_alignment="center"
    ):  # frame.css keeps it in sight
        write(f"{st.session_state.get(said, '')} **{len(drawn)} of {len(arrows)}** arrows are drawn.")
        controls.button("arrows_next", "Draw the next one for me", _draw_next, controls, arrows, backward)
    left = [names for names in arrows if names[0] not in drawn]

    def join(pair: str) -> None:
        source, target = pair.split(" → ")
        names, reason = judged(graph, source, target, backward, left)
        if names:
            drawn.append(names[0])
            st.session_state[said] = f"{RIGHT} {source} → {target}."
            return
        helps = hint if st.session_state.get(said, "").startswith(WRONG) else ""
        st.session_state[said] = f"{WRONG} {reason} {helps}".rstrip()

    missing = {name for names in left for name in names}
    show_drawing(
        lambda place, down: book_drawing(
            graph, place, backward, {edge.name: "" for edge in graph.edges}, down=down, missing=missing, joins=True
        ),
        placement,
        f"The nodes of the graph; {len(drawn)} of {len(arrows)} arrows are drawn.",
        key=controls.key("nodes"),
        on_pick=join,
    )
    keep_in_address(controls)


def offer_to_start_over(controls: Controls, *others: str) -> None:
    """A button that wipes out what the reader has drawn, which the session keeps under `others` as well."""

    def wipe() -> None:
        for name in ("arrows", "drawn", GIVEN, FORWARD, "told"):
            keep(controls, name, "")
        for name in ("arrows", "arrow_said", GIVEN, *others):
            st.session_state.pop(controls.key(name), None)

    controls.button("wipe", "Start over", wipe, type="tertiary", icon=":material/restart_alt:")


def judged(
    graph: Graph, source: str, target: str, backward: bool, left: Sequence[Sequence[str]]
) -> tuple[Sequence[str], str]:
    """The arrows of `left` that one from `source` to `target` stands for; without any, why it is refused."""
    user, operand = (source, target) if backward else (target, source)
    edges = {edge.name for edge in graph.edges}
    name, turned = f"{operand} → {user}", f"{user} → {operand}"
    for names in left:
        if name in names:
            return names, ""
    if backward and not graph.node(operand).needs_gradient:
        reason = f"{operand} is given, so no message is sent to it."
    elif name in edges:
        reason = "That arrow is there already."
    elif turned in edges and backward:
        reason = (
            f"The other way round: {target} was computed from {source}, so {target} sends a message to {source}."
        )
    elif turned in edges:
        reason = f"The other way round: {source} is computed from {target}, so the arrow leaves {target}."
    elif backward:
        reason = f"{source} was not computed from {target} itself, so it sends no message there."
    elif not graph.node(target).incoming:
        reason = f"{target} is an input. It is not computed, so no arrow reaches it."
    else:
        reason = f"The formula of {target} does not contain {source} itself."
    return (), reason


def _drawn(controls: Controls, arrows: Sequence[Sequence[str]]) -> list[str]:
    """The first name of the arrows that are drawn, at first those of the address."""
    state, key = st.session_state, controls.key("arrows")
    if key not in state:
        there = kept(controls, "arrows")
        state[key] = [names[0] for k, names in enumerate(arrows) if str(k) in there]
        given = kept(controls, GIVEN)
        state[controls.key(GIVEN)] = [names[0] for k, names in enumerate(arrows) if str(k) in given]
    drawn: list[str] = state[key]
    return drawn


def given_arrows(controls: Controls) -> list[str]:
    """The first names of those that a button has drawn for the reader."""
    given: list[str] = st.session_state.get(controls.key(GIVEN), [])
    return given


def take_back_given(controls: Controls) -> None:
    """Wipe out those alone that were not drawn by the reader; for a button's callback."""
    given, drawn = given_arrows(controls), controls.key("arrows")
    st.session_state.update(
        {
            drawn: [name for name in st.session_state[drawn] if name not in given],
            controls.key(GIVEN): [],
            controls.key("arrow_said"): "",
        }
    )


def _draw_next(controls: Controls, arrows: Sequence[Sequence[str]], backward: bool) -> None:
    drawn = _drawn(controls, arrows)
    name = next(names[0] for names in arrows if names[0] not in drawn)
    drawn.append(name)
    st.session_state.setdefault(controls.key(GIVEN), []).append(name)
    source, target = name.split(" → ")
    arrow = f"{target} → {source}" if backward else name
    st.session_state[controls.key("arrow_said")] = f"{arrow} is drawn for you."
