"""A feed-forward network of any depth: forward pass, back-propagation as Algorithm 23.3, nothing hidden."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from nnlib.activations import ACTIVATIONS
from nnlib.gradcheck import EPSILON, NUDGE, GradientCheck, check_gradients
from nnlib.layers import Activation, BatchNorm, Dense, Dropout, Layer
from nnlib.losses import LOSSES, SMALLEST
from nnlib.notation import Array, superscript
from nnlib.validation import (
    check_choice,
    check_flag,
    check_integer,
    check_matrix,
    check_number,
    check_random_state,
)

# Standard deviation of a fresh weight, from the number of inputs and outputs of its layer.
INITIALIZERS: dict[str, Callable[[int, int], float]] = {
    "normal": lambda fan_in, fan_out: 1.0,  # the source: N(0, 1), biases too
    "xavier": lambda fan_in, fan_out: float(np.sqrt(2 / (fan_in + fan_out))),  # keeps tanh's variance
    "he": lambda fan_in, fan_out: float(np.sqrt(2 / fan_in)),  # twice that: ReLU sets half of h to 0
}


# Weights just before divergence may be so large that what they are multiplied with leaves the range of the dtype.
BEYOND_RANGE_IN_SILENCE = np.errstate(over="ignore", invalid="ignore")


class Slot(NamedTuple):
    """The place of one array of parameters in the vector of all.

    Attributes
    ----------
    symbol : "w", "b", "γ" or "β"
    layer : the book's t, from 1
    start : position of its first number
    shape : (fan_in, fan_out) or (fan_out,)
    """

    symbol: str
    layer: int
    start: int
    shape: tuple[int, ...]

    @property
    def stop(self) -> int:
        """Position after its last number."""
        return self.start + math.prod(self.shape)

    def of(self, vector: Array) -> Array:
        """This array in a vector of all parameters, or in one as long: a view."""
        return vector[self.start : self.stop].reshape(self.shape)


def parameter_slots(sizes: Sequence[int], batch_norm: bool = False) -> list[Slot]:
    """The slots of a network's parameters, in the order W⁽¹⁾ b⁽¹⁾ W⁽²⁾ …, or W⁽¹⁾ b⁽¹⁾ γ⁽¹⁾ β⁽¹⁾ W⁽²⁾ …"""
    slots: list[Slot] = []
    for t, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        shapes: dict[str, tuple[int, ...]] = {"w": (fan_in, fan_out), "b": (fan_out,)}
        if batch_norm and t < len(sizes) - 1:
            shapes |= {"γ": (fan_out,), "β": (fan_out,)}
        for symbol, shape in shapes.items():
            slots.append(Slot(symbol, t, slots[-1].stop if slots else 0, shape))
    return slots


@dataclass(frozen=True)
class Trace:
    """One forward and backward pass with every value in it.

    Attributes
    ----------
    h : h[t] is the book's h⁽ᵗ⁾, (n, m_t): h[0] = x, and the last is the prediction
    z : net inputs, (n, m_t); here and below, list position t − 1 is layer t
    delta : ∂(loss summed over the samples)/∂z of each layer, (n, m_t)
    dW, db : gradients of the mean loss, (m_{t-1}, m_t) and (m_t,)
    loss : mean loss of the n samples
    z_tilde : normalised net inputs of each hidden layer, (n, m_t); empty without batch normalisation
    dgamma, dbeta : gradients of the mean loss, (m_t,) each; empty without batch normalisation
    masks : d of each hidden layer with dropout, (n, m_t); empty in an inference pass
    """

    h: list[Array]
    z: list[Array]
    delta: list[Array]
    dW: list[Array]
    db: list[Array]
    loss: float
    z_tilde: list[Array]
    dgamma: list[Array]
    dbeta: list[Array]
    masks: list[Array]


