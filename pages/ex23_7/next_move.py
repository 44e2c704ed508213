"""What the reader of page 23.7 is asked next, and what the last choice does wrong, in numbers of the stage."""

from nnlib.chapter23.dropout_twins import NEEDED
from nnlib.notation import subscript
from pages.ex23_7.controls import (
    GRADIENT,
    Chosen,
    followed,
    gradient_checked,
    has_begun,
    is_asked,
    is_shown,
    matched,
    move,
    rate_checked,
    times_power,
    unsolved,
)
from pages.shared.frame import way_through
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.practice import solved

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
            "Both networks start with the same weights, see the same samples, and drop the same neurons. "
            "**Watch where they part.**"
        )
    if chosen.p == 1:
        return "At p = 1 nothing is dropped, and there is nothing to make up for. **Move p down.**"
    powers, needed = chosen.powers, NEEDED[chosen.rule]
    h = f"h{subscript(followed(chosen.seed)[0] + 1)}"
    if powers.weights != needed.weights:
        times = number(chosen.p ** (powers.weights - needed.weights))
        passes_on = f"the orange weight passes on {times} times as much of {h} in the inverted network"
        begins = f"{WRONG} At the start" if powers.weights else "They part. **Why?** Already at the start"
        return f"{begins} {passes_on}. **How should W′ start**, for both to pass on the same?"
    asked = is_asked(chosen)
    if asked == "phase":
        return (
            f"{RIGHT} In training both now pass on the same. **And in prediction**, when all neurons are back? "
            "Press **prediction** at the picture."
        )
    if asked == "gradient":
        return _of_the_gradient(chosen.p, h)
    if powers.rate != needed.rate:
        return _of_the_rate(chosen)
    if powers.epsilon != needed.epsilon:
        return f"{WRONG} Very nearly one. Which number in Adam's step is not right yet?"
    if powers.decay != needed.decay:
        return f"{WRONG} The gradient moves both alike now. Which other term of the step does not?"
    return _of_the_solution(chosen)


def _of_the_gradient(p: float, h: str) -> str:
    """The question of the gradient, or what back-propagation says to the reader's answer."""
    checked = gradient_checked()
    if checked is None:
        return (
            f"{RIGHT} In prediction, too. **Now the gradient.** The error that comes back to z is the same in "
            "both. A weight's gradient is that error times what it multiplies. **How large is ∇W′?**"
        )
    off = number(p ** (GRADIENT - checked))
    return (
        f"{WRONG} Not {times_power(checked, '∇W')}: back-propagation finds {off} "
        f"times as much. What does each weight multiply? In training, w multiplies {h}, but w′ does not."
    )


def _of_the_rate(chosen: Chosen) -> str:
    """How far the followed weight moves in step 1, beside how far it has to."""
    wanted, moved = chosen.first_change()
    ratio = moved / wanted if wanted else 1.0
    rate = times_power(chosen.powers.rate, "η")
    verdict = "too far" if ratio > 1 else "not far enough"
    question = "**At which rate should W′ learn?**"
    has_tried = chosen.powers != unsolved(chosen.rule)
    if chosen.rule == "gradient descent":
        has_tried = rate_checked() != 0
    if has_tried:
        hint = HINTS.get(chosen.rule, "")
        moves = f"Δw′ in step 1 is {number(ratio, 3)} times p Δw"
        return f"{WRONG} At the rate {rate}, {moves}: {verdict}. {question} {hint}"
    begins = f"{RIGHT} ∇W′ is ∇W/p." if chosen.rule == "gradient descent" else f"**Now with {chosen.rule}.**"
    return (
        f"{begins} Where W changes by Δw, W′ must change by p Δw, to stay p W. In step 1, Δw′ is "
        f"{number(ratio, 3)} times p Δw: {verdict}. {question}"
    )


def _of_the_solution(chosen: Chosen) -> str:
    """Why the runs are one, with praise only where the reader has found it."""
    rule = chosen.rule
    yourself = "again" if "23.7" in solved() else f"yourself for the {RIGHT}"
    if rule == "gradient descent" and is_shown(rule):
        return (
            f"{RIGHT} **The answer**, shown: W′ starts as p W, and learns at the rate p² η. It moves by "
            f"p² η · ∇W/p = p · η ∇W, and so stays p W. *Start over* and find it {yourself}."
        )
    praise = "**Solved!**" if rule in matched() else "**They are one.**"
    if rule == "gradient descent":
        return (
            f"{RIGHT} {praise} Rate times gradient is p² η · ∇W/p = p · η ∇W. So in every step W′ moves p "
            "times as far as W, and stays p W. [The proof](#the-answer) is below."
        )
    if is_shown(rule):
        return (
            f"{RIGHT} **The answer**, shown: with {rule}, too, W′ stays p W in every step. Choose another rule "
            "and then this one again to find it yourself."
        )
    left = [one for one in NEEDED if one not in matched()]
    goes_on = "Which rule is next?" if left else "That is true of all six rules."
    return f"{RIGHT} {praise} With {rule}, too, W′ stays p W in every step. {goes_on}"
