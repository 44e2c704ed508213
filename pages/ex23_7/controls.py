"""What the reader of page 23.7 sets on the stage, and the two runs that this makes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.dropout_twins import HIDDEN, NEEDED, OUTPUTS, Powers, TwinTraining
from pages.shared.address import is_back_or_forward, name_in_address
from pages.shared.controls import Controls
from pages.shared.delivery import style
from pages.shared.frame import close_experiment, experiments_begun
from pages.shared.page import write
from pages.shared.practice import note_solved

controls = Controls("ex23_7")
KEEP_PROBS = [k / 20 for k in range(2, 21)]  # what the slider of p can be set to
STEPS = range(10, 301, 10)
RATES = [0.01, 0.02, 0.05, 0.1]  # with larger ones, or more steps, Adam lets rounding grow until it is seen
RULES = {  # one step of the weights W of the plain network
    "gradient descent": r"$W \leftarrow W - \eta\, \nabla W$.",
    "momentum": r"$V \leftarrow 0.9\, V + \nabla W$, then $W \leftarrow W - \eta\, V$.",
    "Nesterov momentum": r"as with momentum, but with $\nabla$ taken a step ahead, at $W - 0.9\, \eta\, V$.",
    "Adam": r"${W \leftarrow W - \eta\, \hat m / (\sqrt{\hat v} + \varepsilon)}$; ${\hat m, \hat v}$: averages of "
    r"$\nabla W$ and its square.",
    "L2 decay": r"$W \leftarrow W - \eta\, (\nabla W + \lambda W)$ with $\lambda = 0.05$.",
    "decoupled decay": r"$W \leftarrow (1 - \kappa)\, W - \eta\, \nabla W$ with $\kappa = 0.005$.",
}
POWERS = range(2, -3, -1)  # of p, that the reader can choose for W′, its gradient and its rate; the least first
GRADIENT = -1  # the power of p that is right for the gradient
PHASES = ["training", "prediction"]  # what the picture shows
DECAY = {"L2 decay": "λ", "decoupled decay": "κ"}  # the letter of its decay
# How far the reader is, which a reload finds again: each of these is a text, empty at first.
KNOWN = controls.key("known")  # how the answer came to be known: "found", "shown", or by a "link"
CHECKED = controls.key("gradient_checked")  # the gradient of W′ that back-propagation was last asked about
CHECKED_RATE = controls.key("rate_checked")  # the rate of W′ that was last checked, which the networks have
HAS_WATCHED = controls.key("has_watched")  # with that moves and curves come
HAS_SEEN = controls.key("seen")  # that W′ is right in prediction, too
MATCHED = controls.key("matched")  # the rules for which the reader has made the two runs one, with commas
IN_ADDRESS = (KNOWN, CHECKED, CHECKED_RATE, HAS_WATCHED, HAS_SEEN, MATCHED)

RULES_COME = controls.key("rules_come")  # whether other rules than gradient descent are on the page
MOVES = controls.key("moves")  # of the reader's for the rule that is chosen
WATCHED = controls.key("watched")  # what was watched in the run before this one
TRIED = controls.key("experiments")  # how many experiments the reader had begun when they were counted last
WATCHES = controls.key("watches")  # how often the reader has watched
SHOWN = controls.key("shown")  # the rules that "Show the answer" has solved since they were chosen
QUESTIONS_COME = controls.key("questions_come")  # they come one by one, and then stay
SAME = 1e-11  # two runs never further apart are one: rounding stays below it, and a wrong ε above


def _written(letter: str, powers: Iterable[int]) -> list[str]:
    return [times_power(power, letter) for power in powers if power]


def times_power(power: int, letter: str) -> str:
    """`letter` times a power of p, from −2 to 2, as the page writes it: "p² η", "λ/p"."""
    return {-2: f"{letter}/p²", -1: f"{letter}/p", 0: letter, 1: f"p {letter}", 2: f"p² {letter}"}[power]


SET_BY_BUTTONS = {  # control → its values but the one that it begins with
    "rule": [*RULES][1:],
    "weights": _written("W", POWERS),
    "rate_of_W": _written("η", POWERS),
    "epsilon": _written("ε", (1, -1)),
    "λ": _written("λ", (-1, -2)),
    "κ": ["κ", "κ/p"],  # it begins at κ/p²
}
ALWAYS = {"rule", "weights", "rate_of_W"}  # of these, whatever the rule is


@dataclass(frozen=True)
class Chosen:
    """The rule, p, the powers of p in the inverted network, the rate η, how many steps, and the seed."""

    rule: str
    p: float
    powers: Powers
    rate: float
    steps: int
    seed: int
    watched: bool = field(default=False, compare=False)  # whether the curves are to grow before the reader's eyes

    @property
    def training(self) -> TwinTraining:
        """Both networks, trained."""
        return _train(self)

    def begun(self) -> TwinTraining:
        """Both networks before the first step."""
        return TwinTraining(self.p, self.rule, self.powers, learning_rate=self.rate, random_state=self.seed)

    def moments(self, steps: Iterable[int]) -> list[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
        """Some steps of the training: the number of each, W and W′ before and after it, its masks."""
        training, moments = self.begun(), []
        for step in steps:
            training.run(step - 1 - training.step)
            before = behind_the_layer(training)
            training.run(1)
            moments.append((step, before, behind_the_layer(training), training.masks[0]))
        return moments

    def first_change(self) -> tuple[float, float]:
        """Of the followed weight: p Δw and Δw′ in step 1, which should be the same."""
        i, j, _ = followed(self.seed)
        ((_, before, after, _),) = self.moments([1])
        w, twin = (after - before)[:, i, j]
        return self.p * float(w), float(twin)

    @property
    def apart(self) -> float:
        """How far apart the predictions of the two ever are."""
        return max(self.training.prediction_differences)

    @property
    def is_one(self) -> bool:
        """Whether the two runs are one but for rounding."""
        return max(self.apart, *self.training.weight_differences) < SAME

    def code(self) -> str:
        """The lines of `nnlib` that make the run on screen."""
        return f"""from nnlib.chapter23.dropout_twins import Powers, TwinTraining

