"""Exercise 23.6: batch normalisation of one neuron, forward and backward, as true and as printed, and in use."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.batch_norm import MISTAKES, backward, check_gradients, derivative_names, forward, invariants
from nnlib.chapter23.batch_norm_graph import batch_norm_graph
from nnlib.notation import subscript
from pages.ex23_6.controls import BETA, GAMMA, START_G, START_Z
from pages.ex23_6.graph import (
    SIZES,
    batch_table,
    error_curve,
    graph_placement,
    show_batch,
    show_printed_errors,
)
from pages.ex23_6.in_use import in_use, use_snippet
from pages.ex23_6.question import normalised_input
from pages.shared.chapter import EXERCISES
from pages.shared.gradient_table import RIGHT, WRONG, gradient_table, printed_table
from pages.shared.graph.player import graph_player
from pages.shared.numbers import difference, number, percent
from pages.shared.page import Experiment, erratum, formula, heading, in_python, section, try_this, write
from pages.shared.predict_first import predict_first

MOST = 8
REACH = 3.0  # of the sliders
EPSILON = "1e−5"
EPSILONS = {"0": 0.0, "1e−8": 1e-8, "1e−5": 1e-5, "1e−3": 1e-3, "0.1": 0.1, "1": 1.0}
DIVISORS = {"n − 1": 1, "n": 0}
state = st.session_state


def key(name: str) -> str:
    """The widget key of one control."""
    return f"ex23_6_{name}"


def settings(**changed: Any) -> dict[str, Any]:
    """The page's first settings with some changed, under their widgets' keys."""
    first: dict[str, Any] = {"n": 5, "gamma": GAMMA, "beta": BETA, "epsilon": EPSILON}
    first |= {"divisor": "n − 1", "mistake": "none"}
    for j in range(MOST):
        first |= {f"z{j + 1}": START_Z[j], f"g{j + 1}": START_G[j]}
    return {key(name): value for name, value in (first | changed).items()}


def draw_new(names: str) -> None:
    """Fresh values from N(0, 1) for every sample's z, or for its z and g."""
    rng = np.random.default_rng()
    for j in range(1, MOST + 1):
        for name in names:
            state[key(f"{name}{j}")] = float(np.clip(rng.standard_normal(), -REACH, REACH).round(1))


def copy_samples() -> None:
    """Give the graph the first three samples of the batch above, with its γ, β, ε and divisor."""
    for name in ("gamma", "divisor", *(f"{symbol}{j}" for symbol in "zg" for j in (1, 2, 3))):
        state[key(f"graph_{name}")] = state[key(name)]


heading(
    EXERCISES["23.6"].heading,
    "A neuron's inputs are rescaled by the mean and spread of their own batch. "
    "Which way does the gradient take back?",
)
st.markdown(
    "A **batch** is n samples that are trained on together. One neuron computes a **net input** z for each. "
    "**Batch normalisation** subtracts their mean u and divides by their spread. That gives z̄. "
    "Then it scales by γ and shifts by β, two numbers that are learned. That gives z̃, what the activation sees. "
    "The **loss** L says how wrong the network is. Its gradient g = ∂L/∂z̃ comes from the layers above. "
    "You ask for ∂L/∂z, which is written dz here."
)
neuron_part, rest, snippet = st.container(), st.container(), st.empty()


