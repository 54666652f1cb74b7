"""The two pictures that ``benchmarks.maps`` compares, importing only what each needs."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

SEED = 42
NEIGHBOURS, MIN_DISTANCE, PASSES = 15, 0.1, 200  # umap-learn's own defaults for so many points


def ours(vectors: np.ndarray) -> np.ndarray:
    """The picture as the dashboard makes it."""
    from recsys_core.artist_map.fuzzy_graph import fuzzy_graph  # noqa: PLC0415
    from recsys_core.artist_map.layout import lay_out  # noqa: PLC0415
    from recsys_core.artist_map.neighbours import nearest  # noqa: PLC0415
    from recsys_core.artist_map.principal import principal_components  # noqa: PLC0415

    graph = fuzzy_graph(*nearest(vectors, NEIGHBOURS - 1))
    start = principal_components(vectors)
    return lay_out(graph, start, epochs=PASSES, min_distance=MIN_DISTANCE, seed=SEED)


def theirs(vectors: np.ndarray, dimensions: int = 2, seed: int = SEED) -> np.ndarray:
    """The picture as umap-learn makes it when only metric, seed and dimensions are given."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from umap import UMAP  # noqa: PLC0415

        return UMAP(n_components=dimensions, metric="cosine", random_state=seed).fit_transform(vectors)
