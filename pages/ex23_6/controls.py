"""What the reader of page 23.6 sets, the passes this makes, and the same in Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.batch_norm import Backward, Forward, backward, forward, invariants
from pages.shared.address import name_in_address
from pages.shared.controls import Controls
from pages.shared.delivery import style
from pages.shared.lead_to import lead_to
from pages.shared.numbers import MINUS, RIGHT, WRONG, number
from pages.shared.page import write

START_Z = (0.5, -1.7, 1.9, -0.8, 1.2, 2.6, -2.4, -0.2)
START_G = (2.1, 1.0, -0.4, 2.2, -1.0, 1.3, 1.8, -0.6)
GAMMA, BETA, SAMPLES = 1.3, 0.5, 5
MOST = len(START_Z)  # samples
REACH = 3.0  # of the sliders
EPSILON = "10⁻⁵"
EPSILONS = {"0": 0.0, "10⁻⁸": 1e-8, "10⁻⁵": 1e-5, "10⁻³": 1e-3, "0.1": 0.1, "1": 1.0}
DIVISORS = {"n − 1": 1, "n": 0}  # of σ², with what is taken off n
OWN, MEAN, SLOPE = "your line", "minus the mean", "minus the slope"  # how much of the gradient is drawn
STEPS = (OWN, MEAN, SLOPE)
NO_MISTAKE, PRINTED = "no mistake planted", "division by n, as printed"
MISTAKES = {
    NO_MISTAKE: "none",
    PRINTED: "as printed",
    "forgotten factor 2": "forgotten factor 2",
    "wrong sign of dσ²": "wrong sign of dσ²",
    "forgotten u and σ²": "forgotten u and σ²",
}
SURPRISE = "a surprise for me to find"
FIRST_FIND_IT = "This would tell which mistake is planted. First find it in the picture above."
SUSPECTS = {  # all of them leave Σ dz at 0; what the line would do with each
    PRINTED: "the line would tilt the right way, only not quite enough",
    "forgotten factor 2": "the line would have only half its tilt",
    "wrong sign of dσ²": "the line would tilt the wrong way",
}

AS_TYPED = str.maketrans({",": " ", ";": " ", MINUS: "-"})
NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
TYPED = "Type one number for each sample, from −3 to 3, with spaces between. They change when you drag one."
STARTS: dict[str, tuple[float, ...]] = {"z": START_Z, "g": START_G}

controls = Controls("ex23_6")
SURPRISED, SUSPECT = controls.key("surprised"), controls.key("suspect")
PLANTED = controls.key("planted")  # the mistake that was planted last, by the reader or as a surprise
STARTS_OVER = controls.key("starts_over")  # how often the page has begun anew
KNOWN = controls.key("known")  # whether the reader has found the line, or asked for it
ANSWER = controls.key("answer")  # how the answer has come: "written" by the reader, "shown", or "open" by a link
BLANKS = {name: f"write_{name}" for name in ("dbeta", "dgamma", "factor", "height", "slope")}  # of the algorithm
ORDER = controls.key("order")  # how many steps of the whole algorithm the reader has put in their order
BEGINS = controls.key("begins")  # how often the reader has let the puzzle come
LINE = controls.key("line")  # the reader's own line, by its heights at both ends of the axis
PRESSED = controls.key("pressed")  # whether the reader has shifted and stretched all z
PUZZLE = controls.key(
    "puzzle"
)  # whether the puzzle has come: "begun" by the reader, or by a "link" to a state of it


@dataclass(frozen=True)
class Chosen:
    """A batch of one neuron, how much of its gradient is drawn, and the planted mistake by its name in `nnlib`.

    `is_hidden`: whether the reader is still to find out which mistake it is.
    """

    z: list[float]
    g: list[float]
    gamma: float = GAMMA
    beta: float = BETA
    epsilon: float = EPSILONS[EPSILON]
    ddof: int = 1
    mistake: str = "none"
    step: str = SLOPE
    is_hidden: bool = False

    def forward(self) -> Forward:
        """The forward pass; ValueError where the batch cannot be normalised."""
        return forward(self.z, self.gamma, self.beta, self.epsilon, self.ddof)

    def backward(self, mistake: str | None = None) -> Backward:
        """The backward pass, with the planted mistake unless another is named."""
        return backward(self.forward(), self.g, self.mistake if mistake is None else mistake)

    def can_be_normalised(self) -> bool:
        """Whether there is anything to divide by."""
        return len(set(self.z)) > 1 or self.epsilon > 0

    def code(self) -> str:
        """The lines of `nnlib` that make the numbers of the stage."""
        planted = "" if self.mistake == "none" else f", mistake={self.mistake!r}"
        return f"""from nnlib.chapter23.batch_norm import (
    backward, check_gradients, derivative_names, forward, invariants
)

