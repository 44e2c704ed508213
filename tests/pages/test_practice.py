"""Questions to practise with: what is right, which mistakes are called by name, and what a reader has answered."""

from collections.abc import Callable

import numpy as np
import pytest

from pages.shared.chapter import EXERCISES
from pages.shared.practice import Question, draw_question, is_right

ALL = [
    pytest.param(make, id=f"{exercise.number} {title}")
    for exercise in EXERCISES.values()
    for title, make in exercise.questions.items()
]
SEEDS = range(1, 501)


@pytest.mark.parametrize("make", ALL)
def test_no_guess_could_be_taken_for_two_things(make: Callable[[np.random.Generator], Question]) -> None:
    for seed in SEEDS:
        question = draw_question(make, seed)
        assert not is_right(0.0, question.answer)
        assert question.mistake_in(question.answer) is None
        assert len(question.mistakes) >= 3
        for value, sentence in question.mistakes:
            assert not is_right(value, question.answer)
            assert question.mistake_in(value) == sentence
        assert question.mistake_in(1e6) is None
    assert draw_question(make, 7) == draw_question(make, 7)
    assert draw_question(make, 7) != draw_question(make, 8)
