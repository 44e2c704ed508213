"""Page 23.5 as a reader meets it: every edge backward, the misprint, mistakes, folding, shift, snippet."""

import math
from dataclasses import replace
from typing import Any

import pytest

from nnlib.chapter23.graphs import sigmoid_graph, softmax_graph
from pages.ex23_5 import find_mistake
from pages.ex23_5.answer import EDGES
from pages.ex23_5.controls import Chosen
from pages.ex23_5.mission import verdict
from pages.shared.graph.arrows import judged
from pages.shared.numbers import number
from tests.pages.reader import Reader

CHECK = {"ex23_5_tab": "Check it"}
DEEPER = {"ex23_5_tab": "Go deeper"}


def test_every_edge_of_the_backward_pass_in_its_time_and_the_program_of_the_answer_agrees() -> None:
    reader = Reader("23.5").press("Show the answer")
    x, y = (1.0, 2.0, 0.5), (0.1, 0.7, 0.2)
    e = [math.exp(v) for v in x]
    S = sum(e)
    edges = reader.edges()
    shown = {name: (edge["symbols"], edge["message"]) for name, edge in edges.items() if edge["sends"]}
    expected = {"Σ y log p → L": ("−1", "−1"), "S → 1/S": ("1/S", number(1 / S))}
    for k, v, w, label in zip("₁₂₃", x, e, y, strict=True):
        p = math.exp(v) / S
        expected |= {
            f"y{k} log p{k} → Σ y log p": ("−1", "−1"),
            f"log p{k} → y{k} log p{k}": (f"−y{k}", number(-label)),
            f"p{k} → log p{k}": (f"−y{k}/p{k}", number(-label / p)),
            f"exp x{k} → p{k}": (f"−y{k}/exp x{k}", number(-label / w)),
            f"1/S → p{k}": (f"−y{k}·S", number(-label * S)),
            f"exp x{k} → S": ("1/S", number(1 / S)),
            f"x{k} → exp x{k}": (f"p{k} − y{k}", number(p - label)),
        }
    assert shown == expected
    assert {name for name, edge in edges.items() if not edge["sends"]} == {
        "−1 → L",
        *(f"y{k} → y{k} log p{k}" for k in "₁₂₃"),
    }

    moments = reader.moments()
    assert [moment["phase"] for moment in moments] == ["forward"] * 15 + ["loss"] + ["backward"] * 24
    assert {moment["layer"] for moment in moments[:3]} == {1}  # the three exp at once
    sums = [moment["after"] for moment in moments if "have come and add up" in moment["after"]]
    assert len(sums) == 4  # at 1/S, and at each exp
    waits = [moment for moment in moments if "not all of them have come" in moment["after"]]
    assert len(waits) == 2 + 3

    table = reader.table("printed: −y₃/exp x₃")
    assert list(table["message"]) == [number(-0.2 * math.exp(-0.5)), number(-0.7 * math.exp(-2))]
    assert list(table["agrees"]) == ["✖", "✓"]
    names = reader.snippet(-1)
    assert number(names["L"]) == reader.cards()["L"]["value"]
    assert [number(g) for g in names["d_x"]] == [reader.cards()[f"x{k}"]["gradient"] for k in "₁₂₃"]


