"""Metrics are functions of ranks: LightFM's own evaluation tests, arithmetic by hand, and slow twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightfm import LightFM, evaluation
from scipy import sparse
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

from recsys_core.errors import SettingsError
from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.ranking import Factors, Ranks, held_out_ranks
from tests.core.ranking.slow_twins import as_lightfm, integer_factors, random_split

DESCENDING = Factors([[1.0]], np.arange(10.0, 0, -1)[:, None], [0.0], np.zeros(10))
CONSTANT = Factors([[1.0]], np.ones((10, 1)), [0.0], np.zeros(10))


def one_user(factors, held_out, seen=(), ks=(3,), **kwargs):
    """The metrics of a lone listener as plain floats."""
    test, train = (sparse.lil_matrix((1, factors.n_items), dtype=np.float32) for _ in range(2))
    for matrix, items in ((test, held_out), (train, seen)):
        for item in items:
            matrix[0, item] = 1
    ranks = held_out_ranks(factors, test.tocsr(), train.tocsr(), **kwargs)
    return {name: values[0] for name, values in per_user_metrics(ranks, factors.n_items, ks).items()}


def ranks_of(*rows, n_train=0):
    """Ranks as given, user by user."""
    indptr = np.cumsum([0, *map(len, rows)])
    flat = np.array([rank for row in rows for rank in row], np.int32)
    return Ranks(flat, flat, indptr, np.full(len(rows), n_train, np.int32))


# ---- by hand -----------------------------------------------------------------------------------


def test_ten_items_in_descending_order():
    found = one_user(DESCENDING, {2, 4})
    assert found["precision@3"] == 1 / 3
    assert found["recall@3"] == 1 / 2
    assert found["auc"] == 1 - (2 + (4 - 1)) / 2 / 8
    assert found["mrr"] == 1 / 3
    assert found["map"] == (1 / 3 + 2 / 5) / 2
    assert found["ndcg@3"] == pytest.approx((1 / np.log2(4)) / (1 + 1 / np.log2(3)), rel=1e-15)


def test_seen_items_leave_the_ranking():
    found = one_user(DESCENDING, {2, 4}, seen={0, 1})
    assert found["precision@3"] == 2 / 3
    assert found["auc"] == pytest.approx(1 - (0 + (2 - 1)) / 2 / 6, rel=1e-15)


def test_a_hit_at_the_top_and_one_at_the_bottom():
    found = one_user(DESCENDING, {1, 2, 9})
    assert found["precision@3"] == 2 / 3
    assert found["recall@3"] == 2 / 3
    assert found["auc"] == pytest.approx(1 - (1 + (2 - 1) + (9 - 2)) / 3 / 7, rel=1e-15)
    assert found["mrr"] == 1 / 2
    assert one_user(DESCENDING, {1, 2, 9}, seen={4})["auc"] == pytest.approx(
        1 - (1 + 1 + 6) / 3 / 6, rel=1e-15
    )


@pytest.mark.parametrize(("held_out", "auc"), [({2, 4}, -0.0625), ({3}, 0.0), ({0, 1, 2}, -1 / 7)])
def test_constant_scores_are_worth_nothing_or_less_as_in_lightfm(held_out, auc):
    found = one_user(CONSTANT, held_out)
    assert found["auc"] == pytest.approx(auc, abs=1e-15)
    assert found["precision@3"] == found["recall@3"] == found["ndcg@3"] == 0
    assert found["mrr"] == 1 / 10


@pytest.mark.parametrize("held_out", [{2, 4}, {3}, {0, 1, 2}])
def test_constant_scores_are_a_coin_toss_when_ties_count_half(held_out):
    assert one_user(CONSTANT, held_out, ties="half")["auc"] == 0.5


def test_a_user_with_no_negative_left_has_auc_one():
    # LightFM divides zero by zero here
    assert one_user(DESCENDING, range(10))["auc"] == 1
    assert one_user(DESCENDING, {0, 1}, seen=range(2, 10))["auc"] == 1


def test_precision_divides_by_k_even_when_k_exceeds_the_catalogue():
    found = one_user(DESCENDING, {0}, ks=(20,))
    assert found["precision@20"] == 1 / 20
    assert found["recall@20"] == found["ndcg@20"] == 1


def test_users_without_held_out_items_are_dropped():
    found = per_user_metrics(ranks_of([], [0], [], [3]), 10, (1,))
    assert found["users"].tolist() == [1, 3]
    assert found["precision@1"].tolist() == [1, 0]


def test_nothing_held_out_at_all_gives_empty_metrics():
    found = per_user_metrics(ranks_of([], []), 10)
    assert all(len(values) == 0 for values in found.values())


def test_the_order_of_ranks_within_a_user_does_not_matter():
    one, other = (per_user_metrics(ranks_of(row), 10, (2, 5)) for row in ([7, 0, 3], [0, 3, 7]))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_several_k_are_each_what_they_are_alone():
    ranks = ranks_of([0, 5, 9], [2], [1, 30])
    together = per_user_metrics(ranks, 40, (1, 3, 10))
    for k in (1, 3, 10):
        alone = per_user_metrics(ranks, 40, (k,))
        assert all(np.array_equal(together[name], alone[name]) for name in alone)


def test_a_senseless_k_is_refused():
    with pytest.raises(SettingsError, match="k is at least 1"):
        per_user_metrics(ranks_of([0]), 10, (10, 0))


# ---- against others ----------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_every_metric_equals_its_textbook_or_scikit_learns_version(seed, k):
    rng = np.random.default_rng(seed)
    n_items = int(rng.integers(3, 40))
    held_out = rng.choice(n_items, rng.integers(1, n_items), replace=False)
    scores, relevant = -np.arange(n_items), np.isin(np.arange(n_items), held_out)
    found = {name: values[0] for name, values in per_user_metrics(ranks_of(held_out), n_items, (k,)).items()}
    assert found["auc"] == pytest.approx(roc_auc_score(relevant, scores))
    assert found["map"] == pytest.approx(average_precision_score(relevant, scores))
    assert found[f"ndcg@{k}"] == pytest.approx(ndcg_score([relevant], [scores], k=k))
    assert found[f"precision@{k}"] == sum(relevant[:k]) / k
    assert found[f"recall@{k}"] == sum(relevant[:k]) / sum(relevant)
    assert found["mrr"] == 1 / (1 + min(held_out))


@pytest.fixture(scope="module")
def fitted():
    """A LightFM model as in LightFM's own evaluation tests, its factors, and train and test matrices."""
    rng = np.random.default_rng(42)
    train, test = random_split(rng, 30, 100, density=0.1)
    model = LightFM(loss="bpr", random_state=10).fit(train, epochs=10)
    arrays = (model.user_embeddings, model.item_embeddings, model.user_biases, model.item_biases)
    return model, Factors(*arrays), train, test


