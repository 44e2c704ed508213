"""The stage of page 23.7: a plain and an inverted network trained side by side, and how far they are apart."""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.dropout_twins import NEEDED, TwinTraining
from nnlib.notation import MINUS, subscript
from pages.ex23_7.apart_drawing import apart_drawing
from pages.ex23_7.controls import (
    KEEP_PROBS,
    RATES,
    RULES_COME,
    SAME,
    STEPS,
    Chosen,
    choose,
    controls,
    followed,
    gradient_is_known,
    has_begun,
    is_asked,
    is_known,
    is_shown,
    matched,
    note_match,
    shown_phase,
    watches,
)
from pages.ex23_7.experiments import experiments
from pages.ex23_7.next_move import next_move, way
from pages.ex23_7.twin_drawing import Moment, Row, twin_data, twin_drawing
from pages.shared.charts import numbers_behind
from pages.shared.delivery import style, style_file
from pages.shared.frame import is_hiding, stage, words_of
from pages.shared.numbers import RIGHT, WRONG, decimals, difference, number, numbers_alike
from pages.shared.page import read_prose, write
from pages.shared.svg.ahead import Thumb, in_json, send_ahead
from pages.shared.svg.curves import Axis, Band, Curve, Motion, Panel, as_seen, curve_data, draw_curves, round_ticks
from pages.shared.tables import Table, written

FLOOR = 1e-17  # a logarithm has no place for 0: such a difference is drawn here
MOST_POINTS = 120
CURVES_HEIGHT = 160.0
CURVES, NETWORKS, APART = (controls.key(name) for name in ("twins", "networks", "apart"))
MET = controls.key("met")  # how often they have come together
WAS_ONE = controls.key("was_one")  # whether they were one when they were drawn last


def show_stage() -> Chosen:
    """The controls, and the two runs they make."""
    style_file(__file__)
    with st.container(key=controls.key("bar")):  # stage.css: it stays in sight, whatever tab is read
        place_of_p, verdict = st.columns((3, 5), gap="medium", vertical_alignment="center")
    with stage((3, 5)) as (strip, picture):
        rarer = st.expander("More settings")  # below both, for the eye and for the keyboard, at any width
        with strip, st.container(gap="xsmall"):  # all of it on the first screen
            chosen, words = choose(rarer, place_of_p)
        note_match(chosen)
        with words:
            st.markdown(way(chosen))
            if is_hiding("ex23_7", experiments()):
                write(words_of("ex23_7", experiments()))
            else:
                write(next_move(chosen))
                _light(is_asked(chosen))
        with picture, st.container(gap="xsmall"):
            _show_runs(chosen)
    with verdict:
        _show_verdict(chosen)
    return chosen


def _light(name: str) -> None:
    """Let the control stand out that answers the question of the moment."""
    if name and has_begun():
        name = name if name in ("p", "phase") else f"power_{name}"  # with its powers below it
        key = re.sub("[^A-Za-z0-9_-]", "-", controls.key(name))  # as Streamlit names its class
        style(f".st-key-{key} {{ border-left: 3px solid var(--accent); padding-left: 0.625rem; }}")


def _show_runs(chosen: Chosen) -> None:
    """Both networks drawn with one weight followed, and once the reader has watched, their curves."""
    state = st.session_state
    has_won = chosen.is_one and chosen.p < 1 and not state.get(WAS_ONE)  # they then come together before the eyes
    state[WAS_ONE] = chosen.is_one
    state[MET] = state.get(MET, 0) + has_won
    thumbs = _thumbs(chosen)
    motion: Motion = "grow" if chosen.watched else "meet" if has_won else "glide"
    phase = shown_phase()
    networks = st.container()  # above the curves, but drawn after them, whose step it follows while they grow
    if has_begun():
        draw_curves(_panels(chosen, chosen.training), CURVES, motion, thumbs, CURVES_HEIGHT, watches())
    shown = {
        "watches": watches(),
        "met": state[MET],
        "phase": phase,
        "shows": _rows_of_the_move(chosen, phase),
        "asked": "" if gradient_is_known() else "gradient",
        "returns": not chosen.is_one,
    }
    with networks:
        twin_drawing(_networks(chosen) | shown, thumbs, NETWORKS)


def _show_verdict(chosen: Chosen) -> None:
    """Once both have been watched: how far apart they are, and whether they are one."""
    if not has_begun():
        return
    with st.container(key="verdict"):  # stage.css: pale while the picture is ahead of it
        place, words = st.columns([5, 3], vertical_alignment="center")
    if chosen.is_one:
        words.container(key="one").markdown(f":green-background[**{RIGHT} One and the same run**]")
    training = chosen.training
    so_far = np.maximum.accumulate(training.prediction_differences)[_steps_shown(chosen)]
    with place:
        apart_drawing(chosen.apart, _how_far_apart(chosen), chosen.is_one, so_far, APART, watches())


