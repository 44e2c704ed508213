"""Home: what the chapter is about, and what each page lets the reader do."""

import streamlit as st

from pages.shared.page import heading

heading(
    "Feed-forward neural networks, alive",
    "A companion to the exercises of chapter 23 of Li Hang's *Machine Learning Methods*. Move a slider and the "
    "mathematics answers. Every gradient you see is checked against a numerical derivative.",
)

EXERCISES = [
    (
        "pages/ex23_1_xnor.py",
        "23.1 XNOR",
        "Two layers of sigmoids compute what one neuron cannot. Set the nine numbers, or let them be learned.",
    ),
    (
        "pages/ex23_2_multilabel_loss.py",
        "23.2 Multi-label loss",
        "What does it cost to be wrong about several labels at once, and which way is better?",
    ),
    (
        "pages/ex23_3_mnist.py",
        "23.3 MNIST",
        "Back-propagation, from one picture's δ to a network that reads handwritten digits in seconds.",
    ),
    (
        "pages/ex23_4_sigmoid_graph.py",
        "23.4 Sigmoid graph",
        "The smallest computation graph: values go forward, derivatives come back.",
    ),
    (
        "pages/ex23_5_softmax_graph.py",
        "23.5 Softmax graph",
        "Three classes, 23 edges: follow the whole way back until p − y comes out.",
    ),
    (
        "pages/ex23_7_dropout.py",
        "23.7 Dropout",
        "Leave neurons out at random, by hand or by the thousand. Train two networks that turn out to be one.",
    ),
]

for start in range(0, len(EXERCISES), 3):
    for column, (page, title, about) in zip(st.columns(3), EXERCISES[start : start + 3], strict=False):
        with column, st.container(border=True):
            st.page_link(page, label=f"**{title}**")
            st.markdown(about)

st.markdown(
    "Begin anywhere. 23.1 builds a network by hand, 23.2 gives it a loss, 23.3 trains it, and 23.4 and 23.5 show "
    "what happens inside one step of that training."
)
