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


def test_home_tells_what_is_solved_and_answered_and_lights_what_comes_next() -> None:
    reader = Reader()
    assert "→ **Begin here**" in reader.words()
    assert "solved" not in reader.words()
    names = {number: names_of(exercise) for number, exercise in EXERCISES.items()}
    count = sum(map(len, names.values()))

    def home(*noted: str) -> str:
        reader.app.session_state["noted"] = set(noted)
        return reader.run().words()

    words = home(*names["23.1"], names["23.2"][0])
    assert f"1 of {len(names['23.2'])}]" in words
    assert f"{len(names['23.1']) + 1} of {count} questions answered." in words
    assert "solved" not in words  # by questions no exercise is
    assert words.index("→ **Go on**") < words.index(EXERCISES["23.2"].question)
    words = home("23.1", "23.3", names["23.2"][0])
    assert words.count("✓ solved") == 2
    assert "Point at a picture to move it." in words  # still
    assert ":green-badge[✓ 23.1] :gray-badge[23.2] :green-badge[✓ 23.3]" in words
    assert f"2 of 7 exercises solved, 1 of {count} questions answered." in words
    assert words.count("→ **Go on**") == 1
    assert EXERCISES["23.2"].question in words[: words.index("→ **Go on**")]
    words = home(*EXERCISES, names["23.2"][0])
    assert words.count("✓ solved") == len(EXERCISES)
    assert "**You have solved the whole chapter.**" in words
    assert words.count(":green-badge[✓ 23.") == len(EXERCISES)
    assert f"{count - 1} of {count} questions wait under *Practise*." in words
    (link,) = reader.app.get("page_link")[:1]
    assert f"On to question **{names['23.1'][0]}**" in link.proto.label
    assert link.proto.query_string == "ex23_1_tab=Practise"
    assert f"✓ All {count} questions answered, too. Well done!" in home(
        *EXERCISES, *(n for ns in names.values() for n in ns)
    )
    assert "Go on" not in reader.words()


def test_the_letters_are_explained_beside_every_page() -> None:
    for number in ("", "23.6"):
        (letters,) = Reader(number).app.sidebar.caption
        assert "**η**: the learning rate" in letters.value


def test_the_page_s_styles_come_before_all_that_they_style() -> None:
    first = Reader().app.main[0]
    assert first.type == "html"
    assert ".st-key-exercise_task {" in first.proto.body