def test_play_tells_which_x_must_grow_and_other_numbers_ask_anew() -> None:
    chosen = Chosen((1.0, 2.0, 0.5), (0.1, 0.7, 0.2))
    for picked, says in (
        ([], "Which x must grow?"),
        (["x₁"], "x₂ and x₃ are missing.** p₁ = 0.2312 is above y₁ = 0.1 and p₂ = 0.6285 is below y₂ = 0.7"),
        (["x₂"], "**✖ x₃ is missing.** p₃ = 0.1402 is below y₃ = 0.2."),
        (["x₁", "x₂", "x₃"], "**✖ x₁ must not grow.** p₁ = 0.2312 is above"),
        (["x₂", "x₃"], "**✓ Right: x₂ and x₃ must grow.**"),
    ):
        said = verdict(chosen, picked)
        assert says in said
        if picked:
            mark = ":green-badge[✓ Guess]" if "Right" in says else ":gray-badge[✖ Guess]"
            assert said.startswith(mark)
    assert "none of the x need move" in verdict(replace(chosen, y=(0.0, 0.0, 0.0)), ["x₁"])
    reader = Reader("23.5").set(grow=["x₁"])
    assert "**Which x must grow**, so" in reader.words("markdown")  # more of them may be chosen
    assert not reader.picture("moments")["invites"]
    reader.press("Check it")
    assert "You say x₁." in reader.words("markdown")
    assert reader.picture("moments")["invites"]  # Play is what to press now
    reader.press("Confident but wrong")  # a guess belongs to the numbers that it was made for
    assert reader.value("grow") == []
    assert "You say x₁." in reader.press("Back to my values").words("markdown")
    reader.press("Confident but wrong")
    assert "**Which x must grow**, so" in reader.set(label="sum to 2", x1=0.0, x2=2.0).words("markdown")
    assert "(Σy)·p" in reader.set(grow=["x₁"]).press("Check it").words("markdown")


def test_all_gradients_agree_at_the_ends_of_the_sliders() -> None:
    reader = Reader("23.5", CHECK)
    for x1, x2, x3 in ((5.0, -5.0, -5.0), (-5.0, 5.0, 5.0), (-5.0, -5.0, -5.0)):
        reader.set(x1=x1, x2=x2, x3=x3, gradients_shown=True)
        assert len(reader.gradients()) == 19
        assert {verdict for _, verdict in reader.gradients().values()} == {"✓"}


def test_labels_that_do_not_sum_to_1_are_said_plainly_and_stay_right() -> None:
    reader = Reader("23.5").press("Show the answer").set(tab="Check it", label="soft", gradients_shown=True)
    assert reader.edges()["S → 1/S"]["symbols"] == "1/S"
    assert "not to 1" not in reader.words()
    S = sum(math.exp(v) for v in (1.0, 2.0, 0.5))
    for y1, y2, y3, folded in ((0.5, 1.0, 0.25, False), (0.0, 0.0, 0.0, False), (1.0, 1.0, 1.0, True)):
        reader.set(y1=y1, y2=y2, y3=y3, folded=folded)
        total = y1 + y2 + y3
        assert f"sum to Σy = {number(total)}, not to 1" in reader.words()
        if folded:
            assert reader.edges()["x₁ → L"]["symbols"] == "(Σy)·p₁ − y₁"
        else:
            edge = reader.edges()["S → 1/S"]
            assert (edge["symbols"], edge["message"]) == ("(Σy)/S", number(total / S))
        assert {verdict for _, verdict in reader.gradients().values()} <= {"✓", "· too small to judge"}


def test_folded_it_sends_p_minus_y_in_one_step() -> None:
    reader = Reader("23.5")
    long = [reader.cards()[f"x{k}"]["gradient"] for k in "₁₂₃"]
    assert reader.control("folded").proto.disabled  # it tells p − y, and so does the table at the end of the story
    assert not reader.picture("moments")["finale"]
    assert "p − y" not in str(reader.picture("moments")["scenes"])
    assert reader.press("Show the answer").picture("moments")["finale"]
    assert "p − y" in str(reader.picture("moments")["scenes"])
    reader.set(folded=True)
    assert [reader.cards()[f"x{k}"]["gradient"] for k in "₁₂₃"] == long
    assert [reader.edges()[f"x{k} → L"]["symbols"] for k in "₁₂₃"] == [f"p{k} − y{k}" for k in "₁₂₃"]
    assert len(reader.moments()) == 1 + 1 + 3
    player = reader.picture("moments")
    assert player["bars"]
    assert player["narrow"]["bars"]
    assert player["scenes"][-1]["until"] == player["moments"][-1]["layer"]
    reader.set(label="soft")
    for name, value in (("x2", -3.7), ("y3", 0.85)):  # sent ahead is what is drawn when the thumb rests there
        ahead = reader.sent_ahead(name)[value]["ex23_5_graph"]
        here = reader.set(**{name: value}).picture("moments")
        assert ahead == {key: here[key] for key in ahead}


