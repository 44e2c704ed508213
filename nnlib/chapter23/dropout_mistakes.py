"""Dropout in a small network, right or with a mistake planted: its gradients and its average checked."""

from dataclasses import dataclass

import numpy as np

from nnlib.chapter23.dropout import (
    FORMS,
    all_masks,
    check_keep_prob,
    draw_masks,
    mask_probabilities,
    training_output,
)
from nnlib.gradcheck import GradientCheck
from nnlib.layers import Dropout
from nnlib.network import Network
from nnlib.notation import Array
from nnlib.validation import check_choice, check_random_state

NO_MASK = "no mask on the way back"
FRESH_MASK = "a fresh mask on the way back"
NO_SCALE_BACK = "no 1/p on the way back"
NO_SCALE = "no 1/p in training"
NO_P = "no p in prediction"
MISTAKES = {  # of each form
    "plain": ("none", NO_MASK, FRESH_MASK, NO_P),
    "inverted": ("none", NO_MASK, FRESH_MASK, NO_SCALE_BACK, NO_SCALE),
}
SIZES = (2, 4, 1)


class MistakenDropout(Dropout):
    """Dropout with a mistake in it; parameters as of `Dropout`, and `mistake`, one of `MISTAKES` of its form."""

    def __init__(self, keep_prob: float, inverted: bool, random_state: np.random.Generator, mistake: str) -> None:
        super().__init__(keep_prob, inverted=inverted and mistake != NO_SCALE, random_state=random_state)
        self.mistake = mistake

    def infer(self, H: Array) -> Array:
        """h itself where p, or the 1/p of training, was forgotten."""
        return H if self.mistake in (NO_P, NO_SCALE) else super().infer(H)

    def backward(self, dH: Array) -> Array:
        """∂L/∂h̃ to what is wrongly taken for ∂L/∂h."""
        if self.mistake == NO_MASK:
            return dH
        if self.mistake == FRESH_MASK:
            another = draw_masks(len(dH), dH.shape[1], self.keep_prob, self.rng)
            return dH * another / (self.keep_prob if self.inverted else 1.0)
        dH = super().backward(dH)
        return dH * self.keep_prob if self.mistake == NO_SCALE_BACK else dH


@dataclass(frozen=True)
class DropoutCheck:
    """A 2-4-1 sigmoid network with dropout on its hidden layer, one sample and one mask.

    Attributes
    ----------
    mask : d, (4,)
    gradients : ∂L/∂W¹ (2, 4), b¹ (4,), W² (4, 1), b² (1,), flattened in this order, analytic and numerical
    trained, predicted : what the hidden layer passes on, (4,): averaged over all 16 masks of training, and in
        prediction; they should be equal
    """

    mask: Array
    gradients: GradientCheck
    trained: Array
    predicted: Array


def check_dropout(
    keep_prob: float,
    form: str = "inverted",
    mistake: str = "none",
    random_state: int | np.random.Generator | None = 0,
) -> DropoutCheck:
    """Check a small network drawn from `random_state`, its mask held fixed while slopes are measured.

    Raises
    ------
    ValueError, TypeError
        If keep_prob lies outside (0, 1], or form or mistake is not among `FORMS` or the form's `MISTAKES`.
    """
    network, layer, X, Y = _small_network(keep_prob, form, mistake, random_state)
    gradients = network.check_gradients(X, Y, training=True)
    mask = layer.mask[0].copy()
    h = network.trace(X, Y).h[1]  # (1, 4)
    masks = all_masks(SIZES[1])
    averaged = mask_probabilities(masks, layer.keep_prob) @ training_output(
        h[0], masks, layer.keep_prob, "inverted" if layer.inverted else "plain"
    )
    return DropoutCheck(mask, gradients, averaged, layer.infer(h)[0].copy())


def gradient(
    keep_prob: float,
    form: str = "inverted",
    mistake: str = "none",
    random_state: int | np.random.Generator | None = 0,
) -> Array:
    """The analytic gradient alone of what `check_dropout` checks, (17,); slopes take most of its time."""
    network, _, X, Y = _small_network(keep_prob, form, mistake, random_state)
    return network.gradient(X, Y, training=True)


def _small_network(
    keep_prob: float, form: str, mistake: str, random_state: int | np.random.Generator | None
) -> tuple[Network, MistakenDropout, Array, Array]:
    """The network, its dropout, and its one sample (1, 2) with label (1, 1)."""
    keep_prob, form = check_keep_prob(keep_prob), check_choice("form", form, FORMS)
    check_choice("mistake", mistake, MISTAKES[form])
    rng = check_random_state(random_state)
    network = Network(SIZES, init="normal", random_state=rng)
    layer = MistakenDropout(keep_prob, form == "inverted", network.rng, mistake)
    network.layers.insert(2, layer)  # after Dense and Activation
    X, Y = rng.standard_normal((1, SIZES[0])), rng.integers(0, 2, (1, SIZES[-1])).astype(float)
    return network, layer, X, Y
