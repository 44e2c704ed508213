"""A network trained twice side by side, with and without batch normalisation, and the net inputs of its layers."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib import Network, Trainer, load_digits
from pages.ex23_6.controls import controls
from pages.ex23_6.curves import curves_chart
from pages.shared.charts import Spec, fill, meaning_scale, show_chart
from pages.shared.live import live
from pages.shared.numbers import number, percent
from pages.shared.run import Run, use_one_blas_thread
from pages.shared.run_curves import curve_points

WIDTH, OUTPUTS, EPOCHS = 30, 10, 10
RATES = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]
SAMPLE = 500  # training pictures whose net inputs are shown
WITH, WITHOUT = "with batch norm", "without"
KINDS = {
    "z, without": "z of the net without",
    "z, with": "z of the net with batch norm",
    "z̃, with": "z̃ of the net with batch norm",
}
QUANTILES = {"5 %": 0.05, "25 %": 0.25, "median": 0.5, "75 %": 0.75, "95 %": 0.95}

state = st.session_state


@dataclass(frozen=True)
class Settings:
    """What both nets are made from.

    Attributes
    ----------
    rate : learning rate η
    activation : of the hidden layers
    layers : number of hidden layers
    batch : samples in a batch
    seed : of the first weights and of the order of the pictures
    """

    rate: float
    activation: str
    layers: int
    batch: int
    seed: int


Pair = dict[str, Run[Settings]]  # by `WITH` and `WITHOUT`; empty before the first start


def new_pair(settings: Settings) -> Pair:
    """The same first weights and the same order of batches, once with batch normalisation and once without."""
    use_one_blas_thread()
    data = load_digits().first(pictures_used(settings.batch))
    sizes = (data.X_train.shape[1], *[WIDTH] * settings.layers, OUTPUTS)
    pair = {}
    for name in (WITH, WITHOUT):
        network = Network(
            sizes,
            activation=settings.activation,
            loss="softmax cross-entropy",
            init="xavier",
            dtype=np.float32,
            random_state=settings.seed,
            batch_norm=name == WITH,
        )
        trainer = Trainer(
            network,
            data,
            batch_size=settings.batch,
            learning_rate=settings.rate,
            epochs=EPOCHS,
            random_state=settings.seed,
        )
        pair[name] = Run(settings, trainer)
    return pair


def pictures_used(batch: int) -> int:
    """How many training pictures both nets learn from: no batch of an epoch may hold a single one.

    The trainer leaves such a batch out for the net with batch normalisation, but not for the other.
    """
    pictures = len(load_digits().X_train)
    return pictures - (pictures % batch == 1)


def move_on(pair: Pair) -> None:
    """Train both up to the same step, at most one epoch further."""
    going = [run for run in pair.values() if run.trainer.state == "training"]
    target = min((run.trainer.step + run.trainer.steps_per_epoch for run in going), default=0)
    for run in going:
        run.stop_at = target
        run.move_on()


def finished(pair: Pair) -> bool:
    """Whether neither can go on."""
    return all(run.trainer.state != "training" for run in pair.values())


def in_use() -> None:
    """The section's controls, its two live runs and their net inputs, and the lines of Python that train both."""
    side, picture = st.columns([1, 2], gap="large")
    with side:
        settings = net_controls()
        shown = controls.choice("use_curve", "Curve", ["accuracy", "loss"])
        pair: Pair = state.setdefault("ex23_6_pair", {})
        training: bool = state.setdefault("ex23_6_training", False)
        for run in pair.values():
            run.claim()
        same = all(run.settings == settings for run in pair.values())
        if training:
            controls.button("use_pause", "Pause", pause, icon=":material/pause:")
        else:
            goes_on = same and not finished(pair)
            label = "Resume" if goes_on else "Train both"
            controls.button("use_start", label, start, settings, goes_on, icon=":material/play_arrow:")
        if not same:
            st.info("The curves belong to other settings. Press the button to train with these.")

    def draw() -> None:
        if not pair:
            st.info("Press Train both. The curves take a second or two.", icon=":material/play_arrow:")
            return
        show_pair(pair, shown)
        show_net_inputs(pair)
        if training and finished(pair):
            pause()
            st.rerun()

    with picture:
        live("ex23_6_use_live", training, lambda: move_on(pair), draw)
    st.markdown("The same two runs in Python:")
    st.code(pair_code(settings), language="python")


def net_controls() -> Settings:
    """What the reader chooses for both nets."""
    return Settings(
        rate=controls.steps(
            "use_rate", "Learning rate η", RATES, 0.3, help="How far the weights move along the negative gradient."
        ),
        activation=controls.choice("use_activation", "Activation of hidden layers", ["sigmoid", "tanh", "relu"]),
        layers=controls.slider("use_layers", "Hidden layers", 1, 6, 4),
        batch=controls.steps("use_batch", "Batch size n", [2, 4, 8, 16, 32, 64, 128], 32),
        seed=controls.number(
            "use_seed",
            "Seed",
            0,
            9999,
            0,
            help="Fixes the first weights and the order of the pictures, for both nets alike.",
        ),
    )


def start(settings: Settings, goes_on: bool) -> None:
    """Go on where both nets stand, or begin anew."""
    if not goes_on:
        state["ex23_6_pair"] = new_pair(settings)
        for run in state["ex23_6_pair"].values():
            run.trainer.run_batches(1)  # so that the first points are there when the page is drawn
    state["ex23_6_training"] = True


def pause() -> None:
    """Train no further slice."""
    state["ex23_6_training"] = False


