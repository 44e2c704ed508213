"""One picture, forward and back, on page 23.3: what is drawn is what the network computes, and is checked."""

import base64
import re
from typing import Any

import numpy as np
import pytest

from nnlib import load_digits
from nnlib.chapter23.printed_program import AS_PRINTED
from pages.ex23_3.digit_canvas import SIDE
from pages.ex23_3.one_picture import HARDEST, TEST, Subject, check_subject, checked_parameters
from pages.ex23_3.runs import new_run
from pages.ex23_3.settings import DIGITS, Settings
from tests.pages.ex23_3.page_helpers import SMALL, finish, shown
from tests.pages.reader import Reader

TAB = "Inside the network"


def example(row: int = 0) -> Subject:
    """A test picture of the small digits."""
    data = load_digits()
    return Subject(data.test_inputs(slice(row, row + 1)), data.Y_test[row : row + 1], f"Test picture {row}", row)


def drawn(reader: Reader) -> dict[str, Any]:
    """The data of the drawn network."""
    return reader.picture("layers")


def checked(reader: Reader) -> dict[str, str]:
    """Verdict of each row of the gradient check."""
    table = reader.set(way="back", checked=True).table("weight or bias")
    return dict(zip(table["weight or bias"], table["agrees"], strict=True))


@pytest.mark.parametrize("layers", [0, 1, 5])
def test_every_cell_holds_its_neuron(reader: Reader, layers: int) -> None:
    reader.set(layers=layers, activation="tanh", subject=TEST).press("batch_step").set(picture=3)
    network = shown(reader).trainer.network.as_type(np.float64)
    subject = example(3)
    trace = network.trace(subject.x, subject.y)
    for way in ("forward", "back"):
        picture = drawn(reader.set(way=way))
        assert picture["label"] == subject.label
        np.testing.assert_allclose(picture["picture"]["values"], subject.x[0], atol=6e-4)
        assert len(picture["layers"]) == layers + 1
        for t, layer in enumerate(picture["layers"], start=1):
            values = (trace.delta[t - 1] if way == "back" else trace.h[t])[0]
            is_p = way == "forward" and t == layers + 1
            np.testing.assert_allclose(layer["values"], values / (1 if is_p else np.abs(values).max()), atol=6e-4)
        assert len(picture["maps"]) == (layers if way == "back" else 0)


def test_the_answer_leads_to_one_picture_s_way_back() -> None:
    reader = Reader("23.3", {"ex23_3_tab": "The answer"}).set(**SMALL).press("batch_step")
    assert "look_back" not in reader.buttons()  # the lines that go back are the reader's to find
    assert "Algorithm 23.3)" not in reader.words()
    reader.press("ask").press("look_back")
    assert (reader.value("inside"), reader.value("way")) == ("one picture", "back")
    assert "error δ" in reader.words()
    assert drawn(reader)["layers"]


def test_of_a_wide_layer_the_most_active_neurons_are_drawn(reader: Reader) -> None:
    reader.set(layers=1, size1=150, subject=TEST).press("batch_step")
    subject = example()
    h = shown(reader).trainer.network.trace(subject.x, subject.y).h[1][0]
    layer = drawn(reader)["layers"][0]
    assert layer["count"] == "100 of 150"
    assert layer["neurons"] == sorted(layer["neurons"])
    left_out = np.setdiff1d(np.arange(150), layer["neurons"])
    assert np.abs(h[layer["neurons"]]).min() >= np.abs(h[left_out]).max()


def test_the_heat_map_is_the_part_of_the_gradient_with_the_largest_factors(reader: Reader) -> None:
    reader.set(layers=1, size1=30, subject=TEST).press("batch_step").set(way="back")
    subject = example()
    trace = shown(reader).trainer.network.as_type(np.float64).trace(subject.x, subject.y)
    (heat_map,) = drawn(reader)["maps"]
    part = np.reshape(heat_map["values"], (20, 10))
    rows = np.sort(np.argsort(-np.abs(trace.h[1][0]), kind="stable")[:20])
    expected = np.outer(trace.h[1][0][rows], trace.delta[1][0])
    np.testing.assert_allclose(part, expected / np.abs(expected).max(), atol=6e-4)


def test_the_table_holds_every_value_of_a_layer(reader: Reader) -> None:
    reader.press("batch_step").set(numbers=True, layer=1, subject=TEST)
    subject = example()
    trace = shown(reader).trainer.network.as_type(np.float64).trace(subject.x, subject.y)
    table = reader.table("δ = ∂L/∂z")
    np.testing.assert_array_equal(table["h"], trace.h[1][0])
    np.testing.assert_array_equal(table["δ = ∂L/∂z"], trace.delta[0][0])


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_the_gradient_check_passes_and_the_planted_mistake_turns_the_biases_red(
    reader: Reader, activation: str
) -> None:
    reader.set(activation=activation)
    finish(reader.press("epoch_step"))
    assert set(checked(reader).values()) == {"✓"}
    assert "derivatives agree with measured slopes" in reader.words()
    assert all(layer["mistake"] == "" for layer in drawn(reader)["layers"])
    reader.set(planted=True)
    verdicts = checked(reader)
    assert {name[0] for name, verdict in verdicts.items() if verdict == "✖"} == {"b"}
    assert all(verdict == "✓" for name, verdict in verdicts.items() if name[0] == "w")
    assert "disagree: b" in reader.words("markdown")
    assert all(layer["mistake"] for layer in drawn(reader)["layers"])


