"""The answer to exercise 23.7: the claim, its proof, a plain program, and where the print errs."""

from dataclasses import replace

import streamlit as st

from nnlib.chapter23.algorithms import dropout_twins
from nnlib.chapter23.dropout_twins import BATCH, HIDDEN, INPUTS, NEEDED, OUTPUTS, SAMPLES, Powers
from pages.ex23_7.controls import Chosen, controls, is_known
from pages.shared.numbers import difference, number
from pages.shared.page import read_prose, write
from pages.shared.practice import was_solved_before
from pages.shared.python_code import answer_code


def show_answer(chosen: Chosen) -> None:
    """The tab, from top to bottom, with the p, η and seed of the stage; the claim has gaps until it is known."""
    p, known = chosen.p, was_solved_before("23.7") or is_known()
    with st.container(border=True):
        write(read_prose(__file__, "result" if known else "claim"))
    write(
        f"Both networks above have {INPUTS} inputs, one hidden layer of {HIDDEN} neurons, which is "
        f"dropped, and {OUTPUTS} outputs, with the sigmoid everywhere. Their loss is the cross-entropy, summed "
        f"over the outputs, and each step takes {BATCH} of {SAMPLES} made-up samples."
    )
    if not known:
        return
    write(read_prose(__file__, "proof"))
    if chosen.rule != "gradient descent":
        _prove_rule(chosen)
    errs = st.expander(
        "Where the printed solution errs: it assumes what it should show",
        icon=":material/error:",
        key=controls.key("misprint"),
        on_change="rerun",
    )
    if errs.open:  # its numbers take two more trainings
        with errs:
            write(read_prose(__file__, "misprint"), _in_numbers(chosen))
    write(
        "## In Keras and PyTorch",
        f"Both use the inverted form, and both ask for the rate at which neurons are **dropped**, 1 − p: your p = "
        f"{number(p)} is `Dropout({number(1 - p)})` there.",
        "## As a program",
        "Both networks learn from one sample at a time. The names of what belongs to the inverted one "
        "end in an underscore: W_ starts as p W, and moves at the rate p² η.",
    )
    answer_code(dropout_twins, use=_use(chosen))


def _prove_rule(chosen: Chosen) -> None:
    """The last line of the proof for another rule, once the reader has the powers of p that it needs."""
    write(f"## The last line with {chosen.rule}")
    if chosen.powers == NEEDED[chosen.rule]:
        write(
            "Lines 1 to 4 hold whatever the rule is: ∇W′ = ∇W/p, and all other gradients are the same. Only "
            "line 5 changes.",
            read_prose(__file__, f"proof_{chosen.rule.replace(' ', '_')}"),
        )
    else:
        write("It stands here as soon as you have made the two runs one with this rule, too.")


def _in_numbers(chosen: Chosen) -> str:
    """What the two faults of the printed proof do, with the reader's own p, η and seed."""
    p = chosen.p
    equal = replace(chosen, rule="gradient descent", powers=Powers(weights=1))
    one = replace(equal, powers=Powers(weights=1, rate=2))
    if p == 1:
        return (
            "At p = 1 none of this matters, because nothing is dropped. Choose a smaller p to see it in numbers."
        )
    return (
        f"In numbers: where y = {number((1 + p) / 2)} and p = {number(p)}, the layer would have to put out "
        f"{number((1 + p) / 2 / p)}, but σ is never larger than 1. And with W′ = p W but one and the same rate "
        f"η = {number(chosen.rate)} for both, the predictions come to be {difference(equal.apart)} apart in "
        f"{chosen.steps} steps; with the rate p² η it is {difference(one.apart)}."
    )


def _use(chosen: Chosen) -> str:
    """Lines that call the program with a small problem."""
    return f"""rng = np.random.default_rng({chosen.seed})
X = rng.standard_normal((60, 6))
Y = np.eye(3)[X[:, :3].argmax(axis=1)]  # which of the first three inputs is the largest
W = {{1: rng.standard_normal((6, 8)), 2: rng.standard_normal((8, 3))}}
b = {{1: np.zeros(8), 2: np.zeros(3)}}

apart = dropout_twins(X, Y, W, b, p={chosen.p!r}, eta={chosen.rate!r}, steps={chosen.steps}, seed={chosen.seed})
print(apart)"""
