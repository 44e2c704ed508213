"""The scikit-learn estimator: all of scikit-learn's own checks, then what those do not look at."""

import os
import pickle
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from scipy.sparse import coo_matrix, csc_array, csr_matrix
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris, make_multilabel_classification
from sklearn.ensemble import AdaBoostClassifier, BaggingClassifier
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnlib.estimator import FeedforwardClassifier

X_IRIS, Y_IRIS = load_iris(return_X_y=True)
X_IRIS = StandardScaler().fit_transform(X_IRIS)
X_LABELS, Y_LABELS = make_multilabel_classification(300, n_features=10, n_classes=4, random_state=0)


def classifier(**parameters: Any) -> FeedforwardClassifier:
    """A small one that learns iris within its epochs, seeded, and that keeps quiet about reaching the last."""
    defaults = {"hidden_layer_sizes": (10,), "batch_size": 25, "learning_rate_init": 0.02, "max_iter": 30}
    return FeedforwardClassifier(**{**defaults, "learning_rate": "cosine", "random_state": 0, **parameters})


def steady(**parameters: Any) -> FeedforwardClassifier:
    """The same with a constant learning rate, and so with `partial_fit`."""
    return classifier(learning_rate="constant", **parameters)


# scikit-learn's own checks run in a process of their own: one of them is skipped unless SciPy is imported with
# SCIPY_ARRAY_API set. Nothing may be skipped, and nothing fail but what chance rules out: dropout draws one mask
# for a row of weight 2 and two for two rows, and batch normalisation counts rows.
CHECKS = """
import sys
import warnings
from sklearn.utils.estimator_checks import check_estimator
from nnlib.estimator import FeedforwardClassifier

warnings.simplefilter("ignore")
EQUIVALENCE = ["check_sample_weight_equivalence_on_" + kind for kind in ("dense_data", "sparse_data")]
QUICK = {"max_iter": 30, "learning_rate_init": 0.01}  # the defaults train seven times as long
OTHER = {"solver": "sgd", "batch_norm": True, "keep_prob": 0.9}
parameters, chance = {"plain": (QUICK, []), "with both": ({**QUICK, **OTHER}, EQUIVALENCE)}[sys.argv[1]]
results = check_estimator(
    FeedforwardClassifier(**parameters), on_fail=None, expected_failed_checks=dict.fromkeys(chance, "chance")
)
assert len(results) > 50
for result in results:
    if result["check_name"] not in chance:
        assert result["status"] == "passed", (parameters, result)
"""


@pytest.mark.parametrize("parts", ["plain", pytest.param("with both", marks=pytest.mark.thorough)])
def test_every_check_of_scikit_learn_passes(parts: str) -> None:
    environment = {**os.environ, "SCIPY_ARRAY_API": "1"}
    command = [sys.executable, "-c", CHECKS, parts]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1200, check=False)
    assert run.returncode == 0, run.stderr


# The three kinds of target


@pytest.mark.parametrize("labels", [np.array([1, 5]), np.array(["no", "yes"]), np.array([False, True])])
def test_two_classes(labels: np.ndarray) -> None:
    X, y = X_IRIS[50:], labels[Y_IRIS[50:] - 1]
    model = classifier(max_iter=60).fit(X, y)
    assert model.network_.sizes == (4, 10, 1)
    np.testing.assert_array_equal(model.classes_, labels)
    assert model.predict(X).dtype == labels.dtype
    assert model.score(X, y) > 0.93
    Z, P = model.decision_function(X), model.predict_proba(X)
    assert (Z.shape, P.shape) == ((100,), (100, 2))
    np.testing.assert_allclose(P[:, 1], 1 / (1 + np.exp(-Z)))
    np.testing.assert_allclose(P.sum(axis=1), 1.0)
    np.testing.assert_array_equal(model.predict(X) == labels[1], Z > 0)


def test_many_classes() -> None:
    names = np.array(["setosa", "versicolor", "virginica"])
    model = classifier().fit(X_IRIS, names[Y_IRIS])
    assert model.network_.sizes == (4, 10, 3)
    np.testing.assert_array_equal(model.classes_, names)
    assert model.score(X_IRIS, names[Y_IRIS]) > 0.95
    Z, P = model.decision_function(X_IRIS), model.predict_proba(X_IRIS)
    np.testing.assert_allclose(P, np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))
    np.testing.assert_array_equal(model.predict(X_IRIS), names[Z.argmax(axis=1)])


