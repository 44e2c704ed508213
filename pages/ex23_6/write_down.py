"""The exercise itself: the reader writes down the backward pass of one layer, and a batch judges it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.batch_norm import Backward, Forward, check_gradients
from nnlib.notation import Array, subscript
from pages.ex23_6.controls import BLANKS, Chosen, controls, offer_the_answer
from pages.ex23_6.order import begin_to_order, is_ordering, put_in_order
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import write


@dataclass(frozen=True)
class Batch:
    """What the formulas of a choice are worked out from."""

    g: Array
    passed: Forward
    dbeta: float = 0.0
    dgamma: float = 0.0

    @property
    def n(self) -> int:
        """How many samples it has."""
        return len(self.g)


@dataclass(frozen=True)
class Choice:
    """What can be put into a blank: in NumPy, its value for a batch, and what it is if it is wrong."""

    code: str
    value: Callable[[Batch], float]
    wrong: str = ""


CHOICES: Mapping[str, Mapping[str, Choice]] = {  # by blank, then as it is written in symbols
    "dbeta": {
        "Σ g z̄": Choice(
            "(g * z_bar).sum()",
            lambda batch: float(batch.g @ batch.passed.z_bar),
            "In z̃ = γ z̄ + β the factor of β is 1, not z̄: no gⱼ may count more than another.",
        ),
        "Σ g": Choice("g.sum()", lambda batch: float(batch.g.sum())),
        "Σ g / n": Choice(
            "g.mean()",
            lambda batch: float(batch.g.mean()),
            "That is the mean. β is added to every one of the n samples, and all that this does to L adds up.",
        ),
    },
    "dgamma": {
        "Σ g": Choice(
            "g.sum()",
            lambda batch: float(batch.g.sum()),
            "That is β's. γ is multiplied by z̄ⱼ, and so gⱼ counts z̄ⱼ times.",
        ),
        "Σ g z": Choice(
            "(g * z).sum()",
            lambda batch: float(batch.g @ batch.passed.z),
            "γ is multiplied by what has been normalised, not by z itself.",
        ),
        "Σ g z̄": Choice("(g * z_bar).sum()", lambda batch: float(batch.g @ batch.passed.z_bar)),
    },
    "factor": {
        "γ": Choice(
            "gamma",
            lambda batch: batch.passed.gamma,
            "γ is the way from z̃ to z̄ alone. From z̄ = (z − u)/s to z comes another factor.",
        ),
        "1/s": Choice(
            "1 / s",
            lambda batch: 1 / batch.passed.scale,
            "1/s is the way from z̄ to z alone. From z̃ to z̄ comes another factor.",
        ),
        "γ/s": Choice("gamma / s", lambda batch: batch.passed.gamma / batch.passed.scale),
        "γ/s²": Choice(
            "gamma / s**2",
            lambda batch: batch.passed.gamma / batch.passed.scale**2,
            "z̄ = (z − u)/s divides by s once. You divide by it twice.",
        ),
    },
    "height": {
        "0": Choice("0", lambda batch: 0.0, "Every z moves u, too, and nothing is taken away for it."),
        "dβ": Choice(
            "dbeta",
            lambda batch: batch.dbeta,
            "Each z moves u by 1/n only, but the whole of dβ is taken away from every sample.",
        ),
        "dβ/(n − 1)": Choice(
            "dbeta / (n - 1)", lambda batch: batch.dbeta / (batch.n - 1), "u = Σ z / n has another divisor."
        ),
        "dβ/n": Choice("dbeta / n", lambda batch: batch.dbeta / batch.n),
    },
    "slope": {
        "dγ": Choice("dgamma", lambda batch: batch.dgamma, "σ² is a mean, and so its path divides by something."),
        "dγ/n": Choice(
            "dgamma / n",
            lambda batch: batch.dgamma / batch.n,
            "The printed solution writes it so, but here σ² divides by n − 1: the tilt is not quite taken away.",
        ),
        "0": Choice("0", lambda batch: 0.0, "Every z moves σ², too, and nothing is taken away for it."),
        "dγ/(n − 1)": Choice(
            "dgamma / (n - 1)",
            lambda batch: batch.dgamma / (batch.n - 1),
            "You have set σ² to divide by n: now too much of the tilt is taken away.",
        ),
    },
}
TRUE = {"dbeta": "Σ g", "dgamma": "Σ g z̄", "factor": "γ/s", "height": "dβ/n"}  # and of slope by the divisor
SIGNS = {"dbeta": "dβ", "dgamma": "dγ", "factor": "A", "height": "B", "slope": "C"}
LABELS = {
    "dbeta": "dβ = ∂L/∂β, from z̃ = γ z̄ + β",
    "dgamma": "dγ = ∂L/∂γ, from z̃ = γ z̄ + β",
    "factor": "**A**, which g is multiplied by on its way from z̃ to z",
    "height": "**B**, what the path through u takes away",
    "slope": "**C**, what the path through σ² takes away for each unit of z̄",
}
ASKS = (
    "**Now write the algorithm down, for one layer.** The gradients g have come back to z̃. The layer owes three "
    "things: dβ and dγ for its own parameters, and dz for the layer below. Your batch above tests what you write."
)
NOT_TOLD = "This batch does not show it: drag a sample, or change γ under *More settings*, and look again."
ASKS_DZ = f"{RIGHT} Both agree with measured slopes. **Now dz = A · (g − line), where the line is B + C · z̄:**"


def write_down(chosen: Chosen) -> None:
    """Draw the blanks, as they are due, and the program they make; once all are right the order is asked for."""
    true = TRUE | {"slope": "dγ/(n − 1)" if chosen.ddof else "dγ/n"}
    if is_ordering():
        put_in_order(_program(true, chosen.ddof))
        return
    try:
        passed = chosen.forward()
    except ValueError as error:
        write(f"This batch cannot be normalised: {error}.")
        return
    left, right = st.columns([5, 6], gap="medium")
    with left:
        write(ASKS)
        picks = {name: _ask(name) for name in ("dbeta", "dgamma")}
        if all(picks[name] == true[name] for name in picks):
            write(ASKS_DZ)
            picks |= {name: _ask(name) for name in ("factor", "height", "slope")}
    if picks == true:
        begin_to_order()
        st.rerun()
    with right:
        st.code(_program(picks, chosen.ddof), language="python", wrap_lines=True)
        if any(picks.values()):
            said = _judge(chosen, passed, picks, true)
            left.markdown(said)  # on a narrow screen, too, it is seen with what was chosen
        offer_the_answer()


def _ask(name: str) -> str | None:
    return controls.perhaps(BLANKS[name], LABELS[name], list(CHOICES[name]), joined=True)


def _program(picks: Mapping[str, str | None], ddof: int) -> str:
    """What the reader has written, in NumPy."""
    code = {name: CHOICES[name][pick].code if (pick := picks.get(name)) else "…" for name in CHOICES}
    return f"""n, u = len(z), z.mean()
