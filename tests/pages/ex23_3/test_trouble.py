"""What page 23.3 says of a run that has diverged or stands still."""

import numpy as np
import pytest

from nnlib.measuring import StuckNeurons
from nnlib.training import StepTaken
from pages.ex23_3.trouble import divergence_in_words, stuck_table
from tests.pages.ex23_3.page_helpers import finish, shown
from tests.pages.reader import Reader

TAB = "Inside the network"


def test_a_diverged_run_shows_its_last_steps(reader: Reader) -> None:
    reader.set(layers=5, rate=10.0, schedule="constant")
    finish(reader.press("train")).set(inside="gradients")
    taken = shown(reader).trainer.last_steps
    assert taken
    assert "Why it diverged." in reader.words()
    assert divergence_in_words(taken) in reader.words()
    charts = [spec for spec in reader.charts() if "lost" in str(spec)]
    assert [spec["layer"][0]["encoding"]["y"]["scale"]["type"] for spec in charts] == ["log", "log"]
    reader.set(last_steps_table=True)
    assert len(reader.table("length")) == len(taken)


def test_the_growth_of_the_steps_is_said_with_its_numbers() -> None:
    taken = [
        StepTaken(7, 2.3, 0.5),
        StepTaken(8, 40.0, 3e3),
        StepTaken(9, 1e20, 2e9),
        StepTaken(10, np.nan, np.inf),
    ]
    words = divergence_in_words(taken)
    assert "from a length of 0.5" in words
    assert "at step 7, to 2" in words
    assert "at step 9." in words
    assert "within a step or two" in divergence_in_words(taken[-1:])


@pytest.mark.parametrize(
    ("loss", "saturated"), [("sigmoid squared error", True), ("softmax cross-entropy", False)]
)
def test_a_run_that_stands_still_shows_how_many_neurons_do_not_learn(
    reader: Reader, loss: str, saturated: bool
) -> None:
    reader.set(loss=loss, init="normal", rate=10.0, schedule="constant")
    finish(reader.press("train")).set(inside="gradients")
    trainer = shown(reader).trainer
    assert trainer.state == "finished"
    assert trainer.warning
    assert f"**Why it stands still.** {trainer.warning}" in reader.words()
    table = reader.table("do not learn")
    assert table["layer"].tolist() == ["hidden layer 1", "output"]
    assert table["do not learn"].tolist() == [
        trainer.stuck.dead[0],
        trainer.stuck.saturated if saturated else trainer.stuck.alike,
    ]


def test_a_healthy_run_has_nothing_to_say(reader: Reader) -> None:
    finish(reader.press("train")).set(inside="gradients")
    assert "Why it" not in reader.words()


def test_a_layer_without_stuck_neurons_gives_no_cause() -> None:
    table = stuck_table(StuckNeurons(2000, (3, 0), 0, 0, (50, 20, 10), "relu"))
    assert table["because they"].tolist() == ["give 0 for every picture", "–", "–"]
    assert table["neurons"].tolist() == [50, 20, 10]
