"""The frame of every page: the exercise in a box, experiments under the stage, tabs below, the next exercise."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared.address import is_back_or_forward, name_in_address
from pages.shared.chapter import Exercise, exercise_after
from pages.shared.controls import Controls
from pages.shared.delivery import give_head_start, style
from pages.shared.numbers import RIGHT
from pages.shared.page import Experiment, Following, start_with_the_app
from pages.shared.practice import solved

T = TypeVar("T")
TOP = "exercise"  # where a tab's first link leads
# in place of a tab that would give an experiment's answer away


def open_page(exercise: Exercise) -> None:
    """The page's title, and what the exercise asks in a quiet box; the first thing on a page.

    The box bears a stamp once the reader has solved the exercise, on whatever day: a page may begin anew below it.
    """
    start_with_the_app()
    st.title(exercise.heading, anchor=TOP)
    with st.container(key="exercise_task"):  # frame.css makes it a box, and has the stamp stand above it
        st.markdown(f"**Exercise {exercise.number}** \u2002 {exercise.task}")
        if exercise.number in solved():
            st.markdown(f":green-badge[{RIGHT} solved]")


def way_through(steps: Sequence[str], at: int, otherwise: Mapping[int, str] | None = None) -> str:
    """The steps of an exercise as badges, in Markdown, to stand before what is asked: "✓ Guess  2 Play  3 Draw".

    Parameters
    ----------
    steps : their names, one word or two each
    at : the number of the step that the reader is at, from 1; those before it are done
    otherwise : number of a step → its mark, where that is another one; "" for none
    """
    marks = dict.fromkeys(range(1, at), RIGHT) | dict(otherwise or {})
    return " ".join(
        f":{'green' if marks.get(k) == RIGHT else 'blue' if k == at else 'gray'}-badge[{marks.get(k) or k} {name}]"
        for k, name in enumerate(steps, 1)
    )


def ahead_of_the_page(draw: Callable[[], T]) -> T:
    """Draw a part of the page, and return what `draw` does.

    Whatever the reader does there is answered in the part alone, with all the browser's time; the page, which may
    depend on what the part returns, follows a moment later.
    """
    page_is_drawn = False

    @st.fragment
    def part() -> T:
        drawn = draw()
        if page_is_drawn:
            give_head_start()
            st.rerun()
        return drawn

    drawn = part()
    page_is_drawn = True
    return drawn


@contextmanager
def stage(beside: tuple[float, float] | None = None) -> Iterator[tuple[DeltaGenerator, DeltaGenerator]]:
    """The stage of a page: two places, for the controls and for the picture that answers them.

    On a narrow screen the picture comes first. The script draws the controls before it, whose values it needs.

    Parameters
    ----------
    beside : widths of controls and picture side by side; without it the controls stand above the picture
    """
    whole = st.container(key="stage")
    left, right = whole.columns(beside, gap="medium") if beside else (whole, whole)
    with whole:
        yield left.container(key="strip"), right.container(key="picture")


def more_settings(controls: Controls, row: DeltaGenerator) -> DeltaGenerator:
    """A switch in `row`, and here the box of the rarer settings, to be seen while it is on; draw them always."""
    switch_more(controls, row, f":has(> .st-key-{controls.key('others')})")
    return st.container(border=True, key=controls.key("others"))


def switch_more(controls: Controls, place: DeltaGenerator, rarer: str) -> bool:
    """A switch in `place`; while it is off, the `rarer` settings, by a selector of CSS, are not seen.

    Draw them always: a control that is not on the page, as one in a closed popover, does not follow a button
    or an experiment that sets it, and undoes it at the reader's next click.
    """
    are_shown = controls.toggle("more", "More settings", place=place)
    if not are_shown:
        style(f"{rarer} {{ display: none; }}")  # it takes no room either
    return are_shown


def offer_experiments(
    room: str,
    experiments: Sequence[Experiment],
    do: str = "sets the controls and asks you a question",
    back: str = "",
    first: int | None = None,
    asked: str = "",
    above: DeltaGenerator | None = None,
    steps: str = "",
) -> None:
    """Chips directly under the stage. One click makes the settings and tells what to look for.

    What there was to see is told in the same place when the reader asks, and nothing below it moves then.

    Parameters
    ----------
    room : whose settings they make, such as "ex23_3"
    experiments : two or three; more than `first` of them wait behind a button
    do : what a click on one does, for the reader who has not tried any
    back : the label of a button that makes the settings what they were before; without it there is none
    first : how many of them are shown at once, where some are to wait
    asked : where the page asks the question of one that hides something, such as "beside the picture"; here it
        then comes with the explanation
    above : a place over the picture for what is said of the one at work, in a line or three; then its explanation
        stands in place of its question
    steps : with it, what stands before those words
    """
    tried = next((one for one in experiments if one.label == st.session_state.get(f"{room}_tried")), None)
    if tried is not None and not tried.stays and _is_over(room, tried):
        tried = None
    if tried is None:
        st.session_state.pop(f"{room}_before", None)
    at_once, others = (experiments, []) if first is None else (experiments[:first], experiments[first:])
    with st.container(horizontal=True, vertical_alignment="center", key="experiment_chips"):  # frame.css
        st.markdown("**Try this**", width="content")
        for experiment in at_once:
            _chip(room, experiment)
        are_shown = bool(others) and _shows_others(room, tried in others)
    if are_shown:
        with st.container(horizontal=True, key="further_experiment_chips"):
            for experiment in others:
                _chip(room, experiment)
    if tried is not None:
        chip = re.sub("[^A-Za-z0-9_-]", "-", f"st-key-{room}_try_{tried.label}")  # as Streamlit names its class
        style(f".{chip} {{ --chosen: var(--accent); }}")
    if tried is None or above is None:
        _tell(room, tried, do, back, asked)
        return
    with st.container(key="experiment_asks_above"):
        st.markdown("Its question stands above the picture.")
    with above:
        _tell(room, tried, do, back, asked, steps)


def _chip(room: str, experiment: Experiment) -> None:
    st.button(
        experiment.label, key=f"{room}_try_{experiment.label}", on_click=begin_experiment, args=(room, experiment)
    )


def _shows_others(room: str, is_in_one: bool) -> bool:
    """A button that shows the experiments that wait, or hides them; and whether they are shown."""
    key = f"{room}_others_shown"
    are_shown: bool = st.session_state.get(key, is_in_one)

    def turn() -> None:
        st.session_state[key] = not are_shown

    st.button(
        "More experiments",
        key=f"{room}_other_experiments",
        type="tertiary",
        icon=":material/expand_less:" if are_shown else ":material/expand_more:",
        on_click=turn,
    )
    return are_shown


def begin_experiment(room: str, experiment: Experiment) -> None:
    """Make the experiment's settings; what to look for comes first. For a button's callback."""
    made, before = {**experiment.settings, **experiment.looks}, st.session_state.setdefault(f"{room}_before", {})
    before.update({key: st.session_state[key] for key in made.keys() - before if key in st.session_state})
    st.session_state.update(made)
    st.session_state[f"{room}_tried"] = experiment.label
    st.session_state[f"{room}_told"] = False
    st.session_state.pop(f"{room}_made", None)
    st.session_state[f"{room}_begun"] = experiments_begun(room) + 1


def experiments_begun(room: str) -> int:
    """How many experiments the reader has begun; a picture that sees it grow calls svg.js's `bringIntoView`."""
    count: int = st.session_state.get(f"{room}_begun", 0)
    return count


