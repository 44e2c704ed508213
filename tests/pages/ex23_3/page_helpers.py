"""What the tests of page 23.3 share: choosing, pressing, training to the end, and reading its words."""

from typing import Any

from streamlit.testing.v1 import AppTest

from pages.ex23_3.runs import MnistRun
from pages.ex23_3.training import Training

SMALL = {"data": "digits 8×8", "layers": 1, "size1": 12, "batch": 32, "epochs": 4}


def choose(app: AppTest, **settings: Any) -> AppTest:
    """Set widgets as a preset or an experiment does."""
    for name, value in settings.items():
        app.session_state[f"ex23_3_{name}"] = value
    return app.run()


def press(app: AppTest, name: str) -> AppTest:
    """Press a button by its key."""
    app.button(key=f"ex23_3_{name}").click().run()
    assert not app.exception
    return app


def training(app: AppTest) -> Training:
    """All that the page trains."""
    found: Training = app.session_state["ex23_3_training"]
    return found


def shown(app: AppTest) -> MnistRun:
    """The run on the page."""
    run = training(app).run
    assert run is not None
    return run


def finish(app: AppTest) -> AppTest:
    """What the timer of the curves does until the run pauses or ends."""
    while not shown(app).reached:
        shown(app).move_on()
    training(app).pause()
    return app.run()


def words(app: AppTest) -> str:
    """All text on the page."""
    return " ".join(element.value for kind in (app.markdown, app.caption, app.info, app.error) for element in kind)
