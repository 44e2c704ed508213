"""The questions pages ask first: answers against formulas written out here, and how guesses are graded."""

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib.chapter23.gates import GATES
from nnlib.notation import MINUS
from pages.ex23_1 import question as question1
from pages.ex23_2 import question as question2
from pages.ex23_3 import question as question3
from pages.ex23_4 import question as question4
from pages.ex23_5 import question as question5
from pages.ex23_6 import question as question6
from pages.ex23_7 import question as question7
from pages.shared.numbers import read_number
from pages.shared.practice import Question, is_right


def numbers_in(text: str) -> list[float]:
    """Every number of the text in reading order; indices are subscripts and do not count."""
    return [
        read_number(word) for word in re.findall(rf"(?<![\w.]){MINUS}?\d+(?:,\d{{3}})*(?:\.\d+)?(?![\w])", text)
    ]


def fourth_corner(neither: float, *rest: float) -> float:
    second, first = rest[2], rest[5]
    return second + first - neither


def folded_output(*given: float) -> float:
    h1, h2, w1, w2, b = given[-5:]
    return 1 / (1 + math.exp(-(w1 * h1 + w2 * h2 + b)))


def error_of_hidden_neuron(target: float, y: float, h: float, w: float) -> float:
    return h * (1 - h) * w * (y - target)


def label_gradient(p: float, y: float, n: float) -> float:
    return -(y / p - (1 - y) / (1 - p)) / n


def hidden_error(h: float, w1: float, w2: float, d1: float, d2: float) -> float:
    return h * (1 - h) * (w1 * d1 + w2 * d2)


def weight_after_a_step(w: float, h: float, _: float, delta: float, rate: float) -> float:
    return w - rate * h * delta


def softmax_gradient(*values: float) -> list[float]:
    exps, y = np.array(values[:3]), np.array(values[3:6])
    return list(exps / exps.sum() - y)


INDEPENDENT: dict[Callable[[np.random.Generator], Question], Callable[..., float]] = {
    question1.fourth_corner: fourth_corner,
    question1.folded_output: folded_output,
    question1.hidden_error: error_of_hidden_neuron,
    question2.label_gradient: label_gradient,
    question3.hidden_error: hidden_error,
    question3.weight_after_a_step: weight_after_a_step,
}


@pytest.mark.parametrize("make", INDEPENDENT, ids=lambda make: make.__name__)
@given(seed=st.integers(1, 999))
def test_the_answer_follows_from_the_numbers_in_the_text(
    make: Callable[[np.random.Generator], Question], seed: int
) -> None:
    question = make(np.random.default_rng(seed))
    assert question.answer == pytest.approx(INDEPENDENT[make](*numbers_in(question.text)), abs=2e-3, rel=2e-3)
    assert question == make(np.random.default_rng(seed))


@given(seed=st.integers(1, 999))
def test_the_question_on_a_bias(seed: int) -> None:
    question = question1.bias_of_gate(np.random.default_rng(seed))
    w, outputs = numbers_in(question.text)[0], GATES[question.text.split("compute ")[1].split()[0]]
    z = np.array([0, w, w, 2 * w]) + question.answer
    assert ((z > 0) == outputs).all()
    assert np.abs(z).min() == pytest.approx(-z[z < 0].max()) == pytest.approx(z[z > 0].min())


@given(seed=st.integers(1, 999))
def test_the_sigmoid_question(seed: int) -> None:
    question = question4.sigmoid_gradient(np.random.default_rng(seed))
    _, f, y = numbers_in(question.text)[:3]
    expected = f - y if "cross-entropy" in question.text else (f - y) * f * (1 - f)
    assert question.answer == pytest.approx(expected, abs=2e-3)


@given(seed=st.integers(1, 999))
def test_the_question_on_an_output_neuron(seed: int) -> None:
    question = question3.output_error(np.random.default_rng(seed))
    h, y = numbers_in(question.text)[:2]
    expected = (h - y) * h * (1 - h) if "squared error" in question.text else h - y
    assert question.answer == pytest.approx(expected, abs=2e-3)


@given(seed=st.integers(1, 999))
def test_the_question_on_a_slope(seed: int) -> None:
    question = question3.slope_of_a_neuron(np.random.default_rng(seed))
    z, h = numbers_in(question.text)[:2]
    value = math.tanh if "tanh" in question.text else lambda z: 1 / (1 + math.exp(-z))
    assert h == pytest.approx(value(z), abs=1e-3)
    assert question.answer == pytest.approx((value(z + 1e-4) - value(z - 1e-4)) / 2e-4, abs=1e-4)


@given(seed=st.integers(1, 999))
def test_the_softmax_question(seed: int) -> None:
    question = question5.softmax_gradient(np.random.default_rng(seed))
    asked = "₁₂₃".index(question.text[-4])
    assert question.answer == pytest.approx(softmax_gradient(*numbers_in(question.text))[asked], abs=2e-3)