z, g = {self.z!r}, {self.g!r}
passed = forward(z, gamma={self.gamma!r}, beta={self.beta!r}, epsilon={self.epsilon!r}, ddof={self.ddof})
gradients = backward(passed, g{planted})
print(gradients.own, gradients.through_u, gradients.through_variance, gradients.dz)

check = check_gradients(passed, g{planted})
for row in zip(derivative_names(len(z)), check.analytic, check.numerical, check.passes):
    print(*row)
print(passed.z_tilde, invariants(passed, gradients))
"""


def is_known() -> bool:
    """Whether the reader has found the line or asked for it: what would give it away waits until then.

    A link of one who has, to a later step, shows what its maker saw.
    """
    state = st.session_state
    for name, at_first in (("step", OWN), ("mistake", NO_MISTAKE)):
        key = controls.key(name)
        if state.get(key, st.query_params.get(key, at_first)) != at_first:
            state[KNOWN] = True
    if answer_is_open() or ORDER in st.query_params or KNOWN in st.query_params:
        state[KNOWN] = True
    if KNOWN in state:
        name_in_address(KNOWN, "true")
    return KNOWN in state


def answer_is_open() -> bool:
    """Whether the reader has written the algorithm down, or has asked for it; a reload does not close it again."""
    state, address = st.session_state, st.query_params
    if ANSWER not in state and ANSWER in address:
        state[ANSWER] = "open"
    elif ANSWER in state:
        name_in_address(ANSWER, "open")
    return ANSWER in state


def is_writing(step: str) -> bool:
    """Whether the formulas are due, at that step of the picture: both paths are there, or a blank is filled."""
    return step == SLOPE or any(st.session_state.get(controls.key(name)) for name in BLANKS.values())


def open_the_answer(how: str) -> None:
    """Let the answer stand on the page from now on."""
    st.session_state[ANSWER] = how


def ask_for_the_answer() -> None:
    """In place of what waits for the answer, who shows it: the one button there is, or that of the stage."""
    if has_begun():
        write("It also opens when you press *Show the answer* there.")
    else:
        offer_the_answer()


def has_begun() -> bool:
    """Whether the reader has gone on from the page's beginning to its puzzle, or a link leads there."""
    state, name = st.session_state, st.query_params
    if not state.get(PUZZLE):
        is_moved = any(state.get(key, at) != at for key, at in start_but(more=False).items())
        state[PUZZLE] = "link" if is_moved or is_known() or (PUZZLE not in state and PUZZLE in name) else ""
    elif state[PUZZLE] == "begun" and PUZZLE not in name:
        name[PUZZLE] = "true"
    return bool(state[PUZZLE])


def ask_to_begin() -> None:
    """The way on from the beginning: for one who knows it all, and inviting once both buttons were pressed."""
    is_ready = both_are_pressed()
    controls.button(
        "begin",
        "Go on: what comes back?" if is_ready else "I know this: go on",
        begin,
        type="primary" if is_ready else "secondary",
        icon=":material/arrow_forward:",
    )


def both_are_pressed() -> bool:
    """Whether the reader has shifted and stretched all z; a reload does not forget it."""
    if PRESSED in st.query_params:
        st.session_state[PRESSED] = True
    elif PRESSED in st.session_state:
        name_in_address(PRESSED, "true")
    return PRESSED in st.session_state


