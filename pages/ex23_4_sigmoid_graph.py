"""Exercise 23.4: the sigmoid as a computation graph, forward and backward."""

from functools import partial

import streamlit as st

from pages.ex23_4.answer import show_answer, show_empty_graph
from pages.ex23_4.controls import CONTROLS
from pages.ex23_4.experiments import EXPERIMENTS
from pages.ex23_4.formula import own_formula
from pages.ex23_4.mission import show_mission
from pages.ex23_4.stage import check, go_deeper, show_code, show_stage, thumbs
from pages.shared.chapter import EXERCISES
from pages.shared.frame import ahead_of_the_page, draw_tabs, next_exercise, offer_experiments, open_page
from pages.shared.graph.blanks import TAB, is_drawing, lead_to_drawing
from pages.shared.practice import practise
from pages.shared.svg.ahead import send_ahead

open_page(EXERCISES["23.4"])
mission = st.container(key="mission")
chosen = ahead_of_the_page(show_stage)
with mission:
    said = show_mission(chosen)
lead_to_drawing(CONTROLS, said)
if not is_drawing(CONTROLS):
    offer_experiments("ex23_4", EXPERIMENTS, back="Back to my values", above=mission, steps=said)

draw_tabs(
    "ex23_4",
    {
        "The answer": partial(show_answer, chosen),
        TAB: partial(show_empty_graph, chosen),
        "Check it": partial(check, chosen),
        "Go deeper": partial(go_deeper, chosen),
        "Your own formula": own_formula,
        "Practise": partial(practise, EXERCISES["23.4"]),
        "In Python": partial(show_code, chosen),
    },
)
next_exercise("23.4")
send_ahead(thumbs(chosen), "ex23_4_ahead")
