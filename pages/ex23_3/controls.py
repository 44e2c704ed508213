"""The controls of page 23.3 that its settings come from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.activations import ACTIVATIONS
from nnlib.chapter23.printed_program import OPTIMIZERS
from nnlib.losses import LOSSES
from nnlib.training import SCHEDULES
from pages.ex23_3.echo import echo
from pages.ex23_3.settings import (
    BATCH_NORMS,
    BATCHES,
    DATA,
    DROPOUTS,
    FIRST_WEIGHTS,
    LARGEST_SEED,
    MOST_EPOCHS,
    MOST_LAYERS,
    MOST_NEURONS,
    ORDERS,
    PATIENCES,
    PENALTIES,
    PRECISIONS,
    RATES,
    ROWS,
    SIZES,
    VALIDATION_SHARES,
    Settings,
)
from pages.shared.address import is_back_or_forward
from pages.shared.controls import Controls
from pages.shared.frame import more_settings

T = TypeVar("T")
controls = Controls("ex23_3")
USUAL = Settings()
FIRST = ("rate", "batch", "epochs", "activation")  # with the number of hidden layers, always in sight
WORDS = (  # a single line
    "Each step learns from one **batch** of pictures, **η** says how far it goes{}, and an **epoch** goes through "
    "all pictures once."
)
_SEEN, _SEEN_BEFORE = controls.key("seen"), controls.key("seen_before")
MEASURE = controls.key("measure")  # what the stage shows, which draws it
_SET, _TIMES_SET, _DRAWN = controls.key("just_set"), controls.key("times_set"), controls.key("drawn")


def values_of(settings: Settings) -> dict[str, Any]:
    """What the controls hold for these settings, by key."""
    return controls.keyed(settings.as_controls())


def set_controls(settings: Settings) -> None:
    """Set all controls as these settings say; made for a button's callback."""
    st.session_state[_SEEN_BEFORE] = st.session_state.get(_SEEN, {})
    st.session_state.update(values_of(settings))
    note_what_was_set(values_of(settings))


def note_what_was_set(values: Mapping[str, Any]) -> None:
    """Remember that the page, not the reader, has set these controls just now; see `keep_what_was_set`."""
    before, earlier = st.session_state.get(_SEEN_BEFORE, {}), _not_yet_drawn()
    old = {k: {*earlier.get(k, ((), None))[0], before.get(k, value)} - {value} for k, value in values.items()}
    st.session_state[_SET] = {k: (old[k], value) for k, value in values.items() if old[k]}
    st.session_state[_TIMES_SET] = st.session_state.get(_TIMES_SET, 0) + 1


def is_what_was_before(settings: Settings) -> bool:
    """Whether these are what the page has just replaced, and the browser may not have drawn that yet.

    A preset that it reports then is no choice of the reader's.
    """
    values = values_of(settings)
    replaced = _not_yet_drawn()
    return bool(replaced) and all(values[key] in old for key, (old, _) in replaced.items() if key in values)


def _not_yet_drawn() -> dict[str, tuple[set[Any], Any]]:
    """What the page has set and the browser has not drawn: key → what it may still hold, and what it should."""
    if st.session_state.get(_DRAWN, 0) == st.session_state.get(_TIMES_SET, 0):
        st.session_state.pop(_SET, None)
    return dict(st.session_state.get(_SET, {}))


def keep_what_was_set(only: str | None = None) -> None:
    """Set the controls again that have gone back to what they were before the page has set them.

    With `only`, the key of one of them, no other is looked at.

    While a run is trained, the browser asks for the next slice several times a second, and tells the controls'
    values each time: old ones, until it has drawn the new. Streamlit would take them for the reader's. What the
    browser tells counts again as soon as it says that it has drawn the latest; see `ask_what_is_drawn`. What Back
    brings is the reader's at once.
    """
    if is_back_or_forward():
        st.session_state.pop(_SET, None)
    for key, (old, value) in _not_yet_drawn().items():
        if only in (None, key) and st.session_state.get(key) in old:
            st.session_state[key] = value


def settings_by_now(drawn: Settings) -> Settings:
    """What the controls are set to when a button is pressed, which was `drawn` with these; for its callback.

    For a moment after another button has set them, the stage is still drawn with what they held before.
    """
    keep_what_was_set()
    values: dict[str, Any] = {name: st.session_state.get(controls.key(name)) for name in (*FIRST, "layers")}
    layers = values.pop("layers")
    others = None if layers is None or None in values.values() else _others_as_set(layers)
    return drawn if others is None else Settings(**values, **others).without_idle()


def ask_what_is_drawn() -> None:
    """Let the browser say which setting of the controls it has drawn; to be called after the last of them."""

    def hear(times_set: int) -> None:
        st.session_state[_DRAWN] = times_set

    echo(st.session_state.get(_TIMES_SET, 0), controls.key("echo"), hear)


