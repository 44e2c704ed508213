"""The same network and trainer behind scikit-learn's interface: for pipelines, cross-validation, grid search.

It is not imported with `nnlib`, since scikit-learn takes a second to load:

>>> from nnlib.estimator import FeedforwardClassifier
"""

import copy
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import Tags, check_random_state, column_or_1d
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets, unique_labels
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from nnlib.activations import log_softmax, sigmoid
from nnlib.datasets import Dataset
from nnlib.measuring import CHUNK_ROWS, ONE_BLAS_THREAD, accuracy
from nnlib.network import Network, parameter_slots
from nnlib.notation import Array
from nnlib.optimizers import SGD, Adam
from nnlib.training import SCHEDULES, Trainer
from nnlib.validation import check_choice, check_flag, check_integer, check_number

ACTIVATION_NAMES = {"relu": "relu", "tanh": "tanh", "logistic": "sigmoid", "sigmoid": "sigmoid"}
LARGEST_AUTO_BATCH = 200
LARGEST_PARAMETER = float(np.finfo(np.float32).max)  # products of such numbers are finite in float64
OUTPUT_LAYER_SCALE = 0.1  # of first weights: chosen by trial on other data sets than those of bench_eight
SMALL_NETWORK = 5_000  # parameters up to which float64 costs next to nothing
SEEDS = 2**31 - 1
BELOW_ONE = float(np.nextafter(1.0, 0.0))

Data = Any  # what scikit-learn takes: array, list of lists, DataFrame
OptimizerMaker = Callable[[Network], SGD | Adam]


