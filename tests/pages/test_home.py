"""Home, without a browser."""

from pages.shared.chapter import EXERCISES
from pages.shared.practice import names_of
from tests.pages.reader import Reader


def test_every_picture_answers_the_pointer() -> None:
    reader = Reader()
    pictures = [data["marks"] for data in reader.pictures() if "marks" in data]
    assert len(pictures) == len(EXERCISES)
    for marks in pictures:
        moving = [mark for mark in marks if "to" in mark]
        assert moving
        assert all(set(mark["to"]) <= set(mark) for mark in moving)  # each goes somewhere from somewhere
        texts = [[mark["text"], *mark["to"]["text"]] for mark in moving if "text" in mark["to"]]
        assert all(isinstance(text, str) for stops in texts for text in stops)
    assert "questions" not in reader.words()  # nothing is counted before the first one is answered


def test_a_card_tells_how_many_of_its_questions_are_answered() -> None:
    reader = Reader()
    assert "→ **Begin here**" in reader.words()
    of_first, (first_of_second, *_) = names_of(EXERCISES["23.1"]), names_of(EXERCISES["23.2"])
    reader.app.session_state["noted"] = {*of_first, first_of_second}
    reader.run()
    assert f"✓ {len(of_first)} of {len(of_first)}" in reader.words()
    assert "→ **Go on**" in reader.words()
    assert f"You have answered {len(of_first) + 1} of" in reader.words()


def test_the_letters_are_explained_beside_every_page() -> None:
    for number in ("", "23.6"):
        (letters,) = Reader(number).app.sidebar.caption
        assert "**η**: the learning rate" in letters.value


def test_the_page_s_styles_come_before_all_that_they_style() -> None:
    first = Reader().app.main[0]
    assert first.type == "html"
    assert ".st-key-exercise_task {" in first.proto.body
