"""Questions to practise with: numbers freshly drawn, an answer typed first, typical mistakes called by name.

What the reader has answered, and which exercises are solved, is kept here, too.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import streamlit as st

from pages.shared.chapter import EXERCISES, Exercise
from pages.shared.controls import Controls
from pages.shared.numbers import RIGHT, WRONG, equals, number
from pages.shared.page import write
from pages.shared.readers_folder import readers_folder

FILE = "answered.txt"  # in the reader's folder: questions answered and exercises solved
TOLERANCE = 0.02  # a guess this near, relative to the answer, was worked out; the rest is rounding
ABSOLUTE = 0.0051  # two decimals are enough where the answer is small
NUMBERED = 999  # draws of one question


@dataclass(frozen=True)
class Question:
    """What is asked, what is right, and why.

    Attributes
    ----------
    text : Markdown with the numbers drawn; ends with what to work out
    answer : from `nnlib`
    working : Markdown, the steps from the numbers to the answer
    mistakes : what typical wrong ways give, each with a sentence that names the mistake
    between : what every such quantity lies between, whatever its numbers
    outside : the sentence on a guess that does not
    """

    text: str
    answer: float
    working: str
    mistakes: tuple[tuple[float, str], ...] = ()
    between: tuple[float, float] = (-np.inf, np.inf)
    outside: str = ""

    @property
    def is_telling(self) -> bool:
        """Whether no guess could be taken for the answer and a mistake, or for two mistakes; 0 is never right."""
        values = [self.answer, *(value for value, _ in self.mistakes)]
        apart = all(abs(a - b) > _reach(a) + _reach(b) for a, b in combinations(values, 2))
        return apart and abs(self.answer) > _reach(self.answer) + _reach(0.0)

    def mistake_in(self, guess: float) -> str | None:
        """The sentence on the mistake that gives `guess`; None for the right answer, or a mistake without name."""
        if is_right(guess, self.answer):
            return None
        named = next((sentence for value, sentence in self.mistakes if is_right(guess, value)), None)
        return named or (None if self.between[0] < guess < self.between[1] else self.outside)


Maker = Callable[[np.random.Generator], Question]


def _reach(answer: float) -> float:
    """How far from `answer` a guess still counts as it."""
    return max(TOLERANCE * abs(answer), ABSOLUTE)


def is_right(guess: float, answer: float) -> bool:
    """Whether `guess` is `answer` up to 2 %, or up to two decimals."""
    return abs(guess - answer) <= _reach(answer)


def draw_question(make: Maker, letter: str, numbered: int) -> Question:
    """The question of that letter and number: always the same. Draws that tell nothing are passed over.

    Questions of other letters have other numbers in them: else one would give another's answer away.
    """
    rng = np.random.default_rng((ord(letter), numbered))
    question = make(rng)
    while not question.is_telling:
        question = make(rng)
    return question


@st.fragment
def practise(exercise: Exercise) -> None:
    """Two by two the questions of an exercise, which its room's question.py lists as QUESTIONS.

    Below them stands which of them have been answered, and how many of the chapter's.
    """
    makers = list(exercise.questions.items())
    for first in range(0, len(makers), 2):
        for column, k in zip(st.columns(2), range(first, len(makers)), strict=False):
            with column, st.container(border=True, height="stretch"):
                _ask(exercise, "abcdefgh"[k], *makers[k])
    write(answered_row(exercise))


def _ask(exercise: Exercise, letter: str, title: str, make: Maker) -> None:
    """One question, room for a guess, the verdict, and the working when the reader asks for it."""
    controls = Controls(exercise.room)
    st.markdown(f"**{letter}. {title}**")
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        guess = controls.guess(
            f"{letter}_guess", "Your answer: two decimals, then Enter", step=0.01, format="%.6g", width=230
        )
        controls.button(
            f"{letter}_another", "Another one", _draw_another, exercise.room, letter, icon=":material/casino:"
        )
    verdict = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = controls.toggle(f"{letter}_working", "Show the working")
        with st.expander("Choose a question by number", type="compact"):
            chosen = controls.number(
                f"{letter}_question",
                "Question number",
                1,
                NUMBERED,
                1,
                on_change=_forget,
                args=(exercise.room, letter),
                help="The same number draws the same question, for you and for anybody you give it to.",
            )
    question = draw_question(make, letter, chosen)
    text = question.text.replace(" = ", "\u00a0=\u00a0").replace(" ≈ ", "\u00a0≈\u00a0")
    place.markdown(text)  # no line begins with "=" or "≈"
    if guess is not None:
        with verdict:
            _judge(question, guess)
        if is_right(guess, question.answer) and not shown:  # to copy from the working answers nothing
            _note(f"{exercise.number} {letter}")
    if shown:
        write(question.working, f"The answer is **{number(question.answer)}**.")


def _judge(question: Question, guess: float) -> None:
    """The verdict on a guess; a mistake that has a name is called by it."""
    if is_right(guess, question.answer):
        about = "about " if equals(question.answer).startswith("≈") else ""
        st.success(f"{RIGHT} Right. The answer is {about}{number(question.answer)}.")
        return
    advice = question.mistake_in(guess) or _how_far(guess, question.answer)
    st.error(f"{WRONG} {number(guess)} is not right. {advice}")


def _how_far(guess: float, answer: float) -> str:
    """How a guess that is no named mistake differs from the answer, as far as that does not tell it."""
    if is_right(-guess, answer):
        return "Its size is right, but its sign is the wrong way round."
    if abs(guess - answer) <= 0.1 * abs(answer):
        return "It is close: keep four digits in every step on the way."
    if guess * answer <= 0:
        says = "Neither its sign nor its size is right." if guess else "The answer is not 0."
    else:
        says = f"Its sign is right, but it is too {'large' if abs(guess) > abs(answer) else 'small'} in size."
    return f"{says} Work it out again, or look at the working."


def _draw_another(room: str, letter: str) -> None:
    """Draw other numbers, and forget the guess."""
    key = f"{room}_{letter}_question"
    others = [k for k in range(1, NUMBERED + 1) if k != st.session_state[key]]
    st.session_state[key] = int(np.random.default_rng().choice(others))
    _forget(room, letter)


def _forget(room: str, letter: str) -> None:
    """Clear the guess and hide the working."""
    st.session_state[f"{room}_{letter}_guess"] = None
    st.session_state[f"{room}_{letter}_working"] = False


def names_of(exercise: Exercise) -> list[str]:
    """The names of an exercise's questions, such as "23.3 a"."""
    return [f"{exercise.number} {letter}" for letter in "abcdefgh"[: len(exercise.questions)]]


