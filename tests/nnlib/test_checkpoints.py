"""Training goes on from a checkpoint to the same last bit as if it had never stopped."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlib import (
    Dataset,
    Network,
    Trainer,
    load_checkpoint,
    load_digits,
    load_network,
    save_checkpoint,
    save_network,
)
from nnlib.chapter23.printed_program import SummedBiasSGD
from nnlib.saving import SavedTraining

ROOT = Path(__file__).parents[2]
OPTIMIZERS = ["sgd", "momentum", "adam", SummedBiasSGD]
PARTS: list[dict[str, Any]] = [
    {},
    {"keep_prob": 0.7},
    {"batch_norm": True},
    {"batch_norm": True, "keep_prob": 0.5},
]


def pictures() -> Dataset:
    """60 small pictures of three kinds, two pixels of which are always 0."""
    rng = np.random.default_rng(0)
    X = rng.integers(0, 9, (80, 12), dtype=np.uint8) * rng.integers(0, 2, (80, 12), dtype=np.uint8)
    X[:, [3, 7]] = 0
    Y = np.eye(3)[X[:, :9].reshape(80, 3, 3).sum(axis=1).argmax(axis=1)]
    return Dataset.from_arrays(X[:60], Y[:60], X[60:], Y[60:], scale=1 / 8)


DATA = pictures()
BATCHES, EPOCHS = 9, 4  # of 7 rows, the last one of 4


def new_trainer(parts: dict[str, Any] | None = None, **others: Any) -> Trainer:
    """A trainer that has not begun."""
    arguments = {"batch_size": 7, "learning_rate": 0.1, "epochs": EPOCHS, "measure_every": 0.4, "random_state": 1}
    network = Network(
        (12, 8, 6, 3),
        activation="relu",
        loss="softmax cross-entropy",
        dtype=np.float32,
        random_state=0,
        **(parts or {}),
    )
    return Trainer(network, DATA, **{**arguments, "record_loss": True, **others})


def kept(trainer: Trainer, settings: dict[str, Any] | None = None) -> bytes:
    """The bytes `save_checkpoint` writes."""
    file = io.BytesIO()
    save_checkpoint(file, trainer, settings)
    return file.getvalue()


def load(content: bytes, optimizer: Any = "sgd", data: Dataset = DATA) -> SavedTraining:
    """The training in these bytes; `optimizer` as it was given to `Trainer`."""
    return load_checkpoint(io.BytesIO(content), data, None if isinstance(optimizer, str) else optimizer)


def all_but_time(trainer: Trainer) -> Any:
    """Everything training comes to."""
    checkpoint = trainer.checkpoint()
    return (
        trainer.network.parameters.tobytes(),
        [part.tobytes() for pair in trainer.network.statistics for part in pair],
        [array.tobytes() for array in checkpoint.optimizer_state],
        checkpoint.order.tobytes(),
        checkpoint.random_states,
        checkpoint.net_inputs.tobytes(),
        checkpoint.penalties.tobytes(),
        trainer.epoch_losses,
        [replace(seen, seconds=0.0, samples_per_second=0.0) for seen in trainer.history],
        (trainer.state, trainer.problem, trainer.step, trainer.rates),
    )


def with_stops(make: Callable[[], Trainer], stops: list[int], optimizer: Any) -> Trainer:
    """Trained to the end, kept in a file and brought back at each of these steps."""
    trainer = load(kept(make()), optimizer).trainer  # before the first step
    for stop in stops:
        trainer.run_for(1e9, last_step=stop)
        trainer = load(kept(trainer), optimizer).trainer
    return trainer


def assert_nothing_lost(make: Callable[[], Trainer], seed: int, optimizer: Any = "sgd") -> None:
    """Assert that training in pieces comes to the same as in one."""
    whole = make()
    whole.run()
    inner = np.random.default_rng(seed).choice(np.arange(1, whole.total_steps), 3, replace=False)
    stops = sorted({*inner.tolist(), BATCHES - 1, BATCHES, BATCHES + 1, 3 * BATCHES, whole.total_steps})
    assert all_but_time(with_stops(make, stops, optimizer)) == all_but_time(whole)


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
@pytest.mark.parametrize("parts", PARTS, ids=lambda parts: "-".join(parts) or "plain")
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_goes_on_as_if_never_stopped(optimizer: Any, parts: dict[str, Any], schedule: str) -> None:
    assert_nothing_lost(lambda: new_trainer(parts, optimizer=optimizer, schedule=schedule), 0, optimizer)


@pytest.mark.parametrize(
    "others",
    [
        {"l2": 0.5},
        {"sample_weight": np.linspace(0.5, 2, 60)},
        {"l2": 0.5, "sample_weight": np.linspace(0.5, 2, 60)},
        {"record_loss": False, "measure_every": None},
        {"batch_size": 1},
        {"batch_size": 60},
        {"shuffle": False},
    ],
)
def test_so_it_does_whatever_the_trainer_was_told(others: dict[str, Any]) -> None:
    assert_nothing_lost(lambda: new_trainer(**others), seed=0)


def test_a_learning_rate_set_on_the_way_is_kept() -> None:
    def make() -> Trainer:
        trainer = new_trainer(optimizer="adam", schedule="cosine")
        trainer.run_batches(13)
        trainer.learning_rate = 0.02
        return trainer

    assert_nothing_lost(make, seed=1)
    assert load(kept(make())).trainer.rates == [(0, 0.1), (13, 0.02)]


@pytest.mark.parametrize("stop", [13, EPOCHS * BATCHES])
def test_epochs_added_are_kept(stop: int) -> None:
    def make() -> Trainer:
        trainer = new_trainer({"batch_norm": True}, schedule="cosine")
        trainer.run_batches(stop)
        trainer.add_epochs(2)
        return trainer

    assert_nothing_lost(make, seed=1)
    whole = make()
    whole.run()
    assert (whole.epoch, load(kept(whole)).trainer.epochs) == (EPOCHS + 2, EPOCHS + 2)


def test_early_stopping_needs_no_more_than_the_history() -> None:
    data = DATA.hold_out(0.3)

    def make() -> Trainer:
        network = Network((12, 8, 3), loss="softmax cross-entropy", random_state=0)
        return Trainer(network, data, batch_size=7, learning_rate=0.3, epochs=50, patience=2, random_state=1)

    whole, pieces = make(), make()
    whole.run()
    while pieces.state == "training":
        pieces.run_batches(4)
        pieces = load(kept(pieces), data=data).trainer
    assert pieces.ending == whole.ending != ""
    assert all_but_time(pieces) == all_but_time(whole)


def test_a_network_with_double_precision_and_a_random_state_of_its_own() -> None:
    def make() -> Trainer:
        network = Network((12, 5, 3), keep_prob=0.5, random_state=3)
        return Trainer(network, DATA, batch_size=7, epochs=EPOCHS, random_state=np.random.default_rng(4))

    assert_nothing_lost(make, seed=2)
    trainer = make()
    again = load(kept(trainer)).trainer
    assert again.network.rng.random(3).tolist() == trainer.network.rng.random(3).tolist()


@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_divergence_comes_at_the_same_step_and_is_remembered(optimizer: str) -> None:
    def make() -> Trainer:
        return new_trainer(learning_rate=1.0, l2=150.0, optimizer=optimizer)  # a step takes W to about −20 W

    whole = make()
    whole.run()
    assert whole.state == "diverged"
    before = make()
    before.run_batches(whole.step - 1)
    assert before.state == "training"
    again = load(kept(before)).trainer
    again.run()
    assert all_but_time(again) == all_but_time(whole)
    back = load(kept(whole)).trainer
    back.run()
    assert (back.state, back.problem) == ("diverged", whole.problem)
    assert repr(back.last_steps) == repr(whole.last_steps)
    assert back.last_steps
    assert all_but_time(back) == all_but_time(whole)


def test_finished_training_stays_so() -> None:
    trainer = new_trainer()
    trainer.run()
    back = load(kept(trainer)).trainer
    back.run()
    back.run_for(0.0)
    assert back.state == "finished"
    assert all_but_time(back) == all_but_time(trainer)


@pytest.mark.parametrize("steps", [0, 5, BATCHES, 2 * BATCHES + 3, EPOCHS * BATCHES])
def test_kept_and_brought_back_and_kept_again_it_is_the_same_file(steps: int) -> None:
    trainer = new_trainer({"batch_norm": True, "keep_prob": 0.7}, optimizer="adam", l2=0.1, schedule="cosine")
    if steps:
        trainer.run_batches(steps)
    content = kept(trainer, {"note": [1, 2.5, None], "seed": 2**128})
    back = load(content)
    assert kept(back.trainer, back.settings) == content
    assert back.settings == {"note": [1, 2.5, None], "seed": 2**128}


def test_a_checkpoint_is_a_network_too() -> None:
    trainer = new_trainer({"batch_norm": True})
    trainer.run_batches(20)
    found = load_network(io.BytesIO(kept(trainer, {"a": 1})))
    alone = io.BytesIO()
    save_network(alone, trainer.network, trainer.history, {"a": 1})
    again = io.BytesIO()
    save_network(again, found.network, found.history, found.settings)
    assert again.getvalue() == alone.getvalue()


# kill -9

TRAINS_UNTIL_KILLED = """
import sys
from pathlib import Path
import numpy as np
from nnlib import Dataset, Network, Trainer, load_checkpoint, save_checkpoint