class Network:
    """Dense layers with one activation between them and a loss at the end; batch norm and dropout if wanted.

    Parameters
    ----------
    sizes : neurons of each layer, inputs first, such as (784, 100, 50, 10)
    activation : of the hidden layers: "sigmoid", "tanh" or "relu"
    loss : output activation and loss: "sigmoid cross-entropy", "sigmoid squared error" or "softmax cross-entropy"
    init : "normal" (weights and biases from N(0, 1)), "xavier" or "he" (biases 0)
    dtype : numpy.float64 to see and check gradients, numpy.float32 to train fast
    batch_norm : whether the net inputs of hidden layers are batch-normalised, before the activation
    ddof : divisor n − ddof of the batch's variance: 1 as in the book, or 0
    keep_prob : probability p in (0, 1] to keep a hidden neuron in a training pass, one for all hidden layers or
        one each, first layer first; 1 is no dropout. Keras and PyTorch ask for 1 − p
    inverted : whether dropout divides by p while training, or multiplies by p when predicting
    parameters : the first values of all parameters, as one vector or one number; by default they are drawn
    random_state : int, numpy.random.Generator or None, for the first weights and then for the dropout masks

    Attributes
    ----------
    parameters : every weight and bias in one vector, in the order W⁽¹⁾ b⁽¹⁾ W⁽²⁾ b⁽²⁾ …, with batch normalisation
        W⁽¹⁾ b⁽¹⁾ γ⁽¹⁾ β⁽¹⁾ W⁽²⁾ b⁽²⁾ …; the layers hold views into it
    slots : where each weight matrix and vector stands in `parameters`
    layers : the parts in the order of the forward pass
    dense, norms : the `Dense` and the `BatchNorm` ones among them

    A training pass normalises with the batch's own mean and variance and draws fresh masks; an inference pass
    uses the mean and variance kept in `norms` (see `average_batch_statistics`) and no masks. What predicts or
    measures a loss uses the inference pass, and any number of threads may ask it of one network at once; passes
    that go back keep their values in the layers and belong to one thread at a time.

    Where numbers leave the range of the dtype, as those of a training that diverges do, results are infinite or
    NaN, without a warning.

    Raises
    ------
    ValueError, TypeError
        If an argument is not among what is listed; the message names it.

    Examples
    --------
    The network of exercise 23.1, XNOR by hand:

    >>> import numpy as np
    >>> network = Network((2, 2, 1))
    >>> network.dense[0].W[:], network.dense[0].b[:] = [[20, -20], [20, -20]], [-30, 10]
    >>> network.dense[1].W[:], network.dense[1].b[:] = [[20], [20]], -10
    >>> X, Y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[1], [0], [0], [1]])
    >>> network.predict_proba(X).round(8).ravel().tolist()
    [0.99995456, 4.548e-05, 4.548e-05, 0.99995456]
    >>> bool(network.check_gradients(X, Y).passes.all())
    True
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        activation: str = "sigmoid",
        loss: str = "sigmoid cross-entropy",
        init: str = "xavier",
        dtype: DTypeLike = np.float64,
        batch_norm: bool = False,
        ddof: int = 1,
        keep_prob: float | Sequence[float] = 1.0,
        inverted: bool = True,
        parameters: ArrayLike | None = None,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        sizes = tuple(sizes)
        if len(sizes) < 2 or not all(isinstance(m, int | np.integer) and m >= 1 for m in sizes):
            raise ValueError(f"sizes must be two or more whole numbers of at least 1, got {sizes}")
        if np.dtype(dtype) not in (np.float32, np.float64):
            raise ValueError(f"dtype must be numpy.float32 or numpy.float64, got {dtype!r}")
        self.sizes = tuple(int(m) for m in sizes)
        self.activation = check_choice("activation", activation, ACTIVATIONS)
        self.loss_name = check_choice("loss", loss, LOSSES)
        self.init = check_choice("init", init, INITIALIZERS)
        self.dtype = np.dtype(dtype)
        self.batch_norm = check_flag("batch_norm", batch_norm)
        self.ddof = check_integer("ddof", ddof, 0, 1)
        self.keep_prob = _keep_probabilities(keep_prob, len(self.sizes) - 2)
        self.inverted = check_flag("inverted", inverted)
        self.loss = LOSSES[loss]
        self.rng = check_random_state(random_state)

        self.slots = parameter_slots(self.sizes, self.batch_norm)
        self.parameters = np.zeros(self.slots[-1].stop, self.dtype)
        arrays = iter([slot.of(self.parameters) for slot in self.slots])
        self.layers: list[Layer] = []
        for p in self.keep_prob:
            self.layers.append(Dense(next(arrays), next(arrays)))
            if self.batch_norm:
                self.layers.append(BatchNorm(next(arrays), next(arrays), ddof=self.ddof))
            self.layers.append(Activation(activation))
            if p < 1:
                self.layers.append(Dropout(p, inverted=self.inverted, random_state=self.rng))
        self.layers.append(Dense(next(arrays), next(arrays)))  # the output activation belongs to the loss
        if parameters is None:
            self._draw_parameters()
        elif np.shape(parameters) in ((), self.parameters.shape):
            self.parameters[:] = parameters
        else:
            raise ValueError(f"parameters must be {self.parameters.size} numbers, got {np.shape(parameters)}")

    def _draw_parameters(self) -> None:
        for layer in self.dense:
            scale = INITIALIZERS[self.init](*layer.W.shape)
            layer.W[:] = scale * self.rng.standard_normal(layer.W.shape)
            layer.b[:] = self.rng.standard_normal(layer.b.shape) if self.init == "normal" else 0.0
        for norm in self.norms:
            norm.gamma[:] = 1.0  # z̃ starts as z̄

    @property
    def dense(self) -> list[Dense]:
        """The fully connected layers; t counts from 1 in the book and from 0 here."""
        return [layer for layer in self.layers if isinstance(layer, Dense)]

    @property
    def norms(self) -> list[BatchNorm]:
        """The batch normalisations of the hidden layers; none without `batch_norm`."""
        return [layer for layer in self.layers if isinstance(layer, BatchNorm)]

    # Back-propagation as the trainer and the optimizers use it: nothing is checked.

    def infer(self, X: Array) -> Array:
        """Inference pass: (n, d) inputs to the (n, l) net inputs z of the output layer."""
        H = X  # h⁽⁰⁾ = x
        for layer in self.layers:
            H = layer.infer(H)
        return H

    def forward(self, X: Array, training: bool = True, dropout: bool = True) -> Array:
        """As `infer`, remembering what `back_propagate` needs; a training pass unless `training` is false.

        With `dropout` false, no neuron is dropped; batches are still normalised by their own mean and variance.
        """
        H, drops = X, training and dropout
        for layer in self.layers:
            H = layer.forward(H, drops if isinstance(layer, Dropout) else training)
        return H

    def back_propagate(self, Z: Array, Y: Array, shares: Array | None = None) -> None:
        """Backward pass from the Z that `forward` returned: each layer receives its δ (Algorithm 23.3, step 2).

        δ⁽ˢ⁾ = h⁽ˢ⁾ − y (or what the loss says), then δ⁽ᵗ⁻¹⁾ = a'(z⁽ᵗ⁻¹⁾) ⊙ (W⁽ᵗ⁾ δ⁽ᵗ⁾) down to the first layer.
        The weights move afterwards, all at once: every δ is that of one and the same network.
        The loss is the mean over the n samples, or that weighted by `shares`, (n,), whose own mean is 1.
        """
        self._rows = len(Y)
        delta = self.loss.output_error(self.loss.output(Z), Y)
        if shares is not None:
            delta *= shares[:, np.newaxis]
        for layer in reversed(self.layers):
            delta = layer.backward(delta)

    def add_mean_gradient(self, targets: Sequence[Sequence[Array]], scale: float = 1.0) -> None:
        """targets ← targets + scale · (gradient of the mean loss), after `back_propagate`.

        Parameters
        ----------
        targets : from `views`, of the parameters or of a vector as long
        """
        scale /= self._rows
        for layer, target in zip(self.layers, targets, strict=True):
            layer.add_gradients(target, scale)

    def views(self, vector: Array) -> list[list[Array]]:
        """`vector`, as long as `parameters`, as the arrays of each of `layers`: [W, b], [γ, β] or []."""
        arrays = iter([slot.of(vector) for slot in self.slots])
        return [[next(arrays) for _ in layer.parameters] for layer in self.layers]

    def mean_gradient(self) -> Array:
        """The gradient of the mean loss after `back_propagate`, a new vector in the order of `parameters`."""
        gradient = np.zeros_like(self.parameters)
        self.add_mean_gradient(self.views(gradient))
        return gradient

    # For everybody else: arguments are checked, results are the caller's own.

    @BEYOND_RANGE_IN_SILENCE
    def predict_proba(self, X: ArrayLike) -> Array:
        """Outputs of the network, (n, l), for inputs (n, d)."""
        return self.loss.output(self.infer(self._checked_inputs(X)))

    @BEYOND_RANGE_IN_SILENCE
    def mean_loss(self, X: ArrayLike, Y: ArrayLike) -> float:
        """Loss of the outputs, summed over outputs and averaged over the n samples."""
        X, Y = self._checked_inputs(X), self._checked_labels(X, Y)
        return self.loss.value(self.infer(X), Y)

    @BEYOND_RANGE_IN_SILENCE
    def trace(self, X: ArrayLike, Y: ArrayLike, *, training: bool = False) -> Trace:
        """Every value of one forward and backward pass over the samples (X, Y).

        With `training`, the pass is a training pass; raises ValueError where batch normalisation cannot do one.
        """
        X, Y = self._checked_inputs(X), self._checked_labels(X, Y)
        Z = self.forward(X, training)
        self.back_propagate(Z, Y)
        gradient = self.mean_gradient()
        dW, db, dgamma, dbeta = ([slot.of(gradient) for slot in self.slots if slot.symbol == s] for s in "wbγβ")
        return Trace(
            h=[X, *(layer.H for layer in self.layers if isinstance(layer, Activation)), self.loss.output(Z)],
            z=[layer.Z for layer in self.dense],
            delta=[layer.delta for layer in self.dense],
            dW=dW,
            db=db,
            loss=self.loss.value(Z, Y),
            z_tilde=[norm.gamma * norm.Z_bar + norm.beta for norm in self.norms],
            dgamma=dgamma,
            dbeta=dbeta,
            masks=[layer.mask for layer in self.layers if isinstance(layer, Dropout) and training],
        )

    @BEYOND_RANGE_IN_SILENCE
    def gradient(self, X: ArrayLike, Y: ArrayLike, *, training: bool = False) -> Array:
        """Gradient of the mean loss as one vector in the order of `parameters`; for `training` see `trace`."""
        X, Y = self._checked_inputs(X), self._checked_labels(X, Y)
        self.back_propagate(self.forward(X, training), Y)
        return self.mean_gradient()

    def parameter_name(self, index: int) -> str:
        """The name of one number of `parameters`, such as "w⁽¹⁾[345, 12]" or "γ⁽¹⁾[3]", indices from 0."""
        for slot in self.slots:
            if index < slot.stop:
                where = ", ".join(str(int(i)) for i in np.unravel_index(index - slot.start, slot.shape))
                return f"{slot.symbol}⁽{superscript(slot.layer)}⁾[{where}]"
        raise ValueError(f"index must be below {self.parameters.size}")

    def sample_parameters(
        self, X: ArrayLike, weights: int, biases: int, random_state: int | np.random.Generator | None = None
    ) -> Array:
        """Positions in `parameters` of a few weights and biases (γ and β count as such) of every layer.

        Made for `check_gradients`, which takes too long over all of a large network.

        In the first layer, weights of inputs that are 0 in all rows of X are left out: their gradient is 0.
        """
        rng = check_random_state(random_state)
        used = np.flatnonzero(self._checked_inputs(X).any(axis=0))
        chosen = []
        for slot in self.slots:
            candidates, count = np.arange(slot.start, slot.stop), biases
            if slot.symbol == "w":
                count = weights
                if slot.layer == 1 and len(used):
                    candidates = candidates.reshape(slot.shape)[used].ravel()
            picked = rng.choice(len(candidates), min(count, len(candidates)), replace=False)
            chosen += sorted(candidates[picked])
        return np.array(chosen)

    @BEYOND_RANGE_IN_SILENCE
    def check_gradients(
        self, X: ArrayLike, Y: ArrayLike, indices: Array | None = None, training: bool = False
    ) -> GradientCheck:
        """Compare back-propagation with measured slopes, for the parameters at `indices` (default all).

        With `training`, it is the training pass that is checked, under one and the same masks throughout. A bias
        before batch normalisation then has derivative exactly 0: the batch's mean takes it away again.

        Raises ValueError for a float32 network: its rounding hides what is to be measured.
        """
        if self.dtype != np.float64:
            raise ValueError(f"a gradient check needs dtype numpy.float64, this network has {self.dtype}")
        X, Y = self._checked_inputs(X), self._checked_labels(X, Y)
        kept, masks_ahead = self.parameters.copy(), self.rng.bit_generator.state

        def loss_at(parameters: Array) -> float:
            self.parameters[:] = parameters
            self.rng.bit_generator.state = masks_ahead  # the same state draws the same masks
            return self.loss.value(self.forward(X) if training else self.infer(X), Y)

        analytic = self._nudged_gradient(X, Y, training, 0.0)
        # ∂L/∂h times what rounding leaves open of h, for every term of every z = Wᵀh + b
        terms = [(np.abs(layer.delta) @ np.abs(layer.W.T)) * np.abs(layer.H) for layer in self.dense]
        noise = EPSILON * sum(float(term.sum()) for term in terms) / len(X)
        if self.loss_name.startswith("softmax"):
            noise += EPSILON  # of Σ e^z, which is 1 or more after the maximum is subtracted, before its log
        self.rng.bit_generator.state = masks_ahead
        rounding = 64 * EPSILON / NUDGE * np.abs(self._nudged_gradient(X, Y, training, NUDGE) - analytic)
        self.rng.bit_generator.state = masks_ahead
        other = self._nudged_gradient(X, Y, training, 0.0, kink_slope=1.0)
        kink = np.abs(other - analytic) > SMALLEST / EPSILON  # it matters that 0 stands for ReLU'(0)
        zero = np.zeros(kept.shape, bool)
        for slot in self.slots:
            if training and self.batch_norm and slot.symbol == "b" and slot.layer < len(self.dense):
                slot.of(zero)[:] = True
        chosen = slice(None) if indices is None else indices
        try:
            check = check_gradients(
                loss_at, kept, analytic[chosen], indices, noise=noise, rounding=rounding[chosen], zero=zero[chosen]
            )
            return replace(check, kink=check.kink | kink[chosen])
        finally:
            self.parameters[:] = kept

    def _nudged_gradient(self, X: Array, Y: Array, training: bool, nudge: float, kink_slope: float = 0.0) -> Array:
        """The gradient where what its differences p − y, 1 − h and 1 − h² are made of is off by up to `nudge`.

        `kink_slope` is what stands for ReLU'(0), 0 or 1.
        """
        Z = self.forward(X, training)
        rng = np.random.default_rng(0)
        for before, layer in pairwise(self.layers):
            if isinstance(layer, Activation) and self.activation != "relu":
                layer.H *= 1 - nudge * rng.uniform(0.5, 1, layer.H.shape)
            elif isinstance(layer, Activation) and isinstance(before, Dense):
                layer.H[before.Z == 0] = kink_slope * SMALLEST  # a'(0) is told from h alone
        self.back_propagate(Z, Y + nudge * rng.uniform(0.5, 1, Y.shape))
        return self.mean_gradient()

    @property
    def architecture(self) -> dict[str, Any]:
        """The arguments this network was built from, but for `random_state`; dtype by its name."""
        return {
            "sizes": self.sizes,
            "activation": self.activation,
            "loss": self.loss_name,
            "init": self.init,
            "dtype": self.dtype.name,
            "batch_norm": self.batch_norm,
            "ddof": self.ddof,
            "keep_prob": self.keep_prob,
            "inverted": self.inverted,
        }

    @property
    def statistics(self) -> list[tuple[Array, Array]]:
        """Mean and variance of inference, (m_t,) each, of each hidden layer with batch normalisation."""
        return [(norm.mean, norm.variance) for norm in self.norms]

    @statistics.setter
    def statistics(self, values: Iterable[tuple[Array, Array]]) -> None:
        for norm, (mean, variance) in zip(self.norms, values, strict=True):
            norm.mean[:], norm.variance[:] = mean, variance

    def as_type(self, dtype: DTypeLike) -> "Network":
        """A copy of this network, with its parameters and statistics, in another precision."""
        copy = Network(**{**self.architecture, "dtype": dtype}, parameters=self.parameters, random_state=0)
        copy.statistics = self.statistics
        return copy

    def __getstate__(self) -> dict[str, Any]:
        """What pickle, skops and copy.deepcopy keep: the layers are built anew, as views into the parameters."""
        return {
            "architecture": self.architecture,
            "parameters": self.parameters,
            "statistics": self.statistics,
            "random_state": self.rng,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        architecture, parameters = state["architecture"], state["parameters"]
        Network.__init__(self, **architecture, parameters=parameters, random_state=state["random_state"])
        self.statistics = state["statistics"]

    def _checked_inputs(self, X: ArrayLike) -> Array:
        X = check_matrix("X", X, self.dtype)
        if X.shape[1] != self.sizes[0]:
            raise ValueError(f"X must have {self.sizes[0]} columns, one an input, got shape {X.shape}")
        return X

    def _checked_labels(self, X: Array, Y: ArrayLike) -> Array:
        Y = check_matrix("Y", Y, self.dtype)
        if Y.shape != (len(X), self.sizes[-1]):
            raise ValueError(f"Y must have shape {(len(X), self.sizes[-1])}, got {Y.shape}")
        if Y.min() < 0 or Y.max() > 1:
            raise ValueError(f"Y must lie in [0, 1], got values from {Y.min()} to {Y.max()}")
        return Y


def average_batch_statistics(network: Network, batches: Iterable[Array]) -> None:
    """Give `network` the means and variances it predicts with: the second half of Algorithm 23.4.

    They are E_b(u) and E_b(σ²), plain averages over training batches b that pass through the network as it is
    now, with no neuron dropped.

    Parameters
    ----------
    network : with `batch_norm`
    batches : the inputs of each, (n, d)
    """
    norms, count = network.norms, 0
    totals = [np.zeros((2, norm.gamma.size)) for norm in norms]
    for X in batches:
        network.forward(X, dropout=False)
        for total, norm in zip(totals, norms, strict=True):
            total += norm.u, norm.batch_variance
        count += 1
    network.statistics = [(mean, variance) for mean, variance in (total / count for total in totals)]


def _keep_probabilities(keep_prob: float | Sequence[float], hidden_layers: int) -> tuple[float, ...]:
    """One keep probability a hidden layer, each in (0, 1]."""
    if isinstance(keep_prob, int | float | np.number):
        each: Sequence[float] = [float(keep_prob)] * hidden_layers
        check_number("keep_prob", keep_prob, 0.0, 1.0, low_included=False)
    else:
        each = list(keep_prob)
    if len(each) != hidden_layers:
        raise ValueError(f"keep_prob must be one number or {hidden_layers}, one a hidden layer, got {len(each)}")
    return tuple(check_number("keep_prob", p, 0.0, 1.0, low_included=False) for p in each)
