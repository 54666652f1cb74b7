"""Ranks of held-out items are LightFM's, not one off, wherever arithmetic is exact."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from recsys_core.errors import DataError, ScoreError, SettingsError
from recsys_core.ranking import Factors, both_ranks, held_out_ranks
from tests.core.ranking.slow_twins import (
    as_lightfm,
    integer_factors,
    lightfm_ranks,
    random_split,
    slow_half_ranks,
    slow_ranks,
)


@pytest.mark.parametrize("size", [1, 10, 32, 65])
@pytest.mark.parametrize("threads", [1, 2])
def test_not_one_rank_differs_from_lightfm_on_whole_number_embeddings(size, threads):
    rng = np.random.default_rng(size)
    factors = integer_factors(rng, 300, 1700, size)
    train, test = random_split(rng, 300, 1700, density=0.01)
    expected = lightfm_ranks(as_lightfm(factors), test, train)
    assert np.array_equal(held_out_ranks(factors, test, train, threads=threads).ranks, expected)
    assert np.array_equal(held_out_ranks(factors.scores, test, train, threads=threads).ranks, expected)


def test_without_train_nothing_is_left_out_as_in_lightfm():
    rng = np.random.default_rng(0)
    factors = integer_factors(rng, 50, 300, 4)
    train, _ = random_split(rng, 50, 300)
    expected = lightfm_ranks(as_lightfm(factors), train, None)
    assert np.array_equal(held_out_ranks(factors, train).ranks, expected)


@pytest.mark.parametrize("as_function", [False, True])
def test_one_pass_for_train_and_test_equals_two_passes(as_function):
    rng = np.random.default_rng(1)
    factors = integer_factors(rng, 150, 900, 6)
    scorer = factors.scores if as_function else factors
    train, test = random_split(rng, 150, 900)
    train_ranks, test_ranks = both_ranks(scorer, train, test)
    for found, alone in (
        (train_ranks, held_out_ranks(scorer, train)),
        (test_ranks, held_out_ranks(scorer, test, train)),
    ):
        for field in ("ranks", "item_idx", "indptr", "n_train"):
            assert np.array_equal(getattr(found, field), getattr(alone, field))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_grid_equals_the_slow_definition(data):
    n_users, n_items = data.draw(st.integers(1, 20)), data.draw(st.integers(1, 120))
    size, density = data.draw(st.integers(1, 5)), data.draw(st.sampled_from([0.0, 0.05, 0.3, 1.0]))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    factors = integer_factors(rng, n_users, n_items, size)
    train, test = random_split(rng, n_users, n_items, density)
    scores = factors.scores(np.arange(n_users))
    train_ranks, test_ranks = both_ranks(factors, train, test)
    assert np.array_equal(test_ranks.ranks, slow_ranks(scores, test, train))
    assert np.array_equal(train_ranks.ranks, slow_ranks(scores, train, None))
    for scorer in (factors, factors.scores):
        assert np.array_equal(
            held_out_ranks(scorer, test, train, ties="half").ranks, slow_half_ranks(scores, test, train)
        )


def test_any_embeddings_order_each_user_consistently():
    # the rank of every item of a user must be a permutation: a score is the same bits wherever it is computed
    rng = np.random.default_rng(2)
    factors = Factors(
        rng.normal(size=(40, 50)), rng.normal(size=(777, 50)), np.zeros(40), rng.normal(size=777)
    )
    everything = sparse.csr_matrix(np.ones((40, 777), np.float32))
    ranks = held_out_ranks(factors, everything).ranks.reshape(40, 777)
    assert np.array_equal(np.sort(ranks, axis=1), np.tile(np.arange(777), (40, 1)))


@pytest.mark.parametrize(("n_users", "n_items"), [(1, 1), (1, 5), (5, 1), (3, 48), (9, 49), (129, 2)])
def test_degenerate_grids_equal_lightfm(n_users, n_items):
    rng = np.random.default_rng(3)
    factors = integer_factors(rng, n_users, n_items, 2)
    train, test = random_split(rng, n_users, n_items, density=0.5)
    expected = lightfm_ranks(as_lightfm(factors), test, train)
    assert np.array_equal(held_out_ranks(factors, test, train).ranks, expected)
    assert np.array_equal(held_out_ranks(factors.scores, test, train).ranks, expected)


def test_a_user_who_has_heard_all_but_one_ranks_it_first():
    factors = integer_factors(np.random.default_rng(4), 1, 200, 3)
    train = np.ones((1, 200), np.float32)
    train[0, 17] = 0
    test = sparse.csr_matrix(1 - train)
    assert held_out_ranks(factors, test, sparse.csr_matrix(train)).ranks.tolist() == [0]


def test_no_held_out_items_give_no_ranks():
    factors = integer_factors(np.random.default_rng(5), 3, 4, 2)
    ranks = held_out_ranks(factors, sparse.csr_matrix((3, 4)), sparse.csr_matrix(np.eye(3, 4)))
    assert ranks.ranks.size == 0
    assert ranks.indptr.tolist() == [0, 0, 0, 0]
    assert ranks.n_train.tolist() == [1, 1, 1]


def test_equal_scores_count_against_the_item_or_half():
    constant = Factors(np.ones((1, 1)), np.ones((100, 1)), np.zeros(1), np.zeros(100))
    test = sparse.csr_matrix(([1.0], ([0], [5])), shape=(1, 100))
    assert held_out_ranks(constant, test).ranks.tolist() == [99]
    assert held_out_ranks(constant, test, ties="half").ranks.tolist() == [99 / 2]


def test_a_stored_zero_is_an_entry():
    factors = Factors(np.ones((1, 1)), np.arange(4.0)[:, None], np.zeros(1), np.zeros(4))
    test = sparse.csr_matrix(([0.0], [0], [0, 1]), shape=(1, 4))
    train = sparse.csr_matrix(([0.0], [3], [0, 1]), shape=(1, 4))
    assert held_out_ranks(factors, test, train).ranks.tolist() == [2]


def test_unsorted_and_repeated_columns_are_put_in_order_without_touching_the_callers_matrix():
    factors = Factors(np.ones((1, 1)), np.arange(4.0)[:, None], np.zeros(1), np.zeros(4))
    test = sparse.csr_matrix(
        (np.ones(3, np.float32), np.array([2, 0, 2], np.int32), np.array([0, 3])), (1, 4)
    )
    ranks = held_out_ranks(factors, test)
    assert ranks.item_idx.tolist() == [0, 2]
    assert ranks.ranks.tolist() == [3, 1]
    assert test.indices.tolist() == [2, 0, 2]


def test_rows_of_any_length_are_sorted():
    rng = np.random.default_rng(6)
    factors = integer_factors(rng, 4, 500, 3)
    held_out = np.zeros((4, 500), np.float32)
    for user, count in enumerate((63, 64, 65, 400)):
        held_out[user, rng.choice(500, count, replace=False)] = 1
    test = sparse.csr_matrix(held_out)
    assert np.array_equal(
        held_out_ranks(factors, test).ranks, slow_ranks(factors.scores(np.arange(4)), test, None)
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", [0, 47, 48, 799, 1699])
def test_scores_that_are_not_finite_are_refused_and_never_perfect(bad, where):
    scores = np.zeros((2, 1700), np.float32)
    scores[1, where] = bad
    test = sparse.csr_matrix(([1.0], ([0], [3])), shape=(2, 1700))
    with pytest.raises(ScoreError, match="NaN or infinite"):
        held_out_ranks(lambda users: scores[users], test)


def test_a_model_that_returns_the_wrong_shape_is_named():
    with pytest.raises(ScoreError, match=r"shape \(2, 3\), not \(2, 4\)"):
        held_out_ranks(lambda users: np.zeros((len(users), 3), np.float32), sparse.csr_matrix((2, 4)))


def test_factors_for_another_grid_are_refused():
    with pytest.raises(ScoreError, match=r"for \(2, 4\) users and items, not \(2, 5\)"):
        held_out_ranks(integer_factors(np.random.default_rng(0), 2, 4, 2), sparse.csr_matrix((2, 5)))


def test_overlap_of_train_and_test_is_refused():
    matrix = sparse.csr_matrix(np.eye(3, dtype=np.float32))
    with pytest.raises(DataError, match="3 cells are in both"):
        held_out_ranks(integer_factors(np.random.default_rng(0), 3, 3, 2), matrix, matrix)


def test_train_of_another_shape_is_refused():
    factors = integer_factors(np.random.default_rng(0), 2, 3, 2)
    with pytest.raises(DataError, match=r"test has shape \(2, 3\) but train has \(2, 2\)"):
        held_out_ranks(factors, sparse.csr_matrix((2, 3)), sparse.csr_matrix((2, 2)))


def test_a_dense_matrix_is_refused():
    with pytest.raises(DataError, match="not a SciPy sparse matrix"):
        held_out_ranks(integer_factors(np.random.default_rng(0), 2, 3, 2), np.eye(2, 3))


@pytest.mark.parametrize("threads", [0, -1, 1.5, True])
def test_a_senseless_number_of_threads_is_refused(threads):
    factors = integer_factors(np.random.default_rng(0), 2, 3, 2)
    with pytest.raises(SettingsError, match="threads"):
        held_out_ranks(factors, sparse.csr_matrix((2, 3)), threads=threads)


def test_an_unknown_tie_rule_is_refused():
    factors = integer_factors(np.random.default_rng(0), 2, 3, 2)
    with pytest.raises(SettingsError, match="ties"):
        held_out_ranks(factors, sparse.csr_matrix((2, 3)), ties="optimistic")


def test_memory_stays_at_a_block_of_scores():
    n_users, n_items = 3000, 5000
    rng = np.random.default_rng(7)
    factors = integer_factors(rng, n_users, n_items, 8)
    idx = rng.integers(0, n_items, n_users).astype(np.int32)
    test = sparse.csr_matrix((np.ones(n_users, np.float32), idx, np.arange(n_users + 1)), (n_users, n_items))
    held_out_ranks(factors, test)
    tracemalloc.start()
    held_out_ranks(factors, test)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.05 * 4 * n_users * n_items
