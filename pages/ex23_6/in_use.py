"""A network trained twice side by side, with and without batch normalisation: one moment of both in one view."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from nnlib import Network, Trainer, load_digits
from nnlib.network import Trace
from nnlib.notation import Array
from pages.ex23_6.controls import controls
from pages.shared.charts import numbers_behind
from pages.shared.live import live
from pages.shared.numbers import difference, number, percent
from pages.shared.page import read_prose, write
from pages.shared.run import Run, use_one_blas_thread
from pages.shared.run_curves import curve_points, written_points
from pages.shared.svg.curves import Axis, Curve, Panel, draw_curves, round_ticks

WIDTH, OUTPUTS, EPOCHS = 30, 10, 10
RATES = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]
SAMPLE = 500  # training pictures whose net inputs and gradients are shown
WITH, WITHOUT = "with batch norm", "without"
LOOKS = {WITH: ("run0", False), WITHOUT: ("run1", True)}  # colour, and whether its lines are broken
CURVES = {f"{part} {what}": (part, what) for what in ("accuracy", "loss") for part in ("test", "train")}
QUANTILES = (0.05, 0.5, 0.95)
WIDEST = 20.0  # of the net inputs' axis: where a net diverges, they leave it
MOST_LOSS = 4.0
SMALLEST_GRADIENT, LARGEST_GRADIENT = 1e-7, 10.0

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
    """Train both up to the same step: as far as a slice takes the first, at most one epoch further."""
    going = [run for run in pair.values() if run.trainer.state == "training"]
    target = min((run.trainer.step + run.trainer.steps_per_epoch for run in going), default=0)
    for run in going:
        run.stop_at = target
        run.move_on()
        if run.trainer.state == "training":
            target = min(target, run.trainer.step)


def finished(pair: Pair) -> bool:
    """Whether neither can go on."""
    return all(run.trainer.state != "training" for run in pair.values())


def in_use() -> None:
    """The tab: its controls, both live runs, and the lines of Python that train them."""
    write(read_prose(__file__, "in_use"))
    settings = net_controls()
    if not state.get("ex23_6_pair"):  # at the tab's first opening they begin
        start(settings, goes_on=False)
    pair: Pair = state["ex23_6_pair"]
    training: bool = state.setdefault("ex23_6_training", False)
    for run in pair.values():
        run.claim()
    same = all(run.settings == settings for run in pair.values())
    with st.container(horizontal=True, vertical_alignment="center"):
        if training:
            controls.button("use_pause", "Pause", pause, icon=":material/pause:", type="primary")
        else:
            goes_on = same and not finished(pair)
            label = "Go on" if goes_on else "Train both"
            icon = ":material/play_arrow:"
            controls.button("use_start", label, start, settings, goes_on, icon=icon, type="primary")
        shown = controls.menu("use_curve", "Curve", list(CURVES), label_visibility="collapsed", width=170)
        if not same:
            st.markdown(":material/tune: You have changed the settings: **Train both** begins anew with them.")

    def draw() -> None:
        show_pair(pair, shown)
        if training and finished(pair):
            pause()
            st.rerun()

    live("ex23_6_use_live", training, partial(move_on, pair), draw)
    with st.expander("Both nets in Python", icon=":material/code:"):
        st.code(pair_code(settings), language="python", wrap_lines=True)


def net_controls() -> Settings:
    """What the reader chooses for both nets: no sliders, for nothing moves before both are trained anew."""
    rate, activation, layers, batch, seed = st.columns([3, 4, 3, 3, 2], gap="medium")
    return Settings(
        rate=controls.menu(
            "use_rate",
            "Learning rate η",
            RATES,
            0.3,
            place=rate,
            help="How far the weights move along the negative gradient.",
        ),
        activation=controls.choice("use_activation", "Activation", ["sigmoid", "tanh", "relu"], place=activation),
        layers=controls.number("use_layers", "Hidden layers", 1, 6, 4, place=layers),
        batch=controls.menu("use_batch", "Batch size n", [2, 4, 8, 16, 32, 64, 128], 32, place=batch),
        seed=controls.number(
            "use_seed",
            "Seed",
            0,
            9999,
            0,
            place=seed,
            help="Fixes the first weights and the order of the pictures, for both nets alike.",
        ),
    )


def start(settings: Settings, goes_on: bool) -> None:
    """Go on where both nets stand, or begin anew."""
    if not goes_on:
        _make_pair(settings)
    state["ex23_6_training"] = True


def _make_pair(settings: Settings) -> None:
    """Two nets after their first batch, so that the first points are there when the page is drawn."""
    state["ex23_6_pair"] = new_pair(settings)
    for run in state["ex23_6_pair"].values():
        run.trainer.run_batches(1)


def pause() -> None:
    """Train no further slice."""
    state["ex23_6_training"] = False


def show_pair(pair: Pair, shown: str) -> None:
    """Where both stand: how they have learned, what their activations see, what comes back, and what b learns."""
    traces = {name: look_into(run) for name, run in pair.items()}
    draw_curves([learning_panel(pair, shown), inputs_panel(traces), gradients_panel(traces)], "ex23_6_use_curves")
    for name, run in pair.items():
        if run.trainer.state == "diverged":
            st.error(f"The net {name}: {run.trainer.problem}", icon=":material/trending_up:")
        elif warning := run.trainer.warning:
            st.warning(f"The net {name}: {warning}", icon=":material/trending_flat:")
    st.table(pd.DataFrame([_row(name, run, traces[name]) for name, run in pair.items()]).set_index("net"))
    write(read_prose(__file__, "no_bias"))
    numbers_behind(
        lambda: written_points(curve_points(pair)), "Loss and accuracy at each measurement.", "ex23_6_use_points"
    )


def _row(name: str, run: Run[Settings], trace: Trace) -> dict[str, str]:
    last, hidden = run.trainer.history[-1], slice(run.settings.layers)
    return {
        "net": name,
        "epoch": number(last.epoch)
        if last.epoch >= 1
        else f"after {last.step} of {run.trainer.steps_per_epoch} steps",
        "test accuracy": percent(last.test_accuracy),
        "training loss": number(last.train_loss),
        "size of ∇W, hidden layers": difference(_size(trace.dW[hidden])),
        "size of ∇b, hidden layers": difference(_size(trace.db[hidden])),
        "size of ∇β, hidden layers": difference(_size(trace.dbeta)) if trace.dbeta else "no β",
    }


def _size(arrays: list[Array]) -> float:
    """The root mean square of all their elements."""
    return float(np.sqrt(np.mean(np.concatenate([array.ravel() for array in arrays]) ** 2)))


def look_into(run: Run[Settings]) -> Trace:
    """One training pass of the net as it is now over the same pictures, in float64: it takes no step."""
    network, data = run.trainer.network.as_type(np.float64), run.trainer.data
    return network.trace(data.train_inputs(slice(SAMPLE)), data.Y_train[:SAMPLE], training=True)


def _inside(y: Array, low: float, high: float) -> list[float]:
    """What leaves a panel runs along its edge."""
    inside: list[float] = np.clip(np.nan_to_num(y, nan=high, posinf=high, neginf=low), low, high).tolist()
    return inside


def _curve(name: str, x: list[float], y: Array, low: float, high: float, dotted: bool = False) -> Curve:
    """One net's line."""
    meaning, broken = LOOKS[name]
    return Curve(x, _inside(y, low, high), meaning, broken, dotted, name=name)


