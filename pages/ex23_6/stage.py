"""The stage of page 23.6: a batch, the line that is taken away from its gradients, and what is left."""

import numpy as np
import streamlit as st

from nnlib.chapter23.batch_norm import Backward, Forward, invariants
from pages.ex23_6.controls import (
    MEAN,
    OWN,
    SLOPE,
    STEPS,
    Chosen,
    acts_at,
    answer_is_open,
    ask_for_the_surprise,
    ask_to_begin,
    choose_numbers,
    choose_step,
    controls,
    has_begun,
    is_known,
    is_writing,
)
from pages.ex23_6.experiments import experiments
from pages.ex23_6.order import is_ordering
from pages.ex23_6.stage_picture import (
    NOTHING,
    draw_picture,
    height_is_found,
    height_was_found,
    line_is_found,
    tilts_at_once,
)
from pages.ex23_6.steps import FORMULAS, LINE, ORDER, PATHS, way
from pages.ex23_6.why_drawing import why_drawing
from pages.shared.delivery import style, style_file
from pages.shared.frame import is_hiding, is_open, more_settings, stage
from pages.shared.lead_to import lead_to
from pages.shared.numbers import RIGHT, number
from pages.shared.page import write


def show_stage() -> Chosen:
    """The controls, the picture they make, and what is to be seen in it."""
    style_file(__file__)
    had_begun = has_begun()
    with stage() as (strip, picture), strip:
        step, mistake, is_hidden, row = choose_step(was_found := line_is_found())
    with more_settings(controls, row):  # below the picture, which stays where it is
        chosen = choose_numbers(step, mistake, is_hidden)
    if has_begun() != had_begun:
        st.rerun()  # only now is it known which values of an address are possible
    if not has_begun():
        with picture:
            style(f".st-key-{controls.key('buttons')} {{ display: none; }}")
            why_drawing(chosen.forward())
            with st.container(horizontal=True, gap="medium", key=controls.key("way_on")):
                ask_to_begin()
                lead_to(controls, "A net that trains", "See both nets train, with batch norm and without")
        return chosen
    with picture:
        words = st.container(key=controls.key("words"), gap="xxsmall")  # stage.css: as high as the longest
        draw_picture(chosen)
        if line_is_found() and not was_found:
            st.rerun()  # after a reload: only now is it known, and the way on is lit
        with words, st.container(key=controls.key("long_words" if answer_is_open() else "short_words")):
            _show_words(chosen)
    return chosen


def _show_words(chosen: Chosen) -> None:
    """What the puzzle is; once the line is found, what there is to see."""
    try:
        passed, gradients = chosen.forward(), chosen.backward()
    except ValueError as error:
        st.error(f"This batch cannot be normalised: {error}.", icon=":material/error:")
        return
    words = _words(chosen, passed, gradients)
    write(words if answer_is_open() or chosen.is_hidden else f"{way(_reached(chosen))}\u2002{words}")
    if chosen.step == SLOPE:
        ask_for_the_surprise(chosen)


def _reached(chosen: Chosen) -> int:
    """The step of the exercise that the reader is at, while the answer is not open."""
    if is_ordering():
        return ORDER
    if is_writing(chosen.step):
        return FORMULAS
    return PATHS if is_known() and (chosen.step != OWN or line_is_found()) else LINE


EPSILON_COUNTS = 0.005  # of ε beside σ²: where it is more, what it leaves can be seen in the picture
ASKS = (
    "**The layers above send a gradient g = ∂L/∂z̃ back to each sample. How much of it goes on to z, as "
    "dz = ∂L/∂z?**"
)
LIFT = (
    f"{ASKS} Shift all z, and L does not notice: a part of g that is alike for all samples cannot get "
    "through. **Lift the dashed line to take it away**; what stands above or below the line goes on."
)
TILT = (
    "**Now tilt the line by its ends, until the second sum has its ✓, too.** {stretch}: a part of g that grows "
    "with z̄ is lost, too. So what is lost is a straight line over z̄."
)
LAY = (
    f"{ASKS} A part that is alike for all samples is lost, as in a shift, and so is a part that grows with z̄, as "
    "in a stretch. So what is lost is a straight line over z̄. **Lay it by its middle and its ends, until both "
    "sums have their ✓.**"
)
AGAIN = (
    "**The first sum is open again. Move the line by its middle until that sum has its ✓**; then tilt it by its "
    "ends until the second one has its ✓, too."
)
STRETCH = "Stretch all z, and L does not notice either"
STRETCH_WITH_EPSILON = "With this ε, L hardly notices when all z are stretched"
FOUND = ":green[**It is the least-squares line of g over z̄**]: of all lines, it lies closest to the samples."
FOUND_WITH_EPSILON = "It is nearly the least-squares line of g over z̄: ε, beside σ², makes it less steep."