@pytest.mark.parametrize("form", [np.asarray, csr_matrix], ids=["dense", "sparse"])
def test_several_labels(form: Any) -> None:
    model = classifier(max_iter=60).fit(X_LABELS, form(Y_LABELS))
    assert model.network_.sizes == (10, 10, 4)
    np.testing.assert_array_equal(model.classes_, range(4))
    predicted, P = model.predict(X_LABELS), model.predict_proba(X_LABELS)
    assert (predicted == Y_LABELS).mean() > 0.75
    assert {tuple(row) for row in predicted} >= {(0, 0, 0, 0), (1, 1, 0, 0)}  # none, and more than one
    np.testing.assert_array_equal(predicted, P > 0.5)
    np.testing.assert_allclose(P, 1 / (1 + np.exp(-model.decision_function(X_LABELS))))
    assert model.score(X_LABELS, Y_LABELS) == (predicted == Y_LABELS).all(axis=1).mean()


# The same network and training as everywhere


@pytest.mark.thorough
def test_it_is_as_good_as_mlp_classifier_on_digits() -> None:
    X, y = load_digits(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X / 16, y, test_size=0.5, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        models = [kind(random_state=0) for kind in (FeedforwardClassifier, MLPClassifier)]
        ours, theirs = (model.fit(X_train, y_train).score(X_test, y_test) for model in models)
    assert ours > theirs - 0.01  # five seeds, larger data and times: tests/benchmarks/bench_estimator.py
    assert ours > 0.96


def test_the_loss_curve_ends_near_the_loss_of_the_network() -> None:
    model = classifier().fit(X_IRIS, Y_IRIS)
    assert len(model.loss_curve_) == model.n_iter_ == 30
    assert model.loss_ == model.loss_curve_[-1]
    assert model.loss_ == pytest.approx(log_loss(Y_IRIS, model.predict_proba(X_IRIS)), rel=0.02)
    assert model.loss_curve_[0] > 3 * model.loss_


@pytest.mark.parametrize("name", ["tanh", "logistic", "sigmoid", "relu"])
def test_activations_go_by_scikit_learns_names(name: str) -> None:
    model = classifier(activation=name, max_iter=1).fit(X_IRIS, Y_IRIS)
    assert model.network_.activation == {"logistic": "sigmoid"}.get(name, name)


def test_parameters_reach_the_network() -> None:
    model = classifier(hidden_layer_sizes=[6, 5], batch_norm=True, keep_prob=(0.9, 0.8)).fit(X_IRIS, Y_IRIS)
    architecture = model.network_.architecture
    assert architecture["sizes"] == (4, 6, 5, 3)
    assert (architecture["batch_norm"], architecture["keep_prob"]) == (True, (0.9, 0.8))
    assert classifier(hidden_layer_sizes=7).fit(X_IRIS, Y_IRIS).network_.sizes == (4, 7, 3)
    assert classifier(hidden_layer_sizes=()).fit(X_IRIS, Y_IRIS).network_.sizes == (4, 3)


def test_sgd_without_momentum_is_gradient_descent() -> None:
    # One epoch in one batch is one step: W − η ∇L, from the same first weights.
    settings = {"solver": "sgd", "batch_size": 150, "max_iter": 1, "learning_rate_init": 0.5, "tol": 0.0}
    tiny = classifier(**{**settings, "learning_rate_init": 1e-12}).fit(X_IRIS, Y_IRIS).network_.as_type(np.float64)
    gradient = tiny.gradient(X_IRIS, np.eye(3)[Y_IRIS])
    step = classifier(momentum=0.0, **settings).fit(X_IRIS, Y_IRIS).network_.parameters - tiny.parameters
    np.testing.assert_allclose(step, -0.5 * gradient, atol=1e-6)
    fitted = classifier(momentum=0.9, **{**settings, "max_iter": 5}).fit(X_IRIS, Y_IRIS)
    assert fitted.loss_ < classifier(momentum=0.0, **{**settings, "max_iter": 5}).fit(X_IRIS, Y_IRIS).loss_


# Chance


@pytest.mark.parametrize("make", [lambda: 3, lambda: np.random.RandomState(3), lambda: np.random.default_rng(3)])
def test_seeded_results_repeat(make: Any) -> None:
    first, second = (classifier(keep_prob=0.8, random_state=make()).fit(X_IRIS, Y_IRIS) for _ in range(2))
    np.testing.assert_array_equal(first.network_.parameters, second.network_.parameters)
    assert first.loss_curve_ == second.loss_curve_


def test_other_seeds_give_other_results() -> None:
    curves = [classifier(random_state=seed).fit(X_IRIS, Y_IRIS).loss_curve_ for seed in (0, 1, None, None)]
    assert len({tuple(curve) for curve in curves}) == 4


def test_the_precision_and_kind_of_the_inputs_do_not_matter() -> None:
    X = (X_IRIS * 20 + 100).round()
    curves = [classifier().fit(X.astype(kind), Y_IRIS).loss_curve_ for kind in (float, np.float32, int, np.uint8)]
    assert curves[0] == curves[1] == curves[2] == curves[3]


# Weights of rows


WEIGHTS = np.random.default_rng(0).integers(0, 4, 150)


def everything(model: FeedforwardClassifier) -> tuple[np.ndarray, np.ndarray]:
    """The parameters and the losses."""
    return model.network_.parameters, np.array(model.loss_curve_)


@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_a_row_of_weight_3_counts_as_three(solver: str) -> None:
    weighted, repeated = (
        classifier(batch_size="auto", solver=solver, alpha=0.1, activation="tanh") for _ in range(2)
    )
    X, y = X_IRIS[:60], Y_IRIS[40:100]
    weighted.fit(X, y, sample_weight=WEIGHTS[:60])
    repeated.fit(X.repeat(WEIGHTS[:60], axis=0), y.repeat(WEIGHTS[:60]))
    for one, other in zip(everything(weighted), everything(repeated), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def test_a_row_of_weight_0_does_not_count() -> None:
    kept = WEIGHTS > 0
    for settings in ({}, {"early_stopping": True, "batch_norm": True, "keep_prob": 0.8}):
        models = [classifier(**settings) for _ in range(2)]
        models[0].fit(X_IRIS, Y_IRIS, sample_weight=WEIGHTS)
        models[1].fit(X_IRIS[kept], Y_IRIS[kept], sample_weight=WEIGHTS[kept])
        for one, other in zip(*map(everything, models), strict=True):
            np.testing.assert_array_equal(one, other)
    # Its class stays one of the classes, as in scikit-learn's own classifiers.
    model = classifier().fit(X_IRIS, Y_IRIS, sample_weight=np.where(Y_IRIS == 1, 0, 1))
    assert set(model.predict(X_IRIS)) <= set(model.classes_) == {0, 1, 2}
    assert model.predict_proba(X_IRIS)[:, 1].mean() < 0.05


def test_partial_fit_takes_weights() -> None:
    weighted, repeated = (steady(batch_size="auto") for _ in range(2))
    for _ in range(5):
        weighted.partial_fit(X_IRIS[:90], Y_IRIS[:90], [0, 1, 2], sample_weight=WEIGHTS[:90] / 2)
        rows = np.arange(90).repeat(WEIGHTS[:90])
        repeated.partial_fit(X_IRIS[rows], Y_IRIS[rows], [0, 1, 2], sample_weight=np.full(len(rows), 0.5))
    np.testing.assert_allclose(weighted.network_.parameters, repeated.network_.parameters, atol=1e-6)
    weighted.partial_fit(X_IRIS[:9], Y_IRIS[:9], sample_weight=[0] * 8 + [1])  # one row, one class
    with pytest.raises(ValueError, match=r"non-zero number|not zero"):
        weighted.partial_fit(X_IRIS[:9], Y_IRIS[:9], sample_weight=np.zeros(9))


def test_the_validation_score_is_weighted() -> None:
    # Labels of three rows in four are wrong, and these rows weigh next to nothing.
    weights = np.where(np.arange(150) % 4, 1e-9, 1.0)
    y = np.where(np.arange(150) % 4, (Y_IRIS + 1) % 3, Y_IRIS)
    settings = {
        "early_stopping": True,
        "validation_fraction": 0.4,
        "batch_size": "auto",
        "learning_rate_init": 0.1,
    }
    assert classifier(**settings).fit(X_IRIS, y, sample_weight=weights).best_validation_score_ > 0.9


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.zeros(150), "zero"),
        (np.ones(149), "shape"),
        (-np.ones(150), "Negative values in data passed to `sample_weight`"),
        (np.full(150, np.nan), "NaN"),
        (np.where(Y_IRIS, 0.0, 1.0), "one class only among the rows whose sample_weight is not 0"),
    ],
)
def test_bad_weights_are_refused(weights: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        classifier().fit(X_IRIS, Y_IRIS, sample_weight=weights)


def test_adaboost_and_bagging_work() -> None:
    boosted = AdaBoostClassifier(classifier(hidden_layer_sizes=(3,)), n_estimators=5, random_state=0)
    assert boosted.fit(X_IRIS, Y_IRIS).score(X_IRIS, Y_IRIS) > 0.93
    bagged = BaggingClassifier(classifier(), n_estimators=3, random_state=0)
    assert bagged.fit(X_IRIS, Y_IRIS).score(X_IRIS, Y_IRIS) > 0.93


# First weights and the penalty


@pytest.mark.parametrize(("activation", "factor"), [("relu", 6), ("tanh", 6), ("logistic", 2)])
def test_first_weights_are_mlp_classifiers_but_for_a_small_output_layer(activation: str, factor: int) -> None:
    X = np.random.default_rng(0).normal(size=(300, 30))
    settings = {"activation": activation, "learning_rate_init": 1e-12, "hidden_layer_sizes": (200, 100)}
    model = classifier(**settings, max_iter=1).fit(X, np.arange(300) % 3)
    for layer, scale in zip(model.network_.dense, (1, 1, 0.1), strict=True):
        bound = scale * np.sqrt(factor / sum(layer.W.shape))
        assert 0.99 * bound < np.abs(layer.W).max() <= bound * (1 + 1e-6)
        assert 0.5 * bound < np.abs(layer.b).max() <= bound * (1 + 1e-6)
    assert model.loss_curve_[0] == pytest.approx(np.log(3), abs=0.05)
    with_norm = classifier(batch_norm=True, **settings, max_iter=1).fit(X, np.arange(300) % 3)
    np.testing.assert_allclose(with_norm.network_.norms[0].gamma, 1.0)


@pytest.mark.parametrize("kind", ["classes", "labels"])
def test_alpha_is_mlp_classifiers(kind: str) -> None:
    # Both go on from the same weights, all rows in one batch: the same losses and the same weights, step by step.
    # A row of sample weight 2 is two rows for theirs, which takes sample weights only from scikit-learn 1.7 on.
    X, y = (X_IRIS, Y_IRIS) if kind == "classes" else (X_LABELS, Y_LABELS)
    settings: dict[str, Any] = {
        "hidden_layer_sizes": (6, 5),
        "activation": "tanh",
        "alpha": 3.0,
        "random_state": 0,
    }
    counts = np.random.default_rng(0).integers(1, 4, len(X))
    X_repeated, y_repeated = np.repeat(X, counts, axis=0), np.repeat(y, counts, axis=0)
    theirs = MLPClassifier(**settings, batch_size=len(X_repeated), learning_rate_init=0.01)
    ours = FeedforwardClassifier(**settings, batch_size=len(X), learning_rate_init=0.01)
    classes = np.arange(4 if kind == "labels" else 3)
    ours.set_params(learning_rate_init=1e-15).partial_fit(X, y, classes).set_params(learning_rate_init=0.01)
    theirs.set_params(learning_rate_init=1e-15).partial_fit(X_repeated, y_repeated, classes=classes)
    for layer, W, b in zip(ours.network_.dense, theirs.coefs_, theirs.intercepts_, strict=True):
        layer.W[:], layer.b[:] = W, b
    del ours._optimizer_state[:], theirs._optimizer
    theirs.set_params(learning_rate_init=0.01)
    for _ in range(5):
        ours.partial_fit(X, y, sample_weight=counts)
        theirs.partial_fit(X_repeated, y_repeated)
        for layer, W in zip(ours.network_.dense, theirs.coefs_, strict=True):
            np.testing.assert_allclose(layer.W, W, rtol=1e-4, atol=1e-5)
        assert ours.loss_ == pytest.approx(theirs.loss_, rel=1e-5)


def test_alpha_keeps_weights_small() -> None:
    sizes = [
        np.abs(classifier(alpha=alpha).fit(X_IRIS, Y_IRIS).network_.dense[0].W).mean() for alpha in (0, 1, 10)
    ]
    assert sizes[0] > sizes[1] > sizes[2]
    assert FeedforwardClassifier().alpha == MLPClassifier().alpha == 0.0001


# Sparse inputs and logarithms


@pytest.mark.parametrize("form", [csr_matrix, csc_array, coo_matrix])
def test_sparse_inputs_are_as_dense_ones(form: Any) -> None:
    X = np.where(np.abs(X_LABELS) > 5, X_LABELS, 0.0)
    dense, sparse = classifier().fit(X, Y_LABELS), classifier().fit(form(X), Y_LABELS)
    np.testing.assert_array_equal(sparse.network_.parameters, dense.network_.parameters)
    many = np.tile(X, (4, 1))  # more rows than are made dense at a time
    for ask in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
        np.testing.assert_array_equal(getattr(sparse, ask)(form(many)), getattr(dense, ask)(many))
    steps = [steady().partial_fit(kind(X), Y_LABELS).network_.parameters for kind in (np.asarray, form)]
    np.testing.assert_array_equal(*steps)


@pytest.mark.parametrize("y", [Y_IRIS, Y_IRIS > 0, np.eye(3, dtype=int)[Y_IRIS]], ids=["many", "two", "labels"])
def test_logarithms_of_probabilities_stay_finite(y: np.ndarray) -> None:
    model = classifier().fit(X_IRIS, y)
    np.testing.assert_allclose(np.exp(model.predict_log_proba(X_IRIS)), model.predict_proba(X_IRIS))
    far = model.predict_log_proba(X_IRIS * 1e6)
    assert np.isfinite(far).all()
    assert far.min() < -1000


# Stopping


def test_training_never_stops_early_where_that_is_asked_for() -> None:
    with pytest.warns(ConvergenceWarning, match="ended after max_iter=40 epochs"):
        model = steady(max_iter=40, tol=1e9, n_iter_no_change=np.inf).fit(X_IRIS, Y_IRIS)
    assert model.n_iter_ == 40


@pytest.mark.parametrize(("rows", "fraction", "aside"), [(150, 0.001, 1), (10, 0.1, 1), (6, 0.9, 6)])
def test_too_small_a_validation_part_is_refused(rows: int, fraction: float, aside: int) -> None:
    chosen = np.linspace(0, 149, rows).astype(int)
    model = classifier(early_stopping=True, validation_fraction=fraction)
    with pytest.raises(ValueError, match=f"validation_fraction={fraction} of {rows} rows puts {aside} aside"):
        model.fit(X_IRIS[chosen], Y_IRIS[chosen])


def test_training_stops_when_the_loss_gets_no_better() -> None:
    model = steady(max_iter=500, tol=1e-3, n_iter_no_change=5).fit(X_IRIS, Y_IRIS)
    assert 10 < model.n_iter_ < 500
    losses = np.array(model.loss_curve_)
    improved = losses[1:] <= np.minimum.accumulate(losses)[:-1] - 1e-3
    assert improved[-7:].tolist() == [True] + [False] * 6  # more than five epochs in a row without


def test_reaching_the_last_epoch_is_said() -> None:
    with pytest.warns(
        ConvergenceWarning, match="ended after max_iter=3 epochs, before it had converged"
    ) as caught:
        steady(max_iter=3).fit(X_IRIS, Y_IRIS)
    assert caught[0].filename == __file__


def test_early_stopping_keeps_the_network_of_the_best_epoch() -> None:
    settings = {"early_stopping": True, "validation_fraction": 0.3, "batch_norm": True, "max_iter": 100}
    model = steady(**settings, n_iter_no_change=8, solver="sgd", learning_rate_init=0.5).fit(X_IRIS, Y_IRIS)
    scores = model.validation_scores_
    assert len(scores) == model.n_iter_ < 100
    assert model.best_validation_score_ == max(scores) > scores[0]
    # The held-out rows are not known from outside; a run cut short after the best epoch ends with that network.
    best_epoch = int(np.argmax(scores)) + 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        short = clone(model).set_params(max_iter=best_epoch).fit(X_IRIS, Y_IRIS)
    np.testing.assert_array_equal(short.network_.parameters, model.network_.parameters)
    np.testing.assert_array_equal(short.predict(X_IRIS), model.predict(X_IRIS))


def test_without_early_stopping_there_are_no_validation_scores() -> None:
    model = classifier(max_iter=2).fit(X_IRIS, Y_IRIS)
    assert model.validation_scores_ is None
    assert model.best_validation_score_ is None


@pytest.mark.parametrize("y", [Y_LABELS, [0] * 299 + [1]], ids=["several labels", "a class of one row"])
def test_early_stopping_where_rows_cannot_be_split_by_class(y: Any) -> None:
    model = classifier(early_stopping=True, max_iter=3).fit(X_LABELS, y)
    assert len(model.validation_scores_) == 3


def test_divergence_is_said_and_leaves_a_finite_network() -> None:
    model = classifier(solver="sgd", learning_rate_init=1e30)
    with pytest.warns(ConvergenceWarning, match="usual cause is a learning rate that is too large"):
        model.fit(X_IRIS, Y_IRIS)
    assert np.isfinite(model.predict_proba(X_IRIS)).all()


def test_the_loss_is_not_that_of_another_network_after_divergence() -> None:
    model = steady(solver="sgd", warm_start=True, max_iter=2, tol=0.0)
    with pytest.warns(ConvergenceWarning, match="max_iter"):
        model.fit(X_IRIS, Y_IRIS)
    assert np.isfinite(model.loss_)
    with pytest.warns(ConvergenceWarning, match="too large"):
        model.set_params(learning_rate_init=1e300).fit(X_IRIS, Y_IRIS)
    assert np.isnan(model.loss_)
    assert (model.n_iter_, len(model.loss_curve_)) == (0, 2)
    P = model.predict_proba(X_IRIS)  # still of the two epochs before
    assert model.loss_curve_[-1] > log_loss(Y_IRIS, P) > 0.5 * model.loss_curve_[-1]


def test_an_interrupt_keeps_the_epochs_done(monkeypatch: pytest.MonkeyPatch) -> None:
    from nnlib.training import Trainer

    whole_epoch = Trainer.run_epochs

    def press_ctrl_c_in_the_third(self: Trainer, count: int = 1) -> None:
        if self.epoch == 2:
            self.run_for(0.0)
            raise KeyboardInterrupt
        whole_epoch(self, count)

    monkeypatch.setattr(Trainer, "run_epochs", press_ctrl_c_in_the_third)
    with pytest.warns(UserWarning, match="interrupted. The network of the last whole epoch is kept"):
        model = classifier(batch_size=10).fit(X_IRIS, Y_IRIS)
    assert model.n_iter_ == 2
    assert model.predict(X_IRIS).shape == (150,)


# Going on


def test_warm_start_goes_on_where_training_stood() -> None:
    model = classifier(warm_start=True, n_iter_no_change=30).fit(X_IRIS, Y_IRIS)
    parameters = model.network_.parameters.copy()
    model.set_params(learning_rate_init=1e-9).fit(X_IRIS, Y_IRIS)
    np.testing.assert_allclose(model.network_.parameters, parameters, atol=1e-6)
    assert (model.n_iter_, len(model.loss_curve_)) == (30, 60)  # of the last fit, as in MLPClassifier, and of all
    model.set_params(warm_start=False, learning_rate_init=0.02).fit(X_IRIS, Y_IRIS)
    assert model.n_iter_ == 30
    np.testing.assert_array_equal(model.network_.parameters, parameters)  # the same seed, from the beginning


def test_warm_start_needs_the_same_classes_and_the_same_network() -> None:
    model = classifier(warm_start=True, max_iter=2).fit(X_IRIS, Y_IRIS)
    with pytest.raises(ValueError, match=r"warm_start needs the classes of the last fit, \[0 1 2\]"):
        model.fit(X_IRIS[:100], Y_IRIS[:100])
    with pytest.raises(
        ValueError, match=r"whose hidden_layer_sizes is \(10,\), while the parameters ask for \(9,\)"
    ):
        model.set_params(hidden_layer_sizes=9).fit(X_IRIS, Y_IRIS)
    with pytest.raises(ValueError, match="X has 3 features, but FeedforwardClassifier is expecting 4"):
        model.fit(X_IRIS[:, :3], Y_IRIS)


def test_partial_fit_learns_batch_by_batch_and_remembers_adams_means() -> None:
    model = steady()
    for _ in range(20):
        for rows in np.array_split(np.random.default_rng(0).permutation(150), 3):
            model.partial_fit(X_IRIS[rows], Y_IRIS[rows], classes=[0, 1, 2])
    assert (model.n_iter_, len(model.loss_curve_)) == (1, 60)
    assert model.score(X_IRIS, Y_IRIS) > 0.95
    # All rows in one batch leave nothing to chance: n calls are n epochs of one run, moments and all.
    calls, run = steady(batch_size="auto"), steady(batch_size="auto", max_iter=10, tol=0.0)
    for _ in range(10):
        calls.partial_fit(X_IRIS, Y_IRIS, classes=[0, 1, 2])
    with pytest.warns(ConvergenceWarning):
        run.fit(X_IRIS, Y_IRIS)
    np.testing.assert_allclose(calls.loss_curve_, run.loss_curve_, rtol=1e-4)


def test_partial_fit_takes_batches_that_lack_some_classes_or_inputs() -> None:
    model = steady().partial_fit(X_IRIS[:50], Y_IRIS[:50], classes=[0, 1, 2])
    model.partial_fit(X_IRIS[50:100] * [1, 0, 1, 1], Y_IRIS[50:100])
    assert model.predict_proba(X_IRIS).shape == (150, 3)
    labels = steady().partial_fit(X_LABELS, Y_LABELS)
    assert labels.predict(X_LABELS).shape == Y_LABELS.shape


def test_partial_fit_says_what_it_cannot_do() -> None:
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        steady().partial_fit(X_IRIS, Y_IRIS)
    model = steady().partial_fit(X_IRIS, Y_IRIS, classes=[0, 1, 2])
    with pytest.raises(ValueError, match=r"classes the network does not know: \[7\]"):
        model.partial_fit(X_IRIS[:2], [0, 7])
    with pytest.raises(ValueError, match="classes must be those of the first call"):
        model.partial_fit(X_IRIS, Y_IRIS, classes=[0, 1, 2, 3])
    with pytest.raises(ValueError, match="one label a row, or several labels a row, as when"):
        model.partial_fit(X_IRIS, np.eye(3, dtype=int)[Y_IRIS])
    for model in (classifier(learning_rate="cosine"), steady(early_stopping=True)):
        assert not hasattr(model, "partial_fit")


# In the ecosystem


def test_pipelines_cross_validation_and_grid_search() -> None:
    pipeline = make_pipeline(StandardScaler(), classifier())
    X, y = load_iris(return_X_y=True, as_frame=True)
    assert cross_val_score(pipeline, X, y, cv=3).mean() > 0.9
    grid = {
        "feedforwardclassifier__hidden_layer_sizes": [(1,), (10,)],
        "feedforwardclassifier__keep_prob": [0.9, 1],
    }
    search = GridSearchCV(pipeline, grid, cv=3, error_score="raise").fit(X, y)
    assert search.best_params_["feedforwardclassifier__hidden_layer_sizes"] == (10,)
    assert search.score(X, y) > 0.93
    np.testing.assert_array_equal(search.best_estimator_.feature_names_in_, X.columns)


def test_clone_and_pickle() -> None:
    model = steady(keep_prob=0.9, batch_norm=True, max_iter=3, tol=0.0, n_iter_no_change=1)
    with pytest.warns(ConvergenceWarning):
        model.fit(X_IRIS, Y_IRIS)
    assert clone(model).get_params() == model.get_params()
    assert not hasattr(clone(model), "network_")
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict_proba(X_IRIS), model.predict_proba(X_IRIS))
    for one in (model, again):  # and they go on alike
        one.partial_fit(X_IRIS, Y_IRIS).partial_fit(X_IRIS, Y_IRIS)
    np.testing.assert_array_equal(again.network_.parameters, model.network_.parameters)


