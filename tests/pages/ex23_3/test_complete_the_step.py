"""The step that the reader completes: what its lines compute, and what is said of each mistake."""

import inspect
from collections.abc import Iterator

import numpy as np
import pytest

from nnlib.chapter23 import algorithms
from nnlib.chapter23.algorithms import first_weights
from pages.ex23_3 import complete_the_step
from pages.ex23_3.complete_the_step import (
    BLANKS,
    ETA,
    LEARNED,
    RIGHT_LINES,
    SIZES,
    Choice,
    Lines,
    take_step,
    train_with,
    verdicts,
)
from pages.shared.numbers import RIGHT, WRONG
from tests.pages.reader import Reader

MISTAKES = [(k, choice) for k, b in enumerate(BLANKS.values()) for choice in b.choices if choice.mistake]


@pytest.fixture
def few_pictures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A quick training, which tells as much."""
    train_with.cache_clear()
    monkeypatch.setattr(complete_the_step, "PICTURES", complete_the_step.EVERY)
    yield
    train_with.cache_clear()


def with_mistake(k: int, choice: Choice) -> Lines:
    """The right lines but for one."""
    return tuple(choice.code if place == k else code for place, code in enumerate(RIGHT_LINES))


def test_the_right_lines_are_those_of_the_algorithm_and_take_its_step() -> None:
    source = inspect.getsource(algorithms)
    for blank in BLANKS.values():
        assert f"{blank.before.strip()} {blank.right.code}\n" in source
    rng, (W, b) = np.random.default_rng(1), first_weights(SIZES, np.random.default_rng(0))
    x, y, expected, expected_b = rng.random(784), np.eye(10)[3], dict(W), dict(b)
    algorithms.algorithm_23_3(x, y, expected, expected_b, ETA)
    take_step(RIGHT_LINES, x, y, W, b, ETA)
    for t in W:
        np.testing.assert_array_equal(W[t], expected[t])
        np.testing.assert_array_equal(b[t], expected_b[t])


@pytest.mark.parametrize("choice", [c for b in BLANKS.values() for c in b.choices], ids=lambda c: c.code)
def test_a_choice_computes_what_it_says(choice: Choice) -> None:
    rng, (W, b) = np.random.default_rng(2), first_weights(SIZES, np.random.default_rng(0))
    h = algorithms.forward(rng.random(784), W, b)
    names = {"h": h, "W": W, "b": b, "y": np.eye(10)[3], "delta": h[2] - np.eye(10)[3], "t": 2, "eta": 0.1}
    names |= {"dW": {2: W[2] ** 2}, "db": {2: h[2] ** 2}}
    wanted = [names[name] for name in inspect.signature(choice.compute).parameters]
    try:
        expected = eval(choice.code, {"np": np}, names)
    except ValueError:
        assert not choice.fits
        return
    computed = choice.compute(*wanted)
    pairs = zip(computed, expected, strict=True) if isinstance(computed, tuple) else [(computed, expected)]
    for one, other in pairs:
        np.testing.assert_array_equal(one, other)


def test_the_right_lines_read_nine_of_ten_digits_and_agree_with_measured_slopes() -> None:
    assert train_with(RIGHT_LINES).read[-1] > 0.9
    said = " ".join(verdicts(RIGHT_LINES))
    assert said.count(f"{RIGHT} dW") == 2
    assert WRONG not in said


@pytest.mark.usefixtures("few_pictures")
@pytest.mark.parametrize(("k", "choice"), MISTAKES, ids=lambda value: getattr(value, "code", None))
def test_every_mistake_is_told_with_what_it_did(k: int, choice: Choice) -> None:
    lines = with_mistake(k, choice)
    W, b = first_weights(SIZES, np.random.default_rng(0))
    if not choice.fits:
        with pytest.raises(ValueError, match=r"shape|dimension|broadcast"):
            take_step(lines, np.ones(784), np.eye(10)[3], W, b, ETA)
    said = verdicts(lines)
    assert said[-1] == f"`{choice.code}`: {choice.mistake}"
    assert ("Nothing could be trained" in said[0]) == (not choice.fits)
    outcome = train_with(lines)
    if choice.fits:
        is_in_gradient = k < 3
        assert (WRONG in said[1]) == is_in_gradient
        assert ("goes uphill" in said[0]) == (outcome.losses[-1] > outcome.losses[0])
        learns = outcome.read[-1] > LEARNED
        assert ("It learns, and yet" in said[0]) == (is_in_gradient and learns)


@pytest.mark.usefixtures("few_pictures")
def test_two_wrong_signs_cancel_and_are_told_all_the_same() -> None:
    uphill = next(choice.code for choice in BLANKS["update"].choices if "+ eta" in choice.code)
    lines = (BLANKS["output_error"].choices[0].code, *RIGHT_LINES[1:3], uphill)
    outcome = train_with(lines)
    assert outcome.read == train_with(RIGHT_LINES).read
    said = " ".join(verdicts(lines))
    assert "−1 times the measured slope" in said
    assert "Two signs that are both wrong cancel" in said


def test_blank_lines_are_not_trained_with() -> None:
    reader = Reader("23.3").set(update=RIGHT_LINES[3]).press("train_step")
    assert "3 of the 4 lines are still blank" in reader.words()
