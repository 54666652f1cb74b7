"""From a published version to everything that is served from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_online.index.embedded import EmbeddedIndex
from recsys_online.index.versions import read_current, read_publication
from recsys_online.next_track import Contextual, Fallback, Indexed, Random, Session, StickyArtist, TopPop
from recsys_online.service import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np

    from recsys_online.catalogue import Catalogue
    from recsys_online.index.protocol import RecommendationIndex
    from recsys_online.next_track import NextTrackRecommender

RECOMMENDERS = (
    "random", "sticky-artist", "top-pop", "indexed", "indexed-sample", "contextual", "session",
)  # fmt: skip


def create_recommenders(catalogue: Catalogue, rng: np.random.Generator) -> dict[str, NextTrackRecommender]:
    """Return every recommender by name; a session without evidence is answered from the user's list."""
    indexed = Indexed(rng)
    made: dict[str, NextTrackRecommender] = {
        "random": Random(catalogue, rng),
        "sticky-artist": StickyArtist(catalogue, rng),
        "top-pop": TopPop(catalogue, rng),
        "indexed": indexed,
        "indexed-sample": Indexed(rng, order="sample", name="indexed-sample"),
        "contextual": Contextual(catalogue, rng),
        "session": Fallback(Session(catalogue, rng), indexed),
    }
    return made


def open_shelf(
    index_dir: Path,
    rng: np.random.Generator,
    redis_index: Callable[[Catalogue], RecommendationIndex] | None = None,
) -> Shelf | None:
    """Return what the current version below ``index_dir`` holds, None if nothing was published.

    ``redis_index`` makes the index that stands in for the folder's own lists.

    Raises
    ------
    DataError
        If the version is damaged.
    """
    version = read_current(index_dir)
    if not version:
        return None
    publication = read_publication(index_dir, version)
    catalogue = publication.catalogue()
    index = redis_index(catalogue) if redis_index else EmbeddedIndex(publication, version)
    return Shelf(catalogue, index, create_recommenders(catalogue, rng), Random(catalogue, rng), version)
