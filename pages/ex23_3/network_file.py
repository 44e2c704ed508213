"""Keep the run of page 23.3 as a file, and bring one back."""

import io
from functools import partial

import numpy as np
import streamlit as st

from nnlib.saving import SavedNetwork, load_checkpoint, load_network, save_checkpoint
from pages.ex23_3.controls import controls
from pages.ex23_3.file_settings import settings_of
from pages.ex23_3.run_folder import settings_to_keep
from pages.ex23_3.runs import MOST_LETTERS, MnistRun, load_data, new_trainer, own_optimizer, why_unreadable
from pages.ex23_3.settings import DOUBLE, Settings
from pages.ex23_3.training import Training

LARGEST_MB = 50


def network_file(training: Training, settings: Settings) -> None:
    """A button that downloads the run shown, and a place for a file that holds one.

    Once for each file, its run becomes the one shown. What the file does not say is taken from `settings`.
    """
    run = training.shown
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(
            "The file holds all weights, the settings, the curves and all that training needs to go on. It is a "
            "plain `.npz`: `nnlib.load_network` and `nnlib.load_checkpoint` read it too."
        )
        if run is None:
            st.info("There is no network to keep yet. Press Train or One batch first.", icon=":material/save:")
        else:
            st.download_button(
                "Download this run",
                partial(_content, run),
                "run.npz",
                "application/octet-stream",
                on_click="ignore",
                icon=":material/download:",
                key=controls.key("download"),
            )
    with right:
        file = st.file_uploader(
            "Bring a run back from its file", type="npz", key=controls.key("upload"), max_upload_size=LARGEST_MB
        )
        if file is None:
            return
        if file.file_id != st.session_state.get(controls.key("brought_back")):
            try:
                brought = run_from(file, settings)
            except (ValueError, OSError) as error:  # OSError: the pictures it was trained on are not there
                st.error(f"{error} Nothing was changed.", icon=":material/error:")
                return
            st.session_state[controls.key("brought_back")] = file.file_id
            training.bring_back(brought)
            st.rerun()
        st.success("The run of this file is the one now shown.", icon=":material/check:")


def _content(run: MnistRun) -> bytes:
    """The run as the content of a file."""
    run.claim()
    content = io.BytesIO()
    save_checkpoint(content, run.trainer, settings_to_keep(run))
    return content.getvalue()


def run_from(file: io.BytesIO, settings: Settings) -> MnistRun:
    """The run that a file holds. One that holds a network alone is shown as a run that has ended.

    What the file does not say of its training, or says wrongly, is taken from `settings`.

    Raises
    ------
    ValueError
        If the file is damaged, or its network does not fit the pictures of page 23.3; the message is for the
        reader.
    OSError
        If the pictures cannot be read.
    """
    saved = load_network(file)
    settings = settings_of(saved, settings)
    unreadable = why_unreadable(settings)
    if unreadable is not None:
        raise OSError(unreadable)
    name = saved.settings.get("name")
    name = name[:MOST_LETTERS] if isinstance(name, str) and name else "from a file"
    try:
        trainer = load_checkpoint(file, load_data(settings), own_optimizer(settings)).trainer
    except ValueError:  # a network alone, or a training that was not one of this page
        return _ended(saved, settings, name)
    return MnistRun(settings, trainer, name=name)


def _ended(saved: SavedNetwork, settings: Settings, name: str) -> MnistRun:
    """The file's network and curves, with nothing more to train."""
    network = saved.network.as_type(np.float64 if settings.precision == DOUBLE else np.float32)
    trainer = new_trainer(network, load_data(settings), settings)
    trainer.state = "finished"
    trainer.history.extend(saved.history)
    if trainer.history:
        trainer.step = min(trainer.total_steps, trainer.history[-1].step)
        trainer.seconds = trainer.history[-1].seconds
    return MnistRun(settings, trainer, name=name)
