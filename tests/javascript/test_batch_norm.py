"""What the stage of page 23.6 works out in the browser, against `nnlib`."""

import json
from itertools import product
from typing import Any

import numpy as np
import pytest

from nnlib.chapter23.batch_norm import MISTAKES, ROUNDING, backward, forward, invariants
from pages.ex23_6.controls import BETA, GAMMA, START_G, START_Z
from pages.ex23_6.stage_picture import NOTHING
from pages.shared.numbers import number, read_number
from tests.javascript.conftest import Evaluate

OWN, MEAN, SLOPE = range(3)


def batch(**changed: Any) -> dict[str, Any]:
    """What stage_picture.js composes its picture from: the batch the page begins with, but for what is changed."""
    start = {"z": START_Z[:5], "g": START_G[:5], "gamma": GAMMA, "beta": BETA, "epsilon": 1e-5, "ddof": 1}
    return (
        start
        | {"mistake": "none", "step": SLOPE, "reach": 3, "nothing": NOTHING, "rounding": ROUNDING}
        | {"passed_on": True}
        | changed
    )


def pictures(evaluate: Evaluate, batches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is drawn of each."""
    told: list[dict[str, Any]] = evaluate("ex23_6/stage_picture.js", f"{json.dumps(batches)}.map(compose)")
    return told


def says(picture: dict[str, Any]) -> list[str]:
    """What is said of Σ dz and of Σ dz·z̄."""
    return [balance["says"] for balance in picture["balances"]]


def test_paths_and_sums_are_those_of_the_library(evaluate: Evaluate) -> None:
    rng = np.random.default_rng(23)
    batches = []
    for mistake, ddof, epsilon in product(MISTAKES, (0, 1), (0.0, 1e-8, 1e-5, 1e-3, 0.1, 1.0)):
        z, g = rng.uniform(-3, 3, (2, rng.integers(2, 9))).round(1).tolist()
        changed = {"mistake": mistake, "ddof": ddof, "epsilon": epsilon, "gamma": rng.uniform(-3, 3)}
        batches.append(batch(z=z, g=g, **changed))
    batches.append(batch(z=[0.7] * 5))  # only ε divides
    told = evaluate(
        "ex23_6/stage_picture.js",
        f"""{json.dumps(batches)}.map((batch) => {{
          const passed = forward(batch), found = backward(batch, passed, batch.mistake);
          return {{ passed, found, sums: sumsOf(batch, passed, found), picture: compose(batch) }};
        }})""",
    )
    for given, js in zip(batches, told, strict=True):
        passed = forward(given["z"], given["gamma"], 0.5, given["epsilon"], given["ddof"])
        true = backward(passed, given["g"], given["mistake"])
        size = np.abs(true.own).max()  # of the terms that cancel
        values = [js["passed"]["u"], js["passed"]["variance"], js["passed"]["s"], *js["passed"]["zBar"]]
        np.testing.assert_allclose(values, [passed.u, passed.variance, passed.scale, *passed.z_bar], 1e-12, 1e-12)
        paths = [true.own, true.through_u, true.through_variance]
        np.testing.assert_allclose(js["found"]["paths"], paths, rtol=1e-12, atol=1e-12 * size)
        np.testing.assert_allclose(js["found"]["steps"], np.cumsum(paths, axis=0), rtol=1e-12, atol=1e-12 * size)
        line = [js["found"]["height"], js["found"]["slope"]]
        np.testing.assert_allclose(line, [true.height, true.slope], rtol=1e-12, atol=1e-12)
        due = invariants(passed, true)
        assert js["sums"][1]["must"] == pytest.approx(due.left_by_epsilon, rel=1e-12)
        assert [sum_["holds"] for sum_ in js["sums"]] == [due.shift_holds, due.stretch_holds]
        right = [balance["verdict"] == "right" for balance in js["picture"]["balances"]]
        assert right == [due.shift_holds, due.stretch_holds]


def test_each_step_closes_a_sum(evaluate: Evaluate) -> None:
    own, mean, slope = pictures(evaluate, [batch(step=step) for step in (OWN, MEAN, SLOPE)])
    assert says(own) == ["Σ dz = 3.46, and must become 0", "Σ dz · z̄ = −3.166, and must become ≈ 0"]
    assert says(mean) == ["Σ dz = 0 ✓", "So far −3.166; in the end Σ dz · z̄ must be ≈ 0"]
    assert says(slope) == ["Σ dz = 0 ✓", "Σ dz · z̄ ≈ 0 ✓"]
    assert [len(picture["samples"][0]["arrows"]) for picture in (own, mean, slope)] == [1, 2, 3]
    assert [picture["foot"] for picture in (own, mean, slope)] == ["dz", "so far", "dz"]


def test_the_line_that_a_reader_lays_is_judged_by_what_it_leaves_and_put_right_where_it_is_close(
    evaluate: Evaluate,
) -> None:
    passed = forward(START_Z[:5], GAMMA, BETA)
    true = backward(passed, START_G[:5])
    left, right = (true.height + true.slope * (z - passed.u) / passed.scale for z in (-3.24, 3.24))
    guesses = [{"left": left, "right": right}, {"left": true.height, "right": true.height}]
    guesses.append({"left": round(left, 1), "right": round(right, 1)})  # as near as a hand can lay it
    line, mean, close = pictures(evaluate, [batch(step=OWN, guess=guess) for guess in guesses])
    assert says(line) == ["Σ dz = 0 ✓", "Σ dz · z̄ ≈ 0 ✓"]
    assert line["isFound"]
    its_line = f"{number(true.height)} at u, and {number(true.slope)} for each unit of z̄"
    assert line["lineSays"] == f"It takes away {its_line}"
    assert not close["isFound"]
    assert all(balance["verdict"] == "open" for balance in close["balances"])  # until the hand lets go
    assert list(close["settled"].values()) == pytest.approx([left, right])
    assert mean["settled"] is None
    np.testing.assert_allclose([sample["dz"] for sample in line["samples"]], true.dz, atol=1e-12)
    assert says(mean) == ["Σ dz = 0 ✓", "Σ dz · z̄ = −3.166, and must become ≈ 0"]
    assert mean["lineSays"].startswith("Each bar is what your line leaves")
    (level,) = pictures(evaluate, [batch(step=OWN, guess={"left": 0.8, "right": 0.8})])  # first its height alone
    assert list(level["settled"].values()) == pytest.approx([true.height] * 2)
    assert (level["tilts"], mean["tilts"], level["lineName"], line["lineName"]) == (
        *(False, True),
        *("", "least-squares line"),
    )
    (eased,) = pictures(evaluate, [batch(step=OWN, epsilon=1.0)])  # says what is true at this ε
    assert eased["balances"][1]["why"].endswith("A stretch changes L a little, with this ε.")
    damped = forward(START_Z[:5], GAMMA, BETA, 1.0)
    must = invariants(damped, backward(damped, START_G[:5])).left_by_epsilon
    assert says(eased)[1].endswith(f"and must become {number(must)}")


@pytest.mark.parametrize(
    ("mistake", "right", "wrong"),
    [
        ("as printed", [True, False], [False, False, True]),
        ("forgotten u and σ²", [False, False], [False, True, True]),
        ("forgotten factor 2", [True, False], [False, False, True]),
        ("wrong sign of dσ²", [True, False], [False, False, True]),
    ],
)
def test_a_planted_mistake_shows_in_its_arrows_and_in_a_sum(
    evaluate: Evaluate, mistake: str, right: list[bool], wrong: list[bool]
) -> None:
    before, picture = pictures(evaluate, [batch(mistake=mistake, step=step) for step in (OWN, SLOPE)])
    assert not before["isWrong"]
    assert [text.endswith("✓") for text in says(picture)] == right
    for sample in picture["samples"]:
        assert [flag for _, flag in sample["arrows"]] == wrong
        assert "trueEnd" in sample


def test_what_does_no_harm_is_not_called_wrong(evaluate: Evaluate) -> None:
    printed, eased, line = pictures(
        evaluate,
        [
            batch(mistake="as printed", ddof=0),
            batch(epsilon=1.0),
            batch(g=[round(0.7 - z, 1) for z in START_Z[:5]]),
        ],
    )
    assert says(printed) == ["Σ dz = 0 ✓", "Σ dz · z̄ ≈ 0 ✓"]
    assert says(eased)[1].endswith("✓ which is what ε leaves of it")
    assert line["description"].endswith("dz: " + "; ".join(f"{j}: ≈ 0" for j in range(1, 6)) + ".")


def test_equal_z_without_epsilon_draw_no_arrow(evaluate: Evaluate) -> None:
    (picture,) = pictures(evaluate, [batch(z=[0.3] * 5, epsilon=0.0)])
    assert "balances" not in picture
    assert [ruler["name"] for ruler in picture["rulers"]] == ["z"]
    assert [sample["arrows"] for sample in picture["samples"]] == [[]] * 5


def test_the_rulers_tell_the_same_places(evaluate: Evaluate) -> None:
    passed = forward(START_Z[:5], -1.3, 0.5)
    turned, flat, few = pictures(evaluate, [batch(gamma=-1.3), batch(gamma=0), batch(passed_on=False)])
    assert [ruler["name"] for ruler in few["rulers"]] == ["z", "z̄"]
    rulers = {ruler["name"]: ruler["ticks"] for ruler in turned["rulers"]}
    assert all(len(ticks) >= 3 for ticks in rulers.values())
    for z, text in rulers["z̃"]:
        assert -1.3 * (z - passed.u) / passed.scale + 0.5 == pytest.approx(read_number(text))
    assert flat["rulers"][2]["ticks"][0][1] == "0.5 everywhere"
