"""The steps of exercise 23.6, as the strip that stands before what is asked."""

from pages.shared.frame import way_through

WAY = ("Move z", "Find the line", "Its two paths", "Formulas", "Order")
MOVE, LINE, PATHS, FORMULAS, ORDER = range(1, len(WAY) + 1)


def way(at: int) -> str:
    """The strip, for a reader at that step."""
    return way_through(WAY, at)
