"""The last of the exercise: the steps of one batch, which the reader puts in their order."""

import streamlit as st

from pages.ex23_6.controls import ORDER, controls, offer_the_answer, open_the_answer
from pages.ex23_6.steps import ORDER as ORDER_STEP
from pages.ex23_6.steps import way
from pages.shared.address import name_in_address
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.page import write
from pages.shared.practice import note_solved

STEPS = (  # each with what is wrong where it comes too early
    ("Forward: z, u, σ², z̄, z̃ and h, up to the output", ""),
    (
        "δ = h − y, the error of the output layer",
        "This batch has no h yet. The printed solution, too, takes δ only once, before its loop over the batches.",
    ),
    (
        "g = a′(z̃) · (W δ), back through the output layer's W",
        "It needs the δ of the layer above, and the z̃ of this batch.",
    ),
    (
        "dβ, dγ and dz by your formulas; dz is the hidden layer's δ",
        "Your formulas begin with g, and it has not come back yet.",
    ),
    ("∇W = Σ h δᵀ and ∇b = Σ δ, of both layers", "The δ of the hidden layer is still missing."),
    (
        "W, b, γ and β move by −η/n times their gradients",
        "What is computed after it would belong to another network. The printed solution moves W too early, too.",
    ),
)
MIXED = (3, 5, 1, 4, 0, 2)
SAID = controls.key("order_said")
ASKS = (
    f"{RIGHT} **All five formulas agree with measured slopes.** The last step: a net has one "
    "hidden layer, normalised, with the activation a. How does one batch train it? **What comes {when}?**"
)


def is_ordering() -> bool:
    """Whether the formulas are written, and the order is being asked for; a reload goes on from there."""
    state, address = st.session_state, st.query_params
    if ORDER not in state and (there := address.get(ORDER, "")) in map(str, range(len(STEPS) - 1)):
        state[ORDER] = int(there)
    if ORDER in state:
        name_in_address(ORDER, str(state[ORDER]))
    return ORDER in state


def begin_to_order() -> None:
    """From now on the order is asked for."""
    st.session_state[ORDER] = 0


def put_in_order(formulas: str) -> None:
    """Draw the steps that are left, and beside them those that have their place, and the reader's formulas."""
    done, state = st.session_state[ORDER], st.session_state
    write(way(ORDER_STEP))
    left, right = st.columns(2, gap="medium")
    with left:
        write(ASKS.format(when="next" if done else "first"))
        for k in MIXED:
            if k >= done:
                controls.button(f"order_{k}", STEPS[k][0], _place, k, width="stretch")
        if said := state.get(SAID):
            write(said)
    with right:
        write("\n".join(f"{k}. {step}" for k, (step, _) in enumerate(STEPS[:done], 1)))
        st.code(formulas, language="python", wrap_lines=True)
        offer_the_answer()


def _place(k: int) -> None:
    """Give the step its place, if it is the next one; the last one needs no asking."""
    state = st.session_state
    is_next = k == state[ORDER]
    state[SAID] = "" if is_next else f"{WRONG} **Not yet.** {STEPS[k][1]}"
    state[ORDER] += is_next
    if state[ORDER] == len(STEPS) - 1:
        note_solved("23.6")
        open_the_answer("written")
