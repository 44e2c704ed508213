"""Page 23.6 as a reader meets it: the batch, its gradients, mistakes, bad settings, the graph, the two nets."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnlib.chapter23.batch_norm import backward, derivative_names, forward
from pages.ex23_6.in_use import WITH, WITHOUT, Pair, Settings, finished, move_on, new_pair, pair_code
from pages.shared.numbers import difference, number, percent
from tests.pages.reader import Reader

Z, G = [0.1, -0.1, 0.6, 0.1, -0.5], [0.4, 1.3, 0.9, -0.7, -1.3]


@pytest.fixture
def reader() -> Reader:
    return Reader("23.6")


def table(reader: Reader, column: str) -> pd.DataFrame:
    """The table that has this column, without the tint of what is wrong."""
    return reader.table(column).map(lambda text: str(text).removeprefix(":red-background[").removesuffix("]"))


def cell(reader: Reader, row: str, column: str) -> str:
    """The text in one cell of that table."""
    return str(table(reader, column).loc[row, column])


def crossed(reader: Reader) -> tuple[set[str], set[str]]:
    """Names of the derivatives that disagree, analytic and as printed."""
    shown = table(reader, "as printed")
    return (set(shown.index[shown["agrees"] == "✖"]), set(shown.index[shown["as printed"].str.endswith("✖")]))


def test_the_tables_hold_what_nnlib_says(reader: Reader) -> None:
    passed = forward(Z, 1.3, 0.5)
    result, printed = backward(passed, G), backward(passed, G, "as printed")
    batch = table(reader, "z̄")
    assert list(batch["z̄"]) == [number(v) for v in passed.z_bar]
    assert list(batch["z̃"]) == [number(v) for v in passed.z_tilde]
    shown = table(reader, "as printed")
    assert list(shown.index) == derivative_names(5)
    assert list(shown["analytic"]) == [number(v) for v in result.as_vector()]
    assert [text[:-2] for text in shown["as printed"]] == [number(v) for v in printed.as_vector()]
    assert f"σ² = **{number(passed.variance)}**" in reader.words()


def test_the_printed_dz_fails_and_all_else_agrees(reader: Reader) -> None:
    dz = {"dz₁", "dz₂", "dz₃", "dz₄", "dz₅"}
    assert crossed(reader) == (set(), dz)
    assert "The printed dz is off by up to **0.58**" in reader.words()
    assert cell(reader, "analytic", "Σ dz·z̄") == f"{cell(reader, 'analytic', 'must be γ dγ ε / s³')} ✓"
    assert cell(reader, "as printed", "Σ dz").endswith("✓")
    assert cell(reader, "as printed", "Σ dz·z̄").endswith("✖")


@pytest.mark.parametrize(
    ("mistake", "wrong"), [("as printed", set()), ("forget u and σ²", set()), ("wrong sign of dσ²", {"dσ²"})]
)
def test_a_planted_mistake_names_its_rows(reader: Reader, mistake: str, wrong: set[str]) -> None:
    reader.set(mistake=mistake)
    dz = {"dz₁", "dz₂", "dz₃", "dz₄", "dz₅"}
    assert crossed(reader)[0] == dz | wrong
    assert f"Analytic: ✖ {len(dz | wrong)} of 9 disagree: dz₁" in reader.words()
    assert cell(reader, f"analytic, {mistake}", "Σ dz·z̄").endswith("✖")


def test_what_is_wrong_is_tinted_and_nothing_else(reader: Reader) -> None:
    raw = reader.table("as printed")
    tinted = raw.map(lambda text: str(text).startswith(":red-background["))
    wrong = raw.index.str.startswith("dz")
    for column in raw.columns:
        expected = wrong if column in ("as printed", "printed off by") else np.zeros(len(raw), bool)
        np.testing.assert_array_equal(tinted[column], expected)


def test_with_divisor_n_the_printed_form_is_right(reader: Reader) -> None:
    reader.set(divisor="n")
    assert crossed(reader) == (set(), set())
    assert "With divisor n, the printed formula is right" in reader.words()
    batch = table(reader, "z̄")
    assert list(batch["z̄"]) == [number(v) for v in forward(Z, ddof=0).z_bar]


@pytest.mark.parametrize("n", [2, 8])
def test_the_smallest_and_the_largest_batch(reader: Reader, n: int) -> None:
    reader.set(n=n)
    assert len(table(reader, "z̄")) == n
    assert crossed(reader)[0] == set()


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_ends_of_the_sliders_agree(reader: Reader, sign: int) -> None:
    for chosen in ("0", "1e−8", "1"):
        z = {f"z{j}": sign * 3.0 * (-1) ** j for j in range(1, 6)}
        g = {f"g{j}": 3.0 for j in range(1, 6)}
        reader.set(**z, **g, gamma=sign * 3.0, beta=sign * 3.0, epsilon=chosen)
        assert crossed(reader)[0] == set()


def test_equal_z_are_finite_until_epsilon_is_0_and_then_explained(reader: Reader) -> None:
    reader.press("All z equal")
    assert crossed(reader)[0] == set()
    assert "the misprint does no harm" in reader.words()
    reader.set(epsilon="0")
    assert "all z are equal, so σ² = 0" in reader.words("error")
    assert reader.value("z1") == 0.5
    reader.set(z1=0.6)
    assert reader.words("error") == ""
    assert crossed(reader)[0] == set()


def test_new_values_are_drawn_and_kept(reader: Reader) -> None:
    reader.press("draw_z")
    drawn = [reader.value(f"z{j}") for j in range(1, 6)]
    assert drawn != Z
    assert [reader.value(f"g{j}") for j in range(1, 6)] == G
    assert list(table(reader, "z̄")["z"]) == [number(float(str(v))) for v in drawn]


def test_two_samples_leave_no_gradient(reader: Reader) -> None:
    reader.press("Only two samples")
    assert set(table(reader, "z̄")["z̄"]) == {"0.7071", "−0.7071"}
    assert all("e−" in cell(reader, name, "analytic") for name in ("dz₁", "dz₂"))
    assert crossed(reader) == (set(), {"dz₁", "dz₂"})


def test_the_error_curve_answers_its_slider(reader: Reader) -> None:
    reader.set(curve_table=True, curve_n=64)
    assert "At n = 64 the printed dz is off by **" in reader.words()
    curve = reader.table("largest error")
    assert curve["n"].tolist()[0] == 2
    text = difference(curve.set_index("n")["largest error"][64])
    assert f"At n = 64 the printed dz is off by **{text}**" in reader.words()


def test_the_graph_carries_the_formulas_numbers(reader: Reader) -> None:
    z, g = [1.0, -0.5, 2.0], [0.5, -1.0, 1.0]
    passed = forward(z, 1.3, 0.5)
    result = backward(passed, g)
    edges = reader.edges()
    assert reader.cards()["L"]["value"] == number(float(np.sum(g * passed.z_tilde)))
    assert sent(edges["σ² → σ² + ε"]) == ("dσ²", number(result.dvariance))
    assert sent(edges["z̄₃ → γz̄₃"]) == ("γg₃", number(result.dz_bar[2]))
    assert sent(edges["Σz → u"]) == ("du/n", number(result.du / 3))
    reader.set(graph_mistake="as printed")
    planted = reader.edges()["Σ(z − u)² → σ²"]
    assert planted["planted"]
    assert sent(planted) == ("dσ²/n", number(result.dvariance / 3))


def sent(edge: dict[str, Any]) -> tuple[str, str]:
    """What an edge of the graph carries backward, in symbols and as a number."""
    return edge["symbols"], edge["message"]


def test_the_graph_takes_over_the_batch_and_either_divisor(reader: Reader) -> None:
    reader.set(divisor="n")
    reader.press("graph_copy")
    cards = reader.cards()
    assert [cards[f"z{j}"]["value"] for j in "₁₂₃"] == [number(v) for v in Z[:3]]
    passed = forward(Z[:3], 1.3, 0.5, ddof=0)
    assert cards["σ²"]["value"] == number(passed.variance)
    assert "1/2" not in cards


def test_the_graph_keeps_its_third_sample_where_the_batch_has_two() -> None:
    cards = Reader("23.6", {"ex23_6_n": "2"}).press("graph_copy").cards()
    assert [cards[f"z{j}"]["value"] for j in "₁₂₃"] == [*(number(v) for v in Z[:2]), number(2.0)]


def test_the_graphs_own_check_is_made_when_it_is_opened(reader: Reader) -> None:
    assert not any("gradient" in table.columns for table in reader.tables())
    reader.set(graph_checks=True, graph_mistake="wrong sign of dσ²")
    shown = reader.table("gradient")
    wrong = set(shown["gradient"][shown["agrees"] == "✖"])
    assert {"∂L/∂σ²", "∂L/∂z₁"} <= wrong
    assert "∂L/∂z̄₁" not in wrong


def train(reader: Reader) -> Pair:
    """Press the button and do what the timer does until both nets have ended."""
    reader.press("use_start")
    pair: Pair = reader.kept("pair")
    while not finished(pair):
        move_on(pair)
        epochs = [run.trainer.epoch for run in pair.values() if run.trainer.state == "training"]
        assert max(epochs, default=0) - min(epochs, default=0) <= 1  # side by side
    reader.set(training=False)
    return pair


def test_batch_norm_learns_where_the_plain_net_does_not(reader: Reader) -> None:
    pair = train(reader)
    reached = {name: run.trainer.history[-1].test_accuracy for name, run in pair.items()}
    assert reached[WITH] > 0.95
    assert reached[WITHOUT] < 0.2
    assert cell(reader, WITH, "test accuracy") == percent(reached[WITH])
    spread = reader.set(use_spread_table=True).table("95 %")
    assert len(spread) == 4 * 3
    first_weights = [run.trainer.history[0].weight_rms for run in pair.values()]
    assert first_weights[0] == first_weights[1]


@pytest.mark.parametrize("batch", [2, 4, 8, 16, 32, 64, 128])
def test_both_nets_meet_the_same_batches(batch: int) -> None:
    settings = Settings(rate=0.3, activation="sigmoid", layers=1, batch=batch, seed=0)
    plain, normalised = (new_pair(settings)[name].trainer for name in (WITHOUT, WITH))
    assert plain.steps_per_epoch == normalised.steps_per_epoch
    for trainer in (plain, normalised):
        trainer.run_batches(1)
    np.testing.assert_array_equal(plain._batches.order, normalised._batches.order)
    pictures = len(plain.data.X_train)
    assert pictures == (1436 if batch in (2, 4) else 1437)
    assert (f"load_digits().first({pictures})" in pair_code(settings)) == (batch in (2, 4))


def test_pausing_changing_and_resuming_the_two_nets(reader: Reader) -> None:
    reader.press("use_start")
    reader.press("use_pause")
    pair: Pair = reader.kept("pair")
    steps = [run.trainer.step for run in pair.values()]
    assert reader.button("use_start").label == "Resume"
    reader.set(use_rate=1.0)
    assert reader.button("use_start").label == "Train both"
    assert "belong to other settings" in reader.words("info")
    reader.set(use_rate=0.3)
    reader.press("use_start")
    assert reader.kept("pair") is pair
    assert [run.trainer.step for run in pair.values()] == steps


def test_a_net_that_diverges_says_so(reader: Reader) -> None:
    reader.set(use_activation="relu", use_rate=10.0, use_batch=128, use_layers=6)
    pair = train(reader)
    assert {run.trainer.state for run in pair.values()} <= {"finished", "diverged"}
    diverged = sum(run.trainer.state == "diverged" for run in pair.values())
    assert reader.words("error").count("ceased to be finite") == diverged


@pytest.mark.parametrize("changed", [{}, {"mistake": "forget u and σ²", "divisor": "n", "n": 3, "z2": 1.5}])
def test_the_snippet_reproduces_the_screen(reader: Reader, changed: dict[str, Any]) -> None:
    reader.set(**changed)
    names = reader.snippet(-1)
    shown = table(reader, "as printed")
    assert list(shown["analytic"]) == [number(v) for v in names["check"].analytic]
    assert list(shown["numerical"]) == [number(v) for v in names["check"].numerical]
    assert list(shown["agrees"]) == ["✓" if ok else "✖" for ok in names["check"].passes]


@pytest.mark.parametrize(
    "changed", [{"use_activation": "tanh", "use_batch": 128}, {"use_batch": 64, "use_seed": 3, "use_rate": 0.1}]
)
def test_the_other_snippet_reproduces_the_two_runs(reader: Reader, changed: dict[str, Any]) -> None:
    reader.set(use_layers=2, **changed)
    pair = train(reader)
    names = reader.snippet(0)
    assert names["accuracies"] == [run.trainer.history[-1].test_accuracy for run in pair.values()]


def test_the_number_lines_say_their_numbers(reader: Reader) -> None:
    about = reader.pictures()[0]["about"]
    assert f"z̄: {', '.join(number(v) for v in forward(Z).z_bar)}." in about
    assert "dz as printed: 0.6659" in about
