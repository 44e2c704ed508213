"""What page 23.7 proposes to try."""

from nnlib.chapter23.dropout_twins import Powers
from pages.ex23_7.controls import controls, settings
from pages.shared.page import Experiment

TO_FIND_IT = [  # they give no part of the answer away
    Experiment(
        "Drop nothing",
        settings("gradient descent", Powers()),
        "Here p is 1, so that nothing is dropped. Now move p down: how do the two runs come apart?",
        "At p = 1 they are one run, whatever you choose, because every power of p is 1. The smaller p is, the "
        "further they come apart: what you look for must depend on p.",
        looks=controls.keyed({"p": 1.0}),
    ),
    Experiment(
        "Before the first step",
        settings("gradient descent", Powers()) | controls.keyed({"p": 0.6}),
        "In the right chart the difference is large at step 0, before anybody has learned anything. Why do the "
        "two predict differently already?",
        "No rate can help there: the two must begin with other weights. By what does a weight "
        "multiply its input in prediction? See the second row of the table above.",
    ),
]
EXPERIMENTS = [
    Experiment(
        "The same rate for both",
        settings("gradient descent", Powers(weights=1)),
        "With W′ = p W the two begin as one network. At which step do they part?",
        "At the very first. The inverted layer passes on 1/p times as much, so the gradient of W′ is 1/p times "
        "that of W. But W′ is only p times W, and should move p times as far. Find the rate that does both.",
    ),
    Experiment(
        "Now with Adam",
        settings("Adam", Powers(weights=1, rate=2)),
        "These choices make gradient descent one run. Do they suit Adam, which divides by the gradient's size?",
        "No: W′ moves too little. Adam divides ∇W by its own size, so it does not matter that ∇W′ is 1/p times as "
        "large, and one factor p is enough. Set it, and then look at the small difference that ε leaves.",
    ),
    Experiment(
        "Let the weights decay",
        settings("L2 decay", Powers(weights=1, rate=2)),
        "L2 adds λ W to the gradient. W′ and its rate are right: why do the two part all the same?",
        "∇W′ is 1/p times ∇W, while λ W′ is p times λ W. The two no longer go together, unless λ is changed by p² "
        "as well. Which way round?",
    ),
]
