"""The chapter, once: every exercise with what the app, home and the tests need to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Exercise:
    """One exercise and its page.

    Attributes
    ----------
    number : as in the book, "23.3"
    name : a short one, for the list of pages
    title : of its page
    question : what its page answers, in one sentence
    builds_on : what the reader should know before
    icon : of Google's Material Symbols
    address : of its page, and the stem of the script in pages/
    """

    number: str
    name: str
    title: str
    question: str
    builds_on: str
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


PARTS: Mapping[str, tuple[Exercise, ...]] = {
    "Build a network, score it, train it": (
        Exercise(
            "23.1",
            "XNOR",
            "XNOR with two layers of sigmoids",
            "One neuron cannot tell equal inputs from unequal ones. How do two layers do it?",
            "Begin here: neurons, weights, the sigmoid.",
            "hub",
            "ex23_1_xnor",
        ),
        Exercise(
            "23.2",
            "Multi-label loss",
            "The loss of multi-label classification",
            "What does it cost to be wrong about several labels at once, and which way is better?",
            "Gives the outputs of 23.1 a loss.",
            "label",
            "ex23_2_multilabel_loss",
        ),
        Exercise(
            "23.3",
            "MNIST",
            "Back-propagation on MNIST",
            "How does a network learn to read handwritten digits? Train one in seconds.",
            "Follows the loss of 23.2 down, through the layers of 23.1.",
            "draw",
            "ex23_3_mnist",
        ),
    ),
    "Look inside one step of training": (
        Exercise(
            "23.4",
            "Sigmoid graph",
            "The sigmoid as a computation graph",
            "How does a loss tell one net input which way to move?",
            "The smallest piece of back-propagation in 23.3.",
            "timeline",
            "ex23_4_sigmoid_graph",
        ),
        Exercise(
            "23.5",
            "Softmax graph",
            "Softmax as a computation graph",
            "Why is the gradient of three classes just p − y? Follow it back along every arrow.",
            "The chain rule of 23.4, along many paths.",
            "account_tree",
            "ex23_5_softmax_graph",
        ),
    ),
    "Train deeper, and learn less by heart": (
        Exercise(
            "23.6",
            "Batch norm",
            "Batch normalisation, backward",
            "Every sample of a batch moves every other. What does that do to the gradient?",
            "The graphs of 23.5, and a switch of 23.3: deeper nets that still learn.",
            "straighten",
            "ex23_6_batch_norm",
        ),
        Exercise(
            "23.7",
            "Dropout",
            "Dropout and inverted dropout",
            "What is left of a layer's output when neurons are left out at random?",
            "A switch of 23.3: random masks against learning by heart.",
            "blur_on",
            "ex23_7_dropout",
        ),
    ),
}

EXERCISES: Mapping[str, Exercise] = {
    exercise.number: exercise for exercises in PARTS.values() for exercise in exercises
}
