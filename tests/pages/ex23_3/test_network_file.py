"""A network kept as a file and brought back to page 23.3: the same answers, and nothing a file says is trusted."""

import io
from dataclasses import replace
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib import Network, load_digits
from nnlib.measuring import Measurement
from nnlib.saving import load_network, save_network
from pages.ex23_3.network_file import _content, run_from
from pages.ex23_3.runs import new_run, results_table
from pages.ex23_3.settings import TRAINING_PICTURES, Settings
from pages.shared.run_curves import curve_points

SETTINGS = Settings(
    data="digits 8×8",
    rows=1000,
    hidden=(12,),
    keep=(0.9,),
    dropout="plain",
    batch_norm="n",
    activation="tanh",
    batch=32,
    rate=0.1,
    optimizer="adam",
    schedule="constant",
    epochs=2,
    seed=3,
)
OTHERS = replace(SETTINGS, rows="all", hidden=(100, 50), keep=(1.0, 1.0), batch=1, batch_norm="off", seed=0)
AS_WRITTEN = {
    "data": "digits 8×8",
    "rows": 1000,
    "hidden": [12],
    "keep": [0.9],
    "dropout": "plain",
    "batch_norm": "n",
    "activation": "tanh",
    "loss": "softmax cross-entropy",
    "init": "he",
    "batch": 32,
    "rate": 0.1,
    "optimizer": "adam",
    "schedule": "constant",
    "epochs": 2,
    "l2": 0.0,
    "validation": 0.0,
    "patience": 0,
    "order": "fresh each epoch",
    "precision": "single",
    "seed": 3,
    "name": "mine",
    "compared": True,
    "wanted": False,
}


def saved(network: Network, settings: dict[str, Any]) -> io.BytesIO:
    content = io.BytesIO()
    save_network(content, network, settings=settings)
    return content


def test_what_is_kept_comes_back() -> None:
    run = new_run(SETTINGS)
    run.trainer.run()
    again = run_from(io.BytesIO(_content(run)), OTHERS)
    X = load_digits().test_inputs(slice(None), np.float32)
    np.testing.assert_array_equal(again.trainer.network.predict_proba(X), run.trainer.network.predict_proba(X))
    assert again.settings == SETTINGS
    assert repr(again.trainer.history) == repr(run.trainer.history)  # the first speed is NaN, equal to nothing
    assert again.trainer.step == run.trainer.step
    assert again.reached
    assert len(curve_points({"again": again})) == 2 * len(run.trainer.history)
    assert results_table([again])["test accuracy"][0] == run.trainer.history[-1].test_accuracy


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS,
        replace(SETTINGS, keep=(1.0,), dropout="none", batch_norm="off", rows="all", loss="sigmoid squared error"),
        replace(SETTINGS, hidden=(), keep=(), dropout="none", batch_norm="off", optimizer="momentum"),
        replace(SETTINGS, data="MNIST, standard split", hidden=(5, 4), keep=(1.0, 0.5), batch_norm="n−1"),
    ],
)
def test_a_file_brought_back_and_kept_again_is_the_same_file(settings: Settings) -> None:
    run = new_run(settings, "mine")
    run.trainer.run_epochs(1)
    kept = _content(run)
    again = run_from(io.BytesIO(kept), OTHERS)
    assert _content(again) == kept
    assert again.settings == settings
    assert again.trainer.epoch == 1
    run.trainer.run()
    again.trainer.run()  # it goes on as if it had never been away
    assert again.trainer.network.parameters.tobytes() == run.trainer.network.parameters.tobytes()
    assert len(again.trainer.data.X_train) == settings.training_pictures


def test_what_a_file_says_of_its_settings_stays_as_it_was() -> None:
    assert load_network(io.BytesIO(_content(new_run(SETTINGS, "mine")))).settings == AS_WRITTEN


@pytest.mark.parametrize(
    ("name", "data"),
    [("mnist", "MNIST, source split"), ("mnist-standard", "MNIST, standard split"), ("x", "MNIST, source split")],
)
def test_a_network_trained_in_the_terminal_is_judged_on_its_own_split(name: str, data: str) -> None:
    run = run_from(saved(Network((784, 5, 10), random_state=0), {"data": name, "batch": 16, "epochs": 60}), OTHERS)
    assert run.settings.data == data
    assert len(run.trainer.data.X_train) == TRAINING_PICTURES[data]
    assert (run.settings.batch, run.settings.epochs) == (16, 60)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"batch": "many", "rate": -1, "optimizer": None, "epochs": 10**9, "seed": "x", "schedule": 7},
        {"data": "../../etc", "hidden": [1, 2], "keep": 7, "rows": -4},
        {"batch": True, "rate": 2**128, "epochs": 1.5, "seed": -1, "rows": 1234},
    ],
)
def test_what_a_file_says_of_its_training_is_not_trusted(said: dict[str, Any]) -> None:
    network = Network((64, 5, 10), batch_norm=True, random_state=0)
    run = run_from(saved(network, said), OTHERS)
    assert run.settings.hidden == (5,)
    assert run.settings.batch_norm == "n−1"
    assert run.settings.data == "digits 8×8"
    assert run.settings.optimizer in ("adam", "sgd")
    assert run.settings.batch >= 2  # batch normalisation with n − 1 needs two
    assert run.settings.epochs == OTHERS.epochs
    assert run.reached


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**128), 2**128)
    | st.floats(allow_nan=False, allow_infinity=False)
    # What a setting can be, but not for every other.
    | st.sampled_from(["all", "adam", "cosine", "digits", "digits 8×8", "MNIST, source split", 1000, 1, 56_000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@hypothesis.settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(AS_WRITTEN)), json_values, max_size=15),
    st.lists(st.floats(0, 1e100) | st.integers(0, 2**53).map(float), min_size=6, max_size=6),
)
@hypothesis.example({"validation": 1e-49, "data": "digits 8×8"}, [0.0] * 6)  # none held out
@hypothesis.example({"validation": 0.9, "rows": 1}, [0.0] * 6)  # all
def test_whatever_a_file_says_its_run_can_be_shown(said: dict[str, Any], numbers: list[float]) -> None:
    step, epoch, seconds, rate, loss, speed = numbers
    step, epoch, seconds = int(min(step, 2**53)), min(epoch, 1e9), min(seconds, 1e10)
    measured = Measurement(step, epoch, seconds, rate, loss, 0.5, loss, 0.5, speed, (loss, rate), (rate, loss))
    content = io.BytesIO()
    save_network(content, Network((64, 5, 10), random_state=0), [measured], said)
    run = run_from(content, OTHERS)
    assert run.reached
    assert run.settings.batch <= run.settings.training_pictures
    assert run.trainer.step <= run.trainer.total_steps
    assert results_table([run])["test accuracy"][0] == 0.5
    assert len(curve_points({"run": run})) == 2
    kept = _content(run)
    assert _content(run_from(io.BytesIO(kept), OTHERS)) == kept


@pytest.mark.parametrize("sizes", [(3, 10), (784, 5, 9)])
def test_a_network_for_other_pictures_is_refused_in_plain_words(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=f"This network has {sizes[0]} inputs and {sizes[-1]} outputs"):
        run_from(saved(Network(sizes, random_state=0), {}), OTHERS)
