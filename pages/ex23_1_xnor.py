"""Exercise 23.1: XNOR by a network of two sigmoid layers, set by hand, tried with one neuron, and learned."""

from copy import deepcopy
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib.gates import (
    CORNERS,
    GATES,
    MISTAKES,
    NEURONS,
    SeedSweep,
    check,
    corner_net_inputs,
    gate_network,
    gate_trainer,
    is_right,
    neuron_scores,
    output_surface,
    plateau_loss,
    solution,
    truth_table,
)
from nnlib.network import Network, Trace
from pages.shared.charts import show_chart, with_meaning
from pages.shared.gradient_table import RIGHT, WRONG, gradient_table, tint_rows
from pages.shared.network_drawing import Neuron, draw_network
from pages.shared.numbers import decimals, number
from pages.shared.page import Experiment, erratum, formula, heading, in_python, try_this
from pages.shared.runs import Run
from pages.shared.surface_drawing import Corner, Line, draw_surface

# The nine parameters in the order of `Network.parameters`: key, symbol, what it joins
PARAMETERS = [
    ("w1_11", "w¹₁₁", "x₁ to h₁"),
    ("w1_12", "w¹₁₂", "x₁ to h₂"),
    ("w1_21", "w¹₂₁", "x₂ to h₁"),
    ("w1_22", "w¹₂₂", "x₂ to h₂"),
    ("b1_1", "b¹₁", "bias of h₁"),
    ("b1_2", "b¹₂", "bias of h₂"),
    ("w2_1", "w²₁", "h₁ to y"),
    ("w2_2", "w²₂", "h₂ to y"),
    ("b2", "b²", "bias of y"),
]
LARGEST = 40.0  # of every slider for a weight
STEP = 0.5
LOW, HIGH, POINTS = -0.25, 1.25, 64  # of the surface
INPUTS = ["00", "01", "10", "11"]
LOSSES = {"cross-entropy": "sigmoid cross-entropy", "squared error": "sigmoid squared error"}
SEEDS = 100
SWEEP_SLICE = 200  # steps of all hundred networks between two pictures

INPUT_NAMES = "x₁,\u00a0x₂"  # not to be broken over two lines

state = st.session_state


def key(name: str) -> str:
    """The widget key of one setting."""
    return f"ex23_1_{name}"


def row_name(corner: np.ndarray) -> str:
    """An input as the tables name it."""
    return f"{corner[0]:g},\u00a0{corner[1]:g}"


def on_sliders(parameters: np.ndarray) -> dict[str, float]:
    """Nine numbers as slider settings: to the nearest half, held within the sliders' ends."""
    rounded = np.clip(np.round(parameters / STEP) * STEP, -LARGEST, LARGEST)
    return {key(name): float(value) for (name, _, _), value in zip(PARAMETERS, rounded, strict=True)}


def hand_set(gate: str, parameters: np.ndarray | None = None, **others: Any) -> dict[str, Any]:
    """Settings for an experiment: a target, nine parameters (default its solution), the rest as at first."""
    values = solution(gate) if parameters is None else parameters
    rest = {"sharpness": 1.0, "mistake": "none", "loss": "cross-entropy"} | others
    return on_sliders(values) | {key("target"): gate} | {key(name): value for name, value in rest.items()}


def marked_corners(outputs: np.ndarray, targets: np.ndarray) -> list[Corner]:
    """The four inputs as points: filled where the target is 1, ticked where the output is on its side of ½."""
    right = is_right(outputs, targets)
    return [
        Corner(x1, x2, bool(target > 0.5), bool(ok), RIGHT if ok else WRONG, f"y = {number(y)}")
        for (x1, x2), y, target, ok in zip(CORNERS, outputs.ravel(), targets.ravel(), right.ravel(), strict=True)
    ]


def hidden_lines(network: Network, names: list[str]) -> list[Line]:
    """The line z = 0, where the output is ½, of each neuron of the first layer."""
    layer = network.dense[0]
    return [
        Line(name, float(layer.W[0, j]), float(layer.W[1, j]), float(layer.b[j]), broken=j == 1)
        for j, name in enumerate(names)
    ]


