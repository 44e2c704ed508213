"""Exercise 23.1: XNOR by a network of two sigmoid layers, which folds the square of its inputs."""

from functools import partial

from pages.ex23_1.answer import show_answer
from pages.ex23_1.check import check
from pages.ex23_1.deeper import show_deeper
from pages.ex23_1.experiments import experiments
from pages.ex23_1.in_python import show_code
from pages.ex23_1.stage import is_past_opening, show_stage
from pages.shared.chapter import EXERCISES
from pages.shared.frame import draw_tabs, next_exercise, offer_experiments, open_page
from pages.shared.practice import practise

open_page(EXERCISES["23.1"])
weights, learning = show_stage()
if is_past_opening():
    offer_experiments("ex23_1", experiments(), back="Back to my weights")

draw_tabs(
    "ex23_1",
    {
        "The answer": show_answer,
        "Check it": partial(check, weights, learning),
        "Go deeper": partial(show_deeper, learning),
        "Practise": partial(practise, EXERCISES["23.1"]),
        "In Python": partial(show_code, weights, learning),
    },
)
next_exercise("23.1")