twins = TwinTraining(
    keep_prob={self.p!r},
    rule="{self.rule}",
    powers={self.powers!r},
    learning_rate={self.rate!r},
    random_state={self.seed},
)
twins.run({self.steps})

print(max(twins.prediction_differences), max(twins.weight_differences))
"""


def is_known() -> bool:
    """Whether the reader has found the answer, or asked for it: what would give it away waits until then."""
    return bool(st.session_state.get(KNOWN))


def matched() -> list[str]:
    """The rules for which the reader has made the two runs one."""
    return [rule for rule in NEEDED if rule in st.session_state.get(MATCHED, "").split(",")]


def is_shown(rule: str) -> bool:
    """Whether not the reader has solved that rule, but a button."""
    if rule == "gradient descent":
        return bool(st.session_state[KNOWN] == "shown")
    return rule in st.session_state.get(SHOWN, ())


def note_match(chosen: Chosen) -> None:
    """Note the rule if the reader has made the two runs one, neither by a button nor by a link."""
    rule = chosen.rule
    is_own = (
        st.session_state[KNOWN] == "found" if rule == "gradient descent" else moves_made() and not is_shown(rule)
    )
    if chosen.is_one and chosen.p < 1:
        rules_told().add(rule)
        if is_own:
            st.session_state[MATCHED] = ",".join(one for one in NEEDED if one in (*matched(), rule))
            name_in_address(MATCHED, st.session_state[MATCHED])


def rules_told() -> set[str]:
    """The rules that the reader has matched, or asked to see solved."""
    told: set[str] = st.session_state.setdefault(controls.key("rules_told"), set())
    if is_known():
        told.add("gradient descent")
    return told


def behind_the_layer(training: TwinTraining) -> np.ndarray:
    """A copy of W and W′, (2, neurons, outputs)."""
    last = training.parameters[:, -(HIDDEN + 1) * OUTPUTS : -OUTPUTS]
    return last.reshape(2, HIDDEN, OUTPUTS).copy()


@lru_cache(maxsize=100)
def followed(seed: int) -> tuple[int, int, int]:
    """Positions i, j of a weight that the first step moves, and a sample whose mask keeps hᵢ, for every p."""
    few, many = (TwinTraining(p, random_state=seed) for p in (0.1, 0.6))
    before = behind_the_layer(few)
    few.run(1)
    many.run(1)
    kept, dropped = few.masks[0], HIDDEN - many.masks[0].sum(axis=1)  # what p = 0.1 keeps, every larger p keeps
    sample, i = divmod(int((kept * dropped[:, None]).argmax()), HIDDEN)  # of those it keeps, where most is dropped
    j = int(np.abs(behind_the_layer(few) - before)[0, i].argmax())
    return i, j, sample


@lru_cache(maxsize=200)  # for ten choices at every p, of up to 70 kB each
def _train(chosen: Chosen) -> TwinTraining:
    training = chosen.begun()
    training.run(chosen.steps)
    return training


def choose(rarer: DeltaGenerator, place_of_p: DeltaGenerator) -> tuple[Chosen, DeltaGenerator]:
    """Draw the controls of the stage: those for the inverted network in a box, below a place for words.

    What is seldom moved stands side by side in `rarer`. Other rules come when gradient descent is answered.
    """
    _read_the_way()
    p = controls.slider("p", "Keep probability p", KEEP_PROBS[0], KEEP_PROBS[-1], 0.6, 0.05, place=place_of_p)
    with st.container(border=True, gap="xsmall", key="your_move"):
        words = st.container(key="next_move")  # stage.css keeps room for the longest
        moves = st.container(gap="xsmall")
        buttons = st.container(horizontal=True, gap="xsmall")
        quiet = st.container(horizontal=True, gap="medium", key="quiet")
    rule = _choose_rule()
    with moves:
        powers = _choose_powers(rule)
    is_solved = powers == NEEDED[rule] and p < 1
    if rule == "gradient descent" and is_solved:
        st.session_state[KNOWN] = st.session_state[KNOWN] or "link"
    is_pressed = _offer_buttons(buttons, quiet, rule, powers, p)
    _note_the_way()
    left, middle, right = rarer.columns(3, gap="medium")
    eta = controls.steps("rate", "Learning rate η of the plain network", RATES, 0.05, place=left)
    steps = controls.slider("steps", "Steps", STEPS[0], STEPS[-1], 200, STEPS.step, place=middle)
    about_seed = "It draws first weights, samples and masks, on the whole page."
    seed = controls.number("seed", "Seed", 0, 9999, 1, place=right, help=about_seed)
    chosen = Chosen(rule, p, powers, eta, steps, seed)
    # The page's own run follows that of the stage, and a busy browser may draw only the later one: both show it.
    is_watched = is_pressed or st.session_state.pop(WATCHED, None) == chosen
    if is_pressed:
        st.session_state[WATCHED] = chosen
    return replace(chosen, watched=is_watched), words


def _read_the_way() -> None:
    """How far the reader is, from the address when the page is opened, and after the browser's Back."""
    state = st.session_state
    for key in IN_ADDRESS:
        if key not in state or is_back_or_forward():
            state[key] = st.query_params.get(key, "")
    for name, options in SET_BY_BUTTONS.items():
        key = controls.key(name)
        named = st.query_params.get(f"{key}_set")
        if key not in state and key not in st.query_params and named in options:
            state[key] = named
    moves = map(controls.key, ("weights", "phase", "gradient", "rate_of_W", "rule"))
    if WATCHES not in state:
        state[WATCHES] = 0
        if any(key in st.query_params for key in moves):  # the maker of such a link has watched
            state[HAS_WATCHED] = "yes"
    tried = experiments_begun(controls.page)
    if tried > state.get(TRIED, 0):  # an experiment shows the curves, too
        state.update({HAS_WATCHED: "yes", TRIED: tried})
    phase = controls.key("phase")
    if phase not in st.query_params:
        state.setdefault(phase, PHASES[0])  # an experiment that shows the other one then finds the way back


