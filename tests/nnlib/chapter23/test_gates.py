"""Gates by hand, by one neuron and learned: book figures, proofs tried out, sweeps that equal single runs."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib.activations import sigmoid
from nnlib.chapter23.gates import (
    CORNERS,
    GATES,
    MISTAKES,
    NEURONS,
    SeedSweep,
    check_gradients,
    computed_gate,
    corner_net_inputs,
    gate_network,
    gate_trainer,
    gradient,
    is_right,
    neuron_scores,
    output_surface,
    plateau_loss,
    resting_places,
    solution,
    truth_table,
)
from nnlib.gradcheck import numerical_gradient

LOSSES = ["sigmoid cross-entropy", "sigmoid squared error"]
BOOK = [20, -20, 20, -20, -30, 10, 20, 20, -10]
weights = st.floats(-40, 40)
nine = st.lists(weights, min_size=9, max_size=9)


def test_the_books_solution_to_eight_decimals() -> None:
    np.testing.assert_array_equal(solution("XNOR"), BOOK)
    outputs = gate_network(BOOK).predict_proba(CORNERS).ravel()
    assert [f"{y:.8f}" for y in outputs] == ["0.99995456", "0.00004548", "0.00004548", "0.99995456"]


def test_the_books_hidden_units_are_and_and_nor() -> None:
    h = gate_network(BOOK).trace(CORNERS, truth_table("XNOR")).h[1]
    np.testing.assert_array_equal(h.round(), np.column_stack([GATES["AND"], GATES["NOR"]]))


@pytest.mark.parametrize("gate", GATES)
def test_truth_tables_are_the_logic(gate: str) -> None:
    logic = {
        "AND": lambda a, b: a and b,
        "OR": lambda a, b: a or b,
        "NAND": lambda a, b: not (a and b),
        "NOR": lambda a, b: not (a or b),
        "XOR": lambda a, b: a != b,
        "XNOR": lambda a, b: a == b,
    }[gate]
    assert truth_table(gate).ravel().tolist() == [float(logic(bool(a), bool(b))) for a, b in CORNERS]


@pytest.mark.parametrize("gate", GATES)
def test_every_solution_solves_its_gate(gate: str) -> None:
    outputs = gate_network(solution(gate)).predict_proba(CORNERS)
    assert np.all(np.abs(outputs - truth_table(gate)) < 1e-3)


@pytest.mark.parametrize("gate", NEURONS)
def test_one_neuron_solves_the_separable_gates(gate: str) -> None:
    outputs = gate_network(NEURONS[gate]).predict_proba(CORNERS)
    assert np.all(is_right(outputs, truth_table(gate)))


@given(st.lists(st.floats(-1e4, 1e4), min_size=3, max_size=3), st.sampled_from(["XOR", "XNOR"]))
def test_one_neuron_never_gets_four_corners_of_xor_or_xnor(neuron: list[float], gate: str) -> None:
    with np.errstate(all="raise"):
        outputs = gate_network(neuron).predict_proba(CORNERS)
    assert is_right(outputs, truth_table(gate)).sum() <= 3


@given(st.lists(weights, min_size=3, max_size=3))
def test_diagonals_have_the_same_sum(neuron: list[float]) -> None:
    z = corner_net_inputs(neuron)
    assert z[0] + z[3] == pytest.approx(z[1] + z[2], abs=1e-12)
    np.testing.assert_allclose(sigmoid(z), gate_network(neuron).predict_proba(CORNERS).ravel(), rtol=1e-12)


@pytest.mark.parametrize("gate", GATES)
def test_scores_count_every_setting(gate: str) -> None:
    values = np.arange(-3, 4.0)
    counted = np.zeros(5, int)
    for neuron in product(values, repeat=3):
        counted[is_right(gate_network(neuron).predict_proba(CORNERS), truth_table(gate)).sum()] += 1
    scores = neuron_scores(gate, values)
    np.testing.assert_array_equal(scores, counted)
    assert (scores[4] > 0) == (gate in NEURONS)


def test_a_gate_is_known_by_its_outputs() -> None:
    for gate in GATES:
        assert computed_gate(gate_network(solution(gate)).predict_proba(CORNERS)) == gate
    assert computed_gate(np.array([0.5, 0.9, 0.9, 0.9])) is None
    assert computed_gate(np.array([0.1, 0.1, 0.9, 0.9])) is None


def test_an_output_of_one_half_is_never_right() -> None:
    assert not is_right(gate_network([0.0] * 9).predict_proba(CORNERS), truth_table("XNOR")).any()


@given(nine, st.floats(0, 2))
def test_sharpness_scales_every_weight_and_moves_no_hidden_line(parameters: list[float], sharpness: float) -> None:
    network = gate_network(parameters, sharpness)
    np.testing.assert_array_equal(network.parameters, np.array(parameters) * sharpness)
    plain = gate_network(parameters).trace(CORNERS, truth_table("XNOR")).z[0]
    scaled = network.trace(CORNERS, truth_table("XNOR")).z[0]
    np.testing.assert_allclose(scaled, sharpness * plain, rtol=1e-12, atol=1e-11)


def test_surface_has_x1_along_columns_and_x2_along_rows() -> None:
    network = gate_network([3, -5, 0.5])
    surface = output_surface(network, -1, 2, 4)
    assert surface.shape == (4, 4)
    # columns are x₁ = −1, 0, 1, 2; rows are x₂ = −1, 0, 1, 2
    assert surface[1, 2] == pytest.approx(sigmoid(np.array(3.5)))
    assert surface[2, 1] == pytest.approx(sigmoid(np.array(-4.5)))
    assert surface[3, 0] == pytest.approx(sigmoid(np.array(-3 - 10 + 0.5)))


@given(nine, st.sampled_from(list(GATES)), st.sampled_from(LOSSES), st.sampled_from([0.1, 0.5, 1.0, 2.0]))
def test_gradients_agree_with_central_differences(
    parameters: list[float], gate: str, loss: str, sharpness: float
) -> None:
    network, Y = gate_network(parameters, sharpness, loss), truth_table(gate)
    before = network.parameters.copy()
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        result = check_gradients(network, CORNERS, Y)
    assert not result.differs.any(), result.verdicts
    np.testing.assert_array_equal(result.analytic, network.gradient(CORNERS, Y))
    np.testing.assert_array_equal(network.parameters, before)


def test_with_sharpness_the_derivatives_are_those_by_the_sliders() -> None:
    values, targets = np.random.default_rng(3).normal(size=9) * 5, truth_table("XNOR")
    by_slider = numerical_gradient(lambda v: gate_network(v, 0.2).mean_loss(CORNERS, targets), values)
    check = check_gradients(gate_network(values, 0.2), CORNERS, targets, sharpness=0.2)
    assert check.passes.all()
    np.testing.assert_allclose(check.analytic, by_slider, atol=1e-8)
    flat = check_gradients(gate_network(values, 0.0), CORNERS, targets, sharpness=0.0)
    assert flat.passes.all()
    assert not flat.analytic.any()


@pytest.mark.parametrize(
    ("mistake", "wrong"),
    [("forgotten σ′", [0, 1, 2, 3, 4, 5]), ("wrong sign", range(9)), ("missing 1/n", range(9))],
)
def test_a_mistake_is_seen_where_it_was_made_and_nowhere_else(mistake: str, wrong: list[int]) -> None:
    parameters = np.random.default_rng(1).normal(size=9)
    network, Y = gate_network(parameters), truth_table("XNOR")
    result = check_gradients(network, CORNERS, Y, mistake)
    assert np.flatnonzero(result.differs).tolist() == list(wrong)
    np.testing.assert_array_equal(result.analytic, gradient(network, CORNERS, Y, mistake))
    np.testing.assert_array_equal(gradient(network, CORNERS, Y), network.gradient(CORNERS, Y))


def test_forgetting_the_slope_divides_each_hidden_delta_by_it() -> None:
    # one sample, so that ∇b¹ is δ¹ itself: with the slope it is the true one, without it is 1/σ' times that
    parameters = np.random.default_rng(2).normal(size=9)
    network, X, Y = gate_network(parameters), CORNERS[1:2], np.ones((1, 1))
    h = network.trace(X, Y).h[1][0]
    forgotten, true = gradient(network, X, Y, "forgotten σ′"), gradient(network, X, Y)
    np.testing.assert_allclose(forgotten[4:6] * h * (1 - h), true[4:6], rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("gate", ["XNOR", "NAND"])
def test_a_sweep_is_its_single_runs(gate: str, loss: str) -> None:
    sweep = SeedSweep(gate, seeds=3, learning_rate=2.0, steps=100, loss=loss)
    sweep.run(40)
    assert (sweep.step, sweep.finished) == (40, False)
    sweep.run()
    assert sweep.finished
    for seed in range(3):
        trainer = gate_trainer(gate, seed, learning_rate=2.0, steps=100, loss=loss)
        trainer.run()
        single = trainer.network
        stacked = [a[seed].ravel() for a in (sweep.W1, sweep.b1, sweep.W2, sweep.b2)]
        np.testing.assert_allclose(np.concatenate(stacked), single.parameters, rtol=1e-8, atol=1e-10)
        assert sweep.losses[seed] == pytest.approx(trainer.history[-1].train_loss, rel=1e-8)
        right = is_right(single.predict_proba(CORNERS), truth_table(gate))
        assert sweep.learned[seed] == right.all()


def test_seventy_of_a_hundred_seeds_learn_xnor_and_the_others_rest_on_plateaus() -> None:
    sweep = SeedSweep("XNOR")
    sweep.run()
    assert sweep.learned.sum() == 70
    stuck = sweep.losses[~sweep.learned]
    plateaus = np.array([plateau_loss(2, 1), plateau_loss(3, 1)])
    assert np.all(np.abs(stuck[:, None] - plateaus).min(axis=1) < 0.02)
    assert sweep.losses[sweep.learned].max() < 0.05


def test_a_network_rests_on_one_plateau_only() -> None:
    """With squared error two plateaus lie so near each other that many networks are near both."""
    sweep = SeedSweep("XNOR", loss="sigmoid squared error")
    sweep.run()
    stuck = sweep.losses[~sweep.learned]
    plateaus = [plateau_loss(*shares, "sigmoid squared error") for shares in ((2, 1), (3, 1), (4, 2))]
    near = np.abs(stuck[:, None] - plateaus) < 0.02
    assert (near.sum(axis=1) > 1).any()
    places = resting_places(stuck, plateaus)
    assert [np.sum(places == k) for k in range(3)] == [22, 17, 6]
    assert near[np.arange(len(stuck)), places].all()
    assert resting_places([1.0], plateaus).tolist() == [-1]


def test_a_seed_that_seems_stuck_may_only_be_slow() -> None:
    slow = SeedSweep("XNOR", seeds=80, learning_rate=3.0, steps=10_000)
    slow.run(2000)
    assert not slow.learned[79]
    assert slow.losses[79] == pytest.approx(plateau_loss(3, 1), abs=1e-3)
    slow.run()
    assert slow.learned[79]


def test_seed_0_rests_on_the_highest_plateau_and_goes_on() -> None:
    slow = gate_trainer("XNOR", seed=0)
    slow.run()
    resting = [m.train_loss for m in slow.history if 20 <= m.step <= 300]
    assert 0.68 < min(resting) <= max(resting) < 0.70
    assert slow.history[-1].train_loss < 0.05


def test_a_learning_rate_of_30_leaves_no_network_on_a_plateau() -> None:
    sweep = SeedSweep("XNOR", learning_rate=30.0)
    sweep.run()
    assert not sweep.learned.any()
    assert sweep.losses.min() > plateau_loss(4, 2) + 0.02


def test_every_seed_learns_a_separable_gate() -> None:
    sweep = SeedSweep("AND")
    sweep.run()
    assert sweep.learned.all()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("corners", "ones"), [(2, 1), (3, 1), (3, 2), (4, 2), (4, 1)])
def test_a_plateau_is_the_best_a_shared_output_can_do(corners: int, ones: int, loss: str) -> None:
    y = np.array([1.0] * ones + [0.0] * (corners - ones))
    p = np.linspace(0.001, 0.999, 9981)[:, None]
    if loss == "sigmoid cross-entropy":
        values = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=1) / 4
    else:
        values = ((p - y) ** 2 / 2).sum(axis=1) / 4
    assert plateau_loss(corners, ones, loss) == pytest.approx(values.min(), rel=1e-6)


def test_a_sweep_stays_silent_at_a_learning_rate_far_too_large() -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        sweep = SeedSweep("XNOR", seeds=20, learning_rate=1000.0, steps=200)
        sweep.run()
    assert np.all(np.isfinite(sweep.losses))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: truth_table("IMPLIES"), "gate must be one of 'AND'.*'IMPLIES'"),
        (lambda: solution("and"), "gate must be one of"),
        (lambda: gate_network([1.0] * 8), r"parameters must be 9 numbers.*\(8,\)"),
        (lambda: gate_network([np.nan] * 9), "parameters must be finite"),
        (lambda: gate_network(BOOK, -1.0), "sharpness must be finite and in"),
        (lambda: gate_network(BOOK, loss="softmax cross-entropy"), "loss must be one of"),
        (lambda: output_surface(gate_network(BOOK), 0, 1, 1), "points must be at least 2"),
        (lambda: gradient(gate_network(BOOK), CORNERS, truth_table("OR"), "typo"), "mistake must be one of"),
        (lambda: gate_trainer("XNOR", steps=0), "steps must be at least 1"),
        (lambda: gate_trainer("XNOR", learning_rate=0.0), "learning_rate must be finite and in"),
        (lambda: SeedSweep("XNOR", seeds=0), "seeds must be at least 1"),
        (lambda: SeedSweep("XNOR", learning_rate=-1.0), "learning_rate must be finite and in"),
        (lambda: SeedSweep("XNOR", steps=1).run(0), "count must be at least 1"),
        (lambda: plateau_loss(5, 1), "corners must be from 2 to 4"),
        (lambda: plateau_loss(2, 2), "ones must be from 1 to 1"),
    ],
)
def test_bad_arguments_are_named(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()


def test_parameters_that_are_not_numbers_are_named() -> None:
    with pytest.raises(TypeError, match="parameters must be numbers"):
        gate_network(["a"] * 9)  # type: ignore[list-item]


def test_mistakes_are_those_listed() -> None:
    assert MISTAKES[0] == "none"
    assert len(set(MISTAKES)) == 4
