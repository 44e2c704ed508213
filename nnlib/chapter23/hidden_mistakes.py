"""One typical mistake, planted at random in the backward pass of any computation graph, for a reader to find."""

from collections.abc import Callable

import numpy as np

from nnlib.graph import Edge, Graph

APART = 0.1  # relative: a wrong message differs from the right one by more than rounding on a page could hide

MISTAKES: dict[str, Callable[[float, float], float]] = {
    "forgotten local derivative": lambda upstream, local: upstream,
    "forgotten upstream": lambda upstream, local: local,
    "upstream twice": lambda upstream, local: upstream * upstream * local,
    "divided by the local derivative": lambda upstream, local: upstream / local,
}


def plant_at_random(graph: Graph, rng: np.random.Generator) -> tuple[Edge, str]:
    """Plant one of `MISTAKES` on an edge where it shows; the edge, and the mistake's name.

    No glance at the signs or at equal messages tells it: the wrong message has the sign of the right one, and the
    local derivative is neither 1 nor −1. The backward pass is made.

    Raises
    ------
    ValueError
        If no mistake shows on any edge, as where every message is 0.
    """
    graph.backward()
    found = []
    for edge in graph.backward_edges():
        upstream, local, right = edge.upstream or 0.0, edge.local, edge.message or 0.0
        for name, rule in MISTAKES.items():
            if abs(local) in (0.0, 1.0):
                continue
            wrong = rule(upstream, local)
            if wrong * right > 0 and abs(wrong - right) > APART * max(abs(wrong), abs(right)):
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
