"""Page 23.3 for its tests."""

import pytest

from tests.pages.ex23_3.page_helpers import SMALL
from tests.pages.reader import Reader


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> Reader:
    """A reader of the page on scikit-learn's small digits, which train in a moment; at a module's TAB, if any."""
    tab = getattr(request.module, "TAB", "The answer")
    return Reader("23.3", {"ex23_3_tab": tab}).set(**SMALL)
