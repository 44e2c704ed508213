"""The stage of page 23.6: a batch, the line that is taken away from its gradients, and what is left."""

import numpy as np
import streamlit as st

from nnlib.chapter23.batch_norm import Backward, Forward, invariants
from nnlib.notation import Array
from pages.ex23_6.controls import (
    MEAN,
    OWN,
    REACH,
    SLOPE,
    STEPS,
    Chosen,
    choose_numbers,
    choose_step,
    controls,
    move_sample,
)
from pages.ex23_6.experiments import EXPERIMENTS
from pages.ex23_6.stage_picture import Balance, Line, Picture, Ruler, Sample, draw_picture, round_ticks
from pages.shared.frame import is_hiding, more_settings, stage
from pages.shared.numbers import RIGHT, WRONG, number
from pages.shared.page import write

EDGE = 1.08 * REACH  # of the axes of z and g, as stage_picture.js draws them
NOTHING = 1e-4  # of the terms of a sum: what no eye tells from 0


def show_stage() -> Chosen:
    """The controls, the picture they make, and what is to be seen in it."""
    with stage() as (strip, picture), strip:
        step, mistake, row = choose_step()
    with more_settings(controls, row):  # below the picture, which stays where it is
        chosen = choose_numbers(step, mistake)
    words = st.container(key=controls.key("words"))
    with picture:
        try:
            passed = chosen.forward()
            gradients, true = chosen.backward(), chosen.backward("none")
        except ValueError as error:
            st.error(f"This batch cannot be normalised: {error}.", icon=":material/error:")
            return chosen
        draw_picture(_picture(chosen, passed, gradients, true), move_sample, controls.key("picture"))
    with words:
        write(_words(chosen, passed, gradients))
    return chosen


def _paths(gradients: Backward) -> list[Array]:
    return [gradients.own, gradients.through_u, gradients.through_variance]


def _picture(chosen: Chosen, passed: Forward, gradients: Backward, true: Backward) -> Picture:
    """The picture at the reader's step; where nothing is planted, `gradients` are `true`."""
    count = STEPS.index(chosen.step) + 1
    paths = _paths(gradients)
    apart = [~np.isclose(*both, rtol=1e-9, atol=1e-12) for both in zip(paths, _paths(true), strict=True)]
    so_far = np.sum(paths[:count], axis=0)
    true_so_far = np.sum(_paths(true)[:count], axis=0)
    is_wrong = bool(np.any(apart[:count]))
    ends = np.array([0.0, *np.cumsum(paths, axis=0).ravel(), *np.cumsum(_paths(true), axis=0).ravel()])
    room = 0.06 * (ends.max() - ends.min() or 1.0)
    samples = [
        Sample(
            z,
            g,
            [(float(path[j]), bool(wrong[j])) for path, wrong in zip(paths[:count], apart, strict=False)],
            float(true_so_far[j]) if is_wrong else None,
            _rounded(so_far[j], gradients),
            _rounded(true_so_far[j], true) if is_wrong else "",
        )
        for j, (z, g) in enumerate(zip(chosen.z, chosen.g, strict=True))
    ]
    factor = number(passed.gamma / passed.scale, 3)
    values = "; ".join(f"{j}: {sample.dz}" for j, sample in enumerate(samples, start=1))
    foot = f"dz {WRONG}" if is_wrong else "dz" if count == len(STEPS) else "so far"
    return Picture(
        samples=samples,
        reach=REACH,
        mean=passed.u,
        rulers=_rulers(passed),
        line=_line(passed, gradients, chosen.step),
        true_line=_line(passed, true, chosen.step) if is_wrong else None,
        line_says=_about_line(chosen, gradients, is_wrong),
        scale_says=f"{'Arrow' if count == 1 else 'Sum of the arrows'} = the bar of its sample × γ/s ({factor})",
        foot=foot,
        low=float(ends.min() - room),
        high=float(ends.max() + room),
        ticks=round_ticks(float(ends.min() - room), float(ends.max() + room), 6),
        balances=_balances(chosen, passed, gradients),
        description=f"Samples to drag, and the straight line taken away from them. {foot}: {values}.",
    )


def _rounded(value: float, gradients: Backward) -> str:
    """In three digits; what rounding or ε leaves of the terms of a dz is 0."""
    return "≈ 0" if abs(value) < NOTHING * np.abs(gradients.own).max() else number(value, 3)