@given(seed=st.integers(1, 999))
def test_the_dropout_questions(seed: int) -> None:
    question = question7.dropout_variance(np.random.default_rng(seed))
    h, p = numbers_in(question.text)[:2]
    scale = 1 / p if "/ p" in question.text else 1
    outcomes, chances = np.array([0.0, h * scale]), np.array([1 - p, p])
    mean = outcomes @ chances
    assert question.answer == pytest.approx((outcomes - mean) ** 2 @ chances, rel=1e-9)
    question = question7.weight_after_a_step(np.random.default_rng(seed))
    p, w, rate, gradient = numbers_in(question.text)
    assert question.answer == pytest.approx(p * w - p**2 * rate * gradient / p, rel=1e-9)
    question = question7.gradient_of_the_twin(np.random.default_rng(seed))
    p, h, delta = numbers_in(question.text)
    assert question.answer == pytest.approx(h / p * delta, rel=1e-9)
    question = question7.what_the_rule_needs(np.random.default_rng(seed))
    value, p = numbers_in(question.text)[-2:]
    factor = 1 / p**2 if "L2" in question.text else p if "Adam" in question.text else p**2
    assert question.answer == pytest.approx(factor * value, rel=1e-9)


@pytest.mark.parametrize(
    ("guess", "answer", "verdict"),
    [(0.27, 0.2689, True), (0.26, 0.2689, False), (-0.27, 0.2689, False), (98.5, 100.0, True), (0.0, 0.004, True)],
)
def test_two_decimals_or_two_percent_are_enough(guess: float, answer: float, verdict: bool) -> None:
    assert is_right(guess, answer) is verdict


@given(seed=st.integers(1, 999))
def test_the_questions_on_the_sigmoid_graph(seed: int) -> None:
    question = question4.message_in_opened_sigmoid(np.random.default_rng(seed))
    *_, v, f, upstream = numbers_in(question.text)
    assert f == pytest.approx(1 / v, rel=1e-3)
    assert question.answer == pytest.approx(-upstream / v**2, rel=2e-3)
    question = question4.missing_upstream(np.random.default_rng(seed))
    f, message = numbers_in(question.text)
    assert question.answer == pytest.approx(message / (f * (1 - f)), rel=1e-2)
    question = question4.step_of_z(np.random.default_rng(seed))
    z, f, _, upstream, rate = numbers_in(question.text)
    assert question.answer == pytest.approx(z - rate * upstream * f * (1 - f), rel=1e-2, abs=1e-3)


@given(seed=st.integers(1, 999))
def test_the_questions_on_the_softmax_graph(seed: int) -> None:
    question = question5.branch_message(np.random.default_rng(seed))
    asked, values = "₁₂₃".index(question.text.rstrip("*?")[-1]), numbers_in(question.text)
    assert question.answer == pytest.approx(-values[3 + asked] / values[asked], rel=2e-3)
    question = question5.two_branches(np.random.default_rng(seed))
    e, through_s, direct = numbers_in(question.text)
    assert question.answer == pytest.approx(e * (through_s + direct), abs=5e-3)
    question = question5.other_sums(np.random.default_rng(seed))
    exps, y = (np.array(numbers_in(question.text)[k : k + 3]) for k in (0, 3))
    asked = "₁₂₃".index(question.text.split("∂L/∂x")[1][0])
    assert question.answer == pytest.approx((y.sum() * exps / exps.sum() - y)[asked], abs=2e-3)


@given(seed=st.integers(1, 999))
def test_the_questions_on_the_multi_label_loss(seed: int) -> None:
    question = question2.step_of_z(np.random.default_rng(seed))
    z, p, y, n, rate = numbers_in(question.text)
    assert p == pytest.approx(1 / (1 + math.exp(-z)), abs=1e-3)
    assert question.answer == pytest.approx(z - rate * (p - y) / n, abs=2e-3)
    question = question2.loss_of_a_film(np.random.default_rng(seed))
    values = numbers_in(question.text)
    given_to_truth = [p if y else 1 - p for p, y in zip(values[:3], values[3:], strict=True)]
    assert question.answer == pytest.approx(-math.log(math.prod(given_to_truth)), abs=1e-3)
    question = question2.rate_for_the_same_step(np.random.default_rng(seed))
    _, labels, rate = numbers_in(question.text)
    assert question.answer == pytest.approx(rate * labels)


@given(seed=st.integers(1, 999))
def test_the_questions_on_batch_norm(seed: int) -> None:
    question = question6.normalised_input(np.random.default_rng(seed))
    z = np.array(numbers_in(question.text)[1:-2])
    assert question.answer == pytest.approx((z[0] - z.mean()) / z.std(ddof=1), rel=1e-9)
    question = question6.what_is_left(np.random.default_rng(seed))
    n, _, z_bar, _, g, dbeta, dgamma, factor = numbers_in(question.text)
    assert question.answer == pytest.approx(factor * (g - dbeta / n - z_bar * dgamma / (n - 1)), rel=1e-9)
    question = question6.gradient_wiped_out(np.random.default_rng(seed))
    assert question.answer == pytest.approx(-sum(numbers_in(question.text)[1:]), abs=1e-9)
    question = question6.variance_of_prediction(np.random.default_rng(seed))
    n, variance, _ = numbers_in(question.text)
    assert question.answer == pytest.approx(variance * n / (n - 1), rel=1e-9)
