"""Preparing a drawing: MNIST's own pictures come back unchanged, and where or how large you draw is no matter."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlib import Network, Trainer, load_digits, load_mnist
from nnlib.chapter23.drawn_digits import (
    center_of_mass,
    find_digit_on_photo,
    prepare_like_digits,
    prepare_like_mnist,
)
from nnlib.measuring import accuracy

DRAWINGS = arrays(
    float, st.tuples(st.integers(1, 60), st.integers(1, 60)), elements=st.sampled_from([0.0, 0.5, 1.0])
)


def sheet(digit: np.ndarray, zoom: int, top: int, left: int, side: int = 320) -> np.ndarray:
    """A digit, each pixel a square of `zoom`, somewhere on an empty square sheet."""
    paper = np.zeros((side, side))
    large = np.repeat(np.repeat(digit, zoom, axis=0), zoom, axis=1)
    paper[top : top + large.shape[0], left : left + large.shape[1]] = large
    return paper


def test_enlarged_and_moved_mnist_digits_come_back_as_they_were() -> None:
    """The first 100 test pictures: the rules are those by which MNIST was made."""
    rng = np.random.default_rng(0)
    for digit in load_mnist().test_inputs(slice(100)).reshape(-1, 28, 28):
        zoom = int(rng.integers(1, 11))
        top, left = rng.integers(0, 320 - 28 * zoom, 2)
        np.testing.assert_allclose(prepare_like_mnist(sheet(digit, zoom, top, left)), digit, atol=1e-12)


@pytest.mark.thorough
def test_a_network_reads_digits_drawn_with_a_hard_pen_at_any_size_and_place() -> None:
    """Ink or paper and no grey, five to ten times as large: 96.7 % of 300 are read, of the originals 97.7 %."""
    data = load_mnist()
    network = Network(
        (784, 100, 50, 10),
        activation="relu",
        loss="softmax cross-entropy",
        init="he",
        dtype=np.float32,
        random_state=0,
    )
    Trainer(
        network,
        data,
        batch_size=32,
        learning_rate=0.3,
        schedule="cosine",
        epochs=2,
        measure_every=2,
        random_state=0,
    ).run()
    rng = np.random.default_rng(1)
    prepared = []
    for digit in data.test_inputs(slice(300)).reshape(-1, 28, 28):
        zoom = int(rng.integers(5, 11))
        drawing = sheet(digit, zoom, *rng.integers(0, 320 - 28 * zoom, 2))
        prepared.append(prepare_like_mnist(drawing > 0.5))  # ink or paper, as a hard pen draws it
    P = network.predict_proba(np.reshape(prepared, (300, 784)))
    assert accuracy(P, data.Y_test[:300]) > 0.95


def test_small_digits_are_read_after_being_enlarged_and_prepared() -> None:
    data = load_digits()
    network = Network(
        (64, 40, 10), activation="relu", loss="softmax cross-entropy", init="he", dtype=np.float32, random_state=0
    )
    Trainer(network, data, batch_size=32, learning_rate=0.3, schedule="cosine", epochs=15, random_state=0).run()
    digits = data.test_inputs(slice(None)).reshape(-1, 8, 8)
    prepared = [prepare_like_digits(sheet(digit, 25, 60, 20)) for digit in digits]
    assert accuracy(network.predict_proba(np.reshape(prepared, (len(digits), 64))), data.Y_test) > 0.9


@given(
    DRAWINGS, st.integers(0, 30), st.integers(0, 30), st.sampled_from([prepare_like_mnist, prepare_like_digits])
)
def test_place_on_the_sheet_does_not_matter(drawing: np.ndarray, top: int, left: int, prepare: type) -> None:
    assume(drawing.any())
    moved = np.pad(drawing, ((top, 3), (left, 5)))
    np.testing.assert_array_equal(prepare(moved), prepare(drawing))


@given(DRAWINGS, st.integers(2, 5))
def test_size_on_the_sheet_does_not_matter(drawing: np.ndarray, zoom: int) -> None:
    """Up to rounding, where the centre of mass lies half-way between two pixels."""
    assume(drawing.any())
    small, large = prepare_like_mnist(drawing), prepare_like_mnist(np.kron(drawing, np.ones((zoom, zoom))))
    shifts = [np.roll(large, (down, right), axis=(0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert min(np.abs(shifted - small).max() for shifted in shifts) < 1e-9


@given(DRAWINGS)
def test_longer_side_is_20_and_the_centre_of_mass_in_the_middle(drawing: np.ndarray) -> None:
    assume(drawing.any())
    picture = prepare_like_mnist(drawing)
    assert picture.shape == (28, 28)
    assert 0 <= picture.min() <= picture.max() <= 1
    filled = [np.flatnonzero(picture.any(axis=axis)) for axis in (1, 0)]
    lengths = [line[-1] - line[0] + 1 for line in filled]
    assert max(lengths) == 20
    for line, center in zip(filled, center_of_mass(picture), strict=True):
        assert abs(center - 14) <= 0.5 + 1e-9 or line[0] == 0 or line[-1] == 27


@given(DRAWINGS)
def test_small_digits_fill_the_picture_in_sixteenths(drawing: np.ndarray) -> None:
    assume(drawing.any())
    picture = prepare_like_digits(drawing)
    assert picture.shape == (8, 8)
    np.testing.assert_array_equal(16 * picture, np.rint(16 * picture))


@pytest.mark.parametrize(
    ("shape", "ink"),
    [
        ((224, 224), (slice(100, 101), slice(50, 51))),  # a single dot
        ((224, 224), (slice(0, 224), slice(0, 224))),  # all ink, up to every edge
        ((224, 224), (slice(111, 113), slice(None))),  # a flat line
        ((224, 224), (slice(None), slice(0, 1))),  # a thin line along the edge
        ((3, 4000), (slice(1, 2), slice(None))),  # far wider than tall
        ((3000, 2500), (slice(20, 2900), slice(300, 900))),  # huge
    ],
)
def test_odd_drawings_become_solid_bars_of_the_same_proportions(shape: tuple[int, int], ink: tuple) -> None:
    drawing = np.zeros(shape)
    drawing[ink] = 1
    height, width = drawing[ink].shape
    picture = prepare_like_mnist(drawing)
    expected = [max(1, round(20 * length / max(height, width))) for length in (height, width)]
    np.testing.assert_allclose(np.sort(picture[picture > 0]), 1.0)
    assert np.count_nonzero(picture) == expected[0] * expected[1]


def test_halving_the_size_averages_two_by_two() -> None:
    """A checkerboard of 40 × 40 becomes 20 × 20 of even grey."""
    board = np.indices((40, 40)).sum(axis=0) % 2
    picture = prepare_like_mnist(board)
    np.testing.assert_allclose(picture[picture > 0], 0.5)
    assert np.count_nonzero(picture) == 400


@pytest.mark.parametrize("prepare", [prepare_like_mnist, prepare_like_digits])
@pytest.mark.parametrize(
    ("drawing", "error", "message"),
    [
        (np.zeros((28, 28)), ValueError, "The drawing is empty. Draw a digit first."),
        (np.full((4, 4), 255), ValueError, r"drawing must lie in \[0, 1\], got values from 255.0 to 255.0"),
        (np.array([[-0.5, 1.0]]), ValueError, r"drawing must lie in \[0, 1\]"),
        (np.array([[np.nan, 1.0]]), ValueError, "drawing must be finite"),
        (np.ones(5), ValueError, "drawing must have rows and columns"),
        (np.array([["a"]]), TypeError, "drawing must hold numbers"),
    ],
)
def test_bad_drawings_are_refused_in_plain_words(
    drawing: np.ndarray, error: type[Exception], message: str, prepare: type
) -> None:
    with pytest.raises(error, match=message):
        prepare(drawing)


def photo_of(digit: np.ndarray, rng: np.random.Generator, dark_ink: bool = True) -> np.ndarray:
    """A (28, 28) digit somewhere on a noisy sheet of paper under a shadow, with a black edge at its left."""
    zoom = int(rng.integers(4, 8))
    ink = np.zeros((260, 300))
    top, left = rng.integers(10, 260 - 28 * zoom - 10), rng.integers(30, 300 - 28 * zoom - 10)
    ink[top : top + 28 * zoom, left : left + 28 * zoom] = np.kron(digit, np.ones((zoom, zoom)))
    y, x = np.mgrid[0:1:260j, 0:1:300j]
    paper = 0.9 - 0.4 * (rng.uniform() * x + rng.uniform() * y**2)
    photo = paper * (1 - ink) + 0.15 * ink + 0.02 * rng.standard_normal(ink.shape)
    photo[:, :9] = 0.1
    return np.clip(photo if dark_ink else 1 - photo, 0, 1)


@pytest.mark.parametrize("dark_ink", [True, False])
def test_a_digit_is_found_on_a_photo_with_shadow_noise_and_an_edge(dark_ink: bool) -> None:
    rng = np.random.default_rng(0)
    for digit in load_mnist().test_inputs(slice(12)).reshape(-1, 28, 28):
        found = prepare_like_mnist(find_digit_on_photo(photo_of(digit, rng, dark_ink), 112))
        shifted = [np.roll(digit, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        assert max(np.corrcoef(found.ravel(), other.ravel())[0, 1] for other in shifted) > 0.85


def test_the_found_digit_stands_in_the_middle_and_fills_most_of_the_drawing() -> None:
    photo = np.full((90, 70), 0.8)
    photo[20:60, 30:36] = 0.2
    drawing = find_digit_on_photo(photo, 100)
    rows, columns = np.flatnonzero(drawing.any(axis=1)), np.flatnonzero(drawing.any(axis=0))
    assert len(rows) == 70
    assert abs(rows.mean() - 49.5) <= 0.5
    assert abs(columns.mean() - 49.5) <= 0.5
    assert drawing[50, 50] == pytest.approx(1)


def test_specks_are_left_out_and_a_stroke_that_stands_apart_is_kept() -> None:
    photo = np.ones((100, 100))
    photo[30:70, 40:46] = 0.0
    photo[30:36, 50:70] = 0.0  # as the hat of a 5
    photo[85, 85] = 0.0
    drawing = find_digit_on_photo(photo, 80)
    columns = np.flatnonzero(drawing.any(axis=0))
    assert columns[-1] - columns[0] + 1 == round(0.7 * 80 * 30 / 40)


@pytest.mark.parametrize(
    ("photo", "message"),
    [
        (np.full((40, 40), 0.5), "No digit stands out"),
        (np.clip(0.5 + 0.05 * np.random.default_rng(0).standard_normal((60, 60)), 0, 1), "No digit stands out"),
        (np.linspace(0, 1, 2500).reshape(50, 50), "No digit stands out"),
        (np.full((40, 40), 1.5), "must lie in"),
        (np.ones(3), "rows and columns"),
    ],
    ids=["blank", "noise", "shadow", "range", "shape"],
)
def test_a_photo_without_a_digit_is_refused(photo: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find_digit_on_photo(photo, 50)
