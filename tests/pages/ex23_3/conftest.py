"""Page 23.3 for its tests."""

import pytest

from tests.pages.ex23_3.page_helpers import SMALL
from tests.pages.reader import Reader


@pytest.fixture
def reader() -> Reader:
    """A reader of the page on scikit-learn's small digits, which train in a moment."""
    return Reader("23.3").set(**SMALL)
