"""What the tests of page 23.3 share: what the page trains, and training to the end."""

from typing import Any

from pages.ex23_3.runs import MnistRun
from pages.ex23_3.training import Training
from tests.pages.reader import Reader

SMALL: dict[str, Any] = {"data": "digits 8×8", "layers": 1, "size1": 12, "batch": 32, "epochs": 4}


def training(reader: Reader) -> Training:
    """All that the page trains."""
    found: Training = reader.kept("training")
    return found


def shown(reader: Reader) -> MnistRun:
    """The run on the page."""
    run = training(reader).shown
    assert run is not None
    return run


def stands(reader: Reader) -> str:
    """What the stage says of where the run on the page stands."""
    progress: dict[str, str] = reader.picture("progress")["progress"]
    return f"{progress['words']} {progress['note']}".strip()


def finish(reader: Reader) -> Reader:
    """What the timer of the curves does until the run pauses or ends."""
    while not shown(reader).reached:
        shown(reader).move_on()
    training(reader).rest()
    return reader.run()
