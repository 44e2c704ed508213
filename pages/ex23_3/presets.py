"""Settings of page 23.3 that one click makes: presets, and experiments that begin at once."""

from dataclasses import replace
from typing import Any

import streamlit as st

from nnlib.chapter23.printed_program import AS_PRINTED
from pages.ex23_3.controls import MEASURE, controls, is_what_was_before, note_what_was_set, set_controls, values_of
from pages.ex23_3.settings import AS_STORED, DOUBLE, PRINTED_WEIGHTS, Settings, describe_all
from pages.ex23_3.stage_picture import Measure
from pages.shared.numbers import WRONG
from pages.shared.page import Experiment, Following

FAST = Settings()
BEST = replace(FAST, batch_norm="n−1", keep=(0.9, 1.0), optimizer="adam", rate=0.004, batch=64, epochs=20)
SLOW = replace(FAST, activation="sigmoid", batch=1, rate=0.1, schedule="constant")
ALGORITHM = replace(SLOW, loss="sigmoid cross-entropy", init="xavier")
PRINTED = replace(
    SLOW,
    loss="sigmoid squared error",
    init=PRINTED_WEIGHTS,
    optimizer=AS_PRINTED,
    order=AS_STORED,
    precision=DOUBLE,
    seed=2023,
)
MENDED = replace(PRINTED, loss="sigmoid cross-entropy", optimizer="sgd")
TOO_FAST = replace(FAST.with_value("layers", 5), rate=1.0, schedule="constant")
VANISHING = replace(ALGORITHM.with_value("layers", 5), batch=32, epochs=3, rows=10_000)

FIND = "The missing digit"  # an experiment's label
FIRST = 3  # experiments to be gone through in their order
WHAT_ONE_DOES = "trains a network and asks you a question"

PRESETS = {
    "Fast and accurate": FAST,
    "Batch norm and dropout": BEST,
    "Algorithm 23.3": ALGORITHM,
    "The printed program": PRINTED,
    "The printed program, two lines changed": MENDED,
}
ABOUT = {  # each says all that it changes against the one it begins with
    "Fast and accurate": "The steps of “The answer” with today's usual choices (ReLU, softmax, batches of 32, "
    "an η that falls to 0): about 98 % in a few seconds.",
    "Batch norm and dropout": "*Fast and accurate* with batch normalisation, dropout (p = 0.9 in layer 1), Adam "
    "at η 0.004, batches of 64 and 20 epochs.",
    "Algorithm 23.3": "It trains as *The answer* says: sigmoids with cross-entropy, xavier "
    "weights, one picture at a time, η 0.1 throughout.",
    "The printed program": "The program in the manual of solutions, line for line, with its mistake: each bias "
    "moves by the sum of all δ of its layer.",
    "The printed program, two lines changed": "*The printed program*, but δ = h − y at the outputs, and each bias "
    "moves by its own δ, as in *Algorithm 23.3*.",
}
MOST_NAMED = 5  # settings that an edited preset names one by one


def show_presets(settings: Settings) -> None:
    """The presets as chips: the one that the controls hold is marked, or the one nearest to them as edited."""
    labels, key = list(PRESETS), controls.key("preset")
    nearest = min(labels, key=lambda label: len(_changed(settings, label)))
    active = nearest if PRESETS[nearest].without_idle() == settings else None
    if active is None:
        key = f"{key}_none"  # another one: in the browser, a choice once made is not taken back
    st.session_state[key] = active
    with st.container(gap="xxsmall", key=controls.key("presets")):  # stage.css makes the chips light
        st.pills(
            "Begin with",
            labels,
            key=key,
            # in stage.css a dashed edge
            format_func=lambda label: f"*{label}*" if label == nearest != active else label,
            on_change=_choose,
            args=(key,),
            label_visibility="collapsed",
        )
        st.caption(ABOUT[active] if active else _what_is_edited(settings, nearest))


def _changed(settings: Settings, preset: str) -> dict[str, Any]:
    return settings.differences([PRESETS[preset].without_idle()])


def _what_is_edited(settings: Settings, preset: str) -> str:
    """What sets these settings apart from a preset, the first few by name."""
    changed = _changed(settings, preset)
    named = describe_all(changed)
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return f"Unlike *{preset}*: {', '.join(named[:MOST_NAMED])}{more}."


def _choose(key: str) -> None:
    """Set the controls as the chosen preset says; the run shown goes on with its own settings."""
    chosen = st.session_state[key]
    if chosen is not None and not is_what_was_before(PRESETS[chosen]):
        set_controls(PRESETS[chosen])


