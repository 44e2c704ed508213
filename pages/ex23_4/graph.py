"""Where the graph of page 23.4 stands with σ as one card; opened, it is `OPENED_SIGMOID`."""

from pages.shared.graph.placement import Placement, Spot

CLOSED = Placement(
    positions={"z": (36, 40), "f": (300, 40), "y": (524, 152), "L": (524, 40)},
    width=560,
    height=192,
    spots={"y → L": Spot(514, 97, "end")},
    roomy=["y → L"],
    largest=1.58,
    curve=(26, 98, 290, 76),
    narrow=Placement(
        positions={"z": (44, 34), "f": (44, 140), "y": (276, 246), "L": (44, 246)},
        width=322,
        height=282,
        curve=(126, 22, 172, 104),
        roomy=["f → L"],
    ),
)
