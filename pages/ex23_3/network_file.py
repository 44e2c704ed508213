"""Keep the network of page 23.3 as a file, and bring one back."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from nnlib import Network, Trainer
from nnlib.chapter23.printed_program import OPTIMIZERS
from nnlib.saving import SavedNetwork, load_network, save_network
from pages.ex23_3.runs import load_data
from pages.ex23_3.settings import DATA, DIGITS, FULL, Settings
from pages.shared.run import Run

DATA_OF_INPUTS = {784: DATA[0], 64: DIGITS}
CLASSES = 10
TRAINING = ("batch", "rate", "optimizer", "schedule", "epochs", "seed")  # what a file says of its training
LARGEST_MB = 50


def network_file(run: Run | None, settings: Settings, bring_back: Callable[[Run], None]) -> None:
    """A button that downloads the run's network, and a place for a file that holds one.

    Parameters
    ----------
    run : whose network is kept; None before the first
    settings : of the page's controls, for what a file does not say
    bring_back : called with the run that a file holds, once for each file
    """
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(
            "The file holds all weights, the settings and the curves. It is a plain `.npz`: `nnlib` reads it too, "
            "with `nnlib.saving.load_network`."
        )
        if run is None:
            st.info("There is no network to keep yet. Press Start or One batch above.", icon=":material/save:")
        else:
            kept = run
            st.download_button(
                "Download this network",
                lambda: _content(kept),
                "network.npz",
                "application/octet-stream",
                on_click="ignore",
                icon=":material/download:",
                key="ex23_3_download",
            )
    with right:
        file = st.file_uploader(
            "Bring a network back", type="npz", key="ex23_3_upload", max_upload_size=LARGEST_MB
        )
        if file is None:
            return
        if file.file_id != st.session_state.get("ex23_3_brought_back"):
            try:
                brought = run_from(load_network(file), settings)
            except ValueError as error:
                st.error(f"{error} Nothing was changed.", icon=":material/error:")
                return
            st.session_state["ex23_3_brought_back"] = file.file_id
            bring_back(brought)
        st.success("The network of this file is the run now shown.", icon=":material/check:")


def _content(run: Run) -> bytes:
    """The run's network as the content of a file."""
    run.claim()
    content = io.BytesIO()
    save_network(content, run.trainer.network, run.trainer.history, run.settings)
    return content.getvalue()


def run_from(saved: SavedNetwork, settings: Settings) -> Run:
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
    name = saved.settings.get("data")
    if name not in DATA or name == DIGITS or inputs != 784:
        name = DATA_OF_INPUTS[inputs]
    of_network = {
        "data": name,
        "rows": FULL,
        "hidden": network.sizes[1:-1],
        "keep": network.keep_prob,
        "dropout": "none" if min(network.keep_prob, default=1.0) == 1 else _kind(network),
        "batch_norm": "off" if not network.batch_norm else "n−1" if network.ddof else "n",
        "activation": network.activation,
        "loss": network.loss_name,
        "init": network.init,
    }
    of_file = {key: saved.settings[key] for key in TRAINING if key in saved.settings}
    try:
        chosen = {**settings, **of_file, **of_network}
        trainer = _ended(network, chosen)
    except (TypeError, ValueError):
        chosen = {**settings, **of_network, "batch": max(2, int(settings["batch"]))}
        trainer = _ended(network, chosen)
    trainer.history.extend(saved.history)
    if trainer.history:
        trainer.step = min(trainer.total_steps, trainer.history[-1].step)
        trainer.seconds = trainer.history[-1].seconds
    return Run(chosen, trainer)


def _kind(network: Network) -> str:
    return "inverted" if network.inverted else "plain"


def _ended(network: Network, settings: dict[str, Any]) -> Trainer:
    """A trainer of `network` that has nothing more to do."""
    trainer = Trainer(
        network,
        load_data(settings["data"], settings["rows"]),
        settings["batch"],
        settings["rate"],
        OPTIMIZERS[settings["optimizer"]],
        settings["schedule"],
        settings["epochs"],
        random_state=settings["seed"],
    )
    trainer.state = "finished"
    return trainer
