"""The first three samples of the stage as a computation graph, with the shared player."""

import streamlit as st

from nnlib.chapter23.batch_norm_graph import batch_norm_graph
from nnlib.notation import subscript
from pages.ex23_6.controls import FIRST_FIND_IT, START_G, START_Z, Chosen, ask_for_the_answer, controls, is_known
from pages.shared.graph.checks import check_gradients_of
from pages.shared.graph.model import differentiated
from pages.shared.graph.placement import CARD_HEIGHT, CARD_WIDTH, Placement, Point, Spot
from pages.shared.graph.player import graph_player
from pages.shared.numbers import number
from pages.shared.page import write

ROWS = (66.0, 196.0, 326.0)  # of the three samples
SHARED = 480.0  # of what all samples share
BELOW = 560.0
SCENES = (  # the story of the pass, each until a layer of the graph
    ("Forward: the mean u of all z, and how far each z lies from it.", 3),
    ("The squares of these distances give σ², and s = √(σ² + ε).", 8),
    ("Divided by s they are z̄; times γ and plus β they are z̃. L adds up g z̃.", 14),
    ("Back from L: each z̃ receives its g, and z̄ receives γ times as much. γ and β receive theirs.", 19),
    ("Its own path: each z̄ was (z − u) · 1/s, so its message splits, one part to z − u, one to 1/s.", 20),
    ("Through s: what has come to 1/s goes through σ² to every z − u, and is added there.", 26),
    ("Each z receives what its z − u has, and u receives it, too, with the sign turned.", 27),
    ("Through u: every z receives an equal share of it, and the two messages add up to dz.", 29),
)


def show_graph(chosen: Chosen) -> None:
    """The tab."""
    if not is_known():
        write("The graph tells what you are to find: it opens here once you have found the line above.")
        ask_for_the_answer()
        return
    if chosen.is_hidden:
        write(FIRST_FIND_IT)
        return
    z, g = ((*values, *starts[len(values) :])[:3] for values, starts in ((chosen.z, START_Z), (chosen.g, START_G)))
    write(
        f"The same backward pass as a graph, as in the book's figure 23.25. {_which_batch(chosen, z[2], g[2])} "
        "L = Σ g z̃ stands for any loss with the gradients g."
    )
    try:
        graph = batch_norm_graph(z, g, chosen.gamma, chosen.beta, chosen.epsilon, chosen.ddof, chosen.mistake)
    except ValueError as error:
        st.error(f"These samples cannot be normalised: {error}.", icon=":material/error:")
        return
    title = "Batch normalisation of three samples"
    placement = graph_placement(chosen.ddof)
    graph_player(differentiated(graph), placement, title, key=controls.key("graph"), scenes=SCENES)
    check_gradients_of(graph, key=controls.key("graph_gradients"))


def _which_batch(chosen: Chosen, third_z: float, third_g: float) -> str:
    """How the graph's three samples go with those of the stage."""
    n = len(chosen.z)
    if n == 3:
        return "These are the three samples above."
    whence = (
        "To fit, this graph takes samples 1 to 3 as a batch of their own"
        if n > 3
        else "This graph needs three samples: to the two above it adds a third, z₃\u00a0=\u00a0"
        f"{number(third_z)} and g₃\u00a0=\u00a0{number(third_g)}"
    )
    return f"{whence}; its numbers differ from those above."


def graph_placement(ddof: int) -> Placement:
    """Three samples in three rows from z to L; below them, in a loop, what makes u, σ² and 1/s.

    What all samples share is reached by lines that run beside the cards, each sample's on a track of its own.
    """
    positions: dict[str, Point] = {
        "Σz": (79, SHARED),
        "u": (233, SHARED),
        "ε": (225, BELOW + 43),
        "Σ(z − u)²": (386, SHARED),
        "σ²": (298, BELOW),
        "σ² + ε": (386, BELOW),
        "s": (474, BELOW),
        "1/s": (474, SHARED),
        "γ": (652, SHARED),
        "β": (740, SHARED),
        "L": (888, ROWS[1]),
        # with divisor n, one constant serves both u and σ²
        **({"1/3": (140, BELOW), "1/2": (308, SHARED)} if ddof else {"1/3": (160, BELOW)}),
    }
    columns = {"z": 36.0, "z − u": 188.0, "z̄": 522.0, "γz̄": 608.0, "z̃": 696.0, "gz̃": 788.0}
    routes: dict[str, list[Point]] = {"ε → σ² + ε": [(257, BELOW + 43), (386, BELOW + 43), (386, BELOW + 32)]}
    spots: dict[str, Spot] = {}
    port, top, half = 24.0, SHARED - CARD_HEIGHT / 2, CARD_WIDTH / 2
    for k, row in enumerate(ROWS):
        j, outer, inner = subscript(k + 1), 8.0 * (1 - k), 8.0 * (k - 1)  # the first row's track is outermost
        names = {"z": f"z{j}", "z − u": f"z{j} − u", "z̄": f"z̄{j}", "γz̄": f"γz̄{j}", "z̃": f"z̃{j}", "gz̃": f"g{j}z̃{j}"}
        positions |= {name: (columns[column], row) for column, name in names.items()}
        positions |= {f"g{j}": (columns["gz̃"], row - 53), f"(z{j} − u)²": (344, row + 64)}
        square = row + 64 + port

        def up(source: float, column: str, row: float = row) -> list[Point]:
            """From what is shared up beside the cards to one of this row."""
            from_left = source < columns[column]
            return [
                (source, top),
                (source, row + port),
                (columns[column] + (-half if from_left else half), row + port),
            ]

        routes |= {
            f"z{j} → Σz": [(36 + half, row + port), (79 + outer, row + port), (79 + outer, top)],
            f"u → z{j} − u": up(233 + outer, "z − u"),
            f"(z{j} − u)² → Σ(z − u)²": [(344 + half, square), (390 + outer, square), (390 + outer, top)],
            f"1/s → z̄{j}": up(474 + inner, "z̄"),
            f"γ → γz̄{j}": up(652 + outer, "γz̄"),
            f"β → z̃{j}": up(740 + outer, "z̃"),
        }
        spots |= {
            f"z{j} → Σz": Spot(93, row + 45, "start"),
            f"z{j} → z{j} − u": Spot(93, row - 33, "start"),
            f"u → z{j} − u": Spot(247, row + 97, "start"),
            f"z{j} − u → (z{j} − u)²": Spot(247, row + 62, "start"),
            f"z{j} − u → z̄{j}": Spot(432, row - 14),
            f"1/s → z̄{j}": Spot(488, row + 48, "start"),
            f"γ → γz̄{j}": Spot(666, row + 48, "start"),
            f"β → z̃{j}": Spot(754, row + 48, "start"),
        }
    return Placement(positions, 926, BELOW + 58, routes, spots, minimum=860)
