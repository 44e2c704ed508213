"""Where the graph of page 23.4 stands, with σ as one card and opened into its four operations."""

from pages.shared.graph.placement import Placement

CLOSED = Placement(
    positions={"z": (50, 50), "f": (325, 50), "y": (325, 160), "L": (600, 50)}, width=650, height=204
)
OPENED = Placement(
    positions={
        "z": (42, 52),
        "−z": (172, 52),
        "exp(−z)": (312, 52),
        "1": (312, 152),
        "1 + exp(−z)": (482, 52),
        "f": (652, 52),
        "y": (652, 168),
        "L": (812, 52),
    },
    width=860,
    height=222,
)