@st.fragment
def neuron() -> None:
    """The batch, and all that follows from its sliders."""
    controls, picture = st.columns([1, 2], gap="large")
    with controls:
        n = st.slider("Samples n", 2, MOST, 5, key=key("n"), bind="query-params")
        z: list[float] = []
        g: list[float] = []
        for j in range(n):
            left, right = st.columns(2)
            for column, symbol, start, values in ((left, "z", START_Z, z), (right, "g", START_G, g)):
                values.append(
                    column.slider(
                        f"{symbol}{subscript(j + 1)}",
                        -REACH,
                        REACH,
                        start[j],
                        0.1,
                        key=key(f"{symbol}{j + 1}"),
                        bind="query-params",
                    )
                )
        with st.container(horizontal=True):
            st.button("New z", icon=":material/casino:", key=key("draw_z"), on_click=draw_new, args=("z",))
            st.button("New g", icon=":material/casino:", key=key("draw_g"), on_click=draw_new, args=("g",))
        left, right = st.columns(2)
        gamma = left.slider("Scale γ", -REACH, REACH, GAMMA, 0.1, key=key("gamma"), bind="query-params")
        beta = right.slider("Shift β", -REACH, REACH, BETA, 0.1, key=key("beta"), bind="query-params")
        chosen = st.select_slider(
            "ε",
            list(EPSILONS),
            EPSILON,
            key=key("epsilon"),
            bind="query-params",
            help="A small number added to σ², so that equal z do not divide by 0.",
        )
        divisor = st.segmented_control(
            "σ² divides by",
            list(DIVISORS),
            default="n − 1",
            required=True,
            key=key("divisor"),
            bind="query-params",
            help="n − 1 as in the book (23.60); n as in PyTorch and Keras.",
        )
        mistake = str(st.radio("Plant a mistake", MISTAKES, key=key("mistake"), bind="query-params"))
    epsilon, ddof = EPSILONS[str(chosen)], DIVISORS[str(divisor)]
    try:
        passed = forward(z, gamma, beta, epsilon, ddof)
        gradients, printed = backward(passed, g, mistake), backward(passed, g, "as printed")
    except ValueError as error:
        picture.error(f"This batch cannot be normalised: {error}.", icon=":material/error:")
        return

    with picture:
        show_batch(passed, gradients, printed, key("lines"))
        st.caption(
            "The small numbers are the samples. On the line of z, the bar marks u. The band reaches from u − s "
            "to u + s, with s = √(σ² + ε). On z̄ it reaches from −1 to 1. On z̃ the bar marks β, and the band "
            "reaches |γ| to either side. Red: dz. Where a red line is slanted, the two differ."
        )
        st.table(batch_table(passed, np.array(g), gradients.dz_bar))
        st.markdown(
            f"u = **{number(passed.u)}**, σ² = **{number(passed.variance)}**, s = √(σ² + ε) = "
            f"**{number(passed.scale)}**."
        )

        section(
            "Every gradient, checked",
            "**Analytic** is the true formula, or the mistake you planted. **As printed** is the book's solution. "
            "**Numerical** moves one number a little and measures how L changes. "
            "Moving z moves u and σ² with it. For du only u is moved, and for dσ² only σ²; all else stays fixed.",
        )
        check, printed_check = check_gradients(passed, g, mistake), check_gradients(passed, g, "as printed")
        printed_table(derivative_names(n), check, printed_check, key("gradients"))
        if ddof == 0:
            st.markdown(
                "With divisor n, the printed formula is right. It belongs to this σ², not to the book's (23.60)."
            )
        elif printed_check.passes.all():
            st.markdown("Here dσ² or every z − u is so near 0 that the misprint does no harm. Press “New z”.")
        else:
            off = float(printed_check.difference.max())
            st.markdown(
                f"The printed dz is off by up to **{difference(off)}**. All else that is printed is right."
            )

    section(
        "Two sums that give a mistake away",
        "**Shift** all z by one number: u moves along, and no z̄ changes. So L does not change, and Σ dz = 0. "
        "**Stretch** all z away from u: z̄ changes only because of ε. So Σ dz·z̄ is almost 0. "
        "What ε leaves is γ dγ ε / s³.",
    )
    rows = {
        "analytic" if mistake == "none" else f"analytic, {mistake}": invariants(passed, gradients),
        "as printed": invariants(passed, printed),
    }
    marks = {True: RIGHT, False: WRONG}
    st.table(
        pd.DataFrame(
            {
                "dz": list(rows),
                "Σ dz": [f"{number(one.shift)} {marks[one.shift_holds]}" for one in rows.values()],
                "must be": ["0" for _ in rows],
                "Σ dz·z̄": [f"{number(one.stretch)} {marks[one.stretch_holds]}" for one in rows.values()],
                "must be γ dγ ε / s³": [number(one.left_by_epsilon) for one in rows.values()],
            }
        ).set_index("dz")
    )
    if ddof == 1:
        st.markdown(
            "The misprint passes the first test: it adds a multiple of z − u, which sums to 0. "
            "The second test finds it."
        )

    with snippet.container():
        in_python(
            f"""from nnlib.chapter23.batch_norm import (
    backward, check_gradients, derivative_names, forward, invariants
)

g = {g!r}
passed = forward({z!r}, gamma={gamma!r}, beta={beta!r}, epsilon={epsilon!r}, ddof={ddof})
gradients = backward(passed, g, mistake={mistake!r})
check = check_gradients(passed, g, mistake={mistake!r})
printed = check_gradients(passed, g, mistake="as printed")
for row in zip(derivative_names({n}), check.analytic, printed.analytic, check.numerical, check.passes):
    print(*row)
print(passed.z_tilde, invariants(passed, gradients))
"""
        )


