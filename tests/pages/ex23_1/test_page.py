"""Page 23.1 as a reader meets it: missions and hints, solution, checks, learning, a hundred seeds, its Python."""

import itertools
import json
from typing import Any

import numpy as np
import pytest

from nnlib.chapter23.gates import CORNERS, NEURONS, SeedSweep, solution, truth_table
from pages.ex23_1.controls import PARAMETERS
from pages.ex23_1.hundred_seeds import tell_where
from pages.ex23_1.opening import COPIES, PAIRS, SLIDERS, Pair
from pages.shared.numbers import number
from tests.pages.reader import Reader

BOOK = dict(zip(PARAMETERS, solution("XNOR").tolist(), strict=True))
EIGHT_DECIMALS = ["0.99995456", "0.00004548", "0.00004548", "0.99995456"]
LEARN = {"ex23_1_mode": "Let it learn"}


def at(tab: str, **others: str) -> Reader:
    """The page with one of its tabs open, and the network on the stage."""
    return Reader("23.1", {"ex23_1_tab": tab, "ex23_1_mode": "A network"} | others)


def values(reader: Reader) -> list[float]:
    """The nine parameters."""
    return [reader.value(name) for name in PARAMETERS]


def reloaded(reader: Reader) -> Reader:
    """A new session with the address that the reader's browser has."""
    held = {f"ex23_1_{name}": str(reader.value(name)) for name in (*PARAMETERS, "sharpness", "target", "mode")}
    return Reader("23.1", dict(reader.app.query_params) | held)


def mission(reader: Reader) -> str:
    """What is said beside the sliders before the square is folded, and beside whose: a mission, or a hint."""
    said = reader.picture("goals")["mission"]
    title = f"{said['title']}. " if said["title"] else ""
    return f"{said['at']}: {title}{said['text']}"


def learn(reader: Reader, count: int) -> Reader:
    """What the timer does while the page learns, until `count` more steps are made or none are left."""
    run = reader.kept("run")
    run.stop_at = run.trainer.step + count
    while not run.reached:
        run.move_on()
    return reader.run()


def sweep(reader: Reader) -> Reader:
    """What the timer does while a hundred networks learn, to the end."""
    reader.press("sweep_start")
    assert reader.button("sweep_start").disabled
    reader.kept("sweep").run()
    reader.run()
    assert not reader.button("sweep_start").disabled
    return reader


def test_the_page_opens_unsolved_and_three_missions_lead_to_xnor() -> None:
    reader = at("Check it")
    assert "0 of 4 rows of XNOR are right" in reader.words()
    reader.set(mistake="wrong sign")
    assert "With these weights every gradient is 0, right or wrong" in reader.words()
    assert "agree" not in reader.words()  # which would prove nothing
    reader.set(mistake="forgotten σ′", b2=1.0)
    assert "With these weights the gradients of h₁ and h₂ are 0, right or wrong" in reader.words()
    reader.press("awake")
    assert "6 of 9 disagree" in reader.words()
    reader.set(w2_1=0.0, w2_2=0.0, b2=0.0)
    assert mission(reader).startswith("h1: AND is 1 only where both inputs are 1.")
    assert ":blue-badge[2 h₁]" in reader.words()
    assert "**Make h₁ compute AND**, on the way to XNOR." in reader.words()
    reader.press("hint")  # the bias is negative already: no hint asks for it
    assert mission(reader).startswith("h1: Hint for AND. At (0, 1) and (1, 0)")
    assert reader.value("input") == "10"  # whose sum is the one that is still above 0
    reader.set(w1_11=2.0, w1_22=2.0)
    assert mission(reader).endswith("Both must be below 0. ✓")
    assert reader.button("hint").label == "Another hint"
    reader.press("hint")
    assert reader.button("hint").label == "Hide the hint"
    reader.press("hint")
    assert mission(reader).startswith("h1: AND is 1")
    reader.set(w1_11=8.0, w1_21=8.0, b1_1=-12.0)
    assert mission(reader).startswith("h2: NOR is 1 only")
    reader.set(w1_12=-8.0, w1_22=-8.0, b1_2=4.0)
    assert mission(reader).startswith("y: h₁ and h₂ are new coordinates")
    assert ":green-badge[✓ h₁] :green-badge[✓ h₂] :blue-badge[4 y]" in reader.words()
    assert reader.picture("goals")["mission"]["folded"].startswith("Make y compute h₁ OR h₂")
    reader.press("hint")
    assert "above ½ near (h₁, h₂) = (1, 0), above ½ near (0, 1), and below ½ near (0, 0)" in mission(reader)
    reader.set(b2=-1.0).press("hint")
    assert mission(reader).endswith("Each weight alone plus the bias must be above 0.")
    reader.set(w2_1=8.0, w2_2=8.0, b2=-4.0)
    assert mission(reader) == (
        "y: Solved. y computes XNOR as h₁ OR h₂. Fold the square and see why one line is enough."
    )
    said = reader.picture("goals")["mission"]
    assert (
        "Yours are right. The printed weights (20, 20, −30 …) are larger, so their y is nearer" in said["praise"]
    )
    assert "**Well done!** The written answer is below" in reader.words()
    assert reader.button("lead").label == "Read the answer"  # in place of hints
    reader.set(w1_11=26.0, w1_21=26.0, b1_1=-39.0, w2_1=30.0, w2_2=30.0, b2=-15.0)
    assert "at least as near to 0 and 1" in reader.picture("goals")["mission"]["praise"]
    reader.press("start_over")
    drawn = reader.picture("goals")
    assert (drawn["values"], drawn["fresh"]) == ([6.0, 0.0, 0.0, 6.0, -3.0, -3.0, 0.0, 0.0, 0.0], True)
    assert mission(reader).startswith("h1: AND is 1 only")