def _note_the_way() -> None:
    """Have in the address how far the reader is, and what a button has set before its control was on the page.

    Such a value Streamlit leaves out of the address until the reader moves the control.
    """
    for key in IN_ADDRESS:
        name_in_address(key, st.session_state[key] or None)
    for name, options in SET_BY_BUTTONS.items():
        key = controls.key(name)
        value = st.session_state.get(key)
        is_missing = value in options and key not in st.query_params and (name in ALWAYS or name in _come())
        name_in_address(f"{key}_set", value if is_missing else None)


def _offer_buttons(place: DeltaGenerator, quiet: DeltaGenerator, rule: str, powers: Powers, p: float) -> bool:
    """What can be pressed, at most one of it in the colour that invites; and whether the reader watches."""
    is_solved = powers == NEEDED[rule] and p < 1
    if has_begun() and powers.weights == NEEDED[rule].weights and not is_known() and p < 1:
        if gradient_is_known():
            is_same = st.session_state[controls.key("rate_of_W")] == times_power(powers.rate, "η")
            controls.button(
                "check_rate", "Check my rate", _check_rate, place=place, type="primary", disabled=is_same
            )
        elif "gradient" in _come():
            controls.button("back_propagate", "Check my gradient", _check_gradient, place=place, type="primary")
    has_watched = bool(st.session_state[HAS_WATCHED])
    is_first = not has_watched or (is_solved and rule == "gradient descent")
    is_pressed = (place if is_first else quiet).button(
        "Watch" if has_watched else "Watch them learn",
        key=controls.key("watch"),
        on_click=_count_a_watch,
        type="primary" if is_first else "secondary",
    )
    done = (*matched(), rule, "gradient descent")
    following = next((one for one in ("Adam", *NEEDED) if one not in done), None)
    if is_solved and following:
        invites = "secondary" if is_first else "primary"
        controls.button("next_rule", f"Now with {following}?", _begin, following, place=place, type=invites)
    if has_begun():
        controls.button("reset", "Start over", _start_over, place=quiet, type="tertiary")
    if powers != NEEDED[rule] or (rule == "gradient descent" and not is_known()):
        controls.button("solve", "Show the answer", _solve, rule, place=quiet, type="tertiary")
    return is_pressed


