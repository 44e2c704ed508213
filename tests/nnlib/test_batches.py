"""Batches and the working copy: every row once, and the fast layers compute what the plain one does."""

from collections.abc import Callable

import numpy as np
import pytest

from nnlib.batches import BLOCK_ROWS, Batches, InPlaceDense, PixelDense, working_copy
from nnlib.datasets import load_digits
from nnlib.layers import Dense
from nnlib.network import Network

DATA = load_digits()


def batches(size: int, seed: int = 0) -> Batches:
    return Batches(DATA, size, np.dtype(np.float64), np.random.default_rng(seed))


@pytest.mark.parametrize("size", [1, 7, 64, 100])
def test_an_epoch_holds_every_row_once_with_its_own_label(size: int) -> None:
    given, count = batches(size), -(-len(DATA.X_train) // size)
    for epoch in range(2):
        given.get(epoch, 0)
        assert sorted(given.order) == list(range(len(DATA.X_train)))
        for index in range(count):
            batch, own = given.get(epoch, index), given.order[index * size : (index + 1) * size]
            width = batch.X.shape[1]
            np.testing.assert_array_equal(batch.X, DATA.X_active[own, :width])
            assert not DATA.X_active[own, width:].any()
            np.testing.assert_array_equal(batch.Y, DATA.Y_train[own])


def test_a_batch_can_be_asked_for_again() -> None:
    given = batches(10)
    first = given.get(0, 0).X.copy()
    given.get(0, 20)
    list(given.dealt(3, of=144))
    np.testing.assert_array_equal(given.get(0, 0).X, first)


def test_blocks_hold_all_that_is_not_zero() -> None:
    batch = batches(130).get(0, 0)
    assert [rows.stop - rows.start for rows, _ in batch.blocks] == [BLOCK_ROWS, BLOCK_ROWS, 130 - 2 * BLOCK_ROWS]
    for rows, inputs in batch.blocks:
        assert batch.X[rows, inputs - 1].any()
        assert not batch.X[rows, inputs:].any()


def test_rows_are_dealt_like_cards() -> None:
    for k, batch in enumerate(batches(100).dealt(2, of=15)):
        labels = DATA.Y_train[k::15]
        np.testing.assert_array_equal(batch.Y.sum(axis=0), labels.sum(axis=0))


@pytest.mark.parametrize("make", [InPlaceDense, lambda W, b: PixelDense(W, b, 0.5)])
def test_the_fast_layers_compute_what_the_plain_one_does(make: Callable[[np.ndarray, np.ndarray], Dense]) -> None:
    rng = np.random.default_rng(0)
    for n in (1, 5):
        W, b, H, delta = (rng.normal(size=shape) for shape in ((4, 3), (3,), (n, 4), (n, 3)))
        H[:, 3] = 0
        fast, scale = make(W.copy(), b.copy()), 1.0
        if isinstance(fast, PixelDense):
            fast.blocks, scale = [(slice(0, n), 3)], 0.5
        plain = Dense(W, b)
        np.testing.assert_allclose(fast.infer(H), plain.infer(scale * H), rtol=1e-13)
        np.testing.assert_allclose(fast.forward(H), plain.forward(scale * H), rtol=1e-13)
        back = plain.backward(delta)
        if isinstance(fast, PixelDense):
            fast.backward(delta)
        else:
            np.testing.assert_allclose(fast.backward(delta), back, rtol=1e-13)
        ours, theirs = ([rng.normal(size=(4, 3)), np.zeros(3)] for _ in range(2))
        theirs[0][:] = ours[0]
        fast.add_gradients(ours, 0.3)
        plain.add_gradients(theirs, 0.3)
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-13)


def test_the_working_copy_has_only_inputs_in_use() -> None:
    working, first = working_copy(Network((64, 5, 10)), len(DATA.active), DATA.scale, np.random.default_rng(0))
    assert working.layers[0] is first
    assert first.W.shape == (len(DATA.active), 5)
    working.parameters[:] = 1.0
    assert all(layer.W.all() and layer.b.all() for layer in working.dense)
