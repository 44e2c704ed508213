"""The reader's batch of one neuron: z, z̄ and z̃, every gradient as true and as printed, and two sums of them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.batch_norm import (
    MISTAKES,
    Backward,
    Forward,
    backward,
    check_gradients,
    derivative_names,
    forward,
    invariants,
)
from nnlib.notation import subscript
from pages.ex23_6.controls import BETA, DIVISORS, EPSILON, EPSILONS, GAMMA, REACH, START_G, START_Z, controls
from pages.ex23_6.number_lines import LineGroup, NumberLine, number_lines
from pages.shared.gradient_table import printed_table
from pages.shared.numbers import RIGHT, WRONG, difference, number
from pages.shared.page import in_python, section

MOST = 8  # samples


@dataclass(frozen=True)
class Batch:
    """What the reader has set: z and g of each sample, γ, β, ε, and n − ddof as the divisor of σ²."""

    z: list[float]
    g: list[float]
    gamma: float
    beta: float
    epsilon: float
    ddof: int
    mistake: str


@st.fragment
def batch_section(code: DeltaGenerator) -> None:
    """The batch, and all that follows from its sliders; its lines of Python go into `code`."""
    side, picture = st.columns([1, 2], gap="large")
    with side:
        batch = batch_controls()
    try:
        passed = forward(batch.z, batch.gamma, batch.beta, batch.epsilon, batch.ddof)
        gradients, printed = backward(passed, batch.g, batch.mistake), backward(passed, batch.g, "as printed")
    except ValueError as error:
        picture.error(f"This batch cannot be normalised: {error}.", icon=":material/error:")
        return
    with picture:
        show_batch(passed, batch.g, gradients, printed)
        show_checks(passed, batch)
    show_sums(passed, batch, gradients, printed)
    with code.container():
        in_python(batch_code(batch))


def draw_new(name: str) -> None:
    """Fresh values from N(0, 1) for every sample's z, or for every g."""
    for j, value in enumerate(np.random.default_rng().standard_normal(MOST), start=1):
        st.session_state[controls.key(f"{name}{j}")] = float(np.clip(value, -REACH, REACH).round(1))


def batch_controls() -> Batch:
    """Two sliders a sample, and what all samples share."""
    n = controls.slider("n", "Samples n", 2, MOST, 5)
    values: dict[str, list[float]] = {"z": [], "g": []}
    for j in range(1, n + 1):
        starts = {"z": START_Z[j - 1], "g": START_G[j - 1]}
        for place, (name, start) in zip(st.columns(2), starts.items(), strict=True):
            label = f"{name}{subscript(j)}"
            values[name].append(controls.slider(f"{name}{j}", label, -REACH, REACH, start, 0.1, place=place))
    with st.container(horizontal=True):
        for name in values:
            controls.button(f"draw_{name}", f"New {name}", draw_new, name, icon=":material/casino:")
    left, right = st.columns(2)
    gamma = controls.slider("gamma", "Scale γ", -REACH, REACH, GAMMA, 0.1, place=left)
    beta = controls.slider("beta", "Shift β", -REACH, REACH, BETA, 0.1, place=right)
    epsilon = controls.steps(
        "epsilon",
        "ε",
        list(EPSILONS),
        EPSILON,
        help="A small number added to σ², so that equal z do not divide by 0.",
    )
    divisor = controls.choice(
        "divisor", "σ² divides by", list(DIVISORS), help="n − 1 as in the book (23.60); n as in PyTorch and Keras."
    )
    mistake = controls.radio("mistake", "Plant a mistake", MISTAKES)
    return Batch(values["z"], values["g"], gamma, beta, EPSILONS[epsilon], DIVISORS[divisor], mistake)


def show_batch(passed: Forward, g: list[float], gradients: Backward, printed: Backward) -> None:
    """Number lines and a table of what happens to each sample."""
    number_lines(batch_lines(passed, gradients, printed), controls.key("lines"))
    st.caption(
        "The small numbers are the samples. On the line of z, the bar marks u. The band reaches from u − s "
        "to u + s, with s = √(σ² + ε). On z̄ it reaches from −1 to 1. On z̃ the bar marks β, and the band "
        "reaches |γ| to either side. Red: dz. Where a red line is slanted, the two differ."
    )
    columns: dict[str, Iterable[float]] = {
        "z": passed.z,
        "z − u": passed.z - passed.u,
        "z̄": passed.z_bar,
        "z̃": passed.z_tilde,
        "g = ∂L/∂z̃": g,
        "dz̄ = γg": gradients.dz_bar,
    }
    table = pd.DataFrame({name: map(number, values) for name, values in columns.items()})
    st.table(table.assign(sample=[str(j + 1) for j in range(len(table))]).set_index("sample"))
    st.markdown(
        f"u = **{number(passed.u)}**, σ² = **{number(passed.variance)}**, s = √(σ² + ε) = "
        f"**{number(passed.scale)}**."
    )


