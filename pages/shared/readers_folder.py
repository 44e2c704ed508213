"""The folder in which what the reader has made outlives the app: runs, a drawn digit, answered questions."""

import os
from pathlib import Path

FOLDER_VARIABLE = "FEEDFORWARD_RUNS"  # names another folder, or none if it is empty
USUAL_FOLDER = Path.home() / ".feedforward-companion" / "runs"


def readers_folder() -> Path | None:
    """The folder, which may not be there yet; None where nothing is to be kept."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named == "":
        return None
    return Path(named).expanduser() if named else USUAL_FOLDER
