"""Exact nearest rows of a sparse matrix through an inverted index; never all pairs at once."""

from recsys_core.movies.text_index.index import InvertedIndex
from recsys_core.movies.text_index.warm_up import warm_up

__all__ = ["InvertedIndex", "warm_up"]
