"""Plain and inverted dropout as one and the same training run (exercise 23.7): two networks side by side.

Claim. Let W lead out of a layer that is dropped with the keep probability p. Plain dropout learns W at the rate η.
Give the inverted network W' = p W there at the start, the rate p² η for it, and all else, masks included, alike.
Then W' = p W, and everything else equal, after every step of gradient descent; and both predict the same.

Proof by induction: it holds at the start, and if it holds before a step, then in that step

- forward, z' = W'ᵀ (d ⊙ h / p) + b = Wᵀ (d ⊙ h) + b = z: same net inputs, same loss, same δ, same ∇b;
- backward into the layer, d ⊙ (W' δ) / p = d ⊙ (W δ): same gradients in all layers before;
- for the weights themselves, ∇W' = (d ⊙ h / p) δᵀ = ∇W / p;
- so the step takes W' to p W − p² η ∇W / p = p (W − η ∇W): again p times what W has become.

In prediction z' = W'ᵀ h + b = Wᵀ (p h) + b = z. With several dropped layers, each W' has the p of its own layer.

The other rules follow from ∇W' = ∇W / p in the same way:

- momentum V ← μ V + ∇W, W ← W − η V: V' = V / p, so the rate is p² η as before. Nesterov takes the gradient at
  W − η μ V, and W' − p² η μ V' = p (W − η μ V): p² η again;
- Adam, W ← W − η m̂ / (√v̂ + ε): m̂' = m̂ / p and v̂' = v̂ / p², so m̂' / (√v̂' + ε/p) = m̂ / (√v̂ + ε): the rate is
  p η, with ε/p in the place of ε;
- L2, W ← W − η (∇W + λ W): ∇W' + λ' W' = (∇W + λ' p² W) / p, so λ' = λ/p², and the rate p² η as before;
- decoupled decay, W ← (1 − κ) W − η ∇W: p (1 − κ) W on both sides, so the same κ. (AdamW of PyTorch takes
  κ = rate · weight_decay: there weight_decay must grow as the rate falls.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from nnlib.chapter23.dropout import check_keep_prob
from nnlib.losses import SMALLEST
from nnlib.network import Network
from nnlib.notation import Array
from nnlib.validation import check_choice, check_integer, check_number, check_random_state

INPUTS, HIDDEN, OUTPUTS = 6, 8, 3
SAMPLES, BATCH = 60, 10
MU, BETA1, BETA2, EPSILON = 0.9, 0.9, 0.999, 1e-8
LAMBDA, KAPPA = 0.05, 0.005  # L2 and decoupled decay of the weights, not of the biases


@dataclass(frozen=True)
class Powers:
    """What the inverted network takes where weights leave a dropped layer: powers of p times the plain one's.

    W' = p^weights W at the start, p^rate η, p^epsilon ε, and p^decay λ or p^decay κ. All 0: nothing is changed.
    """

    weights: int = 0
    rate: int = 0
    epsilon: int = 0
    decay: int = 0


NEEDED: Mapping[str, Powers] = {  # by each rule, for the two runs to be one
    "gradient descent": Powers(weights=1, rate=2),
    "momentum": Powers(weights=1, rate=2),
    "Nesterov momentum": Powers(weights=1, rate=2),
    "Adam": Powers(weights=1, rate=1, epsilon=-1),
    "L2 decay": Powers(weights=1, rate=2, decay=-2),
    "decoupled decay": Powers(weights=1, rate=2),
}


class TwinTraining:
    """A plain and an inverted dropout network, trained on the same batches under the same masks.

    The data are made up: 60 samples of 6 inputs from N(0, 1), the label is the largest of 3 random sums of them.
    Both networks are computed at once, as two layers of one array, which is several times faster than two
    `Network`s; `networks` gives them as such.

    Parameters
    ----------
    keep_prob : p in (0, 1] of the one hidden layer, or one for each of several
    rule : one of `NEEDED`
    powers : of p in the inverted network; what the rule needs by default
    learning_rate : η of the plain network
    random_state : int, numpy.random.Generator or None

    Attributes
    ----------
    parameters : of the plain network and of the inverted one, (2, parameters), ordered as `Network.parameters`
    factors : p of its layer for each parameter that leaves a dropped layer, 1 for all others, (parameters,)
    losses : after 0, 1, 2, … steps, the mean loss of the predictions for all samples, (plain, inverted)
    weight_differences : as often, the largest |p w − w'| or |b − b'| over all parameters
    prediction_differences : as often, the largest difference of the predictions for all samples
    masks : of the last step, one (batch, neurons) of bool for each dropped layer; none before the first step

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range; the message names it.
    """

    def __init__(
        self,
        keep_prob: float | Sequence[float] = 0.6,
        rule: str = "gradient descent",
        powers: Powers | None = None,
        *,
        learning_rate: float = 0.1,
        random_state: int | np.random.Generator | None = 0,
    ) -> None:
        each = [keep_prob] if isinstance(keep_prob, int | float) else list(keep_prob)
        self._keep_prob = [check_keep_prob(p) for p in each]
        self.rule = check_choice("rule", rule, NEEDED)
        powers = NEEDED[rule] if powers is None else powers
        eta = check_number("learning_rate", learning_rate, 0.0, np.inf, low_included=False)
        self._rng = check_random_state(random_state)
        self._X = self._rng.standard_normal((SAMPLES, INPUTS))
        self._Y = np.eye(OUTPUTS)[(self._X @ self._rng.standard_normal((INPUTS, OUTPUTS))).argmax(axis=1)]

        first = Network((INPUTS, *[HIDDEN] * len(each), OUTPUTS), random_state=self._rng)
        self._slots, n = first.slots, len(first.parameters)
        is_weight, f = np.zeros(n), np.ones(n)
        for slot in self._slots:
            if slot.symbol == "w":
                slot.of(is_weight)[:] = 1.0
                if slot.layer > 1:
                    slot.of(f)[:] = self._keep_prob[slot.layer - 2]
        self.factors = f
        self.parameters = np.array([first.parameters, f**powers.weights * first.parameters])
        self._rate = eta * np.array([np.ones(n), f**powers.rate])
        self._epsilon = EPSILON * np.array([np.ones(n), f**powers.epsilon])
        decay = (LAMBDA if rule == "L2 decay" else KAPPA) * is_weight
        self._decay = decay * np.array([np.ones(n), f**powers.decay])
        self._gradient, self._m, self._v = (np.zeros((2, n)) for _ in range(3))
        self._layers, self._to_layers = self._views(self.parameters), self._views(self._gradient)
        # what h is multiplied with: as both predict, by (p, 1), and as both train, besides the mask, by (1, 1/p)
        self._in_prediction = [np.array([p, 1.0]).reshape(2, 1, 1) for p in self._keep_prob]
        self._in_training = [np.array([1.0, 1 / p]).reshape(2, 1, 1) for p in self._keep_prob]
        self.masks: list[Array] = []
        self.losses: list[tuple[float, float]] = []
        self.weight_differences: list[float] = []
        self.prediction_differences: list[float] = []
        self._measure(self.parameters[np.newaxis])

    @property
    def step(self) -> int:
        """Steps made so far."""
        return len(self.losses) - 1

    @property
    def networks(self) -> tuple[Network, Network]:
        """The plain and the inverted network as they are now."""
        sizes = (INPUTS, *[HIDDEN] * len(self._keep_prob), OUTPUTS)
        plain, inverted = (
            Network(sizes, keep_prob=self._keep_prob, inverted=k == 1, parameters=self.parameters[k])
            for k in (0, 1)
        )
        return plain, inverted

    def run(self, steps: int) -> None:
        """Train both networks for `steps` more steps, and measure after each how far they are apart."""
        met = np.empty((check_integer("steps", steps, 0), *self.parameters.shape))
        for k in range(steps):
            rows = self._rng.integers(0, SAMPLES, BATCH)
            self.masks = [self._rng.random((BATCH, HIDDEN)) < p for p in self._keep_prob]
            scales = [mask * scale for mask, scale in zip(self.masks, self._in_training, strict=True)]
            self._move(self._X[rows], self._Y[rows], scales, self.step + k + 1)
            met[k] = self.parameters
        self._measure(met)

    def _views(self, vectors: Array) -> list[tuple[Array, Array]]:
        """W, (…, 2, fan_in, fan_out), and b, (…, 2, 1, fan_out), of each layer, in vectors (…, 2, parameters)."""
        parts = (vectors[..., slot.start : slot.stop] for slot in self._slots)
        shapes = ((*vectors.shape[:-1], *(1, *slot.shape)[-2:]) for slot in self._slots)
        views = [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
        return list(zip(views[::2], views[1::2], strict=True))

    def _back_propagate(self, X: Array, Y: Array, scales: Sequence[Array]) -> Array:
        """The gradient of the mean cross-entropy of either network, (2, parameters): Algorithm 23.3."""
        given, h = _forward(self._layers, X, scales)
        delta = (h[-1] - Y) / len(Y)
        for k in range(len(h) - 1, -1, -1):
            dW, db = self._to_layers[k]
            np.matmul(np.swapaxes(given[k], -1, -2), delta, out=dW)
            np.sum(delta, axis=1, keepdims=True, out=db)
            if k:
                delta = h[k - 1] * (1 - h[k - 1]) * scales[k - 1] * (delta @ np.swapaxes(self._layers[k][0], 1, 2))
        return self._gradient

    def _move(self, X: Array, Y: Array, scales: Sequence[Array], t: int) -> None:
        """Step t of the rule, from 1."""
        theta = self.parameters
        if self.rule == "Nesterov momentum":
            here = theta.copy()
            theta -= self._rate * MU * self._m
            g = self._back_propagate(X, Y, scales)
            theta[:] = here
        else:
            g = self._back_propagate(X, Y, scales)
        if self.rule == "L2 decay":
            g += self._decay * theta
        elif self.rule == "decoupled decay":
            theta *= 1 - self._decay
        if self.rule == "Adam":
            self._m = BETA1 * self._m + (1 - BETA1) * g
            self._v = BETA2 * self._v + (1 - BETA2) * g * g
            m_hat, v_hat = self._m / (1 - BETA1**t), self._v / (1 - BETA2**t)
            theta -= self._rate * m_hat / (np.sqrt(v_hat) + self._epsilon)
        elif self.rule in ("momentum", "Nesterov momentum"):
            self._m = MU * self._m + g
            theta -= self._rate * self._m
        else:
            theta -= self._rate * g

    def _measure(self, met: Array) -> None:
        """Measure the parameters met, (k, 2, parameters), all at once: that is quicker than after each step."""
        outputs = _forward(self._views(met), self._X, self._in_prediction)[1][-1]  # (k, 2, samples, outputs)
        right = np.where(self._Y == 1, outputs, 1 - outputs)
        losses = -np.log(np.maximum(right, SMALLEST)).sum(axis=(2, 3)) / SAMPLES
        self.losses += [(float(plain), float(inverted)) for plain, inverted in losses]
        self.weight_differences += np.abs(self.factors * met[:, 0] - met[:, 1]).max(axis=1).tolist()
        self.prediction_differences += np.abs(outputs[:, 0] - outputs[:, 1]).max(axis=(1, 2)).tolist()


def _forward(
    layers: Sequence[tuple[Array, Array]], X: Array, scales: Sequence[Array]
) -> tuple[list[Array], list[Array]]:
    """Of each layer what it is given, x or h̃, and what it puts out, h, (…, 2, n, m); h̃ is h times its scale."""
    given, h = [X], []
    for k, (W, b) in enumerate(layers):
        h.append(expit(given[k] @ W + b))
        if k < len(scales):
            given.append(scales[k] * h[k])
    return given, h
