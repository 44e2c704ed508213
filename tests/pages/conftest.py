"""Pages run without a browser: no drawing travels there, and what is installed is looked up once."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from pages.ex23_3 import controls
from pages.shared import delivery


@pytest.fixture(autouse=True)
def no_way_to_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the pauses in which what is drawn reaches a browser."""
    monkeypatch.setattr(delivery, "DELIVERY", 0)
    monkeypatch.setattr(delivery, "HEAD_START", 0)
    monkeypatch.setattr(delivery, "STYLES", 0)


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