with neuron_part:
    neuron()


@st.fragment
def printed_over_n() -> None:
    """The printed form's error over the batch size."""
    controls, picture = st.columns([1, 2], gap="large")
    with controls:
        n = int(st.select_slider("Batch size n", SIZES, 5, key=key("curve_n"), bind="query-params"))
        found = error_curve().set_index("n").loc[n].map(float).to_dict()
        share = percent(found["share"]) if found["share"] < 10 else f"{number(found['share'])} times"
        write(
            f"At n = {n} the printed dz is off by **{difference(found['error'])}**. "
            f"That is **{share}** of the largest true dz.",
            "Each point is the median over 100 batches. Their z and g are drawn from N(0, 1); γ = 1, ε = 1e−5. "
            "The error is in proportion to γ.",
        )
    with picture:
        show_printed_errors(n, key("curve"))


@st.fragment
def graph() -> None:
    """Three samples as a computation graph, with controls of their own."""
    symbols = [(f"{symbol}{j}", f"{symbol}{subscript(j)}") for symbol in "zg" for j in (1, 2, 3)]
    starts = (1.0, -0.5, 2.0, 0.5, -1.0, 1.0)
    values = [
        column.slider(label, -REACH, REACH, start, 0.1, key=key(f"graph_{name}"), bind="query-params")
        for column, (name, label), start in zip(st.columns(6), symbols, starts, strict=True)
    ]
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    gamma = left.slider("γ", -REACH, REACH, GAMMA, 0.1, key=key("graph_gamma"), bind="query-params")
    divisor = middle.segmented_control(
        "σ² of the graph divides by",
        list(DIVISORS),
        default="n − 1",
        required=True,
        key=key("graph_divisor"),
        bind="query-params",
    )
    right.button("Use the first three samples above", key=key("graph_copy"), on_click=copy_samples)
    mistake = str(
        st.radio(
            "Plant a mistake in the graph",
            MISTAKES,
            key=key("graph_mistake"),
            bind="query-params",
            horizontal=True,
        )
    )
    ddof = DIVISORS[str(divisor)]
    drawn = batch_norm_graph(values[:3], values[3:], gamma, BETA, EPSILONS[EPSILON], ddof, mistake)
    drawn.backward()
    graph_player(drawn, graph_placement(ddof), key=key("graph"), title="Batch normalisation of three samples")
    checks = st.expander("Every gradient of this graph, checked", key=key("graph_checks"), on_change="rerun")
    if checks.open:
        with checks:
            nodes = [node for node in drawn.nodes if node.needs_gradient]
            gradient_table(
                [drawn.derivative_name(node) for node in nodes],
                drawn.check(nodes),
                key=key("graph_gradients"),
                label="gradient",
            )


