"""What the dials of page 23.2 work out in the browser, against `nnlib`; how they write numbers, against Python."""

import numpy as np
import pytest

from nnlib.chapter23.multilabel import multilabel_loss
from pages.shared.numbers import number, read_number
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


def test_the_written_sum_divided_by_the_films_is_the_written_loss(evaluate: Evaluate) -> None:
    sums = [10.000545, 8.3178, 0.000545, *np.geomspace(0.001, 300, 60).tolist()]
    for films in (1, 3, 5):
        written = evaluate(CRITIC, f"{sums}.map((sum) => sumOver(sum, {films}))")
        assert [number(read_number(text) / films) for text in written] == [number(x / films) for x in sums]


def test_a_place_on_the_dial_is_the_z_of_its_p(evaluate: Evaluate) -> None:
    tenths = (np.arange(-100, 101) / 10).tolist()
    assert evaluate(CRITIC, f"{tenths}.map((z) => zOf(cellOf(z, 0, 1).p))") == tenths
    assert evaluate(CRITIC, "[0, 0.5, 1].map(zOf)") == [-10, 0, 10]


def test_the_parts_and_what_they_make_are_those_of_numpy_and_one_choice_is_true(evaluate: Evaluate) -> None:
    z = np.linspace(-9.9, 9.9, 20)
    p = 1 / (1 + np.exp(-z))
    everything = evaluate(
        CRITIC,
        f"""(() => {{
          const cells = [0, 1].map((y) => {z.tolist()}.map((z) => cellOf(z, y, 3)));
          const of = (one) => cells.map((line) => line.map(one));
          return FORMULAS.map((formula) => [formula.right, of(formula.is), of(formula.found),
            formula.slots[0][1].flatMap((a) => formula.slots[1][1].map((b) =>
              [[a, b], of((cell) => formula.make([a, b], cell)), whyNot(`${{a}}|${{b}}`, formula)]))]);
        }})()""",
    )
    for k, (right, is_true, found, tried) in enumerate(everything):
        np.testing.assert_allclose(found, is_true, rtol=1e-6)
        fits = []
        for pair, shown, told in tried:
            holds = []
            for y in (0, 1):
                parts = {"y": y, "1 − y": 1 - y, "p": p, "1 − p": 1 - p, "p − y": p - y, "y − p": y - p}
                first, second = ((parts | {"p (1 − p)": p * (1 - p), "1": 1})[name] for name in pair)
                made = -(first * np.log(p) + second * np.log(1 - p)) if k == 0 else first / second / 3
                np.testing.assert_allclose(shown[y], made, rtol=1e-6, atol=1e-12, err_msg=str(pair))
                holds.append(np.allclose(made, is_true[y], rtol=1e-6))
            assert (told == "") == all(holds)
            assert told.startswith("It holds wherever") == (sum(holds) == 1)
            assert sum(holds) != 1 or f"It holds wherever y = {holds.index(True)}" in told
            fits += ["|".join(pair)] * all(holds)
        assert fits == [right]


@pytest.mark.parametrize(
    ("k", "guess", "words"),
    [
        (
            0,
            "1 − y|y",
            "It holds in no cell. It is the wrong way round, and makes it costly to be sure and right.",
        ),
        (
            0,
            "y|y",
            "Where y = 0, nothing costs anything. Where y = 1, it costs much to be sure, even of the truth.",
        ),
        (1, "y − p|p (1 − p)", "It holds in no cell. Its sign is wrong: downhill would lead away from the truth."),
        (
            1,
            "1|1 − p",
            "It holds wherever y = 0. But where y = 1, its sign is wrong: downhill would lead away from",
        ),
        (
            1,
            "p − y|1",
            "It holds in no cell. Its sign is right, but it is far too small where you are sure and wrong",
        ),
        (2, "p|1", "It holds wherever y = 0. But where y = 1, its sign is wrong: downhill would lead away from"),
        (2, "p − y|p", "Where y = 0, its sign is right, but it is far too large where you are sure and right."),
    ],
)
def test_a_wrong_formula_is_told_what_it_would_do_and_where(
    evaluate: Evaluate, k: int, guess: str, words: str
) -> None:
    assert evaluate(CRITIC, f'whyNot("{guess}", FORMULAS[{k}])').startswith(words)


def test_a_tiny_number_in_a_sentence_has_no_power_of_ten(evaluate: Evaluate) -> None:
    assert evaluate(CRITIC, "[4.54e-5, 3.354e-4, 0.1978, 1 - 4.54e-5].map((p) => inDecimals(p, 1 - p))") == [
        "0.0000454",
        "0.000335",
        "0.1978",
        "0.999955",
    ]


def test_a_dial_in_the_middle_says_neither(evaluate: Evaluate) -> None:
    for y in (0, 1):
        assert evaluate(CRITIC, f"[-0.1, 0, 0.1].map((z) => cellOf(z, {y}, 3).said)") == (
            ["wrong", "undecided", "right"] if y else ["right", "undecided", "wrong"]
        )


def test_numbers_are_written_as_everywhere(evaluate: Evaluate) -> None:
    rng = np.random.default_rng(23)
    values = [*(rng.choice([-1, 1], 300) * np.exp(rng.uniform(-18, 18, 300))), 0, 1, -0.5, 1e5, 1e-3, 0.00099996]
    assert evaluate(CRITIC, f"{[float(x) for x in values]}.map((x) => number(x))") == [number(x) for x in values]
    back = evaluate(CRITIC, f"{[number(x) for x in values]}.map(readNumber)")
    assert back == [read_number(number(x)) for x in values]


def test_a_probability_never_looks_like_1(evaluate: Evaluate) -> None:
    written = evaluate(
        CRITIC, "[-9, 0, 5, 8, 10].map((z) => cellOf(z, 0, 1)).map(({ p, q }) => probability(p, q))"
    )
    assert written == ["1.234·10⁻⁴", "0.5", "0.9933", "0.9997", "0.999955"]
