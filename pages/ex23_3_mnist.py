"""Exercise 23.3: back-propagation, and a network that learns handwritten digits while you watch."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from nnlib.activations import ACTIVATIONS
from nnlib.chapter23.printed_program import OPTIMIZERS
from nnlib.losses import LOSSES
from nnlib.network import INITIALIZERS
from nnlib.training import SCHEDULES
from pages.ex23_3.insight import (
    GRID,
    show_answers,
    show_confusion,
    show_gradients,
    show_mistakes,
    show_weights,
)
from pages.ex23_3.network_file import network_file
from pages.ex23_3.one_picture import one_picture
from pages.ex23_3.own_digit import own_digit
from pages.ex23_3.question import hidden_error
from pages.ex23_3.runs import (
    MnistRun,
    load_data,
    new_run,
    readable_points,
    readable_results,
    results_table,
)
from pages.ex23_3.settings import (
    BATCH_NORMS,
    BATCHES,
    DATA,
    DIGITS,
    FULL,
    MOST_LAYERS,
    RATES,
    ROWS,
    SIZES,
    Settings,
    describe,
)
from pages.ex23_3.sweep_section import sweep_section
from pages.ex23_3.training_code import sweep_code, training_code
from pages.shared.chapter import EXERCISES
from pages.shared.charts import show_chart, steady
from pages.shared.page import (
    Experiment,
    download_table,
    erratum,
    formula,
    heading,
    in_python_places,
    section,
    try_this,
)
from pages.shared.predict_first import predict_first
from pages.shared.run import show_progress
from pages.shared.run_curves import curve_points, curves_chart

FAST = Settings()
BEST = replace(FAST, keep=(0.9, 1.0), batch_norm="n−1", batch=64, rate=0.004, optimizer="adam", epochs=20)
AS_IN_THE_BOOK = replace(FAST, activation="sigmoid", batch=1, rate=0.1, schedule="constant")
PRINTED = replace(AS_IN_THE_BOOK, loss="sigmoid squared error", init="normal")
ALGORITHM = replace(AS_IN_THE_BOOK, loss="sigmoid cross-entropy", init="xavier")


def key(name: str) -> str:
    """The widget key of one setting."""
    return f"ex23_3_{name}"


def keyed(settings: Settings) -> dict[str, Any]:
    """Settings under their widgets' keys, for a preset or an experiment."""
    return {key(name): value for name, value in settings.as_controls().items()}


state = st.session_state
state.setdefault("ex23_3_run", None)
state.setdefault("ex23_3_kept", {})
state.setdefault("ex23_3_count", 0)
state.setdefault("ex23_3_training", False)
state.setdefault("ex23_3_sweep", None)
state.setdefault("ex23_3_sweeping", False)

for at_work in (state.ex23_3_run, state.ex23_3_sweep):
    if at_work is not None:
        at_work.claim()

heading(
    EXERCISES["23.3"].heading,
    "Can a network of three layers learn to read handwritten digits? Build one, press Start, and watch it "
    "learn. MNIST is a set of 70,000 grey pictures of digits, 28 × 28 pixels each.",
)

# Presets

with st.container(horizontal=True):
    for label, preset, about in [
        ("Fast and accurate", FAST, "ReLU, softmax and batches of 32: about 98 % in a few seconds."),
        (
            "Batch norm and dropout",
            BEST,
            "Both techniques of exercises 23.6 and 23.7, with Adam: about 98.2 % in 20 epochs.",
        ),
        ("Algorithm 23.3 as stated", ALGORITHM, "Sigmoids, cross-entropy, one sample at a time."),
        (
            "The printed program",
            PRINTED,
            "Squared error and weights from N(0, 1), each bias moved by its own delta.",
        ),
    ]:
        st.button(label, key=f"ex23_3_preset_{label}", help=about, on_click=state.update, args=(keyed(preset),))

controls, curves = st.columns([1, 2], gap="large")

# What to train

