"""What the dials of page 23.2 work out in the browser, against `nnlib`; how they write numbers, against Python."""

import numpy as np
import pytest

from nnlib.chapter23.multilabel import multilabel_loss
from pages.shared.numbers import number
from tests.javascript.conftest import Evaluate

CRITIC = "ex23_2/critic.js"


@pytest.mark.parametrize("y", [0, 1])
def test_a_cell_is_that_of_the_library(evaluate: Evaluate, y: int) -> None:
    Z = np.linspace(-10, 10, 81)[:, None]
    expected = multilabel_loss(Z, np.full(Z.shape, float(y)))
    cells = evaluate(CRITIC, f"{Z.ravel().tolist()}.map((z) => cellOf(z, {y}, {len(Z)}))")
    for name, values in (
        ("p", expected.P),
        ("loss", expected.elements),
        ("slope", expected.P * (1 - expected.P)),
        ("dp", expected.dP),
        ("dz", expected.dZ),
    ):
        np.testing.assert_allclose([cell[name] for cell in cells], values.ravel(), rtol=1e-10)
    assert [cell["right"] for cell in cells] == (expected.assigned == y).ravel().tolist()


def test_numbers_are_written_as_everywhere(evaluate: Evaluate) -> None:
    rng = np.random.default_rng(23)
    values = [*(rng.choice([-1, 1], 300) * np.exp(rng.uniform(-18, 18, 300))), 0, 1, -0.5, 1e5, 1e-3, 0.00099996]
    assert evaluate(CRITIC, f"{[float(x) for x in values]}.map((x) => number(x))") == [number(x) for x in values]


def test_a_probability_never_looks_like_1(evaluate: Evaluate) -> None:
    written = evaluate(
        CRITIC, "[-9, 0, 5, 8, 10].map((z) => cellOf(z, 0, 1)).map(({ p, q }) => probability(p, q))"
    )
    assert written == ["1.234e\u22124", "0.5", "0.9933", "0.9997", "0.999955"]
