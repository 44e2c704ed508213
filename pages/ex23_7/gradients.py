"""A small network with dropout, right or with a mistake planted: its gradients and its average, checked."""

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.dropout import FORMS
from nnlib.chapter23.dropout_mistakes import MISTAKES, NO_MASK, NO_P, NO_SCALE, DropoutCheck, check_dropout
from nnlib.notation import subscript
from pages.ex23_7.controls import controls, keep_probability
from pages.shared.gradient_table import gradient_table, tint_rows
from pages.shared.numbers import RIGHT, WRONG, difference, number

HIDDEN = (1, 2, 3, 4)
PARAMETERS = [
    *(f"∂L/∂w¹{subscript(i, j)}" for i in (1, 2) for j in HIDDEN),
    *(f"∂L/∂b¹{subscript(j)}" for j in HIDDEN),
    *(f"∂L/∂w²{subscript(j)}" for j in HIDDEN),
    "∂L/∂b²",
]
WHAT_IS_WRONG = {
    "none": "Nothing is wrong. Both tables agree.",
    NO_MASK: "δ̃ = δ instead of 23.70: a dropped neuron sends nothing forward, yet it is told to change.",
    NO_P: "Prediction passes on h, which is 1/p times what training passed on. "
    "All gradients agree: a gradient check cannot see it.",
    NO_SCALE: "Training passes on d ⊙ h and prediction h. It is the same network as plain dropout without p. "
    "All gradients agree: a gradient check cannot see it.",
}


@st.fragment
def gradient_section(code: DeltaGenerator) -> None:
    """The network's two checks; its lines of Python go into `code`."""
    side, tables = st.columns([1, 2], gap="medium")
    with side:
        form = controls.radio("check_form", "Form", FORMS, horizontal=True)
        mistake = controls.radio(f"mistake_{form}", "Plant a mistake", MISTAKES[form])
        p = keep_probability("check_p")
        seed = controls.number("check_seed", "Seed", 0, 9999, 1)
        st.caption("The seed draws the network, the sample and the mask.")
    check = check_dropout(p, form, mistake, seed)
    with tables:
        wrong = WHAT_IS_WRONG.get(mistake, "What comes back is not the slope of what went forward.")
        st.markdown(f"{what_is_dropped(check.mask)} {wrong}")
        slopes_agree = gradient_table(PARAMETERS, check.gradients, key=controls.key("gradients"))
        averages_agree = show_averages(check)
        if mistake != "none" and slopes_agree and averages_agree:
            st.markdown("With this mask and p, this mistake changes nothing. Lower p or take another seed.")
    code.code(
        f"""from nnlib.chapter23.dropout_mistakes import check_dropout

check = check_dropout(keep_prob={p!r}, form="{form}", mistake="{mistake}", random_state={seed})
print(check.mask, check.trained, check.predicted, sep="\\n")
print(check.gradients.analytic, check.gradients.numerical, sep="\\n")
""",
        language="python",
    )


def what_is_dropped(mask: np.ndarray) -> str:
    """The mask, and the neurons it drops, in a sentence or two."""
    dropped = [f"h{subscript(j)}" for j, d in zip(HIDDEN, mask, strict=True) if d == 0]
    names = " and ".join([", ".join(dropped[:-1]), dropped[-1]] if dropped[1:] else dropped) or "nobody"
    return f"The mask d is ({', '.join(f'{d:.0f}' for d in mask)}). It drops {names}."


def show_averages(check: DropoutCheck) -> bool:
    """What the layer passes on in prediction, and in training on average. True if all neurons agree."""
    gaps = np.abs(check.trained - check.predicted)
    agree = gaps <= 1e-12 * check.predicted
    neurons = [f"neuron {j}" for j in HIDDEN]
    table = pd.DataFrame(
        {
            "passed on by": neurons,
            "in prediction": [number(x) for x in check.predicted],
            "in training, on average": [number(x) for x in check.trained],
            "difference": [difference(x) for x in gaps],
            "agrees": [RIGHT if ok else WRONG for ok in agree],
        }
    )
    st.dataframe(
        table if agree.all() else tint_rows(table, ~agree),
        hide_index=True,
        width="stretch",
        key=controls.key("averages"),
        alt=f"Training on average against prediction: {agree.sum()} of 4 agree.",
    )
    if agree.all():
        st.caption(f"{RIGHT} All 4 neurons agree.")
    else:
        wrong = ", ".join(name for name, ok in zip(neurons, agree, strict=True) if not ok)
        st.caption(f"{WRONG} {(~agree).sum()} of 4 disagree: {wrong}.")
    return bool(agree.all())
