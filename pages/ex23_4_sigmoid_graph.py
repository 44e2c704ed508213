"""Exercise 23.4: the sigmoid as a computation graph, forward and backward."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib.activations import sigmoid, sigmoid_derivative
from nnlib.chapter23.graphs import SIGMOID_LOSSES, sigmoid_graph
from pages.ex23_4.question import sigmoid_gradient
from pages.shared.chapter import EXERCISES
from pages.shared.charts import meaning_scale, show_chart
from pages.shared.gradient_table import RIGHT, WRONG, gradient_table
from pages.shared.graph.placement import Placement
from pages.shared.graph.player import graph_player, whole_pass
from pages.shared.numbers import difference, number
from pages.shared.page import Experiment, erratum, formula, heading, in_python, section, try_this, write
from pages.shared.predict_first import predict_first

MISTAKES = {
    "none": None,
    "forget σ′": "forgotten derivative",
    "use the misprint": "printed",
    "flip the sign of dL/df": "wrong sign",
}
PLACEMENT = Placement(
    positions={"z": (25, 130), "f": (235, 130), "L": (455, 130), "y": (455, 25)},
    width=575,
    height=185,
    captions={"f": "f = σ(z)", "L": "L = l(f, y)"},
    caption_shifts={"L": (0, 36)},
    minimum=480,
)
MEANING = {"σ(z)": "forward", "σ′(z)": "gradient"}

heading(
    EXERCISES["23.4"].heading,
    "How does a loss tell the net input z which way to move? Step through the graph and see every number.",
)
write(
    "The **sigmoid** σ turns any net input z into an output f between 0 and 1. "
    "The **loss** L = l(f, y) says how far f is from the **label** y, the output that is wanted.",
    "A **computation graph** draws a formula. Each circle computes one value; each arrow is one use of a value. "
    "**Forward**, an arrow carries its value, in blue. **Backward**, it carries a **message**, in orange: "
    "the **upstream** gradient at its head times the **local derivative** there. "
    "A **gradient** such as dL/dz says how fast L changes with z.",
)

# The page stands in this order; the first container is filled last, and again whenever a slider moves.
hand = st.container()

section(
    "Step by step",
    "Forward: z gives f, then f and y give L.",
    formula(r"f = \sigma(z) = \frac{1}{1 + e^{-z}}", "23.14"),
    "Backward, the first step depends on the loss. For **cross-entropy**, with log the natural logarithm:",
    formula(r"L = -\,y \log f - (1 - y) \log (1 - f)"),
    formula(r"\frac{dL}{df} = \frac{f - y}{f(1 - f)}, \qquad \frac{dL}{dy} = \log \frac{1 - f}{f}"),
    "For **squared error**:",
    formula(r"L = \tfrac12 (f - y)^2"),
    formula(r"\frac{dL}{df} = f - y, \qquad \frac{dL}{dy} = y - f"),
    "The sigmoid's slope can be written with its own output:",
    formula(r"\frac{df}{dz} = \frac{e^{-z}}{(1 + e^{-z})^2} = f (1 - f)"),
    "The **chain rule** multiplies the upstream gradient at f by the local derivative of f:",
    formula(r"\frac{dL}{dz} = \frac{dL}{df} \cdot f (1 - f)"),
    "With cross-entropy f(1 − f) cancels, and dL/dz = f − y.",
)

SETTINGS = {"ex23_4_mistake": "none", **whole_pass("ex23_4_graph", "backward", 4)}
try_this(
    [
        Experiment(
            "Wrong and flat",
            {**SETTINGS, "ex23_4_z": -8.0, "ex23_4_y": 1.0, "ex23_4_loss": "squared error"},
            "f is almost 0 where 1 is wanted. Look at dL/dz: how much comes back?",
            "Almost nothing came back, although f is badly wrong. The flat sigmoid made the gradient vanish.",
        ),
        Experiment(
            "Wrong, with cross-entropy",
            {**SETTINGS, "ex23_4_z": -8.0, "ex23_4_y": 1.0, "ex23_4_loss": "cross-entropy"},
            "The same z with the other loss. Look at dL/df, and then at dL/dz.",
            "dL/df is huge and cancels the tiny slope: dL/dz is close to −1.",
        ),
        Experiment(
            "Forget the slope",
            {
                **SETTINGS,
                "ex23_4_z": 2.0,
                "ex23_4_y": 0.0,
                "ex23_4_loss": "squared error",
                "ex23_4_mistake": "forget σ′",
            },
            "A typical mistake. Which rows of the check are crossed?",
            "Only dL/dz is wrong. The other two do not pass through σ.",
        ),
    ]
)
predict_first(sigmoid_gradient, "ex23_4")

erratum(
    "The printed solution has dL/df twice: dL/dz = dL/df · dL/df · f(1 − f). It belongs there once. "
    "At your z and y:"
)
printed_beside_true, snippet = st.empty(), st.empty()


def show_vanishing(z: float, y: float, f: float, slope: float) -> None:
    """σ and its slope with the reader's point, and what each loss makes of a small slope."""
    section("Where the gradient vanishes")
    grid = np.linspace(-10, 10, 121)
    curve = sigmoid(grid)
    curves = pd.DataFrame({"z": grid, "σ(z)": curve, "σ′(z)": sigmoid_derivative(curve)})
    here = pd.DataFrame({"z": [z], "σ(z)": [f], "σ′(z)": [slope]})
    names = pd.DataFrame({"z": [6.0, 2.7], "σ(z)": [0.88, None], "σ′(z)": [None, 0.2]})  # beside their curves
    layers: list[alt.Chart | alt.LayerChart] = [
        by_curve(curves).mark_line(),
        by_curve(here).mark_point(filled=True, size=120),
        by_curve(names).mark_text(size=14).encode(text="curve:N"),
    ]
    show_chart(
        alt.LayerChart(layer=layers),
        curves,
        "The sigmoid rises from 0 to 1; its slope is a bell, highest at z = 0. "
        f"Your point: z = {number(z)}, σ(z) = {number(f)}, σ′(z) = {number(slope)}.",
        key="ex23_4_curves",
    )
    st.markdown(
        "The slope σ′(z) = f(1 − f) is at most 0.25, at z = 0. Far from 0 the curve is flat and σ′ is almost 0. "
        "With **squared error**, dL/dz contains this small factor: even a badly wrong output hardly learns. "
        "With **cross-entropy**, dL/df grows as fast as σ′ shrinks, and what remains is f − y."
    )
    both = {name: sigmoid_graph(z, y, name) for name in SIGMOID_LOSSES}
    for one in both.values():
        one.backward()
    st.table(
        pd.DataFrame(
            {
                "loss": list(both),
                "dL/df": [number(one.node("f").gradient or 0.0) for one in both.values()],
                "× f(1 − f)": [number(one.edge("z", "f").local) for one in both.values()],
                "= dL/dz": [number(one.node("z").gradient or 0.0) for one in both.values()],
            }
        ).set_index("loss")
    )


