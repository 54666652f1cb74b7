"""The layout: its bits, its kin umap-learn, and how it is stopped."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.artist_map.fuzzy_graph import fuzzy_graph
from recsys_core.artist_map.layout import fitted_curve, lay_out
from recsys_core.artist_map.neighbours import nearest
from recsys_core.artist_map.principal import principal_components
from recsys_core.artist_map.trust import trustworthiness
from recsys_core.artist_map.umap_learn import lay_out_by_umap_learn
from recsys_core.errors import CancelledError
from recsys_core.ranking.similar import unit_rows


def islands(n_islands=4, size=30, d=8, seed=3):
    """Unit vectors around a few directions, and the island of each."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(n_islands, d))
    island = np.repeat(np.arange(n_islands), size)
    return unit_rows(middles[island] + 0.3 * rng.normal(size=(len(island), d))), island


VECTORS, ISLAND = islands()
GRAPH = fuzzy_graph(*nearest(VECTORS, 10))
LAYOUTS = [lay_out, pytest.param(lay_out_by_umap_learn, marks=pytest.mark.slow)]


def laid_out(layout, *, epochs=100, seed=1, d=2, **more):
    start = principal_components(VECTORS, d)
    return layout(GRAPH, start, epochs=epochs, min_distance=0.1, seed=seed, **more)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_seed_gives_the_same_bits_and_another_seed_others(layout):
    once, again, other = laid_out(layout), laid_out(layout), laid_out(layout, seed=2)
    assert once.tobytes() == again.tobytes()
    assert once.tobytes() != other.tobytes()
    assert once.dtype == np.float32


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("d", [2, 5])
def test_neighbours_stay_together(layout, d):
    points = laid_out(layout, d=d)
    gaps = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(gaps, np.inf)
    assert (ISLAND[gaps.argmin(axis=1)] == ISLAND).mean() > 0.99


@pytest.mark.slow
def test_it_is_as_true_as_umap_learn():
    ours, theirs = (
        np.mean([trustworthiness(VECTORS, laid_out(layout, seed=seed)) for seed in range(3)])
        for layout in (lay_out, lay_out_by_umap_learn)
    )
    assert ours > theirs - 0.005


@pytest.mark.slow
@pytest.mark.parametrize("min_distance", [0.0, 0.1, 0.5])
def test_the_curve_is_that_of_umap_learn(min_distance):
    laid_out(lay_out_by_umap_learn, epochs=10)  # imports it without its warnings
    from umap.umap_ import find_ab_params  # noqa: PLC0415

    np.testing.assert_allclose(fitted_curve(min_distance), find_ab_params(1.0, min_distance), rtol=1e-5)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_whoever_watches_may_stop_it_in_the_middle(layout):
    told = []

    def stop_soon(done):
        told.append(done)
        if done >= 5:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        laid_out(layout, epochs=2000, on_epoch=stop_soon)
    assert told[-1] < 2000


def test_every_pass_is_told():
    told = []
    laid_out(lay_out, epochs=12, on_epoch=told.append)
    assert told == list(range(1, 13))


def test_the_input_is_left_alone():
    before, start = GRAPH.copy(), principal_components(VECTORS)
    kept = start.copy()
    lay_out(GRAPH, start, epochs=5, min_distance=0.1, seed=0)
    assert (before != GRAPH).nnz == 0
    np.testing.assert_array_equal(start, kept)


# ---- principal components --------------------------------------------------------------------


def test_principal_components_are_those_of_the_singular_value_decomposition():
    centred = VECTORS - VECTORS.mean(axis=0)
    left, strengths, _ = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    points = principal_components(VECTORS, 3)
    np.testing.assert_allclose(np.abs(points), np.abs(left * strengths)[:, :3], atol=1e-4)
    assert points.tobytes() == principal_components(VECTORS, 3).tobytes()


def test_a_single_column_gives_a_line():
    points = principal_components(VECTORS[:, :1], 2)
    assert points.shape == (len(VECTORS), 2)
    assert not points[:, 1].any()
