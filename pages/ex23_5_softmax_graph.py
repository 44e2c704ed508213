"""Exercise 23.5: softmax with cross-entropy for three classes, as book figure 23.31, forward and backward."""

import math

import pandas as pd
import streamlit as st

from nnlib.chapter23.graphs import softmax_graph, softmax_shortcut
from nnlib.graph import Graph
from nnlib.notation import subscript
from pages.ex23_5.question import softmax_gradient
from pages.shared.chapter import EXERCISES
from pages.shared.gradient_table import RIGHT, WRONG, gradient_table
from pages.shared.graph.placement import Placement
from pages.shared.graph.player import graph_player, whole_pass
from pages.shared.numbers import difference, number
from pages.shared.page import Experiment, erratum, formula, heading, in_python, section, try_this, write
from pages.shared.predict_first import predict_first

MISTAKES = {
    "none": None,
    "use the misprint": "printed",
    "forget the branch through S": "one branch",
    "lose the minus of −1/S²": "wrong sign",
}
CLASSES = [subscript(k) for k in (1, 2, 3)]
LABELS = {"class 1": (1.0, 0.0, 0.0), "class 2": (0.0, 1.0, 0.0), "class 3": (0.0, 0.0, 1.0), "soft": None}


def place() -> Placement:
    """Inputs at the left, loss at the right, one row a class; "+" and "/" below, where all rows meet."""
    positions: dict[str, tuple[float, float]] = {"S": (250, 525), "1/S": (350, 525)}
    captions = {"S": "S", "1/S": "1/S"}
    shifts: dict[str, tuple[float, float]] = {"S": (0, 34), "1/S": (0, 34)}
    shares: dict[str, float] = {}
    for k, row in zip(CLASSES, (95, 245, 395), strict=True):
        positions |= {
            f"x{k}": (20, row),
            f"exp x{k}": (142, row),
            f"p{k}": (455, row),
            f"log p{k}": (560, row),
            f"y{k}": (665, row - 74),
            f"y{k} log p{k}": (665, row),
        }
        captions |= {f"p{k}": f"p{k}", f"exp x{k}": f"exp x{k}"}
        # slanted edges carry their numbers in the gap below their own row
        shares |= {
            f"exp x{k} → p{k}": 0.58,
            f"exp x{k} → S": 75 / (525 - row),
            f"1/S → p{k}": 1 - 85 / (525 - row),
        }
    positions |= {"Σ y log p": (772, 245), "−1": (876, 171), "L": (876, 245)}
    captions |= {"L": "L", "Σ y log p": "Σ y log p"}
    shifts |= {"L": (0, 34), "Σ y log p": (12, 34)}
    left = [name for k in CLASSES for name in (f"exp x{k} → S", f"y{k} → y{k} log p{k}")]
    return Placement(positions, 953, 566, captions, shifts, shares, left, minimum=800)


def gradients(graph: Graph) -> list[float]:
    """∂L/∂x₁, ∂L/∂x₂, ∂L/∂x₃ the long way round, along every edge."""
    return [graph.node(f"x{k}").gradient or 0.0 for k in CLASSES]


heading(
    EXERCISES["23.5"].heading,
    "Why is the gradient of softmax with cross-entropy just p − y? Follow it back through every edge.",
)
write(
    "Each of three classes has a net input x. **Softmax** turns the three into **probabilities** p that sum to 1. "
    "The **labels** y say which class is true: 1 for that class, 0 for the others. "
    "**Cross-entropy** L = −Σ y log p is the **loss**: large when the true class has a small p.",
    "In the **graph** each circle computes one value from the arrows that enter it. "
    "S is the sum of the exponentials, and “/” makes 1/S of it. Broken circles are given numbers. "
    "Each arrow carries its value forward, in blue. Backward it carries a **message**, in orange: "
    "the **upstream** gradient at its head times the **local derivative** there. "
    "A **gradient** ∂L/∂v says how fast L changes with v. It is the sum of the messages that reach v.",
)

# The page stands in this order; the first container is filled last, and again whenever a slider moves.
hand = st.container()

section(
    "Step by step",
    "Forward: exponentials, their sum, one division, three probabilities, one loss.",
    formula(r"S = \sum_{j=1}^{3} e^{x_j}, \qquad p_k = e^{x_k} \cdot \frac{1}{S}"),
    formula(r"L = -\sum_{k=1}^{3} y_k \log p_k"),
    "Backward: the last × and the sum hand −1 to each product. The products and logarithms give",
    formula(
        r"\frac{\partial L}{\partial \log p_k} = -y_k, \qquad \frac{\partial L}{\partial p_k} = -\frac{y_k}{p_k}"
    ),
    "The × that made p has two operands, exp x and 1/S. Each receives the message times the other operand:",
    formula(r"\text{to } e^{x_k}:\ -\frac{y_k}{p_k} \cdot \frac{1}{S} = -\frac{y_k}{e^{x_k}}"),
    formula(r"\text{to } \frac{1}{S}:\ -\frac{y_k}{p_k} \cdot e^{x_k} = -y_k S"),
    "Three messages meet at 1/S, so they add up. The local derivative of 1/S is −1/S²:",
    formula(
        r"\frac{\partial L}{\partial S} = \Big(-S \sum_k y_k\Big) \cdot \Big(-\frac{1}{S^2}\Big) "
        r"= \frac{\sum_k y_k}{S}"
    ),
    "This is 1/S only if the labels sum to 1. The + hands it unchanged to each exp. "
    "There both branches meet, and exp multiplies by its own value. For labels that sum to 1:",
    formula(r"\frac{\partial L}{\partial x_k} = e^{x_k} \Big(\frac{1}{S} - \frac{y_k}{e^{x_k}}\Big) = p_k - y_k"),
)

