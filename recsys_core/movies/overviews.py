"""Overviews as TF-IDF vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from recsys_core.movies.schema import MovieColumns
from recsys_core.movies.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.movies.schema import Movies


def overview_terms(movies: Movies) -> Terms:
    """Return the overviews of ``movies`` as :func:`tfidf` vectors."""
    return tfidf(movies.frame[MovieColumns.OVERVIEW])


def tfidf(texts: Iterable[str]) -> Terms:
    """Return TF-IDF vectors of length one, English stop words left out.

    scikit-learn's ``TfidfVectorizer(stop_words="english")``: ``tf (ln((1 + n) / (1 + df)) + 1)``, words of
    two letters or more in lower case. A text without such a word has an empty row.
    """
    vectorizer = TfidfVectorizer(stop_words="english", dtype=np.float32)
    documents = list(texts)
    try:
        matrix = vectorizer.fit_transform(documents)
    except ValueError:  # what it raises when no text has any word
        return Terms(sparse.csr_matrix((len(documents), 0), dtype=np.float32), np.array([], object))
    return Terms(matrix.tocsr(), vectorizer.get_feature_names_out())