def test_a_neuron_that_is_done_and_spoiled_again_is_named_and_y_stays() -> None:
    reader = at("The answer").set(w1_21=6.0, b1_1=-9.0, w1_12=-6.0, w1_22=-6.0, b1_2=3.0)
    assert reader.picture("goals")["mission"]["reached"] == "y"
    assert mission(reader.set(b1_2=-1.0)).startswith("h2: h₂ is no longer NOR. NOR is 1 only")
    assert reader.picture("goals")["mission"]["reached"] == "y"  # its sliders do not go
    assert mission(reader.press("start_over")).startswith("h1: AND is 1 only")
    assert reader.picture("goals")["mission"]["reached"] == "h1"


def test_the_one_neuron_becomes_the_hidden_neuron_that_it_computes() -> None:
    def build(*alone: float) -> Reader:
        reader = Reader("23.1").set(**dict(zip(SLIDERS, alone, strict=True))).set(pair="AND and NOR")
        return reader.press("build")

    reader = build(6.0, 6.0, -9.0)
    assert values(reader) == [6.0, 0.0, 6.0, 6.0, -9.0, -3.0, 0.0, 0.0, 0.0]
    assert mission(reader).startswith("h2: NOR is 1 only")
    said = "Your one neuron computes AND already, so it is h₁ now."
    assert reader.picture("goals")["mission"]["lead"] == said
    reader.set(w1_11=7.0, mode="One neuron").press("build")
    assert reader.value("w1_11") == 7.0  # what has been built stays
    reader = build(-6.0, -6.0, 3.0)
    assert mission(reader).startswith("h1: AND is 1 only")
    assert ":blue-badge[2 h₁] :green-badge[✓ h₂]" in reader.words()


def test_one_neuron_comes_first_and_the_reader_finds_which_two_would_do() -> None:
    reader = Reader("23.1")
    assert "**Can one neuron do it?**" in reader.words()
    assert "Try this" not in reader.words()  # first things first
    assert "AND" not in reader.words("markdown").split("Try it first")[0]  # nor is the plan told
    reader.press("Give me a hint")
    assert "**Hint:** Cut off the ● at (1, 1)" in reader.words()
    reader.press("Hide the hint").set(alone_w1=6.0, alone_w2=6.0, alone_b=-9.0)
    assert "**3 of 4 is the most one neuron can do:** no straight line separates ● from ○." in reader.words()
    assert "**Hint:** One line must cut off" in reader.press("Give me a hint").words()
    for pair, said in (("OR and NOR", "✖ Both draw the same line"), ("x₁ and x₂", "✖ Each repeats one input")):
        assert said in reader.set(pair=pair).words()
        assert "build" not in reader.buttons()
    assert "✓ These two do it: the third neuron must be 1" in reader.set(pair="AND and OR").words()
    assert "✓ One finds the ● at (1, 1)" in reader.set(pair="AND and NOR").words()
    assert "**Press “Build the network”**" in reader.words()
    assert "**Hint:**" not in reader.words()  # it has been followed
    assert reader.button("opening_hint_button").disabled
    drawn = json.loads(reader.app.get("bidi_component")[0].proto.json)["pair"]
    assert [line["name"] for line in drawn] == ["AND", "NOR"]
    reader.press("build")
    assert mission(reader).startswith("h2: NOR is 1 only")
    reader.set(mode="One neuron")
    assert (reader.value("pair"), reader.value("alone_b")) == ("AND and NOR", -9.0)  # as they were left
    reader.set(alone_b=-8.5)
    assert reader.value("pair") is None  # who moves the one neuron sees its line again
    reader.press("start_over")
    assert "**Can one neuron do it?**" in reader.words()
    assert [reader.value(name) for name in SLIDERS] == [6.0, 0.0, -3.0]
    reader.press("solve")
    assert "This is the printed solution." in mission(reader)
    assert reader.value("mode") == "A network"