SETTINGS = {
    "ex23_5_x1": 1.0,
    "ex23_5_x2": 2.0,
    "ex23_5_x3": 0.5,
    "ex23_5_label": "class 2",
    "ex23_5_mistake": "none",
    **whole_pass("ex23_5_graph", "backward", 24),
}
try_this(
    [
        Experiment(
            "Sure and wrong",
            {**SETTINGS, "ex23_5_x1": 5.0, "ex23_5_x2": -3.0},
            "p₁ is almost 1, but class 2 is true. Look at the message on p₂ → log p₂, and at ∂L/∂x₂.",
            "The message on p₂ → log p₂ is huge. Yet ∂L/∂x₂ is only about −1: the exp takes it back.",
        ),
        Experiment(
            "Labels that sum to 2",
            {**SETTINGS, "ex23_5_label": "soft", "ex23_5_y1": 0.5, "ex23_5_y2": 1.0, "ex23_5_y3": 0.5},
            "Look at the edges into +, and at the shortcut.",
            "The edges into + carry (Σy)/S, twice the book's 1/S. The shortcut p − y no longer holds.",
        ),
        Experiment(
            "Forget a branch",
            {**SETTINGS, "ex23_5_mistake": "forget the branch through S"},
            "Nothing comes back through S. Which rows of the check are crossed?",
            "Each exp and each x is wrong, and nothing else: they alone lie before the forgotten branch.",
        ),
    ]
)
predict_first(softmax_gradient, "ex23_5")

erratum(
    "In the printed answer's picture, the exp branch of class 2 carries −y₃/exp x₃. "
    "It must be −y₂/exp x₂, as in the other two rows. With your settings:"
)
printed_beside_true, snippet = st.empty(), st.empty()


def set_labels() -> list[float]:
    """Three sliders for soft labels."""
    st.markdown("**Soft** labels spread the truth over the classes. The book's formulas need them to sum to 1.")
    return [
        column.slider(f"Label y{k}", 0.0, 1.0, start, 0.05, key=f"ex23_5_y{i}", bind="query-params")
        for column, k, start, i in zip(st.columns(3), CLASSES, (0.2, 0.5, 0.3), (1, 2, 3), strict=True)
    ]


def show_shortcut(true: Graph, graph: Graph, y: list[float], sums_to_one: bool) -> None:
    """∂L/∂x along every edge, and in one subtraction."""
    section(
        "The shortcut beside the long way round",
        "The long way adds, at exp x, what comes back along two branches, and multiplies by exp x. "
        + ("The shortcut subtracts: p − y." if sums_to_one else "The shortcut is (Σy)·p − y here, not p − y."),
    )
    p = [true.node(f"p{k}").value for k in CLASSES]
    short, long = softmax_shortcut(p, y), gradients(graph)
    st.table(
        pd.DataFrame(
            {
                "class": ["1", "2", "3"],
                "p": [number(v) for v in p],
                "y": [number(v) for v in y],
                "through S": [number(graph.edge(f"exp x{k}", "S").message or 0.0) for k in CLASSES],
                "through ×": [number(graph.edge(f"exp x{k}", f"p{k}").message or 0.0) for k in CLASSES],
                "exp x": [number(true.node(f"exp x{k}").value) for k in CLASSES],
                "long way": [number(v) for v in long],
                "shortcut": [number(v) for v in short],
                "agree": [
                    RIGHT if math.isclose(a, b, abs_tol=1e-9) else WRONG for a, b in zip(long, short, strict=True)
                ],
            }
        ).set_index("class")
    )