def choose_settings() -> tuple[Settings, DeltaGenerator, Callable[[], object]]:
    """The settings that matter most, side by side, and all others behind a button.

    Returns the settings, a place for the presets among the others, and what has to be called at the end of the
    stage: it draws the others while they are out of sight, so that the stage need not wait for them.
    """
    rate, batch, epochs, activation, layers, more = st.columns([4, 4, 4, 7, 4, 5], vertical_alignment="bottom")
    with rate:
        chosen: dict[str, Any] = {"rate": controls.steps("rate", "Learning rate η", RATES, USUAL.rate)}
    with batch:
        chosen["batch"] = controls.steps("batch", "Batch size", BATCHES, USUAL.batch)
    with epochs:
        chosen["epochs"] = controls.slider("epochs", "Epochs", 1, MOST_EPOCHS, USUAL.epochs)
    with activation:
        chosen["activation"] = controls.choice(
            "activation",
            "Activation",
            list(ACTIVATIONS),
            USUAL.activation,
            width="stretch",
            help="The function a(z) that turns the net input z of a hidden neuron into its output h.",
        )
    with layers:
        count = controls.slider("layers", "Hidden layers", 0, MOST_LAYERS, len(USUAL.hidden))
    words = st.empty()
    box = more_settings(controls, more)
    presets = box.container()
    others = None if st.session_state[controls.key("more")] else _others_as_set(count)
    settings = Settings(**chosen, **(_choose_others(count, box) if others is None else others))
    words.caption(WORDS.format(" and shrinks to 0 by the end" if settings.schedule == "cosine" else ""))
    before = st.session_state[_SEEN_BEFORE] = st.session_state.get(_SEEN, {})
    st.session_state[_SEEN] = {**before, **values_of(settings)}
    return settings, presets, lambda: None if others is None else _choose_others(count, box)


def choose_measure(measures: Sequence[T], is_offered: bool, on_change: Callable[[], None] | None) -> T:
    """What the stage shows: the first of these until they are offered.

    The control is drawn before, too, out of sight: one that an experiment sets before it has been drawn does not
    come into the address.
    """
    keep_what_was_set(MEASURE)
    chosen = controls.choice("measure", "Show", measures, label_visibility="collapsed", on_change=on_change)
    measure = chosen if is_offered else measures[0]
    st.session_state[_SEEN][MEASURE] = measure
    return measure


def _others_as_set(layers: int) -> dict[str, Any] | None:
    """The settings behind the button as the session holds them; None as long as it does not hold all."""
    numbers = range(1, layers + 1)
    single = [field.name for field in fields(Settings) if field.name not in (*FIRST, "hidden", "keep", "patience")]
    names = [*single, *(f"{name}{t}" for t in numbers for name in ("size", "keep"))]
    values = {name: st.session_state.get(controls.key(name)) for name in names}
    if values["validation"]:
        values["patience"] = st.session_state.get(controls.key("patience"))
    if None in values.values():
        return None
    return {
        "patience": 0,
        **{name: value for name, value in values.items() if name in (*single, "patience")},
        "hidden": tuple(values[f"size{t}"] for t in numbers),
        "keep": tuple(values[f"keep{t}"] for t in numbers),
    }


def _choose_others(layers: int, box: DeltaGenerator) -> dict[str, Any]:
    """Draw them, and what they are set to."""
    chosen: dict[str, Any] = {}
    with box:
        st.markdown(
            "**The hidden layers**: their neurons, and the share p of them that dropout keeps in each step"
        )
        chosen["hidden"], chosen["keep"] = _choose_layers(layers)
        network, training, pictures = st.columns(3, gap="medium")
        with network:
            st.markdown("**How it is built**")
            _choose_network(chosen)
        with training:
            st.markdown("**How a step is made**")
            _choose_training(chosen)
        with pictures:
            st.markdown("**What it learns from**")
            _choose_pictures(chosen)
        with st.expander("Rarely needed: first weights, chance, precision"):
            _choose_rare(chosen)
    return chosen


