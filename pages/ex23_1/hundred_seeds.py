"""Page 23.1's network learned from a hundred seeds side by side: how many succeed, and where the others rest."""

from copy import deepcopy
from dataclasses import replace
from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.gates import SeedSweep, plateau_loss, resting_places
from pages.ex23_1.controls import Learning, controls
from pages.shared.charts import Spec, fill, show_chart, with_meaning
from pages.shared.live import live
from pages.shared.numbers import number

SEEDS = 100
SLICE = 200  # steps of all hundred networks between two pictures
NEAR = 0.02  # of a plateau: the loss of a network that rests there

SWEEP, SWEEPING, SWEEP_OF = (controls.key(name) for name in ("sweep", "sweeping", "sweep_of"))
state = st.session_state


def train_hundred(learning: Learning) -> None:
    """A button that trains a hundred networks as the stage trains one, and how their losses are spread."""
    sweep_of = replace(learning, seed=0)
    if state.get(SWEEP_OF) != sweep_of:
        state[SWEEP_OF], state[SWEEP], state[SWEEPING] = sweep_of, None, False
    controls.button(
        "sweep_start",
        f"Train {SEEDS} networks",
        _start,
        learning,
        icon=":material/play_arrow:",
        disabled=state[SWEEPING],
    )
    live(controls.key("sweep_live"), state[SWEEPING], _move_on, lambda: _draw(learning))


def _start(learning: Learning) -> None:
    """A hundred fresh networks."""
    sweep = SeedSweep(learning.gate, SEEDS, learning.learning_rate, learning.steps, learning.loss)
    state[SWEEP], state[SWEEPING] = sweep, True


def _move_on() -> None:
    """A slice of training for all hundred."""
    sweep = deepcopy(state[SWEEP])  # a click may start this page again while this slice is under way
    sweep.run(SLICE)
    state[SWEEP] = sweep


def _draw(learning: Learning) -> None:
    """How many have learned, where the losses of all lie, which seeds are stuck, and on which plateau."""
    sweep: SeedSweep | None = state[SWEEP]
    if sweep is None:
        return
    if state[SWEEPING] and sweep.finished:
        state[SWEEPING] = False
        st.rerun()
    learned, losses = sweep.learned, sweep.losses
    stuck = np.flatnonzero(~learned)
    plateaus = _plateaus(int(sweep.targets.sum()), learning.loss)
    places = resting_places(losses[stuck], plateaus["L"].to_numpy(), NEAR)
    st.progress(sweep.step / sweep.steps, text=f"Step {sweep.step:,} of {sweep.steps:,}")
    st.markdown(f"**{learned.sum()} of {SEEDS} networks get all four corners right.**")
    _show_histogram(losses, plateaus, least=0.8 if learning.loss == "sigmoid cross-entropy" else 0.2)
    if not len(stuck):
        return
    st.markdown(
        f"Seeds that have not learned: {', '.join(map(str, stuck))}. Set one of them under *More settings* and "
        f"watch it on the stage. {tell_where(losses[stuck], places, plateaus['L'].max(), learning.learning_rate)}"
    )
    st.table(
        pd.DataFrame(
            {
                "plateau": plateaus["what"],
                "L": [number(plateau) for plateau in plateaus["L"]],
                f"networks within {NEAR:g}, not learned": [str(np.sum(places == k)) for k in range(len(plateaus))],
            }
        ).set_index("plateau")
    )


def tell_where(losses: np.ndarray, places: np.ndarray, highest: float, learning_rate: float) -> str:
    """Where the losses of networks are that have not learned: on a plateau, between them, or above them all."""
    leaping = int(np.sum(losses > highest + NEAR))
    between = int(np.sum(places == -1)) - leaping
    text = f"{len(losses) - between - leaping} of these {len(losses)} lie on a **plateau**, a broken line above."
    if between:
        text += f" {between} lie elsewhere, and are still on their way: give them more steps."
    if leaping:
        text += (
            f" {leaping} lie above every plateau. With η = {learning_rate:g} each step is so long that y leaps "
            "from far too high to far too low and back, while the hidden neurons are saturated: take a smaller η."
        )
    return text


