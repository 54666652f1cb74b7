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
from recsys_core.artist_map.layouts import lay_out_all
from recsys_core.artist_map.neighbours import nearest
from recsys_core.artist_map.progress import Watch
from recsys_core.artist_map.table import artist_table
from recsys_core.artist_map.tags import artist_tags
from recsys_core.artist_map.trust import fitting, trustworthiness
from recsys_core.rng import MAX_SEED
from recsys_core.runs.manifest import versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_core.artist_map.progress import Event
    from recsys_core.artist_map.settings import MapSettings
    from recsys_core.artist_map.tags import ArtistTags
    from recsys_core.artist_map.vectors import ItemVectors

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
        Asked between all steps and after every pass of a layout, by several threads if there are.
    threads
        For neighbours and trustworthiness, and for as many layouts at once; the bits do not depend on it.

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
    watch.step("layouts")
    seeds = tuple((settings.seed + more) % (MAX_SEED + 1) for more in range(OTHER_SEEDS + 1))
    points, spaces = lay_out_all(unit, graph, settings, seeds, watch, threads=threads)
    watch.step("clusters")
    clusters = find_clusters(spaces[0], settings.min_cluster_size)
    watch.step("agreement")
    others = [find_clusters(space, settings.min_cluster_size).labels for space in spaces[1:]]
    agreed = seed_agreement(clusters.labels, others)
    watch.step("quality")
    tags = artist_tags(vectors.dataset, item_idx)
    quality = _quality(unit, points, spaces[0], clusters.labels, tags, threads)
    watch.step("names")
    names, listeners = vectors.dataset.names[item_idx], vectors.listeners[item_idx]
    card = MapCard(
        run_id=vectors.run_id,
        model=vectors.model,
        created=created,
        settings=settings,
        facts=vectors.facts(settings.min_listeners),
        quality=quality(seed_agreement=agreed, other_seeds=seeds[1:]),
        clusters=described(clusters.labels, points, unit, item_idx, names, listeners, tags),
        seconds=watch.finished(),
        versions=versions(),
    )
    return ArtistMap(card, artist_table(vectors, item_idx, points, clusters.labels, clusters.strengths))


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