def show_pair(pair: Pair, shown: str) -> None:
    """A curve of both, and what they have reached."""
    meaning = {"accuracy": "Share of digits read rightly", "loss": "Loss per picture"}[shown]
    st.vega_lite_chart(
        spec=curves_chart(curve_points(pair), shown, [WITH, WITHOUT]),
        width="stretch",
        key="ex23_6_use_curves",
        alt=f"{meaning} on training and test data over the epochs, with and without batch normalisation.",
    )
    for name, run in pair.items():
        if run.trainer.state == "diverged":
            st.error(f"The net {name}: {run.trainer.problem}", icon=":material/trending_up:")
        elif warning := run.trainer.warning:
            st.warning(f"The net {name}: {warning}", icon=":material/trending_flat:")
    last = {name: run.trainer.history[-1] for name, run in pair.items()}
    st.table(
        pd.DataFrame(
            {
                "net": list(last),
                "epoch": [number(m.epoch) for m in last.values()],
                "test accuracy": [percent(m.test_accuracy) for m in last.values()],
                "training loss": [number(m.train_loss) for m in last.values()],
                "gradient, layer 1": [number(m.gradient_rms[0]) for m in last.values()],
                "last layer": [number(m.gradient_rms[-1]) for m in last.values()],
            }
        ).set_index("net")
    )
    st.caption(
        "The gradient of a layer is given by its root mean square: the typical size of its numbers. "
        "With sigmoids and no batch norm, almost nothing of it comes back to layer 1."
    )


def show_net_inputs(pair: Pair) -> None:
    """How the net inputs of every hidden layer are spread, before and after normalising."""
    st.markdown(
        f"**Net inputs, layer by layer**, over {SAMPLE} training pictures. The thick bar holds the middle half, "
        "the thin one 90 %. Without batch norm nothing keeps z in place. With it, z may wander: "
        "z̃ is what the activation sees."
    )
    spread = net_inputs(pair)
    show_chart(
        spread_chart(spread),
        lambda: spread.assign(kind=spread["kind"].map(KINDS)),
        "Spread of the net inputs in each hidden layer: z without batch norm, z and z̃ with it.",
        "ex23_6_use_spread",
    )


def net_inputs(pair: Pair) -> pd.DataFrame:
    """Quantiles of the net inputs of every hidden layer, over the same pictures: one row a layer and kind."""
    rows: list[dict[str, Any]] = []
    for name, run in pair.items():
        network, data = run.trainer.network.as_type(np.float64), run.trainer.data
        trace = network.trace(data.train_inputs(slice(SAMPLE)), data.Y_train[:SAMPLE], training=True)
        kinds = {"z, with": trace.z, "z̃, with": trace.z_tilde} if name == WITH else {"z, without": trace.z}
        for kind, values in kinds.items():
            for layer, z in enumerate(values[: len(network.sizes) - 2], start=1):
                quantiles = np.quantile(z, list(QUANTILES.values()))
                rows.append(
                    {"layer": f"layer {layer}", "kind": kind, **dict(zip(QUANTILES, quantiles, strict=True))}
                )
    rows.sort(key=lambda row: (row["layer"], list(KINDS).index(row["kind"])))
    return pd.DataFrame(rows)


def spread_chart(table: pd.DataFrame) -> Spec:
    """One bar a layer and kind: thin from 5 to 95 %, thick from 25 to 75 %, a tick at the median."""
    shown = table.assign(
        row=table["layer"] + ": " + table["kind"],
        meaning=np.where(table["kind"] == "z, without", "neutral", "forward"),
    )
    return fill(_spread_template(tuple(shown["row"])), spread=shown)


@cache
def _spread_template(rows: tuple[str, ...]) -> Spec:
    axis = alt.Axis(labelLimit=200, labelOverlap=False, labelFlush=False)
    base = alt.Chart(alt.NamedData("spread"), height=alt.Step(19)).encode(
        y=alt.Y("row:N", sort=list(rows), title=None, axis=axis),
        color=alt.Color("meaning:N", scale=meaning_scale(), legend=None),
        tooltip=["row:N", *(alt.Tooltip(f"{name}:Q", format=".3f") for name in QUANTILES)],
    )
    title = "net input z or z̃"
    return alt.LayerChart(
        layer=[
            base.mark_rule(strokeWidth=2).encode(x=alt.X("5 %:Q", title=title), x2="95 %:Q"),
            base.mark_bar(size=11, opacity=0.5).encode(x=alt.X("25 %:Q", title=title), x2="75 %:Q"),
            base.mark_tick(size=15, thickness=3).encode(x=alt.X("median:Q", title=title)),
        ]
    ).to_dict()


def pair_code(settings: Settings) -> str:
    """The lines of `nnlib` that train both nets of the section."""
    layers = ", ".join([str(WIDTH)] * settings.layers)
    used = pictures_used(settings.batch)
    first = "" if used == len(load_digits().X_train) else f".first({used})  # no batch of a single picture"
    return f"""import numpy as np
from nnlib import Network, Trainer, load_digits

data = load_digits(){first}
accuracies = []
for batch_norm in (True, False):
    network = Network(
        (64, {layers}, 10), activation={settings.activation!r}, loss="softmax cross-entropy",
        dtype=np.float32, random_state={settings.seed}, batch_norm=batch_norm,
    )
    trainer = Trainer(
        network, data, batch_size={settings.batch}, learning_rate={settings.rate},
        epochs={EPOCHS}, random_state={settings.seed},
    )
    trainer.run()
    accuracies.append(trainer.history[-1].test_accuracy)
print(accuracies)
"""
