"""Page 23.6 as a reader meets it: three steps, mistakes, bad settings, the graph, the two nets, Python."""

from typing import Any

import numpy as np
import pytest

from nnlib.chapter23.batch_norm import Backward, backward, forward, invariants
from pages.ex23_6.controls import MISTAKES, NO_MISTAKE, PRINTED, START_G, START_Z, SURPRISE
from pages.ex23_6.in_use import WITH, WITHOUT, Pair, Settings, finished, move_on, new_pair, pair_code
from pages.ex23_6.stage_picture import NOTHING
from pages.ex23_6.steps import WAY
from pages.ex23_6.way_there import REACHED
from pages.shared.numbers import number, percent, read_number
from tests.pages.reader import Reader

Z, G = list(START_Z[:5]), list(START_G[:5])
TABS = ("The answer", "Check it", "The graph", "A net that trains", "Go deeper", "Practise", "In Python")


FIRST = "First find out above what comes back to z."
BEGUN = {"ex23_6_puzzle": "true"}  # as after a reload


@pytest.fixture
def reader() -> Reader:
    return Reader("23.6", BEGUN)


def at(tab: str) -> Reader:
    return Reader("23.6", BEGUN | {"ex23_6_tab": tab})


def stage(reader: Reader) -> dict[str, Any]:
    """What the stage's picture is computed from: z and g of the samples shown, and all settings."""
    data = reader.picture("epsilons")
    assert len(data["z"]) == len(data["g"]) == len(START_Z)  # those to come are there, too
    n = data["sliders"]["n"]["value"]
    return data | {name: data[name][:n] for name in ("z", "g")}


def gradients(reader: Reader) -> Backward:
    """Of the batch on the stage, by the library."""
    data = stage(reader)
    passed = forward(data["z"], data["gamma"], data["beta"], data["epsilon"], data["ddof"])
    return backward(passed, data["g"], data["mistake"])


def test_the_page_begins_with_z_and_its_normalised_values_alone() -> None:
    reader = Reader("23.6")
    assert "reach" not in {part for picture in reader.pictures() for part in picture}  # no picture of the puzzle
    assert all(symbol not in reader.words() for symbol in ("γ", "gamma", "dz", "Σ", "σ", "tilde", "z̃"))
    assert reader.button("begin").label == "I know this: go on"
    assert "Two samples" not in reader.buttons()
    assert stage(reader.press("begin"))["begins"] == 1
    assert not stage(reader)["tilts_at_once"]  # one sum after the other
    assert "a part of g that is alike for all samples cannot get through. **Lift the dashed line" in reader.words()
    assert reader.app.query_params["ex23_6_puzzle"] == "true"
    reader.press("Start over")
    assert reader.button("begin").label == "I know this: go on"
    reader.app.session_state["ex23_6_pressed"] = True
    assert reader.run().button("begin").label == "Go on: what comes back?"
    for address in (BEGUN, {"ex23_6_n": "4"}, {"ex23_6_step": "minus the slope"}, {"ex23_6_more": "true"}):
        assert stage(Reader("23.6", address))["tilts_at_once"]


def test_one_button_shows_the_answer_and_opens_it() -> None:
    for reader in (Reader("23.6"), Reader("23.6", BEGUN), at("Check it"), at("The graph")):
        assert reader.buttons().count("solve") == 1
        assert "apply the boxed formula" not in reader.words().lower()
        reader.press("Show the answer")
        assert (stage(reader)["step"], stage(reader)["is_told"]) == (2, True)
        assert "the slope of the least-squares line" in reader.words()
        assert "solve" not in reader.buttons()
    for reader in (Reader("23.6"), Reader("23.6", BEGUN)):
        reader.press("Show the answer")
        assert "[the formula](#what-goes-on-to-z) is below" in reader.words()
        assert "## What goes on to z" in reader.words()  # where this leads
        assert "apply the boxed formula" in reader.words().lower()


