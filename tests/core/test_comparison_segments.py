"""Parts of listeners and catalogue, both tie rules, and what lists are like, each against slow twins."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from recsys_core.comparison import ComparisonRequest
from recsys_core.comparison import compare as compare_models
from recsys_core.comparison.beyond_accuracy import lists_table
from recsys_core.comparison.segments import (
    ARTISTS,
    LISTENERS,
    artist_segments,
    artists_table,
    listener_segments,
    listeners_table,
)
from recsys_core.comparison.ties import ties_table, verdict_depends_on_ties
from recsys_core.metrics.diversity import list_diversity
from recsys_core.splitting import PROTOCOLS, split
from tests.core.small_data import random_dataset

NOW = "2026-11-23T10:00:00+00:00"


@cache
def compared():
    """Data with artists that only the test part knows, its split, and runs on it."""
    data = random_dataset(60, 120, 700)
    request = ComparisonRequest(models=("svd", "lightfm-warp"), protocol=PROTOCOLS["all-pairs"], epochs=2)
    return split(data, request.protocol), compare_models(data, request, created=NOW)


def test_listeners_are_thirds_by_what_they_played():
    parts, _ = compared()
    segments = listener_segments(parts)
    assert np.bincount(segments).tolist() == [20, 20, 20]
    plays = np.zeros(60)
    for user, item in zip(parts.train.user_idx, parts.train.item_idx, strict=True):
        rows = parts.dataset.interactions
        plays[user] += rows.weights[(rows.user_idx == user) & (rows.item_idx == item)][0]
    assert plays[segments == 0].max() <= plays[segments == 1].min()
    assert plays[segments == 1].max() <= plays[segments == 2].min()


def test_artists_are_thirds_of_all_train_pairs_and_the_unheard():
    parts, _ = compared()
    segments = artist_segments(parts)
    listeners = np.bincount(parts.train.item_idx, minlength=120)
    assert (segments[listeners == 0] == ARTISTS.index("cold")).all()
    assert (listeners[segments == ARTISTS.index("cold")] == 0).all()
    held = [listeners[segments == at].sum() for at in range(3)]
    assert sum(held) == len(parts.train)
    assert max(held) - min(held) <= 2 * listeners.max()
    assert listeners[segments == 0].min() >= listeners[segments == 1].max()


def test_segments_of_listeners_are_means_of_their_stored_values():
    parts, runs = compared()
    table = listeners_table(runs, parts)
    segments = listener_segments(parts)
    stored = runs[1].per_user
    test = stored[stored["part"] == "test"]
    for at, name in enumerate(LISTENERS):
        users = parts.dataset.users.ids[segments == at]
        own = test[test["user_id"].isin(users)]
        row = table[(table["model"] == "svd") & (table["segment"] == name) & (table["metric"] == "auc")]
        assert row["mean"].item() == pytest.approx(own["auc"].mean())
        assert row["n"].item() == len(own)
        assert row["low"].item() <= row["mean"].item() <= row["high"].item()
    assert set(table["metric"]) == {"auc", "mrr", "map", "precision@10", "recall@10", "ndcg@10"}


def slow_artists(parts, run, k):
    """Return segment -> user -> (AUC, hit) of each held-out artist, straight from the definition."""
    scores = run.model(parts.training).scores(np.arange(60))
    train, test = (one.to_csr(binary=True).toarray() > 0 for one in (parts.train, parts.test))
    segments, found = artist_segments(parts), {name: {} for name in ARTISTS}
    for user in range(60):
        negatives = scores[user][~train[user] & ~test[user]]
        unseen = np.flatnonzero(~train[user])
        for item in np.flatnonzero(test[user]):
            above = sum(scores[user][other] >= scores[user][item] for other in unseen if other != item)
            auc = 1 - (negatives >= scores[user][item]).mean()
            found[ARTISTS[segments[item]]].setdefault(user, []).append((auc, above < k))
    return found


def test_segments_of_artists_are_what_the_definition_says():
    parts, runs = compared()
    table = artists_table(runs, parts, k=5)
    run = runs[2]  # factors without ties
    for name, users in slow_artists(parts, run, 5).items():
        rows = table[(table["model"] == "lightfm-warp") & (table["segment"] == name)].set_index("metric")
        assert rows["n_pairs"].tolist() == [sum(map(len, users.values()))] * 2
        assert rows["n"].tolist() == [len(users)] * 2
        by_user = np.array([np.mean(pairs, axis=0) for pairs in users.values()])
        assert rows.loc["auc", "mean"] == pytest.approx(by_user[:, 0].mean(), abs=0.02)
        assert rows.loc["recall@5", "mean"] == pytest.approx(by_user[:, 1].mean())


def test_no_model_by_ids_finds_what_nobody_heard():
    parts, runs = compared()
    table = artists_table(runs, parts)
    cold = table[(table["segment"] == "cold") & (table["metric"] == "recall@10")].set_index("model")
    assert cold["n_pairs"].iloc[0] > 0
    assert cold.loc["svd", "mean"] == 0


# ---- ties ------------------------------------------------------------------------------------


def test_half_counted_ties_are_never_worse_and_help_those_who_tie():
    parts, runs = compared()
    table = ties_table(runs, parts).set_index("model")
    assert (table["difference"] >= -1e-12).all()
    assert table.loc["popularity", "difference"] > 0.01
    stored = {run.manifest.model: run.manifest.metrics["test"]["auc"]["mean"] for run in runs}
    assert table["pessimistic"].to_dict() == pytest.approx(stored)


def test_a_verdict_that_depends_on_the_rule_is_told():
    parts, runs = compared()
    table = ties_table(runs, parts, "precision@5")
    order = table.sort_values("half", ascending=False)["model"].tolist()
    assert verdict_depends_on_ties(table) == (order != table["model"].tolist())
    swapped = table.assign(place_half=table["place_half"].to_numpy()[::-1])
    assert verdict_depends_on_ties(swapped)


# ---- lists -----------------------------------------------------------------------------------


def test_diversity_is_one_minus_the_mean_cosine_of_pairs():
    rng = np.random.default_rng(0)
    listening = sparse.csr_matrix(rng.random((30, 12)) < 0.3)
    lists = np.array([[0, 1, 2], [3, 4, -1], [5, -1, -1], [7, 8, 9]])
    dense = listening.toarray().astype(float)
    for row, found in zip(lists, list_diversity(lists, listening), strict=True):
        items = row[row >= 0]
        cosines = [
            dense[:, a] @ dense[:, b] / (np.linalg.norm(dense[:, a]) * np.linalg.norm(dense[:, b]))
            for a, b in combinations(items, 2)
        ]
        assert found == pytest.approx(1 - np.mean(cosines)) if cosines else np.isnan(found)


def test_equal_items_are_not_diverse_and_unheard_ones_are_like_nothing():
    listening = sparse.csr_matrix(np.array([[1, 1, 0, 0], [1, 1, 0, 0]]))
    assert list_diversity(np.array([[0, 1], [0, 2], [2, 3]]), listening) == pytest.approx([0, 1, 1])
    assert list_diversity(np.empty((0, 3), int), listening).shape == (0,)


def test_what_lists_are_like():
    parts, runs = compared()
    table = lists_table(runs, parts, k=5).set_index("model")
    assert table.loc["popularity", "popularity"] == table["popularity"].max()
    assert table.loc["popularity", "coverage"] < table.loc["lightfm-warp", "coverage"]
    lists = [
        set(runs[0].model(parts.training).recommend([user], 5)["item_id"]) for user in parts.dataset.users.ids
    ]
    assert table.loc["popularity", "coverage"] == pytest.approx(len(set.union(*lists)) / 120)
    assert (table["n_lists"] == 60).all()
    assert table["diversity"].between(0, 1).all()
