"""Reports: LightFM's semantics, equal to LightFM's own functions per user, means and intervals from them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightfm import LightFM
from lightfm.evaluation import auc_score, precision_at_k, recall_at_k, reciprocal_rank

from recsys_core.errors import NotFittedError, ScoreError, SettingsError
from recsys_core.evaluation import Evaluator, evaluate
from recsys_core.models.registry import create_model
from recsys_core.ranking import Factors
from recsys_core.splitting import PROTOCOLS, Protocol, split
from tests.core.small_data import dataset_of, random_dataset

KS = (1, 3, 10)


def integer_factors(shape, size, seed, high=3):
    """Factors of small whole numbers: float32 sums are exact in any order and ties abound."""
    rng = np.random.default_rng(seed)
    n_users, n_items = shape
    return Factors(
        rng.integers(-high, high, (n_users, size)).astype(np.float32),
        rng.integers(-high, high, (n_items, size)).astype(np.float32),
        rng.integers(-high, high, n_users).astype(np.float32),
        rng.integers(-high, high, n_items).astype(np.float32),
    )


def in_lightfm(factors):
    """Return LightFM's own model with these factors."""
    model = LightFM(no_components=factors.size)
    model.user_embeddings, model.item_embeddings = factors.user_embeddings, factors.item_embeddings
    model.user_biases, model.item_biases = factors.user_biases, factors.item_biases
    for name in ("user_embedding", "item_embedding", "user_bias", "item_bias"):
        values = getattr(model, f"{name}es" if name.endswith("bias") else f"{name}s")
        for what in ("gradients", "momentum"):
            setattr(model, f"{name}_{what}", np.zeros_like(values))
    return model


def lightfms_own(model, parts, part, k):
    """Yield each metric's name with one value per user, from ``lightfm.evaluation``."""
    train, test = (one.to_csr(binary=True) for one in (parts.train, parts.test))
    cells, known = (test, train) if part == "test" else (train, None)
    yield "auc", auc_score(model, cells, known, num_threads=2)
    yield f"precision@{k}", precision_at_k(model, cells, known, k=k, num_threads=2)
    yield f"recall@{k}", recall_at_k(model, cells, known, k=k, num_threads=2)
    yield "mrr", reciprocal_rank(model, cells, known, num_threads=2)


@pytest.mark.parametrize("k", KS)
@given(seed=st.integers(0, 999), size=st.integers(1, 6))
def test_equals_lightfm_per_user_on_exact_scores_full_of_ties(k, seed, size):
    parts = split(random_dataset(25, 15, 150, seed), Protocol(scaling="none", seed=seed))
    factors = integer_factors(parts.train.shape, size, seed)
    report = evaluate(factors, parts, ks=(k,))
    for part in ("test", "train"):
        for name, theirs in lightfms_own(in_lightfm(factors), parts, part, k):
            np.testing.assert_allclose(report.part(part).values[name], theirs, atol=3e-7, err_msg=name)


@pytest.mark.slow
def test_equals_lightfm_per_user_on_a_trained_model(large_split):
    """Sums in another order make a near-tie or two fall differently: AUC by 1e-5, never a hit in ten."""
    model = create_model("lightfm-warp").fit(large_split.training, epochs=10)
    report = evaluate(model, large_split)
    tolerance = {"auc": 2e-5, "mrr": 1e-6, "precision@10": 1e-7, "recall@10": 1e-7}
    for name, theirs in lightfms_own(in_lightfm(model.scorer), large_split, "test", 10):
        np.testing.assert_allclose(report.test.values[name], theirs, atol=tolerance[name], err_msg=name)


@pytest.mark.slow
def test_equals_lightfm_exactly_on_whole_number_scores_of_a_large_grid(large_split):
    factors = integer_factors(large_split.train.shape, 8, 0)
    report, model = evaluate(factors, large_split), in_lightfm(factors)
    for part in ("test", "train"):
        name, theirs = next(lightfms_own(model, large_split, part, 10))
        np.testing.assert_allclose(report.part(part).values[name], theirs, atol=5e-7)


