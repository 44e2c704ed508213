"""Both derivatives of every cell of page 23.2 beside measured slopes, and mistakes to plant in them."""

from dataclasses import fields

import numpy as np
import streamlit as st

from nnlib.chapter23.multilabel import MISTAKES, check_gradients, multilabel_loss
from nnlib.gradcheck import GradientCheck
from pages.ex23_2.in_python import same_in_python, table_lines
from pages.ex23_2.label_table import LabelTable, controls
from pages.shared.gradient_table import gradient_table
from pages.shared.numbers import RIGHT, WRONG, difference, number
from pages.shared.page import write

PLANTED = {name.replace("1/n", "1/N").replace(" l ", " labels "): name for name in MISTAKES}  # N are the samples
WRITTEN = {
    "missing 1/n": "(p − y) / (p (1 − p)), without the 1/N",
    "divided by l too": "(p − y) / (N · $l$ · p (1 − p)), where the number of labels, $l$, is one factor too many",
    "wrong sign": "(y − p) / (N p (1 − p)), the wrong way round",
}
DERIVATIVES = ("∂L/∂p", "∂L/∂z")


def check_table(table: LabelTable) -> None:
    """The tab, from top to bottom."""
    write(
        "A derivative can be measured without any formula: move one p, or one z, a little, and divide the change "
        "of L by that move. This finds mistakes in formulas."
    )
    mistake = PLANTED[controls.choice("mistake", "Plant a mistake in the derivatives", list(PLANTED))]
    check = check_gradients(table.Z, table.Y, mistake)
    parts = [GradientCheck(*(getattr(check, field.name)[part] for field in fields(check))) for part in (0, 1)]
    write(_verdict(parts), *_where(table, mistake, parts))
    with st.expander("Every derivative beside its measured slope", expanded=bool(check.differs.any())):
        write(f"The two small digits are film and genre: {DERIVATIVES[0]}{table.chosen} is that of {table.name}.")
        for place, name, part in zip(st.columns(2, gap="medium"), DERIVATIVES, parts, strict=True):
            with place:
                gradient_table(
                    [name + digits for digits in table.indices], part, controls.key(f"check_{name[-1]}")
                )
    same_in_python(_code(table, mistake), "check")


def _code(table: LabelTable, mistake: str) -> str:
    """What is compared, mistake and all."""
    planted = "" if mistake == "none" else f', mistake="{mistake}"'
    return f"""import numpy as np

from nnlib.chapter23.multilabel import check_gradients

{table_lines(table)}

check = check_gradients(Z, Y{planted})  # of ∂L/∂p and of ∂L/∂z
print(check.analytic, check.numerical, check.verdicts, sep="\\n")
"""


def _verdict(parts: list[GradientCheck]) -> str:
    """One line on all derivatives."""
    size, wrong = parts[0].analytic.size, [int(part.differs.sum()) for part in parts]
    if not any(wrong):
        worst = difference(max(np.max(part.difference) for part in parts))
        return f"**{RIGHT} All {2 * size} derivatives agree with measured slopes**, worst difference {worst}."
    counts = dict(zip(DERIVATIVES, wrong, strict=True))
    told = " and ".join(f"{count} of {size} {name}" for name, count in counts.items() if count)
    right = "".join(f" All {size} {name} agree." for name, count in counts.items() if not count)
    return f"**{WRONG} {told} differ from their measured slopes.**{right}"


def _where(table: LabelTable, mistake: str, parts: list[GradientCheck]) -> list[str]:
    """Where the mistake stands and what it spoils, in the numbers of the chosen cell; or why nobody can see it."""
    if mistake == "none":
        return []
    if not any(part.differs.any() for part in parts):
        one, letter = ("film", "N") if mistake == "missing 1/n" else ("genre", "$l$")
        return [
            f"With one {one}, 1/{letter} is 1, so this mistake cannot be seen. Take more {one}s (*More settings*)."
        ]
    true, made = (multilabel_loss(table.Z, table.Y, name) for name in ("none", mistake))
    at = table.i, table.k
    in_p = f"{number(made.dP[at])} instead of {number(true.dP[at])}"
    in_z = f"{number(made.dZ[at])} instead of {number(true.dZ[at])}"
    if mistake in WRITTEN:
        return [
            f"{WRONG} The mistake stands in **∂L/∂p**, which is computed as {WRITTEN[mistake]}. For {table.name} "
            f"it gives {in_p}.",
            f"{WRONG} From there it flows on into **∂L/∂z**, which is ∂L/∂p times p (1 − p): {in_z}.",
        ]
    return [
        f"{WRONG} The mistake stands in **∂L/∂z**, which is taken to be ∂L/∂p, without the slope p (1 − p) of the "
        f"sigmoid. For {table.name} it gives {in_z}. No ∂L/∂p passes through the sigmoid, so all of them are "
        "right."
    ]
