"""Exercise 23.6: batch normalisation backward: own path, minus the mean, minus the slope."""

from functools import partial

from pages.ex23_6.answer import show_answer
from pages.ex23_6.check import check
from pages.ex23_6.controls import FIRST_FIND_IT, has_begun
from pages.ex23_6.deeper import go_deeper
from pages.ex23_6.experiments import experiments
from pages.ex23_6.graph import show_graph
from pages.ex23_6.in_use import in_use
from pages.ex23_6.stage import show_stage
from pages.ex23_6.way_there import show_way_there
from pages.shared.chapter import EXERCISES
from pages.shared.frame import ahead_of_the_page, draw_tabs, next_exercise, offer_experiments, open_page
from pages.shared.page import write
from pages.shared.practice import practise
from pages.shared.python_code import code_to_take

open_page(EXERCISES["23.6"])
show_way_there()
chosen = ahead_of_the_page(show_stage)
if has_begun():
    offer_experiments("ex23_6", experiments(), back="Back to my values")

draw_tabs(
    "ex23_6",
    {
        "The answer": partial(show_answer, chosen),
        "Check it": partial(check, chosen),
        "The graph": partial(show_graph, chosen),
        "A net that trains": in_use,
        "Go deeper": go_deeper,
        "Practise": partial(practise, EXERCISES["23.6"]),
        "In Python": partial(write, FIRST_FIND_IT)
        if chosen.is_hidden
        else partial(code_to_take, chosen.code(), "batch_norm"),
    },
)
next_exercise("23.6")
