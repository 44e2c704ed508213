"""Beyond the exercise: how far off the printed formula is, batch size by batch size, and how to predict."""

from pages.ex23_6.printed_form import printed_form
from pages.shared.page import read_prose, section, write


def go_deeper() -> None:
    """The tab."""
    section("How far off is the printed formula?")
    printed_form()
    write(read_prose(__file__, "prediction"))
