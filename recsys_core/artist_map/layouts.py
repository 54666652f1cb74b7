"""All layouts of a map: the picture, and the spaces in which groups are sought, side by side on threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from recsys_core.artist_map.layout import lay_out
from recsys_core.artist_map.principal import principal_components
from recsys_core.artist_map.umap_learn import lay_out_by_umap_learn

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

    from recsys_core.artist_map.progress import Watch
    from recsys_core.artist_map.settings import MapSettings

CLUSTER_DIMENSIONS = 5
"""Clusters are sought in a UMAP of so many dimensions: docs/decisions.md has the measurements."""


class Layouts(NamedTuple):
    """The picture, float32 ``(n, 2)``, and a space for each seed, float32 ``(n, CLUSTER_DIMENSIONS)``."""

    picture: np.ndarray
    spaces: list[np.ndarray]


def lay_out_all(
    unit: np.ndarray,
    graph: sparse.csr_matrix,
    settings: MapSettings,
    seeds: tuple[int, ...],
    watch: Watch,
    *,
    threads: int = 1,
) -> Layouts:
    """Return the picture of ``settings`` and the spaces of ``seeds``.

    Each layout runs on one thread from its own seed: how many run at once changes no bit.

    Raises
    ------
    CancelledError
        If ``watch`` is told to stop; within a pass of every layout under way.
    """
    start = principal_components(unit, CLUSTER_DIMENSIONS)
    with ThreadPoolExecutor(threads, thread_name_prefix="layout") as pool:
        picture = pool.submit(_picture, unit, graph, settings, watch)
        spaces = [pool.submit(_space, start, graph, settings, seed, watch) for seed in seeds]
        try:
            return Layouts(picture.result(), [one.result() for one in spaces])
        except BaseException:
            watch.stop()  # the others must not go on while the pool waits for them
            raise


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


def _space(
    start: np.ndarray, graph: sparse.csr_matrix, settings: MapSettings, seed: int, watch: Watch
) -> np.ndarray:
    on_epoch = watch.passes(settings.epochs)
    return lay_out(graph, start, epochs=settings.epochs, min_distance=0.0, seed=seed, on_epoch=on_epoch)
