"""Logic gates computed by sigmoid networks, exercise 23.1: set by hand, tried with one neuron, and learned.

XNOR is 1 where both inputs are equal. One neuron draws one line through the square of inputs, and no line has
(0, 0) and (1, 1) on one side and (0, 1) and (1, 0) on the other. Two layers can: XNOR = AND or NOR.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nnlib.activations import sigmoid, sigmoid_derivative
from nnlib.datasets import Dataset
from nnlib.gradcheck import GradientCheck
from nnlib.losses import LOSSES
from nnlib.network import Network
from nnlib.notation import Array
from nnlib.training import Trainer
from nnlib.validation import check_choice, check_integer, check_number

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])  # every input (x₁, x₂), one a row
CORNERS.flags.writeable = False

GATES = {  # the output for each of CORNERS
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "XOR": (0, 1, 1, 0),
    "XNOR": (1, 0, 0, 1),
}

# Parameters are listed as `Network.parameters` holds them: W¹ row by row, b¹, W², b².
HIDDEN_LAYER = (20, -20, 20, -20, -30, 10)  # the book's: h₁ = x₁ AND x₂, h₂ = x₁ NOR x₂
OUTPUT_LAYERS = {  # w²₁, w²₂, b²: every gate is a simple one of h₁ and h₂
    "AND": (20, 0, -10),  # h₁
    "OR": (0, -20, 10),  # NOT h₂
    "NAND": (-20, 0, 10),  # NOT h₁
    "NOR": (0, 20, -10),  # h₂
    "XOR": (-20, -20, 10),  # h₁ NOR h₂
    "XNOR": (20, 20, -10),  # h₁ OR h₂, the book's
}
NEURONS = {  # w₁, w₂, b: the gates one neuron can compute
    "AND": (20, 20, -30),
    "OR": (20, 20, -10),
    "NAND": (-20, -20, 30),
    "NOR": (-20, -20, 10),
}

MISTAKES = ("none", "forgotten σ′", "wrong sign", "missing 1/n")


def truth_table(gate: str) -> Array:
    """The gate's outputs, (4, 1), one row for each of `CORNERS`; ValueError for a gate not in `GATES`."""
    return np.array(GATES[check_choice("gate", gate, GATES)], float).reshape(4, 1)


def solution(gate: str) -> Array:
    """The nine parameters of a 2-2-1 network that computes the gate; for XNOR the book's.

    All six share one hidden layer, AND beside NOR: only the output layer differs. ValueError for a gate not
    in `GATES`.
    """
    check_choice("gate", gate, GATES)
    return np.array([*HIDDEN_LAYER, *OUTPUT_LAYERS[gate]], float)


def gate_network(
    parameters: Sequence[float] | Array, sharpness: float = 1.0, loss: str = "sigmoid cross-entropy"
) -> Network:
    """A sigmoid network of two inputs and one output with all weights and biases multiplied by `sharpness`.

    Every z is multiplied with them, so σ becomes steeper or flatter. The line z = 0 of a neuron stays.

    Parameters
    ----------
    parameters : 9 numbers for a 2-2-1 network (W¹ row by row, b¹, W², b²) or 3 for one neuron (w₁, w₂, b)
    sharpness : at least 0
    loss : "sigmoid cross-entropy" or "sigmoid squared error"

    Raises
    ------
    ValueError, TypeError
        If there are not 9 or 3 finite numbers, or another argument is not among what is listed.
    """
    values = np.asarray(parameters)
    if values.dtype.kind not in "iuf":
        raise TypeError(f"parameters must be numbers, got {parameters!r}")
    if values.shape not in ((9,), (3,)):
        raise ValueError(f"parameters must be 9 numbers (2-2-1) or 3 (one neuron), got shape {values.shape}")
    if not np.all(np.isfinite(values)):
        raise ValueError(f"parameters must be finite, got {values}")
    sharpness = check_number("sharpness", sharpness, 0.0, np.inf)
    network = Network((2, 2, 1) if len(values) == 9 else (2, 1), loss=_check_loss(loss), random_state=0)
    network.parameters[:] = values * sharpness
    return network


def is_right(outputs: Array, targets: Array) -> Array:
    """True where |y − target| < ½: the output is on the target's side of ½. An output of ½ is never right."""
    return np.asarray(np.abs(np.asarray(outputs) - targets) < 0.5)


def computed_gate(outputs: Array) -> str | None:
    """Which of `GATES` four outputs at `CORNERS` are on the right side of ½ for; None if they are for none."""
    outputs = np.asarray(outputs).reshape(4)
    return next((gate for gate in GATES if is_right(outputs, truth_table(gate).ravel()).all()), None)


