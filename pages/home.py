"""Home: the chapter as a map, each exercise with a picture of what its page begins with."""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

import streamlit as st

from pages.shared import previews
from pages.shared.page import heading, section

heading(
    "Feed-forward neural networks, alive",
    "A companion to the exercises of chapter 23 of Li Hang's *Machine Learning Methods*. Move a slider and the "
    "mathematics answers. Every gradient you see is checked against a numerical derivative.",
)


class Card(NamedTuple):
    """One exercise on the map: its page, title, picture, question, and what it builds on."""

    page: str
    title: str
    picture: Callable[[], None]
    question: str
    builds_on: str


CHAPTER = {
    "Build a network, score it, train it": [
        Card(
            "pages/ex23_1_xnor.py",
            "23.1 XNOR",
            previews.xnor,
            "One neuron cannot tell equal inputs from unequal ones. How do two layers do it?",
            "Begin here: neurons, weights, the sigmoid.",
        ),
        Card(
            "pages/ex23_2_multilabel_loss.py",
            "23.2 Multi-label loss",
            previews.multilabel_loss,
            "What does it cost to be wrong about several labels at once, and which way is better?",
            "Gives the outputs of 23.1 a loss.",
        ),
        Card(
            "pages/ex23_3_mnist.py",
            "23.3 MNIST",
            previews.mnist,
            "How does a network learn to read handwritten digits? Train one in seconds.",
            "Follows the loss of 23.2 down, through the layers of 23.1.",
        ),
    ],
    "Look inside one step of training": [
        Card(
            "pages/ex23_4_sigmoid_graph.py",
            "23.4 Sigmoid graph",
            previews.sigmoid_graph,
            "How does a loss tell one net input which way to move?",
            "The smallest piece of back-propagation in 23.3.",
        ),
        Card(
            "pages/ex23_5_softmax_graph.py",
            "23.5 Softmax graph",
            previews.softmax_graph,
            "Why is the gradient of three classes just p − y? Follow it back along every arrow.",
            "The chain rule of 23.4, along many paths.",
        ),
    ],
    "Train deeper, and learn less by heart": [
        Card(
            "pages/ex23_6_batch_norm.py",
            "23.6 Batch norm",
            previews.batch_norm,
            "Every sample of a batch moves every other. What does that do to the gradient?",
            "The graphs of 23.5, and a switch of 23.3: deeper nets that still learn.",
        ),
        Card(
            "pages/ex23_7_dropout.py",
            "23.7 Dropout",
            previews.dropout,
            "What is left of a layer's output when neurons are left out at random?",
            "A switch of 23.3: random masks against learning by heart.",
        ),
    ],
}

for part, cards in CHAPTER.items():
    section(part)
    for column, card in zip(st.columns(3), cards, strict=False):
        with column, st.container(border=True, height="stretch"):
            st.page_link(card.page, label=f"**{card.title}**")
            card.picture()
            st.markdown(card.question)
            st.caption(card.builds_on)

# The other pages draw with Altair, which takes up to a second to load: now, while the reader looks around.
import_module("altair")
