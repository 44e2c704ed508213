"""Exercise 23.3: back-propagation, and a network that learns handwritten digits while you watch."""

import streamlit as st

from pages import ex23_3 as room
from pages.ex23_3.controls import choose_settings
from pages.ex23_3.errata import errata
from pages.ex23_3.insight import what_the_network_knows
from pages.ex23_3.kept_runs import kept_runs
from pages.ex23_3.network_file import network_file
from pages.ex23_3.one_picture import one_picture
from pages.ex23_3.own_digit import own_digit
from pages.ex23_3.presets import EXPERIMENTS, begin_if_asked, show_presets
from pages.ex23_3.question import hidden_error
from pages.ex23_3.run_section import run_section
from pages.ex23_3.runs import load_data, why_unreadable
from pages.ex23_3.sweep_section import sweep_section
from pages.ex23_3.training import of_this_tab
from pages.ex23_3.training_code import sweep_code, training_code
from pages.shared.chapter import EXERCISES
from pages.shared.page import heading, in_python_places, read_prose, try_this, write
from pages.shared.predict_first import predict_first

training = of_this_tab()

heading(
    EXERCISES["23.3"].heading,
    "Can a network of three layers learn to read handwritten digits? Build one, press Start, and watch it "
    "learn. MNIST is a set of 70,000 grey pictures of digits, 28 × 28 pixels each.",
)
show_presets()
left, right = st.columns([1, 2], gap="large")
with left:
    chosen = choose_settings()
settings = chosen.without_idle()
begin_if_asked(training, settings)
with right:
    run_section(training, settings)

kept_runs(training)
swept = sweep_section(training, chosen)
what_the_network_knows(training.run)
network_file(training, settings)
own_digit(training)
one_picture(training.run)

write(read_prose(room.__file__, "how_it_works"))
try_this(EXPERIMENTS)
predict_first(hidden_error, "ex23_3")
errata(settings.seed)

first_lines, sweep_lines = in_python_places(2)
first_lines.code(training_code(settings), language="python")
if all(swept.values()):
    sweep_lines.code(sweep_code(chosen, swept), language="python")

if why_unreadable(settings) is None:
    load_data(settings)  # the first visit reads the data while you read the page, so that Start need not
