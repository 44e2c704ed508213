"""Page 23.1 as a reader meets it: the book's figures, other gates, one neuron, learning, its Python snippets."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

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
from tests.pages.graph_helpers import gradients, open_page

SLIDERS = ["w1_11", "w1_12", "w1_21", "w1_22", "b1_1", "b1_2", "w2_1", "w2_2", "b2"]


@pytest.fixture
def page() -> AppTest:
    return open_page("pages/ex23_1_xnor.py")


def truth(page: AppTest) -> Any:
    """The truth table."""
    return next(t.value for t in page.table if "y (8 decimals)" in t.value.columns)


def drawings(page: AppTest) -> list[dict[str, Any]]:
    """Data of every drawing, top to bottom: surface, network, one neuron's surface, the learner's surface."""
    return [json.loads(component.proto.json) for component in page.get("bidi_component")]


def says(page: AppTest, text: str) -> bool:
    """Whether some text on the page contains `text`."""
    return any(text in m.value for m in page.markdown)


def learn(page: AppTest, count: int) -> AppTest:
    """What the timer does while the page learns, until `count` more steps are made or none are left."""
    run = page.session_state["ex23_1_run"]
    run.stop_at = run.trainer.step + count
    while not run.reached:
        run.move_on()
    return page.run()


def sweep(page: AppTest) -> AppTest:
    """What the timer does while a hundred networks learn, to the end."""
    page.session_state["ex23_1_sweep"].run()
    return page.run()


def run_snippet(page: AppTest, index: int) -> dict[str, Any]:
    """What one of the two snippets leaves behind."""
    names: dict[str, Any] = {"print": lambda *values: None}
    exec(page.code[index].value, names)
    return names


def test_the_books_solution_is_the_default_to_eight_decimals(page: AppTest) -> None:
    assert not page.exception
    assert [page.slider(key=f"ex23_1_{name}").value for name in SLIDERS] == solution("XNOR").tolist()
    table = truth(page)
    assert list(table["y (8 decimals)"]) == ["0.99995456", "0.00004548", "0.00004548", "0.99995456"]
    assert list(table["z₁"]) == ["−30.00", "−10.00", "−10.00", "10.00"]
    assert list(table["verdict"]) == ["✓"] * 4
    assert says(page, "4 of 4 rows of XNOR are right")
    assert all(verdict == "✓" for _, verdict in gradients(page).values())


def test_sliders_drive_the_drawings(page: AppTest) -> None:
    page.slider(key="ex23_1_w1_11").set_value(-12.5)
    page.slider(key="ex23_1_sharpness").set_value(0.5).run()
    surface, network = drawings(page)[:2]
    assert {edge["weight"] for edge in network["edges"]} == {"−6.250", "10.00", "−10.00"}
    assert [n["bias"] for n in network["neurons"]] == ["", "", "b = −15.00", "b = 5.000", "b = −5.000"]
    z = 0.5 * (-12.5 + 20 - 30)
    assert network["neurons"][2]["value"] == number(1 / (1 + np.exp(-z)))
    # h₁ = ½ where −12.5 x₁ + 20 x₂ = 30, whatever the sharpness; at x₂ = 1.25 that is x₁ = −0.4, outside
    assert [(line["name"], line["broken"]) for line in surface["lines"]] == [("h₂ = ½", True)]
    assert sum(point["right"] for point in surface["points_marked"]) == 3
    assert says(page, "✗ 3 of 4 rows of XNOR are right")


def test_lines_are_where_the_hidden_units_are_one_half(page: AppTest) -> None:
    lines = drawings(page)[0]["lines"]
    assert [line["name"] for line in lines] == ["h₁ = ½", "h₂ = ½"]
    for line, total in zip(lines, [1.5, 0.5], strict=True):
        assert [x1 + x2 for x1, x2 in line["ends"]] == pytest.approx([total, total])


@pytest.mark.parametrize("gate", list(GATES))
def test_every_gate_is_one_click_away_and_another_solves_it(page: AppTest, gate: str) -> None:
    page.pills(key="ex23_1_target").set_value(gate).run()
    assert list(truth(page)["target"]) == [f"{t}" for t in GATES[gate]]
    wrong = sum(a != b for a, b in zip(GATES[gate], GATES["XNOR"], strict=True))
    assert list(truth(page)["verdict"]).count("✗") == wrong
    page.button(key="ex23_1_solve").click().run()
    assert not page.exception
    assert list(truth(page)["verdict"]) == ["✓"] * 4
    assert [page.slider(key=f"ex23_1_{name}").value for name in SLIDERS] == solution(gate).tolist()


def test_weights_that_solve_a_gate_are_used_as_they_are(page: AppTest) -> None:
    page.slider(key="ex23_1_sharpness").set_value(0.05).run()
    assert list(truth(page)["verdict"]).count("✗") == 2
    page.button(key="ex23_1_solve").click().run()
    assert page.slider(key="ex23_1_sharpness").value == 1.0
    assert list(truth(page)["y (8 decimals)"]) == ["0.99995456", "0.00004548", "0.00004548", "0.99995456"]


def test_a_derivative_by_the_slider_is_the_one_shown_times_the_sharpness(page: AppTest) -> None:
    assert not says(page, "If you move the slider itself")
    page.slider(key="ex23_1_sharpness").set_value(0.2).run()
    assert says(page, "If you move the slider itself, L changes 0.2 times as fast.")
    values, targets = solution("XNOR"), truth_table("XNOR")
    by_slider = numerical_gradient(lambda v: gate_network(v, 0.2).mean_loss(CORNERS, targets), values)
    shown = [row[0] for row in gradients(page).values()]
    assert shown == [number(g) for g in gate_network(values, 0.2).gradient(CORNERS, targets)]
    np.testing.assert_allclose(by_slider, 0.2 * gate_network(values, 0.2).gradient(CORNERS, targets), atol=1e-8)


@pytest.mark.parametrize(
    ("mistake", "red"), [("none", 0), ("forgotten σ′", 6), ("wrong sign", 9), ("missing 1/n", 9)]
)
def test_a_planted_mistake_turns_its_rows_red(page: AppTest, mistake: str, red: int) -> None:
    page.slider(key="ex23_1_sharpness").set_value(0.1)
    page.radio(key="ex23_1_mistake").set_value(mistake).run()
    wrong = [name for name, (_, verdict) in gradients(page).items() if verdict == "✗"]
    assert len(wrong) == red
    assert wrong == list(gradients(page))[:red]
    assert not any("turn red" in info.value for info in page.info)


def test_a_mistake_is_seen_however_small_the_derivatives_are(page: AppTest) -> None:
    # the smallest are 9e-12 beside a loss of 4.5e-5
    page.radio(key="ex23_1_mistake").set_value("wrong sign").run()
    assert all(verdict == "✗" for _, verdict in gradients(page).values())
    assert not any("Lower “Sharpness”" in info.value for info in page.info)


def test_a_mistake_too_small_to_see_is_said_so(page: AppTest) -> None:
    for name in SLIDERS:
        page.slider(key=f"ex23_1_{name}").set_value(-40.0)
    page.slider(key="ex23_1_sharpness").set_value(2.0)
    page.radio(key="ex23_1_mistake").set_value("wrong sign").run()
    assert "· too small to judge" in [verdict for _, verdict in gradients(page).values()]
    assert any("Lower “Sharpness”" in info.value for info in page.info)


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
@pytest.mark.parametrize("value", [-40.0, 0.0, 40.0])
def test_extremes_stay_finite_and_their_gradients_agree(page: AppTest, loss: str, value: float) -> None:
    for name in SLIDERS:
        page.slider(key=f"ex23_1_{name}").set_value(value)
    page.slider(key="ex23_1_sharpness").set_value(2.0)
    page.radio(key="ex23_1_loss").set_value(loss).run()
    assert not page.exception
    assert "✗" not in [verdict for _, verdict in gradients(page).values()]
    assert not truth(page).map(lambda cell: "not a number" in cell).any().any()
    if value == 0:  # no lines, and an output of ½ is right for nobody
        assert drawings(page)[0]["lines"] == []
        assert says(page, "0 of 4 rows")


@pytest.mark.parametrize("neuron", [(20.0, 20.0, -30.0), (0.0, 0.0, 40.0), (-40.0, 13.5, 7.0), (5.0, -5.0, 0.0)])
def test_one_neuron_never_gets_xnor_right(page: AppTest, neuron: tuple[float, float, float]) -> None:
    for name, value in zip(["n_w1", "n_w2", "n_b"], neuron, strict=True):
        page.slider(key=f"ex23_1_{name}").set_value(value)
    page.run()
    w1, w2, b = neuron
    table = next(t.value for t in page.table if "XNOR needs" in t.value.columns)
    assert list(table["now"]) == [number(z) for z in (b, w2 + b, w1 + b, w1 + w2 + b)]
    assert list(table["verdict"]).count("✓") <= 3
    both = number(w1 + w2 + 2 * b)
    assert says(page, f"Add the first and last rows: {both}. Add the two middle rows: {both}.")
    assert says(page, "**XNOR is not linearly separable.**")
    assert says(page, "None of them gets four rows right.")


def test_one_neuron_does_a_separable_gate(page: AppTest) -> None:
    page.pills(key="ex23_1_target").set_value("NAND").run()
    page.button(key="ex23_1_n_solve").click().run()
    table = next(t.value for t in page.table if "NAND needs" in t.value.columns)
    assert list(table["verdict"]) == ["✓"] * 4
    assert not says(page, "not linearly separable")


def test_learning_steps_pauses_resets_and_hands_its_weights_over(page: AppTest) -> None:
    page.button(key="ex23_1_one_step").click().run()
    trainer = page.session_state["ex23_1_run"].trainer
    assert trainer.step == 1
    page.button(key="ex23_1_start").click().run()
    learn(page, 500)
    page.button(key="ex23_1_pause").click().run()
    page.run()
    assert trainer.step == 501
    page.button(key="ex23_1_start").click().run()
    learn(page, 2000)
    assert (trainer.step, trainer.state) == (2000, "finished")
    assert page.button(key="ex23_1_start").label == "Start"
    alone = gate_trainer("XNOR", seed=0)
    alone.run()
    np.testing.assert_array_equal(trainer.network.parameters, alone.network.parameters)
    assert says(page, f"L = {number(alone.network.mean_loss(CORNERS, truth_table('XNOR')))}.")
    page.button(key="ex23_1_take_over").click().run()
    learned = [page.slider(key=f"ex23_1_{name}").value for name in SLIDERS]
    np.testing.assert_allclose(learned, alone.network.parameters, atol=0.25)
    assert list(truth(page)["verdict"]) == ["✓"] * 4
    page.button(key="ex23_1_reset").click().run()
    assert page.session_state["ex23_1_run"].trainer.step == 0
    assert not page.exception


def test_other_settings_begin_another_run(page: AppTest) -> None:
    page.button(key="ex23_1_start").click().run()
    page.number_input(key="ex23_1_seed").set_value(7).run()
    run = page.session_state["ex23_1_run"]
    assert (run.settings["seed"], run.trainer.step) == (7, 0)
    assert page.button(key="ex23_1_start").label == "Start"


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
def test_a_hundred_seeds_in_slices_are_one_sweep(page: AppTest, loss: str) -> None:
    page.radio(key="ex23_1_l_loss").set_value(loss)
    page.select_slider(key="ex23_1_rate").set_value(3.0)
    page.session_state["ex23_1_sweep_chart_table"] = True
    page.select_slider(key="ex23_1_steps").set_value(500).run()
    page.button(key="ex23_1_sweep_start").click().run()
    assert page.session_state["ex23_1_sweep"].step == 0
    assert page.button(key="ex23_1_sweep_start").disabled
    sweep(page)
    assert not page.button(key="ex23_1_sweep_start").disabled
    whole = SeedSweep("XNOR", learning_rate=3.0, steps=500, loss=f"sigmoid {loss}")
    whole.run()
    assert says(page, f"**{whole.learned.sum()} of 100 networks get all four rows right.**")
    np.testing.assert_array_equal(page.session_state["ex23_1_sweep"].losses, whole.losses)
    stuck = ", ".join(map(str, np.flatnonzero(~whole.learned)))
    assert says(page, f"Seeds that have not learned: {stuck}.")
    chart = next(c for c in page.get("vega_lite_chart") if "networks" in c.proto.spec)
    bars = json.loads(chart.proto.spec)["layer"][0]
    assert {"x", "x2", "y", "y2"} <= set(bars["encoding"])
    counts = next(d.value for d in page.dataframe if "networks" in d.value.columns)
    assert counts["networks"].astype(int).sum() == 100
    assert not page.exception


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Blunt the neurons", {"target": "XNOR", "sharpness": 0.1, "w2_1": 20.0}),
        ("From XNOR to XOR", {"target": "XOR", "sharpness": 1.0, "w2_1": -20.0}),
        ("A seed that gets stuck", {"target": "XNOR", "seed": 1, "l_loss": "cross-entropy"}),
    ],
)
def test_an_experiment_makes_its_settings(page: AppTest, label: str, expected: dict[str, Any]) -> None:
    page.pills(key="ex23_1_target").set_value("OR")
    page.slider(key="ex23_1_w2_1").set_value(3.0).run()
    page.button(key=f"try_{label}").click().run()
    assert not page.exception
    for name, value in expected.items():
        assert page.session_state[f"ex23_1_{name}"] == value


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


def test_a_network_rests_on_one_plateau_only(page: AppTest) -> None:
    """With squared error two plateaus lie so near each other that many networks are near both."""
    page.radio(key="ex23_1_l_loss").set_value("squared error").run()
    page.button(key="ex23_1_sweep_start").click().run()
    sweep(page)
    trained = page.session_state["ex23_1_sweep"]
    losses = trained.losses[~trained.learned]
    resting = next(t.value for t in page.table if "networks within 0.02, not learned" in t.value.columns)
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


def test_a_seed_that_seems_stuck_may_only_be_slow(page: AppTest) -> None:
    assert says(page, "seed 79 has not learned after 2,000 steps, but it has after 10,000")
    slow = SeedSweep("XNOR", seeds=80, learning_rate=3.0, steps=10_000)
    slow.run(2000)
    assert not slow.learned[79]
    slow.run()
    assert slow.learned[79]


def test_the_erratum_stands_in_numbers(page: AppTest) -> None:
    assert any("headed x₁, x₁" in warning.value for warning in page.warning)
    table = next(t.value for t in page.table if "possible as printed" in t.value.columns)
    assert list(table["possible as printed"]) == ["✓", "✗", "✗", "✓"]


@pytest.mark.parametrize("mistake", ["none", "forgotten σ′"])
def test_the_snippets_reproduce_the_screen(page: AppTest, mistake: str) -> None:
    page.slider(key="ex23_1_b1_2").set_value(-4.5)
    page.slider(key="ex23_1_sharpness").set_value(0.3)
    page.radio(key="ex23_1_mistake").set_value(mistake)
    page.radio(key="ex23_1_loss").set_value("squared error")
    page.select_slider(key="ex23_1_steps").set_value(500)
    page.pills(key="ex23_1_target").set_value("XOR").run()
    by_hand = run_snippet(page, 0)
    assert list(truth(page)["y (8 decimals)"]) == [f"{y:.8f}" for y in by_hand["trace"].h[2][:, 0]]
    assert [row[0] for row in gradients(page).values()] == [number(g) for g in by_hand["gradients"].analytic]
    assert says(page, f"L = {number(by_hand['trace'].loss)} at your weights")
    page.button(key="ex23_1_sweep_start").click().run()
    sweep(page)
    page.button(key="ex23_1_start").click().run()
    learn(page, 500)
    learned = run_snippet(page, 1)
    assert says(page, f"**{learned['sweep'].learned.sum()} of 100 networks")
    loss = learned["trainer"].network.mean_loss(CORNERS, truth_table("XOR"))
    assert says(page, f"rows are right**, L = {number(loss)}.")
