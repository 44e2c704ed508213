"""A feed-forward network of any depth: forward pass, back-propagation as Algorithm 23.3, nothing hidden."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nnlib.activations import ACTIVATIONS
from nnlib.gradcheck import GradientCheck, check_gradient
from nnlib.layers import Activation, BatchNorm, Blocks, Dense, Dropout
from nnlib.losses import LOSSES
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


@dataclass(frozen=True)
class Trace:
    """One forward and backward pass with every value in it; list position t − 1 is the book's layer t.

    Attributes
    ----------
    z, h : net inputs and outputs of each layer, (n, m_t); h of the last layer is the prediction
    delta : ∂(loss summed over the samples)/∂z of each layer, (n, m_t)
    dW, db : gradients of the mean loss, (m_{t-1}, m_t) and (m_t,)
    loss : mean loss of the n samples
    z_tilde : normalised net inputs of each hidden layer, (n, m_t); empty without batch normalisation
    dgamma, dbeta : gradients of the mean loss, (m_t,) each; empty without batch normalisation
    masks : d of each hidden layer with dropout, (n, m_t); empty in an inference pass
    """

    z: list[Array]
    h: list[Array]
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
    random_state : int, numpy.random.Generator or None, for the first weights and then for the dropout masks
    batch_norm : whether the net inputs of hidden layers are batch-normalised, before the activation
    ddof : divisor n − ddof of the batch's variance: 1 as in the book, or 0
    keep_prob : probability p in (0, 1] to keep a hidden neuron in a training pass, one for all hidden layers or
        one each, first layer first; 1 is no dropout
    inverted : whether dropout divides by p while training, or multiplies by p when predicting

    Attributes
    ----------
    parameters : every weight and bias in one vector, in the order W¹ b¹ W² b² …, with batch normalisation
        W¹ b¹ γ¹ β¹ W² b² …; the layers hold views into it
    layers : the parts in the order of the forward pass
    dense, norms : the `Dense` and the `BatchNorm` ones among them
    trainable : those that have parameters

    A training pass normalises with the batch's own mean and variance and draws fresh masks; an inference pass
    uses the mean and variance kept in `norms` (see `Trainer`) and no masks. What predicts or measures a loss
    uses the inference pass.

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
    >>> bool(network.check_gradient(X, Y).passes.all())
    True
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str = "sigmoid",
        loss: str = "sigmoid cross-entropy",
        init: str = "xavier",
        dtype: DTypeLike = np.float64,
        random_state: int | np.random.Generator | None = None,
        batch_norm: bool = False,
        ddof: int = 1,
        keep_prob: float | Sequence[float] = 1.0,
        inverted: bool = True,
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

        self.parameters = np.zeros(self._parameter_count(), self.dtype)
        self.layers: list[Dense | BatchNorm | Activation | Dropout] = []
        position = 0

        def next_parameter(*shape: int) -> Array:
            nonlocal position
            position += int(np.prod(shape))
            return self.parameters[position - int(np.prod(shape)) : position].reshape(shape)

        for t, (fan_in, fan_out) in enumerate(pairwise(self.sizes), start=1):
            self.layers.append(Dense(next_parameter(fan_in, fan_out), next_parameter(fan_out)))
            if t == len(self.sizes) - 1:
                break  # after the last dense layer comes the loss's own output activation
            if self.batch_norm:
                self.layers.append(BatchNorm(next_parameter(fan_out), next_parameter(fan_out), ddof=self.ddof))
            self.layers.append(Activation(activation))
            if self.keep_prob[t - 1] < 1:
                self.layers.append(Dropout(self.keep_prob[t - 1], self.inverted, self.rng))
        self.dense = [layer for layer in self.layers if isinstance(layer, Dense)]
        self.norms = [layer for layer in self.layers if isinstance(layer, BatchNorm)]
        self.trainable = [layer for layer in self.layers if isinstance(layer, Dense | BatchNorm)]
        self._initialize()

    def _parameter_count(self) -> int:
        dense = sum(fan_in * fan_out + fan_out for fan_in, fan_out in pairwise(self.sizes))
        return dense + (2 * sum(self.sizes[1:-1]) if self.batch_norm else 0)

    def _initialize(self) -> None:
        for layer in self.dense:
            scale = INITIALIZERS[self.init](*layer.W.shape)
            layer.W[:] = scale * self.rng.standard_normal(layer.W.shape)
            layer.b[:] = self.rng.standard_normal(layer.b.shape) if self.init == "normal" else 0.0
        for norm in self.norms:
            norm.gamma[:] = 1.0  # z̃ starts as z̄

    # The hot path: no checks, and results live in the layers' work arrays until the next pass.

    def logits(self, X: Array, blocks: Blocks | None = None, dropout: bool = True) -> Array:
        """Training pass: (n, d) inputs to the (n, l) net inputs z of the output layer.

        With `blocks`, from `nnlib.layers.row_blocks`, the first layer leaves out products with zeros. With
        `dropout` false, no neuron is dropped; batches are still normalised by their own mean and variance.
        """
        H = self.dense[0].forward(X, blocks)  # h⁽⁰⁾ = x
        for layer in self.layers[1:]:
            H = layer.forward(H) if dropout or not isinstance(layer, Dropout) else layer.infer(H)
        return H

    def inference_logits(self, X: Array) -> Array:
        """Inference pass: as `logits`, with fixed mean and variance and no masks."""
        H = X
        for layer in self.layers:
            H = layer.infer(H)
        return H

    def back_propagate(self, Y: Array) -> None:
        """Backward pass after `logits` or `inference_logits`: each dense layer receives its δ.

        Algorithm 23.3: δ⁽ˢ⁾ = h⁽ˢ⁾ − y (or what the loss says), then δ⁽ᵗ⁻¹⁾ = a'(z) ⊙ (δ⁽ᵗ⁾ Wᵀ) down to the
        first layer. The weights move afterwards, all at once: every δ is that of one and the same network.
        """
        delta = self.loss.output_error(self.loss.output(self.dense[-1].Z), Y)
        for layer in self.layers[:0:-1]:
            delta = layer.backward(delta)
        self.dense[0].backward(delta, to_input=False)

    def add_mean_gradient(self, targets: Sequence[Sequence[Array]], scale: float = 1.0) -> None:
        """targets ← targets + scale · (gradient of the mean loss), after `back_propagate`.

        Parameters
        ----------
        targets : from `views`, of the parameters or of a vector as long
        """
        scale /= len(self.dense[0].delta)
        for layer, target in zip(self.trainable, targets, strict=True):
            layer.add_gradients(target, scale)

    def views(self, vector: Array) -> list[list[Array]]:
        """`vector`, as long as `parameters`, seen as one list of arrays, [W, b] or [γ, β], a trainable layer."""
        views, position = [], 0
        for layer in self.trainable:
            arrays = []
            for parameter in layer.parameters:
                arrays.append(vector[position : position + parameter.size].reshape(parameter.shape))
                position += parameter.size
            views.append(arrays)
        return views

    def mean_gradient(self) -> Array:
        """The gradient of the mean loss after `back_propagate`, a new vector in the order of `parameters`."""
        gradient = np.zeros_like(self.parameters)
        self.add_mean_gradient(self.views(gradient))
        return gradient

    # For everybody else: arguments are checked, results are the caller's own.

    def predict_proba(self, X: Array) -> Array:
        """Outputs of the network, (n, l), for inputs (n, d)."""
        return self.loss.output(self.inference_logits(self._checked_inputs(X)))

    def mean_loss(self, X: Array, Y: Array) -> float:
        """Loss of the outputs, summed over outputs and averaged over the n samples."""
        X, Y = self._checked_inputs(X), self._checked_labels(X, Y)
        return self.loss.value(self.inference_logits(X), Y)

    def trace(self, X: Array, Y: Array, training: bool = False) -> Trace:
        """Every value of one forward and backward pass over the samples (X, Y).

        With `training`, the pass is a training pass; raises ValueError where batch normalisation cannot do one.
        """
        X, Y = self._checked_inputs(X), self._checked_labels(X, Y)
        Z = self._forward(X, training)
        self.back_propagate(Y)
        gradients = dict(zip(self.trainable, self.views(self.mean_gradient()), strict=True))
        hidden = [layer.H.copy() for layer in self.layers if isinstance(layer, Activation)]
        return Trace(
            z=[layer.Z.copy() for layer in self.dense],
            h=[*hidden, self.loss.output(Z)],
            delta=[layer.delta.copy() for layer in self.dense],
            dW=[gradients[layer][0] for layer in self.dense],
            db=[gradients[layer][1] for layer in self.dense],
            loss=self.loss.value(Z, Y),
            z_tilde=[norm.Z_bar * norm.gamma + norm.beta for norm in self.norms],
            dgamma=[gradients[norm][0] for norm in self.norms],
            dbeta=[gradients[norm][1] for norm in self.norms],
            masks=[layer.mask for layer in self.layers if isinstance(layer, Dropout) and training],
        )

    def gradient(self, X: Array, Y: Array, training: bool = False) -> Array:
        """Gradient of the mean loss as one vector in the order of `parameters`; for `training` see `trace`."""
        X, Y = self._checked_inputs(X), self._checked_labels(X, Y)
        self._forward(X, training)
        self.back_propagate(Y)
        return self.mean_gradient()

    def _forward(self, X: Array, training: bool) -> Array:
        return self.logits(X) if training else self.inference_logits(X)

    def parameter_name(self, index: int) -> str:
        """The name of one number of `parameters`, such as "w¹[345, 12]", "b²[7]" or "γ¹[3]", indices from 0."""
        t = 0
        for layer in self.trainable:
            t += isinstance(layer, Dense)
            names = "wb" if isinstance(layer, Dense) else "γβ"
            for name, array in zip(names, layer.parameters, strict=True):
                if index < array.size:
                    where = ", ".join(str(int(i)) for i in np.unravel_index(index, array.shape))
                    return f"{name}{superscript(t)}[{where}]"
                index -= array.size
        raise ValueError(f"index must be below {self.parameters.size}")

    def sample_parameters(
        self, X: Array, weights: int, biases: int, random_state: int | np.random.Generator | None = None
    ) -> Array:
        """Positions in `parameters` of a few weights and biases (γ and β count as such) of every layer.

        Made for `check_gradient`, which takes too long over all of a large network.

        In the first layer, weights of inputs that are 0 in all rows of X are left out: their gradient is 0.
        """
        rng = check_random_state(random_state)
        used = np.flatnonzero(self._checked_inputs(X).any(axis=0))
        chosen, position = [], 0
        for layer in self.trainable:
            for array in layer.parameters:
                if array.ndim == 2:
                    fan_in, fan_out = array.shape
                    inputs = used if layer is self.dense[0] and len(used) else np.arange(fan_in)
                    pairs = rng.choice(len(inputs) * fan_out, min(weights, len(inputs) * fan_out), replace=False)
                    chosen += sorted(position + inputs[pairs // fan_out] * fan_out + pairs % fan_out)
                else:
                    chosen += sorted(position + rng.choice(array.size, min(biases, array.size), replace=False))
                position += array.size
        return np.array(chosen)

    def check_gradient(
        self, X: Array, Y: Array, indices: Array | None = None, training: bool = False
    ) -> GradientCheck:
        """Compare back-propagation with central differences, for the parameters at `indices` (default all).

        With `training`, it is the training pass that is checked, under one and the same masks throughout.

        Raises ValueError for a float32 network: its rounding hides what is to be measured.
        """
        if self.dtype != np.float64:
            raise ValueError(f"a gradient check needs dtype numpy.float64, this network has {self.dtype}")
        kept, masks_ahead = self.parameters.copy(), self.rng.bit_generator.state
        analytic = self.gradient(X, Y, training)
        X, Y = self._checked_inputs(X), self._checked_labels(X, Y)

        def loss_at(parameters: Array) -> float:
            self.parameters[:] = parameters
            self.rng.bit_generator.state = masks_ahead  # the same state draws the same masks
            return self.loss.value(self._forward(X, training), Y)

        try:
            return check_gradient(loss_at, kept, analytic if indices is None else analytic[indices], indices)
        finally:
            self.parameters[:] = kept

    def alike(
        self,
        inputs: int | None = None,
        dtype: DTypeLike | None = None,
        random_state: int | np.random.Generator | None = 0,
    ) -> "Network":
        """A network built like this one, with another number of inputs or precision; weights drawn anew."""
        arguments = self.architecture
        if inputs is not None:
            arguments["sizes"] = (inputs, *self.sizes[1:])
        if dtype is not None:
            arguments["dtype"] = dtype
        return Network(**arguments, random_state=random_state)

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

    def __reduce__(self) -> tuple[Callable[..., "Network"], tuple[Any, ...]]:
        """What pickle and copy.deepcopy keep: the layers' work arrays and BLAS routines are made anew."""
        statistics = [(norm.mean, norm.variance) for norm in self.norms]
        return _rebuilt, (self.architecture, self.parameters, statistics, self.rng)

    def as_type(self, dtype: DTypeLike) -> "Network":
        """A copy of this network, with its parameters and statistics, in another precision."""
        copy = self.alike(dtype=dtype)
        copy.parameters[:] = self.parameters
        copy.copy_statistics(self)
        return copy

    def copy_statistics(self, other: "Network") -> None:
        """Take over the means and variances with which `other`, a network built like this one, predicts."""
        for norm, source in zip(self.norms, other.norms, strict=True):
            norm.mean[:], norm.variance[:] = source.mean, source.variance

    def _checked_inputs(self, X: Array) -> Array:
        X = check_matrix("X", X, self.dtype)
        if X.shape[1] != self.sizes[0]:
            raise ValueError(f"X must have {self.sizes[0]} columns, one an input, got shape {X.shape}")
        return X

    def _checked_labels(self, X: Array, Y: Array) -> Array:
        Y = check_matrix("Y", Y, self.dtype)
        if Y.shape != (len(X), self.sizes[-1]):
            raise ValueError(f"Y must have shape {(len(X), self.sizes[-1])}, got {Y.shape}")
        if Y.min() < 0 or Y.max() > 1:
            raise ValueError(f"Y must lie in [0, 1], got values from {Y.min()} to {Y.max()}")
        return Y


def _rebuilt(
    architecture: dict[str, Any],
    parameters: Array,
    statistics: Sequence[tuple[Array, Array]],
    rng: np.random.Generator,
) -> Network:
    """The network that `Network.__reduce__` took apart."""
    ahead = rng.bit_generator.state
    network = Network(**architecture, random_state=rng)
    rng.bit_generator.state = ahead  # the first weights, drawn again, do not count
    network.parameters[:] = parameters
    for norm, (mean, variance) in zip(network.norms, statistics, strict=True):
        norm.mean[:], norm.variance[:] = mean, variance
    return network


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
