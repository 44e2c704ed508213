"""Exercise 23.7: dropout and inverted dropout, trained side by side until they are one run."""

from functools import partial

import streamlit as st

import pages.ex23_7 as room
from pages.ex23_7.answer import show_answer
from pages.ex23_7.beyond import go_deeper
from pages.ex23_7.check import check
from pages.ex23_7.experiments import experiments
from pages.ex23_7.masks import masks_and_means
from pages.ex23_7.stage import let_pictures_follow, show_solved, show_stage
from pages.shared.chapter import EXERCISES
from pages.shared.frame import ahead_of_the_page, draw_tabs, next_exercise, offer_experiments, open_page
from pages.shared.page import read_prose, write
from pages.shared.practice import practise
from pages.shared.python_code import code_to_take

open_page(EXERCISES["23.7"])
with st.container(key="ex23_7_mission"):  # stage.css
    write(read_prose(room.__file__, "mission"))
chosen = ahead_of_the_page(show_stage)
show_solved(chosen)
offer_experiments("ex23_7", experiments(), back="Back to my values", asked="above, beside the picture")

draw_tabs(
    "ex23_7",
    {
        "The answer": partial(show_answer, chosen),
        "Check it": partial(check, chosen),
        "Masks and means": partial(masks_and_means, chosen.p, chosen.seed),
        "Go deeper": partial(go_deeper, chosen.p, chosen.seed),
        "Practise": partial(practise, EXERCISES["23.7"]),
        "In Python": partial(code_to_take, chosen.code(), "dropout_twins"),
    },
)
next_exercise("23.7")
let_pictures_follow(chosen)
