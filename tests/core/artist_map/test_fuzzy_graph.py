"""The graph of neighbours: that of umap-learn, and what must hold of any."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.artist_map.fuzzy_graph import fuzzy_graph
from recsys_core.artist_map.neighbours import nearest
from recsys_core.ranking.similar import unit_rows


def vectors_of(n=200, d=8, seed=0):
    return unit_rows(np.random.default_rng(seed).normal(size=(n, d)))


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_it_is_the_graph_of_umap_learn(metric):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from umap.umap_ import fuzzy_simplicial_set  # noqa: PLC0415
    vectors, k = vectors_of(), 15
    found = nearest(vectors, k - 1, metric)
    own = np.arange(len(vectors))[:, None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs, _, _ = fuzzy_simplicial_set(
            vectors,
            k,
            np.random.RandomState(0),
            metric,
            knn_indices=np.hstack([own, found.positions]).astype(np.int32),
            knn_dists=np.hstack([np.zeros(own.shape), found.distances]).astype(np.float32),
        )
    ours = fuzzy_graph(*found)
    np.testing.assert_allclose(ours.toarray(), theirs.toarray(), atol=2e-4)


@given(st.integers(0, 2**31), st.integers(4, 40), st.integers(1, 6))
def test_memberships_are_symmetric_and_the_nearest_is_a_full_member(seed, n, k):
    found = nearest(vectors_of(n, 3, seed), k)
    graph = fuzzy_graph(*found)
    dense = graph.toarray()
    np.testing.assert_array_equal(dense, dense.T)
    assert (graph.data > 0).all()
    assert graph.data.max() <= 1
    np.testing.assert_allclose(dense[np.arange(n), found.positions[:, 0]], 1, atol=1e-6)


def test_copies_of_one_artist_do_not_break_it():
    vectors = np.repeat(vectors_of(3, 4), 10, axis=0)
    graph = fuzzy_graph(*nearest(vectors, 8))
    assert np.isfinite(graph.data).all()


def test_neighbours_are_those_of_a_full_table_of_distances():
    vectors = vectors_of(60, 5)
    found = nearest(vectors, 7, "euclidean")
    apart = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    np.testing.assert_array_equal(found.positions, np.argsort(apart, axis=1)[:, :7])
    np.testing.assert_allclose(found.distances, np.sort(apart, axis=1)[:, :7], atol=1e-3)
    assert nearest(vectors, 100).positions.shape == (60, 59)
