"""The inverted index finds exactly what multiplying everything with everything would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from recsys_core.errors import DataError, SettingsError
from recsys_core.movies.text_index import InvertedIndex, best, kernels, warm_up
from tests.core.movies.film_data import slow_nearest, sparse_rows


@given(sparse_rows(), st.integers(1, 40))
def test_the_nearest_are_those_of_the_whole_product(matrix, k):
    index, products = InvertedIndex(matrix), (matrix @ matrix.T).toarray()
    for row in range(matrix.shape[0]):
        rows, values = index.nearest(row, k)
        assert rows.tolist() == slow_nearest(products[row], row, k)
        assert values.tolist() == products[row][rows].tolist()
        assert index.products(row).tolist() == products[row].tolist()


@given(sparse_rows(), st.integers(1, 40), st.integers(1, 3))
def test_all_at_once_is_one_after_the_other(matrix, k, threads):
    index = InvertedIndex(matrix)
    rows, values = index.nearest_to_all(k, threads=threads)
    assert rows.shape == values.shape == (matrix.shape[0], min(k, matrix.shape[0]))
    for row in range(matrix.shape[0]):
        alone, their_values = index.nearest(row, k)
        assert rows[row].tolist() == alone.tolist() + [-1] * (rows.shape[1] - len(alone))
        assert values[row][: len(alone)].tolist() == their_values.tolist()
        assert not values[row][len(alone) :].any()


@given(sparse_rows(), st.integers(0, 10**6))
def test_weights_multiply_the_asking_row(matrix, seed):
    index = InvertedIndex(matrix)
    weights = np.random.default_rng(seed).integers(0, 3, index.columns.size).astype(np.float32)
    rows, _ = index.nearest_to_all(5, weights)
    for row in range(matrix.shape[0]):
        own = slice(index.bounds[row], index.bounds[row + 1])
        dense = np.zeros(matrix.shape[1])
        dense[index.columns[own]] = index.row(row)[1] * weights[own]
        expected = slow_nearest(matrix @ dense, row, 5)
        assert index.nearest(row, 5, weights[own])[0].tolist() == expected
        assert [one for one in rows[row] if one >= 0] == expected


def test_more_documents_than_fit_a_block_or_a_panel():
    rng = np.random.default_rng(3)
    matrix = sparse.random(2500, 40, 0.05, "csr", np.float32, rng)
    rows, values = InvertedIndex(matrix).nearest_to_all(7, threads=2)
    products = (matrix @ matrix.T).toarray()
    np.fill_diagonal(products, 0)
    best = -np.sort(-products, axis=1)[:, :7]
    np.testing.assert_allclose(values, best, rtol=1e-5)
    found = rows >= 0
    assert (found == (best > 0)).all()
    np.testing.assert_allclose(products[np.nonzero(found)[0], rows[found]], values[found], rtol=1e-5)


def test_equal_rows_come_in_their_order():
    matrix = sparse.csr_matrix(np.ones((400, 2), np.float32))
    assert InvertedIndex(matrix).nearest(3, 4)[0].tolist() == [0, 1, 2, 4]


def test_a_huge_list_takes_no_huge_memory():
    index = InvertedIndex(sparse.csr_matrix(np.eye(3, dtype=np.float32)))
    assert index.nearest(0, 10**12)[0].size == 0
    assert index.nearest_to_all(10**12)[0].shape == (3, 3)


@pytest.mark.parametrize("k", [0, -1, True, 2.5, "3"])
def test_a_list_has_a_length(k):
    with pytest.raises(SettingsError, match="whole number from 1"):
        InvertedIndex(sparse.csr_matrix(np.eye(2))).nearest(0, k)


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_weights_below_zero_or_without_end_are_refused(value):
    with pytest.raises(DataError, match="negative or not a finite"):
        InvertedIndex(sparse.csr_matrix(np.array([[value, 1.0]])))


def test_after_warming_up_nothing_is_compiled():
    used = kernels.best_documents, kernels.nearest_documents, kernels.add_products, best.write_best
    warm_up()
    before = [len(one.signatures) for one in used]
    index = InvertedIndex(sparse.csr_matrix(np.ones((3, 2), np.int64)))
    index.nearest_to_all(2, np.ones(6, np.float32), threads=2)
    index.nearest(1, 2, np.ones(2, np.float32))
    index.products(0, np.ones(2, np.float32))
    best.nearest_of_row(index.products(2), np.int64(2), 2)
    assert [len(one.signatures) for one in used] == before


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=400), st.integers(1, 500), st.integers(0, 400))
def test_the_best_of_one_row_are_those_of_sorting_it(values, k, asking):
    row, asking = np.array(values, np.float32), asking % len(values)
    rows, found = best.nearest_of_row(row, asking, k)
    assert rows.tolist() == slow_nearest(row, asking, k)
    assert found.tolist() == row[rows].tolist()
    assert row.tolist() == values, "the row given is left alone"