def order(reader: Reader) -> str:
    """What is to be done now, behind the steps."""
    (line,) = (text.value for text in reader.app.markdown if " y]\u2002" in text.value)
    return line


def test_a_network_is_not_shown_before_its_two_neurons_are_chosen() -> None:
    reader = Reader("23.1").set(mode="A network")
    assert reader.value("mode") == "One neuron"
    assert "**First choose two neurons**" in order(reader)
    assert "Make h₁ compute AND" not in reader.words()
    assert "**First choose two neurons**" in order(reader.set(mode="Let it learn").set(mode="A network"))
    assert "**First choose two neurons**" in order(reader.set(pair="OR and NOR"))
    assert "**Press “Build the network”**" in order(reader.set(pair="AND and OR"))
    assert "**Make h₁ compute AND**" in order(reader.set(mode="A network"))  # as the button beside the question
    assert reader.set(mode="One neuron").set(alone_b=-2.5).value("pair") is None
    assert "**Make h₁ compute AND**" in order(reader.set(mode="A network"))  # there is one already
    assert "**Can one neuron do it?**" in order(reader.set(mode="One neuron").press("start_over"))


def test_the_order_is_true_in_every_state_and_after_a_reload() -> None:
    reader = Reader("23.1").set(alone_w1=6.0, alone_w2=6.0, alone_b=-9.0).set(pair="AND and NOR").press("build")
    neurons = {"w1_12": -6.0, "w1_22": -6.0, "b1_2": 3.0}
    states: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["✓ One neuron", "✓ h₁", "3 h₂", "4 y", "Make h₂ compute NOR"]),
        ({"b1_1": 3.0}, ["2 h₁", "3 h₂", "Make h₁ compute AND"]),
        ({"b1_1": -9.0} | neurons, ["✓ h₁", "✓ h₂", "4 y", "Make y compute XNOR"]),
        ({"b1_2": -3.0}, ["✓ h₁", "3 h₂", "Make h₂ compute NOR"]),
        ({"b1_2": 3.0, "sharpness": 0.0}, ["2 h₁", "3 h₂", "4 y", "Raise the sharpness:"]),
        ({"sharpness": 1.0, "w2_1": 10.0, "w2_2": 10.0, "b2": -5.0}, ["✓ h₁", "✓ h₂", "✓ y", "Well done!"]),
        ({"sharpness": 0.1}, ["✓ h₁", "✓ h₂", "4 y", "Raise the sharpness** until y computes XNOR."]),
        ({"sharpness": 0.0}, ["2 h₁", "3 h₂", "4 y", "Raise the sharpness:"]),
        ({"sharpness": 1.0, "target": "XOR"}, ["✓ h₁", "✓ h₂", "4 y", "Make y compute XOR"]),
        ({"target": "XNOR", "b1_1": 3.0}, ["2 h₁", "✓ h₂", "4 y", "Make h₁ compute AND"]),
    ]
    for made, said in states:
        for each in (reader.set(**made), reloaded(reader)):
            assert all(words in order(each) for words in said), (made, order(each))
    reader.press("Blunt the neurons")
    assert "Make h₁ compute AND" in order(reader)  # a blunt neuron computes what a sharp one does


@pytest.mark.parametrize(("pair", "told"), PAIRS.items())
def test_what_is_said_of_a_pair_of_hidden_neurons_is_true(pair: str, told: Pair) -> None:
    lines = np.array([(NEURONS | COPIES)[gate] for gate in told.gates], float)
    outputs = (CORNERS @ lines[:, :2].T + lines[:, 2] > 0).astype(float)
    weights = np.array(list(itertools.product(range(-3, 4), repeat=2)))
    sums = outputs @ weights.T
    at_one, at_zero = sums[truth_table("XNOR").ravel() == 1], sums[truth_table("XNOR").ravel() == 0]
    assert (at_one.min(0) > at_zero.max(0)).any() == told.works  # whether a line parts them


