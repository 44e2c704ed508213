"""Pages run without a browser: no picture needs a head start there, and what is installed is looked up once."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from pages.ex23_3 import controls
from pages.shared.svg import component


@pytest.fixture(autouse=True)
def no_head_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the pause that lets a browser draw the picture before the rest."""
    monkeypatch.setattr(component, "HEAD_START", 0)


@pytest.fixture(autouse=True)
def no_browser_that_lags(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set right after a preset is the reader's: here a page is drawn as soon as it is made."""
    monkeypatch.setattr(controls, "echo", lambda number, key, on_echo: on_echo(number))


@pytest.fixture(autouse=True, scope="session")
def one_look_for_components() -> Iterator[None]:
    """Keep Streamlit's list of installed components: a server makes it once, a test would for every page it opens.

    It reads the description of each package in the environment, which takes longer than the page.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield
