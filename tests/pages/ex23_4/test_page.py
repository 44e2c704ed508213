"""Page 23.4 as a reader meets it: numbers, planted mistakes, the timeline, nudges, the answer and its program."""

import math
from typing import Any

import pytest

from pages.shared.graph.player import LAST
from pages.shared.numbers import number
from tests.pages.reader import Reader

CHECK = {"ex23_4_tab": "Check it"}


@pytest.fixture
def reader() -> Reader:
    return Reader("23.4")


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
@pytest.mark.parametrize(("z", "y"), [(0.0, 1.0), (10.0, 0.0), (-10.0, 1.0), (2.5, 0.25)])
def test_gradients_are_those_of_the_chain_rule(loss: str, z: float, y: float) -> None:
    reader = Reader("23.4", CHECK).set(z=z, y=y, loss=loss, gradients_shown=True)
    f = 1 / (1 + math.exp(-z))
    expected = f - y if loss == "cross-entropy" else (f - y) * f * (1 - f)
    assert reader.gradients()["dL/dz"] == [number(expected), "✓"]
    assert reader.edges()["z → f"]["message"] == number(expected)
    assert reader.cards()["z"]["value"] == number(z)
    opened = reader.set(opened=True)
    assert opened.cards()["z"]["gradient"] == number(expected)
    assert {verdict for _, verdict in opened.gradients().values()} <= {"✓", "· too small to judge"}


@pytest.mark.parametrize(
    ("mistake", "red"),
    [
        ("none", []),
        ("forget σ′", ["dL/dz"]),
        ("use the misprint", ["dL/dz"]),
        ("flip the sign of dL/df", ["dL/dz", "dL/df"]),
    ],
)
def test_a_planted_mistake_is_marked_on_its_edge_on_what_it_spoils_and_in_the_table(
    mistake: str, red: list[str]
) -> None:
    reader = Reader("23.4", CHECK).set(z=2.0, y=0.0, mistake=mistake, gradients_shown=True)
    assert [name for name, (_, verdict) in reader.gradients().items() if verdict == "✖"] == red
    spoiled = [card["derivative"] for card in reader.cards().values() if card["right"]]
    assert sorted(spoiled) == sorted(red)
    planted = [edge for edge in reader.edges().values() if edge["planted"]]
    assert len(planted) == (mistake != "none")
    assert ("The mistake is planted on" in reader.words()) == (mistake != "none")


def test_the_misprint_stands_in_numbers_at_its_line(reader: Reader) -> None:
    reader.set(z=0.0, y=1.0)
    table = reader.table("printed: dL/df · dL/df · f(1 − f)")
    assert list(table["dL/dz"]) == ["1", "−0.5"]
    assert list(table["agrees"]) == ["✖", "✓"]


def test_the_page_opens_unsolved_and_goes_forward_to_the_loss_and_back(reader: Reader) -> None:
    player = reader.picture("moments")
    assert player["asked"] == player["times"] == 0
    sent = Reader("23.4", {"ex23_4_graph_step": "3"}).picture("moments")
    assert (sent["asked"], sent["times"]) == (3, 1)
    moments: list[dict[str, Any]] = player["moments"]
    assert [moment["phase"] for moment in moments] == ["forward", "loss", *["backward"] * 4]
    assert [moment["short"] for moment in moments] == [
        "f = 0.1824",
        "L = 1.701",
        "dL/dL = 1",
        "L → f carries 1 × (−5.482) = −5.482",
        "L → y carries 1 × 1.5 = 1.5",
        "f → z carries −5.482 × 0.1491 = −0.8176",
    ]


def test_every_backward_step_shows_upstream_times_local(reader: Reader) -> None:
    upstream, times, local, equals, message = reader.moments()[-1]["equation"]
    assert (upstream[1], times, local[1], equals, message[1]) == ("−5.482", "×", "0.1491", "=", "−0.8176")
    assert reader.moments()[-1]["after"] == (
        "It is the only message to z, so dL/dz = −0.8176. Written out, (f − y)/(f(1 − f)) · f(1 − f) = f − y."
    )
    assert "Written out" not in reader.set(loss="squared error").moments()[-1]["after"]


def test_a_nudge_moves_the_loss_by_gradient_times_nudge(reader: Reader) -> None:
    nudge = reader.cards()["z"]["nudges"]["+0.01"]
    assert nudge["value"] == "−1.49"
    assert "it moves by −0.00817" in nudge["moved"]
    assert "(−0.8176) × 0.01 = −0.00818" in nudge["promised"]
    wrong = reader.set(mistake="flip the sign of dL/df").cards()["z"]["nudges"]["+0.01"]
    assert "the gradient is wrong" in wrong["promised"]


def test_an_experiment_makes_its_settings_and_shows_the_whole_pass(reader: Reader) -> None:
    for label, z, loss, mistake in (
        ("Wrong and flat", -8.0, "squared error", "none"),
        ("Wrong, with cross-entropy", -8.0, "cross-entropy", "none"),
        ("Forget the slope", 2.0, "squared error", "forget σ′"),
    ):
        reader.press(label)
        assert (reader.value("z"), reader.value("loss"), reader.value("mistake")) == (z, loss, mistake)
        assert reader.picture("moments")["asked"] == LAST
    assert reader.picture("moments")["times"] == 3
    assert reader.cards()["z"]["gradient"] == "0.8808"
    assert reader.cards()["z"]["right"] == "0.09248"


@pytest.mark.parametrize(
    "changed", [{}, {"mistake": "forget σ′"}, {"opened": True}, {"opened": True, "mistake": "use the misprint"}]
)
def test_the_snippet_reproduces_the_screen(changed: dict[str, Any]) -> None:
    reader = Reader("23.4", {"ex23_4_tab": "In Python"}).set(z=-1.3, y=0.35, **changed)
    names = reader.snippet(-1)
    assert [number(g) for g in names["gradients"]] == [reader.cards()[name]["gradient"] for name in "zfy"]
    assert number(names["L"]) == reader.cards()["L"]["value"]


def test_the_program_of_the_answer_gives_the_numbers_on_the_stage(reader: Reader) -> None:
    names = reader.snippet(-1)
    cards = reader.cards()
    assert number(names["L"]) == cards["L"]["value"]
    assert [number(names[f"dL_d{name}"]) for name in "fyz"] == [cards[name]["gradient"] for name in "fyz"]
