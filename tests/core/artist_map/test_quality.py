"""The figures beside a map, each against a slow or a foreign twin."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.spatial import procrustes
from sklearn.manifold import trustworthiness as trustworthiness_of_sklearn

from recsys_core.artist_map.agreement import seed_agreement, tag_agreement
from recsys_core.artist_map.alignment import aligned
from recsys_core.artist_map.clusters import density_validity, find_clusters, medoids, typical_members
from recsys_core.artist_map.describe import unique_names
from recsys_core.artist_map.distinctive import distinctive_weights, distinctive_words
from recsys_core.artist_map.trust import fitting, trustworthiness
from recsys_core.ranking.similar import unit_rows

# ---- trustworthiness -------------------------------------------------------------------------


@given(st.integers(0, 2**31), st.integers(12, 80), st.integers(1, 5))
def test_trustworthiness_is_that_of_scikit_learn(seed, n, k):
    rng = np.random.default_rng(seed)
    vectors, points = unit_rows(rng.normal(size=(n, 6))), rng.normal(size=(n, 2))
    theirs = trustworthiness_of_sklearn(vectors.astype(np.float64), points, n_neighbors=k, metric="cosine")
    assert trustworthiness(vectors, points, k) == pytest.approx(theirs, abs=1e-6)


def test_a_faithful_picture_is_1_and_a_random_one_about_a_half():
    rng = np.random.default_rng(1)
    angles = rng.uniform(0, 2 * np.pi, 400)
    circle = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    assert trustworthiness(circle, circle) > 0.9999
    assert trustworthiness(circle, rng.normal(size=(400, 2))) == pytest.approx(0.5, abs=0.05)


def test_points_on_one_spot_and_few_points_are_no_trouble():
    vectors = unit_rows(np.random.default_rng(2).normal(size=(30, 4)))
    assert 0 <= trustworthiness(vectors, np.zeros((30, 2))) <= 1
    assert fitting(10) == 4
    assert fitting(1000) == 15


def test_no_table_of_all_distances_is_ever_in_memory():
    n = 4000
    vectors = unit_rows(np.random.default_rng(3).normal(size=(n, 8)))
    points = vectors[:, :2].copy()
    trustworthiness(vectors[:50], points[:50])
    tracemalloc.start()
    trustworthiness(vectors, points)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * n * n / 4


# ---- clusters --------------------------------------------------------------------------------


def heaps(sizes, seed=0):
    rng = np.random.default_rng(seed)
    middles = 20.0 * np.arange(len(sizes))
    return np.concatenate([rng.normal(size=(size, 3)) + at for at, size in zip(middles, sizes, strict=True)])


def test_heaps_are_found_the_largest_first():
    found = find_clusters(heaps([30, 60, 40, 50]), 10)
    assert found.n == 4
    sizes = np.bincount(found.labels[found.labels >= 0])
    assert list(sizes) == sorted(sizes, reverse=True)
    assert set(found.labels[30:90]) <= {0, -1}
    assert found.strengths[found.labels < 0].max(initial=0) == 0
    again = find_clusters(heaps([30, 60, 40, 50]), 10)
    np.testing.assert_array_equal(found.labels, again.labels)


def test_no_group_holds_nearly_everybody():
    found = find_clusters(np.random.default_rng(0).normal(size=(300, 2)), 10)
    assert np.bincount(found.labels[found.labels >= 0], minlength=1).max() <= 0.4 * 300


def test_validity_tells_heaps_from_a_fog():
    points = heaps([40, 40])
    labels = np.repeat([0, 1], 40)
    assert density_validity(points, labels) > 0.5
    assert density_validity(points, np.random.default_rng(0).permutation(labels)) < 0
    assert density_validity(points, np.zeros(80, int)) is None
    assert density_validity(points, np.full(80, -1)) is None


def test_typical_members_have_the_highest_mean_cosine_among_the_better_known():
    rng = np.random.default_rng(5)
    vectors, labels = unit_rows(rng.normal(size=(40, 4)) + 1), np.repeat([0, 1, -1], [20, 15, 5])
    listeners = rng.permutation(40)
    typical = typical_members(vectors, labels, listeners, 3)
    for group in (0, 1):
        members = np.flatnonzero(labels == group)
        known = [one for one in members if listeners[one] >= np.median(listeners[members])]
        slow = sorted(known, key=lambda one: -np.mean([vectors[one] @ vectors[other] for other in members]))
        assert list(typical[group]) == slow[:3]


def test_a_medoid_is_a_member_near_the_middle():
    points = np.array([[0, 0], [1, 0], [9, 0], [5, 5], [5, 6]], float)
    assert list(medoids(points, np.array([0, 0, 0, 1, -1]))) == [1, 3]


# ---- agreement -------------------------------------------------------------------------------


def test_the_same_groups_under_other_numbers_agree_fully():
    labels = np.array([0, 0, 1, 1, -1, -1])
    assert seed_agreement(labels, [labels, 5 - labels]) == (1.0, 1.0)


def test_tags_count_where_both_are_known():
    labels, tags = np.array([0, 0, 1, 1, -1, 0]), np.array([7, 7, 9, 9, 7, -1])
    assert tag_agreement(labels, tags) == (pytest.approx(1), 4)
    assert tag_agreement(labels, np.full(6, -1)) == (None, 0)
    assert tag_agreement(labels, np.full(6, 3)) == (None, 5)


# ---- names -----------------------------------------------------------------------------------


def slow_weights(counts, labels):
    """Class-based TF-IDF word by word, group by group."""
    groups = range(max(labels) + 1)
    words = range(len(counts[0]))
    total = {
        (g, w): sum(row[w] for row, label in zip(counts, labels, strict=True) if label == g)
        for g in groups
        for w in words
    }
    size = {g: sum(total[g, w] for w in words) for g in groups}
    mean = sum(size.values()) / len(size)
    everywhere = {w: sum(total[g, w] for g in groups) for w in words}
    return [
        [total[g, w] / max(size[g], 1) * np.log(1 + mean / max(everywhere[w], 1)) for w in words]
        for g in groups
    ]


@given(st.integers(0, 2**31))
def test_distinctive_weights_are_those_of_the_formula(seed):
    rng = np.random.default_rng(seed)
    counts, labels = rng.poisson(0.7, size=(12, 6)), rng.integers(-1, 3, 12)
    labels[:3] = [0, 1, 2]
    fast = distinctive_weights(sparse.csr_matrix(counts), labels)
    np.testing.assert_allclose(fast, slow_weights(counts.tolist(), labels.tolist()), atol=1e-12)


def test_a_word_everybody_has_is_not_distinctive():
    counts = sparse.csr_matrix([[9, 5, 0], [9, 0, 5], [9, 0, 0]])
    words = distinctive_words(counts, np.array([0, 1, -1]), ("seen live", "folk", "metal"), 1)
    assert words == [("folk",), ("metal",)]
    assert distinctive_words(sparse.csr_matrix((2, 3)), np.array([0, 1]), ("a", "b", "c")) == [(), ()]


def test_no_two_groups_share_a_name():
    names = unique_names([("pop",), ("pop", "dance"), ("pop",), ("pop", "dance"), ()])
    assert len(set(names)) == 5


# ---- alignment -------------------------------------------------------------------------------


@given(st.integers(0, 2**31), st.integers(4, 30))
def test_alignment_leaves_over_what_scipy_leaves_over(seed, n):
    rng = np.random.default_rng(seed)
    one, other = rng.normal(size=(n, 2)), rng.normal(size=(n, 2))
    _, _, theirs = procrustes(other, one)
    ours = aligned(one, np.arange(n), other, np.arange(n))
    assert ours.disparity == pytest.approx(theirs, abs=1e-6)
    left = ((ours.points - other) ** 2).sum() / ((other - other.mean(axis=0)) ** 2).sum()
    assert left == pytest.approx(theirs, abs=1e-4)


def test_a_map_turned_mirrored_and_scaled_is_found_again():
    rng = np.random.default_rng(4)
    points = rng.normal(size=(20, 2)).astype(np.float32)
    turn = np.array([[0.6, 0.8], [0.8, -0.6]])
    items = rng.permutation(20)
    found = aligned((points @ turn * 3 + 7)[items], items, points, np.arange(20))
    np.testing.assert_allclose(found.points, points[items], atol=1e-4)
    assert found.disparity == pytest.approx(0, abs=1e-6)
    assert found.n_common == 20


def test_only_artists_on_both_maps_decide_and_too_few_decide_nothing():
    points = np.random.default_rng(6).normal(size=(10, 2))
    found = aligned(points, np.arange(10), points[5:] + 3, np.arange(5, 10))
    np.testing.assert_allclose(found.points, points + 3, atol=1e-4)
    alone = aligned(points, np.arange(10), points, np.arange(100, 110))
    assert (alone.disparity, alone.n_common) == (1.0, 0)
    np.testing.assert_allclose(alone.points, points, atol=1e-6)