def test_an_address_with_a_network_in_it_opens_with_the_network() -> None:
    reader = Reader("23.1").set(mode="A network", b2=3.0).set(mode="One neuron")
    assert Reader("23.1", dict(reader.app.query_params)).value("mode") == "One neuron"  # where it was left
    assert Reader("23.1", {"ex23_1_b2": "3"}).value("mode") == "A network"
    assert Reader("23.1", {"ex23_1_pair": "OR and NOR"}).value("mode") == "One neuron"


def test_an_experiment_is_over_where_the_weights_are_found_in_another_way() -> None:
    reader = at("The answer").press("Blunt the neurons")
    assert "at 0.1 your network computes" in reader.words()
    assert "at 0.1 your network computes" not in reader.set(mode="Let it learn").words()


def test_only_weights_of_the_reader_s_own_solve_the_exercise() -> None:
    def solved(reader: Reader) -> bool:
        return "noted" in reader.app.session_state and "23.1" in reader.app.session_state["noted"]

    reader = at("The answer").press("solve").set(b2=-11.0)  # what was filled in, a little changed
    assert "y: Right, with help." in mission(reader)
    assert "Well done" not in reader.words()
    assert (
        "**y computes XNOR, with help.** Press “Start over” and find your own weights for the ✓." in reader.words()
    )
    assert ":gray-badge[4 y]" in reader.words()
    assert "y: Right, with help." in mission(reloaded(reader))
    assert not solved(reloaded(reader))
    assert not solved(reader.set(sharpness=0.05).set(sharpness=1.0))
    assert not solved(reader.press("start_over"))
    assert solved(reader.set(**BOOK | {"b2": -11.0}))
    assert "**y computes XNOR, with help.** You have found your own before." in reader.press("solve").words()
    assert not solved(at("The answer", **{f"ex23_1_{name}": str(value) for name, value in BOOK.items()}))


def test_another_way_to_xnor_is_a_solution_too() -> None:
    reader = at("The answer").set(w1_11=20.0, w1_21=20.0, b1_1=-10.0, w1_12=20.0, w1_22=20.0, b1_2=-30.0)
    reader.set(w2_1=-20.0, w2_2=20.0, b2=10.0)  # h₁ = OR, h₂ = AND, y = NOT h₁ OR h₂
    assert mission(reader).startswith("y: Solved in another way.")
    reader.set(w1_11=-20.0, w1_21=-20.0, b1_1=10.0, w2_1=20.0, b2=-10.0)  # h₁ = NOR, h₂ = AND
    assert "h₁ computes NOR and h₂ AND" in mission(reader)


def test_right_weights_may_be_too_blunt_and_start_over_forgets_the_gate() -> None:
    reader = at("The answer").press("solve").set(sharpness=0.05)
    assert "These weights are right, but the neurons are too blunt" in mission(reader)
    reader.set(**{"hints": ("y", 1)})  # one asked for before
    assert reader.button("hint").disabled  # no hint would help
    reader.set(sharpness=0.0, hints=("", -1))
    assert mission(reader) == "y: No sharpness. Sharpness 0 makes every output ½: raise it first."
    reader.set(target="XOR", sharpness=0.05)
    assert mission(reader).startswith("y: h₁ and h₂")
    assert "Clears your nine numbers" in reader.button("start_over").help
    reader.press("start_over")
    assert reader.value("target") == "XNOR"


@pytest.mark.parametrize("gate", ["XNOR", "XOR"])
def test_the_solution_is_used_as_it_is_whatever_the_sharpness_was(gate: str) -> None:
    reader = at("Check it").set(sharpness=0.05, target=gate).press("solve")
    assert values(reader) == solution(gate).tolist()
    drawn = reader.picture("goals")
    assert (drawn["values"], drawn["sharpness"]) == (solution(gate).tolist(), 1.0)
    assert drawn["targets"] == truth_table(gate).ravel().tolist()
    table = reader.table("y (8 decimals)")
    assert list(table["verdict"]) == ["✓"] * 4
    assert list(table["z₁⁽¹⁾"]) == ["−30", "−10", "−10", "10"]
    assert list(table["h₁"]) == ["9.358·10⁻¹⁴", "4.54·10⁻⁵", "4.54·10⁻⁵", "0.99995460"]
    assert ("This is the printed solution." in mission(reader)) == (gate == "XNOR")
    if gate == "XNOR":
        assert "Press “Start over”" in mission(reader)
        assert list(table["y (8 decimals)"]) == EIGHT_DECIMALS
    assert all(verdict == "✓" for _, verdict in reader.gradients().values())


