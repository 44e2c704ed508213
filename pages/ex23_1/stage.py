"""The stage of page 23.1: the network set by hand, with missions and hints, or learning by itself."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.gates import CORNERS, GATES, computed_gate, solution
from pages.ex23_1.controls import (
    ALONE,
    BUILT,
    BY_HAND,
    CARRIED,
    GIVEN,
    GOALS,
    INPUTS,
    KNOWN,
    LEARNS,
    MODE,
    MODES,
    PARAMETERS,
    REACHED,
    START,
    STEPS,
    TARGET,
    Learning,
    Weights,
    choose_learning,
    controls,
    take,
    weights,
)
from pages.ex23_1.fold import Told, draw_fold
from pages.ex23_1.learning import show_learning
from pages.ex23_1.missions import NAMES, SHARPENED, Mission, next_mission, with_help, without_sharpness
from pages.ex23_1.opening import choose_first, show_opening, start_opening_over
from pages.shared.address import name_in_address
from pages.shared.delivery import style, style_file
from pages.shared.frame import close_experiment, leave_experiment, more_settings, way_through
from pages.shared.lead_to import lead_to
from pages.shared.numbers import RIGHT
from pages.shared.practice import note_solved, solved

RARER = ".st-key-ex23_1_more, .st-key-ex23_1_stage .st-key-ex23_1_others { display: none; }"
WERE_DONE = controls.key("were_done")  # in the session: the hidden neurons that have done what they should
FURTHEST = controls.key("furthest")  # in the session: the last neuron whose turn has come
BEGUN = controls.key("opened")  # in the session once the page has been shown
HINTS = controls.key("hints")  # the goal they are about, and the place of the one the reader has asked for


def show_stage() -> tuple[Weights, Learning]:
    """Mode, buttons, mission and picture; returns what it shows, and how a network is to learn."""
    style_file(__file__)
    if st.query_params.get(MODE, ALONE) not in MODES:
        del st.query_params[MODE]
        st.rerun()  # controls are set by the address as it was when the page was started
    shown = weights()
    for key in (REACHED, GIVEN) if BEGUN not in st.session_state else ():  # what a reload must not forget
        if key in st.query_params:
            st.session_state[key] = True
    st.session_state[BEGUN] = True
    if st.session_state.get(MODE) is None and MODE not in st.query_params:  # a link to a network opens with it
        is_at_start = shown == Weights(tuple(START), sharpness=1, corner=INPUTS.index("11"))
        is_named = st.query_params.get(TARGET) in GATES
        st.session_state[MODE] = ALONE if is_at_start and not is_named else BY_HAND
    with st.container(key=controls.key("stage")):
        with st.container(key=controls.key("strip")):
            row = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
            with row:
                mode = controls.perhaps(  # with no default the address names it, whatever it is
                    "mode",
                    "How to find the weights",
                    MODES,
                    joined=True,
                    required=True,
                    label_visibility="collapsed",
                    on_change=_leave,
                )
                buttons = st.container(
                    horizontal=True,
                    vertical_alignment="center",
                    gap="xsmall",
                    width="content",
                    key=controls.key("buttons"),
                )
            with more_settings(controls, row):
                chosen, pace = choose_learning()
        picture = st.container(gap="xsmall")
        with picture:
            if not is_past_opening():
                style(RARER)  # what it has no use for
                show_opening(buttons)
                _offer_ways(chosen.gate, buttons)
            elif mode == BY_HAND:
                st.session_state[BUILT] = True
                _set_by_hand(shown, chosen.gate, buttons)
            else:
                shown = show_learning(chosen, pace, buttons)
    if computed_gate(shown.network().predict_proba(CORNERS)) == "XNOR":
        st.session_state[KNOWN] = True
    for key in (REACHED, GIVEN):
        name_in_address(key, "yes" if key in st.session_state else None)
    return shown, chosen


def _show_solution(gate: str) -> None:
    take(solution(gate))
    st.session_state[MODE] = BY_HAND
    st.session_state[GIVEN] = True
    close_experiment("ex23_1")  # it speaks of other settings


def _set_by_hand(by_hand: Weights, gate: str, buttons: DeltaGenerator) -> None:
    mission = next_mission(by_hand.network(), gate)
    if by_hand.sharpness == 0:
        mission = without_sharpness(next_mission(replace(by_hand, sharpness=1.0).network(), gate))
    if _note(by_hand, mission, gate):
        mission = with_help(mission, "23.1" in solved())
    goal, place = st.session_state.get(HINTS, ("", -1))
    place = place if goal == mission.goal and place < len(mission.hints) else -1
    following = mission.hint_after(place)
    with buttons:
        if mission.goal == "solved" and gate == "XNOR":
            lead_to(controls, "The answer", "Read the answer")
        else:
            controls.button(
                "hint",
                "Give me a hint" if place < 0 else "Another hint" if following >= 0 else "Hide the hint",
                _give_hint,
                mission,
                following,
                disabled=not mission.hints,
            )
    _offer_ways(gate, buttons)
    st.markdown(f"{_way(mission)}\u2002{mission.now}")
    told: Told = {"at": mission.at, "title": mission.title, "text": mission.text, "folded": mission.folded}
    told |= {"done": " ".join(mission.done)}
    told |= {"praise": mission.praise, **_compare_with_before(mission)}
    if place >= 0:
        hint, is_met, _ = mission.hints[place]
        told |= {
            "title": f"Hint for {GOALS.get(goal, gate)}",
            "text": f"{hint} {RIGHT}" if is_met else hint,
            "folded": "",
        }
    draw_fold(by_hand, gate, told)


def _way(mission: Mission) -> str:
    """The steps of the exercise, with a tick at what is done."""
    at = ["h1", "h2", "y", "solved"].index(mission.goal) + 2
    marks = {k: RIGHT for k, goal in enumerate(GOALS, 2) if goal in mission.done}
    if mission.helped:
        marks |= {2: "", 3: "", 4: ""}
    elif not mission.done and mission.goal != "solved":
        marks |= {2: "", 3: ""}  # as where no sharpness is
    if REACHED not in st.session_state:
        marks[1] = "1"  # who began with the network has passed it over
    return way_through(STEPS, at, marks)


def _compare_with_before(mission: Mission) -> Told:
    """The last neuron whose turn has come, and what is to be said of one done before: it stays, or it is lost."""
    order = [*GOALS, "y"]
    furthest = max(st.session_state.get(FURTHEST, "h1"), mission.at, key=order.index)
    were_done = st.session_state.setdefault(WERE_DONE, set())
    told = {"reached": furthest, "lead": ""}
    if mission.goal in were_done and not mission.title:
        told["title"] = f"{NAMES[mission.goal]} is no longer {GOALS[mission.goal]}"
    carried = st.session_state.get(CARRIED, "")
    if carried in mission.done:
        told["lead"] = f"Your one neuron computes {GOALS[carried]} already, so it is {NAMES[carried]} now."
    st.session_state[FURTHEST] = furthest
    were_done.update(mission.done)
    return told


def _offer_ways(gate: str, buttons: DeltaGenerator) -> None:
    """Buttons: on to the solution, or back to the beginning."""
    with buttons:
        controls.button(
            "solve",
            "Fill in the solution",
            _show_solution,
            gate,
            help="Sets the sliders to the weights and biases of the printed solution.",
        )
        controls.button(
            "start_over",
            "Start over",
            _start_over,
            help="Clears your nine numbers. They, the sharpness and the gate are again as when the page opened."
            if is_past_opening()
            else "The one neuron is again as when the page opened.",
        )


def _give_hint(mission: Mission, place: int) -> None:
    """Say it, at a corner it speaks of; after the last one the mission stands again."""
    st.session_state[HINTS] = (mission.goal, place)
    if place >= 0:
        st.session_state[controls.key("input")] = INPUTS[mission.hints[place].corner]


def _note(by_hand: Weights, mission: Mission, gate: str) -> bool:
    """Note the exercise as solved by weights of the reader's own, which are not those given a little changed.

    Returns whether XNOR is computed by given ones.
    """
    sharp = replace(by_hand, sharpness=SHARPENED).network().predict_proba(CORNERS)
    if computed_gate(sharp) != "XNOR":
        st.session_state.pop(GIVEN, None)
    is_own = GIVEN not in st.session_state and list(by_hand.values) != solution("XNOR").tolist()
    is_solved = mission.goal == "solved" and gate == "XNOR"
    if is_solved and is_own:
        note_solved("23.1")
    return is_solved and not is_own


def _leave() -> None:
    """Another way to find the weights: an experiment, which speaks of what is no longer shown, is left."""
    leave_experiment("ex23_1", but=[MODE])
    state = st.session_state
    is_new = [state[controls.key(name)] for name in PARAMETERS] == START and state[TARGET] == "XNOR"
    if state[MODE] == BY_HAND and is_new and not {BUILT, KNOWN} & set(state) and "23.1" not in solved():
        choose_first()


def is_past_opening() -> bool:
    """Whether the stage shows a network, and no longer the one neuron that is tried first."""
    return st.session_state[MODE] in (BY_HAND, LEARNS)


def _start_over() -> None:
    """As the page was opened; or with the one neuron, that alone."""
    if not is_past_opening():
        return start_opening_over()
    take(START, corner=3)
    st.session_state[TARGET] = "XNOR"
    for key in (HINTS, WERE_DONE, FURTHEST, CARRIED):
        st.session_state.pop(key, None)