def test_threads_can_share_a_fitted_classifier() -> None:
    X, y = load_digits(return_X_y=True)
    model = classifier(max_iter=3).fit(X, y)
    expected = model.predict_proba(X)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(model.predict_proba, [X] * 40))
    assert all(np.array_equal(result, expected) for result in results)


def test_verbose_prints_on_standard_output_as_scikit_learn_does(capsys: pytest.CaptureFixture[str]) -> None:
    steady(max_iter=200, tol=0.1, n_iter_no_change=2, verbose=True).fit(X_IRIS, Y_IRIS)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Iteration 1, loss = 1.")
    assert lines[-1] == "Training loss did not improve by tol=0.1 for 3 epochs. Stopping."
    classifier(max_iter=2, early_stopping=True, verbose=True).fit(X_IRIS, Y_IRIS)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["Iteration", "Validation"] * 2
    classifier(max_iter=2).fit(X_IRIS, Y_IRIS)
    assert capsys.readouterr().out == ""


def test_nnlib_itself_does_not_import_scikit_learn() -> None:
    code = "import sys, nnlib; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"hidden_layer_sizes": (10, 0)}, ValueError, "hidden_layer_sizes must be at least 1, got 0"),
        ({"hidden_layer_sizes": 2.5}, TypeError, "hidden_layer_sizes must be a whole number, got 2.5"),
        ({"activation": "identity"}, ValueError, "activation must be one of 'relu', 'tanh', 'logistic'"),
        ({"solver": "lbfgs"}, ValueError, "solver must be one of 'adam', 'sgd', got 'lbfgs'"),
        ({"solver": "sgd", "momentum": 1.0}, ValueError, "momentum must be finite and in"),
        ({"momentum": 1.0}, ValueError, "momentum must be finite and in"),
        ({"alpha": -1.0}, ValueError, "alpha must be finite and in"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"batch_size": "all"}, ValueError, "batch_size must be one of 'auto', got 'all'"),
        ({"batch_size": 1, "batch_norm": True}, ValueError, "batch_size must be at least 2, got 1"),
        ({"learning_rate": "adaptive"}, ValueError, "learning_rate must be one of 'constant', 'cosine'"),
        ({"learning_rate_init": 0.0}, ValueError, "learning_rate_init must be finite and in"),
        ({"max_iter": 0}, ValueError, "max_iter must be at least 1"),
        ({"keep_prob": 0.0}, ValueError, "keep_prob must be finite and in"),
        ({"keep_prob": (0.5, 0.5)}, ValueError, "keep_prob must be one number or 1, one a hidden layer, got 2"),
        ({"batch_norm": "yes"}, TypeError, "batch_norm must be True or False"),
        ({"random_state": "x"}, ValueError, "cannot be used to seed"),
        ({"tol": -1.0}, ValueError, "tol must be finite and in"),
        ({"n_iter_no_change": 0}, ValueError, "n_iter_no_change must be at least 1"),
        ({"n_iter_no_change": 2.5}, TypeError, "n_iter_no_change must be a whole number"),
        ({"early_stopping": 1}, TypeError, "early_stopping must be True or False"),
        ({"validation_fraction": 1.0}, ValueError, "validation_fraction must be finite and in"),
        ({"warm_start": None}, TypeError, "warm_start must be True or False"),
    ],
)
def test_bad_parameters_are_named_when_fitting(
    parameters: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        classifier(**parameters).fit(X_IRIS, Y_IRIS)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (X_IRIS, np.zeros(150), "y holds one class only"),
        (X_IRIS, X_IRIS[:, 0], "Unknown label type: continuous"),
        (X_IRIS * np.nan, Y_IRIS, "Input X contains NaN"),
        (X_IRIS * 1e300, Y_IRIS, "too large for dtype"),
        (X_IRIS, Y_IRIS[:9], "inconsistent numbers of samples"),
    ],
)
def test_bad_data_are_refused(X: Any, y: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        classifier().fit(X, y)


def test_predicting_needs_a_fitted_classifier() -> None:
    with pytest.raises(NotFittedError):
        classifier().predict(X_IRIS)


def test_a_batch_larger_than_the_data_is_clipped() -> None:
    with pytest.warns(UserWarning, match="batch_size=500 is clipped to the 150 training rows"):
        model = classifier(batch_size=500).fit(X_IRIS, Y_IRIS)
    np.testing.assert_array_equal(
        model.network_.parameters, classifier(batch_size=150).fit(X_IRIS, Y_IRIS).network_.parameters
    )
