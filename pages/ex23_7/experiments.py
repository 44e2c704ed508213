"""What page 23.7 proposes to try."""

from pages.ex23_7.controls import H_TEXT, controls
from pages.shared.page import Experiment

EXPERIMENTS = [
    Experiment(
        "A thousand masks",
        controls.keyed({"p": 0.2, "drawn": 1000, "neuron": 1, "h_text": H_TEXT}),
        "Few neurons are kept: p = 0.2. Look at both charts at the top. Where do the means settle?",
        "The means settled on p h and on h. Switch the table to “inverted”: its variance is 25 times as "
        "large, as dividing by p multiplies it by 1/p².",
    ),
    Experiment(
        "Forget the rate p² η",
        controls.keyed(
            {"map_weights": True, "map_rate": False, "twin_p": 0.6, "rate": 0.1, "steps": 300, "live": None}
        ),
        "Look at “Are the two forms the same?”. Press “Run all four”. Which networks stay together?",
        "Both networks started as one. With the same rate for both, W′ learned too fast, and they parted. "
        "Only with both conditions did they stay together to the last digits.",
    ),
    Experiment(
        "Large weights",
        controls.keyed({"next_p": 0.5, "scale": 12.0, "bias": 0.0, "next_m": 6, "next_seed": 0}),
        "Look at “Where expectation is not enough”. Compare z and σ(z).",
        "z still agreed, but σ(z) did not: a mean does not pass through a curve. Now raise p to 1, and "
        "the gap closes.",
    ),
]
