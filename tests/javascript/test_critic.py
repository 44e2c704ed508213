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


def test_a_step_goes_down_the_gradient_of_the_library(evaluate: Evaluate) -> None:
    rng = np.random.default_rng(23)
    Z, Y = np.clip(rng.normal(0, 6, (5, 6)), -10, 10), rng.integers(0, 2, (5, 6))
    result = multilabel_loss(Z, Y.astype(float))
    moved = evaluate(CRITIC, f"descended({Z.tolist()}, {Y.tolist()})")
    np.testing.assert_allclose(moved, np.clip(Z - len(Z) * result.dZ, -10, 10), rtol=1e-10)
    assert evaluate(CRITIC, f"lossOf({Z.tolist()}, {Y.tolist()})") == pytest.approx(result.loss)


def test_a_place_on_the_dial_is_the_z_of_its_p(evaluate: Evaluate) -> None:
    tenths = (np.arange(-100, 101) / 10).tolist()
    assert evaluate(CRITIC, f"{tenths}.map((z) => zOf(cellOf(z, 0, 1).p))") == tenths
    assert evaluate(CRITIC, "[0, 0.5, 1].map(zOf)") == [-10, 0, 10]


def test_a_wrong_formula_is_told_in_the_numbers_of_the_cell(evaluate: Evaluate) -> None:
    wrong = '{ cell: cellOf(1.4, 0, 3), name: "A" }'
    other = '{ cell: cellOf(1.4, 1, 3), name: "A", no: { ...cellOf(2, 0, 3), name: "B" } }'
    in_p, in_gap = "\u2212y log p", "\u2212log |y \u2212 p|"
    assert evaluate(CRITIC, f'whyNot("{in_p}", {wrong})') == (
        "For A it says 0, because y = 0, while the cell costs 1.62."
    )
    assert evaluate(CRITIC, f'whyNot("{in_p}", {other})').startswith("For B it says 0, because y = 0, ")
    assert evaluate(CRITIC, f'whyNot("{in_gap}", {wrong})').startswith(
        "For A it says \u2212log 0.802 ≈ 0.22, while the cell costs 1.62: "
    )
    far = wrong.replace("1.4", "10")
    assert "−log 0.999955 ≈ 4.54e−5" in evaluate(CRITIC, f'whyNot("{in_gap}", {far})')
    undecided = wrong.replace("1.4", "0")
    assert "Where p = 0.5 both are 0.693." in evaluate(CRITIC, f'whyNot("{in_gap}", {undecided})')
    assert evaluate(CRITIC, f'whyNot("{in_gap}", {other})').startswith(
        "For A it says \u2212log 0.198 ≈ 1.62, while the cell costs 0.22: "
    )


def test_numbers_are_written_as_everywhere(evaluate: Evaluate) -> None:
    rng = np.random.default_rng(23)
    values = [*(rng.choice([-1, 1], 300) * np.exp(rng.uniform(-18, 18, 300))), 0, 1, -0.5, 1e5, 1e-3, 0.00099996]
    assert evaluate(CRITIC, f"{[float(x) for x in values]}.map((x) => number(x))") == [number(x) for x in values]


def test_a_probability_never_looks_like_1(evaluate: Evaluate) -> None:
    written = evaluate(
        CRITIC, "[-9, 0, 5, 8, 10].map((z) => cellOf(z, 0, 1)).map(({ p, q }) => probability(p, q))"
    )
    assert written == ["1.234e\u22124", "0.5", "0.9933", "0.9997", "0.999955"]