def watches() -> int:
    """How often the reader has watched."""
    count: int = st.session_state[WATCHES]
    return count


def has_begun() -> bool:
    """Whether the reader has watched both networks learn, or tried something: moves and curves come."""
    return bool(st.session_state[HAS_WATCHED])


def _count_a_watch() -> None:
    st.session_state[WATCHES] = watches() + 1
    st.session_state[HAS_WATCHED] = "yes"


def shown_phase() -> str:
    """Whether the picture shows both networks in training or in prediction."""
    phase: str = st.session_state.get(controls.key("phase")) or st.query_params.get(
        controls.key("phase"), PHASES[0]
    )
    return phase if "phase" in _come() else PHASES[0]


def _choose_rule() -> str:
    """The rule of both networks: gradient descent, until the reader asks for another or the address names one."""
    key = controls.key("rule")
    if st.session_state.get(key, st.query_params.get(key, "gradient descent")) != "gradient descent":
        st.session_state[RULES_COME] = True
    if RULES_COME not in st.session_state:
        return "gradient descent"
    rule = controls.menu("rule", "Both networks learn by", list(NEEDED), on_change=_forget_choices)
    write(RULES[rule])
    return rule


def _choose_powers(rule: str) -> Powers:
    """One question after the other; of gradient descent also that of the gradient, which tells the rate."""
    if not _has_come("weights", has_begun()):
        return Powers()
    weights = _power("weights", "W′ starts as", "W", POWERS)
    is_right = weights == NEEDED[rule].weights
    in_prediction = st.session_state.get(controls.key("phase")) == PHASES[1]  # by an experiment
    early = False
    if _has_come("phase", is_known() or in_prediction or is_right):
        phase = controls.choice("phase", "Both networks in", PHASES)
        if is_right and phase == PHASES[1]:
            st.session_state[HAS_SEEN] = "yes"
    if rule == "gradient descent":
        early = not is_right and not is_known()
        if not _has_come("gradient", is_known() or bool(st.session_state[HAS_SEEN])):
            return Powers(weights)
        if not is_known():
            _power("gradient", "The gradient ∇W′ is", "∇W", POWERS, disabled=early or gradient_is_known())
            if gradient_is_known():  # the words say it now; the control stays for the address
                style(f".st-key-{controls.key('power_gradient')} {{ display: none; }}")
        early = early or not gradient_is_known()
        if not _has_come("rate_of_W", not early):
            return Powers(weights)
    most = 0 if rule in DECAY else POWERS[-1]  # a larger rate, with a larger decay, leaves the range of doubles
    rate = _power("rate_of_W", "W′ learns at the rate", "η", range(2, most - 1, -1), disabled=early)
    if rule == "gradient descent" and not is_known():  # it is not found by trying all of them: each is checked
        return Powers(weights, rate_checked())
    st.session_state[CHECKED_RATE] = times_power(rate, "η")
    is_right, epsilon, decay = rate == NEEDED[rule].rate, 0, unsolved(rule).decay
    if rule == "Adam" and _has_come("epsilon", is_right):
        epsilon = _power("epsilon", "Adam's ε becomes", "ε", (1, 0, -1))
    if rule in DECAY and _has_come(DECAY[rule], is_right):
        decay = _power(DECAY[rule], "W′ decays with", DECAY[rule], (0, -1, -2), start=decay)
    return Powers(weights, rate, epsilon, decay)