def begin() -> None:
    """Let the puzzle come."""
    st.session_state.update({PUZZLE: "begun", BEGINS: st.session_state.get(BEGINS, 0) + 1})


def offer_the_answer() -> None:
    """The button that shows everything: the line and its paths on the stage, and the answer below it."""
    controls.button("solve", "Show the answer", _show_the_answer, type="tertiary", icon=":material/visibility:")


def _show_the_answer() -> None:
    go_to(SLOPE)
    open_the_answer("shown")


def choose_step(is_found: bool) -> tuple[str, str, bool, DeltaGenerator]:
    """Draw the row of buttons: step, planted mistake, whether it is hidden, and the row, for one switch more.

    `is_found`: whether the line that the reader has laid by hand is the right one.
    """
    row = st.container(horizontal=True, vertical_alignment="center", key=controls.key("buttons"))
    with row:
        if not has_begun():
            return OWN, MISTAKES[NO_MISTAKE], False, row
        if not is_known():
            _offer_start_over()
            offer_the_answer()
            with st.container(key=controls.key("menu_ahead")):  # hidden: it is there before one is due
                st.selectbox("A menu", [NO_MISTAKE], label_visibility="collapsed")
            return OWN, MISTAKES[NO_MISTAKE], False, row
        state = st.session_state
        step = controls.choice("step", "Step", STEPS, label_visibility="collapsed")
        planted = controls.key("mistake")
        if answer_is_open() or state.get(planted, st.query_params.get(planted, NO_MISTAKE)) != NO_MISTAKE:
            _offer_start_over()  # nothing else is due
        elif step == SLOPE:
            lead_to(controls, "The answer", "Write it down", type="primary", icon=None)
            _offer_start_over()
        else:
            following, label = (
                (MEAN, "Add the path through u") if step == OWN else (SLOPE, "Add the path through σ²")
            )
            kind = "primary" if is_found or step == MEAN else "secondary"
            controls.button("next", label, go_to, following, type=kind, width=210)
        names, hidden_label = [*MISTAKES, SURPRISE], {"label_visibility": "collapsed"}
        name = controls.menu("mistake", "Plant a mistake", names, width=205, on_change=_plant, **hidden_label)
    if name == NO_MISTAKE and not answer_is_open():  # it comes when the exercise is done, but is there before
        style(f".st-key-{controls.key('mistake')} {{ display: none; }}")
    if name in SUSPECTS:
        state[PLANTED] = name
    if name != SURPRISE:
        return step, MISTAKES[name], False, row
    if SURPRISED not in state:
        state[PLANTED] = state[SURPRISED] = _draw_surprise()
    return step, MISTAKES[state[SURPRISED]], state.get(SUSPECT) != state[SURPRISED], row


def acts_at(mistake: str) -> str:
    """The step at which a planted mistake begins to act, by its name in `nnlib`."""
    return MEAN if mistake == "forgotten u and σ²" else SLOPE


def _plant() -> None:
    """Go on to the step where the mistake acts; a surprise is drawn anew."""
    name, step = (st.session_state[controls.key(of)] for of in ("mistake", "step"))
    at_work = acts_at(MISTAKES.get(name, SURPRISE))
    if name != NO_MISTAKE and STEPS.index(step) < STEPS.index(at_work):
        st.session_state[controls.key("step")] = at_work
    for key in (SURPRISED, SUSPECT):
        st.session_state.pop(key, None)


def _draw_surprise() -> str:
    """One of the suspects, but not the last one again, and none that this batch does not tell from another."""
    state = st.session_state
    is_told = state.get(controls.key("divisor")) != "n" and state.get(controls.key("n")) != 2
    names = [name for name in SUSPECTS if name != state.get(PLANTED) and (name != PRINTED or is_told)]
    return str(np.random.default_rng().choice(names))


