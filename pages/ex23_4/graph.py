"""Where the graph of page 23.4 stands with σ as one card; opened, it is `OPENED_SIGMOID`."""

from pages.shared.graph.placement import Placement, Spot

CLOSED = Placement(
    positions={"z": (36, 40), "f": (262, 40), "y": (494, 142), "L": (494, 40)},
    width=530,
    height=180,
    spots={"y → L": Spot(484, 91, "end")},
    roomy=["y → L"],
    largest=1.65,
    curve=(186, 94, 216, 66),
    narrow=Placement(
        positions={"z": (44, 34), "f": (44, 140), "y": (276, 246), "L": (44, 246)},
        width=322,
        height=282,
        roomy=["z → f", "f → L"],
    ),
)