def answered() -> set[str]:
    """The names of all questions that this reader has ever answered rightly."""
    return _noted().difference(EXERCISES)


def solved() -> set[str]:
    """The numbers of all exercises that this reader has ever solved, such as "23.1"."""
    return _noted().intersection(EXERCISES)


def was_solved_before(number: str) -> bool:
    """Whether this reader had solved the exercise before this session."""
    was: bool = st.session_state.setdefault(f"{number}_solved_before", number in solved())
    return was


def note_solved(number: str) -> None:
    """Note that the reader has solved an exercise, on its page; once noted, this may be called in every run."""
    if number not in EXERCISES:
        raise ValueError(f"no exercise has the number {number!r}")
    was_solved_before(number)  # from now on it could not be told
    _note(number)


def _noted() -> set[str]:
    """All that this reader has answered and solved."""
    if "noted" not in st.session_state:
        st.session_state["noted"] = _read_noted()
    found: set[str] = st.session_state["noted"]
    return found


def _read_noted() -> set[str]:
    """What the file in the folder names, one a line; nothing where there is none, or a damaged one."""
    folder = readers_folder()
    try:
        lines = (folder / FILE).read_text("utf-8").splitlines() if folder else []
    except (OSError, ValueError):
        lines = []
    return {name for one in EXERCISES.values() for name in (one.number, *names_of(one))}.intersection(lines)


def _note(name: str) -> None:
    """Note a question or an exercise, for as long as the folder lasts; another tab may have noted others."""
    if name in _noted():
        return
    _noted().update({name}, _read_noted())
    folder = readers_folder()
    if folder is not None:
        with suppress(OSError):  # a folder that cannot be written to is told of the runs
            folder.mkdir(parents=True, exist_ok=True)
            (folder / FILE).write_text("\n".join(sorted(_noted())), "utf-8")


def answered_of(exercise: Exercise) -> str:
    """How many of an exercise's questions to practise with this reader has answered: "3 of 4"; none: nothing."""
    names = names_of(exercise)
    done = sum(name in answered() for name in names)
    return f"{done} of {len(names)}" if done else ""


def answered_row(exercise: Exercise) -> str:
    """Markdown for the questions of an exercise, those answered with a tick, and the count of the chapter's."""
    chips = [
        f":green-badge[{name} {RIGHT}]" if name in answered() else f":gray-badge[{name}]"
        for name in names_of(exercise)
    ]
    return f"{' '.join(chips)}\u2002 {_progress_in_questions(exercise)}"


def next_to_solve() -> Exercise | None:
    """The first exercise that this reader has not solved."""
    return next((one for one in EXERCISES.values() if one.number not in solved()), None)


def next_to_answer() -> tuple[Exercise, str] | None:
    """The first question that this reader has not answered: its exercise, and its name."""
    names = ((one, name) for one in EXERCISES.values() for name in names_of(one))
    return next(((one, name) for one, name in names if name not in answered()), None)


def _count_of_questions() -> int:
    return sum(len(names_of(one)) for one in EXERCISES.values())


def progress() -> str:
    """How many exercises this reader has solved, and how many questions answered; nothing where there are none."""
    exercises, questions = len(EXERCISES), _count_of_questions()
    if len(solved()) == exercises and len(answered()) == questions:
        return f"{RIGHT} All {questions} questions answered, too. Well done!"
    if len(solved()) == exercises:
        left = questions - len(answered())
        return f"{left} of {questions} questions wait under *Practise*."
    counts = [f"{len(solved())} of {exercises} exercises solved"] if solved() else []
    counts += [f"{len(answered())} of {questions} questions answered"] if answered() else []
    return f"{', '.join(counts)}." if counts else ""


def _progress_in_questions(here: Exercise) -> str:
    """How many of the chapter's questions this reader has answered, and where the next one is: `here` first.

    Nothing for who has answered none.
    """
    if not answered():
        return ""
    count_of_all, following = _count_of_questions(), next_to_answer()
    if following is None:
        return f"{RIGHT} You have answered all {count_of_all} questions of the chapter. Well done!"
    open_here = next((name for name in names_of(here) if name not in answered()), None)
    count = f"You have answered {len(answered())} of the {count_of_all} questions of the chapter."
    if open_here:
        return f"{count} The next one here is {open_here[-1]}."
    return f"{count} The next one is on {following[0].number}, under *Practise*."