def ask_for_the_surprise(chosen: Chosen) -> None:
    """Which mistake is it, where one is hidden? The reader's guess, and what a wrong one would look like."""
    if st.session_state.get(controls.key("mistake")) != SURPRISE:
        return
    suspects: dict[str, Any] = {"index": None, "horizontal": True, "label_visibility": "collapsed"}
    suspect = controls.radio("suspect", "Which mistake is it?", list(SUSPECTS), **suspects)
    if suspect == st.session_state[SURPRISED]:
        st.markdown(f"{RIGHT} **You have found it.**")
    elif suspect is not None:
        passed = chosen.forward()
        its, seen = (
            number(invariants(passed, chosen.backward(mistake)).stretch)
            for mistake in (MISTAKES[suspect], chosen.mistake)
        )
        st.markdown(f"{WRONG} With this one {SUSPECTS[suspect]}, and Σ dz · z̄ would be {its}. It is {seen}.")


def _offer_start_over(**others: Any) -> None:
    controls.button("reset", "Start over", start_over, icon=":material/restart_alt:", **others)


def go_to(step: str) -> None:
    """Draw so much of the gradient, whether or not the reader has found it."""
    st.session_state.update({controls.key("step"): step, KNOWN: True})


def start_over() -> None:
    """The page as at the beginning: batch, settings and step, and what waits until the line is found waits.

    The pictures, which keep the reader's line and what is pressed, begin anew by the count.
    """
    st.session_state[STARTS_OVER] = st.session_state.get(STARTS_OVER, 0) + 1
    st.session_state.update(start_but(more=False) | {PUZZLE: ""})
    names = "tried", "order_said", *BLANKS.values(), *map(_all_of, STARTS)
    for key in (
        KNOWN,
        LINE,
        PRESSED,
        SURPRISED,
        SUSPECT,
        PLANTED,
        ANSWER,
        ORDER,
        *controls.keyed(dict.fromkeys(names)),
    ):
        st.session_state.pop(key, None)
    for key in (PUZZLE, KNOWN, LINE, PRESSED, ANSWER, ORDER, *controls.keyed(dict.fromkeys(BLANKS.values()))):
        st.query_params.pop(key, None)


def start_but(**changed: object) -> dict[str, object]:
    """The settings the page begins with, but for some, by widget key."""
    start: dict[str, Any] = {"n": SAMPLES, "gamma": GAMMA, "beta": BETA, "epsilon": EPSILON}
    start |= {"divisor": "n − 1", "mistake": NO_MISTAKE, "step": OWN}
    start |= changed
    return controls.keyed({name: in_words(values[: start["n"]]) for name, values in STARTS.items()} | start)


def in_words(values: Iterable[float]) -> str:
    """Values of the samples as they are typed."""
    return " ".join(f"{value:g}" for value in values)


def read_values(text: str, kept: Sequence[float]) -> tuple[list[float], str]:
    """What was typed, to one decimal and within the picture, and in sentences what of it was not taken as it is.

    Where nothing was typed for a sample, or no number, it keeps its value.
    """
    values, remarks, words, n = list(kept), [], text.translate(AS_TYPED).split(), len(kept)
    for j, word in enumerate(words[:n]):
        try:
            typed = float(word)
        except ValueError:
            typed = nan
        if isnan(typed):
            remarks.append(f"“{word}” is no number: sample {j + 1} keeps its value.")
            continue
        values[j] = round(min(max(typed, -REACH), REACH), 1)
        if abs(typed) > REACH:
            written = word.replace("-", MINUS)
            remarks.append(f"{written} lies outside −3 to 3, so {number(values[j])} is taken.")
    if len(words) != n:
        count = f"{len(words) or 'no'} number{'' if len(words) == 1 else 's'}"
        rest = NUMERALS[n - len(words)] if len(words) < n else NUMERALS[n]
        left = f"the other {rest} keep{'s its value' if rest == 'one' else ' their values'}"
        fate = f"the first {rest} are taken" if len(words) > n else left if words else "all keep their values"
        remarks.append(f"You typed {count}, and there are {n} samples: {fate}.")
    return values, " ".join(remarks)


def draw_samples() -> None:
    """Fresh values of every z and every g, from N(0, 1.5²)."""
    for name in STARTS:
        values = np.clip(1.5 * np.random.default_rng().standard_normal(MOST), -REACH, REACH).round(1).tolist()
        st.session_state[controls.key(_all_of(name))] = values
        st.session_state[controls.key(name)] = in_words(values[: st.session_state[controls.key("n")]])
    st.session_state.pop(controls.key("tried"), None)