def _plateaus(ones: int, loss: str) -> pd.DataFrame:
    """Losses L at which a network rests that gives some corners one shared output, and what they share."""
    fractions = {(2, 1): "½", (3, 1): "⅓", (3, 2): "⅔", (4, 1): "¼", (4, 2): "½", (4, 3): "¾"}
    rows = [
        (plateau_loss(corners, k, loss), f"{corners} corners share y =", fraction)
        for (corners, k), fraction in fractions.items()
        if k <= ones and corners - k <= 4 - ones
    ]
    plateaus = pd.DataFrame(rows, columns=["L", "who", "y"]).groupby(["L", "who"], as_index=False).agg(" or ".join)
    return plateaus.assign(what=plateaus["who"] + " " + plateaus["y"])


def _show_histogram(losses: np.ndarray, plateaus: pd.DataFrame, least: float) -> None:
    """Bars of how many networks have which loss, and a broken line at each plateau."""
    top = max(least, float(np.ceil(losses.max() * 20) / 20))
    edges = _edges(top, plateaus["L"].to_numpy())
    counts, _ = np.histogram(losses, edges)
    bars = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "networks": counts}).query("networks > 0")
    plateaus = plateaus[["L", "what"]].assign(
        name=[number(plateau, 2) for plateau in plateaus["L"]], short=plateaus["what"].str.replace("y = ", "")
    )
    show_chart(
        fill(_histogram_template(top), bars=bars, plateaus=plateaus),
        lambda: bars.rename(columns={"from": "loss from"}),
        f"How the losses of {SEEDS} networks are spread.",
        controls.key("sweep_chart"),
    )


def _edges(top: float, plateaus: np.ndarray) -> np.ndarray:
    """Edges of the bars: one bar reaches around each plateau, `NEAR` to both sides or half way to the next one."""
    between = (plateaus[1:] + plateaus[:-1]) / 2
    low = np.maximum(plateaus - NEAR, np.concatenate([[0], between]))
    high = np.minimum(plateaus + NEAR, np.concatenate([between, [np.inf]]))
    even = np.arange(0, top, 2 * NEAR)
    is_free = ~((even[:, None] > low - 1e-9) & (even[:, None] < high + 1e-9)).any(axis=1)
    return np.unique(np.concatenate([even[is_free], low, high, [max(top, high[-1])]]))


@cache
def _histogram_template(top: float) -> Spec:
    """Bars from edge to edge of the loss up to `top`, and rules with names."""
    losses = alt.Scale(domain=[0, top])
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar()
        .encode(
            x=alt.X("from:Q", title="loss L now", scale=losses),
            x2="to:Q",
            y=alt.Y("networks:Q", title="networks", scale=alt.Scale(domain=[0, SEEDS])),
            y2=alt.datum(0),
            tooltip=[alt.Tooltip("from:Q", format=".3f"), alt.Tooltip("to:Q", format=".3f"), "networks:Q"],
        )
    )
    rules = (
        alt.Chart(alt.NamedData("plateaus"))
        .mark_rule(strokeDash=[4, 4])
        .encode(x=alt.X("L:Q", title="loss L now", scale=losses), tooltip=["what:N", "L:Q"])
    )
    at_top = alt.Chart(alt.NamedData("plateaus")).encode(
        x=alt.X("L:Q", title="loss L now", scale=losses), y=alt.value(0)
    )
    names = at_top.mark_text(fontSize=13, dy=-8, fill="currentColor").encode(text="name:N")
    along = at_top.mark_text(fontSize=13, angle=270, align="right", dx=-4, dy=-9, fill="currentColor")
    layers = [with_meaning(bars, "train"), with_meaning(rules, "neutral"), names, along.encode(text="short:N")]
    return alt.LayerChart(layer=layers, height=290).to_dict()
