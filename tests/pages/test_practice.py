"""Questions to practise with: what is right, which mistakes are called by name, and what a reader has answered."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ex23_3 import question as question3
from pages.shared.chapter import EXERCISES
from pages.shared.practice import NUMBERED, Question, draw_question, is_right, names_of
from pages.shared.readers_folder import FOLDER_VARIABLE
from tests.pages.reader import Reader

ALL = [
    pytest.param(make, id=f"{exercise.number} {title}")
    for exercise in EXERCISES.values()
    for title, make in exercise.questions.items()
]
SEEDS = range(1, NUMBERED + 1, 7)


@pytest.mark.parametrize("make", ALL)
def test_no_guess_could_be_taken_for_two_things(make: Callable[[np.random.Generator], Question]) -> None:
    for seed in SEEDS:
        question = draw_question(make, "a", seed)
        assert not is_right(0.0, question.answer)
        assert question.mistake_in(question.answer) is None
        assert len(question.mistakes) >= 3
        for value, sentence in question.mistakes:
            assert not is_right(value, question.answer)
            assert question.mistake_in(value) == sentence
        assert question.mistake_in(1e6) == (question.outside or None)
    assert draw_question(make, "a", 7) == draw_question(make, "a", 7)
    assert draw_question(make, "a", 7) != draw_question(make, "a", 8)
    assert draw_question(make, "a", 7) != draw_question(make, "b", 7)


def questions_only() -> AppTest:
    """A page of questions, as AppTest runs it: by its source alone."""

    def page() -> None:
        from pages.shared.chapter import EXERCISES
        from pages.shared.practice import practise

        practise(EXERCISES["23.3"])

    return AppTest.from_function(page).run()


@pytest.fixture
def app() -> AppTest:
    """A page of questions only."""
    return questions_only()


def draw(letter: str, seed: int = 1) -> Question:
    """A question of exercise 23.3 as the page draws it."""
    return draw_question(list(question3.QUESTIONS.values())["abcd".index(letter)], letter, seed)


def answer(app: AppTest, letter: str, guess: float) -> str:
    """Type an answer; the verdict."""
    app.number_input(key=f"ex23_3_{letter}_guess").set_value(guess)
    app.run()
    assert not app.exception
    return " ".join(element.value for element in (*app.success, *app.error))


def row(app: AppTest) -> str:
    return str(app.markdown[-1].value)


def test_a_named_mistake_is_called_by_its_name_and_another_is_not(app: AppTest) -> None:
    value, sentence = draw("a").mistakes[0]
    assert sentence in answer(app, "a", value)
    assert "Work it out again" in answer(app, "a", 1e6)


def test_the_chapter_s_row_tells_what_was_answered(app: AppTest) -> None:
    assert "answered" not in row(app)
    assert "✓ Right" in answer(app, "c", draw("c").answer)
    assert f"answered 1 of the {len(ALL)}" in row(app)
    assert "23.3 c ✓" in row(app)
    answer(app, "c", 1e6)
    assert "23.3 c ✓" in row(app)  # once answered, it stays so


def test_what_was_answered_outlives_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "not yet there"))
    tabs = [questions_only(), questions_only()]
    answer(tabs[0], "c", draw("c").answer)
    answer(tabs[1], "d", draw("d").answer)
    assert "answered 2 of the" in row(questions_only())
    (file,) = (tmp_path / "not yet there").iterdir()
    file.write_text("23.3 a\n23.9 z\nwhatever")
    assert "answered 1 of the" in row(questions_only())
    everything = [name for exercise in EXERCISES.values() for name in names_of(exercise)]
    file.write_text("\n".join(name for name in everything if name not in ("23.4 b", "23.6 a")))
    assert f"answered {len(ALL) - 2} of the {len(ALL)}" in row(questions_only())
    assert "The next one is on 23.4" in row(questions_only())
    file.write_text("23.3 a\n23.3 c")
    assert "The next one here is b." in row(questions_only())  # before those of other pages
    file.write_text("\n".join(everything))
    assert f"answered all {len(ALL)} questions" in row(questions_only())
    file.write_bytes(b"\xff\x00")
    assert "answered" not in row(questions_only())


def test_a_solved_exercise_is_noted_once_and_outlives_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page() -> None:
        import streamlit as st

        from pages.shared.practice import answered, note_solved, solved

        st.write(f"{len(solved())} solved, {len(answered())} answered")
        note_solved("23.2")

    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    (tmp_path / "answered.txt").write_text("23.3 a")
    app = AppTest.from_function(page).run()
    assert row(app) == "0 solved, 1 answered"
    assert (tmp_path / "answered.txt").read_text() == "23.2\n23.3 a"
    (tmp_path / "answered.txt").unlink()
    assert row(app.run()) == "1 solved, 1 answered"
    assert not list(tmp_path.iterdir())  # what is noted already writes no file
    app.session_state["noted"].clear()
    app.run()
    assert row(AppTest.from_function(page).run()) == "1 solved, 0 answered"


def test_what_is_copied_from_the_working_answers_nothing(app: AppTest) -> None:
    assert draw("d").working not in [element.value for element in app.markdown]
    app.toggle(key="ex23_3_d_working").set_value(True)
    answer(app, "d", draw("d").answer)
    assert any(draw("d").working in element.value for element in app.markdown)
    assert "answered" not in row(app)
    assert "23.3 d ✓" not in row(app)


def test_another_one_draws_other_numbers_and_forgets_the_guess(app: AppTest) -> None:
    answer(app, "b", 0.3)
    app.toggle(key="ex23_3_b_working").set_value(True)
    app.button(key="ex23_3_b_another").click()
    app.run()
    seed = app.number_input(key="ex23_3_b_question").value
    assert isinstance(seed, int)
    assert seed != 1
    assert any(draw("b", seed).text.replace("\u00a0", " ") in e.value.replace("\u00a0", " ") for e in app.markdown)
    assert app.number_input(key="ex23_3_b_guess").value is None
    assert not app.toggle(key="ex23_3_b_working").value


@pytest.mark.parametrize("number", ["23.1", "23.2", "23.4", "23.5", "23.6", "23.7"])
def test_the_answer_stays_open_to_who_has_solved_the_exercise_on_another_day(number: str) -> None:
    def has_an_answer(reader: Reader) -> int:
        return len(reader.words("markdown"))

    unsolved = Reader(number)
    solved = Reader(number, noted=[number])
    assert has_an_answer(solved) > has_an_answer(unsolved) + 400
