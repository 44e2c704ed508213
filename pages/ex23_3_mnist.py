"""Exercise 23.3: back-propagation, and a network that learns handwritten digits while you watch."""

from functools import partial

import streamlit as st

from pages.ex23_3.answer import show_answer
from pages.ex23_3.compare_runs import compare_runs, say_what_is_wrong
from pages.ex23_3.controls import ask_what_is_drawn, choose_settings, keep_what_was_set
from pages.ex23_3.first_visit import hold_place, introduce, is_first_visit
from pages.ex23_3.inside import inside_the_network
from pages.ex23_3.missing_digit import ask_for_guesses
from pages.ex23_3.mistakes import show_mistakes
from pages.ex23_3.opening import begin_with_what_was_asked
from pages.ex23_3.own_digit import own_digit
from pages.ex23_3.presets import EXPERIMENTS, FIRST, WHAT_ONE_DOES, run_asked_for, show_presets
from pages.ex23_3.stage import STYLE, show_stage
from pages.ex23_3.training import name_run_in_address, of_this_tab
from pages.ex23_3.training_code import show_code
from pages.shared.chapter import EXERCISES
from pages.shared.delivery import style_file
from pages.shared.frame import draw_tabs, keep_experiment, next_exercise, offer_experiments, open_page, stage
from pages.shared.practice import practise

open_page(EXERCISES["23.3"])
training = of_this_tab()
begin_with_what_was_asked()
keep_experiment("ex23_3", EXPERIMENTS)

style_file(STYLE)
introduction = st.empty()
with stage() as (strip, picture):
    with strip:
        keep_what_was_set()
        chosen, presets, draw_other_settings = choose_settings()
    settings = chosen.without_idle()
    if is_first_visit(training, settings):
        with introduction:
            introduce(training)
    with picture:
        loading = hold_place(training, settings)
    training.follow(settings)
    if name := run_asked_for(settings):
        training.train_named(settings, name)
    with picture:
        loading.empty()
        show_stage(training, settings)
    with presets:
        show_presets(settings)
    draw_other_settings()
    ask_what_is_drawn()
with st.container():  # whether or not there is anything to guess: what follows keeps its place on the page
    ask_for_guesses(training)
offer_experiments("ex23_3", EXPERIMENTS, do=WHAT_ONE_DOES, first=FIRST)
say_what_is_wrong(training)
name_run_in_address(training)

draw_tabs(
    "ex23_3",
    {
        "The answer": show_answer,
        "Inside the network": partial(inside_the_network, training),
        "Mistakes": partial(show_mistakes, training),
        "Your own digit": partial(own_digit, training),
        "Compare runs": partial(compare_runs, training, chosen),
        "Practise": partial(practise, EXERCISES["23.3"]),
        "In Python": partial(show_code, training, settings),
    },
)
next_exercise("23.3")
