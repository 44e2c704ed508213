"""Batch normalisation step by step: by hand, by numerical and complex derivatives, as printed, as a graph."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib.chapter23.batch_norm import (
    MISTAKES,
    backward,
    check_gradients,
    derivative_names,
    forward,
    invariants,
    printed_errors,
)
from nnlib.chapter23.batch_norm_graph import batch_norm_graph
from nnlib.layers import BatchNorm
from nnlib.notation import subscript

numbers = st.floats(-5, 5).map(lambda x: round(x, 3))
batches = st.integers(2, 8).flatmap(
    lambda n: st.tuples(*[st.lists(numbers, min_size=n, max_size=n) for _ in range(2)])
)
parameters = st.fixed_dictionaries(
    {
        "gamma": numbers,
        "beta": numbers,
        "epsilon": st.sampled_from([1e-8, 1e-5, 1e-3, 0.1, 1.0]),
        "ddof": st.sampled_from([0, 1]),
    }
)


def seeded_batch(n: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """z and then g from N(0, 1), seed 0: with γ = 1.3 the setting of the reference's figures."""
    rng = np.random.default_rng(0)
    return rng.standard_normal(n), rng.standard_normal(n)


def complex_dz(z: np.ndarray, g: np.ndarray, gamma: float, epsilon: float, ddof: int) -> np.ndarray:
    """dz without any derivative formula: Im L(z + ih)/h, which has no cancellation and is exact to rounding."""
    slopes = []
    for j in range(len(z)):
        moved = z.astype(complex)
        moved[j] += 1e-30j
        away = moved - moved.mean()
        z_bar = away / np.sqrt(np.sum(away**2) / (len(z) - ddof) + epsilon)
        slopes.append(np.sum(g * gamma * z_bar).imag / 1e-30)
    return np.array(slopes)


def test_a_batch_worked_out_by_hand() -> None:
    # z = 1, 3: u = 2, σ² = 2/1 = 2, ε = 2, so s = 2 and z̄ = ∓½
    passed = forward([1.0, 3.0], gamma=4.0, beta=1.0, epsilon=2.0)
    assert (passed.u, passed.variance, passed.scale) == (2.0, 2.0, 2.0)
    assert passed.z_bar.tolist() == [-0.5, 0.5]
    assert passed.z_tilde.tolist() == [-1.0, 3.0]
    # g = 1, 2: dγ = ½, dβ = 3, dz̄ = 4, 8; dσ² = (−4 + 8)(−½)/8 = −¼; du = −12/2 = −6
    result = backward(passed, [1.0, 2.0])
    assert (result.dgamma, result.dbeta, result.dvariance, result.du) == (0.5, 3.0, -0.25, -6.0)
    assert result.dz_bar.tolist() == [4.0, 8.0]
    # dz = dz̄/2 − 6/2 − ¼ · 2(∓1)/1 = 2 − 3 + ½, 4 − 3 − ½
    assert result.dz.tolist() == [-0.5, 0.5]
    # as printed, the last term is halved: 2 − 3 + ¼, 4 − 3 − ¼
    assert backward(passed, [1.0, 2.0], "as printed").dz.tolist() == [-0.75, 0.75]
    assert derivative_names(2) == ["dz₁", "dz₂", "dγ", "dβ", "du", "dσ²"]
    assert result.as_vector().tolist() == [-0.5, 0.5, 0.5, 3.0, -6.0, -0.25]


def test_the_references_figures_at_n_5() -> None:
    z, g = seeded_batch()
    passed = forward(z, gamma=1.3)
    exact = complex_dz(z, g, 1.3, 1e-5, 1)
    printed_off = np.abs(backward(passed, g, "as printed").dz - exact).max()
    assert f"{printed_off:.2f}" == "0.53"
    assert np.abs(backward(passed, g).dz - exact).max() < 1e-12