def by_curve(table: pd.DataFrame) -> alt.Chart:
    """Both curves, or points on them, each in the colour of its meaning."""
    long = table.melt("z", var_name="curve", value_name="value").dropna()
    long["meaning"] = long["curve"].map(MEANING)
    return alt.Chart(long, height=230).encode(
        x=alt.X("z:Q", title="net input z"),
        y=alt.Y("value:Q", title="σ(z) and its slope σ′(z)"),
        color=alt.Color("meaning:N", scale=meaning_scale(), legend=None),
    )


def show_misprint(z: float, y: float, loss: str) -> None:
    """dL/dz as printed and as it is."""
    rules = {
        "printed: dL/df · dL/df · f(1 − f)": sigmoid_graph(z, y, loss, "printed"),
        "true: dL/df · f(1 − f)": sigmoid_graph(z, y, loss),
    }
    for graph in rules.values():
        graph.backward()
    checks = [graph.check([graph.node("z")]) for graph in rules.values()]
    st.table(
        pd.DataFrame(
            {
                "rule": list(rules),
                "dL/dz": [number(check.analytic[0]) for check in checks],
                "numerical": [number(check.numerical[0]) for check in checks],
                "difference": [difference(check.difference[0]) for check in checks],
                "agrees": [RIGHT if check.passes[0] else WRONG for check in checks],
            }
        ).set_index("rule")
    )
    if checks[0].passes[0]:
        st.markdown(
            "Here both rules agree by chance: dL/df is 0 or 1, or the product is too small to tell. Move z."
        )


@st.fragment
def by_hand() -> None:
    """Everything the controls change, drawn again without the rest of the page."""
    controls, picture = st.columns([1, 2], gap="medium")
    with controls:
        z = st.slider("Net input z", -10.0, 10.0, 0.0, 0.1, key="ex23_4_z", bind="query-params")
        y = st.slider("Label y", 0.0, 1.0, 1.0, 0.05, key="ex23_4_y", bind="query-params")
        loss = str(st.radio("Loss l", list(SIGMOID_LOSSES), key="ex23_4_loss", bind="query-params"))
        planted = str(st.radio("Plant a mistake", list(MISTAKES), key="ex23_4_mistake", bind="query-params"))
    graph = sigmoid_graph(z, y, loss, MISTAKES[planted])
    graph.backward()
    with picture:
        graph_player(graph, PLACEMENT, key="ex23_4_graph", title="The graph of f = σ(z), L = l(f, y)")

    section(
        "Every gradient, checked",
        "**Analytic** is what the backward pass says. "
        "**Numerical** moves one value a little and measures how L changes. Both must agree.",
    )
    nodes = [graph.node(label) for label in ("z", "f", "y")]
    gradient_table(["dL/dz", "dL/df", "dL/dy"], graph.check(nodes), key="ex23_4_gradients", label="gradient")
    show_vanishing(z, y, graph.node("f").value, graph.edge("z", "f").local)
    with printed_beside_true.container():
        show_misprint(z, y, loss)
    mistake_argument = "" if planted == "none" else f', mistake="{MISTAKES[planted]}"'
    with snippet.container():
        in_python(
            f"""from nnlib.chapter23.graphs import sigmoid_graph

graph = sigmoid_graph(z={z!r}, y={y!r}, loss="{loss}"{mistake_argument})
graph.backward()

for edge in graph.backward_edges():
    print(edge.name, edge.formula, edge.upstream, edge.local, edge.message)
L = graph.output.value
gradients = [graph.node(name).gradient for name in ("z", "f", "y")]
print(L, gradients, graph.check().passes)
"""
        )


with hand:
    by_hand()