def _choose_layers(count: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Neurons and keep probability of each hidden layer."""
    hidden, keep = [], []
    for t, column in enumerate(st.columns(MOST_LAYERS)[:count], start=1):
        with column:
            hidden.append(controls.number(f"size{t}", f"Neurons in layer {t}", 1, MOST_NEURONS, SIZES[t - 1]))
            keep.append(
                controls.slider(
                    f"keep{t}",
                    f"Keep p, layer {t}",
                    0.05,
                    1.0,
                    1.0,
                    0.05,
                    help="Dropout (exercise 23.7): in each step a neuron of this layer is kept with probability "
                    "p, the keep probability. At p = 1 none is dropped, nor while accuracy is measured. Keras and "
                    "PyTorch ask for the rate 1 − p instead.",
                )
            )
    return tuple(hidden), tuple(keep)


def _choose_network(chosen: dict[str, Any]) -> None:
    """What the network is, besides its layers."""
    chosen["batch_norm"] = controls.choice(
        "batch_norm",
        "Batch normalisation",
        BATCH_NORMS,
        USUAL.batch_norm,
        help="Exercise 23.6: the net inputs of each hidden neuron are shifted and scaled to mean 0 and "
        "variance 1 within the batch, before the activation. The variance divides by n − 1 as in the book, or "
        "by n.",
    )
    chosen["loss"] = controls.menu(
        "loss",
        "Output and loss",
        list(LOSSES),
        USUAL.loss,
        help="Algorithm 23.3 uses sigmoid outputs with cross-entropy. The printed program's error is that of "
        "squared error. Softmax makes the ten outputs sum to 1.",
    )


def _choose_training(chosen: dict[str, Any]) -> None:
    """How a step is made, besides its rate and its batch."""
    chosen["optimizer"] = controls.menu(
        "optimizer",
        "Optimizer",
        list(OPTIMIZERS),
        USUAL.optimizer,
        help="How the gradient moves the weights: sgd takes the plain step of Algorithm 23.3; momentum keeps "
        "0.9 of the step before; adam scales each weight's step by the size of its past gradients. The last "
        "one makes the printed program's bias mistake.",
    )
    chosen["schedule"] = controls.choice("schedule", "Learning rate η over time", list(SCHEDULES), USUAL.schedule)
    if chosen["schedule"] == "cosine":
        st.caption("η falls to 0 by the last epoch, along half a wave of the cosine.")
    chosen["l2"] = controls.steps(
        "l2",
        "L2 penalty λ",
        PENALTIES,
        USUAL.l2,
        help="Adds ½ λ Σ w² / n to the mean loss of a batch of n pictures, over all weights w but not the biases. "
        "Large weights then cost something, and the network learns less by heart.",
    )


def _choose_pictures(chosen: dict[str, Any]) -> None:
    """What it learns from, and how it is judged."""
    chosen["data"] = controls.menu(
        "data",
        "Data set",
        DATA,
        help="The printed program trains on 56,000 pictures and tests on 14,000. MNIST's own split is 60,000 and "
        "10,000. The small digits are scikit-learn's: 1,437 and 360 pictures of 8 × 8 pixels.",
    )
    chosen["rows"] = controls.steps(
        "rows",
        "Training pictures used",
        ROWS,
        USUAL.rows,
        help="Fewer pictures train faster and are learned by heart sooner: the curves of training and test part.",
    )
    chosen["validation"] = controls.steps(
        "validation",
        "Held out for validation",
        VALIDATION_SHARES,
        USUAL.validation,
        help="This share of the training pictures, from 0 to 0.3, is not trained on. Choose settings by the "
        "accuracy on these, and the test pictures stay an honest judge.",
    )
    chosen["patience"] = 0
    if chosen["validation"]:
        chosen["patience"] = controls.steps(
            "patience",
            "Early stopping after",
            PATIENCES,
            USUAL.patience,
            format_func=lambda epochs: f"{epochs} epoch{'s' * (epochs > 1)}" if epochs else "never",
            help="Training stops when the accuracy on the validation pictures has not risen for so many epochs.",
        )


def _choose_rare(chosen: dict[str, Any]) -> None:
    """What few readers change."""
    left, middle, right = st.columns(3, gap="medium")
    with left:
        chosen["init"] = controls.menu(
            "init",
            "First weights",
            FIRST_WEIGHTS,
            USUAL.init,
            help="They are drawn at random with variance 1 (normal), 2 / (inputs + outputs) (xavier) or "
            "2 / inputs (he). “As printed” draws the very numbers of the printed program from the seed; its seed "
            "is 2023.",
        )
        chosen["dropout"] = controls.choice(
            "dropout",
            "Kind of dropout",
            DROPOUTS,
            help="Inverted dropout divides the kept outputs by p while it trains. Plain dropout multiplies all "
            "outputs by p when it predicts. It matters only where a keep probability is below 1.",
        )
    with middle:
        chosen["seed"] = controls.number(
            "seed",
            "Seed",
            0,
            LARGEST_SEED,
            USUAL.seed,
            help="Fixes the first weights and the order of the pictures. The same seed gives the same run.",
        )
        chosen["order"] = controls.menu(
            "order",
            "Order of the pictures",
            ORDERS,
            help="The printed program meets the pictures in the same order in every epoch.",
        )
    with right:
        chosen["precision"] = controls.choice(
            "precision",
            "Precision",
            PRECISIONS,
            help="Single precision holds about 7 digits and is faster; the printed program computes in double "
            "precision, about 16 digits.",
        )