def test_an_experiment_gives_the_readers_values_back(reader: Reader) -> None:
    reader.press("Show the answer").set(z="1 -2 3 0 0.5", gamma=2.0, step="minus the mean")
    before = {name: reader.value(name) for name in ("z", "g", "gamma", "step", "n")}
    reader.press("All on one line")
    assert "**All on one line:** All else is as at the beginning." in reader.words()
    assert reader.value("gamma") != 2.0
    reader.press("Only two samples").press("Back to my values")
    assert {name: reader.value(name) for name in before} == before


def test_the_answer_waits_everywhere_until_the_line_is_found_or_asked_for(reader: Reader) -> None:
    true = backward(forward(Z, 1.3, 0.5), G)
    assert (stage(reader)["z"], stage(reader)["g"], stage(reader)["step"]) == (Z, G, 0)
    assert "So what is lost is a straight line over z̄. **Lay it" in reader.words()
    for label in ("All on one line", "Only two samples"):
        reader.press(label).press("Show the explanation")
        assert stage(reader)["step"] == 0
        assert not {"ex23_6_step", "ex23_6_mistake"} & reader.controls().keys()
    for tab in ("Check it", "The graph", "The answer"):
        assert "It also opens when you press *Show the answer* there." in reader.set(tab=tab).words()
        assert "dz₁" not in reader.words()
    reader.press("Start over")
    tries = stage(reader.press("begin"))["tries"]
    reader.press("Start over").press("begin")
    assert stage(reader)["tries"] == tries + 1  # of the same batch too: the line goes
    assert FIRST in reader.words()
    assert stage(reader.press("Show the answer"))["step"] == 2
    assert "apply the boxed formula" in reader.words().lower()
    assert f"dγ = (n − 1) · slope = {number(true.dgamma)}" in reader.words()
    assert "Σ dz = 0" in reader.set(step="minus the mean").words()
    reader.set(z="-3", step="minus the slope", more=True).press("Start over")
    reader.press("begin")
    assert (reader.value("z").split()[0], stage(reader)["step"], reader.value("more")) == (str(Z[0]), 0, False)
    assert FIRST in reader.words()  # all is as at the beginning, and waits again
    assert "step" not in reader.controls()


@pytest.mark.parametrize("mistake", list(MISTAKES)[1:])
def test_a_planted_mistake_reaches_the_stage_and_the_check(mistake: str) -> None:
    reader = at("Check it").press("Show the answer").set(step="your line").set(mistake=mistake)
    assert reader.value("step") == ("minus the mean" if "u and" in mistake else "minus the slope")  # where it acts
    assert "All is right so far" in reader.set(step="your line").words()
    reader.set(step="minus the slope")
    assert stage(reader)["mistake"] in mistake
    disagree = "dz₁, dz₂, dz₃, dz₄, dz₅" + (", dσ²" if "dσ²" in mistake else "")
    assert f"disagree: {disagree}**" in reader.words()
    assert reader.gradients()["dγ"][1] == "✓"
    if "printed" in mistake:
        assert "only 4/5 of the slope" in reader.words()
        reader.set(divisor="n")  # then the printed formula is right
        assert "✓ all 9 agree" in reader.words()
        assert "does no harm here" in reader.words()
        assert stage(reader)["ddof"] == 0


def test_a_surprise_is_told_nowhere_until_the_reader_has_found_it() -> None:
    reader = at("In Python").press("Show the answer").set(mistake=PRINTED).set(mistake=SURPRISE)
    planted = reader.kept("surprised")
    assert planted != PRINTED  # which the reader has just seen
    assert stage(reader)["is_hidden"]
    for tab in ("Check it", "In Python", "The graph"):
        assert "First find it in the picture above." in reader.set(tab=tab).words()
    passed = forward(Z, 1.3, 0.5)
    for suspect in (name for name in reader.control("suspect").options if name != planted):
        would_be = invariants(passed, backward(passed, G, MISTAKES[suspect]))
        assert would_be.shift_holds
        assert f"Σ dz · z̄ would be {number(would_be.stretch)}." in reader.set(suspect=suspect).words()
        assert stage(reader)["is_hidden"]
    reader.set(suspect=planted)
    assert not stage(reader)["is_hidden"]
    assert "✓ **You have found it.**" in reader.words()
    assert "First find it" not in reader.words()
    assert "First find it" in reader.set(mistake=NO_MISTAKE).set(mistake=SURPRISE).words()
    assert reader.kept("surprised") != planted