s = np.sqrt(z.var(ddof={ddof}) + epsilon)
z_bar = (z - u) / s
dbeta = {code["dbeta"]}
dgamma = {code["dgamma"]}
line = {code["height"]} + {code["slope"]} * z_bar
dz = {code["factor"]} * (g - line)"""


def _judge(chosen: Chosen, passed: Forward, picks: Mapping[str, str | None], true: Mapping[str, str]) -> str:
    """Draw what has been written beside measured slopes; return what the first wrong choice does."""
    result, n = chosen.backward("none"), len(chosen.z)
    batch = Batch(np.array(chosen.g), passed, result.dbeta, result.dgamma)
    value = {name: CHOICES[name][pick].value(batch) for name, pick in picks.items() if pick}
    measured = dict(zip(_names(n), check_gradients(passed, chosen.g).numerical[: n + 2], strict=True))
    due = dict(zip(_names(n), result.as_vector()[: n + 2], strict=True))
    written = {sign: value[name] for sign, name in (("dγ", "dgamma"), ("dβ", "dbeta")) if name in value}
    is_whole = {"factor", "height", "slope"} <= value.keys()
    if is_whole:
        dz = value["factor"] * (batch.g - value["height"] - value["slope"] * passed.z_bar)
        written = dict(zip(_names(n)[:n], dz.tolist(), strict=True))
    smallest = 1e-6 * float(np.abs(result.own).max() + abs(result.dbeta) + abs(result.dgamma)) + 1e-12
    is_off = {sign: abs(of - due[sign]) > smallest for sign, of in written.items()}
    rows = {
        "you wrote": [f"{_tidy(of, smallest)} {WRONG if is_off[sign] else RIGHT}" for sign, of in written.items()],
        "measured": [_tidy(measured[sign], smallest) for sign in written],
    }
    st.table(pd.DataFrame(rows, index=list(written)))
    wrong = [name for name in ("dbeta", "dgamma", "height", "slope", "factor") if name in value]
    wrong = [name for name in wrong if picks[name] != true[name]]
    if not wrong or ({"factor", "height", "slope"} & value.keys() and not is_whole):
        return ""
    pick = picks[wrong[0]] or ""
    said = f"{WRONG} **{SIGNS[wrong[0]]} = {pick}:** {CHOICES[wrong[0]][pick].wrong}"
    if not any(is_off.values()):
        return f"{said} {NOT_TOLD}"
    return f"{said} {_what_it_does(dz, wrong[0], passed, result, smallest)}" if is_whole else said


def _what_it_does(dz: Array, wrong: str, passed: Forward, result: Backward, smallest: float) -> str:
    """What a wrong choice does to the sum that notices it."""
    shift, stretch = float(dz.sum()), float(dz @ passed.z_bar)
    if wrong == "height":
        return f"So Σ dz = {_tidy(shift, smallest)}, where it must be 0."
    if wrong == "slope":
        must = _tidy(float(result.dz @ passed.z_bar), 1e-3 * abs(stretch))
        return f"So Σ dz · z̄ = {_tidy(stretch, smallest)}, where it must be {must}."
    return "Neither sum notices: a factor that all dz share leaves a 0 at 0."


def _names(n: int) -> list[str]:
    return [*(f"dz{subscript(j + 1)}" for j in range(n)), "dγ", "dβ"]


def _tidy(value: float, smallest: float) -> str:
    """A number of which rounding is no part."""
    return "0" if abs(value) <= smallest else number(value)
