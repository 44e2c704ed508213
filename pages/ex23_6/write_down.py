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
from pages.ex23_6.steps import FORMULAS, way
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import write
from pages.shared.svg.curves import Axis, Curve, Panel, Point, draw_curves, round_ticks


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
            "In z̃ = γ z̄ + β it is γ that is multiplied by z̄. β is only added, so every sample's g counts alike.",
        ),
        "Σ g": Choice("g.sum()", lambda batch: float(batch.g.sum())),
        "Σ g / n": Choice(
            "g.mean()",
            lambda batch: float(batch.g.mean()),
            "That is the mean of g. β is added to every one of the n samples, and what this does to L adds up.",
        ),
    },
    "dgamma": {
        "Σ g": Choice(
            "g.sum()",
            lambda batch: float(batch.g.sum()),
            "That is the gradient of β. γ is multiplied by z̄, so each sample's g counts z̄ times.",
        ),
        "Σ g z": Choice(
            "(g * z).sum()",
            lambda batch: float(batch.g @ batch.passed.z),
            "In z̃ = γ z̄ + β it is z̄ that γ is multiplied by, not z.",
        ),
        "Σ g z̄": Choice("(g * z_bar).sum()", lambda batch: float(batch.g @ batch.passed.z_bar)),
    },
    "factor": {
        "γ": Choice(
            "gamma",
            lambda batch: batch.passed.gamma,
            "γ takes g from z̃ back to z̄ only. On to z there is a second factor, because z̄ = (z − u)/s.",
        ),
        "1/s": Choice(
            "1 / s",
            lambda batch: 1 / batch.passed.scale,
            "1/s takes it from z̄ back to z only. From z̃ to z̄ there is a factor before, because z̃ = γ z̄ + β.",
        ),
        "γ/s": Choice("gamma / s", lambda batch: batch.passed.gamma / batch.passed.scale),
        "γ/s²": Choice(
            "gamma / s**2",
            lambda batch: batch.passed.gamma / batch.passed.scale**2,
            "z̄ = (z − u)/s divides by s once. You divide by it twice.",
        ),
    },
    "height": {
        "0": Choice("0", lambda batch: 0.0, "Every z moves u, too, and so something must be taken away."),
        "dβ": Choice(
            "dbeta",
            lambda batch: batch.dbeta,
            "Each z moves u by only 1/n of its own step, so only 1/n of dβ is taken from each sample.",
        ),
        "dβ/(n − 1)": Choice(
            "dbeta / (n - 1)",
            lambda batch: batch.dbeta / (batch.n - 1),
            "The mean u = Σ z / n divides by n, not by n − 1.",
        ),
        "dβ/n": Choice("dbeta / n", lambda batch: batch.dbeta / batch.n),
    },
    "slope": {
        "dγ": Choice(
            "dgamma",
            lambda batch: batch.dgamma,
            "σ² is a sum of squares with a divisor, and its path keeps that divisor.",
        ),
        "dγ/n": Choice(
            "dgamma / n",
            lambda batch: batch.dgamma / batch.n,
            "The printed solution writes it so. But here σ² divides by n − 1, so some of the tilt stays.",
        ),
        "0": Choice("0", lambda batch: 0.0, "Every z moves σ², too, and so something must be taken away."),
        "dγ/(n − 1)": Choice(
            "dgamma / (n - 1)",
            lambda batch: batch.dgamma / (batch.n - 1),
            "You have set σ² to divide by n, so this takes too much of the tilt away.",
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
    "**Now write it down, for one layer.** From g the layer makes dβ and dγ for its own parameters, and dz for "
    "the layer below. Your batch tests what you write."
)
NOT_TOLD = "This batch does not show it: drag a sample, or change γ under *More settings*, and look again."
ASKS_DZ = f"{RIGHT} Both are right. **Now dz = A · (g − B − C · z̄):**"


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
    write(way(FORMULAS))
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
        if "factor" in picks:
            _draw_line(chosen, passed, picks)
        if any(picks.values()):
            said = _judge(chosen, passed, picks, true)
            left.markdown(said)  # on a narrow screen, too, it is seen with what was chosen
        offer_the_answer()


def _draw_line(chosen: Chosen, passed: Forward, picks: Mapping[str, str | None]) -> None:
    """Draw the batch over z̄, the line that is to be taken away, and the one of the reader's B and C."""
    result, z_bar = chosen.backward("none"), passed.z_bar
    batch = Batch(np.array(chosen.g), passed, result.dbeta, result.dgamma)
    ends = np.array([z_bar.min(), z_bar.max()])

    def line(height: float, slope: float, meaning: str, name: str, broken: bool = False) -> Curve:
        return Curve(ends.tolist(), (height + slope * ends).tolist(), meaning, broken, name=name)

    curves = [line(result.height, result.slope, "neutral", "found above", broken=True)]
    if picks["height"] and picks["slope"]:
        height, slope = (CHOICES[name][picks[name] or ""].value(batch) for name in ("height", "slope"))
        curves.append(line(height, slope, "gradient", "B + C · z̄"))
    reach = float(np.abs(z_bar).max()) * 1.1 or 1.0
    all_g = np.concatenate([batch.g, *(np.array(curve.y) for curve in curves), [0.0]])
    low, high = float(all_g.min()) - 0.3, float(all_g.max()) + 0.3
    panel = Panel(
        Axis("z̄", -reach, reach, round_ticks(-reach, reach)),
        Axis("g", low, high, round_ticks(low, high)),
        "neutral",
        f"The samples over z̄; {' and '.join(curve.name for curve in curves)}.",
        curves,
        [
            Point(x, y, "circle", False, f"sample {j}")
            for j, (x, y) in enumerate(zip(z_bar, batch.g, strict=True), 1)
        ],
    )
    draw_curves([panel], controls.key("write_line"), height=150)


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
    said = f"{WRONG} **Not {SIGNS[wrong[0]]} = {pick}.** {CHOICES[wrong[0]][pick].wrong}"
    if not any(is_off.values()):
        return f"{said} {NOT_TOLD}"
    return f"{said} {_what_it_does(dz, wrong[0], passed, result, smallest)}" if is_whole else said


def _what_it_does(dz: Array, wrong: str, passed: Forward, result: Backward, smallest: float) -> str:
    """What a wrong choice does to the sum that notices it."""
    shift, stretch = float(dz.sum()), float(dz @ passed.z_bar)
    if wrong == "height":
        return f"So Σ dz = {_tidy(shift, smallest)}, where it must be 0."
    if wrong == "slope":
        left = float(result.dz @ passed.z_bar)  # by ε
        must = _tidy(left, 1e-3 * abs(stretch))
        must = "≈ 0" if must == "0" and abs(left) > smallest else must
        return f"So Σ dz · z̄ = {_tidy(stretch, smallest)}, where it must be {must}."
    return "Neither sum notices, because a factor that all dz share leaves a sum of 0 at 0."


def _names(n: int) -> list[str]:
    return [*(f"dz{subscript(j + 1)}" for j in range(n)), "dγ", "dβ"]


def _tidy(value: float, smallest: float) -> str:
    """A number of which rounding is no part."""
    return "0" if abs(value) <= smallest else number(value)
