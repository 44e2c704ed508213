"""Exercise 23.6: batch normalisation backward: own path, minus the mean, minus the slope."""

from functools import partial

import pages.ex23_6 as room
from pages.ex23_6.answer import show_answer
from pages.ex23_6.check import check
from pages.ex23_6.controls import FIRST_FIND_IT, controls
from pages.ex23_6.deeper import go_deeper
from pages.ex23_6.experiments import experiments
from pages.ex23_6.graph import show_graph
from pages.ex23_6.in_use import in_use
from pages.ex23_6.stage import show_stage
from pages.shared.chapter import EXERCISES
from pages.shared.frame import ahead_of_the_page, draw_tabs, is_open, next_exercise, offer_experiments, open_page
from pages.shared.lead_to import lead_to
from pages.shared.page import read_prose, write
from pages.shared.practice import practise
from pages.shared.python_code import code_to_take

open_page(EXERCISES["23.6"])
is_below = is_open("ex23_6", "The answer", is_first=True)
whole = "[the whole algorithm](#the-whole-algorithm)" if is_below else "the whole algorithm"
write(f"{read_prose(room.__file__, 'introduction')} To find it, lay the dashed line; {whole} needs it.")
chosen = ahead_of_the_page(show_stage)
offer_experiments("ex23_6", experiments())
lead_to(
    controls, "A net that trains", "Why bother? See a deep net learn with batch norm, and stand still without it"
)

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