def keep_experiment(room: str, experiments: Sequence[Experiment]) -> None:
    """Name the experiment that the reader is in in the address, and that it is told: a reload finds both again.

    To be called before anything that depends on it is drawn, where all experiments are of those whose words stay.
    """
    key, told = f"{room}_tried", f"{room}_told"
    if key not in st.session_state or is_back_or_forward():
        named = st.query_params.get(key)
        st.session_state[key] = next((one.label for one in experiments if one.label == named), None)
        st.session_state[told] = told in st.query_params
    label = st.session_state[key]
    name_in_address(key, label)
    name_in_address(told, "yes" if label and st.session_state[told] else None)


def words_of(room: str, experiments: Sequence[Experiment]) -> str:
    """What the page says of the experiment that the reader is in: its question, and what there was to see."""
    tried = next((one for one in experiments if one.label == st.session_state.get(f"{room}_tried")), None)
    return "" if tried is None else _words(tried, st.session_state[f"{room}_told"])


def _words(experiment: Experiment, told: bool) -> str:
    question = f"**{experiment.label}:** {experiment.look_for}"
    return f"{question}\n\n{experiment.seen}" if told else question


def is_hiding(room: str, experiments: Sequence[Experiment]) -> bool:
    """Whether the experiment at work keeps something back that the reader has not asked to see."""
    name, told = st.session_state.get(f"{room}_tried"), st.session_state.get(f"{room}_told")
    tried = next((one for one in experiments if one.label == name and one.hides), None)
    return tried is not None and not told and not _is_over(room, tried)