path = Path(sys.argv[1])
rng = np.random.default_rng(5)
X = rng.standard_normal((50, 6))
data = Dataset.from_arrays(X, np.eye(3)[rng.integers(0, 3, 50)])
if path.exists():
    trainer = load_checkpoint(path, data).trainer
else:
    network = Network((6, 9, 3), keep_prob=0.8, batch_norm=True, random_state=0)
    arguments = {"batch_size": 8, "optimizer": "adam", "epochs": 10**6, "measure_every": None}
    trainer = Trainer(network, data, random_state=0, **arguments)
last_step = int(sys.argv[2]) or None
while trainer.step != last_step:
    trainer.run_batches(5 if last_step is None else last_step - trainer.step)
    save_checkpoint(path, trainer)
    print(trainer.step, flush=True)
"""


def program(path: Path, last_step: int = 0) -> list[str]:
    """The command that trains and keeps every fifth step, up to `last_step` or for ever."""
    return [sys.executable, "-c", TRAINS_UNTIL_KILLED, str(path), str(last_step)]


def test_a_killed_process_leaves_a_whole_file_to_go_on_from(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.npz"
    for kills_after in (2, 5):  # checkpoints
        with subprocess.Popen(program(path), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(kills_after):
                assert process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        with np.load(path) as file:
            training = json.loads(str(file["description"]))["training"]
    last_step = training["step"] + 43
    subprocess.run(program(path, last_step), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(program(tmp_path / "whole.npz", last_step), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    stopped, whole = (np.load(tmp_path / name) for name in ("checkpoint.npz", "whole.npz"))
    assert stopped.files == whole.files
    for name in set(whole.files) - {"description"}:  # which says how many seconds it took
        assert stopped[name].tobytes() == whole[name].tobytes()


@pytest.mark.thorough
def test_the_example_of_the_readme_can_be_stopped_and_started_again(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    example = re.search(r"<!-- checkpoint example -->\n```python\n(.*?)```\n<!-- end -->", readme, re.DOTALL)
    assert example is not None
    trainer = Trainer(Network((64, 30, 10), random_state=0), load_digits(), epochs=20, random_state=0)
    trainer.run_batches(100)
    save_checkpoint(tmp_path / "checkpoint.npz", trainer)
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", example[1]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    trainer.run()
    assert run.stdout.split() == ["finished", "460", str(trainer.history[-1].test_accuracy)]
    found = load_checkpoint(tmp_path / "checkpoint.npz", load_digits()).trainer
    assert found.network.parameters.tobytes() == trainer.network.parameters.tobytes()


# What is refused


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (DATA.first(59), "on 60 rows and 20 for tests, not 59 and 20"),
        (DATA.with_every_input(), "the same shape, but not the same numbers in the same order"),
        (Dataset.from_arrays(DATA.X_train[:, :5], DATA.Y_train), "of 12 inputs and 3 outputs, not 5 and 3"),
        (
            Dataset.from_arrays(DATA.X_train[::-1], DATA.Y_train, DATA.X_test, DATA.Y_test, scale=1 / 8),
            "the same shape, but not the same numbers",
        ),
        (replace(DATA, scale=0.5), "the same shape, but not the same numbers"),
        (DATA.hold_out(0.1), "on 60 rows and 20 for tests, not 54 and 20"),
    ],
)
def test_other_data_are_refused_in_a_sentence(data: Dataset, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^This file is of a training on other data: .*{message}.*\.$"):
        load(kept(new_trainer()), data=data)


def test_the_same_data_made_anew_fit() -> None:
    assert load(kept(new_trainer()), data=pictures()).trainer.state == "training"


@pytest.mark.parametrize(
    ("was", "given", "message"),
    [
        (SummedBiasSGD, None, "optimizer must be given: it was one of the caller's own, SummedBiasSGD"),
        ("sgd", SummedBiasSGD, "optimizer must not be given: it was 'sgd'"),
        (SummedBiasSGD, type("Other", (SummedBiasSGD,), {}), "the same as then, SummedBiasSGD, got Other"),
    ],
)
def test_another_optimizer_is_refused(was: Any, given: Any, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^This file's training cannot go on: .*{message}\.$"):
        load_checkpoint(io.BytesIO(kept(new_trainer(optimizer=was))), DATA, given)


def test_a_network_without_training_is_refused() -> None:
    file = io.BytesIO()
    save_network(file, new_trainer().network)
    with pytest.raises(ValueError, match=r"^This file holds a network but no training to go on with"):
        load(file.getvalue())


def test_random_numbers_of_another_kind_are_refused() -> None:
    trainer = new_trainer(random_state=np.random.Generator(np.random.MT19937(0)))
    with pytest.raises(ValueError, match=r"must be of PCG64, NumPy's default, .* got MT19937"):
        trainer.checkpoint()


def test_weights_that_no_file_may_hold_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    trainer = Trainer(Network((12, 3), random_state=0), DATA, batch_size=7)
    trainer.network.dense[0].W[0, 0] = 1e200
    with pytest.raises(ValueError, match=r"W1 above 3\.40282e\+38"):
        save_checkpoint(tmp_path / "checkpoint.npz", trainer)
    assert not list(tmp_path.iterdir())
