"""What the player says of the edge that a reader points at, who looks for the wrong message."""

from nnlib.graph import Edge
from pages.shared.graph.model import bracket, factors
from pages.shared.numbers import number

WHAT = {
    "forgotten local derivative": "The local derivative is forgotten: the upstream gradient is "
    "handed on as it is.",
    "forgotten upstream": "The upstream gradient is forgotten: only the local derivative is sent.",
    "upstream twice": "The upstream gradient is multiplied in twice, as in the printed solution of exercise 23.4.",
    "divided by the local derivative": "The upstream gradient is divided by the local derivative, not multiplied.",
}


def why_wrong(edge: Edge, mistake: str) -> str:
    """What is wrong with an edge on which that mistake of `WHAT` is planted, in its numbers."""
    upstream, local = factors(edge)
    return (
        f"{WHAT[mistake]} Upstream × local is {upstream} × {bracket(local)} = "
        f"{number((edge.upstream or 0.0) * edge.local)}, but the edge carries {number(edge.message or 0.0)}."
    )


def why_not(edge: Edge) -> str:
    """Why the mistake is not planted on that edge, in its numbers, and where to look for it."""
    if edge.message is None:
        return f"Nothing goes back to {edge.source.label}, because that number is given. Look further."
    upstream, local = factors(edge)
    hint = (
        "But its upstream gradient is spoiled already, so the mistake lies nearer to L."
        if edge.spoiled
        else "Its upstream gradient is right too, so there is no mistake between here and L."
    )
    return f"{edge.way_back} is right: {upstream} × {bracket(local)} = {number(edge.message)}. {hint}"