def test_samples_are_typed_and_what_is_no_number_is_named(reader: Reader) -> None:
    tries = stage(reader)["tries"]
    reader.set(z="1, −2; 7 x nan", n=5)
    assert stage(reader)["z"] == [1, -2, 3, *Z[3:5]]
    assert stage(reader)["tries"] == tries + 1  # the line that was laid for another batch goes
    assert "“x” is no number: sample 4 keeps its value." in reader.words("warning")
    assert "7 lies outside −3 to 3, so 3 is taken." in reader.words("warning")
    assert reader.value("z") == f"1 -2 3 {Z[3]} {Z[4]}"  # what is taken
    assert "You typed 2 numbers, and there are 5 samples: the other three keep their values." in reader.set(
        z="1.5 -2"
    ).words("warning")
    assert stage(reader)["z"] == [1.5, -2, 3, *Z[3:5]]
    assert "the first five are taken" in reader.set(z="1 -2 3 0 0 0").words("warning")
    assert reader.set(z=f"1 -2 3 {Z[3]} 0").words("warning") == ""
    reader.set(n=2)  # the field holds as many numbers as there are samples
    assert reader.value("z") == "1 -2"
    assert reader.set(n=4).value("z") == f"1 -2 3 {Z[3]}"


def test_equal_z_are_explained_in_every_tab(reader: Reader) -> None:
    reader.set(z="0.5 " * 5, epsilon="0")
    assert "all z are equal, so σ² = 0" in reader.words("error")
    for tab in TABS:
        reader.set(tab=tab)
    reader.set(epsilon="10⁻⁵", tab="The answer")
    assert reader.words("error") == ""
    assert "All z are equal" in reader.words()


def test_an_experiment_shows_what_it_promises(reader: Reader) -> None:
    reader.press("Show the answer")
    for label in ("Only two samples", "All on one line"):
        left = gradients(reader.press(label))
        assert np.abs(left.dz).max() < NOTHING * np.abs(left.own).max()
        assert "othing is left" not in reader.words()  # that is what the reader is to find
    assert "Nothing is left for z" in reader.press("Show the explanation").words()
    data = stage(reader.press("The printed formula"))
    assert (data["mistake"], data["ddof"], data["z"]) == ("as printed", 1, Z)


def test_the_answer_runs_and_the_misprint_stands_in_numbers(reader: Reader) -> None:
    reader.set(n=4, z=f"{Z[0]} 1.5").press("Show the answer")
    passed = forward([Z[0], 1.5, *Z[2:4]], 1.3, 0.5)
    true, printed = (backward(passed, G[:4], mistake).dz for mistake in ("none", "as printed"))
    np.testing.assert_allclose(reader.snippet(1)["dz"].ravel(), true, atol=1e-12)
    trained = reader.snippet(2)["db"]
    assert np.abs(trained[1]).max() < 1e-13 < np.abs(trained[2]).max()
    table = reader.table("Σ dz · z̄")
    assert list(table["agrees with slopes"]) == ["✖", "✓"]
    assert list(table["dz₁"]) == [number(printed[0]), number(true[0])]
    reader.set(divisor="n")
    other = backward(forward([Z[0], 1.5, *Z[2:4]], 1.3, 0.5, ddof=0), G[:4]).dz
    np.testing.assert_allclose(reader.snippet(1)["dz"].ravel(), other, atol=1e-12)
    assert "\\frac{\\bar z_j}{n}" in reader.words()


