"""The answer to exercise 23.6: closed form, its three paths, the whole algorithm, and the misprints."""

import pandas as pd
import streamlit as st

from nnlib.chapter23.algorithms import batch_norm_backward, batch_norm_step
from nnlib.chapter23.batch_norm import check_gradients, invariants
from nnlib.notation import subscript
from pages.ex23_6.controls import (
    ANSWER,
    Chosen,
    answer_is_open,
    ask_for_the_answer,
    is_known,
    is_writing,
    offer_the_answer,
)
from pages.ex23_6.order import is_ordering
from pages.ex23_6.steps import WAY, way
from pages.ex23_6.write_down import write_down
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import read_prose, write
from pages.shared.practice import was_solved_before
from pages.shared.python_code import answer_code

USE = """
import numpy as np

from nnlib.chapter23.algorithms import batch_norm_backward

z, g = np.array({z}), np.array({g})
dz, dgamma, dbeta = batch_norm_backward(g[:, np.newaxis], z[:, np.newaxis], np.array([{gamma}]), {epsilon}{ddof})
print(dz.ravel(), dgamma, dbeta)
"""
TRAIN = """
rng = np.random.default_rng(0)
X, Y = rng.standard_normal((8, 3)), np.eye(2)[rng.integers(0, 2, 8)]
W = {1: rng.standard_normal((3, 4)), 2: rng.standard_normal((4, 2))}
b = {1: np.zeros(4), 2: np.zeros(2)}
gamma, beta = {1: np.ones(4)}, {1: np.zeros(4)}
for _ in range(100):
    db = batch_norm_step(X, Y, W, b, gamma, beta, eta=0.5)
print(np.abs(db[1]).max(), np.abs(db[2]).max())  # layer 1 is normalised: its ∇b is rounding noise
"""
AHEAD = "First find out above what comes back to z. Then you write the algorithm here, and your batch tests it."
THEN = "Once both paths are added above, you write the algorithm here, and your batch tests it."
WRITTEN = (
    f"{RIGHT} **Well done. You have written the back-propagation algorithm down, from the formulas of a layer to "
    "the order of its steps: exercise 23.6 is solved.**"
)
SHOWN = "This answer was shown to you. For the ✓, press *Start over* above, and write it down yourself."


def show_answer(chosen: Chosen) -> None:
    """The tab, from top to bottom, with the batch of the stage."""
    was_solved = was_solved_before("23.6")
    if not is_known():
        if not was_solved:
            write(AHEAD)
            ask_for_the_answer()
            return
    elif not answer_is_open():
        if is_writing(chosen.step) or is_ordering():
            write_down(chosen)
        else:
            write(THEN)
            offer_the_answer()
        return
    if st.session_state.get(ANSWER) == "written":
        st.success(f"{way(len(WAY) + 1)}\n\n{WRITTEN}")
    elif st.session_state.get(ANSWER) == "shown":
        write(SHOWN)
    with st.container(border=True):
        write(_for_divisor(read_prose(__file__, "result"), chosen.ddof))
    write("The same in NumPy, for every neuron of a layer at once, a sample a row, and below it for your batch:")
    answer_code(batch_norm_backward)
    batch = {name: getattr(chosen, name) for name in ("z", "g", "gamma", "epsilon")}
    use = USE.format(**batch, ddof="" if chosen.ddof else ", ddof=0").strip()
    st.code(use, language="python", wrap_lines=True)  # alone: it follows every drag
    line = "Apply the boxed formula to g"
    told = f":green-background[**{line}** (the line that is laid by hand above)]"
    write("## The whole algorithm", read_prose(__file__, "algorithm").replace(line, told))
    with st.expander("Where the printed solution goes another way", icon=":material/error:"):
        write(read_prose(__file__, "algorithm_misprints"))
    with st.expander("The whole algorithm as a program", icon=":material/code:"):
        write("One batch and one step in plain NumPy, a formula a line, and then a small net that trains:")
        answer_code(batch_norm_step, use=TRAIN)
    write(read_prose(__file__, "derivation"))
    if chosen.ddof == 0:
        kept = "This proof keeps the book's n − 1. With n in its place everywhere, it is that of the box above."
        st.info(kept, icon=":material/info:")
    with st.expander("Where the printed solution errs: ∂σ²/∂z divides by n", icon=":material/error:"):
        write(read_prose(__file__, "divisor_misprint"))
        _show_misprint(chosen)
    write(read_prose(__file__, "closed_form"))


def _for_divisor(text: str, ddof: int) -> str:
    """`text`, which divides σ² by n − 1, for the divisor on the stage."""
    return text if ddof else text.replace("{n-1}", "{n}").replace("n\u00a0−\u00a01", "n")


def _show_misprint(chosen: Chosen) -> None:
    """The printed dz and the true one, with both sums, for the batch of the stage."""
    try:
        passed = chosen.forward()
        formulas = {"printed: … / n": "as printed", f"true: … / {'(n − 1)' if chosen.ddof else 'n'}": "none"}
        rows = []
        for name, mistake in formulas.items():
            gradients = chosen.backward(mistake)
            differs = check_gradients(passed, chosen.g, mistake).differs[: len(chosen.z)].any()
            rows.append(
                {
                    "formula": name,
                    **{f"dz{subscript(j + 1)}": number(value) for j, value in enumerate(gradients.dz)},
                    "Σ dz · z̄": number(invariants(passed, gradients).stretch),
                    "agrees with slopes": WRONG if differs else RIGHT,
                }
            )
    except ValueError as error:
        write(f"This batch cannot be normalised: {error}.")
        return
    st.table(pd.DataFrame(rows).set_index("formula"))
    if chosen.ddof == 0:
        write("With the divisor n that you have chosen, both are the same formula.")
