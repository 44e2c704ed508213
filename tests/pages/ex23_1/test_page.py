"""Page 23.1 as a reader meets it: the book's figures, other gates, one neuron, learning, its Python snippets."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnlib.chapter23.gates import (
    CORNERS,
    GATES,
    SeedSweep,
    gate_network,
    gate_trainer,
    plateau_loss,
    solution,
    truth_table,
)
from nnlib.gradcheck import numerical_gradient
from pages.shared.numbers import number
from tests.pages.reader import Reader

SLIDERS = ["w1_11", "w1_12", "w1_21", "w1_22", "b1_1", "b1_2", "w2_1", "w2_2", "b2"]


@pytest.fixture
def reader() -> Reader:
    return Reader("23.1")


def truth(reader: Reader) -> pd.DataFrame:
    """The truth table."""
    return reader.table("y (8 decimals)")


def learn(reader: Reader, count: int) -> Reader:
    """What the timer does while the page learns, until `count` more steps are made or none are left."""
    run = reader.kept("run")
    run.stop_at = run.trainer.step + count
    while not run.reached:
        run.move_on()
    return reader.run()


def sweep(reader: Reader) -> Reader:
    """What the timer does while a hundred networks learn, to the end."""
    reader.kept("sweep").run()
    return reader.run()


def test_the_books_solution_is_the_default_to_eight_decimals(reader: Reader) -> None:
    assert [reader.value(name) for name in SLIDERS] == solution("XNOR").tolist()
    table = truth(reader)
    assert list(table["y (8 decimals)"]) == ["0.99995456", "0.00004548", "0.00004548", "0.99995456"]
    assert list(table["z₁"]) == ["−30", "−10", "−10", "10"]
    assert list(table["verdict"]) == ["✓"] * 4
    assert "4 of 4 rows of XNOR are right" in reader.words()
    assert all(verdict == "✓" for _, verdict in reader.gradients().values())


def test_sliders_drive_the_drawings(reader: Reader) -> None:
    reader.set(w1_11=-12.5, sharpness=0.5)
    surface, network = reader.pictures()[:2]
    assert {edge["weight"] for edge in network["edges"]} == {"−6.25", "10", "−10"}
    assert [n["bias"] for n in network["neurons"]] == ["", "", "b = −15", "b = 5", "b = −5"]
    z = 0.5 * (-12.5 + 20 - 30)
    assert network["neurons"][2]["value"] == number(1 / (1 + np.exp(-z)))
    # h₁ = ½ where −12.5 x₁ + 20 x₂ = 30, whatever the sharpness; at x₂ = 1.25 that is x₁ = −0.4, outside
    assert [(line["name"], line["broken"]) for line in surface["lines"]] == [("h₂ = ½", True)]
    assert sum(point["right"] for point in surface["points_marked"]) == 3
    assert "✖ 3 of 4 rows of XNOR are right" in reader.words()


def test_lines_are_where_the_hidden_units_are_one_half(reader: Reader) -> None:
    lines = reader.pictures()[0]["lines"]
    assert [line["name"] for line in lines] == ["h₁ = ½", "h₂ = ½"]
    for line, total in zip(lines, [1.5, 0.5], strict=True):
        assert [x1 + x2 for x1, x2 in line["ends"]] == pytest.approx([total, total])


@pytest.mark.parametrize("gate", list(GATES))
def test_every_gate_is_one_click_away_and_another_solves_it(reader: Reader, gate: str) -> None:
    reader.set(target=gate)
    assert list(truth(reader)["target"]) == [f"{t}" for t in GATES[gate]]
    wrong = sum(a != b for a, b in zip(GATES[gate], GATES["XNOR"], strict=True))
    assert list(truth(reader)["verdict"]).count("✖") == wrong
    reader.press("solve")
    assert list(truth(reader)["verdict"]) == ["✓"] * 4
    assert [reader.value(name) for name in SLIDERS] == solution(gate).tolist()


def test_weights_that_solve_a_gate_are_used_as_they_are(reader: Reader) -> None:
    reader.set(sharpness=0.05)
    assert list(truth(reader)["verdict"]).count("✖") == 2
    reader.press("solve")
    assert reader.value("sharpness") == 1.0
    assert list(truth(reader)["y (8 decimals)"]) == ["0.99995456", "0.00004548", "0.00004548", "0.99995456"]


def test_a_derivative_by_the_slider_is_the_one_shown_times_the_sharpness(reader: Reader) -> None:
    assert "If you move the slider itself" not in reader.words()
    reader.set(sharpness=0.2)
    assert "If you move the slider itself, L changes 0.2 times as fast." in reader.words()
    values, targets = solution("XNOR"), truth_table("XNOR")
    by_slider = numerical_gradient(lambda v: gate_network(v, 0.2).mean_loss(CORNERS, targets), values)
    shown = [row[0] for row in reader.gradients().values()]
    assert shown == [number(g) for g in gate_network(values, 0.2).gradient(CORNERS, targets)]
    np.testing.assert_allclose(by_slider, 0.2 * gate_network(values, 0.2).gradient(CORNERS, targets), atol=1e-8)


@pytest.mark.parametrize(
    ("mistake", "red"), [("none", 0), ("forgotten σ′", 6), ("wrong sign", 9), ("missing 1/n", 9)]
)
def test_a_planted_mistake_turns_its_rows_red(reader: Reader, mistake: str, red: int) -> None:
    reader.set(sharpness=0.1, mistake=mistake)
    wrong = [name for name, (_, verdict) in reader.gradients().items() if verdict == "✖"]
    assert len(wrong) == red
    assert wrong == list(reader.gradients())[:red]
    assert "turn red" not in reader.words("info")


def test_a_mistake_is_seen_however_small_the_derivatives_are(reader: Reader) -> None:
    # the smallest are 9e-12 beside a loss of 4.5e-5
    reader.set(mistake="wrong sign")
    assert all(verdict == "✖" for _, verdict in reader.gradients().values())
    assert "Lower “Sharpness”" not in reader.words("info")


def test_a_mistake_too_small_to_see_is_said_so(reader: Reader) -> None:
    reader.set(**dict.fromkeys(SLIDERS, -40.0), sharpness=2.0, mistake="wrong sign")
    assert "· too small to judge" in [verdict for _, verdict in reader.gradients().values()]
    assert "Lower “Sharpness”" in reader.words("info")


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
@pytest.mark.parametrize("value", [-40.0, 0.0, 40.0])
def test_extremes_stay_finite_and_their_gradients_agree(reader: Reader, loss: str, value: float) -> None:
    reader.set(**dict.fromkeys(SLIDERS, value), sharpness=2.0, loss=loss)
    assert "✖" not in [verdict for _, verdict in reader.gradients().values()]
    assert not truth(reader).map(lambda cell: "not a number" in cell).any().any()
    if value == 0:  # no lines, and an output of ½ is right for nobody
        assert reader.pictures()[0]["lines"] == []
        assert "0 of 4 rows" in reader.words()


@pytest.mark.parametrize("neuron", [(20.0, 20.0, -30.0), (0.0, 0.0, 40.0), (-40.0, 13.5, 7.0), (5.0, -5.0, 0.0)])
def test_one_neuron_never_gets_xnor_right(reader: Reader, neuron: tuple[float, float, float]) -> None:
    w1, w2, b = neuron
    reader.set(n_w1=w1, n_w2=w2, n_b=b)
    table = reader.table("XNOR needs")
    assert list(table["now"]) == [number(z) for z in (b, w2 + b, w1 + b, w1 + w2 + b)]
    assert list(table["verdict"]).count("✓") <= 3
    both = number(w1 + w2 + 2 * b)
    assert f"Add the first and last rows: {both}. Add the two middle rows: {both}." in reader.words()
    assert "**XNOR is not linearly separable.**" in reader.words()
    assert "None of them gets four rows right." in reader.words()


def test_one_neuron_does_a_separable_gate(reader: Reader) -> None:
    reader.set(target="NAND")
    reader.press("n_solve")
    table = reader.table("NAND needs")
    assert list(table["verdict"]) == ["✓"] * 4
    assert "not linearly separable" not in reader.words()


def test_learning_steps_pauses_resets_and_hands_its_weights_over(reader: Reader) -> None:
    reader.press("one_step")
    trainer = reader.kept("run").trainer
    assert trainer.step == 1
    reader.press("start")
    learn(reader, 500)
    reader.press("pause")
    reader.run()
    assert trainer.step == 501
    reader.press("start")
    learn(reader, 2000)
    assert (trainer.step, trainer.state) == (2000, "finished")
    assert reader.button("start").label == "Start"
    alone = gate_trainer("XNOR", seed=0)
    alone.run()
    np.testing.assert_array_equal(trainer.network.parameters, alone.network.parameters)
    assert f"L = {number(alone.network.mean_loss(CORNERS, truth_table('XNOR')))}." in reader.words()
    reader.press("take_over")
    learned = [reader.value(name) for name in SLIDERS]
    np.testing.assert_allclose(learned, alone.network.parameters, atol=0.25)
    assert list(truth(reader)["verdict"]) == ["✓"] * 4
    reader.press("reset")
    assert reader.kept("run").trainer.step == 0


def test_other_settings_begin_another_run(reader: Reader) -> None:
    reader.press("start")
    reader.set(seed=7)
    run = reader.kept("run")
    assert (run.settings["seed"], run.trainer.step) == (7, 0)
    assert reader.button("start").label == "Start"


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
def test_a_hundred_seeds_in_slices_are_one_sweep(reader: Reader, loss: str) -> None:
    reader.set(l_loss=loss, rate=3.0, steps=500, sweep_chart_table=True)
    reader.press("sweep_start")
    assert reader.kept("sweep").step == 0
    assert reader.button("sweep_start").disabled
    sweep(reader)
    assert not reader.button("sweep_start").disabled
    whole = SeedSweep("XNOR", learning_rate=3.0, steps=500, loss=f"sigmoid {loss}")
    whole.run()
    assert f"**{whole.learned.sum()} of 100 networks get all four rows right.**" in reader.words()
    np.testing.assert_array_equal(reader.kept("sweep").losses, whole.losses)
    stuck = ", ".join(map(str, np.flatnonzero(~whole.learned)))
    assert f"Seeds that have not learned: {stuck}." in reader.words()
    chart = next(chart for chart in reader.charts() if "networks" in json.dumps(chart))
    bars = chart["layer"][0]
    assert {"x", "x2", "y", "y2"} <= set(bars["encoding"])
    counts = reader.table("networks")
    assert counts["networks"].astype(int).sum() == 100


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Blunt the neurons", {"target": "XNOR", "sharpness": 0.1, "w2_1": 20.0}),
        ("From XNOR to XOR", {"target": "XOR", "sharpness": 1.0, "w2_1": -20.0}),
        ("A seed that gets stuck", {"target": "XNOR", "seed": 1, "l_loss": "cross-entropy"}),
    ],
)
def test_an_experiment_makes_its_settings(reader: Reader, label: str, expected: dict[str, Any]) -> None:
    reader.set(target="OR", w2_1=3.0)
    reader.press(label)
    for name, value in expected.items():
        assert reader.kept(name) == value


def test_the_stuck_seed_rests_where_the_page_says() -> None:
    stuck = SeedSweep("XNOR", steps=10_000)
    stuck.run()
    assert not stuck.learned[1]
    assert stuck.learned.sum() == 70  # more steps free none of those that 2,000 leave behind
    slow = gate_trainer("XNOR", seed=0)
    slow.run()
    resting = [m.train_loss for m in slow.history if 20 <= m.step <= 300]
    assert min(resting) > 0.68
    assert max(resting) < 0.70


def test_a_network_rests_on_one_plateau_only(reader: Reader) -> None:
    """With squared error two plateaus lie so near each other that many networks are near both."""
    reader.set(l_loss="squared error")
    reader.press("sweep_start")
    sweep(reader)
    trained = reader.kept("sweep")
    losses = trained.losses[~trained.learned]
    resting = reader.table("networks within 0.02, not learned")
    low, middle, high = (plateau_loss(*shares, "sigmoid squared error") for shares in ((2, 1), (3, 1), (4, 2)))
    assert np.sum((np.abs(losses - low) < 0.02) & (np.abs(losses - middle) < 0.02)) > 0
    assert list(resting.index) == [
        "2 rows share y = ½",
        "3 rows share y = ⅓ or 3 rows share y = ⅔",
        "4 rows share y = ½",
    ]
    between = [(losses > low - 0.02) & (losses < (low + middle) / 2)]
    between += [(losses > (low + middle) / 2) & (losses < middle + 0.02), np.abs(losses - high) < 0.02]
    assert list(resting.iloc[:, 1]) == [str(np.sum(one)) for one in between]


def test_a_seed_that_seems_stuck_may_only_be_slow(reader: Reader) -> None:
    assert "seed 79 has not learned after 2,000 steps, but it has after 10,000" in reader.words()
    slow = SeedSweep("XNOR", seeds=80, learning_rate=3.0, steps=10_000)
    slow.run(2000)
    assert not slow.learned[79]
    slow.run()
    assert slow.learned[79]


def test_the_erratum_stands_in_numbers(reader: Reader) -> None:
    assert "headed x₁, x₁" in reader.words("warning")
    table = reader.table("possible as printed")
    assert list(table["possible as printed"]) == ["✓", "✖", "✖", "✓"]


@pytest.mark.parametrize("mistake", ["none", "forgotten σ′"])
def test_the_snippets_reproduce_the_screen(reader: Reader, mistake: str) -> None:
    reader.set(b1_2=-4.5, sharpness=0.3, mistake=mistake, loss="squared error", steps=500, target="XOR")
    by_hand = reader.snippet(0)
    assert list(truth(reader)["y (8 decimals)"]) == [f"{y:.8f}" for y in by_hand["trace"].h[2][:, 0]]
    assert [row[0] for row in reader.gradients().values()] == [number(g) for g in by_hand["gradients"].analytic]
    assert f"L = {number(by_hand['trace'].loss)} at your weights" in reader.words()
    reader.press("sweep_start")
    sweep(reader)
    reader.press("start")
    learn(reader, 500)
    learned = reader.snippet(1)
    assert f"**{learned['sweep'].learned.sum()} of 100 networks" in reader.words()
    loss = learned["trainer"].network.mean_loss(CORNERS, truth_table("XOR"))
    assert f"rows are right**, L = {number(loss)}." in reader.words()
