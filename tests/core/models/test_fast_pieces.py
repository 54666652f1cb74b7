"""The pieces of the trainer: the lookup of known pairs, the draws, the shuffle, the vector instructions."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from scipy import sparse
from scipy.stats import chisquare

from recsys_core.models.fast.batch import Examples
from recsys_core.models.fast.draws import draw, stream
from recsys_core.models.fast.lanes import WIDTH, load, lowest_bit, rsqrt, store, sums_above, total
from recsys_core.models.fast.memory import address_of
from recsys_core.models.fast.positives import PositiveArrays, has_item
from recsys_core.models.fast.state import Table, aligned_zeros
from tests.core.models import slow_trainer


@njit
def known(positives, n_users, n_items, out):
    for user in range(n_users):
        for item in range(n_items):
            out[user, item] = has_item(positives, user, item)


@njit
def draws_of(key, example, bound, address):
    for first in range(0, 64, WIDTH):
        draw(address, first, stream(key, example), first, bound)


@njit
def rsqrt_of(address):
    store(address, WIDTH, rsqrt(load(address, 0)))
    return total(load(address, 0))


@njit
def above(address, limit):
    first, second = load(address, 0), load(address, WIDTH)
    return sums_above(first, second, load(address, 2 * WIDTH), load(address, 3 * WIDTH), limit)


@njit
def lowest(bits):
    return lowest_bit(bits)


@pytest.mark.parametrize("density", [0.0, 0.003, 0.1, 0.9, 1.0])
def test_exactly_the_known_pairs_are_known(density):
    """Thousands of items, so that the filter alone would often be wrong; none and all of them, too."""
    matrix = sparse.random(12, 4000, density, format="csr", random_state=1, dtype=np.float32)
    matrix.data[:] = 1
    arrays, found = PositiveArrays(matrix), np.zeros(matrix.shape, bool)
    known(arrays.lookup, *matrix.shape, found)
    np.testing.assert_array_equal(found, matrix.toarray() > 0)


@pytest.mark.parametrize("bound", [1, 2, 3, 1000, 2**31 - 1])
def test_draws_are_the_twins(bound):
    for key, example in [(0, 0), (1, 7), (2**63 - 1, 10**8)]:
        ours = np.zeros(64, np.int32)
        draws_of(np.uint64(key), example, bound, address_of(ours, np.int32))
        bits = slow_trainer.stream(key, example)
        assert ours.tolist() == [slow_trainer.draw(bits, number, bound) for number in range(64)]


def test_draws_are_uniform_within_and_across_examples():
    table = np.zeros((2000, 64), np.int32)
    for example in range(len(table)):
        draws_of(np.uint64(12345), example, 20, address_of(table[example], np.int32))
    for sample in (table.ravel(), table[:, 0], table[:, 1], table[:, 63]):
        assert chisquare(np.bincount(sample, minlength=20)).pvalue > 0.001
    pairs = np.bincount(table[:, 0] * 20 + table[:, 1], minlength=400)
    assert chisquare(pairs).pvalue > 0.001


def test_a_shuffle_moves_pairs_with_their_weights_and_loses_none():
    n = 5000
    examples = Examples(np.arange(n), np.arange(n) + 7, np.arange(n) / 2)
    examples.shuffle(0, np.uint64(3))
    users, items = examples._pairs.T
    np.testing.assert_array_equal(np.sort(users), np.arange(n))
    np.testing.assert_array_equal(items, users + 7)
    np.testing.assert_allclose(examples._weights, users / 2)
    assert abs(np.corrcoef(users, np.arange(n))[0, 1]) < 0.06


def test_every_place_of_a_shuffle_is_equally_likely():
    places = np.zeros((6, 6), int)
    for key in range(3000):
        examples = Examples(np.arange(6), np.arange(6), None)
        examples.shuffle(0, np.uint64(key))
        places[np.arange(6), examples._pairs[:, 0]] += 1
    assert chisquare(places.ravel()).pvalue > 0.001


def test_reciprocal_roots_have_float32_accuracy_and_nan_stays_nan():
    values = np.zeros(2 * WIDTH, np.float32)
    values[:WIDTH] = [1e-30, 1e-10, 0.1, 1, 2, 3, 4, 10, 1e3, 1e5, 1e10, 1e20, 1e30, 3e38, 7, 0.5]
    rsqrt_of(address_of(values, np.float32))
    np.testing.assert_allclose(values[WIDTH:], 1 / np.sqrt(values[:WIDTH].astype(float)), rtol=3e-7)
    for bad in (np.nan, np.inf):
        values[3] = bad
        assert not np.isfinite(rsqrt_of(address_of(values, np.float32)))


def test_sums_are_compared_each_by_itself_and_nan_is_above_nothing():
    rows = np.zeros((4, WIDTH), np.float32)
    for bits in range(16):
        rows[:] = 0
        for row in range(4):
            rows[row, (5 * row + bits) % WIDTH] = 2 if bits >> row & 1 else 1
        assert above(address_of(rows, np.float32), np.float32(1)) == bits
    assert above(address_of(rows, np.float32), np.float32(np.nan)) == 0
    rows[2, 9] = np.nan
    assert above(address_of(rows, np.float32), np.float32(1)) == 0b1011
    assert [lowest(bits) for bits in (1, 2, 12, 8)] == [0, 1, 2, 3]


@pytest.mark.parametrize("n_columns", [32, 48, 288])
def test_rows_begin_cache_lines(n_columns):
    table = aligned_zeros(7, n_columns)
    assert table.shape == (7, n_columns)
    assert table.flags.c_contiguous
    assert {table[row].ctypes.data % 64 for row in range(7)} == {0}


def test_tables_start_as_lightfm_starts():
    table = Table(5000, 10, 16, 2, 1.0, np.random.default_rng(0))
    start = table.embeddings
    assert -0.05 <= start.min() < -0.0499 < 0.0499 < start.max() <= 0.05
    assert abs(start.mean()) < 0.0005
    assert not table.values[0, :, 10:].any()
    assert (table.values[1] == 1).all()
    assert (table.biases == [0, 1]).all()


def test_only_plain_arrays_have_an_address():
    with pytest.raises(TypeError, match="contiguous array of float32"):
        address_of(np.zeros((4, 4), np.float32).T[1:], np.float32)
    with pytest.raises(TypeError, match="not of float64"):
        address_of(np.zeros(4), np.float32)