def show_surface(network: Network, targets: np.ndarray, name: str, names: list[str], title: str) -> None:
    """The output over the square with the first layer's lines, and its description in numbers."""
    outputs = network.predict_proba(CORNERS)
    corners = marked_corners(outputs, targets)
    draw_surface(
        output_surface(network, LOW, HIGH, POINTS),
        LOW,
        HIGH,
        hidden_lines(network, names),
        corners,
        key=key(name),
        title=title,
        description=" ".join(
            f"At ({c.x:g}, {c.y:g}) {c.text}, {'right' if c.right else 'wrong'}." for c in corners
        ),
    )


heading(
    "23.1 XNOR with two layers of sigmoids",
    "XNOR is 1 where two inputs are equal, and 0 where they differ. "
    "Can a network of sigmoid neurons compute it? Can it learn to?",
)
st.markdown(
    "A **neuron** adds up its inputs, each times a **weight** w, and a **bias** b. The sum is its net input z. "
    "Its output is σ(z), where the **sigmoid** σ turns any number into one between 0 and 1. "
    "Here two hidden neurons, h₁ and h₂, see the inputs x₁ and x₂. A third neuron, y, sees h₁ and h₂. "
    "All nine weights and biases are yours to set."
)

# The sections stand in this order. The first draws the last anew whenever a slider moves.

target = st.pills(
    "Target: the gate to compute",
    list(GATES),
    default="XNOR",
    required=True,
    key=key("target"),
    bind="query-params",
    help="A gate turns two inputs, each 0 or 1, into one output. NAND is NOT AND, NOR is NOT OR, "
    "XOR is 1 where the inputs differ.",
)
gate = str(target)
st.button(
    f"Weights that solve {gate}",
    icon=":material/lightbulb:",
    key=key("solve"),
    on_click=state.update,
    args=(on_sliders(solution(gate)),),
)

targets = truth_table(gate)
hand, rest, snippet = st.container(), st.container(), st.empty()

# By hand


def sum_text(result: str, z: float, terms: list[tuple[float, float]], bias: float, output: float) -> str:
    """A neuron's sum in numbers, such as h₁ = σ(20.00 · 1 + 20.00 · 1 − 30.00) = σ(10.00) = 1.000."""
    products = " + ".join(f"({number(w)}) · {number(x)}" for w, x in terms)
    return f"{result} = σ(z) with z = {products} + ({number(bias)}) = {number(z)}, so {result} = {number(output)}."


def neurons_at(row: int, network: Network, trace: Trace) -> list[list[Neuron]]:
    """The network's neurons with their values at one of the four inputs."""
    x, z, h = CORNERS[row], [layer[row] for layer in trace.z], [layer[row] for layer in trace.h]
    inputs = [Neuron(f"x{'₁₂'[i]}", x[i], f"The input x{'₁₂'[i]} = {number(x[i])}.") for i in range(2)]
    layers = [inputs]
    for t, names in enumerate([["h₁", "h₂"], ["y"]]):
        before = x if t == 0 else h[0]
        W, b = network.dense[t].W, network.dense[t].b
        layers.append(
            [
                Neuron(
                    name,
                    h[t][j],
                    sum_text(name, z[t][j], list(zip(W[:, j], before, strict=True)), b[j], h[t][j]),
                    bias=float(b[j]),
                )
                for j, name in enumerate(names)
            ]
        )
    return layers


