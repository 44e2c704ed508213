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
    decided = Z.ravel() != 0
    assert [cell["right"] for cell in cells] == ((expected.assigned == y).ravel() & decided).tolist()


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
    def why_not(k: int, guess: str, z: float, y: int, others: str = "") -> str:
        shown = f'{{ cell: cellOf({z}, {y}, 3), name: "A"{others} }}'
        told: str = evaluate(CRITIC, f'whyNot("{guess}", MISSIONS[{k}], {shown})')
        return told

    swapped, plus = "−(1 − y) log p − y log(1 − p)", "−y log p + (1 − y) log(1 − p)"
    towards = "it grows towards the truth, the wrong way round."
    assert why_not(0, swapped, 1.4, 0) == f"For A it gives 0.2204, but the cell costs 1.62: {towards}"
    assert why_not(0, swapped, 1.4, 1) == f"For A it gives 1.62, but the cell costs 0.2204: {towards}"
    assert why_not(0, swapped, 0, 1) == "For A both are about 0.6931. Turn its dial, and they part."
    assert why_not(0, plus, 1.4, 0) == (
        "For A it gives −1.62, but the cell costs 1.62: where y = 0 its sign is wrong."
    )
    no = ', no: { ...cellOf(2, 0, 3), name: "B" }'
    assert why_not(0, plus, 1.4, 1, no).startswith("For B it gives −2.127, but the cell costs 2.127: ")
    assert why_not(0, plus, 1.4, 1).startswith("It is right where y = 1, but where y = 0 it gives log(1 − p)")
    upside_down = "p (1 − p) / (N (p − y))"
    assert why_not(1, "(y − p) / (N p (1 − p))", 1.4, 0) == (
        "For A it gives −1.685, but ∂L/∂p is 1.685: its sign is wrong."
    )
    assert why_not(1, upside_down, 1.4, 0) == "For A it gives 0.06594, but ∂L/∂p is 1.685: it is upside down."
    assert why_not(1, upside_down, -10, 0) == "For A both are about 0.3333. Turn its dial, and they part."
    assert why_not(2, "(y − p) / N", 1.4, 1).startswith("For A it gives 0.06594, but ∂L/∂z is −0.06594: ")
    assert why_not(2, "p (1 − p) / N", 10, 0).startswith("For A it gives 1.513e−5, but ∂L/∂z is 0.3333: ")


@pytest.mark.parametrize("y", [0, 1])
def test_what_is_offered_is_wrong_at_every_dial_or_told_from_another_and_the_right_one_is_there(
    evaluate: Evaluate, y: int
) -> None:
    Z = np.linspace(-9.9, 9.9, 40)[:, None]
    expected = multilabel_loss(Z, np.full(Z.shape, float(y)))
    p, N = expected.P.ravel(), len(Z)
    with np.errstate(all="ignore"):
        says = {
            "−(1 − y) log p − y log(1 − p)": -(1 - y) * np.log(p) - y * np.log(1 - p),
            "−y log p + (1 − y) log(1 − p)": -y * np.log(p) + (1 - y) * np.log(1 - p),
            "(y − p) / (N p (1 − p))": (y - p) / (N * p * (1 - p)),
            "p (1 − p) / (N (p − y))": p * (1 - p) / (N * (p - y)),
            "(y − p) / N": (y - p) / N,
            "p (1 − p) / N": p * (1 - p) / N,
        }
    for guess, values in says.items():
        shown = evaluate(CRITIC, f'{Z.ravel().tolist()}.map((z) => WRONG["{guess}"].says(cellOf(z, {y}, {N})))')
        np.testing.assert_allclose(shown, values, rtol=1e-6, err_msg=guess)
    offered = evaluate(CRITIC, "MISSIONS.map(({ choices, right }) => [choices, right])")
    for choices, right in offered:
        assert right in choices
        assert set(choices) - {right} <= {*says, "yes"}


def test_a_dial_in_the_middle_says_neither(evaluate: Evaluate) -> None:
    for y in (0, 1):
        assert evaluate(CRITIC, f"[-0.1, 0, 0.1].map((z) => cellOf(z, {y}, 3).said)") == (
            ["wrong", "undecided", "right"] if y else ["right", "undecided", "wrong"]
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
