"""The printed program of exercise 23.3, whose biases all move by the SUM of their layer's δ: what it costs.

Algorithm 23.3 says b ← b − η δ: each bias moves by its own δ.
"""

from nnlib import optimizers
from nnlib.network import Network
from nnlib.notation import Array
from nnlib.optimizers import SGD


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