@pytest.mark.parametrize("dropout", ["inverted", "plain"])
def test_batch_norm_and_dropout_train_and_their_gradients_are_checked(reader: Reader, dropout: str) -> None:
    reader.set(activation="tanh", dropout=dropout, batch_norm="n−1", keep1=0.8)
    finish(reader.press("train"))
    run = shown(reader)
    assert run.trainer.network.norms[0].ddof == 1
    assert run.trainer.network.keep_prob == (0.8,)
    assert run.trainer.network.inverted == (dropout == "inverted")
    assert run.trainer.history[-1].test_accuracy > 0.85
    verdicts = checked(reader)
    assert set(verdicts.values()) == {"✓"}
    assert {name[0] for name in verdicts} == {"w", "b", "γ", "β"}
    assert "a batch of this picture and 7 test pictures, its own means and variances and one set" in reader.words()
    reader.set(numbers=True, layer=1)
    assert len(reader.table("z̃")) == 12
    reader.set(planted=True)
    crossed = [name for name, verdict in checked(reader).items() if verdict == "✖"]
    assert {name[0] for name in crossed} == {"b"}
    assert len({name.split("[")[0] for name in crossed}) == 1  # before batch normalisation every δ sums to 0


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_no_checked_gradient_is_0_where_the_layer_has_another(activation: str) -> None:
    run = new_run(Settings(data=DIGITS, hidden=(40, 20), keep=(1.0, 1.0), activation=activation))
    run.trainer.run_batches(100)
    for row in range(10):
        names, check = check_subject(run.trainer.network, load_digits(), example(row))
        assert len(names) == len(set(names)) == 15
        assert np.all(check.analytic != 0)
        assert check.passes.all()


def test_of_every_array_the_largest_gradient_is_checked_and_of_a_dead_layer_one_that_is_0() -> None:
    network = new_run(Settings(data=DIGITS, hidden=(5,), keep=(1.0,))).trainer.network
    gradient = np.random.default_rng(0).standard_normal(network.parameters.size)
    dead = network.slots[0]
    dead.of(gradient)[:] = 0
    indices = checked_parameters(network, gradient, 0)
    for slot in network.slots:
        chosen = [k for k in indices if slot.start <= k < slot.stop]
        assert 2 <= len(chosen) <= 3
        assert np.abs(gradient[chosen]).max() == np.abs(slot.of(gradient)).max()
        assert slot is dead or np.all(gradient[chosen] != 0)


def test_a_picture_that_another_data_set_does_not_have_gives_way_to_the_first(reader: Reader) -> None:
    reader.set(subject=TEST, picture=5000).press("batch_step")
    assert reader.value("picture") == 0


def test_it_opens_on_the_surest_mistake_and_says_which_mistake_is_planted(reader: Reader) -> None:
    finish(reader.press("epoch_step"))
    assert reader.value("subject") == HARDEST
    data = load_digits()
    outputs = shown(reader).trainer.network.predict_proba(data.test_inputs(slice(None), np.float32))
    truth = data.Y_test.argmax(axis=1)
    row = np.where(outputs.argmax(axis=1) != truth, outputs.max(axis=1), 0).argmax()
    assert f"Test picture {row} enters at the left" in reader.words()
    assert drawn(reader)["label"] == truth[row]
    finish(reader.press("train"))
    assert f"Test picture {row} enters at the left" in reader.words()  # it stays while the network learns
    reader.press("find_anew")
    assert "find_anew" not in reader.buttons()
    assert "∇b⁽ᵗ⁾ = δ⁽ᵗ⁾" in reader.set(way="back").words()
    words = reader.set(planted=True).words()
    assert "∇b⁽ᵗ⁾ = δ⁽ᵗ⁾" not in words
    assert "every bias of a layer gets Σδ" in words


def test_a_run_of_the_printed_program_says_at_once_what_its_bias_step_does(reader: Reader) -> None:
    reader.set(optimizer=AS_PRINTED, subject=TEST).press("batch_step").set(way="back")
    subject = example()
    deltas = shown(reader).trainer.network.as_type(np.float64).trace(subject.x, subject.y).delta
    factors = [delta.sum() / delta[0, np.abs(delta[0]).argmax()] for delta in deltas]
    said = re.search(
        r"it moves every bias of a layer by Σδ.* Σδ is (.+) times its largest δ in layer 1 and (.+) times in",
        reader.words(),
    )
    assert said is not None
    assert [float(text.replace("−", "-")) for text in said.groups()] == pytest.approx(factors, rel=0.06)
    assert all(layer["mistake"] for layer in drawn(reader)["layers"])
    assert "derivatives agree with measured slopes" in reader.words()


def test_the_reader_s_own_drawing_goes_forward_and_back(reader: Reader) -> None:
    reader.press("batch_step").set(subject="your own drawing")
    assert "Your sheet is empty" in reader.words("info")
    picture = np.kron(load_digits().test_inputs(slice(1)).reshape(8, 8), np.ones((SIDE // 8, SIDE // 8)))
    pixels = np.rint(255 * picture).astype(np.uint8)
    reader.set(own_sheet_pixels=base64.b64encode(pixels.tobytes()).decode())
    assert "Your drawing enters at the left as 64 numbers" in reader.words()
    assert "only you know whether that is right" in reader.words()
    reader.set(meant=4)
    assert "only you know" not in reader.words()
    reader.set(way="back")
    assert drawn(reader)["label"] == 4