def show_shift(true: Graph, x: list[float], y: list[float]) -> None:
    """The same graph with every x moved by c, with and without the maximum subtracted."""
    section(
        "Shift all inputs: nothing changes",
        "Add one number c to all three x. Each exp grows by the same factor, and so does S: p stays as it is. "
        "A computer cannot hold exp x above x = 709. So programs subtract the largest x first.",
    )
    c = st.select_slider(
        "Shift c", [-1000, -100, -10, -1, 0, 1, 10, 100, 1000], 10, key="ex23_5_c", bind="query-params"
    )
    shifted = [v + float(c) for v in x]
    safe = softmax_graph(shifted, y, subtract_maximum=True)
    safe.backward()
    rows = {"your x": true, "x + c, maximum subtracted": safe}
    failure = ""
    try:
        plain = softmax_graph(shifted, y)
        plain.backward()
        rows["x + c, as it stands"] = plain
    except ValueError as error:
        failure = str(error)
    st.table(
        pd.DataFrame(
            [
                {
                    "evaluated at": name,
                    **{f"p{k}": number(one.node(f"p{k}").value) for k in CLASSES},
                    "L": number(one.output.value),
                    **{f"∂L/∂x{k}": number(v) for k, v in zip(CLASSES, gradients(one), strict=True)},
                }
                for name, one in rows.items()
            ]
        ).set_index("evaluated at")
    )
    if failure:
        st.info(f"As it stands, x + c cannot be computed: {failure}.", icon=":material/info:")


def show_misprint(true: Graph, x: list[float], y: list[float]) -> None:
    """What the printed edge sends, and what it makes of ∂L/∂x₂."""
    printed = softmax_graph(x, y, "printed")
    printed.backward()
    checks = [one.check([one.node("x₂")]) for one in (printed, true)]
    st.table(
        pd.DataFrame(
            {
                "edge exp x₂ → p₂": ["printed: −y₃/exp x₃", "true: −y₂/exp x₂"],
                "message": [number(one.edge("exp x₂", "p₂").message or 0.0) for one in (printed, true)],
                "∂L/∂x₂": [number(check.analytic[0]) for check in checks],
                "numerical": [number(check.numerical[0]) for check in checks],
                "difference": [difference(check.difference[0]) for check in checks],
                "agrees": [RIGHT if check.passes[0] else WRONG for check in checks],
            }
        ).set_index("edge exp x₂ → p₂")
    )
    if checks[0].passes[0]:
        st.markdown(
            "Here the misprint does no harm: both fractions are equal. Choose class 2 or class 3 to see it."
        )


@st.fragment
def by_hand() -> None:
    """Everything the controls change, drawn again without the rest of the page."""
    columns = st.columns(4, gap="medium")
    x = [
        column.slider(f"Net input x{k}", -5.0, 5.0, start, 0.1, key=f"ex23_5_x{i}", bind="query-params")
        for column, k, start, i in zip(columns, CLASSES, (1.0, 2.0, 0.5), (1, 2, 3), strict=False)
    ]
    label = str(columns[3].selectbox("Labels y", list(LABELS), index=1, key="ex23_5_label", bind="query-params"))
    y = list(LABELS[label] or set_labels())
    planted = str(
        st.radio("Plant a mistake", list(MISTAKES), key="ex23_5_mistake", bind="query-params", horizontal=True)
    )

    true, graph = softmax_graph(x, y), softmax_graph(x, y, MISTAKES[planted])
    true.backward()
    graph.backward()
    total = math.fsum(y)
    sums_to_one = math.isclose(total, 1.0, abs_tol=1e-9)
    if not sums_to_one:
        st.info(
            f"Your labels sum to Σy = {number(total)}, not to 1. The graph then carries (Σy)/S "
            "where the book has 1/S, and (Σy)·p − y where the book has p − y.",
            icon=":material/info:",
        )
    graph_player(graph, place(), key="ex23_5_graph", title="Softmax with cross-entropy, book figure 23.31")

    section(
        "Every gradient, checked",
        "**Analytic** is what the backward pass says. "
        "**Numerical** moves one value a little and measures how L changes. Both must agree.",
    )
    checked = [node for node in graph.nodes if node.needs_gradient]
    gradient_table(
        [graph.derivative_name(node) for node in checked],
        graph.check(checked),
        key="ex23_5_gradients",
        label="gradient",
    )
    if planted == "use the misprint" and y[1] == y[2] == 0:
        st.markdown("With this label y₂ = y₃ = 0, so the misprint changes nothing. Choose class 2 or class 3.")
    show_shortcut(true, graph, y, sums_to_one)
    show_shift(true, x, y)
    with printed_beside_true.container():
        show_misprint(true, x, y)
    planted_argument = "" if planted == "none" else f', mistake="{MISTAKES[planted]}"'
    with snippet.container():
        in_python(
            f"""from nnlib.chapter23.graphs import softmax_graph, softmax_shortcut

y = {y!r}
graph = softmax_graph(x={x!r}, y=y{planted_argument})
graph.backward()

for edge in graph.backward_edges():
    print(edge.name, edge.message_formula, edge.upstream, edge.local, edge.message)
L = graph.output.value
gradients = [graph.node(name).gradient for name in ("x₁", "x₂", "x₃")]
shortcut = softmax_shortcut([graph.node(name).value for name in ("p₁", "p₂", "p₃")], y)
print(L, gradients, shortcut, graph.check().passes)
"""
        )


with hand:
    by_hand()