@pytest.mark.parametrize("k", [10, 5, 1])
@pytest.mark.parametrize("with_train", [True, False])
def test_lightfms_own_precision_and_recall_tests(fitted, k, with_train):
    model, factors, train, test = fitted
    train = train if with_train else None
    found = per_user_metrics(held_out_ranks(factors, test, train), 100, (k,))
    assert np.allclose(found[f"precision@{k}"], evaluation.precision_at_k(model, test, train, k=k), atol=1e-6)
    assert np.allclose(found[f"recall@{k}"], evaluation.recall_at_k(model, test, train, k=k), atol=1e-6)
    assert len(found["users"]) == (test.getnnz(axis=1) > 0).sum()


@pytest.mark.parametrize("with_train", [True, False])
def test_lightfms_own_auc_and_reciprocal_rank_tests(fitted, with_train):
    model, factors, train, test = fitted
    train = train if with_train else None
    found = per_user_metrics(held_out_ranks(factors, test, train), 100)
    assert np.allclose(found["auc"], evaluation.auc_score(model, test, train), atol=1e-6)
    assert np.allclose(found["mrr"], evaluation.reciprocal_rank(model, test, train), atol=1e-6)


def test_lightfms_own_test_of_precision_with_ties():
    factors = Factors(np.zeros((30, 5)), np.zeros((100, 5)), np.zeros(30), np.zeros(100))
    _, test = random_split(np.random.default_rng(0), 30, 100)
    assert per_user_metrics(held_out_ranks(factors, test), 100)["precision@10"].max() == 0


def test_lightfms_own_test_of_ranks():
    rng = np.random.default_rng(0)
    factors = Factors(rng.random((5, 3)), rng.random((7, 3)), np.zeros(5), np.zeros(7))
    everything = sparse.csr_matrix(np.ones((5, 7), np.float32))
    ranks = held_out_ranks(factors, everything).ranks.reshape(5, 7)
    assert (np.sort(ranks, axis=1) == np.arange(7)).all()
    halves = sparse.csr_matrix(np.tile([1.0, 0, 1, 0, 1, 0, 1], (5, 1)))
    others = sparse.csr_matrix(np.tile([0.0, 1, 0, 1, 0, 1, 0], (5, 1)))
    assert held_out_ranks(factors, others, halves).ranks.max() == 7 - 1 - 4


@pytest.mark.parametrize("size", [1, 10, 65])
def test_every_user_equals_lightfm_on_whole_number_embeddings(size):
    rng = np.random.default_rng(size)
    factors = integer_factors(rng, 200, 1000, size)
    train, test = random_split(rng, 200, 1000, density=0.02)
    model = as_lightfm(factors)
    found = per_user_metrics(held_out_ranks(factors, test, train), 1000)
    # the differences left are LightFM's own: it adds float32 where we add float64
    assert np.abs(found["auc"] - evaluation.auc_score(model, test, train)).max() < 5e-7
    assert np.abs(found["precision@10"] - evaluation.precision_at_k(model, test, train)).max() < 1e-7
    assert np.abs(found["recall@10"] - evaluation.recall_at_k(model, test, train)).max() < 1e-7
    assert np.abs(found["mrr"] - evaluation.reciprocal_rank(model, test, train)).max() < 1e-7
