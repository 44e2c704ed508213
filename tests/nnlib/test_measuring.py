"""What is measured; and the one BLAS thread of whoever computes: set by the first, given back by the last."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController, threadpool_limits

from nnlib.datasets import Dataset, load_digits
from nnlib.measuring import ONE_BLAS_THREAD, evaluate
from nnlib.network import Network
from nnlib.training import Trainer


def eye_network(**others: object) -> Network:
    """Outputs that grow with the inputs, one each."""
    return Network((3, 3), loss="softmax cross-entropy", parameters=[1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], **others)  # type: ignore[arg-type]


def test_recall_is_the_share_of_each_class_that_is_found() -> None:
    X = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0]]  # what the network says
    Y = np.eye(3)[[0, 0, 0, 1, 1]]
    seen = evaluate(eye_network(), Dataset.from_arrays(X, Y, X, Y), "test")
    np.testing.assert_array_equal(seen.recall, [2 / 3, 1 / 2, np.nan])
    assert seen.accuracy == 3 / 5
    some = evaluate(eye_network(), Dataset.from_arrays(X, Y), "train", np.array([0, 3]))
    np.testing.assert_array_equal(some.recall, [1, 0, np.nan])


def test_recall_over_many_rows_adds_up_to_accuracy() -> None:
    data = load_digits()
    seen = evaluate(Network((64, 10), random_state=3), data, "train")
    share = np.bincount(data.Y_train.argmax(axis=1)) / len(data.Y_train)
    assert np.dot(seen.recall, share) == pytest.approx(seen.accuracy, abs=1e-12)


def test_where_outputs_are_no_classes_there_is_no_recall() -> None:
    X = np.eye(3)
    assert evaluate(eye_network(), Dataset.from_arrays(X, X, multilabel=True), "train").recall == ()
    assert evaluate(Network((3, 1), random_state=0), Dataset.from_arrays(X, X[:, :1]), "train").recall == ()


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in ThreadpoolController().select(user_api="blas").info()}


@pytest.fixture
def two_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Others run with one thread, where nothing could be seen, and a page that ran before keeps it for good."""
    monkeypatch.setattr(ONE_BLAS_THREAD, "_within", 0)
    with threadpool_limits(2, "blas"):
        assert blas_threads() == {2}
        yield


def new_trainer() -> Trainer:
    return Trainer(Network((64, 10), random_state=0), load_digits(), measure_every=None, random_state=0)


@pytest.mark.usefixtures("two_threads")
def test_of_two_that_overlap_the_last_gives_the_threads_back() -> None:
    second_is_in, first_is_out = threading.Event(), threading.Event()
    seen = []

    def wait_for_second() -> bool:
        seen.append(blas_threads())
        return second_is_in.wait(60)

    def outlast_first() -> bool:
        second_is_in.set()
        first_is_out.wait(60)
        seen.append(blas_threads())
        return True

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(new_trainer().run_for, 600.0, None, wait_for_second)
        second = threads.submit(new_trainer().run_for, 600.0, None, outlast_first)
        first.result(60)
        seen.append(blas_threads())
        first_is_out.set()
        second.result(60)
    assert seen == [{1}, {1}, {1}]
    assert blas_threads() == {2}


@pytest.mark.usefixtures("two_threads")
def test_nested_ones_give_the_threads_back_at_the_outer_end() -> None:
    with ONE_BLAS_THREAD:
        with ONE_BLAS_THREAD:
            assert blas_threads() == {1}
        new_trainer().run_batches(1)
        assert blas_threads() == {1}
    assert blas_threads() == {2}


@pytest.mark.usefixtures("two_threads")
def test_an_exception_within_gives_the_threads_back() -> None:
    def fail() -> bool:
        assert blas_threads() == {1}
        raise RuntimeError("interrupted")

    with ONE_BLAS_THREAD:
        with pytest.raises(RuntimeError, match="interrupted"):
            new_trainer().run_for(600.0, interrupted=fail)
        assert blas_threads() == {1}
    assert blas_threads() == {2}
