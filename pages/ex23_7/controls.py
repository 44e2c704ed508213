"""What the reader of page 23.7 sets on the stage, and the two runs that this makes."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import lru_cache

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.dropout_twins import HIDDEN, NEEDED, OUTPUTS, Powers, TwinTraining
from pages.shared.controls import Controls
from pages.shared.delivery import style
from pages.shared.frame import experiments_begun
from pages.shared.page import write

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
POWERS = range(-2, 3)  # of p, that the reader can choose for W′, its gradient and its rate
GRADIENT = -1  # the power of p that is right for the gradient
PHASES = ["training", "prediction"]  # what the picture shows
DECAY = {"L2 decay": "λ", "decoupled decay": "κ"}  # the letter of its decay
KNOWN = controls.key("known")  # whether the reader has found the answer, or asked for it
CHECKED = controls.key("checked")  # the gradient of W′ that back-propagation was last asked about
RULES_COME = controls.key("rules_come")  # whether other rules than gradient descent are on the page
MOVES = controls.key("moves")  # of the reader's for the rule that is chosen
WATCHED = controls.key("watched")  # what was watched in the run before this one
WATCHES = controls.key("watches")  # how often the reader has watched; with the first time moves and curves come
SHOWN = controls.key("shown")  # the rule that "Show the answer" has solved, until a choice parts the runs again
QUESTIONS_COME = controls.key("questions_come")  # they come one by one, and then stay
SAME = 1e-11  # two runs never further apart are one: rounding stays below it, and a wrong ε above


def times_power(power: int, letter: str) -> str:
    """`letter` times a power of p, from −2 to 2, as the page writes it: "p² η", "λ/p"."""
    return {-2: f"{letter}/p²", -1: f"{letter}/p", 0: letter, 1: f"p {letter}", 2: f"p² {letter}"}[power]


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
    return KNOWN in st.session_state


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
        st.session_state[KNOWN] = True
    is_pressed = _offer_buttons(buttons, quiet, rule, powers, is_solved)
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


def _offer_buttons(
    place: DeltaGenerator, quiet: DeltaGenerator, rule: str, powers: Powers, is_solved: bool
) -> bool:
    """What can be pressed, at most one of it in the colour that invites; and whether the reader watches."""
    if has_begun() and powers.weights == NEEDED[rule].weights and not gradient_is_known():
        if "gradient" in _come():
            controls.button("back_propagate", "Check my gradient", _check_gradient, place=place, type="primary")
        elif shown_phase() == "prediction":
            controls.button("next", "Next move", _ask_for_the_gradient, place=place, type="primary")
    is_pressed = place.button(
        "Watch" if watches() else "Watch them learn",
        key=controls.key("watch"),
        on_click=_count_a_watch,
        type="primary" if is_solved or not watches() else "secondary",
    )
    if rule == "gradient descent" and is_solved and RULES_COME not in st.session_state:
        controls.button("adam", "Now with Adam?", _begin_adam, place=place)
    if has_begun():
        controls.button("reset", "Start over", _start_over, place=quiet, type="tertiary")
    if powers != NEEDED[rule] or (rule == "gradient descent" and not gradient_is_known()):
        controls.button("solve", "Show the answer", _solve, rule, place=quiet, type="tertiary")
    return is_pressed


def watches() -> int:
    """How often the reader has watched; the maker of a link with a move in it has."""
    state = st.session_state
    if WATCHES not in state:
        moves = map(controls.key, ("weights", "phase", "gradient", "rate_of_W", "rule"))
        state[WATCHES] = int(any(key in st.query_params for key in moves))
    count: int = state[WATCHES]
    return count


def has_begun() -> bool:
    """Whether the reader has watched both networks learn, or is in an experiment: moves and curves come."""
    return bool(watches() or experiments_begun("ex23_7"))


def _count_a_watch() -> None:
    st.session_state[WATCHES] = watches() + 1


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
    early = False
    in_prediction = st.session_state.get(controls.key("phase")) == PHASES[1]  # by an experiment
    if _has_come("phase", is_known() or in_prediction or weights == NEEDED[rule].weights):
        controls.choice("phase", "The picture shows both networks in", PHASES)
    if rule == "gradient descent":
        early = weights != NEEDED[rule].weights and not is_known()
        if not _has_come("gradient", is_known()):
            return Powers(weights)
        if not is_known():
            _power("gradient", "The gradient ∇W′ is", "∇W", POWERS, disabled=early or gradient_is_known())
            if gradient_is_known():  # the words say it now; the control stays for the address
                style(f".st-key-{controls.key('power_gradient')} {{ display: none; }}")
        early = early or not gradient_is_known()
        if not _has_come("rate_of_W", not early):
            return Powers(weights)
    lowest = 0 if rule in DECAY else POWERS[0]  # a larger rate, with a larger decay, leaves the range of doubles
    rate = _power("rate_of_W", "W′ learns at the rate", "η", range(lowest, 3), disabled=early)
    is_right, epsilon, decay = rate == NEEDED[rule].rate, 0, unsolved(rule).decay
    if rule == "Adam" and _has_come("epsilon", is_right):
        epsilon = _power("epsilon", "Adam's ε becomes", "ε", (-1, 0, 1))
    if rule in DECAY and _has_come(DECAY[rule], is_right):
        decay = _power(DECAY[rule], "W′ decays with", DECAY[rule], (-2, -1, 0), start=decay)
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


def _ask_for_the_gradient() -> None:
    _come().add("gradient")
    st.session_state[controls.key("phase")] = PHASES[0]


def _check_gradient() -> None:
    st.session_state[CHECKED] = st.session_state[controls.key("gradient")]
    if not gradient_is_known():
        st.session_state[MOVES] = moves_made() + 1


def _begin_adam() -> None:
    st.session_state[controls.key("rule")] = "Adam"
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
    state, key = st.session_state, controls.key("gradient")
    if CHECKED not in state:  # a link's maker had asked
        state[CHECKED] = st.query_params.get(key)
    powers = {times_power(power, "∇W"): power for power in POWERS}
    return powers.get(state[CHECKED])


def gradient_is_known() -> bool:
    """Whether the gradient of W′ was chosen rightly, or everything is known."""
    return is_known() or gradient_checked() == GRADIENT


def moves_made() -> int:
    """How many choices the reader has made for the inverted network since the rule was chosen."""
    moves: int = st.session_state.get(MOVES, 0)
    return moves


def _count_the_move() -> None:
    st.session_state[MOVES] = moves_made() + 1


def fewest_moves(rule: str) -> int:
    """How many choices solve a rule that begins as `unsolved` has it."""
    pairs = zip(astuple(unsolved(rule)), astuple(NEEDED[rule]), strict=True)
    return sum(start != needed for start, needed in pairs)


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
    for letter in DECAY.values():
        chosen[letter] = times_power(powers.decay if DECAY.get(rule) == letter else 0, letter)
    return controls.keyed(chosen)


def _start_over() -> None:
    st.session_state.pop(MOVES, None)
    others = {"p": 0.6, "rate": 0.05, "steps": 200, "seed": 1}
    st.session_state.update(settings("gradient descent", Powers()) | controls.keyed(others))
    st.session_state.update(controls.keyed({"gradient": times_power(0, "∇W"), "phase": PHASES[0]}))
    st.session_state[CHECKED] = None
    st.session_state[WATCHES] = 0
    for key in (KNOWN, QUESTIONS_COME, RULES_COME):  # it can be found again
        st.session_state.pop(key, None)


def _solve(rule: str) -> None:
    st.session_state.update(settings(rule, NEEDED[rule]) | controls.keyed({"phase": PHASES[0]}))
    st.session_state[SHOWN] = rule
    st.session_state[WATCHES] = max(watches(), 1)  # the curves come with the answer
    if rule == "gradient descent":
        st.session_state[KNOWN] = True
    rules_told().add(rule)


def _forget_choices() -> None:
    """What was right for one rule is not taken over: three of the others would begin solved."""
    rule = st.session_state[controls.key("rule")]
    st.session_state.update(settings(rule, unsolved(rule)))
    st.session_state.pop(MOVES, None)
