"""Films similar by what is written about them: the words of the overview, the soup, or both."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from scipy import sparse

from recsys_core.errors import SettingsError
from recsys_core.movies.checks import checked_share
from recsys_core.movies.overviews import overview_terms
from recsys_core.movies.similarity import NOTHING, Reason, SimilarityModel
from recsys_core.movies.soup import soup_of, soup_terms
from recsys_core.movies.text_index import InvertedIndex

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies

Method = Literal["overview", "soup", "both"]
METHODS: tuple[str, ...] = get_args(Method)


class FilmTexts:
    """The term vectors of a catalogue and their index: made once, shared by all content models.

    One index holds the words of the overviews and, beside them, the terms of the soup; a method is a
    choice of weights for the asking film.
    """

    def __init__(self, movies: Movies) -> None:
        self.movies = movies
        self.overview, self.soup = overview_terms(movies), soup_terms(movies)
        both = sparse.hstack([self.overview.matrix, self.soup.matrix], format="csr", dtype=np.float32)
        self.index = InvertedIndex(both)

    @property
    def n_words(self) -> int:
        """Number of columns of the index that are words of overviews; those of the soup follow."""
        return len(self.overview.names)

    @cached_property
    def present(self) -> np.ndarray:
        """Which films have words, and which have a soup, bool ``(n_films, 2)``."""
        return np.column_stack([self.overview.present, self.soup.present])


class ContentModel(SimilarityModel):
    """Cosine of overviews (TF-IDF), of soups (counts), or ``weight`` of the first and the rest of the second.

    A film whose overview is empty is compared by its soup, and the other way round; :meth:`used_for` tells.

    Raises
    ------
    SettingsError
        If there is no such method or ``weight`` is outside 0 to 1.
    """

    def __init__(self, texts: FilmTexts, method: Method = "both", *, weight: float = 0.5) -> None:
        if method not in METHODS:
            raise SettingsError(f"There is no method {method!r}. Choose among {', '.join(METHODS)}.")
        checked_share(weight, "weight of the overview")
        super().__init__(texts.movies)
        self.texts, self.method = texts, method
        share = {"overview": 1.0, "soup": 0.0}.get(method, weight)
        self._shares = np.array([share, 1 - share], np.float32)

    def nearest(self, movie_idx: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest films; see :meth:`SimilarityModel.nearest`."""
        return self.texts.index.nearest(movie_idx, k, self._weights(movie_idx))

    def similarities(self, movie_idx: int) -> np.ndarray:
        """Return the similarity to every film; see :meth:`SimilarityModel.similarities`."""
        return self.texts.index.products(movie_idx, self._weights(movie_idx))

    def all_similar(self, k: int = 30, *, threads: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Return the ``k`` nearest of every film: rows int32 and similarities float32, ``(n, min(k, n))``.

        Nearest first, equal ones by lower row, padded with -1 and 0. Never holds ``n x n``.
        """
        index = self.texts.index
        owners = np.repeat(np.arange(index.n_rows), np.diff(index.bounds).astype(np.int64))
        shares = self._shares_of_all()[owners, (index.columns >= self.texts.n_words).astype(np.int8)]
        return index.nearest_to_all(k, shares, threads=threads)

    def reasons(self, movie_idx: int, others: np.ndarray) -> list[tuple[Reason, ...]]:
        """Return shared words and ingredients; see :meth:`SimilarityModel.reasons`."""
        return [self._shared(movie_idx, int(other)) for other in others]

    def _shared(self, movie_idx: int, other_idx: int) -> tuple[Reason, ...]:
        columns, own = self.texts.index.row(movie_idx)
        others_columns, others = self.texts.index.row(other_idx)
        shared, mine, theirs = np.intersect1d(columns, others_columns, True, True)
        weights = own[mine] * self._weights(movie_idx)[mine] * others[theirs]
        named = self._names(movie_idx, shared)
        found = [Reason(*name, float(part)) for name, part in zip(named, weights, strict=True) if part > 0]
        return tuple(sorted(found, key=lambda reason: (-reason.weight, reason.name)))

    def used_for(self, movie_idx: int) -> str:
        """Return the method, or the part that is there where the other is empty, or "nothing"."""
        by_words, by_soup = self.texts.present[movie_idx]
        if by_words and by_soup:
            return self.method
        return "overview" if by_words else "soup" if by_soup else NOTHING

    def _names(self, movie_idx: int, columns: np.ndarray) -> list[tuple[str, str]]:
        """Return kind and name of terms of a film, people's names as they are written."""
        n_words, texts = self.texts.n_words, self.texts
        # in reverse, so that of two roles the first one of the soup gives the name
        soup = {one.term: (one.kind, one.name) for one in reversed(soup_of(self.movies, movie_idx))}
        return [
            ("word", str(texts.overview.names[at])) if at < n_words else soup[texts.soup.names[at - n_words]]
            for at in columns
        ]

    def _weights(self, movie_idx: int) -> np.ndarray:
        columns, _ = self.texts.index.row(movie_idx)
        by_words, by_soup = self._shares_of(movie_idx)
        return np.where(columns < self.texts.n_words, by_words, by_soup)

    def _shares_of(self, movie_idx: int) -> np.ndarray:
        """Return the weights of overview and soup for one film, float32 ``(2,)``."""
        return _shared_out(self._shares, self.texts.present[movie_idx])

    def _shares_of_all(self) -> np.ndarray:
        return _shared_out(self._shares, self.texts.present)


def _shared_out(shares: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Return the shares where both parts are present; else the part that is there has all."""
    return np.where(present.all(axis=-1, keepdims=True), shares, present).astype(np.float32)
