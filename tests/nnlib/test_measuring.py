"""The one BLAS thread of whoever computes: set by the first, given back by the last, in whatever order."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from threadpoolctl import ThreadpoolController, threadpool_limits

from nnlib.datasets import load_digits
from nnlib.measuring import ONE_BLAS_THREAD
from nnlib.network import Network
from nnlib.training import Trainer


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in ThreadpoolController().select(user_api="blas").info()}


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    """The other tests run with one thread, where nothing could be seen."""
    with threadpool_limits(2, "blas"):
        assert blas_threads() == {2}
        yield


def new_trainer() -> Trainer:
    return Trainer(Network((64, 10), random_state=0), load_digits(), measure_every=None, random_state=0)


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


def test_nested_ones_give_the_threads_back_at_the_outer_end() -> None:
    with ONE_BLAS_THREAD:
        with ONE_BLAS_THREAD:
            assert blas_threads() == {1}
        new_trainer().run_batches(1)
        assert blas_threads() == {1}
    assert blas_threads() == {2}


def test_an_exception_within_gives_the_threads_back() -> None:
    def fail() -> bool:
        assert blas_threads() == {1}
        raise RuntimeError("interrupted")

    with ONE_BLAS_THREAD:
        with pytest.raises(RuntimeError, match="interrupted"):
            new_trainer().run_for(600.0, interrupted=fail)
        assert blas_threads() == {1}
    assert blas_threads() == {2}