def test_the_graph_carries_the_numbers_of_the_first_three_samples() -> None:
    reader = at("The graph").set(mistake=PRINTED)
    result = backward(forward(Z[:3], 1.3, 0.5), G[:3])
    graph = next(picture for picture in reader.pictures() if "edges" in picture)
    edges = {edge["name"]: edge for edge in graph["edges"]}
    assert graph["scenes"][-1]["until"] == graph["moments"][-1]["layer"]  # eight presses tell it all
    assert len(graph["scenes"]) == 8
    assert edges["σ² → σ² + ε"]["message"] == number(result.dvariance)
    assert edges["z̄₃ → γz̄₃"]["message"] == number(result.dz_bar[2])
    assert edges["Σ(z − u)² → σ²"]["planted"]
    assert edges["Σ(z − u)² → σ²"]["message"] == number(result.dvariance / 3)
    reader.set(n=2, divisor="n")
    third = f"to the two above it adds a third, z₃ = {number(Z[2])} and g₃ = {number(G[2])}; its numbers differ"
    assert third in reader.words().replace("\u00a0", " ")
    assert "1/2" not in reader.cards()


def train(reader: Reader) -> Pair:
    """Press the button and do what the timer does until both nets have ended."""
    if "use_start" in reader.buttons():
        reader.press("use_start")
    pair: Pair = reader.kept("pair")
    while not finished(pair):
        move_on(pair)
        epochs = [run.trainer.epoch for run in pair.values() if run.trainer.state == "training"]
        assert max(epochs, default=0) - min(epochs, default=0) <= 1  # side by side
    reader.set(training=False)
    return pair


def test_batch_norm_learns_where_the_plain_net_does_not_and_its_biases_do_not() -> None:
    reader = Reader("23.6").press("lead")
    reader.press("use_pause")
    pair: Pair = reader.kept("pair")
    move_on(pair)
    assert reader.run().button("use_start").label == "Go on"
    assert reader.set(use_rate=1.0).button("use_start").label == "Train both"
    assert "You have changed the settings" in reader.words()
    reader.set(use_rate=0.3)
    assert train(reader) is pair
    reached = {name: run.trainer.history[-1].test_accuracy for name, run in pair.items()}
    told = [REACHED[name] for name in ("with_it", "without")]  # at the page's beginning
    assert told == [f"{100 * reached[name]:.1f}" for name in (WITH, WITHOUT)]
    table = reader.table("size of ∇b, hidden layers")
    assert table.loc[WITH, "test accuracy"] == percent(reached[WITH])
    sizes = [read_number(text) for text in table["size of ∇b, hidden layers"]]
    assert sizes[0] < 1e-13 < 1e-4 < sizes[1]
    assert reader.snippet(-1)["accuracies"] == list(reached.values())


def test_the_nets_begin_to_train_where_their_tab_is_opened() -> None:
    reader = at("A net that trains")
    assert reader.kept("training")
    assert len(reader.picture("panels")["panels"]) == 3
    reader.press("use_pause").set(tab="The answer").set(tab="A net that trains")
    assert not reader.kept("training")  # only at the first time
    assert reader.button("use_start").label == "Go on"
    assert reader.table("epoch").loc[WITH, "epoch"] == "after 1 of 45 steps"


def test_a_net_that_diverges_says_so_and_stays_within_its_axes() -> None:
    reader = at("A net that trains")
    others = {"use_activation": "relu", "use_rate": 10.0, "use_batch": 128, "use_layers": 6}
    pair = train(reader.press("use_pause").set(**others))
    diverged = sum(run.trainer.state == "diverged" for run in pair.values())
    assert diverged >= 1
    assert reader.words("error").count("ceased to be finite") == diverged
    for panel in reader.picture("panels")["panels"]:
        for curve in panel["curves"]:
            assert all(panel["y"]["low"] <= y <= panel["y"]["high"] for y in curve["y"])


