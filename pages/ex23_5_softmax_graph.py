"""Exercise 23.5: softmax with cross-entropy for three classes (book figure 23.31), forward and backward."""

from functools import partial

from pages.ex23_5.answer import show_answer, show_empty_graph
from pages.ex23_5.comparisons import go_deeper
from pages.ex23_5.experiments import EXPERIMENTS
from pages.ex23_5.find_mistake import find_mistake
from pages.ex23_5.stage import check, let_graph_follow, show_code, show_stage
from pages.shared.chapter import EXERCISES
from pages.shared.frame import ahead_of_the_page, draw_tabs, next_exercise, offer_experiments, open_page
from pages.shared.practice import practise

open_page(EXERCISES["23.5"])
chosen = ahead_of_the_page(show_stage)
offer_experiments("ex23_5", EXPERIMENTS)

draw_tabs(
    "ex23_5",
    {
        "The answer": partial(show_answer, chosen),
        "Draw it yourself": partial(show_empty_graph, chosen),
        "Check it": partial(check, chosen),
        "Go deeper": partial(go_deeper, chosen),
        "Find the mistake": find_mistake,
        "Practise": partial(practise, EXERCISES["23.5"]),
        "In Python": partial(show_code, chosen),
    },
)
next_exercise("23.5")
let_graph_follow(chosen)
