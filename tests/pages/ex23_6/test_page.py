"""Page 23.6 as a reader meets it: the batch, its gradients, mistakes, bad settings, the graph, the two nets."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from nnlib.chapter23.batch_norm import backward, derivative_names, forward
from pages.ex23_6.in_use import WITH, WITHOUT, Pair, Settings, finished, move_on, net_inputs, new_pair, pair_code
from pages.shared.numbers import difference, number, percent
from tests.pages.graph_helpers import APP, open_page
from tests.pages.graph_helpers import drawing as first_drawing

Z, G = [0.1, -0.1, 0.6, 0.1, -0.5], [0.4, 1.3, 0.9, -0.7, -1.3]


@pytest.fixture
def page() -> AppTest:
    return open_page("pages/ex23_6_batch_norm.py")


def choose(app: AppTest, **settings: Any) -> AppTest:
    """Set widgets as an experiment does."""
    for name, value in settings.items():
        app.session_state[f"ex23_6_{name}"] = value
    app.run()
    assert not app.exception
    return app


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The table that has this column, without the tint of what is wrong."""
    found: pd.DataFrame = next(t.value for t in app.table if column in t.value.columns)
    return found.map(lambda text: str(text).removeprefix(":red-background[").removesuffix("]"))


def cell(app: AppTest, row: str, column: str) -> str:
    """The text in one cell of that table."""
    return str(table(app, column).loc[row, column])


def crossed(app: AppTest) -> tuple[set[str], set[str]]:
    """Names of the derivatives that disagree, analytic and as printed."""
    shown = table(app, "as printed")
    return (set(shown.index[shown["agrees"] == "✗"]), set(shown.index[shown["as printed"].str.endswith("✗")]))


def words(app: AppTest) -> str:
    """All text on the page."""
    return " ".join(element.value for kind in (app.markdown, app.caption, app.error) for element in kind)


def test_the_tables_hold_what_nnlib_says(page: AppTest) -> None:
    assert not page.exception
    passed = forward(Z, 1.3, 0.5)
    result, printed = backward(passed, G), backward(passed, G, "as printed")
    batch = table(page, "z̄")
    assert list(batch["z̄"]) == [number(v) for v in passed.z_bar]
    assert list(batch["z̃"]) == [number(v) for v in passed.z_tilde]
    shown = table(page, "as printed")
    assert list(shown.index) == derivative_names(5)
    assert list(shown["analytic"]) == [number(v) for v in result.as_vector()]
    assert [text[:-2] for text in shown["as printed"]] == [number(v) for v in printed.as_vector()]
    assert f"σ² = **{number(passed.variance)}**" in words(page)


def test_the_printed_dz_fails_and_all_else_agrees(page: AppTest) -> None:
    dz = {"dz₁", "dz₂", "dz₃", "dz₄", "dz₅"}
    assert crossed(page) == (set(), dz)
    assert "The printed dz is off by up to **5.8e−1**" in words(page)
    assert cell(page, "analytic", "Σ dz·z̄") == f"{cell(page, 'analytic', 'must be γ dγ ε / s³')} ✓"
    assert cell(page, "as printed", "Σ dz").endswith("✓")
    assert cell(page, "as printed", "Σ dz·z̄").endswith("✗")


@pytest.mark.parametrize(
    ("mistake", "wrong"), [("as printed", set()), ("forget u and σ²", set()), ("wrong sign of dσ²", {"dσ²"})]
)
def test_a_planted_mistake_names_its_rows(page: AppTest, mistake: str, wrong: set[str]) -> None:
    page.radio(key="ex23_6_mistake").set_value(mistake).run()
    dz = {"dz₁", "dz₂", "dz₃", "dz₄", "dz₅"}
    assert crossed(page)[0] == dz | wrong
    assert f"Analytic: ✗ {len(dz | wrong)} of 9 disagree: dz₁" in words(page)
    assert cell(page, f"analytic, {mistake}", "Σ dz·z̄").endswith("✗")


def test_what_is_wrong_is_tinted_and_nothing_else(page: AppTest) -> None:
    raw = next(t.value for t in page.table if "as printed" in t.value.columns)
    tinted = raw.map(lambda text: str(text).startswith(":red-background["))
    wrong = raw.index.str.startswith("dz")
    for column in raw.columns:
        expected = wrong if column in ("as printed", "printed off by") else np.zeros(len(raw), bool)
        np.testing.assert_array_equal(tinted[column], expected)


def test_with_divisor_n_the_printed_form_is_right(page: AppTest) -> None:
    page.segmented_control(key="ex23_6_divisor").set_value("n").run()
    assert crossed(page) == (set(), set())
    assert "With divisor n, the printed formula is right" in words(page)
    batch = table(page, "z̄")
    assert list(batch["z̄"]) == [number(v) for v in forward(Z, ddof=0).z_bar]


