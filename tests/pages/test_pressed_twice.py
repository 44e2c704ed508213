"""Every button of every page pressed twice: the second press may find it gone, or meaning something else."""

import pytest

from pages.shared.chapter import EXERCISES
from tests.pages.reader import Reader

# What 23.3's buttons do takes long; the presses that matter there are in ex23_3/test_page.py.
PAGES = [number for number in EXERCISES if number != "23.3"]
LEADS_AWAY = "lead"  # to another tab: it is pressed last
EXPERIMENT = "try_"  # sets controls, is always there, and is pressed in the tests of its page


@pytest.mark.parametrize("number", PAGES)
def test_a_second_press_of_any_button_harms_nothing(number: str) -> None:
    exercise = EXERCISES[number]
    # where a retold page has buttons that may vanish
    practising = {f"{exercise.room}_tab": "Practise"} if exercise.questions else {}
    reader = Reader(number, practising)
    pressed: set[str] = set()
    while coming := [key for key in reader.buttons() if key not in pressed and not key.startswith(EXPERIMENT)]:
        key = min(coming, key=LEADS_AWAY.__eq__)
        reader.press_twice(key)
        pressed.add(key)
    assert len(pressed) >= 2