def epsilon_counts(passed: Forward) -> bool:
    """Whether stretching all z moves z̄ as far as can be seen."""
    return passed.epsilon > EPSILON_COUNTS * passed.variance


def _where() -> str:
    """Where the answer is written."""
    is_below = is_open("ex23_6", "The answer", is_first=True)
    return "[the formula](#what-goes-on-to-z) is below" if is_below else "the formula is in *The answer*"


TAKEN = "**Minus the slope.** Every z moves σ² too, and this path takes the slope of the least-squares line away."
TAKEN_WITH_EPSILON = (
    "**Minus the slope.** Every z moves σ² too, and this path takes a slope away. It is less steep than the "
    "least-squares line, because ε is not small beside σ²."
)


def _words(chosen: Chosen, passed: Forward, gradients: Backward) -> str:
    """What the reader should see at this step, in two or three sentences; not what an experiment asks for."""
    if chosen.is_hidden:
        if chosen.step != SLOPE:
            return f"**One of the paths is wrong, unmarked.** Go to the step **{SLOPE}** to find it."
        return (
            "**The path through σ² is wrong, and no arrow is marked. Which mistake is it?** The step *minus the "
            "mean* shows how large Σ dz · z̄ was before. How much should this path take away, and how much does it?"
        )
    at_work = acts_at(chosen.mistake)
    if chosen.mistake != "none" and STEPS.index(chosen.step) < STEPS.index(at_work):
        return (
            "**All is right so far.** The mistake that you have planted sits in a later path: look for it at the "
            f"step **{at_work}**."
        )
    if chosen.step == SLOPE and is_hiding("ex23_6", experiments()):
        return (
            "**Minus the slope.** Each bar is g minus the line, and each black arrow is the dz that is left. Look "
            "at these arrows, and at the two sums below them."
        )
    by_epsilon = epsilon_counts(passed)
    if passed.variance == 0:
        return (
            "All z are equal, so σ² = 0 and every z̄ is 0: only ε keeps the division finite, and it makes s = √ε "
            "so small that arrows are long. A single z has no slope to fit, so only the mean is taken away."
        )
    if chosen.step == OWN and not line_is_found():
        asks = TILT if height_is_found() else AGAIN if height_was_found() else LAY if tilts_at_once() else LIFT
        return asks.format(stretch=STRETCH_WITH_EPSILON if by_epsilon else STRETCH)
    if chosen.step == OWN:
        which = FOUND_WITH_EPSILON if by_epsilon else FOUND
        return f"{which} **It is made of two paths: add them one by one.**"
    if chosen.mistake == "forgotten u and σ²":
        return (
            "**u and σ² are forgotten**: nothing is taken away, as if each sample were alone in its batch. Both "
            "sums give it away."
        )
    if chosen.step == MEAN:
        return (
            "**Minus the mean.** Every z moves u too, and this path takes the mean of g away: now Σ dz = 0. That "
            "sum is also the gradient of a bias b, which adds one number to all z: **a bias before batch norm "
            "learns nothing.** The second sum waits for the path through σ²."
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
    if chosen.mistake == "forgotten factor 2":
        return (
            "**The factor 2 is forgotten** in ∂σ²/∂z = 2(z − u)/(n − 1). The line has the right mean, so Σ dz is "
            "still 0, but only half its slope: every σ² arrow is half as long as it should be."
        )
    if chosen.mistake == "wrong sign of dσ²":
        return (
            "**The sign of dσ² is wrong**, so the line tilts the wrong way and every σ² arrow points to the "
            "wrong side. The first sum cannot see this; the second one can."
        )
    if len(chosen.z) == 2:
        if by_epsilon:
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
    taken = TAKEN_WITH_EPSILON if by_epsilon else TAKEN
    if not answer_is_open():
        return f"{taken} What is left is dz. **Now write it down, formula by formula: that is the exercise.**"
    return (
        f"{taken} Nothing is lost: β learns from the mean, dβ = n · mean = {number(gradients.dbeta)}, and γ from "
        f"the slope, dγ = {'(n − 1)' if chosen.ddof else 'n'} · slope = {number(gradients.dgamma)}. The rest is "
        f"dz: {_where()}. **Drag the samples: where must they lie for no dz to be left?**"
    )
