"""Settings of page 23.3 that one click makes: presets, and experiments that begin at once."""

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ex23_3.controls import controls
from pages.ex23_3.settings import Settings
from pages.ex23_3.training import Training
from pages.shared.page import Experiment

FAST = Settings()
BEST = replace(FAST, batch_norm="n−1", keep=(0.9, 1.0), optimizer="adam", rate=0.004, batch=64, epochs=20)
AS_IN_THE_BOOK = replace(FAST, activation="sigmoid", batch=1, rate=0.1, schedule="constant")
PRINTED = replace(AS_IN_THE_BOOK, loss="sigmoid squared error", init="normal")
ALGORITHM = replace(AS_IN_THE_BOOK, loss="sigmoid cross-entropy", init="xavier")

PRESETS = [
    ("Fast and accurate", FAST, "ReLU, softmax and batches of 32: about 98 % in a few seconds."),
    (
        "Batch norm and dropout",
        BEST,
        "Both techniques of exercises 23.6 and 23.7, with Adam: about 98.2 % in 20 epochs.",
    ),
    ("Algorithm 23.3 as stated", ALGORITHM, "Sigmoids, cross-entropy, one sample at a time."),
    ("The printed program", PRINTED, "Squared error and weights from N(0, 1), each bias moved by its own delta."),
]


def show_presets() -> None:
    """A row of buttons that set the controls; the run shown goes on with its own settings."""
    with st.container(horizontal=True):
        for label, preset, about in PRESETS:
            controls.button(
                f"preset_{label}", label, st.session_state.update, controls.keyed(preset.as_controls()), help=about
            )


def _begun(settings: Settings, **others: Any) -> dict[str, Any]:
    """What an experiment sets, besides asking for a new run with it."""
    return controls.keyed({**settings.as_controls(), **others, "begin": True})


def begin_if_asked(training: Training, settings: Settings) -> None:
    """Start the run that an experiment has asked for, once the controls hold its settings."""
    if st.session_state.pop(controls.key("begin"), False):
        training.start_anew(settings)


EXPERIMENTS = [
    Experiment(
        "Make it diverge",
        _begun(replace(FAST.with_value("layers", 5), rate=1.0, schedule="constant")),
        "Five layers and a learning rate of 1. Watch the progress line: how far does it get?",
        "Each step overshot, and the next gradient was larger still. Within a few steps the numbers left the "
        "computer's range. The page said when, and kept the last finite weights. Now try a rate of 0.1.",
    ),
    Experiment(
        "Watch gradients vanish",
        _begun(replace(ALGORITHM.with_value("layers", 5), batch=32, epochs=3, rows=10_000), view="gradients"),
        "Five hidden layers of sigmoids. Look at the gradients under *What the network knows*.",
        "Layer 1's gradient is far smaller than layer 6's, and accuracy hardly moved. Now change the "
        "activation to relu, press Reset and Start, and compare.",
    ),
    Experiment(
        "Learn too few by heart",
        _begun(replace(FAST, rows=1000, epochs=50)),
        "Only 1,000 pictures, 50 times over. Watch the two curves: when do they part?",
        "Training accuracy reached 100 %, while test accuracy stayed near 89 %. The net learned these "
        "pictures, not digits.",
    ),
]
