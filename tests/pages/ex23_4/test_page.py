"""Page 23.4 as a reader meets it: numbers, planted mistakes, the timeline, nudges, the answer and its program."""

import math
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from itertools import product
from typing import Any

import pytest

from nnlib.chapter23.graphs import SIGMOID_LOSSES, sigmoid_graph
from pages.ex23_4.controls import Chosen
from pages.ex23_4.mission import verdict
from pages.shared.graph.model import all_moments, timeline
from pages.shared.graph.player import LAST
from pages.shared.numbers import number, read_number
from tests.pages.reader import Reader

TWICE = "∂L/∂f twice, as in the printed solution"
CHECK = {"ex23_4_tab": "Check it"}
RARER = {"loss", "opened", "mistake"}


def test_the_page_opens_unsolved_goes_forward_to_the_loss_and_back_and_its_program_agrees() -> None:
    reader = Reader("23.4")
    player = reader.picture("moments")
    assert player["asked"] == player["times"] == 0
    moments: list[dict[str, Any]] = player["moments"]
    assert [moment["phase"] for moment in moments] == ["forward", "loss", *["backward"] * 4]
    assert [moment["short"] for moment in moments] == [
        "f = 0.1824",
        "L = 1.701",
        "∂L/∂L = 1",
        "→ f: 1 × (−5.482) = −5.482",
        "→ y: 1 × 1.5 = 1.5",
        "→ z: −5.482 × 0.1491 ≈ −0.8176",
    ]
    assert "L grows exactly as fast as itself" in moments[2]["after"]
    assert moments[4]["after"].endswith("Training does not use it, because y is given.")
    upstream, times, local, equals, message = moments[-1]["equation"]
    assert (upstream[1], times, local[1], equals, message[1]) == ("−5.482", "×", "0.1491", "≈", "−0.8176")
    assert moments[-1]["after"] == (
        "Nothing else reaches z, so ∂L/∂z = −0.8176. Written out, (f − y)/(f(1 − f)) · f(1 − f) = f − y."
    )
    cards = reader.cards()
    nudge = cards["z"]["nudges"]["+0.01"]
    assert nudge["values"] == {
        "0": "−1.49",
        "1": "0.1839",
        "3": "1.693",
    }  # of z, and of f and L that follow from it
    assert moments[1]["equation"][0][1] == "−log 0.1824"
    flat = Reader("23.4", {"ex23_4_z": "8"}).cards()["z"]["nudges"]["+0.01"]
    assert flat["values"]["1"] == "0.99967"  # in more digits than the card's 0.9997, to be seen as another number
    moved, sign, promised = nudge["equation"]
    assert (moved[1], sign, promised[:2]) == ("−0.00817", "≈", ["∂L/∂z × 0.01 = (−0.8176) × 0.01", "−0.00818"])
    drawings = [data["svg"] for data in reader.pictures() if "svg" in data]
    assert not drawings  # both graphs are the reader's to draw
    names = reader.press("Show the answer").snippet(-1)
    assert len([data for data in reader.pictures() if "svg" in data]) == 2
    assert number(names["L"]) == cards["L"]["value"]
    assert [number(names[f"dL_d{name}"]) for name in "fyz"] == [cards[name]["gradient"] for name in "fyz"]

    sent = Reader("23.4", {"ex23_4_graph_step": "3"}).picture("moments")
    assert (sent["asked"], sent["times"]) == (3, 1)


def test_play_tells_whether_a_guess_is_right_and_other_numbers_ask_anew() -> None:
    chosen = Chosen(-1.5, 1.0, "cross-entropy")
    for guess, says in (
        ("grow", "**✓ Right: z must grow.** ∂L/∂z = −0.8176 is negative"),
        ("shrink", "**✖ No: z must grow.**"),
        (None, "Must z grow or shrink?"),
    ):
        said = verdict(chosen, guess)
        assert says in said
        mark = {"grow": ":green-badge[✓ Guess]", "shrink": ":gray-badge[✖ Guess]"}
        assert said.startswith(mark.get(guess or "", ":blue-badge[1 Guess]"))
    assert "z must shrink.** ∂L/∂z = 0.1824 is positive" in verdict(replace(chosen, y=0.0), "grow")
    assert "f is y already" in verdict(Chosen(0.0, 0.5, "squared error"), "grow")
    reader = Reader("23.4").set(guess="grow")
    assert "You say that z must grow" in reader.words("markdown")
    assert reader.picture("moments")["invites"]  # Play is what to press now
    reader.set(loss="squared error")
    assert reader.value("guess") is None
    assert ":blue-badge[1 Guess]" in reader.words("markdown")
    assert not reader.picture("moments")["invites"]
    reader.set(guess="shrink").press("One message is wrong")
    assert reader.control("guess").proto.disabled  # it would tell which one
    assert reader.value("guess") is None
    assert reader.press("Back to my values").value("guess") == "shrink"