@st.fragment
def by_hand() -> None:
    """Everything the nine sliders change, drawn again without the rest of the page."""
    controls, picture = st.columns([1, 2], gap="large")
    with controls:
        sharpness = st.slider(
            "Sharpness",
            0.0,
            2.0,
            1.0,
            0.05,
            key=key("sharpness"),
            bind="query-params",
            help="Multiplies all nine numbers below at once.",
        )
        values: list[float] = []
        for first in range(0, len(PARAMETERS), 2):
            pair = st.columns(2)
            for column, (name, symbol, joins) in zip(pair, PARAMETERS[first : first + 2], strict=False):
                book = float(solution("XNOR")[len(values)])
                values.append(
                    column.slider(
                        f"{symbol}: {joins}", -LARGEST, LARGEST, book, STEP, key=key(name), bind="query-params"
                    )
                )

    network = gate_network(values, sharpness)
    trace = network.trace(CORNERS, targets)
    right = is_right(trace.h[1], targets).ravel()
    verdict = f"{RIGHT if right.all() else WRONG} {right.sum()} of 4 rows of {gate} are right"

    with picture:
        st.markdown(f"**{verdict}.**")
        show_surface(network, targets, "surface", ["h₁ = ½", "h₂ = ½"], f"Output y over the square, target {gate}")
        st.caption(
            "The deeper the blue, the nearer y is to 1. Along the solid line h₁ = ½, along the broken one h₂ = ½. "
            f"Arrows point to where they are larger. Filled points want 1, open ones 0. "
            f"{RIGHT}: y is on the target's side of ½."
        )
        shown = st.segmented_control(
            "Input x₁x₂ shown in the network",
            INPUTS,
            default="11",
            required=True,
            key=key("input"),
            bind="query-params",
        )
        draw_network(
            neurons_at(INPUTS.index(str(shown)), network, trace),
            [layer.W for layer in network.dense],
            key=key("network"),
            title=f"The network at x₁ = {str(shown)[0]}, x₂ = {str(shown)[1]}",
        )
        st.caption(
            "On each line stands its weight: thicker is larger, broken is negative. A fuller circle is nearer 1. "
            "Weights and biases are shown as used, times the sharpness."
        )

    st.header("The truth table", anchor=False)
    z1, z2 = trace.z[0].T
    h1, h2 = trace.h[0].T
    table = pd.DataFrame(
        {
            INPUT_NAMES: [row_name(x) for x in CORNERS],
            "z₁": [number(z) for z in z1],
            "z₂": [number(z) for z in z2],
            "h₁": [number(h) for h in h1],
            "h₂": [number(h) for h in h2],
            "z": [number(z) for z in trace.z[1][:, 0]],
            "y (8 decimals)": [decimals(y, 8) for y in trace.h[1][:, 0]],
            "target": [f"{t:g}" for t in targets[:, 0]],
            "verdict": [RIGHT if ok else WRONG for ok in right],
        }
    ).set_index(INPUT_NAMES)
    st.table(table if right.all() else tint_rows(table, ~right))
    st.markdown(
        "z₁ and z₂ are the net inputs of h₁ and h₂, and z is that of y. With the book's weights h₁ is x₁ AND x₂. "
        "h₂ is NOR: 1 only where both inputs are 0. And y is h₁ OR h₂, which is XNOR."
    )
    with st.expander("The surface in numbers", key=key("surface_table"), on_change="rerun") as surface_table:
        if surface_table.open:
            grid = np.linspace(0, 1, 5)
            st.table(
                pd.DataFrame(
                    [[number(y) for y in row] for row in output_surface(network, 0, 1, 5)[::-1]],
                    index=pd.Index([f"x₂ = {x:g}" for x in grid[::-1]], name="y at"),
                    columns=[f"x₁ = {x:g}" for x in grid],
                )
            )

    st.header("Every gradient, checked", anchor=False)
    controls, picture = st.columns([1, 2], gap="large")
    with controls:
        loss = str(st.radio("Loss L", list(LOSSES), key=key("loss"), bind="query-params"))
        planted = str(st.radio("Plant a mistake", ["none", *MISTAKES], key=key("mistake"), bind="query-params"))
        mistake = None if planted == "none" else planted
        about_mistake = {
            "none": "",
            "forgotten σ′": "The error is sent back to the hidden neurons without their slope σ′(z). "
            "Only their weights and biases are wrong.",
            "wrong sign": "The backward pass starts with target − y. Every gradient points the wrong way.",
            "missing 1/n": "The four rows are summed but not averaged. Every gradient is four times too large.",
        }[planted]
        st.markdown(
            "The **loss** L says how far the outputs are from the targets, averaged over the four rows. "
            "Cross-entropy counts −log y where the target is 1, and −log(1 − y) where it is 0. "
            "Squared error counts ½(y − target)². "
            "A **gradient** says how fast L changes with one weight. "
            "**Analytic** comes from back-propagation. **Numerical** moves the weight a little and measures L."
        )
        if about_mistake:
            st.markdown(about_mistake)
    loss_network = gate_network(values, sharpness, LOSSES[loss])
    checked = check(loss_network, CORNERS, targets, mistake)
    with picture:
        loss_now = loss_network.mean_loss(CORNERS, targets)
        st.markdown(f"L = {number(loss_now)} at your weights, target {gate}.")
        gradient_table(
            [f"∂L/∂{symbol}" for _, symbol, _ in PARAMETERS],
            checked,
            key=key("gradients"),
            label="gradient",
        )
        is_changed = ~np.isclose(checked.analytic, loss_network.gradient(CORNERS, targets), rtol=1e-6, atol=0)
        if np.any(is_changed & checked.passes):
            st.info(
                "The mistake changes more rows than turn red. Their gradients are so near 0 that "
                "rounding hides it. Lower “Sharpness” to 0.1 and look again.",
                icon=":material/search:",
            )
    with snippet.container():
        in_python(
            f"""from nnlib.gates import CORNERS, check, gate_network, truth_table

parameters = {values!r}  # W1 row by row, b1, W2, b2
targets = truth_table("{gate}")
network = gate_network(parameters, sharpness={sharpness!r}, loss="{LOSSES[loss]}")
trace = network.trace(CORNERS, targets)
for x, h, y in zip(CORNERS, trace.h[0], trace.h[1]):
    print(x, h, f"{{y[0]:.8f}}")
gradients = check(network, CORNERS, targets, mistake={mistake!r})
print(trace.loss, gradients.analytic, gradients.passes)
"""
        )


