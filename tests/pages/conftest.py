"""Pages run without a browser: no picture needs a head start there."""

import pytest

from pages.shared import drawing


@pytest.fixture(autouse=True)
def no_head_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the pause that lets a browser draw the picture before the rest."""
    monkeypatch.setattr(drawing, "HEAD_START", 0)
