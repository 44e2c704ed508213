"""The frame of a page, on a small page of its own."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.chapter import EXERCISES, exercise_after
from pages.shared.frame import way_through


def page() -> None:
    """A page of the frame, as AppTest runs it: by its source alone."""
    import streamlit as st

    from pages.shared.chapter import EXERCISES
    from pages.shared.frame import draw_tabs, offer_experiments, open_page
    from pages.shared.page import Experiment

    st.session_state["app_has_run"] = True
    open_page(EXERCISES["23.3"])
    st.slider("rate", key="ex23_3_rate", value=1, min_value=0, max_value=9)
    offer_experiments(
        "ex23_3",
        [
            Experiment("Fast", {"ex23_3_rate": 9}, "How far does it get?", "Not far at all."),
            Experiment("Slow", {"ex23_3_rate": 0}, "Does anything move?", "Nothing moved."),
        ],
    )
    draw_tabs("ex23_3", {"The answer": lambda: st.write("forty-two"), "Check it": lambda: st.write("all agree")})


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page).run()


def words(app: AppTest) -> str:
    assert not app.exception
    return " ".join(element.value for element in app.markdown)


def test_a_solved_exercise_bears_its_stamp(app: AppTest) -> None:
    assert "solved" not in words(app)
    app.session_state["noted"] = {"23.2", "23.3 a"}
    assert "solved" not in words(app.run())  # another one, and a question
    app.session_state["noted"] = {"23.3"}
    assert words(app.run()).count("✓ solved") == 1


def test_the_way_through_marks_what_is_done_and_where_the_reader_is() -> None:
    steps = ["Guess", "Play", "Draw"]
    assert way_through(steps, 2) == ":green-badge[✓ Guess] :blue-badge[2 Play] :gray-badge[3 Draw]"
    assert way_through(steps, 3, {1: "✖"}).startswith(":gray-badge[✖ Guess] :green-badge[✓ Play] :blue-badge[3")
    assert way_through(steps, 1, {3: "✓"}).endswith(":gray-badge[2 Play] :green-badge[✓ Draw]")
    assert way_through(steps, 4).count("green") == 3


def press(app: AppTest, label: str) -> str:
    """Press a button; what the page says then."""
    next(button for button in app.button if button.label == label).click()
    return words(app.run())


def test_the_page_says_what_the_exercise_asks(app: AppTest) -> None:
    assert app.title[0].value == EXERCISES["23.3"].heading
    assert words(app).startswith("**Exercise 23.3**")
    assert EXERCISES["23.3"].task in words(app)


def test_only_the_open_tab_is_drawn(app: AppTest) -> None:
    assert "forty-two" in words(app)
    assert "all agree" not in words(app)
    app.session_state["ex23_3_tab"] = "Check it"
    app.run()
    assert "forty-two" not in words(app)
    assert "all agree" in words(app)


def test_the_address_opens_a_tab() -> None:
    app = AppTest.from_function(page)
    app.query_params["ex23_3_tab"] = "Check it"
    assert "all agree" in words(app.run())


def test_an_experiment_tells_what_was_seen_only_when_asked(app: AppTest) -> None:
    said = press(app, "Fast")
    assert app.slider(key="ex23_3_rate").value == 9
    assert "How far does it get?" in said
    assert "Not far at all." not in said
    said = press(app, "Show the explanation")
    assert "How far does it get?" in said  # the question stays above its answer
    assert "Not far at all." in said
    assert "Not far at all." not in press(app, "Hide the explanation")
    press(app, "Show the explanation")
    said = press(app, "Slow")
    assert app.slider(key="ex23_3_rate").value == 0
    assert "Does anything move?" in said
    assert "Nothing moved." not in said
    app.slider(key="ex23_3_rate").set_value(5)
    assert "Does anything move?" not in words(app.run())  # it would speak of other settings


def test_every_exercise_leads_to_the_next() -> None:
    *others, last = EXERCISES
    following = [exercise_after(number) for number in others]
    assert following == list(EXERCISES.values())[1:]
    assert exercise_after(last) is None