def derivation() -> None:
    """Forward and backward, step by step."""
    section(
        "Step by step",
        "Forward: the mean, the variance, the normalised value, and the value that goes on.",
        formula(r"u = \frac{1}{n} \sum_{j=1}^{n} z_j", "23.59"),
        formula(r"\sigma^2 = \frac{1}{n-1} \sum_{j=1}^{n} (z_j - u)^2", "23.60"),
        formula(r"\bar{z}_j = \frac{z_j - u}{\sqrt{\sigma^2 + \epsilon}}", "23.61"),
        formula(r"\tilde{z}_j = \gamma \bar{z}_j + \beta"),
        "**1.** γ and β serve every sample, so their gradients are sums over the batch. dz̄ is one factor away.",
        formula(r"d\gamma = \sum_{j=1}^{n} d\tilde{z}_j\, \bar{z}_j, \qquad d\beta = \sum_{j=1}^{n} d\tilde{z}_j"),
        formula(r"d\bar{z}_j = \gamma\, d\tilde{z}_j"),
        "**2.** σ² is in every z̄. The derivative of (σ² + ε) to the power −½ is −½ (σ² + ε) to the power −3/2.",
        formula(
            r"d\sigma^2 = \sum_{j=1}^{n} d\bar{z}_j\, (z_j - u) \cdot \Big(-\frac{1}{2}\Big) (\sigma^2 + "
            r"\epsilon)^{-3/2}"
        ),
        "**3.** u is in every z̄, and in σ². The second way brings 0, because Σ (z − u) = 0.",
        formula(
            r"\begin{aligned} du &= -\frac{\sum_{j} d\bar{z}_j}{\sqrt{\sigma^2 + \epsilon}}"
            r" + d\sigma^2 \cdot \frac{-2 \sum_{j} (z_j - u)}{n - 1} \\[1ex]"
            r" &= -\frac{\sum_{j} d\bar{z}_j}{\sqrt{\sigma^2 + \epsilon}} \end{aligned}"
        ),
        "**4.** z reaches L along three ways: through its own z̄, through u, and through σ². Add them up.",
        formula(
            r"dz_j = \frac{d\bar{z}_j}{\sqrt{\sigma^2 + \epsilon}} + du \cdot \frac{1}{n} + "
            r"d\sigma^2 \cdot \frac{2 (z_j - u)}{n - 1}"
        ),
    )
    erratum(
        "The printed solution takes σ² with n − 1, from (23.60), but writes ∂σ²/∂z = 2(z − u)/**n**. "
        "The same sum cannot be divided by two numbers: the derivative has n − 1 too."
    )
    write(
        "**5.** The second sum above, now derived. Write s² = σ² + ε. Then Σ z̄ = 0 and Σ z̄² = (n − 1) σ²/s². "
        "Also dσ² = −½ Σ dz̄·z̄ / s². Multiply step 4 by z̄ and add over the batch:",
        formula(
            r"\sum_j dz_j \bar{z}_j = \frac{1}{s} \sum_j d\bar{z}_j \bar{z}_j \Big(1 - \frac{\sigma^2}{s^2}\Big) "
            r"= \frac{\gamma\, d\gamma\, \epsilon}{s^3}"
        ),
    )


