"""Exercise 23.5: softmax with cross-entropy for three classes (book figure 23.31), forward and backward."""

from functools import partial

import streamlit as st

from pages.ex23_5.answer import show_answer, show_empty_graph
from pages.ex23_5.comparisons import go_deeper
from pages.ex23_5.controls import CONTROLS
from pages.ex23_5.experiments import EXPERIMENTS
from pages.ex23_5.find_mistake import find_mistake
from pages.ex23_5.mission import show_mission
from pages.ex23_5.stage import check, show_code, show_stage, thumbs
from pages.shared.chapter import EXERCISES
from pages.shared.frame import ahead_of_the_page, draw_tabs, next_exercise, offer_experiments, open_page
from pages.shared.graph.blanks import TAB, is_drawing, lead_to_drawing
from pages.shared.practice import practise
from pages.shared.svg.ahead import send_ahead

open_page(EXERCISES["23.5"])
mission = st.container(key="mission")
chosen = ahead_of_the_page(show_stage)
with mission:
    said = show_mission(chosen)
lead_to_drawing(CONTROLS, said)
if not is_drawing(CONTROLS):
    offer_experiments("ex23_5", EXPERIMENTS, back="Back to my values", above=mission, steps=said)

draw_tabs(
    "ex23_5",
    {
        "The answer": partial(show_answer, chosen),
        TAB: partial(show_empty_graph, chosen),
        "Check it": partial(check, chosen),
        "Go deeper": partial(go_deeper, chosen),
        "Find the mistake": find_mistake,
        "Practise": partial(practise, EXERCISES["23.5"]),
        "In Python": partial(show_code, chosen),
    },
)
next_exercise("23.5")
send_ahead(thumbs(chosen), "ex23_5_ahead")