@pytest.mark.parametrize("batch", [2, 32])
def test_both_nets_meet_the_same_batches(batch: int) -> None:
    settings = Settings(rate=0.3, activation="sigmoid", layers=1, batch=batch, seed=0)
    plain, normalised = (new_pair(settings)[name].trainer for name in (WITHOUT, WITH))
    assert plain.steps_per_epoch == normalised.steps_per_epoch
    for trainer in (plain, normalised):
        trainer.run_batches(1)
    np.testing.assert_array_equal(plain._batches.order, normalised._batches.order)
    pictures = len(plain.data.X_train)
    assert pictures == (1436 if batch == 2 else 1437)
    assert (f"load_digits().first({pictures})" in pair_code(settings)) == (batch == 2)


@pytest.mark.parametrize("changed", [{}, {"mistake": "forgotten u and σ²", "divisor": "n", "n": 3, "z2": 1.5}])
def test_the_snippet_reproduces_the_stage(changed: dict[str, Any]) -> None:
    reader = at("In Python").set(step="minus the slope", **changed)
    np.testing.assert_array_equal(gradients(reader).dz, reader.snippet(-1)["gradients"].dz)


def test_the_error_curve_answers_its_slider_and_is_sent_ahead() -> None:
    reader = at("Go deeper").set(curve_table=True, curve_n=64)
    curve = reader.table("largest error").set_index("n")["largest error"]
    assert f"At n = 64 the printed dz is off by **{number(curve[64], 2)}**" in reader.words()
    sent = {
        position: [panel["points"] for panel in drawings["ex23_6_curve"]["panels"]]
        for position, drawings in reader.sent_ahead("curve_n", "curve_ahead").items()
    }
    assert len(sent) == len(curve)
    for position, n in enumerate(curve.index):
        (error,), share = sent[position]
        assert (error["x"], number(error["y"], 2)) == (n, number(curve[n], 2))
        assert len(share) == (n > 2)  # of two samples the true dz is 0


RIGHT_CHOICES = {"dbeta": "Σ g", "dgamma": "Σ g z̄", "factor": "γ/s", "height": "dβ/n", "slope": "dγ/(n − 1)"}


def write(reader: Reader, **choices: str) -> Reader:
    """Put choices into the blanks: those of dz come when both others are right."""
    for names in (("dbeta", "dgamma"), ("factor", "height", "slope")):
        reader.set(**{f"write_{name}": choices[name] for name in names if name in choices})
    return reader


def at_the_blanks() -> Reader:
    """As with the line found: both its paths stand on the stage."""
    return Reader("23.6", BEGUN | {"ex23_6_step": "minus the slope"})