def test_a_planted_mistake_tints_all_it_spoils_and_turns_its_rows_red() -> None:
    reader = Reader("23.5", CHECK)
    inputs_and_exps = {f"∂L/∂{name}" for k in "₁₂₃" for name in (f"x{k}", f"(exp x{k})")}
    for mistake, red in (
        ("y₃ for y₂, as in the printed solution", {"∂L/∂x₂", "∂L/∂(exp x₂)"}),
        ("no branch through S", inputs_and_exps),
        ("wrong sign of −1/S²", {"∂L/∂S"} | inputs_and_exps),
    ):
        reader.set(mistake=mistake)
        assert {name for name, (_, verdict) in reader.gradients().items() if verdict == "✖"} == red
        assert {card["derivative"] for card in reader.cards().values() if card["right"]} == red


def test_the_misprint_says_when_it_cannot_be_seen() -> None:
    reader = Reader("23.5", CHECK).set(
        label="class 1", mistake="y₃ for y₂, as in the printed solution", gradients_shown=True
    )
    assert {verdict for _, verdict in reader.gradients().values()} == {"✓"}
    assert "the misprint changes nothing" in reader.words()


def test_a_shift_changes_nothing_large_ones_need_the_maximum_and_the_shortcut_agrees_with_the_long_way() -> None:
    reader = Reader("23.5", DEEPER)
    assert "p − y" not in reader.words("markdown")  # before it is drawn or asked for
    reader.press("Show the answer")
    long = reader.table("shortcut")
    assert list(long["long way"]) == list(long["shortcut"])
    assert set(long["agree"]) == {"✓"}
    for c in (-1000, 10, 1000):
        table = reader.set(c=c).table("x + c")
        assert table["its numbers"].nunique() == 3
        failed = "is not a number" in reader.words("info")
        assert failed == (abs(c) == 1000) == (table["p"]["x + c"] == "–")
        assert table.drop("x + c" if failed else [])[["p", "L", "∂L/∂x"]].drop_duplicates().shape[0] == 1


def test_an_experiment_runs_and_shows_what_it_says() -> None:
    reader = Reader("23.5").press("Confident but wrong")
    p = math.exp(-3) / (math.e**5 + math.exp(-3) + math.exp(0.5))
    assert reader.cards()["x₂"]["gradient"] == number(p - 1)
    assert reader.cards()["p₂"]["gradient"] == number(-1 / p) == "−3,015"
    reader.press("Labels that sum to 2")
    assert reader.control("grow").proto.disabled  # it asks its own question, and then for Play
    assert "**Labels that sum to 2:** Now y" in reader.words("markdown")
    assert reader.picture("moments")["invites"]
    assert reader.edges()["S → 1/S"]["symbols"] == "(Σy)/S"
    assert reader.picture("moments")["moments"][reader.picture("moments")["asked"] - 1]["phase"] == "loss"
    assert reader.cards()["x₂"]["gradient"] == "0.2571"
    assert "0.2571" not in reader.words()  # before the reader has decided
    assert "∂L/∂x₂ = 0.2571 is positive" in reader.press("Show the explanation").words()
    reader.press("A branch is forgotten")
    assert sum(bool(card["right"]) for card in reader.cards().values()) == 6


def test_the_snippet_reproduces_the_screen() -> None:
    reader = Reader("23.5", {"ex23_5_tab": "In Python"}).set(x1=-1.7, mistake="wrong sign of −1/S²")
    names = reader.snippet(-1)
    assert [number(g) for g in names["gradients"]] == [reader.cards()[f"x{k}"]["gradient"] for k in "₁₂₃"]
    assert number(names["L"]) == reader.cards()["L"]["value"]


@pytest.fixture
def game() -> Reader:
    return Reader("23.5", {"ex23_5_tab": "Find the mistake"})


