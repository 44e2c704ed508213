"""Exercise 23.2: the loss of multi-label classification, its derivatives, and the loss in use."""

from functools import partial

import streamlit as st

from pages import ex23_2
from pages.ex23_2.experiments import EXPERIMENTS
from pages.ex23_2.loss_in_use import use_loss
from pages.ex23_2.question import label_gradient
from pages.ex23_2.saturation import compare_far_out
from pages.ex23_2.your_table import Places, set_table
from pages.shared.chapter import EXERCISES
from pages.shared.page import heading, in_python_places, read_prose, section, try_this, write
from pages.shared.predict_first import predict_first

prose = partial(read_prose, ex23_2.__file__)

heading(
    EXERCISES["23.2"].heading,
    "One film can be a comedy and a romance. How do you score a network that says yes or no to each label?",
)
write(prose("introduction"))
table = st.container()

section("Every derivative, checked", prose("gradients"))
gradients = st.empty()

section("Loss and gradient as curves", prose("curves"))
curves = st.empty()
write(prose("cancelling"))

section("What dividing by N, or by N · l, changes", prose("conventions"))
conventions = st.empty()

section("Step by step", prose("step_by_step"))
your_numbers = st.empty()

section("Where the formula in p breaks down", prose("saturation"))
far_out = st.container()
write(prose("formula_in_z"))

section("The loss in use", prose("loss_in_use"))
in_use = st.container()

try_this(EXPERIMENTS)
predict_first(label_gradient, "ex23_2")
table_code, far_out_code, in_use_code = in_python_places(3)

# The parts that move: each is drawn again alone, with its lines of Python.
with table:
    set_table(Places(gradients, curves, conventions, your_numbers, table_code))
with far_out:
    compare_far_out(far_out_code)
with in_use:
    use_loss(in_use_code)