def learning_panel(pair: Pair, shown: str) -> Panel:
    """Accuracy or loss over the epochs."""
    part, what = CURVES[shown]
    scale, high = (100.0, 100.0) if what == "accuracy" else (1.0, MOST_LOSS)
    curves = [
        _curve(
            name,
            [m.epoch for m in run.measurements],
            scale * np.array([getattr(m, f"{part}_{what}") for m in run.measurements]),
            0.0,
            high,
        )
        for name, run in pair.items()
    ]
    ends = ", ".join(f"{name} {curve.y[-1]:.3g}" for name, curve in zip(pair, curves, strict=True))
    title = f"{shown} (%)" if what == "accuracy" else shown
    axes = Axis("epochs", 0.0, EPOCHS, [0, 2, 4, 6, 8, 10]), Axis(title, 0.0, high, round_ticks(0.0, high))
    return Panel(*axes, "neutral", f"{title} over the epochs; at the end {ends}.", curves)


def inputs_panel(traces: dict[str, Trace]) -> Panel:
    """What the activation sees in each hidden layer, z̃ or z: two lines that hold nine tenths, and the median."""
    seen = {name: trace.z_tilde or trace.z[:-1] for name, trace in traces.items()}
    with np.errstate(all="ignore"):
        quantiles = {name: np.array([np.quantile(z, QUANTILES) for z in values]) for name, values in seen.items()}
    widest = max(float(np.nan_to_num(np.abs(values), nan=WIDEST).max()) for values in quantiles.values())
    reach = float(np.clip(1.1 * widest, 2.0, WIDEST))
    layers = [float(t) for t in range(1, len(seen[WITH]) + 1)]
    return Panel(
        _layer_axis("hidden layer", len(layers)),
        Axis("net input z̃ or z", -reach, reach, round_ticks(-reach, reach)),
        "neutral",
        "The median of the net inputs of each hidden layer, and the lines between which nine tenths of them lie.",
        [
            curve
            for name, low_to_high in quantiles.items()
            for curve in (
                _curve(name, layers, low_to_high[:, 1], -reach, reach, True),
                *(replace(_curve(name, layers, low_to_high[:, k], -reach, reach), name="") for k in (0, 2)),
            )
        ],
    )


def gradients_panel(traces: dict[str, Trace]) -> Panel:
    """How large ∇W is in each layer: its root mean square, on a logarithmic axis."""
    sizes = {name: np.array([_size([dW]) for dW in trace.dW]) for name, trace in traces.items()}
    layers = [float(t) for t in range(1, len(sizes[WITH]) + 1)]
    curves = [
        _curve(name, layers, values, SMALLEST_GRADIENT, LARGEST_GRADIENT, dotted=True)
        for name, values in sizes.items()
    ]
    about = "; ".join(f"{name}: {', '.join(map(difference, values))}" for name, values in sizes.items())
    return Panel(
        _layer_axis("layer, the output last", len(layers)),
        Axis("size of ∇W", SMALLEST_GRADIENT, LARGEST_GRADIENT, [1e-6, 1e-4, 1e-2, 1.0], log=True),
        "neutral",
        f"The size of the gradient of W in each layer. {about}.",
        curves,
    )


def _layer_axis(title: str, count: int) -> Axis:
    return Axis(title, 0.7, count + 0.3, [float(t) for t in range(1, count + 1)])


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