def _rulers(passed: Forward) -> list[Ruler]:
    """The same places told in z, in z̄ and in z̃."""
    u, s, gamma, beta = passed.u, passed.scale, passed.gamma, passed.beta
    left, right = (-EDGE - u) / s, (EDGE - u) / s
    rulers = [
        Ruler("z", round_ticks(-EDGE, EDGE)),
        Ruler("z̄", [(u + s * value, text) for value, text in round_ticks(left, right)]),
    ]
    if gamma == 0:
        return [*rulers, Ruler("z̃", [(0.0, f"{number(beta)} everywhere")])]
    ends = sorted((beta + gamma * left, beta + gamma * right))
    ticks = [(u + s * (value - beta) / gamma, text) for value, text in round_ticks(ends[0], ends[1])]
    return [*rulers, Ruler("z̃", sorted(ticks))]


def _line(passed: Forward, gradients: Backward, step: str) -> Line | None:
    """What is taken away at this step: nothing, the mean of g, or the line with its slope."""
    if step == OWN:
        return None
    slope = gradients.slope if step == SLOPE else 0.0
    left, right = (gradients.height + slope * (z - passed.u) / passed.scale for z in (-EDGE, EDGE))
    return Line(left, right)


def _about_line(chosen: Chosen, gradients: Backward, is_wrong: bool) -> str:
    if chosen.step == OWN:
        return "Nothing is taken away yet: each bar is the whole g"
    mean = number(gradients.height, 3)
    mark = f"{WRONG} " if is_wrong else ""
    if chosen.mistake == "forgotten u and σ²":
        return f"{mark}No line is taken away"
    if chosen.step == MEAN:
        return f"{mark}Taken away: the mean of g, {mean}"
    return f"{mark}Line taken away: {mean} at u, slope {number(gradients.slope, 3)} per unit of z̄"


def _balances(chosen: Chosen, passed: Forward, gradients: Backward) -> list[Balance]:
    """Σ dz and Σ dz·z̄ so far, with the terms of either sign."""
    at = STEPS.index(chosen.step)
    steps = np.cumsum(_paths(gradients), axis=0)
    found = invariants(passed, gradients)
    return [
        _balance("Σ dz", steps, at, found.shift_holds, 0.0, is_told=True),
        _balance("Σ dz · z̄", steps * passed.z_bar, at, found.stretch_holds, found.left_by_epsilon, is_told=at > 0),
    ]


def _balance(name: str, steps: Array, at: int, holds: bool, must: float, is_told: bool) -> Balance:
    """One sum.

    `steps`: its terms after each step, (3, n); `holds`: whether the last is what it must be; `is_told`: whether
    the words at this step have said why it must.
    """
    terms, size = steps[at], float(np.abs(steps[0]).sum())
    reach = max(float(np.maximum(sign * part, 0).sum()) for part in steps for sign in (1, -1))
    total = float(terms.sum())
    nothing = "≈ 0" if must else "0"
    is_nothing = abs(total) <= NOTHING * size
    says = f"{name} = {number(total, 3)}" if not is_nothing else f"{name} ≈ 0" if must else f"{name} = 0"
    verdict = "right"
    if not is_told:
        says, verdict = f"So far {name} = {number(total, 3)}", "untold"
    elif at == len(STEPS) - 1 and not holds:
        due = nothing if abs(must) <= NOTHING * size else number(must, 3)
        says, verdict = f"{says} {WRONG} where it must be {due}", "wrong"
    elif is_nothing:
        says = f"{says} {RIGHT}"
    elif at == len(STEPS) - 1:
        says = f"{says} {RIGHT} which is what ε leaves of it"
    else:
        verdict = "open"
        says = f"So far {number(total, 3)}; in the end {name} must be {nothing}"
    return Balance(terms.tolist(), reach, says, verdict)


TAKEN = "**Minus the slope.** Every z moves σ² too, and this path takes away the slope of the line that fits best."
TAKEN_WITH_EPSILON = (
    "**Minus the slope.** Every z moves σ² too, and this path takes away a slope, less than that of the line that "
    "fits best, for ε is not small beside σ²."
)
# Of ε beside σ²: where it is more, what it leaves can be seen in the picture.
EPSILON_COUNTS = 0.005