def test_it_opens_with_what_guess_and_play_need_and_an_experiment_shows_what_it_sets_and_gives_it_back() -> None:
    def hidden() -> set[str]:
        styles = [str(element.proto.body) for element in reader.app.get("html")]
        hiding = " ".join(style for style in styles if "{ display: none; }</style>" in style)
        return {name for name in RARER if f":has(.st-key-ex23_4_{name})" in hiding}

    reader = Reader("23.4").set(z=0.7, y=0.3)
    assert hidden() == RARER
    assert reader.words("markdown").count("3 Draw") == 2  # the path, before and after it is played
    reader.press("Badly wrong, yet hardly any gradient")
    assert not hidden()
    assert reader.picture("moments")["plain"]  # no formula is told that is to be drawn
    reader.press("Back to my values")
    assert (reader.value("z"), reader.value("y"), reader.value("loss")) == (0.7, 0.3, "cross-entropy")
    assert hidden() == RARER
    assert not reader.press("Show the answer").picture("moments")["plain"]


def test_gradients_are_those_of_the_chain_rule_opened_or_not() -> None:
    reader = Reader("23.4", CHECK)
    for loss, z, y in (("cross-entropy", 2.5, 0.25), ("squared error", -10.0, 1.0), ("squared error", 0.0, 1.0)):
        reader.set(z=z, y=y, loss=loss, opened=False, gradients_shown=True)
        f = 1 / (1 + math.exp(-z))
        expected = f - y if loss == "cross-entropy" else (f - y) * f * (1 - f)
        assert reader.gradients()["∂L/∂z"] == [number(expected), "✓"]
        assert reader.edges()["z → f"]["message"] == number(expected)
        assert reader.cards()["z"]["value"] == number(z)
        assert ("Written out" in reader.moments()[-1]["after"]) == (loss == "cross-entropy")
        reader.set(opened=True)
        assert reader.cards()["z"]["gradient"] == number(expected)
        assert {verdict for _, verdict in reader.gradients().values()} <= {"✓", "· too small to judge"}


def test_a_planted_mistake_is_marked_on_its_edge_on_what_it_spoils_and_in_the_table() -> None:
    reader = Reader("23.4", CHECK).set(z=2.0, y=0.0, gradients_shown=True)
    for mistake, red in (
        ("none", []),
        ("forgotten σ′", ["∂L/∂z"]),
        (TWICE, ["∂L/∂z"]),
        ("wrong sign of ∂L/∂f", ["∂L/∂z", "∂L/∂f"]),
    ):
        reader.set(mistake=mistake)
        assert [name for name, (_, verdict) in reader.gradients().items() if verdict == "✖"] == red
        spoiled = [card["derivative"] for card in reader.cards().values() if card["right"]]
        assert sorted(spoiled) == sorted(red)
        planted = [edge for edge in reader.edges().values() if edge["planted"]]
        assert len(planted) == (mistake != "none")
        assert ("The mistake is planted on" in reader.words()) == (mistake != "none")
    nudge = reader.cards()["z"]["nudges"]["+0.01"]
    assert nudge["equation"][1] == "≠"
    assert "The gradient is wrong." in nudge["after"]


def test_an_experiment_makes_its_settings_and_shows_the_whole_pass_and_the_misprint_stands_in_numbers() -> None:
    reader = Reader("23.4").set(z=0.0, y=1.0).press("Show the answer")
    table = reader.table("printed: ∂L/∂f · ∂L/∂f · f(1 − f)")
    assert list(table["∂L/∂z"]) == ["1", "−0.5"]
    assert list(table["agrees"]) == ["✖", "✓"]
    for label, z, loss, mistake in (
        ("Badly wrong, yet hardly any gradient", -8.0, "squared error", "none"),
        ("Wrong, with cross-entropy", -8.0, "cross-entropy", "none"),
        ("One message is wrong", 2.0, "squared error", TWICE),
    ):
        reader.press(label)
        assert (reader.value("z"), reader.value("loss"), reader.value("mistake")) == (z, loss, mistake)
        assert reader.picture("moments")["asked"] == LAST
    assert reader.picture("moments")["times"] == 3
    assert reader.value("mistake_hidden") == "hidden"
    assert reader.cards()["z"]["gradient"] == "0.03542"  # which stands nowhere else
    assert reader.cards()["z"]["right"] == "0.06098"