@pytest.mark.parametrize("n", [2, 8])
def test_the_smallest_and_the_largest_batch(page: AppTest, n: int) -> None:
    page.slider(key="ex23_6_n").set_value(n).run()
    assert not page.exception
    assert len(table(page, "z̄")) == n
    assert crossed(page)[0] == set()


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_ends_of_the_sliders_agree(page: AppTest, sign: int) -> None:
    for chosen in ("0", "1e−8", "1"):
        z = {f"z{j}": sign * 3.0 * (-1) ** j for j in range(1, 6)}
        g = {f"g{j}": 3.0 for j in range(1, 6)}
        choose(page, **z, **g, gamma=sign * 3.0, beta=sign * 3.0, epsilon=chosen)
        assert crossed(page)[0] == set()


def test_equal_z_are_finite_until_epsilon_is_0_and_then_explained(page: AppTest) -> None:
    page.button(key="try_All z equal").click().run()
    assert crossed(page)[0] == set()
    assert "the misprint does no harm" in words(page)
    choose(page, epsilon="0")
    assert "all z are equal, so σ² = 0" in page.error[0].value
    assert page.slider(key="ex23_6_z1").value == 0.5
    choose(page, z1=0.6)
    assert not page.error
    assert crossed(page)[0] == set()


def test_new_values_are_drawn_and_kept(page: AppTest) -> None:
    page.button(key="ex23_6_draw_z").click().run()
    drawn = [page.slider(key=f"ex23_6_z{j}").value for j in range(1, 6)]
    assert drawn != Z
    assert [page.slider(key=f"ex23_6_g{j}").value for j in range(1, 6)] == G
    assert list(table(page, "z̄")["z"]) == [number(float(str(v))) for v in drawn]


def test_two_samples_leave_no_gradient(page: AppTest) -> None:
    page.button(key="try_Only two samples").click().run()
    assert set(table(page, "z̄")["z̄"]) == {"0.7071", "−0.7071"}
    assert all("e−" in cell(page, name, "analytic") for name in ("dz₁", "dz₂"))
    assert crossed(page) == (set(), {"dz₁", "dz₂"})


def test_the_error_curve_answers_its_slider(page: AppTest) -> None:
    page.session_state["ex23_6_curve_table"] = True
    page.select_slider(key="ex23_6_curve_n").set_value(64).run()
    assert "At n = 64 the printed dz is off by **" in words(page)
    curve = next(d.value for d in page.dataframe if "largest error" in d.value.columns)
    assert curve["n"].tolist()[0] == 2
    text = difference(curve.set_index("n")["largest error"][64])
    assert f"At n = 64 the printed dz is off by **{text}**" in words(page)


def graph(app: AppTest) -> dict[str, Any]:
    """Edges of the drawn graph by name."""
    components = [c for c in app.get("bidi_component") if "Batch normalisation of three" in c.proto.json]
    assert len(components) == 1
    return {edge["name"]: edge for edge in json.loads(components[0].proto.json)["edges"]}


def test_the_graph_carries_the_formulas_numbers(page: AppTest) -> None:
    z, g = [1.0, -0.5, 2.0], [0.5, -1.0, 1.0]
    passed = forward(z, 1.3, 0.5)
    result = backward(passed, g)
    edges = graph(page)
    assert edges["L →"]["forward"] == number(float(np.sum(g * passed.z_tilde)))
    assert edges["σ² → σ² + ε"]["backward"] == ["dσ²", number(result.dvariance)]
    assert edges["z̄₃ → γz̄₃"]["backward"] == ["γg₃", number(result.dz_bar[2])]
    assert edges["Σz → u"]["backward"] == ["du/n", number(result.du / 3)]
    page.radio(key="ex23_6_graph_mistake").set_value("as printed").run()
    assert graph(page)["Σ(z − u)² → σ²"]["backward"] == ["✗ dσ²/n", number(result.dvariance / 3)]


def test_the_graph_takes_over_the_batch_and_either_divisor(page: AppTest) -> None:
    choose(page, divisor="n")
    page.button(key="ex23_6_graph_copy").click().run()
    assert not page.exception
    edges = graph(page)
    assert [edges[f"z{j} → Σz"]["forward"] for j in "₁₂₃"] == [number(v) for v in Z[:3]]
    passed = forward(Z[:3], 1.3, 0.5, ddof=0)
    assert edges["σ² → σ² + ε"]["forward"] == number(passed.variance)
    assert "1/2 → σ²" not in edges


