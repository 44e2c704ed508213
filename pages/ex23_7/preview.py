"""Home's picture of exercise 23.7."""

import numpy as np

from nnlib.chapter23.dropout import draw_masks, running_means, thinned_counts, training_output
from pages.ex23_7.layer import START_H
from pages.shared.numbers import number
from pages.shared.preview import curve, place_x, place_y, show_preview


def draw() -> None:
    """The running mean of the first neuron's inverted dropout, around its exact mean h."""
    h, masks = float(START_H[0]), 300
    outputs = training_output(START_H[:1], draw_masks(masks, 1, 0.5, random_state=0), 0.5)
    counts = thinned_counts(masks, 60)
    u = place_x(np.log(counts), 0, np.log(masks))
    means, reach = running_means(outputs, counts)[:, 0], 2 * h / np.sqrt(counts)
    low, high = -h, 3 * h

    def clipped(values: np.ndarray) -> list[float]:
        """Heights, kept within the picture."""
        return list(place_y(np.clip(values, low, high), low, high))

    band = curve("neutral", [*u, *u[::-1]], [*clipped(h + reach), *clipped(h - reach)[::-1]])
    area = band | {"tag": "polygon", "class": "area neutral", "fill-opacity": 0.15}
    exact = curve("neutral", [u[0], u[-1]], clipped(np.array([h, h])), broken=True)
    show_preview(
        [area, curve("forward", u, clipped(means)), exact],
        f"The mean over more and more masks closes in on h = {number(h)}.",
        "ex23_7",
    )
