"""Exercise 23.1: XNOR by a network of two sigmoid layers, set by hand, tried with one neuron, and learned."""

from functools import partial

import streamlit as st

from pages import ex23_1
from pages.ex23_1.by_hand import set_by_hand
from pages.ex23_1.controls import choose_gate
from pages.ex23_1.experiments import EXPERIMENTS
from pages.ex23_1.gradients import choose_loss_and_mistake
from pages.ex23_1.hundred_seeds import SEEDS, train_hundred
from pages.ex23_1.in_python import learning_code
from pages.ex23_1.learning import learn_it
from pages.ex23_1.misprint import show_misprint
from pages.ex23_1.one_neuron import try_one_neuron
from pages.ex23_1.question import neuron_output
from pages.shared.chapter import EXERCISES
from pages.shared.page import heading, in_python_places, read_prose, section, try_this, write
from pages.shared.predict_first import predict_first

prose = partial(read_prose, ex23_1.__file__)

heading(
    EXERCISES["23.1"].heading,
    "XNOR is 1 where two inputs are equal, and 0 where they differ. "
    "Can a network of sigmoid neurons compute it? Can it learn to?",
)
write(prose("introduction"))
gate = choose_gate()
by_hand = st.container()

section("The truth table")
truth = st.empty()
write(prose("truth_table"))

section("Every gradient, checked")
left, right = st.columns([1, 2], gap="large")
with left:
    loss, mistake = choose_loss_and_mistake()
gradients = right.empty()

section("One neuron is not enough", prose("one_neuron"))
try_one_neuron(gate)

section("Learn it", prose("learning"))
learning = learn_it(gate)

section(
    "A hundred seeds",
    f"Does it always work? Train {SEEDS} networks side by side, from the seeds 0 to {SEEDS - 1}. "
    "Target, loss, learning rate and steps are those above.",
)
train_hundred(learning)
write(prose("plateaus"))

section("Step by step", prose("step_by_step"))
try_this(EXPERIMENTS)
predict_first(neuron_output, "ex23_1")
show_misprint()

by_hand_code, learning_place = in_python_places(2)
learning_place.code(learning_code(learning), language="python")

# Drawn last, since what the sliders change stands all over the page.
with by_hand:
    set_by_hand(gate, loss, mistake, truth, gradients, by_hand_code)