def _come() -> set[str]:
    """The questions that are on the page."""
    come: set[str] = st.session_state.setdefault(QUESTIONS_COME, set())
    return come


def _has_come(question: str, is_due: bool) -> bool:
    """Whether a question is on the page: as soon as it is due, or an address answers it."""
    answered = [question, "rate_of_W"] if question in ("weights", "phase", "gradient") else [question]
    named = st.query_params.keys() - st.session_state.keys()  # by a link: what has been on the page is in both
    if is_due or any(controls.key(name) in named for name in answered):
        _come().add(question)
    return question in _come()


def _check_gradient() -> None:
    st.session_state[CHECKED] = st.session_state[controls.key("gradient")]


def _check_rate() -> None:
    st.session_state[CHECKED_RATE] = st.session_state[controls.key("rate_of_W")]
    if rate_checked() == NEEDED["gradient descent"].rate:
        st.session_state[KNOWN] = "found"
        note_solved("23.7")


def _begin(rule: str) -> None:
    st.session_state[controls.key("rule")] = rule
    _forget_choices()


def is_asked(chosen: "Chosen") -> str:
    """The name of the control that the reader is to move next; empty where none is."""
    return "p" if chosen.p == 1 else _first_wrong(chosen)


def _first_wrong(chosen: "Chosen") -> str:
    powers, needed = chosen.powers, NEEDED[chosen.rule]
    if powers.weights != needed.weights:
        return "weights"
    if chosen.rule == "gradient descent" and not gradient_is_known():
        return "gradient" if "gradient" in _come() else "phase"
    if powers.rate != needed.rate:
        return "rate_of_W"
    if powers.epsilon != needed.epsilon:
        return "epsilon"
    return DECAY[chosen.rule] if powers.decay != needed.decay else ""


def _power(
    name: str, label: str, letter: str, powers: Sequence[int], start: int = 0, disabled: bool = False
) -> int:
    """Choose a power of p for one quantity of the inverted network: a move of the reader's."""
    names = {times_power(power, letter): power for power in powers}
    on_change = None if name == "gradient" else _count_the_move
    with st.container(key=controls.key(f"power_{name}"), gap=None):
        chosen = controls.steps(
            name, label, list(names), times_power(start, letter), on_change=on_change, disabled=disabled
        )
        spans = "".join(f"<span>{text}</span>" for text in names)
        st.html(f'<div class="powers" aria-hidden="true">{spans}</div>')
    return names[chosen]


