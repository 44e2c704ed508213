"""Exercise 23.6: batch normalisation of one neuron, forward and backward, as true and as printed, and in use."""

from functools import partial

import streamlit as st

import pages.ex23_6 as room
from pages.ex23_6.batch import batch_section
from pages.ex23_6.experiments import EXPERIMENTS
from pages.ex23_6.graph import graph_section
from pages.ex23_6.in_use import in_use
from pages.ex23_6.printed_form import printed_form
from pages.ex23_6.question import normalised_input
from pages.shared.chapter import EXERCISES
from pages.shared.page import erratum, heading, read_prose, section, try_this, write
from pages.shared.predict_first import predict_first

prose = partial(read_prose, room.__file__)

heading(
    EXERCISES["23.6"].heading,
    "A neuron's inputs are rescaled by the mean and spread of their own batch. "
    "Which way does the gradient take back?",
)
write(prose("introduction"))
batch, rest, code = st.container(), st.container(), st.empty()  # the batch writes its code at the end of the page
with batch:
    batch_section(code)
with rest:
    section("How far off is the printed form?")
    printed_form()
    section("Step by step", prose("step_by_step"))
    erratum(prose("divisor_erratum"))
    write(prose("second_sum"))
    section("The computation graph, for three samples", prose("graph"))
    graph_section()
    section("The algorithm, corrected", prose("algorithm"))
    erratum(prose("algorithm_erratum"))
    section("Prediction: averages over all batches", prose("prediction"))
    section("Batch normalisation in use", prose("in_use"))
    in_use()
    try_this(EXPERIMENTS)
    predict_first(normalised_input, "ex23_6")
