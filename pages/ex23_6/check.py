"""Every number of the stage's batch, forward and backward, and every derivative beside its measured slope."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.batch_norm import check_gradients, derivative_names
from pages.ex23_6.controls import FIRST_FIND_IT, Chosen, ask_for_the_answer, controls, is_known
from pages.shared.gradient_table import gradient_table, summarise
from pages.shared.numbers import difference, number
from pages.shared.page import section, write


def check(chosen: Chosen) -> None:
    """The tab."""
    if not is_known():
        write(
            "Every gradient of your batch is compared here with a measured slope as soon as you have found the "
            "line above."
        )
        ask_for_the_answer()
        return
    if chosen.is_hidden:
        write(FIRST_FIND_IT)
        return
    try:
        passed, gradients = chosen.forward(), chosen.backward()
    except ValueError as error:
        write(f"This batch cannot be normalised: {error}.")
        return
    found = check_gradients(passed, chosen.g, chosen.mistake)
    names = derivative_names(len(chosen.z))
    write(
        f"**{summarise(names, found).removesuffix('.')}**, worst difference "
        f"{difference(np.max(found.difference))}.",
        "Each derivative is compared here with a measured slope: one number is moved a little, and how much L "
        "moves is divided by it. Moving a z moves u and σ² with it. For du only u is moved, and for dσ² only σ².",
    )
    with st.expander("Every derivative beside its measured slope", expanded=bool(found.differs.any())):
        gradient_table(names, found, key=controls.key("gradients"))
    section("Your batch in numbers")
    columns: dict[str, Iterable[float]] = {
        "z": passed.z,
        "z − u": passed.z - passed.u,
        "z̄": passed.z_bar,
        "z̃": passed.z_tilde,
        "g": chosen.g,
        "own path": gradients.own,
        "through u": gradients.through_u,
        "through σ²": gradients.through_variance,
        "dz": gradients.dz,
    }
    table = pd.DataFrame({name: [number(value) for value in values] for name, values in columns.items()})
    st.table(table.assign(sample=[str(j + 1) for j in range(len(table))]).set_index("sample"))
    write(
        f"u = **{number(passed.u)}**,\u2002 σ² = **{number(passed.variance)}**,\u2002 s = √(σ² + ε) = "
        f"**{number(passed.scale)}**;\u2002 dγ = **{number(gradients.dgamma)}**,\u2002 dβ = "
        f"**{number(gradients.dbeta)}**,\u2002 du = **{number(gradients.du)}**,\u2002 dσ² = "
        f"**{number(gradients.dvariance)}**"
    )