def pick(reader: Reader, name: str) -> None:
    """Point at an edge of the game's graph."""
    data = game_graph(reader)
    reader.app.session_state[find_mistake.TRIED] = [*reader.kept("game_tried"), name]
    if next(edge for edge in data["edges"] if edge["name"] == name)["planted"]:
        reader.app.session_state[find_mistake.EARNED] = {0: 2}
    reader.run()


def game_graph(reader: Reader) -> dict[str, Any]:
    """The data of the game's own drawing."""
    return next(data for data in reader.pictures() if data.get("player") == "ex23_5_game_graph")


def test_the_game_tells_no_mistake_before_it_is_found(game: Reader) -> None:
    data = game_graph(game)
    assert data["pick"]
    (planted,) = [edge for edge in data["edges"] if edge["planted"]]
    right = next(edge for edge in data["edges"] if edge["sends"] and not edge["spoiled"])
    pick(game, right["name"])
    assert f"{right['back']} is right" in game.words("error")
    assert game_graph(game)["pick"]
    pick(game, planted["name"])
    assert f"it is **{planted['back']}**" in game.words("success")
    assert not game_graph(game)["pick"]


def test_to_be_shown_the_mistake_scores_nothing_and_each_game_is_another(game: Reader) -> None:
    seen = []
    for played in range(1, 5):
        seen.append(frozenset(edge["name"] for edge in game_graph(game)["edges"]))
        game.press("Show me")
        assert f"**0 of {3 * played}**" in game.words()
        assert "✓" not in game.words("success")
        assert not game_graph(game)["pick"]
        game.press("Next graph")
    assert len(set(seen)) == 3
    assert seen[3] == seen[0]


