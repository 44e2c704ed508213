"""Where the graph of page 23.4 stands with σ as one card; opened, it is `OPENED_SIGMOID`."""

from dataclasses import replace

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
# Closer together, and so larger on the screen, for the reader to draw its arrows.
DRAWN = replace(
    CLOSED,
    positions={"z": (30, 30), "f": (165, 30), "y": (315, 120), "L": (315, 30)},
    width=345,
    height=140,
    spots={"y → L": Spot(305, 75, "end")},
    largest=2.3,
)