def four_users():
    """Users 1 to 4 with five items; leave-one-out with one test item each."""
    cells = [(user, item) for user in (1, 2, 3, 4) for item in (1, 2, 3, 4, 5) if (user + item) % 4]
    return split(dataset_of(cells), Protocol(scaling="none", method="leave_k_out", held_out=1))


def test_a_model_that_knows_the_answers_is_perfect():
    parts = four_users()
    answers = parts.test.to_csr(binary=True).toarray()
    means = evaluate(lambda users: answers[users], parts, ks=(1,)).means()
    assert means == dict.fromkeys(means, 1)


def test_train_items_are_left_out_when_test_items_are_ranked():
    parts = four_users()
    train = parts.train.to_csr(binary=True).toarray()
    scores = 2 * train + parts.test.to_csr(binary=True).toarray()
    assert evaluate(lambda users: scores[users], parts, ks=(1,)).means()["precision@1"] == 1


def test_nothing_is_left_out_when_train_items_are_ranked():
    parts = four_users()
    test = parts.test.to_csr(binary=True).toarray()
    report = evaluate(lambda users: test[users], parts, ks=(1,))
    assert report.means("train")["precision@1"] == 0  # the held-out item stands before every train item


def test_ties_count_against_the_model():
    parts = four_users()
    constant = evaluate(lambda users: np.ones((len(users), 5), np.float32), parts, ks=(1,)).means()
    assert constant["precision@1"] == 0
    assert constant["auc"] <= 0


def test_precision_divides_by_k_even_where_there_are_fewer_items():
    parts = four_users()
    answers = parts.test.to_csr(binary=True).toarray()
    means = evaluate(lambda users: answers[users], parts, ks=(1, 3)).means()
    assert means["precision@3"] == pytest.approx(1 / 3)
    assert means["recall@3"] == 1


def test_users_without_held_out_items_are_dropped():
    parts = split(dataset_of([(1, 1), (2, 1), (2, 2), (3, 1), (3, 3)]), PROTOCOLS["leave-k-out"])
    report = evaluate(integer_factors(parts.train.shape, 2, 0), parts)
    assert report.test.users.tolist() == [1, 2]
    assert report.train.users.tolist() == [0, 1, 2]


def test_means_and_intervals_are_of_the_same_users():
    parts = split(random_dataset(), PROTOCOLS["all-pairs"])
    report = evaluate(create_model("svd").fit(parts.training), parts, ks=(1, 5))
    for part in ("test", "train"):
        intervals = report.intervals(part)
        assert {name: one.mean for name, one in intervals.items()} == pytest.approx(report.means(part))
        assert all(one.low <= one.mean <= one.high for one in intervals.values())


def test_one_evaluator_judges_many_models_and_threads_change_nothing():
    parts = split(random_dataset(), PROTOCOLS["all-pairs"])
    judge, threaded = Evaluator(parts), Evaluator(parts, threads=3)
    for seed in range(3):
        factors = integer_factors(parts.train.shape, 4, seed)
        assert judge.evaluate(factors).means() == threaded.evaluate(factors).means()


def test_a_score_that_is_not_finite_is_an_error_and_not_perfect():
    parts = four_users()
    with pytest.raises(ScoreError, match="NaN or infinite"):
        evaluate(lambda users: np.full((len(users), 5), np.nan, np.float32), parts)


def test_a_list_length_below_one_is_refused():
    with pytest.raises(SettingsError, match="k is at least 1"):
        evaluate(integer_factors((4, 5), 2, 0), four_users(), ks=(0,))


def test_an_untrained_model_cannot_be_judged():
    with pytest.raises(NotFittedError, match="has not been trained"):
        evaluate(create_model("svd"), four_users())