def batch_lines(passed: Forward, gradients: Backward, printed: Backward) -> list[LineGroup]:
    """z, z̄ and z̃ on number lines, and below them dz as computed and as printed."""
    u, s, gamma, beta = passed.u, passed.scale, passed.gamma, passed.beta
    values = [
        NumberLine("z", passed.z.tolist(), u, "u", (u - s, u + s)),
        NumberLine("z̄", passed.z_bar.tolist(), 0.0, "", (-1.0, 1.0)),
        NumberLine("z̃", passed.z_tilde.tolist(), beta, "", (beta - abs(gamma), beta + abs(gamma))),
    ]
    slopes = [
        NumberLine("dz", gradients.dz.tolist()),
        NumberLine("dz as\nprinted", printed.dz.tolist(), hollow=True),
    ]
    return [LineGroup(values, "forward"), LineGroup(slopes, "gradient")]


def show_checks(passed: Forward, batch: Batch) -> None:
    """Every derivative, the reader's and the printed one, against its numerical value."""
    section(
        "Every gradient, checked",
        "**Analytic** is the true formula, or the mistake you planted. **As printed** is the book's solution. "
        "**Numerical** moves one number a little and measures how L changes. "
        "Moving z moves u and σ² with it. For du only u is moved, and for dσ² only σ²; all else stays fixed.",
    )
    check = check_gradients(passed, batch.g, batch.mistake)
    printed = check_gradients(passed, batch.g, "as printed")
    printed_table(derivative_names(len(batch.z)), check, printed, controls.key("gradients"))
    if batch.ddof == 0:
        st.markdown(
            "With divisor n, the printed formula is right. It belongs to this σ², not to the book's (23.60)."
        )
    elif not printed.differs.any():
        st.markdown("Here dσ² or every z − u is so near 0 that the misprint does no harm. Press “New z”.")
    else:
        off = float(printed.difference.max())
        st.markdown(f"The printed dz is off by up to **{difference(off)}**. All else that is printed is right.")


def show_sums(passed: Forward, batch: Batch, gradients: Backward, printed: Backward) -> None:
    """Σ dz and Σ dz·z̄, beside what they must be."""
    section(
        "Two sums that give a mistake away",
        "**Shift** all z by one number: u moves along, and no z̄ changes. So L does not change, and Σ dz = 0. "
        "**Stretch** all z away from u: z̄ changes only because of ε. So Σ dz·z̄ is almost 0. "
        "What ε leaves is γ dγ ε / s³.",
    )
    own = "analytic" if batch.mistake == "none" else f"analytic, {batch.mistake}"
    rows = {own: invariants(passed, gradients), "as printed": invariants(passed, printed)}
    marks = {True: RIGHT, False: WRONG}
    st.table(
        pd.DataFrame(
            {
                "dz": list(rows),
                "Σ dz": [f"{number(one.shift)} {marks[one.shift_holds]}" for one in rows.values()],
                "must be": ["0" for _ in rows],
                "Σ dz·z̄": [f"{number(one.stretch)} {marks[one.stretch_holds]}" for one in rows.values()],
                "must be γ dγ ε / s³": [number(one.left_by_epsilon) for one in rows.values()],
            }
        ).set_index("dz")
    )
    if batch.ddof == 1:
        st.markdown(
            "The misprint passes the first test: it adds a multiple of z − u, which sums to 0. "
            "The second test finds it."
        )


def batch_code(batch: Batch) -> str:
    """The lines of `nnlib` that reproduce the numbers of the section."""
    z, g, gamma, beta, epsilon = batch.z, batch.g, batch.gamma, batch.beta, batch.epsilon
    return f"""from nnlib.chapter23.batch_norm import (
    backward, check_gradients, derivative_names, forward, invariants
)

g = {g!r}
passed = forward({z!r}, gamma={gamma!r}, beta={beta!r}, epsilon={epsilon!r}, ddof={batch.ddof})
gradients = backward(passed, g, mistake={batch.mistake!r})
check = check_gradients(passed, g, mistake={batch.mistake!r})
printed = check_gradients(passed, g, mistake="as printed")
for row in zip(derivative_names({len(z)}), check.analytic, printed.analytic, check.numerical, check.passes):
    print(*row)
print(passed.z_tilde, invariants(passed, gradients))
"""
