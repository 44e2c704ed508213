"""Exercise 23.1: XNOR by a network of two sigmoid layers, set by hand, tried with one neuron, and learned."""

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.gates import (
    CORNERS,
    GATES,
    MISTAKES,
    NEURONS,
    check,
    corner_net_inputs,
    gate_network,
    is_right,
    neuron_scores,
    output_surface,
    solution,
    truth_table,
)
from nnlib.network import Network, Trace
from pages.ex23_1.controls import (
    LARGEST,
    PARAMETERS,
    STEP,
    hand_set,
    key,
    nine_sliders,
    on_sliders,
    weight_slider,
)
from pages.ex23_1.learning import LOSSES, SEEDS, learn_it, sweep_seeds
from pages.ex23_1.pictures import HIDDEN_LINES, INPUTS, show_network, show_surface, verdict
from pages.ex23_1.question import neuron_output
from pages.shared.chapter import EXERCISES
from pages.shared.gradient_table import RIGHT, WRONG, gradient_table, tint_rows
from pages.shared.numbers import decimals, number
from pages.shared.page import Experiment, erratum, formula, heading, in_python_places, section, try_this, write
from pages.shared.predict_first import predict_first
from pages.shared.svg.component import give_head_start

INPUT_NAMES = "x₁,\u00a0x₂"  # not to be broken over two lines
NEURON_SLIDERS = {"n_w1": "w₁: x₁ to y", "n_w2": "w₂: x₂ to y", "n_b": "b: bias of y"}
ROWS = [f"{x1:g},\u00a0{x2:g}" for x1, x2 in CORNERS]
MISTAKE_TEXTS = {
    "forgotten σ′": "The error is sent back to the hidden neurons without their slope σ′(z). "
    "Only their weights and biases are wrong.",
    "wrong sign": "The backward pass starts with target − y. Every gradient points the wrong way.",
    "missing 1/n": "The four rows are summed but not averaged. Every gradient is four times too large.",
}

state = st.session_state

heading(
    EXERCISES["23.1"].heading,
    "XNOR is 1 where two inputs are equal, and 0 where they differ. "
    "Can a network of sigmoid neurons compute it? Can it learn to?",
)
st.markdown(
    "A **neuron** adds up its inputs, each times a **weight** w, and a **bias** b. The sum is its net input z. "
    "Its output is σ(z), where the **sigmoid** σ turns any number into one between 0 and 1. "
    "Here two hidden neurons, h₁ and h₂, see the inputs x₁ and x₂. A third neuron, y, sees h₁ and h₂. "
    "All nine weights and biases are yours to set."
)

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


@st.fragment
def by_hand() -> None:
    """The nine sliders, and all that follows from them; what stays as it is stands outside and is not redrawn."""
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
        values = nine_sliders()
    network = gate_network(values, sharpness, LOSSES[loss])
    trace = network.trace(CORNERS, targets)
    with picture:
        show_pictures(network, trace)
    show_truth_table(trace)
    with gradients.container():
        show_gradients(network)
    by_hand_code.code(
        f"""from nnlib.chapter23.gates import CORNERS, check, gate_network, truth_table

# W1 row by row, b1, W2, b2
parameters = {values!r}
targets = truth_table("{gate}")
network = gate_network(parameters, sharpness={sharpness!r}, loss="{LOSSES[loss]}")
trace = network.trace(CORNERS, targets)
for x, h, y in zip(CORNERS, trace.h[0], trace.h[1]):
    print(x, h, f"{{y[0]:.8f}}")
gradients = check(network, CORNERS, targets, mistake={mistake!r})
print(trace.loss, gradients.analytic, gradients.passes)
""",
        language="python",
    )