@pytest.mark.parametrize(("wrong", "points"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_the_sooner_a_mistake_is_found_the_more_it_scores(
    monkeypatch: pytest.MonkeyPatch, wrong: int, points: int
) -> None:
    state: dict[str, Any] = {find_mistake.GAME: 7, find_mistake.TRIED: [], find_mistake.EARNED: {6: 2}}
    monkeypatch.setattr(find_mistake.st, "session_state", state)
    graph, _, edge, _ = find_mistake.drawn(7)
    others = [other.name for other in graph.backward_edges() if other is not edge]
    for name in others[:wrong]:
        find_mistake._point_at(name)
        find_mistake._point_at(name)  # to point at it again is no other try
    for _ in range(2):
        find_mistake._point_at(edge.name)
    assert state[find_mistake.EARNED] == {6: 2, 7: points}


@pytest.mark.parametrize("number_of_game", range(30))
def test_in_every_game_the_wrong_message_can_be_told_by_its_numbers(number_of_game: int) -> None:
    graph, placement, edge, _ = find_mistake.drawn(number_of_game)
    assert set(placement.positions) == {node.label for node in graph.nodes}
    for other in graph.backward_edges():
        product = (other.upstream or 0.0) * other.local
        assert (other is edge) == (other.message != pytest.approx(product, rel=0.05, abs=1e-12))


def test_an_arrow_is_drawn_from_node_to_node_or_refused_with_a_reason() -> None:
    graph, arrows = sigmoid_graph(1.0, 0.0), [["z → f"], ["f → L"], ["y → L"]]
    for source, target, backward, reason in (
        ("z", "f", False, ""),
        ("f", "z", False, "The other way round: f is computed from z, so the arrow leaves z."),
        ("z", "L", False, "The formula of L does not contain z itself."),
        ("f", "y", False, "y is an input. It is not computed, so no arrow reaches it."),
        ("L", "f", True, ""),
        ("z", "f", True, "The other way round: f was computed from z, so f sends a message to z."),
        ("L", "z", True, "L was not computed from z itself, so it sends no message there."),
    ):
        names, said = judged(graph, source, target, backward, arrows)
        assert (said, bool(names)) == (reason, not reason)
    assert judged(graph, "z", "f", False, arrows[1:]) == ((), "That arrow is there already.")
    softmax, ways = softmax_graph([1.0, 2.0, 0.5], [0, 1, 0]), EDGES[2:6]
    assert judged(softmax, "p₃", "1/S", True, ways)[0] == ["1/S → p₁", "1/S → p₂", "1/S → p₃"]
    assert judged(softmax, "y₁ log p₁", "y₁", True, ways)[1] == "y₁ is given, so no message is sent to it."
    reader = Reader("23.5", {"ex23_5_tab": "Draw it yourself"})
    (drawing,) = [data for data in reader.pictures() if "data-join" in data.get("svg", "")]
    assert drawing["svg"].count("data-join") == drawing["narrow"]["svg"].count("data-join") == 23
    assert drawing["svg"].count("marker-end") == 1 + 23 - 10  # the others are to be drawn
    assert "**0 of 4** arrows are drawn." in reader.words()
    assert drawn_with_help(reader).control("edge").options
    reader.press("Start over")
    assert "**0 of 4** arrows are drawn." in reader.words()


def test_while_the_reader_draws_the_played_graph_is_put_away_and_2_play_brings_it_back() -> None:
    reader = Reader("23.5").set(x2=1.5)
    assert reader.picture("moments")
    reader.button("lead").click().run()
    assert not any("moments" in data for data in reader.pictures())
    assert ".st-key-stage { display: none; }" in " ".join(str(one.proto.body) for one in reader.app.get("html"))
    assert "Confident but wrong" not in {button.label for button in reader.app.button}
    drawn_with_help(reader).button("play_again").click().run()
    assert reader.value("x2") == 1.5
    assert reader.picture("moments")
    reader.button("lead").click().run()
    assert reader.control("edge").options  # the drawing is where it was


def test_a_reload_finds_the_drawing_again_and_in_the_end_it_folds() -> None:
    reader = Reader("23.5", {"ex23_5_tab": "Draw it yourself"})
    reader.app.session_state["ex23_5_arrows"] = ["exp x₁ → p₁", "S → 1/S"]  # by the reader
    reader.run()
    assert "**2 of 4** arrows" in reader.words()
    reader = Reader("23.5", {"ex23_5_tab": "Draw it yourself", "ex23_5_arrows": "02"})
    assert "**2 of 4** arrows" in reader.words()
    reader.app.session_state["ex23_5_arrows"] = [names[0] for names in EDGES[2:6]]
    reader.run()
    for letter, formula in zip("abcdef", ("−yₖ", "−yₖ/pₖ", "−yₖ/exp xₖ", "−yₖ·S", "1/S", "1/S"), strict=True):
        reader.set(**{f"formula_{letter}": formula})
    kept = {name: reader.app.query_params[f"ex23_5_{name}"] for name in ("arrows", "drawn")}
    assert kept == {"arrows": "0123", "drawn": "abcdef"}
    address = {f"ex23_5_{name}": value for name, value in kept.items()}
    reader = Reader("23.5", {"ex23_5_tab": "Draw it yourself"} | address).set(edge="e")
    assert "upstream is ∂L/∂(1/S) = (−y₁·S) + (−y₂·S) + (−y₃·S)" in reader.control("formula_e").label
    reader.set(edge="g").set(formula_g="pₖ − yₖ")
    assert "23.5" in noted(reader)
    assert reader.app.query_params["ex23_5_found"]
    reader.press("See all of it fold into **p − y**")
    assert reader.value("folded")
    assert reader.picture("moments")["bars"]
    assert "ex23_5_drawn" not in reader.set(tab="Draw it yourself").press("Start over").app.query_params


def drawn_with_help(reader: Reader) -> Reader:
    """The same, after the button has drawn all four arrows, one at each press."""
    for count in range(4):
        assert f"**{count} of 4** arrows are drawn." in reader.words()
        reader.press("Draw the next one for me")
    assert "✓ The arrows are drawn, with help." in reader.words("markdown")
    return reader


def noted(reader: Reader) -> set[str]:
    """The exercises that the reader has solved, and the questions that are answered."""
    state = reader.app.session_state
    return set(state["noted"]) if "noted" in state else set()


def test_the_empty_graph_takes_the_right_formula_of_each_edge_and_no_other() -> None:
    reader = Reader("23.5", {"ex23_5_tab": "Draw it yourself"}).set(grow=["x₁"]).press("Check it")
    assert "✖ Guess" in reader.words("markdown")
    drawn_with_help(reader)
    for letter, formula in zip(
        "abcdefg", ("−yₖ", "−yₖ/pₖ", "−yₖ/exp xₖ", "−yₖ·S", "1/S", "1/S", "pₖ − yₖ"), strict=True
    ):
        assert reader.value("edge") == letter  # the right formula leads on to the next edge
        assert 5 <= len(reader.control(f"formula_{letter}").options) <= 6
        reader.set(**{f"formula_{letter}": formula})
        if letter == "f":
            assert "It is what edge e carries: S is a sum, whose local derivative is 1" in reader.words()
            label = reader.control("formula_g").label
            assert "upstream is ∂L/∂(exp xₖ) = 1/S + (−yₖ/exp xₖ)" in label
    assert "complete, drawn with help.** 4 of its arrows were drawn for you" in reader.words("info")
    assert not reader.words("success")
    assert ":green-badge[✓ Draw]" in reader.words("markdown")
    assert "✖" not in reader.words("markdown")  # the guess is long past
    assert "x₂ and x₃ must grow." in reader.words("markdown")
    assert reader.set(tab="The answer").button("lead").label == "✓ The graph that you have drawn"
    reader.set(tab="Draw it yourself")
    (picks,) = [data["svg"].count("data-pick") for data in reader.pictures() if "data-pick" in data.get("svg", "")]
    assert picks == 23 - 4  # those whose message is only a sign are drawn in
    for edge, formula, named in (
        ("g", "yₖ − pₖ", "The sign is the wrong way round: where pₖ is below yₖ, L falls as xₖ grows"),
        ("g", "exp xₖ", "That is the local derivative alone. Multiply it by the upstream gradient ∂L/∂(exp xₖ)."),
        ("b", "−yₖ", "That is the upstream gradient ∂L/∂(log pₖ). Multiply it by the local derivative."),
        ("d", "exp xₖ", "That is the local derivative alone."),
        ("e", "−yₖ·S", "That is what edge d carries."),
    ):
        reader.set(edge=edge).set(**{f"formula_{edge}": formula})
        assert f"✖ {named}" in reader.words()
    assert "23.5" not in noted(reader)  # its arrows were asked for
    for edge, formula in (("g", "pₖ − yₖ"), ("b", "−yₖ/pₖ"), ("d", "−yₖ·S"), ("e", "1/S")):
        reader.set(edge=edge).set(**{f"formula_{edge}": formula})
    reader.press("Draw those arrows yourself")
    assert "**0 of 4** arrows are drawn." in reader.words()
    reader.app.session_state["ex23_5_arrows"] = [names[0] for names in EDGES[2:6]]  # by the reader
    reader.run()
    assert "The whole backward graph is yours, and exercise 23.5 is solved" in reader.words("success")
    assert "23.5" in noted(reader)
    sigmoid = Reader("23.4", {"ex23_4_tab": "Draw it yourself"})
    assert "The forward graph is given; now its arrows turn round." in sigmoid.words()
    assert "**0 of 3** arrows" in sigmoid.press("Draw the forward graph yourself, too").words()
    sigmoid.app.session_state["ex23_4_arrows"] = ["z → f", "f → L", "y → L"]  # by the reader
    sigmoid.run()
    for count, (loss, formulas) in enumerate(
        (
            ("cross-entropy", ("(f − y)/(f(1 − f))", "log((1 − f)/f)", "f − y")),
            ("squared error", ("f − y", "y − f", "(f − y) · f(1 − f)")),
        )
    ):
        sigmoid.set(loss=loss, edge="a")
        assert "**0 of 3**" in sigmoid.words()
        assert ("of the other loss is finished" in sigmoid.words()) == bool(count)
        for letter, formula in zip("abc", formulas, strict=True):
            sigmoid.set(**{f"formula_{letter}{count or ''}": formula})
        assert "The whole backward graph is yours" in sigmoid.words()
        assert "23.4" in noted(sigmoid)
