"""Trained embeddings: sums in another order may swap a near-tie, no more. On Last.fm if it is there."""

from __future__ import annotations

import numpy as np
import pytest
from lightfm import LightFM, evaluation

from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.ranking import Factors, both_ranks, held_out_ranks, top_k
from tests.core.ranking.slow_twins import lightfm_ranks


@pytest.fixture(scope="module")
def matrices(large_split):
    return large_split.train.to_csr(binary=True), large_split.test.to_csr(binary=True)


@pytest.fixture(scope="module")
def model(large_split):
    return LightFM(loss="warp", no_components=10, random_state=42).fit(large_split.train.to_coo(), epochs=5)


@pytest.fixture(scope="module")
def factors(model):
    return Factors(model.user_embeddings, model.item_embeddings, model.user_biases, model.item_biases)


def test_only_near_ties_move_and_by_one_rank(model, factors, matrices):
    train, test = matrices
    difference = held_out_ranks(factors, test, train).ranks - lightfm_ranks(model, test, train)
    assert np.abs(difference).max() <= 1
    assert np.count_nonzero(difference) <= 30


def test_metrics_per_user_are_lightfms(model, factors, matrices):
    train, test = matrices
    found = per_user_metrics(held_out_ranks(factors, test, train), test.shape[1])
    assert np.abs(found["auc"] - evaluation.auc_score(model, test, train)).max() < 1e-4
    assert np.abs(found["precision@10"] - evaluation.precision_at_k(model, test, train)).mean() < 1e-4
    assert np.abs(found["recall@10"] - evaluation.recall_at_k(model, test, train)).mean() < 1e-4


def test_whole_number_embeddings_differ_in_no_rank(matrices):
    # thousands of ties on the real grid, and every sum exact
    train, test = matrices
    rng = np.random.default_rng(0)
    shapes = (test.shape[0], 10), (test.shape[1], 10), test.shape[0], test.shape[1]
    arrays = [rng.integers(-2, 3, shape).astype(np.float32) for shape in shapes]
    model = LightFM(no_components=10).fit(train, epochs=1)
    model.user_embeddings, model.item_embeddings, model.user_biases, model.item_biases = arrays
    train_ranks, test_ranks = both_ranks(Factors(*arrays), train, test, threads=2)
    assert np.array_equal(test_ranks.ranks, lightfm_ranks(model, test, train))
    assert np.array_equal(train_ranks.ranks, lightfm_ranks(model, train, None))


def test_the_best_ten_hold_as_many_hits_as_the_ranks_say(factors, matrices):
    train, test = matrices
    items, _ = top_k(factors, 10, exclude=train)
    rows = np.repeat(np.arange(len(items)), 10)
    hits = np.asarray(test[rows, items.ravel()]).reshape(len(items), 10).sum(axis=1)
    found = per_user_metrics(held_out_ranks(factors, test, train), test.shape[1])
    assert np.array_equal(hits[found["users"]], np.rint(10 * found["precision@10"]))
