"""Exercise 23.7: dropout and inverted dropout, their averages, their equivalence, and where averages fail."""

from functools import partial

import streamlit as st

import pages.ex23_7 as room
from pages.ex23_7.experiments import EXPERIMENTS
from pages.ex23_7.gradients import gradient_section
from pages.ex23_7.masks import mask_section
from pages.ex23_7.next_neuron import next_neuron_section
from pages.ex23_7.question import dropout_variance
from pages.ex23_7.twins import twin_section
from pages.shared.chapter import EXERCISES
from pages.shared.page import heading, in_python_places, read_prose, section, try_this, write
from pages.shared.predict_first import predict_first

prose = partial(read_prose, room.__file__)

heading(
    EXERCISES["23.7"].heading,
    "In training, a layer's neurons are left out at random. How does prediction make up for it? "
    "And do the two ways of doing so come to the same?",
)
write(prose("introduction"))
sections, python = st.container(), st.container()
with python:
    # filled by the sections, whenever one of them is drawn anew
    masks_code, twins_code, next_neuron_code, gradients_code = in_python_places(
        4, ("Your masks:", "The two networks:", "The next neuron:", "The gradient check:")
    )
with sections:
    mask_section(masks_code)
    section("Are the two forms the same?", prose("twins"))
    twin_section(twins_code)
    section("Where expectation is not enough", prose("next_neuron"))
    next_neuron_section(next_neuron_code)
    section("Every gradient, checked", prose("gradients"))
    gradient_section(gradients_code)
    section("Step by step", prose("step_by_step"))
    try_this(EXPERIMENTS)
    predict_first(dropout_variance, "ex23_7")