@pytest.mark.parametrize(("mistake", "red"), [("none", 0), ("forgotten σ′", 6), ("wrong sign", 9)])
def test_a_planted_mistake_is_named_and_crossed_in_all_it_spoils(mistake: str, red: int) -> None:
    reader = at("Check it").set(**BOOK, sharpness=0.1, mistake=mistake)
    wrong = [name for name, (_, verdict) in reader.gradients().items() if verdict == "✖"]
    assert wrong == list(reader.gradients())[:red]
    assert ("This spoils" in reader.words()) == bool(red)
    assert ("all 9 disagree" in reader.words()) == (red == 9)
    snippet = at("In Python").set(**BOOK, sharpness=0.1, mistake=mistake).snippet(-1)
    assert [number(g) for g in snippet["gradients"].analytic] == [row[0] for row in reader.gradients().values()]
    assert [f"{y:.8f}" for y in snippet["trace"].h[2][:, 0]] == list(reader.table("target")["y (8 decimals)"])


def test_a_mistake_too_small_to_see_is_said_so() -> None:
    reader = at("Check it").set(**dict.fromkeys(PARAMETERS, -40.0), sharpness=2.0, mistake="wrong sign")
    assert "· too small to judge" in [verdict for _, verdict in reader.gradients().values()]
    assert "Lower the sharpness" in reader.words("info")


def test_the_answer_s_program_prints_the_eight_decimals_and_the_misprint_stands_at_its_line() -> None:
    reader = at("The answer")
    assert "nine numbers of the printed solution appear here" in reader.words()
    reader.set(**BOOK)
    printed: list[str] = []
    exec(reader.app.code[0].value, {"print": lambda *words: printed.append(words[-1])})
    assert printed == EIGHT_DECIMALS
    assert list(reader.table("y = XNOR (8 decimals)")["y = XNOR (8 decimals)"]) == EIGHT_DECIMALS
    assert "the rows (0, 1) and (1, 0) could not exist" in reader.words()


def test_one_neuron_never_gets_xnor_right_and_the_page_proves_it() -> None:
    reader = at("Go deeper").set(n_w1=-40.0, n_w2=13.5, n_b=7.0)
    table = reader.table("XNOR needs")
    assert list(table["now"]) == ["7", "20.5", "−33", "−19.5"]
    assert list(table["verdict"]).count("✓") <= 3
    assert "Add the first and last rows: −12.5. Add the two middle rows: −12.5." in reader.words()
    assert "**XNOR is not linearly separable.**" in reader.words()
    assert "None of them gets four rows right." in reader.words()
    reader.set(target="NAND").press("n_solve")
    assert list(reader.table("NAND needs")["verdict"]) == ["✓"] * 4
    assert "not linearly separable" not in reader.words()


def test_learning_steps_pauses_ends_and_hands_its_weights_over() -> None:
    reader = at("Check it", **LEARN, ex23_1_rate="3", ex23_1_steps="500")
    ((step, first),) = reader.picture("goals")["curve"]["losses"]
    assert step == 0
    assert reader.picture("goals")["curve"]["progress"].endswith(f"step 0 of 500: L ≈ {number(first)}.")
    said = reader.picture("goals")["mission"]
    assert said["at"] == "all"  # neurons learn together
    assert said["text"].startswith("Each step of back-propagation")
    reader.press("one_step").press("start")
    learn(reader, 20).press("pause")
    trainer = reader.kept("run").trainer
    assert trainer.step == 21
    assert "with the weights of the run at step 21." in reader.words()
    reader.press("start")
    learn(reader, 500)
    assert (trainer.step, trainer.state) == (500, "finished")
    assert (reader.button("start").disabled, reader.button("one_step").disabled) == (False, True)
    loss = number(trainer.network.mean_loss(CORNERS, truth_table("XNOR")))
    drawn = reader.picture("goals")
    assert drawn["curve"]["progress"] == f"Seed 0, η = 3, step 500 of 500: L ≈ {loss}."
    assert mission(reader).startswith("y: ✓ Learned.")
    assert (drawn["values"], drawn["by_hand"]) == (trainer.network.parameters.tolist(), False)
    assert drawn["curve"]["losses"][-1][0] == 500
    ran = at("In Python", **LEARN, ex23_1_rate="3", ex23_1_steps="500").snippet(-1)
    assert (ran["trainer"].network.parameters == trainer.network.parameters).all()
    assert ran["sweep"].finished

    reader.press("take_over")
    assert reader.value("mode") == "A network"
    np.testing.assert_allclose(values(reader), trainer.network.parameters, atol=1e-4)
    assert mission(reader).startswith("y: Right, with help.")
    reader.set(mode="Let it learn").press("another_seed")
    assert (reader.kept("run").trainer.step, reader.value("seed")) == (0, 1)