with controls:
    data_name = st.selectbox(
        "Data set",
        DATA,
        key=key("data"),
        bind="query-params",
        help="The source trains on 56,000 pictures and tests on 14,000. MNIST's own split is 60,000 and "
        "10,000. The small digits are scikit-learn's: 1,437 and 360 pictures of 8 × 8 pixels.",
    )
    rows = st.select_slider(
        "Training pictures used",
        ROWS,
        value=FULL,
        key=key("rows"),
        bind="query-params",
        help="Fewer pictures train faster and are learned by heart sooner: train and test curves part.",
    )
    layers = st.slider("Hidden layers", 0, MOST_LAYERS, len(FAST.hidden), key=key("layers"), bind="query-params")
    hidden, keep_probs = [], []
    for t in range(1, layers + 1):
        with st.container(horizontal=True):
            size = st.number_input(
                f"Neurons in layer {t}",
                1,
                512,
                SIZES[t - 1],
                key=key(f"size{t}"),
                bind="query-params",
                width=105,
            )
            kept_share = st.slider(
                f"Keep p, layer {t}",
                0.05,
                1.0,
                1.0,
                0.05,
                key=key(f"keep{t}"),
                bind="query-params",
                width=120,
                help="Dropout (exercise 23.7): in each step a neuron of this layer is kept with probability p, "
                "the keep probability. At p = 1 none is dropped.",
            )
            hidden.append(int(size))
            keep_probs.append(float(kept_share))
    dropout = st.segmented_control(
        "Kind of dropout",
        ["inverted", "plain"],
        default=FAST.dropout,
        required=True,
        key=key("dropout"),
        bind="query-params",
        help="Inverted divides the kept outputs by p while training. Plain multiplies all outputs by p when "
        "predicting. It matters only where a keep probability is below 1.",
    )
    batch_norm = st.segmented_control(
        "Batch normalisation",
        BATCH_NORMS,
        default=FAST.batch_norm,
        required=True,
        key=key("batch_norm"),
        bind="query-params",
        help="Exercise 23.6: the net inputs of each hidden neuron are shifted and scaled to mean 0 and variance 1 "
        "within the batch, before the activation. The variance divides by n − 1 as in the book, or by n.",
    )
    activation = st.segmented_control(
        "Activation of hidden layers",
        list(ACTIVATIONS),
        default=FAST.activation,
        required=True,
        key=key("activation"),
        bind="query-params",
        help="The function a(z) that turns a neuron's net input z into its output h.",
    )
    loss = st.selectbox(
        "Output and loss",
        list(LOSSES),
        index=list(LOSSES).index(FAST.loss),
        key=key("loss"),
        bind="query-params",
        help="Algorithm 23.3 uses sigmoid outputs with cross-entropy. The printed program's error is that of "
        "squared error. Softmax makes the ten outputs sum to 1.",
    )
    init = st.segmented_control(
        "First weights",
        list(INITIALIZERS),
        default=FAST.init,
        required=True,
        key=key("init"),
        bind="query-params",
        help="Drawn at random with variance 1 (normal, as in the source), 2 / (inputs + outputs) (xavier), or "
        "2 / inputs (he).",
    )
    batch = st.select_slider(
        "Batch size",
        BATCHES,
        FAST.batch,
        key=key("batch"),
        bind="query-params",
        help="Samples whose gradients are averaged before the weights move once.",
    )
    rate = st.select_slider(
        "Learning rate η",
        RATES,
        FAST.rate,
        key=key("rate"),
        bind="query-params",
        help="How far the weights move along the negative gradient.",
    )
    optimizer = st.selectbox(
        "Optimizer",
        list(OPTIMIZERS),
        key=key("optimizer"),
        bind="query-params",
        help="How the gradient moves the weights: sgd takes the plain step of Algorithm 23.3; momentum keeps "
        "0.9 of the step before; adam scales each weight's step by the size of its past gradients. The last "
        "one makes the printed program's bias mistake.",
    )
    schedule = st.segmented_control(
        "Learning rate over time",
        list(SCHEDULES),
        default=FAST.schedule,
        required=True,
        key=key("schedule"),
        bind="query-params",
        help="Constant, or falling to 0 along half a cosine wave by the last epoch.",
    )
    epochs = st.slider(
        "Epochs",
        1,
        50,
        FAST.epochs,
        key=key("epochs"),
        bind="query-params",
        help="An epoch is one pass over all training pictures, in a fresh random order.",
    )
    seed = st.number_input(
        "Seed",
        0,
        9999,
        FAST.seed,
        key=key("seed"),
        bind="query-params",
        help="Fixes the first weights and the order of the pictures. The same seed gives the same run.",
    )