def test_the_algorithm_is_written_down_and_the_batch_is_its_judge() -> None:
    reader = at_the_blanks()
    assert "that is the exercise" in reader.words()
    assert "What goes on to z" not in reader.words()
    assert "write_factor" not in {key.removeprefix("ex23_6_") for key in reader.controls()}
    true = backward(forward(Z, 1.3, 0.5), G)
    write(reader, dbeta="Σ g z̄")
    assert "so every sample's g counts alike" in reader.words()
    assert list(reader.table("measured").loc["dβ"]) == [f"{number(true.dgamma)} ✖", number(true.dbeta)]
    write(reader, **RIGHT_CHOICES | {"height": "0"})
    assert f"So Σ dz = {number(float(true.dz.sum() + 5 * 1.3 / forward(Z).scale * true.height))}, where" in (
        reader.words()
    )
    assert all("✖" in cell for cell in reader.table("measured")["you wrote"])
    reader.set(write_height="dβ/n", write_slope="dγ/n")
    printed = invariants(forward(Z, 1.3, 0.5), backward(forward(Z, 1.3, 0.5), G, "as printed"))
    assert f"So Σ dz · z̄ = {number(printed.stretch)}, where it must be ≈ 0." in reader.words()
    reader.set(write_slope="dγ/(n − 1)", write_factor="1/s")
    assert "Neither sum notices" in reader.words()
    assert "This batch does not show it" in reader.set(gamma=1.0).words()
    reader.set(gamma=1.3)
    assert "23.6" not in solved_by(reader)
    reader.set(write_factor="γ/s")
    assert "All five formulas agree with measured slopes" in reader.words()
    assert not stage(reader)["is_open"]  # the picture names no formula of the answer
    assert "moves W too early, too" in reader.press("order_5").words()
    assert "before its loop" in reader.press("order_1").words()
    for k in range(2):
        reader.press(f"order_{k}")
    assert reader.app.query_params["ex23_6_order"] == "2"
    assert "order_1" not in reader.buttons()
    again = Reader("23.6", BEGUN | {"ex23_6_order": "2"})  # a reload goes on from there
    assert "2. δ = h − y" in again.words()
    for k in range(2, 5):
        assert "23.6" not in solved_by(reader)
        reader.press(f"order_{k}")
    assert "23.6" in solved_by(reader)
    assert "exercise 23.6 is solved" in reader.words("success")
    assert "## What goes on to z" in reader.words()
    assert stage(reader)["is_open"]
    assert reader.app.query_params["ex23_6_answer"] == "open"  # a reload does not close it
    reader.press("Start over").press("begin")
    assert FIRST in reader.words()
    reader.app.session_state["ex23_6_known"] = True
    assert "write_dbeta" not in reader.run().controls()  # the blanks wait for both paths
    assert "3 Its two paths" in reader.words()
    assert reader.set(step="minus the slope").value("write_dbeta") is None


def test_one_step_is_due_at_a_time_and_the_end_is_announced() -> None:
    def step(reader: Reader) -> str:
        return ", ".join(name for name in WAY if f":blue-badge[{WAY.index(name) + 1} {name}]" in reader.words())

    reader = Reader("23.6")
    assert step(reader) == "Move z"
    assert step(reader.press("begin")) == "Find the line"
    reader.app.session_state["ex23_6_known"] = True
    assert step(reader.set(step="minus the mean")) == "Its two paths"
    assert "Once both paths are added above" in reader.words()
    assert "write_dbeta" not in reader.controls()
    assert step(reader.set(step="minus the slope")) == "Formulas"
    assert step(reader.set(write_dbeta="Σ g", step="your line")) == "Formulas"  # once begun, they stay
    write(reader, **RIGHT_CHOICES)
    assert step(reader) == "Order"
    for k in range(5):
        reader.press(f"order_{k}")
    assert all(f":green-badge[✓ {name}]" in reader.words("success") for name in WAY)


def test_the_line_that_is_written_stands_beside_the_one_that_was_found() -> None:
    reader = at_the_blanks()
    assert not any("panels" in picture for picture in reader.pictures())
    write(reader, dbeta="Σ g", dgamma="Σ g z̄")
    (panel,) = reader.picture("panels")["panels"]
    passed, true = forward(Z, 1.3, 0.5), backward(forward(Z, 1.3, 0.5), G)
    (found,) = panel["curves"]
    np.testing.assert_allclose(found["y"], true.height + true.slope * np.array(found["x"]))
    np.testing.assert_allclose([point["x"] for point in panel["points"]], passed.z_bar)
    (panel,) = reader.set(write_height="0", write_slope="dγ/n").picture("panels")["panels"]
    np.testing.assert_allclose(panel["curves"][1]["y"], true.dgamma / 5 * np.array(found["x"]))


