"""What the reader of page 23.7 is asked next, and what the last choice does wrong, in numbers of the stage."""

import streamlit as st

from nnlib.chapter23.dropout_twins import NEEDED
from nnlib.notation import subscript
from pages.ex23_7.controls import (
    GRADIENT,
    SHOWN,
    Chosen,
    followed,
    gradient_checked,
    has_begun,
    is_asked,
    move,
    shown_phase,
    unsolved,
)
from pages.shared.frame import way_through
from pages.shared.numbers import RIGHT, WRONG, number

NAMES = {  # by the control that answers it
    "weights": "W′", "gradient": "Gradient", "rate_of_W": "Rate", "epsilon": "ε", "λ": "λ", "κ": "κ",
}  # fmt: skip
HINTS = {  # on the rate, where what was found for gradient descent may not do
    "Adam": "Adam divides the gradient by its own size, and the 1/p in ∇W′ is lost.",
    "momentum": "V is a sum of gradients, and so is V′.",
    "Nesterov momentum": "V is a sum of gradients, and so is V′.",
}


def way(chosen: Chosen) -> str:
    """The steps of the exercise, and of another rule those that it needs."""
    steps, at = move(chosen)
    return way_through(["Watch", *(NAMES[name] for name in steps)], at + 1 if has_begun() else 1)


def next_move(chosen: Chosen) -> str:
    """The question, or the reason why the runs are one."""
    if not has_begun():
        return (
            "Both networks start with the same weights. They see the same samples, and the same neurons are "
            "dropped. **Do they learn the same?**"
        )
    if chosen.p == 1:
        return "At p = 1 nothing is dropped, and there is nothing to make up for. Move p down."
    powers, needed = chosen.powers, NEEDED[chosen.rule]
    h = f"h{subscript(followed(chosen.seed)[0] + 1)}"
    if powers.weights != needed.weights:
        times = number(chosen.p ** (powers.weights - needed.weights))
        wrong = f"{WRONG} " if powers.weights else ""
        return (
            f"**The orange weight should pass on as much of {h} in both.** {wrong}At the start it passes on "
            f"{times} times as much in the inverted network."
        )
    asked = is_asked(chosen)
    if asked == "phase":
        if shown_phase() == "training":
            return (
                f"{RIGHT} In training both start alike. **And in prediction**, when all neurons are back? "
                "Switch the picture."
            )
        return f"{RIGHT} In prediction, too: W′ has to start as p W, and the curves now begin at one point."
    if asked == "gradient":
        return _of_the_gradient(chosen, h)
    if powers.rate != needed.rate:
        anew = powers == unsolved(chosen.rule) and chosen.rule != "gradient descent"
        begins = f"With {chosen.rule} the question of the rate begins anew. " if anew else ""
        return f"{begins}{_how_far(chosen)} {HINTS.get(chosen.rule, '')}"
    if powers.epsilon != needed.epsilon:
        return f"{WRONG} Very nearly one. Which number in Adam's step is not right yet?"
    if powers.decay != needed.decay:
        return f"{WRONG} The gradient moves both alike now. Which other term of the step does not?"
    is_shown = st.session_state.get(SHOWN) == chosen.rule
    solved = "The answer:" if is_shown else "Solved!"
    if chosen.rule == "gradient descent" and is_shown:
        return (
            f"{RIGHT} **{solved}** W′ starts as p W, so that both pass on the same. Its gradient is then ∇W/p. At "
            "the rate p² η it changes by p² η · ∇W/p = p · η ∇W, p times as much as W, and stays p W."
        )
    if chosen.rule == "gradient descent":
        return (
            f"{RIGHT} **{solved}** Rate times gradient is p² η · ∇W/p = p · η ∇W. So in every step W′ moves p "
            "times as far as W, and stays p W. [The proof](#the-answer) is below."
        )
    return f"{RIGHT} **{solved}** With {chosen.rule}, too, W′ stays p W in every step. Which rule is next?"


def _of_the_gradient(chosen: Chosen, h: str) -> str:
    """The question of the gradient, or what back-propagation says to the reader's answer."""
    checked = gradient_checked()
    if checked is None:
        return (
            "The error that comes back to z is now the same in both. A weight's gradient is that error times what "
            "the weight multiplies. **How large is ∇W′, then?**"
        )
    off = number(chosen.p ** (GRADIENT - checked))
    return (
        f"{WRONG} Back-propagation finds {off} times as much as you say. Think of what each weight multiplies in "
        f"training: w multiplies {h}, but w′ does not."
    )


def _how_far(chosen: Chosen) -> str:
    """How far the followed weight moves in step 1, beside how far it has to."""
    wanted, moved = chosen.first_change()
    found = f"{RIGHT} ∇W′ is 1/p times ∇W. " if chosen.rule == "gradient descent" else ""
    times = f" In step 1 it changes {number(moved / wanted, 3)} times as much." if wanted else ""
    return (
        f"{found}To stay p W, W′ must change by p Δw where W changes by Δw.{times} "
        "**At which rate should W′ learn?**"
    )
