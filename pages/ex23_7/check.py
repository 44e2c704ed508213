"""Both runs of the stage compared number by number, and the gradients of dropout under one mask, checked."""

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.dropout import FORMS
from nnlib.chapter23.dropout_mistakes import MISTAKES, NO_MASK, NO_P, NO_SCALE, DropoutCheck, check_dropout
from nnlib.notation import subscript, superscript
from pages.ex23_7.controls import SAME, Chosen, controls, is_known, unsolved
from pages.ex23_7.stage import numbers_of_curves
from pages.shared.gradient_table import gradient_table, summarise, tint_rows
from pages.shared.numbers import RIGHT, WRONG, difference, number
from pages.shared.page import section, write
from pages.shared.python_code import code_to_take

HIDDEN = (1, 2, 3, 4)
PARAMETERS = [
    *(f"∂L/∂w{subscript(i, j)}⁽¹⁾" for i in (1, 2) for j in HIDDEN),
    *(f"∂L/∂b{subscript(j)}⁽¹⁾" for j in HIDDEN),
    *(f"∂L/∂w{subscript(j)}⁽²⁾" for j in HIDDEN),
    "∂L/∂b⁽²⁾",
]
NOT_YET = "You have not made your moves for this rule yet: with each rule the question of the rate begins anew."
WHAT_IS_WRONG = {
    NO_MASK: "δ comes back without its mask (23.70): a dropped neuron sends nothing forward, and yet it is told "
    "to change.",
    NO_P: "Prediction passes on h, which is 1/p times what training passes on. All gradients agree: a gradient "
    "check cannot see it, but the averages do.",
    NO_SCALE: "Training passes on d ⊙ h and prediction h, as plain dropout would without its p. All gradients "
    "agree: a gradient check cannot see it, but the averages do.",
}


def check(chosen: Chosen) -> None:
    """The tab: parameters of both runs, then gradients and averages with a mistake or none."""
    if is_known():
        compare_parameters(chosen)
    else:
        write(
            "Every weight and bias of the one network is compared here with its like in the other as soon as you "
            "have made the two runs one above, or when you press *Show the answer* there."
        )
    numbers_of_curves(chosen)
    section(
        "The gradients, under one mask",
        "A small network of 2 inputs, 4 hidden neurons and 1 output sees one sample under one mask, drawn from "
        "the p and the seed that are set above. Every gradient is compared with a measured slope: one weight is "
        "moved a little, and how much the loss moves is divided by it.",
    )
    check_gradients(chosen)


def compare_parameters(chosen: Chosen) -> None:
    """Every weight and bias of the plain network, times its factor, beside that of the inverted one."""
    training = chosen.training
    plain, inverted = training.factors * training.parameters[0], training.parameters[1]
    gaps = np.abs(plain - inverted)
    agree = gaps < SAME
    verdict = (
        f"{RIGHT} all {len(agree)} weights and biases agree"
        if agree.all()
        else f"{WRONG} {(~agree).sum()} of {len(agree)} weights and biases differ"
    )
    write(
        f"**{verdict}**; the largest difference between one and its like is {difference(gaps.max())}.",
        f"These are the two networks above after {chosen.steps} steps of {chosen.rule}. Here p W is "
        "compared with W′, and every other weight and bias with its like in the other network.",
        *([NOT_YET] if chosen.powers == unsolved(chosen.rule) and chosen.rule != "gradient descent" else []),
    )
    names = [
        f"{slot.symbol}{subscript(*(i + 1 for i in place))}⁽{superscript(slot.layer)}⁾"
        for slot in training.networks[0].slots
        for place in np.ndindex(slot.shape)
    ]
    factors = ["p " if f != 1 else "" for f in training.factors]
    table = pd.DataFrame(
        {
            "parameter": [f"{factor}{name}" for factor, name in zip(factors, names, strict=True)],
            "plain": [number(x) for x in plain],
            "inverted": [number(x) for x in inverted],
            "difference": [difference(x) for x in gaps],
            "agrees": [RIGHT if ok else WRONG for ok in agree],
        }
    )
    with st.expander("Every weight and bias of both networks"):
        st.dataframe(
            table if agree.all() else tint_rows(table, ~agree),
            hide_index=True,
            key=controls.key("parameters"),
            alt=f"Parameters of both networks; {agree.sum()} of {len(agree)} agree.",
        )


def check_gradients(chosen: Chosen) -> None:
    """The gradient check and the averages over all masks, with the mistake that the reader plants."""
    left, right = st.columns([1, 3], gap="medium")
    form = controls.choice("check_form", "Form", FORMS, place=left)
    mistake = controls.menu(f"mistake_{form}", "Plant a mistake", MISTAKES[form], place=right)
    found = check_dropout(chosen.p, form, mistake, chosen.seed)
    slopes_agree, averages_agree = bool(found.gradients.passes.all()), averages_are_right(found).all()
    write(
        f"**{summarise(PARAMETERS, found.gradients).removesuffix('.')}**, worst difference "
        f"{difference(found.gradients.difference.max())}. {what_is_dropped(found.mask)}"
    )
    if mistake != "none":
        if slopes_agree and averages_agree:
            write("With this mask and p, this mistake changes nothing. Choose a smaller p or another seed.")
        else:
            wrong = WHAT_IS_WRONG.get(mistake, "What comes back is not the slope of what went forward.")
            write(f"{WRONG} {wrong}")
    with st.expander("Every gradient beside its measured slope", expanded=not slopes_agree):
        gradient_table(PARAMETERS, found.gradients, key=controls.key("gradients"))
    with st.expander("What the layer passes on: in prediction, and in training on average", expanded=True):
        show_averages(found)
    code = st.expander("The same in Python", key=controls.key("check_code"), on_change="rerun")
    if code.open:
        with code:
            code_to_take(
                f"""from nnlib.chapter23.dropout_mistakes import check_dropout

check = check_dropout(keep_prob={chosen.p!r}, form="{form}", mistake="{mistake}", random_state={chosen.seed})
print(check.mask, check.trained, check.predicted, sep="\\n")
print(check.gradients.analytic, check.gradients.numerical, sep="\\n")
""",
                "dropout_gradients",
            )


def what_is_dropped(mask: np.ndarray) -> str:
    """The mask, and the neurons it drops, in a sentence or two."""
    dropped = [f"h{subscript(j)}" for j, d in zip(HIDDEN, mask, strict=True) if d == 0]
    names = " and ".join([", ".join(dropped[:-1]), dropped[-1]] if dropped[1:] else dropped) or "nobody"
    return f"The mask d is ({', '.join(f'{d:.0f}' for d in mask)}): it drops {names}."


def averages_are_right(found: DropoutCheck) -> np.ndarray:
    """Of each neuron, whether training passes on, averaged over all masks, what prediction does."""
    return np.asarray(np.abs(found.trained - found.predicted) <= 1e-12 * found.predicted)


def show_averages(found: DropoutCheck) -> None:
    """What the layer passes on in prediction, and in training averaged over all 16 masks."""
    agree = averages_are_right(found)
    table = pd.DataFrame(
        {
            "passed on by": [f"h{subscript(j)}" for j in HIDDEN],
            "in prediction": [number(x) for x in found.predicted],
            "in training, over all 16 masks": [number(x) for x in found.trained],
            "difference": [difference(x) for x in np.abs(found.trained - found.predicted)],
            "agrees": [RIGHT if ok else WRONG for ok in agree],
        }
    ).set_index("passed on by")
    st.table(table)