def test_the_answer_that_is_shown_is_not_solved_and_the_divisor_that_is_set_counts() -> None:
    reader = at_the_blanks().press("Show the answer")
    assert "## What goes on to z" in reader.words()
    assert "This answer was shown to you. For the ✓" in reader.words()
    assert "23.6" not in solved_by(reader)
    reader = at_the_blanks().set(divisor="n")
    assert "You have set σ² to divide by n" in write(reader, **RIGHT_CHOICES).words()
    assert "All five formulas agree" in reader.set(write_slope="dγ/n").words()


@pytest.mark.parametrize("batch", [{"z": "1 1 1 1 1"}, {"gamma": 0.0}, {"n": 2}, {"epsilon": "1"}])
def test_every_choice_is_answered_whatever_the_batch(batch: dict[str, Any]) -> None:
    reader = write(at_the_blanks().set(**batch), **RIGHT_CHOICES | {"slope": "dγ"})
    for factor in ("γ", "1/s", "γ/s²"):
        assert "✖ **Not C = dγ.**" in reader.set(write_factor=factor, write_height="dβ/n").words()
        assert "✖ **Not B = 0.**" in reader.set(write_height="0").words()  # in the order of the paths
    assert "✖ **Not A = γ/s².**" in reader.set(write_height="dβ/n", write_slope="dγ/(n − 1)").words()


def solved_by(reader: Reader) -> set[str]:
    """The exercises that the page has noted as solved."""
    state = reader.app.session_state
    return set(state["noted"]) if "noted" in state else set()


def lay(reader: Reader, u_off: float = 0.0, slope_share: float = 1.0) -> Reader:
    """Lay the line by hand: off by so much at u, and with this share of its slope."""
    passed = forward(Z, 1.3, 0.5)
    true = backward(passed, G)
    ends = (true.height + u_off + slope_share * true.slope * (z - passed.u) / passed.scale for z in (-3.24, 3.24))
    reader.app.session_state["ex23_6_line"] = tuple(ends)
    return reader.run().run()  # the first run draws what the second one's words follow


def test_the_order_follows_the_line_wherever_the_hand_lays_it_and_a_reload_finds_it_again() -> None:
    reader = Reader("23.6").press("begin")
    assert "Lift the dashed line" in reader.words()
    for _ in range(2):  # there, off again, and back
        assert "Now tilt the line by its ends" in lay(reader, slope_share=0).words()
        words = lay(reader, 0.5).words()
        assert "The first sum is open again" in words
        assert "Now tilt" not in words
    assert "It is the least-squares line" in lay(reader).words()
    reader.app.session_state["ex23_6_known"] = True  # as the hand does when it lets go there
    assert ":green-badge[✓ Find the line]" in reader.run().words()
    reader.set(step="minus the mean").set(step="your line")
    assert "It is the least-squares line" in reader.words()  # going back undoes nothing
    query = reader.app.query_params
    address = {name: query[name] for name in ("ex23_6_puzzle", "ex23_6_line", "ex23_6_known")}
    again = Reader("23.6", {name: of if isinstance(of, str) else of[0] for name, of in address.items()})
    assert "It is the least-squares line" in again.run().words()
    assert ":green-badge[✓ Find the line]" in again.words()
    assert np.isfinite(list(stage(again)["guess"].values())).all()
    assert "ex23_6_line" not in reader.set(step="minus the slope").press("Start over").app.query_params


def test_a_reload_keeps_what_is_pressed_and_what_is_written() -> None:
    reader = Reader("23.6", {"ex23_6_pressed": "true"})
    assert reader.button("begin").label == "Go on: what comes back?"
    chosen = {f"ex23_6_write_{name}": RIGHT_CHOICES[name] for name in ("dbeta", "dgamma", "factor")}
    reader = Reader("23.6", BEGUN | {"ex23_6_step": "minus the slope"} | chosen)
    assert [reader.value(f"write_{name}") for name in ("dbeta", "dgamma", "factor")] == ["Σ g", "Σ g z̄", "γ/s"]
    assert all(reader.app.query_params[key] in (value, [value]) for key, value in chosen.items())