@given(batch=batches, options=parameters)
def test_every_derivative_agrees_with_the_numerical_one(
    batch: tuple[list[float], list[float]], options: dict[str, Any]
) -> None:
    passed = forward(batch[0], **options)
    check = check_gradients(passed, batch[1])
    assert not check.differs.any()


@pytest.mark.parametrize("ddof", [0, 1])
def test_what_is_left_of_g_is_what_least_squares_leaves(ddof: int) -> None:
    z, g = seeded_batch()
    passed = forward(z, gamma=1.3, epsilon=0.0, ddof=ddof)
    result = backward(passed, g)
    slope, height = np.polyfit(passed.z_bar, g, 1)
    assert (result.slope, result.height) == (pytest.approx(slope), pytest.approx(height))
    left = 1.3 / passed.scale * (g - height - slope * passed.z_bar)
    np.testing.assert_allclose(result.own + result.through_u + result.through_variance, left, atol=1e-12)
    np.testing.assert_array_equal(result.dz, result.own + result.through_u + result.through_variance)


@given(batch=batches, options=parameters)
def test_the_invariants_hold_up_to_what_epsilon_leaves(
    batch: tuple[list[float], list[float]], options: dict[str, Any]
) -> None:
    passed = forward(batch[0], **options)
    found = invariants(passed, backward(passed, batch[1]))
    assert found.shift_holds
    assert found.stretch_holds


def test_the_invariants_in_numbers_and_who_breaks_them() -> None:
    z, g = seeded_batch()
    passed = forward(z, gamma=1.3, epsilon=0.0)
    true = invariants(passed, backward(passed, g))
    assert abs(true.shift) < 1e-12
    assert abs(true.stretch) < 1e-12
    assert true.left_by_epsilon == 0.0
    printed = invariants(passed, backward(passed, g, "as printed"))
    # one n-th of dγ γ/s stays: the printed form takes (n − 1)/n of what it should
    assert printed.stretch == pytest.approx(1.3 * backward(passed, g).dgamma / passed.scale / 5)
    assert (printed.shift_holds, printed.stretch_holds) == (True, False)
    forgotten = invariants(passed, backward(passed, g, "forgotten u and σ²"))
    assert (forgotten.shift_holds, forgotten.stretch_holds) == (False, False)


@pytest.mark.parametrize(
    ("mistake", "wrong"),
    [
        ("as printed", {"dz₁", "dz₂", "dz₃", "dz₄", "dz₅"}),
        ("forgotten u and σ²", {"dz₁", "dz₂", "dz₃", "dz₄", "dz₅"}),
        ("forgotten factor 2", {"dz₁", "dz₂", "dz₃", "dz₄", "dz₅"}),
        ("wrong sign of dσ²", {"dz₁", "dz₂", "dz₃", "dz₄", "dz₅", "dσ²"}),
    ],
)
def test_a_planted_mistake_is_found_where_it_is(mistake: str, wrong: set[str]) -> None:
    z, g = seeded_batch()
    differs = check_gradients(forward(z, gamma=1.3), g, mistake).differs
    assert set(np.array(derivative_names(5))[differs].tolist()) == wrong


def test_with_divisor_n_the_printed_form_is_right() -> None:
    z, g = seeded_batch()
    passed = forward(z, gamma=1.3, ddof=0)
    np.testing.assert_array_equal(backward(passed, g, "as printed").dz, backward(passed, g).dz)
    assert check_gradients(passed, g, "as printed").passes.all()


def test_the_printed_error_shrinks_with_the_batch() -> None:
    absolute, relative = printed_errors([3, 5, 16, 64, 256], random_state=0)
    assert np.all(np.diff(absolute) < 0)
    assert np.all(np.diff(relative) < 0)
    assert relative[1] > 0.05
    assert relative[-1] < 1e-3
    again, _ = printed_errors([3, 5, 16, 64, 256], random_state=0)
    np.testing.assert_array_equal(absolute, again)


