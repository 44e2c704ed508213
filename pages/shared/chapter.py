"""The chapter, once: every exercise with what the app, home and the tests need to know of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Exercise:
    """One exercise and its page.

    Attributes
    ----------
    number : as in the book, "23.3"
    name : a short one, for the list of pages
    title : of its page
    question : what its page answers, in one sentence
    task : what the book asks, in a sentence or two of our own
    icon : of Google's Material Symbols
    address : of its page, and the stem of the script in pages/
    """

    number: str
    name: str
    title: str
    question: str
    task: str
    icon: str
    address: str

    @property
    def script(self) -> str:
        """The page's script, "pages/ex23_3_mnist.py"."""
        return f"pages/{self.address}.py"

    @property
    def room(self) -> str:
        """The package of what belongs to this exercise alone, "ex23_3"; the keys of its controls begin with it."""
        return f"ex{self.number.replace('.', '_')}"

    @property
    def label(self) -> str:
        """Number and name, as in the list of pages: "23.3 MNIST"."""
        return f"{self.number} {self.name}"

    @property
    def heading(self) -> str:
        """Number and title, as on the page itself."""
        return f"{self.number} {self.title}"

    def draw_preview(self) -> None:
        """The small picture of it on home, from its own room."""
        import_module(f"pages.{self.room}.preview").draw()

    @property
    def questions(self) -> Mapping[str, Callable[..., Any]]:
        """What each of its questions to practise with is about → what draws it, from its own room."""
        questions: Mapping[str, Callable[..., Any]] = import_module(f"pages.{self.room}.question").QUESTIONS
        return questions


PARTS: Mapping[str, tuple[Exercise, ...]] = {
    "Build a network, score it, train it": (
        Exercise(
            "23.1",
            "XNOR",
            "XNOR with two layers of sigmoids",
            "Are two switches set alike? How few neurons can tell?",
            "Build a network of sigmoid neurons that computes XNOR: 1 where both inputs are equal, else 0.",
            "hub",
            "ex23_1_xnor",
        ),
        Exercise(
            "23.2",
            "Multi-label loss",
            "The loss of multi-label classification",
            "Comedy, romance or both? What does each wrong answer cost?",
            "In multi-label classification one input may carry several labels at once. Write down the loss, and "
            "its derivative with respect to each output p of the network.",
            "label",
            "ex23_2_multilabel_loss",
        ),
        Exercise(
            "23.3",
            "MNIST",
            "Back-propagation on MNIST",
            "How does a network learn to read digits? Train one in seconds.",
            "Implement back-propagation for a feed-forward network, and use it to build one that reads the "
            "handwritten digits of MNIST, 70,000 grey pictures of 28 × 28 pixels.",
            "draw",
            "ex23_3_mnist",
        ),
    ),
    "Look inside one step: back-propagation": (
        Exercise(
            "23.4",
            "Sigmoid graph",
            "The sigmoid as a computation graph",
            "How does a mistake travel back and say which way to move?",
            "Draw the computation graph of the sigmoid function: forward, from the net input z to the loss L, "
            "and then backward, with the gradient that travels along each edge.",
            "timeline",
            "ex23_4_sigmoid_graph",
        ),
        Exercise(
            "23.5",
            "Softmax graph",
            "Softmax as a computation graph",
            "Three answers share 100\u00a0%. Which must grow when the network errs?",
            "Below is the book's figure 23.31, softmax and cross-entropy. Draw its backward graph.",
            "account_tree",
            "ex23_5_softmax_graph",
        ),
    ),
    "Train deeper, and memorise less": (
        Exercise(
            "23.6",
            "Batch norm",
            "Batch normalisation, backward",
            "All numbers of a batch are rescaled. Which part of a gradient gets through?",
            "Batch normalisation shifts and scales each net input to mean 0 and variance 1 within its batch. "
            "Write down the back-propagation algorithm of a network that does so.",
            "straighten",
            "ex23_6_batch_norm",
        ),
        Exercise(
            "23.7",
            "Dropout",
            "Dropout and inverted dropout",
            "Leave neurons out in two different ways. Can both trainings be the same?",
            "Dropout leaves neurons out at random in training and scales outputs when it predicts; inverted "
            "dropout scales them in training instead. Verify that the two are equivalent.",
            "blur_on",
            "ex23_7_dropout",
        ),
    ),
}

EXERCISES: Mapping[str, Exercise] = {
    exercise.number: exercise for exercises in PARTS.values() for exercise in exercises
}


def exercise_after(number: str) -> Exercise | None:
    """The exercise that follows the one of that number; None after the last."""
    following = list(EXERCISES.values())[list(EXERCISES).index(number) + 1 :]
    return following[0] if following else None