def keeps_back(room: str, experiments: Sequence[Experiment]) -> bool:
    """The same as `is_hiding`, for a tab that would tell it: it then says so, and offers to tell."""
    if not is_hiding(room, experiments):
        return False
    st.markdown("This would answer what the experiment asks. Answer it first, or have it explained.")
    st.button(
        "Show the explanation",
        key=f"{room}_tell_in_tab",
        icon=":material/visibility:",
        on_click=explain_experiment,
        args=(room,),
    )
    return True


def is_asking(room: str, experiments: Sequence[Experiment]) -> bool:
    """Whether the reader is in an experiment, and has changed none of its settings."""
    name = st.session_state.get(f"{room}_tried")
    tried = next((one for one in experiments if one.label == name), None)
    return tried is not None and not _is_over(room, tried)


def _is_over(room: str, experiment: Experiment) -> bool:
    """Whether the reader has changed a setting since the experiment was made."""
    now = {key: st.session_state[key] for key in experiment.settings if key in st.session_state}
    made = st.session_state.setdefault(f"{room}_made", now)
    return any(made.get(key, value) != value for key, value in now.items())


@st.fragment
def _tell(
    room: str, experiment: Experiment | None, do: str, back: str, asked: str, steps: str | None = None
) -> None:
    """What to look for in the experiment last begun, and once it is asked for what there was to see."""
    with st.container(key="experiment_words", gap="xsmall"):  # frame.css keeps its height
        if experiment is None:
            st.markdown(f"Click one: it {do}.")
            return
        told, on = st.session_state[f"{room}_told"], False
        # By this key svg.js's `bringIntoView` knows words that are not yet those of an experiment begun anew.
        if steps is None:
            said, buttons = st.container(), st.container(horizontal=True, gap="medium")
            text = _words(experiment, told)
            if asked and experiment.hides and not told:
                text = f"**{experiment.label}:** the question stands {asked}."
        else:
            said, buttons = st.columns([4, 1], gap="small")
            text = f"{steps} **{experiment.label}:** {experiment.seen if told else experiment.look_for}"
        said.container(key="experiment_told" if told else "experiment_asked").markdown(text)
        with buttons:
            turned = st.button(
                "Hide the explanation" if told else "Show the explanation",
                key=f"{room}_tell",
                type="tertiary",
                icon=":material/visibility_off:" if told else ":material/visibility:",
                on_click=_turn,
                args=(room,),
            )
            if told and experiment.following:
                on = st.button(
                    experiment.following.label,
                    key=f"{room}_follow",
                    type="tertiary",
                    icon=":material/play_arrow:",
                    on_click=_follow,
                    args=(room, experiment.following),
                )
            if experiment.stays:
                on |= st.button(
                    "Close",
                    key=f"{room}_close",
                    type="tertiary",
                    icon=":material/close:",
                    on_click=close_experiment,
                    args=(room,),
                )
            if back:
                on |= st.button(
                    back,
                    key=f"{room}_back",
                    type="tertiary",
                    icon=":material/history:",
                    on_click=leave_experiment,
                    args=(room,),
                )
    if on or (turned and experiment.hides):  # the rest of the page is to follow
        st.rerun()