with hand:
    by_hand()

with rest:
    # One neuron

    st.header("One neuron is not enough", anchor=False)
    st.markdown(
        "A single neuron draws one straight line: y = ½ where w₁x₁ + w₂x₂ + b = 0. "
        "A gate it can compute is called **linearly separable**. Move its three sliders and try."
    )

    @st.cache_data(show_spinner=False, max_entries=len(GATES))
    def all_scores(gate: str) -> np.ndarray:
        """Every setting of the three sliders, counted by how many corners it gets right."""
        return neuron_scores(gate, np.arange(-LARGEST, LARGEST + STEP / 2, STEP))

    @st.fragment
    def one_neuron() -> None:
        """Three sliders, the line they draw, and why no line does XNOR."""
        controls, picture = st.columns([1, 2], gap="large")
        with controls:
            neuron = [
                st.slider(label, -LARGEST, LARGEST, float(start), STEP, key=key(name), bind="query-params")
                for name, label, start in zip(
                    ["n_w1", "n_w2", "n_b"],
                    ["w₁: x₁ to y", "w₂: x₂ to y", "b: bias of y"],
                    NEURONS["AND"],
                    strict=True,
                )
            ]
            if gate in NEURONS:
                st.button(
                    f"One neuron that solves {gate}",
                    icon=":material/lightbulb:",
                    key=key("n_solve"),
                    on_click=state.update,
                    args=(
                        {key(n): float(v) for n, v in zip(["n_w1", "n_w2", "n_b"], NEURONS[gate], strict=True)},
                    ),
                    width="stretch",
                )
        single = gate_network(neuron)
        right = is_right(single.predict_proba(CORNERS), targets).ravel()
        with picture:
            st.markdown(
                f"**{RIGHT if right.all() else WRONG} {right.sum()} of 4 rows of {gate} are right.** "
                f"L = {number(single.mean_loss(CORNERS, targets))}."
            )
            show_surface(
                single, targets, "n_surface", ["y = ½"], f"Output of one neuron over the square, target {gate}"
            )
        z = corner_net_inputs(neuron)
        st.table(
            pd.DataFrame(
                {
                    INPUT_NAMES: [row_name(x) for x in CORNERS],
                    "z is": ["b", "w₂ + b", "w₁ + b", "w₁ + w₂ + b"],
                    "now": [number(value) for value in z],
                    f"{gate} needs": ["z > 0" if t else "z < 0" for t in targets[:, 0]],
                    "verdict": [RIGHT if ok else WRONG for ok in right],
                }
            ).set_index(INPUT_NAMES)
        )
        outer, inner = z[0] + z[3], z[1] + z[2]
        scores = all_scores(gate)
        st.markdown(
            f"Add the first and last rows: {number(outer)}. Add the two middle rows: {number(inner)}. "
            "Both sums are w₁ + w₂ + 2b, so they are always equal."
        )
        if gate in NEURONS:
            st.markdown(f"{gate} does not mind: it never needs one of the two sums above 0 and the other below.")
        else:
            signs = ("above 0 and the second below", "below 0 and the second above")
            st.markdown(
                f"But {gate} needs the first sum {signs[gate == 'XOR']}. No number is both. "
                "So no weights do it: at most three rows can be right. "
                f"**{gate} is not linearly separable.**"
            )
        st.markdown(
            f"This page has tried all {scores.sum():,} settings of these three sliders. "
            f"{f'{scores[4]:,}' if scores[4] else 'None'} of them "
            f"{'get' if scores[4] else 'gets'} four rows right."
        )
        st.table(
            pd.DataFrame(
                [[f"{count:,}" for count in scores]],
                index=pd.Index(["settings"], name="rows right"),
                columns=[str(k) for k in range(5)],
            )
        )

    one_neuron()

    # Learning

    st.header("Learn it", anchor=False)
    st.markdown(
        "Now let **back-propagation** find the weights. It starts from random numbers, fixed by a **seed**. "
        "Every step computes the gradient over the four rows and moves all nine numbers against it, "
        "by the **learning rate** η times the gradient."
    )
    controls, picture = st.columns([1, 2], gap="large")
    with controls:
        seed = int(st.number_input("Seed", 0, 9999, 0, key=key("seed"), bind="query-params"))
        rate = st.select_slider(
            "Learning rate η", [0.1, 0.3, 1.0, 3.0, 10.0, 30.0], 1.0, key=key("rate"), bind="query-params"
        )
        learn_loss = LOSSES[
            str(st.radio("Loss to make small", list(LOSSES), key=key("l_loss"), bind="query-params"))
        ]
        steps = st.select_slider(
            "Steps", [500, 1000, 2000, 5000, 10000], 2000, key=key("steps"), bind="query-params"
        )
        pace = st.select_slider(
            "Steps between two pictures",
            [1, 5, 20, 100, 500],
            20,
            key=key("pace"),
            bind="query-params",
            help="The smaller, the slower you see it learn.",
        )
        st.caption(f"The target is {gate}, as set at the top.")

    chosen: dict[str, Any] = {"gate": gate, "seed": seed, "rate": rate, "steps": steps, "loss": learn_loss}

    def new_run() -> Run:
        """A network with its first weights, not yet trained."""
        return Run(chosen, gate_trainer(gate, seed, rate, steps, learn_loss))

    if key("run") in state:
        state[key("run")].claim()
    if key("run") not in state or state[key("run")].settings != chosen:
        state[key("run")], state[key("training")] = new_run(), False  # other settings are another run

    def start() -> None:
        """Go on; where the run has ended, begin anew."""
        if state[key("run")].trainer.state != "training":
            state[key("run")] = new_run()
        state[key("training")] = True

    def pause() -> None:
        """Stop where it is."""
        state[key("training")] = False

    def move_on(count: int) -> None:
        """Train for the next `count` steps, at most a slice of time."""
        run: Run = state[key("run")]
        run.stop_at = run.trainer.step + count
        run.move_on()

    def one_step() -> None:
        """A single step, then rest."""
        pause()
        move_on(1)

    def reset() -> None:
        """Back to the first weights."""
        state[key("run")], state[key("training")] = new_run(), False

    def take_over() -> None:
        """Put the learned weights on the sliders at the top."""
        state.update(on_sliders(state[key("run")].trainer.network.parameters) | {key("sharpness"): 1.0})

    training = bool(state[key("training")])
    with picture:
        with st.container(horizontal=True):
            if training:
                st.button("Pause", icon=":material/pause:", key=key("pause"), on_click=pause, type="primary")
            else:
                st.button("Start", icon=":material/play_arrow:", key=key("start"), on_click=start, type="primary")
            st.button("One step", icon=":material/skip_next:", key=key("one_step"), on_click=one_step)
            st.button("Reset", icon=":material/restart_alt:", key=key("reset"), on_click=reset)
            st.button(
                "Put these weights on the sliders",
                icon=":material/tune:",
                key=key("take_over"),
                on_click=take_over,
                help="Rounded to halves, held between −40 and 40. Look at the first picture and the table.",
            )

        @st.fragment(run_every=0.1 if training else None)
        def learning() -> None:
            """Train for a few steps, then draw where the run stands."""
            if state[key("training")]:
                move_on(pace)
            trainer = state[key("run")].trainer
            if state[key("training")] and trainer.state != "training":
                pause()
                st.rerun()
            outputs = trainer.network.predict_proba(CORNERS)
            right = is_right(outputs, targets).ravel()
            loss_now = trainer.network.mean_loss(CORNERS, targets)
            st.progress(trainer.step / steps, text=f"Step {trainer.step:,} of {steps:,}")
            st.markdown(
                f"**{RIGHT if right.all() else WRONG} {right.sum()} of 4 rows are right**, L = {number(loss_now)}."
            )
            if trainer.state == "diverged":
                st.error(trainer.problem, icon=":material/trending_up:")
            show_surface(
                trainer.network,
                targets,
                "l_surface",
                ["h₁ = ½", "h₂ = ½"],
                f"Output of the learning network, target {gate}",
            )
            if len(trainer.history) < 2:
                st.info(
                    "Press Start. The curve of the loss begins after the first steps.",
                    icon=":material/play_arrow:",
                )
                return
            points = pd.DataFrame(
                {"step": [m.step for m in trainer.history], "L": [m.train_loss for m in trainer.history]}
            )
            chart = (
                alt.Chart(points, height=180)
                .mark_line()
                .encode(
                    x=alt.X("step:Q", title="step", scale=alt.Scale(domain=[0, steps])),
                    y=alt.Y("L:Q", title="loss L", scale=alt.Scale(zero=True)),
                )
            )
            st.altair_chart(
                with_meaning(chart, "train"),
                width="stretch",
                key=key("loss_chart"),
                alt=f"Loss against step; now {number(loss_now)} at step {trainer.step}.",
            )

        learning()

    # A hundred seeds

    st.header("A hundred seeds", anchor=False)
    st.markdown(
        f"Does it always work? Train {SEEDS} networks side by side, from the seeds 0 to {SEEDS - 1}. "
        "Target, loss, learning rate and steps are those above."
    )
    sweep_of = {name: value for name, value in chosen.items() if name != "seed"}
    if state.get(key("sweep_of")) != sweep_of:
        state[key("sweep_of")], state[key("sweep")], state[key("sweeping")] = sweep_of, None, False

    def start_sweep() -> None:
        """A hundred fresh networks."""
        state[key("sweep")] = SeedSweep(gate, SEEDS, rate, steps, learn_loss)
        state[key("sweeping")] = True

    def plateaus() -> list[tuple[float, str]]:
        """Losses at which a network rests that gives some corners one shared output, and what they share."""
        fractions = {(2, 1): "½", (3, 1): "⅓", (3, 2): "⅔", (4, 1): "¼", (4, 2): "½", (4, 3): "¾"}
        ones = int(targets.sum())
        return [
            (plateau_loss(corners, k, learn_loss), f"{corners} rows share y = {fraction}")
            for (corners, k), fraction in fractions.items()
            if k <= ones and corners - k <= 4 - ones
        ]

    def show_sweep(sweep: SeedSweep) -> None:
        """How the losses of all networks are spread, and which did not learn."""
        learned, losses = sweep.learned, sweep.losses
        st.progress(sweep.step / sweep.steps, text=f"Step {sweep.step:,} of {sweep.steps:,}")
        st.markdown(f"**{learned.sum()} of {SEEDS} networks get all four rows right.**")
        least = 0.8 if learn_loss == LOSSES["cross-entropy"] else 0.2
        top = max(least, float(np.ceil(losses.max() * 20) / 20))
        edges = np.linspace(0, top, 41)
        counts, _ = np.histogram(losses, edges)
        bars = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "networks": counts})
        marks = pd.DataFrame(plateaus(), columns=["L", "what"]).groupby("L", as_index=False).agg(" or ".join)
        histogram = (
            alt.Chart(bars[bars["networks"] > 0])
            .mark_bar()
            .encode(
                x=alt.X("from:Q", title="loss L now", scale=alt.Scale(domain=[0, top])),
                x2="to:Q",
                y=alt.Y("networks:Q", title="networks", scale=alt.Scale(domain=[0, SEEDS])),
                y2=alt.datum(0),
                tooltip=[alt.Tooltip("from:Q", format=".3f"), alt.Tooltip("to:Q", format=".3f"), "networks:Q"],
            )
        )
        rules = (
            alt.Chart(marks).mark_rule(strokeDash=[4, 4]).encode(x="L:Q", tooltip=["what:N", alt.Tooltip("L:Q")])
        )
        chart = alt.LayerChart(
            layer=[with_meaning(histogram, "train"), with_meaning(rules, "neutral")], height=230
        )
        numbers = pd.DataFrame(
            {
                "loss from": [number(x) for x in bars["from"]],
                "to": [number(x) for x in bars["to"]],
                "networks": bars["networks"],
            }
        )
        stuck = np.flatnonzero(~learned)
        show_chart(
            chart,
            numbers[bars["networks"] > 0],
            f"How the losses of {SEEDS} networks are spread; {learned.sum()} have learned.",
            key=key("sweep_chart"),
        )
        if len(stuck):
            st.markdown(
                f"Seeds that have not learned: {', '.join(map(str, stuck))}. Put one in “Seed” and watch it."
            )
        st.markdown("The broken lines mark the **plateaus** of this loss:")
        st.table(
            pd.DataFrame(
                {
                    "plateau": marks["what"],
                    "L": [number(x) for x in marks["L"]],
                    "networks within 0.02, not learned": [
                        str(np.sum(np.abs(losses[stuck] - x) < 0.02)) for x in marks["L"]
                    ],
                }
            ).set_index("plateau")
        )

    sweeping = bool(state[key("sweeping")])

    @st.fragment(run_every=0.1 if sweeping else None)
    def seed_sweep() -> None:
        """A slice of training for all hundred, then how their losses are spread."""
        sweep: SeedSweep | None = state[key("sweep")]
        if sweep is None:
            return
        if state[key("sweeping")]:
            sweep = deepcopy(sweep)  # a click may start this page again while this slice is under way
            sweep.run(SWEEP_SLICE)
            state[key("sweep")] = sweep
            if sweep.finished:
                state[key("sweeping")] = False
                st.rerun()
        show_sweep(sweep)

    st.button(
        f"Train {SEEDS} networks",
        icon=":material/play_arrow:",
        key=key("sweep_start"),
        on_click=start_sweep,
        disabled=sweeping,
    )
    seed_sweep()
    st.markdown(
        "For XNOR and XOR some networks get stuck. Their hidden neurons do not tell two or three rows apart. "
        "Those rows must share one output, and the best shared output is the mean of their targets. "
        "To get on, a hidden line would have to move between these rows. "
        "But there the hidden neurons are **saturated**: z is far from 0, σ′ is almost 0, and so is the gradient."
    )
    st.markdown(
        "A flat stretch like this is a **plateau**. Some are left in time: "
        "for XNOR, seed 0 rests near 0.69 for 300 steps. "
        "The lower ones are not. Their loss falls ever more slowly towards the broken line and not below it. "
        "That is how a **local minimum** holds a run: lower than all around it, but not the lowest of all. "
        "Raise “Steps” and count again. The usual cure is another seed."
    )

    # Why it works

    st.header("Step by step", anchor=False)
    st.markdown("Every neuron uses the sigmoid. σ(10) is almost 1, and σ(−10) is almost 0.")
    formula(r"\sigma(z) = \frac{1}{1 + e^{-z}}", "23.14")
    st.markdown("**Step 1.** Write XNOR with gates that one neuron can compute.")
    formula(r"x_1 \odot x_2 = (x_1 \wedge x_2) \vee \overline{(x_1 \vee x_2)}")
    st.markdown(
        "∧ is AND, ∨ is OR, a bar is NOT, and ⊙ is XNOR. "
        "**Step 2.** AND: only (1, 1) may lift z above 0. Two weights of 20 and a bias of −30 do it."
    )
    formula(r"h_1 = \sigma(20\,x_1 + 20\,x_2 - 30)")
    st.markdown("**Step 3.** NOR: any 1 among the inputs must push z below 0.")
    formula(r"h_2 = \sigma(-20\,x_1 - 20\,x_2 + 10)")
    st.markdown("**Step 4.** OR: one 1 among h₁ and h₂ is enough.")
    formula(r"y = \sigma(20\,h_1 + 20\,h_2 - 10)")
    st.markdown("**Step 5.** The same with matrices. Each column of W⁽¹⁾ belongs to one hidden neuron.")
    formula(
        r"W^{(1)} = \begin{bmatrix} 20 & -20 \\ 20 & -20 \end{bmatrix},\quad "
        r"b^{(1)} = \begin{bmatrix} -30 \\ 10 \end{bmatrix},\quad "
        r"W^{(2)} = \begin{bmatrix} 20 \\ 20 \end{bmatrix},\quad b^{(2)} = -10"
    )
    formula(r"h = \sigma\big({W^{(1)}}^{T} x + b^{(1)}\big), \qquad y = \sigma\big({W^{(2)}}^{T} h + b^{(2)}\big)")
    st.markdown(
        "**Step 6.** Back-propagation, for cross-entropy. δ² is the error of the output. "
        "Going back through a neuron multiplies by its slope σ′(z) = h(1 − h)."
    )
    formula(
        r"\delta^{(2)} = y - \text{target}, \qquad "
        r"\delta^{(1)} = h \odot (1 - h) \odot \big(W^{(2)} \delta^{(2)}\big)"
    )
    formula(r"\nabla W^{(t)} = h^{(t-1)} {\delta^{(t)}}^{T}, \qquad \nabla b^{(t)} = \delta^{(t)}")
    st.markdown(
        "Here h⁽⁰⁾ = x, and ⊙ between vectors multiplies element by element. The gradients are averaged over the "
        "four rows. Squared error multiplies δ² by y(1 − y) as well."
    )

    try_this(
        [
            Experiment(
                "Blunt the neurons",
                hand_set("XNOR", sharpness=0.1),
                "All nine numbers shrink to a tenth. The hidden lines stay, but y is nearly one blue everywhere. "
                "Now raise “Sharpness” slowly and watch y.",
            ),
            Experiment(
                "From XNOR to XOR",
                hand_set("XOR"),
                "Only the output layer changes sign. The hidden layer is the same for all six gates: "
                "choose each target and press “Weights that solve …”.",
            ),
            Experiment(
                "A seed that gets stuck",
                {
                    key("target"): "XNOR",
                    key("l_loss"): "cross-entropy",
                    key("seed"): 1,
                    key("rate"): 1.0,
                    key("steps"): 2000,
                },
                "Then press “Start” under “Learn it”. The loss stops falling early. Look which rows share one "
                "output, and where the lines lie.",
            ),
        ]
    )

    erratum(
        "The truth table in the book's picture is headed x₁, x₁, y. The second column is x₂. "
        "Read as printed, both inputs would be the same, and two of its four rows could not exist:"
    )
    st.table(
        pd.DataFrame(
            {
                "row": [row_name(x) for x in CORNERS],
                "printed: x₁ =": [f"{x1:g} and {x2:g}" for x1, x2 in CORNERS],
                "possible as printed": [RIGHT if x1 == x2 else WRONG for x1, x2 in CORNERS],
                "XNOR of x₁, x₂": [f"{y:g}" for y in truth_table("XNOR").ravel()],
            }
        ).set_index("row")
    )

st.markdown("And these repeat “Learn it” and the hundred seeds, with your settings.")
st.code(
    f"""from nnlib.gates import CORNERS, SeedSweep, gate_trainer, truth_table

trainer = gate_trainer("{gate}", seed={seed}, learning_rate={rate!r}, steps={steps}, loss="{learn_loss}")
trainer.run()
sweep = SeedSweep("{gate}", seeds={SEEDS}, learning_rate={rate!r}, steps={steps}, loss="{learn_loss}")
sweep.run()
print(trainer.network.mean_loss(CORNERS, truth_table("{gate}")), sweep.learned.sum())
""",
    language="python",
)