def _how_far_apart(chosen: Chosen) -> str:
    return decimals(chosen.apart, 3) if chosen.apart >= 0.1 else difference(chosen.apart)


def let_pictures_follow(chosen: Chosen) -> None:
    """Have both pictures of the stage follow three thumbs: p and η take a training a value, Steps only one."""
    send_ahead(_thumbs(chosen), controls.key("ahead"))


def _thumbs(chosen: Chosen) -> list[Thumb]:
    unwatched = replace(chosen, watched=False)
    position = RATES.index(chosen.rate)
    return [
        Thumb(controls.key("p"), chosen.p, KEEP_PROBS, lambda p: replace(unwatched, p=p), _pictures),
        Thumb(
            controls.key("rate"),
            position,
            range(len(RATES)),
            lambda k: replace(unwatched, rate=RATES[int(k)]),
            _pictures,
        ),
        Thumb(
            controls.key("steps"),
            chosen.steps,
            STEPS,
            lambda n: replace(unwatched, steps=int(n)),
            _shorter_pictures,
        ),
    ]


@lru_cache(maxsize=400)
def _pictures(chosen: Chosen, training: TwinTraining | None = None) -> str:
    """Both pictures of the stage, as `send_ahead` takes them; `training` may be longer than what is chosen."""
    curves = curve_data(_panels(chosen, training or chosen.training), CURVES_HEIGHT)
    return in_json({CURVES: curves, NETWORKS: _networks(chosen)})


def _shorter_pictures(chosen: Chosen) -> str:
    """The same, cut from the longest training: its first steps are those of every shorter one."""
    return _pictures(chosen, replace(chosen, steps=STEPS[-1]).training)


def _networks(chosen: Chosen) -> dict[str, Any]:
    """Both networks under the mask of one sample, and where the factors p cancel for one weight."""
    i, j, sample = followed(chosen.seed)
    p, names = chosen.p, (f"h{subscript(i + 1)}", f"z{subscript(j + 1)}")

    def moment(step: int, now: np.ndarray, change: np.ndarray, masks: np.ndarray) -> Moment:
        w, added, of_step = now[:, i, j], change[:, i, j], f"in step {max(step, 1)}"
        rows = [
            _row("training", f"multiplies {names[0]} in training by", "w", w[0], "w′/p", w[1] / p),
            _row("prediction", f"multiplies {names[0]} in prediction by", "p w", p * w[0], "w′", w[1]),
        ]
        if chosen.rule == "gradient descent" and chosen.powers.weights == 1:
            gradient, twin = -added / (chosen.rate * p ** np.array([0, chosen.powers.rate]))
            rows.append(_row("gradient", f"gradient {of_step}", "∇w", gradient, "p ∇w′", p * twin))
        rows.append(_row("change", f"change {of_step}", "p Δw", p * added[0], "Δw′", added[1]))
        sent, mask = now / np.array([1.0, p]).reshape(2, 1, 1), _mask_with(masks, i, sample)
        # As long as the runs are not one, the words beside the table tell its numbers at the start, or in step 1.
        return Moment(step, sent, mask, rows if chosen.is_one or not step else ())

    ((_, before, after, masks),) = chosen.moments([1])
    start = moment(0, before, after - before, masks)
    watched = chosen.moments(_steps_shown(chosen)[1:].tolist()) if chosen.watched else []
    later = [moment(k, end, end - begun, drawn) for k, begun, end, drawn in watched]
    return twin_data(start, names, (i, j), p, later)


def _rows_of_the_move(chosen: Chosen, phase: str) -> list[str]:
    """The rows below the networks: what the present move is about."""
    if not has_begun():
        return []
    if is_known() and is_asked(chosen) == "p":
        return [phase, "change"]
    of_the_move = {"weights": "", "phase": "", "p": "", "gradient": "gradient"}.get(is_asked(chosen), "change")
    return [phase, of_the_move] if of_the_move else [phase]


def _mask_with(masks: np.ndarray, i: int, sample: int) -> np.ndarray:
    """The mask of that sample, or if it drops neuron i of the first that keeps it: its numbers are told."""
    mask: np.ndarray = masks[sample if masks[sample, i] else masks[:, i].argmax()]
    return mask


