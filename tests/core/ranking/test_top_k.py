"""The best items, in one definite order, with nothing excluded among them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from implicit.cpu.topk import topk as implicit_top_k
from scipy import sparse

from recsys_core.errors import DataError, ScoreError, SettingsError
from recsys_core.ranking import Factors, similar_items, top_k
from tests.core.ranking.slow_twins import integer_factors, random_split, slow_top_k


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_grid_equals_the_slow_definition(data):
    n_users, n_items = data.draw(st.integers(1, 20)), data.draw(st.integers(1, 200))
    k, density = data.draw(st.integers(1, 210)), data.draw(st.sampled_from([0.0, 0.3, 0.9, 1.0]))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    factors = integer_factors(rng, n_users, n_items, data.draw(st.integers(1, 4)))
    exclude, _ = random_split(rng, n_users, n_items, density)
    items, scores = slow_top_k(factors.scores(np.arange(n_users)), k, exclude)
    for scorer in (factors, factors.scores):
        found_items, found_scores = top_k(scorer, k, exclude=exclude)
        assert np.array_equal(found_items, items)
        assert np.array_equal(found_scores, scores)


@pytest.mark.parametrize("k", [1, 10, 100, 1000])
@pytest.mark.parametrize("threads", [1, 2])
def test_same_items_as_implicit_where_no_scores_tie(k, threads):
    rng = np.random.default_rng(k)
    exclude, _ = random_split(rng, 200, 3000, density=0.01)
    # distinct whole numbers, so that neither side rounds and the order is definite
    ranking = np.stack([rng.permutation(3000) for _ in range(200)]).astype(np.float32)
    factors = Factors(np.eye(200), ranking.T, np.zeros(200), np.zeros(3000))
    expected, _ = implicit_top_k(
        factors.item_embeddings, factors.user_embeddings, k, filter_query_items=exclude, num_threads=1
    )
    assert np.array_equal(top_k(factors, k, exclude=exclude, threads=threads)[0], expected)


@pytest.mark.parametrize("k", [1, 10, 100])
def test_same_scores_as_implicit_where_scores_tie(k):
    """Small whole numbers: the tools may choose other items among equals, but no better and no worse ones."""
    rng = np.random.default_rng(k)
    exclude, _ = random_split(rng, 200, 3000, density=0.01)
    factors = integer_factors(rng, 200, 3000, 6)
    unbiased = Factors(factors.user_embeddings, factors.item_embeddings, np.zeros(200), np.zeros(3000))
    _, expected = implicit_top_k(
        unbiased.item_embeddings, unbiased.user_embeddings, k, filter_query_items=exclude, num_threads=1
    )
    assert np.array_equal(top_k(unbiased, k, exclude=exclude)[1], -np.sort(-expected, axis=1))


@pytest.mark.parametrize(
    "scores", [np.zeros(3000), np.arange(3000.0), -np.arange(3000.0), np.arange(3000) % 7.0]
)
@pytest.mark.parametrize("k", [1, 100, 2999])
def test_ties_and_monotone_scores_repeat_in_item_order(scores, k):
    factors = Factors(np.ones((1, 1)), scores[:, None], np.zeros(1), np.zeros(3000))
    expected = np.argsort(-scores, kind="stable")[:k]
    assert np.array_equal(top_k(factors, k)[0][0], expected)


def test_minus_zero_ties_with_zero():
    scores = np.array([[-0.0, 0.0, -0.0]], np.float32)
    assert top_k(lambda users: scores[users], 3, user_idx=np.array([0]), n_items=3)[0].tolist() == [[0, 1, 2]]


def test_some_users_in_any_order_with_repetition():
    rng = np.random.default_rng(0)
    factors = integer_factors(rng, 30, 100, 3)
    exclude, _ = random_split(rng, 30, 100)
    everyone = top_k(factors, 5, exclude=exclude)
    wanted = np.array([29, 3, 3, 0])
    for scorer in (factors, factors.scores):
        some = top_k(scorer, 5, user_idx=wanted, exclude=exclude)
        assert np.array_equal(some[0], everyone[0][wanted])
        assert np.array_equal(some[1], everyone[1][wanted])


def test_scores_include_both_biases_as_lightfms_do():
    factors = Factors([[2.0]], [[3.0], [5.0]], [0.5], [0.25, 0.0])
    assert top_k(factors, 2)[1].tolist() == [[2 * 5 + 0.5, 2 * 3 + 0.25 + 0.5]]


def test_fewer_candidates_than_k_are_padded():
    factors = Factors([[1.0]], [[1.0], [2.0]], [7.0], [0.0, 0.0])
    items, scores = top_k(factors, 4, exclude=sparse.csr_matrix([[0.0, 1.0]]))
    assert items.tolist() == [[0, -1, -1, -1]]
    assert scores.tolist() == [[8.0, -np.inf, -np.inf, -np.inf]]


def test_a_models_own_scores_are_not_overwritten():
    scores = np.arange(6, dtype=np.float32).reshape(1, 6)
    top_k(lambda users: scores, 2, exclude=sparse.csr_matrix(np.ones((1, 6), np.float32)))
    assert scores.tolist() == [[0, 1, 2, 3, 4, 5]]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_that_are_not_finite_are_refused(bad):
    scores = np.zeros((1, 100), np.float32)
    scores[0, 99] = bad
    with pytest.raises(ScoreError, match="NaN or infinite"):
        top_k(lambda users: scores, 2, user_idx=np.array([0]), n_items=100)


def test_senseless_requests_are_refused():
    factors = integer_factors(np.random.default_rng(0), 2, 3, 2)
    with pytest.raises(SettingsError, match="k is at least 1"):
        top_k(factors, 0)
    with pytest.raises(DataError, match="outside 0 to 1"):
        top_k(factors, 1, user_idx=np.array([2]))
    with pytest.raises(DataError, match="exclude has shape"):
        top_k(factors, 1, exclude=sparse.csr_matrix((2, 4)))
    with pytest.raises(SettingsError, match="how many items"):
        top_k(factors.scores, 1)
    with pytest.raises(SettingsError, match="which users"):
        top_k(factors.scores, 1, n_items=3)
    with pytest.raises(SettingsError, match="threads"):
        top_k(factors, 1, threads=0)


def test_similar_items_are_ordered_by_cosine_without_the_item_itself():
    # angles from item 0: 0, 90, 45 and 180 degrees, and lengths that must not matter
    embeddings = np.array([[1, 0], [0, 9], [5, 5], [-0.1, 0]], np.float32)
    items, cosines = similar_items(embeddings, np.array([0, 3]), 3)
    assert items.tolist() == [[2, 1, 3], [1, 2, 0]]
    assert np.allclose(cosines, [[np.sqrt(0.5), 0, -1], [0, -np.sqrt(0.5), -1]], atol=1e-7)


def test_similar_items_equal_the_plain_cosine():
    rng = np.random.default_rng(1)
    embeddings = rng.normal(size=(400, 20)).astype(np.float32)
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -2)
    queries = np.array([5, 399, 5])
    items, scores = similar_items(embeddings, queries, 7)
    assert np.array_equal(items, np.argsort(-cosines[queries], axis=1)[:, :7])
    assert np.allclose(scores, -np.sort(-cosines[queries], axis=1)[:, :7], atol=1e-6)


def test_a_zero_embedding_is_similar_to_nothing_in_particular():
    items, cosines = similar_items(np.array([[0, 0], [1, 0], [0, 1]], np.float32), np.array([0]), 5)
    assert items.tolist() == [[1, 2, -1, -1, -1]]
    assert cosines[0, :2].tolist() == [0, 0]


@pytest.mark.parametrize("length", [1e20, 3e38, 1e-25, 1e-44])
@pytest.mark.filterwarnings("error")
def test_cosines_do_not_depend_on_lengths_whose_squares_leave_float32(length):
    directions = np.array([[1, 1], [1, -1], [1, 0]], np.float32)
    items, cosines = similar_items(np.float32(length) * directions, np.array([2]), 2)
    assert items.tolist() == [[0, 1]]
    assert np.allclose(cosines, np.sqrt(0.5))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.filterwarnings("error")
def test_embeddings_that_are_not_finite_are_refused(bad):
    with pytest.raises(ScoreError, match="NaN or infinite"):
        similar_items(np.array([[1, bad], [0, 1]]), np.array([1]), 1)


def test_no_neighbour_asked_for_none_given():
    items, cosines = similar_items(np.ones((1, 2)), np.array([0]), 0)
    assert (items.shape, items.dtype, cosines.shape, cosines.dtype) == ((1, 0), np.int32, (1, 0), np.float32)
    with pytest.raises(SettingsError, match="k is at least"):
        similar_items(np.ones((1, 2)), np.array([0]), -1)


def test_an_item_that_does_not_exist_is_refused():
    with pytest.raises(DataError, match="outside 0 to 2"):
        similar_items(np.eye(3), np.array([3]), 1)
