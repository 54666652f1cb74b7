"""From a published version to everything that is served from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_online.index.embedded import EmbeddedIndex
from recsys_online.index.versions import read_publication
from recsys_online.next_track import Contextual, Fallback, Indexed, Random, Session, StickyArtist, TopPop
from recsys_online.service import Shelf
from recsys_online.variants import checked_settings, create_variant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np

    from recsys_online.catalogue import Catalogue
    from recsys_online.experiments.plan import Plan, Variant
    from recsys_online.index.protocol import RecommendationIndex
    from recsys_online.next_track import NextTrackRecommender

RECOMMENDERS = (
    "random", "sticky-artist", "top-pop", "indexed", "indexed-sample", "contextual", "session",
)  # fmt: skip


def create_recommenders(
    catalogue: Catalogue, rng: np.random.Generator, variants: Mapping[str, Variant] | None = None
) -> dict[str, NextTrackRecommender]:
    """Return every recommender by name; a session without evidence is answered from the user's list.

    Raises
    ------
    SettingsError
        If a variant's settings are wrong.
    """
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
    for name, variant in (variants or {}).items():
        made[name] = create_variant(name, variant, catalogue, rng)
    return made


def check_variants(plan: Plan) -> Plan:
    """Return ``plan`` if the settings of its recommenders are right, else raise SettingsError."""
    for name, variant in plan.recommenders.items():
        checked_settings(name, variant)
    return plan


def open_shelf(
    index_dir: Path,
    version: str,
    rng: np.random.Generator,
    variants: Mapping[str, Variant],
    redis_index: Callable[[Catalogue], RecommendationIndex] | None = None,
) -> Shelf:
    """Return what a published version below ``index_dir`` holds.

    ``redis_index`` makes the index that stands in for the folder's own lists.

    Raises
    ------
    DataError
        If the version is damaged.
    """
    publication = read_publication(index_dir, version)
    catalogue = publication.catalogue()
    index = redis_index(catalogue) if redis_index else EmbeddedIndex(publication, version)
    recommenders = create_recommenders(catalogue, rng, variants)
    return Shelf(catalogue, index, recommenders, Random(catalogue, rng), version)