def output_surface(network: Network, low: float, high: float, points: int) -> Array:
    """Outputs on a grid over the square [low, high]², (points, points): row = x₂, column = x₁, both ascending."""
    points = check_integer("points", points, 2)
    axis = np.linspace(low, high, points)
    x1, x2 = np.meshgrid(axis, axis)
    return network.predict_proba(np.column_stack([x1.ravel(), x2.ravel()])).reshape(points, points)


def gradient(network: Network, X: Array, Y: Array, mistake: str = "none") -> Array:
    """Gradient of the mean loss in the order of `network.parameters`, right or with one of `MISTAKES`.

    "forgotten σ′" sends δ¹ = δ² W²ᵀ back to the hidden layer, without ⊙ σ'(z¹); "wrong sign" starts with
    y − h instead of h − y; "missing 1/n" sums over the n samples and does not average.

    Raises ValueError for another mistake, and as `Network.trace` does.
    """
    check_choice("mistake", mistake, MISTAKES)
    true = network.gradient(X, Y)
    if mistake == "none":
        return true
    if mistake == "wrong sign":
        return -true
    if mistake == "missing 1/n":
        return true * len(X)
    trace = network.trace(X, Y)
    delta, gradients = trace.delta[-1], [trace.db[-1], trace.dW[-1].ravel()]  # the last layer's are right
    for t in range(len(network.dense) - 1, 0, -1):
        delta = delta @ network.dense[t].W.T  # (n, m_t) and no ⊙ σ'
        gradients += [delta.mean(axis=0), (trace.h[t - 1].T @ delta).ravel() / len(X)]
    return np.concatenate(gradients[::-1])


def check_gradients(
    network: Network, X: Array, Y: Array, mistake: str = "none", sharpness: float = 1.0
) -> GradientCheck:
    """`gradient` beside measured slopes, in the order of `network.parameters`.

    Parameters
    ----------
    network : such as `gate_network` makes
    X, Y : (n, 2) inputs and (n, 1) targets
    mistake : one of `MISTAKES`
    sharpness : that the network was made with. The derivatives are by the weights and biases before they are
        multiplied with it, ∂L/∂w = sharpness · ∂L/∂(sharpness · w)

    Raises as `gradient` does.
    """
    check = network.check_gradients(X, Y)
    return replace(
        check,
        analytic=sharpness * gradient(network, X, Y, mistake),
        numerical=sharpness * check.numerical,
        error=sharpness * check.error,
    )


# One neuron


def corner_net_inputs(neuron: Sequence[float] | Array) -> Array:
    """z = w₁x₁ + w₂x₂ + b at the four `CORNERS`, (4,), for (w₁, w₂, b).

    z(0,0) + z(1,1) = w₁ + w₂ + 2b = z(0,1) + z(1,0), whatever the weights. XNOR wants the first sum positive
    and the second negative, XOR the reverse: so neither is linearly separable.
    """
    w1, w2, b = np.asarray(neuron, float)
    return CORNERS @ np.array([w1, w2]) + b


def neuron_scores(gate: str, values: Array) -> Array:
    """How many settings of one neuron get 0, 1, 2, 3, 4 corners right, (5,), trying every one.

    Parameters
    ----------
    gate : one of `GATES`
    values : (k,) numbers to try for w₁, w₂ and b alike: k³ settings

    Raises ValueError for another gate.
    """
    wanted = truth_table(gate).ravel() > 0.5
    v = np.asarray(values, float)
    w1, w2, b = v[:, None, None], v[None, :, None], v[None, None, :]
    right = np.zeros((len(v),) * 3, int)
    for (x1, x2), is_one in zip(CORNERS, wanted, strict=True):
        z = w1 * x1 + w2 * x2 + b  # σ(z) > ½ where z > 0
        right += (z > 0) if is_one else (z < 0)
    return np.bincount(right.ravel(), minlength=5)


# Learning


def gate_trainer(
    gate: str, seed: int = 0, learning_rate: float = 1.0, steps: int = 2000, loss: str = "sigmoid cross-entropy"
) -> Trainer:
    """Back-propagation on the four corners at once, for a 2-2-1 network drawn from N(0, 1).

    The gradient is averaged over all four corners in every step, so the order of rows plays no part: the seed
    decides the first weights, and they decide everything. Raises ValueError or TypeError naming a bad argument.
    """
    Y = truth_table(gate)
    steps = check_integer("steps", steps, 1)
    network = Network((2, 2, 1), loss=_check_loss(loss), init="normal", random_state=seed)
    return Trainer(
        network,
        Dataset.from_arrays(CORNERS, Y),
        batch_size=4,
        learning_rate=learning_rate,
        epochs=steps,
        measure_every=max(1.0, steps / 200),
        random_state=0,
    )