def _turn(room: str) -> None:
    """Tell what there was to see, or again what to look for."""
    told = not st.session_state[f"{room}_told"]
    st.session_state[f"{room}_told"] = told
    if f"{room}_tried" in st.query_params:
        name_in_address(f"{room}_told", "yes" if told else None)


def explain_experiment(room: str) -> None:
    """Tell what there was to see in the experiment; for a button's callback."""
    if not st.session_state[f"{room}_told"]:
        _turn(room)


def close_experiment(room: str) -> None:
    """Be in no experiment; for a button's callback."""
    st.session_state[f"{room}_tried"] = None


def _follow(room: str, following: Following) -> None:
    """Go on with the experiment, whose words stay."""
    st.session_state.update(following.settings)
    st.session_state[f"{room}_begun"] = experiments_begun(room) + 1


def leave_experiment(room: str, but: Collection[str] = ()) -> None:
    """Make the settings, `but` for those the reader has just made, what they were before the experiments.

    For a button's callback.
    """
    before: dict[str, object] = st.session_state.pop(f"{room}_before", {})
    st.session_state.update({key: value for key, value in before.items() if key not in but})
    close_experiment(room)


def draw_tabs(room: str, tabs: Mapping[str, Callable[[], None]]) -> None:
    """The page's tabs, the open one named in the address; only what stands in the open one is drawn.

    Parameters
    ----------
    room : such as "ex23_3"; the tab is "ex23_3_tab" in the session and in the address
    tabs : name → what draws it. Its first one is open at the beginning
    """
    places = st.tabs(list(tabs), key=f"{room}_tab", bind="query-params")
    for place, draw in zip(places, tabs.values(), strict=True):
        if place.open:
            with place:
                # Something that can have the focus comes first: whenever a tab is drawn, the browser looks for it,
                # and would ask every element of a derivation before.
                st.html(f'<a class="to_the_top" href="#{TOP}">Back up to the exercise</a>')
                draw()


def is_open(room: str, tab: str, is_first: bool = False) -> bool:
    """Whether that tab is open, asked before `draw_tabs` has drawn it; the first one is at the beginning."""
    key = f"{room}_tab"
    return bool(st.session_state.get(key, st.query_params.get(key, tab if is_first else None)) == tab)


def until_it_is_seen(question: str, afterwards: str) -> None:
    """A question whose answer the picture has not shown yet, and what stands in its place once it has.

    The picture marks itself with the attribute data-seen; frame.css shows one of both.
    """
    place = st.container(key="until_it_is_seen")
    for key, words in (("not_seen", question), ("seen", afterwards)):
        place.container(key=key).markdown(words)


def show_answer_button(controls: Controls, known: Mapping[str, object]) -> None:
    """In place of what waits until the reader has found the answer; a click puts `known` into the session."""
    controls.button("ask", "Show the answer", st.session_state.update, known, icon=":material/visibility:")


def next_exercise(number: str) -> None:
    """The last thing on a page: a link to the exercise after `number`, or from the last one home."""
    following = exercise_after(number)
    st.divider()
    if following is None:
        label = "That was the last exercise of the chapter. **Back to all seven**"
        st.page_link("pages/home.py", label=label, icon=":material/home:")
    else:
        label = f"Next: **{following.heading}**. {following.question}"
        st.page_link(following.script, label=label, icon=":material/arrow_forward:")