class FeedforwardClassifier(ClassifierMixin, BaseEstimator):
    """A feed-forward network as a scikit-learn classifier of two classes, many classes or several labels a row.

    What is named as in scikit-learn's `MLPClassifier` means the same here, and has the same default. Against
    overfitting there are the penalty `alpha`, dropout, batch normalisation and early stopping.

    The network trains in float32 whatever the precision of X, or in float64 where it has at most 5,000 parameters
    and that costs next to nothing. It predicts in float64, so that a row is given the same answer whatever rows
    come with it. Scale the inputs first, as for every network (`StandardScaler`). Sparse X is taken too, but made
    dense: all of it to train, 500 rows at a time to predict.

    First weights and biases are uniform in ±√(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010), with 2 for 6
    where the activation is "logistic": `MLPClassifier`'s rule, biases too, as kinks of ReLU that do not all meet
    in the origin tell more apart. Only the output layer starts ten times smaller: all classes are about equally
    probable then, the loss starts near the log of their number, and no accidental answer has to be unlearned.

    Parameters
    ----------
    hidden_layer_sizes : neurons of each hidden layer; one number for a single layer, () for none
    activation : of the hidden layers: "relu", "tanh" or "logistic", which may also be called "sigmoid"
    solver : "adam" or "sgd"
    alpha : ≥ 0, of the L2 penalty: half of alpha times the sum of all squared weights, biases not counted, divided
        by the rows of a batch (or the sum of their weights), is added to its loss
    momentum : μ in [0, 1) of solver "sgd" (without Nesterov's variant); 0 is the book's gradient descent
    batch_size : rows a step, or "auto" for min(200, rows)
    learning_rate : "constant", or "cosine": falls to 0 along half a cosine over all `max_iter` epochs
    learning_rate_init : η > 0
    max_iter : most epochs
    keep_prob : p in (0, 1] to keep a hidden neuron while training (inverted dropout), one for all hidden layers or
        one each; 1 is no dropout. Keras and PyTorch ask for 1 − p
    batch_norm : whether the net inputs of hidden layers are batch-normalised
    random_state : int, RandomState, numpy.random.Generator or None, for the first weights, the order of the rows,
        the dropout masks and the validation rows
    tol, n_iter_no_change : training ends when loss, or validation score, has for more than `n_iter_no_change`
        epochs in a row not been better than the best by `tol`; never where `n_iter_no_change` is numpy.inf
    early_stopping : whether to put `validation_fraction` of the rows aside, and to keep the network of the epoch
        that scored best on them
    validation_fraction : in (0, 1); two rows or more must come of it
    warm_start : whether `fit` goes on from the network of the last `fit`
    verbose : whether to print the loss of each epoch on standard output

    Attributes
    ----------
    network_ : the `nnlib.Network`
    classes_ : labels in the order of the columns of `predict_proba`; 0 … l − 1 where a row has several labels
    loss_curve_ : mean training loss of each epoch so far, penalty and all, each batch as it was met
    loss_ : the last of them; NaN if the last `fit` or `partial_fit` completed none, as it diverged
    n_iter_ : epochs of the last `fit` or `partial_fit`
    validation_scores_ : accuracy on the validation rows after each epoch of the last `fit`; None without early
        stopping
    best_validation_score_ : the best of them, or None
    n_features_in_, feature_names_in_ : as in every scikit-learn estimator

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import cross_val_score
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> X, y = load_iris(return_X_y=True)
    >>> classifier = FeedforwardClassifier(
    ...     (20,), batch_size=20, learning_rate="cosine", learning_rate_init=0.01, max_iter=40, random_state=0
    ... )
    >>> cross_val_score(make_pipeline(StandardScaler(), classifier), X, y).mean() > 0.9
    np.True_
    """

    network_: Network  # declared here, since `fit` both reads and sets it
    validation_scores_: Any
    best_validation_score_: Any
    _optimizer_state: list[Array]

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        momentum: float = 0.9,
        batch_size: int | str = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        max_iter: int = 200,
        keep_prob: float | Sequence[float] = 1.0,
        batch_norm: bool = False,
        random_state: int | np.random.RandomState | np.random.Generator | None = None,
        tol: float = 1e-4,
        n_iter_no_change: float = 10,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        warm_start: bool = False,
        verbose: bool = False,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.momentum = momentum
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.keep_prob = keep_prob
        self.batch_norm = batch_norm
        self.random_state = random_state
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.warm_start = warm_start
        self.verbose = verbose

    def fit(self, X: Data, y: Data, sample_weight: Data | None = None) -> Self:
        """Train on rows X, (n, d), with labels y, (n,), or (n, l) of 0 and 1 where a row may have several labels.

        With `sample_weight`, (n,), the loss of a batch is the weighted mean of its rows': a row of weight 3 counts
        as three, one of weight 0 not at all, but that its class is in `classes_`. Batch normalisation counts alike
        all rows that count.

        Warns with `ConvergenceWarning` if `max_iter` ends training before `tol` does, or if training diverges;
        the last network, or that of the last whole epoch, is kept.

        Raises
        ------
        ValueError, TypeError
            If a parameter or the data are not as they should be; the message says which and why.
        """
        self._check_parameters()
        goes_on = self.warm_start and hasattr(self, "network_")
        X, y = self._checked(X, y, reset=not goes_on)
        if not goes_on:
            self._begin(X.shape[1], y)
        elif len(np.setxor1d(unique_labels(y), self.classes_)):
            raise ValueError(f"warm_start needs the classes of the last fit, {self.classes_}: all, and no others")
        X, Y, weights = self._counting_rows(X, self._encoded(X, y), sample_weight)
        if not self._multilabel and not np.ptp(Y, axis=0).any():
            raise ValueError("y holds one class only among the rows whose sample_weight is not 0")

        held_out = np.array([], int)
        rows = np.arange(len(X))
        if self.early_stopping:
            self._check_validation_part(len(X))
            rows, held_out = train_test_split(
                rows, test_size=self.validation_fraction, random_state=self._next_seed(), stratify=self._strata(Y)
            )
        test = (X[held_out], Y[held_out]) if self.early_stopping else (None, None)
        data = Dataset.from_arrays(X[rows], Y[rows], *test, multilabel=self._multilabel)
        train_weights, held_out_weights = (None, None) if weights is None else (weights[rows], weights[held_out])
        self._train(self._trainer(data, self.max_iter, self._new_optimizer, train_weights), held_out_weights)
        return self

    def _has_partial_fit(self) -> bool:
        if self.early_stopping or self.learning_rate != "constant":
            raise AttributeError(
                "partial_fit knows neither all rows nor the last epoch: it is there only with "
                "early_stopping=False and learning_rate='constant'"
            )
        return True

    @available_if(_has_partial_fit)
    def partial_fit(
        self, X: Data, y: Data, classes: Data | None = None, sample_weight: Data | None = None
    ) -> Self:
        """One epoch on these rows alone, from where training stands; the optimizer's memory is kept between calls.

        Parameters
        ----------
        X, y, sample_weight : as for `fit`
        classes : all labels there will be; needed in the first call, unless a row may have several labels

        Raises
        ------
        AttributeError
            With `early_stopping` or a "cosine" `learning_rate`, which need to know all rows or the last epoch.
        ValueError, TypeError
            As `fit`.
        """
        self._check_parameters()
        first = not hasattr(self, "network_")
        X, y = self._checked(X, y, reset=first)
        if first:
            if classes is None and y.ndim == 1:
                raise ValueError("classes must be passed on the first call to partial_fit")
            self._begin(X.shape[1], y if y.ndim == 2 else column_or_1d(classes))
        elif classes is not None and not np.array_equal(unique_labels(classes), self.classes_):
            raise ValueError(f"classes must be those of the first call, {self.classes_}, got {classes!r}")
        X, Y, weights = self._counting_rows(X, self._encoded(X, y), sample_weight)
        data = Dataset.from_arrays(X, Y, multilabel=self._multilabel).with_every_input()
        self._take_epoch(self._trainer(data, 1, self._same_optimizer, weights))
        return self

    def _check_validation_part(self, n: int) -> None:
        """Whether `validation_fraction` of n rows makes a part to score on, and leaves one to train on."""
        held_out = int(np.ceil(self.validation_fraction * n))
        if held_out < 2 or held_out == n:
            raise ValueError(
                f"validation_fraction={self.validation_fraction:g} of {n} rows puts {held_out} aside: with "
                "early_stopping there must be 2 or more to score on and 1 or more to train on"
            )

    def _strata(self, Y: Array) -> Array | None:
        """Y if a split can give both parts every class in the same share; None if not, or with several labels."""
        counts = np.unique(Y, axis=0, return_counts=True)[1]
        held_out = np.ceil(self.validation_fraction * len(Y))
        possible = counts.min() >= 2 and len(counts) <= min(held_out, len(Y) - held_out)
        return Y if possible and not self._multilabel else None

    def _train(self, trainer: Trainer, held_out_weights: Array | None) -> None:
        """Epochs until nothing gets better or `max_iter`; with early stopping, back to the best network then."""
        scores: list[float] = []
        best, best_network, epochs_without = -np.inf, self.network_, 0
        self.validation_scores_ = scores if self.early_stopping else None
        while trainer.state == "training" and epochs_without <= self.n_iter_no_change:
            if not self._take_epoch(trainer):
                break
            merit = -self.loss_
            if self.early_stopping:
                merit = self._validation_score(trainer.data, held_out_weights)
                scores.append(merit)
                self._say(f"Validation score: {merit:f}")
            epochs_without = epochs_without + 1 if merit < best + self.tol else 0
            if merit > best:
                best = merit
                best_network = copy.deepcopy(self.network_) if self.early_stopping else self.network_
        self.network_ = best_network
        self.best_validation_score_ = best if self.early_stopping else None
        if epochs_without > self.n_iter_no_change:
            what = "Validation score" if self.early_stopping else "Training loss"
            self._say(f"{what} did not improve by tol={self.tol:g} for {epochs_without} epochs. Stopping.")
        elif trainer.state == "finished" and self.learning_rate == "constant":
            warnings.warn(
                f"Training ended after max_iter={self.max_iter} epochs, before it had converged.",
                ConvergenceWarning,
                stacklevel=3,
            )

    def _validation_score(self, data: Dataset, weights: Array | None) -> float:
        """Accuracy on the rows put aside, weighted where rows are."""
        network = self.network_
        with ONE_BLAS_THREAD, np.errstate(all="ignore"):
            chunks = [
                network.infer(data.test_inputs(slice(start, start + CHUNK_ROWS), network.dtype))
                for start in range(0, len(data.X_test), CHUNK_ROWS)
            ]
        return accuracy(network.loss.output(np.concatenate(chunks)), data.Y_test, data.multilabel, weights)

    def _take_epoch(self, trainer: Trainer) -> bool:
        """One epoch, and its record; False, after a warning, where it was not completed, and leaves no trace."""
        parameters = self.network_.parameters
        before = parameters.copy(), [(mean.copy(), variance.copy()) for mean, variance in self.network_.statistics]
        problem, kind = "", UserWarning
        try:
            trainer.run_epochs(1)
        except KeyboardInterrupt:
            problem = "Training interrupted"
        if trainer.state == "diverged" or not np.abs(parameters).max() < LARGEST_PARAMETER:
            kind = ConvergenceWarning
            problem = (
                f"Training diverged in epoch {self.n_iter_ + 1}, as loss or weights grew beyond all bounds. The "
                "usual cause is a learning rate that is too large: learning_rate_init was "
                f"{self.learning_rate_init:g}"
            )
        if problem:
            parameters[:], self.network_.statistics = before
            self._optimizer_state = []
            warnings.warn(f"{problem}. The network of the last whole epoch is kept.", kind, stacklevel=4)
            return False
        self.loss_ = trainer.epoch_losses[-1]
        self.loss_curve_.append(self.loss_)
        self.n_iter_ += 1
        self._say(f"Iteration {self.n_iter_}, loss = {self.loss_:.8f}")
        return True

    def _say(self, text: str) -> None:
        if self.verbose:
            sys.stdout.write(text + "\n")

    def _begin(self, inputs: int, y: Array) -> None:
        """Learn which labels there are, and build a network for them that has learned nothing yet."""
        labels = LabelBinarizer().fit(y)
        if len(labels.classes_) < 2 and y.ndim == 1:
            raise ValueError(f"y holds one class only, {labels.classes_[0]!r}: there is nothing to tell apart")
        self._labels, self.classes_, self._multilabel = labels, labels.classes_, y.ndim == 2
        self._rng = np.random.default_rng(_seed(self.random_state))
        self.network_ = self._fresh_network(inputs)
        self.loss_curve_: list[float] = []
        self._optimizer_state = []

    def _fresh_network(self, inputs: int) -> Network:
        """A network with first weights and biases as the class says."""
        rng = np.random.default_rng(self._next_seed())
        network = Network(**self._architecture(inputs), parameters=0.0, random_state=rng)
        for layer in network.dense:
            bound = np.sqrt((2 if network.activation == "sigmoid" else 6) / sum(layer.W.shape))
            for array in layer.parameters:
                array[:] = rng.uniform(-bound, bound, array.shape)
        for array in network.dense[-1].parameters:
            array *= OUTPUT_LAYER_SCALE
        for norm in network.norms:
            norm.gamma[:] = 1.0
        return network

    def _architecture(self, inputs: int) -> dict[str, Any]:
        """The arguments of `Network` that the parameters stand for."""
        hidden = self.hidden_layer_sizes
        several = len(self.classes_) > 2 and not self._multilabel
        sizes = (inputs, *_hidden_sizes(hidden), len(self.classes_) if several or self._multilabel else 1)
        small = parameter_slots(sizes)[-1].stop <= SMALL_NETWORK
        return {
            "sizes": sizes,
            "activation": ACTIVATION_NAMES[self.activation],
            "loss": "softmax cross-entropy" if several else "sigmoid cross-entropy",
            "init": "xavier",
            "dtype": np.float64 if small else np.float32,
            "batch_norm": self.batch_norm,
            "keep_prob": self.keep_prob,
        }

    def _trainer(
        self, data: Dataset, epochs: int, optimizer: OptimizerMaker, sample_weight: Array | None
    ) -> Trainer:
        self.n_iter_, self.loss_ = 0, np.nan
        rows = len(data.X_train)
        if self.batch_norm and rows < 2:
            raise ValueError(f"batch_norm needs 2 rows or more to train on, got {rows}")
        batch_size = LARGEST_AUTO_BATCH
        if not isinstance(self.batch_size, str):
            batch_size = self.batch_size
            if batch_size > rows:
                warnings.warn(f"batch_size={batch_size} is clipped to the {rows} training rows", stacklevel=3)
        return Trainer(
            self.network_,
            data,
            batch_size=min(batch_size, rows),
            learning_rate=self.learning_rate_init,
            optimizer=optimizer,
            schedule=self.learning_rate,
            epochs=epochs,
            l2=self.alpha,
            sample_weight=sample_weight,
            measure_every=None,
            random_state=self._next_seed(),
            record_loss=True,
        )

    def _new_optimizer(self, network: Network) -> SGD | Adam:
        return Adam(network) if self.solver == "adam" else SGD(network, momentum=self.momentum)

    def _same_optimizer(self, network: Network) -> SGD | Adam:
        """An optimizer that remembers the steps of the `partial_fit` before."""
        optimizer = self._new_optimizer(network)
        if [array.shape for array in optimizer.state] == [array.shape for array in self._optimizer_state]:
            for array, kept in zip(optimizer.state, self._optimizer_state, strict=True):
                array[:] = kept
        self._optimizer_state = optimizer.state  # the very arrays that its steps will change
        return optimizer

    def _next_seed(self) -> int:
        return int(self._rng.integers(SEEDS))

    # Checking

    def _check_parameters(self) -> None:
        _hidden_sizes(self.hidden_layer_sizes)
        check_choice("activation", self.activation, ACTIVATION_NAMES)
        check_choice("solver", self.solver, ("adam", "sgd"))
        check_number("alpha", self.alpha, 0.0, np.inf)
        check_number("momentum", self.momentum, 0.0, BELOW_ONE)
        if isinstance(self.batch_size, str):
            check_choice("batch_size", self.batch_size, ("auto",))
        else:
            check_integer("batch_size", self.batch_size, 1)
        check_choice("learning_rate", self.learning_rate, SCHEDULES)
        check_number("learning_rate_init", self.learning_rate_init, 0.0, np.inf, low_included=False)
        check_integer("max_iter", self.max_iter, 1)
        check_number("tol", self.tol, 0.0, np.inf)
        epochs: Any = self.n_iter_no_change
        if epochs != np.inf:
            check_integer("n_iter_no_change", epochs, 1)
        check_number("validation_fraction", self.validation_fraction, 0.0, BELOW_ONE, low_included=False)
        check_flag("early_stopping", self.early_stopping)
        check_flag("warm_start", self.warm_start)

    def _checked(self, X: Data, y: Data, reset: bool) -> tuple[Array, Any]:
        """X as (n, d) numbers that fit into float32, y as (n,) labels or (n, l) of 0 and 1, possibly sparse."""
        with np.errstate(
            over="ignore", invalid="ignore"
        ):  # what does not fit becomes infinite, and is then refused
            X, y = validate_data(
                self, X, y, accept_sparse="csr", multi_output=True, dtype=(np.float32, np.uint8), reset=reset
            )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        return _dense(X), y

    def _counting_rows(self, X: Array, Y: Array, sample_weight: Data | None) -> tuple[Array, Array, Array | None]:
        """The rows whose weight is not 0, and their weights, if any were given."""
        if sample_weight is None:
            return X, Y, None
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        counting = np.flatnonzero(weights)
        if not len(counting):  # newer versions of scikit-learn have said so already
            raise ValueError("sample_weight must hold a number that is not zero")
        return X[counting], Y[counting], weights[counting]

    def _encoded(self, X: Array, y: Any) -> Array:
        """Labels as the network's outputs should be, (n, l), after checking that the network fits them."""
        if (y.ndim == 2) != self._multilabel:
            raise ValueError("y must be one label a row, or several labels a row, as when the network was begun")
        if len(unknown := np.setdiff1d(unique_labels(y), self.classes_)):
            raise ValueError(f"y has classes the network does not know: {unknown}; it knows {self.classes_}")
        wanted = Network(**self._architecture(X.shape[1]), parameters=0.0).architecture
        for name, value in self.network_.architecture.items():
            if (asked := wanted[name]) != value:
                if name == "sizes":
                    name, value, asked = "hidden_layer_sizes", value[1:-1], asked[1:-1]
                raise ValueError(
                    f"training goes on with a network whose {name} is {value}, while the parameters ask for "
                    f"{asked}: set warm_start=False and call fit, or set {name} back"
                )
        return np.asarray(self._labels.transform(y), dtype=np.float32)

    # Predicting

    def decision_function(self, X: Data) -> Array:
        """Net inputs z of the outputs: (n,) for two classes, above 0 for the second; else (n, l)."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=(np.float64, np.float32, np.uint8), reset=False)
        Z = np.empty((X.shape[0], self.network_.sizes[-1]))
        for start in range(0, len(Z), CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            Z[rows] = self.network_.infer(_dense(X[rows]).astype(np.float64, copy=False))
        return Z[:, 0] if Z.shape[1] == 1 else Z

    def predict_proba(self, X: Data) -> Array:
        """Probability of each class, (n, classes), or of each label by itself, (n, l)."""
        Z = self.decision_function(X)
        if Z.ndim == 1 and not self._multilabel:
            Z = np.column_stack([-Z, Z])
            return sigmoid(Z)
        return self.network_.loss.output(Z)

    def predict_log_proba(self, X: Data) -> Array:
        """log of `predict_proba`, in its shape; finite where a probability is too small to be told from 0."""
        Z = self.decision_function(X)
        if Z.ndim == 1 and not self._multilabel:
            Z = np.column_stack([-Z, Z])
        elif not self._multilabel:
            return log_softmax(Z)
        return -np.logaddexp(0.0, -Z)

    def predict(self, X: Data) -> Array:
        """The most probable class of each row, (n,); or 1 for each label with p > 0.5, else 0, (n, l)."""
        Z = self.decision_function(X)
        if self._multilabel:
            return (Z > 0).astype(int)
        return np.asarray(self.classes_[(Z > 0).astype(int) if Z.ndim == 1 else Z.argmax(axis=1)])

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        tags.input_tags.sparse = True
        return tags


def _dense(X: Any) -> Array:
    return np.asarray(X.toarray() if hasattr(X, "toarray") else X)


def _hidden_sizes(sizes: int | Sequence[int]) -> tuple[int, ...]:
    each: Any = sizes if np.iterable(sizes) else [sizes]
    return tuple(check_integer("hidden_layer_sizes", m, 1) for m in each)


def _seed(random_state: int | np.random.RandomState | np.random.Generator | None) -> int:
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(SEEDS))
    return int(check_random_state(random_state).randint(SEEDS))
