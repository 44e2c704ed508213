"""Keep the network of page 23.3 as a file, and bring one back."""

import io
from collections.abc import Container, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from nnlib import Network, Trainer
from nnlib.chapter23.printed_program import OPTIMIZERS
from nnlib.saving import SavedNetwork, load_network, save_network
from nnlib.training import SCHEDULES
from pages.ex23_3.controls import controls
from pages.ex23_3.runs import MnistRun, load_data
from pages.ex23_3.settings import DATA, DIGITS, FULL, ROWS, TRAINING_PICTURES, Settings
from pages.ex23_3.training import Training
from pages.shared.page import section
from pages.shared.run import Run

DATA_OF_INPUTS = {784: DATA[:2], 64: [DIGITS]}
FROM_TERMINAL = {"mnist": DATA[0], "mnist-standard": DATA[1], "digits": DIGITS}  # the names of `python -m nnlib`
CLASSES = 10
# What a file may say of its training.
CHOICES: dict[str, Container[Any]] = {"rows": ROWS, "optimizer": OPTIMIZERS, "schedule": SCHEDULES}
MOST_PICTURES = max(TRAINING_PICTURES.values())
COUNTS = {"batch": range(1, MOST_PICTURES + 1), "epochs": range(1, 100_001), "seed": range(2**63)}
LARGEST_RATE = 1e6
LARGEST_MB = 50


def network_file(training: Training, settings: Settings) -> None:
    """The section: a button that downloads the network of the run shown, and a place for a file that holds one.

    Once for each file, its run becomes the one shown. What the file does not say is taken from `settings`.
    """
    section("Keep this network, or bring one back")
    run = training.run
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(
            "The file holds all weights, the settings and the curves. It is a plain `.npz`: `nnlib` reads it too, "
            "with `nnlib.saving.load_network`."
        )
        if run is None:
            st.info("There is no network to keep yet. Press Start or One batch above.", icon=":material/save:")
        else:
            st.download_button(
                "Download this network",
                partial(_content, run),
                "network.npz",
                "application/octet-stream",
                on_click="ignore",
                icon=":material/download:",
                key=controls.key("download"),
            )
    with right:
        file = st.file_uploader(
            "Bring a network back", type="npz", key=controls.key("upload"), max_upload_size=LARGEST_MB
        )
        if file is None:
            return
        if file.file_id != st.session_state.get(controls.key("brought_back")):
            try:
                brought = run_from(load_network(file), settings)
            except (ValueError, OSError) as error:  # OSError: the pictures it was trained on are not there
                st.error(f"{error} Nothing was changed.", icon=":material/error:")
                return
            st.session_state[controls.key("brought_back")] = file.file_id
            training.bring_back(brought)
            st.rerun()
        st.success("The network of this file is the run now shown.", icon=":material/check:")


def _content(run: MnistRun) -> bytes:
    """The run's network as the content of a file."""
    run.claim()
    content = io.BytesIO()
    save_network(content, run.trainer.network, history=run.trainer.history, settings=vars(run.settings))
    return content.getvalue()


def run_from(saved: SavedNetwork, settings: Settings) -> MnistRun:
    """The run that a file holds, as one that has ended: its curves are there, and its network can be looked into.

    What the file does not say of its training, or says wrongly, is taken from `settings`.

    Raises
    ------
    ValueError
        If the network does not fit the pictures of page 23.3; the message is for the reader.
    """
    network = saved.network.as_type(np.float32)
    inputs, outputs = network.sizes[0], network.sizes[-1]
    if inputs not in DATA_OF_INPUTS or outputs != CLASSES:
        raise ValueError(
            f"This network has {inputs} inputs and {outputs} outputs. The pictures here have 784 or 64 pixels and "
            f"show {CLASSES} digits."
        )
    settings = replace(
        settings,
        **{"rows": FULL, **_believed(saved.settings)},
        data=_data(saved.settings.get("data"), inputs),
        hidden=network.sizes[1:-1],
        keep=network.keep_prob,
        dropout="inverted" if network.inverted else "plain",
        batch_norm="off" if not network.batch_norm else "n−1" if network.ddof else "n",
        activation=network.activation,
        loss=network.loss_name,
        init=network.init,
    ).without_idle()
    smallest_batch = 1 + settings.has_no_variance
    settings = replace(settings, batch=min(max(settings.batch, smallest_batch), settings.training_pictures))
    return Run(settings, _ended(network, saved, settings))


def _data(name: Any, inputs: int) -> str:
    """The data set of that name, or else the first one whose pictures have as many pixels."""
    there_are = DATA_OF_INPUTS[inputs]
    name = FROM_TERMINAL.get(name, name) if isinstance(name, str) else None
    return name if name in there_are else there_are[0]


def _believed(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says of its training, as far as it can be."""
    believed = {
        name: said[name]
        for name, there_are in CHOICES.items()
        if type(said.get(name)) in (int, str) and said[name] in there_are
    }
    for name, there_are in COUNTS.items():
        if type(said.get(name)) is int and said[name] in there_are:
            believed[name] = said[name]
    rate: Any = said.get("rate")
    if type(rate) in (int, float) and 0 < rate <= LARGEST_RATE:
        believed["rate"] = float(rate)
    return believed


def _ended(network: Network, saved: SavedNetwork, settings: Settings) -> Trainer:
    """The file's trainer, which has nothing more to do."""
    trainer = Trainer(
        network,
        load_data(settings),
        batch_size=settings.batch,
        learning_rate=settings.rate,
        optimizer=OPTIMIZERS[settings.optimizer],
        schedule=settings.schedule,
        epochs=settings.epochs,
        measure_every=None,
        random_state=settings.seed,
    )
    trainer.state = "finished"
    trainer.history.extend(saved.history)
    if trainer.history:
        trainer.step = min(trainer.total_steps, trainer.history[-1].step)
        trainer.seconds = trainer.history[-1].seconds
    return trainer
