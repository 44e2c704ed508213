"""Exercise 23.2: the loss of multi-label classification and its derivatives, told with a critic's dials."""

from functools import partial

from pages.ex23_2.answer import show_answer
from pages.ex23_2.check import check_table
from pages.ex23_2.deeper import go_deeper
from pages.ex23_2.experiments import EXPERIMENTS
from pages.ex23_2.in_python import show_code
from pages.ex23_2.loss_in_use import use_loss
from pages.ex23_2.stage import show_stage
from pages.shared.chapter import EXERCISES
from pages.shared.frame import draw_tabs, next_exercise, offer_experiments, open_page
from pages.shared.practice import practise

open_page(EXERCISES["23.2"])
table = show_stage()
offer_experiments("ex23_2", EXPERIMENTS, back="Back to my dials")

draw_tabs(
    "ex23_2",
    {
        "The answer": partial(show_answer, table),
        "Check it": partial(check_table, table),
        "Go deeper": partial(go_deeper, table),
        "The loss in use": use_loss,
        "Practise": partial(practise, EXERCISES["23.2"]),
        "In Python": partial(show_code, table),
    },
)
next_exercise("23.2")
