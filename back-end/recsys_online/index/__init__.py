"""Precomputed lists by user: a folder of arrays by default, Redis when configured."""

from recsys_online.index.embedded import EmbeddedIndex
from recsys_online.index.protocol import Found, IndexUnavailableError, RecommendationIndex
from recsys_online.index.publication import Publication
from recsys_online.index.versions import publish, read_current

__all__ = [
    "EmbeddedIndex",
    "Found",
    "IndexUnavailableError",
    "Publication",
    "RecommendationIndex",
    "publish",
    "read_current",
]