chosen = Settings(
    data_name,
    rows,
    tuple(hidden),
    tuple(keep_probs),
    dropout,
    batch_norm,
    activation,
    loss,
    init,
    batch,
    rate,
    optimizer,
    schedule,
    epochs,
    int(seed),
)
settings = chosen.without_idle()
too_small_a_batch = settings.has_no_variance

# Start, pause, step. Buttons act before the page is drawn.


def start() -> None:
    """Go on with the run shown; begin a new one where there is none or it has ended."""
    current = unfinished_run()
    current.stop_at = None
    if not current.trainer.history:
        current.trainer.run_batches(1)  # so that the first points are there when the page is drawn
    go_on()


def go_on() -> None:
    """Train; a sweep under way waits."""
    state.ex23_3_training = True
    state.ex23_3_sweeping = False


def pause() -> None:
    """Stop after the slice that is under way."""
    state.ex23_3_training = False


def one_batch() -> None:
    """Take a single step."""
    run = unfinished_run()
    run.trainer.run_batches(1)
    pause()


def one_epoch() -> None:
    """Train to the end of the current epoch."""
    run = unfinished_run()
    steps = run.trainer.steps_per_epoch
    run.stop_at = (run.trainer.step // steps + 1) * steps
    go_on()


def unfinished_run() -> MnistRun:
    """The run shown if it can go on, else a new one."""
    if state.ex23_3_run is not None:
        state.ex23_3_run.claim()
    if state.ex23_3_run is None or state.ex23_3_run.trainer.state != "training":
        state.ex23_3_run = new_run(settings)
    run: MnistRun = state.ex23_3_run
    return run


def reset() -> None:
    """A new run with the settings on the left, not yet begun."""
    state.ex23_3_run = new_run(settings)
    pause()


def add_to_kept(run: MnistRun) -> None:
    """Give a run the next number among the kept ones."""
    state.ex23_3_count += 1
    state.ex23_3_kept[state.ex23_3_count] = run


def keep() -> None:
    """Put the run shown aside, so that others can be compared with it."""
    add_to_kept(state.ex23_3_run)
    state.ex23_3_run = None
    pause()


def use_rate() -> None:
    """Go on with the learning rate on the left."""
    run = unfinished_run()
    run.trainer.learning_rate = rate
    run.settings = replace(run.settings, rate=rate)


if state.pop("ex23_3_begin", False):  # an experiment was clicked
    if state.ex23_3_run is not None and state.ex23_3_run.trainer.history:
        keep()
    state.ex23_3_run = None
    start()

run: MnistRun | None = state.ex23_3_run
training = state.ex23_3_training
can_go_on = run is not None and run.trainer.state == "training"

with curves:
    if too_small_a_batch:
        st.error(
            "Batch normalisation with the divisor n − 1 needs at least 2 pictures a batch: one has no variance. "
            "Choose a larger batch size, or the divisor n.",
            icon=":material/error:",
        )
    blocked = too_small_a_batch and not can_go_on  # a run under way goes on with its own settings
    with st.container(horizontal=True):
        if training:
            st.button("Pause", icon=":material/pause:", key="ex23_3_pause", on_click=pause)
        else:
            resuming = can_go_on and run is not None and run.trainer.step > 0
            st.button(
                "Resume" if resuming else "Start",
                icon=":material/play_arrow:",
                key="ex23_3_start",
                on_click=start,
                disabled=blocked,
            )
        st.button(
            "One batch",
            icon=":material/skip_next:",
            key="ex23_3_batch_step",
            on_click=one_batch,
            disabled=blocked,
        )
        st.button(
            "One epoch",
            icon=":material/fast_forward:",
            key="ex23_3_epoch_step",
            on_click=one_epoch,
            disabled=blocked,
        )
        st.button(
            "Reset",
            icon=":material/restart_alt:",
            key="ex23_3_reset",
            on_click=reset,
            disabled=too_small_a_batch,
        )
        st.button(
            "Keep this run",
            icon=":material/bookmark_add:",
            key="ex23_3_keep",
            on_click=keep,
            disabled=run is None or not run.trainer.history,
        )

    if run is not None:
        changed = settings.differences([run.settings])
        if changed:
            now = ", ".join(describe(name, value) for name, value in changed.items())
            then = ", ".join(describe(name, getattr(run.settings, name)) for name in changed)
            st.info(
                f"The settings now differ from the run shown: {now} instead of {then}. The run goes on with "
                "its own. Press Reset to begin a run with the new ones.",
                icon=":material/tune:",
            )
            if "rate" in changed and can_go_on:
                st.button(f"Go on with learning rate {rate:g}", key="ex23_3_use_rate", on_click=use_rate)

    with st.container(horizontal=True):
        x_axis = st.segmented_control(
            "Curves over",
            ["epochs", "seconds"],
            default="epochs",
            required=True,
            key="ex23_3_x",
            bind="query-params",
        )
        zoom = st.toggle("Accuracy from 90 % up", key="ex23_3_zoom", bind="query-params")

    page_is_drawn = False

    @st.fragment(run_every=0.1 if training else None)
    def live_curves() -> None:
        """Train for one slice, unless the whole page is being drawn, then draw where the run stands."""
        current: MnistRun | None = state.ex23_3_run
        if current is None and not state.ex23_3_kept:
            st.info("Press Start. The first points appear soon after.", icon=":material/play_arrow:")
            return
        if current is not None:
            if state.ex23_3_training and page_is_drawn:
                current.move_on()
            show_progress(current.trainer)
        runs = named_runs()
        points = curve_points(runs)
        if points.empty:
            return
        x = "epoch" if x_axis == "epochs" else "seconds"
        for y, text in (("accuracy", "Share of digits read rightly"), ("loss", "Loss per sample")):
            chart = curves_chart(points, y, x, list(runs), zoom=zoom and y == "accuracy")
            st.vega_lite_chart(
                spec=chart,
                width="stretch",
                key=f"ex23_3_{y}_chart",
                alt=f"{text}, on training and test data, over {x_axis}.",
            )
        if current is not None and state.ex23_3_training and current.reached:
            state.ex23_3_training = False
            st.rerun()

    def named_runs() -> dict[str, MnistRun]:
        """The run shown and the kept ones."""
        kept: dict[int, MnistRun] = state.ex23_3_kept
        shown = {"this run": state.ex23_3_run} if state.ex23_3_run is not None else {}
        return shown | {f"kept {i}": one for i, one in kept.items()}

    with steady(key("live")):
        live_curves()
    st.caption(
        "Loss is summed over the ten outputs and averaged over the samples. PyTorch's mean would also divide "
        "by ten. Training curves are measured on 2,000 training pictures, test curves on all test pictures. "
        "No neuron is dropped in a measurement, and batch normalisation uses averages over training batches."
    )
    points = curve_points(named_runs())
    if len(points):
        with st.expander("The numbers behind these curves"):
            st.dataframe(
                readable_points(points),
                hide_index=True,
                key="ex23_3_points",
                alt="Loss and accuracy at each measurement.",
            )

# Kept runs

kept: dict[int, MnistRun] = state.ex23_3_kept
if kept:
    section("Your runs")
    table = results_table(named_runs())
    st.dataframe(
        readable_results(table), hide_index=True, key="ex23_3_runs", alt="Settings and results of each run."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        download_table("Download as CSV", "runs.csv", lambda: table)
        download_table("Download the curves as CSV", "curves.csv", lambda: points)
        picked = st.selectbox(
            "Kept run", list(kept), format_func=lambda i: f"kept {i}", key="ex23_3_chosen", width=160
        )

        def remove() -> None:
            """Forget the run picked."""
            del state.ex23_3_kept[picked]

        def show_again() -> None:
            """Make the run picked the one shown; the one shown so far is kept in its place."""
            shown = state.ex23_3_run
            state.ex23_3_run = state.ex23_3_kept.pop(picked)
            if shown is not None:
                state.ex23_3_kept[picked] = shown
            pause()

        st.button("Show it again", icon=":material/undo:", key="ex23_3_show", on_click=show_again)
        st.button("Remove it", icon=":material/delete:", key="ex23_3_remove", on_click=remove)

# A sweep

section("A sweep: every combination of two settings")
swept = sweep_section(chosen, add_to_kept, lambda: page_is_drawn)

# What the network knows

section("What the network knows")
run = state.ex23_3_run
if run is None:
    st.info("Press Start or One batch first: there is no network to look into yet.", icon=":material/visibility:")
else:
    network, data = run.trainer.network, run.trainer.data
    diverged = run.trainer.state == "diverged"
    if diverged:
        st.info(
            "This run has diverged: its last finite weights are too large to look into. Lower the learning rate "
            "and press Reset. The gradients up to the end are still there.",
            icon=":material/visibility:",
        )
    else:
        st.caption(
            f"The network after epoch {run.trainer.epoch:.2f}. While it trains, this part waits for your next "
            "click."
        )
    view = st.segmented_control(
        "Look at",
        ["answers", "mistakes", "confusion", "weights", "gradients"],
        default="answers",
        required=True,
        key=key("view"),
        bind="query-params",
    )
    if view == "gradients":
        show_gradients(run.trainer)
    elif diverged:
        pass
    elif view == "weights":
        show_weights(network, data)
    elif view == "mistakes":
        show_mistakes(network, data)
    elif view == "confusion":
        show_confusion(network, data)
    else:
        first = st.slider(
            "From test picture", 0, len(data.X_test) - GRID, 0, step=GRID, key=key("first"), bind="query-params"
        )
        show_answers(network, data, first)

# Keep the network

section("Keep this network, or bring one back")


def bring_back(brought: MnistRun) -> None:
    """Show the run that a file holds; the one shown so far is kept."""
    if state.ex23_3_run is not None and state.ex23_3_run.trainer.history:
        keep()
    state.ex23_3_run = brought
    pause()
    st.rerun()


network_file(run, settings, bring_back)

# Your own digit

section("Your own digit")
own_digit(run, training, key("own"))

if run is not None and not diverged:
    section("One picture, forward and back")
    one_picture(run)

# How it works

section(
    "Back-propagation in four steps",
    "Write x for a picture's pixels, y for its label (ten numbers, a single 1), W⁽ᵗ⁾ and b⁽ᵗ⁾ for the weights "
    "and biases of layer t = 1, …, s, and a for the activation. Algorithm 23.3 takes one sample at a time.",
    "**1. Forward.** Start with h⁽⁰⁾ = x. In each layer compute the net input z and the output h.",
    formula(r"z^{(t)} = {W^{(t)}}^{T} h^{(t-1)} + b^{(t)}", "Alg. 23.3"),
    formula(r"h^{(t)} = a(z^{(t)})", "Alg. 23.3"),
    "With sigmoid neurons, a is σ, and its derivative is h (1 − h).",
    formula(r"\sigma(z) = \frac{1}{1 + e^{-z}}", "23.14"),
    "**2. The error of the output layer.** δ⁽ˢ⁾ is the derivative of the loss with respect to z⁽ˢ⁾. For "
    "cross-entropy it is the plain difference of output and label.",
    formula(r"\delta^{(s)} = h^{(s)} - y", "Alg. 23.3"),
    "**3. Backward.** Send the error down through the same weights. ⊙ multiplies element by element. All δ "
    "are computed before any weight moves: printed as it is, the algorithm would use weights already moved.",
    formula(r"\delta^{(t-1)} = a'(z^{(t-1)}) \odot \left( W^{(t)} \delta^{(t)} \right)", "Alg. 23.3"),
    "**4. Gradients, and a step downhill.** η is the learning rate. A batch averages over its n samples.",
    formula(r"\nabla_{W^{(t)}} L = h^{(t-1)} {\delta^{(t)}}^{T}", "Alg. 23.3"),
    formula(r"\nabla_{b^{(t)}} L = \delta^{(t)}", "Alg. 23.3"),
    formula(r"W^{(t)} \leftarrow W^{(t)} - \eta \nabla_{W^{(t)}} L", "Alg. 23.3"),
    formula(r"b^{(t)} \leftarrow b^{(t)} - \eta \nabla_{b^{(t)}} L", "Alg. 23.3"),
)

BEGIN = {"ex23_3_begin": True}
try_this(
    [
        Experiment(
            "Make it diverge",
            {**keyed(replace(FAST.with_value("layers", 5), rate=1.0, schedule="constant")), **BEGIN},
            "Five layers and a learning rate of 1. Watch the progress line: how far does it get?",
            "Each step overshot, and the next gradient was larger still. Within a few steps the numbers left the "
            "computer's range. The page said when, and kept the last finite weights. Now try a rate of 0.1.",
        ),
        Experiment(
            "Watch gradients vanish",
            {
                **keyed(replace(ALGORITHM.with_value("layers", 5), batch=32, epochs=3, rows=10_000)),
                key("view"): "gradients",
                **BEGIN,
            },
            "Five hidden layers of sigmoids. Look at the gradients under *What the network knows*.",
            "Layer 1's gradient is far smaller than layer 6's, and accuracy hardly moved. Now change the "
            "activation to relu, press Reset and Start, and compare.",
        ),
        Experiment(
            "Learn too few by heart",
            {**keyed(replace(FAST, rows=1000, epochs=50)), **BEGIN},
            "Only 1,000 pictures, 50 times over. Watch the two curves: when do they part?",
            "Training accuracy reached 100 %, while test accuracy stayed near 89 %. The net learned these "
            "pictures, not digits.",
        ),
    ]
)

predict_first(hidden_error, "ex23_3")

# Where the printed solution errs


@st.cache_data(show_spinner="Training three small networks …", max_entries=16)
def compare_errata(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Curves and results on the small digits: two losses, and the printed bias step, from one seed."""
    common = replace(PRINTED, data=DIGITS, seed=seed)
    runs = {
        "squared error, own δ": new_run(common),
        "cross-entropy, own δ": new_run(replace(common, loss="sigmoid cross-entropy")),
        "squared error, summed δ (printed)": new_run(replace(common, optimizer="sgd, biases as printed")),
    }
    for one in runs.values():
        one.trainer.run()
    return curve_points(runs), results_table(runs)


section("Where the printed solution errs")
erratum(
    "The printed program multiplies the output error by σ'(z): δ⁽ˢ⁾ = (h − y) σ'. That is the gradient of "
    "squared error. Algorithm 23.3's δ⁽ˢ⁾ = h − y is the gradient of cross-entropy. Both are right, but they "
    "are two losses."
)
erratum(
    "The printed program moves every bias of a layer by the *sum* of that layer's δ. Each bias should move by "
    "its own δ. On the source's data its program passes 92 % at epoch 8 and ends at 93.94 %. With that one "
    "line mended it passes 92 % at epoch 3 and ends at 94.50 %. Switch on *Plant a mistake* above to see the "
    "gradient check catch it."
)


@st.fragment
def errata_in_numbers() -> None:
    """The comparison, trained when the reader asks for it."""
    if not st.toggle(
        "Train all three on the small digits, from the same seed", key="ex23_3_errata", bind="query-params"
    ):
        return
    points, results = compare_errata(int(seed))
    chart = curves_chart(points, "accuracy", "epoch", list(points["run"].unique()))
    text = "Accuracy of squared error, cross-entropy and the printed bias step over ten epochs, from one seed."
    show_chart(
        chart, readable_results(results[["run", "test accuracy", "train accuracy"]]), text, "ex23_3_errata_chart"
    )


errata_in_numbers()

first_lines, sweep_lines = in_python_places(2)
first_lines.code(training_code(settings), language="python")
if all(swept.values()):
    sweep_lines.code(sweep_code(chosen, swept), language="python")

load_data(chosen)  # the first visit reads the data while you read the page, so that Start need not
page_is_drawn = True  # from now on the curves are drawn by their own timer, a slice of training each time
