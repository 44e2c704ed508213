"""Page 23.3 for its tests."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.ex23_3.page_helpers import SMALL, choose
from tests.pages.graph_helpers import open_page


@pytest.fixture
def page() -> AppTest:
    """The page on scikit-learn's small digits, which train in a moment."""
    return choose(open_page("pages/ex23_3_mnist.py"), **SMALL)