@given(batch=batches, options=parameters, mistake=st.sampled_from(MISTAKES))
def test_the_graph_says_what_the_formulas_say(
    batch: tuple[list[float], list[float]], options: dict[str, Any], mistake: str
) -> None:
    z, g = batch
    passed = forward(z, **options)
    expected = backward(passed, g, mistake)
    graph = batch_norm_graph(z, g, **options, mistake=mistake)
    graph.backward()
    gradient = {node.label: node.gradient for node in graph.nodes}
    unit = max(1.0, float(np.abs(expected.dz_bar).sum()) / passed.scale)

    def close(value: float, slack: float = 1e-12) -> Any:
        return pytest.approx(value, rel=1e-9, abs=slack * unit)

    assert graph.output.value == pytest.approx(np.sum(g * passed.z_tilde), rel=1e-9, abs=1e-9)
    for j in range(len(z)):
        k = subscript(j + 1)
        assert gradient[f"z{k}"] == close(expected.dz[j])
        assert gradient[f"z̄{k}"] == close(expected.dz_bar[j])
        assert gradient[f"z̃{k}"] == g[j]
    assert gradient["γ"] == close(expected.dgamma)
    assert gradient["β"] == close(expected.dbeta)
    assert gradient["u"] == close(expected.du, 1e-11)
    assert gradient["σ²"] == close(expected.dvariance, 1e-12 / passed.scale)


@given(batch=batches, options=parameters)
def test_the_graph_agrees_with_its_own_numerical_check(
    batch: tuple[list[float], list[float]], options: dict[str, Any]
) -> None:
    graph = batch_norm_graph(*batch, **options)
    graph.backward()
    assert not graph.check_gradients().differs.any()


@pytest.mark.parametrize("g", [[2.4, 2.4, 2.4], [-2.8, 1.9, 0.1]])
@pytest.mark.parametrize("z", [[-0.6, -0.6, -0.6], [0.1, 0.1, 0.1], [2.9, 2.9, 3.0]])
def test_rounding_is_no_mistake_where_all_z_are_equal_or_nearly_so(z: list[float], g: list[float]) -> None:
    right = batch_norm_graph(z, g, 2.1, 0.5)
    right.backward()
    assert not right.check_gradients().differs.any()
    wrong = batch_norm_graph(z, g, 2.1, 0.5, mistake="forgotten u and σ²")
    wrong.backward()
    assert wrong.check_gradients([wrong.node("z₁")]).differs.all()