def _experiment(
    label: str,
    settings: Settings,
    measure: Measure,
    look_for: str,
    seen: str,
    run: str = "",
    hides: bool = False,
    goes_on: tuple[str, str, Settings] | None = None,
) -> Experiment:
    """One that begins a run of its own with these settings, and shows that measure of it on the stage.

    The run is named `run`, or as the experiment. To train it for more epochs is still the same experiment, and
    so is `goes_on`: what a button that goes on says, the name of the run it begins, and its settings.
    """

    def begins(settings: Settings, name: str) -> dict[str, Any]:
        return values_of(settings) | controls.keyed({"measure": measure, "begin": name})

    following = None if goes_on is None else Following(goes_on[0], begins(goes_on[2], goes_on[1]))
    looks = begins(settings, run or label)
    if hides:
        looks |= controls.keyed({"tab": "The answer"})  # which tells the case, unlike the one left open
    return Experiment(label, {}, look_for, seen, looks, hides, following)


def run_asked_for(settings: Settings) -> str | None:
    """The name of the run that an experiment has asked for; it is begun once the controls hold its `settings`."""
    name: str | None = st.session_state.pop(controls.key("begin"), None)
    if name:
        note_what_was_set(values_of(settings) | {MEASURE: st.session_state.get(MEASURE)})
    return name


EXPERIMENTS = [
    _experiment(
        "Algorithm 23.3",
        ALGORITHM,
        "accuracy",
        "This trains the very algorithm that the exercise asks for: sigmoid neurons, cross-entropy, and a step "
        "after every single picture, which may undo a little of what others taught. The network that this page "
        "opens with has ReLUs, neurons that pass on max(0,\u00a0z). Which of the two comes to read more?",
        "It comes to about 97 %, one in a hundred less than ReLUs with an η that falls to 0. And its "
        "epochs take longer: each has 56,000 small steps in place of 1,750.",
    ),
    _experiment(
        FIND,
        replace(PRINTED, epochs=2),  # in which all is there to be seen
        "recall",
        "Two epochs of *the printed program*, from the manual of solutions, are trained here. Each bar is "
        "the **recall** of one digit, the share of its own pictures read correctly. One bar stays empty: whose? "
        f"Look at the twelve answers; a single {WRONG} may be chance.",
        "Not one 8 is read, while the other nine digits hold the accuracy above 80\u00a0%. Look at the numbers in "
        "the empty row: for a picture of an 8 its output h should be 1 and is about 0. So its slope is about 0 "
        "too, and with squared error that slope is a factor of δ: almost nothing moves it. *10 more epochs* shows "
        "when it is read at last, and *Mend it* does away with the cause.",
        run="The printed program",
        hides=True,
    ),
    _experiment(
        "Mend it",
        replace(MENDED, epochs=2),
        "recall",
        "In *the printed program* one digit is never read in two epochs: *The missing digit* shows its empty bar. "
        "Here two of its lines are changed, from the same first weights: the error of the outputs is δ = h − y, "
        "that of cross-entropy, and each bias moves by its own δ. Are all ten digits read now?",
        "Yes: all ten are read in the first epoch. Cross-entropy leaves the slope out of δ, so the output that is "
        "most wrong learns most. *The answer*, below, tells the whole case.",
        run="The printed program, mended",
    ),
    _experiment(
        "Divergence",
        TOO_FAST,
        "loss",
        "Five hidden layers and a learning rate of 1, so every step is long. After how many of them do the "
        "numbers burst?",
        "After about a dozen: the line above the digits names the step. Each step overshot, and the next gradient "
        "was larger still, until the numbers left the range that a computer can hold. One huge δ has stamped its "
        "picture into weights on the right, for a weight moves by h times δ. Does a shorter step mend it?",
        goes_on=("Train it again at η = 0.1", "Five layers, η = 0.1", replace(TOO_FAST, rate=0.1)),
    ),
    _experiment(
        "Vanishing gradients",
        VANISHING,
        "gradients",
        "Five hidden layers of sigmoids learn from 10,000 of the pictures. The bars show how large the "
        "gradient is that arrives in each layer. Compare layer 1 with layer 6: which of them learns?",
        "Hardly any but the last. Each layer on the way back multiplies the gradient by a slope of at most 1/4, "
        "so that layer 1 receives far less than layer 6, and the accuracy hardly moves. The slope of relu is 1 "
        "wherever it is not 0: do its gradients arrive?",
        goes_on=(
            "Train it again with relu",
            "Five layers of relu",
            replace(VANISHING, activation="relu", init="he"),
        ),
    ),
    _experiment(
        "Learn by heart",
        replace(FAST, rows=1000, epochs=50),
        "accuracy",
        "Only 1,000 training pictures, 50 times over. When do the two curves part, solid for test pictures and "
        "dashed for training pictures?",
        "From about epoch 4 on: the accuracy on the training pictures goes on to 100 %, and on the test "
        "pictures it stays near 90 %. The network knows its 1,000 pictures by heart, and reads one new digit in "
        "ten wrongly. (The fall in epoch 3 hits both curves: at first η is large for so few pictures.)",
    ),
]
IN_ORDER = {one.label: one.looks[controls.key("begin")] for one in EXPERIMENTS[:FIRST]}  # label → its run's name
