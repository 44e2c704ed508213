"""Your own digit on page 23.3: what is drawn is prepared, read by the run's network at any moment, and kept."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlib import load_digits, load_mnist
from nnlib.chapter23.drawn_digits import prepare_like_digits, prepare_like_mnist
from pages.ex23_3.digit_canvas import SIDE
from pages.ex23_3.own_drawing import FILE
from pages.shared.numbers import number
from pages.shared.readers_folder import FOLDER_VARIABLE
from tests.pages.ex23_3.page_helpers import SMALL, finish, shown
from tests.pages.reader import Reader

TAB = "Your own digit"

MNIST = {"data": "MNIST, source split", "rows": 1000, "layers": 1, "size1": 20, "batch": 32, "epochs": 4}


def train(reader: Reader) -> Reader:
    """From Start to the end."""
    finish(reader.press("train"))
    return reader


def draw(reader: Reader, digit: np.ndarray) -> np.ndarray:
    """A square picture from 0 to 1 enlarged to fill the sheet, as the sheet reports it; returns the drawing."""
    zoom = SIDE // len(digit)
    pixels = np.rint(255 * np.kron(digit, np.ones((zoom, zoom)))).astype(np.uint8)
    reader.set(own_sheet_pixels=base64.b64encode(pixels.tobytes()).decode())
    return pixels / 255


def sheet(reader: Reader) -> dict[str, Any]:
    """The data the sheet is drawn from."""
    return reader.picture("tell_pen_down")


def charts(reader: Reader) -> list[dict[str, Any]]:
    """The specifications of the section's charts."""
    return [spec for spec in reader.charts() if re.search(r"output p|neuron of hidden", json.dumps(spec))]


@pytest.mark.parametrize(
    ("settings", "data", "prepare", "side"),
    [(SMALL, load_digits, prepare_like_digits, 8), (MNIST, load_mnist, prepare_like_mnist, 28)],
)
def test_the_answer_is_the_networks_for_the_prepared_drawing(
    reader: Reader, settings: dict, data: Any, prepare: Any, side: int
) -> None:
    train(reader.set(**settings))
    assert sheet(reader)["about"] == "Draw a digit from 0 to 9."
    network, right = shown(reader).trainer.network, 0
    for row, digit in enumerate(data().test_inputs(slice(4)).reshape(-1, side, side)):
        outputs = network.predict_proba(prepare(draw(reader, digit)).reshape(1, -1))[0]
        answer = int(outputs.argmax())
        right += data().Y_test[row, answer] == 1
        assert sheet(reader)["about"] in (f"The network reads a {answer}.", f"The network reads an {answer}.")
        assert f"The **{answer}** gets {100 * outputs[answer]:.2f} %" in reader.words()
    assert right >= 3


def test_outputs_of_sigmoids_are_not_told_as_shares_of_a_whole(reader: Reader) -> None:
    train(reader.set(loss="sigmoid cross-entropy"))
    outputs = shown(reader).trainer.network.predict_proba(
        prepare_like_digits(draw(reader, load_digits().test_inputs(slice(1)).reshape(8, 8))).reshape(1, -1)
    )[0]
    assert f"gets an output of {number(outputs.max())}." in reader.words()
    assert "the ten do not sum to 1" in reader.words()


def test_the_tables_hold_what_the_network_computes(reader: Reader) -> None:
    train(reader)
    drawing = draw(reader, load_digits().test_inputs(slice(1)).reshape(8, 8))
    reader.set(own_numbers=True)
    x = prepare_like_digits(drawing).reshape(1, -1)
    trace = shown(reader).trainer.network.trace(x, np.zeros((1, 10)))
    for name, expected in (("h of layer 1", trace.h[1][0]), ("output p", trace.h[2][0])):
        table = reader.table(name)
        np.testing.assert_allclose(table[name], expected, rtol=1e-6)


def test_each_step_of_training_is_seen_at_once(reader: Reader) -> None:
    reader.press("batch_step")
    drawing = draw(reader, load_digits().test_inputs(slice(1)).reshape(8, 8))
    x, seen = prepare_like_digits(drawing).reshape(1, -1), set()
    for _ in range(3):
        reader.press("batch_step")
        output = shown(reader).trainer.network.predict_proba(x).max()
        assert f"gets {100 * output:.2f} %" in reader.words()
        seen.add(f"{output:.6f}")
    assert len(seen) == 3


def test_a_borrowed_digit_is_a_test_picture_and_comes_with_its_label(reader: Reader) -> None:
    before = sheet(reader)["revision"]
    reader.press("own_borrow")
    found = re.search(r"You last borrowed test picture (\d+), an? (\d)\.", reader.words())
    assert found is not None
    row, label = map(int, found.groups())
    assert load_digits().Y_test[row, label] == 1
    pixels = np.frombuffer(base64.b64decode(sheet(reader)["pixels"]), np.uint8).reshape(SIDE, SIDE)
    np.testing.assert_allclose(pixels[::28, ::28] / 255, load_digits().X_test[row].reshape(8, 8) / 16, atol=0.002)
    assert sheet(reader)["revision"] == before + 1
    reader.set(own_sheet_pixels="")
    assert "You last borrowed" not in reader.words()


def test_the_drawing_survives_a_page_switch_and_a_reload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    address = {"ex23_3_tab": TAB, "ex23_3_data": "digits 8×8"}
    reader = Reader("23.3", address)
    draw(reader, load_digits().test_inputs(slice(1)).reshape(8, 8))
    pixels = sheet(reader)["pixels"]
    reader.leave_and_come_back()
    assert sheet(reader)["pixels"] == pixels
    assert sheet(reader)["about"].startswith("The network reads a")
    again = Reader("23.3", address)
    assert sheet(again)["pixels"] == pixels
    again.set(own_sheet_pixels="")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / FILE).write_bytes(b"no picture")
    assert sheet(Reader("23.3", address))["pixels"] == ""


def test_a_diverged_run_says_that_it_cannot_read(reader: Reader) -> None:
    reader.set(layers=5, rate=10.0, schedule="constant")
    draw(reader, load_digits().test_inputs(slice(1)).reshape(8, 8))
    train(reader)
    assert shown(reader).trainer.state == "diverged"
    assert "has diverged, so it cannot read" in sheet(reader)["about"]
    assert charts(reader) == []


@pytest.mark.parametrize(("layers", "count"), [(0, 1), (1, 2), (5, 3)])
def test_one_chart_for_the_outputs_and_one_for_each_of_two_hidden_layers(
    reader: Reader, layers: int, count: int
) -> None:
    reader.set(layers=layers)
    draw(reader, load_digits().test_inputs(slice(1)).reshape(8, 8))
    assert len(charts(reader)) == count
    assert ("This network has no hidden layer" in reader.words()) == (layers == 0)
    assert ("Shown are the first 2 hidden layers" in reader.words()) == (layers == 5)


def test_training_rests_while_a_stroke_is_drawn(reader: Reader) -> None:
    reader.press("train")
    assert sheet(reader)["tell_pen_down"]
    run = shown(reader)
    step = run.trainer.step
    run.rest(60)
    run.move_on()
    assert run.trainer.step == step
    run.rest(0)
    run.move_on()
    assert run.trainer.step > step


def test_a_drawing_is_sent_to_where_one_picture_is_followed(reader: Reader) -> None:
    reader.press("own_borrow").press("own_send")
    assert reader.kept("tab") == "Inside the network"
    assert "Your drawing enters at the left as 64 numbers" in reader.words()