def _words(chosen: Chosen, passed: Forward, gradients: Backward) -> str:
    """What the reader should see at this step, in two or three sentences; not what an experiment asks for."""
    at_work = MEAN if chosen.mistake == "forgotten u and σ²" else SLOPE
    if chosen.mistake != "none" and STEPS.index(chosen.step) < STEPS.index(at_work):
        return (
            "**All is right so far.** The mistake that you have planted sits in a later path: look for it at the "
            f"step **{at_work}**."
        )
    if chosen.step == SLOPE and is_hiding("ex23_6", EXPERIMENTS):
        return (
            "**Minus the slope.** Each bar is g minus the line, and each black arrow is the dz that is left. Look "
            "at these arrows, and at the two sums below them."
        )
    if passed.variance == 0:
        return (
            "All z are equal, so σ² = 0 and every z̄ is 0: only ε keeps the division finite, and it makes s = √ε "
            "so small that arrows are long. A single z has no slope to fit, so only the mean is taken away."
        )
    if chosen.step == OWN:
        total = gradients.own.sum()
        cancels = abs(total) <= NOTHING * np.abs(gradients.own).sum()
        return (
            "**Its own path.** Each g comes back through its own z̄, times γ/s. But if all z move by the same "
            "amount, u moves along, no z̄ changes, and L stays as it is: the true dz must add up to 0. These "
            f"{'do so by chance' if cancels else f'add up to {number(total, 3)}'}. The path through the mean u is "
            "missing."
        )
    if chosen.mistake == "forgotten u and σ²":
        return (
            "**u and σ² are forgotten**: nothing is taken away, as if each sample were alone in its batch. Both "
            "sums give it away."
        )
    if chosen.step == MEAN:
        return (
            "**Minus the mean.** Every z moves u too, and this path takes the mean of g away: now Σ dz = 0. That "
            "sum is also the gradient of a bias b, which adds one number to all z: **a bias before batch norm "
            "learns nothing.** The second sum must cancel too, because stretching all z away from u leaves every "
            "z̄ as it was. The path through σ² is missing."
        )
    if chosen.mistake != "none" and invariants(passed, gradients).stretch_holds:
        if chosen.ddof:
            return (
                "**The planted mistake does no harm here**: g has no slope over z̄. Both sums are what they must "
                "be."
            )
        return (
            "**The planted mistake does no harm here**: the printed formula is right where σ² divides by n. Both "
            "sums are what they must be."
        )
    if chosen.mistake == "as printed":
        n = len(chosen.z)
        return (
            f"**The printed formula** divides by n = {n} where σ² divides by {n - 1}. Its line has the right "
            f"mean, so Σ dz is still 0, but only {n - 1}/{n} of the slope: every σ² arrow is too short."
        )
    if chosen.mistake == "wrong sign of dσ²":
        return (
            "**The sign of dσ² is wrong**, so the line tilts the wrong way and every σ² arrow points to the "
            "wrong side. The first sum cannot see this; the second one can."
        )
    epsilon_counts = chosen.epsilon > EPSILON_COUNTS * passed.variance
    if len(chosen.z) == 2:
        if epsilon_counts:
            return (
                "**Two samples.** The line goes through both, but here ε is not small beside σ²: z̄ depends on "
                "how far apart the two z are, and so z gets a gradient."
            )
        return (
            "**Two samples.** The line goes through both of them, so nothing is left: whatever the layers above "
            f"ask for, they become z̄ = ±{number(abs(passed.z_bar[0]))}."
        )
    if np.abs(gradients.dz).max() <= NOTHING * np.abs(gradients.own).max():
        return (
            f"{RIGHT} **Nothing is left for z.** All samples lie on one straight line: the mean of g is β's part, "
            "its slope is γ's, and together they do all that the layers above ask for."
        )
    taken = TAKEN_WITH_EPSILON if epsilon_counts else TAKEN
    return (
        f"{taken} Mean and slope are not lost: β and γ "
        f"learn from them, dβ = n · mean = {number(gradients.dbeta, 3)} and "
        f"dγ = {'(n − 1)' if chosen.ddof else 'n'} · slope = {number(gradients.dgamma, 3)}. The rest goes to z. "
        "**Drag the samples: where must they lie for nothing to be left?**"
    )