def test_the_graph_of_every_z_and_y_is_sent_when_the_browser_asks_and_names_no_hidden_mistake() -> None:
    reader = Reader("23.4").press("One message is wrong")
    here = reader.picture("moments")
    for name, count, low, high in (("z", 201, -10.0, 10.0), ("y", 21, 0.0, 1.0)):
        sent = reader.sent_ahead(name)
        assert (len(sent), min(sent), max(sent)) == (count, low, high)
        for value, pictures in sent.items():
            z, y = (value, 0.3) if name == "z" else (2.0, value)
            graph = sigmoid_graph(z, y, "squared error", "as printed")
            graph.backward()
            cards = {card["name"]: card["gradient"] for card in pictures["ex23_4_graph"]["nodes"]}
            assert cards == {label: number(graph.node(label).gradient or 0.0) for label in ("z", "f", "y", "L")}
        drawn = sent[reader.value(name)]["ex23_4_graph"]
        assert drawn == {key: here[key] for key in drawn}  # the same as what is drawn when the thumb rests there
    assert "σ" not in str(here["follow"])
    assert reader.set(y=0.4).picture("moments")["follow"]["thumbs"][0] != here["follow"]["thumbs"][0]


def test_the_snippet_reproduces_the_screen() -> None:
    reader = Reader("23.4", {"ex23_4_tab": "In Python"})
    reader.set(z=-1.3, y=0.35, opened=True, mistake=TWICE)
    names = reader.snippet(-1)
    assert [number(g) for g in names["gradients"]] == [reader.cards()[name]["gradient"] for name in "zfy"]
    assert number(names["L"]) == reader.cards()["L"]["value"]
    assert f"\nL = {names['L']:.4g}, ∂L/∂z = {names['gradients'][0]:.4g}\n" in str(reader.app.text[0].value)


def test_a_mistake_is_made_inside_an_opened_sigmoid_and_does_the_same_harm() -> None:
    for z, y, loss in ((-1.5, 1.0, "cross-entropy"), (2.0, 0.3, "squared error")):
        for mistake in ("forgotten σ′", "as printed", "wrong sign"):
            folded, opened = (Chosen(z, y, loss, mistake, is_open).graph() for is_open in (False, True))
            assert opened.node("z").gradient == pytest.approx(folded.node("z").gradient)
            assert opened.node("z").right == pytest.approx(folded.node("z").right)
            first = next(edge for edge in opened.backward_edges() if edge.spoiled)
            assert first.mistake is not None  # the way back is right as far as there, and wrong from there on
            assert first.name == ("f → L" if mistake == "wrong sign" else "1 + exp(−z) → f")
            assert sum(edge.spoiled for edge in opened.edges) == 4 + (mistake == "wrong sign")
            names: dict[str, Any] = {}
            with redirect_stdout(StringIO()):
                exec(Chosen(z, y, loss, mistake, opened=True).code(), names)
            assert names["gradients"][0] == opened.node("z").gradient


def test_what_comes_back_to_z_waits_in_go_deeper_until_it_is_drawn_or_asked_for() -> None:
    reader = Reader("23.4", {"ex23_4_tab": "Go deeper"})
    assert not reader.app.table
    assert "f − y" not in reader.words("markdown")
    assert reader.press("Show the answer").app.table
    reader.press("One message is wrong")
    assert not reader.app.table
    for tab in ("Check it", "In Python", "Go deeper"):  # each says why it is empty, and what to do
        reader.set(tab=tab)
        assert "answer what the experiment asks" in reader.words("markdown")
    reader.press("tell_in_tab")
    assert "Only the gradient of z is wrong" in reader.words("markdown")
    assert reader.app.table


def test_a_number_has_the_same_digits_wherever_it_stands_and_its_product_a_true_sign() -> None:
    for z, y, loss, opened in product((-8.0, -1.5, 0.7, 6.3), (0.0, 0.35, 1.0), SIGMOID_LOSSES, (False, True)):
        graph = Chosen(z, y, loss, opened=opened).graph()
        for moment, said in zip(timeline(graph), all_moments(graph), strict=True):
            if moment.edge is None:
                continue
            equation: Any = said["equation"]
            (_, upstream, _), _, (_, local, _), sign, (_, message, _) = equation
            assert upstream == number(moment.edge.target.gradient or 0.0)
            shown = read_number(upstream) * read_number(local)
            assert (sign == "=") == math.isclose(shown, read_number(message), rel_tol=1e-9, abs_tol=1e-15)
