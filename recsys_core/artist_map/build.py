"""From a run's item vectors to a map, step by step, with progress and a way to stop."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.artist_map.agreement import seed_agreement, tag_agreement
from recsys_core.artist_map.artist_map import ArtistMap, MapCard, MapQuality
from recsys_core.artist_map.clusters import NO_CLUSTER, density_validity, find_clusters
from recsys_core.artist_map.describe import described
from recsys_core.artist_map.fuzzy_graph import fuzzy_graph
from recsys_core.artist_map.layout import lay_out
from recsys_core.artist_map.neighbours import nearest
from recsys_core.artist_map.principal import principal_components
from recsys_core.artist_map.progress import Watch
from recsys_core.artist_map.table import artist_table
from recsys_core.artist_map.tags import artist_tags
from recsys_core.artist_map.trust import fitting, trustworthiness
from recsys_core.artist_map.umap_learn import lay_out_by_umap_learn
from recsys_core.rng import MAX_SEED
from recsys_core.runs.manifest import versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy import sparse

    from recsys_core.artist_map.progress import Event
    from recsys_core.artist_map.settings import MapSettings
    from recsys_core.artist_map.tags import ArtistTags
    from recsys_core.artist_map.vectors import ItemVectors

CLUSTER_DIMENSIONS = 5
"""Clusters are sought in a UMAP of so many dimensions: docs/decisions.md has the measurements."""
OTHER_SEEDS = 2


def build_map(
    vectors: ItemVectors,
    settings: MapSettings,
    *,
    created: str,
    on_event: Callable[[Event], None] = lambda _event: None,
    should_stop: Callable[[], bool] = lambda: False,
    threads: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> ArtistMap:
    """Return the map of a run's artists; the same vectors and settings give the same bits.

    Parameters
    ----------
    created
        The time now, ISO 8601.
    on_event
        Called with JSON-ready dicts ``{"kind": "step", "step": ..., "share": ...}`` when one of
        :data:`recsys_core.artist_map.progress.STEPS` begins, and ``{"kind": "progress", ...}`` within the
        layouts with ``done`` and ``total`` passes; ``share`` of all work done rises from 0 to 1.
    should_stop
        Asked between all steps and after every pass of a layout.
    threads
        For neighbours and trustworthiness; layouts run on one, or a seed would not mean anything.

    Raises
    ------
    DataError
        If too few artists are left.
    CancelledError
        If ``should_stop`` says so.
    """
    settings = settings.checked()
    item_idx = vectors.checked(settings.min_listeners)
    watch = Watch(on_event, should_stop, clock, n_layouts=(settings.method != "pca") + 1 + OTHER_SEEDS)
    unit = vectors.unit(item_idx)
    watch.step("neighbours")
    graph = fuzzy_graph(*nearest(unit, settings.neighbours - 1, settings.metric, threads=threads))
    watch.step("picture")
    points = _picture(unit, graph, settings, watch)
    watch.step("clusters")
    space = _cluster_space(unit, graph, settings, settings.seed, watch)
    clusters = find_clusters(space, settings.min_cluster_size)
    watch.step("agreement")
    seeds = tuple((settings.seed + more) % (MAX_SEED + 1) for more in range(1, OTHER_SEEDS + 1))
    others = [
        find_clusters(_cluster_space(unit, graph, settings, seed, watch), settings.min_cluster_size).labels
        for seed in seeds
    ]
    watch.step("quality")
    tags = artist_tags(vectors.dataset, item_idx)
    quality = _quality(unit, points, space, clusters.labels, tags, threads)
    agreed = seed_agreement(clusters.labels, others)
    watch.step("names")
    names, listeners = vectors.dataset.names[item_idx], vectors.listeners[item_idx]
    card = MapCard(
        run_id=vectors.run_id,
        model=vectors.model,
        created=created,
        settings=settings,
        facts=vectors.facts(settings.min_listeners),
        quality=quality(seed_agreement=agreed, other_seeds=seeds),
        clusters=described(clusters.labels, points, unit, item_idx, names, listeners, tags),
        seconds=watch.finished(),
        versions=versions(),
    )
    return ArtistMap(card, artist_table(vectors, item_idx, points, clusters.labels, clusters.strengths))


def _picture(unit: np.ndarray, graph: sparse.csr_matrix, settings: MapSettings, watch: Watch) -> np.ndarray:
    start = principal_components(unit, 2)
    if settings.method == "pca":
        return start
    draw = lay_out if settings.method == "umap" else lay_out_by_umap_learn
    return draw(
        graph,
        start,
        epochs=settings.epochs,
        min_distance=settings.min_distance,
        seed=settings.seed,
        on_epoch=watch.passes(settings.epochs),
    )


def _cluster_space(
    unit: np.ndarray, graph: sparse.csr_matrix, settings: MapSettings, seed: int, watch: Watch
) -> np.ndarray:
    start = principal_components(unit, CLUSTER_DIMENSIONS)
    on_epoch = watch.passes(settings.epochs)
    return lay_out(graph, start, epochs=settings.epochs, min_distance=0.0, seed=seed, on_epoch=on_epoch)


def _quality(
    unit: np.ndarray,
    points: np.ndarray,
    space: np.ndarray,
    labels: np.ndarray,
    tags: ArtistTags | None,
    threads: int,
) -> Callable[..., MapQuality]:
    """Return the quality but for the agreement between seeds."""
    agreement, n_tagged = (None, 0) if tags is None else tag_agreement(labels, tags.main())
    return partial(
        MapQuality,
        trustworthiness=trustworthiness(unit, points, threads=threads),
        trust_neighbours=fitting(len(unit)),
        n_clusters=int(labels.max(initial=NO_CLUSTER)) + 1,
        unclustered=float((labels == NO_CLUSTER).mean()),
        density_validity=density_validity(space, labels),
        tag_agreement=agreement,
        n_tagged=n_tagged,
    )
