"""Python on a page: listings from the source that run as they stand, and notebooks that Jupyter can read."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnlib.chapter23 import algorithms
from pages.shared.python_code import notebook, source_of

CODE = """import numpy as np

total = 0
for k in range(3):
    total += k

    total *= 2

print(np.sqrt(total))
"""


def run(code: str) -> dict[str, Any]:
    """What a listing leaves behind."""
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def test_the_listing_of_an_algorithm_runs_alone_and_is_the_algorithm() -> None:
    listing = source_of(algorithms.train)
    names = run(listing)
    X, Y = np.eye(4), np.eye(4)[:, :2]
    W, b = names["train"](X, Y, (4, 3, 2), 0.5, 2, 7)
    true_W, true_b = algorithms.train(X, Y, (4, 3, 2), 0.5, 2, 7)
    for t in true_W:
        np.testing.assert_array_equal(W[t], true_W[t])
        np.testing.assert_array_equal(b[t], true_b[t])
    assert "batch_norm" not in listing
    assert "Layers = dict[int, np.ndarray]  # one array for each layer t" in listing


def test_the_listing_keeps_one_line_of_documentation() -> None:
    listing = source_of(algorithms.gradients)
    assert '"""Step 2 of Algorithm 23.3: ∇W[t] = h[t − 1] δᵀ' in listing
    assert "Why: z_k" not in listing
    assert run(listing)["gradients"].__doc__.count("\n") == 0


def test_a_notebook_holds_the_code_a_cell_a_paragraph() -> None:
    cells = json.loads(notebook(CODE, "ex23_3"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert "\n\n".join(code) == CODE.strip()
    assert len(code) == 3


@pytest.mark.parametrize("code", ['text = """one\n\ntwo"""\n', "if True:\n    x = 1\n\nelse:\n    x = 2\n"])
def test_what_cannot_be_cut_stays_in_one_cell(code: str) -> None:
    cells = json.loads(notebook(code, "ex23_3"))["cells"]
    assert ["".join(cell["source"]) for cell in cells[1:]] == [code.strip()]


def page() -> None:
    """A page with both, as AppTest runs it: by its source alone."""
    from nnlib.chapter23.algorithms import sigmoid
    from pages.shared.python_code import answer_code, code_to_take

    answer_code(sigmoid, use="half = sigmoid(np.zeros(1))")
    code_to_take("import nnlib", "ex23_3")


def test_the_page_shows_code_and_offers_it_twice() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    answer, lines = (element.value for element in app.code)
    assert run(answer)["half"] == 0.5
    assert lines == "import nnlib"
    buttons = [button.proto for button in app.get("download_button")]
    assert [button.label for button in buttons] == ["Download as notebook", "Download as script"]
    assert not any(button.url for button in buttons)  # a file made with the page is gone a run later
