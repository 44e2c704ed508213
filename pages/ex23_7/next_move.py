"""What the reader of page 23.7 is asked next, and what the last choice does wrong, in numbers of the stage."""

import streamlit as st

from nnlib.chapter23.dropout_twins import NEEDED
from nnlib.notation import subscript
from pages.ex23_7.controls import SHOWN, Chosen, followed, gradient_is_known, gradient_of_the_twin, unsolved
from pages.shared.numbers import RIGHT, WRONG, number, numbers_alike

GRADIENT = {  # what is said of each answer to the second question
    None: "A gradient is what the weight multiplies, times the error ∂L/∂z that comes back, which is now the same "
    "in both. How large is ∇W′ beside ∇W?",
    "p ∇W": f"{WRONG} Too small: w′ multiplies {{h}}/p in training, which is more than {{h}}.",
    "∇W": f"{WRONG} The errors are the same, but w multiplies {{h}} in training, and w′ multiplies {{h}}/p.",
}
HINTS = {  # on the rate, where what was found for gradient descent may not do
    "Adam": "Adam divides the gradient by its own size, and the 1/p in ∇W′ is lost.",
    "momentum": "V is a sum of gradients, and so is V′.",
    "Nesterov momentum": "V is a sum of gradients, and so is V′.",
}


def next_move(chosen: Chosen) -> str:
    """The question, or the reason why the runs are one."""
    if chosen.p == 1:
        return "At p = 1 nothing is dropped, and there is nothing to make up for. Move p down."
    powers, needed = chosen.powers, NEEDED[chosen.rule]
    h = f"h{subscript(followed(chosen.seed)[0] + 1)}"
    if powers.weights != needed.weights:
        times = number(chosen.p ** (powers.weights - needed.weights))
        begins = f"{WRONG} " if powers.weights else ""
        return (
            f"{begins}**Follow the orange weight.** At the start, in training and in prediction, it passes on "
            f"{times} times as much of {h} in the inverted network as in the plain one. Which W′ passes on the "
            "same?"
        )
    if chosen.rule == "gradient descent" and not gradient_is_known():
        told = GRADIENT[gradient_of_the_twin()].format(h=h)
        return told if gradient_of_the_twin() else f"{RIGHT} At the start both now pass on the same. {told}"
    if powers.rate != needed.rate:
        anew = powers == unsolved(chosen.rule) and chosen.rule != "gradient descent"
        begins = f"With {chosen.rule} the question of the rate begins anew. " if anew else ""
        return f"{begins}{_how_far(chosen)} {HINTS.get(chosen.rule, '')}"
    if powers.epsilon != needed.epsilon:
        return f"{WRONG} Very nearly one. Which number in Adam's step is not right yet?"
    if powers.decay != needed.decay:
        return f"{WRONG} The gradient moves both alike now. Which other term of the step does not?"
    solved = "The answer:" if st.session_state.get(SHOWN) == chosen.rule else "Solved!"
    if chosen.rule == "gradient descent":
        return (
            f"{RIGHT} **{solved}** Rate times gradient is p² η · ∇W/p = p · η ∇W, so in every step W′ moves p "
            "times as far as W and stays p W. **Watch** both learn, or see whether it holds for another rule, too."
        )
    return f"{RIGHT} **{solved}** With {chosen.rule}, too, W′ stays p W in every step. Which rule is next?"


def _how_far(chosen: Chosen) -> str:
    """How far the followed weight moves in step 1, beside how far it has to."""
    wanted, moved = chosen.first_change()
    found = f"{RIGHT} Yes: 1/p times as large. " if chosen.rule == "gradient descent" else ""
    must, does = numbers_alike(wanted, moved)
    times = f", {number(moved / wanted, 3)} times as much" if wanted else ""
    return (
        f"{found}To stay p W, W′ must move p times as far as W. In step 1 w′ must change by {must}, but at this "
        f"rate it changes by {does}{times}. Which rate is right?"
    )