def algorithm() -> None:
    """The whole algorithm, corrected, and what the printed one leaves out."""
    section(
        "The algorithm, corrected",
        "The network has s layers; layers 1 to s − 1 are hidden and normalised. W and b are weights and biases, "
        "a is the activation, h a layer's output, y the label, η the learning rate.\n"
        "1. Initialise every W, b, γ = 1 and β = 0.\n"
        "2. **For each batch** of n samples:\n"
        "    1. **Forward**, t = 1 to s: z = Wᵀh + b with the layer before's h. In hidden layers compute u and σ² "
        "over this batch, then z̄, z̃ and h = a(z̃).\n"
        "    2. **Output error** of each sample, for cross-entropy: δ = h − y in layer s.\n"
        "    3. **Backward**, t = s to 1. Below layer s: dz̃ = a′(z̃) ⊙ (W δ), with W and δ of the layer above. "
        "Then steps 1 to 4 give dγ, dβ and δ = dz, over all n samples at once.\n"
        "    4. Gradients of each layer: ∇W = Σ h δᵀ and ∇b = Σ δ over j = 1 to n, with the layer before's h.\n"
        "    5. **Only now move** every W, b, γ and β by −η/n times its gradient.\n"
        "3. Return all parameters.",
    )
    erratum(
        "What the printed algorithm leaves out.\n"
        "- It computes δ = h − y **once, before the loop** over the batches. Each batch needs its own forward "
        "pass "
        "and its own error.\n"
        "- Its ∇W is δ times h, while its errors go back through an **untransposed W**. Only one of the two fits "
        "the "
        "shapes: with z = Wᵀh + b, ∇W = h δᵀ and W δ; with z = Wh + b, ∇W = δ hᵀ and Wᵀδ.\n"
        "- It writes ∂z̃ⱼ/∂zⱼ, as if sample j stood alone. Through u and σ² **every sample** reaches every z̃.\n"
        "- It sums dγ and dβ **to N, one of them over an index i** that does not occur. The sums run over the "
        "batch, j = 1 to n.\n"
        "- It moves a layer's W **before** sending the error through it.\n"
        "- And the **divisor**, as above."
    )


def inference() -> None:
    """What stands in for u and σ² when predicting."""
    section(
        "Prediction: averages over all batches",
        "A single test sample has no batch, so it has no u and σ² of its own. Algorithm 23.4 lets the trained "
        "network "
        "read **all training batches** once more. It averages the u and the σ² of each layer over them:",
        formula(r"\bar{z} = \frac{z - E_b(u)}{\sqrt{E_b(\sigma^2) + \epsilon}}", "Alg. 23.4"),
        "PyTorch and Keras keep a moving average during training instead. It still holds batches of older "
        "weights. "
        "`nnlib` follows the book. While a net trains, it averages over 64 batches to draw the curves.",
    )


with rest:
    section("How far off is the printed form?")
    printed_over_n()
    derivation()
    section(
        "The computation graph, for three samples",
        "The same steps edge by edge (book figure 23.25). An arrow carries its value forward (blue) and a "
        "**message** "
        "backward (red): the **upstream** gradient times the **local derivative**. "
        "L = Σ g z̃ stands for any loss with the gradients g. Here β = 0.5 and ε = 1e−5, and s = √(σ² + ε).",
    )
    graph()
    algorithm()
    inference()
    section(
        "Batch normalisation in use",
        "Two nets learn scikit-learn's small digits, 8 × 8 pixels, from the same first weights and the same "
        "batches. "
        "Each hidden layer has 30 neurons. One normalises their net inputs, the other does not. "
        "An **epoch** is one pass over the 1,437 training pictures.",
    )
    used = in_use()
    st.markdown("The same two runs in Python:")
    st.code(use_snippet(used), language="python")
    try_this(
        [
            Experiment(
                "Only two samples",
                settings(n=2, z1=1.2, z2=-0.7, g1=0.8, g2=-1.1),
                "What is left of dz when a batch has two samples? Move z₁ and watch z̄.",
                "Two samples always become z̄ = ±0.7071, whatever z is. So no z matters: dz is almost 0. "
                "The printed dz is far from it.",
            ),
            Experiment(
                "All z equal",
                settings(n=4, z1=0.5, z2=0.5, z3=0.5, z4=0.5),
                "Four samples are alike. How large is dz? Then set ε to 0.",
                "σ² = 0, so only ε keeps the division finite, and dz is in the hundreds. "
                "With ε = 0 nothing is left to divide by, and the page says so.",
            ),
            Experiment(
                "Divide by n",
                settings(divisor="n"),
                "Look at the column “as printed”.",
                "Both columns are ticked. The printed derivative is that of the other variance, "
                "the one PyTorch and Keras use.",
            ),
        ]
    )
    predict_first(normalised_input, "ex23_6")
