"""Page 23.7: the twins and what each rule needs, what the difference tells, checks, masks, and the code."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnlib.chapter23.dropout import draw_masks, enumerated_moments
from nnlib.chapter23.dropout_mistakes import MISTAKES, NO_P, NO_SCALE
from nnlib.chapter23.dropout_twins import NEEDED, Powers, TwinTraining
from pages.ex23_7.controls import times_power, unsolved
from pages.shared.numbers import number, read_number
from tests.pages.reader import Reader

START = [0.8, 0.3, -0.5, 1.2]
LAST_LINES = {  # how the step of W′ begins that each proof ends with, without spaces
    "gradient descent": r"W'-p^2\eta\,\nablaW'=p\,W",
    "momentum": r"W'-p^2\eta\,V'=p\,W",
    "Nesterov momentum": r"W'-p^2\eta\,V'=p\,(W",
    "Adam": r"W'-p\,\eta\,\frac{\hatm'}{\sqrt{\hatv'}+\varepsilon/p}=p\,",
    "L2 decay": r"W'-p^2\eta\,G'=p\,W",
    "decoupled decay": r"(1-\kappa)\,W'-p^2\eta\,\nablaW'=p\,",
}


def tab(name: str, settings: Mapping[str, Any] | None = None) -> Reader:
    """A reader of one tab, at first with other settings."""
    return Reader("23.7", {"ex23_7_tab": name, **(settings or {})})


def test_the_page_opens_unsolved_and_each_choice_is_answered_by_its_numbers() -> None:
    reader = Reader("23.7")
    assert "**Watch where they part.**" in reader.words()
    assert not shown(reader) & MOVES
    assert not [data for data in reader.pictures() if "panels" in data]  # they come when the reader watches
    assert reader.picture("networks")["shows"] == []
    assert "Training rules you have matched" not in reader.words()
    assert "The claim, with two gaps" in reader.words()
    loss, apart = reader.press("watch").picture("panels")["panels"]
    assert [curve["name"] for curve in loss["curves"]] == ["plain", "inverted"]
    assert apart["curves"][0]["y"][0] > 1e-3
    assert reader.picture("so_far")["text"] == "0.130"
    assert ":green-badge[✓ Watch] :blue-badge[2 W′] :gray-badge[3 Gradient]" in reader.words()
    assert "Already at the start the orange weight passes on 1.667 times as much of h₆" in reader.words()
    assert row(reader) == ["training", "w = 0.5865", "w′/p = 0.9776 ✖"]
    assert shown(reader) & MOVES == {"weights"}  # one after the other
    assert is_lit(reader, "weights")
    assert "the orange weight passes on 0.6 times as much" in reader.set(weights="p² W").words()
    assert "p² η" not in reader.words()
    reader.set(weights="p W")
    assert row(reader) == ["training", "w = 0.5865", "w′/p = 0.5865 ✓"]
    apart = reader.picture("panels")["panels"][1]["curves"][0]["y"]
    assert apart[0] < 1e-12 < 1e-6 < apart[1]
    assert "**And in prediction**" in reader.words()
    assert ":blue-badge[2 W′]" in reader.words()
    assert is_lit(reader, "phase")
    assert reader.set(phase="prediction").picture("networks")["phase"] == "prediction"
    assert row(reader, "prediction") == ["prediction", "p w = 0.3519", "w′ = 0.3519 ✓"]
    assert ":green-badge[✓ W′] :blue-badge[3 Gradient]" in reader.words()  # the next order follows at once
    assert "**How large is ∇W′?**" in reader.words()
    assert row(reader)[0] == reader.picture("networks")["asked"] == "gradient"  # its number is not shown
    assert is_lit(reader, "gradient")
    assert "rate_of_W" not in shown(reader)
    assert "✖ Not ∇W: back-propagation finds 1.667 times as much." in reader.press("Check my gradient").words()
    reader.set(gradient="∇W/p")
    assert "rate_of_W" not in shown(reader)  # a choice is not yet an answer
    assert "∇W′ is ∇W/p." in reader.press("Check my gradient").words()
    assert "In step 1, Δw′ is 2.78 times p Δw: too far." in reader.words()
    assert ":blue-badge[4 Rate]" in reader.words()
    assert row(reader)[0] == "change"
    assert is_lit(reader, "rate_of_W")
    assert reader.set(weights="W").value("rate_of_W") == "η"  # it stays
    reader.set(weights="p W")
    assert "2.78 times p Δw" in reader.set(rate_of_W="p η").words()  # a choice is not yet an answer
    assert "At the rate p η, Δw′ in step 1 is 1.67 times p Δw: too far." in reader.press("check_rate").words()
    reader.set(rate_of_W="p² η")
    assert "1.67 times p Δw" in reader.words()
    assert not is_one(reader)
    assert "23.7" not in reader.app.session_state["noted"]
    reader.press("check_rate")
    assert reader.picture("panels")["motion"] == "meet"
    assert reader.picture("networks")["met"] == 1  # the browser brings the curves into sight
    assert is_one(reader)
    assert "23.7" in reader.app.session_state["noted"]
    assert "Rate times gradient is p² η · ∇W/p = p · η ∇W" in reader.words()
    assert reader.words().count("✖") == 0
    assert "let W′ learn at the rate **p² η**" in reader.words()
    assert "✓ **Solved!**" in reader.words()
    assert "Training rules you have matched" not in reader.words()
    assert "rule" not in shown(reader)
    reader.press("Now with Adam?")  # of what was right for another rule only W′ = p W is taken over
    assert "**1 of 6** :green-badge[gradient descent ✓]" in reader.words()
    assert "Adam divides the gradient by its own size" not in reader.words()
    assert "**Now with Adam.** Where W changes by Δw" in reader.words()
    assert "1.67 times p Δw: too far." in reader.words()
    assert ":green-badge[✓ W′] :blue-badge[3 Rate] :gray-badge[4 ε]" in reader.words()
    assert "epsilon" not in shown(reader)
    assert "You have not made your moves for this rule yet" in reader.set(tab="Check it").words()
    assert "0.6 times p Δw: not far enough." in reader.set(rate_of_W="p² η").words()
    assert "Adam divides the gradient by its own size" in reader.words()
    assert "Now with Adam" not in reader.words()
    reader.set(rate_of_W="p η")
    assert "Which number in Adam's step" in reader.words()
    assert "You have not made" not in reader.words()
    reader.set(epsilon="ε/p")
    assert is_one(reader)
    assert "With Adam, too, W′ stays p W" in reader.words()
    assert "Now with momentum?" in [button.label for button in reader.app.button]
    reader.set(rule="L2 decay").set(rate_of_W="p² η")
    assert "Which other term" in reader.words()
    reader.press("reset")
    assert "**Watch where they part.**" in reader.words()
    assert not shown(reader) & (MOVES | {"rule"})
    reader.press("watch").set(weights="p W", phase="prediction")
    assert reader.value("gradient") == "∇W"
    assert "p² η" not in reader.set(tab="The answer").words()


@pytest.mark.parametrize("p", [0.1, 0.6, 0.95])
def test_the_words_and_the_table_beside_them_speak_of_the_same_numbers_at_every_step(p: float) -> None:
    reader = Reader("23.7").set(p=p)
    for weights in ("W/p²", "W/p", "W", "p W", "p² W"):
        reader.press("watch")
        if weights != reader.value("weights"):
            reader.set(weights=weights).press("watch")
        data = reader.picture("networks")
        assert data["returns"]  # the picture goes back to the start, of which the words speak
        assert data["of_step"] == 0
        assert not any("rows" in moment for moment in data["later"])  # the table does not leave it
        _, plain, inverted = row(reader)
        assert count_decimals(plain) == count_decimals(inverted)
        told = re.search(r"the orange weight passes on (\S+) times as much", reader.words())
        if told is None:
            assert weights == "p W"
            assert inverted.endswith("✓")
        else:
            assert value(inverted) / value(plain) == pytest.approx(read_number(told[1]), rel=2e-3)
    reader.set(weights="p W", phase="prediction").set(gradient="∇W/p").press("Check my gradient")
    for rate in ("η/p²", "η/p", "η", "p η"):
        if rate != "η" or reader.value("rate_of_W") != "η":
            reader.set(rate_of_W=rate).press("check_rate")
        data = reader.press("watch").picture("networks")
        assert not any("rows" in moment for moment in data["later"])
        told = re.search(r"Δw′(?: in step 1)? is (\S+) times p Δw", reader.words())
        assert told is not None
        _, plain, inverted = row(reader)
        assert value(inverted) / value(plain) == pytest.approx(read_number(told[1]), rel=6e-3)
    data = reader.set(rate_of_W="p² η").press("check_rate").press("watch").picture("networks")
    assert is_one(reader)
    assert not data["returns"]
    for moment in data["later"]:  # now the table goes along, and says of which step it is
        assert moment["of_step"] == moment["step"]
        assert all(is_same for *_, is_same in moment["rows"])


def value(told: str) -> float:
    """The number in "w′/p = 0.9776 ✖"."""
    return read_number(told.split("=")[1].split()[0])


def count_decimals(told: str) -> int:
    return len(told.split("=")[1].split()[0].partition(".")[2])


MOVES = {"weights", "phase", "gradient", "rate_of_W"}


def shown(reader: Reader) -> set[str]:
    """The names of the controls that can be moved."""
    return {key.removeprefix("ex23_7_") for key in reader.controls()}


def row(reader: Reader, name: str = "") -> list[str]:
    """A row below the networks, the last unless it is named: its name, and its number in both."""
    data = reader.picture("networks")
    assert len(data["shows"]) <= 2
    name = name or data["shows"][-1]
    assert name in data["shows"]
    found = next(row for row in data["rows"] if row[0] == name)
    return [name, *found[2:4]]


def is_one(reader: Reader) -> bool:
    """Whether the page says that the runs are one, in its number and in words."""
    number = reader.picture("so_far")
    assert (number["apart"] < 1e-11) == number["one"] == ("One and the same run" in reader.words())
    return bool(number["one"])


def is_lit(reader: Reader, name: str) -> bool:
    """Whether the control of that name stands out as the one to move, and no other does."""
    styles = [html.proto.body for html in reader.app.get("html") if "border-left: 3px" in html.proto.body]
    return len(styles) == 1 and re.search(rf"\.st-key-ex23_7_(power_)?{name} ", styles[0]) is not None


def test_a_link_shows_all_that_its_maker_saw() -> None:
    reader = Reader("23.7", {"ex23_7_rate_of_W": "p η"})
    assert reader.picture("panels")["motion"] == "glide"
    assert reader.control("rate_of_W").disabled
    assert reader.control("rate_of_W").value == "p η"


def test_no_rule_begins_with_a_right_choice_but_that_of_the_weights() -> None:
    reader = Reader("23.7").press("solve").press("Now with Adam?")
    powers = {"weights": "weights", "rate_of_W": "rate", "epsilon": "epsilon", "λ": "decay", "κ": "decay"}
    asked = {}
    for rule, needed in list(NEEDED.items())[1:]:
        reader.set(rule=rule)
        assert reader.value("weights") == "p W"
        asked[rule] = ["rate_of_W"]
        assert reader.value("rate_of_W") == "η"
        assert not {"epsilon", "λ", "κ"} & shown(reader)  # what comes after the rate
        reader.set(rate_of_W=times_power(needed.rate, "η"))
        for name, letter in (("epsilon", "ε"), ("λ", "λ"), ("κ", "κ")):
            if name in shown(reader):
                asked[rule].append(name)
                start = getattr(unsolved(rule), powers[name])
                assert reader.value(name) == times_power(start, letter)
                assert start != getattr(needed, powers[name])
    assert list(map(len, asked.values())) == [1, 1, 2, 2, 2]


def test_no_tab_or_experiment_gives_the_answer_away_before_it_is_known() -> None:
    reader = Reader("23.7").set(tab="Go deeper")
    for label in ("Drop nothing", "Before the first step"):
        reader.press(label).press("Show the explanation")
        assert "Training rules you have matched" not in reader.words()
        assert "p W" not in reader.words()
        assert "p²" not in reader.words()
    reader.set(tab="Check it")
    assert "p W" not in reader.words()
    assert "p²" not in reader.words()
    assert "solve" in reader.buttons()
    assert "ask" not in reader.buttons()  # there is one button for it
    reader.press("Show the answer")
    assert "✓ **The answer**, shown: W′ starts as p W" in reader.words()  # no praise for what was shown
    assert "solve" not in reader.buttons()  # it would do nothing
    shown = reader.table("parameter")
    assert (shown["agrees"] == "✓").all()
    assert "all 83 weights and biases agree" in reader.words()
    assert shown["parameter"][56] == "p w₁₁⁽²⁾"
    reader.set(tab="Go deeper")
    assert "| gradient descent | p² η |" in reader.words()
    assert "ε/p" not in reader.words()  # each rule is a question of its own
    assert "| Adam | p η | ε/p |" in reader.press("Show all rules").words()
    reader.press("reset")
    assert "p W" not in reader.words()
    assert "p²" not in reader.words()


def test_the_pictures_of_every_value_of_the_stage_s_sliders_are_sent_when_the_browser_asks_for_them() -> None:
    reader = Reader("23.7").press("watch").set(steps=50)
    assert reader.picture("sent")["sent"] == "[]"
    sent = reader.sent_ahead("p")
    assert sorted(sent) == [k / 20 for k in range(2, 21)]
    for p, pictures in sent.items():
        twins = TwinTraining(p, powers=Powers(), learning_rate=0.05, random_state=1)
        w = twins.parameters[0, 56 + 5 * 3 + 2]
        assert pictures["ex23_7_networks"]["rows"][0][3].startswith(f"w′/p = {w / p:.4f} ")
        twins.run(50)
        loss, apart = pictures["ex23_7_twins"]["panels"]
        shown = [curve["y"] for curve in (*loss["curves"], apart["curves"][0])]
        exact = [*np.transpose(twins.losses), np.maximum(twins.prediction_differences, 1e-17)]
        np.testing.assert_allclose(shown, exact, rtol=5e-4)
    twins = TwinTraining(0.6, powers=Powers(), learning_rate=0.05, random_state=1)
    twins.run(300)
    for steps, pictures in reader.sent_ahead("steps").items():
        loss, apart = pictures["ex23_7_twins"]["panels"]
        assert loss["x"]["high"] == loss["curves"][0]["x"][-1] == steps
        ends = [curve["y"][-1] for curve in (*loss["curves"], apart["curves"][0])]
        exact = [*twins.losses[int(steps)], twins.prediction_differences[int(steps)]]
        np.testing.assert_allclose(ends, exact, rtol=5e-4)
    assert sorted(reader.sent_ahead("rate")) == [0, 1, 2, 3]
    for name in ("panels", "networks"):  # the same to the last digit as what is drawn when the thumb rests there
        here = reader.picture(name)
        (drawn,) = (data for data in sent[0.6].values() if name in data)
        assert drawn[name] == here[name]


def find(reader: Reader) -> Reader:
    """The answer for gradient descent, found by the reader."""
    reader.press("watch").set(weights="p W").set(phase="prediction").set(gradient="∇W/p")
    return reader.press("Check my gradient").set(rate_of_W="p² η").press("check_rate")


def test_every_rule_can_be_made_one_run_and_only_what_was_not_shown_counts() -> None:
    reader = find(Reader("23.7"))
    assert "✓ **Solved!**" in reader.words()
    reader.press("Now with Adam?")
    for rule, needed in NEEDED.items():
        reader.set(rule=rule).press("solve")
        assert is_one(reader)
        assert LAST_LINES[rule] in "".join(reader.words().split())
        if rule == "gradient descent":
            continue
        assert f":green-badge[{rule} ✓]" not in reader.words()
        assert "✓ **The answer**, shown: with" in reader.words()
        assert "stands here as soon as" in reader.set(weights="W").words()
        assert f":green-badge[{rule} ✓]" not in reader.set(weights="p W").words()  # it was still shown
        reader.set(rule="gradient descent").set(rule=rule).set(rate_of_W=times_power(needed.rate, "η"))
        for name, letter, power in (("epsilon", "ε", needed.epsilon), *((k, k, needed.decay) for k in "λκ")):
            if name in shown(reader):
                reader.set(**{name: times_power(power, letter)})
        assert "✓ **Solved!**" in reader.words()
        assert f":green-badge[{rule} ✓]" in reader.words()
        is_last = needed is list(NEEDED.values())[-1]
        assert ("All six are one run" in reader.words()) == is_last
        assert ("Which rule is next?" in reader.words()) == (not is_last)


def test_the_answer_shown_for_gradient_descent_is_not_solved_until_it_is_found() -> None:
    reader = Reader("23.7").press("solve").set(weights="W").set(weights="p W")
    assert "*Start over* and find it yourself for the ✓." in reader.words()
    assert "23.7" not in reader.app.session_state["noted"]
    reader = find(reader.press("reset"))
    assert "✓ **Solved!**" in reader.words()
    assert "23.7" in reader.app.session_state["noted"]


ORDERS = {  # the step that the reader is at → what the line says then
    "Watch": "**Watch where they part.**",
    "W′": "**How should W′ start**",
    "W′ in prediction": "Press **prediction** at the picture.",
    "Gradient": "**How large is ∇W′?**",
    "Gradient again": "What does each weight multiply?",
    "Rate": "**At which rate should W′ learn?**",
    "p": "**Move p down.**",
}


def is_at(reader: Reader, step: str) -> bool:
    """Whether the line gives the order of that step, and no other order, and its badge is the blue one."""
    given = [name for name, order in ORDERS.items() if order in reader.words()]
    badge = re.findall(r":blue-badge\[\d (\S+)\]", reader.words())
    return given == ([step] if step in ORDERS else []) and badge == ([step.split()[0]] if given else [])


BEGINS = {"weights": "W", "phase": "training", "gradient": "∇W", "rate_of_W": "η"}


def reload(reader: Reader) -> Reader:
    """The same page, opened anew by its address; what moved controls write there, the browser would add."""
    moved = {name: reader.value(name) for name in BEGINS if f"ex23_7_{name}" in reader.controls()}
    bound = {f"ex23_7_{name}": value for name, value in moved.items() if value != BEGINS[name]}
    others = {name: str(value) for name, value in reader.app.query_params.items() if not name.endswith("_set")}
    return Reader("23.7", {name: value for name, value in others.items() if name[7:] not in moved} | bound)


def reload_by_button(reader: Reader) -> Reader:
    """The same where no control has been moved that a button has set."""
    return Reader("23.7", dict(reader.app.query_params))


def test_the_line_gives_the_order_of_the_moment_whatever_is_done_undone_or_reloaded() -> None:
    reader = Reader("23.7")
    assert is_at(reader, "Watch")
    assert is_at(reader.press("Before the first step").press("back"), "W′")
    assert is_at(
        reader.press("Before the first step").set(weights="p W"), "Gradient"
    )  # it no longer speaks of this
    assert is_at(reader.press("reset"), "Watch")
    assert is_at(reload(reader.press("watch")), "W′")
    assert is_at(reload(reader.set(weights="p W")), "W′ in prediction")
    assert is_at(reader.set(weights="W/p"), "W′")
    assert is_at(reader.set(weights="p W", phase="prediction"), "Gradient")
    assert is_at(reload(reader.set(phase="training")), "Gradient")
    assert is_at(reader.set(weights="W"), "W′")
    assert "back_propagate" not in reader.buttons()
    assert is_at(reader.set(weights="p W").press("Check my gradient"), "Gradient again")
    assert is_at(reload(reader.set(gradient="∇W/p")), "Gradient again")  # chosen, and not checked
    assert is_at(reader.press("Check my gradient"), "Rate")
    reader.set(rate_of_W="p η").press("check_rate").set(rate_of_W="p² η")
    for _ in range(2):
        assert is_at(reader, "Rate")
        assert "✖ At the rate p η" in reader.words()
        reader = reload(reader)
        assert reader.value("rate_of_W") == "p² η"
    reader.press("Drop nothing").press("Show the explanation")
    assert "**Move p down.**" in reader.words()
    assert not {"check_rate", "back_propagate"} & set(reader.buttons())
    assert is_at(reader.press("back"), "Rate")
    assert "✖ At the rate p η" in reader.words()
    assert is_at(reader.set(weights="W"), "W′")
    reader.set(weights="p W").press("check_rate")
    for _ in range(2):
        assert is_at(reader, "")
        assert "✓ **Solved!**" in reader.words()
        assert ":green-badge[✓ Rate]" in reader.words()
        reader = reload(reader)
    assert is_at(reader.set(weights="W"), "W′")
    assert is_at(reload(reader), "W′")
    reader = reload_by_button(reader.set(weights="p W").press("Now with Adam?"))
    assert reader.value("rule") == "Adam"
    assert is_at(reader, "Rate")
    reader = reload_by_button(Reader("23.7").press("solve"))
    assert is_one(reader)
    assert "✓ **The answer**, shown" in reader.words()


def test_watching_an_answer_again_lets_it_grow() -> None:
    reader = find(Reader("23.7"))
    reader.press("watch").set(weights="W").set(weights="p W")
    assert reader.picture("panels")["motion"] == "meet"
    reader.set(p=1.0)
    assert reader.picture("panels")["motion"] == "glide"
    assert "At p = 1 nothing is dropped" in reader.words()
    assert "Move p down." in reader.words()


def test_experiments_begin_where_they_say() -> None:
    reader = tab("The answer").press("Show the answer")
    for label, seen in (
        ("The same rate for both", "2.78 times p Δw"),
        ("Let the weights decay", "Which other term"),
    ):
        reader.press(label)
        assert reader.words().count("Divide the two numbers" if "rate" in label else "need a larger λ") == 1
        assert "the question stands above" in reader.words()
        assert seen not in reader.words()
        assert seen in reader.press("Show the explanation").words()
    assert "A larger one." in reader.set(λ="λ/p²").words()  # the reader may look for it in the experiment
    assert reader.value("rule") == "L2 decay"
    reader.leave_and_come_back()
    assert (reader.value("rule"), reader.value("weights")) == ("L2 decay", "p W")
    reader.press("The same rate for both").press("back")
    assert (reader.value("rule"), reader.value("weights")) == ("gradient descent", "p W")


def test_the_answer_s_program_and_the_stage_s_code_give_what_they_say() -> None:
    reader = Reader("23.7").set(p=0.35, seed=4, steps=40, misprint=True).press("Show the answer")
    assert 0 < reader.snippet(-1)["apart"] < 1e-12
    assert "`Dropout(0.65)`" in reader.words()
    assert "0.675 and p = 0.35, the layer would have to put out 1.929" in reader.words()
    reader.set(tab="In Python", rule="Adam", weights="p W", rate_of_W="p² η")
    twins = reader.snippet(-1)["twins"]
    assert reader.picture("so_far")["text"] == f"{max(twins.prediction_differences):.3f}"


@pytest.mark.parametrize("form", MISTAKES)
def test_a_planted_mistake_is_named_by_one_check_or_the_other(form: str) -> None:
    reader = tab("Check it").set(check_form=form)
    for mistake in MISTAKES[form]:
        reader.set(**{f"mistake_{form}": mistake})
        gradients, averages = reader.table("derivative"), reader.table("in training, over all 16 masks")
        forgotten_p = mistake in (NO_P, NO_SCALE)
        assert (gradients["agrees"] == "✓").all() == (mistake == "none" or forgotten_p)
        assert (averages["agrees"] == "✖").all() == forgotten_p
        assert (averages["agrees"] == "✓").all() == (not forgotten_p)
        wrong = gradients["derivative"][gradients["agrees"] == "✖"]
        assert all("⁽¹⁾" in name and name in reader.words() for name in wrong)
    reader.set(p=1.0, **{f"mistake_{form}": MISTAKES[form][1]})
    assert "this mistake changes nothing" in reader.words()


def test_the_mask_drawn_last_is_shown_and_masks_add_up_to_the_most() -> None:
    reader = tab("Masks and means")
    assert "Mean and variance" not in reader.words()
    assert reader.value("drawn") == 8  # there is something to see
    assert not means(reader)[0]["bands"]  # the exact means are asked for
    assert "✖ Look at the chart again" in reader.set(settles="both at h").words()
    assert "0.48" not in reader.words()
    assert "The plain one settles at **p h**" in reader.set(settles="plain at p h, inverted at h").words()
    assert "The exact means are 0.48 (plain) and 0.8 (inverted)." in reader.words()
    for name, count in (("draw_1000", 1008), ("draw_1", 1009), ("no_masks", 0), ("draw_10", 10)):
        reader.press(name)
        assert reader.value("drawn") == count
        if not count:
            assert "No mask has been drawn yet" in reader.words("caption")
            assert set(moments(reader)["your masks"]) == {""}
    mask = draw_masks(10, 4, 0.6, random_state=1)[-1]
    neurons = reader.picture("neurons")["neurons"]
    assert [not neuron["dropped"] for neuron in neurons] == mask.astype(bool).tolist()
    plain, inverted = mask * START, mask * START / 0.6
    assert [neuron["lines"][2] for neuron in neurons] == [f"plain {number(x)}" for x in plain]
    assert [neuron["lines"][3] for neuron in neurons] == [f"inverted {number(x)}" for x in inverted]
    reader.set(drawn=19_500)
    reader.press("draw_1000")
    assert reader.value("drawn") == 20_000
    assert moments(reader)["your masks"].str.endswith("✓").all()
    (panel,) = means(reader)
    for curve, band, mean in zip(panel["curves"], panel["bands"], (0.48, 0.8), strict=True):
        assert curve["y"][-1] == pytest.approx(mean, abs=0.02)
        assert band["low"][-1] < mean < band["high"][-1]
        assert len(curve["x"]) == len(band["x"]) <= 150
        ends = panel["y"]["low"], panel["y"]["high"]
        assert all(ends[0] <= value <= ends[1] for value in (*curve["y"], *band["low"], *band["high"]))


def moments(reader: Reader) -> pd.DataFrame:
    return reader.table("your masks")


def means(reader: Reader) -> list[dict[str, Any]]:
    """The panel of running means; the stage has two others."""
    return list([data for data in reader.pictures() if "panels" in data][-1]["panels"])


@pytest.mark.parametrize("form", ["plain", "inverted"])
def test_the_table_holds_exact_moments_and_the_samples(form: str) -> None:
    reader = tab("Masks and means").press("ask_means").set(form=form, p=0.3, drawn=1)
    assert moments(reader)["your masks"].tolist()[1::2] == [""] * 4  # one mask has no variance
    reader.set(drawn=50)
    shown, exact = moments(reader), enumerated_moments(np.array(START), 0.3, form)
    assert shown["formula"].tolist() == shown["all 16 masks"].tolist()
    assert shown["formula"].tolist()[::2] == [number(x) for x in exact.mean]
    assert shown["formula"].tolist()[1::2] == [number(x) for x in exact.variance]
    assert (shown["agrees"] == "✓").all()
    outputs = draw_masks(50, 4, 0.3, random_state=1) * START / (0.3 if form == "inverted" else 1)
    assert shown["your masks"].tolist()[::2] == [f"{number(x)} ✓" for x in outputs.mean(axis=0)]


def test_the_layer_grows_and_shrinks_without_loss_and_bad_outputs_are_told_plainly() -> None:
    reader = tab("Masks and means").press("ask_means").set(neuron=4)
    reader.set(h=1.75)
    assert reader.value("h_text") == "0.8, 0.3, -0.5, 1.75"
    reader.set(m=2)
    assert reader.value("neuron") == 2
    reader.set(m=12)
    assert reader.value("h_text").startswith("0.8, 0.3, -0.5, 1.75, 0.6, ")
    assert len(moments(reader)) == 24
    reader.press("random")
    assert len(reader.picture("neurons")["neurons"]) == 12
    for typed, sentence in (
        ("0.5", "Outputs h: there is only one number. Write 2 to 12."),
        ("1, two", "Outputs h, row 1: “two” is not a number."),
        ("1, 2.5", "Outputs h, row 1: 2.5 is not allowed."),
    ):
        reader.set(h_text=typed)
        assert reader.words("error").startswith(sentence)
        assert reader.value("h_text") == typed
        assert len(reader.picture("neurons")["neurons"]) == 12
        assert reader.control("h").disabled
    reader.set(h_text="1, 2, -2")
    assert reader.words("error") == ""
    assert len(reader.picture("neurons")["neurons"]) == 3


def test_the_pictures_of_the_tabs_are_sent_ahead_as_they_are_drawn() -> None:
    reader = tab("Masks and means").set(drawn=20)
    for name, value in (("m", 3), ("h", -0.35), ("p", 0.35)):
        ahead = reader.sent_ahead(name, "masks_ahead")[value]
        reader.set(**{name: value})
        assert ahead["ex23_7_masks"]["neurons"] == reader.picture("neurons")["neurons"]
        assert ahead["ex23_7_means"]["panels"] == means(reader)
    reader = tab("Go deeper")
    ahead = reader.sent_ahead("next_m", "beyond_ahead")[3]
    assert ahead["ex23_7_beyond"]["panels"] == means(reader.set(next_m=3))


def test_the_next_neuron_agrees_in_z_and_not_in_its_output() -> None:
    reader = tab("Go deeper")
    assert reader.table("predicted from p h")["agrees"].tolist() == ["✓", "≠"]
    for agreeing in ({"p": 1.0}, {"p": 0.6, "scale": 0.0}):
        assert reader.set(**agreeing).table("predicted from p h")["agrees"].tolist() == ["✓", "✓"]


def test_the_code_of_each_tab_reproduces_it() -> None:
    reader = Reader("23.7").set(tab="Masks and means").press("ask_means")
    reader.set(form="inverted", p=0.35, drawn=8, masks_code=True)
    names, shown = reader.snippet(-1), moments(reader)
    assert shown["formula"].tolist()[1::2] == [number(x) for x in names["closed"].variance]
    assert shown["your masks"].tolist()[::2] == [f"{number(x)} ✓" for x in names["outputs"].mean(axis=0)]
    reader.set(tab="Go deeper", scale=7.5, beyond_code=True)
    here = reader.snippet(-1)["here"]
    shown = reader.table("predicted from p h")
    assert shown.iloc[1, :2].tolist() == [number(here.predicted_output), number(here.mean_output)]
    reader.set(tab="Check it", mistake_plain=NO_P, check_code=True)
    check = reader.snippet(-1)["check"]
    shown = reader.table("in training, over all 16 masks")
    assert shown["in prediction"].tolist() == [number(x) for x in check.predicted]
    assert reader.table("derivative")["computed"].tolist() == [number(x) for x in check.gradients.analytic]


def test_what_is_watched_grows_in_the_page_s_own_run_too_and_in_no_later_one() -> None:
    reader = Reader("23.7").press("watch")
    assert reader.picture("networks")["watches"] == 1  # the browser brings the curves into sight
    for _ in range(2):  # the run of the press, and the one that follows it
        assert reader.picture("panels")["motion"] == "grow"
        assert reader.picture("networks")["later"]
        reader.app.run()
    assert reader.picture("panels")["motion"] == "glide"
    assert reader.press("watch").picture("panels")["times"] == 2  # it grows again
    reader.press("watch").set(p=0.5)
    assert reader.picture("panels")["motion"] == "glide"