def _row(key: str, label: str, name: str, plain: float, twin_name: str, inverted: float) -> Row:
    """One quantity in both networks, with the verdict on it."""
    gap = abs(float(plain - inverted))
    texts = _to_be_compared(float(plain), float(inverted))
    if texts[0] == texts[1] and gap > SAME:
        label = f"{label}, off by {difference(gap)}"
    verdict = WRONG if gap > SAME else RIGHT
    return Row(key, label, f"{name} = {texts[0]}", f"{twin_name} = {texts[1]} {verdict}", gap <= SAME)


def _to_be_compared(x: float, y: float) -> tuple[str, str]:
    """Two numbers as `numbers_alike` writes them, but both with as many decimals as the longer one has."""
    texts = numbers_alike(x, y)
    if not all(set(text) <= set("0123456789.," + MINUS) for text in texts):  # in powers of ten
        return texts
    most = max(len(text.partition(".")[2]) for text in texts)
    return decimals(x, most), decimals(y, most)


def show_solved(chosen: Chosen) -> None:
    """For which rules the reader has made the two runs one; with the last of them, what they have in common."""
    if RULES_COME not in st.session_state:
        return  # nothing is told of other rules yet
    solved = matched()
    chips = [f":green-badge[{rule} {RIGHT}]" if rule in solved else f":gray-badge[{rule}]" for rule in NEEDED]
    counted = " (a solution that was shown is not counted)" if is_shown(chosen.rule) else ""
    go_on = " Each rule is a question of its own, so your move starts over when you choose another."
    st.markdown(
        f"Training rules you have matched: **{len(solved)} of {len(NEEDED)}**{counted} {' '.join(chips)}"
        + (go_on if 0 < len(solved) < len(NEEDED) else "")
    )
    if len(solved) == len(NEEDED):
        with st.container(border=True):
            write(read_prose(__file__, "finale"), read_prose(__file__, "rules_table"))


def _steps_shown(chosen: Chosen) -> np.ndarray:
    """Those that have a point on the curves, and while the training is watched a picture of the networks."""
    return np.unique(np.linspace(0, chosen.steps, MOST_POINTS).round().astype(int))


def numbers_of_curves(chosen: Chosen) -> None:
    """What the curves of the stage show, as a table to be opened."""

    def numbers() -> Table:
        training, shown = chosen.training, _steps_shown(chosen)
        plain, inverted = np.array(training.losses)[shown].T
        apart = np.array(training.prediction_differences)[shown]
        table = pd.DataFrame(
            {"step": shown, "loss, plain": plain, "loss, inverted": inverted, "difference": apart}
        )
        return written(table, {"difference": difference})

    numbers_behind(
        numbers, "Both losses and the difference of predictions.", controls.key("twins"), "The curves in numbers"
    )


def _panels(chosen: Chosen, training: TwinTraining) -> list[Panel]:
    """The losses of both runs, and how far their predictions are apart."""
    shown = _steps_shown(chosen)
    plain, inverted = np.array(training.losses)[shown].T
    lower, upper = np.minimum(plain, inverted), np.maximum(plain, inverted)
    apart = np.array(training.prediction_differences)[shown]
    x = shown.tolist()
    steps = Axis("steps", 0, chosen.steps, round_ticks(0, chosen.steps))
    losses = np.array(training.losses[: chosen.steps + 1])
    pad = 0.06 * float(losses.max() - losses.min())
    low, top = float(losses.min()) - pad, float(losses.max()) + pad
    most = max(training.prediction_differences[: chosen.steps + 1])
    high = max(1.0, 2 * most)
    about = f"After {chosen.steps} steps"
    return [
        Panel(
            x=steps,
            y=Axis("loss", low, top, round_ticks(low, top)),
            meaning="forward",
            about=f"{about} the loss is {number(plain[-1])} (plain) and {number(inverted[-1])} (inverted).",
            bands=[Band(x, as_seen(lower), as_seen(upper), "gradient")],
            curves=[
                Curve(x, as_seen(plain), name="plain", wide=True),
                Curve(x, as_seen(inverted), "twin", broken=True, name="inverted"),
            ],
        ),
        Panel(
            x=steps,
            y=Axis("difference", FLOOR, high, [1e-16, 1e-12, 1e-8, 1e-4, 1.0], log=True),
            meaning="forward",
            about=f"Predictions at most {difference(most)} apart; below {number(SAME)} it is rounding only.",
            curves=[
                Curve(x, as_seen(np.maximum(apart, FLOOR)), "gradient"),
                Curve(
                    [0, chosen.steps],
                    [SAME, SAME],
                    "neutral",
                    broken=True,
                    name="rounding stays below this",
                    constant=True,
                ),
            ],
        ),
    ]