def test_the_graph_keeps_its_third_sample_where_the_batch_has_two() -> None:
    page = AppTest.from_file(APP, default_timeout=120)
    page.query_params["ex23_6_n"] = "2"
    page.switch_page("pages/ex23_6_batch_norm.py").run()
    page.button(key="ex23_6_graph_copy").click().run()
    assert not page.exception
    edges = graph(page)
    assert [edges[f"z{j} → Σz"]["forward"] for j in "₁₂₃"] == [*(number(v) for v in Z[:2]), number(2.0)]


def test_the_graphs_own_check_is_made_when_it_is_opened(page: AppTest) -> None:
    assert not any("gradient" in d.value.columns for d in page.dataframe)
    choose(page, graph_checks=True, graph_mistake="wrong sign of dσ²")
    shown = next(d.value for d in page.dataframe if "gradient" in d.value.columns)
    wrong = set(shown["gradient"][shown["agrees"] == "✗"])
    assert {"∂L/∂σ²", "∂L/∂z₁"} <= wrong
    assert "∂L/∂z̄₁" not in wrong


def train(app: AppTest) -> Pair:
    """Press the button and do what the timer does until both nets have ended."""
    app.button(key="ex23_6_use_start").click().run()
    assert not app.exception
    pair: Pair = app.session_state["ex23_6_pair"]
    while not finished(pair):
        move_on(pair)
        epochs = [run.trainer.epoch for run in pair.values() if run.trainer.state == "training"]
        assert max(epochs, default=0) - min(epochs, default=0) <= 1  # side by side
    app.session_state["ex23_6_training"] = False
    app.run()
    assert not app.exception
    return pair


def test_batch_norm_learns_where_the_plain_net_does_not(page: AppTest) -> None:
    pair = train(page)
    reached = {name: run.trainer.history[-1].test_accuracy for name, run in pair.items()}
    assert reached[WITH] > 0.95
    assert reached[WITHOUT] < 0.2
    assert cell(page, WITH, "test accuracy") == percent(reached[WITH])
    assert len(net_inputs(pair)) == 4 * 3
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


def test_pausing_changing_and_resuming_the_two_nets(page: AppTest) -> None:
    page.button(key="ex23_6_use_start").click().run()
    page.button(key="ex23_6_use_pause").click().run()
    pair: Pair = page.session_state["ex23_6_pair"]
    steps = [run.trainer.step for run in pair.values()]
    assert page.button(key="ex23_6_use_start").label == "Resume"
    choose(page, use_rate=1.0)
    assert page.button(key="ex23_6_use_start").label == "Train both"
    assert any("belong to other settings" in info.value for info in page.info)
    choose(page, use_rate=0.3)
    page.button(key="ex23_6_use_start").click().run()
    assert page.session_state["ex23_6_pair"] is pair
    assert [run.trainer.step for run in pair.values()] == steps


def test_a_net_that_diverges_says_so(page: AppTest) -> None:
    choose(page, use_activation="relu", use_rate=10.0, use_batch=128, use_layers=6)
    pair = train(page)
    assert {run.trainer.state for run in pair.values()} <= {"finished", "diverged"}
    said = [error.value for error in page.error]
    assert len(said) == sum(run.trainer.state == "diverged" for run in pair.values())


@pytest.mark.parametrize("changed", [{}, {"mistake": "forget u and σ²", "divisor": "n", "n": 3, "z2": 1.5}])
def test_the_snippet_reproduces_the_screen(page: AppTest, changed: dict[str, Any]) -> None:
    choose(page, **changed)
    names: dict[str, Any] = {"print": lambda *values: None}
    exec(page.code[-1].value, names)
    shown = table(page, "as printed")
    assert list(shown["analytic"]) == [number(v) for v in names["check"].analytic]
    assert list(shown["numerical"]) == [number(v) for v in names["check"].numerical]
    assert list(shown["agrees"]) == ["✓" if ok else "✗" for ok in names["check"].passes]


@pytest.mark.parametrize(
    "changed", [{"use_activation": "tanh", "use_batch": 128}, {"use_batch": 64, "use_seed": 3, "use_rate": 0.1}]
)
def test_the_other_snippet_reproduces_the_two_runs(page: AppTest, changed: dict[str, Any]) -> None:
    choose(page, use_layers=2, **changed)
    pair = train(page)
    names: dict[str, Any] = {"print": lambda *values: None}
    exec(page.code[0].value, names)
    assert names["accuracies"] == [run.trainer.history[-1].test_accuracy for run in pair.values()]


def test_the_number_lines_say_their_numbers(page: AppTest) -> None:
    about = first_drawing(page)["about"]
    assert f"z̄: {', '.join(number(v) for v in forward(Z).z_bar)}." in about
    assert "dz as printed: 0.6659" in about
