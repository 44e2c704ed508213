"""One typical mistake, planted at random in the backward pass of any computation graph, for a reader to find."""

from collections.abc import Callable

import numpy as np

from nnlib.graph import Edge, Graph

APART = 0.1  # relative: a wrong message differs from the right one by more than rounding on a page could hide

MISTAKES: dict[str, Callable[[float, float], float]] = {
    "wrong sign": lambda upstream, local: -upstream * local,
    "forgotten local derivative": lambda upstream, local: upstream,
    "forgotten upstream": lambda upstream, local: local,
    "upstream twice": lambda upstream, local: upstream * upstream * local,
    "divided by the local derivative": lambda upstream, local: upstream / local,
    "forgotten branch": lambda upstream, local: 0.0,
}


def plant_at_random(graph: Graph, rng: np.random.Generator) -> tuple[Edge, str]:
    """Plant one of `MISTAKES` on an edge where it shows; the edge, and the mistake's name.

    A branch is forgotten only where a node has several. The backward pass is made.

    Raises
    ------
    ValueError
        If no mistake shows on any edge, as where every message is 0.
    """
    graph.backward()
    found = []
    for edge in graph.backward_edges():
        upstream, local, right = edge.upstream or 0.0, edge.local, edge.message or 0.0
        branches = sum(other.target.needs_gradient for other in graph.outgoing(edge.source))
        for name, rule in MISTAKES.items():
            if (name == "forgotten branch" and branches < 2) or local == 0:
                continue
            wrong = rule(upstream, local)
            if abs(wrong - right) > APART * max(abs(wrong), abs(right)) > 0:
                found.append((edge, name))
    if not found:
        raise ValueError("graph must have a message other than 0, got none")
    names = sorted({name for _, name in found})
    chosen = names[int(rng.integers(len(names)))]  # each kind as often, however many edges it fits
    edges = [edge for edge, name in found if name == chosen]
    edge = edges[int(rng.integers(len(edges)))]
    edge.plant(chosen, lambda upstream: MISTAKES[chosen](upstream, edge.local))
    graph.backward()
    return edge, chosen
