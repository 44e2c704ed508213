"""What the reader of page 23.7 sets on the stage, and the two runs that this makes."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import lru_cache

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.dropout_twins import HIDDEN, NEEDED, OUTPUTS, Powers, TwinTraining
from pages.shared.controls import Controls
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
GRADIENTS = ["p ∇W", "∇W", "∇W/p"]  # what the gradient of W′ could be; the last one is right
DECAY = {"L2 decay": "λ", "decoupled decay": "κ"}  # the letter of its decay
KNOWN = controls.key("known")  # whether the reader has found the answer, or asked for it
MOVES = controls.key("moves")  # of the reader's for the rule that is chosen
WATCHED = controls.key("watched")  # what was watched in the run before this one
WATCHES = controls.key("watches")  # how often the reader has watched; with the first time the curves come
SHOWN = controls.key("shown")  # the rule that "Show the answer" has solved, until a choice parts the runs again
QUESTIONS_COME = controls.key("questions_come")  # those after the first, which come one by one and then stay
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
    """Draw the controls of the stage, with the choices for the inverted network in a box and a place for words.

    What is seldom moved stands side by side in `rarer`. The rule comes when gradient descent is answered.
    """
    p = controls.slider("p", "Keep probability p", KEEP_PROBS[0], KEEP_PROBS[-1], 0.6, 0.05, place=place_of_p)
    with st.container(border=True, gap="xsmall", key="your_move"):
        write("**Your moves.** W leads out of the layer in the plain network, W′ in the inverted one.")
        moves = st.container(gap="xsmall")
        words = st.container(key="next_move")  # stage.css keeps room for the longest
        buttons = st.container(horizontal=True, gap="xsmall")
    rule = _choose_rule()
    with moves:
        powers = _choose_powers(rule)
    is_pressed = buttons.button(
        "Watch",
        key=controls.key("watch"),
        type="primary" if powers == NEEDED[rule] else "secondary",  # it invites to nothing that is wrong
    )
    controls.button("reset", "Start over", _start_over, place=buttons)
    if powers != NEEDED[rule] or (rule == "gradient descent" and not gradient_is_known()):
        controls.button("solve", "Show the answer", _solve, rule, place=buttons, type="tertiary")
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
        st.session_state[WATCHES] = watches() + 1
    return replace(chosen, watched=is_watched), words


def watches() -> int:
    """How often the reader has watched; a link shows what its maker saw, who has watched."""
    state = st.session_state
    if WATCHES not in state:
        named = {key for key in st.query_params if key.startswith(controls.key(""))}
        state[WATCHES] = int(bool(named - {controls.key("tab")}))
    count: int = state[WATCHES]
    return count


def _choose_rule() -> str:
    """The rule of both networks: gradient descent, until that is answered or the address names another."""
    if not (is_known() or controls.key("rule") in st.query_params):
        return "gradient descent"
    rule = controls.menu("rule", "Both networks learn by", list(NEEDED), on_change=_forget_choices)
    write(RULES[rule])
    return rule


def _choose_powers(rule: str) -> Powers:
    """One question after the other; of gradient descent also that of the gradient, which tells the rate."""
    weights = _power("weights", "W′ starts as", "W", (0, 1, 2))
    early = False
    if rule == "gradient descent":
        early = weights != NEEDED[rule].weights and not is_known()
        if not _has_come("gradient", not early):
            return Powers(weights)
        controls.perhaps(
            "gradient", "gradient ∇W′", GRADIENTS, joined=True, disabled=early, on_change=_count_a_wrong_gradient
        )
        early = not gradient_is_known()
        if not _has_come("rate_of_W", not early):
            return Powers(weights)
    rate = _power("rate_of_W", "learning rate", "η", (0, 1, 2), disabled=early)
    epsilon = _power("epsilon", "Adam's ε becomes", "ε", (0, -1, 1)) if rule == "Adam" else 0
    decay = 0
    if rule in DECAY:
        powers_of_decay = sorted((0, -1, -2), reverse=rule == "L2 decay")  # what is right is not the first
        decay = _power(DECAY[rule], "decays with", DECAY[rule], powers_of_decay)
    return Powers(weights, rate, epsilon, decay)


def _has_come(question: str, is_due: bool) -> bool:
    """Whether a question is on the page: as soon as it is due, or an address answers it."""
    come: set[str] = st.session_state.setdefault(QUESTIONS_COME, set())
    if is_due or controls.key("rate_of_W") in st.query_params or controls.key(question) in st.query_params:
        come.add(question)
    return question in come


def is_asked(chosen: "Chosen") -> str:
    """The name of the control that the reader is to move next; empty where none is."""
    powers, needed = chosen.powers, NEEDED[chosen.rule]
    if chosen.p == 1:
        return "p"
    if powers.weights != needed.weights:
        return "weights"
    if chosen.rule == "gradient descent" and not gradient_is_known():
        return "gradient"
    if powers.rate != needed.rate:
        return "rate_of_W"
    if powers.epsilon != needed.epsilon:
        return "epsilon"
    return DECAY[chosen.rule] if powers.decay != needed.decay else ""


def _power(name: str, label: str, letter: str, powers: Sequence[int], disabled: bool = False) -> int:
    """Choose a power of p for one quantity of the inverted network: a move of the reader's."""
    names = {times_power(power, letter): power for power in powers}
    return names[controls.choice(name, label, list(names), on_change=_count_the_move, disabled=disabled)]


def right_choices(chosen: Chosen) -> tuple[int, int]:
    """How many of the choices for the inverted network are right, and of how many."""
    (powers, needed), rule = (chosen.powers, NEEDED[chosen.rule]), chosen.rule
    right = [powers.weights == needed.weights, powers.rate == needed.rate]
    if rule == "gradient descent":
        right.append(gradient_is_known())
    if rule == "Adam":
        right.append(powers.epsilon == needed.epsilon)
    if rule in DECAY:
        right.append(powers.decay == needed.decay)
    return sum(right), len(right)


def gradient_of_the_twin() -> str | None:
    """The gradient of W′ that the reader has chosen, of `GRADIENTS`; None as long as it is none."""
    gradient: str | None = st.session_state.get(controls.key("gradient"))
    return gradient


def gradient_is_known() -> bool:
    """Whether the gradient of W′ was chosen rightly, or everything is known."""
    return is_known() or gradient_of_the_twin() == GRADIENTS[-1]


def moves_made() -> int:
    """How many choices the reader has made for the inverted network since the rule was chosen."""
    moves: int = st.session_state.get(MOVES, 0)
    return moves


def _count_the_move() -> None:
    """Count it, and note if it finds the answer, whose consequences are then on the page at once."""
    state = st.session_state
    state[MOVES] = moves_made() + 1
    needed = settings("gradient descent", NEEDED["gradient descent"])
    asked = {key: needed[key] for key in map(controls.key, ("weights", "rate_of_W"))}
    is_asked = state.get(controls.key("rule"), "gradient descent") == "gradient descent"
    if is_asked and state[controls.key("p")] < 1 and all(state.get(key) == value for key, value in asked.items()):
        state[KNOWN] = True


def _count_a_wrong_gradient() -> None:
    if not (gradient_of_the_twin() is None or gradient_is_known()):
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
    st.session_state[controls.key("gradient")] = None
    st.session_state[WATCHES] = 0
    for key in (KNOWN, QUESTIONS_COME):  # it can be found again
        st.session_state.pop(key, None)


def _solve(rule: str) -> None:
    st.session_state.update(settings(rule, NEEDED[rule]) | controls.keyed({"gradient": GRADIENTS[-1]}))
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
