"""Plain and inverted dropout as one and the same training run (exercise 23.7): two networks side by side.

Why they are the same. Let W lead out of the layer that is dropped, under plain dropout at learning rate η. Give
the inverted network W' = p W there, the learning rate p² η for it, and everything else alike. Then under the
same mask d:

- forward, z' = W'ᵀ (d ⊙ h / p) + b = Wᵀ (d ⊙ h) + b = z: same net inputs, same loss, same δ, same ∇b;
- backward into the layer, d ⊙ (W' δ) / p = d ⊙ (W δ): same gradients in all layers before;
- for the weights themselves, ∇W' = (d ⊙ h / p) δᵀ = ∇W / p;
- so a step takes W' to p W − p² η ∇W / p = p (W − η ∇W): again p times what W has become.

Step by step W' = p W stays true, and so do the predictions: W'ᵀ h = Wᵀ (p h).
"""

import numpy as np

from nnlib.chapter23.dropout import check_keep_prob
from nnlib.network import Network
from nnlib.validation import check_integer, check_number, check_random_state

SIZES = (6, 8, 3)
SAMPLES, BATCH = 60, 10


class TwinTraining:
    """A plain and an inverted dropout network, trained on the same batches under the same masks by plain SGD.

    The data are made up: 60 samples of 6 inputs from N(0, 1), the label is the largest of 3 random sums of them.

    Parameters
    ----------
    keep_prob : p in (0, 1], of the hidden layer
    learning_rate : η of the plain network
    map_weights : whether the inverted network starts with W' = p W where weights leave the dropped layer; if
        not, with W' = W
    map_rate : whether those weights move at the rate p² η; if not, at η
    random_state : int, numpy.random.Generator or None

    Attributes
    ----------
    plain, inverted : the two networks, 6-8-3, in float64
    weight_differences, prediction_differences : after 0, 1, 2, … steps, the largest |p w − w'| or |b − b'| over
        all parameters (p where weights leave the dropped layer, 1 elsewhere) and the largest difference of the
        predictions for all samples
    """

    def __init__(
        self,
        keep_prob: float = 0.6,
        learning_rate: float = 0.1,
        map_weights: bool = True,
        map_rate: bool = True,
        random_state: int | np.random.Generator | None = 0,
    ) -> None:
        keep_prob = check_keep_prob(keep_prob)
        learning_rate = check_number("learning_rate", learning_rate, 0.0, np.inf, low_included=False)
        self._rng = check_random_state(random_state)
        seed = int(self._rng.integers(2**31))  # equal seeds, equal weights and masks
        self.plain, self.inverted = (
            Network(SIZES, random_state=seed, keep_prob=keep_prob, inverted=inverted) for inverted in (False, True)
        )
        self._X = self._rng.standard_normal((SAMPLES, SIZES[0]))
        self._Y = np.eye(SIZES[-1])[(self._X @ self._rng.standard_normal((SIZES[0], SIZES[-1]))).argmax(axis=1)]

        self._factors = np.ones_like(self.plain.parameters)  # parameters of the inverted one over the plain one's
        for slot in self.plain.slots:
            if slot.symbol == "w" and slot.layer > 1:
                slot.of(self._factors)[:] = keep_prob
        if map_weights:
            self.inverted.parameters *= self._factors
        # A weight p times as large, with a gradient 1/p times as large, must move p times as far: rate p² η.
        self._rates = (learning_rate, learning_rate * (self._factors**2 if map_rate else 1.0))
        self.weight_differences: list[float] = []
        self.prediction_differences: list[float] = []
        self._measure()

    @property
    def step(self) -> int:
        """Steps made so far."""
        return len(self.weight_differences) - 1

    def run(self, steps: int) -> None:
        """Train both networks for `steps` more steps, and measure after each how far they are apart."""
        for _ in range(check_integer("steps", steps, 0)):
            rows = self._rng.integers(0, SAMPLES, BATCH)
            for network, rate in zip((self.plain, self.inverted), self._rates, strict=True):
                network.back_propagate(network.forward(self._X[rows]), self._Y[rows])
                network.parameters -= rate * network.mean_gradient()
            self._measure()

    def _measure(self) -> None:
        apart = self._factors * self.plain.parameters - self.inverted.parameters
        plain, inverted = (network.predict_proba(self._X) for network in (self.plain, self.inverted))
        self.weight_differences.append(float(np.abs(apart).max()))
        self.prediction_differences.append(float(np.abs(plain - inverted).max()))