def move(chosen: Chosen) -> tuple[list[str], int]:
    """The controls that make the runs one, in their order, and at which of them the reader is, from 1."""
    asked = _first_wrong(chosen)
    moves = ["weights", "gradient", "rate_of_W"] if chosen.rule == "gradient descent" else ["weights", "rate_of_W"]
    if chosen.rule == "Adam":
        moves.append("epsilon")
    if chosen.rule in DECAY:
        moves.append(DECAY[chosen.rule])
    return moves, moves.index({"phase": "weights"}.get(asked, asked)) + 1 if asked else len(moves) + 1


def gradient_checked() -> int | None:
    """The power of p of the gradient that back-propagation was asked about; None as long as none was."""
    powers = {times_power(power, "∇W"): power for power in POWERS}
    return powers.get(st.session_state[CHECKED])


def rate_checked() -> int:
    """The power of p of the rate that was checked last; 0, which is that of η, as long as none was."""
    return {times_power(power, "η"): power for power in POWERS}.get(st.session_state[CHECKED_RATE], 0)


def gradient_is_known() -> bool:
    """Whether the gradient of W′ was chosen rightly, or everything is known."""
    return is_known() or gradient_checked() == GRADIENT


def moves_made() -> int:
    """How many choices the reader has made for the inverted network since the rule was chosen."""
    moves: int = st.session_state.get(MOVES, 0)
    return moves


def _count_the_move() -> None:
    st.session_state[MOVES] = moves_made() + 1


def unsolved(rule: str) -> Powers:
    """The powers of p that a rule begins with: of those that it needs only W′ = p W, which holds for all of them.

    Gradient descent, where that is found, begins without it.
    """
    if rule == "gradient descent":
        return Powers()
    return Powers(weights=1, decay=-2 if rule == "decoupled decay" else 0)


def settings(rule: str, powers: Powers) -> dict[str, object]:
    """The controls that choose a rule and powers of p, for a button."""
    chosen = {
        "rule": rule,
        "weights": times_power(powers.weights, "W"),
        "rate_of_W": times_power(powers.rate, "η"),
        "epsilon": times_power(powers.epsilon, "ε"),
    }
    chosen["rate_checked"] = chosen["rate_of_W"]
    for letter in DECAY.values():
        chosen[letter] = times_power(powers.decay if DECAY.get(rule) == letter else 0, letter)
    return controls.keyed(chosen)


def _start_over() -> None:
    state = st.session_state
    state.update(settings("gradient descent", Powers()))
    state.update(controls.keyed({"p": 0.6, "rate": 0.05, "steps": 200, "seed": 1}))
    state.update(controls.keyed({"gradient": times_power(0, "∇W"), "phase": PHASES[0]}))
    state.update(dict.fromkeys((KNOWN, CHECKED, CHECKED_RATE, HAS_WATCHED, HAS_SEEN), ""))
    state[WATCHES] = 0
    for key in (MOVES, SHOWN, QUESTIONS_COME, RULES_COME):  # it can be found again
        state.pop(key, None)
    close_experiment(controls.page)


def _solve(rule: str) -> None:
    state = st.session_state
    state.update(settings(rule, NEEDED[rule]) | controls.keyed({"phase": PHASES[0]}))
    state[HAS_WATCHED] = "yes"  # the curves come with the answer
    if rule == "gradient descent":
        state[KNOWN] = state[KNOWN] or "shown"
    elif rule not in matched():
        state.setdefault(SHOWN, set()).add(rule)
    rules_told().add(rule)


def _forget_choices() -> None:
    """What was right for one rule is not taken over: three of the others would begin solved."""
    rule = st.session_state[controls.key("rule")]
    st.session_state.update(settings(rule, unsolved(rule)))
    st.session_state.setdefault(SHOWN, set()).discard(rule)
    st.session_state.pop(MOVES, None)