@pytest.mark.parametrize(
    ("label", "expected", "by_hand"),
    [
        ("Blunt the neurons", {"target": "OR", "sharpness": 0.1, "w2_1": 3.0}, True),
        ("From XNOR to XOR", {"target": "XOR", "sharpness": 1.0, "w2_1": -20.0}, True),
        ("A seed that gets stuck", {"target": "XNOR", "seed": 1, "loss": "cross-entropy"}, False),
    ],
)
def test_an_experiment_makes_its_settings(label: str, expected: dict[str, Any], by_hand: bool) -> None:
    reader = at("Check it")
    assert "try_From XNOR to XOR" not in reader.buttons()  # it would show the weights of the answer
    reader.press("solve").press("start_over").set(target="OR", w2_1=3.0).press(label)
    assert {name: reader.value(name) for name in expected} == expected
    assert reader.picture("goals")["by_hand"] == by_hand
    if not by_hand:
        assert reader.kept("training")
        assert reader.picture("goals")["hides"]  # which corners fall together is the question
        learn(reader, 2000)
        assert mission(reader).startswith("y: ✖ Stuck. The loss hardly falls any more. Press “Next seed”")
        assert not reader.press("Show the explanation").picture("goals")["hides"]
    reader.press("back")
    assert (reader.value("target"), reader.value("w2_1"), reader.value("sharpness")) == ("OR", 3.0, 1.0)
    assert reader.value("mode") == "A network"


def test_a_hundred_seeds_are_one_sweep_and_the_page_tells_where_they_rest() -> None:
    reader = sweep(at("Go deeper").set(rate=30, steps=500))
    trained: SeedSweep = reader.kept("sweep")
    assert f"**{trained.learned.sum()} of 100 networks get all four corners right.**" in reader.words()
    stuck = np.flatnonzero(~trained.learned)
    assert f"Seeds that have not learned: {', '.join(map(str, stuck))}." in reader.words()
    assert "100 lie above every plateau. With η = 30 each step is so long" in reader.words()
    assert set(reader.table("networks within 0.02, not learned").iloc[:, 1]) == {"0"}
    assert "seed 79 has not learned after 2,000 steps, but it has after 10,000" in reader.words()


def test_what_is_said_of_stuck_networks_fits_them() -> None:
    losses = np.array([0.347, 0.35, 0.41, 0.694])
    told = tell_where(losses, np.array([0, 0, -1, 2]), 0.693, 0.3)
    assert told.startswith("3 of these 4 lie on a **plateau**")
    assert "1 lie elsewhere, and are still on their way" in told
    assert "above every plateau" not in told


def test_other_settings_begin_another_run_and_another_sweep() -> None:
    reader = at("Go deeper", **LEARN).press("start").set(seed=7)
    assert (reader.kept("run").trainer.step, reader.kept("training")) == (0, False)
    sweep(reader)
    reader.set(rate=3)
    assert reader.kept("sweep") is None


def test_the_solution_ends_an_experiment_that_speaks_of_other_settings() -> None:
    reader = at("The answer").press("Blunt the neurons")
    assert "at 0.1 your network computes" in reader.words()
    assert "at 0.1 your network computes" not in reader.press("solve").words()


def test_who_leaves_an_experiment_by_another_way_finds_the_network_as_it_was() -> None:
    reader = at("The answer").press("solve")
    weights, sharpness = values(reader), reader.value("sharpness")
    reader.press("Blunt the neurons")
    assert reader.value("sharpness") != sharpness
    reader.press("A seed that gets stuck").set(mode="A network")
    assert reader.value("sharpness") == sharpness
    assert values(reader) == weights


def test_a_network_opens_without_a_question_to_who_has_solved_it_on_another_day() -> None:
    assert Reader("23.1").set(mode="A network").value("mode") != "A network"
    assert Reader("23.1", noted=["23.1"]).set(mode="A network").value("mode") == "A network"
