"""Where the graph of page 23.4 stands with σ as one card; opened, it is `OPENED_SIGMOID`."""

from pages.shared.graph.placement import Placement, Spot

CLOSED = Placement(
    positions={"z": (50, 50), "f": (325, 50), "y": (325, 160), "L": (600, 50)},
    width=650,
    height=204,
    spots={"y → L": Spot(480, 128, "start")},
    roomy=["y → L"],
    narrow=Placement(
        positions={"z": (44, 34), "f": (44, 140), "y": (276, 246), "L": (44, 246)},
        width=322,
        height=282,
        roomy=["z → f", "f → L"],
    ),
)
