"""Re-ranking beside the slow, obvious way to do it, and what it may never do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.errors import SettingsError
from recsys_core.evaluation import evaluate
from recsys_core.listening.popularity_lists import baseline_lists, best_lists
from recsys_core.listening.popularity_rerank import METHODS, candidates, popularity_groups, rerank
from recsys_core.listening.popularity_tradeoff import STRENGTHS, cost, trade_off
from recsys_core.metrics.catalogue import gini
from recsys_core.models.registry import create_model
from recsys_core.splitting import PROTOCOLS, split
from tests.core.small_data import datasets, random_dataset


@pytest.fixture(scope="module")
def parts():
    return split(random_dataset(60, 50, 900), PROTOCOLS["all-pairs"])


@pytest.fixture(scope="module")
def model(parts):
    return create_model("svd", {"embedding_size": 8}).fit(parts.training)


@pytest.fixture(scope="module")
def chosen(parts, model):
    return candidates(best_lists(model.scorer, parts, length=30), parts)


def kl(p, q):
    return sum(a * np.log(a / (0.99 * b + 0.01 * a)) for a, b in zip(p, q, strict=True) if a > 0)


def greedy_by_hand(one, user, strength, k):
    """Steck's greedy selection, word by word: try every candidate left, keep the best."""
    picked = []
    for _ in range(k):
        best, best_value = None, -np.inf
        for at in range(one.item_idx.shape[1]):
            if at in picked or one.item_idx[user, at] < 0:
                continue
            trial = [*picked, at]
            shares = np.bincount(one.group[user, trial], minlength=3) / len(trial)
            value = (1 - strength) * one.relevance[user, trial].sum() - strength * kl(one.taste[user], shares)
            if value > best_value + 1e-9:
                best, best_value = at, value
        picked.append(best)
    return picked


@pytest.mark.parametrize("strength", [0.1, 0.5, 0.9])
def test_own_taste_is_the_greedy_choice_among_all_candidates(chosen, strength):
    found = rerank(chosen, "own-taste", strength, 8)
    for user in range(0, 60, 7):
        assert found[user].tolist() == greedy_by_hand(chosen, user, strength, 8)


@pytest.mark.parametrize("strength", [0.2, 0.7])
def test_the_penalty_is_a_plain_sort(chosen, strength):
    found = rerank(chosen, "penalty", strength, 5)
    for user in range(60):
        value = (1 - strength) * chosen.relevance[user] + strength * chosen.novelty[user]
        by_hand = sorted(range(30), key=lambda at, value=value: (-value[at], at))[:5]
        assert found[user].tolist() == by_hand


@pytest.mark.parametrize("method", METHODS)
def test_without_strength_the_model_decides(chosen, method):
    assert (rerank(chosen, method, 0.0, 7) == np.arange(7)).all()
    # and as good as without
    assert (rerank(chosen, method, 1e-15, 7) == np.arange(7)).all()


def test_at_full_strength_the_penalty_takes_the_least_known(chosen):
    found = np.take_along_axis(chosen.novelty, rerank(chosen, "penalty", 1.0, 5), axis=1)
    np.testing.assert_allclose(found, -np.sort(-chosen.novelty, axis=1)[:, :5])


def test_own_taste_brings_lists_nearer_to_the_taste(chosen):
    def distance(strength):
        positions = rerank(chosen, "own-taste", strength, 10)
        groups = np.take_along_axis(chosen.group, positions, axis=1)
        shares = np.stack([(groups == g).mean(axis=1) for g in range(3)], axis=1)
        return np.abs(shares - chosen.taste).sum(axis=1).mean()

    assert distance(0.9) < distance(0.5) < distance(0.0)


@given(st.data())
def test_lists_hold_different_items_of_the_candidates_and_nothing_else(draw):
    data = draw.draw(datasets(min_pairs=8))
    parts = split(data, PROTOCOLS["all-pairs"])
    one = candidates(baseline_lists(parts), parts)
    method, strength = draw.draw(st.sampled_from(METHODS)), draw.draw(st.floats(0, 1))
    k = draw.draw(st.integers(1, 14))
    items = one.items_at(rerank(one, method, strength, k))
    left = (one.item_idx >= 0).sum(axis=1)
    for user, row in enumerate(items):
        real = row[row >= 0]
        assert len(real) == len(set(real)) == min(left[user], k)
        assert set(real) <= set(one.item_idx[user])


def test_precision_is_that_of_the_evaluation(chosen, parts, model):
    report = evaluate(model, parts, ks=(5,))
    found = chosen.precision_at(rerank(chosen, "penalty", 0.0, 5))
    assert chosen.judged.tolist() == report.test.users.tolist()
    np.testing.assert_allclose(found, report.test.values["precision@5"])
    assert chosen.mean_precision(5) == pytest.approx(found.mean())


def test_what_is_held_out_does_not_decide(parts, model):
    """Whoever shuffles the test part gets the same lists."""
    lists = best_lists(model.scorer, parts, length=30)
    blind = candidates(lists, parts)
    blind.hit[:] = False
    for method in METHODS:
        before = rerank(candidates(lists, parts), method, 0.6, 9)
        assert (rerank(blind, method, 0.6, 9) == before).all()


def test_groups_hold_a_fifth_three_fifths_and_a_fifth_of_listening():
    assert popularity_groups(np.array([1, 10, 5, 2, 1, 1])).tolist() == [2, 0, 1, 1, 2, 2]
    listeners = np.random.default_rng(1).zipf(1.5, 500)
    groups = popularity_groups(listeners)
    order = np.argsort(-listeners, kind="stable")
    assert (np.diff(groups[order]) >= 0).all()
    assert listeners[groups == 2].sum() <= 0.2 * listeners.sum()


def test_what_makes_no_sense_is_refused(chosen):
    with pytest.raises(SettingsError, match="no re-ranking"):
        rerank(chosen, "magic", 0.5, 5)
    for strength in (-0.1, 1.1, np.nan):
        with pytest.raises(SettingsError, match="strength"):
            rerank(chosen, "penalty", strength, 5)


def test_the_curve_starts_as_trained_and_counts_by_hand(chosen):
    table = trade_off(chosen, 50, 5)
    assert len(table) == len(METHODS) * len(STRENGTHS)
    starts = table[table["strength"] == 0]
    assert starts["precision"].nunique() == 1
    row = table[(table["method"] == "penalty") & (table["strength"] == 0.5)].iloc[0]
    items = chosen.items_at(rerank(chosen, "penalty", 0.5, 5))
    assert row["items"] == len(set(items.ravel()))
    assert row["coverage"] == row["items"] / 50
    assert row["precision"] == pytest.approx(chosen.precision_at(rerank(chosen, "penalty", 0.5, 5)).mean())


def test_the_cost_is_the_mean_difference_with_its_interval(chosen):
    found = cost(chosen, 50, "penalty", 0.8, 5)
    assert found.change.mean == pytest.approx(found.precision - found.precision_before)
    assert found.change.low <= found.change.mean <= found.change.high
    items = chosen.items_at(rerank(chosen, "penalty", 0.8, 5))
    assert found.items == len(set(items.ravel()))
    assert found.items_before == len(set(chosen.item_idx[:, :5].ravel()))
    assert found.gini == pytest.approx(gini(np.bincount(items.ravel(), minlength=50)))
    assert found.n_judged == len(chosen.judged)
    assert cost(chosen, 50, "penalty", 0.8, 500).k == chosen.item_idx.shape[1], "no list is longer"
    same = cost(chosen, 50, "penalty", 0.0, 5)
    assert (same.change.low, same.change.mean, same.change.high) == (0, 0, 0)