def test_messages_are_written_with_the_books_letters() -> None:
    graph = batch_norm_graph([1.0, -1.0, 0.5], [0.5, 1.0, -2.0])
    assert graph.edge("z̄₁", "γz̄₁").message_formula == "γg₁"
    assert graph.edge("z₂ − u", "(z₂ − u)²").message_formula == "dσ²/(n − 1) · 2(z₂ − u)"
    population = batch_norm_graph([1.0, -1.0, 0.5], [0.5, 1.0, -2.0], ddof=0)
    assert population.edge("z₂ − u", "(z₂ − u)²").message_formula == "dσ²/n · 2(z₂ − u)"
    printed = batch_norm_graph([1.0, -1.0, 0.5], [0.5, 1.0, -2.0], mistake="as printed")
    assert printed.edge("Σ(z − u)²", "σ²").message_formula == "dσ²/n"


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_layer_that_networks_use_says_the_same(ddof: int) -> None:
    rng = np.random.default_rng(3)
    Z, G = rng.normal(2, 3, (6, 4)), rng.standard_normal((6, 4))
    gamma, beta = rng.standard_normal(4), rng.standard_normal(4)
    layer = BatchNorm(gamma, beta, epsilon=1e-3, ddof=ddof)
    Z_tilde = layer.forward(Z.copy()).copy()
    dZ = layer.backward(G.copy()).copy()
    for m in range(4):
        passed = forward(Z[:, m], gamma[m], beta[m], 1e-3, ddof)
        result = backward(passed, G[:, m])
        np.testing.assert_allclose(Z_tilde[:, m], passed.z_tilde, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(dZ[:, m], result.dz, rtol=1e-10, atol=1e-12)
        assert layer.dgamma[m] == pytest.approx(result.dgamma)
        assert layer.dbeta[m] == pytest.approx(result.dbeta)
        assert layer.batch_variance[m] == pytest.approx(passed.variance)


def test_equal_net_inputs_are_finite_with_epsilon_and_explained_without() -> None:
    passed = forward([0.3] * 7, epsilon=1e-8)
    assert (passed.u, passed.variance) == (0.3, 0.0)
    assert passed.z_bar.tolist() == [0.0] * 7
    assert np.isfinite(backward(passed, [1.0, -2.0, 0.5, 3.0, 0.0, 1.0, 1.0]).as_vector()).all()
    with pytest.raises(ValueError, match=r"all z are equal, so σ² = 0.*choose ε above 0"):
        forward([0.3] * 7, epsilon=0.0)


@pytest.mark.parametrize("epsilon", [0.0, 1e-300, 1e-8])
def test_tiny_epsilon_and_a_shift_far_from_zero_keep_their_digits(epsilon: float) -> None:
    passed = forward([1e6 + 1, 1e6 - 2, 1e6 + 3], 1.5, 0.0, epsilon)
    exact = complex_dz(np.array([1.0, -2.0, 3.0]), np.array([1.0, 2.0, 0.5]), 1.5, epsilon, 1)
    np.testing.assert_allclose(backward(passed, [1.0, 2.0, 0.5]).dz, exact, atol=1e-12)


def test_what_leaves_float64_is_said_in_words() -> None:
    assert np.isfinite(backward(forward([1.0, 2.0, 4.0], gamma=1e200), [1.0, 2.0, 3.0]).as_vector()).all()
    with pytest.raises(ValueError, match="too large for a float64"):
        forward([1e200, -1e200, 0.0])
    with pytest.raises(ValueError, match="too large for a float64"):
        backward(forward([1.0, 2.0, 4.0], gamma=1e300), [1e10, 1.0, 1.0])


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"z": [1.0]}, ValueError, "take two samples or more$"),
        ({"z": []}, ValueError, "at least one element"),
        ({"z": [[1.0, 2.0]]}, ValueError, "must be a vector"),
        ({"z": [1.0, math.nan]}, ValueError, "z must be finite"),
        ({"z": ["a", "b"]}, TypeError, "z must hold numbers"),
        ({"z": [1.0, 2.0], "epsilon": -1e-5}, ValueError, "epsilon"),
        ({"z": [1.0, 2.0], "gamma": math.inf}, ValueError, "gamma must be finite"),
        ({"z": [1.0, 2.0], "beta": math.nan}, ValueError, "beta must be finite"),
        ({"z": [1.0, 2.0], "ddof": 2}, ValueError, "ddof must be from 0 to 1"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        forward(**arguments)


def test_one_sample_is_a_batch_only_with_divisor_n() -> None:
    passed = forward([4.0], ddof=0)
    assert passed.z_bar.tolist() == [0.0]
    assert backward(passed, [2.0]).dz.tolist() == [0.0]


def test_upstream_and_mistake_are_checked() -> None:
    passed = forward([1.0, 2.0])
    with pytest.raises(ValueError, match="one number a sample, 2, got 3"):
        backward(passed, [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="upstream must be finite"):
        backward(passed, [1.0, math.inf])
    with pytest.raises(ValueError, match="mistake must be one of"):
        backward(passed, [1.0, 2.0], "typo")
    with pytest.raises(ValueError, match="one number a sample, 2, got 3"):
        batch_norm_graph([1.0, 2.0], [1.0, 2.0, 3.0])