def move_sample(j: int, z: float, g: float) -> None:
    """Put sample j where the reader has dragged it, if it is still on the page."""
    if j > st.session_state[controls.key("n")]:
        return
    for name, value in zip(STARTS, (z, g), strict=True):
        shown = _kept(name)[: st.session_state[controls.key("n")]]
        values, _ = read_values(st.session_state[controls.key(name)], shown)
        values[j - 1] = value
        st.session_state[controls.key(name)] = in_words(read_values(in_words(values), shown)[0])


def _all_of(name: str) -> str:
    """Where the session keeps z or g of all samples that were ever on the page, of those beyond n too."""
    return f"all_{name}"


def _kept(name: str) -> Sequence[float]:
    """z or g of all samples, as they were before anything was typed or moved."""
    kept: Sequence[float] = st.session_state.get(controls.key(_all_of(name)), STARTS[name])
    return kept


def all_samples() -> dict[str, list[float]]:
    """z and g of all samples that were ever on the page, `MOST` of each, once `choose_numbers` has drawn them."""
    return {name: st.session_state[controls.key(_all_of(name))] for name in STARTS}


def _type_as_many() -> None:
    """Let both fields hold as many numbers as there are samples now."""
    for name in STARTS:
        values, _ = read_values(st.session_state[controls.key(name)], _kept(name))
        st.session_state[controls.key(name)] = in_words(values[: st.session_state[controls.key("n")]])


def _take_typed(name: str) -> None:
    """Let the box of z or g show what is taken of what was typed; what is not is said as long as that stands."""
    kept = _kept(name)[: st.session_state[controls.key("n")]]
    values, remarks = read_values(st.session_state[controls.key(name)], kept)
    st.session_state[controls.key(name)] = in_words(values)
    st.session_state[controls.key(f"said_{name}")] = (values, remarks)


def choose_numbers(step: str, mistake: str, is_hidden: bool) -> Chosen:
    """Draw what all samples share, and where z and g of the samples are typed."""
    shared = st.columns(5, gap="medium", vertical_alignment="bottom")
    n = controls.slider("n", "Samples n", 2, MOST, SAMPLES, place=shared[0], on_change=_type_as_many)
    gamma = controls.slider("gamma", "Scale γ", -REACH, REACH, GAMMA, 0.1, place=shared[1])
    beta = controls.slider("beta", "Shift β", -REACH, REACH, BETA, 0.1, place=shared[2])
    epsilon = controls.steps(
        "epsilon",
        "ε",
        list(EPSILONS),
        EPSILON,
        place=shared[3],
        help="A small number added to σ², so that equal z do not divide by 0.",
    )
    divisor = controls.choice(
        "divisor",
        "σ² divides by",
        list(DIVISORS),
        place=shared[4],
        help="The book divides by n − 1 (23.60); PyTorch and Keras divide by n while they train.",
    )
    values, not_taken = {}, []
    places = st.columns([2, 2, 1], gap="medium", vertical_alignment="bottom")
    for place, (name, starts) in zip(places, STARTS.items(), strict=False):
        with place:
            kept = _kept(name)
            label, event = f"{name} of samples 1 to {n}", {"on_change": _take_typed, "args": (name,)}
            text = controls.text(name, label, in_words(starts[:n]), help=TYPED, **event)
            values[name], remarks = read_values(text, kept[:n])
            st.session_state[controls.key(_all_of(name))] = [*values[name], *kept[n:]]
            said = st.session_state.get(controls.key(f"said_{name}"), ([], ""))
            if remarks := remarks or (said[1] if said[0] == values[name] else ""):
                not_taken.append(f"**{name}:** {remarks}")
    for remarks in not_taken:
        st.warning(remarks)
    controls.button("draw_samples", "New samples", draw_samples, place=places[2], icon=":material/casino:")
    divides, small = DIVISORS[divisor], EPSILONS[epsilon]
    return Chosen(values["z"], values["g"], gamma, beta, small, divides, mistake, step, is_hidden)
