"""A feed-forward network of any depth: forward pass, back-propagation as Algorithm 23.3, nothing hidden."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import DTypeLike

from nnlib.activations import ACTIVATIONS, Array
from nnlib.gradcheck import GradientCheck, check_gradient
from nnlib.layers import Activation, Blocks, Dense
from nnlib.losses import LOSSES
from nnlib.validation import check_choice, check_matrix, check_random_state

# Standard deviation of a fresh weight, from the number of inputs and outputs of its layer.
INITIALIZERS: dict[str, Callable[[int, int], float]] = {
    "normal": lambda fan_in, fan_out: 1.0,  # the source: N(0, 1), biases too
    "xavier": lambda fan_in, fan_out: float(np.sqrt(2 / (fan_in + fan_out))),  # keeps tanh's variance
    "he": lambda fan_in, fan_out: float(np.sqrt(2 / fan_in)),  # twice that: ReLU sets half of h to 0
}

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Trace:
    """One forward and backward pass with every value in it; list position t − 1 is the book's layer t.

    Attributes
    ----------
    z, h : net inputs and outputs of each layer, (n, m_t); h of the last layer is the prediction
    delta : ∂(loss of a sample)/∂z of each layer, (n, m_t)
    dW, db : gradients of the mean loss, (m_{t-1}, m_t) and (m_t,)
    loss : mean loss of the n samples
    """

    z: list[Array]
    h: list[Array]
    delta: list[Array]
    dW: list[Array]
    db: list[Array]
    loss: float


class Network:
    """Dense layers with one activation between them and a loss at the end.

    Parameters
    ----------
    sizes : neurons of each layer, inputs first, such as (784, 100, 50, 10)
    activation : of the hidden layers: "sigmoid", "tanh" or "relu"
    loss : output activation and loss: "sigmoid cross-entropy", "sigmoid squared error" or "softmax cross-entropy"
    init : "normal" (weights and biases from N(0, 1)), "xavier" or "he" (biases 0)
    dtype : numpy.float64 to see and check gradients, numpy.float32 to train fast
    random_state : int, numpy.random.Generator or None

    Attributes
    ----------
    parameters : every weight and bias in one vector, in the order W¹ b¹ W² b² …; the layers hold views into it
    layers : the parts in the order of the forward pass
    dense : the `Dense` ones among them

    Raises
    ------
    ValueError, TypeError
        If an argument is not among what is listed; the message names it.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str = "sigmoid",
        loss: str = "sigmoid cross-entropy",
        init: str = "xavier",
        dtype: DTypeLike = np.float64,
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
        self.loss = LOSSES[loss]

        shapes = list(pairwise(self.sizes))
        self.parameters = np.empty(sum(m * k + k for m, k in shapes), self.dtype)
        self.layers: list[Dense | Activation] = []
        position = 0
        for fan_in, fan_out in shapes:
            b_start, b_stop = position + fan_in * fan_out, position + fan_in * fan_out + fan_out
            W = self.parameters[position:b_start].reshape(fan_in, fan_out)
            self.layers += [Dense(W, self.parameters[b_start:b_stop]), Activation(activation)]
            position = b_stop
        self.layers.pop()  # after the last dense layer comes the loss's own output activation
        self.dense = [layer for layer in self.layers if isinstance(layer, Dense)]
        self._initialize(check_random_state(random_state))

    def _initialize(self, rng: np.random.Generator) -> None:
        for layer in self.dense:
            scale = INITIALIZERS[self.init](*layer.W.shape)
            layer.W[:] = scale * rng.standard_normal(layer.W.shape)
            layer.b[:] = rng.standard_normal(layer.b.shape) if self.init == "normal" else 0.0

    # The hot path: no checks, and results live in the layers' work arrays until the next pass.

    def logits(self, X: Array, blocks: Blocks | None = None) -> Array:
        """Forward pass: (n, d) inputs to the (n, l) net inputs z of the output layer.

        With `blocks`, from `nnlib.layers.row_blocks`, the first layer leaves out products with zeros.
        """
        H = self.dense[0].forward(X, blocks)  # h⁽⁰⁾ = x
        for layer in self.layers[1:]:
            H = layer.forward(H)
        return H

    def back_propagate(self, Y: Array) -> None:
        """Backward pass after `logits`: each dense layer receives its δ.

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
        for layer, target in zip(self.dense, targets, strict=True):
            layer.add_gradients(target, scale)

    def views(self, vector: Array) -> list[list[Array]]:
        """`vector`, as long as `parameters`, seen as one list of arrays [W, b] a dense layer."""
        views, position = [], 0
        for layer in self.dense:
            arrays = []
            for parameter in layer.parameters:
                arrays.append(vector[position : position + parameter.size].reshape(parameter.shape))
                position += parameter.size
            views.append(arrays)
        return views

    def mean_gradient(self) -> list[list[Array]]:
        """The gradient of the mean loss after `back_propagate`, one new list [∇W, ∇b] a dense layer."""
        gradients = self.views(np.zeros_like(self.parameters))
        self.add_mean_gradient(gradients)
        return gradients

    # For everybody else: arguments are checked, results are the caller's own.

    def predict_proba(self, X: Array) -> Array:
        """Outputs of the network, (n, l), for inputs (n, d)."""
        return self.loss.output(self.logits(self._checked_inputs(X)))

    def mean_loss(self, X: Array, Y: Array) -> float:
        """Loss summed over outputs and averaged over the n samples."""
        X, Y = self._checked_inputs(X), self._checked_labels(X, Y)
        return self.loss.value(self.logits(X), Y)

    def trace(self, X: Array, Y: Array) -> Trace:
        """Every value of one forward and backward pass over the samples (X, Y)."""
        X, Y = self._checked_inputs(X), self._checked_labels(X, Y)
        Z = self.logits(X)
        self.back_propagate(Y)
        gradients = self.mean_gradient()
        hidden = [layer.H.copy() for layer in self.layers if isinstance(layer, Activation)]
        return Trace(
            z=[layer.Z.copy() for layer in self.dense],
            h=[*hidden, self.loss.output(Z)],
            delta=[layer.delta.copy() for layer in self.dense],
            dW=[dW for dW, _ in gradients],
            db=[db for _, db in gradients],
            loss=self.loss.value(Z, Y),
        )

    def gradient(self, X: Array, Y: Array) -> Array:
        """Gradient of the mean loss as one vector in the order of `parameters`."""
        trace = self.trace(X, Y)
        pairs = zip(trace.dW, trace.db, strict=True)
        return np.concatenate([array.reshape(-1) for pair in pairs for array in pair])

    def parameter_name(self, index: int) -> str:
        """The name of one number of `parameters`, such as "w¹[345, 12]" or "b²[7]", indices from 0."""
        for t, layer in enumerate(self.dense, start=1):
            if index < layer.W.size:
                row, column = divmod(int(index), layer.W.shape[1])
                return f"w{str(t).translate(SUPERSCRIPTS)}[{row}, {column}]"
            index -= layer.W.size
            if index < layer.b.size:
                return f"b{str(t).translate(SUPERSCRIPTS)}[{index}]"
            index -= layer.b.size
        raise ValueError(f"index must be below {self.parameters.size}")

    def sample_parameters(
        self, X: Array, weights: int, biases: int, random_state: int | np.random.Generator | None = None
    ) -> Array:
        """Positions in `parameters` of a few weights and biases of every layer, for a gradient check.

        In the first layer, weights of inputs that are 0 in all rows of X are left out: their gradient is 0.
        """
        rng = check_random_state(random_state)
        used = np.flatnonzero(self._checked_inputs(X).any(axis=0))
        chosen, position = [], 0
        for t, layer in enumerate(self.dense):
            fan_in, fan_out = layer.W.shape
            inputs = used if t == 0 and len(used) else np.arange(fan_in)
            pairs = rng.choice(len(inputs) * fan_out, min(weights, len(inputs) * fan_out), replace=False)
            chosen += sorted(position + inputs[pairs // fan_out] * fan_out + pairs % fan_out)
            position += layer.W.size
            chosen += sorted(position + rng.choice(fan_out, min(biases, fan_out), replace=False))
            position += fan_out
        return np.array(chosen)

    def check_gradient(self, X: Array, Y: Array, indices: Array | None = None) -> GradientCheck:
        """Compare back-propagation with central differences, for the parameters at `indices` (default all).

        Raises ValueError for a float32 network: its rounding hides what is to be measured.
        """
        if self.dtype != np.float64:
            raise ValueError(f"a gradient check needs dtype numpy.float64, this network has {self.dtype}")
        analytic = self.gradient(X, Y)
        kept = self.parameters.copy()

        def loss_at(parameters: Array) -> float:
            self.parameters[:] = parameters
            return self.mean_loss(X, Y)

        try:
            return check_gradient(loss_at, kept, analytic if indices is None else analytic[indices], indices)
        finally:
            self.parameters[:] = kept

    def as_type(self, dtype: DTypeLike) -> "Network":
        """A copy of this network, with its parameters, in another precision."""
        copy = Network(self.sizes, self.activation, self.loss_name, self.init, dtype, random_state=0)
        copy.parameters[:] = self.parameters
        return copy

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
