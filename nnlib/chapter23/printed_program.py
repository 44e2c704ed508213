"""The printed program of exercise 23.3, rebuilt exactly, and its one mistake: biases move by a SUM.

Algorithm 23.3 says b ← b − η δ: each bias moves by its own δ. The printed program moves all biases of a layer by
the sum of the layer's δ. With its squared error, its first weights and its rows in their own order it is

    network = Network(
        SIZES, loss="sigmoid squared error", dtype=np.float64, parameters=first_weights(SIZES, SEED)
    )
    trainer = Trainer(network, load_mnist(), batch_size=1, optimizer=SummedBiasSGD, epochs=10, shuffle=False)

and `ACCURACIES` is what its epochs come to.
"""

from collections.abc import Sequence

import numpy as np

from nnlib import optimizers
from nnlib.network import Network, parameter_slots
from nnlib.notation import Array
from nnlib.optimizers import SGD

SIZES = (784, 100, 50, 10)
SEED = 2023
# Share of the 14,000 test rows that are right after each epoch, of which the printed program prints the last. For
# seven epochs digit 8 is dead: next to none of its 1,357 rows is among them.
ACCURACIES = (0.8156, 0.8353, 0.8431, 0.8471, 0.8499, 0.8529, 0.8544, 0.9346, 0.9379, 0.9394)


def first_weights(sizes: Sequence[int], seed: int) -> Array:
    """The parameters of a network of these layers as the printed program draws them: all from N(0, 1), W then b.

    They follow NumPy's old `np.random.seed(seed)`, in one vector as `Network` takes it.
    """
    draw = np.random.RandomState(seed).standard_normal
    return np.concatenate([draw(slot.shape).ravel() for slot in parameter_slots(sizes)])


def set_first_weights(network: Network, seed: int) -> None:
    """Give a network the first W and b that the printed program draws from `seed`; γ and β stay as they are."""
    drawn = Network(network.sizes, parameters=first_weights(network.sizes, seed))
    for layer, printed in zip(network.dense, drawn.dense, strict=True):
        layer.W[:], layer.b[:] = printed.W, printed.b


class SummedBiasSGD(SGD):
    """Plain SGD, but every bias of a layer moves by the mean over the batch of the layer's summed δ."""

    def step(self, network: Network, rate: float) -> None:
        """Move the weights rightly and every bias of a layer by the same, summed amount."""
        super().step(network, rate)
        for layer in network.dense:
            own = layer.delta.mean(axis=0)
            layer.b -= rate * (own.sum() - own)


def sum_bias_gradients(network: Network, gradient: Array) -> Array:
    """`gradient`, in the order of the parameters, with the printed program's mistake planted in every bias."""
    wrong = gradient.copy()
    for slot in network.slots:
        if slot.symbol == "b":
            slot.of(wrong)[:] = slot.of(wrong).sum()
    return wrong


AS_PRINTED = "sgd, biases as printed"
OPTIMIZERS = {**optimizers.OPTIMIZERS, AS_PRINTED: SummedBiasSGD}  # all that page 23.3 offers
