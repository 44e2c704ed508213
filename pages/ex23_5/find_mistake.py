"""The game of page 23.5: a mistake is planted in one of three graphs, and the reader points at its edge."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from nnlib.chapter23.graphs import sigmoid_graph, softmax_graph
from nnlib.chapter23.hidden_mistakes import plant_at_random
from nnlib.graph import Edge, Graph, add, multiply, sigmoid, squared_error, variable
from pages.ex23_5.controls import CONTROLS
from pages.ex23_5.graph import UNFOLDED
from pages.shared.graph.layered import layered_placement
from pages.shared.graph.placement import OPENED_SIGMOID, Placement
from pages.shared.graph.player import at_step, graph_player
from pages.shared.graph.pointing import why_not, why_wrong
from pages.shared.numbers import RIGHT, WRONG
from pages.shared.page import write

POINTS = (3, 2, 1)  # for the first try, the second, the third
NAMES = ("softmax", "sigmoid", "neuron")  # of the three graphs of a round
SIGMOID = replace(OPENED_SIGMOID, minimum=800)


def _neuron(rng: np.random.Generator) -> Graph:
    """One sigmoid neuron with two inputs and squared error."""
    x1, w1, x2, w2, b = (float(v) for v in rng.choice([-1, 1], 5) * rng.integers(3, 20, 5) / 10)
    products = [
        multiply(variable(f"w{k}", w), variable(f"x{k}", x), label=f"w{k}x{k}")
        for k, w, x in (("₁", w1, x1), ("₂", w2, x2))
    ]
    f = sigmoid(add(*products, variable("b", b), label="z"), label="f")
    return Graph(squared_error(f, variable("y", float(rng.integers(2)))))


def _sigmoid(rng: np.random.Generator) -> Graph:
    """The sigmoid of exercise 23.4, opened."""
    z = float(rng.choice([-1, 1]) * rng.integers(3, 21)) / 10
    return sigmoid_graph(z, float(rng.integers(2)), opened=True)


def _softmax(rng: np.random.Generator) -> Graph:
    """The graph of this exercise."""
    return softmax_graph(
        (rng.integers(-15, 16, 3) / 10).tolist(), [(0.1, 0.7, 0.2), (0.5, 0.3, 0.2)][rng.integers(2)]
    )


GRAPHS: tuple[tuple[Callable[[np.random.Generator], Graph], Placement | None, str], ...] = (
    (_softmax, UNFOLDED, "This is the graph of this exercise, with other numbers."),
    (
        _sigmoid,
        SIGMOID,
        "This time it is the sigmoid of exercise 23.4 in its four operations, with cross-entropy as the loss L.",
    ),
    (
        _neuron,
        None,  # placed by itself
        "This time it is another network, because the rule is the same in all of them: a sigmoid neuron with two "
        "inputs, f = σ(w₁x₁ + w₂x₂ + b), and squared error L = ½ (f − y)² as its loss.",
    ),
)
GAME, TRIED, EARNED = (CONTROLS.key(name) for name in ("game", "game_tried", "game_earned"))


def drawn(game: int) -> tuple[Graph, Placement, Edge, str]:
    """The graph of that game with its mistake planted, where its nodes stand, the edge, and the mistake's name."""
    rng = np.random.default_rng(game)
    make, placement, _ = GRAPHS[game % len(GRAPHS)]
    graph = make(rng)
    edge, mistake = plant_at_random(graph, rng)
    return graph, placement or layered_placement(graph), edge, mistake


@st.fragment
def find_mistake() -> None:
    """The tab: what to do, the graph to point at, the verdict, and the score."""
    game = st.session_state.setdefault(GAME, 0)
    tried: list[str] = st.session_state.setdefault(TRIED, [])
    earned: dict[int, int | None] = st.session_state.setdefault(EARNED, {})
    graph, placement, edge, mistake = drawn(game)
    is_over = game in earned
    write(
        "The whole backward pass has been made, and a mistake is planted on one edge: **its message is not "
        "upstream × local**. The messages behind it may be wrong too, but each of them is the product of its "
        "factors. Point at an edge to read its factors, and click the one that breaks the rule. The first try "
        "gives 3 points, the second 2 and the third 1.",
        GRAPHS[game % len(GRAPHS)][2],
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        CONTROLS.button(
            "game_next",
            "Next graph" if is_over else "Skip this one",
            _begin_another,
            icon=":material/arrow_forward:",
            type="primary" if is_over else "secondary",
        )
        CONTROLS.button("game_show", "Show me", _point_at, edge.name, True, disabled=is_over)
        st.markdown(_score(game, earned), width="content")
    with st.container(key=CONTROLS.key("game_verdict")):
        _judge(graph, edge, mistake, tried, earned.get(game, 0) is None)
        if _is_round_won(game, earned):
            st.success(f"{RIGHT} **All three graphs are solved.** Next graph begins another round.")
    graph_player(
        graph,
        placement,
        key=CONTROLS.key("game_graph"),
        title="A graph with a mistake planted on one edge",
        on_pick=None if is_over else _point_at,
    )


def _begin_another() -> None:
    """Draw another graph and another mistake."""
    st.session_state[GAME] += 1
    st.session_state[TRIED] = []


def _point_at(name: str, is_told: bool = False) -> None:
    """Take the reader's answer; when it is right the game is over, and gives points unless it was told."""
    game, tried, earned = (st.session_state[key] for key in (GAME, TRIED, EARNED))
    _, _, edge, _ = drawn(game)
    if name == edge.name and game not in earned:
        before = len(set(tried))
        points = POINTS[before] if before < len(POINTS) else 0
        earned[game] = None if is_told else points
        st.session_state.update(at_step(CONTROLS.key("game_graph")))
    tried.append(name)


def _round_of(game: int) -> range:
    """The games of its round, one a graph."""
    first = game - game % len(GRAPHS)
    return range(first, first + len(GRAPHS))


def _is_round_won(game: int, earned: Mapping[int, int | None]) -> bool:
    """Whether this is the last graph of its round, and the reader has found every mistake of it."""
    games = _round_of(game)
    return game == games[-1] and all(earned.get(other) is not None for other in games)


def _score(game: int, earned: Mapping[int, int | None]) -> str:
    """A badge for each graph of the round, and the points of all games."""
    badges = []
    for name, other in zip(NAMES, _round_of(game), strict=True):
        if other not in earned:
            badges.append(f":{'blue' if other == game else 'gray'}-badge[{name}]")
        elif earned[other] is None:
            badges.append(f":gray-badge[{name}, shown]")
        else:
            badges.append(f":green-badge[{RIGHT} {name}, {earned[other]} of {POINTS[0]}]")
    points = sum(value or 0 for value in earned.values())
    total = f"\u2002 You have **{points} of {POINTS[0] * len(earned)}** points." if earned else ""
    return " ".join(badges) + total


def _judge(graph: Graph, edge: Edge, mistake: str, tried: Sequence[str], is_told: bool) -> None:
    """What the last edge pointed at really does."""
    if not tried:
        st.info("Which edge carries a wrong message?", icon=":material/search:")
        return
    sources = {other.name: other for other in graph.edges}
    last = sources[tried[-1]]
    if last is edge:
        words = f"**{edge.way_back}**. {why_wrong(edge, mistake)} The picture now shows all that this spoils."
        if is_told:
            st.info(f"It was {words}", icon=":material/visibility:")
        else:
            st.success(f"{RIGHT} Found: it is {words}")
    else:
        st.error(f"{WRONG} {why_not(last)}")
