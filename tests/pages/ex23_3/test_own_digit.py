"""Your own digit on page 23.3: what is drawn is prepared, read by the run's network at any moment, and kept."""

import base64
import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnlib import load_digits, load_mnist
from nnlib.chapter23.drawn_digits import prepare_like_digits, prepare_like_mnist
from pages.ex23_3.digit_canvas import SIDE
from tests.pages.ex23_3.page_helpers import SMALL, choose, finish, press, shown, words

SHEET = "ex23_3_own_sheet"
MNIST = {"data": "MNIST, source split", "rows": 1000, "layers": 1, "size1": 20, "batch": 32, "epochs": 4}


def train(app: AppTest) -> AppTest:
    """From Start to the end."""
    finish(press(app, "start"))
    assert not app.exception
    return app


def draw(app: AppTest, digit: np.ndarray) -> np.ndarray:
    """A square picture from 0 to 1 enlarged to fill the sheet, as the sheet reports it; returns the drawing."""
    zoom = SIDE // len(digit)
    pixels = np.rint(255 * np.kron(digit, np.ones((zoom, zoom)))).astype(np.uint8)
    app.session_state[f"{SHEET}_pixels"] = base64.b64encode(pixels.tobytes()).decode()
    app.run()
    assert not app.exception
    return pixels / 255


def sheet(app: AppTest) -> dict[str, Any]:
    """The data the sheet is drawn from."""
    found = (json.loads(component.proto.json) for component in app.get("bidi_component"))
    return next(dict(data) for data in found if "tell_pen_down" in data)


def charts(app: AppTest) -> list[dict[str, Any]]:
    """The specifications of the section's charts."""
    specs = [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]
    return [spec for spec in specs if re.search(r"output p|neuron of hidden", json.dumps(spec))]


def test_without_a_network_the_sheet_says_what_to_do(page: AppTest) -> None:
    draw(page, load_digits().test_inputs(slice(1)).reshape(8, 8))
    assert sheet(page)["about"] == "There is no network to read it yet. Press Start or One batch above."
    assert charts(page) == []


@pytest.mark.parametrize(
    ("settings", "data", "prepare", "side"),
    [(SMALL, load_digits, prepare_like_digits, 8), (MNIST, load_mnist, prepare_like_mnist, 28)],
)
def test_the_answer_is_the_networks_for_the_prepared_drawing(
    page: AppTest, settings: dict, data: Any, prepare: Any, side: int
) -> None:
    train(choose(page, **settings))
    assert sheet(page)["about"] == "Draw a digit from 0 to 9."
    network, right = shown(page).trainer.network, 0
    for row, digit in enumerate(data().test_inputs(slice(4)).reshape(-1, side, side)):
        outputs = network.predict_proba(prepare(draw(page, digit)).reshape(1, -1))[0]
        answer = int(outputs.argmax())
        right += data().Y_test[row, answer] == 1
        assert sheet(page)["about"] in (f"The network reads a {answer}.", f"The network reads an {answer}.")
        assert f"**{answer}**, with {100 * outputs[answer]:.2f} %" in words(page)
    assert right >= 3


def test_the_tables_hold_what_the_network_computes(page: AppTest) -> None:
    train(page)
    drawing = draw(page, load_digits().test_inputs(slice(1)).reshape(8, 8))
    choose(page, own_numbers=True)
    x = prepare_like_digits(drawing).reshape(1, -1)
    trace = shown(page).trainer.network.trace(x, np.zeros((1, 10)))
    for name, expected in (("h of layer 1", trace.h[1][0]), ("output p", trace.h[2][0])):
        table = next(frame.value for frame in page.dataframe if name in frame.value)
        np.testing.assert_allclose(table[name], expected, rtol=1e-6)


def test_each_step_of_training_is_seen_at_once(page: AppTest) -> None:
    press(page, "batch_step")
    drawing = draw(page, load_digits().test_inputs(slice(1)).reshape(8, 8))
    x, seen = prepare_like_digits(drawing).reshape(1, -1), set()
    for _ in range(3):
        press(page, "batch_step")
        output = shown(page).trainer.network.predict_proba(x).max()
        assert f"with {100 * output:.2f} %" in words(page)
        seen.add(f"{output:.6f}")
    assert len(seen) == 3


def test_a_borrowed_digit_is_a_test_picture_and_comes_with_its_label(page: AppTest) -> None:
    press(page, "reset")
    before = sheet(page)["revision"]
    press(page, "own_borrow")
    found = re.search(r"You last borrowed test picture (\d+), an? (\d)\.", words(page))
    assert found is not None
    row, label = map(int, found.groups())
    assert load_digits().Y_test[row, label] == 1
    pixels = np.frombuffer(base64.b64decode(sheet(page)["pixels"]), np.uint8).reshape(SIDE, SIDE)
    np.testing.assert_allclose(pixels[::28, ::28] / 255, load_digits().X_test[row].reshape(8, 8) / 16, atol=0.002)
    assert sheet(page)["revision"] == before + 1
    page.session_state[f"{SHEET}_pixels"] = ""
    page.run()
    assert "You last borrowed" not in words(page)


def test_the_drawing_survives_a_page_switch_and_a_new_run(page: AppTest) -> None:
    press(page, "reset")
    draw(page, load_digits().test_inputs(slice(1)).reshape(8, 8))
    pixels = sheet(page)["pixels"]
    page.switch_page("pages/home.py").run()
    page.switch_page("pages/ex23_3_mnist.py").run()
    assert sheet(page)["pixels"] == pixels
    press(page, "reset")
    assert sheet(page)["pixels"] == pixels
    assert sheet(page)["about"].startswith("The network reads a")


def test_a_diverged_run_says_that_it_cannot_read(page: AppTest) -> None:
    choose(page, layers=5, rate=10.0, schedule="constant")
    draw(page, load_digits().test_inputs(slice(1)).reshape(8, 8))
    train(page)
    assert shown(page).trainer.state == "diverged"
    assert "has diverged, so it cannot read" in sheet(page)["about"]
    assert charts(page) == []


@pytest.mark.parametrize(("layers", "count"), [(0, 1), (1, 2), (5, 3)])
def test_one_chart_for_the_outputs_and_one_for_each_of_two_hidden_layers(
    page: AppTest, layers: int, count: int
) -> None:
    press(choose(page, layers=layers), "reset")
    draw(page, load_digits().test_inputs(slice(1)).reshape(8, 8))
    assert len(charts(page)) == count
    assert ("This network has no hidden layer" in words(page)) == (layers == 0)
    assert ("Shown are the first 2 hidden layers" in words(page)) == (layers == 5)


def test_training_rests_while_a_stroke_is_drawn(page: AppTest) -> None:
    press(page, "start")
    assert sheet(page)["tell_pen_down"]
    run = shown(page)
    step = run.trainer.step
    run.rest(60)
    run.move_on()
    assert run.trainer.step == step
    run.rest(0)
    run.move_on()
    assert run.trainer.step > step