class SeedSweep:
    """`gate_trainer`'s training for many seeds side by side, in one stack of small matrices.

    Same first weights, same steps: seed k ends where its own `gate_trainer` ends, up to rounding.

    Parameters
    ----------
    gate, learning_rate, steps, loss : as in `gate_trainer`
    seeds : number of networks s; they have the seeds 0, 1, …, s − 1

    Attributes
    ----------
    step : steps made so far
    W1, b1, W2, b2 : (s, 2, 2), (s, 1, 2), (s, 2, 1), (s, 1, 1)

    Raises
    ------
    ValueError, TypeError
        Naming a bad argument.
    """

    def __init__(
        self,
        gate: str,
        seeds: int = 100,
        learning_rate: float = 1.0,
        steps: int = 2000,
        loss: str = "sigmoid cross-entropy",
    ) -> None:
        self.targets = truth_table(gate)
        seeds = check_integer("seeds", seeds, 1)
        self.learning_rate = check_number("learning_rate", learning_rate, 0.0, np.inf, low_included=False)
        self.steps = check_integer("steps", steps, 1)
        self.loss = LOSSES[_check_loss(loss)]
        self.step = 0
        networks = [Network((2, 2, 1), init="normal", random_state=seed) for seed in range(seeds)]
        hidden, output = ([network.dense[t] for network in networks] for t in (0, 1))
        self.W1, self.b1 = np.stack([d.W for d in hidden]), np.stack([d.b for d in hidden])[:, None]
        self.W2, self.b2 = np.stack([d.W for d in output]), np.stack([d.b for d in output])[:, None]

    @property
    def finished(self) -> bool:
        """Whether all steps are made."""
        return self.step >= self.steps

    def run(self, count: int | None = None) -> None:
        """Make the next `count` steps, or all that are left; never more than are left."""
        left = self.steps - self.step
        count = left if count is None else min(check_integer("count", count, 1), left)
        with np.errstate(under="ignore"):  # a saturated σ' times a small δ is 0
            for _ in range(count):
                self._take_step()

    def _take_step(self) -> None:
        """One step of every network: the two layers of Algorithm 23.3, with a leading axis for the seeds."""
        H = sigmoid(CORNERS @ self.W1 + self.b1)  # (s, 4, 2)
        P = sigmoid(H @ self.W2 + self.b2)  # (s, 4, 1)
        delta2 = self.loss.output_error(P, self.targets)
        delta1 = delta2 @ self.W2.transpose(0, 2, 1) * sigmoid_derivative(H)  # (s, 4, 2)
        rate = self.learning_rate / len(CORNERS)
        self.W2 -= rate * (H.transpose(0, 2, 1) @ delta2)
        self.b2 -= rate * delta2.sum(axis=1, keepdims=True)
        self.W1 -= rate * (CORNERS.T @ delta1)
        self.b1 -= rate * delta1.sum(axis=1, keepdims=True)
        self.step += 1

    @property
    def net_inputs(self) -> Array:
        """z of the output neuron, (s, 4): one row a seed, one column a corner."""
        return np.asarray(sigmoid(CORNERS @ self.W1 + self.b1) @ self.W2 + self.b2)[..., 0]

    @property
    def losses(self) -> Array:
        """Mean loss of each network, (s,)."""
        return np.array([self.loss.value(z[:, None], self.targets) for z in self.net_inputs])

    @property
    def learned(self) -> Array:
        """True for each network that gets all four corners right, (s,)."""
        return np.all(is_right(sigmoid(self.net_inputs), self.targets[:, 0]), axis=1)


def plateau_loss(corners: int, ones: int, loss: str = "sigmoid cross-entropy") -> float:
    """Mean loss over the four corners where `corners` of them share one output and the rest are perfect.

    A network whose hidden units do not tell some corners apart can do no better there than their mean target
    m = ones / corners. Cross-entropy is then −(corners/4) · [m log m + (1 − m) log(1 − m)], squared error
    (corners/4) · ½ m (1 − m).

    Raises ValueError or TypeError unless 1 ≤ ones < corners ≤ 4.
    """
    corners = check_integer("corners", corners, 2, 4)
    ones = check_integer("ones", ones, 1, corners - 1)
    m = ones / corners
    if _check_loss(loss) == "sigmoid squared error":
        return corners / 4 * m * (1 - m) / 2
    return float(-corners / 4 * (m * np.log(m) + (1 - m) * np.log(1 - m)))


def resting_places(
    losses: Sequence[float] | Array, plateaus: Sequence[float] | Array, near: float = 0.02
) -> Array:
    """Index of the plateau at which each loss lies, (s,): the nearest one if nearer than `near`, else −1.

    Two plateaus may lie so near each other that a loss is near both; it rests on one of them only.
    """
    distances = np.abs(np.asarray(losses)[:, None] - np.asarray(plateaus))
    nearest = distances.argmin(axis=1)
    return np.where(distances.min(axis=1) < near, nearest, -1)


def _check_loss(loss: str) -> str:
    return check_choice("loss", loss, [name for name in LOSSES if name.startswith("sigmoid")])
