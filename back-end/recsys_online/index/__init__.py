"""Precomputed lists by user: a folder of arrays by default, Redis when configured."""

from recsys_online.index.embedded import EmbeddedIndex
from recsys_online.index.protocol import IndexUnavailableError, RecommendationIndex
from recsys_online.index.versions import Publication, publish, read_current

__all__ = [
    "EmbeddedIndex",
    "IndexUnavailableError",
    "Publication",
    "RecommendationIndex",
    "publish",
    "read_current",
]