def show_pictures(network: Network, trace: Trace) -> None:
    """The surface, and the network at one of the four inputs."""
    st.markdown(f"**{verdict(network, targets, gate)}.**")
    show_surface(network, targets, "surface", HIDDEN_LINES, f"Output y over the square, target {gate}")
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
    show_network(network, trace, INPUTS.index(str(shown)))
    give_head_start()
    st.caption(
        "On each line stands its weight: thicker is larger, broken is negative. A fuller circle is nearer 1. "
        "Weights and biases are shown as used, times the sharpness."
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


def show_truth_table(trace: Trace) -> None:
    """All that is computed for the four inputs, with a verdict each."""
    right = is_right(trace.h[1], targets).ravel()
    z1, z2 = trace.z[0].T
    h1, h2 = trace.h[0].T
    table = pd.DataFrame(
        {
            INPUT_NAMES: ROWS,
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
    truth.table(table if right.all() else tint_rows(table, ~right))


def show_gradients(network: Network) -> None:
    """Every derivative of the loss beside its numerical one, at the reader's weights."""
    checked = check(network, CORNERS, targets, mistake)
    st.markdown(f"L = {number(network.mean_loss(CORNERS, targets))} at your weights, target {gate}.")
    gradient_table(
        [f"∂L/∂{symbol}" for _, symbol, _ in PARAMETERS],
        checked,
        key=key("gradients"),
        label="gradient",
    )
    is_changed = ~np.isclose(checked.analytic, network.gradient(CORNERS, targets), rtol=1e-6, atol=0)
    if np.any(is_changed & checked.passes):
        st.info(
            "The mistake changes more rows than are crossed. Their gradients are so near 0 that "
            "rounding hides it. Lower “Sharpness” to 0.1 and look again.",
            icon=":material/search:",
        )


by_hand_place = st.container()
section("The truth table")
truth = st.empty()
st.markdown(
    "z₁ and z₂ are the net inputs of h₁ and h₂, and z is that of y. With the book's weights h₁ is x₁ AND x₂. "
    "h₂ is NOR: 1 only where both inputs are 0. And y is h₁ OR h₂, which is XNOR."
)

section("Every gradient, checked")
controls, picture = st.columns([1, 2], gap="large")
with controls:
    loss = str(st.radio("Loss L", list(LOSSES), key=key("loss"), bind="query-params"))
    planted = str(st.radio("Plant a mistake", ["none", *MISTAKES], key=key("mistake"), bind="query-params"))
    mistake = None if planted == "none" else planted
    st.markdown(
        "The **loss** L says how far the outputs are from the targets, averaged over the four rows. "
        "Cross-entropy counts −log y where the target is 1, and −log(1 − y) where it is 0. "
        "Squared error counts ½(y − target)². "
        "A **gradient** says how fast L changes with one weight. "
        "**Analytic** comes from back-propagation. **Numerical** moves the weight a little and measures L."
    )
    if mistake:
        st.markdown(MISTAKE_TEXTS[mistake])
gradients = picture.empty()

section(
    "One neuron is not enough",
    "A single neuron draws one straight line: y = ½ where w₁x₁ + w₂x₂ + b = 0. "
    "A gate it can compute is called **linearly separable**. Move its three sliders and try.",
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
            weight_slider(name, label, float(start))
            for (name, label), start in zip(NEURON_SLIDERS.items(), NEURONS["AND"], strict=True)
        ]
        if gate in NEURONS:
            st.button(
                f"One neuron that solves {gate}",
                icon=":material/lightbulb:",
                key=key("n_solve"),
                on_click=state.update,
                args=({key(n): float(v) for n, v in zip(NEURON_SLIDERS, NEURONS[gate], strict=True)},),
                width="stretch",
            )
    single = gate_network(neuron)
    right = is_right(single.predict_proba(CORNERS), targets).ravel()
    with picture:
        st.markdown(f"**{verdict(single, targets, gate)}.** L = {number(single.mean_loss(CORNERS, targets))}.")
        show_surface(
            single, targets, "n_surface", ["y = ½"], f"Output of one neuron over the square, target {gate}"
        )
    z = corner_net_inputs(neuron)
    st.table(
        pd.DataFrame(
            {
                INPUT_NAMES: ROWS,
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

section(
    "Learn it",
    "Now let **back-propagation** find the weights. It starts from random numbers, fixed by a **seed**. "
    "Every step computes the gradient over the four rows and moves all nine numbers against it, "
    "by the **learning rate** η times the gradient.",
)
learning = learn_it(gate)

section(
    "A hundred seeds",
    f"Does it always work? Train {SEEDS} networks side by side, from the seeds 0 to {SEEDS - 1}. "
    "Target, loss, learning rate and steps are those above.",
)
sweep_seeds(learning)
write(
    "For XNOR and XOR some networks get stuck. Their hidden neurons do not tell two or three rows apart. "
    "Those rows must share one output, and the best shared output is the mean of their targets. "
    "To get on, a hidden line would have to move between these rows. "
    "But there the hidden neurons are **saturated**: z is far from 0, σ′ is almost 0, and so is the gradient.",
    "A flat stretch like this is a **plateau**. Some are left in time: "
    "for XNOR, seed 0 rests near 0.69 for 300 steps. "
    "The lower ones are not. Their loss falls ever more slowly towards the broken line and not below it. "
    "That is how a **local minimum** holds a run: lower than all around it, but not the lowest of all. "
    "Raise “Steps” and count again. The usual cure is another seed.",
)

section(
    "Step by step",
    "Every neuron uses the sigmoid. σ(10) is almost 1, and σ(−10) is almost 0.",
    formula(r"\sigma(z) = \frac{1}{1 + e^{-z}}", "23.14"),
    "**Step 1.** Write XNOR with gates that one neuron can compute.",
    formula(r"x_1 \odot x_2 = (x_1 \wedge x_2) \vee \overline{(x_1 \vee x_2)}"),
    "∧ is AND, ∨ is OR, a bar is NOT, and ⊙ is XNOR.\n\n"
    "**Step 2.** AND: only (1, 1) may lift z above 0. Two weights of 20 and a bias of −30 do it.",
    formula(r"h_1 = \sigma(20\,x_1 + 20\,x_2 - 30)"),
    "**Step 3.** NOR: any 1 among the inputs must push z below 0.",
    formula(r"h_2 = \sigma(-20\,x_1 - 20\,x_2 + 10)"),
    "**Step 4.** OR: one 1 among h₁ and h₂ is enough.",
    formula(r"y = \sigma(20\,h_1 + 20\,h_2 - 10)"),
    "**Step 5.** The same with matrices. Each column of W⁽¹⁾ belongs to one hidden neuron.",
    formula(
        r"W^{(1)} = \begin{bmatrix} 20 & -20 \\ 20 & -20 \end{bmatrix},\quad "
        r"b^{(1)} = \begin{bmatrix} -30 \\ 10 \end{bmatrix}"
    ),
    formula(r"W^{(2)} = \begin{bmatrix} 20 \\ 20 \end{bmatrix},\quad b^{(2)} = -10"),
    formula(r"h = \sigma\big({W^{(1)}}^{T} x + b^{(1)}\big)"),
    formula(r"y = \sigma\big({W^{(2)}}^{T} h + b^{(2)}\big)"),
    "**Step 6.** Back-propagation, for cross-entropy. δ⁽²⁾ is the error of the output. "
    "Going back through a neuron multiplies by its slope σ′(z) = h(1 − h).",
    formula(r"\delta^{(2)} = y - \text{target}"),
    formula(r"\delta^{(1)} = h \odot (1 - h) \odot \big(W^{(2)} \delta^{(2)}\big)"),
    formula(r"\nabla W^{(t)} = h^{(t-1)} {\delta^{(t)}}^{T}, \qquad \nabla b^{(t)} = \delta^{(t)}"),
    "∇W⁽ᵗ⁾ holds the gradients of layer t's weights, ∇b⁽ᵗ⁾ those of its biases. "
    "Here h⁽⁰⁾ = x, and h⁽¹⁾ = h. Between vectors ⊙ multiplies element by element, and ᵀ makes a row of a column. "
    "The gradients are averaged over the four rows. Squared error multiplies δ⁽²⁾ by y(1 − y) as well.",
)

try_this(
    [
        Experiment(
            "Blunt the neurons",
            hand_set("XNOR", sharpness=0.1),
            "All nine numbers shrink to a tenth. Do the lines move? What becomes of y?",
            "The hidden lines stayed, but y is nearly one blue everywhere. "
            "Now raise “Sharpness” slowly and watch y.",
        ),
        Experiment(
            "From XNOR to XOR",
            hand_set("XOR"),
            "The opposite gate. Which of the nine numbers had to change?",
            "Only the output layer changed sign. The hidden layer is the same for all six gates: "
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
            "Press “Start” under “Learn it”. How far does the loss fall? Look which rows share one output.",
            "The loss stops falling near 0.35. Two rows share one output: the lines lie so that the network "
            "hardly tells them apart, and the gradient there is almost 0. Try another seed.",
        ),
    ]
)
predict_first(neuron_output, "ex23_1")

erratum(
    "The truth table in the book's picture is headed x₁, x₁, y. The second column is x₂. "
    "Read as printed, both inputs would be the same, and two of its four rows could not exist:"
)
st.table(
    pd.DataFrame(
        {
            "row": ROWS,
            "printed: x₁ =": [f"{x1:g} and {x2:g}" for x1, x2 in CORNERS],
            "possible as printed": [RIGHT if x1 == x2 else WRONG for x1, x2 in CORNERS],
            "XNOR of x₁, x₂": [f"{y:g}" for y in truth_table("XNOR").ravel()],
        }
    ).set_index("row")
)

by_hand_code, learning_code = in_python_places(2)
settings = {name: learning[name] for name in ("learning_rate", "steps")}
learning_code.code(
    f"""from nnlib.chapter23.gates import CORNERS, SeedSweep, gate_trainer, truth_table

gate, loss = "{gate}", "{learning["loss"]}"
settings = {settings!r}
trainer = gate_trainer(gate, {learning["seed"]}, loss=loss, **settings)  # “Learn it”
trainer.run()
sweep = SeedSweep(gate, {SEEDS}, loss=loss, **settings)  # the hundred seeds
sweep.run()
print(trainer.network.mean_loss(CORNERS, truth_table(gate)), sweep.learned.sum())
""",
    language="python",
)

# Drawn last, since what the sliders change stands all over the page.
with by_hand_place:
    by_hand()
